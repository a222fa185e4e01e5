import json
import xml.etree.ElementTree as ET
from base64 import b64decode
from fractions import Fraction
from pathlib import Path

import pytest

from polyrelax.cli import main
from tests.cli.browser import Section, needs_browser, rendered, sections
from tests.cli.conftest import TENT, Program


def _page(program: Program, tent: Path, *options: object) -> str:
    place = tent.with_name("report.html")
    finished = program("report", tent, *options, "-o", place)
    assert (finished.status, finished.stdout, finished.stderr) == (0, "", "")
    return place.read_text(encoding="utf-8")


NAMES = ("-r", "p:1", "-r", "p:3", "-r", "exact")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page on the tent, made once."""
    folder = tmp_path_factory.mktemp("report")
    (folder / "tent.json").write_text(json.dumps(TENT))
    page = folder / "report.html"
    assert main(["report", str(folder / "tent.json"), *NAMES, "-o", str(page)]) == 0
    return page


@pytest.fixture
def page(place: Path) -> str:
    return place.read_text(encoding="utf-8")


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


def _chart(page: str) -> str:
    return page[page.index("<svg") : page.index("</svg>") + len("</svg>")]


def test_the_page_has_one_chart_with_all_relaxations(page: str) -> None:
    assert page.count("<svg") == page.count("</svg>") == 1
    assert ET.fromstring(_chart(page)).tag.endswith("svg")


def test_the_page_needs_no_other_file(page: str) -> None:
    for needs in ("<script", "<link", "<img", "src=", "@import", "url(http"):
        assert needs not in page


def test_the_same_request_gives_the_same_chart(program: Program, tent: Path, page: str) -> None:
    assert _chart(_page(program, tent, *NAMES)) == _chart(page)


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
def test_a_browser_shows_all_of_the_page(place: Path, page: str) -> None:
    shown = rendered(place)
    assert sections(shown.html) == sections(page)
    _checked_outputs(sections(shown.html)["Outputs"])
    assert shown.html.count("</svg>") == 1
    assert shown.errors == []


@needs_browser
def test_the_browser_would_say_what_a_page_lacks(tmp_path: Path) -> None:
    page = tmp_path / "broken.html"
    page.write_text("<script>document.title = undefined.x</script>")
    assert len(rendered(page).errors) == 1


def test_the_verdicts_on_certificates_are_on_the_page(page: str) -> None:
    shown = sections(page)["Certificates"]
    assert [row[1:5] for row in shown.rows] == [
        ["p:1", "[0, 2]", "equal", "accepted"],
        ["p:3", "[1, 2]", "equal", "accepted"],
        ["exact", "[1, 2]", "equal", "accepted"],
    ]


def test_a_certificate_on_the_page_is_one_for_the_checker(
    program: Program, page: str, tmp_path: Path
) -> None:
    start = page.index("base64,") + len("base64,")
    saved = tmp_path / "p-1-0.json"
    saved.write_bytes(b64decode(page[start : page.index('"', start)]))
    finished = program("check", saved)
    assert finished.status == 0
    assert "accepted: p:1: 1 v(5, 0) <= 2; p:1: 1 v(5, 0) reaches 2;" in finished.stdout


def test_rounded_bounds_are_around_the_certified_range(program: Program, tent: Path) -> None:
    page = _page(program, tent, "-r", "fastlin", "--bits", "1")
    # By hand 8/3 is rounded up to a half: 3.
    (row,) = sections(page)["Certificates"].rows
    assert row[1:5] == ["fastlin", "[0, 8/3]", "rounded outward", "accepted"]


def test_no_certificates_where_none_are_wanted(program: Program, tent: Path) -> None:
    page = _page(program, tent, "-r", "ibp", "--no-certificates")
    assert "base64" not in page
    assert "<code>--certificates</code>" in page


def test_large_networks_are_certified_on_request_only(program: Program, tent: Path) -> None:
    wide = tent.with_name("wide.json")
    ends = ["0"] * 9
    box = {"lower": ends, "upper": ends}
    wide.write_text(
        json.dumps({"format": "polyrelax-network/1", "input": box, "layers": ["relu"]})
    )
    assert "base64" not in _page(program, wide, "-r", "ibp")
    assert "base64" in _page(program, wide, "-r", "ibp", "--certificates")


def test_chosen_groups_have_no_certificate(program: Program, tent: Path) -> None:
    page = _page(program, tent, "-r", "krelu:2", "--groups", "1:0,1")
    assert sections(page)["Certificates"].rows[0][4] == "none for groups that are chosen"


def test_an_interruption_of_the_certificates_loses_no_bounds(
    program: Program, tent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("polyrelax.cli.report.certificates.verdicts", interrupt)
    place = tent.with_name("report.html")
    finished = program("report", tent, "-r", "ibp", "-o", place)
    assert (finished.status, finished.stderr) == (130, "polyrelax: interrupted\n")
    (row,) = sections(place.read_text(encoding="utf-8"))["Outputs"].rows
    assert row[1:4] == ["ibp", "0", "2"]


@pytest.mark.parametrize("weight", ["1e9999", "1e-9999", "12345e200", "7e-330"])
def test_numbers_beyond_all_floats_are_on_the_page(
    program: Program, tmp_path: Path, weight: str
) -> None:
    """The absolute value times a weight: [0, weight] on [-1, 1], twice that by intervals."""
    layers = [
        {"affine": {"weight": [[weight], [f"-{weight}"]], "bias": ["0", "0"]}},
        "relu",
        {"affine": {"weight": [["1", "1"]], "bias": ["0"]}},
    ]
    box = {"lower": ["-1"], "upper": ["1"]}
    path = tmp_path / "net.json"
    path.write_text(
        json.dumps({"format": "polyrelax-network/1", "input": box, "layers": layers})
    )
    page = _page(program, path, "-r", "ibp", "-r", "exact", "--no-certificates")
    rows = sections(page)["Outputs"].rows
    found = [Fraction(row[3].removeprefix("≤ ")) for row in rows]
    assert found == [2 * Fraction(weight), Fraction(weight)]
    half, whole = "margin-left:0.00%;width:50.00%", "margin-left:0.00%;width:100.00%"
    assert (page.count(half), page.count(whole)) == (1, 1)
    assert ET.fromstring(_chart(page)).tag.endswith("svg")
    assert all(len(word) < 200 for word in page[: page.index("<svg")].split())
