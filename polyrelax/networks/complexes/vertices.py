r"""The vertices of a complex: floats with error bounds, and exact points where they are needed.

A vertex solves :math:`n` independent equations, its *sides*: :math:`A u = c`.  For an
approximate inverse :math:`R` of :math:`A` and :math:`\tilde u = R c`

.. math:: \|\tilde u - u\|_\infty \le \frac{\||R|\,d\|_\infty}{1 - \beta},\qquad
          d \ge |A^* \tilde u - c^*|, \quad \beta \ge \|I - R A^*\|_\infty,

where :math:`A^*, c^*` are the exact numbers near :math:`A, c`.  The sign of a
form at a vertex is certain if its float value exceeds the bound of its error; it is computed in
integers otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from operator import mul
from typing import Final, TypeAlias, final

import numpy as np

from polyrelax.arithmetic.limbs import Doubles, Integers
from polyrelax.arithmetic.linalg import meeting_point
from polyrelax.networks.complexes.bends import nearest
from polyrelax.networks.complexes.forms import TINY, UNIT
from polyrelax.polytopes.engines.engine import IntRow
from polyrelax.polytopes.face_arrays import Grown, Masks, Places

ExactRow: TypeAlias = Callable[[int, int], IntRow]
"""What gives a plane on a home, by their numbers, as a positive integer multiple."""
Undecided: TypeAlias = Callable[[Integers], list[int]]
ALL: Final = slice(None)


@final
class Vertices:
    """Vertices by their sides, and the sides' equations; mutable.

    ``known`` has integer rows ``(w, w u)`` of the vertices that are known exactly.
    """

    def __init__(
        self, first: Sequence[IntRow], facets: Sequence[IntRow], exact: ExactRow
    ) -> None:
        self.known: dict[int, IntRow] = dict(enumerate(first))
        self._rows: dict[int, IntRow] = dict(enumerate(facets))
        self._exact = exact
        points = np.array(
            [[nearest(Fraction(a, row[0])) for a in row] for row in first], dtype=np.float64
        )
        self.points = Grown(points)
        self._largest = Grown(_largest(points))
        self.errors = Grown(_largest(points) * UNIT)
        sides = np.array(
            [[nearest(Fraction(a, max(map(abs, row)))) for a in row] for row in facets],
            dtype=np.float64,
        ).reshape(len(facets), points.shape[1])
        self._equations = Grown(sides)
        self._spreads = Grown(_norms(sides) * 2 * UNIT)
        self._names = Grown(np.full((len(facets), 2), -1, dtype=np.int64))

    @property
    def side_count(self) -> int:
        """The number of sides so far."""
        return len(self._equations)

    def add_sides(self, plane: int, homes: Places, rows: Doubles, spreads: Doubles) -> None:
        """Append a plane on some homes as sides: forms, and the sums of their errors."""
        names = np.column_stack([np.full(len(homes), plane, dtype=np.int64), homes])
        self._equations.append(rows)
        self._spreads.append(spreads)
        self._names.append(names)

    def add(self, sides: Places) -> None:
        """Append vertices by the numbers of their sides."""
        points, errors = _solved(self._equations.all[sides], self._spreads.all[sides])
        self.points.append(points)
        self._largest.append(_largest(points))
        self.errors.append(errors)

    def masks(
        self, forms: Doubles, spreads: Doubles, homes: Places, undecided: Undecided
    ) -> Masks:
        """Return the masks of vertices by a form on each home, and the sum of its errors.

        ``undecided`` has the signs of those vertices where floats do not decide.
        """
        values, bounds = self.values(forms, spreads, homes)
        above, below = values > bounds, values < -bounds
        masks: Masks = (above + 2 * below.astype(np.uint8)).astype(np.uint8)
        rest = np.flatnonzero(~(above | below))
        if len(rest):
            signs = np.array(undecided(rest))
            masks[rest] = (signs > 0) + 2 * (signs < 0)
        return masks

    def values(
        self, forms: Doubles, spreads: Doubles, homes: Places, part: slice = ALL
    ) -> tuple[Doubles, Doubles]:
        """Return the values of a form on each home at some vertices, and bounds of errors."""
        points, errors = self.points.all[part], self.errors.all[part]
        largest, norms = self._largest.all[part], _norms(forms)
        if len(forms) == 1:
            values = points @ forms[0]
        else:
            values = np.einsum("vk,vk->v", forms[homes], points)
            norms, spreads = norms[homes], spreads[homes]
        step = (points.shape[1] + 5) * UNIT
        bounds = norms * (errors + step * largest)
        bounds += spreads * (largest + errors)
        bounds = bounds * (1 + step) + TINY
        bounds[~np.isfinite(values)] = np.inf
        return values, bounds

    def exact(self, vertex: int, sides: Sequence[int]) -> IntRow:
        """Return a vertex as an integer row, found once."""
        if vertex not in self.known:
            self.known[vertex] = meeting_point([self.side(side) for side in sides])
        return self.known[vertex]

    def side(self, side: int) -> IntRow:
        """Return the equation of a side as an integer row, found once."""
        if side not in self._rows:
            plane, home = self._names.all[side].tolist()
            self._rows[side] = self._exact(plane, home)
        return self._rows[side]


def sign_at(row: IntRow, vertex: IntRow) -> int:
    """Return a number of the sign of a form at a point.

    >>> sign_at((1, -2), (3, 1))
    1
    """
    return sum(map(mul, row, vertex))


def _solved(equations: Doubles, spreads: Doubles) -> tuple[Doubles, Doubles]:
    """Return approximate solutions of systems, with bounds of their errors."""
    count, size, _ = equations.shape
    matrices, right = equations[:, :, 1:], -equations[:, :, 0]
    points = np.ones((count, size + 1))
    try:
        inverses = np.linalg.inv(matrices)
    except np.linalg.LinAlgError:  # some have no inverse in floats: nothing is decided by them
        points[:, 1:] = 0.0
        return points, np.full(count, np.inf)
    points[:, 1:] = (inverses @ right[:, :, None])[:, :, 0]
    step, largest = (size + 5) * UNIT, _largest(points)[:, None]
    residues = np.abs((equations @ points[:, :, None])[:, :, 0])
    residues += (step * np.abs(equations).sum(axis=2) + spreads) * largest
    sizes = np.abs(inverses)
    defects = np.abs(np.eye(size) - inverses @ matrices) + step * (sizes @ np.abs(matrices))
    beta = defects.sum(axis=2).max(axis=1) + (sizes @ spreads[:, :, None]).max(axis=(1, 2))
    errors = (sizes @ residues[:, :, None]).max(axis=(1, 2)) / (1 - beta) * (1 + 8 * step)
    return points, np.where(beta < 0.5, errors + TINY, np.inf)


def _largest(points: Doubles) -> Doubles:
    """Return the greatest size of a coordinate of each point, one at least."""
    found: Doubles = np.abs(points).max(axis=1)
    return found


def _norms(rows: Doubles) -> Doubles:
    found: Doubles = np.abs(rows).sum(axis=1)
    return found
