r"""P_r, the hulls of windows of r layers, glued along the layers that they share.

Let :math:`D_0 = X` and :math:`D_{i+1} = \operatorname{conv} f_{i+1}(D_i)`, the sets of P_1.
With :math:`v^{(i)}` the value after :math:`i` of :math:`L` layers, P_r imposes for
:math:`i = 0, \dots, \max(L - r, 0)`

.. math:: (v^{(i)}, \dots, v^{(i+r)}) \in
          \operatorname{conv} \{\text{runs of layers } i+1, \dots, i+r
          \text{ from a point of } D_i\}

[mao2024, v4], as in the authors' Lean file `PrRelaxedSetChain`; affine, ReLU and identity
layers count one each.  One linear program in the convex weights of each window's vertices
expresses it: neighbouring windows agree on the layers that they share, and as affine and
identity layers are exact in both, it is enough that they agree on the first value and on
the outputs of layers of neurons.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor

from polyrelax.arithmetic.arguments import exact, require, whole
from polyrelax.arithmetic.rational import ONE, ZERO, Vector
from polyrelax.arithmetic.words import amount
from polyrelax.errors import GroupingError
from polyrelax.lp import LinearProgram, Optimizer, Row
from polyrelax.networks.layers import bending
from polyrelax.networks.network import Network
from polyrelax.networks.regions import trace_vertices
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.layer_hull import LayerHull
from polyrelax.relaxations.program_set import ProgramSet
from polyrelax.relaxations.progress import NOBODY, Kind, Listener, Piece, told
from polyrelax.systems.programs import AffineForm

Run = tuple[Vector, ...]


def alpha_radius(alpha: Fraction, depth: int) -> int:
    """Return the depth-dependent radius ``max(1, floor(alpha * depth))``.

    >>> alpha_radius(Fraction(1, 2), 5), alpha_radius(Fraction(1, 10), 5)
    (2, 1)
    """
    alpha = exact(alpha)
    depth = whole(depth, "the number of a layer")
    return max(1, floor(alpha * depth))


@dataclass(frozen=True)
class CrossLayer:
    """The relaxation P_r with ``radius`` r; exact when r is the number of layers.

    >>> from polyrelax.networks.gallery import tent
    >>> domain = Polytope.box([-1], [1])
    >>> [[str(s.bounds[0]) for s in CrossLayer(r).sets(tent(), domain)][-1] for r in (2, 3)]
    ['[0, 2]', '[1, 2]']
    """

    radius: int
    bits: None = None
    work: Listener = field(default=NOBODY, compare=False, repr=False, kw_only=True)

    def __post_init__(self) -> None:
        if whole(self.radius, "a number of layers") < 1:
            raise GroupingError(
                f"found windows of {amount(self.radius, 'layer')}, expected at least 1"
            )

    @property
    def name(self) -> str:
        """The name that the command line knows it by."""
        return f"p:{self.radius}"

    def sets(self, network: Network, domain: Polytope) -> Iterator[ProgramSet]:
        """Yield the set of inputs and the set after each layer, all of one program."""
        require(network, Network)
        windows = tuple(self._windows(network, domain))
        starts = _starts(windows)
        optimizer = Optimizer(_program(network, windows, starts))
        for index in range(len(network.layers) + 1):
            first = max(0, index - len(windows[0][0]) + 1)
            forms = _forms(windows[first], index - first, starts[first])
            yield ProgramSet(optimizer, forms, work=self.work)

    def _windows(self, network: Network, domain: Polytope) -> Iterator[tuple[Run, ...]]:
        """Yield the vertices of each window, as runs of the layers in it."""
        last = max(len(network.layers) - self.radius, 0)
        for index, start in enumerate(LayerHull(work=self.work).sets(network, domain)):
            if index > last:
                return
            layers = network.layers[index : index + self.radius]
            runs = trace_vertices(Network(layers), start)
            yield tuple(sorted(set(told(runs, Piece(Kind.REGION), self.work))))


def _starts(windows: Sequence[Sequence[Run]]) -> tuple[int, ...]:
    """Return the index of each window's first weight."""
    return tuple(sum(map(len, windows[:w])) for w in range(len(windows)))


def _forms(window: Sequence[Run], position: int, start: int) -> tuple[AffineForm, ...]:
    """Return the coordinates of one value of a window as forms in its weights."""
    columns = zip(*(run[position] for run in window), strict=True)
    return tuple(
        AffineForm(tuple((start + k, value) for k, value in enumerate(column) if value))
        for column in columns
    )


def _program(
    network: Network, windows: Sequence[Sequence[Run]], starts: Sequence[int]
) -> LinearProgram:
    """Return the program of all weights: convex, and equal where windows overlap."""
    rows = [
        Row(tuple((start + k, ONE) for k in range(len(window))), ONE, is_equation=True)
        for window, start in zip(windows, starts, strict=True)
    ]
    for w in range(1, len(windows)):
        rows += _agreements(network, windows, starts, w)
    size = sum(map(len, windows))
    return LinearProgram((ZERO,) * size, (ONE,) * size, tuple(rows))


def _agreements(
    network: Network, windows: Sequence[Sequence[Run]], starts: Sequence[int], w: int
) -> Iterator[Row]:
    """Yield the equations between window ``w`` and the one before it."""
    for position in range(len(windows[w][0]) - 1):
        if position and not bending(network.layers[w + position - 1]):
            continue
        before = _forms(windows[w - 1], position + 1, starts[w - 1])
        here = _forms(windows[w], position, starts[w])
        for a, b in zip(before, here, strict=True):
            negated = tuple((k, -value) for k, value in b.coefficients)
            yield Row((*a.coefficients, *negated), ZERO, is_equation=True)
