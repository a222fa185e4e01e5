"""What an export is asked, and which options go with which format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from polyrelax.arithmetic.outward import Width
from polyrelax.cli.requests.request import Inputs
from polyrelax.errors import UsageError

_PROGRAM: Final = frozenset(("-r", "--bits", "--time"))
_INPUTS: Final = frozenset(("inputs",))
_OPTIONS: Final = {
    "onnx": frozenset(("--float32", "--round")),
    "json": _INPUTS,
    "vnnlib": _INPUTS | {"--property"},
    "vnnlib2": _INPUTS | {"--property"},
    "mps": _INPUTS | _PROGRAM | {"--maximize", "--minimize"},
    "smtlib": _INPUTS | _PROGRAM | {"--property"},
    "npy": _INPUTS | _PROGRAM | {"--float32"},
    "counterexample": _INPUTS | {"--property"},
}
"""The options of each format; ``inputs`` are those that name a set of inputs."""
_BINARY: Final = frozenset(("onnx", "npy"))


@dataclass(frozen=True)
class Request:
    """What is written of a network, its inputs, the options that were given, and where to."""

    target: str
    net: str
    inputs: Inputs
    given: Mapping[str, object]
    output: Path | None

    @property
    def property_file(self) -> Path | None:
        """The file of ``--property``."""
        found = self.given.get("--property")
        return found if isinstance(found, Path) else None

    @property
    def width(self) -> Width:
        """The floats that are written."""
        return Width.FLOAT32 if "--float32" in self.given else Width.FLOAT64

    def text(self, option: str) -> str | None:
        """Return the text of an option."""
        found = self.given.get(option)
        return found if isinstance(found, str) else None


def require_options(target: str, given: Mapping[str, object], inputs: Inputs) -> None:
    """Refuse options that say nothing about a format, and some that exclude each other.

    >>> require_options("onnx", {"-r": "triangle"}, Inputs())
    Traceback (most recent call last):
    polyrelax.errors.UsageError: found -r with --to onnx, expected no such
    """
    named = [f"--{name}" for name in inputs.given]
    allowed = _OPTIONS[target]
    wrong = [name for name in given if name not in allowed]
    wrong += named if "inputs" not in allowed else []
    if wrong:
        raise UsageError(f"found {wrong[0]} with --to {target}, expected no such")
    alone = "--property" in given and target != "counterexample"
    for pair in (("--property", *named), ("--property", *_PROGRAM & given.keys())):
        if alone and len(pair) > 1:
            raise UsageError(f"found {pair[0]} and {pair[1]}, expected one of them")
    if "--maximize" in given and "--minimize" in given:
        raise UsageError("found --maximize and --minimize, expected one of them")


def require_output(target: str, output: Path | None) -> Path | None:
    """Return where an export goes; what is no text needs a file."""
    if target in _BINARY and (output is None or output == Path("-")):
        raise UsageError(f"found --to {target} without -o FILE, expected both")
    return output
