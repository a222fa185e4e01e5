"""The coefficients by which back-substitution bounded the values of a trace.

They are found again by the same pass in integers on the same batches of values, with what
linear programs wished for where the triangle's bounds are theirs: so they are those of the
bounds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias, final

from polyrelax.arithmetic.arguments import numbered, require, whole
from polyrelax.networks.layers import Identity
from polyrelax.relaxations.relaxed_set import RelaxedSet
from polyrelax.relaxations.substitution import SubstitutedSet
from polyrelax.relaxations.trace import Trace
from polyrelax.systems.places import Coordinate, as_place
from polyrelax.systems.substitution import Multipliers

if TYPE_CHECKING:  # numpy takes longer to import than most small networks to certify
    from polyrelax.arithmetic.integer_matrix import Forms
    from polyrelax.relaxations.group_facets import Facet
    from polyrelax.relaxations.integer_substitution import Substitution
    from polyrelax.relaxations.wishes import Wanted, Wishes

Weights: TypeAlias = Mapping[int, tuple[tuple["Facet", Fraction], ...]]
"""Facets with weights, by the number of layers up to their neurons."""
Found: TypeAlias = tuple[Fraction, Multipliers, Weights]
"""A bound, the coefficients that gave it, and the facets of groups that it used."""


def multipliers_of(trace: Trace) -> Callable[[Coordinate, int], Multipliers]:
    """Return what gives the coefficients of each bound of a trace that was found in integers.

    >>> from polyrelax.networks.gallery import tent
    >>> from polyrelax.polytopes.polytope import Polytope
    >>> from polyrelax.relaxations.names import relaxation
    >>> from polyrelax.relaxations.trace import propagate
    >>> trace = propagate(tent(), Polytope.box([-1], [1]), relaxation("crown", 8))
    >>> multipliers_of(trace)((5, 0), 1)
    {4: {0: Fraction(1, 2), 1: Fraction(1, 2)}}
    """
    return recorded(trace).multipliers


def recorded(trace: Trace) -> Recorded:
    """Return the bounds of a trace with what gave them, found when they are asked for.

    >>> from polyrelax.networks.gallery import tent
    >>> from polyrelax.polytopes.polytope import Polytope
    >>> from polyrelax.relaxations.names import relaxation
    >>> from polyrelax.relaxations.trace import propagate
    >>> trace = propagate(tent(), Polytope.box([-1], [1]), relaxation("crown", 8))
    >>> recorded(trace).weights((3, 0), 1)
    {}
    """
    require(trace, Trace)
    return Recorded(trace)


def substituted(relaxed: RelaxedSet) -> SubstitutedSet | None:
    """Return the lines of a set, if it is bounded by lines.

    >>> from polyrelax.polytopes.polytope import Polytope
    >>> substituted(Polytope.box([0], [1])) is None
    True
    """
    if isinstance(relaxed, SubstitutedSet):
        return relaxed
    lines = getattr(relaxed, "lines", None)  # of a set of triangles, a module with numpy
    return lines if isinstance(lines, SubstitutedSet) else None


@final
@dataclass(frozen=True, eq=False)
class Recorded:
    """The coefficients of all bounds after some layers; mutable inside, it remembers them."""

    trace: Trace
    depths: dict[int, Mapping[tuple[int, int], Found]] = field(default_factory=dict)

    def multipliers(self, place: Coordinate, sign: int) -> Multipliers:
        """Return the coefficients of the better of the bounds that were found."""
        found = self._of(place, sign)
        return {} if found is None else found[1]

    def weights(self, place: Coordinate, sign: int) -> Weights:
        """Return the facets of groups that it used."""
        found = self._of(place, sign)
        return {} if found is None else found[2]

    def _of(self, place: Coordinate, sign: int) -> Found | None:
        depth, j = as_place(place)
        depth = numbered(depth, len(self.trace.sets), "depth")
        sign = whole(sign, "a sign")
        if depth not in self.depths:
            self.depths[depth] = self._found(depth)
        return self.depths[depth].get((j, sign))

    def _found(self, depth: int) -> Mapping[tuple[int, int], Found]:
        relaxed = self.trace.sets[depth]
        lines = substituted(relaxed)
        substitution = None if lines is None else lines.integers()
        if self.trace.bits is None or substitution is None or not (lines and lines.steps):
            return {}
        none: Wishes = {}
        passes = [(rows, none) for rows in substitution.batches()]
        passes += getattr(relaxed, "proofs", ())
        best: dict[tuple[int, int], Found] = {}
        for rows, wishes in passes:
            for key, found in self._pass(substitution, rows.tolist(), wishes):
                if key not in best or found[0] < best[key][0]:
                    best[key] = found
        return best

    def _pass(
        self, substitution: Substitution, rows: list[int], wishes: Wishes
    ) -> list[tuple[tuple[int, int], Found]]:
        """Return the bounds that one pass finds of some values, and of their opposites."""
        import numpy as np  # noqa: PLC0415

        from polyrelax.relaxations.integer_substitution import unit_forms  # noqa: PLC0415

        forms = unit_forms(np.array(rows))
        keys = [(j, sign) for sign in (1, -1) for j in rows]
        return list(zip(keys, found_of(self.trace, substitution, forms, wishes), strict=True))


def found_of(
    trace: Trace, substitution: Substitution, forms: Forms, wishes: Wishes
) -> list[Found]:
    """Return upper bounds of forms of the values behind a substitution in integers.

    They are those of the pass that a trace made, or would have made.  Where lines alone gave
    the coefficients of what the first layer of neurons reads, these are left out: the lines
    give better ones, which are not rounded.
    """
    ends, before = substitution.traced(forms, wishes)
    layers = enumerate(trace.network.layers, start=1)
    places = [i for i, layer in layers if not isinstance(layer, Identity)]
    unit = Fraction(1, 1 << (trace.bits or 0))
    named = [k for k in before if k in wishes or k != min(before)]
    used = {places[k]: _weights(wanted) for k, wanted in wishes.items()}
    return [
        (
            end * unit,
            {places[k]: _coefficients(before[k], r) for k in named},
            {depth: rows[r] for depth, rows in used.items() if rows and rows[r]},
        )
        for r, end in enumerate(ends)
    ]


def _weights(wanted: Wanted) -> list[tuple[tuple[Facet, Fraction], ...]]:
    """Return the facets that each form uses, with weights, as the pass in integers does."""
    from polyrelax.relaxations.wishes import whole_weights  # noqa: PLC0415

    if wanted.facets is None or wanted.weights is None:
        return []
    weights = whole_weights(wanted.weights)
    unit, every = Fraction(1, 1 << weights.exponent), wanted.facets.each()
    return [
        tuple((facet, n * unit) for facet, n in zip(every, row, strict=True) if n)
        for row in weights.numbers.tolist()
    ]


def _coefficients(forms: Forms, row: int) -> Mapping[int, Fraction]:
    """Return one form as exact numbers."""
    unit = Fraction(2) ** -forms.exponent
    numbers = forms.numbers[row].tolist()
    return {k: n * unit for k, n in zip(forms.columns.tolist(), numbers, strict=True)}
