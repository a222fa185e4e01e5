"""Certificates of the bounds that ``polyrelax bounds`` prints: a file for each of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from math import factorial
from pathlib import Path
from typing import Final

from polyrelax.certificates.check import MOST_SORTED
from polyrelax.certificates.subjects import digest
from polyrelax.certificates.traces import certify_trace
from polyrelax.cli.requests.problem import Cases
from polyrelax.cli.runs.run import Run, Runs
from polyrelax.cli.terminal.output import emit, note, require_folder
from polyrelax.cli.terminal.progress import counted, progress_bar
from polyrelax.errors import UnsupportedNeuronError, UsageError
from polyrelax.networks.layers import bending
from polyrelax.polytopes.polytope import Polytope

_MOST_PIECES: Final = factorial(MOST_SORTED)
"""So many cases of one neuron the checker lists."""


def require_certifiable(folder: Path, cases: Cases) -> None:
    """Refuse what no certificates can be written of, and where, before any work.

    These are several sets of inputs, neurons that the checker does not know or of too many
    pieces, and a folder that cannot be made.
    """
    if len(cases.domains) > 1:
        raise UsageError(
            f"found {len(cases.domains)} sets of inputs, expected one for --certificates; "
            "--case N takes one"
        )
    require_folder(folder)
    for unit in chain.from_iterable(map(bending, cases.network.layers)):
        if unit.neuron.count > _MOST_PIECES:
            raise UnsupportedNeuronError(
                f"found {unit.neuron.name}, expected neurons of at most {_MOST_PIECES} pieces "
                "where bounds are certified"
            )
    digest(cases.network)


def write_certificates(runs: Runs, domain: Polytope, folder: Path) -> None:
    """Write a certificate of each bound of the outputs, as each is found."""
    folder.mkdir(exist_ok=True)
    total = 2 * runs.network.out_dim * len(runs.finished)
    with progress_bar(total) as report:
        made = counted(_written(runs, domain, folder), report, "certificates")
        count = sum(1 for _ in made)
    note(f"{count} certificates in {folder}: polyrelax check {folder}/*")


def _written(runs: Runs, domain: Polytope, folder: Path) -> Iterator[Path]:
    for run in runs.finished:
        for bound in certify_trace(run.trace, domain):
            path = folder / certificate_name(run, bound.name)
            emit(bound.certificate.dumps().rstrip("\n"), path)
            yield path


def certificate_name(run: Run, bound: str) -> str:
    """Return the name of the file for a bound by a relaxation.

    >>> from polyrelax.networks.gallery import tent
    >>> from polyrelax.relaxations.names import relaxation
    >>> from polyrelax.relaxations.trace import propagate
    >>> trace = propagate(tent(), Polytope.box([-1], [1]), relaxation("p:1"))
    >>> certificate_name(Run(trace, 0.5), "output-0-upper")
    'p-1-output-0-upper.jsonl'
    """
    return f"{run.trace.relaxation.replace(':', '-')}-{bound}.jsonl"
