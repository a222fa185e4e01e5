import json
from pathlib import Path

import pytest

from polyrelax.cli.requests.polytope import read_polytope
from polyrelax.polytopes.engines import Plain
from polyrelax.polytopes.forms import Hull
from tests.cli.conftest import Program

SQUARE_INE = """\
square
H-representation
begin
4 3 rational
1 1 0
1 -1 0
1 0 1
1 0 -1
end
"""
TRIANGLE_EXT = """\
V-representation
begin
3 3 integer
1 0 0
1 1 0
1 0 1
end
"""
SQUARE_ROWS = "1 1 0\n1 -1 0\n1.0 0 1\n1 0 -1\n"
SQUARE_JSON = '{"lower": ["-1", "-1"], "upper": ["1", "1"]}'
CORNERS = [["-1", "-1"], ["-1", "1"], ["1", "-1"], ["1", "1"]]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("square.ine", SQUARE_INE),
        ("square.txt", SQUARE_INE),
        ("square.txt", SQUARE_ROWS),
        ("square.json", SQUARE_JSON),
    ],
)
def test_one_polytope_in_every_format(
    program: Program, tmp_path: Path, name: str, content: str
) -> None:
    path = tmp_path / name
    path.write_text(content)
    from_file = program("hull", path, "--format", "json").data
    from_stdin = program("hull", "-", "--format", "json", stdin=content.encode()).data
    for data in (from_file, from_stdin):
        assert data["format"] == "polyrelax-hull/1"
        assert (data["vertices"], data["facets"], data["equations"]) == (4, 4, 0)
        assert data["points"] == CORNERS
        assert sorted(data["inequalities"]) == [
            ["1", "-1", "0"],
            ["1", "0", "-1"],
            ["1", "0", "1"],
            ["1", "1", "0"],
        ]
        assert data["equalities"] == []


def test_the_hull_of_the_relu_of_the_interval(program: Program) -> None:
    # P2, section 3: on [-1, 1] the facets are y >= 0, y - x >= 0 and 1 + x - 2y >= 0.
    data = program("hull", "-", "--relu", "--format", "json", stdin=b"1 1\n1 -1\n").data
    assert sorted(data["inequalities"]) == [["0", "-1", "1"], ["0", "0", "1"], ["1", "1", "-2"]]
    assert data["points"] == [["-1", "0"], ["0", "0"], ["1", "1"]]


@pytest.mark.parametrize(("k", "vertices", "facets"), [(1, 3, 3), (2, 9, 6), (3, 27, 9)])
def test_boxes_have_products_of_triangles(
    program: Program, k: int, vertices: int, facets: int
) -> None:
    box = json.dumps({"lower": ["-1"] * k, "upper": ["1"] * k}).encode()
    data = program("hull", "-", "--relu", "--format", "json", stdin=box).data
    assert (data["vertices"], data["facets"], data["equations"]) == (vertices, facets, 0)


def test_a_flat_polytope_has_equations(program: Program) -> None:
    data = program("hull", "-", "--format", "json", stdin=b'{"vertices": [["1", "2"]]}').data
    assert (data["vertices"], data["facets"], data["equations"]) == (1, 0, 2)
    assert data["inequalities"] == []
    # b + a.x == 0 at (1, 2), up to sign
    rows = [[int(entry) for entry in row] for row in data["equalities"]]
    assert all(b + s + 2 * t == 0 for b, s, t in rows)


def test_cdd_files_are_read_back(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "triangle.ext"
    path.write_text(TRIANGLE_EXT)
    expected = program("hull", path, "--format", "json").data
    assert (expected["vertices"], expected["facets"]) == (3, 3)
    for suffix in ("ine", "ext"):
        again = tmp_path / f"again.{suffix}"
        assert program("hull", path, "--format", suffix, "-o", again).status == 0
        data = program("hull", again, "--format", "json").data
        assert {**data, "seconds": 0} == {**expected, "seconds": 0}


def test_the_table_shows_short_lists_and_counts_long_ones(
    program: Program, tmp_path: Path
) -> None:
    short = program("hull", "-", stdin=SQUARE_JSON.encode()).stdout
    assert "(-1, 1)" in short
    assert "-x0 <= 1" in short
    cube = json.dumps({"lower": ["0"] * 6, "upper": ["1"] * 6}).encode()
    assert "Vertices: 64, written in full" in program("hull", "-", stdin=cube).stdout


@pytest.mark.parametrize("engine", ["cddlib", "plain"])
def test_an_engine_may_be_named(program: Program, engine: str) -> None:
    content = b'{"vertices": [["0", "0"], ["1", "0"], ["0", "1"]]}'
    data = program("hull", "-", "--engine", engine, "--format", "json", stdin=content).data
    assert (data["engine"], data["vertices"], data["facets"]) == (engine, 3, 3)


def test_the_engine_named_is_the_one_that_converts(tmp_path: Path) -> None:
    path = tmp_path / "triangle.ext"
    path.write_text(TRIANGLE_EXT)
    form = read_polytope(str(path), "plain").form
    assert isinstance(form, Hull)
    assert form.engine == Plain()


@pytest.mark.parametrize(
    ("file", "counts"), [("k2/1", (13, 12)), ("k2/3", (13, 14)), ("k3/2", (74, 59))]
)
def test_octahedra_of_trained_networks(
    program: Program, data_dir: Path, file: str, counts: tuple[int, int]
) -> None:
    # P2, section 3, the files of ELINA.
    path = data_dir / "octahedra" / f"{file}.txt"
    data = program("hull", path, "--relu", "--format", "json").data
    assert (data["vertices"], data["facets"]) == counts


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff\xfe garbage",
        b"{",
        b'{"lower": ["0"]}',
        b'{"lower": ["1"], "upper": ["0"]}',
        b"1 1\n1 1 1\n",
        b"1 one\n",
        b"1 nan\n",
        b"1 1\n",  # a half-line
        b"-1 1\n-1 -1\n",  # 1 <= x <= -1
        b"begin\n1 2 rational\n1 1\n",
    ],
)
def test_bad_input_is_one_line_and_status_2(program: Program, content: bytes) -> None:
    finished = program("hull", "-", stdin=content)
    assert (finished.status, finished.stdout) == (2, "")
    assert finished.stderr.startswith("polyrelax: ")
    assert finished.stderr.count("\n") == 1


def test_an_unknown_engine_is_refused(program: Program) -> None:
    finished = program("hull", "-", "--engine", "steam", stdin=SQUARE_ROWS.encode())
    assert (finished.status, finished.stdout) == (2, "")
    assert "'steam'" in finished.stderr


def test_the_header_of_a_file_decides_what_it_is(program: Program, tmp_path: Path) -> None:
    rows = (
        "V-representation is the other one\nH-representation\nbegin\n2 2 integer 0 1\n1 -1\nend"
    )
    for name in ("interval.ine", "interval.ext", "interval", "interval.txt"):
        file = tmp_path / name
        file.write_text(rows)
        finished = program("hull", file, "--format", "ext")
        assert finished.stdout == "V-representation\nbegin\n2 2 rational\n1 0\n1 1\nend\n"


def test_plain_rows_may_speak_of_other_formats(program: Program, tmp_path: Path) -> None:
    file = tmp_path / "rows"
    file.write_text("# begin here: no V-representation\n0 1\n1 -1\n")
    finished = program("hull", file, "--format", "ine")
    assert finished.stdout == "H-representation\nbegin\n2 2 rational\n0 1\n1 -1\nend\n"
