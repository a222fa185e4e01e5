"""A search on a Dask cluster, one of whose workers is killed."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from polyrelax.search.executor import explore
from polyrelax.search.question import Finding
from polyrelax.search.store import Store
from tests.cli.conftest import Program
from tests.cli.test_radius import deep
from tests.search.test_store import intervals

distributed = pytest.importorskip("distributed", reason="needs polyrelax[dask]")
dask = pytest.importorskip("dask", reason="needs polyrelax[dask]")
pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # those of the cluster are not ours
    pytest.mark.xdist_group("dask"),
]


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """Start two worker processes, and a nanny for each that starts it again."""
    given = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    with distributed.LocalCluster(**given) as local:
        yield local.scheduler_address


def workers(address: str) -> list[int]:
    with distributed.Client(address, set_as_default=False) as client:
        return list(client.run(os.getpid).values())


def test_a_killed_worker_loses_nothing_and_counts_nothing_twice(
    scheduler: str, tmp_path: Path
) -> None:
    from polyrelax.search.cluster import cluster  # noqa: PLC0415 -- needs the extra

    asked = intervals("-3 -2 -1 0 1 2 3")
    store = Store.begin(tmp_path / "file", asked)
    before, killed = workers(scheduler), 0
    with cluster(scheduler) as (executor, under_way):
        for part in explore(asked, executor=executor, under_way=under_way):
            store.add(part)
            if not killed:
                assert part.stop < asked.space.size
                os.kill(killed := before[0], signal.SIGKILL)
    alone: list[Finding] = [found for part in explore(asked) for found in part.findings]
    assert (store.position, list(store.findings())) == (asked.space.size, alone)
    assert killed not in workers(scheduler)


def test_the_program_finds_on_a_cluster_what_it_finds_alone(
    scheduler: str, program: Program
) -> None:
    asked = (
        "search",
        "incompleteness",
        "--shape",
        "1-2-1",
        "--loose",
        "ibp",
        "--format",
        "json",
    )
    found = program(*asked, "--dask", scheduler)
    assert found.data == program(*asked, "--jobs", "1").data
    assert json.loads(found.stdout)["imprecise"] > 0
    both = program(*asked, "--dask", scheduler, "--jobs", "2")
    assert (both.status, "found --jobs and --dask" in both.stderr) == (2, True)


def test_radii_on_a_cluster_are_those_found_alone(
    scheduler: str, program: Program, tmp_path: Path
) -> None:
    net, images = deep(tmp_path, 3)
    asked = ("radius", net, "--images", images, "--method", "lp-last", "--format", "json")
    found = program(*asked, "--dask", scheduler)
    assert found.status == 0, found.stderr
    assert found.data == program(*asked, "--jobs", "1").data


def key_pair(folder: Path, name: str) -> tuple[Path, Path]:
    """Return a certificate that signs itself, and its key."""
    cert, key = folder / f"{name}.pem", folder / f"{name}-key.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=localhost", "-keyout", str(key), "-out", str(cert)]
    subprocess.run([*made, *names], check=True, capture_output=True)
    return cert, key


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the keys")
def test_a_cluster_with_keys_is_used_by_those_who_have_one(
    program: Program, tmp_path: Path
) -> None:
    cert, key = key_pair(tmp_path, "ours")
    names = ("ca_file", "client_cert", "client_key", "scheduler_cert", "scheduler_key")
    files = (cert, cert, key, cert, key, cert, key)
    fields = zip((*names, "worker_cert", "worker_key"), map(str, files), strict=True)
    security = distributed.Security(
        require_encryption=True, **{f"tls_{name}": file for name, file in fields}
    )
    given = {"n_workers": 1, "threads_per_worker": 1, "dashboard_address": None}
    asked = ("search", "incompleteness", "--shape", "1-2-1", "--loose", "ibp")
    with distributed.LocalCluster(**given, protocol="tls", security=security) as local:
        address = local.scheduler_address
        keys = ("--tls-ca", cert, "--tls-cert", cert, "--tls-key", key)
        found = program(*asked, "--dask", address, *keys)
        stranger, other = key_pair(tmp_path, "theirs")
        theirs = ("--tls-ca", stranger, "--tls-cert", stranger, "--tls-key", other)
        with dask.config.set({"distributed.comm.timeouts.connect": "1s"}):
            refused = program(*asked, "--dask", address, *theirs)
    assert (found.status, found.stderr) == (0, "")
    assert found.stdout == program(*asked, "--jobs", "1").stdout
    assert (refused.status, refused.stdout) == (2, "")
    assert refused.stderr.count("\n") == 1


def test_a_cluster_without_keys_is_said_to_trust_everybody(
    scheduler: str, program: Program
) -> None:
    asked = ("search", "incompleteness", "--shape", "1-2-1", "--loose", "ibp")
    found = program(*asked, "--dask", scheduler)
    told = "the cluster and this process trust whoever can connect to them"
    assert (found.status, found.stderr) == (0, f"polyrelax: {scheduler}: {told}\n")


@pytest.mark.parametrize("address", ["tcp://localhost:1", "what://localhost", "x"])
def test_an_address_without_a_scheduler_is_refused(address: str, program: Program) -> None:
    asked = ("search", "incompleteness", "--shape", "1-2-1", "--loose", "ibp")
    with dask.config.set({"distributed.comm.timeouts.connect": "200ms"}):
        found = program(*asked, "--dask", address)
    reason = f"polyrelax: found no scheduler of a cluster at {address!r}\n"
    assert (found.status, found.stdout) == (2, "")
    assert found.stderr.endswith(reason)


def test_keys_that_are_none_are_refused(program: Program, tmp_path: Path) -> None:
    asked = ("search", "incompleteness", "--shape", "1-2-1", "--loose", "ibp")
    nothing = tmp_path / "nothing.pem"
    nothing.write_text("nothing")
    for options, reason in (
        (("--tls-ca", nothing), "found no --dask, expected --dask tls://..."),
        (("--dask", "tcp://localhost:1", "--tls-key", nothing), "found --dask tcp://local"),
        (("--dask", "tls://localhost:1", "--tls-ca", tmp_path / "no"), "no: no such file"),
        (
            ("--dask", "tls://localhost:1", "--tls-ca", nothing, "--tls-cert", nothing),
            "found no keys for TLS in",
        ),
    ):
        found = program(*asked, *options)
        assert (found.status, found.stdout) == (2, "")
        assert reason in found.stderr
        assert found.stderr.count("\n") == 1
