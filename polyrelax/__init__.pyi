from .analysis.compare import compare
from .analysis.tables import latex_table
from .arithmetic.interval import Interval
from .arithmetic.rational import from_float, from_floats, rational
from .interop.pandas import to_dataframe
from .interop.scikit_learn import from_sklearn
from .interop.sympy import to_sympy
from .interop.torch import from_torch
from .networks.adjacency import adjacency_graph
from .networks.layers import Affine, Identity, Neurons, ReLU
from .networks.network import Network, network
from .networks.regions import exact_range, linear_regions
from .polytopes.constraint import Constraint
from .polytopes.faces import face_lattice, vertex_graph
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
    "adjacency_graph",
    "compare",
    "exact_range",
    "face_lattice",
    "from_float",
    "from_floats",
    "from_sklearn",
    "from_torch",
    "latex_table",
    "linear_regions",
    "network",
    "propagate",
    "rational",
    "relaxation",
    "to_dataframe",
    "to_sympy",
    "vertex_graph",
]
