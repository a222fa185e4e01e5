"""The values of a network as affine forms: the rows of `Symbolic.v` and `PhaseTree.v`.

They are scaled alike and in the same order, as certificates name rows by their place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd

from polyrelax.arithmetic.rational import ZERO, Vector
from polyrelax.networks.layers import Affine, Layer, ReLU
from polyrelax.polytopes.polytope import Polytope

ONE = Fraction(1)


@dataclass(frozen=True)
class Form:
    """The affine form ``(terms + constant) / denominator`` in variables that count from 1."""

    terms: dict[int, int]
    constant: int
    denominator: int

    def at(self, values: Vector) -> Fraction:
        total = self.constant + sum(c * values[j - 1] for j, c in self.terms.items())
        return Fraction(total) / self.denominator


@dataclass(frozen=True)
class Row:
    """The constraint ``terms <= bound``, or ``<`` if strict."""

    terms: dict[int, int]
    bound: int
    strict: bool = False


@dataclass(frozen=True)
class Neuron:
    """The form before a ReLU and the variable behind it."""

    before: Form
    behind: int


def variable(index: int) -> Form:
    return Form({index: 1}, 0, 1)


def constantly(value: Fraction) -> Form:
    return Form({}, value.numerator, value.denominator)


def add_multiple(w: Fraction, f: Form, g: Form) -> Form:
    if not w:
        return g
    product = w.denominator * f.denominator
    common = gcd(product, g.denominator)
    d, p = product // common, g.denominator // common
    k = p * w.numerator
    sums = {j: k * f.terms.get(j, 0) + d * g.terms.get(j, 0) for j in {**f.terms, **g.terms}}
    terms = {j: c for j, c in sorted(sums.items()) if c}
    return Form(terms, k * f.constant + d * g.constant, product * p)


def add_dot(weights: Sequence[tuple[int, Fraction]], fs: Sequence[Form], g: Form) -> Form:
    for j, w in sorted(weights, reverse=True):
        g = add_multiple(w, fs[j], g)
    return g


def not_positive(f: Form) -> Row:
    return Row(f.terms, -f.constant)


def negative(f: Form) -> Row:
    return Row(f.terms, -f.constant, strict=True)


def opposite(f: Form) -> Form:
    return add_multiple(-ONE, f, constantly(ZERO))


def excess(n: Neuron) -> Form:
    return add_multiple(-ONE, n.before, variable(n.behind))


def neuron_rows(n: Neuron) -> list[Row]:
    return [not_positive(opposite(variable(n.behind))), not_positive(opposite(excess(n)))]


def phase_rows(n: Neuron) -> tuple[list[Row], list[Row]]:
    low = [not_positive(n.before), not_positive(variable(n.behind))]
    return low, [not_positive(opposite(n.before)), not_positive(excess(n))]


def layer_forms(f: Layer, fs: list[Form], following: int) -> tuple[list[Form], list[Neuron]]:
    """Return the forms behind a layer, and its neurons."""
    if isinstance(f, Affine):
        rows = zip(f.rows, f.bias, strict=True)
        return [add_dot(row, fs, constantly(bias)) for row, bias in rows], []
    if not isinstance(f, ReLU):
        return fs, []
    named = sorted(f.neurons if f.neurons is not None else range(f.width))
    neurons = [Neuron(fs[j], following + k) for k, j in enumerate(named)]
    relaxed = dict(zip(named, neurons, strict=True))
    return [
        variable(relaxed[j].behind) if j in relaxed else g for j, g in enumerate(fs)
    ], neurons


def inputs(domain: Polytope) -> tuple[list[Form], list[Row]]:
    """Return the forms and the rows of the inputs: a box's rows alternate lower and upper."""
    fs = [variable(j + 1) for j in range(domain.dim)]
    rows = []
    for f, (low, high) in zip(fs, domain.bounds, strict=True):
        rows.append(not_positive(add_multiple(-ONE, f, constantly(Fraction(low)))))
        rows.append(not_positive(add_multiple(ONE, f, constantly(-Fraction(high)))))
    return fs, rows


def claim_row(direction: Sequence[Fraction], limit: Fraction, fs: Sequence[Form]) -> Form:
    return add_dot(list(enumerate(direction)), fs, constantly(-limit))


def negation(row: Row) -> Row:
    return Row({j: -c for j, c in row.terms.items()}, -row.bound, not row.strict)
