"""What a certificate states, as Coq reads it, and what proves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from translator.limbs import many, ratio
from translator.nodes import Writer
from translator.reading import (
    Json,
    LeftOutError,
    Object,
    fields,
    form_of,
    form_stream,
    items,
    kind_stream,
    rational,
    relaxation,
    vector_stream,
    whole,
)
from translator.spreads import Row, Spread, Vector
from translator.wording import (
    Form,
    form_text,
    kind_text,
    listed,
    place_text,
    rows_text,
    shown,
    vector_text,
)

Assumption: TypeAlias = tuple[Form, Fraction]


def assumptions_of(document: Object) -> tuple[Assumption, ...]:
    """Return the rows that a claim assumes."""
    rows = map(fields, items(fields(document["claim"]).get("assuming", [])))
    return tuple((form_of(row["form"]), rational(row["at_most"])) for row in rows)


def assumptions_stream(rows: Sequence[Assumption]) -> list[int]:
    return many([[*form_stream(form), *ratio(limit)] for form, limit in rows])


def assumptions_text(rows: Sequence[Assumption]) -> str:
    return listed([f"({form_text(form)}, {shown(limit)})" for form, limit in rows])


@dataclass(frozen=True)
class Bound:
    """A statement about one form on one relaxation, and the number of what proves it."""

    relaxation: str
    reaches: bool
    form: Form
    value: Fraction
    proof: int

    @property
    def text(self) -> str:
        verb = "Reaches" if self.reaches else "AtMost"
        head = f"{verb} {kind_text(self.relaxation)}"
        return f"{head} {form_text(self.form)} {shown(self.value)}"

    @property
    def stream(self) -> list[int]:
        head = [int(self.reaches), *kind_stream(self.relaxation)]
        return [*head, *form_stream(self.form), *ratio(self.value)]


@dataclass(frozen=True)
class HullOf:
    """A statement about the hull of the values at some places."""

    relaxation: str
    places: tuple[tuple[int, int], ...]
    rows: tuple[Row, ...]
    points: tuple[Vector, ...]
    proof: int

    @property
    def places_text(self) -> str:
        return listed([place_text(place) for place in self.places])

    @property
    def text(self) -> str:
        points = listed([vector_text(v) for v in self.points])
        head = f"HullOf {kind_text(self.relaxation)} {self.places_text}"
        return f"{head} {rows_text(self.rows)} {points}"

    @property
    def stream(self) -> list[int]:
        rows = many([[*vector_stream(a), *ratio(b)] for a, b in self.rows])
        points = many([vector_stream(v) for v in self.points])
        return [2, *kind_stream(self.relaxation), *many(self.places), *rows, *points]


@dataclass(frozen=True)
class Outside:
    """A statement that a form is no linear combination of others."""

    form: Form
    span: tuple[Form, ...]
    proof: int

    @property
    def text(self) -> str:
        return f"Outside {form_text(self.form)} {listed(list(map(form_text, self.span)))}"

    @property
    def stream(self) -> list[int]:
        return [3, *form_stream(self.form), *many(list(map(form_stream, self.span)))]


@dataclass(frozen=True)
class Under:
    """A statement about the inputs that satisfy the assumptions."""

    assumed: tuple[Assumption, ...]
    form: Form
    value: Fraction
    proof: int

    @property
    def text(self) -> str:
        return f"Under assumed {form_text(self.form)} {shown(self.value)}"

    @property
    def stream(self) -> list[int]:
        rows = assumptions_stream(self.assumed)
        return [4, *rows, *form_stream(self.form), *ratio(self.value)]


@dataclass(frozen=True)
class Missed:
    """A statement that networks of Lipschitz layers of a fan differ from a form somewhere."""

    fan: Fraction
    form: Form
    value: Fraction
    proof: int

    @property
    def text(self) -> str:
        return f"Missed {shown(self.fan)} {form_text(self.form)} {shown(self.value)}"

    @property
    def stream(self) -> list[int]:
        return [5, *ratio(self.fan), *form_stream(self.form), *ratio(self.value)]


Claim: TypeAlias = Bound | HullOf | Outside | Under | Missed


def claims_of(document: Object, writer: Writer) -> tuple[list[Claim], list[str]]:
    """Return the claims, and what is left out."""
    claims, left_out = [], []
    given = fields(document["claim"])
    pairs = zip(items(given["statements"]), items(document["proof"]), strict=True)
    for statement, proof in ((fields(s), whole(p)) for s, p in pairs):
        try:
            claims.append(claim_of(statement, proof, writer))
        except LeftOutError:
            left_out.append(str(statement.get("relaxation", "Lipschitz constants")))
    return claims, list(dict.fromkeys(left_out))


def claim_of(statement: Object, proof: int, writer: Writer) -> Claim:
    node = writer.node(proof)
    if "hull" in statement:
        return hull_of(statement, node, writer)
    if "outside" in statement:
        return outside(statement, node, writer)
    if "missed" in statement:
        return missed(statement, node, writer)
    if "lipschitz" in statement:
        raise LeftOutError("statements of Lipschitz constants have no rules here")
    name = relaxation(statement["relaxation"])
    reaches = statement["relation"] == "reaches"
    form, value = form_of(statement["form"]), rational(statement["value"])
    if assumed := assumptions_of(writer.document):
        number = writer.under_assumptions(form, value, writer.number(proof))
        return Under(assumed, form, value, number)
    number = writer.end(proof, form[0][0]) if reaches else writer.number(proof)
    return Bound(name, reaches, form, value, number)


def hull_of(statement: Object, node: Object, writer: Writer) -> HullOf:
    """Return a claim about a hull, and write its evidence."""
    places = [(whole(i), whole(j)) for i, j in map(items, items(statement["hull"]))]
    given = [fields(row) for row in items(statement["facets"])]
    rows = [(normal(row["form"], places), rational(row["at_most"])) for row in given]
    points = [tuple(map(rational, items(v))) for v in items(statement["points"])]
    name = relaxation(statement.get("relaxation", "exact"))
    numbers = [[writer.number(k)] for k in items(node["facets"])]
    reals = [[writer.number(k)] for k in items(node["points"])]
    spread = Spread(tuple(rows), tuple(points))
    shown_by = writer.show([0, *spread.stream, *many(numbers), *many(reals)])
    return HullOf(name, tuple(places), spread.rows, spread.points, shown_by)


def outside(statement: Object, node: Object, writer: Writer) -> Outside:
    """Return a claim about a span, and write its functional."""
    shown_by = writer.show([1, *writer.mixture(node["weights"])])
    span = tuple(map(form_of, items(statement["span"])))
    return Outside(form_of(statement["outside"]), span, shown_by)


def missed(statement: Object, node: Object, writer: Writer) -> Missed:
    """Return a claim of what is missed, and write its pairs of points."""
    entries = [items(entry) for entry in items(node["pairs"])]
    pairs = [[*ratio(rational(w)), *map(writer.number, ends)] for w, *ends in entries]
    form, by = form_of(statement["missed"]), rational(statement["by"])
    fan = Fraction(whole(statement.get("fan", 1)))
    return Missed(fan, form, by, writer.show([2, *many(pairs)]))


def normal(form: Json, places: list[tuple[int, int]]) -> Vector:
    """Return the coefficients of a form at some places."""
    found = {(i, j): c for c, i, j in form_of(form)}
    return tuple(found.get(place, Fraction(0)) for place in places)
