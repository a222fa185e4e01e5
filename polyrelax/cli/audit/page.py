"""The page of an audit, one file of HTML: what is claimed, what became of it, and why.

Beside the tables of the report it has each result with its exact numbers, and the command that
leads to it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from importlib.metadata import version
from pathlib import Path
from typing import Final, cast

from polyrelax.cli.terminal.html import Cell, block_html, cell, document, table
from polyrelax.cli.terminal.layout import Block
from polyrelax.cli.terminal.options import Format
from polyrelax.cli.terminal.output import Json, as_json, emit, formatted

_CLAIM: Final = frozenset(
    ("claimed", "coordinate", "layer", "network", "number", "property", "side", "tool")
)
_LONGEST: Final = 60


@dataclass(frozen=True)
class Place:
    """How and where a report is written, and the command that asks for it."""

    layout: Format
    output: Path | None
    command: str

    @property
    def is_page(self) -> bool:
        """Whether a table goes to a file that ends in .html."""
        is_html = self.output is not None and self.output.suffix.lower() == ".html"
        return is_html and self.layout is Format.TABLE


def emit_audit(blocks: Iterable[Block], data: dict[str, Json], place: Place) -> None:
    """Write the report of an audit to its place."""
    if place.is_page:
        emit(page(blocks, data, place.command), place.output)
    else:
        emit(formatted(blocks, data, place.layout), place.output)


def page(blocks: Iterable[Block], data: dict[str, Json], command: str) -> str:
    """Return the page of an audit that a command has made, complete in itself.

    >>> "<code>polyrelax audit</code>" in page([], {"results": []}, "polyrelax audit")
    True
    """
    return document("An audit of claims", _parts(blocks, data, command))


def _parts(blocks: Iterable[Block], data: dict[str, Json], command: str) -> Iterator[str]:
    yield "<h2>What was found</h2>"
    yield from map(block_html, blocks)
    yield "<h2>Claims and evidence</h2>"
    yield "<p>Numbers are exact.</p>"
    results = cast("list[dict[str, Json]]", data["results"])
    rows = (_row(number, each) for number, each in enumerate(results))
    yield table(("", "claim", "verdict", "evidence"), rows, frozenset(("",)))
    rest = {key: value for key, value in data.items() if key not in ("format", "results")}
    yield f"<p>{_facts(rest)}</p>"
    yield "<h2>Once more</h2>"
    yield f"<p>This command says it again: <code>{escape(command)}</code></p>"
    yield f"<footer><p>polyrelax {escape(version('polyrelax'))}</p></footer>"


def _row(number: int, result: dict[str, Json]) -> tuple[Cell, ...]:
    known = {key: value for key, value in result.items() if value is not None}
    claim = {key: known.pop(key) for key in sorted(_CLAIM & known.keys())}
    verdict, kind = str(known.pop("verdict")), str(known.pop("kind"))
    return cell(str(number)), _facts({"kind": kind, **claim}), cell(verdict), _facts(known)


def _facts(facts: Mapping[str, Json]) -> Cell:
    """Return names and values, long ones behind a click."""
    lines = (f"{escape(name)}: {_value(value)}" for name, value in facts.items())
    return Cell("<br>".join(lines))


def _value(value: Json) -> str:
    text = escape(_text(value))
    if len(text) <= _LONGEST:
        return text
    return f"<details><summary>{len(text)} characters</summary><code>{text}</code></details>"


def _text(value: Json) -> str:
    """Return JSON for the eye, in which texts and points need no quotation marks."""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ", ".join(map(str, value))
    return value if isinstance(value, str) else as_json(value)
