"""A tree of cases in the making, flat, whose open cases come in an order that is an argument.

Branch and bound, partitions, certificates and Lipschitz constants grow it: the next open case
is closed by a leaf, or split into others.  The nodes that are written stand in one list, each
before those below it, and refer to others by their places there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from heapq import heappop, heappush
from typing import Generic, TypeAlias, TypeVar, final

from polyrelax.arithmetic.arguments import require

C = TypeVar("C")
N = TypeVar("N")

Key: TypeAlias = tuple[Fraction | int, ...]
"""Which open case comes next: the one of the least key, and of these the first."""


@final
@dataclass
class CaseTree(Generic[C, N]):
    """Open cases and written nodes; mutable, it grows and is written down once.

    >>> tree: CaseTree[int, str] = CaseTree(lambda size: (-size,), int)
    >>> tree.open(3), tree.open(5), tree.write("leaf")
    (0, 1, 2)
    >>> for place, size in tree.cases():
    ...     tree.nodes[place] = f"closed at {size}"
    >>> tree.nodes
    ['closed at 3', 'closed at 5', 'leaf']
    """

    order: Callable[[C], Key]
    kind: type[C]
    nodes: list[N | None] = field(default_factory=list)
    heap: list[tuple[Key, int, C]] = field(default_factory=list)
    current: C | None = None

    def open(self, case: C) -> int:
        """Return the place of a new case, where nothing is written yet."""
        require(case, self.kind)
        self.nodes.append(None)
        heappush(self.heap, (self.order(case), len(self.nodes) - 1, case))
        return len(self.nodes) - 1

    def write(self, node: N | None) -> int:
        """Return the place of a case that is not opened; ``None`` leaves it to the reader."""
        self.nodes.append(node)
        return len(self.nodes) - 1

    def cases(self) -> Iterator[tuple[int, C]]:
        """Yield the next open case and its place, until none is open."""
        while self.heap:
            # In work before it is taken off: an interruption in between loses nothing.
            self.current = self.heap[0][2]
            _, place, case = heappop(self.heap)
            yield place, case
            self.current = None

    @property
    def first(self) -> C | None:
        """The case in work, or else the next one."""
        if self.current is not None:
            return self.current
        return self.heap[0][2] if self.heap else None
