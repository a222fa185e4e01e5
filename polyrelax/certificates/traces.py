"""Certificates of the bounds of a trace: of the very numbers that it holds.

Bounds by intervals and by back-substitution are proved by the lines that gave them, whatever
the size of the network.  Those of other relaxations are proved by linear programs over the
hulls of single neurons, and where these do not reach them by cases.  What is stated is a
bound of the network's values: the relaxation is how it was found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import final

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.readable import readable
from polyrelax.certificates.check import RejectedError, examined
from polyrelax.certificates.multipliers import multipliers_of, substituted
from polyrelax.certificates.streamed import Problem, StreamedCertificate
from polyrelax.networks.input_sets import require_read
from polyrelax.networks.layers import Affine, Identity
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.trace import Trace
from polyrelax.systems.claims import Claims
from polyrelax.systems.layer_lines import Flat, LayerLines
from polyrelax.systems.places import Coordinate
from polyrelax.systems.rows import Row
from polyrelax.systems.substitution import Substitution


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
            yield CertifiedBound(output, sign, found)


End = Callable[[Coordinate, int], Row]


def accepted(made: StreamedCertificate) -> StreamedCertificate | None:
    """Return a certificate if the checker accepts it.

    >>> from fractions import Fraction
    >>> from polyrelax.networks.gallery import tent
    >>> from polyrelax.systems.rows import Leaf, Proved
    >>> segment, nothing = Polytope.box([-1], [1]), Proved((Leaf(()),))
    >>> rows = [Row((((0, 0), Fraction(1)),), Fraction(k), nothing) for k in (0, 1)]
    >>> problem = Problem(tent(), segment)
    >>> [accepted(StreamedCertificate(problem, (row,))) is not None for row in rows]
    [False, True]
    """
    try:
        examined(made.dumps())
    except RejectedError:
        return None
    return made


def provers(trace: Trace, domain: Polytope) -> list[End]:
    """Return what proves the ends of intervals, the fastest first.

    >>> from polyrelax.networks.gallery import tent
    >>> from polyrelax.relaxations.interval import IBP
    >>> from polyrelax.relaxations.trace import propagate
    >>> segment = Polytope.box([-1], [1])
    >>> fast, _ = provers(propagate(tent(), segment, IBP()), segment)
    >>> fast((5, 0), 1).offset
    Fraction(2, 1)
    """
    found: list[End] = [Claims(trace.network, domain, trace.bounds).end]
    lines = layer_lines(trace) if domain.is_box else None
    if lines is not None:
        given = multipliers_of(trace)
        fast = Substitution(trace.network, domain, trace.bounds, lines, given)
        found.insert(0, fast.end)
    return found


def layer_lines(trace: Trace) -> Mapping[int, LayerLines] | None:
    """Return the lines by which a trace bounds its layers of neurons, if it has such.

    >>> from polyrelax.networks.gallery import tent
    >>> from polyrelax.relaxations.interval import IBP
    >>> from polyrelax.relaxations.trace import propagate
    >>> sorted(layer_lines(propagate(tent(), Polytope.box([-1], [1]), IBP())))
    [2, 4]
    """
    require(trace, Trace)
    layers = enumerate(trace.network.layers, start=1)
    bending = [i for i, layer in layers if not isinstance(layer, Affine | Identity)]
    if trace.relaxation == "ibp":
        return {i: Flat.of(trace.bounds[i]) for i in bending}
    found: dict[int, LayerLines] = {}
    for i in bending:
        relaxed = substituted(trace.sets[i])
        if relaxed is None or isinstance(relaxed.steps[-1], Affine):
            return None
        found[i] = relaxed.steps[-1]
    return found
