"""What a file says of a search is found again, or refused."""

from fractions import Fraction
from itertools import islice

import pytest

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import vector
from polyrelax.errors import FormatError
from polyrelax.search.candidates import Space
from polyrelax.search.executor import explore
from polyrelax.search.incompleteness import is_decided
from polyrelax.search.question import Finding, Question, Side
from polyrelax.search.recheck import proved_again
from tests.search.test_store import everything, intervals

UNIT = Interval(Fraction(-1), Fraction(1))
TRIANGLE = Question(
    Space((1, 2, 1), vector([-1, 0, 1]), vector([-1, 1]), (UNIT,)), "triangle", "exact"
)
QUESTIONS = [TRIANGLE, intervals()]


def again(question: Question, stored: list[Finding], done: int | None = None) -> list[Finding]:
    size = question.space.size if done is None else done
    return [found for part in proved_again(question, size, stored) for found in part.findings]


def test_one_question_is_decided_by_a_kernel_and_one_is_not() -> None:
    assert [is_decided(question) for question in QUESTIONS] == [True, False]


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_a_search_finds_is_found_again(question: Question) -> None:
    found = everything(question)
    assert again(question, found) == found != []
    middle = found[-1].number
    assert again(question, found[:-1], middle) == found[:-1]


@pytest.mark.parametrize("question", QUESTIONS)
def test_slices_cover_what_is_done(question: Question) -> None:
    parts = list(proved_again(question, question.space.size, everything(question)))
    assert [(p.start, p.stop) for p in parts] == [(p.start, p.stop) for p in explore(question)]
    assert list(proved_again(question, 0, [])) == []


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("place", [0, 1, -1])
def test_other_bounds_are_refused(question: Question, place: int) -> None:
    found = everything(question)
    true = found[place]
    wider = Interval(true.loose.lower, true.loose.upper + 1000)
    for false in (true._replace(loose=wider), true._replace(tight=true.loose)):
        stored = [false if each == true else each for each in found]
        with pytest.raises(FormatError, match=f"^witness {true.number}: found the bounds"):
            again(question, stored)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_network_that_is_no_witness_is_refused(question: Question) -> None:
    found = everything(question)
    numbers = {each.number for each in found}
    for other in islice((n for n in range(question.space.size) if n not in numbers), 3):
        stored = sorted([*found, found[0]._replace(number=other)])
        with pytest.raises(FormatError, match=f"^network {other} is no witness"):
            again(question, stored)


def test_a_missing_witness_is_noticed_where_a_kernel_decides() -> None:
    found = everything(TRIANGLE)
    for left_out in found:
        stored = [each for each in found if each != left_out]
        with pytest.raises(FormatError, match=f"^witness {left_out.number} is missing"):
            again(TRIANGLE, stored)


def test_a_witness_behind_what_is_done_is_refused() -> None:
    found = everything(TRIANGLE)
    with pytest.raises(FormatError, match=f"^witness {found[-1].number}: expected a number"):
        again(TRIANGLE, found, found[-1].number)


def test_a_gap_that_is_too_small_is_no_witness() -> None:
    found = everything(intervals())
    gaps = [intervals().gap(each.tight, each.loose) for each in found]
    asked = Question(intervals().space, "ibp", "exact", Side.UPPER, max(gaps))
    least = found[gaps.index(min(gaps))]
    assert min(gaps) < max(gaps)
    with pytest.raises(FormatError, match=f"^network {least.number} is no witness"):
        again(asked, [least])
