"""The verb ``search propose``: proposals examined, and a report in the form of a search's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

from polyrelax.arithmetic.rational import ZERO, text
from polyrelax.arithmetic.words import amount
from polyrelax.cli.runs.workers import Workers, executor_of
from polyrelax.cli.search.report import FORMAT, SHOWN_ROWS, described
from polyrelax.cli.search.witness import witness_data
from polyrelax.cli.terminal.layout import Block, Grid
from polyrelax.cli.terminal.options import Format
from polyrelax.cli.terminal.output import Json, as_json, emit, formatted
from polyrelax.cli.terminal.progress import progress_bar
from polyrelax.cli.terminal.stop import Stop, end
from polyrelax.cli.terminal.worker import NEVER, Deadline, TimeUpError
from polyrelax.search.proposals import Trial
from polyrelax.search.question import Finding, side_gap

WORTH_PROCESSES: Final = 20
"""With fewer proposals, starting processes takes longer than the search."""
CERTIFIED: Final = 3


@dataclass(frozen=True)
class Examined:
    """What was tried, how many of how many, and those with a gap, the largest first."""

    trial: Trial
    tried: int
    wanted: int
    witnesses: tuple[Finding, ...]
    stop: Stop | None = None

    @property
    def largest_gap(self) -> Fraction:
        """The largest gap that was found, or 0."""
        return self.gap(self.witnesses[0]) if self.witnesses else ZERO

    def gap(self, found: Finding) -> Fraction:
        """Return the gap of a witness."""
        return side_gap(self.trial.side, found.tight, found.loose)


def examined(trial: Trial, tries: int, jobs: int | None, until: Deadline = NEVER) -> Examined:
    """Return what the first proposals are, or as many as there is time and patience for."""
    done, found, stop = 0, list[tuple[Fraction, int, Finding]](), None
    default, least = None if tries >= WORTH_PROCESSES else 1, 0 if until == NEVER else 1
    try:
        with (
            progress_bar(tries) as report,
            executor_of(Workers(jobs), tries, default=default, least=least) as (executor, _),
            until.waiting(),
        ):
            findings = trial.findings(range(tries), executor, timeout=until.left())
            for done, finding in enumerate(findings, 1):
                gap = side_gap(trial.side, finding.tight, finding.loose)
                if gap > 0:
                    found.append((-gap, finding.number, finding))
                report(done, f"proposals, {amount(len(found), 'witness', 'witnesses')}")
    except KeyboardInterrupt:
        stop = Stop.INTERRUPTED  # each witness so far is proved
    except TimeUpError:
        stop = Stop.TIME_UP
    witnesses = tuple(finding for _, _, finding in sorted(found))
    return Examined(trial, done, tries, witnesses, stop)


def report(result: Examined, listed: int, layout: Format, output: Path | None) -> int:
    """Write the report; return the exit status that it asks for."""
    if layout is Format.JSON:
        emit(as_json(_data(result, listed)), output)
    else:
        emit(formatted(_blocks(result), None, layout), output)
    end(result.stop, (f"proposals {result.tried} to {result.wanted - 1}",))
    return 0 if result.witnesses else 1


def _data(result: Examined, listed: int) -> Json:
    trial = result.trial
    return {
        "format": FORMAT,
        "question": _question(trial),
        "exhaustive": False,
        "networks": None,
        "enumerated": result.tried,
        "distinct": None,
        "imprecise": len(result.witnesses),
        "largest_gap": text(result.largest_gap),
        "witnesses": [
            witness_data(trial.witness(found.number), found, evident=place < CERTIFIED)
            for place, found in enumerate(result.witnesses[:listed])
        ],
        **({} if result.stop is None else {"stopped": result.stop.value}),
    }


def _question(trial: Trial) -> dict[str, Json]:
    asked = trial.proposals
    return {
        "shape": "-".join(map(str, asked.shape)),
        "method": str(asked.method),
        "seed": asked.seed,
        "bound": text(asked.bound),
        "denominator": asked.denominator,
        "lower": [text(z.lower) for z in asked.box],
        "upper": [text(z.upper) for z in asked.box],
        "loose": trial.loose,
        "tight": trial.tight,
        "side": str(trial.side),
    }


def _blocks(result: Examined) -> Iterator[Block]:
    trial = result.trial
    given = [
        (key, " ".join(map(str, value)) if isinstance(value, list) else str(value))
        for key, value in _question(trial).items()
    ]
    counts = (("tried", f"{result.tried:,}"), ("imprecise", f"{len(result.witnesses):,}"))
    yield Grid(
        "Proposals",
        ("what", "value"),
        (*given, *counts, ("largest gap", text(result.largest_gap))),
    )
    if result.witnesses:
        rows = tuple(_row(result, found) for found in result.witnesses[:SHOWN_ROWS])
        header = ("number", "gap", trial.tight, trial.loose, "network")
        yield Grid("Largest gaps", header, rows, frozenset(("number", "gap")))
    if result.stop is not None:
        yield f"Not finished: {result.stop.reason}."
    yield "Every witness was proved exactly; networks that were not proposed may be worse."


def _row(result: Examined, found: Finding) -> tuple[str, ...]:
    network = described(result.trial.proposals[found.number])
    gap = text(result.gap(found))
    return str(found.number), gap, str(found.tight), str(found.loose), network
