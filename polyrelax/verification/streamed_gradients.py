"""Certificates of Lipschitz constants line by line: the format ``polyrelax-certificate/2``."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import final

from polyrelax.arithmetic.rational import Vector, text
from polyrelax.certificates.certificate import Json, LipschitzStatement, Node
from polyrelax.certificates.streamed import FORMAT, Problem


@final
@dataclass
class Lines:
    """Lines in the making: mutable, it numbers the nodes.

    >>> writer = Lines()
    >>> writer.node({"kind": "gradients"}, [{"terms": []}]), writer.run(())
    (0, 1)
    >>> writer.lines[1]
    '{"terms": []}'
    """

    lines: list[str] = field(default_factory=list)
    count: int = 0

    def node(self, node: Node, tree: Iterable[Json] = ()) -> int:
        """Return the number of a node, which is followed by the lines of its tree."""
        self.lines += map(json.dumps, (node, *tree))
        self.count += 1
        return self.count - 1

    def run(self, x: Vector) -> int:
        """Return the number of a run of the network."""
        return self.node({"kind": "run", "input": [text(a) for a in x]})


@final
@dataclass(frozen=True)
class StreamedGradients:
    """Statements about a network of any neurons on a set, and the lines that prove them."""

    problem: Problem
    statements: tuple[LipschitzStatement, ...]
    nodes: tuple[str, ...]

    def dumps(self) -> str:
        """Return the certificate as a text."""
        claim: Json = {"statements": [each.as_data() for each in self.statements]}
        head: Json = {"format": FORMAT, "claim": claim, "sha256": self.problem.sha256}
        assert isinstance(head, dict), "an object"
        first = json.dumps({**head, "problem": self.problem.data})
        last = json.dumps({"proof": [each.proof for each in self.statements]})
        return "\n".join([first, *self.nodes, last]) + "\n"

    def __str__(self) -> str:
        return "; ".join(map(str, self.statements))
