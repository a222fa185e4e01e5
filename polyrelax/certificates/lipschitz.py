r"""Certificates of what networks of small Lipschitz constants miss.

A network whose layers have rows with :math:`\lVert w \rVert_1 \le 1` and 1-Lipschitz neurons
satisfies, for any pairs of inputs with weights :math:`\mu_i \ge 0` of sum 1,

.. math:: \sum_i \mu_i |g(p_i) - g(q_i)| \le F \max_j \sum_i \mu_i |(p_i - q_i)_j| ,

by induction over its layers, where the *fan* :math:`F` is the product of the greatest number of
values that a neuron reads in each.  So at one of these inputs it misses :math:`f` by half of
what :math:`\sum_i \mu_i |f(p_i) - f(q_i)|` is more
(:mod:`polyrelax.expressivity.contractions`).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TypeAlias

from polyrelax.arithmetic.arguments import exact, exactly, listed
from polyrelax.arithmetic.rational import ZERO, Vector, text
from polyrelax.certificates.certificate import (
    Certificate,
    Json,
    MissedStatement,
)
from polyrelax.certificates.ledger import (
    Ledger,
    Reference,
)
from polyrelax.certificates.value_forms import output_form
from polyrelax.errors import ShapeError
from polyrelax.networks.dimensions import fan_of, point_of
from polyrelax.networks.input_sets import require_read
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope

Pair: TypeAlias = tuple[Vector, Vector, Fraction]
"""Two inputs, and the weight of their difference."""


def certify_missed(
    network: Network, domain: Polytope, pairs: Sequence[Pair], *, output: int = 0, fan: int = 1
) -> Certificate:
    """Certify by how much every network of Lipschitz layers misses an output somewhere.

    The layers' rows have 1-norm at most 1, and the weights of the pairs of inputs sum 1.  With
    the ``fan`` 1 the networks' neurons read one value each.

    >>> from polyrelax.networks.gallery import maximum
    >>> one, half = Fraction(1), Fraction(1, 2)
    >>> pairs = [((ZERO, ZERO), end, half) for end in ((one, ZERO), (ZERO, one))]
    >>> str(certify_missed(maximum(2), Polytope.box([0, 0], [1, 1]), pairs).statements[0].value)
    '1/4'
    """
    require_read(network, domain)
    fan = fan_of(fan)
    pairs = [_pair(pair, network.in_dim) for pair in listed(pairs, "pairs of inputs")]
    if sum((w for _, _, w in pairs), ZERO) != 1:
        raise ShapeError("found weights of another sum, expected 1")
    ledger, form = Ledger(network, domain), output_form(network, output)
    gain = sum((w * abs(network(p)[output] - network(q)[output]) for p, q, w in pairs), ZERO)
    loads = [sum((w * abs(p[j] - q[j]) for p, q, w in pairs), ZERO) for j in range(domain.dim)]
    value = (gain - fan * max(loads)) / 2
    return ledger.certificate([MissedStatement(form, value, _add_pairs(ledger, pairs), fan)])


def _pair(pair: Pair, dim: int) -> Pair:
    first, second, weight = exactly(pair, 3, "two inputs and a weight")
    return point_of(first, dim), point_of(second, dim), exact(weight)


def _add_pairs(ledger: Ledger, pairs: Sequence[Pair]) -> Reference:
    found: Json = [[text(w), ledger.run(p), ledger.run(q)] for p, q, w in pairs]
    return ledger.add({"kind": "pairs", "pairs": found})
