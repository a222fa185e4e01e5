"""How the tests run Coq on the proofs under ``proofs/coq``."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[2] / "proofs" / "coq"
PRIMITIVES = {f"PrimInt63.{name}" for name in ("int", "sub", "lsr", "land", "eqb")} | {
    f"PArray.{name}" for name in ("array", "get", "length")
}
CLOSED = "Closed under the global context"

needs_coq = pytest.mark.skipif(
    shutil.which("coqc") is None, reason="the proofs need coqc (Debian: coq libcoq-stdlib)"
)


def coqc(directory: Path, name: str) -> subprocess.CompletedProcess[str]:
    command = ["coqc", "-q", "-Q", str(directory), "Polyrelax", str(directory / name)]
    # Coq leaves caches of its tactics where it runs.
    return subprocess.run(
        command, cwd=directory, capture_output=True, text=True, timeout=300, check=False
    )


def compile_text(directory: Path, name: str, text: str) -> subprocess.CompletedProcess[str]:
    (directory / name).write_text(text, encoding="utf-8")
    return coqc(directory, name)


def ordered_sources() -> list[str]:
    lines = (SOURCES / "_CoqProject").read_text(encoding="utf-8").split("\n")
    return [line for line in lines if line.endswith(".v")]
