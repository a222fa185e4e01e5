"""Wrong arguments are answered by polyrelax's own errors, not by what breaks inside.

The modules below are those whose names ``polyrelax`` itself offers and that the README's table
names.  Each public function, constructor and method of theirs is called with right arguments,
made of their types, of which one after the other is replaced by something wrong.  An answer is
no fault: some of these are right for some arguments.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from types import NoneType
from typing import SupportsFloat, get_args, get_origin, get_type_hints

import pytest

import polyrelax
from polyrelax.errors import PolyrelaxError
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import Relaxation
from tests.laws.values import Class, examples, modules, sample

WALKED = (
    "analysis.compare", "arithmetic.rational", "networks.adjacency", "networks.affine",
    "networks.network", "networks.regions", "polytopes.constraint", "polytopes.files",
    "polytopes.polytope", "polytopes.relu_graph", "polytopes.subdivision",
    "relaxations.names", "relaxations.trace",
)  # fmt: skip
WRONG = (None, "text", 0.5, float("nan"), -1, (), [1, 2, 3], object(), {1: 2}, iter([1]))
SAMPLES: dict[object, object] = {Relaxation: relaxation("ibp"), SupportsFloat: 0.5, object: 1}
ARRAYS = ("of_doubles", "of_sparse_doubles", "of_rows", "integers")
"""What takes arrays and rows that are stored already, for readers of files."""
INSIDE = ("dot", "primitive", "sparse", "text", "Affine", "Polytope", "Trace")
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
                for method in vars(thing):
                    bound = getattr(found()[thing][0], method)
                    if method[0] != "_" and inspect.ismethod(bound) and method not in ARRAYS:
                        yield f"{module}.{name}.{method}", bound


def arguments(thing: Callable[..., object]) -> dict[str, object]:
    """Return right arguments by the names of the parameters; defaults are right."""
    hints = get_type_hints(thing.__init__ if inspect.isclass(thing) else thing)
    return {
        name: parameter.default
        if parameter.default is not parameter.empty
        else right(hints[name])
        for name, parameter in inspect.signature(thing).parameters.items()
        if parameter.kind not in {parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD}
    }


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
        for wrong in WRONG:
            try:
                answer = thing(**{**given, name: wrong})
                list(islice(answer, 3)) if isinstance(answer, Iterator) else None
            except PolyrelaxError as error:
                if "object at 0x" in str(error):
                    yield name, wrong, error
            except Exception as error:
                yield name, wrong, error


@pytest.mark.parametrize("name", [name for name, _ in targets()])
def test_wrong_arguments_are_refused_in_own_words(name: str) -> None:
    assert list(faults(dict(targets())[name])) == []


def test_a_function_that_breaks_inside_is_noticed() -> None:
    def careless(width: int) -> int:
        return width + 1

    assert {type(error) for _, _, error in faults(careless)} == {TypeError}


def test_what_the_package_offers_is_walked() -> None:
    offered = {getattr(polyrelax, name).__module__ for name in polyrelax.__all__}
    layers = {"polyrelax.networks.layers", "polyrelax.arithmetic.interval"}
    assert offered - layers <= {f"polyrelax.{module}" for module in WALKED}
