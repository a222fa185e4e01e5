"""Linear expressions over the variables of a property, with every number as it is written."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Final, NamedTuple, Protocol, TypeAlias

from polyrelax.arithmetic.rational import ONE, ZERO, rational
from polyrelax.errors import FormatError, NotANumberError, TooLargeError
from polyrelax.interop.s_expressions import Form, Item, Word

MOST_BITS: Final = 10_000
"""Sums, products and quotients of numbers are refused beyond this length."""


class Coordinate(NamedTuple):
    """An input or an output of the network."""

    is_output: bool
    place: int


Linear: TypeAlias = dict[Coordinate | None, Fraction]
"""Coefficients by variable, the constant under ``None``; none is zero."""


class Variables(Protocol):
    """What has been declared."""

    def coordinate(self, word: Word) -> Coordinate | None:
        """Return what a word stands for, ``None`` for what is no variable's name."""


def linear(item: Item, variables: Variables) -> Linear:
    """Return the linear expression that an item is; its line goes with every error.

    >>> from polyrelax.interop.vnnlib.version_1 import Declarations
    >>> linear(Form((Word("-", 1), Word("1/2", 1)), 1), Declarations())
    {None: Fraction(-1, 2)}
    """
    if isinstance(item, Word):
        return _term(item, variables)
    operation = _OPERATIONS.get(item.head)
    if operation is None:
        raise item.error(
            f"found {shown_head(item)}, expected a sum, a difference or a multiple"
        )
    parts = [linear(part, variables) for part in item.items[1:]]
    if not parts:
        raise item.error(f"found {item.head} without arguments")
    try:
        return operation(parts)
    except (FormatError, TooLargeError) as error:
        raise type(error)(f"line {item.line}: {error}") from None


def difference(left: Linear, right: Linear) -> Linear:
    """Return the first expression minus the second, which stay as they are.

    >>> difference({None: ONE}, {Coordinate(is_output=True, place=3): ONE})
    {None: Fraction(1, 1), Coordinate(is_output=True, place=3): Fraction(-1, 1)}
    """
    return _added(left.copy(), right, sign=-1)


def shown_head(form: Form) -> str:
    """Return how an error names what a list begins with.

    >>> shown_head(Form((Form((), 1),), 1))
    'a list that begins with no word'
    """
    return repr(form.head) if form.head else "a list that begins with no word"


def _term(word: Word, variables: Variables) -> Linear:
    found = variables.coordinate(word)
    if found is not None:
        return {found: ONE}
    try:
        value = rational(word.text)
    except NotANumberError as error:
        raise word.error(str(error)) from None
    return {None: value} if value else {}


def _sum(parts: list[Linear]) -> Linear:
    total = parts[0]
    for part in parts[1:]:
        _added(total, part, sign=1)
    return total


def _difference(parts: list[Linear]) -> Linear:
    first, *rest = parts if len(parts) > 1 else [Linear(), *parts]
    for part in rest:
        _added(first, part, sign=-1)
    return first


def _product(parts: list[Linear]) -> Linear:
    total = parts[0]
    for part in parts[1:]:
        factor, other = (part, total) if part.keys() <= {None} else (total, part)
        if not factor.keys() <= {None}:
            raise FormatError("found a product of variables, expected a linear expression")
        total = _scaled(other, factor.get(None, ZERO))
    return total


def _quotient(parts: list[Linear]) -> Linear:
    total, *rest = parts
    if not rest or not all(part.keys() == {None} for part in rest):
        raise FormatError("found a quotient, expected one by a number that is not zero")
    for part in rest:
        total = _scaled(total, 1 / part[None])
    return total


def _added(total: Linear, part: Linear, *, sign: int) -> Linear:
    """Add a multiple of an expression to another one, which is changed."""
    for name, value in part.items():
        before, term = total.get(name), value if sign > 0 else -value
        after = term if before is None else _short(before + term)
        if after:
            total[name] = after
        else:
            del total[name]
    return total


def _scaled(expression: Linear, factor: Fraction) -> Linear:
    if not factor:
        return {}
    return {name: _short(value * factor) for name, value in expression.items()}


def _short(value: Fraction) -> Fraction:
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > MOST_BITS:
        raise TooLargeError(f"found a number of over {MOST_BITS} bits, expected fewer")
    return value


_OPERATIONS: Final[dict[str, Callable[[list[Linear]], Linear]]] = {
    "+": _sum,
    "-": _difference,
    "*": _product,
    "/": _quotient,
}
