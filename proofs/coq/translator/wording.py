"""How Coq writes numbers, lists and forms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TypeAlias

Form: TypeAlias = tuple[tuple[Fraction, int, int], ...]

KINDS = {
    "exact": "Exact",
    "triangle": "Triangle",
    "ibp": "Boxed",
    "dp0": "(Lined DeepPoly0)",
    "dp1": "(Lined DeepPoly1)",
    "crown": "(Lined CROWN)",
    "fastlin": "(Lined FastLin)",
}
RELATIONS = {
    "exact": "exact",
    "triangle": "triangle",
    "ibp": "interval_bounds",
    "dp0": "back_substitution DeepPoly0",
    "dp1": "back_substitution DeepPoly1",
    "crown": "back_substitution CROWN",
    "fastlin": "back_substitution FastLin",
}
FAMILIES = {"krelu": "KReLU", "m": "MultiNeuron", "p": "Windowed"}
FAMILY_RELATIONS = {"krelu": "krelu", "m": "multi_neuron", "p": "P"}


INDENT = "  "
LONGEST = 80  # characters of a name in a comment


def named(text: str) -> str:
    """Return a name for a comment, which nothing in it can end, not even a quotation mark."""
    plain = re.sub(r"[^A-Za-z0-9_.,:/ -]", lambda found: f"%{ord(found[0]):x}", text)
    return plain if len(plain) <= LONGEST else plain[:LONGEST] + "..."


def shown(q: Fraction) -> str:
    if q.denominator == 1:
        return str(q) if q >= 0 else f"(-({-q}))"
    return f"({q.numerator} # {q.denominator})"


def listed(parts: Sequence[str]) -> str:
    return f"[{'; '.join(parts)}]"


def vector_text(v: Sequence[Fraction]) -> str:
    return listed([shown(q) for q in v])


def rows_text(rows: Sequence[tuple[Sequence[Fraction], Fraction]]) -> str:
    return listed([f"({vector_text(normal)}, {shown(b)})" for normal, b in rows])


def place_text(place: tuple[int, int]) -> str:
    return f"({place[0]}, {place[1]})%nat"


def form_text(form: Form) -> str:
    return listed([f"({shown(c)}, {place_text((i, j))})" for c, i, j in form])


def kind_text(name: str) -> str:
    family, _, size = name.partition(":")
    return KINDS.get(family) or f"({FAMILIES[family]} {size})"


def relation_text(name: str) -> str:
    family, _, size = name.partition(":")
    return RELATIONS.get(family) or f"{FAMILY_RELATIONS[family]} {size}"


def wrapped(text: str) -> str:
    """Break lines at spaces before column 96, or after a longer number."""
    return "\n".join(part for line in text.splitlines() for part in _parts(line)) + "\n"


def _parts(line: str) -> Iterator[str]:
    while len(line) > 96:
        cut = line.rfind(" ", len(INDENT) + 1, 96)
        cut = line.find(" ", 96) if cut < 0 else cut
        if cut < 0:
            break
        yield line[:cut]
        line = INDENT + line[cut + 1 :]
    yield line
