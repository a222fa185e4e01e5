"""How the tests run Coq on the proofs under ``proofs/coq``."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import pytest

from translator import generate
from translator.stated import Claim

SOURCES = Path(__file__).parents[2] / "proofs" / "coq"
PROOFS = SOURCES.parent
PRIMITIVES = {f"PrimInt63.{name}" for name in ("int", "sub", "lsr", "land", "eqb")} | {
    f"PArray.{name}" for name in ("array", "get", "length")
}
TRANSLATOR = [sys.executable, "-S", "-m", "translator"]  # -S: the standard library alone
VERDICTS = """
From Coq Require Import List ZArith Uint63 PArray.
From Polyrelax Require Import Stream NodeStream.
Definition verdict (a : array int) : bool := check_document (read_document (contents a)).
"""
CLOSED = "Closed under the global context"

needs_coq = pytest.mark.skipif(
    shutil.which("coqc") is None, reason="the proofs need coqc (Debian: coq libcoq-stdlib)"
)

needs_ocaml = pytest.mark.skipif(
    shutil.which("ocamlopt") is None,
    reason="the extracted checker needs ocamlopt (Debian: ocaml)",
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


def document(name: str) -> dict[str, Any]:
    """Return a certificate, by its path or by the folder of its claim and its name."""
    path = Path(name) if Path(name).is_absolute() else next(PROOFS.glob(f"*/{name}"))
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


Kind = TypeVar("Kind", bound=Claim)


def only_claim(found: dict[str, Any], kind: type[Kind]) -> Kind:
    """Return the only claim of a certificate, which is of a kind."""
    _, [claim], _ = generate.certified(found, "")
    assert isinstance(claim, kind)
    return claim


def verdicts(cases: Sequence[tuple[dict[str, Any], Any, bool]]) -> str:
    """Return goals: whether a certificate's nodes prove one claim, as it is or altered."""
    goals = []
    for found, claim, expected in cases:
        writer, _, _ = generate.certified(found, "")
        numbers = generate.written(found, [claim], writer)
        word = str(expected).lower()
        goals.append(
            f"Goal verdict [| {'; '.join(map(str, numbers))} | 0 |]%uint63 = {word}.\n"
            f"Proof. vm_cast_no_check (eq_refl {word}). Qed.\n"
        )
    return VERDICTS + "".join(goals)


def run_checker(program: Path, numbers: Sequence[int]) -> tuple[str, int]:
    """Return what the extracted checker says of a stream, and its exit status."""
    result = subprocess.run(
        [program],
        input=" ".join(map(str, numbers)),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return result.stdout.strip(), result.returncode
