"""Kernels in C: compiled once, at their first use by a user, and kept on disk.

A library is compiled for the processor that it runs on, as what it does most, arithmetic
modulo eight primes at a time and counts of common rows, is made for vectors that not every
processor has.  So it is kept with the user, in the system's folder for what can be made again,
and not in the package: under a name that says of which files, by which compiler and for which
processor it was made.  ``POLYRELAX_CACHE_DIR`` names another folder.  Where neither can be
written, each process compiles for itself.

Floats keep the order of operations that is written, without which their error bounds would
mean nothing: so no products are fused with sums (``-ffp-contract=off``), nor is anything else
allowed that IEEE 754 is not, whatever options ``CC`` has.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, final

if TYPE_CHECKING:  # nothing that takes a while is imported before it is needed
    import ctypes

_DIGITS: Final = 16
_MONTH: Final = 30 * 86_400.0
_FLAGS: Final = (
    *("-std=c11", "-O2", "-ftree-vectorize", "-fwrapv", "-fPIC", "-shared"),
    *("-ffp-contract=off", "-fno-fast-math", "-fno-unsafe-math-optimizations"),
)
_PROCESSORS: Final = (("-march=native",), ("-mcpu=native",), ())
"""Options for this processor: what a compiler knows of it depends on both."""


@final
@dataclass(frozen=True)
class Library:
    """The functions of a C file and of those beside it that it includes."""

    source: Path

    @cached_property
    def functions(self) -> ctypes.CDLL | None:
        """The functions, ``None`` where they cannot be compiled."""
        import ctypes  # noqa: PLC0415 -- where kernels are asked

        with suppress(OSError):  # it is cut off, or another process has removed it
            if self._is_kept():
                with suppress(OSError):  # it may belong to somebody else
                    os.utime(self._kept)
                return ctypes.CDLL(str(self._kept))
        with suppress(OSError):  # nothing can be written here, or loaded from there
            return self._compiled() if compiler() else None
        return None

    def is_ready(self) -> bool | None:
        """Whether there are functions without compiling; None where there can be none."""
        if "functions" in vars(self):
            return None if self.functions is None else True
        if self._is_kept():
            return True
        return False if compiler() else None

    def _is_kept(self) -> bool:
        """Whether there is a file that keeps it, and not by chance in the working directory."""
        return self._kept.is_absolute() and self._kept.exists()

    @cached_property
    def _kept(self) -> Path:
        """The file that keeps it, in a folder that may be relative if there is none."""
        files = sorted((*self.source.parent.glob("*.c"), *self.source.parent.glob("*.h")))
        made = (*_FLAGS, *compiler(), _processor())
        digest = hashlib.sha256(" ".join(made).encode())
        for file in files:
            digest.update(file.read_bytes())
        return cache_folder() / f"{self.source.stem}-{digest.hexdigest()[:_DIGITS]}.so"

    def _compiled(self) -> ctypes.CDLL | None:
        """Compile the functions, and keep them where that is possible."""
        import ctypes  # noqa: PLC0415 -- once on a machine
        import tempfile  # noqa: PLC0415

        folder = self._kept.parent
        is_kept = folder.is_absolute() and _is_ready(folder)
        with tempfile.TemporaryDirectory(dir=folder if is_kept else None) as place:
            made = Path(place) / self._kept.name
            if not any(_compile(self.source, made, options) for options in _PROCESSORS):
                return None
            if is_kept:
                _write_out(made)
                made = made.replace(self._kept)
                _remove_unused(folder)
            return ctypes.CDLL(str(made))


@cache
def compiler() -> tuple[str, ...]:
    """Return the command of the C compiler, that of ``CC`` if it is set, empty if none is.

    >>> compiler() == () or Path(compiler()[0]).name != ""
    True
    """
    import shlex  # noqa: PLC0415 -- where kernels are asked
    import shutil  # noqa: PLC0415

    named = os.environ.get("CC", "")
    try:
        commands = [shlex.split(named)] if named.strip() else [["cc"], ["gcc"], ["clang"]]
    except ValueError:  # a quotation that does not end
        return ()
    found = ((shutil.which(name), options) for name, *options in commands)
    return next(((path, *options) for path, options in found if path), ())


def cache_folder() -> Path:
    """Return the folder of the user for what can be made again, relative if there is none.

    That is ``POLYRELAX_CACHE_DIR`` if it is set, else by the XDG Base Directory Specification,
    for which a relative path is none, and the customs of macOS and Windows.

    >>> from unittest.mock import patch
    >>> with patch.dict(os.environ, POLYRELAX_CACHE_DIR="/kept"):
    ...     cache_folder() == Path("/kept").absolute()
    True
    """
    if chosen := os.environ.get("POLYRELAX_CACHE_DIR", ""):
        return Path(chosen).absolute()
    home, system = _home(), str(sys.platform)
    if system == "win32":
        return Path(os.environ.get("LOCALAPPDATA", home / "AppData/Local")) / "polyrelax/Cache"
    if system == "darwin":
        return home / "Library/Caches/polyrelax"
    named = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (named if named.is_absolute() else home / ".cache") / "polyrelax"


def _compile(source: Path, target: Path, options: tuple[str, ...]) -> bool:
    """Compile a file; whether it worked."""
    import subprocess  # noqa: PLC0415 -- once on a machine

    command = [*compiler(), *_FLAGS, *options, str(source), "-o", str(target), "-lm"]
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def _processor() -> str:
    """Return what tells apart processors for which code differs, where that is known."""
    import platform  # noqa: PLC0415 -- where kernels are asked

    known = ""
    with suppress(OSError):
        text = Path("/proc/cpuinfo").read_text(errors="replace")
        lines = text.splitlines()
        known = next((line for line in lines if line.startswith(("flags", "Features"))), "")
    return f"{platform.machine()} {known or platform.processor()}"


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:  # neither the environment nor the system names one
        return Path()


def _is_ready(folder: Path) -> bool:
    """Make a folder, and return whether it can be written."""
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    return os.access(folder, os.W_OK | os.X_OK)


def _write_out(file: Path) -> None:
    """Let a file be on the disk as a whole before its name says so."""
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())


def _remove_unused(folder: Path) -> None:
    """Remove the libraries that nobody has used for long."""
    for other in folder.glob(f"*-{_DIGITS * '[0-9a-f]'}.so"):
        with suppress(OSError):  # another process may be removing it, too
            if time.time() - other.stat().st_mtime > _MONTH:
                other.unlink()
