"""Wrong arguments are answered by polyrelax's own errors, not by what breaks inside.

Each public function, constructor and method is called with right arguments, those of its
example (:mod:`tests.architecture.examples`), of which one after the other is replaced by
something wrong.  An answer is no fault: some of these are right for some arguments.  What is
not walked is listed in :mod:`tests.architecture.excepted`, with the reason.
"""

from __future__ import annotations

import inspect
import operator
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from itertools import islice
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pytest
from hypothesis.strategies import SearchStrategy

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.linalg import Matrix
from polyrelax.certificates.check import UnreadableError, check
from polyrelax.errors import ArgumentError, DimensionError, PolyrelaxError, TooLargeError
from polyrelax.networks import layers
from polyrelax.networks.gallery import tent
from polyrelax.networks.layers import Affine, Identity, Neurons, ReLU
from polyrelax.networks.neurons.maximum import Maximum
from polyrelax.polytopes.polytope import Polytope
from tests.architecture import further
from tests.architecture.examples import Public, examples_of, modules, publics, run
from tests.architecture.excepted import DOORS, EXCEPTED, INSIDE, ONCE
from tests.architecture.recording import Call, recording

pytestmark = pytest.mark.xdist_group("arguments")  # one worker keeps the calls

LONG = 10**5000
WRONG = (
    None, "text", 0.5, float("nan"), -1, (), [1, 2, 3], object(), {1: 2},
    [None], [0.5], LONG, -LONG, Fraction(LONG, 3), (LONG,), ((0, Fraction(LONG)),), "1" * 5000,
    "two\nlines",
    "\0", "\ud800", bool, np.array([0.5, 1]),
)  # fmt: skip
LONGEST = 2000
AGAIN = (0, 7)
"""None and any object are wrong in all calls."""
SEGMENT = Polytope.box([-1], [1])
OPERATORS = (operator.add, operator.and_, operator.le, operator.matmul, operator.mul)


def is_excepted(public: Public) -> bool:
    """Whether something public is not walked."""
    if public.module.startswith(tuple(INSIDE)):
        return public.module not in DOORS
    return any(f"{public.name}.".startswith(f"{prefix}.") for prefix in EXCEPTED)


@cache
def walked() -> dict[str, Public]:
    """Return what is walked, by name: what has arguments that could be wrong."""
    known = (public for module in modules() for public in publics(module) if public.asks)
    return {public.name: public for public in known if not is_excepted(public)}


@cache
def names() -> tuple[str, ...]:
    """Return the names of modules and of what is public in them."""
    return (*modules(), *(each.name for module in modules() for each in publics(module)))


@cache
def right() -> Mapping[str, list[Call]]:
    """Return right calls of each."""
    slow = ("cli", "polytopes.engines.fast", "strategies", "certificates.check")
    examples = [
        each for name in modules() if not name.startswith(slow) for each in examples_of(name)
    ]
    with recording(walked().values()) as calls:
        further.further(Path(mkdtemp()))
        run(examples)
    return {name: sorted(filter(_lasts, each), key=_comes_last) for name, each in calls.items()}


def _lasts(call: Call) -> bool:
    """Whether a call is right for longer than its example, which may have had a folder."""
    paths = [value for value in call.arguments.values() if isinstance(value, Path)]
    return all(path.parent.exists() for path in paths)


def _comes_last(call: Call) -> bool:
    return call.is_refused


def faults(calls: Iterable[Call]) -> Iterator[tuple[str, str]]:
    """Yield the parameters, and what is wrong with the answers to wrong arguments.

    What one call refuses, the next are not asked again.
    """
    refused: set[tuple[str, int]] = set()
    for call in calls:
        for name, value in call.arguments.items():
            for number, wrong in enumerate((*WRONG, iter([1]), *spoilt(value))):
                if (name, number) in refused and number not in AGAIN:
                    continue
                try:
                    answered(call.target, {**call.arguments, name: wrong})
                except (PolyrelaxError, OSError) as error:
                    if not call.is_refused:
                        refused.add((name, number))
                    if fault := message_fault(str(error)):
                        yield (
                            name,
                            f"{type(wrong).__name__} {number}: {fault}: {str(error)[:300]}",
                        )
                except Exception as error:
                    yield name, f"{type(wrong).__name__} {number}: {error!r:.300}"


