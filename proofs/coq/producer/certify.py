"""Find certificates for the checkers of this folder, as streams of machine integers.

Nothing here is trusted: Coq accepts a certificate or does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import lcm

from polyrelax.arithmetic.rational import ZERO, Vector
from polyrelax.lp import Infeasible, LinearProgram, Optimum, maximize
from polyrelax.lp import Row as ProgramRow
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from producer.stream import rational_stream, refutation_stream
from producer.symbolic import (
    ONE,
    Form,
    Neuron,
    Row,
    add_multiple,
    claim_row,
    constantly,
    excess,
    inputs,
    layer_forms,
    negation,
    negative,
    neuron_rows,
    not_positive,
    opposite,
    phase_rows,
    variable,
)


def optimize(rows: Sequence[Row], objective: Form, size: int) -> Optimum:
    """Return the maximum of a form, all rows taken as non-strict."""
    program = _program(rows, size)
    scale = Fraction(1, objective.denominator)
    found = maximize(program, tuple((j - 1, c * scale) for j, c in objective.terms.items()))
    if not isinstance(found, Optimum):
        raise ValueError(f"found {found}, expected an optimum")
    return found


def _program(rows: Sequence[Row], size: int) -> LinearProgram:
    constraints = tuple(
        ProgramRow(
            tuple((j - 1, Fraction(c)) for j, c in row.terms.items()), Fraction(row.bound)
        )
        for row in rows
    )
    return LinearProgram((None,) * size, (None,) * size, constraints)


def refutation(rows: Sequence[Row], size: int) -> list[tuple[int, int]] | Vector:
    """Return multipliers (rows skipped, multiplier) of a refutation, or a point of the rows."""
    program = _program(rows, size + 1)
    slack = tuple(
        ProgramRow((*r.coefficients, (size, ONE)), r.offset) if row.strict else r
        for r, row in zip(program.rows, rows, strict=True)
    )
    limited = LinearProgram(program.lower, (*(None,) * size, ONE), slack)
    found = maximize(limited, ((size, ONE),))
    if isinstance(found, Optimum) and found.value > 0:
        return found.point[:size]
    assert isinstance(found, Optimum | Infeasible)
    scale = lcm(*(y.denominator for _, y in found.multipliers))
    used = sorted((i, int(y * scale)) for i, y in found.multipliers if y)
    places = pairwise([-1, *(i for i, _ in used)])
    return [(i - before - 1, k) for (before, i), (_, k) in zip(places, used, strict=True)]


def tree(
    neurons: Sequence[Neuron], rows: list[Row], size: int, done: frozenset[int]
) -> list[int]:
    """Return the stream of a tree that closes the rows, splitting where a ReLU is violated."""
    found = refutation(rows, size)
    if isinstance(found, list):
        return [0, *refutation_stream(found)]
    gaps = {
        k: found[n.behind - 1] - max(n.before.at(found), ZERO)
        for k, n in enumerate(neurons)
        if k not in done
    }
    if not gaps or not max(gaps.values()):
        raise ValueError(f"the claim is false at input and neurons {found}")
    k = max(gaps, key=lambda k: (gaps[k], -k))
    low, high = phase_rows(neurons[k])
    children = (tree(neurons, new + rows, size, done | {k}) for new in (low, high))
    return [1, k, *(i for child in children for i in child)]


def claim_tree(
    network: Network,
    domain: Polytope,
    direction: Sequence[Fraction],
    limit: Fraction,
    *,
    strict: bool = False,
) -> list[int]:
    """Return the stream of a tree that proves ``<direction, network(x)> <= limit`` or ``<``."""
    fs, constraints = inputs(domain)
    neurons: list[Neuron] = []
    for layer in network.layers:
        fs, new = layer_forms(layer, fs, domain.dim + len(neurons) + 1)
        neurons += new
    claimed = claim_row(direction, limit, fs)
    goal = negation(negative(claimed) if strict else not_positive(claimed))
    rows = [goal, *(row for n in neurons for row in neuron_rows(n)), *constraints]
    return tree(neurons, rows, domain.dim + len(neurons), frozenset())


def range_stream(
    network: Network,
    domain: Polytope,
    lower: Fraction,
    upper: Fraction,
    *,
    strict: bool = False,
) -> list[int]:
    """Return the stream of the two trees that prove a range of a single output."""
    below = claim_tree(network, domain, [-ONE], -lower, strict=strict)
    return below + claim_tree(network, domain, [ONE], upper, strict=strict)


@dataclass(frozen=True)
class Bounds:
    """Bounds of a neuron and points of the relaxed prefix that attain them."""

    lower: Fraction
    upper: Fraction
    at_lower: Vector
    at_upper: Vector
    stream: tuple[int, ...]


def triangle_rows(n: Neuron, low: Fraction, high: Fraction) -> list[Row]:
    if low >= 0:
        first = excess(n)
    elif high <= 0:
        first = variable(n.behind)
    else:
        line = add_multiple(-high, n.before, constantly(high * low))
        first = add_multiple(high - low, variable(n.behind), line)
    return [not_positive(first), *neuron_rows(n)]


def bounds(rows: list[Row], n: Neuron, size: int) -> Bounds:
    """Return the extremes of a neuron's input over the rows, with their refutations."""
    least = optimize(rows, opposite(n.before), size).point
    most = optimize(rows, n.before, size).point
    low, high = n.before.at(least), n.before.at(most)
    below = negative(add_multiple(ONE, n.before, constantly(-low)))
    above = negative(add_multiple(-ONE, n.before, constantly(high)))
    streams = (refutation([row, *rows], size) for row in (below, above))
    proofs = [i for found in streams for i in refutation_stream(_refuted(found))]
    stream = (*rational_stream(low), *rational_stream(high), *proofs)
    return Bounds(low, high, least, most, stream)


