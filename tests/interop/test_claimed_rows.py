"""Files of claimed rows: text, JSON and arrays, whose floats are what they are."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from polyrelax.audit.readings import Reading
from polyrelax.errors import PolyrelaxError
from polyrelax.interop import claimed_rows
from polyrelax.polytopes.constraint import Constraint

TENTH = Fraction(3602879701896397, 2**55)
"""The double nearest to 1/10."""


def test_a_text_json_and_an_array_hold_the_same_rows(tmp_path: Path) -> None:
    expected = (Constraint.at_most([-1, 2], 1), Constraint.at_most([0, Fraction(-1, 2)], 0))
    path = tmp_path / "rows.npy"
    np.save(path, np.array([[1.0, 1.0, -2.0], [0.0, 0.0, 0.5]]))
    assert claimed_rows.read(path, 1).rows == expected
    assert claimed_rows.loads("1 1 -2\n# none\n0, 0, 0.5\n", 1).rows == expected
    assert claimed_rows.loads('{"rows": [["1", 1, -2], [0, 0, "1/2"]]}', 1).rows == expected


def test_a_decimal_is_itself_or_the_float_that_programs_read() -> None:
    for text in ("0.1 0 1", '{"rows": [[0.1, 0, 1]]}'):
        offsets = {
            reading: claimed_rows.loads(text, 1, reading=reading).rows[0].offset
            for reading in (Reading.EXACT, Reading.FLOAT64)
        }
        assert offsets == {Reading.EXACT: Fraction(1, 10), Reading.FLOAT64: TENTH}


def test_json_names_the_neurons() -> None:
    text = '{"neurons": [{"maximum": [0, 1]}, {"relu": [1]}], "rows": [[0, 0, 0, 1, 1]]}'
    found = claimed_rows.loads(text, 2)
    assert found.layer((Fraction(1), Fraction(-1))) == (1, 0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "found no row, expected at least one"),
        (
            "1 2",
            "row 0: found 2 numbers, expected 3: b and a number for each of 1 inputs and 1",
        ),
        ("1 2 x", "line 1: found 'x'"),
        ('{"rows": 3}', "rows: found 3, expected an array"),
        ('{"rows": []}', "found no row"),
        ('{"rows": [[1, 2, null]]}', r"rows\[0\]\[2\]: found null"),
        (
            '{"format": "x", "rows": []}',
            "format: found 'x', expected 'polyrelax-claimed-rows/1'",
        ),
        ('{"neurons": [{"odd": [0]}], "rows": [[1, 2, 3]]}', "expected one of the neurons"),
        ('{"neurons": [{"relu": [1]}], "rows": [[1, 2, 3]]}', "expected coordinates of 1"),
    ],
)
def test_other_texts_are_refused_by_what_was_found(text: str, message: str) -> None:
    with pytest.raises(PolyrelaxError, match=message):
        claimed_rows.loads(text, 1)


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.array([1.0, 2.0]), "found an array of shape"),
        (np.array([[1.0, np.nan, 0.0]]), "found nan or inf"),
    ],
)
def test_other_arrays_are_refused(tmp_path: Path, array: np.ndarray, message: str) -> None:
    np.save(tmp_path / "rows.npy", array)
    with pytest.raises(PolyrelaxError, match=message):
        claimed_rows.read(tmp_path / "rows.npy", 1)
