"""Hypothesis strategies for exact values and polytopes."""

from fractions import Fraction

from hypothesis import strategies as st

from polyrelax.arithmetic.rational import Vector
from polyrelax.networks.layers import Affine, Layer, ReLU
from polyrelax.networks.network import Network
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope


def rationals(*, bound: int = 3, max_denominator: int = 3) -> st.SearchStrategy[Fraction]:
    """Generate small rationals, which shrink towards 0."""
    return st.fractions(min_value=-bound, max_value=bound, max_denominator=max_denominator)


def vectors(dim: int) -> st.SearchStrategy[Vector]:
    """Generate vectors of small rationals."""
    return st.tuples(*(rationals() for _ in range(dim)))


def constraints(dim: int) -> st.SearchStrategy[Constraint]:
    """Generate inequalities and equations, trivial and contradictory ones included."""
    return st.builds(Constraint, vectors(dim), rationals(), st.booleans())


def hulls(dim: int, *, min_points: int = 1, max_points: int = 6) -> st.SearchStrategy[Polytope]:
    """Generate hulls of few points, flat ones included."""
    points = st.lists(vectors(dim), min_size=min_points, max_size=max_points)
    return points.map(lambda chosen: Polytope.hull(chosen, dim))


def boxes(dim: int) -> st.SearchStrategy[Polytope]:
    """Generate nonempty boxes, flat ones included."""
    return st.tuples(vectors(dim), vectors(dim)).map(
        lambda pair: Polytope.box(map(min, *pair), map(max, *pair))
    )


@st.composite
def systems(draw: st.DrawFn, dim: int, *, max_cuts: int = 3) -> Polytope:
    """Generate polytopes given by constraints, empty ones included."""
    box = draw(boxes(dim))
    cuts = st.builds(Constraint, vectors(dim), rationals())
    chosen = draw(st.lists(cuts, max_size=max_cuts))
    return Polytope.intersection((*box.description, *chosen), dim)


def polytopes(dim: int, *, full_dimensional: bool = False) -> st.SearchStrategy[Polytope]:
    """Generate nonempty polytopes given by points, by constraints, or as boxes."""
    mixed = st.one_of(boxes(dim), hulls(dim), systems(dim))
    least = dim if full_dimensional else 0
    return mixed.filter(lambda polytope: not polytope.is_empty and polytope.affine_dim >= least)


def affine_layers(in_dim: int, out_dim: int) -> st.SearchStrategy[Affine]:
    """Generate affine layers with small weights."""
    weight = st.tuples(*(vectors(in_dim) for _ in range(out_dim)))
    return st.builds(Affine.dense, weight, vectors(out_dim))


@st.composite
def networks(draw: st.DrawFn, in_dim: int, widths: tuple[int, ...], out_dim: int) -> Network:
    """Generate ReLU networks with hidden layers of the given widths."""
    layers: list[Layer] = []
    before = in_dim
    for width in widths:
        layers += [draw(affine_layers(before, width)), ReLU(width)]
        before = width
    return Network((*layers, draw(affine_layers(before, out_dim))))
