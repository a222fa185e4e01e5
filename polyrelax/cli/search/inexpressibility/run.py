"""A survey of encodings with its progress, its file, and its end at an interruption."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ONE, Vector
from polyrelax.cli.search.request import numbers
from polyrelax.cli.terminal.output import emit
from polyrelax.cli.terminal.process import INTERRUPTED
from polyrelax.cli.terminal.progress import Report, progress_bar
from polyrelax.errors import FormatError, PolyrelaxError, UsageError
from polyrelax.search.candidates import Space
from polyrelax.search.inexpressibility import Inquiry, Survey
from polyrelax.search.surveys import survey_data, survey_from

INTERVAL: Final = 5.0
"""Seconds between two writings of the file."""


@dataclass(frozen=True)
class Outcome:
    """A survey, as far as it came."""

    survey: Survey
    interrupted: bool = False

    @property
    def status(self) -> int:
        """The exit status: 0 if every function has its encodings, 1 if not, 130 if stopped."""
        if self.interrupted:
            return INTERRUPTED
        names = self.survey.inquiry.relaxations
        return 1 if any(next(self.survey.without(name), None) for name in names) else 0


def read_inquiry(
    shapes: str, weights: str, outputs: str | None, *, names: tuple[str, ...], pieces: int
) -> Inquiry:
    """Return the inquiry that the options ask for."""
    values = reading(numbers, weights)
    chosen = tuple(filter(None, values)) if outputs is None else reading(numbers, outputs)
    unit = (Interval(-ONE, ONE),)  # symmetric: an input may change its sign
    try:
        spaces = [Space(_widths(shape), values, chosen, unit) for shape in shapes.split(",")]
        return Inquiry(tuple(spaces), names, pieces)
    except PolyrelaxError as error:
        raise UsageError(str(error)) from None


def reading(read: Callable[[str], Vector], given: str) -> Vector:
    """Return what an option says; what it cannot say is an error of usage."""
    try:
        return read(given)
    except PolyrelaxError as error:
        raise UsageError(str(error)) from None


def surveyed(inquiry: Inquiry, *, limit: int | None, store: Path | None) -> Outcome:
    """Return the survey when it is complete, has come as far as asked, or is interrupted."""
    survey = _begun(inquiry, store)
    stop = inquiry.size if limit is None else min(inquiry.size, survey.position + limit)
    try:
        with progress_bar(inquiry.size) as report:
            _advance(survey, stop, report, store)
    except KeyboardInterrupt:
        return Outcome(survey, interrupted=True)
    finally:
        _keep(survey, store)
    return Outcome(survey)


def _advance(survey: Survey, stop: int, report: Report, store: Path | None) -> None:
    written = time.monotonic()
    while survey.position < stop:
        survey.advance()
        report(survey.position, f"{len(survey.functions)} functions")
        if time.monotonic() - written > INTERVAL:
            _keep(survey, store)
            written = time.monotonic()


def _begun(inquiry: Inquiry, store: Path | None) -> Survey:
    if store is None or not store.exists():
        return Survey.begin(inquiry)
    try:
        return survey_from(inquiry, json.loads(store.read_text(encoding="utf-8")))
    except (ValueError, RecursionError, PolyrelaxError) as error:
        raise FormatError(f"{store}: found no such survey: {error}") from None


def _keep(survey: Survey, store: Path | None) -> None:
    """Replace the file of a survey in one step."""
    if store is not None:
        emit(json.dumps(survey_data(survey), sort_keys=True), store)


def _widths(shape: str) -> tuple[int, ...]:
    parts = shape.split("-")
    if not all(part.isascii() and part.isdecimal() and len(part) < 4 for part in parts):
        raise UsageError(f"found {shape!r}, expected widths such as 1-2-1-1")
    if int(parts[0]) != 1:
        raise UsageError(f"found {shape!r}, expected one input each, such as 1-2-1-1")
    return tuple(map(int, parts))
