"""Searches against the relaxations run on every network, and against published counts."""

from dataclasses import replace
from fractions import Fraction
from itertools import combinations_with_replacement, pairwise, product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import vector
from polyrelax.errors import FalseBoundError, ShapeError, UnknownNameError
from polyrelax.search import incompleteness
from polyrelax.search.candidates import Candidate, Space
from polyrelax.search.incompleteness import bounds, findings, is_decided, is_screened
from polyrelax.search.proof import halves
from polyrelax.search.question import Finding, Question, Side, question_from
from polyrelax.search.screen import largest_integer, screen_of
from polyrelax.strategies import rationals

UNIT = Interval(Fraction(-1), Fraction(1))


def question(  # noqa: PLR0913 -- as many as a question has
    shape: str,
    values: str,
    outputs: str,
    *,
    box: Interval = UNIT,
    identities: int = 0,
    loose: str = "p:1",
    side: Side = Side.UPPER,
    min_gap: str = "0",
) -> Question:
    widths = tuple(map(int, shape.split("-")))
    numbers = (vector(values.split()), vector(outputs.split()))
    space = Space(widths, *numbers, (box,) * widths[0], identities=identities)
    return Question(space, loose, "exact", side, Fraction(min_gap))


def by_relaxations(asked: Question, numbers: range) -> list[Finding]:
    """Return the findings, with both relaxations run on every network."""
    found = []
    for number in numbers:
        tight, loose = bounds(asked, asked.space[number].network)
        if asked.is_witnessed_by(asked.gap(tight, loose)):
            found.append(Finding(number, tight, loose))
    return found


