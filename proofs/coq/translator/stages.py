"""The layers of a certificate of lines, as text of Coq and as integers: `Neurons.v`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import factorial, lcm
from typing import TypeAlias

from translator.limbs import many, number, ratio
from translator.reading import Json, LeftOutError, Object, fields, items, rational, whole
from translator.wording import listed, shown

Entries: TypeAlias = tuple[tuple[int, int], ...]
Ends: TypeAlias = tuple[Fraction | None, Fraction | None]

LONG = 10**18
ONE_INPUT = {"pass": (0, "Pass"), "relu": (1, "Relu"), "absolute": (2, "Absolute")}
SEVERAL = {"maximum": (6, "Maximum"), "minimum": (7, "Minimum")}


@dataclass(frozen=True)
class WholeRow:
    """Whole numbers: the nonzero entries of a row, and its bias or its limit."""

    entries: Entries
    last: int

    @property
    def text(self) -> str:
        terms = [f"{signed(a)} @@ {k}" for k, a in self.entries]
        return f"({listed(terms)}, {signed(self.last)}%Z)"

    @property
    def stream(self) -> list[int]:
        return [*entries_stream(self.entries), *number(self.last)]


def signed(a: int) -> str:
    """Return a whole number; if it is long in hexadecimal digits, which Coq reads faster."""
    text = str(a) if abs(a) < LONG else hex(a)
    return text if a >= 0 else f"({text})"


def entries_stream(entries: Sequence[tuple[int, int]]) -> list[int]:
    return many([[k, *number(a)] for k, a in entries])


def whole_row(row: Mapping[int, Fraction], last: Fraction, scale: int) -> WholeRow:
    """Return a row times a scale that makes it whole."""
    entries = tuple((k, int(a * scale)) for k, a in sorted(row.items()) if a)
    return WholeRow(entries, int(last * scale))


def least_scale(numbers: Iterator[Fraction]) -> int:
    return lcm(*(q.denominator for q in numbers))


@dataclass(frozen=True)
class Weighted:
    """Rows and biases that are divided by a whole number."""

    common: int
    rows: tuple[WholeRow, ...]

    @property
    def width(self) -> int:
        return len(self.rows)

    @property
    def text(self) -> str:
        return f"Weighted {signed(self.common)} {listed([row.text for row in self.rows])}"

    @property
    def stream(self) -> list[int]:
        return [0, *number(self.common), *many([row.stream for row in self.rows])]


@dataclass(frozen=True)
class Neuron:
    """A neuron of a kind, and the coordinates that it reads."""

    kind: str
    reads: tuple[int, ...]
    slope: Fraction = Fraction(0)
    ends: Ends = (None, None)

    @property
    def width(self) -> int:
        return {"maxmin": 2, "sort": len(self.reads)}.get(self.kind, 1)

    @property
    def pieces(self) -> int:
        """The number of pieces."""
        if self.kind == "sort":
            return factorial(len(self.reads))
        if self.kind == "clip":
            return 1 + len([end for end in self.ends if end is not None])
        return {"pass": 1, "relu": 2, "absolute": 2, "leaky_relu": 2}.get(
            self.kind, len(self.reads)
        )

    def side_scale(self, piece: int, side: int) -> int:
        """Return what makes a side of a piece whole."""
        ends = [end for end in self.ends if end is not None]
        if self.kind != "clip":
            return 1
        is_middle = piece == (self.ends[0] is not None)
        return ends[side if is_middle else min(piece, len(ends) - 1)].denominator

    @property
    def text(self) -> str:
        first = self.reads[0] if self.reads else 0
        if self.kind in ONE_INPUT:
            return f"{ONE_INPUT[self.kind][1]} {first}"
        if self.kind == "leaky_relu":
            return f"Leaky {shown(self.slope)} {first}"
        if self.kind == "clip":
            return f"Clip {' '.join(map(end_text, self.ends))} {first}"
        if self.kind == "maxmin":
            return f"MaxMin {first} {self.reads[1]}"
        if self.kind == "sort":
            return f"Sort {indices_text(self.reads)}"
        return f"{SEVERAL[self.kind][1]} {first} {indices_text(self.reads[1:])}"

    @property
    def stream(self) -> list[int]:
        first, *others = self.reads
        if self.kind in ONE_INPUT:
            return [ONE_INPUT[self.kind][0], first]
        if self.kind == "leaky_relu":
            return [3, *ratio(self.slope), first]
        if self.kind == "clip":
            return [4, *end_stream(self.ends[0]), *end_stream(self.ends[1]), first]
        if self.kind == "maxmin":
            return [5, *self.reads]
        if self.kind == "sort":
            return [8, *indices_stream(self.reads)]
        return [SEVERAL[self.kind][0], first, *indices_stream(others)]


def end_text(end: Fraction | None) -> str:
    return "None" if end is None else f"(Some {shown(end)})"


def end_stream(end: Fraction | None) -> list[int]:
    return [0] if end is None else [1, *ratio(end)]


def indices_text(js: Sequence[int]) -> str:
    return listed([f"{j}%N" for j in js])


def indices_stream(js: Sequence[int]) -> list[int]:
    return many([[j] for j in js])


@dataclass(frozen=True)
class Bent:
    """Neurons, the values of one after those of the other."""

    neurons: tuple[Neuron, ...]

    @property
    def width(self) -> int:
        return sum(neuron.width for neuron in self.neurons)

    @property
    def text(self) -> str:
        return f"Bent {listed([neuron.text for neuron in self.neurons])}"

    @property
    def stream(self) -> list[int]:
        return [1, *many([neuron.stream for neuron in self.neurons])]


Stage: TypeAlias = Weighted | Bent


def stages_of(layers: Json, width: int) -> list[Stage]:
    """Return the layers of a network that reads so many values."""
    found: list[Stage] = []
    for value in items(layers):
        found.append(stage_of(value, width))
        width = found[-1].width
    return found


def stage_of(value: Json, width: int) -> Stage:
    if isinstance(value, str):
        kind = {"relu": "relu", "identity": "pass"}[value]
        return Bent(tuple(Neuron(kind, (j,)) for j in range(width)))
    given = fields(value)
    if "affine" in given:
        return weighted(fields(given["affine"]))
    if "neurons" in given:
        return Bent(tuple(map(neuron_of, items(given["neurons"]))))
    named = set(map(whole, items(fields(given["relu"])["neurons"])))
    return Bent(tuple(Neuron("relu" if j in named else "pass", (j,)) for j in range(width)))


def weighted(given: Object) -> Weighted:
    """Return an affine layer, however its numbers are written."""
    scale = rational(given.get("scale", "1"))
    rows = list(map(row_of, rows_of(given)))
    rows = [{k: a / scale for k, a in row.items()} for row in rows]
    bias = [rational(b) / scale for b in items(given["bias"])]
    common = least_scale(q for row in [*rows, dict(enumerate(bias))] for q in row.values())
    pairs = zip(rows, bias, strict=True)
    return Weighted(common, tuple(whole_row(row, b, common) for row, b in pairs))


def rows_of(given: Object) -> list[Json]:
    """Return the rows of an affine layer, those that share their lists as pairs of these."""
    rows = items(given["rows" if "rows" in given else "weight"])
    if "columns" not in given:
        return rows
    lists = [list(map(items, items(given[key]))) for key in ("columns", "entries")]
    shared = [
        [each[whole(k)] for each, k in zip(lists, items(row), strict=True)] for row in rows
    ]
    return [[[k, a] for k, a in zip(*pair, strict=True)] for pair in shared]


def row_of(row: Json) -> dict[int, Fraction]:
    """Return a row by its nonzero entries, or one of all numbers."""
    values = items(row)
    if values and isinstance(values[0], list):
        return {whole(k): rational(a) for k, a in map(items, values)}
    return {k: rational(a) for k, a in enumerate(values)}


def neuron_of(value: Json) -> Neuron:
    given = fields(value)
    kinds = [*ONE_INPUT, "leaky_relu", "clip", "maxmin", *SEVERAL, "sort"]
    kind = next((each for each in kinds if each in given), "")
    if not kind:
        raise LeftOutError("a neuron of another kind has no pieces here")
    reads = tuple(map(whole, items(given[kind])))
    ends = [rational(given[key]) if key in given else None for key in ("lower", "upper")]
    return Neuron(kind, reads, rational(given.get("slope", "0")), (ends[0], ends[1]))
