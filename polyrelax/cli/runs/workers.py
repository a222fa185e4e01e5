"""Who shares the pieces of some work: this process, others, or a Dask cluster."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, TypeVar

from polyrelax.cli.terminal.output import note
from polyrelax.cli.terminal.pool import processes
from polyrelax.cli.terminal.worker import NEVER, Deadline, TimeUpError
from polyrelax.errors import UsageError

K = TypeVar("K")
T = TypeVar("T")

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


def worked(
    workers: Workers, tasks: Sequence[tuple[K, Callable[[], T]]], until: Deadline
) -> Iterator[tuple[K, T]]:
    """Yield what pieces of work return, as it comes, each with its key.

    Where it has to end at a deadline, other processes do the work; :class:`TimeUpError` is
    raised then.

    >>> list(worked(Workers(jobs=1), [("a", list)], NEVER))
    [('a', [])]
    """
    least = 0 if until == NEVER else 1
    with executor_of(workers, len(tasks), least=least) as (pool, at_a_time):
        if pool is None:
            yield from ((key, work()) for key, work in tasks)
        else:
            yield from _elsewhere(pool, iter(tasks), at_a_time, until)


def _elsewhere(
    pool: Executor, tasks: Iterator[tuple[K, Callable[[], T]]], at_a_time: int, until: Deadline
) -> Iterator[tuple[K, T]]:
    waiting: dict[Future[T], K] = {}
    while True:
        for key, work in islice(tasks, at_a_time - len(waiting)):
            waiting[pool.submit(work)] = key
        if not waiting:
            return
        done, _ = wait(waiting, until.left(), FIRST_COMPLETED)
        if not done:
            raise TimeUpError
        for future in done:
            yield waiting.pop(future), future.result()


def _cluster(address: str, tls: Tls) -> AbstractContextManager[tuple[Executor, int]]:
    from polyrelax.search.cluster import cluster  # noqa: PLC0415 -- needs an extra

    if not address.startswith("tls://"):
        note(f"{address}: the cluster and this process trust whoever can connect to them")
    return cluster(address, ca=tls.ca, cert=tls.cert, key=tls.key)