def message_fault(message: str) -> str | None:
    """Return what is wrong with the message of an error."""
    if "\n" in message:
        return "several lines"
    if len(message) > LONGEST:
        return f"{len(message)} characters"
    return "an address" if "object at 0x" in message else None


def spoilt(value: object) -> tuple[object, ...]:
    """Return what resembles a right value: longer numbers, fewer, and in another order."""
    match value:
        case tuple() | list():
            return (lengthened(value), value[1:], value[::-1], (*value, None))
        case int() | Fraction() if not isinstance(value, bool):
            return (lengthened(value), -value, 0)
        case _:
            return ()


def lengthened(value: object) -> object:
    """Return a value with numbers of 5,000 digits."""
    match value:
        case tuple() if type(value) is tuple:
            return tuple(map(lengthened, value))
        case list():
            return [lengthened(part) for part in value]
        case Fraction():
            return value + Fraction(LONG, 7)
        case _:
            return value


def answered(thing: Callable[..., object], given: Mapping[str, object]) -> None:
    """Call a function, and begin what it puts off; several arguments may be one wrong thing."""
    signature = inspect.signature(thing)
    several = {
        name
        for name, parameter in signature.parameters.items()
        if parameter.kind is parameter.VAR_POSITIONAL
    }
    ordered = {
        name: (value,) if name in several and type(value) is not tuple else value
        for name, value in given.items()
    }
    bound = inspect.BoundArguments(signature, OrderedDict(ordered))
    answer = thing(*bound.args, **bound.kwargs)
    if isinstance(answer, Iterator):
        list(islice(answer, 3))
    if isinstance(answer, SearchStrategy):
        answer.validate()


def test_everything_public_is_walked_or_excepted() -> None:
    found = right()
    assert [name for name in walked() if all(call.is_refused for call in found[name])] == []


@pytest.mark.parametrize("prefix", [*EXCEPTED, *INSIDE, *DOORS])
def test_every_exception_is_there(prefix: str) -> None:
    assert any(name.startswith(prefix) for name in names())


