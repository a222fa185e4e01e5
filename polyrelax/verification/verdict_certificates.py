"""Certificates of verdicts, as ``polyrelax-certificate/2``.

A property that holds is stated case by case: no input of a box satisfies all rows; each
statement is proved by the tree of boxes that the search left.  Where trees of phases have
proved all cases, on the same inputs, each statement bounds the form of the case's only row.
One that is violated is stated by the rows of a case, and proved by an input at which all of
them hold.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.rational import text
from polyrelax.certificates.certificate import Json, Node
from polyrelax.certificates.phases import certify_bounds
from polyrelax.certificates.streamed import FORMAT, Problem
from polyrelax.networks.network import Network
from polyrelax.networks.properties import Property, Row
from polyrelax.polytopes.polytope import Polytope
from polyrelax.verification.statements import Statement, statements
from polyrelax.verification.verdicts import Holds, PhaseTree, Tree, Violated


def certificate(network: Network, property_: Property, verdict: Holds | Violated) -> str | None:
    """Return the certificate of a verdict; ``None`` if a case was not excluded by a tree.

    >>> from polyrelax.certificates.check import check
    >>> from polyrelax.networks.gallery import absolute_value
    >>> from polyrelax.networks.properties import Case
    >>> from polyrelax.polytopes.polytope import Polytope
    >>> from polyrelax.verification.verify import verified
    >>> case = Case(Polytope.box([-1], [2]), (Row((), ((0, -1),), -2),))
    >>> above = Property(1, 1, (case,))
    >>> print(check(certificate(absolute_value(), above, verified(absolute_value(), above))))
    somewhere -1 v(3, 0) <= -2
    """
    require(network, Network)
    require(verdict, Holds | Violated)
    depth, told = len(network.layers), statements(property_)
    if isinstance(verdict, Violated):
        only = told[verdict.case - 1]
        stated: list[Json] = [{"somewhere": _rows(only, depth)}]
        nodes: list[Node] = [{"kind": "run", "input": [text(x) for x in verdict.point]}]
    else:
        phases = [tree for tree in verdict.trees if isinstance(tree, PhaseTree)]
        if phases and len(phases) == len(told):
            return _bounds(phases, told[0].box)
        trees = [tree for tree in verdict.trees if isinstance(tree, Tree)]
        if len(trees) < len(told) or not told:
            return None
        rows = [_rows(statement, depth) for statement in told]
        stated = [{"never": each} for each in rows]
        nodes = [
            {"kind": "halves", "never": each, "halves": _tree(tree.nodes)}
            for each, tree in zip(rows, trees, strict=True)
        ]
    return "\n".join(_lines(Problem(network, told[0].box), stated, nodes)) + "\n"


def _bounds(trees: Sequence[PhaseTree], box: Polytope) -> str | None:
    """Return the certificate of trees of phases, if all are about one box of inputs."""
    if any(tree.inputs != box for tree in trees):
        return None
    return certify_bounds(trees[0].trace, box, [tree.bound for tree in trees]).dumps()


def _lines(problem: Problem, stated: list[Json], nodes: list[Node]) -> Iterator[str]:
    claim = {"statements": stated}
    head = {"format": FORMAT, "claim": claim, "sha256": problem.sha256}
    yield json.dumps({**head, "problem": problem.data})
    for node in nodes:
        yield json.dumps(node, separators=(",", ":"))
    yield json.dumps({"proof": list(range(len(nodes)))})


def _rows(statement: Statement, depth: int) -> Json:
    return [_row(row, depth) for row in statement.rows]


def _row(row: Row, depth: int) -> Json:
    form: list[Json] = [[text(c), 0, j] for j, c in row.inputs]
    form += [[text(c), depth, j] for j, c in row.outputs]
    given: dict[str, Json] = {"form": form, "at_most": text(row.offset)}
    return {**given, "strict": True} if row.is_strict else given


def _tree(nodes: tuple[int | tuple[int, ...], ...]) -> Json:
    return [node if isinstance(node, int) else list(node) for node in nodes]
