"""How values show themselves, whatever the length of their numbers.

Python refuses to write integers of more than 4,300 digits, or of as many as its user has set,
and with them the fractions and values that hold them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields, is_dataclass
from fractions import Fraction
from typing import Final, Protocol, TypeVar, runtime_checkable

from polyrelax.arithmetic.long_integers import digits

T = TypeVar("T")


@runtime_checkable
class _Array(Protocol):
    def tolist(self) -> object: ...


_LONG = 60
_KEPT = 20
_BRACKETS: Final[Mapping[object, tuple[str, str]]] = {
    tuple: ("(", ")"), list: ("[", "]"), set: ("{", "}"), frozenset: ("frozenset({", "})"),
}  # fmt: skip


def readable(kind: type[T]) -> type[T]:
    """Return a class whose values show themselves also where Python refuses to write a number.

    >>> from dataclasses import dataclass
    >>> Half = readable(dataclass(type("Half", (), {"__annotations__": {"of": Fraction}})))
    >>> Half(Fraction(3)), Half(Fraction(10**5000, 3))
    (Half(of=Fraction(3, 1)), Half(of=Fraction(10000000000000000000... (5001 digits), 3)))
    """
    plain = kind.__repr__

    def shown(self: T) -> str:
        try:
            return plain(self)
        except ValueError:  # more digits than Python writes
            return _whole(self)

    type.__setattr__(kind, "__repr__", shown)
    return kind


def _shown(value: object) -> str:
    """Return how a value shows itself, its numbers cut."""
    if isinstance(value, int) and not isinstance(value, bool):
        return _cut(value)
    if isinstance(value, Fraction):
        return f"Fraction({_cut(value.numerator)}, {_cut(value.denominator)})"
    if isinstance(value, Collection) and type(value) in _BRACKETS and value:
        start, end = _BRACKETS[type(value)]
        comma = "," if type(value) is tuple and len(value) == 1 else ""
        return f"{start}{_joined(value)}{comma}{end}"
    if type(value) is dict:
        return f"{{{', '.join(f'{_shown(k)}: {_shown(v)}' for k, v in value.items())}}}"
    if type(value) is range:
        return f"range({_joined((value.start, value.stop, value.step))})"
    return _other(value)


def _other(value: object) -> str:
    """Return how a value shows itself, or else its class, with the entries of an array."""
    try:
        return repr(value)
    except ValueError:  # more digits than Python writes
        entries = value.tolist() if isinstance(value, _Array) else ...
        return f"{type(value).__name__}({'...' if entries is ... else _shown(entries)})"


def _whole(value: object) -> str:
    """Return a value with all that it holds."""
    names: Iterable[str] = getattr(value, "_fields", ())
    if is_dataclass(value):
        names = [field.name for field in fields(value) if field.repr]
    parts = (f"{name}={_shown(getattr(value, name))}" for name in names)
    return f"{type(value).__name__}({', '.join(parts)})"


def _joined(values: Iterable[object]) -> str:
    return ", ".join(map(_shown, values))


def _cut(value: int) -> str:
    written = digits(value)
    count = len(written.removeprefix("-"))
    return written if count <= _LONG else f"{written[:_KEPT]}... ({count} digits)"
