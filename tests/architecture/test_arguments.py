"""Wrong arguments are answered by polyrelax's own errors, not by what breaks inside.

The modules below are those whose names ``polyrelax`` itself offers and that the README's table
names.  Each public function, constructor and method of theirs is called with right arguments,
made of their types, of which one after the other is replaced by something wrong.  An answer is
no fault: some of these are right for some arguments.
"""

from __future__ import annotations

import importlib
import inspect
import operator
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from types import NoneType
from typing import SupportsFloat, get_args, get_origin, get_type_hints

import pytest

import polyrelax
from polyrelax.certificates.check import UnreadableError, check
from polyrelax.errors import DimensionError, PolyrelaxError
from polyrelax.interop import network_json
from polyrelax.networks.gallery import tent
from polyrelax.networks.layers import Affine, Identity, ReLU
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import Relaxation, Trace, propagate
from tests.laws.values import Class, examples, modules, sample

WALKED = (
    "analysis.compare", "arithmetic.interval", "arithmetic.rational", "certificates.certify",
    "certificates.traces", "certificates.value_forms", "interop.network_json",
    "interop.onnx.reading", "interop.onnx.writing", "interop.vnnlib", "networks.adjacency",
    "networks.affine", "networks.input_sets", "networks.layers", "networks.network",
    "networks.regions", "polytopes.constraint", "polytopes.files", "polytopes.polytope",
    "polytopes.relu_graph", "polytopes.subdivision", "relaxations.names", "relaxations.trace",
)  # fmt: skip
WRONG = (None, "text", 0.5, float("nan"), -1, (), [1, 2, 3], object(), {1: 2})
SEGMENT = Polytope.box([-1], [1])
SAMPLES: dict[object, object] = {
    Relaxation: relaxation("ibp"), SupportsFloat: 0.5, object: 1, Network: tent(),
    Polytope: SEGMENT, Trace: propagate(tent(), SEGMENT, relaxation("ibp")),
    Path: Path("no file"), network_json.Problem: network_json.Problem(tent(), SEGMENT),
}  # fmt: skip
NAMED: dict[str, object] = {
    "name": "triangle",
    "looser": "ibp",
    "tighter": "exact",
    "form": ((1, 5, 0),),
}
"""Right arguments that a type does not tell."""
OPERATORS = (operator.add, operator.and_, operator.le, operator.matmul, operator.mul)
ARRAYS = ("of_doubles", "of_sparse_doubles", "of_rows", "integers")
"""What takes arrays and rows that are stored already, for readers of files."""
INSIDE = (
    "dense_vector", "dot", "primitive", "sparse", "text", "Polytope", "Trace", "Interval",
    "round_down", "affine_part", "exact_row", "prover", "CertifiedBound", "graph_of",
)  # fmt: skip
"""What takes vectors, rows and forms that the library has made, the constructors among it."""


@cache
def found() -> dict[Class, list[object]]:
    return examples(modules())


def targets() -> Iterator[tuple[str, Callable[..., object]]]:
    """Yield what can be called in the modules, by name."""
    for module in WALKED:
        for name, thing in vars(importlib.import_module(f"polyrelax.{module}")).items():
            own = getattr(thing, "__module__", "") == f"polyrelax.{module}"
            if not own or name.startswith("_"):
                continue
            if inspect.isfunction(thing) and name not in INSIDE:
                yield f"{module}.{name}", thing
            elif inspect.isclass(thing) and found().get(thing):
                if name not in INSIDE:
                    yield f"{module}.{name}", thing
                known = SAMPLES.get(thing, found()[thing][0])
                for method in vars(thing):
                    bound = getattr(known, method)
                    is_public = method[0] != "_" or method == "__call__"
                    if is_public and inspect.ismethod(bound) and method not in ARRAYS:
                        yield f"{module}.{name}.{method}", bound


def arguments(thing: Callable[..., object]) -> dict[str, object]:
    """Return right arguments by the names of the parameters; defaults are right."""
    hints = get_type_hints(thing.__init__ if inspect.isclass(thing) else thing)
    parameters = inspect.signature(thing).parameters.values()
    return {each.name: _argument(each, hints[each.name]) for each in parameters}


