"""What C libraries print stays off standard output and standard error, whatever the verb.

The processes here run beside a noisy library: it prints on the file descriptors 1 and 2 in each
worker from its start on, in the program when it ends, and once into a buffer of the C
library, which is written last of all.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from polyrelax.cli import main
from tests.cli.conftest import TENT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="C prints otherwise there")

NOISE = r"""
import atexit, ctypes, os, sys

def make_noise():
    for descriptor in (1, 2):
        os.write(descriptor, b"noise\n")
    ctypes.CDLL(None).puts(b"noise")

atexit.register(make_noise)
if "--multiprocessing-fork" in sys.orig_argv:  # a worker
    make_noise()
"""

SPACE = ("--shape", "1-2-1", "--loose", "ibp", "--weights=-1..1")
POINTS = {"format": "polyrelax-dataset/1", "points": [["0"], ["1"]], "labels": [0, 1]}
VERBS = {
    "audit bounds": ("tent.json", "claims.txt"),
    "audit rows": ("segment.json", "rows.txt"),
    "audit verdicts": ("verdicts.json",),
    "audit witness": ("witnesses.json",),
    "bounds": ("tent.json", "-r", "triangle", "-r", "krelu:2", "-r", "exact"),
    "check": ("certificate.json",),
    "compare": ("tent.json", "-r", "p:1", "-r", "triangle"),
    "export": ("tent.json", "--to", "json"),
    "hull": ("simplex.json", "--relu"),
    "lipschitz": ("--dataset", "points.json"),
    "radius": ("classes.json", "--images", "images.npy"),
    "regions": ("tent.json", "--list"),
    "report": ("tent.json", "-r", "triangle", "--certificates"),
    "reproduce": ("p0-hat-chain",),
    "shrink": ("tent.json",),
    "verify": ("classes.json", "--greater", "Y_0", "--center", "1", "--epsilon", "1/2"),
    "search export": ("search.sqlite",),
    "search incompleteness": SPACE,
    "search inexpressibility": ("--shape", "1-2-1", "--relaxations", "dp0"),
    "search propose": ("--shape", "1-2-2-1", "--tries", "3", "-j", "2"),
    "search resume": ("search.sqlite",),
    "search status": ("search.sqlite",),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that the verbs read, and a library that makes noise."""
    folder = tmp_path_factory.mktemp("streams")
    (folder / "tent.json").write_text(json.dumps(TENT))
    units = [[str(int(i == j)) for i in range(5)] for j in range(5)]
    (folder / "simplex.json").write_text(json.dumps({"vertices": [["0"] * 5, *units]}))
    classes = {"layers": [{"affine": {"weight": [["1"], ["-1"]], "bias": ["0", "0"]}}]}
    (folder / "classes.json").write_text(json.dumps({"format": TENT["format"], **classes}))
    np.save(folder / "images.npy", np.array([[0.5]]))
    (folder / "points.json").write_text(json.dumps(POINTS))
    report = folder / "report.json"
    search = ("search", "incompleteness", *SPACE, "--format", "json", "-o", str(report))
    assert main([*search, "--store", str(folder / "search.sqlite")]) == 0
    witness = json.loads(report.read_text())["witnesses"][0]
    (folder / "certificate.json").write_text(json.dumps(witness["certificate"]))
    (folder / "property.vnnlib").write_text("(declare-const X_0 Real) (assert (<= 0 X_0 1))")
    files = {"tool": "hand", "network": "tent.json", "property": "property.vnnlib"}
    claims = {"witnesses": [{**files, "inputs": [["1/2"]]}]}
    (folder / "witnesses.json").write_text(json.dumps(claims))
    (folder / "claims.txt").write_text("0 2")
    (folder / "segment.json").write_text('{"lower": ["-1"], "upper": ["1"]}')
    (folder / "rows.txt").write_text("0 0 1")
    verdict = {"network": "tent.json", "property": "property.vnnlib", "verdict": "violated"}
    (folder / "verdicts.json").write_text(json.dumps([verdict]))
    (folder / "noise").mkdir()
    (folder / "noise/sitecustomize.py").write_text(NOISE)
    return folder


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    paths = [str(folder / "noise"), *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.run(
        [sys.executable, "-m", "polyrelax", *arguments],
        capture_output=True,
        check=False,
        cwd=folder,
        env={**os.environ, "COLUMNS": "200", "PYTHONPATH": os.pathsep.join(paths)},
        text=True,
    )


def _verbs(folder: Path, *group: str) -> Iterator[str]:
    """Yield the verbs that the help of the program or of a group of verbs lists."""
    listed = _run(folder, *group, "--help").stdout.partition("Commands:\n")[2]
    for verb in re.findall(r"^  (\w+)", listed, re.MULTILINE):
        if verb in {"audit", "search"} and not group:
            yield from _verbs(folder, verb)
        else:
            yield " ".join([*group, verb])


def _formats(folder: Path, verb: str) -> list[str]:
    found = re.search(r"--format [<\[](\S+)[>\]]", _run(folder, *verb.split(), "--help").stdout)
    return found[1].split("|") if found else []


def test_every_verb_is_tried(folder: Path) -> None:
    assert sorted(_verbs(folder)) == sorted(VERBS)


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_nothing_but_the_program_writes(folder: Path, verb: str) -> None:
    formats = _formats(folder, verb)
    assert ("json" in formats) == (verb not in {"export", "report"})
    options = [["--format", name] for name in formats] or [[]]
    for option in options:
        finished = _run(folder, *verb.split(), *VERBS[verb], *option)
        assert finished.returncode in (0, 1)
        assert all(line.startswith("polyrelax: ") for line in finished.stderr.splitlines())
        assert finished.stdout
        assert "noise" not in finished.stdout.split()
        if option == ["--format", "json"]:
            json.loads(finished.stdout)


def test_where_a_stream_is_closed_nothing_is_written_into_the_files_that_are_opened(
    folder: Path,
) -> None:
    command = f"{sys.executable} -m polyrelax hull simplex.json -o hull.txt >&- 2>&-"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(["noise", *sys.path])}
    subprocess.run(["sh", "-c", command], check=True, cwd=folder, env=environment)
    assert "noise" not in (folder / "hull.txt").read_text()
    assert "noise" not in (folder / "simplex.json").read_text()


def test_the_library_prints_nothing() -> None:
    """The last program is large enough for HiGHS."""
    program = """
import sys
from fractions import Fraction
from polyrelax import Polytope, propagate, relaxation
from polyrelax.lp import LinearProgram, Row, maximize
from polyrelax.networks.gallery import tent
for name in ("triangle", "krelu:2", "m:1", "p:1", "p:3", "exact"):
    propagate(tent(), Polytope.box([-1], [1]), relaxation(name))
one, size = Fraction(1), 20
rows = [Row(((j, one), (j + 1, one)), one) for j in range(size - 1)]
unit = LinearProgram((Fraction(0),) * size, (one,) * size, tuple(rows))
assert maximize(unit, tuple((j, one) for j in range(size))).value == size / 2
print("highspy" in sys.modules)
"""
    finished = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert (finished.stdout, finished.stderr) == (b"True\n", b"")
