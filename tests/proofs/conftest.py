"""The proofs under ``proofs/coq``, compiled once for all tests that need them."""

from __future__ import annotations

import shutil
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
