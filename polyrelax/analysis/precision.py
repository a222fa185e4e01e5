r"""Whether a relaxation finds the exact bounds, box by box.

A network :math:`h` is *precise* on a box :math:`B` under a relaxation that bounds its
output to :math:`[l, u]` if

.. math:: [l, u] = [\min h(B), \max h(B)],

and the relaxation *expresses* a function if one network that computes it is precise on
every box :cite:p:`baader2024`.  A finite family of boxes can refute that, not prove it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import combinations, pairwise, product
from typing import Final

from polyrelax.arithmetic.arguments import all_of, dimension, exact_vector
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import Scalar, rational
from polyrelax.arithmetic.words import amount
from polyrelax.errors import DimensionError, TooLargeError
from polyrelax.networks.input_sets import InputSet
from polyrelax.networks.network import Network
from polyrelax.networks.regions import exact_range
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.trace import Relaxation, propagate

_MOST_CELLS: Final = 100_000


def grid(lower: Scalar, upper: Scalar, steps: int) -> tuple[Fraction, ...]:
    """Return ``steps + 1`` equally spaced numbers from ``lower`` to ``upper``.

    >>> [str(x) for x in grid(-1, 1, 4)]
    ['-1', '-1/2', '0', '1/2', '1']
    """
    steps = dimension(steps, "a number of steps")
    if steps < 1:
        raise DimensionError(f"found {amount(steps, 'step')}, expected at least 1")
    start, end = rational(lower), rational(upper)
    return tuple(start + (end - start) * Fraction(k, steps) for k in range(steps + 1))


def segments(ends: Iterable[Fraction]) -> tuple[Polytope, ...]:
    """Return all intervals of positive length between two of the ``ends``, as polytopes.

    >>> len(segments(grid(0, 3, 12)))
    78
    """
    ends = exact_vector(ends, "ends")
    return tuple(Polytope.box([a], [b]) for a, b in combinations(sorted(ends), 2))


def cells(ends: Iterable[Fraction], dim: int) -> tuple[Polytope, ...]:
    """Return the cubes into which ``ends`` on every axis divide a cube.

    >>> len(cells(grid(0, 1, 3), 2))
    9
    """
    ends = exact_vector(ends, "ends")
    dim = dimension(dim, "a dimension")
    sides = tuple(pairwise(sorted(ends)))
    if len(sides) ** min(dim, _MOST_CELLS.bit_length()) > _MOST_CELLS:
        raise TooLargeError(f"found over {_MOST_CELLS} cells, expected at most as many")
    return tuple(
        Polytope.box([a for a, _ in cube], [b for _, b in cube])
        for cube in product(sides, repeat=dim)
    )


def exact_bounds(network: Network, domain: InputSet) -> tuple[Interval, ...]:
    """Return the range of each output over ``domain``.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> str(exact_bounds(absolute_value(), Polytope.box([-1], [2]))[0])
    '[0, 2]'
    """
    return tuple(Interval(*ends) for ends in exact_range(network, domain))


def is_precise(network: Network, domain: InputSet, relaxation: Relaxation | str) -> bool:
    """Whether the relaxation's bounds of all outputs are the exact ranges.

    >>> from polyrelax.networks.gallery import maximum
    >>> from polyrelax.relaxations.triangle import Triangle
    >>> is_precise(maximum(2), Polytope.box([0, 0], [1, 1]), Triangle())
    False
    """
    found = propagate(network, domain, relaxation).output
    return tuple(found) == exact_bounds(network, domain)


def imprecise(
    network: Network, domains: Iterable[Polytope], relaxation: Relaxation
) -> Iterator[Polytope]:
    """Yield those of the ``domains`` on which the network is not precise.

    >>> from polyrelax.networks.gallery import tent
    >>> from polyrelax.relaxations.layer_hull import LayerHull
    >>> halves = segments(grid(-1, 1, 2))
    >>> [str(box.bounds[0]) for box in imprecise(tent(), halves, LayerHull())]
    ['[-1, 1]']
    """
    domains = all_of(domains, Polytope, "polytopes")
    return (domain for domain in domains if not is_precise(network, domain, relaxation))
