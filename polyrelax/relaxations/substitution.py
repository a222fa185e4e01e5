r"""Bounds by back-substitution: one map below and one map above each layer of neurons.

An affine form of a layer's values is bounded from above by putting, from the last layer to the
first, the upper line of :mod:`polyrelax.relaxations.lines` where the coefficient of a neuron is
positive and the lower line where it is negative, and maximising what remains over the input
set.  Since every neuron has one line on either side, this greedy choice maximises over the set
:math:`S` cut out by the lines, provided that :math:`l` and :math:`u` bound :math:`z` on
:math:`S` itself.  With bounds from elsewhere the result is still a bound, by weak duality: it
is the Wong--Kolter dual objective :cite:p:`wong2018` for the slopes :math:`\alpha`.

Bounds that are rounded anyway are found in integers of bounded length
(:mod:`polyrelax.relaxations.integer_substitution`), others in fractions.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.linalg import Matrix
from polyrelax.arithmetic.rational import ONE, ZERO, Vector, dot
from polyrelax.arithmetic.readable import readable
from polyrelax.arithmetic.words import amount
from polyrelax.arithmetic.working_form import working_form
from polyrelax.networks.affine import Affine
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.support import Support
from polyrelax.relaxations.lines import Lines, Step
from polyrelax.relaxations.progress import NOBODY, Kind, Listener, Piece

if TYPE_CHECKING:  # numpy, see below
    from polyrelax.relaxations.integer_substitution import Substitution

MOST_BITS: Final = 40
"""Up to these bits, multipliers and their products fit into integers of 64 bits."""


@readable
@dataclass(frozen=True)
class SubstitutedSet:
    """The values after ``steps`` that lie between their lines, over ``domain``.

    ``work`` hears when bounds are sought.
    """

    domain: Polytope
    steps: tuple[Step, ...] = ()
    bits: int | None = None
    before: SubstitutedSet | None = field(default=None, compare=False, repr=False)
    work: Listener = field(default=NOBODY, compare=False, repr=False)

    @property
    def dim(self) -> int:
        """The dimension of the space."""
        return self.steps[-1].out_dim if self.steps else self.domain.dim

    def then(self, step: Step) -> SubstitutedSet:
        """Return the set after one more step."""
        return SubstitutedSet(self.domain, (*self.steps, step), self.bits, self, self.work)

    @cached_property
    def bounds(self) -> tuple[Interval, ...]:
        """The bounds of each coordinate, all found in one pass."""
        if self.before is None:
            return self.domain.bounds
        self.work(Piece(Kind.SUBSTITUTION, f"through {amount(len(self.steps), 'step')}"))
        step = self.steps[-1]
        exact = step.bounds(self.before.bounds) if isinstance(step, Lines) else None
        if exact is None and (substitution := self.integers()) is not None:
            with suppress(OverflowError):  # coefficients that are no floats
                return substitution.bounds()
        return tuple(bound.rounded(self.bits) for bound in exact or self._exactly())

    def integers(self) -> Substitution | None:
        """Return the substitution in integers, for bounds that are rounded.

        There is none for exact bounds, inputs that are no box, or numbers beyond all floats.
        """
        return self._integers

    @working_form
    def _integers(self) -> Substitution | None:
        if self.bits is None or self.bits > MOST_BITS or not self.domain.is_box:
            return None
        # Importing numpy takes longer than to bound most small networks.
        from polyrelax.relaxations.integer_substitution import Substitution  # noqa: PLC0415

        try:
            if self.before is None:
                return Substitution.of(self.domain.bounds, self.bits)
            before = self.before.integers()
            return None if before is None else before.then(self.steps[-1])
        except OverflowError:  # a number that is no float
            return None

    def _exactly(self) -> tuple[Interval, ...]:
        """Return the bounds, of all coordinates and their negatives at once."""
        size = self.dim
        rows = [((j, sign),) for sign in (ONE, -ONE) for j in range(size)]
        ends = self._upper_bounds(Matrix.from_sparse_rows(rows, size))
        return tuple(Interval(-ends[size + j], ends[j]) for j in range(size))

    def support(self, direction: Vector) -> Support:
        """Return the bound in ``direction`` and the point that the substitution attains."""
        forms = [Matrix.from_rows([direction], self.dim)]
        for step in self.steps[::-1]:
            forms.append(_substitute(forms[-1], step)[0])
        point = self.domain.support(forms.pop().rows[0]).point
        for step in self.steps:
            point = _choose(point, step, forms.pop().rows[0])
        return Support(dot(direction, point), point)

    def _upper_bounds(self, forms: Matrix) -> Vector:
        """Return an upper bound over the set of each row of ``forms``."""
        total = Matrix.column((ZERO,) * forms.shape[0])
        for step in self.steps[::-1]:
            forms, offset = _substitute(forms, step)
            total = total + offset
        return (total + Matrix.column(_maxima(self.domain, forms))).entries


def _substitute(forms: Matrix, step: Step) -> tuple[Matrix, Matrix]:
    """Return upper bounds of ``forms`` as forms of the step's input, and offsets."""
    if isinstance(step, Affine):
        return forms @ step.matrix, forms @ step.column
    above = forms.positive_part
    below = forms - above
    linear = _times(above, step.upper) + _times(below, step.lower)
    offset = above @ step.upper.column + below @ step.lower.column
    return linear, offset


def _times(forms: Matrix, layer: Affine) -> Matrix:
    """Return the product with the layer's matrix, column by column if it is diagonal."""
    slopes = layer.diagonal
    return forms @ layer.matrix if slopes is None else forms.scale_columns(slopes)


def _choose(point: Vector, step: Step, form: Vector) -> Vector:
    """Return the output of ``step`` at ``point`` that is greatest for ``form``."""
    if isinstance(step, Affine):
        return step(point)
    ends = zip(form, step.lower(point), step.upper(point), strict=True)
    return tuple(high if a > 0 else low for a, low, high in ends)


def _maxima(domain: Polytope, forms: Matrix) -> Vector:
    """Return the maximum over ``domain`` of each row of ``forms``."""
    if not domain.is_box:
        return tuple(domain.support(row).value for row in forms.rows)
    above = forms.positive_part
    ends = (above @ Matrix.column(tuple(x.upper for x in domain.bounds))) + (
        (forms - above) @ Matrix.column(tuple(x.lower for x in domain.bounds))
    )
    return ends.entries
