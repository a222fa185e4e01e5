"""What claimed counterexamples are, by hand on the tent and by definition on random networks.

The tent is 2 - 2 |x| for |x| <= 1/2 and 1 beyond, up to |x| = 1.
"""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.arithmetic.rational import Vector, vector
from polyrelax.audit.witnesses import (
    Replay,
    Score,
    Standing,
    Validity,
    projected,
    replayed,
)
from polyrelax.errors import DimensionError
from polyrelax.networks.gallery import maximum, tent
from polyrelax.networks.network import Network
from polyrelax.networks.properties import Case, Property, Row
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope
from polyrelax.strategies import networks

HALF = Fraction(1, 2)


def at_least(bound: Fraction | int, *, strict: bool = False) -> Row:
    """The output 0 is at least, or greater than, a number."""
    return Row((), ((0, Fraction(-1)),), -Fraction(bound), strict)


def about(*cases: Case, in_dim: int = 1) -> Property:
    return Property(in_dim, 1, cases)


def only(found: tuple[Replay, ...]) -> Replay:
    (replay,) = found
    return replay


def judged(property_: Property, x: str) -> Replay:
    return only(replayed(tent(), property_, [vector([x])]))


HIGH = about(Case(Polytope.box([0], [1]), (at_least(Fraction(3, 2)),)))


@pytest.mark.parametrize(
    ("x", "validity", "score", "excess", "margin"),
    [
        ("0", "valid", "establishes", "0", "1/2"),
        ("1/4", "valid", "establishes", "0", "0"),
        ("1/2", "violates nothing", "wrong", "0", "-1/2"),
        ("-1/10", "outside", "wrong", "1/10", "3/10"),
        ("-1/10000", "outside", "up to tolerance", "1/10000", "2499/5000"),
        ("-10001/100000000", "outside", "wrong", "10001/100000000", "24989999/50000000"),
        ("9/8", "outside", "wrong", "1/8", "-1/2"),
    ],
)
def test_a_point_of_the_tent_by_hand(
    x: str, validity: str, score: str, excess: str, margin: str
) -> None:
    found = judged(HIGH, x)
    assert found.best is not None
    assert (found.validity, found.score()) == (validity, score)
    assert (found.best.excess, found.best.margin) == (Fraction(excess), Fraction(margin))


def test_a_strict_row_fails_on_its_border() -> None:
    above = about(Case(Polytope.box([0], [1]), (at_least(2, strict=True),)))
    found = judged(above, "0")
    assert found.best == Standing(Fraction(0), Fraction(0), is_inside=True, is_violation=False)
    assert (found.validity, found.score()) == (Validity.NOTHING, Score.WRONG)


def test_a_strict_row_of_inputs_says_what_is_inside() -> None:
    positive = Row(((0, Fraction(-1)),), (), Fraction(0), is_strict=True)
    cases = about(Case(Polytope.box([0], [1]), (positive, at_least(1))))
    assert judged(cases, "0").validity is Validity.OUTSIDE
    assert judged(cases, "0").score() is Score.TOLERATED
    assert judged(cases, "1/100").validity is Validity.VALID


def test_one_case_of_several_suffices_and_the_nearest_is_told() -> None:
    low, high = Polytope.box([-1], [-HALF]), Polytope.box([HALF], [1])
    cases = about(Case(low, (at_least(3),)), Case(high, (at_least(1),)))
    assert [str(judged(cases, x).validity) for x in ("3/4", "-3/4", "1/3")] == [
        "valid",
        "violates nothing",
        "outside",
    ]
    best = judged(cases, "1/3").best
    assert best is not None
    assert best.excess == Fraction(1, 6)


def test_the_excess_over_a_polytope_is_the_distance_from_the_farthest_half_space() -> None:
    triangle = Polytope.intersection(
        [
            Constraint.at_most([1, 1], 1),
            Constraint.at_least([1, 0], 0),
            Constraint.at_least([0, 1], 0),
        ],
        2,
    )
    found = only(
        replayed(maximum(2), about(Case(triangle), in_dim=2), [vector(["3/4", "3/4"])])
    )
    assert found.best is not None
    assert (found.validity, found.best.excess, found.best.margin) == (
        "outside",
        Fraction(1, 4),
        None,
    )


def test_a_property_without_cases_is_violated_nowhere() -> None:
    found = judged(about(), "0")
    assert (found.best, found.validity, found.score()) == (None, "violates nothing", "wrong")


def test_a_property_of_another_network_is_refused() -> None:
    with pytest.raises(DimensionError, match="found a property of 1 inputs and 1 outputs"):
        replayed(maximum(2), HIGH, [])


def test_a_point_outside_is_repaired_by_the_nearest_one_if_that_is_valid() -> None:
    assert projected(tent(), HIGH, vector([-1])) == (0,)
    assert projected(tent(), HIGH, vector([2])) is None  # the tent is 1 at 1
    assert projected(tent(), HIGH, vector([1])) is None  # inside already


def test_the_nearest_of_several_repairs_counts() -> None:
    boxes = [Polytope.box([low], [low + 1]) for low in (3, -4, 1)]
    below = about(*(Case(box, (Row((), (), Fraction(0)),)) for box in boxes))
    assert projected(tent(), below, vector([HALF])) == (1,)


@given(networks(2), st.data())
def test_a_point_is_valid_if_and_only_if_a_case_holds(
    network: Network, data: st.DataObject
) -> None:
    numbers = st.fractions(min_value=-2, max_value=2, max_denominator=8)
    x: Vector = tuple(data.draw(numbers) for _ in range(network.in_dim))
    bound = data.draw(numbers)
    inputs = Polytope.box([-1] * network.in_dim, [1] * network.in_dim)
    strict = data.draw(st.booleans())
    case = Case(inputs, (Row((), ((0, Fraction(1)),), bound, strict),))
    property_ = Property(network.in_dim, network.out_dim, (case,))
    (found,) = replayed(network, property_, [x])
    outputs = network(x)
    assert found.outputs == outputs
    assert (found.validity is Validity.VALID) == (property_.case_at(x, outputs) is not None)
    assert found.best is not None
    assert found.best.excess == max((abs(v) - 1 for v in x if abs(v) > 1), default=0)
    assert found.best.margin == bound - outputs[0]