@pytest.mark.parametrize("name", walked())
def test_wrong_arguments_are_refused_in_own_words(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = right()[name]
    monkeypatch.chdir(tmp_path)  # a text is a right path, which is written
    if name not in ONCE:
        for call in calls:
            if not call.is_refused:
                answered(call.target, call.arguments)
    assert list(faults(calls)) == []


def test_a_function_that_breaks_inside_is_noticed() -> None:
    def careless(width: int) -> int:
        return width + 1

    found = {fault.partition("(")[0] for _, fault in faults([Call(careless, {"width": 1})])}
    assert "NoneType 0: TypeError" in found


@pytest.mark.parametrize("message", ["one\ntwo", "x" * 2001, "found <object object at 0x7f>"])
def test_messages_that_nobody_reads_are_noticed(message: str) -> None:
    def wordy(width: int) -> None:
        raise ArgumentError(message if width is None else "found no width")

    assert [name for name, _ in faults([Call(wordy, {"width": 1})])] == ["width"]


def test_the_right_calls_are_those_that_differ_and_do_not_fail() -> None:
    public = walked()["networks.layers.Identity"]
    with recording([public]) as calls:
        with pytest.raises(DimensionError):
            layers.Identity(-1)
        layers.Identity(3)
        layers.Identity(4)
        layers.Identity(True)
    assert calls[public.name] == [Call(Identity, {"width": 3}), Call(Identity, {"width": True})]


def is_known_to(apply: Callable[[object, object], object], operand: object) -> bool:
    """Whether polytopes are multiplied by such a number, or moved by such a vector."""
    numbers, vectors = (int, Fraction), (tuple, list)
    return isinstance(operand, {operator.mul: numbers, operator.add: vectors}.get(apply, ()))


@pytest.mark.parametrize("apply", [operator.add, operator.sub], ids=["sum", "difference"])
def test_a_polytope_is_moved_by_points_of_its_space_alone(
    apply: Callable[[object, object], object],
) -> None:
    for wrong in ((), [1, 2, 3], [None], [0.5], np.array([0.5]), ((0, Fraction(LONG)),)):
        with pytest.raises(PolyrelaxError):
            apply(SEGMENT, wrong)


@pytest.mark.parametrize("value", [SEGMENT, tent()], ids=["polytope", "network"])
@pytest.mark.parametrize("apply", OPERATORS, ids=lambda apply: apply.__name__)
def test_operators_leave_other_kinds_to_python(
    value: object, apply: Callable[[object, object], object]
) -> None:
    for wrong in (*WRONG, iter([1])):
        if isinstance(wrong, np.ndarray):  # NumPy answers for its arrays
            continue
        if isinstance(value, Polytope) and is_known_to(apply, wrong):
            continue
        with pytest.raises(
            TypeError, match=r"unsupported operand|not supported between|can't multiply"
        ):
            apply(value, wrong)


def test_networks_read_exact_numbers_of_every_kind_and_no_floats() -> None:
    assert tent()([0]) == tent()(["0"]) == (2,)
    for wrong in ([0.5], ["text"], [], [1, 2], None):
        with pytest.raises(PolyrelaxError):
            tent()(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("rows", [[[1, 2]], [[(0, 0.5)]], [[(0.5, 1)]], [[(2, 1)]], [3]])
def test_an_affine_map_of_wrong_rows_is_refused(rows: object) -> None:
    with pytest.raises(PolyrelaxError):
        Affine(rows, [0], 2)  # type: ignore[arg-type]


def test_the_rows_of_an_affine_map_may_hold_any_exact_numbers() -> None:
    assert Affine([[(1, "1/2")], ()], [1, 0], 2) == Affine.dense([[0, "1/2"], [0, 0]], [1, 0])


@pytest.mark.parametrize("make", [ReLU, Identity])
def test_a_layer_has_no_negative_width(make: Callable[[int], object]) -> None:
    with pytest.raises(DimensionError, match="found the width -1, expected at least 0"):
        make(-1)


SIZED: Mapping[str, Callable[[int], object]] = {
    "identity": Identity, "relu": ReLU, "matrix": Matrix.identity,
    "affine": lambda size: Affine([()], [0], size),
    "rows": lambda size: Matrix.from_sparse_rows([()] * 20, size),
    "box": lambda size: Neurons(size, ((Maximum(1), (0,)),)),
}  # fmt: skip


@pytest.mark.parametrize("make", SIZED.values(), ids=SIZED)
def test_sizes_that_no_memory_holds_are_refused(make: Callable[[int], object]) -> None:
    with pytest.raises(DimensionError):
        make(-1)
    for size in (10**12, 10**5000):
        with pytest.raises(TooLargeError, match=r"expected (at most|a .* within 18 digits)"):
            make(size)


def test_intervals_have_exact_ends() -> None:
    assert Interval("1/2", 2) == (Fraction(1, 2), Fraction(2))
    assert {type(end) for end in Interval(0, True)} == {Fraction}
    for ends in ((0.5, 2), (0, float("inf")), (None, 1), (1, "text")):
        with pytest.raises(PolyrelaxError):
            Interval(*ends)


@pytest.mark.parametrize("wrong", [None, 3, {}, ["1"]])
def test_a_certificate_that_is_not_text_is_rejected(wrong: object) -> None:
    with pytest.raises(UnreadableError, match="expected a text"):
        check(wrong)  # type: ignore[arg-type]
