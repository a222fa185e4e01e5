"""Exact extremes by branch and bound, against those over all linear regions and by hand."""

import copy
import pickle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polyrelax.arithmetic.limbs import Doubles, Integers
from polyrelax.arithmetic.rational import Vector
from polyrelax.errors import UnsupportedNeuronError
from polyrelax.lp.float_program import FloatConflict, FloatOptimum
from polyrelax.networks.gallery import maximum as maximum_network
from polyrelax.networks.gallery import tent
from polyrelax.networks.layers import Affine, Neurons, ReLU
from polyrelax.networks.network import Network, network
from polyrelax.networks.neurons.absolute import Absolute
from polyrelax.networks.regions import exact_range
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations import exact
from polyrelax.relaxations.exact import Exact
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.phases.duals import FREE, Multipliers, bound
from polyrelax.relaxations.phases.extremes import Closed, Maximum, maximum
from polyrelax.relaxations.phases.programs import FloatPhases
from polyrelax.relaxations.phases.reduced import Reduced
from polyrelax.relaxations.phases.sets import BranchedSet
from polyrelax.relaxations.trace import propagate
from polyrelax.strategies import networks

SQUARE = Polytope.box([-1, -1], [1, 1])
TRIANGLE = SQUARE.cut(Constraint.at_most([1, 1], 0))


def reduced(net: Network, domain: Polytope, bits: int = 32) -> Reduced:
    trace = propagate(net, domain, relaxation("crown", bits))
    return Reduced.of(net, domain, trace.bounds)


def ends(net: Network, domain: Polytope, bits: int = 32) -> tuple[Maximum, Maximum]:
    known, one = reduced(net, domain, bits), Fraction(1)
    return maximum(known, (-one,)), maximum(known, (one,))


def degenerate(seed: int) -> Network:
    """Return a network 2-4-3-1 with weights k/2: its hyperplanes meet, or are the same."""
    generator = np.random.default_rng(seed)
    layers: list[Affine | ReLU] = []
    for n, m in ((2, 4), (4, 3), (3, 1)):
        weight, bias = generator.integers(-2, 3, (m, n)) / 2, generator.integers(-1, 2, m) / 2
        layers += [Affine.of_doubles(weight, bias), ReLU(m)]
    return Network(tuple(layers[:-1]))


@settings(deadline=None, max_examples=40)
@given(networks(2), st.sampled_from((SQUARE, TRIANGLE)), st.sampled_from((2, 32)))
def test_the_extremes_are_those_over_all_linear_regions(
    net: Network, domain: Polytope, bits: int
) -> None:
    low, high = ends(net, domain, bits)
    assert ((-low.value, high.value),) == exact_range(net, domain)
    for sign, found in ((-1, low), (1, high)):
        assert found.point in domain
        assert sign * net(found.point)[0] == found.value


@pytest.mark.parametrize("seed", range(12))
def test_where_hyperplanes_meet_the_extremes_are_exact_too(seed: int) -> None:
    net = degenerate(seed)
    for domain in (SQUARE, TRIANGLE):
        low, high = ends(net, domain)
        assert ((-low.value, high.value),) == exact_range(net, domain)


def test_the_maximum_of_a_form_of_several_outputs_is_no_sum_of_maxima() -> None:
    net = network(([[1], [-1]], [0, 0]), ([[1, 0], [0, 1]], [0, 0]))
    known = reduced(net, Polytope.box([-1], [2]))
    assert maximum(known, (Fraction(1), Fraction(1))).value == 2  # |x|, not 2 + 1
    assert maximum(known, (Fraction(1), Fraction(-3))).value == 2


def test_a_point_is_its_own_range() -> None:
    low, high = ends(tent(), Polytope.box([0], [0]))
    assert (-low.value, high.value) == (2, 2)


@settings(deadline=None, max_examples=25)
@given(networks(2), st.integers(0, 2**32))
def test_whatever_floats_propose_the_extremes_are_exact(net: Network, seed: int) -> None:
    generator = np.random.default_rng(seed)

    def anything(self: FloatPhases, phases: Integers) -> FloatOptimum | FloatConflict | None:
        del phases
        dim, count = self._dim, self._count
        multipliers = generator.normal(size=count)
        point: Doubles = generator.uniform(-1, 1, dim + 2 * count)
        answers = (FloatOptimum(point, multipliers), FloatConflict(multipliers), None)
        return answers[generator.integers(3)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FloatPhases, "answer", anything)
        low, high = ends(net, SQUARE)
    assert ((-low.value, high.value),) == exact_range(net, SQUARE)


def test_numbers_beyond_all_floats_are_decided_in_fractions() -> None:
    huge = 10**400
    net = network(([[huge], [-huge]], [0, 0]), ([[1, 1]], [0]))
    low, high = ends(net, Polytope.box([-1], [2]))
    assert (-low.value, high.value) == (0, 2 * huge)


@pytest.mark.parametrize("weights", [(0, 0), (1, 0), (-3, 2), (Fraction(1, 3), 5)])
def test_any_multipliers_bound_the_maximum(weights: Vector) -> None:
    known = reduced(maximum_network(2), Polytope.box([0, 0], [1, 1]))
    m = known.count
    values = [Fraction(w) for w in weights][:m]
    multipliers = Multipliers.of([*values, *[Fraction(0)] * (m - len(values))])
    row = known.row(known.outputs[0])
    assert bound(known, row, multipliers, np.full(m, FREE)) >= 1


def test_a_leaf_proves_its_case_again() -> None:
    net = network(([[1], [1]], [0, "-1/2"]), ([[1, -1]], [0]))  # the triangle reaches 3/4
    known = reduced(net, Polytope.box([-1], [1]))
    found = maximum(known, (Fraction(1),))
    assert found.value == Fraction(1, 2)
    cases = {0: np.full(known.count, FREE)}
    rows = {True: known.row((Fraction(0),) * len(known.outputs[0]))}
    rows[False] = known.row(known.outputs[0])
    for place, node in enumerate(found.proof.nodes):
        if isinstance(node, Closed):
            value = bound(known, rows[node.is_empty], node.multipliers, cases[place])
            assert value < 0 if node.is_empty else value <= found.value
            continue
        for phase, case in enumerate(node.cases):
            cases[case] = cases[place].copy()
            cases[case][node.neuron] = phase
    assert len(cases) == len(found.proof.nodes) > 1


@settings(deadline=None, max_examples=15)
@given(networks(2))
def test_exact_sets_are_the_same_by_regions_and_by_branch_and_bound(net: Network) -> None:
    found = []
    for by_phases in (False, True):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(exact, "is_by_phases", lambda *_, known=by_phases: known)
            found.append(propagate(net, SQUARE, Exact()))
    regions, phases = found
    assert isinstance(phases.sets[-1], BranchedSet)
    assert phases.bounds == regions.bounds
    assert phases.polytope(-1) == regions.polytope(-1)
    assert copy.deepcopy(phases).bounds == pickle.loads(pickle.dumps(phases)).bounds


def test_many_inputs_are_no_obstacle_to_exact_bounds() -> None:
    weight = [[1] * 40, [-1] * 40]
    trace = propagate(
        network((weight, [0, 0]), ([[1, 1]], [0])), Polytope.box([-1] * 40, [2] * 40), Exact()
    )
    assert str(trace.output[0]) == "[0, 80]"


def test_neurons_of_other_kinds_are_refused_by_name() -> None:
    net = Network((Neurons(1, ((Absolute(), (0,)),)),))
    with pytest.raises(UnsupportedNeuronError, match="found a layer of"):
        reduced(net, Polytope.box([-1], [1]))
