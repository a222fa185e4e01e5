"""How cdd's and lrs' manuals allow a file to be laid out, and what their options ask for.

The square is 0 <= x, y <= 1 throughout; what an option makes of it follows by hand, and where
lrs reads the option too, lrs 7.1 gives the same vertices.
"""

from __future__ import annotations

import pytest

from polyrelax.errors import FormatError, TooLargeError
from polyrelax.polytopes import files
from polyrelax.polytopes.polytope import Polytope

SQUARE = Polytope.box([0, 0], [1, 1])
LEFT = Polytope.box([0, 0], [0, 1])
ROWS = "begin\n4 3 integer\n0 1 0\n0 0 1\n1 -1 0\n1 0 -1\nend\n"
CORNERS = "begin\n4 3 integer\n1 0 0\n1 1 0\n1 0 1\n1 1 1\nend\n"


@pytest.mark.parametrize(
    "content",
    [
        ROWS.replace("0 1 0\n0 0 1", "0 1\n   0 0\n\n0\t1"),
        "begin 4 3 integer 0 1 0 0 0 1 1 -1 0 1 0 -1 end",
        ROWS.replace("4 3 integer", "4\n3\ninteger"),
        ROWS.replace("4 3 integer", "***** 3 rational"),
        ROWS.replace("4 3 integer", "*****\n3 rational"),
        ROWS.replace("4 3 integer", "* the size\n****\n\n4 3 integer"),
        ROWS.replace("1 -1 0", "* above\n# above\n1.0 -1e0 0/7"),
        ROWS.replace("\n", "\r\n"),
        ROWS + "incidence\nmaximize\n0 1 1\n#incidence\n!adjacency\n% a comment\n",
        ROWS.replace("end", "end lponly"),
        ROWS + "startingcobasis 1 2\nredund 0 0\nnonnegative\n",
    ],
)
def test_rows_are_read_by_words(content: str) -> None:
    assert files.read(content) == SQUARE


@pytest.mark.parametrize(
    "title",
    [
        "end of the year data",
        "begin with a square",
        "linearity test",
        "nonnegative orthant\n3 cubes",
        "the V-representation is in square.ext",
        "* V-representation",
        "V-representation of what is in square.ext",
    ],
)
def test_a_title_may_be_any_words(title: str) -> None:
    assert files.read(f"{title}\nH-representation\n{ROWS}") == SQUARE


def test_an_option_above_the_representation_is_no_title() -> None:
    with pytest.raises(FormatError, match="line 1: found 'project', which asks for another"):
        files.read(f"project 1 1\nH-representation\n{ROWS}")


def test_the_header_says_what_the_rows_are_and_not_the_suffix() -> None:
    assert files.read(f"H-representation\n{ROWS}", suffix=".ext") == SQUARE
    assert files.read(f"V-representation\n{CORNERS}", suffix=".ine") == SQUARE
    assert files.read(f"v-representation\n{CORNERS}") == SQUARE
    assert files.read(ROWS) == files.read(ROWS, suffix=".ine") == SQUARE
    with pytest.raises(FormatError, match="found no representation, expected a line V-rep"):
        files.read(CORNERS, suffix=".ext")


def test_hull_is_the_old_word_for_points() -> None:
    assert files.read(f"{CORNERS}hull\n", suffix=".ext") == SQUARE
    assert files.read(f"hull\n{CORNERS}") == SQUARE
    assert files.read(f"V-representation\n{CORNERS}hull\n") == SQUARE
    with pytest.raises(FormatError, match="line 9: found 'hull' in an H-representation"):
        files.read(f"H-representation\n{ROWS}hull\n")


