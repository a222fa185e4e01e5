r"""Certified radii: the greatest ball around a point in which a network is proved robust.

A method of :mod:`polyrelax.relaxations.barrier` bounds :math:`y_j - y_c` for all other classes
on a ball; where all bounds are negative, the radius is certified.  The method's radius is
found in floats (:mod:`polyrelax.verification.last_positive`), as the last one at which their
bounds are negative; there they are proved.  Where the proof fails, smaller radii are tried, and
then those between the greatest that is proved and the least that is not, until both are as near
to each other as the tolerance says.

Each method starts at the radius of the looser ones, with their proof, so that
``lp-all`` :math:`\ge` ``lp-last`` :math:`\ge` ``lp-greedy`` on every point.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from typing import Final, TypeAlias, final

import numpy as np

from polyrelax.arithmetic.arguments import exact, require
from polyrelax.arithmetic.rational import ZERO, from_float, shown
from polyrelax.errors import ShapeError, TooLargeError, UnknownNameError
from polyrelax.relaxations.barrier import LP_GREEDY, METHODS, BarrierMethod, ProvedForms
from polyrelax.relaxations.float_bounds import FloatNetwork
from polyrelax.relaxations.group_barrier import GROUPS, GroupMethod
from polyrelax.verification.balls import Labelled
from polyrelax.verification.last_positive import last_positive

Method: TypeAlias = BarrierMethod | GroupMethod
"""A method that certifies radii."""
EVERY: Final[tuple[Method, ...]] = (*METHODS, *GROUPS)
"""From the loosest to the tightest."""
TOLERANCES: Final = {method.name: Fraction(1, 200) for method in EVERY} | {
    LP_GREEDY.name: Fraction(1, 10**6)
}
"""How much larger, at most, a radius is at which a method fails."""

_HALF, _HALVINGS = 0.5, 40
_SHORT: Final = 2.0**-24
"""So much nearer than where floats see the margin end, rounding hides it no longer."""


@final
@dataclass(frozen=True)
class CertifiedRadius:
    """A radius, and the proof that the network is robust so far; without one it is 0."""

    radius: Fraction
    proof: ProvedForms | None


NOTHING: Final = CertifiedRadius(ZERO, None)


def certified_radius(
    point: Labelled, method: Method, tolerance: Fraction | None = None
) -> CertifiedRadius:
    """Return the radius that a method certifies, to a relative tolerance.

    That of pairs begins at the radius of ``lp-all``, that of triples at that of pairs.  Raises
    :class:`ShapeError` for a tolerance that is not above 0 and at most 1,
    :class:`TooLargeError` for numbers beyond all floats.

    Around (1, 0), ``x > y`` holds up to the distance 1/2:

    >>> from polyrelax.networks.network import network
    >>> plane = network(([[1, 0], [0, 1]], [0, 0]))
    >>> found = certified_radius(Labelled.of(plane, (Fraction(1), ZERO)), LP_GREEDY)
    >>> Fraction(499999, 10**6) < found.radius < Fraction(1, 2)
    True
    """
    require(method, Method, "a method")
    found = NOTHING
    for each, better in zip(METHODS, certified_radii(point, tolerance), strict=True):
        found = better
        if each == method:
            return found
    for group in GROUPS:
        if found.proof is not None:
            found = _by_groups(group, found, point, tolerance)
        if group == method:
            break
    return found


def _by_groups(
    method: GroupMethod, known: CertifiedRadius, point: Labelled, tolerance: Fraction | None
) -> CertifiedRadius:
    """Return the radius that groups certify, at least what is known; each step is proved."""
    proofs: dict[float, ProvedForms] = {}

    def margin(radius: float) -> float:
        try:
            proof = method.proved(point.network, point.ball(from_float(radius)), point.rivals)
        except TooLargeError:
            return -np.inf
        if max(proof.values) < 0:
            proofs[radius] = proof
        return float(-max(proof.values))

    narrow = float(TOLERANCES[method.name] if tolerance is None else tolerance)
    low, _ = last_positive(margin, float(known.radius), narrow)
    better = from_float(low) > known.radius and low in proofs
    return CertifiedRadius(from_float(low), proofs[low]) if better else known


def certified_radii(
    point: Labelled, tolerance: Fraction | None = None
) -> Iterator[CertifiedRadius]:
    """Yield the radii of all methods, each at least the one before.

    >>> from polyrelax.networks.network import network
    >>> plane = network(([[1, 0], [0, 1]], [0, 0]))
    >>> radii = [found.radius for found in certified_radii(Labelled.of(plane, (1, 0)))]
    >>> len(radii), radii == sorted(radii)
    (3, True)
    """
    require(point, Labelled)
    tolerance = _allowed(tolerance)
    floats, found = FloatNetwork.of(point.network), NOTHING
    for method in METHODS:
        if method is METHODS[0] or found.proof is not None:
            allowed = TOLERANCES[method.name] if tolerance is None else tolerance
            found = _improved(found, point, floats, method, allowed)
        yield found


def method_named(name: str) -> Method:
    """Return the method called ``name``.

    >>> method_named("lp-first")
    Traceback (most recent call last):
    polyrelax.errors.UnknownNameError: found method 'lp-first', expected one of lp-greedy, \
