"""Surveys of encodings as values of JSON, and back: what a file claims is certified anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.rational import shown
from polyrelax.arithmetic.words import amount
from polyrelax.errors import FormatError
from polyrelax.expressivity.piecewise import Piecewise
from polyrelax.search.inexpressibility import Encoding, Inquiry, Survey, certified, kind_of

FORMAT: Final = "polyrelax-inexpressibility/1"


def numbers_of(_: Survey, found: Encoding) -> object:
    """Return an encoding as :func:`survey_from` reads it.

    >>> numbers_of(Survey.begin(Inquiry((), ("dp0",))), Encoding(7, 3, 5))
    [7, 3, 5]
    """
    require(found, Encoding)
    return [found.number, found.runs, found.polynomials]


def survey_data(
    survey: Survey, encoding: Callable[[Survey, Encoding], object] = numbers_of
) -> dict[str, object]:
    """Return a survey as values of JSON; :func:`survey_from` reads it with ``numbers_of``."""
    require(survey, Survey)
    return {
        "format": FORMAT,
        "inquiry": inquiry_data(survey.inquiry),
        "networks": survey.inquiry.size,
        "enumerated": survey.position,
        "exhaustive": survey.is_complete,
        "functions": [
            {
                "slopes": list(map(str, function.slopes)),
                "kinks": list(map(str, function.breaks)),
                "kind": str(kind_of(function)),
                "precise": {name: encoding(survey, e) for name, e in encodings.items()},
            }
            for function, encodings in survey.sorted_functions()
        ],
    }


def inquiry_data(inquiry: Inquiry) -> dict[str, object]:
    """Return what is asked, as values of JSON.

    >>> inquiry_data(Inquiry((), ("dp0",)))["relaxations"]
    ['dp0']
    """
    require(inquiry, Inquiry)
    return {
        "shapes": ["-".join(map(str, space.shape)) for space in inquiry.spaces],
        "weights": [list(map(str, space.values)) for space in inquiry.spaces],
        "outputs": [list(map(str, space.outputs)) for space in inquiry.spaces],
        "relaxations": list(inquiry.relaxations),
        "pieces": inquiry.most_pieces,
    }


def survey_from(inquiry: Inquiry, data: object) -> Survey:
    """Return the survey that :func:`survey_data` wrote, its encodings certified anew.

    Raises :class:`FormatError` for anything else.
    """
    require(inquiry, Inquiry)
    fields = _mapping(data)
    if fields.get("format") != FORMAT:
        raise FormatError(
            f"found the format {shown(fields.get('format'))}, expected {FORMAT!r}"
        )
    asked = _mapping(fields.get("inquiry"))
    for key, expected in inquiry_data(inquiry).items():
        if asked.get(key) != expected:
            raise FormatError(f"found other {key} than those asked for")
    position = _integer(fields.get("enumerated"))
    if position > inquiry.size:
        raise FormatError(
            f"found {amount(position, 'network')}, expected {inquiry.size} at most"
        )
    survey = Survey(inquiry, position, dict(map(_read, _list(fields.get("functions")))))
    for function, encodings in survey.functions.items():
        for name, found in encodings.items():
            _require(survey, function, name, found)
    return survey


def _require(survey: Survey, function: Piecewise, name: str, found: Encoding) -> None:
    """Refuse an encoding that is not the one the survey would have found."""
    if name not in survey.inquiry.relaxations or found.number >= survey.position:
        raise FormatError(
            f"found network {found.number} for {name}, expected one of the first "
            f"{survey.position} for {', '.join(survey.inquiry.relaxations)}"
        )
    network = survey.inquiry.network(found.number)
    if survey.class_of(network) != function:
        raise FormatError(
            f"found network {found.number}, which is {survey.class_of(network)}, "
            f"expected {function}"
        )
    if certified(network, name, found.number) != found:
        raise FormatError(f"found network {found.number}, which is not precise for {name}")


def _read(entry: object) -> tuple[Piecewise, dict[str, Encoding]]:
    fields = _mapping(entry)
    slopes, kinks = (list(map(str, _list(fields.get(key)))) for key in ("slopes", "kinks"))
    precise = _mapping(fields.get("precise"))
    found = {name: _encoding(numbers) for name, numbers in precise.items()}
    return Piecewise.of_slopes(slopes, kinks), found


def _encoding(given: object) -> Encoding:
    numbers = list(map(_integer, _list(given)))
    if len(numbers) != 3:
        raise FormatError(
            f"found {shown(given)}, expected a network, its runs and its polynomials"
        )
    return Encoding(*numbers)


def _mapping(given: object) -> Mapping[str, object]:
    if not isinstance(given, dict):
        raise FormatError(f"found {shown(given)}, expected an object")
    return given


def _list(given: object) -> list[object]:
    if not isinstance(given, list):
        raise FormatError(f"found {shown(given)}, expected a list")
    return given


def _integer(given: object) -> int:
    if type(given) is not int or given < 0:  # True is an int to Python
        raise FormatError(f"found {shown(given)}, expected an integer that is not negative")
    return given
