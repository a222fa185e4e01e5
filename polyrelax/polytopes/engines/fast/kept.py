"""Where compiled kernels are kept on disk, and what it takes to start them.

That is a folder of the user's own, where the system has such folders, never one of the package:
what pip has not written there it does not remove either.  numba renews a kept entry if the
entry's file changes, but not if a file changes whose kernels it calls, nor with another
version of what compiles it.  So entries are kept in a folder that is named after all these.
Nothing here imports numba.
"""

from __future__ import annotations

import hashlib
import os
import sys
from functools import cache
from pathlib import Path
from typing import Final

PREFIX: Final = "polyrelax-"

_HERE: Final = Path(__file__).parent


@cache
def engine_files() -> tuple[Path, ...]:
    """Return the files of the engine's kernels."""
    return (_HERE / "compiled.py",)


@cache
def folder(usual: str, files: tuple[Path, ...]) -> Path:
    """Return where to keep the code of kernels: where numba's user says, or the system."""
    from importlib.metadata import version  # noqa: PLC0415 -- takes as long as this room

    python = str(sys.implementation.cache_tag)
    content = [python, version("numba"), version("llvmlite"), *map(_digest, files)]
    name = f"{PREFIX}{hashlib.sha256(' '.join(content).encode()).hexdigest()[:16]}"
    return (Path(usual).absolute() if usual else _system_folder()) / name


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _system_folder() -> Path:
    """Return the folder of the user for what can be made again, relative if there is none.

    By the XDG Base Directory Specification, for which a relative path is none, and the
    customs of macOS and Windows.
    """
    home, platform = _home(), str(sys.platform)
    if platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", home / "AppData/Local")) / "polyrelax/Cache"
    if platform == "darwin":
        return home / "Library/Caches/polyrelax"
    named = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (named if named.is_absolute() else home / ".cache") / "polyrelax"


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:  # neither the environment nor the system names one
        return Path()
