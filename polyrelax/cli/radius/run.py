"""The images of a survey, worked on by several processes as far as time and patience go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import TypeAlias

from polyrelax.arithmetic.rational import text
from polyrelax.cli.radius.outlook import announce
from polyrelax.cli.radius.records import Records
from polyrelax.cli.radius.request import Survey
from polyrelax.cli.runs.workers import Workers, worked
from polyrelax.cli.terminal.output import Json, note
from polyrelax.cli.terminal.process import interruptions_held
from polyrelax.cli.terminal.progress import Report, counted, progress_bar
from polyrelax.cli.terminal.stop import Stop
from polyrelax.cli.terminal.worker import Deadline, TimeUpError
from polyrelax.verification.attacks import Attack
from polyrelax.verification.survey import AtRadius, Radius, radius_of, verdict_at

Key: TypeAlias = tuple[int, Fraction | None]
"""An image, and a radius if it is given."""
Result: TypeAlias = dict[str, Json]


@dataclass(frozen=True)
class Found:
    """What was found of the images of a survey, and what stopped it, if anything did."""

    survey: Survey
    results: dict[Key, Result]
    stop: Stop | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of what was not finished."""
        return tuple(
            _name(self.survey, key) for key in _keys(self.survey) if key not in self.results
        )


def run(survey: Survey, workers: Workers, until: Deadline) -> Found:
    """Return what was found when all is done, or until something stopped it.

    An interruption before anything is finished stops the whole program.
    """
    records, results = Records.of(survey), dict[Key, Result]()
    keys = [key for key in _keys(survey) if not _is_recorded(survey, key, records, results)]
    if results and records is not None:
        note(f"{len(results)} of {len(results) + len(keys)} are finished in {records.folder}")
    announce(survey, len(keys))
    try:
        with progress_bar(len(keys)) as report:
            for key, found in _worked(survey, keys, workers, until, report):
                with interruptions_held():  # what is recorded is reported
                    results[key] = _result(found)
                    if records is not None:
                        place = (_name(survey, key), _question(survey, key))
                        records.add(*place, results[key], found.certificate)
    except TimeUpError:
        return Found(survey, results, Stop.TIME_UP)
    except KeyboardInterrupt:
        if not results:
            raise
        return Found(survey, results, Stop.INTERRUPTED)
    return Found(survey, results)


def _keys(survey: Survey) -> Iterator[Key]:
    for image in range(len(survey.points)):
        yield from ((image, radius) for radius in survey.radii or (None,))


def _name(survey: Survey, key: Key) -> str:
    """Return the name of the files about an image, without an ending."""
    image, radius = key
    name = f"image-{image}-{survey.method.name}"
    return name if radius is None else f"{name}-at-{text(radius).replace('/', '_')}"


def _question(survey: Survey, key: Key) -> Json:
    """Return what is asked about an image, as JSON."""
    image, radius = key
    point = survey.points[image]
    clip = None if point.clip is None else [text(end) for end in point.clip]
    tolerance = None if survey.tolerance is None else text(survey.tolerance)
    center = [text(value) for value in point.center]
    given = None if radius is None else text(radius)
    return [survey.method.name, point.label, clip, tolerance, center, given]


def _is_recorded(
    survey: Survey, key: Key, records: Records | None, results: dict[Key, Result]
) -> bool:
    """Whether an image was finished before; then its result is taken."""
    if records is None:
        return False
    image, radius = key
    place = (_name(survey, key), _question(survey, key))
    result = records.found(*place, survey.points[image], radius)
    if isinstance(result, dict):
        results[key] = result
    return key in results


def _work(survey: Survey, key: Key) -> Callable[[], Radius | AtRadius]:
    image, radius = key
    point, certifies = survey.points[image], survey.certificates is not None
    if radius is None:
        return partial(radius_of, point, survey.method, survey.tolerance, certifies=certifies)
    return partial(verdict_at, point, survey.method, radius, certifies=certifies)


def _worked(
    survey: Survey, keys: list[Key], workers: Workers, until: Deadline, report: Report
) -> Iterator[tuple[Key, Radius | AtRadius]]:
    """Yield what is found as it comes, and report how far it is."""
    what = f"images by {survey.method.name}"
    tasks = [(key, _work(survey, key)) for key in keys]
    yield from counted(worked(workers, tasks, until), report, what)


def _result(found: Radius | AtRadius) -> Result:
    """Return a result as JSON, all numbers as exact texts."""
    result: Result = {"label": found.label, **_attack_data(found.attack)}
    if isinstance(found, Radius):
        return {**result, "lower": text(found.lower)}
    return {**result, "verdict": found.verdict.value}


def _attack_data(attack: Attack | None) -> Result:
    if attack is None:
        return {"upper": None, "counterexample": None}
    return {"upper": text(attack.radius), "counterexample": [text(x) for x in attack.point]}
