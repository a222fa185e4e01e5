"""A Dask cluster as an executor of slices; the one file that knows Dask.

The scheduler gives the slices of a worker that dies to the others.  As slices are values of
pure functions, and are added to a search in order, that changes neither what is found nor how
often it is counted.

Trust: what comes back is unpickled here, and what is sent is run there, so the scheduler, its
workers and this process trust each other, and everybody who can connect to one of them.  With
TLS that is who has a key that the certificate authority has signed.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from polyrelax.arithmetic.rational import shown
from polyrelax.errors import UsageError

try:
    from distributed import Client, Security
    from distributed.comm import get_address_host_port
except ImportError as error:
    raise ImportError("polyrelax.search.cluster needs: pip install polyrelax[dask]") from error

RETRIES = 10
"""How many workers may die over one slice."""
_PATIENCE = 10.0
"""Seconds within which a scheduler takes a connection."""


@contextmanager
def cluster(
    address: str, *, ca: Path | None = None, cert: Path | None = None, key: Path | None = None
) -> Iterator[tuple[Executor, int]]:
    """Connect to the scheduler at an address such as ``tls://127.0.0.1:8786``.

    Yield an executor, and the number of slices that keeps all workers busy.  The files of a
    certificate authority, of a certificate and of its key are those of Dask's
    configuration unless they are given.
    """
    security = _security(tls_ca_file=ca, tls_client_cert=cert, tls_client_key=key)
    with _client(address, security) as client:
        threads = sum(client.nthreads().values())
        executor = cast(Executor, client.get_executor(pure=False, retries=RETRIES))
        yield executor, 2 * max(threads, 1)


def _client(address: str, security: Security) -> Client:
    try:
        # A client that fails to connect waits long, and writes a traceback when it goes.
        socket.create_connection(get_address_host_port(address), _PATIENCE).close()
        return Client(address, security=security, set_as_default=False)
    except (OSError, ValueError, TypeError):
        raise UsageError(f"found no scheduler of a cluster at {shown(address)}") from None


def _security(**files: Path | None) -> Security:
    given = {name: str(file) for name, file in files.items() if file is not None}
    for name in given.values():
        with Path(name).open("rb"):  # raises an error that names the file
            pass
    try:
        security = Security(**given)
        security.get_connection_args("client")
    except (OSError, ValueError):
        raise UsageError(f"found no keys for TLS in {', '.join(given.values())}") from None
    return security
