"""Certify that clamped networks are the same functions up to a constant, and their bounds.

Where f has its last layer, the clamped network has y = f - m, and its output is m + y: equal
to f on X, as 0 <= y <= M - m there.
"""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ONE, ZERO
from polyrelax.certificates.certificate import Certificate, Form, Statement
from polyrelax.certificates.certify import AT_MOST, certify_range, exact_row
from polyrelax.certificates.ledger import Ledger, Reason
from polyrelax.networks.network import Network
from polyrelax.networks.regions import exact_range
from polyrelax.networks.rewrite import clamp
from polyrelax.polytopes.polytope import Polytope

from .derive import INSTANCES, METHODS

NAMES = ("tent", "hat", "broken-line", "section-3", "maximum-2", "maximum-3")


def certificates() -> Iterator[tuple[str, Certificate]]:
    for name, (_, network, domain) in zip(NAMES, INSTANCES, strict=True):
        ends = Interval(*exact_range(network, domain)[0])
        yield f"{name}-same", same(network, domain, ends)
        yield name, certify_range(clamp(network, *ends), domain, *METHODS)


def same(network: Network, domain: Polytope, ends: Interval) -> Certificate:
    ledger, depth = Ledger(clamp(network, *ends), domain), len(network.layers)
    last = len(ledger.network.layers)
    sides: tuple[tuple[Form, Form], ...] = tuple(
        (((sign, depth, 0),), ((sign, last, 0), (-sign, depth, 0))) for sign in (ONE, -ONE)
    )
    limits = (ends.width, ZERO)
    known = [
        Reason(exact_row(ledger, form, limit), form, limit)
        for (form, _), limit in zip(sides, limits, strict=True)
    ]
    order = [(depth + 1, 0), (depth + 3, 0)]
    values = (ends.lower, -ends.lower)
    statements = []
    for (_, form), value in zip(sides, values, strict=True):
        node = exact_row(ledger, form, value, assumed=known, order=order)
        statements.append(Statement("exact", form, AT_MOST, value, node))
    return ledger.certificate(statements)
