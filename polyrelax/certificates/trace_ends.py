"""What proves the ends of the intervals of a trace.

Bounds by intervals and by back-substitution are proved by the lines that gave them; those of
other relaxations by linear programs over the hulls of single neurons, and where these do not
reach them by cases.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from polyrelax.arithmetic.arguments import require
from polyrelax.certificates.check import RejectedError, examined
from polyrelax.certificates.multipliers import multipliers_of, substituted
from polyrelax.certificates.streamed import StreamedCertificate
from polyrelax.networks.input_sets import require_read
from polyrelax.networks.layers import Affine, Identity
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.trace import Trace
from polyrelax.systems.claims import Claims
from polyrelax.systems.layer_lines import Flat, LayerLines
from polyrelax.systems.places import Coordinate
from polyrelax.systems.rows import Row
from polyrelax.systems.substitution import Substitution

End: TypeAlias = Callable[[Coordinate, int], Row]
"""What proves the upper (1) or lower (-1) end of a coordinate's interval."""


def accepted(made: StreamedCertificate) -> StreamedCertificate | None:
    """Return a certificate if the checker accepts it.

    >>> from fractions import Fraction
    >>> from polyrelax.certificates.streamed import Problem
    >>> from polyrelax.networks.gallery import tent
    >>> from polyrelax.systems.rows import Leaf, Proved
    >>> segment, nothing = Polytope.box([-1], [1]), Proved((Leaf(()),))
    >>> rows = [Row((((0, 0), Fraction(1)),), Fraction(k), nothing) for k in (0, 1)]
    >>> problem = Problem(tent(), segment)
    >>> [accepted(StreamedCertificate(problem, (row,))) is not None for row in rows]
    [False, True]
    """
    require(made, StreamedCertificate)
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
    require(trace, Trace)
    require_read(trace.network, domain)
    found: list[End] = [Claims(trace.network, domain, trace.bounds, trace.couplings).end]
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
