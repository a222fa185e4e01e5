r"""How a function of one variable is put together from parts that single neurons bound exactly.

Let :math:`D` be the triangle relaxation or DeepPoly-0.  Call :math:`f` *exact* on an interval
:math:`I` if a ReLU network computes it there whose :math:`D`-bounds are
:math:`[\min f, \max f]` on every :math:`[l, u] \subseteq I`.  Every continuous piecewise linear
function is exact (derived; the claim ``p1-table-1-open-cells`` has the proofs), because of

* *composition*: :math:`g \circ h`, if :math:`h` is exact on :math:`I` and :math:`g` on
  :math:`h(I)`; so with *clamps* :math:`\min(x, p)`, :math:`\max(x, p)`, and with a *vee*
  :math:`v(x) = \max(a (p - x), b (x - p))`, :math:`f = h \circ v` where the two sides of
  :math:`p` are the same function at different speed;
* *separators*: if :math:`f \le f(p)` left of :math:`p` and :math:`f \ge f(p)` right of it, or
  conversely, then :math:`f(x) = f(\min(x, p)) + f(\max(x, p)) - f(p)`;
* the *fold*: where :math:`f(p)` is the least value,
  :math:`f(x) = f(p) + |f(\min(x, p)) - f(\max(x, p))|`, and inside the absolute value
  :math:`p` is a separator; where it is the greatest, the same for :math:`-f`.

Monotone functions need two hidden layers and convex ones one.  Any other function has a turn.
If no turn is a global extreme, one end of the function lies above all turns and the other
below: where it reaches the level of the highest or lowest turn there is a separator, the
*cut*, beyond which it is monotone.  A fold leaves two sides with fewer turns together.

A plan of least depth, and of these one of the fewest neurons, is returned; with more than three
turns not all steps are tried.  Nothing is claimed about networks that no such plan makes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, TypeAlias, assert_never, final

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.rational import ONE, ZERO
from polyrelax.arithmetic.readable import readable
from polyrelax.expressivity.constructions.shapes import extremes, negative, turns
from polyrelax.expressivity.constructions.steps import (
    Clamp,
    Fold,
    Mirror,
    Split,
    Step,
    look,
    steps,
)
from polyrelax.expressivity.piecewise import Line, Piecewise, Range, ends_of


@final
@readable
@dataclass(frozen=True)
class Straight:
    """An affine function."""

    line: Line
    depth: int = 0
    neurons: int = 0


@final
@readable
@dataclass(frozen=True)
class Curved:
    """A convex or concave function: one hidden layer."""

    function: Piecewise
    depth: int = 1

    @property
    def neurons(self) -> int:
        """The number of neurons: one more than kinks, unless there is a flat piece."""
        return len(self.function.breaks) + all(self.function.slopes)


@final
@readable
@dataclass(frozen=True)
class Monotone:
    """A function that nowhere decreases, or nowhere increases: two hidden layers."""

    function: Piecewise
    depth: int = 2

    @property
    def neurons(self) -> int:
        """The number of neurons."""
        return 2 * sum(map(bool, self.function.slopes))


@final
@readable
@dataclass(frozen=True)
class Clamped:
    """A plan on the part of the inputs between two ends, of the inputs clamped to it."""

    inner: Plan
    ends: Range

    @property
    def depth(self) -> int:
        """The number of hidden layers."""
        return self.inner.depth + self.neurons - self.inner.neurons

    @property
    def neurons(self) -> int:
        """The number of neurons."""
        return self.inner.neurons + sum(end is not None for end in self.ends)


@final
@readable
@dataclass(frozen=True)
class Folded:
    """The function ``level + sign |inner|``."""

    inner: Plan
    level: Fraction
    sign: Fraction

    @property
    def depth(self) -> int:
        """The number of hidden layers."""
        return self.inner.depth + 1

    @property
    def neurons(self) -> int:
        """The number of neurons."""
        return self.inner.neurons + 2


@final
@readable
@dataclass(frozen=True)
class Mirrored:
    """A plan on numbers from 0 on, of ``max(left (p - x), right (x - p))``."""

    inner: Plan
    place: Fraction
    left: Fraction
    right: Fraction

    @property
    def depth(self) -> int:
        """The number of hidden layers."""
        return self.inner.depth + 1

    @property
    def neurons(self) -> int:
        """The number of neurons."""
        return self.inner.neurons + 2


@final
@readable
@dataclass(frozen=True)
class Summed:
    """The sum of two or more plans that have hidden layers, and a constant."""

    parts: tuple[Part, ...]
    offset: Fraction

    @property
    def depth(self) -> int:
        """The number of hidden layers."""
        return max(part.plan.depth for part in self.parts)

    @property
    def neurons(self) -> int:
        """The number of neurons, those counted that wait for deeper parts."""
        waiting = sum((self.depth - part.plan.depth) * part.carriers for part in self.parts)
        return sum(part.plan.neurons for part in self.parts) + waiting


@final
@readable
@dataclass(frozen=True)
class Part:
    """A summand with its infimum and supremum, ``None`` where it is unbounded."""

    plan: Plan
    least: Fraction | None
    greatest: Fraction | None

    @property
    def carriers(self) -> int:
        """How many stable neurons it takes to carry the values past a layer."""
        return 2 if self.least is None and self.greatest is None else 1


Plan: TypeAlias = Straight | Curved | Monotone | Clamped | Folded | Mirrored | Summed


FEW_TURNS: Final = 3
"""Up to so many turns all plans are tried."""
BEYOND: Final = 2
"""Beyond, so many steps are tried of each function, those that leave the fewest turns."""


def plan(function: Piecewise, within: Range = (None, None)) -> Plan:
    """Return a plan for a function on an interval, all of the line by default.

    >>> rising = Piecewise.of_slopes([1, -1, 1], [2, 3], at_first_kink=2)
    >>> plan(rising).depth, plan(Piecewise.of_slopes([-1, 1, -1, 1], [-1, 0, 1])).depth
    (3, 2)
    """
    require(function, Piecewise)
    within = ends_of(within)
    return _Planner().plan(function, within)


@final
@dataclass(frozen=True)
class _Planner:
    """The plans found so far; mutable inside, it remembers them."""

    known: dict[tuple[Piecewise, Range], Plan] = field(default_factory=dict)

    def plan(self, function: Piecewise, within: Range) -> Plan:
        """Return the plan of least depth, and of these one of the fewest neurons."""
        f = function.on(*within)
        if (f, within) not in self.known:
            self.known[f, within] = self._simple(f) or self._best(f, within)
        return self.known[f, within]

    def _simple(self, f: Piecewise) -> Plan | None:
        if not f.breaks:
            return Straight(f.lines[0])
        if f.is_convex or negative(f).is_convex:
            return Curved(f)
        return Monotone(f) if f.is_monotone else None

    def _best(self, f: Piecewise, within: Range) -> Plan:
        found = steps(f, within)
        if turns(f) > FEW_TURNS:
            found = sorted(found, key=look)[:BEYOND]
        plans = [self._made(step, within) for step in found]
        return min(plans, key=lambda each: (each.depth, each.neurons))

    def _made(self, step: Step, within: Range) -> Plan:
        match step:
            case Clamp(f, inside, ends):
                return Clamped(self.plan(f, inside), ends)
            case Mirror(f, end, place, speed):
                return Mirrored(self.plan(f, (ZERO, end)), place, speed, ONE)
            case Fold(f, level, sign):
                return Folded(self.plan(f, within), level, sign)
            case Split(functions, offset):
                parts = (Part(self.plan(g, within), *extremes(g, within)) for g in functions)
                return Summed(tuple(parts), offset)
            case _:
                assert_never(step)
