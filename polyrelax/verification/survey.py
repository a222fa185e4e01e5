"""What is found of one image: its certified radius, or a verdict at a given one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import final

from polyrelax.arithmetic.arguments import exact, require
from polyrelax.arithmetic.rational import shown
from polyrelax.arithmetic.readable import readable
from polyrelax.certificates.forms import certify_forms
from polyrelax.errors import ShapeError
from polyrelax.relaxations.barrier import ProvedForms
from polyrelax.verification.attacks import Attack, attacked, attacked_within
from polyrelax.verification.balls import Labelled
from polyrelax.verification.radii import EVERY, Method, certified_radius, proved_at


@final
class Verdict(StrEnum):
    """What is known of a network on a ball."""

    CERTIFIED = "certified"
    REFUTED = "refuted"
    UNKNOWN = "unknown"


@final
@readable
@dataclass(frozen=True)
class Bracket:
    """A radius that is certified, and the distance of a counterexample, if one is known.

    >>> Bracket(Fraction(2), Fraction(1))
    Traceback (most recent call last):
    polyrelax.errors.ShapeError: found the certified radius 2 and a counterexample at 1, \
expected it beyond the radius
    """

    lower: Fraction
    upper: Fraction | None = None

    def __post_init__(self) -> None:
        lower = exact(self.lower)
        upper = None if self.upper is None else exact(self.upper)
        object.__setattr__(self, "lower", lower)
        object.__setattr__(self, "upper", upper)
        if lower < 0:
            raise ShapeError(f"found the radius {shown(lower)}, expected at least 0")
        if upper is not None and upper <= lower and (lower or upper):
            found = f"found the certified radius {shown(lower)}"
            nearer = f"a counterexample at {shown(upper)}"
            raise ShapeError(f"{found} and {nearer}, expected it beyond the radius")


@final
@dataclass(frozen=True)
class Radius:
    """A certified radius, a counterexample, and the certificate's text if it was asked for."""

    label: int
    lower: Fraction
    attack: Attack | None
    certificate: str | None = None

    @property
    def bracket(self) -> Bracket:
        """What is known, as numbers alone."""
        return Bracket(self.lower, None if self.attack is None else self.attack.radius)


@final
@dataclass(frozen=True)
class AtRadius:
    """A verdict, and what shows it."""

    label: int
    verdict: Verdict
    attack: Attack | None = None
    certificate: str | None = None


def radius_of(
    point: Labelled,
    method: Method,
    tolerance: Fraction | None = None,
    *,
    certifies: bool = False,
) -> Radius:
    """Return the radius that a method certifies around a point, and a counterexample.

    >>> from polyrelax.networks.network import network
    >>> plane = network(([[1, 0], [0, 1]], [0, 0]))
    >>> found = radius_of(Labelled.of(plane, (Fraction(1), Fraction(0))), EVERY[0])
    >>> found.lower < Fraction(1, 2) <= found.attack.radius
    True
    """
    require(certifies, bool)
    found = certified_radius(point, method, tolerance)
    made = _certificate(found.proof) if certifies else None
    return Radius(point.label, found.radius, attacked(point), made)


def verdict_at(
    point: Labelled, method: Method, radius: Fraction, *, certifies: bool = False
) -> AtRadius:
    """Return what is known of the ball of a radius, by the quickest method that proves it.

    >>> from polyrelax.networks.network import network
    >>> plane = network(([[1, 0], [0, 1]], [0, 0]))
    >>> point = Labelled.of(plane, (Fraction(1), Fraction(0)))
    >>> [verdict_at(point, EVERY[0], Fraction(k, 5)).verdict.value for k in (2, 3)]
    ['certified', 'refuted']
    """
    require(method, Method, "a method")
    require(certifies, bool)
    attack = attacked_within(point, radius)
    if attack is not None:
        return AtRadius(point.label, Verdict.REFUTED, attack)
    for each in EVERY[: EVERY.index(method) + 1]:
        proof = proved_at(point, each, radius)
        if proof is not None:
            made = _certificate(proof) if certifies else None
            return AtRadius(point.label, Verdict.CERTIFIED, certificate=made)
    return AtRadius(point.label, Verdict.UNKNOWN)


def _certificate(proof: ProvedForms | None) -> str | None:
    return None if proof is None else certify_forms(proof).dumps()
