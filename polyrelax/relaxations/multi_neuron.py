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

Neurons of other kinds take the place of :math:`\max(\cdot, 0)` with all that they read and
give; in a group, a neuron is named by the first of its values.

Both are the triangle's equals or tighter; k-ReLU with one group of all neurons and exact
:math:`S` is the hull of the layer, and so is M_k when :math:`k` is the width.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import combinations, product

from polyrelax.arithmetic.arguments import exactly, listed, require, whole, wholes
from polyrelax.arithmetic.interval import require_bits, round_down
from polyrelax.arithmetic.linalg import rank
from polyrelax.arithmetic.rational import ZERO, Vector, vector
from polyrelax.arithmetic.words import amount
from polyrelax.errors import GroupingError
from polyrelax.networks.hulls import graph_hull
from polyrelax.networks.input_sets import require_read
from polyrelax.networks.layers import Affine, Layer, Unit, bending
from polyrelax.networks.network import Network
from polyrelax.networks.walk import Bending, states
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.layerwise import Layerwise, bent, unstable
from polyrelax.relaxations.program_set import ProgramSet
from polyrelax.relaxations.progress import NOBODY, Kind, Listener, Piece
from polyrelax.relaxations.relaxed_set import LARGEST_EXPLICIT_DIMENSION, explicit_polytope
from polyrelax.relaxations.trace import Relaxation
from polyrelax.systems.couplings import Coupling

Group = tuple[int, ...]


LARGEST_PROJECTION = 4
"""The largest dimension in which groups see their exact projection, and not its octahedron."""


def _grouped(entry: tuple[int, tuple[Group, ...]]) -> tuple[int, tuple[Group, ...]]:
    index, groups = exactly(entry, 2, "a layer and its groups")
    return index, tuple(wholes(group, "neurons") for group in listed(groups, "groups"))


def groups_of(size: int, neurons: Group) -> tuple[Group, ...]:
    """Return all groups of ``size`` neurons, or the one group of all if they are fewer.

    >>> groups_of(2, (0, 1, 3)), groups_of(2, (4,))
    (((0, 1), (0, 3), (1, 3)), ((4,),))
    """
    _require_size(size)
    neurons = wholes(neurons, "neurons")
    return tuple(combinations(neurons, min(size, len(neurons)))) if neurons else ()


