r"""A layer-by-layer run of a relaxation, and what a relaxation is.

For a network :math:`f = f_L \circ \dots \circ f_1` on an input polytope :math:`X`, a
relaxation yields sets :math:`S_0 = X, S_1, \dots, S_L` such that :math:`S_i` contains the
value :math:`v^{(i)}` after :math:`i` layers, whatever :math:`x \in X` the network reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from polyrelax.arithmetic.arguments import whole
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import shown
from polyrelax.errors import ArgumentError, EmptySetError, LayerIndexError
from polyrelax.networks.input_sets import InputSet, input_set, require_read
from polyrelax.networks.layers import bending, rectified
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.display import html_table, intervals_text, layer_names
from polyrelax.relaxations.relaxed_set import RelaxedSet, explicit_polytope
from polyrelax.systems.couplings import Coupling


@dataclass(frozen=True)
class Trace:
    """The sets that a relaxation finds after each layer of a network.

    ``bits`` is ``None`` where every bound is the relaxation's own optimum; otherwise each
    bound after a layer is proved, and rounded outward to a multiple of ``2**-bits``; identity
    layers keep the bounds before them, those of the inputs too.

    >>> from polyrelax.networks.gallery import tent
    >>> from polyrelax.relaxations.interval import IBP
    >>> trace = propagate(tent(), Polytope.box([-1], [1]), IBP())
    >>> print(trace.output[0], *trace.bounds[2], trace.polytope(5))
    [0, 2] [0, 1] [0, 1] Polytope.box(['0'], ['2'])
    """

    relaxation: str
    network: Network = field(repr=False)
    sets: tuple[RelaxedSet, ...] = field(repr=False)
    bits: int | None = None

    @cached_property
    def bounds(self) -> tuple[tuple[Interval, ...], ...]:
        """The bounds of each coordinate of ``v^(0), ..., v^(L)``."""
        return tuple(relaxed.bounds for relaxed in self.sets)

    @property
    def couplings(self) -> tuple[tuple[Coupling, ...], ...]:
        """What the relaxation has kept of several neurons together after 0, 1, ... layers."""
        behind = zip(self.network.layers, self.sets[1:], strict=True)
        return (
            (),
            *(getattr(after, "couplings", ()) if bending(f) else () for f, after in behind),
        )

    @property
    def output(self) -> tuple[Interval, ...]:
        """The bounds of the network's outputs."""
        return self.sets[-1].bounds

    def neurons(self) -> Iterator[tuple[int, int, Interval]]:
        """Yield (layer, neuron, bounds of its input) for every neuron of a ReLU network.

        Raises :class:`UnsupportedNeuronError` where there are neurons of other kinds.
        """
        for index, layer in enumerate(self.network.layers):
            for neuron in rectified(layer):
                yield index, neuron, self.sets[index].bounds[neuron]

    def polytope(self, index: int) -> Polytope:
        """Return the set after ``index`` layers with its vertices, if its space is small.

        Negative indices count from the end.  Raises :class:`LayerIndexError` beyond the layers
        and :class:`TooLargeError` in more than eight dimensions.
        """
        if not -len(self.sets) <= whole(index, "the number of a layer") < len(self.sets):
            raise LayerIndexError(
                f"found layer {index}, expected 0 (the input) to {len(self.sets) - 1}"
            )
        return explicit_polytope(self.sets[index])

    def _repr_html_(self) -> str:
        names = layer_names(self.network.layers)
        rows = zip(names, map(intervals_text, self.bounds), strict=True)
        return html_table(("layer", f"bounds by {self.relaxation}"), rows)


class Relaxation(Protocol):
    """A method that bounds the values of a network on a polytope."""

    @property
    def name(self) -> str:
        """The name that the command line knows it by."""

    @property
    def bits(self) -> int | None:
        """The rounding of its bounds; see :class:`Trace`."""

    def sets(self, network: Network, domain: Polytope) -> Iterator[RelaxedSet]:
        """Yield the set of inputs and then the set after each layer.

        The domain is a non-empty set of inputs of the network: :func:`propagate` sees to it.
        """


def require_relaxation(value: object) -> None:
    """Raise :class:`ArgumentError` unless a value answers as relaxations do.

    >>> require_relaxation(3)
    Traceback (most recent call last):
    polyrelax.errors.ArgumentError: found 3, expected a relaxation
    """
    answers = callable(getattr(value, "sets", None)) and hasattr(value, "bits")
    if not answers or isinstance(value, type):
        raise ArgumentError(f"found {shown(value)}, expected a relaxation")


def relaxation_of(value: Relaxation | str) -> Relaxation:
    """Return a relaxation that may be given by its name.

    >>> relaxation_of("triangle").name
    'triangle'
    """
    if isinstance(value, str):
        # Names know all relaxations, and these know traces.
        from polyrelax.relaxations.names import relaxation  # noqa: PLC0415

        return relaxation(value)
    require_relaxation(value)
    return value


def propagate(
    network: Network,
    domain: InputSet,
    relaxation: Relaxation | str,
    *,
    progress: Callable[[int], None] | None = None,
) -> Trace:
    """Return the sets that a relaxation finds, layer by layer.

    The domain may be a pair of lower and upper ends, and the relaxation its name.
    ``progress`` is called with the number of layers done.  Raises :class:`DimensionError`
    if the network does not read points of ``domain``, :class:`EmptySetError` if it has none.

    >>> from polyrelax.networks.gallery import tent
    >>> str(propagate(tent(), ([-1], [1]), "ibp").output[0])
    '[0, 2]'
    """
    if progress is not None and not callable(progress):
        raise ArgumentError(f"found {shown(progress)}, expected a function")
    sets, method = [], relaxation_of(relaxation)
    for done, relaxed in enumerate(relaxed_sets(network, input_set(network, domain), method)):
        sets.append(relaxed)
        if progress is not None:
            progress(done)
    return Trace(method.name, network, tuple(sets), method.bits)


def relaxed_sets(
    network: Network, domain: Polytope, relaxation: Relaxation
) -> Iterator[RelaxedSet]:
    """Yield the sets of :func:`propagate` one by one, for whoever may stop before the end.

    >>> from polyrelax.networks.gallery import tent
    >>> from polyrelax.relaxations.interval import IBP
    >>> sets = relaxed_sets(tent(), Polytope.box([-1], [1]), IBP())
    >>> [str(z) for z in next(sets).bounds], [str(z) for z in next(sets).bounds]
    (['[-1, 1]'], ['[-1, 1]', '[-1, 1]'])
    """
    require_read(network, domain)
    if domain.is_empty:
        raise EmptySetError("the input set is empty, expected at least one point")
    require_relaxation(relaxation)
    yield from relaxation.sets(network, domain)
