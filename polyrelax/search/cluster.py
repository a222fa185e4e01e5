"""A Dask cluster as an executor of slices; the one file that knows Dask.

The scheduler gives the slices of a worker that dies to the others.  As slices are values of
pure functions, and are added to a search in order, that changes neither what is found nor how
often it is counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import cast

try:
    from distributed import Client
except ImportError as error:
    raise ImportError("polyrelax.search.cluster needs: pip install polyrelax[dask]") from error

RETRIES = 10
"""How many workers may die over one slice."""


@contextmanager
def cluster(address: str) -> Iterator[tuple[Executor, int]]:
    """Connect to the scheduler at an address such as ``tcp://127.0.0.1:8786``.

    Yield an executor, and the number of slices that keeps all workers busy.
    """
    with Client(address, set_as_default=False) as client:
        threads = sum(client.nthreads().values())
        executor = cast(Executor, client.get_executor(pure=False, retries=RETRIES))
        yield executor, 2 * max(threads, 1)
