"""Random nodes: for each operator that is read, one way to draw it in any opset."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from onnx import TensorProto

from tests.interop.drawings import Drawing


def _partner(d: Drawing) -> npt.NDArray[np.float32]:
    """A constant that broadcasts with the tensor."""
    cut = d.below(d.rank + 1)
    sizes = [size if d.coin() else 1 for size in d.shape[cut:]]
    return d.numbers(*sizes)


def _binary(operator: str) -> Callable[[Drawing], str]:
    def draw(d: Drawing) -> str:
        other = d.name if operator in {"Add", "Sub"} and not d.below(4) else None
        other = other or d.constant(_partner(d))
        return d.add(operator, *((other, d.name) if d.coin() else (d.name, other)))

    return draw


def _divide(d: Drawing) -> str:
    divisor = d.rng.choice(np.array([-4, -3, 0.5, 2, 5], dtype=np.float32), size=d.shape[-1:])
    return d.add("Div", d.name, d.constant(divisor))


def _many(operator: str) -> Callable[[Drawing], str]:
    def draw(d: Drawing) -> str:
        full = d.opset < 8
        others = [
            d.constant(d.numbers(*d.shape) if full else _partner(d)) for _ in range(d.below(3))
        ]
        inputs = [d.name, *others, *([d.name] if d.coin() else [])]
        return d.add(operator, *(inputs[k] for k in d.rng.permutation(len(inputs))))

    return draw


def _plain(operator: str) -> Callable[[Drawing], str]:
    return lambda d: d.add(operator, d.name)


def _matmul(d: Drawing) -> str | None:
    if d.coin() or d.rank == 1:
        return d.add("MatMul", d.name, d.constant(d.numbers(d.shape[-1], d.below(4) + 1)))
    return d.add("MatMul", d.constant(d.numbers(d.below(4) + 1, d.shape[-2])), d.name)


def _gemm(d: Drawing) -> str | None:
    if d.rank != 2:
        return None
    turned, turned_weight, width = d.below(2), d.below(2), d.below(3) + 1
    inner = d.shape[0] if turned else d.shape[1]
    weight = d.numbers(*((width, inner) if turned_weight else (inner, width)))
    inputs = [d.name, d.constant(weight)]
    if d.opset < 11 or d.coin():
        inputs.append(d.constant(d.numbers(width)))
    scale = float(d.rng.choice([1.0, 0.5, -2.0]))
    return d.add("Gemm", *inputs, transA=turned, transB=turned_weight, alpha=scale, beta=2.0)


def _sliding(d: Drawing, kernel: Sequence[int], *, dilates: bool) -> dict[str, object]:
    axes = d.rank - 2
    found: dict[str, object] = {"strides": [d.below(3) + 1 for _ in range(axes)]}
    mode = str(d.rng.choice(["NOTSET", "NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER"]))
    if mode.startswith("SAME"):  # where more than one pixel is left out, runtimes differ
        found["strides"] = [d.below(2) + 1 for _ in range(axes)]
    if dilates and mode in {"NOTSET", "VALID"}:
        fits = [2 * size - 1 <= n for size, n in zip(kernel, d.shape[2:], strict=True)]
        found["dilations"] = [1 + (d.coin() and fit) for fit in fits]
    if mode == "NOTSET":
        found["pads"] = [d.below(size) for size in (*kernel, *kernel)]
    else:
        found["auto_pad"] = mode
    return found


def _conv(d: Drawing) -> str | None:
    if not 3 <= d.rank <= 4:
        return None
    groups = d.shape[1] if d.coin() else 1
    kernel = [d.below(min(3, size)) + 1 for size in d.shape[2:]]
    outputs = groups * (d.below(2) + 1)
    inputs = [d.name, d.constant(d.numbers(outputs, d.shape[1] // groups, *kernel))]
    if d.coin():
        inputs.append(d.constant(d.numbers(outputs)))
    return d.add("Conv", *inputs, group=groups, **_sliding(d, kernel, dilates=True))


def _conv_transpose(d: Drawing) -> str | None:
    if not 3 <= d.rank <= 4:
        return None
    groups = d.shape[1] if d.coin() else 1
    kernel = [d.below(3) + 1 for _ in d.shape[2:]]
    inputs = [d.name, d.constant(d.numbers(d.shape[1], d.below(2) + 1, *kernel))]
    strides = [d.below(3) + 1 for _ in kernel]
    pads = [d.below(size) for size in (*kernel, *kernel)]
    extra = [d.below(stride) for stride in strides]
    return d.add(
        "ConvTranspose", *inputs, group=groups, strides=strides, pads=pads, output_padding=extra
    )


def _pool(operator: str) -> Callable[[Drawing], str | None]:
    def draw(d: Drawing) -> str | None:
        if not 3 <= d.rank <= 4:
            return None
        kernel = [d.below(min(3, size)) + 1 for size in d.shape[2:]]
        since = 10 if operator == "MaxPool" else 19
        options = _sliding(d, kernel, dilates=d.opset >= since)
        if d.opset >= 10 and "auto_pad" not in options:
            options["ceil_mode"] = d.below(2)
        if operator == "AveragePool":
            options["count_include_pad"] = d.below(2)
        return d.add(operator, d.name, kernel_shape=kernel, **options)

    return draw


def _image(operator: str) -> Callable[[Drawing], str | None]:
    return lambda d: d.add(operator, d.name) if d.rank >= 3 else None


def _normalize(d: Drawing) -> str | None:
    if d.rank < 2:
        return None
    channels = d.shape[1]
    squares = d.rng.choice(np.array([0.25, 1, 4, 16], dtype=np.float32), size=channels)
    parameters = [*(d.numbers(channels) for _ in range(3)), squares - np.float32(0.125)]
    return d.add("BatchNormalization", d.name, *map(d.constant, parameters), epsilon=0.125)


def _reduce(operator: str) -> Callable[[Drawing], str]:
    def draw(d: Drawing) -> str:
        axes = sorted(set(d.rng.integers(d.rank, size=d.below(d.rank) + 1).tolist()))
        signed = [axis - d.rank if d.opset >= 11 and d.coin() else axis for axis in axes]
        since = 13 if operator == "ReduceSum" else 18
        return d.with_integers(operator, "axes", signed, since, keepdims=d.below(2))

    return draw


def _dyadic(d: Drawing) -> float:
    return float(d.rng.choice([-2.0, -0.25, 0.0, 0.125, 0.5, 1.0, 3.0]))


def _parametric(d: Drawing) -> str:
    return d.add("PRelu", d.name, d.constant(_partner(d)))


def _clip(d: Drawing) -> str:
    ends = sorted(float(end) for end in d.rng.integers(-3, 4, size=2))
    if d.opset < 11:
        return d.add("Clip", d.name, min=ends[0], max=ends[1])
    low, high = (d.constant(np.array(end, dtype=np.float32)) for end in ends)
    return d.add("Clip", d.name, *[(low, high), (low,), ("", high), ()][d.below(4)])


def _cast(d: Drawing) -> str:
    d.name = d.add("Cast", d.name, to=TensorProto.DOUBLE)
    return d.add("Cast", d.name, to=TensorProto.FLOAT)


def _concat(d: Drawing) -> str:
    axis = d.below(d.rank)
    sizes = [size if k != axis else d.below(3) + 1 for k, size in enumerate(d.shape)]
    inputs = [d.name, d.name if d.coin() else d.constant(d.numbers(*sizes))]
    return d.add("Concat", *(reversed(inputs) if d.coin() else inputs), axis=axis)


def _expand(d: Drawing) -> str | None:
    if d.opset < 8:
        return None
    sizes = [size if size > 1 else d.below(3) + 1 for size in d.shape]
    return d.add("Expand", d.name, d.integers(*[d.below(2) + 1, *sizes][d.below(2) :]))


def _flatten(d: Drawing) -> str:
    return d.add("Flatten", d.name, axis=d.below(d.rank + 1))


def _gather(d: Drawing) -> str | None:
    if not d.rank:
        return None
    axis = d.below(d.rank)
    size = d.shape[axis]
    least = -size if d.opset >= 11 else 0
    count = tuple(d.below(3) + 1 for _ in range(d.below(3)))
    places = d.rng.integers(least, size, size=count).astype(np.int64)
    return d.add("Gather", d.name, d.constant(places), axis=axis)


def _pad(d: Drawing) -> str:
    mode = str(d.rng.choice(["constant", "edge", "reflect"]))
    most = [3 if mode != "reflect" else size for size in d.shape]
    pads = [d.below(size) for size in (*most, *most)]
    if d.opset < 11:
        return d.add("Pad", d.name, pads=pads, mode=mode, value=2.0)
    value = d.constant(np.array(-1.5, dtype=np.float32))
    inputs = [d.integers(*pads), *([value] if mode == "constant" and d.coin() else [])]
    return d.add("Pad", d.name, *inputs, mode=mode)


def _reshape(d: Drawing) -> str:
    if d.coin():
        return d.add("Reshape", d.name, d.integers(-1))
    order = d.rng.permutation(d.rank)
    sizes = [d.shape[k] for k in order]
    sizes[d.below(d.rank)] = -1
    return d.add("Reshape", d.name, d.integers(*sizes))


def _slice(d: Drawing) -> str:
    axis = d.below(d.rank)
    size = d.shape[axis]
    start, end = sorted(d.rng.integers(-size - 1, size + 2, size=2).tolist())
    if d.opset < 10:
        return d.add("Slice", d.name, starts=[start], ends=[end], axes=[axis])
    step = int(d.rng.choice([1, 2, -1, -2]))
    ends = (start, end) if step > 0 else (end, start)
    return d.add("Slice", d.name, *(d.integers(n) for n in (*ends, axis, step)))


def _split(d: Drawing) -> str | None:
    axis = d.below(d.rank)
    size = d.shape[axis]
    first = d.below(size) + 1
    if first == size:
        return None
    parts = [first, size - first]
    if d.opset >= 13:
        return d.add("Split", d.name, d.integers(*parts), axis=axis)
    return d.add("Split", d.name, split=parts, axis=axis)


def _squeeze(d: Drawing) -> str | None:
    ones = [axis for axis, size in enumerate(d.shape) if size == 1]
    if not ones or d.rank == 1:
        return None
    return d.with_integers("Squeeze", "axes", ones[:1], 13)


def _tile(d: Drawing) -> str:
    return d.add("Tile", d.name, d.integers(*(d.below(2) + 1 for _ in d.shape)))


def _transpose(d: Drawing) -> str:
    order = d.rng.permutation(d.rank).tolist()
    return d.add("Transpose", d.name, perm=order if d.coin() else None)


def _unsqueeze(d: Drawing) -> str:
    return d.with_integers("Unsqueeze", "axes", [d.below(d.rank + 1)], 13)


def _measured(d: Drawing) -> str:
    """A reshape whose shape is computed from the shape of the tensor."""
    shape = d.add("Shape", d.name)
    first = d.add("Gather", shape, d.constant(np.array([0], dtype=np.int64)), axis=0)
    half = d.add("Div", d.add("Mul", first, d.integers(3)), d.integers(3))
    return d.add("Reshape", d.name, d.add("Concat", half, d.integers(-1), axis=0))


def _filled(d: Drawing) -> str | None:
    if d.opset < 9:
        return None
    return d.add("Add", d.name, d.add("ConstantOfShape", d.add("Shape", d.name)))


def _chosen(d: Drawing) -> str | None:
    """An addition of a constant that is chosen by comparing integers."""
    if d.opset < 11:
        return None
    ends = (np.array(end, dtype=np.int64) for end in (0, d.shape[-1], 1))
    counted = d.add("Range", *map(d.constant, ends))
    odd = d.add("Mod", counted, d.integers(2))
    one, two = (d.constant(d.numbers(d.shape[-1])) for _ in range(2))
    return d.add("Add", d.name, d.add("Where", d.add("Equal", odd, d.integers(1)), one, two))


OPERATORS: Mapping[str, Callable[[Drawing], str | None]] = {
    "Abs": _plain("Abs"),
    "Add": _binary("Add"),
    "AveragePool": _pool("AveragePool"),
    "BatchNormalization": _normalize,
    "Cast": _cast,
    "Clip": _clip,
    "Concat": _concat,
    "ConstantOfShape": _filled,
    "Conv": _conv,
    "ConvTranspose": _conv_transpose,
    "Div": _divide,
    "Dropout": _plain("Dropout"),
    "Expand": _expand,
    "Flatten": _flatten,
    "Gather": _gather,
    "Gemm": _gemm,
    "GlobalAveragePool": _image("GlobalAveragePool"),
    "GlobalMaxPool": _image("GlobalMaxPool"),
    "Identity": _plain("Identity"),
    "LeakyRelu": lambda d: d.add("LeakyRelu", d.name, alpha=_dyadic(d)),
    "MatMul": _matmul,
    "Max": _many("Max"),
    "MaxPool": _pool("MaxPool"),
    "Mean": _many("Mean"),
    "Min": _many("Min"),
    "Mul": _binary("Mul"),
    "Neg": _plain("Neg"),
    "PRelu": _parametric,
    "Pad": _pad,
    "ReduceMax": _reduce("ReduceMax"),
    "ReduceMean": _reduce("ReduceMean"),
    "ReduceMin": _reduce("ReduceMin"),
    "ReduceSum": _reduce("ReduceSum"),
    "Relu": _plain("Relu"),
    "Reshape": _reshape,
    "Shape": _measured,
    "Slice": _slice,
    "Split": _split,
    "Squeeze": _squeeze,
    "Sub": _binary("Sub"),
    "Sum": _many("Sum"),
    "Tile": _tile,
    "Transpose": _transpose,
    "Unsqueeze": _unsqueeze,
    "Where": _chosen,
}
