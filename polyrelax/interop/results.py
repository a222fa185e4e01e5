"""Competitions' results: ``BENCHMARK,NETWORK,PROPERTY,PREPARATION,VERDICT,TIME``.

A tool's ``results.csv`` has a line for each instance; where the verdict is ``sat``, the tool is
to have left a counterexample.  A line that is none of that is kept with what is wrong with it.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from polyrelax.arithmetic.words import amount
from polyrelax.interop.opening import read_text

NAME: Final = "results.csv"
_FIELDS: Final = "a benchmark, a network, a property, a time, a verdict and a time"
_COUNT: Final = 6
_VIOLATED: Final = frozenset(("sat", "violated"))


@dataclass(frozen=True)
class Result:
    """A line of results: its number, the names that it gives, or its fault."""

    line: int
    benchmark: str = ""
    network: str = ""
    property_: str = ""
    verdict: str = ""
    fault: str | None = None

    @property
    def is_violated(self) -> bool:
        """Whether the verdict is that the property is violated."""
        return self.verdict.lower() in _VIOLATED

    @property
    def stem(self) -> str:
        """How the name of the counterexample's file begins."""
        ends = ((self.network, ".onnx"), (self.property_, ".vnnlib"))
        names = (Path(name).name.removesuffix(".gz").removesuffix(end) for name, end in ends)
        return "_".join(names)


def read(path: str | Path) -> tuple[Result, ...]:
    r"""Return the lines of a file of results.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "results.csv"
    ...     _ = path.write_text("acas,onnx/net.onnx,vnnlib/p.vnnlib,1,sat,2.5\nacas,net.onnx\n")
    ...     first, second = read(path)
    >>> first.is_violated, first.stem, second.fault.partition(",")[0]
    (True, 'net_p', 'line 2: found 2 fields')
    """
    rows = csv.reader(read_text(path, expected=f"lines of {_FIELDS}").split("\n"))
    return tuple(
        _result(line, [field.strip() for field in row])
        for line, row in enumerate(rows, start=1)
        if any(field.strip() for field in row)
    )


def _result(line: int, row: Sequence[str]) -> Result:
    if len(row) != _COUNT:
        fault = f"line {line}: found {amount(len(row), 'field')}, expected {_FIELDS}"
        return Result(line, fault=fault)
    benchmark, network, property_, _, verdict, _ = row
    return Result(line, benchmark, network, property_, verdict)
