"""Exact convex relaxations of ReLU networks.

The names below are enough to bound a network; every room documents the rest.

>>> domain = Polytope.box([-1], [1])
>>> magnitude = network(([[1], [-1]], [0, 0]), ([[1, 1]], [0]))
>>> print(propagate(magnitude, domain, relaxation("triangle")).output[0])
[0, 1]
"""

from polyrelax.analysis.compare import compare
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import from_float, rational
from polyrelax.networks.layers import Affine, Identity, ReLU
from polyrelax.networks.network import Network, network
from polyrelax.networks.regions import exact_range, linear_regions
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import Trace, propagate

__all__ = [
    "Affine",
    "Constraint",
    "Identity",
    "Interval",
    "Network",
    "Polytope",
    "ReLU",
    "Trace",
    "compare",
    "exact_range",
    "from_float",
    "linear_regions",
    "network",
    "propagate",
    "rational",
    "relaxation",
]


def __getattr__(name: str) -> str:
    if name != "__version__":
        raise AttributeError(f"module 'polyrelax' has no attribute {name!r}")
    from importlib.metadata import version  # noqa: PLC0415  (slow, and seldom asked for)

    return version("polyrelax")
