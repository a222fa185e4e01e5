"""The kinds of neurons by the names that files use, with their parameters.

================================ ========================================================
``pass``, ``relu``, ``absolute`` one value each
``leaky_relu``                   one value, and its ``slope`` where that is negative
``clip``                         one value, and ``lower``, ``upper`` or both
``maxmin``                       two values
``maximum``, ``minimum``         one or more values
``sort``                         one or more values; the greatest is the first
================================ ========================================================
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Final, TypeAlias

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.rational import shown
from polyrelax.errors import UnsupportedNeuronError
from polyrelax.networks.neurons.absolute import Absolute
from polyrelax.networks.neurons.clip import Clip
from polyrelax.networks.neurons.leaky import LeakyReLU
from polyrelax.networks.neurons.maximum import Maximum
from polyrelax.networks.neurons.maxmin import MaxMin
from polyrelax.networks.neurons.minimum import Minimum
from polyrelax.networks.neurons.neuron import Neuron, require_neuron
from polyrelax.networks.neurons.passing import Pass
from polyrelax.networks.neurons.relu import Rectifier
from polyrelax.networks.neurons.sort import Sort

Numbers: TypeAlias = Mapping[str, Fraction]
"""The parameters of a neuron."""

PLAIN: Final[Mapping[str, Neuron]] = {
    "pass": Pass(),
    "relu": Rectifier(),
    "absolute": Absolute(),
    "maxmin": MaxMin(),
}
SIZED: Final[Mapping[str, Callable[[int], Neuron]]] = {
    "maximum": Maximum,
    "minimum": Minimum,
    "sort": Sort,
}
KINDS: Final = (*PLAIN, "leaky_relu", "clip", *SIZED)


def of_kind(kind: str, size: int, numbers: Numbers) -> Neuron:
    """Return the neuron of a kind that reads ``size`` values.

    >>> of_kind("clip", 1, {"upper": Fraction(6)}).name
    'clip .. 6'
    """
    require(kind, str)
    if kind in PLAIN:
        return PLAIN[kind]
    if kind in SIZED:
        return SIZED[kind](size)
    require(numbers, Mapping, "parameters by their names")
    if kind == "leaky_relu" and "slope" in numbers:
        return LeakyReLU(numbers["slope"])
    if kind != "clip":
        raise UnsupportedNeuronError(f"found {shown(kind)}, expected one of {', '.join(KINDS)}")
    return Clip(numbers.get("lower"), numbers.get("upper"))


def kind_of(neuron: Neuron) -> tuple[str, Numbers]:
    """Return the kind of a neuron, and its parameters.

    Raises :class:`UnsupportedNeuronError` for one that has no name here.

    >>> kind_of(Maximum(3))
    ('maximum', {})
    """
    require_neuron(neuron)
    match neuron:
        case LeakyReLU():
            return "leaky_relu", {"slope": neuron.slope}
        case Clip():
            ends = (("lower", neuron.lower), ("upper", neuron.upper))
            return "clip", {key: end for key, end in ends if end is not None}
        case Maximum() | Minimum() | Sort():
            return next(key for key, kind in SIZED.items() if kind is type(neuron)), {}
    found = next((key for key, known in PLAIN.items() if known == neuron), None)
    if found is None:
        raise UnsupportedNeuronError(
            f"found the neuron {neuron.name}, expected one of {', '.join(KINDS)}"
        )
    return found, {}
