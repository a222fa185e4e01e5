"""Rows of bounds that multipliers prove, with the multipliers by which they were found.

The bounds of the neurons are those of a trace, layer by layer: by the slopes of its lines, or
where these are better by multipliers of their own.  Of a neuron that has one phase only the end
is kept that shows it.  The checker derives all of them anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Final, final

from polyrelax.arithmetic.integer_matrix import Forms
from polyrelax.networks.layers import Affine, Identity, Layer
from polyrelax.relaxations.array_triangle import unstable_values
from polyrelax.relaxations.barrier import BITS, ProvedForms, lines_of
from polyrelax.relaxations.integer_substitution import GUARD, Substitution, unit_forms
from polyrelax.relaxations.lines import Lines
from polyrelax.relaxations.wishes import NO_WISHES, Wishes
from polyrelax.systems.duals import Batch, Dual, Ends, Multipliers
from polyrelax.systems.rows import Row, linear

_BITS: Final = BITS + GUARD


@final
@dataclass(frozen=True, eq=False)
class DualProver:
    """What finds the multipliers of forms on the lines of a trace."""

    proved: ProvedForms

    @cached_property
    def _places(self) -> tuple[int, ...]:
        """The number of layers up to each step."""
        layers = enumerate(self.proved.trace.network.layers, start=1)
        return tuple(i for i, layer in layers if not isinstance(layer, Identity))

    def _layer(self, depth: int) -> Layer:
        return self.proved.trace.network.layers[depth - 1]

    @cached_property
    def _lines(self) -> Mapping[int, Lines]:
        """The steps of lines."""
        steps = enumerate(lines_of(self.proved.trace.sets[-1]).steps)
        return {k: step for k, step in steps if isinstance(step, Lines)}

    @cached_property
    def _unstable(self) -> Mapping[int, tuple[int, ...]]:
        """The rectifiers of each step that may have both signs."""
        return {
            k: tuple(unstable_values(step.box, self._layer(self._places[k])).tolist())
            for k, step in self._lines.items()
        }

    def rows(self) -> Iterator[Row]:
        """Yield the bounds of all forms, each by lines alone if multipliers are no better."""
        proved, depth = self.proved, len(self.proved.trace.network.layers)
        forms, unit = proved.forms, Fraction(2) ** -proved.forms.exponent
        substitution = _substitution(proved, depth)
        by_lines = substitution.maxima(forms)
        by_wishes, before = substitution.traced(forms, proved.wishes)
        for r, numbers in enumerate(forms.numbers.tolist()):
            wishes = proved.wishes if by_wishes[r] < by_lines[r] else NO_WISHES
            pairs = zip(forms.columns.tolist(), numbers, strict=True)
            form = linear(((depth, j), n * unit) for j, n in pairs)
            reason = Dual(self._ends, _BITS, self._multipliers(before, wishes, slice(r, r + 1)))
            yield Row(form, proved.values[r], reason)

    @cached_property
    def _ends(self) -> Ends:
        """The bounds of all values that rectifiers read."""
        found: Ends | None = None
        for k in self._lines:
            after = self._places[k - 1] if k else 0
            is_bounded = found is not None and isinstance(self._layer(after), Affine)
            batches = tuple(self._batches(after)) if is_bounded else ()
            found = Ends(found, after, _BITS, {self._places[k]: self._slopes(k)}, batches)
        return Ends(None, 0, _BITS, {}) if found is None else found

    def _slopes(self, k: int) -> Mapping[int, tuple[int, int]]:
        """Return the slopes of the lines at a step."""
        lines, unit = self._lines[k], 1 << _BITS
        below, above = (side.diagonal or () for side in (lines.lower, lines.upper))
        return {j: (int(below[j] * unit), int(above[j] * unit)) for j in self._unstable[k]}

    def _batches(self, depth: int) -> Iterator[Batch]:
        """Yield the values after an affine layer as a trace bounds them."""
        substitution, relaxed = _substitution(self.proved, depth), self.proved.trace.sets[depth]
        known = list(zip(lines_of(relaxed).bounds, relaxed.bounds, strict=True))
        for rows in substitution.batches():
            needed = [(j, *known[j]) for j in rows.tolist()]
            upper = tuple(j for j, a, z in needed if z.lower < 0 and a.upper == z.upper)
            lower = tuple(j for j, a, z in needed if z.upper > 0 and a.lower == z.lower)
            if upper or lower:
                yield Batch(upper, lower, {})
        for rows, wishes in getattr(relaxed, "proofs", ()):
            _, before = substitution.traced(unit_forms(rows), wishes)
            multipliers = self._multipliers(before, wishes, slice(None))
            yield Batch(*(tuple(rows.tolist()),) * 2, multipliers)

    def _multipliers(
        self, before: Mapping[int, Forms], wishes: Wishes, rows: slice
    ) -> Multipliers:
        """Return the multipliers of some forms at the steps where there were wishes."""
        found: dict[int, Mapping[int, tuple[int, ...]]] = {}
        for k in sorted(wishes):
            forms, shift = before[k], _BITS - before[k].exponent
            numbers = dict(
                zip(forms.columns.tolist(), forms.numbers[rows].T.tolist(), strict=True)
            )
            found[self._places[k]] = {
                j: tuple(n << shift for n in numbers[j])
                for j in self._unstable[k]
                if j in numbers
            }
        return found


def _substitution(proved: ProvedForms, depth: int) -> Substitution:
    substitution = lines_of(proved.trace.sets[depth]).integers()
    assert substitution is not None, "it gave the bounds"
    return substitution
