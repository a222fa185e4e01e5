"""The program, run in this process."""

import io
import json
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

import pytest

from polyrelax.cli import main
from polyrelax.cli.terminal.worker import Done, Tell, Worker

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # In the background of a script; programs that are started here would ignore it too.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@dataclass(frozen=True)
class Finished:
    """What a run of the program leaves behind."""

    status: int
    stdout: str
    stderr: str

    @property
    def data(self) -> Any:  # noqa: ANN401 -- JSON
        return json.loads(self.stdout)


Program = Callable[..., Finished]


@pytest.fixture
def program(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Program:
    def run(*arguments: object, stdin: bytes = b"") -> Finished:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
        status = main([str(argument) for argument in arguments])
        return Finished(status, *capfd.readouterr())

    return run


TimeIsUp = Callable[..., None]


@pytest.fixture
def time_is_up(monkeypatch: pytest.MonkeyPatch) -> TimeIsUp:
    """Have the time be up once workers have told so many things of a kind, or have results.

    No clock has a part in it, so that a slow machine changes nothing.
    """

    def after(count: int, kind: type = object) -> None:
        left = count
        receive = Worker[object, object].receive

        def heard(worker: Worker[object, object], told: Tell) -> Done[object] | None:
            def counted(message: object) -> None:
                nonlocal left
                left -= isinstance(message, kind)
                told(message)

            nonlocal left
            result = receive(worker, counted)
            left -= result is not None and isinstance(result, kind)
            return result

        def waited(connections: Sequence[Connection], _: float | None) -> Sequence[object]:
            return wait(connections) if left > 0 else []

        monkeypatch.setattr(Worker, "receive", heard)
        monkeypatch.setattr("polyrelax.cli.terminal.worker.wait", waited)

    return after


TENT = {
    "format": "polyrelax-network/1",
    "input": {"lower": ["-1"], "upper": ["1"]},
    "layers": [
        {"affine": {"weight": [["1"], ["-1"]], "bias": ["0", "0"]}},
        "relu",
        {"affine": {"weight": [["-2", "0"], ["0", "-2"]], "bias": ["1", "1"]}},
        "relu",
        {"affine": {"weight": [["1", "1"]], "bias": ["0"]}},
    ],
}


@pytest.fixture
def tent(tmp_path: Path) -> Path:
    """The tent network of arXiv 2410.06816: on [-1, 1] it takes the values [1, 2]."""
    path = tmp_path / "tent.json"
    path.write_text(json.dumps(TENT))
    return path
