"""Exact convex relaxations of ReLU networks.

The names below are enough to bound a network; every room documents the rest.  They are
listed in the stub beside this file and loaded when first used.

>>> from polyrelax import Polytope, network, propagate, relaxation
>>> magnitude = network(([[1], [-1]], [0, 0]), ([[1, 1]], [0]))
>>> print(propagate(magnitude, Polytope.box([-1], [1]), relaxation("triangle")).output[0])
[0, 1]
"""

import lazy_loader

_listed, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
# A star asks for no extra.
__all__ = [name for name in __all__ if name not in {"from_torch", "to_dataframe"}]


def __getattr__(name: str) -> object:
    if name != "__version__":
        return _listed(name)
    # Takes longer to import than all that is here.
    from importlib.metadata import version  # noqa: PLC0415

    return version("polyrelax")
