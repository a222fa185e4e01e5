"""Formulas as disjunctions of conjunctions of linear inequalities.

Read are ``and``, ``or``, ``not``, ``=>``, ``true``, ``false`` and comparisons by ``<=``,
``>=``, ``<``, ``>``, ``=`` or ``==``, ``!=`` or ``distinct``, which may be chains such as
``(<= 0 X_0 1)``.  A negation moves inward to the comparisons.  How long the result is, is known
before it is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise, product
from typing import Final, NamedTuple, TypeAlias

from polyrelax.arithmetic.rational import shown
from polyrelax.arithmetic.words import amount
from polyrelax.errors import TooLargeError
from polyrelax.interop.s_expressions import Form, Item, Word
from polyrelax.interop.vnnlib.terms import Linear, Variables, difference, linear, shown_head

MOST_CASES: Final = 100_000
MOST_ATOMS: Final = 20_000_000
"""What would have more cases, or more inequalities over all steps of nesting, is refused."""

_CONNECTIVES: Final = frozenset(("and", "or", "not", "=>"))
_OPPOSITES: Final = {
    "<=": ">",
    ">": "<=",
    ">=": "<",
    "<": ">=",
    "=": "!=",
    "==": "!=",
    "!=": "=",
    "distinct": "=",
}


class Atom(NamedTuple):
    """An expression that is at most zero, or negative if the atom is strict."""

    form: Linear
    is_strict: bool


Conjunction: TypeAlias = tuple[Atom, ...]
Disjunction: TypeAlias = tuple[Conjunction, ...]


class Size(NamedTuple):
    """At least as many as a disjunction has: cases, atoms in them, atoms of all its parts."""

    cases: int = 1
    atoms: int = 0
    steps: int = 0


def disjunction(formula: Item, variables: Variables) -> Disjunction:
    """Return the cases of a formula, unless they are very many.

    >>> from polyrelax.interop.vnnlib.version_1 import Declarations
    >>> disjunction(Form((Word("not", 1), Word("false", 1)), 1), Declarations())
    ((),)
    """
    require_size(_size(formula, negated=False), f"line {formula.line}")
    return _disjunction(formula, variables, negated=False)


def conjoined(parts: Sequence[Disjunction]) -> Disjunction:
    """Return the conjunction of disjunctions.

    >>> first, second = (Atom({}, is_strict=strict) for strict in (False, True))
    >>> conjoined([((first,), (second,)), ((first,),)]) == ((first, first), (second, first))
    True
    """
    return tuple(tuple(one for part in joint for one in part) for joint in product(*parts))


def joint_size(parts: Iterable[Size]) -> Size:
    """Return the size of a conjunction, capped where it is beyond all limits.

    >>> joint_size([Size(2, 2, 2), Size(3, 6, 6)])
    Size(cases=6, atoms=18, steps=26)
    """
    cases, atoms, steps = Size()
    for part in parts:
        atoms = min(atoms * part.cases + part.atoms * cases, MOST_ATOMS + 1)
        cases = min(cases * part.cases, MOST_CASES + 1)
        steps += part.steps
    return Size(cases, atoms, steps + atoms)


def require_size(size: Size, place: str) -> None:
    """Raise :class:`TooLargeError` for more than is made.

    >>> require_size(Size(cases=MOST_CASES + 1), "line 3")
    Traceback (most recent call last):
    polyrelax.errors.TooLargeError: line 3: found over 100000 cases, expected fewer
    """
    if size.cases > MOST_CASES:
        raise TooLargeError(f"{place}: found over {MOST_CASES} cases, expected fewer")
    if size.steps > MOST_ATOMS:
        raise TooLargeError(
            f"{place}: found cases of over {MOST_ATOMS} inequalities, expected fewer"
        )


def _disjunction(formula: Item, variables: Variables, *, negated: bool) -> Disjunction:
    if isinstance(formula, Word):
        return ((),) if (formula.text == "true") ^ negated else ()
    if formula.head in _OPPOSITES:
        return _comparison(formula, variables, negated=negated)
    parts = [
        _disjunction(part, variables, negated=negated ^ flips)
        for part, flips in _operands(formula)
    ]
    return conjoined(parts) if (formula.head == "and") ^ negated else _united(parts)


def _size(formula: Item, *, negated: bool) -> Size:
    """Return the size of a formula's cases, and refuse what is no formula."""
    if isinstance(formula, Word):
        if formula.text not in {"true", "false"}:
            raise formula.error(f"found {shown(formula.text)}, expected a formula")
        return Size()
    if formula.head in _OPPOSITES:
        return _comparison_size(formula, negated=negated)
    if formula.head not in _CONNECTIVES:
        expected = "and, or, not, =>, or a comparison such as (<= a b)"
        raise formula.error(f"found {shown_head(formula)}, expected {expected}")
    parts = [_size(part, negated=negated ^ flips) for part, flips in _operands(formula)]
    if (formula.head == "and") ^ negated:
        return joint_size(parts)
    cases, atoms, steps = (sum(numbers) for numbers in zip(*parts, strict=True))
    return Size(cases, atoms, steps + atoms)


def _operands(formula: Form) -> list[tuple[Item, bool]]:
    """Return the parts of a connective, each with whether it is to be negated."""
    operands = formula.items[1:]
    if not operands or (formula.head == "not" and len(operands) > 1):
        raise formula.error(f"found {formula.head} with {amount(len(operands), 'argument')}")
    last = len(operands) - 1
    flips = {"not": 1, "=>": last}.get(formula.head, 0)
    return [(part, i < flips) for i, part in enumerate(operands)]


def _united(parts: Iterable[Disjunction]) -> Disjunction:
    return tuple(conjunction for part in parts for conjunction in part)


def _comparison_size(form: Form, *, negated: bool) -> Size:
    count, operator = len(form.items) - 1, form.head
    if count < 2 or (count > 2 and operator in {"!=", "distinct"}):
        raise form.error(f"found {operator} with {amount(count, 'argument')}, expected 2")
    halves = (count - 1) * (1 if operator[0] in "<>" else 2)
    is_union = negated ^ (operator in {"!=", "distinct"})
    return Size(halves if is_union else 1, halves, halves)


def _comparison(form: Form, variables: Variables, *, negated: bool) -> Disjunction:
    """Return the cases of a comparison of neighbours in a chain, or of its negation."""
    sides = [linear(side, variables) for side in form.items[1:]]
    relation = _OPPOSITES[form.head] if negated else form.head
    pairs = [_pair(relation, left, right) for left, right in pairwise(sides)]
    return _united(pairs) if negated else conjoined(pairs)


def _pair(relation: str, left: Linear, right: Linear) -> Disjunction:
    if relation in {"<=", "<"}:
        return ((Atom(difference(left, right), relation == "<"),),)
    if relation in {">=", ">"}:
        return ((Atom(difference(right, left), relation == ">"),),)
    is_strict = relation in {"!=", "distinct"}
    below = Atom(difference(left, right), is_strict)
    above = Atom(difference(right, left), is_strict)
    return ((below,), (above,)) if is_strict else ((below, above),)
