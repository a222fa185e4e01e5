r"""The back-substitution relaxations: DeepPoly-0, DeepPoly-1, CROWN, Fast-Lin.

They share the upper line of :mod:`polyrelax.relaxations.lines` and differ in the
slope :math:`\alpha` of the line below an unstable neuron with :math:`l \le z \le u`:

============ ============================================== ==========================
``dp0``      :math:`\alpha = 0`                             :cite:p:`singh2019deeppoly`
``dp1``      :math:`\alpha = 1`                             :cite:p:`singh2019deeppoly`
``crown``    :math:`\alpha = 1` if :math:`u > -l`, else 0   :cite:p:`zhang2018crown`
``fastlin``  :math:`\alpha = u / (u - l)`                   :cite:p:`weng2018fastlin`
============ ============================================== ==========================

Neurons of other kinds have several inputs and sides: :mod:`polyrelax.relaxations.neuron_lines`.

``fastlin`` gives the bounds of DeepZ and of the Wong--Kolter dual as well
(the method LP-GREEDY of :cite:t:`salman2019`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import assert_never

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.interval import Interval, require_bits, round_down
from polyrelax.arithmetic.rational import ONE, ZERO
from polyrelax.networks.input_sets import require_read
from polyrelax.networks.layers import Affine, Identity, Layer, Neurons, ReLU
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.triangle import upper_slope
from polyrelax.relaxations.lines import BLOCK, PASS, Line, Lines, upper_line
from polyrelax.relaxations.neuron_lines import (
    Choice,
    first_slopes,
    last_slopes,
    layer_lines,
    parallel_slopes,
    tightest_slopes,
)
from polyrelax.relaxations.progress import NOBODY, Listener
from polyrelax.relaxations.relaxed_set import RelaxedSet, require_relaxed
from polyrelax.relaxations.substitution import SubstitutedSet
from polyrelax.relaxations.trace import Relaxation

Slope = Callable[[int, int, Interval], Fraction]
"""The slope below an unstable neuron: (layer, neuron, bounds of its input) to [0, 1]."""


def zero_slope(_layer: int, _neuron: int, _z: Interval) -> Fraction:
    """Return 0: the line is the constant 0.

    >>> print(zero_slope(1, 0, Interval(Fraction(-2), Fraction(1))))
    0
    """
    return ZERO


def unit_slope(_layer: int, _neuron: int, _z: Interval) -> Fraction:
    """Return 1: the line is the identity.

    >>> print(unit_slope(1, 0, Interval(Fraction(-2), Fraction(1))))
    1
    """
    return ONE


def adaptive_slope(_layer: int, _neuron: int, z: Interval) -> Fraction:
    """Return the slope that leaves the smaller area between the lines.

    >>> print(adaptive_slope(1, 0, Interval(Fraction(-2), Fraction(1))))
    0
    """
    require(z, Interval)
    return ONE if z.upper > -z.lower else ZERO


def parallel_slope(_layer: int, _neuron: int, z: Interval) -> Fraction:
    """Return the slope of the upper line.

    >>> print(parallel_slope(1, 0, Interval(Fraction(-2), Fraction(1))))
    1/3
    """
    require(z, Interval)
    return upper_slope(*z)


@dataclass(frozen=True)
class BackSubstitution:
    """Back-substitution with a choice of lower slopes.

    ``bits`` rounds neuron bounds outward and slopes down to multiples of ``2**-bits``,
    which keeps the numbers of a large network short and every bound valid.  With
    ``neurons``, the bounds of the neurons come from that relaxation instead of this one.
    ``slope`` is that below a rectifier, ``below`` chooses the slopes below other neurons.

    >>> from polyrelax.networks.gallery import tent
    >>> [str(s.bounds[0]) for s in DP1.sets(tent(), Polytope.box([-1], [1]))][-1]
    '[0, 3]'
    """

    name: str
    slope: Slope
    bits: int | None = None
    neurons: Relaxation | None = None
    below: Choice = tightest_slopes
    work: Listener = field(default=NOBODY, compare=False, repr=False, kw_only=True)

    def __post_init__(self) -> None:
        require_bits(self.bits)

    def sets(self, network: Network, domain: Polytope) -> Iterator[SubstitutedSet]:
        """Yield the set of inputs and the set after each layer."""
        require_read(network, domain)
        given = tuple(self.neurons.sets(network, domain)) if self.neurons else None
        relaxed = SubstitutedSet(domain, bits=self.bits, work=self.work)
        yield relaxed
        for index, layer in enumerate(network.layers):
            source = given[index] if given else relaxed
            relaxed = self.after(relaxed, index, layer, source)
            yield relaxed

    def after(
        self, relaxed: SubstitutedSet, index: int, layer: Layer, source: RelaxedSet
    ) -> SubstitutedSet:
        """Return the set after one more layer, whose inputs lie in the bounds of ``source``."""
        require(relaxed, SubstitutedSet)
        require(layer, Layer, "a layer")
        require_relaxed(source)
        match layer:
            case Affine():
                return relaxed.then(layer)
            case ReLU():
                return relaxed.then(self._lines(index, layer, source.bounds))
            case Neurons():
                ends = layer_lines(layer, source.bounds, self.below, self.bits)
                return relaxed.then(Lines(*ends, source.bounds))
            case Identity():
                return relaxed
            case _:
                assert_never(layer)

    def _lines(self, index: int, layer: ReLU, bounds: tuple[Interval, ...]) -> Lines:
        pairs = [(PASS, PASS)] * layer.width
        for neuron in layer.active:
            pairs[neuron] = self._pair(index, neuron, bounds[neuron])
        return Lines.of_pairs(pairs, bounds)

    def _pair(self, index: int, neuron: int, z: Interval) -> tuple[Line, Line]:
        if z.lower.numerator >= 0:  # faster than comparing fractions, of which there are many
            return PASS, PASS
        if z.upper.numerator <= 0:
            return BLOCK, BLOCK
        slope = self.slope(index, neuron, z)
        if self.bits is not None:
            slope = round_down(slope, self.bits)
        return Line(slope, ZERO), upper_line(z, self.bits)


DP0 = BackSubstitution("dp0", zero_slope, below=first_slopes)
DP1 = BackSubstitution("dp1", unit_slope, below=last_slopes)
CROWN = BackSubstitution("crown", adaptive_slope, below=tightest_slopes)
FAST_LIN = BackSubstitution("fastlin", parallel_slope, below=parallel_slopes)
