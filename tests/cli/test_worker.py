"""Work in a process of its own: results, errors, what is told meanwhile, and the time."""

import os
import signal
import sys
import time
from concurrent.futures import BrokenExecutor
from pathlib import Path

import pytest

from polyrelax.cli.terminal.worker import (
    NEVER,
    Deadline,
    Tell,
    TimeUpError,
    here_if_quick,
    in_process,
)
from polyrelax.errors import TooLargeError


def square(number: int, tell: Tell) -> int:
    for done in range(number):
        tell(done)
    return number * number


def refuse(text: str, _tell: Tell) -> None:
    raise TooLargeError(text)


def die(status: int, _tell: Tell) -> None:
    os._exit(status)


def sleep(seconds: float, tell: Tell) -> None:
    tell(os.getpid())
    time.sleep(seconds)


def lock(_: int, _tell: Tell) -> object:
    return (number for number in range(3))  # which cannot be sent


def place(_: int, _tell: Tell) -> int:
    return os.getpid()


def test_work_is_done_here_if_it_is_quick_and_its_time_is_not_limited() -> None:
    here = os.getpid()
    assert here_if_quick(place, 0, quick=True) == here
    assert here_if_quick(place, 0, quick=False) != here
    assert here_if_quick(place, 0, quick=True, until=Deadline.after(100)) != here


def test_what_is_told_arrives_before_the_result() -> None:
    told: list[object] = []
    assert in_process(square, 3, told=told.append) == 9
    assert told == [0, 1, 2]


def test_what_the_work_raises_is_raised_here() -> None:
    with pytest.raises(TooLargeError, match="found 9, expected 8"):
        in_process(refuse, "found 9, expected 8")


def test_a_worker_that_dies_is_an_error_and_not_silence() -> None:
    with pytest.raises(BrokenExecutor):
        in_process(die, 3)


def test_a_result_that_cannot_travel_is_an_error_of_ours() -> None:
    with pytest.raises(TypeError, match="generator"):
        in_process(lock, 0)


def test_at_the_deadline_the_work_is_ended() -> None:
    told: list[object] = []
    start = time.monotonic()
    while not told:  # until the process had the time to start
        with pytest.raises(TimeUpError):
            in_process(sleep, 600.0, told=told.append, until=Deadline.after(5))
    assert time.monotonic() - start < 300
    with pytest.raises(ProcessLookupError):
        os.kill(int(str(told[0])), 0)


def test_without_a_deadline_there_is_no_end_of_the_time() -> None:
    assert NEVER.left() is None
    left = Deadline.after(100).left()
    assert left is not None
    assert 90 < left <= 100
    assert Deadline.after(-1).left() == 0


@pytest.mark.skipif(sys.platform != "linux", reason="signals are read in /proc")
def test_workers_do_not_heed_the_interruptions_of_a_terminal() -> None:
    for _ in range(2):  # the first one starts more than itself
        blocked = in_process(blocked_signals, 0)
        assert blocked & 1 << (signal.SIGINT - 1)


def blocked_signals(_: int, _tell: Tell) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1], 16) for line in lines if line.startswith("SigBlk"))
