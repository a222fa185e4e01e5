"""The proofs under ``proofs/coq``, compiled once for all tests that need them."""

from __future__ import annotations

import importlib
import shutil
import sys
from pathlib import Path
from types import ModuleType

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
def generate() -> ModuleType:
    """The program that writes theorems; its folder is on the path while it is imported."""
    sys.path.insert(0, str(SOURCES))
    module = importlib.import_module("generate")
    sys.path.remove(str(SOURCES))
    return module
