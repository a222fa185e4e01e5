"""Processes that a process has started, as Linux knows them."""

import subprocess
import time
from pathlib import Path
from typing import Any


def children(process: "subprocess.Popen[Any]") -> list[int]:
    """Return the processes that a process has started and that have not ended."""
    path = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return list(map(int, path.read_text().split())) if path.exists() else []


def await_end(processes: list[int]) -> None:
    """Wait until processes are gone, which they must be in a few seconds."""
    late = time.monotonic() + 10
    while any(map(_is_alive, processes)):
        assert time.monotonic() < late, "a worker stays behind"
        time.sleep(0.05)


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
