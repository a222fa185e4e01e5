r"""Bounds by back-substitution: one line below and one line above each neuron.

A neuron :math:`y = \max(z, 0)` with :math:`l \le z \le u` and :math:`l < 0 < u` lies between

.. math:: \alpha z \;\le\; y \;\le\; \lambda z + \max(-\lambda l,\, u - \lambda u),
          \qquad \alpha, \lambda \in [0, 1],

where :math:`\lambda = u / (u - l)` gives the least upper line.  An affine form of a layer's
values is bounded from above by putting, from the last layer to the first, the upper line
where the coefficient of a neuron is positive and the lower line where it is negative, and
maximising what remains over the input set.  Since every neuron has one line on either
side, this greedy choice maximises over the set :math:`S` cut out by the lines, provided
that :math:`l` and :math:`u` bound :math:`z` on :math:`S` itself.  With bounds from elsewhere
the result is still a bound, by weak duality: it is the Wong--Kolter dual objective
:cite:p:`wong2018` for the slopes :math:`\alpha`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from polyrelax.arithmetic.interval import Interval, round_down
from polyrelax.arithmetic.linalg import Matrix
from polyrelax.arithmetic.rational import ONE, ZERO, Vector, dot
from polyrelax.networks.layers import Affine
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.support import Support


@dataclass(frozen=True)
class Line:
    """The affine function ``slope * z + intercept``.

    >>> Line(Fraction(1, 2), ONE).at(Fraction(4))
    Fraction(3, 1)
    """

    slope: Fraction
    intercept: Fraction

    def at(self, z: Fraction) -> Fraction:
        """Return the value at ``z``."""
        return self.slope * z + self.intercept


PASS = Line(ONE, ZERO)
BLOCK = Line(ZERO, ZERO)


def upper_line(z: Interval, bits: int | None) -> Line:
    """Return the least line above the ReLU on ``z``, its slope rounded to ``bits``.

    >>> upper_line(Interval(Fraction(-1), Fraction(1)), None)
    Line(slope=Fraction(1, 2), intercept=Fraction(1, 2))
    """
    slope = z.upper / z.width
    if bits is not None:
        slope = round_down(slope, bits)
    return Line(slope, max(-slope * z.lower, z.upper - slope * z.upper))


@dataclass(frozen=True)
class Lines:
    """A layer of coordinatewise lines, below and above each of its outputs."""

    lower: tuple[Line, ...]
    upper: tuple[Line, ...]


@dataclass(frozen=True)
class Between:
    """A layer of values between two affine maps of those before it."""

    lower: Affine
    upper: Affine

    @property
    def out_dim(self) -> int:
        """The number of values."""
        return self.lower.out_dim


Step = Affine | Lines | Between


@dataclass(frozen=True)
class SubstitutedSet:
    """The values after ``steps`` that lie between their lines, over ``domain``."""

    domain: Polytope
    steps: tuple[Step, ...] = ()
    bits: int | None = None

    @property
    def dim(self) -> int:
        """The dimension of the space."""
        for step in self.steps[::-1]:
            return len(step.lower) if isinstance(step, Lines) else step.out_dim
        return self.domain.dim

    def then(self, step: Step) -> SubstitutedSet:
        """Return the set after one more step."""
        return SubstitutedSet(self.domain, (*self.steps, step), self.bits)

    @cached_property
    def bounds(self) -> tuple[Interval, ...]:
        """The bounds of each coordinate, all found in one pass."""
        if not self.steps:
            return self.domain.bounds
        identity = Matrix.identity(self.dim)
        upper = self._upper_bounds(identity)
        lower = self._upper_bounds(-identity)
        return tuple(
            Interval(-low, high).rounded(self.bits)
            for low, high in zip(lower, upper, strict=True)
        )

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
        return forms @ step.matrix, forms @ Matrix.column(step.bias)
    above = forms.positive_part
    below = forms - above
    if isinstance(step, Between):
        linear = above @ step.upper.matrix + below @ step.lower.matrix
        shifts = Matrix.column(step.upper.bias), Matrix.column(step.lower.bias)
        return linear, above @ shifts[0] + below @ shifts[1]
    linear = above.scale_columns(_slopes(step.upper)) + below.scale_columns(_slopes(step.lower))
    offset = above @ _intercepts(step.upper) + below @ _intercepts(step.lower)
    return linear, offset


def _choose(point: Vector, step: Step, form: Vector) -> Vector:
    """Return the output of ``step`` at ``point`` that is greatest for ``form``."""
    if isinstance(step, Affine):
        return step(point)
    if isinstance(step, Between):
        ends = zip(form, step.lower(point), step.upper(point), strict=True)
        return tuple(high if a > 0 else low for a, low, high in ends)
    lines = zip(point, form, step.lower, step.upper, strict=True)
    return tuple((high if a > 0 else low).at(z) for z, a, low, high in lines)


def _maxima(domain: Polytope, forms: Matrix) -> Vector:
    """Return the maximum over ``domain`` of each row of ``forms``."""
    if not domain.is_box:
        return tuple(domain.support(row).value for row in forms.rows)
    above = forms.positive_part
    ends = (above @ Matrix.column(tuple(x.upper for x in domain.bounds))) + (
        (forms - above) @ Matrix.column(tuple(x.lower for x in domain.bounds))
    )
    return ends.entries


def _slopes(lines: Sequence[Line]) -> Vector:
    return tuple(line.slope for line in lines)


def _intercepts(lines: Sequence[Line]) -> Matrix:
    return Matrix.column(tuple(line.intercept for line in lines))
