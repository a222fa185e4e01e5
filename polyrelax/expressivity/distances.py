r"""How far two networks are from each other on a polytope, in the maximum norm.

The difference of two piecewise linear functions is one; on a cell of the network that computes
both it is affine, so :math:`\max_{x \in P} |f(x) - g(x)|` is attained at a vertex of a cell
(:mod:`polyrelax.networks.regions`).  The number of cells may be exponential in the neurons.
"""

from __future__ import annotations

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.rational import ONE, ZERO
from polyrelax.errors import DimensionError
from polyrelax.networks.layers import Affine
from polyrelax.networks.network import Network, concatenate
from polyrelax.networks.regions import extremes
from polyrelax.networks.rewrite import fold
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.support import Support


def difference(first: Network, second: Network) -> Network:
    """Return the network of ``x -> first(x) - second(x)``.

    >>> double = Network((Affine.dense([[2]]),))
    >>> difference(double, double)((ONE,))
    (Fraction(0, 1),)
    """
    require(first, Network)
    require(second, Network)
    if first.out_dim != second.out_dim:
        raise DimensionError(
            f"the networks give {first.out_dim} and {second.out_dim} values, "
            "expected the same number"
        )
    size = first.out_dim
    rows = tuple(((j, ONE), (size + j, -ONE)) for j in range(size))
    less = Affine(rows, (ZERO,) * size, 2 * size)
    return fold([*concatenate(first, second).layers, less])


def distance(first: Network, second: Network, domain: Polytope) -> Support:
    """Return the greatest difference of two networks' outputs, and a point that attains it.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> line = Network((Affine.dense([[1]]),))
    >>> farthest = distance(absolute_value(), line, Polytope.box([-2], [1]))
    >>> str(farthest.value), [str(x) for x in farthest.point]
    ('4', ['-2'])
    """
    ends = [
        Support(abs(end.value), end.point)
        for found in extremes(difference(first, second), domain)
        for end in (found.minimum, found.maximum)
    ]
    return max(ends, key=lambda end: end.value)
