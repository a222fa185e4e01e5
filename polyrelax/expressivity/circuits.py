r"""The least depth of MaxMin networks that are Boolean functions, by exhaustive circuits.

A *circuit* of depth :math:`n` is a variable, its negation or a constant for :math:`n = 0`, and
else the conjunction or the disjunction of two circuits of depth :math:`n - 1` or less.  On
zeros and ones these are min and max, so it is a network of :math:`n` MaxMin layers of radius
1/2 on the corners of the cube, which is the best there is.

**Theorem** (derived; :cite:t:`zhang2022` argue in this way for Theorem 3.10).  *If a
contraction of* :math:`n` *MaxMin layers has radius 1/2 for a Boolean function, the function has
a circuit of depth* :math:`n`.

Say that a function :math:`h` on the corners *separates* :math:`X_1` from :math:`X_0`, both not
empty, if it is :math:`c + 1` on :math:`X_1` and :math:`c` on :math:`X_0`.  A contraction's
values at two corners differ by at most 1.  By induction over the layers, if a neuron or its
negative separates the sets, a circuit of this depth is 1 on :math:`X_1` and 0 on :math:`X_0`:

* A row :math:`\sum_i w_i h_i + b` with :math:`\lVert w \rVert_1 \le 1` that grows by 1 from all
  of :math:`X_0` to all of :math:`X_1` needs :math:`h_i` to grow by the sign of :math:`w_i`
  wherever :math:`w_i \ne 0`: such a neuron, or its negative, separates them.  An input that
  does is a variable.
* If :math:`\max(a, b)` separates them, let :math:`A, B \subseteq X_1` be where :math:`a`, where
  :math:`b` is :math:`c + 1`; :math:`A \cup B = X_1`.  If :math:`A` is not empty,
  :math:`a \ge c` everywhere, so :math:`a = c` on :math:`X_0`, and :math:`a` separates :math:`A`
  from :math:`X_0`.  So circuits of :math:`a` and :math:`b` exist, and their disjunction does
  it; if one of :math:`A, B` is empty, the other's circuit does it alone.  A minimum is the
  same, turned around, and the negation of a circuit is a circuit of its depth.

With radius 1/2 the network's one output is :math:`\pm\tfrac12`. :math:`\square`

In the same way a *standard* network of radius 1/2, such as one of absolute values, is a
variable or its negation on the corners: a neuron of one input passes the separation on to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import TypeAlias, final

from polyrelax.arithmetic.arguments import numbered, whole
from polyrelax.arithmetic.rational import ONE, ZERO
from polyrelax.errors import ShapeError, TooLargeError
from polyrelax.expressivity.data_sets import LabelledPoints
from polyrelax.networks.layers import Affine, Layer, Neurons
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.maxmin import MaxMin
from polyrelax.networks.rewrite import fold

Table: TypeAlias = int
"""The values of a Boolean function, one bit for each corner, in the order of numbers."""

MOST_VARIABLES = 3
_MOST_READ = 5
"""Of more variables, tables have more than 32 bits."""


@final
@dataclass(frozen=True)
class Gate:
    """The least depth of a function, and two functions that it is the maximum or minimum of.

    Literals and constants have depth 0 and no parts.
    """

    depth: int
    is_maximum: bool
    parts: tuple[Table, ...]


@final
@dataclass(frozen=True)
class Circuits:
    """The circuits of least depth of all functions of some variables.

    >>> pair = Circuits.of(2)
    >>> [pair.gates[table].depth for table in (0b1100, 0b1000, 0b0110)]  # x0, and, exclusive or
    [0, 1, 2]
    """

    dim: int
    gates: Mapping[Table, Gate]

    @classmethod
    def of(cls, dim: int) -> Circuits:
        """Return circuits of all functions: depth by depth, until none is left."""
        dim = _variables(dim, MOST_VARIABLES)
        leaf = Gate(0, is_maximum=True, parts=())
        gates = dict.fromkeys([*_literals(dim), 0, _all(dim)], leaf)
        while len(gates) <= _all(dim):
            depth = 1 + max(gate.depth for gate in gates.values())
            for a, b in combinations(tuple(gates), 2):
                gates.setdefault(a | b, Gate(depth, is_maximum=True, parts=(a, b)))
                gates.setdefault(a & b, Gate(depth, is_maximum=False, parts=(a, b)))
        return cls(dim, gates)

    def counts(self) -> tuple[int, ...]:
        """Return how many functions that are not constant have least depth 0, 1, and so on.

        >>> Circuits.of(2).counts()
        (4, 8, 2)
        """
        constants = (0, _all(self.dim))
        depths = [g.depth for table, g in self.gates.items() if table not in constants]
        return tuple(depths.count(depth) for depth in range(max(depths) + 1))

    def network(self, table: Table) -> Network:
        """Return the network of a function: its circuit, as layers of MaxMin, less 1/2.

        >>> Circuits.of(2).network(0b1000)((1, 1)), Circuits.of(2).network(0b1000)((0, 1))
        ((Fraction(1, 2),), (Fraction(-1, 2),))
        """
        table = _table(self.dim, table)
        if table in (0, _all(self.dim)):
            raise ShapeError(f"found the constant function {table}, expected another")
        levels = [[table]]
        places: list[list[int]] = []
        for depth in range(self.gates[table].depth - 1, -1, -1):
            parts = [self._parts(each, depth) for each in levels[-1]]
            places.append([2 * k + (not top) for k, (top, _) in enumerate(parts)])
            levels.append([part for _, pair in parts for part in pair])
        layers: list[Layer] = [_inputs(levels[-1], self.dim)]
        for chosen in reversed(places):
            layers += _gates(chosen)
        return fold([*layers, Affine.dense([[ONE]], [Fraction(-1, 2)])])

    def _parts(self, table: Table, depth: int) -> tuple[bool, tuple[Table, ...]]:
        """Return the parts of a function's gate; a function of less depth is there twice."""
        gate = self.gates[table]
        return (gate.is_maximum, gate.parts) if gate.depth > depth else (True, (table, table))


