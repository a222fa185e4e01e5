r"""Convex hulls of what a layer does to a polytope: of its image, and of graphs of neurons.

For a layer :math:`f` and some of its neurons, which give the values :math:`f(x)_J`,

.. math:: \operatorname{conv} f(P), \qquad \operatorname{conv} \{(x, f(x)_J) : x \in P\}

are the hulls of the values at the vertices of the parts on which these neurons are affine
(:mod:`.parts`).  Of rectifiers alone the structure is used
(:mod:`polyrelax.polytopes.relu_hull`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import assert_never

from polyrelax.arithmetic.arguments import all_of, require
from polyrelax.arithmetic.rational import Vector
from polyrelax.networks.layers import Affine, Identity, Layer, Neurons, ReLU, Unit, bending
from polyrelax.networks.neurons.relu import Rectifier
from polyrelax.networks.parts import unit_parts
from polyrelax.polytopes import relu_graph
from polyrelax.polytopes.checks import require_dimensions
from polyrelax.polytopes.complexes import Part
from polyrelax.polytopes.polytope import Polytope


def image_hull(layer: Layer, domain: Polytope) -> Polytope:
    """Return the convex hull of a layer's image of a polytope.

    >>> image_hull(ReLU(1), Polytope.box([-1], [2])) == Polytope.box([0], [2])
    True
    """
    require(layer, Layer, "a layer")
    require(domain, Polytope)
    require_dimensions([domain.dim], layer.in_dim)
    match layer:
        case Affine():
            return domain.affine_map(layer.weight, layer.bias)
        case Identity():
            return domain
        case ReLU():
            return relu_graph.relu_image_hull(domain, layer.active)
        case Neurons():
            images = (layer(x) for x in breakpoints(domain, bending(layer)))
            return Polytope.hull(images, layer.out_dim, engine=domain.engine)
        case _:
            assert_never(layer)


def graph_hull(domain: Polytope, units: Sequence[Unit]) -> Polytope:
    """Return the hull of ``(x, y)`` with the values ``y`` of neurons that read ``x``.

    >>> graph_hull(Polytope.box([-1], [1]), ReLU(1).units).vertices == ((-1, 0), (0, 0), (1, 1))
    True
    """
    units = all_of(units, Unit, "units")
    read = [j for unit in units for j in unit.inputs]
    is_plain = all(isinstance(unit.neuron, Rectifier) for unit in units)
    if is_plain and len(set(read)) == len(read):
        return relu_graph.graph_hull(domain, read)
    points = ((*x, *_values(units, x)) for x in breakpoints(domain, units))
    size = domain.dim + sum(unit.neuron.out_dim for unit in units)
    return Polytope.hull(points, size, engine=domain.engine)


def breakpoints(domain: Polytope, units: Sequence[Unit]) -> Iterator[Vector]:
    """Yield the vertices of the parts on which neurons are affine, once each.

    >>> list(breakpoints(Polytope.box([-1], [1]), ReLU(1).units)) == [(-1,), (0,), (1,)]
    True
    """
    require(domain, Polytope)
    units = all_of(units, Unit, "units")
    if domain.is_empty:
        return
    here = Affine.select(range(domain.dim), domain.dim)
    parts = unit_parts(Part.all_of(domain), units, here)
    yield from dict.fromkeys(x for _, part in parts for x in part.vertices)


def _values(units: Sequence[Unit], x: Vector) -> Iterator[Fraction]:
    for unit in units:
        yield from unit.neuron(tuple(x[j] for j in unit.inputs))
