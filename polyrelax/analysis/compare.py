r"""Two or more relaxations of one network, layer by layer.

For sets :math:`S, T` of two traces after the same layer, the comparison tells whether the
box of one contains the other's, how far the bounds are apart, and where the dimension is small,
whether :math:`S \subseteq T`, the ratio of volumes and the facets that only one of them has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from polyrelax.analysis.geometry import Geometry, compare_sets
from polyrelax.arithmetic.arguments import all_of
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ZERO, text
from polyrelax.arithmetic.readable import readable
from polyrelax.errors import DimensionError
from polyrelax.relaxations.display import html_table, intervals_text, layer_names
from polyrelax.relaxations.trace import Trace

LARGEST_COMPARED_DIMENSION = 3


@readable
@dataclass(frozen=True)
class LayerComparison:
    """The bounds of two traces after one layer; ``first`` and ``second`` as compared."""

    layer: int
    first: tuple[Interval, ...]
    second: tuple[Interval, ...]
    geometry: Geometry | None

    @property
    def first_inside(self) -> bool:
        """Whether every bound of the first is at least as tight."""
        return all(b.contains(a) for a, b in zip(self.first, self.second, strict=True))

    @property
    def second_inside(self) -> bool:
        """Whether every bound of the second is at least as tight."""
        return all(a.contains(b) for a, b in zip(self.first, self.second, strict=True))

    @property
    def gap(self) -> Fraction:
        """The largest difference between two corresponding ends."""
        pairs = zip(self.first, self.second, strict=True)
        return max(
            (abs(s - t) for a, b in pairs for s, t in zip(a, b, strict=True)), default=ZERO
        )


@dataclass(frozen=True, repr=False)
class Comparison:
    """Two traces of one network, side by side.

    >>> from polyrelax.networks.gallery import tent
    >>> from polyrelax.polytopes.polytope import Polytope
    >>> from polyrelax.relaxations.names import relaxation
    >>> from polyrelax.relaxations.trace import propagate
    >>> domain = Polytope.box([-1], [1])
    >>> first, second = (propagate(tent(), domain, relaxation(n)) for n in ("p:1", "p:3"))
    >>> last = Comparison(first, second).layers[-1]
    >>> last.second_inside, last.gap
    (True, Fraction(1, 1))
    """

    first: Trace
    second: Trace

    def __repr__(self) -> str:
        return (
            f"Comparison({self.first.relaxation} with {self.second.relaxation}: {self._told()})"
        )

    def _told(self) -> str:
        """Return what the bounds say; what sets say takes longer."""
        pairs = enumerate(zip(self.first.bounds, self.second.bounds, strict=True))
        layers = [LayerComparison(index, *pair, geometry=None) for index, pair in pairs]
        widest = max(layers, key=lambda layer: layer.gap)
        if not widest.gap:
            return "the same bounds"
        tighter = [
            f"{name} is nowhere looser"
            for name, inside in (
                (self.first.relaxation, all(layer.first_inside for layer in layers)),
                (self.second.relaxation, all(layer.second_inside for layer in layers)),
            )
            if inside
        ] or ["each is tighter somewhere"]
        return f"{tighter[0]}, largest difference {text(widest.gap)} after layer {widest.layer}"

    @cached_property
    def layers(self) -> tuple[LayerComparison, ...]:
        """The comparison after each layer, the inputs first."""
        count = len(self.first.network.layers) + 1
        return tuple(self._layer(index) for index in range(count))

    def _layer(self, index: int) -> LayerComparison:
        first, second = self.first.bounds[index], self.second.bounds[index]
        small = len(first) <= LARGEST_COMPARED_DIMENSION
        geometry = (
            compare_sets(self.first.polytope(index), self.second.polytope(index))
            if small
            else None
        )
        return LayerComparison(index, first, second, geometry)

    def _repr_html_(self) -> str:
        names = layer_names(self.first.network.layers)
        rows = [
            (name, intervals_text(layer.first), intervals_text(layer.second), text(layer.gap))
            for name, layer in zip(names, self.layers, strict=True)
        ]
        header = ("layer", self.first.relaxation, self.second.relaxation, "largest difference")
        return html_table(header, rows)


def compare(traces: Sequence[Trace]) -> tuple[Comparison, ...]:
    """Return the comparison of each trace with the next, in the order given.

    Raises :class:`DimensionError` unless all traces are of one network.

    >>> from polyrelax.networks.gallery import tent
    >>> from polyrelax.polytopes.polytope import Polytope
    >>> from polyrelax.relaxations.names import relaxation
    >>> from polyrelax.relaxations.trace import propagate
    >>> domain = Polytope.box([-1], [1])
    >>> traces = [propagate(tent(), domain, relaxation(name)) for name in ("p:1", "p:3")]
    >>> compare(traces)
    (Comparison(p:1 with p:3: p:3 is nowhere looser, largest difference 1 after layer 5),)
    """
    pairs = tuple(pairwise(all_of(traces, Trace, "traces")))
    if any(first.network != second.network for first, second in pairs):
        raise DimensionError("found traces of two networks, expected one network")
    return tuple(Comparison(first, second) for first, second in pairs)
