"""Right calls of what is public, kept while something runs.

Each public thing is replaced by one that keeps its arguments, in all modules that name it and
in the classes that hold it: this costs nothing of what else runs.  Of each, the first few calls
are kept that differ in the kinds of their arguments, and some more that examples make
themselves, those too that are refused.
"""

from __future__ import annotations

import copy
import functools
import inspect
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, is_dataclass, replace
from types import FunctionType

import numpy as np

from polyrelax.errors import PolyrelaxError
from tests.architecture.examples import RECEIVERS, Public

CHANGING = (list, dict, set, np.ndarray)
"""What a function may change; a copy is kept."""

MOST_ANYWHERE = 3
MOST_OF_EXAMPLES = 6
_MOST_SEEN = 300
"""Of more calls, of any, nothing is looked at."""
_SHORT = 12


@dataclass(frozen=True)
class Call:
    """What is called, with arguments by the names of the parameters."""

    target: Callable[..., object]
    arguments: Mapping[str, object]
    is_refused: bool = False


@dataclass
class _Kept:
    """The calls of one public thing."""

    public: Public
    signature: inspect.Signature
    calls: list[Call] = field(default_factory=list)
    kinds: set[object] = field(default_factory=set)
    seen: int = 0

    def call(
        self, args: tuple[object, ...], named: dict[str, object], *, is_example: bool
    ) -> tuple[object, Call] | None:
        """Return a call that is about to be made, and its kind, if it may be kept."""
        self.seen += 1
        most = MOST_OF_EXAMPLES if is_example else MOST_ANYWHERE
        if len(self.calls) >= most or (self.seen > _MOST_SEEN and not is_example):
            return None
        bound = self.signature.bind(*args, **named)
        bound.apply_defaults()
        given = {key: _copied(value) for key, value in bound.arguments.items()}
        kinds = tuple(map(_kind, given.values()))
        if (kinds, False) in self.kinds or any(
            isinstance(value, Iterator) for value in given.values()
        ):
            return None
        return kinds, _call(self.public, given)

    def keep(self, kinds: object, call: Call) -> None:
        """Keep a call of a new kind."""
        if (kinds, call.is_refused) not in self.kinds:
            self.kinds.add((kinds, call.is_refused))
            self.calls.append(call)


@contextmanager
def recording(known: Iterable[Public]) -> Iterator[Mapping[str, list[Call]]]:
    """Keep the calls of public things that are made inside."""
    kept = {public.name: _Kept(public, inspect.signature(public.maker)) for public in known}
    changes = list(_changes(kept))
    try:
        for owner, name, _, new in changes:
            setattr(owner, name, new)
        yield {name: each.calls for name, each in kept.items()}
    finally:
        for owner, name, old, _ in changes:
            setattr(owner, name, old)


def _changes(kept: Mapping[str, _Kept]) -> Iterator[tuple[object, str, object, object]]:
    """Yield owners, names, what is there, and what keeps its calls."""
    functions: dict[int, object] = {}
    for each in kept.values():
        thing, owner, name = each.public.thing, each.public.owner, each.public.own_name
        if inspect.isclass(thing):
            maker = "__init__" if "__init__" in vars(thing) else "__new__"
            yield thing, maker, vars(thing)[maker], _wrapped(vars(thing)[maker], each)
        elif inspect.isclass(owner):
            yield owner, name, thing, _wrapped(thing, each)
        else:
            functions[id(thing)] = _wrapped(thing, each)
    for module in [
        m for name, m in sys.modules.items() if name.startswith(("polyrelax", "tests"))
    ]:
        for name, value in list(vars(module).items()):
            if id(value) in functions:
                yield module, name, value, functions[id(value)]


def _wrapped(thing: object, kept: _Kept) -> object:
    if isinstance(thing, (classmethod, staticmethod)):
        return type(thing)(_keeping(thing.__func__, kept))
    assert callable(thing)
    return _keeping(thing, kept)


def _keeping(function: Callable[..., object], kept: _Kept) -> FunctionType:
    @functools.wraps(function)
    def keeping(*args: object, **named: object) -> object:
        is_example = sys._getframe(1).f_code.co_filename.startswith("<doctest")
        found = kept.call(args, named, is_example=is_example)
        try:
            answer = function(*args, **named)
        except PolyrelaxError:
            if found is not None and is_example:
                kept.keep(found[0], replace(found[1], is_refused=True))
            raise
        if found is not None:
            kept.keep(*found)
        return answer

    assert isinstance(keeping, FunctionType)
    return keeping


def _kind(value: object, depth: int = 2) -> object:
    """Return what two values have in common that are of one kind."""
    if (
        value is None
        or isinstance(value, bool)
        or (isinstance(value, str) and len(value) < _SHORT)
    ):
        return value
    parts: Iterable[object] = ()
    if depth and isinstance(value, (tuple, list)):
        parts = {_kind(part, depth - 1) for part in value[:3]}
    elif depth and is_dataclass(value) and not isinstance(value, type):
        parts = [_kind(getattr(value, each.name, None), 0) for each in fields(value)]
    return type(value), tuple(sorted(map(repr, parts)))


def _copied(value: object) -> object:
    return copy.copy(value) if isinstance(value, CHANGING) else value


def _call(public: Public, given: dict[str, object]) -> Call:
    receiver = next((given.pop(name) for name in RECEIVERS if name in given), None)
    target = public.thing
    if inspect.isclass(public.owner):
        target = getattr(public.owner if receiver is None else receiver, public.own_name)
    assert callable(target)
    return Call(target, given)
