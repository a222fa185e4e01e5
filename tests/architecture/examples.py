"""Right arguments of all that is public: those of the examples in docstrings.

The examples of modules run, and the first call of each public function, constructor and method
that is made in them, however deep, is kept with its arguments.
"""

from __future__ import annotations

import copy
import doctest
import importlib
import inspect
import io
import pkgutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from enum import Enum
from types import CodeType, FrameType, FunctionType

import numpy as np

import polyrelax

RECEIVERS = ("self", "cls", "_cls")
CHANGING = (list, dict, set, np.ndarray)
"""What a function may change; a copy is kept."""


@dataclass(frozen=True)
class Public:
    """A public function, constructor or method, by its name within ``polyrelax``."""

    module: str
    name: str
    owner: object
    """The module or class that it is in."""
    thing: object

    @property
    def code(self) -> CodeType | None:
        """What runs when it is called, if it is written in Python."""
        made = vars(self.thing) if inspect.isclass(self.thing) else {}
        maker: object = made.get("__init__") or made.get("__new__") or self.thing
        inner = getattr(maker, "__func__", maker)
        return getattr(inspect.unwrap(inner), "__code__", None) if callable(inner) else None

    @property
    def asks(self) -> bool:
        """Whether it does something with arguments: no protocol, enumeration or error does."""
        if inspect.isclass(self.thing) and issubclass(self.thing, (Enum, Exception)):
            return False
        if getattr(self.thing, "_is_protocol", False) or self.code is None:
            return False
        names = self.code.co_varnames[: _argument_count(self.code)]
        return self.code.co_code != _EMPTY and any(name not in RECEIVERS for name in names)


def _nothing() -> None:
    """Return nothing, as the methods of protocols do."""


_EMPTY = _nothing.__code__.co_code


@dataclass(frozen=True)
class Call:
    """What is called, with arguments by the names of the parameters."""

    target: Callable[..., object]
    arguments: Mapping[str, object]


@dataclass(frozen=True)
class Recorder:
    """Keeps the first call of each function that it knows; a profiler of Python's."""

    known: Mapping[int, Public]
    """By the identity of their code: that of constructors is often equal."""
    calls: dict[str, Call] = field(default_factory=dict)

    def __call__(self, frame: FrameType, event: str, _: object) -> None:
        public = self.known.get(id(frame.f_code)) if event == "call" else None
        if public is not None and public.name not in self.calls:
            given = _arguments(frame)
            if not any(isinstance(value, Iterator) for value in given.values()):
                self.calls[public.name] = _call(public, given)


def modules() -> Iterator[str]:
    """Yield the names of the library's modules that have no underscore."""
    for info in pkgutil.walk_packages(polyrelax.__path__, "polyrelax."):
        name = info.name.removeprefix("polyrelax.")
        if not any(part.startswith("_") for part in name.split(".")):
            yield name


def publics(module: str) -> Iterator[Public]:
    """Yield the public functions, constructors and methods of a module."""
    own = importlib.import_module(f"polyrelax.{module}")
    for name, thing in vars(own).items():
        if name[0] != "_" and getattr(thing, "__module__", "") == own.__name__:
            if callable(thing):
                yield Public(module, f"{module}.{name}", own, thing)
            if inspect.isclass(thing):
                yield from _methods(module, f"{module}.{name}", thing)


def _methods(module: str, name: str, owner: type[object]) -> Iterator[Public]:
    for method, thing in vars(owner).items():
        is_public = method[0] != "_" or method == "__call__"
        if is_public and isinstance(thing, (FunctionType, classmethod, staticmethod)):
            yield Public(module, f"{name}.{method}", owner, thing)


def calls(known: Iterable[Public], run: Callable[[], None]) -> dict[str, Call]:
    """Return the calls of public things while something runs."""
    codes = {id(public.code): public for public in known if public.code is not None}
    recorder, before = Recorder(codes), sys.getprofile()
    sys.setprofile(recorder)
    try:
        run()
    finally:
        sys.setprofile(before)
    return recorder.calls


def run_examples(of_modules: Iterable[str]) -> None:
    """Run the examples in the docstrings of modules."""
    for name in of_modules:
        with redirect_stdout(io.StringIO()):
            doctest.testmod(importlib.import_module(f"polyrelax.{name}"))


def _arguments(frame: FrameType) -> dict[str, object]:
    names = frame.f_code.co_varnames[: _argument_count(frame.f_code)]
    return {name: _kept(frame.f_locals[name]) for name in names}


def _argument_count(code: CodeType) -> int:
    variadic = (code.co_flags & flag for flag in (inspect.CO_VARARGS, inspect.CO_VARKEYWORDS))
    return code.co_argcount + code.co_kwonlyargcount + sum(map(bool, variadic))


def _kept(value: object) -> object:
    return copy.copy(value) if isinstance(value, CHANGING) else value


def _call(public: Public, given: dict[str, object]) -> Call:
    receiver = next((given.pop(name) for name in RECEIVERS if name in given), None)
    target = public.thing
    if inspect.isclass(public.owner):
        name = public.name.rpartition(".")[2]
        target = getattr(public.owner if receiver is None else receiver, name)
    assert callable(target)
    return Call(target, given)
