"""Yield what changes a Python module in one place at a time.

Comparisons, operators, constants, conditions, deleted calls, ``any`` and ``all``, ``min`` and
``max``, filters.  Messages are left alone.
"""
# ruff: noqa: ANN401 -- a rule is about nodes of some classes

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
OPERATORS: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
    ast.USub: (ast.UAdd,),
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add, ast.FloorDiv),
    ast.FloorDiv: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.BitOr: (ast.BitAnd,),
    ast.BitAnd: (ast.BitOr,),
}
NAMES = {"any": "all", "all": "any", "min": "max", "max": "min", "lcm": "max", "gcd": "max"}
Change = Callable[[], None]


def changes(tree: ast.Module) -> Iterator[tuple[int, str, Change, Change]]:
    """Yield line, description, and what makes and what undoes each change of a tree."""
    messages = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    skipped = {id(part) for message in messages for part in ast.walk(message)}
    for node in ast.walk(tree):
        if id(node) not in skipped:
            yield from _changes(node)


def _changes(node: ast.AST) -> Iterator[tuple[int, str, Change, Change]]:
    line = getattr(node, "lineno", 0)
    for field, new in _replacements(node):
        owner, key, old = field
        shown = old if isinstance(old, ast.expr | ast.stmt) else node
        at = getattr(shown, "lineno", line)
        before = ast.unparse(shown)[:70].replace("\n", " ")
        value = new.value if isinstance(new, ast.Constant) else new
        what = value.__class__.__name__ if isinstance(value, ast.AST) else repr(value)

        def make(owner: object = owner, key: object = key, new: object = new) -> None:
            _set(owner, key, new)

        def undo(owner: object = owner, key: object = key, old: object = old) -> None:
            _set(owner, key, old)

        yield at, f"{before}  [{what}]", make, undo


Field = tuple[object, object, object]


def _set(owner: object, key: object, value: object) -> None:
    if isinstance(owner, list) and isinstance(key, int):
        owner[key] = value
    else:
        setattr(owner, str(key), value)


def _replacements(node: ast.AST) -> Iterator[tuple[Field, object]]:
    for kind, rule in RULES:
        if isinstance(node, kind):
            yield from rule(node)
    for body in (getattr(node, name, None) for name in ("body", "orelse")):
        if isinstance(body, list):
            yield from _deletions(body)


def _comparisons(node: Any) -> Iterator[tuple[Field, object]]:
    for k, op in enumerate(node.ops):
        for kind in COMPARISONS[type(op)]:
            yield (node.ops, k, op), kind()


def _operators(node: Any) -> Iterator[tuple[Field, object]]:
    for each in OPERATORS.get(type(node.op), ()):
        yield (node, "op", node.op), each()


def _names(node: Any) -> Iterator[tuple[Field, object]]:
    if node.id in NAMES:
        yield (node, "id", node.id), NAMES[node.id]


def _branches(node: Any) -> Iterator[tuple[Field, object]]:
    yield (node, "test", node.test), ast.Constant(False)
    yield (node, "test", node.test), ast.Constant(True)


def _filters(node: Any) -> Iterator[tuple[Field, object]]:
    for k, test in enumerate(node.ifs):
        yield (node.ifs, k, test), ast.Constant(True)


def _constants(node: Any) -> Iterator[tuple[Field, object]]:
    if isinstance(node.value, bool):
        yield (node, "value", node.value), not node.value
    elif isinstance(node.value, int):
        for value in (node.value + 1, node.value - 1):
            yield (node, "value", node.value), value


def _deletions(body: list[ast.stmt]) -> Iterator[tuple[Field, object]]:
    for k, statement in enumerate(body):
        is_call = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
        if is_call or isinstance(statement, ast.AugAssign | ast.Continue):
            yield (body, k, statement), ast.copy_location(ast.Pass(), statement)


RULES: tuple[tuple[Any, Callable[[Any], Iterator[tuple[Field, object]]]], ...] = (
    (ast.Compare, _comparisons),
    (ast.BinOp, _operators),
    (ast.AugAssign, _operators),
    (ast.BoolOp, _operators),
    (ast.UnaryOp, _operators),
    (ast.Constant, _constants),
    (ast.Name, _names),
    (ast.IfExp | ast.If | ast.While, _branches),
    (ast.comprehension, _filters),
)
