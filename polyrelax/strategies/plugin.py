"""What Hypothesis calls when it is imported, by its entry point.

That may happen while the strategies are being imported themselves, so they are looked up
only when a test asks for one.
"""

from __future__ import annotations

from hypothesis import strategies as st

from polyrelax.networks.layers import Affine
from polyrelax.networks.network import Network
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope
from polyrelax.strategies.code import print_as_code


def register() -> None:
    """Let ``st.from_type`` know constraints, polytopes, affine layers and networks.

    Those in failing examples are printed as Python that can be pasted.

    >>> from hypothesis import find
    >>> find(st.from_type(Polytope), lambda polytope: True)
    Polytope.box(['0'], ['1'])
    """
    print_as_code()
    st.register_type_strategy(Constraint, lambda _: _constraints())
    st.register_type_strategy(Polytope, lambda _: _polytopes())
    st.register_type_strategy(Affine, lambda _: _affine_layers())
    st.register_type_strategy(Network, lambda _: _networks())


def _dimensions() -> st.SearchStrategy[int]:
    return st.integers(1, 3)


def _constraints() -> st.SearchStrategy[Constraint]:
    from polyrelax.strategies import constraints  # noqa: PLC0415  (see above)

    return _dimensions().flatmap(constraints)


def _polytopes() -> st.SearchStrategy[Polytope]:
    from polyrelax.strategies import polytopes  # noqa: PLC0415  (see above)

    return _dimensions().flatmap(polytopes)


def _affine_layers() -> st.SearchStrategy[Affine]:
    from polyrelax.strategies import affine_layers  # noqa: PLC0415  (see above)

    shapes = st.tuples(_dimensions(), _dimensions())
    return shapes.flatmap(lambda shape: affine_layers(*shape))


def _networks() -> st.SearchStrategy[Network]:
    from polyrelax.strategies import networks  # noqa: PLC0415  (see above)

    return _dimensions().flatmap(networks)
