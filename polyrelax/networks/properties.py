r"""Properties of networks: which outputs must not occur on which inputs, case by case.

A case holds at an input x with outputs y = f(x) if x lies in a polytope and each row

.. math:: \langle a, x\rangle + \langle c, y\rangle \le b \quad\text{(or } < b\text{)}

holds.  A network *violates* a property where one of its cases holds; it has the property if
that happens nowhere.  The polytope of a case is closed: strict constraints on inputs are rows
without outputs, beside the closed ones that the polytope has.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from polyrelax.arithmetic.arguments import all_of, dimension, exact, require, sparse_vector
from polyrelax.arithmetic.rational import ONE, SparseVector, Vector, sparse, text
from polyrelax.arithmetic.readable import readable
from polyrelax.arithmetic.words import amount
from polyrelax.errors import DimensionError, ShapeError
from polyrelax.lp.linear_program import sparse_dot
from polyrelax.networks.dimensions import point_of
from polyrelax.networks.network import Network
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope


@readable
@dataclass(frozen=True)
class Row:
    """A constraint on inputs and outputs, each given by (index, coefficient) pairs.

    >>> row = Row(((0, Fraction(1)),), ((1, Fraction(-2)),), Fraction(3), is_strict=True)
    >>> print(row)
    x0 - 2 y1 < 3
    """

    inputs: SparseVector
    outputs: SparseVector
    offset: Fraction
    is_strict: bool = False

    def __post_init__(self) -> None:
        for name in ("inputs", "outputs"):
            object.__setattr__(self, name, sparse_vector(getattr(self, name)))
        object.__setattr__(self, "offset", exact(self.offset))

    def holds(self, inputs: Vector, outputs: Vector) -> bool:
        """Whether an input and its outputs satisfy the row."""
        value = sparse_dot(self.inputs, inputs) + sparse_dot(self.outputs, outputs)
        return value < self.offset if self.is_strict else value <= self.offset

    def __str__(self) -> str:
        terms = [_term(s, f"x{j}") for j, s in self.inputs]
        terms += [_term(s, f"y{j}") for j, s in self.outputs]
        form = " ".join(terms).removeprefix("+ ") or "0"
        form = f"-{form[2:]}" if form.startswith("- ") else form
        return f"{form} {'<' if self.is_strict else '<='} {text(self.offset)}"


def rows_of(constraint: Constraint) -> tuple[Row, ...]:
    """Return the rows that say what a constraint on inputs says, two for an equation.

    >>> [str(row) for row in rows_of(Constraint.equal([0, 2], 3))]
    ['2 x1 <= 3', '-2 x1 <= -3']
    """
    require(constraint, Constraint)
    halves = constraint.halves()
    return tuple(Row(sparse(half.normal), (), half.offset) for half in halves)


def rows_of_set(inputs: Polytope) -> tuple[Row, ...]:
    """Return the rows that say what a set of inputs says: of a box, its bounds.

    >>> [str(row) for row in rows_of_set(Polytope.box([0], ["1/2"]))]
    ['-x0 <= 0', 'x0 <= 1/2']
    """
    require(inputs, Polytope)
    if not inputs.is_box:
        return tuple(row for side in inputs.constraints for row in rows_of(side))
    return tuple(
        Row(((j, sign),), (), sign * end)
        for j, ends in enumerate(inputs.bounds)
        for sign, end in zip((-ONE, ONE), ends, strict=True)
    )


@dataclass(frozen=True)
class Case:
    """One way to violate a property: inputs in a polytope, and rows that hold too."""

    inputs: Polytope
    rows: tuple[Row, ...] = ()

    def __post_init__(self) -> None:
        require(self.inputs, Polytope)
        object.__setattr__(self, "rows", all_of(self.rows, Row, "rows"))

    def holds(self, inputs: Vector, outputs: Vector) -> bool:
        """Whether an input with its outputs is of this case."""
        return inputs in self.inputs and all(row.holds(inputs, outputs) for row in self.rows)


@dataclass(frozen=True)
class Property:
    """Cases, each a violation, about ``in_dim`` inputs and ``out_dim`` outputs.

    >>> unit = Polytope.box([0], [1])
    >>> at_least_two = Row((), ((0, Fraction(-1)),), Fraction(-2))
    >>> property_ = Property(1, 1, (Case(unit, (at_least_two,)),))
    >>> property_.case_at((Fraction(1),), (Fraction(2),)) is property_.cases[0]
    True
    """

    in_dim: int
    out_dim: int
    cases: tuple[Case, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "in_dim", dimension(self.in_dim, "a dimension"))
        object.__setattr__(self, "out_dim", dimension(self.out_dim, "a dimension"))
        object.__setattr__(self, "cases", all_of(self.cases, Case, "cases"))
        for number, case in enumerate(self.cases, start=1):
            if case.inputs.dim != self.in_dim:
                found = f"inputs of dimension {case.inputs.dim}"
                raise DimensionError(f"case {number}: found {found}, expected {self.in_dim}")
        rows = {id(row): row for case in self.cases for row in case.rows}.values()
        _require_places("x", self.in_dim, (j for row in rows for j, _ in row.inputs))
        _require_places("y", self.out_dim, (j for row in rows for j, _ in row.outputs))

    def case_at(self, inputs: Vector, outputs: Vector) -> Case | None:
        """Return the first case that holds at an input with its outputs, if one does."""
        inputs, outputs = point_of(inputs, self.in_dim), point_of(outputs, self.out_dim)
        return next((case for case in self.cases if case.holds(inputs, outputs)), None)

    def input_sets(self) -> tuple[Polytope, ...]:
        """Return the different sets of inputs that the cases are about, in their order."""
        seen = {id(case.inputs): case.inputs for case in self.cases}
        return tuple(dict.fromkeys(seen.values()))

    def input_set(self) -> Polytope:
        """Return the set of inputs that all cases share.

        Raises :class:`ShapeError` if they have several, which :meth:`input_sets` gives.
        """
        sets = self.input_sets()
        if len(sets) != 1:
            raise ShapeError(f"found {len(sets)} different sets of inputs, expected one")
        return sets[0]


def difference(property_: Property, network: Network) -> str | None:
    """Return which number of inputs or outputs a property has, and a network has not.

    A property that declares no outputs can be about any.

    >>> from polyrelax.networks.gallery import tent
    >>> difference(Property(2, 1, ()), tent()), difference(Property(1, 0, ()), tent())
    ('2 inputs, the network has 1', None)
    """
    require(property_, Property)
    require(network, Network)
    for noun, found, expected in (
        ("input", property_.in_dim, network.in_dim),
        ("output", property_.out_dim or network.out_dim, network.out_dim),
    ):
        if found != expected:
            return f"{amount(found, noun)}, the network has {expected}"
    return None


def _term(coefficient: Fraction, name: str) -> str:
    size = "" if abs(coefficient) == 1 else f"{text(abs(coefficient))} "
    return f"{'-' if coefficient < 0 else '+'} {size}{name}"


def _require_places(letter: str, dim: int, places: Iterable[int]) -> None:
    for j in places:
        if not 0 <= j < dim:
            raise DimensionError(f"found {letter}{j}, expected fewer than {dim} of them")
