"""How values show themselves, whatever the length of their numbers.

Python refuses to write integers of more than 4,300 digits, or of as many as its user has set,
and with them the fractions and values that hold them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from fractions import Fraction
from typing import TypeVar

from polyrelax.arithmetic.long_integers import digits

T = TypeVar("T")

_LONG = 60
_KEPT = 20


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
    if type(value) is tuple:
        return f"({_joined(value)}{',' if len(value) == 1 else ''})"
    if type(value) is list:
        return f"[{_joined(value)}]"
    if type(value) is dict:
        return f"{{{', '.join(f'{_shown(k)}: {_shown(v)}' for k, v in value.items())}}}"
    return repr(value)


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
