r"""Bounds that others claim of values of a network, decided exactly.

A claim says :math:`v \le b` or :math:`v \ge b` of a value :math:`v` after some layers, for all
inputs of a polytope.  It is *sound* if it is proved: by a relaxation whose bound is as good, or
by cases of the neurons' pieces.  It is *refuted* by an input at which the value is beyond it.
Inputs are tried first; where few enough neurons may be in several pieces, cases decide every
claim, however little is missing.  Else it stays *undecided*, between what is proved and what is
attained.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Final, final

from polyrelax.arithmetic.arguments import all_of, exact, listed, numbered, require, whole
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ZERO, Vector
from polyrelax.arithmetic.readable import readable
from polyrelax.errors import ShapeError
from polyrelax.networks.input_sets import require_read
from polyrelax.networks.integer_points import IntegerPoints, values_at
from polyrelax.networks.layers import bending
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.trace import Trace
from polyrelax.systems.cases import RefutedError
from polyrelax.systems.claims import Claims
from polyrelax.systems.rows import Row

MOST_CASES: Final = 2**16
"""Where no more choices of pieces are possible before a value, cases decide claims of it."""
_TRIED: Final = 200


class Soundness(StrEnum):
    """What a claimed bound is."""

    SOUND = "sound"
    REFUTED = "refuted"
    UNDECIDED = "undecided"


@final
@readable
@dataclass(frozen=True, order=True)
class ClaimedBound:
    """A coordinate after some layers is at most (sign 1) or at least (-1) a value.

    >>> print(ClaimedBound(5, 0, -1, Fraction(1, 2)))
    v(5, 0) >= 1/2
    """

    layer: int
    coordinate: int
    sign: int
    value: Fraction

    def __post_init__(self) -> None:
        for name in ("layer", "coordinate", "sign"):
            object.__setattr__(self, name, whole(getattr(self, name), "a whole number"))
        object.__setattr__(self, "value", exact(self.value))
        if self.sign not in {-1, 1}:
            raise ShapeError(f"found the sign {self.sign}, expected 1 or -1")

    def __str__(self) -> str:
        relation = "<=" if self.sign > 0 else ">="
        return f"v({self.layer}, {self.coordinate}) {relation} {self.value}"


@final
@readable
@dataclass(frozen=True)
class Judged:
    """A claim, what is proved of the value, the farthest that is attained, and where.

    ``proved`` and ``attained`` are bounds of the same side; ``row`` proves a claim that cases
    or linear programs have decided.
    """

    claim: ClaimedBound
    verdict: Soundness
    proved: Fraction
    attained: Fraction
    point: Vector
    row: Row | None = None

    @property
    def missing(self) -> Fraction:
        """By how much the value is beyond the claim where it is refuted, else 0."""
        return max(self.claim.sign * (self.attained - self.claim.value), ZERO)


def judged(trace: Trace, domain: Polytope, claims: Iterable[ClaimedBound]) -> Iterator[Judged]:
    """Yield what claimed bounds are, given a trace of the network on the set of inputs.

    The tent has values up to 2 on [-1, 1]; its intervals say no more.

    >>> from polyrelax.networks.gallery import tent
    >>> from polyrelax.relaxations.interval import IBP
    >>> from polyrelax.relaxations.trace import propagate
    >>> unit = Polytope.box([-1], [1])
    >>> claims = [ClaimedBound(5, 0, 1, Fraction(k, 2)) for k in (3, 4)]
    >>> for found in judged(propagate(tent(), unit, IBP()), unit, claims):
    ...     print(found.claim, found.verdict, found.attained)
    v(5, 0) <= 3/2 refuted 2
    v(5, 0) <= 2 sound 2
    """
    require(trace, Trace)
    require_read(trace.network, domain)
    several = all_of(listed(claims, "claims"), ClaimedBound, "claims")
    judge = _Judge(trace, domain, Claims(trace.network, domain, trace.bounds, trace.couplings))
    for layer in sorted({claim.layer for claim in several}):
        numbered(layer, len(trace.network.layers) + 1, "layer")
        judge.values_after(layer)
    yield from map(judge.of, several)


@final
class _Judge:
    """What decides claims about one network; mutable, it keeps what inputs attain."""

    def __init__(self, trace: Trace, domain: Polytope, claims: Claims) -> None:
        self.trace, self.domain, self.claims = trace, domain, claims
        self.points = tuple(tried(domain))
        self.values: dict[int, tuple[Vector, ...]] = {}

    def values_after(self, layer: int) -> tuple[Vector, ...]:
        """Return the values after some layers at the inputs that are tried."""
        if layer not in self.values:
            head = self.trace.network.prefix(layer) if layer else None
            found = IntegerPoints.of(self.points)
            self.values[layer] = values_at(head, found).vectors() if head else self.points
        return self.values[layer]

    def of(self, claim: ClaimedBound) -> Judged:
        """Return what a claim is."""
        box = self.trace.bounds[claim.layer]
        ends: Interval = box[numbered(claim.coordinate, len(box), "coordinate")]
        proved = ends.upper if claim.sign > 0 else ends.lower
        values = [value[claim.coordinate] for value in self.values_after(claim.layer)]
        k = max(range(len(values)), key=lambda k: claim.sign * values[k])
        found = Judged(claim, Soundness.UNDECIDED, proved, values[k], self.points[k])
        if found.missing > 0:
            return replace(found, verdict=Soundness.REFUTED)
        if claim.sign * (claim.value - proved) >= 0:
            return replace(found, verdict=Soundness.SOUND)
        return self._by_cases(found) if self._may_split(claim.layer) else found

    def _may_split(self, layer: int) -> bool:
        layers = zip(self.trace.network.layers[:layer], self.trace.bounds, strict=False)
        split = (
            unit.neuron.count
            for each, box in layers
            for unit in bending(each)
            if not unit.is_affine_on(box)
        )
        return math.prod(split) <= MOST_CASES

    def _by_cases(self, found: Judged) -> Judged:
        claim = found.claim
        try:
            row = proof_of(claim, self.claims)
        except RefutedError as refuted:
            attained = refuted.point[claim.layer, claim.coordinate]
            point = tuple(refuted.point[0, j] for j in range(self.domain.dim))
            return replace(found, verdict=Soundness.REFUTED, attained=attained, point=point)
        return replace(found, verdict=Soundness.SOUND, row=row, proved=claim.value)


def proof_of(claim: ClaimedBound, claims: Claims) -> Row:
    """Return the row that proves a claim, or raise :class:`RefutedError` with its point.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> unit, one = Polytope.box([-1], [1]), Interval(Fraction(-1), Fraction(1))
    >>> claims = Claims(absolute_value(), unit, [[one] * 2] * 4)
    >>> proof_of(ClaimedBound(3, 0, -1, Fraction(0)), claims).offset
    Fraction(0, 1)
    """
    require(claim, ClaimedBound)
    require(claims, Claims)
    form = (((claim.layer, claim.coordinate), Fraction(claim.sign)),)
    return claims.prove(form, claim.sign * claim.value)


def tried(domain: Polytope) -> Iterator[Vector]:
    """Yield inputs of a polytope to try: of a box corners and others, else extreme ones.

    >>> len(set(tried(Polytope.box([0], [1])))) > 2
    True
    """
    require(domain, Polytope)
    generator = random.Random(0)
    if not domain.is_box:
        for _ in range(max(1, _TRIED // max(1, domain.dim))):
            direction = [generator.randint(-8, 8) for _ in range(domain.dim)]
            yield domain.support(direction).point
        return
    for k in range(_TRIED):
        shares = [Fraction(generator.randint(0, 1 + k % 8), 1 + k % 8) for _ in domain.bounds]
        pairs = zip(domain.bounds, shares, strict=True)
        yield tuple(end.lower + share * end.width for end, share in pairs)
