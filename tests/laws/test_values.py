"""Every public value travels to other processes and into copies, whatever it was asked."""

from __future__ import annotations

import copy
import inspect
import pickle
from collections.abc import Callable, Iterator
from functools import cache, cached_property

import pytest

from polyrelax.arithmetic.linalg import Matrix
from polyrelax.errors import PolyrelaxError
from polyrelax.networks.gallery import tent
from polyrelax.networks.layers import Affine
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import Trace, propagate
from tests.laws.relaxations import NAMES
from tests.laws.values import SEGMENT, Class, examples, modules, public_values

MOST = 8
"""Examples of a class that are looked at: there are a hundred affine layers."""

HISTORY = ("exchanges",)
"""What an optimizer says of its own speed, which its copies need not share."""

VALUES = sorted(public_values(modules()), key=lambda kind: (kind.__module__, kind.__name__))
PROTOCOLS = range(2, pickle.HIGHEST_PROTOCOL + 1)


@cache
def _examples() -> dict[Class, list[object]]:
    return examples(modules())


def _asked(value: object) -> list[object]:
    """Return what a value answers to all public questions, its private ones asked too."""
    questions = inspect.getmembers_static(
        type(value), lambda member: isinstance(member, (property, cached_property))
    )
    answers = [(name, _answer(value, name)) for name, _ in questions]
    public = [found for name, found in answers if name[0] != "_" and name not in HISTORY]
    return [*public, repr(value), str(value)]


def _answer(value: object, name: str) -> object:
    try:
        found: object = getattr(value, name)
    except PolyrelaxError as error:
        return str(error)
    return None if isinstance(found, Iterator) else found


def _hash(value: object) -> int | None:
    try:
        return hash(value)
    except TypeError:  # it contains JSON
        return None


def _pickled(protocol: int) -> Callable[[object], object]:
    return lambda value: pickle.loads(pickle.dumps(value, protocol))


WAYS = [*map(_pickled, PROTOCOLS), copy.copy, copy.deepcopy]


def _name(kind: Class) -> str:
    return f"{kind.__module__}.{kind.__name__}"


@pytest.mark.parametrize("kind", VALUES, ids=_name)
def test_a_value_travels_whatever_it_was_asked_before(kind: Class) -> None:
    found = _examples()[kind][:MOST]
    assert found, "found no example of this class, expected one in tests/laws/values.py"
    for value in found:
        before = _asked(value)
        for way in WAYS:
            other = way(value)
            assert (other, _hash(other)) == (value, _hash(value))
            assert _asked(other) == before


def test_questions_leave_a_value_equal_to_one_that_was_never_asked() -> None:
    asked, fresh = Affine.dense([[1, 2]]), Affine.dense([[1, 2]])
    _asked(asked)
    assert (asked, hash(asked)) == (fresh, hash(fresh))


def test_what_kernels_work_with_stays_at_home() -> None:
    layer = Affine.dense([[1, 2]])
    fresh = len(pickle.dumps(layer))
    assert isinstance(layer.matrix, Matrix)
    assert layer.weight == ((1, 2),)
    assert len(pickle.dumps(layer)) == fresh


def test_answers_that_took_work_travel_too() -> None:
    trace = propagate(tent(), SEGMENT, relaxation("triangle"))
    assert trace.bounds[-1][0] == (0, 2)
    there: object = pickle.loads(pickle.dumps(trace))
    assert isinstance(there, Trace)
    assert "bounds" in vars(there)


@pytest.mark.parametrize("first", NAMES)
def test_a_network_that_one_relaxation_has_run_on_travels_to_any_other(first: str) -> None:
    network = tent()
    _ = propagate(network, SEGMENT, relaxation(first)).bounds
    there = pickle.loads(pickle.dumps(network))
    for second in NAMES:
        here = propagate(tent(), SEGMENT, relaxation(second))
        away = propagate(there, SEGMENT, relaxation(second))
        assert (away, away.bounds) == (here, here.bounds)


def test_a_class_without_an_example_is_noticed() -> None:
    assert not [kind for kind, found in _examples().items() if not found]
    assert {Affine, Matrix, Trace} <= set(VALUES)
