import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.cli.browser import Section, needs_browser, rendered, sections
from tests.cli.conftest import Program


def _page(program: Program, tent: Path, *options: object) -> str:
    place = tent.with_name("report.html")
    finished = program("report", tent, *options, "-o", place)
    assert (finished.status, finished.stdout, finished.stderr) == (0, "", "")
    return place.read_text(encoding="utf-8")


@pytest.fixture
def page(program: Program, tent: Path) -> str:
    return _page(program, tent, "-r", "p:1", "-r", "p:3", "-r", "exact")


def test_the_page_has_the_network_and_its_inputs(page: str) -> None:
    network, inputs = sections(page)["Layers"], sections(page)["Inputs"]
    assert [row[-1] for row in network.rows] == [
        "(1; 0) (-1; 0)",
        "",
        "(-2, 0; 1) (0, -2; 1)",
        "",
        "(1, 1; 0)",
    ]
    assert inputs.rows == [["0", "[-1, 1]"]]


def _checked_outputs(outputs: Section) -> None:
    # The tent has the range [1, 2]; windows of three layers see that, single layers do not.
    assert outputs.header == ["output", "relaxation", "lower", "upper", "", "seconds"]
    assert [row[1:4] for row in outputs.rows] == [
        ["p:1", "0", "2"],
        ["p:3", "1", "2"],
        ["exact", "1", "2"],
    ]


def test_the_page_has_the_bounds_of_the_outputs(page: str) -> None:
    _checked_outputs(sections(page)["Outputs"])


def test_bars_are_drawn_to_scale(page: str) -> None:
    # [0, 2] fills the frame [0, 2]; [1, 2] is its right half.
    whole, half = "margin-left:0.00%;width:100.00%", "margin-left:50.00%;width:50.00%"
    assert (page.count(whole), page.count(half)) == (1, 2)


def test_the_page_has_the_gaps_layer_by_layer(page: str) -> None:
    gaps = sections(page)["Largest gap to the exact bounds"]
    assert gaps.header == ["layer", "p:1", "p:3", "exact"]
    assert gaps.rows[:-1] == [[row[0], "0", "0", "0"] for row in gaps.rows[:-1]]
    assert gaps.rows[-1] == ["5 affine", "1", "0", "0"]


def test_gaps_are_those_to_the_tightest_without_exact_ones(
    program: Program, tent: Path
) -> None:
    found = sections(_page(program, tent, "-r", "ibp", "-r", "dp1"))
    assert found["Largest gap to the tightest bounds here"].rows[-1] == ["5 affine", "0", "1"]


def test_the_page_has_one_chart_with_all_relaxations(page: str) -> None:
    assert page.count("<svg") == page.count("</svg>") == 1
    chart = page[page.index("<svg") : page.index("</svg>") + len("</svg>")]
    assert ET.fromstring(chart).tag.endswith("svg")


def test_the_page_needs_no_other_file(page: str) -> None:
    for needs in ("<script", "<link", "<img", "src=", "@import", "url(http"):
        assert needs not in page


def test_the_same_request_gives_the_same_chart(program: Program, tent: Path, page: str) -> None:
    again = _page(program, tent, "-r", "p:1", "-r", "p:3", "-r", "exact")
    chart = slice(page.index("<svg"), page.index("</svg>"))
    assert again[chart] == page[chart]


def test_names_are_escaped(program: Program, tent: Path) -> None:
    odd = tent.rename(tent.with_name("a&b<i>.json"))
    assert "a&amp;b&lt;i&gt;.json</h1>" in _page(program, odd, "-r", "ibp")


def test_a_set_that_is_no_box_is_shown_by_its_constraints(program: Program, tent: Path) -> None:
    square = tent.with_name("square.json")
    square.write_text(
        '{"format": "polyrelax-network/1", "input": {"vertices": [["0", "0"], ["1", "0"], '
        '["0", "1"]]}, "layers": ["relu"]}'
    )
    shown = sections(_page(program, square, "-r", "ibp"))["Inputs"]
    assert sorted(row[0] for row in shown.rows) == ["-x0 <= 0", "-x1 <= 0", "x0 + x1 <= 1"]


def test_a_missing_file_is_one_line(program: Program) -> None:
    finished = program("report", "missing.json")
    assert (finished.status, finished.stdout) == (2, "")
    assert finished.stderr.count("\n") == 1


@needs_browser
def test_a_browser_shows_all_of_the_page(page: str, tent: Path) -> None:
    shown = rendered(tent.with_name("report.html"))
    assert sections(shown.html) == sections(page)
    _checked_outputs(sections(shown.html)["Outputs"])
    assert shown.html.count("</svg>") == 1
    assert shown.errors == []


@needs_browser
def test_the_browser_would_say_what_a_page_lacks(tmp_path: Path) -> None:
    page = tmp_path / "broken.html"
    page.write_text("<script>document.title = undefined.x</script>")
    assert len(rendered(page).errors) == 1
