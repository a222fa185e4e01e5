"""Interruptions at any moment: one line, status 130, no worker and no half of a file left."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest

from polyrelax.cli.terminal.process import Interruptions, interruptions_held
from tests.cli.processes import await_end, children

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs signals and /proc")

PROGRAM = [sys.executable, "-m", "polyrelax"]
LINE = "polyrelax: interrupted\n"


def _started(*arguments: str) -> "subprocess.Popen[str]":
    """Start the program as a terminal would: interruptions are not ignored."""
    return subprocess.Popen(
        [*PROGRAM, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=_heed,  # noqa: PLW1509 -- no threads here
    )


def _heed() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _await_program(process: "subprocess.Popen[str]") -> None:
    """Wait until the program has taken over the signals."""
    while _caught(process.pid) & 1 << (signal.SIGTERM - 1) == 0:
        assert process.poll() is None
        time.sleep(0.005)


def _caught(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1], 16) for line in lines if line.startswith("SigCgt"))


@pytest.fixture
def points(tmp_path: Path) -> Path:
    """Sixty points in dimension ten, which keep cddlib busy for more than a minute."""
    random = Random(0)
    rows = [
        " ".join(["1", *(str(random.randint(-99, 99)) for _ in range(10))]) for _ in "x" * 60
    ]
    path = tmp_path / "points.ext"
    path.write_text("\n".join(["V-representation", "begin", "60 11 integer", *rows, "end", ""]))
    return path


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("delay", [0.0, 0.05, 0.2, 0.6, 1.5])
def test_an_interruption_at_any_moment_is_one_line_and_status_130(
    points: Path, number: signal.Signals, delay: float
) -> None:
    process = _started("hull", str(points), "--engine", "cddlib", "-o", f"{points}.txt")
    _await_program(process)
    time.sleep(delay)
    workers = children(process)
    process.send_signal(number)
    stdout, stderr = process.communicate(timeout=30)
    assert (process.returncode, stdout, stderr) == (130, "", LINE)
    await_end(workers)
    assert sorted(path.name for path in points.parent.iterdir()) == ["points.ext"]


@pytest.mark.parametrize("pause", [0.0, 0.2, 0.7, 1.3])
def test_two_interruptions_are_one_line_and_status_130(points: Path, pause: float) -> None:
    process = _started("hull", str(points), "--engine", "cddlib")
    while len(children(process)) < 2:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)  # what a terminal does on Ctrl-C
    time.sleep(pause)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=30)
    assert (process.returncode, stdout, stderr) == (130, "", LINE)


SLOW = {
    "shrink": ("shrink", "net.json"),
    "inexpressibility": ("search", "inexpressibility", "--shape=1-2-2-1", "--weights=-2..2"),
    "the plane": ("search", "inexpressibility", "--plane"),
}


@pytest.mark.parametrize("verb", SLOW.values(), ids=SLOW.keys())
@pytest.mark.parametrize("delay", [0.1, 1.5])
@pytest.mark.parametrize("pause", [None, 0.3])
def test_verbs_that_work_in_the_programs_own_process_are_interrupted_too(
    verb: tuple[str, ...], delay: float, pause: float | None, tmp_path: Path
) -> None:
    net = tmp_path / "net.json"
    net.write_text(json.dumps(_deep(Random(1))))
    process = _started(*(str(net) if word == "net.json" else word for word in verb))
    _await_program(process)
    time.sleep(delay)
    process.send_signal(signal.SIGINT)
    if pause is not None:
        time.sleep(pause)
        process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=30)
    assert (process.returncode, stderr) == (130, LINE)


def _deep(random: Random) -> object:
    """A network of 13 neurons, which takes minutes to make simpler."""

    def affine(rows: int, columns: int) -> object:
        weight = [[random.randint(-5, 5) for _ in range(columns)] for _ in range(rows)]
        return {"affine": {"weight": weight, "bias": [random.randint(-3, 3) for _ in weight]}}

    layers = [affine(7, 3), "relu", affine(6, 7), "relu", affine(1, 6)]
    box = {"lower": [-1, -1, -1], "upper": [1, 1, 1]}
    return {"format": "polyrelax-network/1", "input": box, "layers": layers}


def test_an_interruption_that_the_shell_ignores_is_ignored(points: Path) -> None:
    process = subprocess.Popen(
        [*PROGRAM, "hull", str(points), "--engine", "cddlib"],
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),  # noqa: PLW1509
    )
    _await_program(process)
    process.send_signal(signal.SIGINT)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(1)
    process.terminate()
    assert (process.communicate()[1], process.returncode) == (LINE, 130)


SCRIPT = """
import sys, time
from polyrelax.cli.terminal import process
{setup}
sys.exit(process.run())
"""


@pytest.mark.parametrize(
    ("setup", "status", "stderr"),
    [
        # Lost in a destructor: repeated, and not one of Python's own lines.
        (
            "class Lost:\n"
            "    def __del__(self):\n"
            "        import os, signal; os.kill(os.getpid(), signal.SIGINT)\n"
            "        time.sleep(.1)\n"
            "def main(): lost = Lost(); del lost; time.sleep(60); return 0\n"
            "process.main = main",
            130,
            LINE,
        ),
        # Lost in a destructor, while the shell ignores the other signal.
        (
            "import os, signal\n"
            "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
            "class Lost:\n"
            "    def __del__(self):\n"
            "        os.kill(os.getpid(), signal.SIGTERM); time.sleep(.1)\n"
            "def main(): lost = Lost(); del lost; time.sleep(40); return 0\n"
            "process.main = main",
            130,
            LINE,
        ),
        # In code that is made of a text: Python would end by the signal itself.
        (
            "import os, signal\n"
            "def main():\n"
            "    try: exec('os.kill(os.getpid(), signal.SIGINT); time.sleep(60)')\n"
            "    except KeyboardInterrupt: sys.stderr.write(process.LINE); return 130\n"
            "process.main = main",
            130,
            LINE,
        ),
        # While all is printed and Python ends: nothing is left to interrupt.
        (
            "import atexit, os, signal\n"
            "atexit.register(lambda: os.kill(os.getpid(), signal.SIGINT))\n"
            "process.main = lambda: 0",
            0,
            "",
        ),
        # While it ends for an interruption, and again after more than a second.
        (
            "import atexit, os, signal\n"
            "def main():\n"
            "    try: os.kill(os.getpid(), signal.SIGINT); time.sleep(60)\n"
            "    except KeyboardInterrupt: time.sleep(1.2); os.kill(os.getpid(), 2)\n"
            "    time.sleep(60)\n"
            "process.main = main",
            130,
            LINE,
        ),
        # Twice at once: the first one's results are still printed.
        (
            "import os, signal\n"
            "def main():\n"
            "    try: os.kill(os.getpid(), signal.SIGINT); time.sleep(60)\n"
            "    except KeyboardInterrupt: os.kill(os.getpid(), signal.SIGINT)\n"
            "    sys.stderr.write('results\\n'); raise KeyboardInterrupt\n"
            "process.main = main",
            130,
            f"results\n{LINE}",
        ),
        # While a file appears: put off until it is there.
        (
            "import os, signal\n"
            "def main():\n"
            "    with process.interruptions_held():\n"
            "        os.kill(os.getpid(), signal.SIGINT); sys.stderr.write('whole\\n')\n"
            "    time.sleep(60)\n"
            "process.main = main",
            130,
            f"whole\n{LINE}",
        ),
    ],
)
def test_what_happens_at_moments_that_are_hard_to_meet(
    setup: str, status: int, stderr: str
) -> None:
    finished = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(setup=setup)],
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
        preexec_fn=_heed,
    )
    assert (finished.returncode, finished.stdout, finished.stderr) == (status, "", stderr)


def test_interruptions_are_put_off_where_nobody_took_them_over() -> None:
    with interruptions_held():
        handler = signal.getsignal(signal.SIGINT)
    assert not isinstance(handler, Interruptions)
