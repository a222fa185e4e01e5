"""Pictures, by matplotlib: polytopes, relaxations, regions, surfaces, layers, searches, radii.

Every function draws on the axes ``ax`` (by default the current ones), returns the artists
that it made, and shows nothing.  Axes keep the labels that they have; those without get
the names of the coordinates.  Colours are those of Okabe and Ito, which colour-blind
readers tell apart, and every relaxation has a line style as well, for print.

``plt.style.use("polyrelax.plotting.print")`` is a style for papers.
"""

from polyrelax.plotting.answers import plot_answers
from polyrelax.plotting.canvas import legend_beside
from polyrelax.plotting.functions import plot_function
from polyrelax.plotting.layers import plot_layers
from polyrelax.plotting.looks import Look, label
from polyrelax.plotting.neurons import plot_relaxations, plot_relu_graph, relaxed_graph
from polyrelax.plotting.pairs import plot_pair, relaxed_pair
from polyrelax.plotting.radii import plot_radii
from polyrelax.plotting.regions import plot_adjacency, plot_regions
from polyrelax.plotting.searches import plot_gaps, plot_progress, stored_gaps
from polyrelax.plotting.shapes import plot_polytope
from polyrelax.plotting.surfaces import plot_extent, plot_surface, relaxed_function
from polyrelax.plotting.widths import plot_widths

__all__ = [
    "Look",
    "label",
    "legend_beside",
    "plot_adjacency",
    "plot_answers",
    "plot_extent",
    "plot_function",
    "plot_gaps",
    "plot_layers",
    "plot_pair",
    "plot_polytope",
    "plot_progress",
    "plot_radii",
    "plot_regions",
    "plot_relaxations",
    "plot_relu_graph",
    "plot_surface",
    "plot_widths",
    "relaxed_function",
    "relaxed_graph",
    "relaxed_pair",
    "stored_gaps",
]
