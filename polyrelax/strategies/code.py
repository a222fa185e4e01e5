"""Values as the Python that makes them, which a failing example prints and a person pastes.

Numbers are integers, or texts such as ``"-3/2"``.  The names are those of ``polyrelax``, and
those of neurons.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Final, Protocol, TypeAlias

from hypothesis.vendor.pretty import for_type_by_name

from polyrelax.arithmetic.rational import shown, text
from polyrelax.errors import ArgumentError
from polyrelax.networks.layers import Affine, Identity, Layer, Neurons, ReLU
from polyrelax.networks.network import Network
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.forms import Box, System
from polyrelax.polytopes.polytope import Polytope

Written: TypeAlias = Network | Affine | ReLU | Identity | Neurons | Constraint | Polytope
_CLASSES: Final = (Network, Affine, ReLU, Identity, Neurons, Constraint, Polytope)


class _Printer(Protocol):
    def text(self, written: str) -> None: ...


def code(value: Written) -> str:
    """Return an expression that makes a network, a layer, a constraint or a polytope.

    >>> from polyrelax.networks.network import network
    >>> code(network(([[1, "-3/2"]], [1]), ([[2]], [0])))
    'network(([[1, "-3/2"]], [1]), ([[2]], [0]))'
    >>> code(Polytope.hull([[0, 0], [1, "1/2"]]))
    'Polytope.hull([[0, 0], [1, "1/2"]], 2)'
    """
    match value:
        case Network():
            return _network(value)
        case Constraint():
            kind = "equal" if value.is_equation else "at_most"
            return f"Constraint.{kind}({_vector(value.normal)}, {_number(value.offset)})"
        case Polytope():
            return _polytope(value)
        case Affine() | ReLU() | Identity() | Neurons():
            return _layer(value)
        case _:
            raise ArgumentError(
                f"found {shown(value)}, expected a network, a layer or a polytope"
            )


def print_as_code() -> None:
    """Let Hypothesis print examples as Python that can be pasted.

    >>> print_as_code()
    """
    for each in _CLASSES:
        for_type_by_name(each.__module__, each.__name__, _print)


def _print(value: Written, printer: _Printer, _cycle: bool) -> None:
    printer.text(code(value))


def _network(value: Network) -> str:
    affine, bent = value.layers[::2], value.layers[1::2]
    is_plain = all(isinstance(layer, ReLU) and layer.neurons is None for layer in bent)
    maps = [layer for layer in affine if isinstance(layer, Affine) and layer.out_dim]
    if is_plain and len(maps) == len(affine) == len(bent) + 1:
        return f"network({', '.join(f'({_map(layer)})' for layer in maps)})"
    return f"Network([{', '.join(map(_layer, value.layers))}])"


def _layer(value: Layer) -> str:
    match value:
        case Affine() if value.out_dim:
            return f"Affine.dense({_map(value)})"
        case Affine():
            return f"Affine([], [], {value.in_dim})"
        case Neurons():
            units = (f"({neuron!r}, {list(read)})" for neuron, read in value.placed)
            return f"Neurons({value.in_dim}, [{', '.join(units)}])"
        case ReLU() if value.neurons is not None:
            return f"ReLU({value.width}, {value.neurons})"
        case ReLU() | Identity():
            return f"{type(value).__name__}({value.width})"


def _map(layer: Affine) -> str:
    return f"{_list(map(_vector, layer.weight))}, {_vector(layer.bias)}"


def _polytope(value: Polytope) -> str:
    match value.form:
        case Box() as box:
            lower, upper = (_vector(end[side] for end in box.ends) for side in (0, 1))
            return f"Polytope.box({lower}, {upper})"
        case System() as system:
            constraints = _list(map(code, system.description))
            return f"Polytope.intersection({constraints}, {value.dim})"
        case _:
            return f"Polytope.hull({_list(map(_vector, value.points))}, {value.dim})"


def _list(parts: Iterable[str]) -> str:
    return f"[{', '.join(parts)}]"


def _vector(values: Iterable[Fraction]) -> str:
    return _list(map(_number, values))


def _number(value: Fraction) -> str:
    return text(value) if value.denominator == 1 else f'"{text(value)}"'