def all_of(asked: Question) -> range:
    return range(asked.space.size)


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


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize(
    ("shape", "values", "outputs", "box"),
    [
        ("1-2-1-1", "-1 0 1", "-1 1", UNIT),
        ("1-2-2-1", "-1 1", "-1 1", UNIT),
        ("1-2-2-1", "-2 1", "-1 2", Interval(Fraction(-1, 2), Fraction(3))),
        ("1-3-1", "-1 0 2", "-1 1", UNIT),
        ("1-3-1", "-2 1", "-2 1", Interval(Fraction(1, 3), Fraction(3, 2))),
        ("2-2-1", "-1 0 1", "-1 1", UNIT),
        ("2-2-1", "-3 2", "-2 1", Interval(Fraction(-1, 2), Fraction(2, 3))),
    ],
)
def test_the_screens_find_what_the_relaxations_find(
    shape: str, values: str, outputs: str, box: Interval, side: Side
) -> None:
    loose = "triangle" if shape.count("-") == 2 else "p:1"
    asked = question(shape, values, outputs, box=box, side=side, loose=loose)
    assert is_screened(asked)
    numbers = all_of(asked)[:: max(1, asked.space.size // 150)]
    expected = by_relaxations(asked, numbers)
    found = {f.number: f for f in findings(asked, 0, asked.space.size)}
    assert [found[number] for number in numbers if number in found] == expected


@given(st.data())
def test_the_screen_agrees_on_random_networks(data: st.DataObject) -> None:
    ends = sorted(data.draw(st.lists(rationals(), min_size=2, max_size=2, unique=True)))
    width = data.draw(st.integers(1, 3))
    asked = question(
        f"1-2-{width}-1",
        "-3 -1 0 2",
        "-2 1 3",
        box=Interval(*ends),
        side=data.draw(st.sampled_from(Side)),
    )
    number = data.draw(st.integers(0, asked.space.size - 1))
    expected = by_relaxations(asked, range(number, number + 1))
    assert list(findings(asked, number, number + 1)) == expected


@given(st.data())
def test_the_screen_of_the_triangle_agrees_on_random_networks(data: st.DataObject) -> None:
    ends = sorted(data.draw(st.lists(rationals(), min_size=2, max_size=2, unique=True)))
    inputs, width = data.draw(st.sampled_from([(1, 1), (1, 4), (2, 1), (2, 2)]))
    asked = question(
        f"{inputs}-{width}-1",
        "-3 0 2",
        "-2 1 3",
        box=Interval(*ends),
        loose="triangle",
        side=data.draw(st.sampled_from(Side)),
    )
    assume(is_screened(asked))  # not if the ends have large denominators
    number = data.draw(st.integers(0, asked.space.size - 1))
    expected = by_relaxations(asked, range(number, number + 1))
    assert list(findings(asked, number, number + 1)) == expected


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
    asked = question("1-2-2-1", "-1 1", "-1 1", side=Side.BOTH)
    left_out = [i for i in all_of(asked) if asked.space[i].outputs == (1, 1)]
    upper = question("1-2-2-1", "-1 1", "-1 1")
    assert asked.space.size - len(left_out) == upper.space.size
    assert left_out
    for number in left_out:
        tight, loose = bounds(asked, asked.space[number].network)
        assert tight.upper == loose.upper


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


def test_a_screen_that_is_wrong_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = question("1-2-2-1", "-1 0 1", "-1 1")

    class Wrong:
        def hits(self, start: int, stop: int) -> list[tuple[int, Fraction]]:
            return [(start, Fraction(1, stop))]

    monkeypatch.setattr(incompleteness, "screen_for", lambda _: Wrong())
    with pytest.raises(FalseBoundError, match="the screen found the gap 1/2, the proof"):
        list(findings(asked, 0, 2))


def test_large_weights_are_screened_up_to_the_bound_on_their_products_and_no_further() -> None:
    def fits(size: int) -> bool:
        return is_screened(question("1-2-2-1", f"-{size} {size}", "-1 1", side=Side.BOTH))

    largest = max(size for size in range(1, 2000) if fits(size))
    assert not fits(largest + 1)
    asked = question("1-2-2-1", f"-{largest} {largest}", "-1 1", side=Side.BOTH)
    numbers = all_of(asked)[::97]
    found = {f.number: f for f in findings(asked, 0, asked.space.size)}
    assert [found[n] for n in numbers if n in found] == by_relaxations(asked, numbers)


def test_the_bound_on_integers_is_the_one_of_its_formula() -> None:
    # P = 2, r = c = 1, m = 2: Q = 6 * 4 = 24, V = 3 * 2 * 24 = 144, 2VQ = 6912.
    space = Space((1, 2, 2, 1), vector([-1, 1]), vector([1]), (UNIT,))
    assert largest_integer(space, [[(0, 2, 1)]], Fraction(0)) == 6912


def test_large_weights_are_screened_for_the_triangle_as_far_as_proved() -> None:
    def asked(size: int) -> Question:
        given = f"-{size} {size}"
        return question("2-2-1", given, "-1 1", loose="triangle", side=Side.BOTH)

    largest = max(size for size in range(1, 3000) if is_screened(asked(size)))
    assert not is_screened(asked(largest + 1))
    numbers = all_of(asked(largest))
    found = list(findings(asked(largest), 0, len(numbers)))
    assert found == by_relaxations(asked(largest), numbers)
    assert len(found) > 0


def test_fractions_and_other_shapes_are_not_screened() -> None:
    def has_screen(shape: str, values: str) -> bool:
        space = question(shape, values, "1").space
        return screen_of(space, upper=True, lower=True, least=Fraction(0)) is not None

    assert has_screen("1-2-2-1", "-1 1")
    assert not has_screen("1-2-2-1", "-1/2 1")
    assert not has_screen("2-2-2-1", "1")
    assert not has_screen("1-2-1", "1")
    assert not is_screened(question("3-2-1", "-1 1", "1", loose="triangle"))
    assert not is_screened(question("1-2-2-1", "-1 1", "1", loose="triangle"))
    assert not is_screened(question("1-2-2-1", "-1 1", "1", loose="m:2"))


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize(
    ("shape", "loose", "tight", "identities"),
    [
        ("1-2-1", "m:1", "m:2", 0),
        ("2-2-1", "krelu:2", "p:1", 0),
        ("2-2-1", "p:1", "exact", 0),
        ("1-2-2-1", "p:2", "exact", 0),
        ("1-2-2-1", "p:1", "p:2", 1),
        ("1-2-2-1", "p:1", "exact", 1),
    ],
)
def test_relaxations_within_one_that_is_screened_find_what_they_find_alone(
    shape: str, loose: str, tight: str, identities: int, side: Side
) -> None:
    asked = replace(
        question(shape, "-1 1", "-1 1", identities=identities, loose=loose, side=side),
        tight=tight,
    )
    numbers = all_of(asked)[:: max(1, asked.space.size // 40)]
    assert is_screened(asked)
    assert is_decided(asked) is ((loose, tight) == ("p:1", "exact") and len(shape) > 5)
    found = {f.number: f for n in numbers for f in findings(asked, n, n + 1)}
    assert [found[n] for n in numbers if n in found] == by_relaxations(asked, numbers)


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


def test_corners_of_cells_are_those_of_the_cut_square() -> None:
    # The square [0, 2]^2 and the line x + y = 1: a triangle and a pentagon.
    square = ((0, 0, 1), (2, 0, 1), (2, 2, 1), (0, 2, 1))
    below, above = halves(square, (1, 1, -1))
    assert set(below) == {(0, 0, 1), (1, 0, 1), (0, 1, 1)}
    assert set(above) == {(1, 0, 1), (2, 0, 1), (2, 2, 1), (0, 2, 1), (0, 1, 1)}
    assert halves(square, (1, 0, 0)) == (square,)  # the line is on the boundary
    segments = halves(((0, 0, 1), (1, 0, 1)), (3, 0, -1))
    assert [set(part) for part in segments] == [
        {(0, 0, 1), (1, 0, 3)},
        {(1, 0, 3), (1, 0, 1)},
    ]


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
