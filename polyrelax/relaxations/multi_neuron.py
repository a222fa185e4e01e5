r"""Multi-neuron relaxations, layer by layer: k-ReLU and M_k.

Write :math:`S` for the relaxed set of the values :math:`z` before a ReLU layer and
:math:`S_J` for its projection to the neurons in :math:`J`.

* **k-ReLU** :cite:p:`singh2019beyond` intersects the triangles with
  :math:`\operatorname{conv}\{(z_J, \max(z_J, 0)) : z_J \in P_J\}` for groups :math:`J` of
  :math:`k` neurons, where :math:`P_J = S_J`, or where that is out of reach, the
  *octahedron* around it, whose facets have the normals :math:`\{-1,0,1\}^k`.
* **M_k** :cite:p:`mao2024` intersects
  :math:`\operatorname{conv}\{(z, \max(z_J, 0)) : z \in S\}` over all groups of :math:`k`
  outputs: it sees the whole input of the layer, even for :math:`k = 1`.

Both are the triangle's equals or tighter; k-ReLU with one group of all neurons and exact
:math:`S` is the hull of the layer, and so is M_k when :math:`k` is the width.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product

from polyrelax.arithmetic.interval import require_bits, round_down
from polyrelax.arithmetic.linalg import rank
from polyrelax.arithmetic.rational import ZERO, Vector, vector
from polyrelax.errors import GroupingError
from polyrelax.networks.layers import Affine, ReLU
from polyrelax.networks.network import Network
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.relu_graph import graph_hull, relu_graph_hull
from polyrelax.relaxations.layerwise import Coupling, Layerwise, rectified, unstable
from polyrelax.relaxations.program_set import ProgramSet
from polyrelax.relaxations.relaxed_set import LARGEST_EXPLICIT_DIMENSION, explicit_polytope
from polyrelax.relaxations.trace import Relaxation

Group = tuple[int, ...]


LARGEST_PROJECTION = 4
"""The largest dimension in which groups see their exact projection, and not its octahedron."""


def groups_of(size: int, neurons: Group) -> tuple[Group, ...]:
    """Return all groups of ``size`` neurons, or the one group of all if they are fewer.

    >>> groups_of(2, (0, 1, 3)), groups_of(2, (4,))
    (((0, 1), (0, 3), (1, 3)), ((4,),))
    """
    return tuple(combinations(neurons, min(size, len(neurons)))) if neurons else ()


@dataclass(frozen=True)
class KReLU:
    """The triangles and the hulls of groups of ``size`` (input, output) pairs.

    ``groups`` lists the groups by layer index; without it, all groups of unstable neurons
    are taken.  A group sees the exact projection of the relaxed set if this has at most four
    dimensions, as those of a layer of four inputs have; others, and with ``bits`` all, see
    their octahedron.  With ``bits``, bounds are
    rounded outward.

    >>> from polyrelax.networks.gallery import two_relu_example
    >>> network, domain = two_relu_example(), Polytope.box([-1, -1], [1, 1])
    >>> [str(s.bounds[0]) for s in KReLU(2).sets(network, domain)][-1]
    '[0, 2]'
    """

    size: int
    groups: tuple[tuple[int, tuple[Group, ...]], ...] | None = None
    bits: int | None = None
    neurons: Relaxation | None = None

    @property
    def name(self) -> str:
        """The name that the command line knows it by."""
        return f"krelu:{self.size}"

    def __post_init__(self) -> None:
        require_bits(self.bits)
        _require_size(self.size)
        listed = [group for _, groups in self.groups or () for group in groups]
        for group in listed:
            if not 1 <= len(set(group)) == len(group) <= self.size:
                raise GroupingError(f"found group {group}, expected 1 to {self.size} neurons")

    def sets(self, network: Network, domain: Polytope) -> Iterator[ProgramSet]:
        """Yield the set of inputs and the set after each layer.

        Raises :class:`GroupingError` where ``groups`` do not fit the network.
        """
        self._require_fit(network)
        return Layerwise(self.bits, self.neurons, self._couple).sets(network, domain)

    def _require_fit(self, network: Network) -> None:
        indices = [index for index, _ in self.groups or ()]
        for index, groups in self.groups or ():
            layer = network.layers[index] if 0 <= index < len(network.layers) else None
            if not isinstance(layer, ReLU) or indices.count(index) > 1:
                raise GroupingError(
                    f"found groups of layer {index}, expected one list for "
                    "each of some ReLU layers"
                )
            foreign = [group for group in groups if not set(group) <= set(layer.active)]
            if foreign:
                raise GroupingError(f"found groups {foreign}, which are not of layer {index}")

    def _couple(self, index: int, layer: ReLU, relaxed: ProgramSet) -> Iterator[Coupling]:
        for group in self._chosen(index, layer, relaxed):
            projection = relaxed.project(group)
            is_exact = self.bits is None and _has_few_dimensions(projection)
            enclosure = explicit_polytope(projection) if is_exact else octahedron(projection)
            yield Coupling(group, group, relu_graph_hull(enclosure))

    def _chosen(self, index: int, layer: ReLU, relaxed: ProgramSet) -> Iterable[Group]:
        if self.groups is None:
            return (
                groups_of(self.size, unstable(layer, relaxed.bounds)) if self.size > 1 else ()
            )
        return dict(self.groups).get(index, ())


def _has_few_dimensions(relaxed: ProgramSet) -> bool:
    """Whether a set is known to have at most the dimension in which projections are exact.

    Its coordinates are affine forms, so it has at most as many as these are independent.
    """
    if relaxed.dim > LARGEST_EXPLICIT_DIMENSION:
        return False
    forms = [dict(form.coefficients) for form in relaxed.coordinates]
    variables = sorted(set().union(*forms))
    rows = [tuple(form.get(j, ZERO) for j in variables) for form in forms]
    return rank(rows, len(variables)) <= LARGEST_PROJECTION


def octahedron(relaxed: ProgramSet) -> Polytope:
    """Return the polytope of all proved bounds in the directions ``{-1, 0, 1}**k``.

    >>> triangle = Polytope.hull([[0, 0], [2, 0], [0, 1]], 2)
    >>> octahedron(ProgramSet.of_polytope(triangle)) == triangle
    False
    """
    directions = [vector(c) for c in product((-1, 0, 1), repeat=relaxed.dim) if any(c)]
    bounds = {c: _ceiling(relaxed.upper_bound(c), relaxed.bits) for c in directions}
    kept = [c for c in directions if len(parts := _parts(c)) == 1 or _gains(c, parts, bounds)]
    return Polytope.intersection([Constraint(c, bounds[c]) for c in kept], relaxed.dim)


def _parts(direction: Vector) -> tuple[Vector, ...]:
    """Return the directions along the axes that add up to a direction."""
    indices = [j for j, s in enumerate(direction) if s]
    return tuple(tuple(s if i == j else ZERO for i, s in enumerate(direction)) for j in indices)


def _gains(c: Vector, parts: Iterable[Vector], bounds: Mapping[Vector, Fraction]) -> bool:
    """Whether the bound in a direction says more than those of its parts together."""
    return bounds[c] < sum(bounds[part] for part in parts)


def _ceiling(value: Fraction, bits: int | None) -> Fraction:
    return value if bits is None else -round_down(-value, bits)


def _require_size(size: int) -> None:
    if size < 1:
        raise GroupingError(f"found groups of {size} neurons, expected at least 1")


@dataclass(frozen=True)
class LayerNeurons:
    """M_k: hulls over all inputs of a layer and ``size`` of its outputs.

    The set before each ReLU layer is made explicit, so layers must be narrow.

    >>> from polyrelax.networks.gallery import maximum
    >>> sets = LayerNeurons(1).sets(maximum(2), Polytope.box([0, 0], [1, 1]))
    >>> [str(relaxed.bounds[0]) for relaxed in sets][-1]
    '[0, 1]'
    """

    size: int
    bits: None = None

    def __post_init__(self) -> None:
        _require_size(self.size)

    @property
    def name(self) -> str:
        """The name that the command line knows it by."""
        return f"m:{self.size}"

    def sets(self, network: Network, domain: Polytope) -> Iterator[ProgramSet]:
        """Yield the set of inputs and the set after each layer."""
        relaxed = ProgramSet.of_polytope(domain)
        yield relaxed
        for layer in network.layers:
            if isinstance(layer, Affine):
                relaxed = relaxed.image(layer)
            if isinstance(layer, ReLU):
                relaxed = self._after(explicit_polytope(relaxed), layer)
            yield relaxed

    def _after(self, domain: Polytope, layer: ReLU) -> ProgramSet:
        relaxed = ProgramSet.of_polytope(domain)
        everything = tuple(range(domain.dim))
        groups = groups_of(self.size, unstable(layer, relaxed.bounds))
        couplings = [Coupling(everything, group, graph_hull(domain, group)) for group in groups]
        return rectified(relaxed, layer, relaxed.bounds, couplings)
