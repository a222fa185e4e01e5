"""Searches against published counts, theorems, and slices of themselves."""

from fractions import Fraction
from itertools import combinations_with_replacement, pairwise, product

import pytest

from polyrelax.arithmetic.rational import vector
from polyrelax.errors import ShapeError, UnknownNameError
from polyrelax.search.candidates import Candidate
from polyrelax.search.incompleteness import bounds, findings, is_screened
from polyrelax.search.question import Side, question_from
from tests.search.questions import all_of, hits_of, question


def test_59_of_13824_networks_are_imprecise_for_p1_by_two_thirds_at_most() -> None:
    # The published count for 1-2-2-1 over {-1, 0, 1}, upper bounds on [-1, 1].
    asked = question("1-2-2-1", "-1 0 1", "-1 1")
    assert is_screened(asked)
    found = list(findings(asked, 0, asked.space.size))
    assert (asked.space.size, len(found)) == (13_824, 59)
    assert max(asked.gap(f.tight, f.loose) for f in found) == Fraction(2, 3)


def test_the_zero_function_with_a_gap_of_one_half_is_among_them() -> None:
    # relu(a1) - relu(a1 - a2) with a = (relu x, relu -x): exactly 0, and 1/2 for P_1.
    asked = question("1-2-2-1", "-1 0 1", "-1 1")
    layers = (
        (vector([-1, 0]), vector([1, 0])),
        (vector([-1, 1, 0]), vector([0, 1, 0])),
    )
    found = {asked.space[f.number]: f for f in findings(asked, 0, asked.space.size)}
    (witness,) = [
        f for c, f in found.items() if c.hidden == layers and c.outputs[0] < c.outputs[1]
    ]
    assert (str(witness.tight), str(witness.loose)) == ("[0, 0]", "[0, 1/2]")


def test_156_of_544_networks_are_imprecise_for_the_triangle_by_one_at_most() -> None:
    # The published count for 2-2-1 over {-1, 0, 1} is of unstable neurons, |b| < |w|_1,
    # without the symmetries of the inputs: 16 rows, 136 pairs, 4 signs.
    asked = question("2-2-1", "-1 0 1", "-1 1", loose="triangle")
    rows = [row for row in asked.space.rows(0) if abs(row[-1]) < sum(map(abs, row[:-1]))]
    candidates = [
        Candidate((pair,), signs)
        for pair in combinations_with_replacement(rows, 2)
        for signs in product(asked.space.outputs, repeat=2)
    ]
    gaps = [asked.gap(*bounds(asked, candidate.network)) for candidate in candidates]
    assert (len(rows), len(gaps)) == (16, 544)
    assert (sum(gap > 0 for gap in gaps), max(gaps)) == (156, 1)
    screened = findings(asked, 0, asked.space.size)
    assert max(asked.gap(f.tight, f.loose) for f in screened) == 1


def test_networks_left_out_have_no_gap() -> None:
    # Output weights (1, 1) are no question for upper bounds; on the lower side they are.
    asked = question("1-2-2-1", "-1 0 1", "-1 1", side=Side.BOTH)
    left_out = [i for i in all_of(asked) if asked.space[i].outputs == (1, 1)]
    upper = question("1-2-2-1", "-1 0 1", "-1 1")
    assert asked.space.size - len(left_out) == upper.space.size
    below = sorted({*left_out} & {*hits_of(asked)})[::4]
    for number in (*below, *left_out[::60]):
        tight, loose = bounds(asked, asked.space[number].network)
        assert tight.upper == loose.upper
        assert tight.lower > loose.lower or number not in below
    assert below


def test_slices_find_what_the_whole_finds() -> None:
    asked = question("1-2-2-1", "-1 0 1", "-1 1")
    whole = list(findings(asked, 0, asked.space.size))
    cuts = [0, 1, 5_000, 5_001, 9_999, asked.space.size]
    assert [f for a, b in pairwise(cuts) for f in findings(asked, a, b)] == whole


def test_the_least_gap_is_kept_and_smaller_ones_are_not() -> None:
    every = question("1-2-2-1", "-1 0 1", "-1 1")
    gaps = [every.gap(f.tight, f.loose) for f in findings(every, 0, every.space.size)]
    assert len({gap for gap in gaps if gap < Fraction(1, 2)}) > 0
    asked = question("1-2-2-1", "-1 0 1", "-1 1", min_gap="1/2")
    found = list(findings(asked, 0, asked.space.size))
    assert len(found) == sum(gap >= Fraction(1, 2) for gap in gaps) < len(gaps)


def test_two_neurons_are_imprecise_for_the_triangle_and_one_is_not() -> None:
    # relu(x) - relu(x) is the smallest network on which the triangle is loose.
    for shape, loose in (("1-1-1", False), ("1-2-1", True), ("1-1-1-1", False)):
        asked = question(shape, "-1 0 1", "-1 1", loose="triangle", side=Side.BOTH)
        assert any(findings(asked, 0, asked.space.size)) is loose


def test_one_hidden_layer_is_exact_for_p1() -> None:
    asked = question("1-3-1", "-1 1", "-1 1", side=Side.BOTH)
    assert list(findings(asked, 0, asked.space.size)) == []


def test_identity_layers_break_p2_and_p3_on_the_zero_function() -> None:
    # relu(a1) - relu(a1 - a2) = 0, and 1/2 for P_1; with m identity layers for P_(m + 2),
    # while P_(m + 3) sees both ReLU layers at once and is exact.
    asked = question("1-2-2-1", "-1 0 1", "-1 1")
    layers = ((vector([-1, 0]), vector([1, 0])), (vector([-1, 1, 0]), vector([0, 1, 0])))
    (number,) = [
        i
        for i in all_of(asked)
        if asked.space[i].hidden == layers and asked.space[i].outputs == (-1, 1)
    ]
    for identities, r, gap in ((0, 2, "1/2"), (0, 3, None), (1, 3, "1/2"), (1, 4, None)):
        pumped = question("1-2-2-1", "-1 0 1", "-1 1", identities=identities, loose=f"p:{r}")
        assert len(pumped.space[number].network.layers) == 5 + identities
        found = list(findings(pumped, number, number + 1))
        assert [str(pumped.gap(f.tight, f.loose)) for f in found] == ([gap] if gap else [])


def test_a_question_survives_its_data() -> None:
    asked = question("1-2-2-1", "-1 0 1/2", "-1 1", side=Side.BOTH, min_gap="1/10")
    assert question_from(asked.data) == asked
    asked = question("1-2-2-1", "-1 0 1/2", "-1 1", identities=2, loose="p:4")
    assert question_from(asked.data) == asked


def test_a_bad_question_is_refused() -> None:
    with pytest.raises(UnknownNameError):
        question("1-2-1", "1", "1", loose="delta")
    with pytest.raises(ShapeError, match="least gap -1"):
        question("1-2-1", "1", "1", min_gap="-1")
    asked = question("1-2-2-1", "-1 1", "-1 1")
    with pytest.raises(IndexError, match="expected a part of"):
        list(findings(asked, 0, asked.space.size + 1))
