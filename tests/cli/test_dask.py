"""A search on a Dask cluster, one of whose workers is killed."""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from polyrelax.search.executor import explore
from polyrelax.search.question import Finding
from polyrelax.search.store import Store
from tests.cli.conftest import Program
from tests.search.test_store import intervals

distributed = pytest.importorskip("distributed", reason="needs polyrelax[dask]")
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
