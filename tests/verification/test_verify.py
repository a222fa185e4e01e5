"""Verdicts are right, whatever floats propose: beside exact ranges, at margins, by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from itertools import islice, pairwise, product

import numpy as np
import pytest

from polyrelax.arithmetic.rational import ONE, ZERO, from_float
from polyrelax.certificates.check import check
from polyrelax.errors import DimensionError
from polyrelax.networks.gallery import absolute_value, maximum
from polyrelax.networks.layers import Affine, Layer, Neurons, ReLU
from polyrelax.networks.network import Network, network
from polyrelax.networks.neurons.maxmin import MaxMin
from polyrelax.networks.properties import Case, Property, Row
from polyrelax.networks.regions import exact_range
from polyrelax.polytopes.polytope import Polytope
from polyrelax.verification import halves, verify
from polyrelax.verification.halves import Halving, HardBox
from polyrelax.verification.halves_kernel import ENDS
from polyrelax.verification.proposals import proposed_within
from polyrelax.verification.statements import statements
from polyrelax.verification.verdict_certificates import certificate
from polyrelax.verification.verdicts import Holds, Unknown, Violated
from polyrelax.verification.verify import verified
from tests.verification.random_verdicts import disagreements

TINY = Fraction(1, 10**12)
SQUARE = Polytope.box([-1, -1], [1, 1])
UNIT = Polytope.box([0], [1])
MANY = 20


def at_least(value: Fraction, *, j: int = 0, is_strict: bool = False) -> Row:
    return Row((), ((j, -ONE),), -value, is_strict)


def asking(net: Network, inputs: Polytope, *rows: Row) -> Property:
    return Property(net.in_dim, net.out_dim, (Case(inputs, rows),))


def random_network(seed: int, *widths: int) -> Network:
    """A ReLU network with weights that are sixteenths."""
    generator = np.random.default_rng(seed)
    layers: list[Layer] = []
    for n, m in pairwise(widths):
        weight, bias = generator.integers(-16, 17, (m, n)), generator.integers(-4, 5, m)
        layers += [Affine.of_doubles(weight / 16, bias / 16), ReLU(m)]
    return Network(tuple(layers[:-1]))


def networks(count: int) -> Iterator[Network]:
    """Networks whose first output is not constant."""
    for seed in range(count):
        net = random_network(seed, 2, 3, 3, 1)
        ((low, high),) = exact_range(net, SQUARE)
        if low < high:
            yield net


def test_verdicts_are_those_of_the_exact_range_and_certificates_prove_them() -> None:
    words = []
    for net in networks(20):
        ((low, high),) = exact_range(net, SQUARE)
        for value, expected in (
            (high, "violated"),
            (high + TINY, "holds"),
            (high + (high - low) / 8, "holds"),
            (low, "violated"),
        ):
            property_ = asking(net, SQUARE, at_least(value))
            found = verified(net, property_)
            assert found.word == expected
            made = None if isinstance(found, Unknown) else certificate(net, property_, found)
            if made is not None:
                words.append(check(made).split()[0])
    assert {"never", "somewhere", "exact:"} == set(words)


def test_verdicts_on_networks_of_all_sizes_of_weights() -> None:
    words: Counter[str] = Counter()
    assert [line for seed in range(20) for line in disagreements(seed, words)] == []
    assert words["holds, certificate"] > 20


def test_a_strict_row_is_not_satisfied_by_equality() -> None:
    for net in networks(5):
        ((_, high),) = exact_range(net, SQUARE)
        assert (
            verified(net, asking(net, SQUARE, at_least(high, is_strict=True))).word == "holds"
        )
        below = at_least(high - TINY, is_strict=True)
        assert verified(net, asking(net, SQUARE, below)).word == "violated"


def test_random_steps_within_a_box_climb_to_where_a_case_occurs() -> None:
    peak = network(([[100], [-100]], [-75, 75]), ([[-1, -1]], [1]))  # 1 - 100 |x - 3/4|
    (case,) = asking(peak, Polytope.box([-9], [1]), at_least(ONE / 2)).cases
    found = proposed_within(peak, case, np.array([[[-9.0], [0.0]], [[0.0], [1.0]]]))
    assert found is not None
    assert case.holds((from_float(float(found[0])),), peak([from_float(float(found[0]))]))
    assert proposed_within(peak, case, np.array([[[-9.0], [0.0]]])) is None


def test_points_violate_exactly_and_are_of_the_numbers_that_are_said() -> None:
    found = verified(maximum(2), asking(maximum(2), SQUARE, at_least(Fraction(1, 3))))
    assert isinstance(found, Violated)
    assert found.outputs == maximum(2)(found.point)
    assert found.outputs[0] >= Fraction(1, 3)
    assert found.kind == "float32"
    assert all(float(np.float32(float(x))) == x for x in found.point)


def test_a_point_moves_into_the_box_of_its_decimals() -> None:
    place = Polytope.box(["3/5"], ["3/5"])
    plane = network(([[1]], [0]))
    found = verified(plane, asking(plane, place, at_least(Fraction(3, 5))))
    assert isinstance(found, Violated)
    assert (found.kind, found.point) == ("rational", (Fraction(3, 5),))


def test_all_rows_of_a_case_have_to_hold_at_once() -> None:
    plane = network(([[1], [-1]], [0, 0]))
    unit = Polytope.box([-1], [1])
    apart = asking(plane, unit, at_least(TINY), at_least(ZERO, j=1))
    assert verified(plane, apart).word == "holds"
    touching = asking(plane, unit, at_least(ZERO), at_least(ZERO, j=1))
    found = verified(plane, touching)
    assert isinstance(found, Violated)
    assert found.point == (ZERO,)


def test_cases_of_other_inputs_are_decided_each_in_its_own_set() -> None:
    net, rows = absolute_value(), (at_least(ONE),)
    near = Case(Polytope.box(["-1/2"], ["1/2"]), rows)
    far = Case(Polytope.box([2], [3]), (at_least(Fraction(4)),))
    both = Property(1, 1, (near, far))
    found = verified(net, both)
    assert isinstance(found, Holds)
    text = certificate(net, both, found)
    assert text is not None
    assert check(text).count("never") == 2
    assert [s.box for s in statements(both)] == [Polytope.box(["-1/2"], [3])] * 2
    third = Case(Polytope.box([1], [2]), rows)
    refuted = verified(net, Property(1, 1, (near, far, third)))
    assert isinstance(refuted, Violated)
    assert refuted.case == 3


def test_polytopes_and_neurons_of_all_kinds_are_decided() -> None:
    triangle = Polytope.hull([[0, 0], [1, 0], [0, 1]], 2)
    sorting = Network((Neurons(2, ((MaxMin(), (0, 1)),)),))
    second = at_least(Fraction(1, 2), j=1)
    assert verified(sorting, asking(sorting, triangle, second)).word == "violated"
    above = at_least(Fraction(1, 2) + TINY, j=1)
    assert verified(sorting, asking(sorting, triangle, above)).word == "holds"
    of_inputs = Row(((0, -ONE),), ((0, ONE),), -TINY)
    assert verified(sorting, asking(sorting, triangle, of_inputs)).word == "holds"


def test_values_of_many_thousands_do_not_stop_a_proof() -> None:
    """A rectifier's input is 250,000 (|y| - |x|), of both signs on the whole box."""
    fold = [[500, 0], [-500, 0], [0, 500], [0, -500]]
    sums = [[500, 500, 0, 0], [0, 0, 500, 500], [-500, -500, 500, 500]]
    net = network(
        (fold, [0] * 4), (sums, [0, 0, 0]), ([[ONE / 250, ONE / 250, -ONE / 250]], [0])
    )
    property_ = asking(net, Polytope.box([-1, -1], [2, 2]), at_least(Fraction(5000)))
    found = verified(net, property_)
    assert isinstance(found, Holds)
    text = certificate(net, property_, found)
    assert text is not None
    assert check(text) == "never -1 v(5, 0) <= -5000"


