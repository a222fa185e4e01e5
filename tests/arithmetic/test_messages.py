"""What messages say of what was found is short, whatever it is."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from polyrelax.arithmetic.arguments import located, whole
from polyrelax.arithmetic.rational import shown
from polyrelax.arithmetic.words import in_line, quoted
from polyrelax.errors import PolyrelaxError, TooLargeError
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation


@pytest.mark.parametrize(
    "found", [10**5000, -(10**5000), Fraction(10**5000, 7), "x" * 10**6], ids=type
)
def test_what_is_long_is_cut(found: object) -> None:
    assert len(shown(found)) == 63
    assert shown(found).endswith("...")


def test_fractions_are_shown_as_people_write_them() -> None:
    assert (shown(Fraction(-3, 2)), shown(Fraction(4))) == ("-3/2", "4")


@pytest.mark.parametrize(
    "number",
    [10**18, -(10**18), 10**5000, -(10**5000)],
    ids=("least", "below", "long", "long below"),
)
def test_whole_numbers_of_either_sign_have_at_most_18_digits(number: int) -> None:
    with pytest.raises(TooLargeError, match=r"^found \S+, expected a width within 18 digits$"):
        whole(number, "a width")
    assert whole(10**18 - 1, "a width") == -whole(1 - 10**18, "a width")


@pytest.mark.parametrize("name", ["two\nlines", "x" * 10**5, "bell\a", Path("a\nb") / "c"])
def test_names_of_files_stay_in_a_line(name: str | Path) -> None:
    if len(str(name)) > 4096:
        with pytest.raises(TooLargeError, match="expected a path of 4096 characters at most"):
            located(name)
    else:
        assert in_line(name).isprintable()
    assert len(quoted(str(name))) <= 203


def test_names_of_engines_relaxations_and_coordinates_are_cut() -> None:
    for refused in (
        lambda: Polytope.box([0], [1], engine="x" * 10**5),
        lambda: Polytope.box([0], [1]).project("x" * 10**5),  # type: ignore[arg-type]
        lambda: relaxation("x" * 10**5),
    ):
        with pytest.raises(PolyrelaxError, match="found") as error:
            refused()
        assert len(str(error.value)) < 300
