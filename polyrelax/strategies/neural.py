"""Strategies of layers and networks."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from polyrelax.networks.layers import Affine, Layer, ReLU
from polyrelax.networks.network import Network
from polyrelax.strategies.geometric import vectors


def affine_layers(in_dim: int, out_dim: int) -> st.SearchStrategy[Affine]:
    """Return a strategy of affine layers with small weights, which shrink to zero maps.

    >>> from hypothesis import find
    >>> find(affine_layers(2, 1), lambda layer: True).weight
    ((Fraction(0, 1), Fraction(0, 1)),)
    """
    weight = st.tuples(*(vectors(in_dim) for _ in range(out_dim)))
    return st.builds(Affine.dense, weight, vectors(out_dim))


@st.composite
def networks(
    draw: st.DrawFn, in_dim: int, widths: Sequence[int] | None = None, out_dim: int = 1
) -> Network:
    """Return a strategy of ReLU networks with hidden layers of the given widths.

    Without ``widths`` there are at most two hidden layers of at most three neurons, which
    shrink to none.

    >>> from hypothesis import find
    >>> find(networks(2), lambda network: True)
    Network(Affine(2 -> 1))
    """
    drawn = st.lists(st.integers(1, 3), max_size=2)
    layers: list[Layer] = []
    before = in_dim
    for width in draw(drawn) if widths is None else widths:
        layers += [draw(affine_layers(before, width)), ReLU(width)]
        before = width
    return Network((*layers, draw(affine_layers(before, out_dim))))
