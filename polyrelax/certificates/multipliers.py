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

from polyrelax.arithmetic.arguments import require
from polyrelax.networks.layers import Identity
from polyrelax.relaxations.relaxed_set import RelaxedSet
from polyrelax.relaxations.substitution import SubstitutedSet
from polyrelax.relaxations.trace import Trace
from polyrelax.systems.places import Coordinate
from polyrelax.systems.substitution import Multipliers, no_multipliers

if TYPE_CHECKING:  # numpy takes longer to import than most small networks to certify
    from polyrelax.arithmetic.integer_matrix import Forms
    from polyrelax.relaxations.integer_substitution import Substitution, Wishes

Found: TypeAlias = tuple[Fraction, Multipliers]
"""A bound, and the coefficients that gave it."""


def multipliers_of(trace: Trace) -> Callable[[Coordinate, int], Multipliers]:
    """Return what gives the coefficients of each bound of a trace that was found in integers.

    >>> from polyrelax.networks.gallery import tent
    >>> from polyrelax.polytopes.polytope import Polytope
    >>> from polyrelax.relaxations.names import relaxation
    >>> from polyrelax.relaxations.trace import propagate
    >>> trace = propagate(tent(), Polytope.box([-1], [1]), relaxation("crown", 8))
    >>> multipliers_of(trace)((3, 0), 1)
    {2: {0: Fraction(0, 1), 1: Fraction(0, 1)}}
    """
    require(trace, Trace)
    if substituted(trace.sets[-1]) is None or trace.bits is None:
        return no_multipliers
    return _Recorded(trace).of


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
@dataclass(frozen=True)
class _Recorded:
    """The coefficients of all bounds after some layers; mutable inside, it remembers them."""

    trace: Trace
    depths: dict[int, Mapping[tuple[int, int], Found]] = field(default_factory=dict)

    def of(self, place: Coordinate, sign: int) -> Multipliers:
        """Return the coefficients of the better of the bounds that were found."""
        depth, j = place
        if depth not in self.depths:
            self.depths[depth] = self._found(depth)
        found = self.depths[depth].get((j, sign))
        return {} if found is None else found[1]

    def _found(self, depth: int) -> Mapping[tuple[int, int], Found]:
        relaxed = self.trace.sets[depth]
        lines = substituted(relaxed)
        substitution = None if lines is None else lines.integers()
        if substitution is None or not (lines and lines.steps):
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

    They are those of the pass that a trace made, or would have made.
    """
    ends, before = substitution.traced(forms, wishes)
    layers = enumerate(trace.network.layers, start=1)
    places = [i for i, layer in layers if not isinstance(layer, Identity)]
    unit = Fraction(1, 1 << (trace.bits or 0))
    return [
        (end * unit, {places[k]: _coefficients(found, r) for k, found in before.items()})
        for r, end in enumerate(ends)
    ]


def _coefficients(forms: Forms, row: int) -> Mapping[int, Fraction]:
    """Return one form as exact numbers."""
    unit = Fraction(2) ** -forms.exponent
    numbers = forms.numbers[row].tolist()
    return {k: n * unit for k, n in zip(forms.columns.tolist(), numbers, strict=True)}
