"""Numbers of any length are read and written exactly, whatever Python's own limit is."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from fractions import Fraction

import pytest

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.long_integers import MOST_DIGITS, digits, integer
from polyrelax.arithmetic.rational import rational, text, vector
from polyrelax.errors import NotANumberError, TooLargeError
from polyrelax.networks.layers import Affine
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.files import read, write_ext
from polyrelax.polytopes.polytope import Polytope

LONG = 10**5000 + 7
WRITTEN = "1" + "0" * 4999 + "7"


@pytest.fixture(autouse=True, params=[4300, 640])
def limit(request: pytest.FixtureRequest) -> Iterator[None]:
    """Python's limit as it is by default, and the least that a user can set."""
    before = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(request.param)
    yield
    assert sys.get_int_max_str_digits() == request.param  # the library leaves it alone
    sys.set_int_max_str_digits(before)


@pytest.mark.parametrize("length", [1, 599, 600, 601, 639, 640, 641, 4299, 4301, 50_000])
@pytest.mark.parametrize("sign", ["", "-"])
def test_integers_are_read_and_written_at_every_length(length: int, sign: str) -> None:
    written = sign + "9" * length
    value = integer(written)
    assert value == (10**length - 1) * (-1 if sign else 1)
    assert digits(value) == written
    assert integer(f"+{written.removeprefix('-')}") == abs(value)


def test_texts_of_every_form_may_be_long() -> None:
    assert rational(WRITTEN) == LONG
    assert rational(f" -{WRITTEN} ") == -LONG
    assert rational(f"1/{WRITTEN}") == Fraction(1, LONG)
    assert rational(f"{WRITTEN}.5") == LONG + Fraction(1, 2)
    assert rational(f"-.{WRITTEN}") == Fraction(-LONG, 10**5001)
    assert rational(f"{WRITTEN}e-5001") == Fraction(LONG, 10**5001)
    assert text(Fraction(-1, LONG)) == f"-1/{WRITTEN}"
    assert text(rational("1e9999")) == "1" + "0" * 9999


def test_numbers_that_are_too_long_are_refused_by_their_length() -> None:
    message = f"found an integer of {MOST_DIGITS + 1} digits, expected at most {MOST_DIGITS}"
    for written in ("1" * (MOST_DIGITS + 1), f"1/{'1' * (MOST_DIGITS + 1)}"):
        with pytest.raises(TooLargeError, match=message):
            rational(written)


def test_what_is_no_number_is_shown_in_short() -> None:
    for found in ("x" * 10**6, "1" * 5000 + "/" + "0" * 5000):
        with pytest.raises(NotANumberError) as caught:
            rational(found)
        assert len(str(caught.value)) < 130


@pytest.mark.parametrize("engine", ["cddlib", "plain", "fast"])
def test_polytopes_of_long_numbers_are_converted_and_shown(engine: str) -> None:
    corners = [vector([0, 0]), vector([LONG, 0]), vector([0, Fraction(1, LONG)])]
    triangle = Polytope.hull(corners, 2, engine=engine)
    # By hand: x / LONG + LONG y <= 1.
    slope = Constraint.at_most([1, LONG**2], LONG)
    assert triangle.facets[-1] == slope
    assert Polytope.intersection(triangle.constraints, 2, engine=engine) == triangle
    assert str(slope) == f"x0 + {digits(LONG**2)} x1 <= {WRITTEN}"
    assert str(triangle.bounds[0]) == f"[0, {WRITTEN}]"
    assert triangle._repr_svg_() is not None
    assert WRITTEN in repr(Polytope.box([0], [LONG]))
    assert read(write_ext(triangle)) == triangle


def test_layers_and_intervals_of_long_numbers_are_shown() -> None:
    assert WRITTEN in Affine.dense([[LONG]])._repr_latex_()
    assert str(Interval(Fraction(-LONG), Fraction(1, LONG))) == f"[-{WRITTEN}, 1/{WRITTEN}]"