lp-last, lp-all, krelu:2, krelu:3
    """
    require(name, str)
    for method in EVERY:
        if method.name == name:
            return method
    expected = ", ".join(method.name for method in EVERY)
    raise UnknownNameError(f"found method {shown(name)}, expected one of {expected}")


def proved_at(point: Labelled, method: Method, radius: Fraction) -> ProvedForms | None:
    """Return the proof that a network is robust up to a radius, if a method has one.

    >>> from polyrelax.networks.network import network
    >>> plane = network(([[1, 0], [0, 1]], [0, 0]))
    >>> x = Labelled.of(plane, (Fraction(1), ZERO))
    >>> found = [proved_at(x, LP_GREEDY, Fraction(k, 4)) is None for k in (1, 2)]
    >>> found
    [False, True]
    """
    require(point, Labelled)
    require(method, Method, "a method")
    proof = method.proved(point.network, point.ball(radius), point.rivals)
    return proof if max(proof.values) < 0 else None


def _allowed(tolerance: Fraction | None) -> Fraction | None:
    """Return a tolerance as an exact number, if there is one."""
    if tolerance is None:
        return None
    known = exact(tolerance)
    if not 0 < known <= 1:
        raise ShapeError(f"found the tolerance {shown(known)}, expected one above 0, at most 1")
    return known


def _improved(
    known: CertifiedRadius,
    point: Labelled,
    floats: FloatNetwork,
    method: BarrierMethod,
    tolerance: Fraction,
) -> CertifiedRadius:
    """Return the radius of a method, at least what is known."""
    forms, foretold = point.rivals.doubles(), method.in_floats

    def margin(radius: float) -> float:
        with np.errstate(all="ignore"):
            value = -foretold.maxima(floats, point.ball_in_floats(radius), forms).max()
        return float(value) if np.isfinite(value) else -np.inf

    start, narrow = float(known.radius), 0.75 * float(tolerance)
    low, _ = last_positive(margin, start, narrow)
    failing = known.radius
    for radius in _shorter(low, narrow / 16):
        if radius <= known.radius:
            break
        proof = proved_at(point, method, radius)
        if proof is not None:
            known = CertifiedRadius(radius, proof)
            break
        failing = radius
    return _narrowed(known, failing, point, method, tolerance)


def _shorter(radius: float, step: float) -> Iterator[Fraction]:
    """Yield radii below one, each farther from it than the one before, at last halves."""
    for attempt in count():
        share = step * (2**attempt - 1)
        if share > _HALF:
            break
        yield from_float(radius * (1 - min(step, _SHORT) - share))
    for power in range(1, _HALVINGS):
        yield from_float(radius * _HALF**power)


def _narrowed(
    known: CertifiedRadius,
    failing: Fraction,
    point: Labelled,
    method: Method,
    tolerance: Fraction,
) -> CertifiedRadius:
    """Return a radius that is certified and near to one at which the method fails.

    Where floats see farther than proofs reach, proofs decide where it does.
    """
    while 0 < known.radius * (1 + tolerance) < failing:
        radius = from_float(float((known.radius + failing) / 2))
        if not known.radius < radius < failing:
            break  # no double is between them
        proof = proved_at(point, method, radius)
        if proof is None:
            failing = radius
        else:
            known = CertifiedRadius(radius, proof)
    return known
