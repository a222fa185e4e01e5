"""The report of ``polyrelax radius``: tables, ``polyrelax-radius/1``, ``polyrelax-accuracy/1``.

``lower`` is certified: the network puts every input of the closed ball into the class
``label``, and no other output is as great.  ``upper`` is the distance of ``counterexample``, an
input where another output is at least as great; both are null if none was found.
``-accuracy/1`` has for each ``epsilon`` how many ``images`` are ``certified`` and ``refuted``,
and for each image the verdict ``certified``, ``refuted`` or ``unknown``.  Numbers are exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_FLOOR
from fractions import Fraction

from polyrelax.arithmetic.rational import rational, text
from polyrelax.cli.radius.run import Found, Result
from polyrelax.cli.terminal.decimals import rounded
from polyrelax.cli.terminal.layout import Block, Grid
from polyrelax.cli.terminal.output import Json
from polyrelax.verification.survey import Verdict


def report_data(found: Found) -> Json:
    """Return the JSON object of what was found."""
    data: dict[str, Json] = {"method": found.survey.method.name}
    if found.stop is not None:
        data |= {"stopped": found.stop.value, "unfinished": list(found.missing)}
    if found.survey.radii:
        rows: list[Json] = [_accuracy(found, radius) for radius in found.survey.radii]
        return {**data, "format": "polyrelax-accuracy/1", "results": rows}
    results: list[Json] = [
        {"image": image, **result} for (image, _), result in sorted(found.results.items())
    ]
    return {**data, "format": "polyrelax-radius/1", "results": results}


def _accuracy(found: Found, radius: Fraction) -> dict[str, Json]:
    """Return what is known at one radius."""
    verdicts: list[Json] = [
        {"image": image, **result}
        for (image, given), result in sorted(found.results.items())
        if given == radius
    ]
    return {
        "epsilon": text(radius),
        "images": len(verdicts),
        "certified": _count(verdicts, Verdict.CERTIFIED),
        "refuted": _count(verdicts, Verdict.REFUTED),
        "verdicts": verdicts,
    }


def _count(verdicts: Sequence[Json], wanted: Verdict) -> int:
    return sum(isinstance(v, dict) and v["verdict"] == wanted.value for v in verdicts)


def report_blocks(found: Found) -> Iterator[Block]:
    """Yield what was found as tables."""
    if found.survey.radii:
        yield _accuracy_grid(found)
        return
    pairs = [(image, result) for (image, _), result in sorted(found.results.items())]
    rows = [_row(str(image), result) for image, result in pairs]
    if pairs:
        rows.append(_mean([result for _, result in pairs]))
    yield Grid(
        f"Certified radii by {found.survey.method.name} (maximum norm)",
        ("image", "class", "certified", "counterexample"),
        tuple(rows),
        frozenset(["image", "class", "certified", "counterexample"]),
    )


def _row(name: str, result: Result) -> tuple[str, ...]:
    return name, str(result["label"]), _below(_exact(result["lower"])), _above(result["upper"])


def _mean(results: Sequence[Result]) -> tuple[str, ...]:
    lower = [_exact(result["lower"]) for result in results]
    upper = [_exact(result["upper"]) for result in results if result["upper"] is not None]
    mean = _below(sum(lower, Fraction(0)) / len(lower))
    if len(upper) < len(lower):
        return "mean", "", mean, "-"
    return "mean", "", mean, f"≤ {rounded(sum(upper, Fraction(0)) / len(upper))}"


def _exact(value: Json) -> Fraction:
    return rational(str(value))


def _below(value: Fraction) -> str:
    return f"≥ {rounded(value, ROUND_FLOOR)}"


def _above(value: Json) -> str:
    return "-" if value is None else f"≤ {rounded(_exact(value))}"


def _accuracy_grid(found: Found) -> Grid:
    """Return the table of how many images are certified and refuted at each radius."""
    rows = []
    for radius in found.survey.radii:
        data = _accuracy(found, radius)
        counts = (data["certified"], data["refuted"], data["images"])
        rows.append((text(radius), *map(str, counts)))
    header = ("epsilon", "certified", "refuted", "images")
    title = f"Images certified by {found.survey.method.name} (maximum norm)"
    return Grid(title, header, tuple(rows), frozenset(header))
