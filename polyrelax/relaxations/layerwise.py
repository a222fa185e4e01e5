r"""Layer by layer with one linear program: what the triangle and k-ReLU share.

An unstable neuron gets a variable :math:`y` and its triangle; a relaxation may add, for a
group :math:`J` of neurons, the facets of a polytope that contains the graph
:math:`\{(z_J, \max(z_J, 0))\}`.  Under bounds that are the relaxation's own, each point of
the set before the layer keeps its true image in the set behind it, so a neuron's output
ranges over exactly the rectified range of its input.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ONE, ZERO, sparse
from polyrelax.errors import GroupingError
from polyrelax.lp import Optimizer, Row
from polyrelax.networks.images import layer_box
from polyrelax.networks.layers import Affine, ReLU
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.deeppoly import CROWN, FAST_LIN
from polyrelax.relaxations.interval import IBP
from polyrelax.relaxations.program_set import Form, ProgramSet, combine, extended
from polyrelax.relaxations.trace import Relaxation

Box = tuple[Interval, ...]


@dataclass(frozen=True)
class Coupling:
    """A polytope that contains ``(z[inputs], relu(z)[outputs])`` for all values ``z``."""

    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    hull: Polytope


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

    def row(self, z: Form) -> Row:
        """Return the phase as a row."""
        return _row(combine(((0, -ONE if self.active else ONE),), (z,)), ZERO)


Coupler = Callable[[int, ReLU, ProgramSet], Iterable[Coupling]]
"""What a relaxation adds to the triangles of the layer with an index and a set of inputs."""


def no_coupling(_index: int, _layer: ReLU, _relaxed: ProgramSet) -> Iterable[Coupling]:
    """Return no couplings: the triangle relaxation.

    >>> square = ProgramSet.of_polytope(Polytope.box([0, 0], [1, 1]))
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

    def sets(self, network: Network, domain: Polytope) -> Iterator[ProgramSet]:
        """Yield the set of inputs and the set after each layer.

        Raises :class:`GroupingError` for a phase of what is no ReLU neuron.
        """
        for phase in self.phases:
            _require_neuron(network, phase)
        given, known = self._given(network, domain), self._enclosures(network, domain)
        relaxed = ProgramSet.of_polytope(domain, self.bits)
        yield relaxed
        for index, layer in enumerate(network.layers):
            if isinstance(layer, Affine):
                relaxed = relaxed.image(layer, known[index + 1])
            if isinstance(layer, ReLU):
                relaxed = self._rectify(relaxed, index, layer, given[index])
            yield relaxed

    def _rectify(
        self, relaxed: ProgramSet, index: int, layer: ReLU, given: Box | None
    ) -> ProgramSet:
        couplings = tuple(self.couple(index, layer, relaxed))
        here = [phase for phase in self.phases if phase.layer == index]
        relaxed, bounds = fixed(relaxed, given or relaxed.bounds, here)
        after = rectified(relaxed, layer, bounds, couplings)
        if given or self.phases:
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
        rounded = (replace(method, bits=self.bits) for method in (CROWN, FAST_LIN))
        looser: tuple[Relaxation, ...] = (IBP(self.bits), *rounded)
        runs = zip(*(method.sets(network, domain) for method in looser), strict=True)
        return tuple(_meet([relaxed.bounds for relaxed in sets]) for sets in runs)


def _require_neuron(network: Network, phase: Phase) -> None:
    layer = network.layers[phase.layer] if 0 <= phase.layer < len(network.layers) else None
    if not isinstance(layer, ReLU) or phase.neuron not in layer.active:
        raise GroupingError(
            f"found a phase of neuron {phase.neuron} of layer {phase.layer}, "
            "expected one of a ReLU layer's"
        )


def _meet(boxes: Sequence[Box]) -> Box:
    return tuple(reduce(Interval.meet, ranges) for ranges in zip(*boxes, strict=True))


def is_unstable(z: Interval) -> bool:
    """Whether a ReLU with inputs in ``z`` takes both of its pieces.

    >>> is_unstable(Interval(-ONE, ONE)), is_unstable(Interval(ZERO, ONE))
    (True, False)
    """
    return z.lower < 0 < z.upper


def unstable(layer: ReLU, bounds: Box) -> tuple[int, ...]:
    """Return the neurons of ``layer`` that take both of their pieces on ``bounds``.

    >>> unstable(ReLU(2), (Interval(-ONE, ONE), Interval(ZERO, ONE)))
    (0,)
    """
    return tuple(j for j in layer.active if is_unstable(bounds[j]))


def fixed(relaxed: ProgramSet, bounds: Box, phases: Sequence[Phase]) -> tuple[ProgramSet, Box]:
    """Return a set and the bounds of its coordinates under phases of its own layer.

    >>> segment = ProgramSet.of_polytope(Polytope.box([-1], [1]))
    >>> relaxed, signs = fixed(segment, segment.bounds, [Phase(0, 0, active=True)])
    >>> str(relaxed.bounds[0]), str(signs[0])
    ('[0, 1]', '[0, 1]')
    """
    if not phases:
        return relaxed, bounds
    rows = [phase.row(relaxed.coordinates[phase.neuron]) for phase in phases]
    program = extended(relaxed.program, (), rows)
    ranges = {phase.neuron: phase.range for phase in phases}
    signs = tuple(ranges.get(j, bound) for j, bound in enumerate(bounds))
    return replace(relaxed, optimizer=Optimizer(program), known=None), signs


def rectified(
    relaxed: ProgramSet, layer: ReLU, bounds: Box, couplings: Sequence[Coupling]
) -> ProgramSet:
    """Return the set after a ReLU layer whose inputs lie in ``relaxed`` and ``bounds``.

    >>> segment = ProgramSet.of_polytope(Polytope.box([-1], [3]))
    >>> str(rectified(segment, ReLU(1), segment.bounds, ()).bounds[0])
    '[0, 3]'
    """
    fresh = unstable(layer, bounds)
    outputs = list(relaxed.coordinates)
    for j in layer.active:
        if bounds[j].upper <= 0:
            outputs[j] = Form()
    for variable, j in enumerate(fresh, start=len(relaxed.program.lower)):
        outputs[j] = Form.variable(variable)
    rows = [
        row for j in fresh for row in _triangle(relaxed.coordinates[j], outputs[j], bounds[j])
    ]
    rows += [row for c in couplings for row in _facets(c, relaxed.coordinates, outputs)]
    program = extended(relaxed.program, (bounds[j].rectified() for j in fresh), rows)
    optimizer = Optimizer(program) if fresh or rows else relaxed.optimizer
    return replace(relaxed, optimizer=optimizer, coordinates=tuple(outputs), known=None)


def _triangle(z: Form, y: Form, bounds: Interval) -> Iterator[Row]:
    lower, upper = bounds
    yield _row(combine(((0, ONE), (1, -ONE)), (z, y)), ZERO)
    yield _row(combine(((0, -upper), (1, bounds.width)), (z, y)), -lower * upper)


def _facets(
    coupling: Coupling, inputs: Sequence[Form], outputs: Sequence[Form]
) -> Iterator[Row]:
    forms = [inputs[j] for j in coupling.inputs] + [outputs[j] for j in coupling.outputs]
    for constraint in coupling.hull.constraints:
        form = combine(sparse(constraint.normal), forms)
        if form.coefficients:
            yield _row(form, constraint.offset, is_equation=constraint.is_equation)


def _row(form: Form, limit: Fraction, *, is_equation: bool = False) -> Row:
    """Return the row ``form <= limit`` or ``form == limit``."""
    return Row(form.coefficients, limit - form.offset, is_equation)
