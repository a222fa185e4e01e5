"""The sets of inputs that options name: a box, those in a file, a ball in the max norm."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import Vector, rational
from polyrelax.arithmetic.words import amount
from polyrelax.cli.requests.request import Inputs
from polyrelax.cli.requests.sets import Sets, read_sets
from polyrelax.cli.terminal.naming import naming, option_value
from polyrelax.errors import DimensionError, EmptySetError, PolyrelaxError, UsageError
from polyrelax.polytopes.polytope import Polytope

_WAYS: Final = {
    "a box": ("lower", "upper"),
    "--input": ("input",),
    "a ball": ("center", "epsilon", "clip", "image"),
}
_COUNTS: Final = {1: "one number", 2: "two numbers"}
_TOGETHER: Final = {
    "lower": "upper",
    "upper": "lower",
    "center": "epsilon",
    "epsilon": "center",
    "clip": "center",
    "image": "center",
}


def named_sets(inputs: Inputs, dim: int) -> Sets:
    """Return the sets of ``dim`` inputs that options name, none if they name none.

    >>> named_sets(Inputs(center="1,1/2", epsilon="1", clip="0,1"), 2).polytopes
    (Polytope.box(['0', '0'], ['1', '1']),)
    """
    _require_one_way(inputs)
    if inputs.input_set is not None:
        with naming(str(inputs.input_set)):
            return read_sets(inputs.input_set)
    if inputs.lower is not None and inputs.upper is not None:
        return Sets((_box(inputs.lower, inputs.upper, dim),))
    if inputs.center is not None and inputs.epsilon is not None:
        return Sets((_ball(inputs, inputs.center, inputs.epsilon, dim),))
    return Sets()


def _require_one_way(inputs: Inputs) -> None:
    """Refuse options that name a set in two ways, or in half of one."""
    ways = [way for way, names in _WAYS.items() if set(names) & set(inputs.given)]
    if len(ways) > 1:
        raise UsageError(f"found {' and '.join(ways)}, expected one of them")
    for name in inputs.given:
        missing = _TOGETHER.get(name, name)
        if missing not in inputs.given:
            raise UsageError(f"found --{name} without --{missing}, expected both")


def _box(lower: str, upper: str, dim: int) -> Polytope:
    low, high = _ends("--lower", lower, dim), _ends("--upper", upper, dim)
    for j, (start, end) in enumerate(zip(low, high, strict=True)):
        if start > end:
            raise EmptySetError(f"found --lower {start} > --upper {end} at input {j}")
    return Polytope.box(low, high)


def _ball(inputs: Inputs, center: str, epsilon: str, dim: int) -> Polytope:
    """Return the inputs that differ from a center by at most epsilon, within the clip."""
    radius = _exactly(1, "--epsilon", epsilon)[0]
    if radius < 0:
        raise UsageError(f"found --epsilon {radius}, expected at least 0")
    middle = _center(center, inputs.image, dim)
    ball = Polytope.around(middle, radius)
    if inputs.clip is None:
        return ball
    clip = clip_interval(inputs.clip)
    for j, ends in enumerate(ball.bounds):
        if max(ends.lower, clip.lower) > min(ends.upper, clip.upper):
            raise EmptySetError(
                f"found {ends} around input {j}, expected part of --clip {clip}"
            )
    return Polytope.around(middle, radius, clip=clip)


def clip_interval(content: str) -> Interval:
    """Return the interval that ``--clip`` names.

    >>> str(clip_interval("0,1"))
    '[0, 1]'
    """
    lower, upper = _exactly(2, "--clip", content)
    if lower > upper:
        raise EmptySetError(f"found --clip {content}, expected the lower end first")
    return Interval(lower, upper)


def _center(center: str, image: int | None, dim: int) -> Vector:
    """Return the point that a file holds or a list of numbers is."""
    if _is_list(center):
        if image is not None:
            raise UsageError(f"found --image {image} without a file of images")
        return _ends("--center", center, dim)
    from polyrelax.interop import points  # noqa: PLC0415 -- NumPy, which lists do not need

    with naming(center):
        found = points.read(center, dim)
        if image is None and found.count != 1:
            raise UsageError(
                f"found {amount(found.count, 'point')}, expected --image 0 to {found.count - 1}"
            )
        index = image or 0
        if not 0 <= index < found.count:
            raise UsageError(f"found --image {index}, expected 0 to {found.count - 1}")
        return found.point(index)


def _is_list(center: str) -> bool:
    """Whether a center is meant as numbers, not as the name of a file."""
    return _is_number(center) or ("," in center and not Path(center).exists())


def _is_number(text: str) -> bool:
    try:
        rational(text)
    except PolyrelaxError:
        return False
    return True


def _ends(option: str, content: str, dim: int) -> Vector:
    """Return the numbers of an option, one for each of ``dim`` inputs or for all of them."""
    numbers = option_value(option, _numbers, content)
    if len(numbers) == 1:
        return numbers * dim
    if len(numbers) != dim:
        raise DimensionError(
            f"{option}: found {amount(len(numbers), 'number')}, the network reads "
            f"{amount(dim, 'value')}"
        )
    return numbers


def _numbers(content: str) -> Vector:
    return tuple(rational(part) for part in content.split(","))


def _exactly(count: int, option: str, content: str) -> Vector:
    numbers = option_value(option, _numbers, content)
    if len(numbers) != count:
        raise UsageError(f"{option}: found {content!r}, expected {_COUNTS[count]}")
    return numbers
