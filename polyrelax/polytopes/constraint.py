"""Linear constraints ``<a, x> <= b`` and ``<a, x> == b``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from polyrelax.arithmetic.arguments import exact_vector as exact_point
from polyrelax.arithmetic.arguments import listed
from polyrelax.arithmetic.rational import ZERO, Scalar, Vector, dot, primitive, rational, text
from polyrelax.arithmetic.rational import vector as exact_vector
from polyrelax.arithmetic.readable import readable
from polyrelax.polytopes.checks import require_coordinates, require_dimensions


@readable
@dataclass(frozen=True, order=True)
class Constraint:
    """The half-space ``<normal, x> <= offset``, or the hyperplane if ``is_equation``.

    >>> print(Constraint.at_most([1, "1/2"], 3))
    x0 + 1/2 x1 <= 3
    """

    normal: Vector
    offset: Fraction
    is_equation: bool = False

    def __post_init__(self) -> None:
        entries = (*listed(self.normal, "a normal vector"), self.offset)
        if not all(isinstance(value, Fraction) for value in entries):
            object.__setattr__(self, "normal", exact_vector(self.normal))
            object.__setattr__(self, "offset", rational(self.offset))

    @classmethod
    def at_most(cls, normal: Iterable[Scalar], offset: Scalar) -> Constraint:
        """Return the constraint ``<normal, x> <= offset``."""
        return cls(exact_vector(normal), rational(offset))

    @classmethod
    def at_least(cls, normal: Iterable[Scalar], offset: Scalar) -> Constraint:
        """Return the constraint ``<normal, x> >= offset``, written as ``<=``.

        >>> print(Constraint.at_least([1], 0))
        -x0 <= 0
        """
        return cls(tuple(-s for s in exact_vector(normal)), -rational(offset))

    @classmethod
    def equal(cls, normal: Iterable[Scalar], offset: Scalar) -> Constraint:
        """Return the constraint ``<normal, x> == offset``."""
        return cls(exact_vector(normal), rational(offset), is_equation=True)

    @property
    def dim(self) -> int:
        """The dimension of the space."""
        return len(self.normal)

    def slack(self, point: Vector) -> Fraction:
        """Return ``offset - <normal, point>``."""
        values = exact_point(point, "a point")
        require_dimensions([len(values)], self.dim)
        return self.offset - dot(self.normal, values)

    def is_satisfied_by(self, point: Vector) -> bool:
        """Whether ``point`` satisfies the constraint."""
        slack = self.slack(point)
        return slack == 0 if self.is_equation else slack >= 0

    def halves(self) -> tuple[Constraint, ...]:
        """Return the inequalities that say the same: one, or two for an equation.

        >>> [str(half) for half in Constraint.equal([1], 3).halves()]
        ['x0 <= 3', '-x0 <= -3']
        """
        upper = Constraint(self.normal, self.offset)
        return (upper, upper.complement()) if self.is_equation else (upper,)

    def complement(self) -> Constraint:
        """Return the opposite closed half-space of an inequality.

        >>> print(Constraint.at_most([1], 3).complement())
        -x0 <= -3
        """
        return Constraint(tuple(-s for s in self.normal), -self.offset)

    def primitive(self) -> Constraint:
        """Return the same constraint in coprime integers, an equation's first one positive.

        >>> print(Constraint.equal(["-1/2", 1], 3).primitive())
        x0 - 2 x1 == -6
        """
        entries = primitive((*self.normal, self.offset))
        leading = next((entry for entry in entries if entry), 1)
        sign = -1 if self.is_equation and leading < 0 else 1
        *normal, offset = (Fraction(sign * entry) for entry in entries)
        return Constraint(tuple(normal), offset, self.is_equation)

    def embed(self, coordinates: Sequence[int], dim: int) -> Constraint:
        """Return the same constraint on the given coordinates of a larger space.

        >>> print(Constraint.at_most([1, 2], 3).embed([2, 0], 3))
        2 x0 + x2 <= 3
        """
        require_dimensions([len(listed(coordinates, "coordinates"))], self.dim)
        require_dimensions([], dim)
        require_coordinates(coordinates, dim)
        normal = [ZERO] * dim
        for coordinate, coefficient in zip(coordinates, self.normal, strict=True):
            normal[coordinate] = coefficient
        return Constraint(tuple(normal), self.offset, self.is_equation)

    def __str__(self) -> str:
        sign = "==" if self.is_equation else "<="
        return f"{_linear_form(self.normal, 'x{}')} {sign} {text(self.offset)}"

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"

    def latex(self) -> str:
        r"""Return the constraint as LaTeX, without dollars.

        >>> Constraint.at_most([1, -1], 0).latex()
        'x_{0} - x_{1} \\le 0'
        """
        sign = "=" if self.is_equation else r"\le"
        return f"{_linear_form(self.normal, 'x_{{{}}}')} {sign} {text(self.offset)}"


def _linear_form(coefficients: Vector, variable: str) -> str:
    terms = [_signed(s, variable.format(j)) for j, s in enumerate(coefficients) if s]
    if not terms:
        return "0"
    first = terms[0].removeprefix("+ ").replace("- ", "-")
    return " ".join((first, *terms[1:]))


def _signed(coefficient: Fraction, variable: str) -> str:
    size = abs(coefficient)
    sign = "-" if coefficient < 0 else "+"
    return f"{sign} {variable}" if size == 1 else f"{sign} {text(size)} {variable}"
