"""Certify for which alpha some s satisfies floor(alpha (6 + 2 s)) <= s.

No integer s does iff alpha (6 + 2 s) >= s + 1.  With u = 1 / (1 + s) this is
v(u) = 1 - alpha (2 + 4 u) <= 0, a statement about a network without neurons.  It holds on
0 <= u <= 1, that is for all s, if alpha >= 1/2.  If alpha < 1/2 and s is the least solution,
it holds for 1/s <= u <= 1, that is for all smaller ones, and not at u = 1 / (1 + s).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from polyrelax.arithmetic.rational import ONE
from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_maximum
from polyrelax.networks.network import Network, network
from polyrelax.polytopes.polytope import Polytope

LEAST = {"1/4": 2, "2/5": 8, "49/100": 98}
NONE = ("1/2", "2/3", "3/4", "9/10", "99/100")
FORM = ((ONE, 1, 0),)


def certificates() -> Iterator[tuple[str, Certificate]]:
    for alpha, s in LEAST.items():
        name, fails = alpha.replace("/", "-"), excess(Fraction(alpha))
        below, here = Polytope.box([Fraction(1, s)], [1]), Fraction(1, 1 + s)
        yield f"{name}-none-below", certify_maximum(fails, below, "exact", FORM)
        there = Polytope.box([here], [here])
        yield f"{name}-least", certify_maximum(fails, there, "exact", FORM)
    for alpha in NONE:
        everywhere = Polytope.box([0], [1])
        fails = excess(Fraction(alpha))
        yield alpha.replace("/", "-"), certify_maximum(fails, everywhere, "exact", FORM)


def excess(alpha: Fraction) -> Network:
    return network(([[-4 * alpha]], [1 - 2 * alpha]))
