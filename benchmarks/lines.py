"""What a benchmark shows, line by line: a piece of work, its figure and the target.

Every script that has targets yields its lines by a function ``lines``; ``targets.py`` runs them
all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

HEAD = "| work | figure | target | |\n|---|---:|---:|---|"


@dataclass(frozen=True)
class Line:
    """A figure, ``None`` where a peer or data is missing, and the target that it is held to."""

    work: str
    figure: float | None
    target: float
    unit: str = "s"
    at_most: bool = True
    note: str = ""

    @property
    def verdict(self) -> str:
        """Whether the target is met."""
        if self.figure is None:
            return "not run"
        is_met = self.figure <= self.target if self.at_most else self.figure >= self.target
        return "met" if is_met else "**missed**"

    def __str__(self) -> str:
        figure = "-" if self.figure is None else f"{self.figure:.3g} {self.unit}"
        bound = f"{'≤' if self.at_most else '≥'} {self.target:g} {self.unit}"
        said = ", ".join(filter(None, (self.verdict, self.note)))
        return f"| {self.work} | {figure} | {bound} | {said} |"


@dataclass(frozen=True)
class Setting:
    """Where the data is, and whether lines that take more than half a minute are left out."""

    data: Path
    quick: bool

    def has(self, *names: str) -> bool:
        """Whether the data has these files or folders."""
        return all((self.data / name).exists() for name in names)


Lines = Callable[[Setting], Iterator[Line]]
