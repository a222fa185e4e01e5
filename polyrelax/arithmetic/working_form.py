"""Cached attributes that stay behind when their value travels.

A value may keep what it has found out, so that it is found once.  Answers that took work, such
as vertices and bounds, go with a value to another process and into its copies.  *Working forms*
do not: other ways to write the value itself, for the kernels, which are longer than the value
and quickly made again where they are needed.
"""

from __future__ import annotations

from functools import cached_property
from typing import TypeVar

T = TypeVar("T")


class working_form(cached_property[T]):  # noqa: N801 -- a decorator, named as cached_property
    """A ``cached_property`` that pickling and copying leave out.

    >>> import copy
    >>> class Number:
    ...     def __init__(self, value):
    ...         self.value = value
    ...     @working_form
    ...     def digits(self):
    ...         return str(self.value)
    >>> seven = Number(7)
    >>> seven.digits, copy.copy(seven).__dict__
    ('7', {'value': 7})
    """

    def __set_name__(self, owner: type[object], name: str) -> None:
        super().__set_name__(owner, name)
        type.__setattr__(owner, "__getstate__", _state)


def _state(value: object) -> dict[str, object]:
    """Return all attributes of a value but its working forms."""
    forms = {n for n, member in vars(type(value)).items() if isinstance(member, working_form)}
    return {name: kept for name, kept in vars(value).items() if name not in forms}
