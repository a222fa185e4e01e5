"""Modules of PyTorch as networks, without rounding.

A ``Sequential``, nested ones too, is read module by module into the operators that
:mod:`polyrelax.interop.onnx` gives an exact meaning.  Parameters in floating point are the
dyadic rationals that they are, whatever their precision, and the network is the function that
the modules *mean* with exact arithmetic.  One factor is not rational, that of BatchNorm: it is
read as the nearest double.

Modules are known by their classes, so that nothing of PyTorch is imported; what a subclass or a
hook changes of a module is refused.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite, prod
from types import MappingProxyType
from typing import Final, NamedTuple, Protocol, TypeAlias, runtime_checkable

import numpy as np

from polyrelax.arithmetic.arguments import wholes
from polyrelax.arithmetic.rational import shown
from polyrelax.arithmetic.words import quoted
from polyrelax.errors import (
    ArgumentError,
    DimensionError,
    TooLargeError,
    UnsupportedOperatorError,
)
from polyrelax.interop.onnx.dataflow import lowered, network_of
from polyrelax.interop.onnx.graph import Graph, Node, Port
from polyrelax.interop.onnx.reals import Reals, real
from polyrelax.interop.onnx.tensors import MOST_ENTRIES, Array
from polyrelax.networks.network import Network

_HOME: Final = "torch.nn.modules."
_PARAMETRIZED: Final = "torch.nn.utils.parametrize"
_PREPARING: Final = frozenset(
    (
        *("__init__", "__module__", "__doc__", "__qualname__", "__annotations__", "extra_repr"),
        *("__firstlineno__", "__static_attributes__", "__annotate__", "__annotate_func__"),
        *("__parameters__", "__orig_bases__", "__annotations_cache__"),
    )
)
"""What a class may have that does what the one does that it inherits from."""


@runtime_checkable
class Module(Protocol):
    """What all modules of PyTorch have."""

    training: bool
    _modules: Mapping[str, Module]
    """The modules inside by their names, one that is used twice twice."""


class _Tensor(Protocol):
    def is_floating_point(self) -> bool: ...
    def detach(self) -> _Tensor: ...
    def cpu(self) -> _Tensor: ...
    def double(self) -> _Tensor: ...
    def numpy(self) -> Reals: ...


class _Step(NamedTuple):
    """An operator, the constants that it reads after what it is applied to, its attributes."""

    operator: str
    constants: tuple[Array, ...] = ()
    attributes: Mapping[str, object] = MappingProxyType({})
    version: int = 13


@dataclass(frozen=True)
class _Layer:
    """A module at its place in another, with the name of its class in PyTorch."""

    path: str
    kind: str
    module: Module

    def refused(self, reason: str) -> UnsupportedOperatorError:
        """Return an error that names the module."""
        return UnsupportedOperatorError(f"module {quoted(self.path)} ({self.kind}) {reason}")

    def setting(self, name: str) -> object:
        """Return what the module was made with."""
        return getattr(self.module, name)

    def number(self, name: str) -> float:
        """Return a setting that is a number."""
        value = self.setting(name)
        if not isinstance(value, (int, float)) or not isfinite(value):
            raise self.refused(f"has {name}={shown(value)}, expected a finite number")
        return value

    def sizes(self, name: str) -> list[int]:
        """Return a setting that is a whole number for each axis, or one for all."""
        value = self.setting(name)
        axes = int(self.kind[-2]) if self.kind[-1] == "d" else 1
        given = list(value) if isinstance(value, (tuple, list)) else [value] * axes
        found = [size for size in given if isinstance(size, int)]
        if len(found) < len(given):
            raise self.refused(f"has {name}={shown(value)}, expected whole numbers")
        return found

    def array(self, name: str) -> Reals | None:
        """Return a parameter as doubles, if the module has it."""
        tensor: _Tensor | None = getattr(self.module, name)
        if tensor is None:
            return None
        if not getattr(tensor, "is_floating_point", bool)():
            raise self.refused(f"has a {name} that holds no floats")
        try:
            return np.asarray(tensor.detach().cpu().double().numpy())
        except (NotImplementedError, RuntimeError, TypeError):  # sparse, or without data
            raise self.refused(f"has a {name} that is no array of numbers") from None

    def expect(self, name: str, *wanted: object) -> None:
        """Refuse the module unless a setting is one of these."""
        if (value := self.setting(name)) not in wanted:
            raise self.refused(f"has {name}={shown(value)}, expected {shown(wanted[0])}")


def from_torch(module: Module, shape: Sequence[int] | None = None) -> Network:
    """Return the network of a module of PyTorch, exactly.

    ``shape`` is that of one input, without a batch, such as ``(1, 28, 28)``; it need not be
    named for modules that read vectors.  Inputs and outputs are in row-major order.  Raises
    :class:`UnsupportedOperatorError` for a module that has no exact meaning here.

    >>> from torch.nn import Linear, ReLU, Sequential
    >>> from_torch(Sequential(Linear(2, 3), ReLU(), Linear(3, 1))).widths
    (2, 3, 3, 1)
    """
    layers = tuple(_layers(module))
    start = Port("input", (1, *_shape(layers, shape)))
    nodes: list[Node] = []
    constants: dict[str, Array] = {}
    last = start.name
    for number, (layer, step) in enumerate(_steps(layers)):
        names = [f"{layer.path} {step.operator} {k}" for k in range(len(step.constants))]
        constants.update(zip(names, step.constants, strict=True))
        read, last = last, f"{number}"
        nodes.append(
            Node(
                step.operator,
                (read, *names),
                (last,),
                step.attributes,
                layer.path,
                step.version,
            )
        )
    graph = Graph(tuple(nodes), constants, (start,), (last,))
    return network_of(lowered(graph)[0], prod(start.shape))


def _layers(module: Module, path: str = "") -> Iterator[_Layer]:
    """Yield the modules inside of nested ones, in order."""
    if not isinstance(module, Module) or isinstance(module, type):
        raise ArgumentError(f"found {shown(module)}, expected a module of PyTorch")
    layer = _Layer(path, _kind(module), module)
    if layer.kind not in {_SEQUENTIAL, *_KINDS}:
        raise layer.refused(f"is not read, expected one of {_SEQUENTIAL}, {', '.join(_KINDS)}")
    if _has_hooks(module):
        raise layer.refused("has hooks, expected none")
    if hasattr(module, "parametrizations"):  # in training they change when they are read
        _require_evaluation(layer)
    if layer.kind != _SEQUENTIAL:
        yield layer
        return
    for name, child in module._modules.items():
        yield from _layers(child, f"{path}.{name}" if path else name)


def _kind(module: Module) -> str:
    """Return the class of PyTorch that says what a module does, else its own with its home.

    Classes between the two may do nothing but to prepare a module; parameters that PyTorch
    computes from others, as those of a spectral norm, are what they are at present.
    """
    own = type(module)
    for each in own.__mro__:
        if each.__module__.startswith(_HOME):
            is_changed = any(callable(getattr(own, name, None)) for name in vars(module))
            return (
                each.__name__ if not is_changed else f"{each.__name__} with methods of its own"
            )
        if each.__module__ != _PARAMETRIZED and not vars(each).keys() <= _PREPARING:
            break
    return f"{own.__module__}.{own.__qualname__}"


def _has_hooks(module: Module) -> bool:
    """Whether something is called before or behind the module, or any module."""
    every = sys.modules.get(f"{_HOME}module")
    return any(
        getattr(module, name, None) or getattr(every, f"_global{name}", None)
        for name in ("_forward_hooks", "_forward_pre_hooks")
    )


def _shape(layers: Sequence[_Layer], given: Sequence[int] | None) -> tuple[int, ...]:
    if given is not None:
        sizes = wholes(given, "the shape of an input")
        if any(size < 1 for size in sizes):
            raise DimensionError(f"found the shape {sizes}, expected sizes of at least 1")
        if prod(sizes) > MOST_ENTRIES:
            raise TooLargeError(f"found the shape {sizes}, of more than {MOST_ENTRIES} entries")
        return sizes
    for layer in layers:
        if layer.kind in _WIDTHS:
            return tuple(layer.sizes(_WIDTHS[layer.kind]))
        if layer.kind not in _ENTRYWISE:
            break
    raise ArgumentError(
        "found no width of the inputs, expected the shape of one, such as shape=(1, 28, 28)"
    )


def _steps(layers: Iterable[_Layer]) -> Iterator[tuple[_Layer, _Step]]:
    for layer in layers:
        for step in _KINDS[layer.kind](layer):
            yield layer, step


def _nothing(layer: _Layer) -> Iterator[_Step]:
    yield _Step("Identity")


def _dropout(layer: _Layer) -> Iterator[_Step]:
    _require_evaluation(layer)
    yield _Step("Identity")


def _linear(layer: _Layer) -> Iterator[_Step]:
    if (weight := layer.array("weight")) is not None:
        yield _Step("MatMul", (weight.T,))
    if (bias := layer.array("bias")) is not None:
        yield _Step("Add", (bias,))


def _convolution(layer: _Layer) -> Iterator[_Step]:
    layer.expect("padding_mode", "zeros")
    yield _Step("Conv", _parameters(layer), {**_sliding(layer), **_groups(layer)})


def _transposed(layer: _Layer) -> Iterator[_Step]:
    layer.expect("padding_mode", "zeros")
    growth = {"output_padding": layer.sizes("output_padding")}
    yield _Step(
        "ConvTranspose", _parameters(layer), {**_sliding(layer), **_groups(layer), **growth}
    )


def _parameters(layer: _Layer) -> tuple[Array, ...]:
    found = (layer.array(name) for name in ("weight", "bias") if hasattr(layer.module, name))
    return tuple(array for array in found if array is not None)


def _groups(layer: _Layer) -> Mapping[str, object]:
    return {"group": layer.setting("groups"), "dilations": layer.sizes("dilation")}


def _sliding(layer: _Layer) -> Mapping[str, object]:
    """Return kernel, strides and padding, which are named alike in convolutions and pools."""
    kernel = layer.sizes("kernel_size")
    settings = {"kernel_shape": kernel, "strides": layer.sizes("stride")}
    return {**settings, "pads": _pads(layer, kernel)}


def _pads(layer: _Layer, kernel: Sequence[int]) -> list[int]:
    """Return the padding before all axes, then that after them."""
    match layer.setting("padding"):
        case "valid":
            return [0] * (2 * len(kernel))
        case "same":
            spans = zip(layer.sizes("dilation"), kernel, strict=True)
            totals = [step * (size - 1) for step, size in spans]
            return [total // 2 for total in totals] + [total - total // 2 for total in totals]
        case _:
            return layer.sizes("padding") * 2


def _greatest(layer: _Layer) -> Iterator[_Step]:
    layer.expect("return_indices", False)
    ends = {"ceil_mode": int(layer.number("ceil_mode")), "dilations": layer.sizes("dilation")}
    yield _Step("MaxPool", (), {**_sliding(layer), **ends})


def _average(layer: _Layer) -> Iterator[_Step]:
    if hasattr(layer.module, "divisor_override"):
        layer.expect("divisor_override", None)
    counted = {name: int(layer.number(name)) for name in ("ceil_mode", "count_include_pad")}
    yield _Step("AveragePool", (), {**_sliding(layer), **counted})


def _whole(operator: str) -> Callable[[_Layer], Iterator[_Step]]:
    """Return how a pool of adaptive size is read, which must be that of the whole image."""

    def steps(layer: _Layer) -> Iterator[_Step]:
        if hasattr(layer.module, "return_indices"):
            layer.expect("return_indices", False)
        sizes = layer.setting("output_size")
        axes = int(layer.kind[-2])
        if sizes not in (1, (1,) * axes, [1] * axes):
            raise layer.refused(f"has output_size={shown(sizes)}, expected 1")
        yield _Step(operator, (), {"axes": list(range(-axes, 0)), "keepdims": 1}, version=11)

    return steps


def _normalised(layer: _Layer) -> Iterator[_Step]:
    _require_evaluation(layer)
    mean, variance = layer.array("running_mean"), layer.array("running_var")
    if mean is None or variance is None:
        raise layer.refused("has no running statistics, expected track_running_stats=True")
    scale, shift = layer.array("weight"), layer.array("bias")
    numbers = (
        np.ones_like(mean) if scale is None else scale,
        np.zeros_like(mean) if shift is None else shift,
    )
    epsilon = {"epsilon": layer.number("eps")}
    yield _Step("BatchNormalization", (*numbers, mean, variance), epsilon)


def _require_evaluation(layer: _Layer) -> None:
    if layer.module.training:
        raise layer.refused("is in training mode, expected module.eval()")


def _flat(layer: _Layer) -> Iterator[_Step]:
    layer.expect("end_dim", -1)
    layer.expect("start_dim", 1)
    yield _Step("Flatten")


def _rectifier(layer: _Layer) -> Iterator[_Step]:
    yield _Step("Relu")


def _leaky(layer: _Layer) -> Iterator[_Step]:
    yield _Step("LeakyRelu", (), {"alpha": layer.number("negative_slope")})


def _parametric(layer: _Layer) -> Iterator[_Step]:
    yield _Step("PRelu", _parameters(layer), version=6)  # which has a slope for each channel


def _clipped(layer: _Layer) -> Iterator[_Step]:
    ends = (layer.number("min_val"), layer.number("max_val"))
    yield _Step("Clip", tuple(real(end) for end in ends))


def _hard_sigmoid(layer: _Layer) -> Iterator[_Step]:
    """Yield ``min(max(x + 3, 0), 6) / 6``, whose sixth is no double."""
    yield _Step("Add", (real(3),))
    yield _Step("Clip", (real(0), real(6)))
    yield _Step("Mul", (real(Fraction(1, 6)),))


Translation: TypeAlias = Callable[[_Layer], Iterator[_Step]]

_SEQUENTIAL: Final = "Sequential"
_ENTRYWISE: Final[Mapping[str, Translation]] = {
    "ReLU": _rectifier,
    "LeakyReLU": _leaky,
    "PReLU": _parametric,
    "Hardtanh": _clipped,
    "ReLU6": _clipped,
    "Hardsigmoid": _hard_sigmoid,
    "Identity": _nothing,
    "Dropout": _dropout,
    "Flatten": _flat,
}
_AXES: Final = ("1d", "2d", "3d")
_KINDS: Final[Mapping[str, Translation]] = {
    "Linear": _linear,
    **_ENTRYWISE,
    **{
        f"{name}{axes}": translation
        for name, translation in (
            ("Conv", _convolution),
            ("ConvTranspose", _transposed),
            ("BatchNorm", _normalised),
            ("MaxPool", _greatest),
            ("AvgPool", _average),
            ("AdaptiveMaxPool", _whole("ReduceMax")),
            ("AdaptiveAvgPool", _whole("ReduceMean")),
            ("Dropout", _dropout),
        )
        for axes in _AXES
    },
}
"""What each class of modules does, by the name of the class."""
_WIDTHS: Final = {"Linear": "in_features", "BatchNorm1d": "num_features"}
"""Which setting says how many values the modules read that read vectors."""
