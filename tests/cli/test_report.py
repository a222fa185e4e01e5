import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.cli.conftest import Program


def _page(program: Program, tent: Path, *options: object) -> str:
    place = tent.with_name("report.html")
    finished = program("report", tent, *options, "-o", place)
    assert (finished.status, finished.stdout, finished.stderr) == (0, "", "")
    return place.read_text(encoding="utf-8")


@pytest.fixture
def page(program: Program, tent: Path) -> str:
    return _page(program, tent, "-r", "p:1", "-r", "p:3")


def test_the_page_has_the_bounds_of_the_outputs(page: str) -> None:
    # The tent has the range [1, 2]; windows of three layers see that, single layers do not.
    first_table = page[page.index("<table>") : page.index("</table>") + len("</table>")]
    rows = [[cell.text for cell in row] for row in ET.fromstring(first_table)]
    assert rows[0] == ["output", "relaxation", "lower", "upper", "seconds"]
    assert [row[1:4] for row in rows[1:]] == [["p:1", "0", "2"], ["p:3", "1", "2"]]


def test_the_page_has_one_chart_with_both_relaxations(page: str) -> None:
    assert page.count("<svg") == page.count("</svg>") == 1
    chart = page[page.index("<svg") : page.index("</svg>") + len("</svg>")]
    assert ET.fromstring(chart).tag.endswith("svg")


def test_the_page_needs_no_other_file(page: str) -> None:
    for needs in ("<script", "<link", "<img", "src=", "@import"):
        assert needs not in page


def test_the_same_request_gives_the_same_chart(program: Program, tent: Path, page: str) -> None:
    again = _page(program, tent, "-r", "p:1", "-r", "p:3")
    chart = slice(page.index("<svg"), page.index("</svg>"))
    assert again[chart] == page[chart]


def test_names_are_escaped(program: Program, tent: Path) -> None:
    odd = tent.rename(tent.with_name("a&b<i>.json"))
    assert "a&amp;b&lt;i&gt;.json</h1>" in _page(program, odd, "-r", "ibp")


def test_a_missing_file_is_one_line(program: Program) -> None:
    finished = program("report", "missing.json")
    assert (finished.status, finished.stdout) == (2, "")
    assert finished.stderr.count("\n") == 1