@pytest.mark.parametrize(
    "option",
    ["linearity", "equality", "partial_enumeration"],
)
@pytest.mark.parametrize("numbers", [" 1 1", "\n1 1", "\n 1\n\n* row\n 1"])
def test_equations_are_obeyed_before_and_after_the_rows(option: str, numbers: str) -> None:
    assert files.read(f"{ROWS}{option}{numbers}\n") == LEFT
    assert files.read(f"H-representation\n{option}{numbers}\n{ROWS}") == LEFT
    assert files.read(f"{option}{numbers}\n{ROWS}{option}{numbers}\n") == LEFT


def test_nonnegative_is_obeyed_before_the_rows_and_passed_over_after_them() -> None:
    moved = ROWS.replace("0 1 0\n0 0 1", "1 1 0\n1 0 1")  # -1 <= x, y
    assert files.read(moved) == Polytope.box([-1, -1], [1, 1])
    assert files.read(f"H-representation\nnonnegative\n{moved}") == SQUARE
    assert files.read(f"nonnegative\n{moved}") == SQUARE
    assert files.read(f"{moved}nonnegative\n") == Polytope.box([-1, -1], [1, 1])
    corner = "nonnegative\nbegin\n1 3 integer\n1 -1 -1\nend"
    assert files.read(corner) == Polytope.hull([[0, 0], [1, 0], [0, 1]], 2)


@pytest.mark.parametrize(
    "option",
    [
        "strict_inequality 1 1",
        "strict_inequalities 1 1",
        "voronoi",
        "Voronoi",
        "project 1 1",
        "preprojection\n1 1",
        "eliminate 1 2",
        "extract 1 1",
    ],
)
def test_options_that_ask_for_another_set_are_refused(option: str) -> None:
    named = f"found '{option.split(maxsplit=1)[0]}', which asks for another set"
    with pytest.raises(FormatError, match=f"line 8: {named}"):
        files.read(ROWS + option)
    with pytest.raises(FormatError, match=f"line 2: {named}"):
        files.read(f"H-representation\n{option}\n{ROWS}")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (ROWS + "mystery 1\n", "line 8: found 'mystery' after the rows, expected an option"),
        (ROWS + "7 8\n", "line 8: found '7' after the rows, expected an option"),
        (ROWS + "equality\n", "line 8: found '', expected row numbers"),
        (ROWS + "equality 1 5\n", r"line 8: found \[5\], expected rows 1 to 4"),
        (ROWS + "equality 1 1 2\n", "line 8: found 2 row numbers, expected 1"),
        (ROWS + "equality 1 1\nlinearity 1 2", "line 9: found other rows than those of"),
        (ROWS.replace("1 0 -1\n", ""), "line 2: found 9 numbers, expected 4 rows of 3"),
        (ROWS.replace("4 3", "** 5"), "line 2: found 12 numbers, expected rows of 5"),
        (ROWS.replace("1 0 -1", "1 0 -1 9"), "line 2: found 13 numbers, expected 4 rows of 3"),
        (ROWS.replace("1 0 -1", "1 0 y"), "line 6: found 'y', expected a number"),
        (ROWS.replace("4 3", f"{10**30} 3"), "found '1000.* after 'begin', expected 'rows"),
        ("V-representation of a square\n" + ROWS, "line 1: .* expected V-rep.* alone"),
        (
            f"V-representation\nH-representation\n{ROWS}",
            "line 2: found H-representation after V-representation, expected one",
        ),
        (
            f"linearity 1 1\nnonnegative\n{ROWS}",
            "line 2: found 'nonnegative' beside equations, expected only one",
        ),
        (
            f"V-representation\nnonnegative\n{CORNERS}",
            "line 2: found 'nonnegative' in a V-representation, expected points",
        ),
    ],
)
def test_what_a_file_cannot_mean_is_refused(content: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        files.read(content)


def test_a_short_file_does_not_make_a_large_matrix() -> None:
    numbers = " ".join(["1"] * 2002)
    with pytest.raises(TooLargeError, match="dimension 2001, expected at most 2000"):
        files.read(f"nonnegative\nbegin\n1 2002 integer\n{numbers}\nend")
