"""Groups of neurons: octahedra, facets and bounds that no single-neuron relaxation has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polyrelax.arithmetic.limbs import Doubles
from polyrelax.arithmetic.rational import Vector, dot
from polyrelax.certificates.check import check
from polyrelax.certificates.forms import certify_forms
from polyrelax.lp.float_program import Cuts, FloatProgram
from polyrelax.networks.affine import Affine
from polyrelax.networks.layers import Identity, ReLU
from polyrelax.networks.network import Network
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.relu_graph import relu_graph_hull
from polyrelax.relaxations import triangle_program
from polyrelax.relaxations.barrier import LP_ALL
from polyrelax.relaxations.exact import Exact
from polyrelax.relaxations.group_barrier import GROUPS, PAIRS, GroupMethod
from polyrelax.relaxations.group_facets import facets_of
from polyrelax.relaxations.integer_substitution import unit_forms
from polyrelax.relaxations.octahedra import Octahedra, directions
from polyrelax.relaxations.trace import propagate
from tests.networks.cases import networks
from tests.relaxations.test_array_triangle import (
    convolutional_network,
    random_network,
    unit_box,
)
from tests.relaxations.test_integer_substitution import boxes

SIDES = st.tuples(*[st.integers(1, 40)] * 4, *[st.integers(1, 100)] * 4)


def octahedron(offsets: Sequence[int], size: int, bits: int) -> Polytope:
    sides = zip(directions(size).tolist(), offsets, strict=True)
    return Polytope.intersection(
        [Constraint.at_most(d, Fraction(c, 1 << bits)) for d, c in sides], size
    )


def tight(offsets: tuple[int, ...]) -> tuple[int, ...]:
    """The same polygon with sums that are never beyond those of the box."""
    a, b, c, d, *sums = offsets
    ends = (a + c, a + d, b + c, b + d)
    return (a, b, c, d, *(min(s, e) for s, e in zip(sums, ends, strict=True)))


@settings(max_examples=30)
@given(SIDES)
def test_rows_hold_and_cut_out_the_hull(sides: tuple[int, ...]) -> None:
    """On whole numbers; rounding of coefficients moves facets by less than a ten-thousandth."""
    offsets = tight(sides)
    hull = relu_graph_hull(octahedron(offsets, 2, 3))
    found = facets_of(Octahedra(np.array([[0, 1]]), np.array([offsets]), 3)).each()
    for facet in found:
        assert hull.support(facet.coefficients).value == facet.offset
    around = Polytope.intersection(
        [Constraint.at_most(facet.coefficients, facet.offset) for facet in found], 4
    )
    assert hull <= around
    assert all(
        side.violation <= Fraction(1, 10**4)
        for side in (_Excess(constraint, around) for constraint in hull.constraints)
    )


POINTS = st.lists(st.tuples(*[st.integers(-9, 9)] * 3), min_size=1, max_size=6)


@settings(max_examples=10)
@given(POINTS, st.lists(st.tuples(*[st.integers(-3, 3)] * 6), min_size=3, max_size=3))
def test_rows_of_triples_hold_and_cut_out_the_hull(
    points: list[tuple[int, ...]], forms: list[Vector]
) -> None:
    """Over the least octahedron around points and the unit ball; rounding moves little."""
    corners = [*points, *np.eye(3, dtype=int), *-np.eye(3, dtype=int)]
    offsets = (np.array(corners) @ directions(3).T).max(axis=0).tolist()
    found = facets_of(Octahedra(np.array([[2, 5, 7]]), np.array([offsets]), 0))
    parts = cut_by_axes(octahedron(offsets, 3, 0))
    lifted = [z + tuple(max(x, Fraction(0)) for x in z) for z in parts]
    for facet in found.each():
        values = [dot(facet.coefficients, point) for point in lifted]
        assert 0 <= facet.offset - max(values) < Fraction(1, 1 << found.unit)
    around = Polytope.intersection(
        [Constraint.at_most(facet.coefficients, facet.offset) for facet in found.each()], 6
    )
    for form in forms:
        most = max(dot(form, point) for point in lifted)
        assert most <= around.support(form).value <= most + Fraction(1, 100)


def cut_by_axes(domain: Polytope) -> list[Vector]:
    """The vertices of the parts on which three rectifiers are linear."""
    found = set[Vector]()
    for signs in product((1, -1), repeat=3):
        normals = (-np.diag(signs)).tolist()
        half = [Constraint.at_most(normal, 0) for normal in normals]
        found.update(Polytope.intersection([*domain.constraints, *half], 3).vertices)
    return sorted(found)


class _Excess:
    """By how much a set leaves a half-space, of a normal of entries up to 1."""

    def __init__(self, constraint: Constraint, polytope: Polytope) -> None:
        size = max(map(abs, constraint.normal))
        reached = polytope.support(constraint.normal).value
        self.violation = (reached - constraint.offset) / size


@settings(max_examples=10)
@given(networks(3, 4, 3, 2), boxes(3), st.sampled_from(GROUPS))
def test_no_bound_is_below_the_truth(
    network: Network, domain: Polytope, method: GroupMethod
) -> None:
    output = propagate(network, domain, Exact()).output
    found = method.proved(network, domain, unit_forms(np.arange(network.out_dim))).values
    truth = [*(x.upper for x in output), *(-x.lower for x in output)]
    assert all(a >= b for a, b in zip(found, truth, strict=True))


@pytest.mark.parametrize(
    "network", [random_network(4, 4, 9, 8, 3), convolutional_network()], ids=["dense", "conv"]
)
def test_pairs_are_tighter_than_singletons_and_have_certificates(network: Network) -> None:
    domain = unit_box(network.in_dim)
    forms = unit_forms(np.arange(network.out_dim))
    pairs, single = (m.proved(network, domain, forms) for m in (PAIRS, LP_ALL))
    assert sum(pairs.values) < sum(single.values)
    made = certify_forms(pairs)
    assert made.values == pairs.values
    assert check(made.dumps()) == str(made)


def test_triples_are_tighter_than_pairs_and_have_certificates() -> None:
    network = random_network(4, 4, 9, 8, 3)
    forms = unit_forms(np.arange(network.out_dim))
    pairs, triples = (m.proved(network, unit_box(4), forms) for m in GROUPS)
    assert sum(triples.values) < sum(pairs.values)
    made = certify_forms(triples)
    assert made.values == triples.values
    assert check(made.dumps()) == str(made)


def test_a_neuron_minus_its_copy_is_nearly_nothing() -> None:
    """relu(x) - relu(x) is 0; the line above one, and below the other, leave 1/2 on [-1, 1]."""
    network = Network((Affine.dense([[1], [1]]), ReLU(2), Affine.dense([[1, -1]])))
    forms, segment = unit_forms(np.array([0])), Polytope.box([-1], [1])
    single, pairs = (m.proved(network, segment, forms) for m in (LP_ALL, PAIRS))
    assert Fraction(49, 100) < single.values[0] < Fraction(51, 100)
    assert 0 <= pairs.values[0] <= Fraction(1, 10**5)


@settings(max_examples=15)
@given(st.integers(0, 10**6), st.sampled_from([1.0, 1e-9, 1e9, np.nan, np.inf]))
def test_bounds_hold_whatever_weights_are_proposed(seed: int, size: float) -> None:
    network, domain = random_network(2, 3, 6, 6, 2), unit_box(3)
    generator = np.random.default_rng(seed)

    def random(
        program: FloatProgram, objectives: Iterable[Doubles], cuts: Cuts
    ) -> tuple[Doubles, Doubles]:
        count = len(list(objectives))
        rows = generator.normal(size=(count, len(program.row_lower)))
        return rows, size * generator.normal(size=(count, len(cuts.upper)))

    forms = unit_forms(np.arange(2))
    output = propagate(network, domain, Exact()).output
    truth = [*(x.upper for x in output), *(-x.lower for x in output)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(triangle_program, "cut_multipliers", random)
        found = PAIRS.proved(network, domain, forms).values
    assert all(a >= b for a, b in zip(found, truth, strict=True))


def test_neurons_of_very_large_inputs_are_not_paired() -> None:
    scale = 2**40
    network = Network((Affine.dense([[scale], [scale]]), ReLU(2), Affine.dense([[1, -1]])))
    found = PAIRS.proved(network, Polytope.box([-1], [1]), unit_forms(np.array([0])))
    assert [len(known.octahedra.groups) for (known,) in found.octahedra.values()] == [0]
    assert found.values[0] >= 0


def test_networks_without_neurons_or_that_end_in_them_are_bounded() -> None:
    hidden = Affine.dense([[1, 1], [1, -1]])
    domain, forms = Polytope.box([-1, -1], [1, 1]), unit_forms(np.arange(2))
    rectified = PAIRS.proved(Network((hidden, ReLU(2))), domain, forms)
    assert all(2 <= value <= 2 + Fraction(1, 2**20) for value in rectified.values[:2])
    assert certify_forms(rectified).values == rectified.values
    for layers in ((hidden,), (Identity(2), hidden)):
        assert PAIRS.proved(Network(layers), domain, forms).values == (2, 2, 2, 2)
    assert PAIRS.proved(Network((Identity(2),)), domain, forms).values == (1, 1, 1, 1)
