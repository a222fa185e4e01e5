r"""Layer by layer through a network with one linear program: the common part of the
triangle and k-ReLU.

An unstable neuron gets a variable :math:`y` and its triangle; a relaxation may add, for a
group :math:`J` of neurons, the facets of a polytope that contains the graph
:math:`\{(z_J, \max(z_J, 0))\}`.  Under bounds that are the relaxation's own, each point of
the set before the layer keeps its true image in the set behind it, so a neuron's output
ranges over exactly the rectified range of its input.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from typing import Protocol

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ONE, ZERO, sparse
from polyrelax.lp import Optimizer, Row
from polyrelax.networks.layers import Affine, ReLU
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.deeppoly import CROWN, FAST_LIN
from polyrelax.relaxations.interval import IBP, layer_box
from polyrelax.relaxations.program_set import Form, ProgramSet, combine, extended
from polyrelax.relaxations.trace import Relaxation

Box = tuple[Interval, ...]


@dataclass(frozen=True)
class Coupling:
    """A polytope that contains ``(z[inputs], relu(z)[outputs])`` for all values ``z``."""

    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    hull: Polytope


class Coupler(Protocol):
    """What a relaxation adds to the triangles of one layer."""

    def __call__(self, index: int, layer: ReLU, relaxed: ProgramSet) -> Iterable[Coupling]:
        """Return the couplings of layer ``index``, whose inputs lie in ``relaxed``."""


def no_coupling(_index: int, _layer: ReLU, _relaxed: ProgramSet) -> Iterable[Coupling]:
    """Return no couplings: the triangle relaxation."""
    return ()


def layerwise_sets(
    network: Network,
    domain: Polytope,
    *,
    bits: int | None,
    neurons: Relaxation | None = None,
    couple: Coupler = no_coupling,
) -> Iterator[ProgramSet]:
    """Yield the set of inputs and the set after each layer.

    ``neurons`` is the relaxation that bounds the neurons' inputs, if not this one.
    """
    given = None if neurons is None else tuple(s.bounds for s in neurons.sets(network, domain))
    known = _enclosures(network, domain, bits) if given is None and bits is not None else None
    relaxed = ProgramSet.of_polytope(domain, bits)
    yield relaxed
    for index, layer in enumerate(network.layers):
        if isinstance(layer, Affine):
            relaxed = relaxed.image(layer, known and known[index + 1])
        if isinstance(layer, ReLU):
            bounds = given[index] if given else relaxed.bounds
            after = rectified(relaxed, layer, bounds, tuple(couple(index, layer, relaxed)))
            own = None if given else layer_box(layer, bounds)
            relaxed = replace(after, known=own)
        yield relaxed


def _enclosures(network: Network, domain: Polytope, bits: int) -> tuple[Box, ...]:
    """Return, after each layer, the best bounds of relaxations that contain the triangle."""
    looser = (IBP(), replace(CROWN, bits=bits), replace(FAST_LIN, bits=bits))
    runs = [relaxation.sets(network, domain) for relaxation in looser]
    return tuple(
        tuple(reduce(Interval.meet, ranges) for ranges in zip(*boxes, strict=True))
        for boxes in ([relaxed.bounds for relaxed in sets] for sets in zip(*runs, strict=True))
    )


def is_unstable(z: Interval) -> bool:
    """Whether a ReLU with inputs in ``z`` takes both of its pieces."""
    return z.lower < 0 < z.upper


def unstable(layer: ReLU, bounds: Box) -> tuple[int, ...]:
    """Return the neurons of ``layer`` that take both of their pieces on ``bounds``."""
    return tuple(j for j in layer.active if is_unstable(bounds[j]))


def rectified(
    relaxed: ProgramSet, layer: ReLU, bounds: Box, couplings: Sequence[Coupling]
) -> ProgramSet:
    """Return the set after a ReLU layer whose inputs lie in ``relaxed`` and ``bounds``."""
    fresh = unstable(layer, bounds)
    outputs = list(relaxed.coordinates)
    for j in layer.active:
        if bounds[j].upper <= 0:
            outputs[j] = Form()
    for variable, j in enumerate(fresh, start=len(relaxed.program.lower)):
        outputs[j] = Form.variable(variable)
    rows = [
        row
        for j in fresh
        for row in _triangle(relaxed.coordinates[j], outputs[j], bounds[j])
    ]
    rows += [row for c in couplings for row in _facets(c, relaxed.coordinates, outputs)]
    program = extended(relaxed.program, (bounds[j].rectified() for j in fresh), rows)
    optimizer = Optimizer(program) if fresh else relaxed.optimizer
    return replace(relaxed, optimizer=optimizer, coordinates=tuple(outputs), known=None)


def _triangle(z: Form, y: Form, bounds: Interval) -> Iterator[Row]:
    lower, upper = bounds
    yield _row(combine(((0, ONE), (1, -ONE)), (z, y)), ZERO)
    yield _row(combine(((0, -upper), (1, bounds.width)), (z, y)), -lower * upper)


def _facets(coupling: Coupling, inputs: Sequence[Form], outputs: Sequence[Form]) -> Iterator[Row]:
    forms = [inputs[j] for j in coupling.inputs] + [outputs[j] for j in coupling.outputs]
    for constraint in coupling.hull.constraints:
        form = combine(sparse(constraint.normal), forms)
        if form.coefficients:
            yield _row(form, constraint.offset, is_equation=constraint.is_equation)


def _row(form: Form, limit: Fraction, *, is_equation: bool = False) -> Row:
    """Return the row ``form <= limit`` or ``form == limit``."""
    return Row(form.coefficients, limit - form.offset, is_equation)
