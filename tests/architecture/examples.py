"""All that is public, and the examples in its docstrings."""

from __future__ import annotations

import doctest
import importlib
import inspect
import io
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from enum import Enum
from types import CodeType, FunctionType

import polyrelax

RECEIVERS = ("self", "cls", "_cls")


@dataclass(frozen=True)
class Public:
    """A public function, constructor or method, by its name within ``polyrelax``."""

    module: str
    name: str
    owner: object
    """The module or class that it is in."""
    thing: object

    @property
    def own_name(self) -> str:
        """Its name within the module or class."""
        return self.name.rpartition(".")[2]

    @property
    def maker(self) -> Callable[..., object]:
        """The function that is called, of a class the one that makes its values."""
        made = vars(self.thing) if inspect.isclass(self.thing) else {}
        maker: object = made.get("__init__") or made.get("__new__") or self.thing
        inner: object = getattr(maker, "__func__", maker)
        assert callable(inner)
        return inner

    @property
    def code(self) -> CodeType | None:
        """What runs when it is called, if it is written in Python."""
        return getattr(inspect.unwrap(self.maker), "__code__", None)

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


def modules() -> Iterator[str]:
    """Yield the names of the library's modules that have no underscore."""
    for info in pkgutil.walk_packages(polyrelax.__path__, "polyrelax."):
        name = info.name.removeprefix("polyrelax.")
        if not any(part.startswith("_") for part in name.split(".")) and not is_optional(name):
            yield name


def is_optional(name: str) -> bool:
    """Whether a module needs PyTorch or pandas, which may be missing.

    Constructors of the first and ``train`` are asked by tests/training/test_arguments.py.
    """
    return name == "interop.pandas" or (
        name.startswith("training.") and name != "training.exact"
    )


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


def examples_of(module: str) -> list[doctest.DocTest]:
    """Return the examples in the docstrings of a module."""
    return doctest.DocTestFinder(exclude_empty=True).find(
        importlib.import_module(f"polyrelax.{module}")
    )


def run(tests: Iterable[doctest.DocTest]) -> None:
    """Run examples, in the modules as they are now."""
    for test in tests:
        module = importlib.import_module(test.globs["__name__"])
        test.globs.update(vars(module))
        with redirect_stdout(io.StringIO()):
            doctest.DocTestRunner(verbose=False).run(test)


def _argument_count(code: CodeType) -> int:
    variadic = (code.co_flags & flag for flag in (inspect.CO_VARARGS, inspect.CO_VARKEYWORDS))
    return code.co_argcount + code.co_kwonlyargcount + sum(map(bool, variadic))
