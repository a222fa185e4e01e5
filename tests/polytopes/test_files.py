import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.errors import FormatError, UnboundedError
from polyrelax.polytopes.files import (
    read_ext,
    read_ine,
    read_inequalities,
    write_ext,
    write_ine,
)
from polyrelax.polytopes.polytope import Polytope
from polyrelax.strategies import polytopes

SQUARE = """square.ine, by hand
* a comment
H-representation
begin
 4 3 rational
 1 -1  0
 1  0 -1
 0  1  0
 0  0  1
end
minimize 0 1 1
"""

DIAGONAL = """H-representation
linearity 1 3
begin
3 3 integer
1 -1 0
0 1 0
0 1 -1
end
"""

LRS = """triangle
V-representation
begin
***** 3 rational
1 0 0
1 1/2 0
1 0 1/3
end
*Totals: vertices=3
"""


def test_an_h_representation_by_hand() -> None:
    assert read_ine(SQUARE) == Polytope.box([0, 0], [1, 1])


def test_linearity_names_equations_from_one() -> None:
    assert read_ine(DIAGONAL) == Polytope.hull([[0, 0], [1, 1]], 2)


@pytest.mark.parametrize("option", ["linearity 1 3", "equality 1 3"])
def test_linearity_may_follow_the_rows(option: str) -> None:
    body = DIAGONAL.replace("linearity 1 3\n", "")
    assert read_ine(f"{body}{option}\n") == read_ine(DIAGONAL)


def test_output_of_lrs_does_not_know_its_number_of_rows() -> None:
    assert read_ext(LRS) == Polytope.hull([[0, 0], ["1/2", 0], [0, "1/3"]], 2)


def test_decimals_are_read_as_they_stand() -> None:
    content = "begin\n2 2 real\n0.1 -1\n1e-3 1\nend\n"
    assert read_ine(content) == Polytope.box(["-1/1000"], ["1/10"])


def test_written_files_by_hand() -> None:
    segment = Polytope.hull([[0, 0], ["1/2", "1/2"]], 2)
    assert write_ine(segment) == (
        "H-representation\nlinearity 1 1\nbegin\n3 3 rational\n0 -1 1\n0 0 1\n1 0 -2\nend\n"
    )
    assert (
        write_ext(segment) == "V-representation\nbegin\n2 3 rational\n1 0 0\n1 1/2 1/2\nend\n"
    )


@given(polytope=st.sampled_from([1, 2, 3]).flatmap(polytopes))
def test_what_is_written_is_read_again(polytope: Polytope) -> None:
    assert read_ine(write_ine(polytope)) == polytope
    assert read_ext(write_ext(polytope)) == polytope


@pytest.mark.parametrize(
    "polytope", [Polytope.empty(2), Polytope.box([], []), Polytope.empty(0)]
)
def test_degenerate_polytopes_are_read_again(polytope: Polytope) -> None:
    assert read_ine(write_ine(polytope)) == polytope
    assert read_ext(write_ext(polytope)) == polytope


def test_bare_inequalities() -> None:
    assert read_inequalities("# b a\n\n0.5 -1\n  0 1\n") == Polytope.box([0], ["1/2"])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "found no line 'begin', expected one"),
        ("begin\n1 2 real\n1 1\n", "found no line 'end', expected one"),
        ("begin\nend\n", "line 2: found 'end' after 'begin', expected 'rows columns type'"),
        ("V-representation\nbegin\n1 1 real\n1\nend", "found the line V-rep.*, expected H-rep"),
        ("begin\n1 2 complex\n1 1\nend", "line 2: found '1 2 complex' after 'begin', expected"),
        ("begin\n1 0 real\n\nend", "line 2: found '1 0 real' after 'begin', expected"),
        ("begin\n2 2 real\n1 1\nend", "line 2: found 2 numbers, expected 2 rows of 2"),
        ("begin\n1 2 real\n\n1 1 1\nend", "line 2: found 3 numbers, expected 1 row of 2"),
        ("begin\n1 2 real\n1 x\nend", "line 3: found 'x', expected a number"),
        ("begin\n1 2 rational\n1 1/0\nend", "line 3: found '1/0', whose denominator is zero"),
        ("linearity 2 1\nbegin\n1 2 real\n1 1\nend", "line 1: found 1 row numbers, expected 2"),
        (
            "linearity 1 2\nbegin\n1 2 real\n1 1\nend",
            r"line 1: found \[2\], expected rows 1 to 1",
        ),
        ("linearity\nbegin\n1 2 real\n1 1\nend", "line 1: found '', expected row numbers"),
    ],
)
def test_faults_name_their_line(content: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read_ine(content)


def test_points_start_with_one_and_rays_are_refused() -> None:
    with pytest.raises(FormatError, match="line 3: found 2 first, expected 1 or 0"):
        read_ext("begin\n1 2 real\n2 1\nend")
    with pytest.raises(UnboundedError, match="line 3: found a ray or line"):
        read_ext("begin\n1 2 real\n0 1\nend")
    with pytest.raises(FormatError, match=r"found the line H-rep.*, expected V-rep"):
        read_ext(SQUARE)


@pytest.mark.parametrize("content", ["", "\n", "# nothing\n"])
def test_bare_inequalities_need_a_row(content: str) -> None:
    with pytest.raises(FormatError, match="found no rows"):
        read_inequalities(content)


def test_bare_inequalities_have_rows_of_one_length() -> None:
    with pytest.raises(FormatError, match="line 2: found 3 entries, expected 2"):
        read_inequalities("1 1\n1 1 1\n")
