"""Pictures, by matplotlib: polytopes, relaxations of the ReLU, regions, layers, widths.

Every function draws on the axes ``ax`` (by default the current ones), returns the artists
that it made, and shows nothing.  Axes keep the labels that they have; those without get
the names of the coordinates.  Colours are those of Okabe and Ito, which colour-blind
readers tell apart, and every relaxation has a line style as well, for print.

``plt.style.use("polyrelax.plotting.print")`` is a style for papers.
"""

from polyrelax.plotting.functions import plot_function
from polyrelax.plotting.layers import plot_layers
from polyrelax.plotting.looks import Look, label
from polyrelax.plotting.neurons import plot_relaxations, plot_relu_graph, relaxed_graph
from polyrelax.plotting.regions import plot_adjacency, plot_regions
from polyrelax.plotting.shapes import plot_polytope
from polyrelax.plotting.widths import plot_widths

__all__ = [
    "Look",
    "label",
    "plot_adjacency",
    "plot_function",
    "plot_layers",
    "plot_polytope",
    "plot_regions",
    "plot_relaxations",
    "plot_relu_graph",
    "plot_widths",
    "relaxed_graph",
]
