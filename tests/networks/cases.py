"""Hypothesis strategies of small exact networks."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from hypothesis import strategies as st

from polyrelax.arithmetic.rational import Vector
from polyrelax.networks.layers import Affine, Identity, Layer, ReLU
from polyrelax.networks.network import Network

small_rationals = st.builds(Fraction, st.integers(-4, 4), st.integers(1, 3))


def vectors(dim: int) -> st.SearchStrategy[Vector]:
    return st.tuples(*(small_rationals for _ in range(dim)))


def affine_layers(in_dim: int, out_dim: int) -> st.SearchStrategy[Affine]:
    weight = st.tuples(*(vectors(in_dim) for _ in range(out_dim)))
    return st.builds(Affine.dense, weight, vectors(out_dim))


def relu_layers(width: int) -> st.SearchStrategy[Layer]:
    neurons = st.sets(st.integers(0, width - 1)).map(lambda named: tuple(sorted(named)))
    return st.one_of(
        st.just(ReLU(width)), st.just(Identity(width)), st.builds(ReLU, st.just(width), neurons)
    )


@st.composite
def networks(draw: st.DrawFn, *widths: int) -> Network:
    """Affine layers of the given widths, between them a ReLU, some ReLUs or an identity."""
    layers: list[Layer] = []
    for before, here in pairwise(widths):
        layers += [draw(affine_layers(before, here)), draw(relu_layers(here))]
    return Network(tuple(layers[:-1]))
