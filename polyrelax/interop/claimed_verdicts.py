r"""Verdicts that other tools claim, in lists.

Lines of text are those of a verification competition's ``results.csv``, in which a network, a
property and a result stand in any places among other fields::

    acasxu_2023,./onnx/ACASXU_run2a_1_1_batch_2000.onnx,./vnnlib/prop_1.vnnlib,0.1,unsat,3.2

JSON is an array of such objects, or ``{"verdicts": [...]}``::

    [{"tool": "t", "network": "net.onnx", "property": "p.vnnlib", "verdict": "holds"}]

A verdict is ``holds`` (or ``unsat``, ``verified``) or ``violated`` (``sat``, ``falsified``);
what stands for none, such as ``timeout``, claims nothing.  An entry that says none of that is
kept with what is wrong with it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.rational import shown
from polyrelax.errors import FormatError, PolyrelaxError
from polyrelax.interop.documents import Node, parse
from polyrelax.interop.opening import read_text


class Claim(StrEnum):
    """What a tool says of a property."""

    HOLDS = "holds"
    VIOLATED = "violated"
    NOTHING = "nothing"


_WORDS: Final[Mapping[str, Claim]] = {
    **dict.fromkeys(("holds", "unsat", "verified", "safe"), Claim.HOLDS),
    **dict.fromkeys(("violated", "sat", "falsified", "unsafe"), Claim.VIOLATED),
    **dict.fromkeys(("unknown", "timeout", "error", "out_of_memory"), Claim.NOTHING),
    **dict.fromkeys(("run_instance_timeout", "no_result_in_file"), Claim.NOTHING),
}
_NETWORK: Final = re.compile(r"\.(onnx|json)(\.gz)?(#.*)?$", re.IGNORECASE)
_PROPERTY: Final = re.compile(r"\.vnnlib(\.gz)?$", re.IGNORECASE)
_COLUMNS: Final = frozenset(("network", "onnx", "property", "vnnlib", "result", "verdict"))
_EXPECTED: Final = "lines with a network, a property and a result, or JSON"


@dataclass(frozen=True)
class ClaimedVerdict:
    """What is claimed of a property of a network, which files hold; or what is wrong with it.

    ``number`` counts lines or entries from 1; ``group`` is a folder that the line begins with,
    as competitions name their benchmarks, if it does.
    """

    number: int
    network: str
    property: str
    claim: Claim
    tool: str | None = None
    group: str | None = None
    fault: str | None = None


def read(path: str | Path) -> tuple[ClaimedVerdict, ...]:
    """Return the verdicts that a file lists.

    Raises :class:`FormatError` if there is no entry at all.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "results.csv"
    ...     _ = path.write_text("acasxu,net.onnx,first.vnnlib,0.1,unsat,3")
    ...     [found] = read(path)
    >>> found.network, str(found.claim), found.group
    ('net.onnx', 'holds', 'acasxu')
    """
    return loads(read_text(path, expected=_EXPECTED))


def loads(text: str) -> tuple[ClaimedVerdict, ...]:
    """Return the verdicts that a text lists, as :func:`read` does.

    >>> [found] = loads('[{"network": "n.onnx", "property": "p.vnnlib", "verdict": "maybe"}]')
    >>> found.fault
    "[0].verdict: found 'maybe', expected holds, violated or a word for neither"
    """
    require(text, str)
    is_json = text.lstrip().startswith(("{", "["))
    found = tuple(_of_json(parse(text)) if is_json else _of_lines(text))
    if not found:
        raise FormatError(f"found no verdicts, expected {_EXPECTED}")
    return found


def _of_json(document: Node) -> Iterator[ClaimedVerdict]:
    is_list = isinstance(document.value, list)
    entries = document if is_list else document.fields(["verdicts"], ["format"])["verdicts"]
    for number, entry in enumerate(entries.items(), start=1):
        try:
            yield _of_entry(number, entry)
        except PolyrelaxError as error:
            yield ClaimedVerdict(number, "", "", Claim.NOTHING, fault=str(error))


def _of_entry(number: int, entry: Node) -> ClaimedVerdict:
    fields = entry.fields(["network", "property", "verdict"], ["tool"])
    network, property_ = (fields[key].words() for key in ("network", "property"))
    tool = fields["tool"].words() if "tool" in fields else None
    claim = _WORDS.get(fields["verdict"].words().lower())
    if claim is None:
        expected = "expected holds, violated or a word for neither"
        raise fields["verdict"].error(f"found {fields['verdict'].kind}, {expected}")
    return ClaimedVerdict(number, network, property_, claim, tool)


def _of_lines(text: str) -> Iterator[ClaimedVerdict]:
    """Yield the entries of lines, but for a first one that names columns."""
    for number, row in enumerate(csv.reader(text.split("\n")), start=1):
        fields = [field.strip() for field in row]
        is_head = number == 1 and not _COLUMNS.isdisjoint(map(str.lower, fields))
        if any(fields) and not is_head:
            yield _of_line(number, fields)


def _of_line(number: int, fields: Sequence[str]) -> ClaimedVerdict:
    network = next(filter(_NETWORK.search, fields), "")
    property_ = next(filter(_PROPERTY.search, fields), "")
    claim = next((_WORDS[word] for word in map(str.lower, fields) if word in _WORDS), None)
    group = fields[0] if fields[0] not in (network, property_) else None
    if network and property_ and claim is not None:
        return ClaimedVerdict(number, network, property_, claim, None, group)
    found = shown(",".join(fields))
    fault = f"line {number}: found {found}, expected a network, a property and a verdict"
    return ClaimedVerdict(number, network, property_, Claim.NOTHING, fault=fault)
