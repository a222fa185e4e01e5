"""Who shares the pieces of some work: this process, others, or a Dask cluster."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from polyrelax.cli.terminal.output import note
from polyrelax.cli.terminal.pool import processes
from polyrelax.errors import UsageError

UNDER_WAY: Final = 8
"""Pieces that are handed out at a time."""


@dataclass(frozen=True)
class Tls:
    """The files by which a cluster knows this process, and this process the cluster."""

    ca: Path | None = None
    cert: Path | None = None
    key: Path | None = None


@dataclass(frozen=True)
class Workers:
    """Who does the work: so many processes, or the cluster of a Dask scheduler."""

    jobs: int | None = None
    dask: str | None = None
    tls: Tls = Tls()

    def __post_init__(self) -> None:
        if self.jobs is not None and self.dask is not None:
            raise UsageError("found --jobs and --dask, expected one of them")
        if self.tls != Tls() and not (self.dask or "").startswith("tls://"):
            found = "no --dask" if self.dask is None else f"--dask {self.dask}"
            raise UsageError(f"found {found}, expected --dask tls://... with --tls options")


@contextmanager
def executor_of(
    workers: Workers, pieces: int, *, default: int | None = None, least: int = 0
) -> Iterator[tuple[Executor | None, int]]:
    """Yield an executor of so many pieces, and how many to hand out at a time.

    There is none where one process does it all: this one, unless at ``least`` one other is
    asked for.  Without a choice of the user there are ``default`` processes, or as many as
    processors.
    """
    if workers.dask is not None:
        with _cluster(workers.dask, workers.tls) as found:
            yield found
        return
    count = max(min(workers.jobs or default or os.cpu_count() or 1, pieces), least)
    if count <= 1 and not least:
        yield None, UNDER_WAY
        return
    with processes(count) as executor:
        yield executor, UNDER_WAY


def _cluster(address: str, tls: Tls) -> AbstractContextManager[tuple[Executor, int]]:
    from polyrelax.search.cluster import cluster  # noqa: PLC0415 -- needs an extra

    if not address.startswith("tls://"):
        note(f"{address}: the cluster and this process trust whoever can connect to them")
    return cluster(address, ca=tls.ca, cert=tls.cert, key=tls.key)
