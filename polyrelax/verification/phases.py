r"""Cases of properties decided by branch and bound on unstable neurons, whatever the inputs.

A case asks for :math:`\langle c_i, f(x)\rangle \le b_i` for all rows :math:`i`, or for
:math:`<` in all.  It occurs if and only if the maximum of

.. math:: \min_i \; b_i - \langle c_i, f(x)\rangle

over its inputs is at least 0, or above 0.  The minimum of forms is a network of rectifiers
itself, :math:`\min(s, t) = t - \max(t - s, 0)`, whose triangles are exact where it is
maximised.  So the search for the maximum (:mod:`polyrelax.relaxations.phases`) decides: it ends
as soon as an input attains this, or when all cases of phases are bounded by less.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice
from typing import Final, final

from polyrelax.arithmetic.arguments import all_of, require, require_function
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.limbs import Integers
from polyrelax.arithmetic.rational import ONE, ZERO, SparseVector, Vector
from polyrelax.networks.images import layer_box
from polyrelax.networks.layers import Affine, Identity, Layer, ReLU
from polyrelax.networks.network import Network
from polyrelax.networks.properties import Case, Row
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.barrier import LP_ALL
from polyrelax.relaxations.phases.extremes import MaximumSearch
from polyrelax.relaxations.phases.reduced import Reduced
from polyrelax.relaxations.trace import Trace
from polyrelax.verification.halves import HardBox
from polyrelax.verification.halves_kernel import ENDS
from polyrelax.verification.verdicts import PhaseTree

_FEW: Final = 40
_MOST_CASES: Final = 200
"""Boxes with more unstable neurons, or more cases, are halved instead."""
_MOST: Final = 2048
"""Neurons up to which forms of unstable ones are written down: a million numbers or two."""


def least_slack(rows: Sequence[Row], width: int) -> Network:
    """Return the network of the least of what some rows' offsets exceed their forms by.

    >>> rows = [Row((), ((0, ONE),), Fraction(3)), Row((), ((0, -ONE),), Fraction(1))]
    >>> [int(least_slack(rows, 1)((Fraction(y),))[0]) for y in (-3, 0, 2)]
    [-2, 1, 1]
    """
    rows = all_of(rows, Row, "rows")
    forms = tuple(tuple((j, -c) for j, c in row.outputs) for row in rows)
    layers: list[Layer] = [Affine(forms, tuple(row.offset for row in rows), width)]
    count = len(rows)
    while count > 1:
        layers += _halved(count)
        count = (count + 1) // 2
    return Network(tuple(layers))


def _halved(count: int) -> tuple[Layer, ...]:
    """Return the layers that leave the lesser of the values 0 and 1, of 2 and 3, and so on."""
    pairs = [(j, j + 1) for j in range(0, count - 1, 2)]
    kept: list[SparseVector] = [((j, ONE),) for j in range(1, count, 2)]
    kept += [((count - 1, ONE),)] if count % 2 else []
    differences: list[SparseVector] = [((j, -ONE), (k, ONE)) for j, k in pairs]
    split = Affine((*kept, *differences), (ZERO,) * (len(kept) + len(pairs)), count)
    bend = ReLU(split.out_dim, tuple(range(len(kept), split.out_dim)))
    lesser: list[SparseVector] = [((k, ONE), (len(kept) + k, -ONE)) for k in range(len(pairs))]
    lesser += [((j, ONE),) for j in range(len(pairs), len(kept))]
    return split, bend, Affine(lesser, (ZERO,) * len(kept), split.out_dim)


@final
@dataclass(frozen=True)
class Phases:
    """The search on a network; mutable inside, it remembers the network on a set of inputs.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> above = Row((), ((0, -ONE),), -ONE)
    >>> cases = [Case(Polytope.box([-1], [end]), (above,)) for end in ("1/2", 1)]
    >>> phases = Phases(absolute_value())
    >>> phases.can_decide(cases[0]), phases.decide(cases[0], lambda: None)
    (True, (Fraction(-1, 1),))
    """

    network: Network
    known: dict[Polytope, tuple[Trace, Reduced]] = field(default_factory=dict)

    def can_decide(self, case: Case) -> bool:
        """Whether a case is one of outputs, strict or not, of a network of rectifiers.

        Networks of very many neurons are left to others.
        """
        require(case, Case)
        if self.network.neuron_count > _MOST:
            return False
        rectified = all(isinstance(x, Affine | Identity | ReLU) for x in self.network.layers)
        of_outputs = all(row.outputs and not row.inputs for row in case.rows)
        strict = {row.is_strict for row in case.rows}
        return rectified and of_outputs and len(strict) == 1

    def decide(self, case: Case, tell: Callable[[], None]) -> Vector | PhaseTree | None:
        """Return an input at which a case occurs, or a tree that excludes it.

        ``None`` stands for a tree about more than one row.  ``tell`` is called again and
        again; what it raises ends the search.
        """
        require(case, Case)
        require_function(tell)
        is_single = len(case.rows) == 1
        trace, reduced = self._on(case.inputs) if is_single else self._least(case)
        direction, offset = self._form(case.rows[0]) if is_single else ((ONE,), ZERO)
        enough = _enough(offset, is_strict=case.rows[0].is_strict)
        search = MaximumSearch(reduced, direction, enough=enough)
        for _ in search.run():
            tell()
            if search.best is not None and not enough(search.best.value):
                break
        if search.best is not None and not enough(search.best.value):
            return search.best.point
        return PhaseTree(trace, case.inputs, search.bounded()) if is_single else None

    def _on(self, inputs: Polytope) -> tuple[Trace, Reduced]:
        if inputs not in self.known:
            self.known[inputs] = _reduced(self.network, inputs)
        return self.known[inputs]

    def _least(self, case: Case) -> tuple[Trace, Reduced]:
        whole = least_slack(case.rows, self.network.out_dim) @ self.network
        return _reduced(whole, case.inputs)

    def _form(self, row: Row) -> tuple[Vector, Fraction]:
        """Return the opposite of a row's form, and its offset."""
        outputs = dict(row.outputs)
        form = (-outputs.get(j, ZERO) for j in range(self.network.out_dim))
        return tuple(form), row.offset


