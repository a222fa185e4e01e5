"""Bounds of small networks with the verdict of the checker, for those who only want to show it.

The checker reads the text of the certificate, as it would from a file: a verdict is about what
can be stored, not about values in memory.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, final

from polyrelax.arithmetic.arguments import require, whole
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.readable import readable
from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.certificates.check import RejectedError, UnreadableError, check
from polyrelax.errors import TooLargeError
from polyrelax.networks.layers import rectified
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope

SMALL: Final = 8
"""The number of ReLU neurons up to which a certificate takes seconds at most."""


@final
@readable
@dataclass(frozen=True)
class Judgement:
    """What the checker says of the certificate of one output's range on a relaxation."""

    relaxation: str
    output: int
    range: Interval
    is_accepted: bool
    told: str
    certificate: Certificate = field(repr=False)

    def __str__(self) -> str:
        return f"{'accepted' if self.is_accepted else 'rejected'}: {self.told}"


def verdicts(
    network: Network, domain: Polytope, relaxation: str, *, limit: int = SMALL
) -> tuple[Judgement, ...]:
    """Return, for each output, its range on a relaxation and the checker's verdict on it.

    ``told`` is the claim in the checker's words, or the node and the reason of a rejection;
    ``certificate.dumps()`` is the file for ``polyrelax check``.  The time grows
    exponentially with the number of ReLU neurons for ``exact``, ``p:R``, ``m:K`` and
    ``krelu:K``: networks with more than ``limit`` of them raise :class:`TooLargeError`.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> [found] = verdicts(absolute_value(), Polytope.box([-1], [2]), "ibp")
    >>> str(found.range), str(found)[:37]
    ('[0, 3]', 'accepted: ibp: 1 v(3, 0) <= 3; ibp: 1')
    """
    require(network, Network)
    limit = whole(limit, "a whole number")
    size = sum(len(rectified(layer)) for layer in network.layers)
    if size > limit:
        raise TooLargeError(f"found {size} ReLU neurons, expected at most {limit}")
    outputs = range(network.out_dim)
    return tuple(_verdict(network, domain, relaxation, output) for output in outputs)


def _verdict(network: Network, domain: Polytope, relaxation: str, output: int) -> Judgement:
    certificate = certify_range(network, domain, relaxation, output=output)
    upper, _, lower, _ = certificate.values
    is_accepted, told = _judged(certificate.dumps())
    ends = Interval(-lower, upper)
    return Judgement(relaxation, output, ends, is_accepted, told, certificate)


def _judged(text: str) -> tuple[bool, str]:
    try:
        return True, check(text)
    except (RejectedError, UnreadableError) as error:
        return False, str(error)