@pytest.mark.parametrize(("bits", "depth"), [(5, 12), (8, 8), (10, 7), (20, 4)])
def test_small_weights_behind_each_other_prove_nothing_false(bits: int, depth: int) -> None:
    """|3 x - 1| is least at 1/3; maps of slope 2^-bits, and a shift of 1, keep the order."""
    slope = Fraction(1, 1 << bits)
    net = network(([[3], [-3]], [-1, 1]), ([[1, 1]], [0]), *[([[slope]], [1])] * depth)
    (least,) = net((Fraction(1, 3),))
    below = Row((), ((0, ONE),), least)
    assert isinstance(verified(net, asking(net, UNIT, below)), Violated)
    never = Row((), ((0, ONE),), least - slope ** (depth + 1))
    assert not isinstance(verified(net, asking(net, UNIT, never)), Violated)


def test_boxes_are_handed_on_with_bounds_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where numbers are too large for the kernel, none are: those of another box are wrong."""
    monkeypatch.setattr(halves, "_PATIENCE", 0)
    net = network(
        ([[4000, 0], [4000, 0], [1, 0], [0, 1]], [0, 0, 0, 0]),
        ([[4000, 4000, 0, 0], [0, 0, 1, 0], [0, 0, 1, 1]], [0, Fraction(-125, 64), -2]),
        ([[0, 1, -1]], [0]),
    )
    seen: list[Fraction] = []

    def settled(hard: HardBox) -> bool:
        for x in product(*hard.box.T.tolist()):
            point = tuple(Fraction(c, 1 << ENDS) for c in x)
            for k, depth in enumerate((1, 3)):
                for j, value in enumerate(net.prefix(depth)(point)):
                    assert hard.lower[k, j] <= value * (1 << ENDS) <= hard.upper[k, j]
            seen.append(point[0])
        return len(seen) > MANY  # so that there is an end

    halving = Halving.of(net, (at_least(Fraction(-8)),), [(0, 31 << 23), (-1 << 26, 1 << 26)])
    assert halving is not None
    list(islice(halving.steps(settled), 200))
    assert seen


def test_what_needs_no_search_is_decided() -> None:
    net, unit = absolute_value(), Polytope.box([-1], [1])
    contradiction, tautology = Row((), (), -ONE), Row((), (), ONE)
    assert verified(net, asking(net, unit, contradiction)).word == "holds"
    assert verified(net, asking(net, unit, tautology)).word == "violated"
    assert verified(net, asking(net, Polytope.empty(1), tautology)).word == "holds"
    assert verified(net, Property(1, 1, ())).word == "holds"
    beyond = at_least(Fraction(10) ** 400)
    assert verified(net, asking(net, unit, beyond)).word == "holds"


def test_another_number_of_outputs_is_refused() -> None:
    with pytest.raises(DimensionError, match="found a property of 2 outputs"):
        verified(absolute_value(), Property(1, 2, ()))


def test_random_floats_never_turn_a_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    """Places of the kernel where floats are read hold random numbers; points are random."""
    generator = np.random.default_rng(5)
    inner = Halving.of

    def confused(*arguments: object) -> Halving | None:
        found = inner(*arguments)  # type: ignore[arg-type]  # it is what was called
        if found is not None:
            doubles, biases = found.weights.doubles, found.weights.biases
            signs = np.sign(doubles)  # which end of an interval is taken is read from these
            found.weights.doubles[:] = signs * generator.uniform(1, 9, doubles.shape)
            biases[:] = generator.normal(size=biases.shape)
        return found

    monkeypatch.setattr(halves.Halving, "of", confused)
    monkeypatch.setattr(
        verify, "proposed", lambda _n, case: (generator.normal(size=case.inputs.dim),)
    )
    monkeypatch.setattr(
        verify, "proposed_within", lambda _n, case, *_: generator.normal(size=case.inputs.dim)
    )
    for net in networks(10):
        ((low, high),) = exact_range(net, SQUARE)
        for value, expected in ((high + (high - low) / 16, "holds"), (high, "violated")):
            assert verified(net, asking(net, SQUARE, at_least(value))).word == expected


def test_what_is_proved_at_the_end_of_the_time_is_said() -> None:
    net, unit = absolute_value(), Polytope.box([-1], [1])
    found = verified(net, asking(net, unit, at_least(ONE + TINY)), ended=lambda: True)
    assert isinstance(found, Unknown)
    assert 0 <= found.share < 1
    far = asking(net, unit, at_least(Fraction(2)))
    assert verified(net, far, ended=lambda: True).word == "holds"  # the first box proves it


def test_networks_of_many_inputs_are_bounded_on_the_whole_box() -> None:
    net, box = random_network(4, 80, 10, 1), Polytope.box([0] * 80, ["1/1000"] * 80)
    assert verified(net, asking(net, box, at_least(Fraction(100)))).word == "holds"
    assert verified(net, asking(net, box, at_least(Fraction(-100)))).word == "violated"
    top = net([Fraction(1, 1000)] * 80)[0] + Fraction(1, 10)
    assert verified(net, asking(net, box, at_least(top))).word in {"holds", "unknown"}


def output(*signs: tuple[int, Fraction | int], strict: bool) -> tuple[Row, ...]:
    """Rows that say sign y <= b, or strictly."""
    return tuple(Row((), ((0, Fraction(a)),), Fraction(b), strict) for a, b in signs)


def test_two_strict_rows_that_meet_between_their_borders_are_not_overlooked() -> None:
    line = network(([[1]], [0]))
    unit = Polytope.box([0], [1])
    between = output((1, Fraction(1, 4)), (-1, Fraction(-1, 8)), strict=True)
    found = verified(line, Property(1, 1, (Case(unit, between),)))
    assert isinstance(found, Violated)
    assert Fraction(1, 8) < found.outputs[0] < Fraction(1, 4)
    narrow = output((1, ONE / 3 + TINY), (-1, TINY - ONE / 3), strict=True)
    assert verified(line, Property(1, 1, (Case(unit, narrow),))).word == "violated"
    empty = output((1, ONE / 3), (-1, -ONE / 3), strict=True)
    assert verified(line, Property(1, 1, (Case(unit, empty),))).word == "holds"


def test_strict_rows_of_inputs_alone_may_be_met_between_their_borders() -> None:
    rows = tuple(
        Row(((0, Fraction(a)),), (), b, is_strict=True)
        for a, b in ((1, Fraction(1, 4)), (-1, Fraction(-1, 8)))
    )
    case = Case(Polytope.box([0], [1]), rows)
    assert verified(network(([[1]], [0])), Property(1, 1, (case,))).word == "violated"


def test_a_point_is_looked_at_for_each_case() -> None:
    point = Polytope.box([ONE / 2], [ONE / 2])
    cases = [
        Case(point, output((-1, -(ONE / 2) - t), strict=False)) for t in (TINY, Fraction(0))
    ]
    found = verified(absolute_value(), Property(1, 1, tuple(cases)))
    assert isinstance(found, Violated)
    assert found.case == 2


@pytest.mark.parametrize("size", [10**39, 10**308, 10**400])
def test_inputs_beyond_floats_are_no_bad_request(size: int) -> None:
    wide = Polytope.box([-size], [size])
    assert verified(absolute_value(), asking(absolute_value(), wide, at_least(ONE))).word in {
        "violated",
        "unknown",
    }


def test_networks_without_inputs_or_hidden_values_are_decided() -> None:
    constant = Network((Affine.dense([[]], [3]),))
    nothing = Polytope.box([], [])
    assert (
        verified(constant, asking(constant, nothing, at_least(Fraction(3)))).word == "violated"
    )
    assert verified(constant, asking(constant, nothing, at_least(Fraction(4)))).word == "holds"
