r"""Layer by layer: what a network makes of a polytope, and what relaxations believe.

A panel shows the values after one layer of width one or two: shaded, those that the network
really takes, :math:`f_i(\dots f_1(X))`, which need not be convex; outlined, the sets of
the relaxations.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from polyrelax.arithmetic.arguments import all_of, listed, numbered, require, wholes
from polyrelax.arithmetic.words import amount
from polyrelax.errors import DimensionError
from polyrelax.networks.input_sets import InputSet, input_set
from polyrelax.networks.layers import Layer, kind
from polyrelax.networks.network import Network
from polyrelax.networks.regions import linear_regions
from polyrelax.plotting.canvas import LEGEND_LINE, as_place, name_axes, panels
from polyrelax.plotting.looks import BLACK, Look, label, look
from polyrelax.plotting.shapes import plot_polytope
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.trace import Relaxation, Trace, propagate, relaxation_of

_TRUE = "true values"
_EXACT = Look(BLACK, opacity=0.35)
_WIDEST = 2


def plot_layers(
    network: Network,
    domain: InputSet,
    relaxations: Iterable[Relaxation | str],
    *,
    axes: Sequence[Axes] | None = None,
) -> list[list[Artist]]:
    """Draw the sets after each layer of width one or two, and return each panel's artists.

    Without ``axes`` a figure with one row of panels and a legend is made, which also says
    which wider layers have no panel.

    >>> from matplotlib.figure import Figure
    >>> from polyrelax.networks.gallery import tent
    >>> from polyrelax.relaxations.layer_hull import LayerHull
    >>> row = Figure().subplots(1, 6)
    >>> drawn = plot_layers(tent(), Polytope.box([-1], [1]), [LayerHull()], axes=row)
    >>> [len(panel) for panel in drawn]
    [2, 2, 3, 3, 5, 3]
    """
    chosen = [relaxation_of(each) for each in listed(relaxations, "relaxations")]
    domain = input_set(network, domain)
    traces = [propagate(network, domain, relaxation) for relaxation in chosen]
    shown = [i for i, width in enumerate(network.widths) if 1 <= width <= _WIDEST]
    if not shown:
        raise DimensionError(f"found widths {network.widths}, expected some of at most two")
    row = panels(len(shown), axes)
    drawn = [_panel(ax, network, domain, traces, i) for ax, i in zip(row, shown, strict=True)]
    if axes is None:
        widest = max(range(len(shown)), key=lambda k: network.widths[shown[k]])
        _legend(row[0], drawn[widest])
        _figure(row[0]).suptitle(not_drawn(network.widths), fontsize="small")
    return drawn


def not_drawn(widths: Sequence[int]) -> str:
    """Return which sets are too wide for a panel; nothing if there are none.

    >>> not_drawn([2, 8, 8, 1]), not_drawn([2, 1])
    ('not drawn: 8 values after 1-2 layers', '')
    """
    widths = wholes(widths, "widths")
    parts: list[str] = []
    for width, group in groupby(enumerate(widths), key=itemgetter(1)):
        places = [index for index, _ in group]
        first, last = places[0], places[-1]
        if width > _WIDEST:
            count = f"{first}-{last}" if first < last else f"{first}"
            noun = "layer" if count == "1" else "layers"
            parts.append(f"{amount(width, 'value')} after {count} {noun}")
    return f"not drawn: {', '.join(parts)}" if parts else ""


def title(layers: Sequence[Layer], index: int) -> str:
    """Return what the panel after ``index`` layers is called.

    >>> from polyrelax.networks.layers import ReLU
    >>> title([ReLU(2)], 0), title([ReLU(2)], 1)
    ('input', 'after ReLU')
    """
    layers = listed(layers, "layers")
    index = numbered(index, len(layers) + 1, "panel")
    return f"after {kind(layers[index - 1])}" if index else "input"


def _panel(
    ax: Axes, network: Network, domain: Polytope, traces: Sequence[Trace], index: int
) -> list[Artist]:
    """Draw the sets of all traces and the true values after ``index`` layers."""
    images = true_values(network, domain, index)
    ax.set_title(title(network.layers, index), fontsize="medium")
    variable = f"v^{{({index})}}" if index else "x"
    if network.widths[index] == 1:
        name_axes(ax, f"${variable}$")
        return _bars(ax, traces, images, index)
    name_axes(ax, f"${variable}_0$", f"${variable}_1$")
    ax.set_aspect("equal", adjustable="datalim")
    return draw_areas(ax, {t.relaxation: t.polytope(index) for t in traces}, images)


def true_values(network: Network, domain: Polytope, index: int) -> tuple[Polytope, ...]:
    """Return the images of the linear regions after ``index`` layers, each once.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> [str(p.bounds[0]) for p in true_values(absolute_value(), Polytope.box([-2], [1]), 3)]
    ['[0, 2]', '[0, 1]']
    """
    require(network, Network)
    regions = linear_regions(network.prefix(index), domain)
    images = (r.cell.affine_map(r.linear.weight, r.linear.bias) for r in regions)
    return tuple(dict.fromkeys(images))


def draw_areas(
    ax: Axes, relaxed: Mapping[str, Polytope], images: Iterable[Polytope]
) -> list[Artist]:
    """Draw the polygons of relaxations, by name, and the true values, which come last.

    Their outlines are thin, so that both are seen where a relaxation is exact.
    """
    require(relaxed, Mapping, "polytopes by their names")
    all_of(relaxed.values(), Polytope, "polytopes")
    images = all_of(images, Polytope, "polytopes")
    styles = {name: look(name)._replace(opacity=0.12) for name in relaxed}
    artists = [
        plot_polytope(relaxed[name], ax=ax, look=style, label=label(name), linewidth=2.5)
        for name, style in styles.items()
    ]
    for artist, style in zip(artists, styles.values(), strict=True):
        if style.dashes == "solid":  # below the dashes of others, if they coincide
            artist.set_zorder(artist.get_zorder() - 0.1)
    return artists + [
        plot_polytope(p, ax=ax, look=_EXACT, label=_TRUE, linewidth=1) for p in images
    ]


def _bars(
    ax: Axes, traces: Sequence[Trace], images: Sequence[Polytope], index: int
) -> list[Artist]:
    """Draw intervals one above the other, the true values lowest."""
    artists: list[Artist] = []
    for height, trace in zip(range(len(traces), 0, -1), traces, strict=True):
        style = look(trace.relaxation)
        ends = [as_place(end) for end in trace.sets[index].bounds[0]]
        (line,) = ax.plot(ends, [height] * 2, color=style.colour, marker="|", linewidth=3)
        line.set(linestyle=style.dashes, solid_capstyle="butt")
        line.set_label(label(trace.relaxation))
        artists.append(line)
    for image in images:
        ends = [as_place(end) for end in image.bounds[0]]
        shade = to_rgba(_EXACT.colour, _EXACT.opacity)  # as that of areas in the plane
        (bar,) = ax.barh(0, ends[1] - ends[0], 0.4, ends[0], color=shade, edgecolor=BLACK)
        bar.set_label(_TRUE)
        bar.sticky_edges.x.clear()  # a margin beside them, as beside the others
        artists.append(bar)
    ax.autoscale_view()
    ax.set_ylim(-1, len(traces) + 1)
    ax.yaxis.set_visible(False)
    return artists


def _legend(ax: Axes, artists: Sequence[Artist]) -> None:
    handles = {str(artist.get_label()): artist for artist in artists}
    _figure(ax).legend(
        handles=list(handles.values()),
        loc="outside lower center",
        ncols=6,
        frameon=False,
        handlelength=LEGEND_LINE,
    )


def _figure(ax: Axes) -> Figure:
    figure = ax.get_figure(root=True)
    assert figure is not None  # axes of a figure, as matplotlib makes no others
    return figure
