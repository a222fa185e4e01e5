from .analysis.compare import compare
from .arithmetic.interval import Interval
from .arithmetic.rational import from_float, from_floats, rational
from .interop.scikit_learn import from_sklearn
from .interop.torch import from_torch
from .networks.layers import Affine, Identity, Neurons, ReLU
from .networks.network import Network, network
from .networks.regions import exact_range, linear_regions
from .polytopes.constraint import Constraint
from .polytopes.polytope import Polytope
from .relaxations.names import relaxation
from .relaxations.trace import Trace, propagate

__version__: str
__all__ = [
    "Affine",
    "Constraint",
    "Identity",
    "Interval",
    "Network",
    "Neurons",
    "Polytope",
    "ReLU",
    "Trace",
    "compare",
    "exact_range",
    "from_float",
    "from_floats",
    "from_sklearn",
    "from_torch",
    "linear_regions",
    "network",
    "propagate",
    "rational",
    "relaxation",
]
