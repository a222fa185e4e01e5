"""A polytope on a line or in the plane shows itself as a small picture."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given

from polyrelax.arithmetic.rational import matrix
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.subdivision import volume
from polyrelax.polytopes.svg import around
from polyrelax.strategies import polytopes

SVG = "{http://www.w3.org/2000/svg}"


def _picture(polytope: Polytope) -> ET.Element:
    source = polytope._repr_svg_()
    assert source is not None
    return ET.fromstring(source)


def _names(polytope: Polytope) -> list[str | None]:
    """Return what the dots of the picture are called."""
    return [title.text for title in _picture(polytope).iter(f"{SVG}title")]


@given(polytopes(2, full_dimensional=True))
def test_the_way_around_a_polygon_encloses_its_area(polytope: Polytope) -> None:
    order = around(polytope.vertices)
    turns = zip(order, (*order[1:], order[0]), strict=True)
    doubled = sum((p[0] * q[1] - p[1] * q[0] for p, q in turns), Fraction(0))
    assert doubled == 2 * volume(polytope)


@given(polytopes(2))
def test_every_vertex_is_in_the_picture_once(polytope: Polytope) -> None:
    picture = _picture(polytope)
    dots = [(dot.get("cx"), dot.get("cy")) for dot in picture.iter(f"{SVG}circle")]
    assert len(dots) == len(polytope.vertices)
    assert all(0 < float(x or 0) < 240 and 0 < float(y or 0) < 150 for x, y in dots)


def test_a_rectangle_is_drawn_to_scale_in_the_middle() -> None:
    # 210 by 120 pixels hold twice 60 across and once 60 up: a scale of 105.
    (polygon,) = _picture(Polytope.box([0, 0], [2, 1])).iter(f"{SVG}polygon")
    assert polygon.get("points") == "15.0,127.5 225.0,127.5 225.0,22.5 15.0,22.5"


def test_fractions_are_written_as_people_write_them() -> None:
    polygon = Polytope.hull(matrix([["1/2", 0], [1, 0], [0, "-3/2"]]), 2)
    assert _names(polygon) == ["(0, -3/2)", "(1, 0)", "(1/2, 0)"]
    captions = [text.text for text in _picture(polygon).iter(f"{SVG}text")]
    assert captions == ["x0 in [0, 1]", "x1 in [-3/2, 0]"]


def test_a_long_caption_is_squeezed_into_the_picture() -> None:
    long, short = Fraction(10**20, 3), Fraction(1, 3)
    texts = list(_picture(Polytope.box([short, -long], [1, long])).iter(f"{SVG}text"))
    assert [text.get("textLength") for text in texts] == [None, "220"]


def test_intervals_and_points_have_pictures() -> None:
    assert _names(Polytope.box([0], [1])) == ["(0)", "(1)"]
    assert _names(Polytope.hull([[1, 2]], 2)) == ["(1, 2)"]


@pytest.mark.parametrize(
    "polytope",
    [
        Polytope.empty(2),
        Polytope.box([0] * 3, [1] * 3),
        Polytope.hull([[]], 0),
        Polytope.intersection([Constraint.at_most([1, 0], 1)], 2),
    ],
    ids=["empty", "in space", "of dimension zero", "not bounded"],
)
def test_what_has_no_picture_shows_none(polytope: Polytope) -> None:
    assert polytope._repr_svg_() is None


def test_pictures_need_no_library_that_draws() -> None:
    program = """
import sys
from polyrelax import Polytope
assert "<svg" in Polytope.box([0, 0], [1, 1])._repr_svg_()
assert "matplotlib" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_the_same_polytope_has_the_same_picture_however_it_is_given() -> None:
    box = Polytope.box([0, 0], [1, 1])
    hull = Polytope.hull([[1, 1], [0, 1], [1, 0], [0, 0]], 2)
    assert hull._repr_svg_() == box._repr_svg_()
