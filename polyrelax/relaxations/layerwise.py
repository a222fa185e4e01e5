r"""Layer by layer with one linear program: what the triangle and k-ReLU share.

A neuron that bends on its bounds gets variables for its values, and the hull of its graph over
these bounds: a rectifier its triangle.  A relaxation may add, for a group of neurons, the
facets of a polytope that contains their graphs together.  Under bounds that are the
relaxation's own, each point of the set before the layer keeps its true image in the set behind
it, so a neuron of one input takes exactly the values that it has on the range of its input.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import reduce
from itertools import repeat

from polyrelax.arithmetic.arguments import all_of, require
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ONE, ZERO, SparseVector, sparse
from polyrelax.errors import GroupingError
from polyrelax.lp import Optimizer, Row
from polyrelax.networks.dimensions import box_of
from polyrelax.networks.images import layer_box
from polyrelax.networks.layers import (
    Affine,
    Layer,
    Unit,
    bending,
    rectified,
    units,
)
from polyrelax.networks.network import Network
from polyrelax.networks.walk import Bending, states
from polyrelax.polytopes.checks import require_dimensions
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.deeppoly import CROWN, FAST_LIN
from polyrelax.relaxations.interval import IBP
from polyrelax.relaxations.program_set import ProgramSet
from polyrelax.relaxations.progress import NOBODY, Listener
from polyrelax.relaxations.trace import Relaxation
from polyrelax.systems.couplings import Coupling
from polyrelax.systems.programs import AffineForm, combine, extended

Box = tuple[Interval, ...]


@dataclass(frozen=True)
class Phase:
    """The assumption that a neuron's input is non-negative, or that it is non-positive.

    >>> str(Phase(1, 0, active=False).range)
    '[-1, 0]'
    """

    layer: int
    neuron: int
    active: bool

    @property
    def range(self) -> Interval:
        """An interval on which the ReLU is what it is in this phase."""
        return Interval(ZERO, ONE) if self.active else Interval(-ONE, ZERO)

    def row(self, z: AffineForm) -> Row:
        """Return the phase as a row."""
        require(z, AffineForm)
        return combine(((0, -ONE if self.active else ONE),), (z,)).row(ZERO)


Coupler = Callable[[int, Layer, ProgramSet], Iterable[Coupling]]
"""What a relaxation adds to single neurons of the layer with an index and a set of inputs."""


def no_coupling(_index: int, _layer: Layer, _relaxed: ProgramSet) -> Iterable[Coupling]:
    """Return no couplings: the triangle relaxation.

    >>> square = ProgramSet.of_polytope(Polytope.box([0, 0], [1, 1]))
    >>> from polyrelax.networks.layers import ReLU
    >>> no_coupling(1, ReLU(2), square)
    ()
    """
    return ()


@dataclass(frozen=True)
class Layerwise:
    """The run of one linear program through all layers.

    ``neurons`` is the relaxation that bounds the neurons' inputs, if not this one; ``bits``
    rounds bounds outward; ``phases`` fixes the signs of some neurons' inputs.
    """

    bits: int | None = None
    neurons: Relaxation | None = None
    couple: Coupler = no_coupling
    phases: tuple[Phase, ...] = ()
    work: Listener = field(default=NOBODY, compare=False, repr=False)

    def sets(self, network: Network, domain: Polytope) -> Iterator[ProgramSet]:
        """Yield the set of inputs and the set after each layer.

        Raises :class:`GroupingError` for a phase of what is no ReLU neuron.
        """
        require(network, Network)
        require(domain, Polytope)
        for phase in self.phases:
            _require_neuron(network, phase)
        given, known = self._given(network, domain), self._enclosures(network, domain)
        start = ProgramSet.of_polytope(domain, self.bits, self.work)

        def image(relaxed: ProgramSet, layer: Affine, index: int) -> ProgramSet:
            return relaxed.image(layer, known[index + 1])

        def bend(relaxed: ProgramSet, layer: Bending, index: int) -> ProgramSet:
            return self._bend(relaxed, index, layer, given[index])

        yield from states(network, start, image, bend)

    def _bend(
        self, relaxed: ProgramSet, index: int, layer: Layer, given: Box | None
    ) -> ProgramSet:
        couplings = tuple(self.couple(index, layer, relaxed))
        here = [phase for phase in self.phases if phase.layer == index]
        relaxed, bounds = fixed(relaxed, given or relaxed.bounds, here)
        after = bent(relaxed, layer, bounds, couplings)
        if given or self.phases or (self.bits is None and _is_joint(layer)):
            return after
        return replace(
            after, known=tuple(y.rounded(self.bits) for y in layer_box(layer, bounds))
        )

    def _given(self, network: Network, domain: Polytope) -> Sequence[Box | None]:
        """Return the bounds before and after each layer that another relaxation gives."""
        if self.neurons is None:
            return (None,) * (len(network.layers) + 1)
        return tuple(relaxed.bounds for relaxed in self.neurons.sets(network, domain))

    def _enclosures(self, network: Network, domain: Polytope) -> Sequence[Box | None]:
        """Return the best bounds of relaxations that contain this one, where it rounds."""
        if self.bits is None or self.neurons or self.phases:
            return (None,) * (len(network.layers) + 1)
        rounded = (
            replace(method, bits=self.bits, work=self.work) for method in (CROWN, FAST_LIN)
        )
        looser: tuple[Relaxation, ...] = (IBP(self.bits), *rounded)
        runs = zip(*(method.sets(network, domain) for method in looser), strict=True)
        return tuple(_meet([relaxed.bounds for relaxed in sets]) for sets in runs)


def _require_neuron(network: Network, phase: Phase) -> None:
    layers = network.layers[phase.layer : phase.layer + 1] if phase.layer >= 0 else ()
    if not any(phase.neuron in rectified(layer) for layer in layers):
        raise GroupingError(
            f"found a phase of neuron {phase.neuron} of layer {phase.layer}, "
            "expected one of a ReLU layer's"
        )


def _is_joint(layer: Layer) -> bool:
    """Whether some neurons read several values, so that boxes do not show their ranges."""
    return any(unit.neuron.in_dim > 1 for unit in bending(layer))


def _meet(boxes: Sequence[Box]) -> Box:
    return tuple(reduce(Interval.meet, ranges) for ranges in zip(*boxes, strict=True))


def is_unstable(z: Interval) -> bool:
    """Whether a ReLU with inputs in ``z`` takes both of its pieces.

    >>> is_unstable(Interval(-ONE, ONE)), is_unstable(Interval(ZERO, ONE))
    (True, False)
    """
    require(z, Interval)
    return z.lower < 0 < z.upper


def unstable(layer: Layer, bounds: Box) -> tuple[Unit, ...]:
    """Return the neurons of ``layer`` that take more than one of their pieces on ``bounds``.

    >>> from polyrelax.networks.layers import ReLU
    >>> found = unstable(ReLU(2), (Interval(-ONE, ONE), Interval(ZERO, ONE)))
    >>> [unit.outputs for unit in found]
    [(0,)]
    """
    return tuple(unit for unit in bending(layer) if not unit.is_affine_on(bounds))


def fixed(relaxed: ProgramSet, bounds: Box, phases: Sequence[Phase]) -> tuple[ProgramSet, Box]:
    """Return a set and the bounds of its coordinates under phases of its own layer.

    >>> segment = ProgramSet.of_polytope(Polytope.box([-1], [1]))
    >>> relaxed, signs = fixed(segment, segment.bounds, [Phase(0, 0, active=True)])
    >>> str(relaxed.bounds[0]), str(signs[0])
    ('[0, 1]', '[0, 1]')
    """
    require(relaxed, ProgramSet)
    phases = all_of(phases, Phase, "phases")
    bounds = all_of(bounds, Interval, "intervals")
    if not phases:
        return relaxed, bounds
    rows = [phase.row(relaxed.coordinates[phase.neuron]) for phase in phases]
    program = extended(relaxed.program, (), rows)
    ranges = {phase.neuron: phase.range for phase in phases}
    signs = tuple(ranges.get(j, bound) for j, bound in enumerate(bounds))
    return replace(relaxed, optimizer=Optimizer(program), known=None), signs


def bent(
    relaxed: ProgramSet, layer: Layer, bounds: Box, couplings: Sequence[Coupling]
) -> ProgramSet:
    """Return the set after a layer of neurons whose inputs lie in ``relaxed`` and ``bounds``.

    A neuron that is affine on its bounds gives affine forms; another one new variables, with
    the rows that cut out the hull of its graph.

    >>> segment = ProgramSet.of_polytope(Polytope.box([-1], [3]))
    >>> from polyrelax.networks.layers import ReLU
    >>> str(bent(segment, ReLU(1), segment.bounds, ()).bounds[0])
    '[0, 3]'
    """
    require(relaxed, ProgramSet)
    require(layer, Layer, "a layer")
    require_dimensions([relaxed.dim], layer.in_dim)
    bounds = box_of(bounds, layer.in_dim)
    couplings = all_of(couplings, Coupling, "couplings")
    outputs: list[AffineForm] = []
    ranges: list[Interval] = []
    rows: list[Row] = []
    for unit in units(layer):
        inputs, ends = [relaxed.coordinates[j] for j in unit.inputs], unit.ends(bounds)
        if unit.is_affine_on(bounds):
            image = unit.neuron.piece(next(unit.neuron.live(ends))).image
            outputs += map(_image, image.rows, image.bias, repeat(inputs))
            continue
        start = len(relaxed.program.lower) + len(ranges)
        fresh = [AffineForm.variable(start + k) for k in range(unit.neuron.out_dim)]
        rows += _hull_rows(unit.neuron.rows(ends), inputs, fresh)
        ranges += unit.neuron.range(ends)
        outputs += fresh
    rows += [row for c in couplings for row in _facets(c, relaxed.coordinates, outputs)]
    optimizer = relaxed.optimizer
    if ranges or rows:
        optimizer = Optimizer(extended(relaxed.program, ranges, rows))
    return replace(
        relaxed,
        optimizer=optimizer,
        coordinates=tuple(outputs),
        known=None,
        couplings=couplings,
    )


def _image(row: SparseVector, shift: Fraction, inputs: Sequence[AffineForm]) -> AffineForm:
    """Return an affine form of forms; a form that passes as it is."""
    passes = not shift and len(row) == 1 and row[0][1] == 1
    return inputs[row[0][0]] if passes else combine(row, inputs, shift)


def _hull_rows(
    sides: Iterable[Constraint], inputs: Sequence[AffineForm], outputs: Sequence[AffineForm]
) -> Iterator[Row]:
    """Yield rows of forms, but those that only bound one of the outputs, a variable."""
    for side in sides:
        if any(side.normal[: len(inputs)]) or sum(map(bool, side.normal)) > 1:
            yield combine(sparse(side.normal), [*inputs, *outputs]).row(side.offset)


def _facets(
    coupling: Coupling, inputs: Sequence[AffineForm], outputs: Sequence[AffineForm]
) -> Iterator[Row]:
    forms = [inputs[j] for j in coupling.inputs] + [outputs[j] for j in coupling.outputs]
    for constraint in coupling.hull.constraints:
        form = combine(sparse(constraint.normal), forms)
        if form.coefficients:
            yield form.row(constraint.offset, is_equation=constraint.is_equation)
