"""Certify the witnesses for r = 1, ..., 6, with P_r and P_{r+1}, and the one with skips."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range

from .derive import SEGMENT, bent_in_turn, zero_network


def certificates() -> Iterator[tuple[str, Certificate]]:
    yield "skips", certify_range(bent_in_turn(), SEGMENT, "exact", "p:1", "p:2")
    for identities in range(5):
        radii = (1, 2, 3) if identities == 0 else (identities + 2, identities + 3)
        names = [f"p:{r}" for r in radii]
        yield (
            f"zero-{identities}",
            certify_range(zero_network(identities), SEGMENT, "exact", *names),
        )
