"""The report of ``polyrelax audit rows``: tables, or ``polyrelax-audit/1``.

Each of ``results`` is of the ``kind`` ``rows``: ``claimed`` is b, a, c of
b + <a, x> + <c, y> >= 0, its ``verdict`` ``valid`` or ``refuted``, ``slack`` the least value on
the graph, and ``point`` where that is.  A valid row ``touches`` the hull if that is 0; its
``role`` is ``equation``, ``facet``, ``repeated`` (of the row ``repeats``) or ``redundant``, or
null where it is not known.  ``hull`` says how many ``facets`` the hull has (an equation counts
as two), and which are ``missing`` although refuted rows are moved out until they touch: each
as a row, with its ``gap``, null where there is no end.  ``distance`` is the greatest gap,
``volume_ratio`` how many times greater the rows' volume is; what is not known is null, and
``unknown`` says why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN
from fractions import Fraction
from typing import Final

from polyrelax.arithmetic.rational import Vector, text
from polyrelax.audit.row_sets import Approached
from polyrelax.audit.rows import JudgedRow, Role
from polyrelax.cli.audit.rows_run import Comparison, JudgedRows
from polyrelax.cli.terminal.constraint_rows import row_data
from polyrelax.cli.terminal.decimals import rounded
from polyrelax.cli.terminal.layout import Block, Grid
from polyrelax.cli.terminal.output import Json
from polyrelax.polytopes.constraint import Constraint

_MOST_ROWS: Final = 20
_LONGEST_SIDE: Final = 60


def rows_data(rows: JudgedRows, comparison: Comparison) -> dict[str, Json]:
    """Return the JSON object of what claimed rows are."""
    results: list[Json] = [_result(each) for each in rows.found]
    data: dict[str, Json] = {
        "format": "polyrelax-audit/1",
        "results": results,
        "hull": _hull(comparison),
    }
    stop = rows.stop or comparison.stop
    if stop is not None:
        data |= {"stopped": stop.value, "unfinished": list(rows.missing)}
    return data


def _result(each: JudgedRow) -> Json:
    return {
        "kind": "rows",
        "claimed": row_data(each.row),
        "verdict": verdict(each),
        "slack": text(each.slack),
        "touches": each.slack == 0,
        "role": None if each.role is None else each.role.value,
        "repeats": each.repeats,
        "point": list(map(text, each.point)),
    }


def verdict(each: JudgedRow) -> str:
    """Return the verdict on a row."""
    return "valid" if each.is_valid else "refuted"


def _hull(comparison: Comparison) -> Json:
    missing: list[Json] = [
        {"facet": row_data(each.side), "gap": None if each.gap is None else text(each.gap)}
        for each in comparison.missing
    ]
    distance = _distance(comparison) if comparison.is_whole else None
    ratio = comparison.ratio
    return {
        "facets": comparison.total,
        "compared": len(comparison.sides),
        "missing": missing,
        "distance": None if distance is None else text(distance),
        "volume_ratio": None if ratio is None else text(ratio),
        "unknown": comparison.unknown,
    }


def _distance(comparison: Comparison) -> Fraction | None:
    """Return the greatest gap, if there is an end."""
    if not comparison.missing:
        return Fraction(0)
    return comparison.missing[0].gap


def rows_blocks(rows: JudgedRows, comparison: Comparison) -> Iterator[Block]:
    """Yield how many rows are what, those that are refuted, and what is missing."""
    yield _counts(rows.found)
    refuted = [(k, each) for k, each in enumerate(rows.found) if not each.is_valid]
    if refuted:
        refuted.sort(key=lambda pair: pair[1].slack)
        yield _refuted(refuted[:_MOST_ROWS])
    if len(refuted) > _MOST_ROWS:
        yield f"{len(refuted) - _MOST_ROWS} more are in the JSON report."
    if rows.stop is not None:
        yield f"Not judged, as {rows.stop.reason}: {len(rows.missing)}."
    yield from _compared(comparison)


def _counts(found: Sequence[JudgedRow]) -> Grid:
    roles = Counter(each.role for each in found if each.is_valid)
    refuted = sum(not each.is_valid for each in found)
    header = ("rows", "valid", "refuted", *map(str, Role))
    numbers = (len(found), len(found) - refuted, refuted, *(roles[role] for role in Role))
    if roles[None]:
        header, numbers = (*header, "touching"), (*numbers, roles[None])
    return Grid("Claimed rows", header, (tuple(map(str, numbers)),), frozenset(header))


def _refuted(found: Sequence[tuple[int, JudgedRow]]) -> Grid:
    header = ("row", "cut off by", "at inputs, values")
    rows = tuple(
        (str(k), rounded(-each.slack, ROUND_FLOOR), _shown(each.point)) for k, each in found
    )
    return Grid("Refuted", header, rows, frozenset(header[:2]))


def _shown(point: Vector) -> str:
    return ", ".join(map(rounded, point))


def _compared(comparison: Comparison) -> Iterator[Block]:
    if comparison.total is None:
        yield f"Missing facets and distance: not computed, as {comparison.unknown}."
        return
    missing = comparison.missing
    looked_at = "" if comparison.is_whole else f", {len(comparison.sides)} of them compared"
    yield f"The hull has {comparison.total} facets{looked_at}; {len(missing)} are missing."
    if missing:
        yield Grid("Greatest gaps", ("facet", "gap"), tuple(map(_row, missing[:_MOST_ROWS])))
    if comparison.ratio is not None:
        yield f"Volume: {rounded(comparison.ratio)} times that of the hull."
    else:
        yield f"Volume: not computed, as {comparison.unknown}."


def _row(each: Approached) -> tuple[str, str]:
    return _side(each.side), "without an end" if each.gap is None else rounded(each.gap)


def _side(side: Constraint) -> str:
    """Return a half-space, or if that is long, near decimals that are at most 1."""
    if len(str(side)) <= _LONGEST_SIDE:
        return str(side)
    scale = max(map(abs, side.normal))
    *factors, end = (_near(a / scale) for a in (*side.normal, side.offset))
    terms = (f"{factor} x{j}" for j, factor in enumerate(factors) if side.normal[j])
    return f"≈ {' + '.join(terms)} <= {end}".replace("+ -", "- ")


def _near(value: Fraction) -> str:
    return rounded(value, ROUND_HALF_EVEN, digits=4)
