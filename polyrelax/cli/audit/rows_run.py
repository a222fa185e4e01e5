"""Claimed rows of a layer, judged one after the other, and what they leave around the hull."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Final

from polyrelax.audit.row_sets import (
    Approached,
    approached,
    layer_hull,
    rows_of_inputs,
    rows_of_neurons,
    volume_ratio,
)
from polyrelax.audit.rows import JudgedRow, claims_about, judged_rows, proof_of_row
from polyrelax.certificates.streamed import Problem, StreamedCertificate
from polyrelax.cli.audit.certificates import write_proofs
from polyrelax.cli.terminal.progress import Report, progress_bar
from polyrelax.cli.terminal.stop import Stop, taken
from polyrelax.cli.terminal.worker import Deadline, Tell, TimeUpError, here_if_quick
from polyrelax.errors import ShapeError, UnboundedError
from polyrelax.interop.claimed_rows import ClaimedRows
from polyrelax.networks.layers import Layer
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope

MOST_DIM: Final = 8
"""Up to this dimension, four rectifiers, the facets of the hull take at most minutes."""
MOST_VOLUME_DIM: Final = 4
"""Up to this dimension, two rectifiers, the volumes take seconds, whatever the numbers are."""
_QUICK_DIM: Final = 4


@dataclass
class JudgedRows:
    """Claimed rows and what was found of them, in their order; it grows."""

    claimed: ClaimedRows
    domain: Polytope
    found: list[JudgedRow] = field(default_factory=list)
    stop: Stop | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """The rows that were not judged."""
        return tuple(f"row {k}" for k in range(len(self.found), len(self.claimed.rows)))


@dataclass
class Comparison:
    """The half-spaces of the hull with their gaps, and the ratio of volumes; it grows.

    ``unknown`` says why all gaps, or the ratio, are not known.
    """

    total: int | None = None
    sides: list[Approached] = field(default_factory=list)
    ratio: Fraction | None = None
    unknown: str | None = None
    stop: Stop | None = None

    @property
    def is_whole(self) -> bool:
        """Whether all gaps are known."""
        return self.total == len(self.sides)

    @property
    def missing(self) -> tuple[Approached, ...]:
        """What the rows miss, the greatest gaps first."""
        found = (side for side in self.sides if side.is_missing)
        return tuple(sorted(found, key=lambda side: (side.gap is not None, -(side.gap or 0))))

    def take(self, message: object) -> None:
        """Note what is told of the comparison."""
        match message:
            case Approached():
                self.sides.append(message)
            case int():
                self.total = message
            case Fraction():
                self.ratio = message
            case str():
                self.unknown = message


def judged_until(claimed: ClaimedRows, domain: Polytope, until: Deadline) -> JudgedRows:
    """Return what claimed rows are, those that there is time for."""
    rows = JudgedRows(claimed, domain)
    found = judged_rows(claimed.layer, domain, claimed.rows)
    rows.stop = taken(found, rows.found.append, (len(claimed.rows), "rows"), until)
    return rows


def compared_until(rows: JudgedRows, until: Deadline, *, with_neurons: bool) -> Comparison:
    """Return what the rows leave around the hull, as far as there is time to say.

    Beside them are those of the inputs and, if this is asked for, of each neuron alone.
    """
    found, layer = Comparison(), rows.claimed.layer
    dim = layer.in_dim + layer.out_dim
    if rows.stop is not None or dim > MOST_DIM:
        high = f"the hull has {dim} dimensions, at most {MOST_DIM} are looked at"
        found.unknown = high if rows.stop is None else rows.stop.reason
        return found
    alone = rows_of_neurons(layer, rows.domain) if with_neurons else ()
    inputs, claimed = rows_of_inputs(rows.domain, dim), (each.moved for each in rows.found)
    try:
        with progress_bar(None) as report:
            task = (layer, rows.domain, (*inputs, *alone, *claimed))
            told, quick = _Told(found, report), dim <= _QUICK_DIM
            here_if_quick(_comparison, task, quick=quick, told=told.take, until=until)
    except TimeUpError:
        found.stop = Stop.TIME_UP
    except KeyboardInterrupt:
        found.stop = Stop.INTERRUPTED
    if found.stop is not None:
        found.unknown = found.stop.reason
    return found


@dataclass(frozen=True)
class _Told:
    """Where what is told goes: into the comparison, and as progress to the screen."""

    found: Comparison
    report: Report

    def take(self, message: object) -> None:
        self.found.take(message)
        total = "" if self.found.total is None else f" of {self.found.total}"
        self.report(len(self.found.sides), f"{len(self.found.sides)}{total} facets of the hull")


def _comparison(task: tuple[Layer, Polytope, Sequence[Constraint]], tell: Tell) -> None:
    """Tell how many half-spaces the hull has, each with its gap, and the ratio of volumes."""
    layer, domain, rows = task
    hull = layer_hull(layer, domain)
    tell(sum(len(whole.halves()) for whole in hull.constraints))
    for side in approached(hull, rows):
        tell(side)
    if hull.dim > MOST_VOLUME_DIM:
        tell(f"it has {hull.dim} dimensions, at most {MOST_VOLUME_DIM} are measured")
        return
    try:
        tell(volume_ratio(hull, rows))
    except ShapeError:
        tell("the hull is flat")
    except UnboundedError:
        tell("the rows leave a ray")


def write_certificates(rows: JudgedRows, folder: Path) -> None:
    """Write a certificate of each valid row; each has been accepted by the checker."""
    claims = claims_about(rows.claimed.layer, rows.domain)
    problem = Problem(claims.network, rows.domain)
    valid = [(k, each.row) for k, each in enumerate(rows.found) if each.is_valid]
    proofs = (
        (f"{k}-row", StreamedCertificate(problem, (proof_of_row(claims, row),)))
        for k, row in valid
    )
    write_proofs(proofs, len(valid), folder)
