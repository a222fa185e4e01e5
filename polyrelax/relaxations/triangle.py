r"""The triangle relaxation, the tightest that looks at one neuron at a time.

An unstable neuron with :math:`l \le z \le u` is relaxed to the triangle

.. math:: y \ge 0, \qquad y \ge z, \qquad (u - l)\, y \le u\, (z - l)

:cite:p:`ehlers2017`; a stable one is exact.  All triangles of all layers form one linear
program, and the bounds :math:`l, u` come from the same program cut off before the neuron,
layer after layer (the method LP-ALL of :cite:t:`salman2019`; with bounds of Fast-Lin it
is LP-LAST).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.interval import require_bits
from polyrelax.networks.input_sets import require_read
from polyrelax.networks.layers import Neurons, bending
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.layerwise import Layerwise, Phase
from polyrelax.relaxations.progress import NOBODY, Listener
from polyrelax.relaxations.relaxed_set import RelaxedSet
from polyrelax.relaxations.substitution import MOST_BITS
from polyrelax.relaxations.trace import Relaxation

FEW_NEURONS: Final = 32
"""Up to these neurons, the program's exact optima take less time than to think of floats."""


@dataclass(frozen=True)
class Triangle:
    """The triangle relaxation.

    With ``bits``, every bound is proved by rounded dual multipliers and rounded outward to a
    multiple of ``2**-bits``; with ``neurons``, that relaxation bounds the neurons' inputs;
    with ``phases``, the inputs of these neurons have a fixed sign.

    >>> from polyrelax.networks.gallery import maximum
    >>> sets = Triangle().sets(maximum(2), Polytope.box([0, 0], [1, 1]))
    >>> [str(relaxed.bounds[0]) for relaxed in sets][-1]
    '[0, 3/2]'
    """

    bits: int | None = None
    neurons: Relaxation | None = None
    phases: tuple[Phase, ...] = ()
    name: str = "triangle"
    work: Listener = field(default=NOBODY, compare=False, repr=False, kw_only=True)

    def __post_init__(self) -> None:
        require_bits(self.bits)

    def sets(self, network: Network, domain: Polytope) -> Iterator[RelaxedSet]:
        """Yield the set of inputs and the set after each layer."""
        require_read(network, domain)
        if self.bits is not None and self.is_for_arrays(network, is_box=domain.is_box):
            # Importing numpy takes longer than to bound most small networks.
            from polyrelax.relaxations.array_triangle import bounded_sets  # noqa: PLC0415

            return bounded_sets(network, domain, self.bits, self.work)
        run = Layerwise(self.bits, self.neurons, phases=self.phases, work=self.work)
        return run.sets(network, domain)

    def is_for_arrays(self, network: Network, *, is_box: bool) -> bool:
        """Whether bounds are proved by multipliers in integers, not by exact programs.

        >>> from polyrelax.networks.gallery import maximum
        >>> Triangle(32).is_for_arrays(maximum(2), is_box=True)
        False
        """
        require(network, Network)
        require(is_box, bool)
        if self.bits is None or self.bits > MOST_BITS or not is_box:
            return False
        if self.neurons or self.phases or any(isinstance(x, Neurons) for x in network.layers):
            return False
        return sum(len(bending(layer)) for layer in network.layers) > FEW_NEURONS
