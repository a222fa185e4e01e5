"""Five pictures look as they did when a person last looked at them.

``make test`` compares them with the images in ``baseline/``; text is left out, as fonts differ.
After an intended change, look at what this command writes, and commit it:

    pytest tests/plotting/test_images.py --mpl-generate-path tests/plotting/baseline
"""

from __future__ import annotations

import pytest
from matplotlib.figure import Figure

from polyrelax.networks.gallery import section_three_example, tent, two_relu_example
from polyrelax.plotting import (
    plot_extent,
    plot_layers,
    plot_pair,
    plot_polytope,
    plot_radii,
    plot_regions,
    plot_relaxations,
    plot_surface,
    relaxed_function,
)
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate
from tests.plotting.brackets import bracket

pytest.importorskip("pytest_mpl", reason="pytest-mpl is not installed")

SQUARE = Polytope.box([-1, -1], [1, 1])
looks_as_before = pytest.mark.mpl_image_compare(
    baseline_dir="baseline",
    remove_text=True,
    style="default",
    tolerance=2,
    savefig_kwargs={"dpi": 50},
)


@looks_as_before
def test_relaxations_of_a_neuron() -> Figure:
    figure = Figure((8, 3), layout="constrained")
    one, two = figure.subplots(1, 2)
    plot_relaxations([relaxation(name) for name in ("ibp", "triangle")], -1, 2, ax=one)
    plot_relaxations([relaxation(name) for name in ("dp0", "dp1")], -1, 2, ax=two)
    return figure


@looks_as_before
def test_layer_by_layer() -> Figure:
    figure = Figure((12, 2.5), layout="constrained")
    names = ("ibp", "p:1")
    plot_layers(
        tent(),
        Polytope.box([-1], [1]),
        [relaxation(name) for name in names],
        axes=figure.subplots(1, 6),
    )
    return figure


@looks_as_before
def test_a_surface_in_what_triangles_allow_and_its_extent() -> Figure:
    figure, network = Figure((8, 4), layout="constrained"), section_three_example()
    space, plane = figure.add_subplot(1, 2, 1, projection="3d"), figure.add_subplot(1, 2, 2)
    plot_polytope(relaxed_function(network, SQUARE, relaxation("triangle")), ax=space)
    plot_surface(network, SQUARE, ax=space)
    plot_extent(network, SQUARE, relaxation("triangle"), ax=plane)
    return figure


@looks_as_before
def test_pairs_of_neurons_and_regions() -> Figure:
    figure = Figure((8, 4), layout="constrained")
    one, two = figure.subplots(1, 2)
    traces = [
        propagate(two_relu_example(), SQUARE, relaxation(name))
        for name in ("triangle", "krelu:2")
    ]
    plot_pair(SQUARE, traces, index=2, ax=one)
    plot_regions(section_three_example(), SQUARE, ax=two, write_patterns=False)
    return figure


@looks_as_before
def test_certified_radii_and_counterexamples() -> Figure:
    figure = Figure((4, 3), layout="constrained")
    radii = {"lp-greedy": (3, 2, 4), "lp-all": (4, 2, 5), "krelu:2": (5, 4, 5)}
    upper = (9, 6, None)
    plot_radii(
        {name: dict(enumerate(map(bracket, lower, upper))) for name, lower in radii.items()},
        ax=figure.subplots(),
    )
    return figure
