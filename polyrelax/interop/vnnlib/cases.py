"""From inequalities to cases: bounds of single inputs make a box, all else stays sparse.

What all cases say about inputs is kept once; a case that says nothing more shares that set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from polyrelax.arithmetic.rational import ONE, ZERO, Vector, dense_vector
from polyrelax.errors import TooLargeError, UnboundedError
from polyrelax.interop.vnnlib.formulas import Atom, Conjunction
from polyrelax.networks.properties import Case, Row
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope

MOST_NUMBERS: Final = 20_000_000
"""Boxes of several cases, or dense constraints, with more numbers in all are refused."""


@dataclass(frozen=True)
class _Inputs:
    """A set of inputs that grows: the ends of each, and constraints on several."""

    lower: list[Fraction | None]
    upper: list[Fraction | None]
    several: list[Row] = field(default_factory=list)
    falsehoods: list[Row] = field(default_factory=list)

    def copy(self) -> _Inputs:
        """Return a set that grows on its own from here."""
        ends = self.lower.copy(), self.upper.copy()
        return _Inputs(*ends, self.several.copy(), self.falsehoods.copy())

    def add(self, row: Row) -> None:
        """Keep the closed half-space of a row without outputs."""
        if len(row.inputs) > 1:
            self.several.append(row)
        elif row.inputs:
            ((j, coefficient),) = row.inputs
            self._tighten(j, row.offset / coefficient, is_upper=coefficient > 0)
        elif not row.holds((), ()):
            self.falsehoods.append(row)

    def _tighten(self, j: int, end: Fraction, *, is_upper: bool) -> None:
        ends = self.upper if is_upper else self.lower
        known = ends[j]
        if known is None or (end < known if is_upper else end > known):
            ends[j] = end


def cases(
    common: Conjunction,
    alternatives: Sequence[Conjunction],
    in_dim: int,
    *,
    named: Callable[[int], str],
) -> tuple[Case, ...]:
    """Return the cases of what always holds and one alternative each.

    ``named`` gives the name of an input in the file, for errors.

    >>> from polyrelax.interop.vnnlib.terms import Coordinate
    >>> x = Coordinate(is_output=False, place=0)
    >>> ends = (Atom({x: ONE, None: -ONE}, is_strict=False), Atom({x: -ONE}, is_strict=True))
    >>> cases(ends, [()], 1, named=str)[0].inputs
    Polytope.box(['0'], ['1'])
    """
    always, alone = list(map(_row, common)), [list(map(_row, each)) for each in alternatives]
    apart = [any(not row.outputs for row in own) for own in alone]
    kept = tuple(_kept(always))
    _require_size(sum(apart) + 1, in_dim, max(map(_several, (always, *alone))))
    _require_size(len(alone), len(kept), 0)
    inputs = _gathered(_Inputs([None] * in_dim, [None] * in_dim), always)
    shared = None if all(apart) else _polytope(inputs, named)
    found = []
    for own, is_apart in zip(alone, apart, strict=True):
        own_set = _polytope(_gathered(inputs.copy(), own), named) if is_apart else shared
        if own_set is not None:
            found.append(Case(own_set, (*kept, *_kept(own))))
    return tuple(found)


def _several(rows: Iterable[Row]) -> int:
    """Return how many constraints are on several inputs and no output."""
    return sum(len(row.inputs) > 1 and not row.outputs for row in rows)


def _require_size(sets: int, dim: int, several: int) -> None:
    """Refuse sets that would take very many numbers, before they are made."""
    if sets * dim * (2 * (dim + several) if several else 1) > MOST_NUMBERS:
        raise TooLargeError(
            f"found {sets} cases of {dim} dimensions and {several} constraints on several "
            f"inputs, expected at most {MOST_NUMBERS} numbers in all"
        )


def _row(atom: Atom) -> Row:
    """Return an atom, its constant on the right."""
    inputs: list[tuple[int, Fraction]] = []
    outputs: list[tuple[int, Fraction]] = []
    for name, value in atom.form.items():
        if name is not None:
            (outputs if name.is_output else inputs).append((name.place, value))
    offset = -atom.form.get(None, ZERO)
    return Row(tuple(sorted(inputs)), tuple(sorted(outputs)), offset, atom.is_strict)


def _kept(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the rows that the closed set of inputs does not say."""
    for row in rows:
        if row.outputs or (row.is_strict and row.inputs):
            yield row


def _gathered(inputs: _Inputs, rows: Iterable[Row]) -> _Inputs:
    for row in rows:
        if not row.outputs:
            inputs.add(row)
    return inputs


def _polytope(inputs: _Inputs, named: Callable[[int], str]) -> Polytope:
    dim = len(inputs.lower)
    if inputs.falsehoods:
        return Polytope.empty(dim)
    if inputs.several:
        return Polytope.intersection(_constraints(inputs), dim)
    for which, ends in (("lower", inputs.lower), ("upper", inputs.upper)):
        if None in ends:
            raise UnboundedError(f"found {named(ends.index(None))} without {which} bound")
    return Polytope.box(_known(inputs.lower), _known(inputs.upper))


def _known(ends: Iterable[Fraction | None]) -> Vector:
    return tuple(end for end in ends if end is not None)


def _constraints(inputs: _Inputs) -> Iterator[Constraint]:
    """Yield all constraints as dense ones."""
    dim = len(inputs.lower)
    for sign, ends in ((-ONE, inputs.lower), (ONE, inputs.upper)):
        for j, end in enumerate(ends):
            if end is not None:
                yield Constraint(dense_vector(((j, sign),), dim), sign * end)
    for row in inputs.several:
        yield Constraint(dense_vector(row.inputs, dim), row.offset)
