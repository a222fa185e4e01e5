"""Random ONNX graphs of all operators that are read, in any opset.

``python -m tests.interop.random_graphs --count 10000`` compares as many with onnxruntime.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from onnx import ModelProto, shape_inference

from polyrelax.arithmetic.rational import Vector
from polyrelax.errors import PolyrelaxError
from polyrelax.interop.onnx.dataflow import lowered
from polyrelax.interop.onnx.reading import graph_of, load
from tests.interop.drawings import Drawing, Shape
from tests.interop.graphs import exact, run
from tests.interop.random_operators import OPERATORS
from tests.interop.running_errors import running

OPSETS = range(7, 29)
MOST_ENTRIES = 120


def drawn(seed: int, opset: int) -> Drawing:
    """A graph of one to six random operators."""
    rng = np.random.default_rng([seed, opset])
    rank = int(rng.integers(1, 5))
    shape = tuple(int(size) for size in rng.integers(1, 5 if rank > 2 else 7, size=rank))
    drawing = Drawing(rng, opset, shape)
    for _ in range(drawing.below(6) + 1):
        if drawing.rank:
            _grow(drawing)
    if not any(node.op_type != "Constant" for node in drawing.nodes):
        drawing.name = drawing.add("Neg", drawing.name)
    return drawing


def _grow(drawing: Drawing) -> None:
    """Add a random operator; take it back where it does not fit or gives too much."""
    operator = drawing.rng.choice(np.array(sorted(OPERATORS)))
    old = (drawing.name, list(drawing.nodes), dict(drawing.arrays))
    name = OPERATORS[str(operator)](drawing)
    shape = None if name is None else _shape(drawing, name)
    if name is None or shape is None or not 0 < np.prod(shape, initial=1) <= MOST_ENTRIES:
        drawing.name, drawing.nodes, drawing.arrays = old
    else:
        drawing.name, drawing.shape = name, shape


def _shape(drawing: Drawing, name: str) -> Shape | None:
    before, drawing.name = drawing.name, name
    model = drawing.model()
    drawing.name = before
    try:
        inferred = shape_inference.infer_shapes(
            model, check_type=True, strict_mode=True, data_prop=True
        )
    except shape_inference.InferenceError:
        return None
    kind = inferred.graph.output[0].type.tensor_type
    if not kind.HasField("shape") or not all(d.HasField("dim_value") for d in kind.shape.dim):
        return None
    return tuple(each.dim_value for each in kind.shape.dim)


def compared(drawing: Drawing, folder: Path) -> str | None:
    """What is wrong with the reading of a graph, none where onnxruntime does not run it."""
    path = folder / "net.onnx"
    path.write_bytes(_declared(drawing.model()).SerializeToString())
    scale = 1.0 if drawing.coin() else 0.25
    x = (drawing.rng.integers(-4, 5, size=drawing.input_shape) * scale).astype(np.float32)
    try:
        found = run(path, x)
    except Exception:  # its exceptions have no common class of their own
        return None
    try:
        network = load(path).network
    except PolyrelaxError as error:
        return str(error)
    values, errors = running(lowered(graph_of(path))[0], exact(x))
    if values != network(exact(x)):
        return "the folded network gives other values"
    return _beyond(values, errors, found)


def _declared(model: ModelProto) -> ModelProto:
    """A graph with the types and shapes of all its tensors, as onnx infers them.

    Of pools whose sizes are rounded up, onnx counts windows that lie in the padding behind the
    end, and onnxruntime does not: with these nothing is declared.
    """
    attributes = (each for node in model.graph.node for each in node.attribute)
    if any(each.name == "ceil_mode" and each.i for each in attributes):
        return model
    return shape_inference.infer_shapes(model, data_prop=True)


def _beyond(values: Vector, errors: Vector, found: Vector) -> str:
    if len(values) != len(found):
        return f"found {len(values)} values, onnxruntime gives {len(found)}"
    for k, (value, error, other) in enumerate(zip(values, errors, found, strict=True)):
        if abs(value - other) > error:
            return f"value {k} is {value}, onnxruntime gives {float(other)}, within {error}"
    return ""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    opsets: Counter[int] = Counter()
    seed = options.seed
    with TemporaryDirectory() as folder:
        while sum(opsets.values()) < options.count:
            opset = OPSETS[seed % len(OPSETS)]
            drawing = drawn(seed, opset)
            outcome = compared(drawing, Path(folder))
            if outcome is not None:
                opsets[opset] += 1
                counts.update(node.op_type for node in drawing.nodes)
            if outcome:
                print(f"seed {seed}, opset {opset}: {outcome}", flush=True)
            seed += 1
    print(f"{sum(opsets.values())} graphs of opsets {min(opsets)} to {max(opsets)}")
    print(", ".join(f"{name} {count}" for name, count in sorted(counts.items())))


if __name__ == "__main__":
    main()
