"""The input set of a certificate of lines, as text of Coq and as integers: `Neurons.v`."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from translator.limbs import many, number
from translator.reading import Json, fields, items, rational, vector_of, whole
from translator.stages import WholeRow, least_scale, whole_row
from translator.wording import listed


@dataclass(frozen=True)
class Box:
    """The ends of a box: numerators over one denominator, which Coq adds without a product."""

    lower: tuple[int, ...]
    upper: tuple[int, ...]
    common: int

    @property
    def dim(self) -> int:
        return len(self.lower)

    @property
    def text(self) -> str:
        ends = zip(self.lower, self.upper, strict=True)
        return f"Box {listed([f'({self.end(a)}, {self.end(b)})' for a, b in ends])}"

    def end(self, numerator: int) -> str:
        """Return an end, not in lowest terms."""
        if self.common == 1:
            return str(numerator) if numerator >= 0 else f"(-({-numerator}))"
        return f"({numerator} # {self.common})"

    @property
    def stream(self) -> list[int]:
        bottom = number(self.common)
        ends = zip(self.lower, self.upper, strict=True)
        return [0, *many([[*number(a), *bottom, *number(b), *bottom] for a, b in ends])]


@dataclass(frozen=True)
class Cut:
    """Whole rows; an equation is two of them, the second one its negative."""

    dim: int
    rows: tuple[WholeRow, ...]
    places: tuple[tuple[int, int], ...]

    @property
    def text(self) -> str:
        return f"Cut {self.dim} {listed([row.text for row in self.rows])}"

    @property
    def stream(self) -> list[int]:
        return [1, self.dim, *many([row.stream for row in self.rows])]


Inputs: TypeAlias = Box | Cut


def inputs_of(value: Json) -> Inputs:
    given = fields(value)
    if "lower" in given:
        ends = [vector_of(given[side]) for side in ("lower", "upper")]
        common = least_scale(q for end in ends for q in end)
        lower, upper = (tuple(int(q * common) for q in end) for end in ends)
        return Box(lower, upper, common)
    rows: list[WholeRow] = []
    places: list[tuple[int, int]] = []
    for row in map(fields, items(given["constraints"])):
        normal = dict(enumerate(vector_of(row["normal"])))
        offset = rational(row["offset"])
        scale = least_scale(q for q in (*normal.values(), offset))
        places.append((len(rows), scale))
        for sign in (1, -1) if row.get("equation") else (1,):
            scaled = {k: sign * Fraction(a) for k, a in normal.items()}
            rows.append(whole_row(scaled, sign * offset, scale))
    return Cut(whole(given["dim"]), tuple(rows), tuple(places))