@final
@dataclass(frozen=True)
class HardBoxes:
    """Boxes in which few neurons are unstable, decided by phases for all rows of a case.

    ``network`` has affine layers and rectifiers in turns.
    """

    network: Network
    whole: Network
    is_strict: bool

    @classmethod
    def of(cls, network: Network, rows: Sequence[Row]) -> HardBoxes | None:
        """Return the decision for rows of outputs, ``None`` if some are strict and some not."""
        strict = {row.is_strict for row in rows}
        if len(strict) != 1:
            return None
        return cls(network, least_slack(rows, network.out_dim) @ network, strict.pop())

    def decide(self, hard: HardBox) -> Vector | bool:
        """Return an input of the box that satisfies all rows, or whether none does.

        ``False`` if that takes too many cases.
        """
        if ((hard.lower < 0) & (hard.upper > 0)).sum() > _FEW:
            return False
        low, up = ([Fraction(x, 1 << ENDS) for x in end] for end in hard.box.tolist())
        reduced = Reduced.of(self.whole, Polytope.box(low, up), self._boxes(hard))
        enough = _enough(ZERO, is_strict=self.is_strict)
        search = MaximumSearch(reduced, (ONE,), enough=enough)
        for _ in islice(search.run(), _MOST_CASES):
            if search.best is not None and not enough(search.best.value):
                return search.best.point
        return search.tree.first is None

    def _boxes(self, hard: HardBox) -> list[tuple[Interval, ...]]:
        """Return bounds of the values after each layer."""
        found: list[tuple[Interval, ...]] = [_intervals(*hard.box)]
        for i, layer in enumerate(self.whole.layers):
            k, rest = divmod(i, 2)
            if i + 1 < len(self.network.layers) and not rest:
                some = slice(layer.out_dim)
                found.append(_intervals(hard.lower[k, some], hard.upper[k, some]))
            else:
                found.append(layer_box(layer, found[-1]))
        return found


def _intervals(lower: Integers, upper: Integers) -> tuple[Interval, ...]:
    pairs = zip(lower.tolist(), upper.tolist(), strict=True)
    return tuple(Interval(Fraction(a, 1 << ENDS), Fraction(b, 1 << ENDS)) for a, b in pairs)


def _enough(offset: Fraction, *, is_strict: bool) -> Callable[[Fraction], bool]:
    """Return whether a bound of the slack without its offset shows that a case is nowhere."""
    return lambda value: value + offset < 0 or (is_strict and value + offset == 0)


def _reduced(network: Network, inputs: Polytope) -> tuple[Trace, Reduced]:
    """Return a network on inputs, by bounds on the least box around these."""
    ends = inputs.bounds
    box = Polytope.box([x.lower for x in ends], [x.upper for x in ends])
    trace = LP_ALL.trace(network, box)
    return trace, Reduced.of(network, inputs, trace.bounds)