def _refuted(found: list[tuple[int, int]] | Vector) -> list[tuple[int, int]]:
    if not isinstance(found, list):
        raise ValueError(f"the claim is false at {found}")
    return found


@dataclass(frozen=True)
class Relaxed:
    """The triangle relaxation: forms of each layer, bounds of its neurons, all rows."""

    forms: tuple[list[Form], ...]
    neurons: tuple[list[tuple[Neuron, Bounds]], ...]
    rows: list[Row]
    size: int


def relaxed(network: Network, domain: Polytope) -> Relaxed:
    fs, rows = inputs(domain)
    size, all_forms, all_neurons = domain.dim, [fs], []
    for layer in network.layers:
        fs, new = layer_forms(layer, fs, size + 1)
        pairs = [(n, bounds(rows, n, size)) for n in new]
        rows = [row for n, b in pairs for row in triangle_rows(n, b.lower, b.upper)] + rows
        size += len(new)
        all_forms.append(fs)
        all_neurons.append(pairs)
    return Relaxed(tuple(all_forms), tuple(all_neurons), rows, size)


def triangle_stream(
    relaxation: Relaxed, direction: Sequence[Fraction], limit: Fraction
) -> list[int]:
    """Return the stream that proves ``<direction, output> <= limit`` for the relaxation."""
    goal = negation(not_positive(claim_row(direction, limit, relaxation.forms[-1])))
    conclusion = _refuted(refutation([goal, *relaxation.rows], relaxation.size))
    layers = [
        i
        for pairs in reversed(relaxation.neurons)
        for i in (len(pairs), *(j for _, b in pairs for j in b.stream))
    ]
    return [len(relaxation.neurons), *layers, *refutation_stream(conclusion)]


def values(relaxation: Relaxed, point: Vector, length: int) -> tuple[Vector, ...]:
    """Return the values of the first layers at a point of input and neurons."""
    return tuple(tuple(f.at(point) for f in fs) for fs in relaxation.forms[: length + 1])


def pools(relaxation: Relaxed, final: Vector) -> list[list[tuple[Vector, ...]]]:
    """Return for each length the traces that a certificate of ``final`` needs."""
    count = len(relaxation.neurons)
    needed = [values(relaxation, final, count)]
    found = [needed]
    for length in range(count - 1, -1, -1):
        ends = [p for _, b in relaxation.neurons[length] for p in (b.at_lower, b.at_upper)]
        needed = [t[:-1] for t in needed] + [values(relaxation, p, length) for p in ends]
        needed = list(dict.fromkeys(needed))
        found.append(needed)
    return found[::-1]


def weights(pool: list[tuple[Vector, ...]], parent: int, j: int, y: Fraction) -> Vector:
    """Return how a neuron's pair combines points of its graph over the values of a pool."""
    inputs_there = [t[-1][j] for t in pool]
    z = inputs_there[parent]
    unit = [ZERO] * len(pool)
    if y == max(z, ZERO):
        unit[parent] = ONE
        return tuple(unit)
    low, high = min(inputs_there), max(inputs_there)
    part = (z - low) / (high - low)
    if y != part * high:
        raise ValueError(f"({z}, {y}) is not on the upper edge of [{low}, {high}]")
    unit[inputs_there.index(low)], unit[inputs_there.index(high)] = 1 - part, part
    return tuple(unit)


def extensions(
    relaxation: Relaxed, final: Vector
) -> Iterator[list[tuple[int, Vector, list[Vector]]]]:
    """Yield for each layer (parent, value, weights of its coordinates) of a certificate."""
    for (before, after), pairs in zip(
        pairwise(pools(relaxation, final)), relaxation.neurons, strict=True
    ):
        entries = []
        for t in after:
            k = before.index(t[:-1])
            chosen = [weights(before, k, j, y) for j, y in enumerate(t[-1])] if pairs else []
            entries.append((k, t[-1], chosen))
        yield entries
