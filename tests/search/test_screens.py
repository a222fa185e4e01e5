"""Screens against the relaxations themselves, on networks with a gap and without."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import vector
from polyrelax.errors import FalseBoundError
from polyrelax.search import incompleteness
from polyrelax.search.candidates import Space
from polyrelax.search.incompleteness import findings, is_decided, is_screened
from polyrelax.search.kernel import Integers
from polyrelax.search.proof import halves
from polyrelax.search.question import Finding, Question, Side
from polyrelax.search.screen import largest_integer, screen_of
from polyrelax.strategies import rationals
from tests.search.questions import UNIT, all_of, by_relaxations, hits_of, question, some_of


def screened(asked: Question, numbers: list[int]) -> list[Finding]:
    """Return what the search finds among some networks."""
    return [found for n in numbers for found in findings(asked, n, n + 1)]


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize(
    ("shape", "values", "outputs", "box"),
    [
        ("1-2-2-1", "-1 0 1", "-1 1", UNIT),
        ("1-2-2-1", "-2 0 1", "-1 2", Interval(Fraction(-1, 2), Fraction(3))),
        ("1-2-3-1", "-2 1", "-1 2", Interval(Fraction(-1, 2), Fraction(3))),
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
    assert is_decided(asked)
    numbers = some_of(asked, 25, 40)
    expected = by_relaxations(asked, numbers)
    assert 0 < len(expected) < len(numbers)
    assert screened(asked, numbers) == expected


def test_no_networks_have_no_hits() -> None:
    asked = question("1-2-2-1", "-1 0 1", "1", side=Side.UPPER)
    assert asked.space.size == 0
    assert list(findings(asked, 0, 0)) == []


@pytest.mark.parametrize("side", list(Side))
def test_one_neuron_behind_two_is_exact_for_p1(side: Side) -> None:
    asked = question("1-2-1-1", "-1 0 1", "-1 1", side=side)
    assert hits_of(asked) == by_relaxations(asked, all_of(asked)[::4]) == []


@settings(max_examples=25)
@given(st.data())
def test_the_screen_agrees_on_random_networks(data: st.DataObject) -> None:
    ends = sorted(data.draw(st.lists(rationals(), min_size=2, max_size=2, unique=True)))
    shape, values = data.draw(st.sampled_from([("1-2-2-1", "-3 0 2"), ("1-2-3-1", "-2 1")]))
    side = data.draw(st.sampled_from(Side))
    asked = question(shape, values, "-2 1 3", box=Interval(*ends), side=side)
    assume(is_screened(asked))  # not if the ends have large denominators
    hits, anywhere = hits_of(asked), st.integers(0, asked.space.size - 1)
    for number in (data.draw(anywhere), data.draw(st.sampled_from(hits) if hits else anywhere)):
        expected = by_relaxations(asked, [number])
        assert bool(expected) is (number in hits)
        assert screened(asked, [number]) == expected


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
    assert screened(asked, [number]) == by_relaxations(asked, [number])


def test_a_screen_that_is_wrong_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = question("1-2-2-1", "-1 0 1", "-1 1")

    class Wrong:
        def listed(self, start: int, stop: int) -> Integers:
            return np.array([[start, 1, stop, 0, 1]])

    monkeypatch.setattr(incompleteness, "screen_for", lambda _: Wrong())
    with pytest.raises(FalseBoundError, match="the screen found the gap 1/2, the proof"):
        list(findings(asked, 0, 2))


def test_large_weights_are_screened_up_to_the_bound_on_their_products_and_no_further() -> None:
    def asked(size: int) -> Question:
        return question("1-2-2-1", f"-{size} 0 {size}", "-1 1", side=Side.BOTH)

    largest = max(size for size in range(1, 2000) if is_screened(asked(size)))
    assert largest > 100
    assert not is_screened(asked(largest + 1))
    numbers = some_of(asked(largest), 40, 40)
    expected = by_relaxations(asked(largest), numbers)
    assert len(expected) > 20
    assert screened(asked(largest), numbers) == expected


def test_a_witness_with_large_weights_has_its_gap_times_their_square() -> None:
    # relu(s a1) - relu(s a1 - s a2) with a = (relu(s x), relu(-s x)): 0, and s^2 / 2 for P_1.
    s = 100
    asked = question("1-2-2-1", f"-{s} 0 {s}", "-1 1")
    layers = ((vector([-s, 0]), vector([s, 0])), (vector([-s, s, 0]), vector([0, s, 0])))
    found = {asked.space[f.number]: f for f in findings(asked, 0, asked.space.size)}
    (witness,) = [f for c, f in found.items() if (c.hidden, c.outputs) == (layers, (-1, 1))]
    assert (witness.tight, witness.loose) == ((0, 0), (0, s**2 // 2))


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
    assert has_screen("1-2-32-1", "1")
    assert not has_screen("1-2-33-1", "1")
    assert not is_screened(question("3-2-1", "-1 1", "1", loose="triangle"))
    assert not is_screened(question("1-2-2-1", "-1 1", "1", loose="triangle"))
    assert not is_screened(question("1-2-2-1", "-1 1", "1", loose="m:2"))


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize(
    ("shape", "loose", "tight", "identities", "witnessed"),
    [
        ("1-2-1", "m:1", "m:2", 0, True),
        ("2-2-1", "m:1", "p:1", 0, True),
        ("2-2-1", "p:1", "exact", 0, False),  # P_1 is exact on one hidden layer
        ("1-2-2-1", "p:2", "exact", 0, True),  # P_2 sees one of two ReLU layers at a time
        ("1-2-2-1", "p:1", "p:3", 0, True),  # P_3 sees both
        ("1-2-2-1", "p:1", "p:2", 1, False),
        ("1-2-2-1", "p:1", "exact", 1, True),
    ],
)
def test_relaxations_within_one_that_is_screened_find_what_they_find_alone(  # noqa: PLR0913
    shape: str, loose: str, tight: str, identities: int, side: Side, *, witnessed: bool
) -> None:
    asked = question(shape, "-1 0 1", "-1 1", identities=identities, loose=loose, side=side)
    asked = replace(asked, tight=tight)
    numbers = some_of(asked, 8, 16)
    assert is_screened(asked)
    assert is_decided(asked) is ((loose, tight) == ("p:1", "exact") and len(shape) > 5)
    expected = by_relaxations(asked, numbers)
    assert bool(expected) is witnessed
    assert len(expected) < len(numbers)
    assert screened(asked, numbers) == expected


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
