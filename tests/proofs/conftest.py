"""The proofs under ``proofs/coq``, compiled once for all tests that need them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.proofs.coq import SOURCES, coqc, ordered_sources


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The proofs, compiled in the order of ``_CoqProject``."""
    directory = tmp_path_factory.mktemp("coq")
    for name in ordered_sources():
        (directory / name).parent.mkdir(exist_ok=True)
        shutil.copy(SOURCES / name, directory / name)
        result = coqc(directory, name)
        assert (name, result.returncode, result.stderr) == (name, 0, "")
    return directory


@pytest.fixture(scope="session")
def extracted(compiled: Path) -> Path:
    """The checker as a program: extracted from Coq, compiled by OCaml."""
    directory = compiled / "extracted"
    directory.mkdir()
    shutil.copy(SOURCES / "checker.ml", directory)
    shutil.copy(SOURCES / "Extraction.v", directory)
    for command in (
        ["coqc", "-q", "-Q", str(compiled), "Polyrelax", "Extraction.v"],
        [
            "ocamlopt",
            "-w",
            "-a",
            "extracted.mli",
            "extracted.ml",
            "checker.ml",
            "-o",
            "checker",
        ],
    ):
        subprocess.run(command, cwd=directory, check=True, timeout=120)
    return directory / "checker"
