r"""The bounds of the triangle relaxation on an interval, as functions of its ends.

The relaxation is a linear program in :math:`v = (x, y_1, \dots, y_n)`, a variable for each
unstable neuron, whose rows are

.. math:: l \le x \le u, \qquad y_j \ge 0, \qquad y_j \ge z_j(v), \qquad
          (u_j - l_j)\, y_j \le u_j (z_j(v) - l_j),

where :math:`l_j, u_j` are optima of the same program without the neurons behind.  An optimum
at one point :math:`(l, u)` comes with a basis.  Over the rational functions of the ends the
same basis gives a point :math:`v(l, u)` and multipliers :math:`\lambda(l, u)`; wherever the
point satisfies all rows and no multiplier is negative, :math:`\langle c, v(l, u)\rangle` is
the optimum.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias, final

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.linalg import kernel, rank
from polyrelax.arithmetic.rational import ONE, ZERO, Vector, dense_vector, sparse
from polyrelax.errors import EmptySetError
from polyrelax.expressivity.elimination import solve
from polyrelax.expressivity.end_bounds import Ends
from polyrelax.expressivity.end_hulls import sum_of
from polyrelax.expressivity.germs import NotGenericError, Number, is_zero, sign, value
from polyrelax.lp import LinearProgram, Optimizer, Optimum, Row
from polyrelax.lp.linear_program import sparse_dot
from polyrelax.networks.layers import Affine, rectified
from polyrelax.networks.network import Network
from polyrelax.networks.walk import Bending, last_state
from polyrelax.polytopes.triangle import upper_side
from polyrelax.systems.programs import FREE, program

Linear: TypeAlias = dict[int, Number]
"""The coefficients of a linear form by variables."""


@final
@dataclass(frozen=True)
class Form:
    """An affine form of the variables with constant coefficients."""

    linear: dict[int, Fraction]
    offset: Fraction


@final
@dataclass(frozen=True)
class Inequality:
    """The constraint ``<linear, v> <= offset``."""

    linear: Linear
    offset: Number


@final
class Program:
    """A linear program that grows from layer to layer."""

    def __init__(self, ends: Ends) -> None:
        self.size = 1
        self.rows = [Inequality({0: ONE}, ends.upper), Inequality({0: -ONE}, -ends.lower)]

    def rectified(self, forms: list[Form], layer: Bending, _index: int) -> list[Form]:
        """Return the outputs of a layer of rectifiers."""
        bounds = {j: self.ends(forms[j]) for j in rectified(layer)}
        after = list(forms)
        for j, z in bounds.items():
            if z.is_unstable:
                after[j] = self.relax(forms[j], z)
            elif sign(z.lower) < 0:
                after[j] = Form({}, ZERO)
        return after

    def relax(self, z: Form, ends: Ends) -> Form:
        """Return the output of a new neuron, which is unstable."""
        y = self.size
        self.size += 1
        before, behind, limit = upper_side(ends.lower, ends.upper)
        above = {j: before * a for j, a in z.linear.items()}
        self.rows += [
            Inequality({y: -ONE}, ZERO),
            Inequality({**z.linear, y: -ONE}, -z.offset),
            Inequality({**above, y: behind}, limit - before * z.offset),
        ]
        return Form({y: ONE}, ZERO)

    def ends(self, form: Form) -> Ends:
        """Return the least and the greatest value of a form."""
        upper = self._maximum(form.linear)
        lower = self._maximum({j: -a for j, a in form.linear.items()})
        return Ends(-lower + form.offset, upper + form.offset)

    def _maximum(self, linear: dict[int, Fraction]) -> Number:
        if linear.keys() <= {0}:  # a multiple of x
            a = linear.get(0, ZERO)
            return (self.rows[0].offset if a > 0 else -self.rows[1].offset) * a
        objective = [linear.get(j, ZERO) for j in range(self.size)]
        weights = [[row.linear.get(j, ZERO) for j in range(self.size)] for row in self.rows]
        basis = self._basis(objective, weights)
        rows = [weights[i] for i in basis]
        point = solve(rows, [self.rows[i].offset for i in basis])
        multipliers = solve([list(column) for column in zip(*rows, strict=True)], objective)
        if point is None or multipliers is None:
            raise NotGenericError("the basis is singular")
        self._require(point, multipliers, weights)
        return sum_of((x * c for x, c in zip(point, objective, strict=True) if c), ZERO)

    def _basis(self, objective: list[Fraction], weights: list[list[Number]]) -> list[int]:
        """Return independent rows that prove an optimum at the site, as many as variables."""
        exact = [tuple(map(value, row)) for row in weights]
        limits = [value(row.offset) for row in self.rows]
        site = program([FREE] * self.size, map(Row, map(sparse, exact), limits))
        outcome = Optimizer(site).maximize(sparse(tuple(objective)))
        if not isinstance(outcome, Optimum):
            raise EmptySetError("found no optimum, expected one: the interval is not empty")
        used = [i for i, y in outcome.multipliers if y]
        return _completed(
            _independent([*used, *_tight(site, outcome.point)], exact),
            site,
            outcome.point,
        )

    def _require(
        self, point: list[Number], multipliers: list[Number], weights: list[list[Number]]
    ) -> None:
        """Ask for the signs that make the basis optimal."""
        for row, a in zip(self.rows, weights, strict=True):
            pairs = ((x, c) for x, c in zip(point, a, strict=True) if not is_zero(c))
            slack = row.offset - sum_of((x * c for x, c in pairs), ZERO)
            assert sign(slack) >= 0  # the basis is feasible at the site
        assert all(sign(y) >= 0 for y in multipliers)  # and optimal there


def triangle_bounds(network: Network, ends: Ends) -> Ends:
    """Return the bounds of the triangle relaxation.

    >>> from polyrelax.networks.gallery import cancelling
    >>> triangle_bounds(cancelling(), Ends(Fraction(-1), Fraction(1)))
    Ends(lower=Fraction(-1, 2), upper=Fraction(1, 2))
    """
    require(network, Network)
    require(ends, Ends)
    program = Program(ends)
    forms = last_state(network, [Form({0: ONE}, ZERO)], _image, program.rectified)
    return program.ends(forms[0])


def _image(forms: list[Form], layer: Affine, _index: int) -> list[Form]:
    return list(_images(layer, forms))


def _images(layer: Affine, forms: Sequence[Form]) -> Iterator[Form]:
    for row, shift in zip(layer.rows, layer.bias, strict=True):
        total: dict[int, Fraction] = {}
        for j, a in row:
            for k, c in forms[j].linear.items():
                total[k] = total.get(k, ZERO) + a * c
        offset = sum((a * forms[j].offset for j, a in row), shift)
        yield Form({k: c for k, c in total.items() if c}, offset)


def _completed(basis: list[int], program: LinearProgram, point: Vector) -> list[int]:
    """Return a basis of as many rows as variables, those of a vertex of the optimal face."""
    exact = [dense_vector(row.coefficients, program.dim) for row in program.rows]
    while len(basis) < program.dim:
        direction = kernel([exact[i] for i in basis], program.dim)[0]
        point = _walked(program, point, direction)
        basis = _independent([*basis, *_tight(program, point)], exact)
    return basis


def _walked(program: LinearProgram, point: Vector, direction: Vector) -> Vector:
    """Return the last point in a direction; the program is bounded, so there is one."""
    steps = (
        (row.offset - sparse_dot(row.coefficients, point)) / speed
        for row in program.rows
        if (speed := sparse_dot(row.coefficients, direction)) > 0
    )
    step = min(steps)
    return tuple(x + step * d for x, d in zip(point, direction, strict=True))


def _tight(program: LinearProgram, point: Vector) -> list[int]:
    rows = enumerate(program.rows)
    return [i for i, row in rows if sparse_dot(row.coefficients, point) == row.offset]


def _independent(order: Sequence[int], rows: Sequence[tuple[Fraction, ...]]) -> list[int]:
    """Return the first rows in the given order that are independent."""
    chosen: list[int] = []
    for i in order:
        if rank([*(rows[k] for k in chosen), rows[i]], len(rows[i])) > len(chosen):
            chosen.append(i)
    return chosen
