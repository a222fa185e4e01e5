"""The program as its own process: pipes, start-up, ONNX files of other makers."""

import json
import os
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from polyrelax.polytopes.polytope import Polytope
from tests.cli.conftest import Program
from tests.cli.processes import await_end, children

PROGRAM = [sys.executable, "-m", "polyrelax"]


def test_a_reader_that_leaves_is_no_reason_to_complain(tmp_path: Path) -> None:
    path = tmp_path / "cube.json"
    path.write_text('{"lower": ["0", "0"], "upper": ["1", "1"]}')
    command = [*PROGRAM, "hull", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 2, "1 is a verdict"


@pytest.mark.skipif(sys.platform == "win32", reason="a console is interrupted otherwise")
def test_a_hull_that_takes_long_is_ended_by_an_interruption(tmp_path: Path) -> None:
    process = _long_hull(tmp_path)
    os.killpg(process.pid, signal.SIGINT)  # what a terminal does on Ctrl-C
    stdout, stderr = process.communicate(timeout=10)
    assert (process.returncode, stdout, stderr) == (130, "", "polyrelax: interrupted\n")


@pytest.mark.skipif(sys.platform != "linux", reason="other kernels do not end orphans")
@pytest.mark.parametrize("ended", [signal.SIGTERM, signal.SIGKILL])
def test_no_worker_outlives_a_program_that_is_ended(tmp_path: Path, ended: int) -> None:
    process = _long_hull(tmp_path)
    workers = children(process)
    process.send_signal(ended)  # to the program alone
    process.communicate(timeout=10)
    assert process.returncode == (130 if ended == signal.SIGTERM else -ended)
    assert len(workers) == 2  # the worker, and what tidies up after it
    await_end(workers)


def _long_hull(tmp_path: Path) -> subprocess.Popen[str]:
    """Sixty points in dimension ten, which keep cddlib busy for more than a minute."""
    random = Random(0)
    rows = [
        " ".join(["1", *(str(random.randint(-99, 99)) for _ in range(10))]) for _ in "x" * 60
    ]
    path = tmp_path / "points.ext"
    text = ["V-representation", "begin", "60 11 integer", *rows, "end", ""]
    path.write_text("\n".join(text))
    process = subprocess.Popen(
        [*PROGRAM, "hull", str(path), "--engine", "cddlib"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    time.sleep(4)  # the engine is at work
    return process


def test_what_fails_in_a_process_of_its_own_fails_as_it_would_here(program: Program) -> None:
    half_line = (
        b"0 1 0 0 0 0\n0 0 1 0 0 0\n0 0 0 1 0 0\n0 0 0 0 1 0\n0 0 0 0 0 1\n1 -1 -1 -1 -1 0\n"
    )
    finished = program("hull", "-", stdin=half_line)
    assert (finished.status, finished.stdout) == (2, "")
    assert "expected a bounded set" in finished.stderr


def test_large_and_small_polytopes_are_described_alike(program: Program) -> None:
    for dim in (2, 3, 5):  # 2 and 4, 3 and 6, 5 and 10 dimensions without --relu and with it
        units = [[str(int(i == j)) for i in range(dim)] for j in range(dim)]
        simplex = json.dumps({"vertices": [["0"] * dim, *units]}).encode()
        data = program("hull", "-", "--format", "json", stdin=simplex).data
        assert (data["vertices"], data["facets"], data["equations"]) == (dim + 1, dim + 1, 0)
        graph = program("hull", "-", "--relu", "--format", "json", stdin=simplex).data
        found = (graph["vertices"], graph["facets"], graph["equations"])
        assert found == (dim + 1, dim + 1, dim)


@pytest.mark.parametrize(("dim", "begun"), [(2, []), (3, ["--relu"]), (5, ["", "--relu"])])
def test_a_graph_has_twice_the_dimension(
    program: Program, monkeypatch: pytest.MonkeyPatch, dim: int, begun: list[str]
) -> None:
    """Five dimensions or more are converted in a process of their own."""
    units = [[str(int(i == j)) for i in range(dim)] for j in range(dim)]
    simplex = json.dumps({"vertices": [["0"] * dim, *units]}).encode()
    started: list[str] = []

    def refuse(_work: object, task: tuple[Polytope, bool], **_: object) -> None:
        started.append("--relu" if task[1] else "")
        raise KeyboardInterrupt

    monkeypatch.setattr("polyrelax.cli.terminal.worker.in_process", refuse)
    for option in ([], ["--relu"]):
        program("hull", "-", *option, stdin=simplex)
    assert started == begun


@pytest.mark.skipif(sys.platform != "linux", reason="children are found in /proc")
def test_a_relaxation_that_takes_long_is_ended_and_those_before_are_printed(
    tmp_path: Path,
) -> None:
    """p:1 of 6-9-9-1 needs hulls in nine dimensions, which take minutes."""
    path = tmp_path / "net.json"
    path.write_text(json.dumps(_random_network((6, 9, 9, 1))))
    options = [str(path), "-r", "ibp", "-r", "p:1", "--format", "json"]
    process = subprocess.Popen(
        [*PROGRAM, "bounds", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while len(children(process)) < 2:  # the worker, and what tidies up after it
        assert process.poll() is None
        time.sleep(0.1)
    time.sleep(2)
    os.killpg(process.pid, signal.SIGINT)
    stdout, stderr = process.communicate(timeout=10)
    assert process.returncode == 130
    announced, last = stderr.splitlines()
    assert announced.startswith("polyrelax: p:1 may take long, roughly ")
    assert last == "polyrelax: interrupted"
    data = json.loads(stdout)
    assert [result["relaxation"] for result in data["results"]] == ["ibp"]
    assert [each["relaxation"] for each in data["unfinished"]] == ["p:1"]
    assert data["stopped"] == "interrupted"


def _random_network(widths: tuple[int, ...]) -> dict[str, object]:
    random = Random(0)
    layers: list[object] = []
    for before, after in pairwise(widths):
        weight = [[str(random.randint(-9, 9)) for _ in range(before)] for _ in range(after)]
        layers += [{"affine": {"weight": weight, "bias": ["1"] * after}}, "relu"]
    box = {"lower": ["-1"] * widths[0], "upper": ["1"] * widths[0]}
    return {"format": "polyrelax-network/1", "input": box, "layers": layers[:-1]}


def test_help_loads_no_room_that_computes() -> None:
    script = (
        "import sys; from polyrelax.cli import main; main(['--help']);"
        "print(sorted(set(sys.modules) & {'numpy', 'highspy', 'flint', 'cdd', 'networkx',"
        " 'onnx', 'sympy', 'matplotlib', 'polyrelax.polytopes'}))"
    )
    finished = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert finished.stdout.endswith("\n[]\n")
    assert finished.stderr == ""