def labelled(dim: int, table: Table) -> LabelledPoints:
    """Return the corners of the cube, labelled by a function of up to 5 variables.

    >>> labelled(2, 0b1000) == LabelledPoints.of_function(2, all)
    True
    """
    dim = _variables(dim, _MOST_READ)
    table = _table(dim, table)
    return LabelledPoints.of_function(dim, lambda x: bool(table >> _number(x) & 1))


def relevant(dim: int, table: Table) -> int:
    """Return the number of variables that a function depends on, of up to 5.

    >>> relevant(2, 0b1000), relevant(2, 0b1100)
    (2, 1)
    """
    dim = _variables(dim, _MOST_READ)
    table, corners = _table(dim, table), range(2**dim)
    return sum(
        any((table >> x ^ table >> (x ^ 1 << j)) & 1 for x in corners) for j in range(dim)
    )


def _variables(dim: int, most: int) -> int:
    dim = whole(dim, "a number of variables")
    if dim > most:
        raise TooLargeError(f"found {dim} variables, expected at most {most}")
    if dim < 1:
        raise ShapeError(f"found {dim} variables, expected at least 1")
    return dim


def _table(dim: int, table: Table) -> Table:
    return numbered(table, _all(dim) + 1, "function")


def _number(corner: Sequence[int]) -> int:
    return int("".join(map(str, corner)), 2)


def _all(dim: int) -> Table:
    return (1 << (1 << dim)) - 1


def _literals(dim: int) -> list[Table]:
    """Return the variables, the first one first, each followed by its negation."""
    shifts = range(dim - 1, -1, -1)
    tables = [sum(1 << x for x in range(2**dim) if x >> j & 1) for j in shifts]
    return [each for table in tables for each in (table, _all(dim) ^ table)]


def _inputs(leaves: Sequence[Table], dim: int) -> Affine:
    """Return the map to literals: a variable, or one less it."""
    known = {table: divmod(k, 2) for k, table in enumerate(_literals(dim))}
    found = [known[leaf] for leaf in leaves]
    rows = tuple(((j, -ONE if is_negated else ONE),) for j, is_negated in found)
    return Affine(rows, tuple(ONE if is_negated else ZERO for _, is_negated in found), dim)


def _gates(chosen: Sequence[int]) -> tuple[Neurons, Affine]:
    """Return MaxMin on neighbouring values, and the map that takes one of each pair."""
    width = 2 * len(chosen)
    pairs = tuple((MaxMin(), (j, j + 1)) for j in range(0, width, 2))
    return Neurons(width, pairs), Affine.select(chosen, width)
