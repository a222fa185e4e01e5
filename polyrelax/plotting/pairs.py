r"""Two neurons of a layer side by side: which pairs of values relaxations allow.

Of a relaxed set :math:`S` after a layer this draws the shadow
:math:`\{(y_i, y_j) : y \in S\}`, found from supports of :math:`S` alone, so that the layer may
be wide.  Triangles see :math:`y_i` and :math:`y_j` one by one, k-ReLU sees them together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.artist import Artist
from matplotlib.axes import Axes

from polyrelax.arithmetic.arguments import all_of, exactly, require, whole, wholes
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ZERO, Vector
from polyrelax.errors import DimensionError, EmptySetError, LayerIndexError
from polyrelax.plotting.canvas import name_axes, plane
from polyrelax.plotting.layers import draw_areas, true_values
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.support import Support
from polyrelax.relaxations.relaxed_set import RelaxedSet, explicit_polytope
from polyrelax.relaxations.trace import Trace


def relaxed_pair(trace: Trace, index: int, pair: tuple[int, int]) -> Polytope:
    """Return the pairs of values after ``index`` layers that the relaxed set there allows.

    >>> from polyrelax.networks.gallery import two_relu_example
    >>> from polyrelax.relaxations.multi_neuron import KReLU
    >>> from polyrelax.relaxations.trace import propagate
    >>> square = Polytope.box([-1, -1], [1, 1])
    >>> trace = propagate(two_relu_example(), square, KReLU(2))
    >>> [str(facet) for facet in relaxed_pair(trace, 2, (0, 1)).facets]
    ['-x0 <= 0', '-x1 <= 0', 'x0 + x1 <= 2']
    """
    require(trace, Trace)
    index = whole(index, "an index")
    wholes(exactly(pair, 2, "two neurons"), "two neurons")
    if not 0 <= index < len(trace.sets):
        raise LayerIndexError(f"found layer {index}, expected 0 to {len(trace.sets) - 1}")
    relaxed = trace.sets[index]
    if len(set(pair)) != 2 or not all(0 <= neuron < relaxed.dim for neuron in pair):
        raise DimensionError(
            f"found neurons {list(pair)}, expected two different ones of {relaxed.dim}"
        )
    return explicit_polytope(_Shadow(relaxed, pair))


def plot_pair(
    domain: Polytope,
    traces: Sequence[Trace],
    *,
    index: int,
    pair: tuple[int, int] = (0, 1),
    ax: Axes | None = None,
) -> list[Artist]:
    """Draw the pairs of values after ``index`` layers: those of traces, then the true ones.

    The traces are of one network over ``domain``.

    >>> from matplotlib.figure import Figure
    >>> from polyrelax.networks.gallery import two_relu_example
    >>> from polyrelax.relaxations.trace import propagate
    >>> from polyrelax.relaxations.triangle import Triangle
    >>> square, axes = Polytope.box([-1, -1], [1, 1]), Figure().subplots()
    >>> trace = propagate(two_relu_example(), square, Triangle())
    >>> [artist.get_label() for artist in plot_pair(square, [trace], index=2, ax=axes)][:2]
    ['triangle', 'true values']
    """
    traces = all_of(traces, Trace, "traces")
    require(domain, Polytope)
    index = whole(index, "an index")
    wholes(exactly(pair, 2, "two neurons"), "two neurons")
    axes = plane(ax)
    if not traces:
        raise EmptySetError("found no traces, expected at least one to draw")
    polygons = {trace.relaxation: relaxed_pair(trace, index, pair) for trace in traces}
    name_axes(axes, *(f"$v^{{({index})}}_{{{neuron}}}$" for neuron in pair))
    axes.set_aspect("equal", adjustable="datalim")
    images = true_values(traces[0].network, domain, index)
    return draw_areas(axes, polygons, dict.fromkeys(p.project(pair) for p in images))


@dataclass(frozen=True)
class _Shadow:
    """The projection of a relaxed set to two coordinates."""

    whole: RelaxedSet
    pair: tuple[int, int]

    @property
    def dim(self) -> int:
        return 2

    @property
    def bounds(self) -> tuple[Interval, ...]:
        return tuple(self.whole.bounds[neuron] for neuron in self.pair)

    def support(self, direction: Vector) -> Support:
        entries = dict(zip(self.pair, direction, strict=True))
        found = self.whole.support(tuple(entries.get(j, ZERO) for j in range(self.whole.dim)))
        return Support(found.value, tuple(found.point[neuron] for neuron in self.pair))
