"""Certificates as JSON: what has which type, and numbers as streams."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import TypeAlias

from translator.limbs import many, ratio
from translator.wording import Form

Json: TypeAlias = dict[str, "Json"] | list["Json"] | str | int | bool | None
Object: TypeAlias = dict[str, Json]
METHODS = ("dp0", "dp1", "crown", "fastlin")
SINGLE = {"exact": [0], "triangle": [1], "ibp": [5], "assumed": [7]} | {
    name: [6, m] for m, name in enumerate(METHODS)
}
FAMILIES = ("krelu", "m", "p")
NAME = re.compile("exact|triangle|ibp|dp[01]|crown|fastlin|(krelu|m|p):[1-9][0-9]{0,8}")


class LeftOutError(ValueError):
    """A node or a statement for which `Document.v` has no rule."""


class MalformedError(ValueError):
    """A file that is no certificate: `check.py` says more about it."""


def items(value: Json) -> list[Json]:
    if not isinstance(value, list):
        raise MalformedError(f"found {brief(value)}, expected an array")
    return value


def fields(value: Json) -> Object:
    if not isinstance(value, dict):
        raise MalformedError(f"found {brief(value)}, expected an object")
    return value


def whole(value: Json) -> int:
    if not isinstance(value, int):
        raise MalformedError(f"found {brief(value)}, expected a whole number")
    return value


def rational(value: Json) -> Fraction:
    if not isinstance(value, str | int):
        raise MalformedError(f"found {brief(value)}, expected a number")
    return Fraction(value)


def brief(value: Json) -> str:
    return ascii(value)[:60]


def relaxation(value: Json) -> str:
    """Return the name of a relaxation, which becomes part of a text of Coq."""
    if not isinstance(value, str) or NAME.fullmatch(value) is None:
        raise LeftOutError("a relaxation without a name has no rules here")
    return value


def kind_stream(name: str) -> list[int]:
    family, _, size = name.partition(":")
    if family in SINGLE:
        return SINGLE[family]
    if family in FAMILIES:
        return [2 + FAMILIES.index(family), int(size)]
    raise LeftOutError(f"{name} has no rules here")


def form_of(value: Json) -> Form:
    terms = map(items, items(value))
    return tuple((rational(c), whole(i), whole(j)) for c, i, j in terms)


def form_stream(form: Form) -> list[int]:
    return many([[*ratio(c), i, j] for c, i, j in form])


def vector_stream(v: Sequence[Fraction]) -> list[int]:
    return many([ratio(q) for q in v])


def vector_of(value: Json) -> list[Fraction]:
    return list(map(rational, items(value)))
