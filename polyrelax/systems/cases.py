r"""One tree of cases: for an exact maximum, for a claim, and for the facet of a hull.

A node is a system in which some units have a piece each.  If the maximum of the form on it is
at most the value wanted, or if it is empty, its multipliers make it a leaf.  If the point that
attains the maximum is one that the units themselves take, the network attains it: an
*improvement*.  Otherwise a unit that disagrees with the point is split, one case a piece.

Improvements are yielded as they are found.  Who wants the maximum takes the last: no leaf
exceeds it.  Who wants to prove a value starts with it and is refuted by the first, which has a
point.  Any order of the open nodes ends, at the latest when all units are split; the highest
first splits no node whose bound is below the maximum.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias, final

from polyrelax.arithmetic.arguments import all_of, exact, require, require_function
from polyrelax.arithmetic.rational import cut, shown, text
from polyrelax.errors import FalseBoundError, UnboundedError
from polyrelax.systems.places import PlacedUnit, Point
from polyrelax.systems.rows import Excluded, Form, Leaf, Proved, Row, Split, TreeNode, as_form
from polyrelax.systems.system import Bound, Empty, Free, System
from polyrelax.systems.tree import CaseTree, Key

Order: TypeAlias = Callable[["Node"], Key]
"""Which open node comes next: the one of the least key."""


@final
@dataclass(frozen=True)
class Node:
    """An open node: its place, its system, what bounds it, and the units without a piece."""

    index: int
    system: System
    bound: Bound | Empty | Free
    units: tuple[PlacedUnit, ...]

    @property
    def disagreeing(self) -> PlacedUnit | None:
        """The first unit that does not take the values of the point, if there is one."""
        point = self.bound.point if isinstance(self.bound, Bound) else {}
        return next((unit for unit in self.units if not unit.agrees(point)), None)

    def is_proved(self, value: Fraction | None) -> bool:
        """Whether this is a leaf for a bound by ``value``."""
        value = None if value is None else exact(value)
        if isinstance(self.bound, Bound):
            return value is not None and self.bound.value <= value
        return isinstance(self.bound, Empty)


@final
class RefutedError(FalseBoundError):
    """A claim that fails, with the point that refutes it."""

    def __init__(self, found: str, point: Point, expected: str) -> None:
        inputs = [text(c) for (depth, _), c in sorted(point.items()) if depth == 0]
        super().__init__(f"found {found} at inputs {cut(str(inputs))}, expected {expected}")
        self.point = point


def highest_first(node: Node) -> Key:
    """Return a key that puts unbounded nodes first, and then those of the greatest bound."""
    require(node, Node)
    return (1, -node.bound.value) if isinstance(node.bound, Bound) else (0, 0)


@final
@dataclass
class _Growth:
    """A tree that grows for the bound of a form."""

    form: Form
    order: Order
    tree: CaseTree[Node, TreeNode] = field(init=False)

    def __post_init__(self) -> None:
        self.tree = CaseTree(self.order, Node)

    def open(self, system: System, units: tuple[PlacedUnit, ...]) -> int:
        """Return the place of a new open node."""
        index, bound = len(self.tree.nodes), system.bound(self.form)
        return self.tree.open(Node(index, system, bound, units))

    def split(self, node: Node, unit: PlacedUnit) -> Split:
        """Open a case for each piece of a unit."""
        rest = tuple(other for other in node.units if other.place != unit.place)
        pieces = range(unit.count)
        return Split(
            unit, tuple(self.open(node.system.in_piece(unit, k), rest) for k in pieces)
        )

    def leaf(self, node: Node) -> Leaf | Excluded:
        """Return a node as a leaf."""
        assert not isinstance(node.bound, Free), "a proved node has multipliers"
        kind = Excluded if isinstance(node.bound, Empty) else Leaf
        return kind(node.bound.terms)

    def improvements(self, value: Fraction | None) -> Iterator[Bound]:
        """Grow until all is proved; yield the attained bounds above ``value`` on the way."""
        for place, node in self.tree.cases():
            unit = node.disagreeing
            if node.is_proved(value):
                self.tree.nodes[place] = self.leaf(node)
            elif unit is not None:
                self.tree.nodes[place] = self.split(node, unit)
            elif isinstance(node.bound, Bound):
                value = node.bound.value
                self.tree.nodes[place] = self.leaf(node)
                yield node.bound
            else:
                raise UnboundedError("found an unbounded form, expected rows that bound it")

    def row(self, value: Fraction) -> Row:
        """Return the row that the grown tree proves."""
        return Row(self.form, value, Proved(tuple(node for node in self.tree.nodes if node)))


def maximum(
    system: System, form: Form, units: Sequence[PlacedUnit], *, order: Order = highest_first
) -> tuple[Row, Point]:
    """Return the maximum of a form in the network as a proved row, and where it is attained.

    The units are all those of several pieces on which the form depends, and the system has
    the equations of the others.
    """
    require(system, System)
    units = all_of(units, PlacedUnit, "units")
    require_function(order)
    tree = _Growth(as_form(form), order)
    tree.open(system, units)
    *_, best = tree.improvements(None)
    return tree.row(best.value), best.point


def proved(system: System, form: Form, value: Fraction, units: Sequence[PlacedUnit]) -> Row:
    """Return the row ``form <= value``, or raise :class:`RefutedError` with its point."""
    require(system, System)
    form, value = as_form(form), exact(value)
    units = all_of(units, PlacedUnit, "units")
    tree = _Growth(form, highest_first)
    tree.open(system, units)
    for better in tree.improvements(value):
        raise RefutedError(shown(better.value), better.point, f"at most {shown(value)}")
    return tree.row(value)
