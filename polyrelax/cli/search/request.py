"""What the verb ``search`` reads from its options."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import Vector, rational
from polyrelax.cli.terminal.naming import option_value
from polyrelax.errors import UsageError
from polyrelax.relaxations.names import relaxation
from polyrelax.search.candidates import Space
from polyrelax.search.proposals import Method, Proposals, Trial
from polyrelax.search.question import Question, Side

MOST_VALUES: Final = 1000


def read_question(  # noqa: PLR0913 -- as many as there are options
    shape: str,
    weights: str,
    *,
    loose: str,
    tight: str,
    side: str,
    outputs: str | None,
    box: str,
    min_gap: str,
    identities: int = 0,
) -> Question:
    """Return the question that the options ask."""
    widths = tuple(option_value("--shape", _width, part) for part in shape.split("-"))
    values = option_value("--weights", numbers, weights)
    chosen = (
        tuple(filter(None, values))
        if outputs is None
        else option_value("--outputs", numbers, outputs)
    )
    space = Space(widths, values, chosen, _box(box, widths[0]), identities=identities)
    gap = option_value("--min-gap", rational, min_gap)
    return Question(space, loose, tight, option_value("--side", read_side, side), gap)


def read_trial(  # noqa: PLR0913 -- as many as there are options
    shape: str,
    method: str,
    seed: int,
    *,
    bound: str,
    denominator: int,
    loose: str,
    tight: str,
    side: str,
    box: str,
) -> Trial:
    """Return the proposals that the options ask for, and what is compared on them."""
    if method not in list(Method):
        raise UsageError(f"--method: found {method!r}, expected one of {', '.join(Method)}")
    proposals = Proposals(
        widths := tuple(option_value("--shape", _width, part) for part in shape.split("-")),
        _box(box, widths[0]),
        seed,
        option_value("--bound", rational, bound),
        denominator,
        Method(method),
        option_value("--side", read_side, side),
    )
    relaxation(loose), relaxation(tight)
    return Trial(proposals, loose, tight)


def _box(given: str, dim: int) -> tuple[Interval, ...]:
    ends = [option_value("--box", _interval, part) for part in given.split(",")]
    return tuple(ends * dim if len(ends) == 1 else ends)


def numbers(given: str) -> Vector:
    """Return the numbers of a range ``A..B`` or a list ``A,B,..``.

    >>> [str(value) for value in numbers("-1..1")], [str(value) for value in numbers("1/2,2")]
    (['-1', '0', '1'], ['1/2', '2'])
    """
    if ".." not in given:
        return tuple(rational(part) for part in given.split(","))
    lower, upper = _interval(given)
    if lower.denominator != 1 or upper.denominator != 1:
        raise UsageError(f"found {given!r}, expected integers; write a list for other numbers")
    if upper - lower >= MOST_VALUES:
        raise UsageError(f"found {given!r}, expected at most {MOST_VALUES} numbers")
    return tuple(map(Fraction, range(int(lower), int(upper) + 1)))


def _interval(given: str) -> Interval:
    lower, dots, upper = given.partition("..")
    if not dots or rational(lower) > rational(upper):
        raise UsageError(f"found {given!r}, expected A..B with A <= B")
    return Interval(rational(lower), rational(upper))


def _width(given: str) -> int:
    if not given.isascii() or not given.isdecimal() or len(given) > 3:
        raise UsageError(f"found {given!r}, expected widths such as 1-2-2-1")
    return int(given)


def read_side(given: str) -> Side:
    """Return the side of a name."""
    if given not in list(Side):
        raise UsageError(f"found {given!r}, expected one of {', '.join(Side)}")
    return Side(given)
