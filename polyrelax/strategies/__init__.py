r"""Hypothesis strategies of exact values, polytopes and networks, for tests of any verifier.

A failing example shrinks to what a person can check by hand: numbers to 0, boxes and
polytopes to the unit box, lower-dimensional polytopes to the origin, networks and functions
to affine maps with few nonzero weights.  All numbers are small rationals.  It is printed as
Python that can be pasted, such as ``network(([[1, "-3/2"]], [1]), ([[2]], [0]))``.

Importing Hypothesis registers the strategies with ``st.from_type`` for ``Constraint``,
``Polytope``, ``Affine`` and ``Network``, in dimensions one to three.

A test of a bound propagation of one's own asks that its bounds contain the exact range:

>>> from hypothesis import given, settings
>>> from polyrelax import exact_range
>>> from polyrelax.strategies import boxes, networks
>>> from polyrelax.relaxations.interval import IBP
>>> @settings(max_examples=5, database=None)
... @given(networks(2, out_dim=1), boxes(2))
... def check(network, box):
...     *_, (mine,) = (s.bounds for s in IBP().sets(network, box))
...     ((least, greatest),) = exact_range(network, box)
...     assert mine.lower <= least <= greatest <= mine.upper
>>> check()
"""

from polyrelax.strategies.functions import breakpoints, cpwl, piecewise
from polyrelax.strategies.geometric import (
    boxes,
    boxes_in,
    constraints,
    flat_polytopes,
    hulls,
    points_in,
    polytopes,
    rationals,
    systems,
    vectors,
)
from polyrelax.strategies.neural import (
    affine_layers,
    mixed_networks,
    networks,
    neuron_networks,
    neurons,
)

__all__ = [
    "affine_layers",
    "boxes",
    "boxes_in",
    "breakpoints",
    "constraints",
    "cpwl",
    "flat_polytopes",
    "hulls",
    "mixed_networks",
    "networks",
    "neuron_networks",
    "neurons",
    "piecewise",
    "points_in",
    "polytopes",
    "rationals",
    "systems",
    "vectors",
]
