r"""The maximum of five numbers with two hidden layers, found by linear algebra.

For integral weights the maximum of five numbers needs three hidden layers
(:mod:`polyrelax.expressivity.newton`).  For real ones two suffice: a theorem of
:cite:t:`bakaev2025`.  Here such a network is found and proved anew.  Two hidden layers compute

.. math:: \max(Z_1, Z_2), \qquad Z = m_{ab} + m_{cd}, \qquad m_{ab} = \max(x_a, x_b)
          \quad (m_{aa} = x_a),

and linear combinations of these.  The *dictionary* has one sum for each orbit of such functions
under permutations of the five numbers.  All breaks lie on the 55 hyperplanes
:math:`x_a + x_b = x_c + x_d`, so whether the maximum is in the span is decided on the rays of
these (:mod:`polyrelax.expressivity.spans`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations, combinations_with_replacement, permutations
from typing import Final

from polyrelax.arithmetic.arguments import dimension, exact, exactly, listed, numbered, whole
from polyrelax.arithmetic.rational import ONE, ZERO, SparseVector
from polyrelax.expressivity.spans import (
    Arrangement,
    Combination,
    Dictionary,
    Forms,
    IntegerVector,
    Orbit,
    added,
)
from polyrelax.networks.layers import Affine, ReLU
from polyrelax.networks.network import Network

COUNT: Final = 5

Pair = tuple[int, int]
Summand = tuple[Pair, Pair]
"""The function ``m_ab + m_cd``."""
Atom = tuple[Summand, Summand]
"""The greater of two such functions."""


def unit(j: int, dim: int = COUNT) -> IntegerVector:
    """Return the form ``x_j``.

    >>> unit(1, 3)
    (0, 1, 0)
    """
    dim = dimension(dim, "a dimension")
    j = whole(j, "a coordinate")
    return tuple(int(i == j) for i in range(dim))


def maximum_of(count: int, dim: int = COUNT) -> Orbit:
    """Return the sum, over all choices of ``count`` of the variables, of the greatest.

    >>> maximum_of(5).members[0] == frozenset(map(unit, range(5)))
    True
    """
    count = dimension(count, "a count")
    dim = dimension(dim, "a dimension")
    return Orbit.of(frozenset(unit(j, dim) for j in range(count)))


def atoms() -> Iterator[Atom]:
    """Yield one function ``max(Z_1, Z_2)`` for each orbit.

    >>> sum(1 for _ in atoms())
    131
    """
    pairs = tuple(combinations_with_replacement(range(COUNT), 2))
    summands = tuple(combinations_with_replacement(pairs, 2))
    seen: set[Atom] = set()
    for atom in combinations_with_replacement(summands, 2):
        if atom not in seen:
            seen.update(_renamed(atom, names) for names in permutations(range(COUNT)))
            yield atom


def dictionary() -> Dictionary:
    """Return the functions of two hidden layers, one for each orbit."""
    orbits = tuple(Orbit.of(_forms(atom)) for atom in atoms())
    return Dictionary(orbits, Arrangement.of(orbits))


def find() -> tuple[tuple[Atom, Fraction], ...]:
    """Return functions whose orbits, with coefficients, add up to the maximum of five numbers.

    The coefficients are found by a linear program and proved by the values on all rays.
    """
    known, target = dictionary(), maximum_of(COUNT)
    found = known.find(target)
    assert isinstance(found, Combination)  # [bakaev2025]
    assert known.proves(found, target)
    every = tuple(atoms())
    return tuple((every[i], c) for i, c in found.coefficients)


def proves(terms: Sequence[tuple[Atom, Fraction]]) -> bool:
    """Whether the orbits with their coefficients add up to the maximum of five numbers.

    >>> proves([((((0, 0), (0, 0)), ((1, 1), (1, 1))), Fraction(1))])
    False
    """
    terms = _terms(terms)
    orbits = tuple(Orbit.of(_forms(atom)) for atom, _ in terms)
    small = Dictionary(orbits, Arrangement.of([*orbits, maximum_of(COUNT)]))
    coefficients = tuple(enumerate(c for _, c in terms))
    return small.proves(Combination(coefficients), maximum_of(COUNT))


def images(atom: Atom) -> tuple[Atom, ...]:
    """Return an atom for each function of its orbit.

    >>> len(images((((0, 1), (0, 1)), ((2, 3), (2, 3)))))
    15
    """
    known = _atom(atom)
    renamed = (_renamed(known, names) for names in permutations(range(COUNT)))
    return tuple({_forms(image): image for image in renamed}.values())


def as_network(terms: Sequence[tuple[Atom, Fraction]]) -> Network:
    """Return the network with two hidden layers of a sum of orbits.

    Behind the first ReLU layer are ``max(x_a - x_b, 0)`` for ``a < b`` and the inputs, behind
    the second ``max(Z_1 - Z_2, 0)`` for each function, and one linear combination of the Z_2.

    >>> as_network([((((0, 0), (0, 0)), ((1, 1), (1, 1))), ONE)]).widths
    (5, 15, 15, 11, 11, 1)
    """
    weighted = [(image, c) for atom, c in _terms(terms) for image in images(atom)]
    rows = [_sum([(ONE, first), (-ONE, second)]) for (first, second), _ in weighted]
    carried = _sum([(c, second) for (_, second), c in weighted])
    inputs = COUNT + len(_PAIRS)
    output = (*((i, c) for i, (_, c) in enumerate(weighted)), (len(rows), ONE))
    return Network(
        (
            _differences(),
            ReLU(inputs, tuple(range(COUNT, inputs))),
            Affine((*rows, carried), (ZERO,) * (len(rows) + 1), inputs),
            ReLU(len(rows) + 1, tuple(range(len(rows)))),
            Affine((output,), (ZERO,), len(rows) + 1),
        )
    )


def _terms(terms: Sequence[tuple[Atom, Fraction]]) -> list[tuple[Atom, Fraction]]:
    """Return atoms and coefficients; raise an error for anything else."""
    known = []
    for term in listed(terms, "atoms and coefficients"):
        atom, factor = exactly(term, 2, "an atom and a coefficient")
        known.append((_atom(atom), exact(factor)))
    return known


def _atom(atom: Atom) -> Atom:
    """Return an atom, two pairs of pairs of variables; raise an error for anything else."""
    first, second = (_summand(summand) for summand in exactly(atom, 2, "two summands"))
    return first, second


def _summand(summand: Summand) -> Summand:
    first, second = (_pair(pair) for pair in exactly(summand, 2, "two pairs"))
    return first, second


def _pair(pair: Pair) -> Pair:
    a, b = (numbered(j, COUNT, "variable") for j in exactly(pair, 2, "two variables"))
    return a, b


_PAIRS: Final = tuple(combinations(range(COUNT), 2))


def _differences() -> Affine:
    """Return the map to the inputs and their differences."""
    single: list[SparseVector] = [((j, ONE),) for j in range(COUNT)]
    pairs: list[SparseVector] = [((a, ONE), (b, -ONE)) for a, b in _PAIRS]
    rows = (*single, *pairs)
    return Affine(rows, (ZERO,) * len(rows), COUNT)


def _sum(terms: Iterable[tuple[Fraction, Summand]]) -> SparseVector:
    """Return a combination of functions Z as a form of what the first hidden layer gives."""
    total: dict[int, Fraction] = {}
    for c, summand in terms:
        for a, b in summand:
            places = (b, COUNT + _PAIRS.index((a, b))) if a != b else (a,)
            for place in places:
                total[place] = total.get(place, ZERO) + c
    return tuple((j, c) for j, c in sorted(total.items()) if c)


def _forms(atom: Atom) -> Forms:
    """Return the linear forms of which an atom is the greatest."""
    return frozenset(form for summand in atom for form in added(*map(_greater, summand)))


def _greater(pair: Pair) -> Forms:
    return frozenset(map(unit, pair))


def _renamed(atom: Atom, names: IntegerVector) -> Atom:
    """Return the atom with its variables renamed, written in the one order."""
    first, second = sorted(_renamed_summand(summand, names) for summand in atom)
    return first, second


def _renamed_summand(summand: Summand, names: IntegerVector) -> Summand:
    (a, b), (c, d) = summand
    first, second = sorted(
        (min(names[i], names[j]), max(names[i], names[j])) for i, j in ((a, b), (c, d))
    )
    return first, second
