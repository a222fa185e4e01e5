"""A survey of encodings with its progress, its file, and its end at an interruption."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ONE
from polyrelax.arithmetic.words import amount
from polyrelax.cli.search.request import numbers
from polyrelax.cli.terminal.naming import option_value
from polyrelax.cli.terminal.output import emit
from polyrelax.cli.terminal.progress import Report, progress_bar
from polyrelax.cli.terminal.stop import Stop
from polyrelax.cli.terminal.worker import NEVER, Deadline, Tell, TimeUpError, here_if_quick
from polyrelax.errors import NamedFileError, PolyrelaxError, UsageError
from polyrelax.expressivity.piecewise import Piecewise
from polyrelax.interop.documents import parse
from polyrelax.interop.opening import read_text
from polyrelax.search.candidates import Space
from polyrelax.search.inexpressibility import Encoding, Inquiry, Survey
from polyrelax.search.surveys import survey_data, survey_from

INTERVAL: Final = 5.0
"""Seconds between two writings of the file."""


@dataclass(frozen=True)
class Outcome:
    """A survey, as far as it came."""

    survey: Survey
    stop: Stop | None = None

    @property
    def status(self) -> int:
        """The exit status of a survey that nothing stopped: 0 if every function is encoded."""
        names = self.survey.inquiry.relaxations
        return 1 if any(next(self.survey.without(name), None) for name in names) else 0

    @property
    def missing(self) -> tuple[str, ...]:
        """What was not examined."""
        return (f"networks {self.survey.position:,} to {self.survey.inquiry.size - 1:,}",)


def read_inquiry(
    shapes: str, weights: str, outputs: str | None, *, names: tuple[str, ...], pieces: int
) -> Inquiry:
    """Return the inquiry that the options ask for."""
    values = option_value("--weights", numbers, weights)
    chosen = (
        tuple(filter(None, values))
        if outputs is None
        else option_value("--outputs", numbers, outputs)
    )
    unit = (Interval(-ONE, ONE),)  # symmetric: an input may change its sign
    try:
        widths = (option_value("--shape", _widths, shape) for shape in shapes.split(","))
        spaces = tuple(Space(each, values, chosen, unit) for each in widths)
        return Inquiry(spaces, names, pieces)
    except PolyrelaxError as error:
        raise UsageError(str(error)) from None


def surveyed(
    inquiry: Inquiry, *, limit: int | None, store: Path | None, until: Deadline = NEVER
) -> Outcome:
    """Return the survey when it is complete, has come as far as asked, or is stopped."""
    try:
        survey = here_if_quick(begun, (inquiry, store), quick=True, until=until)
    except TimeUpError:
        return Outcome(Survey.begin(inquiry), Stop.TIME_UP)
    stop = inquiry.size if limit is None else min(inquiry.size, survey.position + limit)
    try:
        with progress_bar(inquiry.size) as report:
            growing = _Growing(survey, report, store)
            here_if_quick(examined, (survey, stop), quick=True, told=growing.hear, until=until)
    except KeyboardInterrupt:
        return Outcome(survey, Stop.INTERRUPTED)
    except TimeUpError:
        return Outcome(survey, Stop.TIME_UP)
    finally:
        _keep(survey, store)
    return Outcome(survey)


@dataclass(frozen=True)
class Examined:
    """How many networks are examined, and what is known of the function of the last one."""

    position: int
    function: Piecewise | None
    encodings: dict[str, Encoding]


@dataclass
class _Growing:
    """A survey that takes in what is told of it, and its file; it grows."""

    survey: Survey
    report: Report
    store: Path | None
    written: float = field(default_factory=time.monotonic)

    def hear(self, told: object) -> None:
        """Take in one more network."""
        assert isinstance(told, Examined), "what is told is a network"
        if told.function is not None:
            self.survey.functions[told.function] = told.encodings
        self.survey.position = told.position
        self.report(told.position, amount(len(self.survey.functions), "function"))
        if time.monotonic() - self.written > INTERVAL:
            _keep(self.survey, self.store)
            self.written = time.monotonic()


def examined(task: tuple[Survey, int], tell: Tell) -> None:
    """Examine networks up to a number, and tell of each; for a worker."""
    survey, stop = task
    while survey.position < stop:
        function = survey.advance()
        encodings = {} if function is None else survey.functions[function]
        tell(Examined(survey.position, function, encodings))


def begun(task: tuple[Inquiry, Path | None], _tell: Tell) -> Survey:
    """Return the survey that a file holds, its encodings certified again, or a new one."""
    inquiry, store = task
    if store is None or not store.exists():
        return Survey.begin(inquiry)
    try:
        return survey_from(inquiry, parse(read_text(store, expected="JSON")).value)
    except PolyrelaxError as error:
        raise NamedFileError(f"{store}: found no such survey: {error}") from None


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
