r"""Properties in VNN-LIB 1.0, the language of the verification competitions.

A file declares inputs ``X_0, ...`` and outputs ``Y_0, ...`` and asserts what a violation
looks like.  Read here are conjunctions and disjunctions of linear inequalities ``<=`` and
``>=``; a property is then a disjunction of cases, each a conjunction of constraints.  Every
decimal is the number that is written, not a float.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod
from pathlib import Path
from typing import Final

from polyrelax.arithmetic.rational import ONE, ZERO, rational
from polyrelax.errors import FormatError, TooLargeError
from polyrelax.interop.opening import read_text
from polyrelax.interop.s_expressions import Form, Word, parse
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope

_VARIABLE: Final = re.compile(r"([XY])_(\d{1,6})")
_IGNORED: Final = {"set-logic", "set-info", "set-option", "check-sat", "get-model", "exit"}
_MOST_CASES: Final = 100_000

Linear = dict[str, Fraction]
"""A linear expression: coefficients by variable, the constant under the empty name."""
Conjunction = tuple[Linear, ...]
"""Expressions that are at most zero, all of them."""


@dataclass(frozen=True)
class Case:
    """One way to violate: constraints on the inputs, and on (inputs..., outputs...)."""

    inputs: tuple[Constraint, ...]
    outputs: tuple[Constraint, ...]


@dataclass(frozen=True)
class Property:
    """A disjunction of cases about ``in_dim`` inputs and ``out_dim`` outputs."""

    in_dim: int
    out_dim: int
    cases: tuple[Case, ...]

    def input_set(self) -> Polytope:
        """Return the inputs that the property is about, which all cases must share.

        >>> text = "(declare-const X_0 Real) (assert (<= X_0 0.5)) (assert (>= X_0 -1))"
        >>> loads(text).input_set()
        Polytope.box(['-1'], ['1/2'])
        """
        if len({frozenset(case.inputs) for case in self.cases}) != 1:
            raise FormatError(f"found {len(self.cases)} cases that differ in their inputs")
        given = self.cases[0].inputs
        for j in range(self.in_dim):
            signs = {c.normal[j] > 0 for c in given if c.normal[j]}
            if len(signs) < 2:
                raise FormatError(f"found X_{j} without bounds on both sides")
        return Polytope.intersection(given, self.in_dim)


def read(path: str | Path) -> Property:
    """Return the property that a ``.vnnlib`` file holds.

    Raises :class:`FormatError` for what is no VNN-LIB.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "box.vnnlib"
    ...     _ = path.write_text("(declare-const X_0 Real) (assert (<= X_0 0.5))")
    ...     print(read(path).cases[0].inputs[0])
    x0 <= 1/2
    """
    return loads(read_text(path))


def loads(text: str) -> Property:
    """Return the property that a text holds.

    >>> loads("(declare-const Y_0 Real) (assert (or (<= Y_0 1) (>= Y_0 (+ 1 1))))").cases[1]
    Case(inputs=(), outputs=(Constraint(normal=(Fraction(-1, 1),), offset=Fraction(-2, 1), \
is_equation=False),))
    """
    declared: dict[str, int] = {}
    clauses: list[tuple[Conjunction, ...]] = []
    for form in parse(text):
        if form.head in {"declare-const", "declare-fun"}:
            declared[_declared_name(form, declared)] = form.line
        elif form.head == "assert":
            clauses.append(_disjuncts(_only_argument(form), declared))
        elif form.head not in _IGNORED:
            raise _error(form, f"found {form.head!r}, expected declare-const or assert")
    in_dim, out_dim = (_count(declared, letter) for letter in "XY")
    columns = {name: int(name[2:]) + (in_dim if name[0] == "Y" else 0) for name in declared}
    cases = tuple(_case(joint, columns, in_dim) for joint in _conjoin(clauses))
    return Property(in_dim, out_dim, cases)


def _error(where: Form | Word, problem: str) -> FormatError:
    return FormatError(f"line {where.line}: {problem}")


def _declared_name(form: Form, declared: Mapping[str, int]) -> str:
    words = [item.text for item in form.items if isinstance(item, Word)]
    if len(words) != 3 or words[2] != "Real" or not _VARIABLE.fullmatch(words[1]):
        raise _error(form, "expected a declaration such as (declare-const X_0 Real)")
    if words[1] in declared:
        raise _error(
            form, f"found {words[1]} declared again, first in line {declared[words[1]]}"
        )
    return words[1]


def _count(declared: Iterable[str], letter: str) -> int:
    """Return the number of variables of one letter, which must be numbered from 0."""
    found = {int(name[2:]) for name in declared if name[0] == letter}
    missing = next((j for j in range(len(found)) if j not in found), None)
    if missing is not None:
        raise FormatError(f"{letter}_{missing} is not declared, but {letter}_{max(found)} is")
    return len(found)


def _only_argument(form: Form) -> Form:
    if len(form.items) != 2 or not isinstance(form.items[1], Form):
        raise _error(form, "expected one formula in this assertion")
    return form.items[1]


def _disjuncts(formula: Word | Form, declared: Mapping[str, int]) -> tuple[Conjunction, ...]:
    """Return the formula as a disjunction of conjunctions."""
    if isinstance(formula, Word):
        raise _error(formula, f"found {formula.text!r}, expected an inequality")
    if formula.head == "or":
        parts = [_disjuncts(item, declared) for item in formula.items[1:]]
        return tuple(conjunction for part in parts for conjunction in part)
    if formula.head == "and":
        return _conjoin([_disjuncts(item, declared) for item in formula.items[1:]])
    if formula.head not in {"<=", ">="} or len(formula.items) != 3:
        raise _error(formula, f"found {formula.head!r}, expected and, or, (<= a b) or (>= a b)")
    left, right = (_linear(item, declared) for item in formula.items[1:])
    return ((_sum(left, right, -1) if formula.head == "<=" else _sum(right, left, -1),),)


def _conjoin(clauses: Sequence[tuple[Conjunction, ...]]) -> tuple[Conjunction, ...]:
    count = prod(map(len, clauses))
    if count > _MOST_CASES:
        raise TooLargeError(f"found {count} cases, expected at most {_MOST_CASES}")
    return tuple(tuple(one for part in parts for one in part) for parts in product(*clauses))


def _linear(item: Word | Form, declared: Mapping[str, int]) -> Linear:
    if isinstance(item, Word):
        return _term(item, declared)
    parts = [_linear(part, declared) for part in item.items[1:]]
    if item.head == "+" and parts:
        total: Linear = {}
        for part in parts:
            total = _sum(total, part, 1)
        return total
    if item.head == "-" and parts:
        first, *rest = parts if len(parts) > 1 else [{}, *parts]
        for part in rest:
            first = _sum(first, part, -1)
        return first
    if item.head == "*" and len(parts) == 2:
        return _product(item, parts[0], parts[1])
    raise _error(item, f"found {item.head!r}, expected a sum, a difference or a multiple")


def _term(word: Word, declared: Mapping[str, int]) -> Linear:
    if word.text in declared:
        return {word.text: ONE}
    if _VARIABLE.fullmatch(word.text):
        raise _error(word, f"found {word.text}, which is not declared before")
    try:
        return {"": rational(word.text)}
    except ValueError as error:
        raise _error(word, str(error)) from None


def _product(item: Form, one: Linear, two: Linear) -> Linear:
    for constant, other in ((one, two), (two, one)):
        if constant.keys() <= {""}:
            factor = constant.get("", ZERO)
            return {name: factor * value for name, value in other.items()}
    raise _error(item, "found a product of variables, expected a linear expression")


def _sum(one: Linear, two: Linear, sign: int) -> Linear:
    names = {**one, **two}
    return {name: one.get(name, ZERO) + sign * two.get(name, ZERO) for name in names}


def _case(joint: Conjunction, columns: Mapping[str, int], in_dim: int) -> Case:
    inputs: list[Constraint] = []
    outputs: list[Constraint] = []
    for expression in joint:
        normal = [ZERO] * len(columns)
        for name, value in expression.items():
            if name:
                normal[columns[name]] = value
        offset = -expression.get("", ZERO)
        if any(normal[in_dim:]):
            outputs.append(Constraint(tuple(normal), offset))
        else:
            inputs.append(Constraint(tuple(normal[:in_dim]), offset))
    return Case(tuple(inputs), tuple(outputs))