def _argument(parameter: inspect.Parameter, hint: object) -> object:
    if parameter.name in NAMED:
        given = NAMED[parameter.name]
    elif parameter.default is not parameter.empty:
        return parameter.default
    else:
        given = right(hint)
    return (given,) if parameter.kind is parameter.VAR_POSITIONAL else given


def right(hint: object) -> object:
    """Return a value of a type."""
    if isinstance(hint, type) and hint in SAMPLES:
        return SAMPLES[hint]
    if get_origin(hint) in {Iterable, Sequence}:
        return [right(get_args(hint)[0])]
    if hint is NoneType:
        return None
    if get_origin(hint) is not tuple and get_args(hint):
        return right(get_args(hint)[-1])
    return sample(hint, found())


def faults(thing: Callable[..., object]) -> Iterator[tuple[str, object, Exception]]:
    """Yield the parameters and wrong arguments that something foreign answers to."""
    given = arguments(thing)
    for name in given:
        for wrong in (*WRONG, iter([1])):
            try:
                answer = called(thing, {**given, name: wrong})
                list(islice(answer, 3)) if isinstance(answer, Iterator) else None
            except (PolyrelaxError, FileNotFoundError) as error:
                if "object at 0x" in str(error):
                    yield name, wrong, error
            except Exception as error:
                yield name, wrong, error


def called(thing: Callable[..., object], given: Mapping[str, object]) -> object:
    """Return what a function answers; several arguments of one name may be one wrong thing."""
    signature = inspect.signature(thing)
    several = {
        name
        for name, parameter in signature.parameters.items()
        if parameter.kind is parameter.VAR_POSITIONAL
    }
    ordered = {
        name: (value,) if name in several and type(value) is not tuple else value
        for name, value in given.items()
    }
    bound = inspect.BoundArguments(signature, OrderedDict(ordered))
    return thing(*bound.args, **bound.kwargs)


@pytest.mark.parametrize("name", [name for name, _ in targets()])
def test_wrong_arguments_are_refused_in_own_words(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # a text is a right path, which is written
    assert list(faults(dict(targets())[name])) == []


def test_a_function_that_breaks_inside_is_noticed() -> None:
    def careless(width: int) -> int:
        return width + 1

    assert {type(error) for _, _, error in faults(careless)} == {TypeError}


def test_what_the_package_offers_is_walked() -> None:
    offered = {getattr(polyrelax, name).__module__ for name in polyrelax.__all__}
    assert offered <= {f"polyrelax.{module}" for module in WALKED}


@pytest.mark.parametrize("value", [SEGMENT, tent()], ids=["polytope", "network"])
@pytest.mark.parametrize("apply", OPERATORS, ids=lambda apply: apply.__name__)
def test_operators_leave_other_kinds_to_python(
    value: object, apply: Callable[[object, object], object]
) -> None:
    for wrong in (*WRONG, iter([1])):
        with pytest.raises(
            TypeError, match=r"unsupported operand|not supported between|can't multiply"
        ):
            apply(value, wrong)


def test_networks_read_exact_numbers_of_every_kind_and_no_floats() -> None:
    assert tent()([0]) == tent()(["0"]) == (2,)
    for wrong in ([0.5], ["text"], [], [1, 2], None):
        with pytest.raises(PolyrelaxError):
            tent()(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("rows", [[[1, 2]], [[(0, 0.5)]], [[(0.5, 1)]], [[(2, 1)]], [3]])
def test_an_affine_map_of_wrong_rows_is_refused(rows: object) -> None:
    with pytest.raises(PolyrelaxError):
        Affine(rows, [0], 2)  # type: ignore[arg-type]


def test_the_rows_of_an_affine_map_may_hold_any_exact_numbers() -> None:
    assert Affine([[(1, "1/2")], ()], [1, 0], 2) == Affine.dense([[0, "1/2"], [0, 0]], [1, 0])


@pytest.mark.parametrize("make", [ReLU, Identity])
def test_a_layer_has_no_negative_width(make: Callable[[int], object]) -> None:
    with pytest.raises(DimensionError, match="found the width -1, expected at least 0"):
        make(-1)


@pytest.mark.parametrize("wrong", [None, 3, {}, ["1"]])
def test_a_certificate_that_is_not_text_is_rejected(wrong: object) -> None:
    with pytest.raises(UnreadableError, match="expected a text"):
        check(wrong)  # type: ignore[arg-type]
