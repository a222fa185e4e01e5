"""Certificates of the bounds of a trace: of the very numbers that it holds.

Bounds by intervals and by back-substitution are proved by the lines that gave them, whatever
the size of the network.  Those of other relaxations are proved by linear programs over the
hulls of single neurons, and where these do not reach them by cases; exact ones that branch and
bound found by its tree.  What is stated is a bound of the network's values: the relaxation is
how it was found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import final

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.readable import readable
from polyrelax.certificates.phases import certify_maxima
from polyrelax.certificates.streamed import Problem, StreamedCertificate
from polyrelax.certificates.trace_ends import accepted, provers
from polyrelax.networks.input_sets import require_read
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.phases.sets import BranchedSet
from polyrelax.relaxations.trace import Trace


@final
@readable
@dataclass(frozen=True)
class CertifiedBound:
    """A bound of an output, above (sign 1) or below (-1), and its certificate."""

    output: int
    sign: int
    certificate: StreamedCertificate

    @property
    def name(self) -> str:
        """A name for its file, without an ending."""
        return f"output-{self.output}-{'upper' if self.sign > 0 else 'lower'}"


def certify_trace(trace: Trace, domain: Polytope) -> Iterator[CertifiedBound]:
    """Yield a certificate for each bound of the outputs; each has been accepted by the checker.

    >>> from polyrelax.networks.gallery import tent
    >>> from polyrelax.relaxations.interval import IBP
    >>> from polyrelax.relaxations.trace import propagate
    >>> segment = Polytope.box([-1], [1])
    >>> for found in certify_trace(propagate(tent(), segment, IBP()), segment):
    ...     print(found.name, found.certificate)
    output-0-lower exact: -1 v(5, 0) <= 0
    output-0-upper exact: 1 v(5, 0) <= 2
    """
    require(trace, Trace)
    require_read(trace.network, domain)
    last = trace.sets[-1]
    certificates = (
        _by_phases(last) if isinstance(last, BranchedSet) else _by_rows(trace, domain)
    )
    places = ((output, sign) for output in range(trace.network.out_dim) for sign in (-1, 1))
    for (output, sign), made in zip(places, certificates, strict=True):
        yield CertifiedBound(output, sign, made)


def _by_phases(last: BranchedSet) -> Iterator[StreamedCertificate]:
    """Yield what proves the lower and the upper end of each value, and attains it."""
    for output in range(last.dim):
        for sign in (-1, 1):
            yield certify_maxima(last.trace, last.domain, [last.end(output, sign)])


def _by_rows(trace: Trace, domain: Polytope) -> Iterator[StreamedCertificate]:
    """Yield what proves the lower and the upper end of each output."""
    problem, ends = Problem(trace.network, domain), provers(trace, domain)
    depth = len(trace.network.layers)
    for output in range(trace.network.out_dim):
        for sign in (-1, 1):
            rows = (end((depth, output), sign) for end in ends)
            made = (accepted(StreamedCertificate(problem, (row,))) for row in rows)
            found = next((certificate for certificate in made if certificate), None)
            assert found is not None, (
                "the network keeps the bounds of a trace, by cases if need be"
            )
            yield found