@dataclass(frozen=True)
class KReLU:
    """The triangles and the hulls of groups of ``size`` (input, output) pairs.

    ``groups`` lists the groups by layer index; without it, all groups of unstable neurons
    are taken.  A group sees the exact projection of the relaxed set if this has at most
    ``projections`` dimensions (``None`` for any), as those of a layer of as many inputs have;
    others, and with ``bits`` all, see their octahedron.  With ``bits``, bounds are
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
    projections: int | None = field(default=LARGEST_PROJECTION, kw_only=True)
    work: Listener = field(default=NOBODY, compare=False, repr=False, kw_only=True)

    @property
    def name(self) -> str:
        """The name that the command line knows it by."""
        return f"krelu:{self.size}"

    def __post_init__(self) -> None:
        require_bits(self.bits)
        _require_size(self.size)
        if self.projections is not None:
            whole(self.projections, "a number of dimensions")
        if self.groups is not None:
            object.__setattr__(
                self, "groups", tuple(map(_grouped, listed(self.groups, "groups")))
            )
        for group in (group for _, groups in self.groups or () for group in groups):
            if not 1 <= len(set(group)) == len(group) <= self.size:
                raise GroupingError(f"found group {group}, expected 1 to {self.size} neurons")

    def sets(self, network: Network, domain: Polytope) -> Iterator[ProgramSet]:
        """Yield the set of inputs and the set after each layer.

        Raises :class:`GroupingError` where ``groups`` do not fit the network.
        """
        require_read(network, domain)
        self._require_fit(network)
        run = Layerwise(self.bits, self.neurons, self._couple, work=self.work)
        return run.sets(network, domain)

    def _require_fit(self, network: Network) -> None:
        indices = [index for index, _ in self.groups or ()]
        for index, groups in self.groups or ():
            layers = network.layers[index : index + 1] if index >= 0 else ()
            known = {unit.outputs[0] for layer in layers for unit in bending(layer)}
            if not known or indices.count(index) > 1:
                raise GroupingError(
                    f"found groups of layer {index}, expected layers of neurons, each once"
                )
            foreign = [group for group in groups if not set(group) <= known]
            if foreign:
                found = ";".join(",".join(map(str, group)) for group in foreign)
                raise GroupingError(f"found groups {found}, which are not of layer {index}")

    def _couple(self, index: int, layer: Layer, relaxed: ProgramSet) -> Iterator[Coupling]:
        neurons = {unit.outputs[0]: unit for unit in bending(layer)}
        for group in self._chosen(index, layer, relaxed):
            units = [neurons[j] for j in group]
            read = tuple(sorted({j for unit in units for j in unit.inputs}))
            projection = relaxed.project(read)
            is_exact = self.bits is None and _is_within(projection, self.projections)
            enclosure = explicit_polytope(projection) if is_exact else octahedron(projection)
            inner = [replace(u, inputs=tuple(map(read.index, u.inputs))) for u in units]
            self.work(Piece(Kind.HULL, f"of {amount(len(group), 'neuron')}"))
            hull = graph_hull(enclosure, inner)
            _ = hull.constraints  # found when first asked for, and the work that was told of
            yield Coupling(read, _values(units), enclosure, hull)

    def _chosen(self, index: int, layer: Layer, relaxed: ProgramSet) -> Iterable[Group]:
        if self.groups is not None:
            return dict(self.groups).get(index, ())
        if self.size == 1:
            return ()
        bends = unstable(layer, relaxed.bounds)
        return groups_of(self.size, tuple(unit.outputs[0] for unit in bends))


def _values(units: Iterable[Unit]) -> Group:
    return tuple(j for unit in units for j in unit.outputs)


def _is_within(relaxed: ProgramSet, dimensions: int | None) -> bool:
    """Whether a set is known to have at most so many dimensions.

    Its coordinates are affine forms, so it has at most as many as these are independent.
    """
    if dimensions is None:
        return True
    if relaxed.dim > LARGEST_EXPLICIT_DIMENSION:
        return False
    forms = [dict(form.coefficients) for form in relaxed.coordinates]
    variables = sorted(set().union(*forms))
    rows = [tuple(form.get(j, ZERO) for j in variables) for form in forms]
    return rank(rows, len(variables)) <= dimensions


def octahedron(relaxed: ProgramSet) -> Polytope:
    """Return the polytope of all proved bounds in the directions ``{-1, 0, 1}**k``.

    >>> triangle = Polytope.hull([[0, 0], [2, 0], [0, 1]], 2)
    >>> octahedron(ProgramSet.of_polytope(triangle)) == triangle
    False
    """
    require(relaxed, ProgramSet)
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
    if whole(size, "a number of neurons") < 1:
        raise GroupingError(f"found groups of {amount(size, 'neuron')}, expected at least 1")


def _image(relaxed: ProgramSet, layer: Affine, _index: int) -> ProgramSet:
    return relaxed.image(layer)


@dataclass(frozen=True)
class LayerNeurons:
    """M_k: hulls over all inputs of a layer and ``size`` of its neurons.

    The set before each layer of neurons is made explicit, so layers must be narrow.

    >>> from polyrelax.networks.gallery import maximum
    >>> sets = LayerNeurons(1).sets(maximum(2), Polytope.box([0, 0], [1, 1]))
    >>> [str(relaxed.bounds[0]) for relaxed in sets][-1]
    '[0, 1]'
    """

    size: int
    bits: None = None
    work: Listener = field(default=NOBODY, compare=False, repr=False, kw_only=True)

    def __post_init__(self) -> None:
        _require_size(self.size)

    @property
    def name(self) -> str:
        """The name that the command line knows it by."""
        return f"m:{self.size}"

    def sets(self, network: Network, domain: Polytope) -> Iterator[ProgramSet]:
        """Yield the set of inputs and the set after each layer."""
        require_read(network, domain)
        start = ProgramSet.of_polytope(domain, work=self.work)
        return states(network, start, _image, self._after)

    def _after(self, before: ProgramSet, layer: Bending, _index: int) -> ProgramSet:
        domain = explicit_polytope(before)
        relaxed = ProgramSet.of_polytope(domain, work=self.work)
        bends = unstable(layer, relaxed.bounds)
        groups = combinations(bends, min(self.size, len(bends))) if bends else ()
        couplings = [self._coupling(domain, group) for group in groups]
        return bent(relaxed, layer, relaxed.bounds, couplings)

    def _coupling(self, domain: Polytope, units: Sequence[Unit]) -> Coupling:
        self.work(
            Piece(
                Kind.HULL,
                f"of {amount(domain.dim, 'input')} and {amount(len(units), 'neuron')}",
            )
        )
        hull = graph_hull(domain, units)
        _ = hull.constraints  # found when first asked for, and the work that was told of
        return Coupling(tuple(range(domain.dim)), _values(units), domain, hull)
