r"""Linear regions of a network over a polytope, and what follows exactly from them.

The *cells* of :math:`f` on :math:`X` are the sets

.. math:: \{x \in X : \text{every neuron } i \text{ is in its piece } k_i\}

that have the dimension of :math:`X`, one for each activation pattern :math:`k` on their
relative interiors.  On a cell every layer is affine, so extreme values lie at vertices of
cells.  Neighbouring cells may share one affine map: a maximal region of linearity can be a
union of cells.

The number of cells may be exponential in the number of neurons.  Those of many neurons are
cells of one complex (:mod:`polyrelax.networks.complexes`), in arrays.  Few neurons cut one
polytope after the other, layer by layer and depth first, which needs no arrays; so do neurons
whose pieces are not cut out by whole planes, such as maxima of three.  The order is the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final, assert_never, final

from polyrelax.arithmetic.rational import Vector
from polyrelax.arithmetic.readable import readable
from polyrelax.errors import EmptySetError
from polyrelax.networks.complexes.planes import is_cut_by_planes
from polyrelax.networks.input_sets import InputSet, input_set
from polyrelax.networks.layers import (
    Affine,
    Identity,
    Layer,
    Neurons,
    ReLU,
    affine_part,
    bending,
)
from polyrelax.networks.network import Network
from polyrelax.networks.parts import unit_parts
from polyrelax.networks.pattern import ActivationPattern
from polyrelax.polytopes.complexes import Part
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.support import Support

if TYPE_CHECKING:  # numpy takes longer to import than the cells of a few neurons
    from polyrelax.networks.complexes.complex import Complex

_FEW_INPUTS: Final = 6
"""A complex has all faces of its domain, 3**n of a box of n inputs."""
_MANY: Final = 8
"""With so many neurons a complex in arrays takes less time than cutting polytopes."""


@final
@dataclass(frozen=True)
class Region:
    """A cell, its activation pattern, and the affine map that the network is on it.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> first = next(linear_regions(absolute_value(), Polytope.box([-1], [2])))
    >>> str(first.pattern), first.cell
    ('-+', Polytope.box(['-1'], ['0']))
    """

    pattern: ActivationPattern
    cell: Polytope
    linear: Affine


@final
@dataclass(frozen=True)
class _Site:
    """A region in the making: its cell is a part of the domain."""

    pattern: ActivationPattern
    part: Part
    linear: Affine

    @property
    def vertices(self) -> tuple[Vector, ...]:
        """The vertices of the cell, sorted."""
        return self.part.vertices

    def region(self) -> Region:
        """Return the region that was made."""
        return Region(self.pattern, self.part.polytope(), self.linear)


@final
@dataclass(frozen=True)
class _Cell:
    """A cell of a complex."""

    found: Complex
    number: int

    @property
    def linear(self) -> Affine:
        """The affine map."""
        return self.found.linear(self.number)

    @property
    def vertices(self) -> tuple[Vector, ...]:
        """The vertices of the cell, sorted."""
        return tuple(
            sorted(self.found.vertices[v] for v in self.found.vertices_of(self.number))
        )

    def region(self) -> Region:
        """Return the cell as a region."""
        found, number = self.found, self.number
        return Region(found.pattern(number), found.polytope(number), found.linear(number))


@final
@readable
@dataclass(frozen=True)
class Extremes:
    """The least and the greatest value of an output, each with an input that attains it.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> found = extremes(absolute_value(), Polytope.box([-1], [2]))[0]
    >>> str(found.minimum.value), str(found.maximum.value)
    ('0', '2')
    """

    minimum: Support
    maximum: Support


def linear_regions(network: Network, domain: InputSet) -> Iterator[Region]:
    """Yield the regions of ``network`` over ``domain``, depth first.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> for region in linear_regions(absolute_value(), Polytope.box([-1], [2])):
    ...     print(region.pattern, region.cell, region.linear.weight)
    -+ Polytope.box(['-1'], ['0']) ((Fraction(-1, 1),),)
    +- Polytope.box(['0'], ['2']) ((Fraction(1, 1),),)
    """
    for site in _sites(network, domain):
        yield site.region()


def cut_regions(network: Network, domain: InputSet) -> Iterator[Region]:
    """Yield the regions by cutting one polytope after the other, whatever their number.

    The first ones come at once, and memory stays small.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> len(list(cut_regions(absolute_value(), Polytope.box([-1], [2]))))
    2
    """
    for site in _cut_sites(network, domain):
        yield site.region()


def count_patterns(network: Network, domain: InputSet) -> int:
    """Return the number of activation patterns, on sets of full dimension in ``domain``.

    >>> from polyrelax.networks.gallery import tent
    >>> count_patterns(tent(), Polytope.box([-1], [1]))
    4
    """
    found = _complex(network, domain)
    return sum(1 for _ in _cut_sites(network, domain)) if found is None else found.count


def trace_vertices(network: Network, domain: InputSet) -> Iterator[tuple[Vector, ...]]:
    """Yield, for each vertex of a cell, the input and the value after each layer.

    Their convex hull is the hull of all runs ``(v^(0), ..., v^(L))`` from ``domain``.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> runs = trace_vertices(absolute_value(), Polytope.box([-1], [2]))
    >>> [str(run[-1][0]) for run in runs]
    ['1', '0', '2']
    """
    seen: set[Vector] = set()
    for site in _sites(network, domain):
        for vertex in site.vertices:
            if vertex not in seen:
                seen.add(vertex)
                yield network.activations(vertex)


def extremes(network: Network, domain: InputSet) -> tuple[Extremes, ...]:
    """Return the least and the greatest value of each output, and where they are attained.

    >>> from polyrelax.networks.gallery import tent
    >>> extremes(tent(), Polytope.box([-1], [1]))[0].maximum
    Support(value=Fraction(2, 1), point=(Fraction(0, 1),))
    """
    made = _complex(network, domain)
    if made is not None:
        outputs = range(network.out_dim)
        return tuple(Extremes(made.least(j), made.greatest(j)) for j in outputs)
    found: dict[Vector, Vector] = {}
    for site in _cut_sites(network, domain):
        new = (vertex for vertex in site.vertices if vertex not in found)
        found.update((vertex, site.linear(vertex)) for vertex in new)
    if not found:
        raise EmptySetError("found an empty input set, expected one that has points")
    return tuple(
        _extremes([Support(value[j], x) for x, value in found.items()])
        for j in range(network.out_dim)
    )


def exact_range(network: Network, domain: InputSet) -> tuple[tuple[Fraction, Fraction], ...]:
    """Return the least and the greatest value of each output.

    >>> from polyrelax.networks.gallery import tent
    >>> exact_range(tent(), Polytope.box([-1], [1]))
    ((Fraction(1, 1), Fraction(2, 1)),)
    """
    return tuple((e.minimum.value, e.maximum.value) for e in extremes(network, domain))


def exact_graph(network: Network, domain: InputSet) -> Iterator[Polytope]:
    """Yield the polytopes of the points ``(x, network(x))``, one for each cell.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> [len(part.vertices) for part in exact_graph(absolute_value(), Polytope.box([-1], [1]))]
    [2, 2]
    """
    for site in _sites(network, domain):
        points = [x + site.linear(x) for x in site.vertices]
        yield Polytope.hull(points, network.in_dim + network.out_dim)


def exact_hull(network: Network, domain: InputSet) -> Polytope:
    """Return the convex hull of the graph ``{(x, network(x)) : x in domain}``.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> for facet in exact_hull(absolute_value(), Polytope.box([-1], [1])).facets:
    ...     print(facet)
    -x0 - x1 <= 0
    x1 <= 1
    x0 - x1 <= 0
    """
    points = [run[0] + run[-1] for run in trace_vertices(network, domain)]
    return Polytope.hull(points, network.in_dim + network.out_dim)


def _sites(network: Network, domain: InputSet) -> Iterator[_Site | _Cell]:
    """Yield the regions, in the order of their patterns."""
    found = _complex(network, domain)
    if found is None:
        yield from _cut_sites(network, domain)
    else:
        yield from (_Cell(found, cell) for _, cell in found.cells)


def _complex(network: Network, domain: InputSet) -> Complex | None:
    """Return the complex of a network of many neurons, if one can be made."""
    domain = input_set(network, domain)
    units = [unit for layer in network.layers for unit in bending(layer)]
    if len(units) < _MANY or domain.dim > _FEW_INPUTS or domain.is_empty:
        return None
    if not all(is_cut_by_planes(unit.neuron) for unit in units):
        return None
    # Importing numpy takes longer than the cells of a few neurons.
    from polyrelax.networks.complexes.complex import Complex  # noqa: PLC0415

    return Complex(network, domain)


def _cut_sites(network: Network, domain: InputSet) -> Iterator[_Site]:
    """Yield the regions as parts, whose facets are sought only for cells that are shown."""
    domain = input_set(network, domain)
    if domain.is_empty:
        return
    start = Affine.select(range(domain.dim), domain.dim)
    whole = _Site(ActivationPattern(), Part.all_of(domain), start)
    yield from _refine(network.layers, whole)


def _refine(layers: tuple[Layer, ...], site: _Site) -> Iterator[_Site]:
    if not layers:
        yield site
        return
    layer, rest = layers[0], layers[1:]
    for part in _after(layer, site):
        yield from _refine(rest, part)


def _after(layer: Layer, site: _Site) -> Iterator[_Site]:
    """Yield the sites that one layer makes of one."""
    match layer:
        case Affine():
            yield replace(site, linear=layer.after(site.linear))
        case Identity():
            yield site
        case ReLU():
            passing = set(range(layer.width)) - set(layer.active)
            for signs, part in unit_parts(site.part, bending(layer), site.linear):
                on = (j for j, sign in zip(layer.active, signs, strict=True) if sign)
                linear = site.linear.keep(passing.union(on))
                yield _Site(site.pattern.then(signs), part, linear)
        case Neurons():
            units = bending(layer)
            for numbers, part in unit_parts(site.part, units, site.linear):
                pieces = (u.neuron.piece(k) for u, k in zip(units, numbers, strict=True))
                linear = affine_part(layer, pieces).after(site.linear)
                yield _Site(site.pattern.then(numbers), part, linear)
        case _:
            assert_never(layer)


def _extremes(values: list[Support]) -> Extremes:
    return Extremes(min(values, key=lambda s: s.value), max(values, key=lambda s: s.value))
