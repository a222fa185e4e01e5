"""The constants of an ONNX graph, made when they are first read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path, PurePosixPath
from typing import Final, TypeAlias, cast

import numpy as np
import onnx
from onnx import external_data_helper, helper, numpy_helper

from polyrelax.arithmetic.words import amount, quoted
from polyrelax.errors import FormatError, TooLargeError, UnsupportedOperatorError
from polyrelax.interop.onnx.reals import real_of
from polyrelax.interop.onnx.tensors import MOST_ENTRIES, Array

Source: TypeAlias = onnx.TensorProto | onnx.SparseTensorProto | onnx.AttributeProto

_TYPES: Final = {
    onnx.AttributeProto.FLOAT: onnx.TensorProto.FLOAT,
    onnx.AttributeProto.FLOATS: onnx.TensorProto.FLOAT,
    onnx.AttributeProto.INT: onnx.TensorProto.INT64,
    onnx.AttributeProto.INTS: onnx.TensorProto.INT64,
}
"""The types of constants that are attributes by themselves."""


@dataclass(frozen=True)
class Weights(Mapping[str, Array]):
    """Constants by name; external ones lie in files of a folder."""

    sources: Mapping[str, Source]
    folder: Path

    @classmethod
    def of_graph(cls, graph: onnx.GraphProto, folder: Path) -> Weights:
        """Return the constants of a graph."""
        sources: dict[str, Source] = {each.name: each for each in graph.initializer}
        sources.update((each.values.name, each) for each in graph.sparse_initializer)
        for node in graph.node:
            if node.op_type == "Constant" and node.domain in {"", "ai.onnx"}:
                sources[node.output[0]] = _only_attribute(node)
        return cls(sources, folder)

    def __getitem__(self, name: str) -> Array:
        source = self.sources[name]
        if isinstance(source, onnx.AttributeProto):
            return _attribute_value(name, source, self.folder)
        if isinstance(source, onnx.SparseTensorProto):
            return _dense(name, source)
        return array_of(name, source, self.folder)

    def element_type(self, name: str) -> int:
        """Return the number of the type that the entries of a constant have, 0 if unknown."""
        source = self.sources[name]
        if isinstance(source, onnx.AttributeProto):
            held = source.t.data_type or source.sparse_tensor.values.data_type
            return int(_TYPES.get(source.type, held))
        tensor = source.values if isinstance(source, onnx.SparseTensorProto) else source
        return int(tensor.data_type)

    def __contains__(self, name: object) -> bool:
        return name in self.sources

    def __iter__(self) -> Iterator[str]:
        return iter(self.sources)

    def __len__(self) -> int:
        return len(self.sources)


def array_of(name: str, tensor: onnx.TensorProto, folder: Path | None = None) -> Array:
    """Return the entries of a tensor: real numbers as doubles or fractions, others as they are.

    >>> array_of("w", numpy_helper.from_array(np.array([0.5], dtype=np.float32)))
    array([0.5])
    """
    if any(size < 0 for size in tensor.dims):
        raise FormatError(f"tensor {quoted(name)} has shape {list(tensor.dims)}")
    if external_data_helper.uses_external_data(tensor):
        _load_external(name, tensor, folder)
    try:
        array = numpy_helper.to_array(tensor)
    except (KeyError, TypeError, ValueError, OverflowError):
        raise FormatError(f"tensor {quoted(name)} does not fit its type and shape") from None
    return _of_known_type(name, array, tensor.data_type)


def _of_known_type(name: str, array: Array, kind: int) -> Array:
    if array.dtype in (np.float16, np.float32, np.float64):
        return real_of(array)
    if kind == onnx.TensorProto.BFLOAT16:
        return real_of(array.astype(np.float32))
    if array.dtype.kind in "iub" and array.dtype.type.__module__ == "numpy":
        return array
    known = onnx.TensorProto.DataType
    found = known.Name(kind) if kind in known.values() else "unknown"
    raise UnsupportedOperatorError(
        f"tensor {quoted(name)} has entries of type {found}, "
        "expected floats, integers or booleans"
    )


def _load_external(name: str, tensor: onnx.TensorProto, folder: Path | None) -> None:
    entries = {each.key: each.value for each in tensor.external_data}
    location = entries.get("location", "")
    place = PurePosixPath(location.replace("\\", "/"))
    if folder is None or place.is_absolute() or ".." in place.parts or not location:
        raise FormatError(
            f"tensor {quoted(name)} lies in another file, {quoted(location)}, which is not read"
        )
    if not (folder / location).is_file():
        raise FormatError(
            f"tensor {quoted(name)} lies in another file, "
            f"{quoted(location)}, which is not there"
        )
    try:
        external_data_helper.load_external_data_for_tensor(tensor, str(folder))
    except (OSError, ValueError, onnx.checker.ValidationError):
        raise FormatError(
            f"tensor {quoted(name)} cannot be read from the file {quoted(location)}"
        ) from None
    tensor.data_location = onnx.TensorProto.DEFAULT


def _dense(name: str, sparse: onnx.SparseTensorProto) -> Array:
    shape = tuple(sparse.dims)
    if any(size < 0 for size in shape):
        raise FormatError(f"tensor {quoted(name)} has shape {list(shape)}")
    if prod(shape) > MOST_ENTRIES:
        raise TooLargeError(
            f"sparse tensor {quoted(name)} has more than {MOST_ENTRIES} entries"
        )
    values = array_of(name, sparse.values)
    places = array_of(name, sparse.indices).astype(np.int64)
    try:
        flat = places if places.ndim == 1 else np.ravel_multi_index(tuple(places.T), shape)
        dense = np.zeros(prod(shape), dtype=values.dtype)
        if np.any(flat < 0) or flat.shape != values.shape:
            raise FormatError(f"tensor {quoted(name)} does not fit its shape {list(shape)}")
        dense[flat] = values
    except (IndexError, ValueError):
        raise FormatError(
            f"tensor {quoted(name)} does not fit its shape {list(shape)}"
        ) from None
    return dense.reshape(shape)


def _only_attribute(node: onnx.NodeProto) -> onnx.AttributeProto:
    if len(node.attribute) != 1 or not node.output:
        found = amount(len(node.attribute), "attribute")
        raise FormatError(
            f"operator 'Constant' (node {quoted(node.name)}) has {found}, expected one"
        )
    (only,) = node.attribute
    return cast("onnx.AttributeProto", only)


def _attribute_value(name: str, attribute: onnx.AttributeProto, folder: Path) -> Array:
    value = helper.get_attribute_value(attribute)
    if isinstance(value, onnx.TensorProto):
        return array_of(name, value, folder)
    if isinstance(value, onnx.SparseTensorProto):
        return _dense(name, value)
    if attribute.name in {"value_int", "value_ints"}:
        return np.asarray(value, dtype=np.int64)
    if attribute.name in {"value_float", "value_floats"}:
        return real_of(np.asarray(value, dtype=np.float64))
    raise UnsupportedOperatorError(f"operator 'Constant' ({quoted(name)}) holds no numbers")
