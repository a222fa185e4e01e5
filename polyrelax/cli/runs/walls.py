"""What is said before a relaxation that will not end soon, and before one that cannot begin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import Final

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.words import amount
from polyrelax.cli.requests.problem import Problem
from polyrelax.cli.runs.meter import duration, span
from polyrelax.cli.terminal.failures import describe
from polyrelax.cli.terminal.output import note
from polyrelax.errors import PolyrelaxError, TooLargeError
from polyrelax.networks.layers import bending
from polyrelax.polytopes.boxes import MOST_FREE_COORDINATES
from polyrelax.relaxations.choices import ROUNDING_BITS, rounding
from polyrelax.relaxations.cost import Cost, cost
from polyrelax.relaxations.counts import free_inputs
from polyrelax.relaxations.cross_layer import CrossLayer
from polyrelax.relaxations.exact import Exact
from polyrelax.relaxations.layer_hull import LayerHull
from polyrelax.relaxations.layerwise import unstable
from polyrelax.relaxations.multi_neuron import LayerNeurons
from polyrelax.relaxations.names import SCALABLE, relaxation
from polyrelax.relaxations.phases.estimates import is_by_phases
from polyrelax.relaxations.progress import Kind
from polyrelax.relaxations.relaxed_set import LARGEST_EXPLICIT_DIMENSION
from polyrelax.relaxations.trace import Relaxation, propagate

LONG: Final = 10.0
"""From so many seconds on, as expected, a relaxation is announced."""
_QUICK: Final = 2.0
"""Seconds that counting unstable neurons may take beyond interval bounds."""
_INSTEAD: Final = ("exact", "p:1", "krelu:2", "triangle", "crown", "ibp")
"""What to use instead, from the tightest on."""
_KINDS: Final = {
    Kind.SUBSTITUTION: ("back-substitution", "back-substitutions"),
    Kind.PROGRAM: ("linear program", "linear programs"),
    Kind.HULL: ("hull", "hulls"),
    Kind.REGION: ("corner of a linear region", "corners of linear regions at most"),
}


def announced(problem: Problem, methods: Sequence[Relaxation]) -> list[tuple[Relaxation, Cost]]:
    """Return relaxations with what they may take, and note which of them may take long.

    Raises :class:`TooLargeError` for one that cannot begin.
    """
    outlook = Outlook(problem)
    found = outlook.costs(methods)
    for method, each in found:
        if each.seconds > LONG:
            note(outlook.warning(method, each))
    return found


@dataclass(frozen=True)
class Outlook:
    """What is known of a problem before relaxations run."""

    problem: Problem

    def costs(self, methods: Sequence[Relaxation]) -> list[tuple[Relaxation, Cost]]:
        """Return relaxations with what they may take, none of which is too large to begin."""
        found = [(method, self.cost(method)) for method in methods]
        for method in methods:
            self.require_possible(method)
        return found

    def cost(self, method: Relaxation) -> Cost:
        """Return what a relaxation may take: all neurons are counted unless that is long."""
        network, domain = self.problem.network, self.problem.domain
        most = tuple(len(bending(layer)) for layer in network.layers)
        found = cost(method, network, domain, most)
        return found if found.seconds < LONG else cost(method, network, domain, self.unstable)

    @cached_property
    def unstable(self) -> tuple[int, ...]:
        """The number of unstable neurons of each layer, by bounds that take little time."""
        boxes = self._boxes
        layers = zip(self.problem.network.layers, boxes, strict=False)
        return tuple(len(unstable(layer, box)) for layer, box in layers)

    @property
    def _boxes(self) -> Sequence[tuple[Interval, ...]]:
        network, domain = self.problem.network, self.problem.domain
        loose = propagate(network, domain, relaxation("ibp", ROUNDING_BITS)).bounds
        crown = relaxation("crown", ROUNDING_BITS)
        if cost(crown, network, domain, ()).seconds > _QUICK:
            return loose
        tight = propagate(network, domain, crown).bounds
        pairs = zip(loose, tight, strict=True)
        return [tuple(map(Interval.meet, *pair)) for pair in pairs]

    def warning(self, method: Relaxation, found: Cost) -> str:
        """Return the line about a relaxation that may take long."""
        work = " and ".join(_counts(found))
        less = found.seconds / 10
        time = span(found.seconds, rests_on_hulls=found.rests_on_hulls())
        return (
            f"{method.name} may take long, roughly {time}: {work}, as "
            f"{self._neurons()}; {self._rounding(method, less)}{self._instead(less)}"
            "--time SECONDS prints what is proved by then"
        )

    def _rounding(self, method: Relaxation, limit: float) -> str:
        """Return what a relaxation takes with rounding, if that is less than a limit."""
        found = self.cost(relaxation(method.name, ROUNDING_BITS)).seconds
        if method.bits is not None or found >= limit:
            return ""
        return f"with --bits {ROUNDING_BITS} it takes roughly {duration(found)}; "

    def require_possible(self, method: Relaxation) -> None:
        """Raise :class:`TooLargeError`, with what to use instead, for what cannot be done."""
        reason = self._obstacle(method)
        if reason:
            raise TooLargeError(f"{method.name}: {reason}; {self._way_out()}")

    def naming_way_out(self, name: str, error: Exception) -> Exception:
        """Return an error that says which relaxation failed, and what to use instead."""
        if isinstance(error, TooLargeError):
            return TooLargeError(f"{name}: {error}; {self._way_out()}")
        return PolyrelaxError(f"{name}: {describe(error)}; {self._way_out()}")

    def _way_out(self) -> str:
        others = ", ".join(SCALABLE)
        return f"{self._neurons()}; {self._instead(inf)}for any size there are {others}"

    def _obstacle(self, method: Relaxation) -> str:
        network, free = self.problem.network, free_inputs(self.problem.domain)
        widths = [layer.in_dim for layer in network.layers if bending(layer)]
        widest, most = max(widths, default=0), LARGEST_EXPLICIT_DIMENSION
        if isinstance(method, LayerNeurons) and widest > most:
            return f"found a layer of {amount(widest, 'value')}, expected at most {most}"
        by_corners = isinstance(method, LayerHull | CrossLayer) or (
            isinstance(method, Exact) and not is_by_phases(network, self.unstable, free)
        )
        if by_corners and free > MOST_FREE_COORDINATES:
            return (
                f"found {amount(free, 'input')} that vary, expected at most "
                f"{MOST_FREE_COORDINATES}"
            )
        return ""

    def _neurons(self) -> str:
        """Return how many neurons are unstable, by bounds that take little time."""
        count, total = sum(self.unstable), self.problem.network.neuron_count
        return f"at most {count:,} of {amount(total, 'neuron is', 'neurons are')} unstable"

    def _instead(self, limit: float) -> str:
        """Return the tightest relaxation that takes less time than a limit."""
        for name in _INSTEAD:
            method = relaxation(name, rounding(None, self.problem.network))
            if not self._obstacle(method) and (found := self.cost(method).seconds) < limit:
                return f"{name} takes roughly {duration(found)}; "
        return ""


def _counts(found: Cost) -> Iterator[str]:
    """Yield how many pieces there are of the kinds that take a tenth of the time."""
    for kind, (one, many) in _KINDS.items():
        efforts = [effort for layer in found.layers for effort in layer if effort.kind is kind]
        if sum(effort.seconds for effort in efforts) > found.seconds / 10:
            count = found.total(kind)
            yield f"{number(count)} {one if count == 1 else many}"


def number(count: int) -> str:
    """Return a count for the eye.

    >>> number(1234), number(10**12)
    ('1,234', '1e+12')
    """
    return f"{count:,}" if count < 10**9 else f"{count:.0e}"
