"""Values of numbers with more digits than Python writes show themselves, in all ways they have.

Each example of a public value is taken apart and put together again, past its constructor, with
a long number for every fraction in it.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import pytest

from polyrelax.arithmetic.rational import ONE
from polyrelax.arithmetic.readable import readable
from polyrelax.interop import input_sets, network_json
from polyrelax.networks.layers import Affine
from polyrelax.networks.network import Network
from polyrelax.polytopes import files
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate
from polyrelax.systems.rows import Excluded, Input, Leaf, Row
from polyrelax.systems.system import Empty, System
from tests.laws.values import Class, examples, modules

LONG = Fraction(10**5000)
WAYS = ("__repr__", "__str__", "_repr_latex_", "_repr_html_", "_repr_svg_")
ROW = Row((((0, 0), ONE),), ONE, Input(0))
TERMS = ((ROW, ONE),)
SYSTEM = System((ROW,))
FOUND = examples(modules()) | {
    type(value): [value]
    for value in (
        ROW,
        Leaf(TERMS),
        Excluded(TERMS),
        Empty(TERMS),
        SYSTEM,
        SYSTEM.bound(ROW.form),
    )
}


def lengthened(value: object) -> object:
    """Return a value with a long number for every fraction in it."""
    if isinstance(value, Fraction):
        return LONG
    if type(value) is tuple:
        return tuple(map(lengthened, value))
    if type(value) is list:
        return list(map(lengthened, value))
    if isinstance(value, tuple):
        return tuple.__new__(type(value), map(lengthened, value))
    if is_dataclass(value) and type(value).__module__.startswith("polyrelax"):
        longer = object.__new__(type(value))
        for field in fields(value):
            object.__setattr__(longer, field.name, lengthened(getattr(value, field.name)))
        return longer
    return value


@pytest.mark.parametrize("kind", FOUND, ids=lambda kind: kind.__name__)
def test_values_of_long_numbers_show_themselves(kind: Class) -> None:
    assert 0 < sys.get_int_max_str_digits() < 5000
    assert FOUND[kind]
    for value in map(lengthened, FOUND[kind][:3]):
        for way in WAYS:
            if (show := getattr(value, way, None)) is not None:
                assert isinstance(show(), str | None)


def test_a_value_that_does_not_is_noticed() -> None:
    class Plain(NamedTuple):
        number: Fraction

    with pytest.raises(ValueError, match="Exceeds the limit"):
        repr(lengthened(Plain(Fraction(1))))
    assert repr(readable(Plain)(LONG)) == (
        "Plain(number=Fraction(10000000000000000000... (5001 digits), 1))"
    )


CUT = "10000000000000000000... (5001 digits)"
COLLECTIONS: dict[str, object] = {
    f"{{{CUT}}}": {10**5000},
    f"frozenset({{{CUT}}})": frozenset([10**5000]),
    f"range(0, {CUT}, 1)": range(10**5000),
    f"(range(0, {CUT}, 1),)": (range(10**5000),),
    f"[{{{CUT}: None}}]": [{10**5000: None}],
    f"ndarray([{CUT}, 1])": np.array([10**5000, 1], object),
    f"[ndarray([[{CUT}]])]": [np.array([[10**5000]], object)],
    "deque(...)": deque([10**5000]),
    f"({CUT}, set(), frozenset(), ())": (10**5000, set(), frozenset(), ()),
}


@pytest.mark.parametrize("written", COLLECTIONS)
def test_values_show_what_they_hold_in_any_collection(written: str) -> None:
    @readable
    @dataclass(frozen=True)
    class Holding:
        held: object

    assert repr(Holding(COLLECTIONS[written])).endswith(f"Holding(held={written})")


WRITERS: dict[str, Callable[[], str]] = {
    "constraint": lambda: str(Constraint.at_most([LONG], LONG)),
    "inequalities": lambda: files.write_ine(Polytope.box([0], [LONG])),
    "interval": lambda: str(propagate(_scaling(), _unit(), relaxation("exact")).output[0]),
    "network": lambda: network_json.dumps(network_json.Problem(_scaling(), _unit())),
    "polytope": lambda: repr(Polytope.box([0], [LONG])),
    "set": lambda: str(input_sets.as_data(Polytope.box([0], [LONG]))),
    "vertices": lambda: files.write_ext(Polytope.box([0], [LONG])),
}


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_long_numbers_are_written_whole(write: Callable[[], str]) -> None:
    assert "1" + "0" * 5000 in write()


def _scaling() -> Network:
    return Network((Affine.dense([[LONG]]),))


def _unit() -> Polytope:
    return Polytope.box([0], [1])
