r"""Bounds that somebody claims, in files.

::

    {"bounds": [{"layer": 5, "lower": ["0", null], "upper": [0.25, "1/3"]},
                {"tensor": "relu1", "lower": [[0, 0, "0"]]}]}

``layer`` counts layers as ``polyrelax bounds --format json`` lists them, from 0, the inputs;
``tensor`` names one of an ONNX file instead, whose entries are numbered row by row; without
both the outputs are meant.  ``lower`` or ``upper`` may be left out, and null claims nothing;
lists of lists, as of a tensor of several axes, are read one after the other.  Rows of text, and
of an array of NumPy, are the lower and the upper bound of each output.  Decimals are the
numbers that are written, floats of an array those that they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np

from polyrelax.arithmetic.arguments import require, require_function
from polyrelax.arithmetic.rational import from_float, shown
from polyrelax.arithmetic.words import amount
from polyrelax.audit.bounds import ClaimedBound
from polyrelax.errors import DimensionError, FormatError, NotANumberError
from polyrelax.interop import npy, witnesses
from polyrelax.interop.documents import Node, parse
from polyrelax.interop.opening import decoded, read_bytes
from polyrelax.networks.network import Network

_FORMATS: Final = (
    'JSON {"bounds": [...]}, rows of a lower and an upper bound, or an array (.npy)'
)
Tensors: TypeAlias = Callable[[str], Network]
"""The network up to a tensor, by its name."""
Claims: TypeAlias = Mapping[str, tuple[ClaimedBound, ...]]
_SIGNS: Final = {"lower": -1, "upper": 1}


def no_tensors(name: str) -> Network:
    """Refuse a tensor: only ONNX files have some.

    >>> no_tensors("relu1")
    Traceback (most recent call last):
    polyrelax.errors.FormatError: found the tensor 'relu1', expected a network in ONNX with it
    """
    raise FormatError(f"found the tensor {shown(name)}, expected a network in ONNX with it")


def read(path: str | Path, network: Network, tensors: Tensors = no_tensors) -> Claims:
    """Return the bounds that a file claims, by the tensor whose values they are about.

    Those of layers and outputs of the network itself are under ``""``; ``tensors`` gives the
    network up to a tensor.  Raises :class:`FormatError` for another format,
    :class:`DimensionError` for other numbers of layers and values.

    >>> from tempfile import TemporaryDirectory
    >>> from polyrelax.networks.gallery import tent
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "bounds.txt"
    ...     _ = path.write_text("0.5, 2")
    ...     print(*read(path, tent())[""], sep=", ")
    v(5, 0) >= 1/2, v(5, 0) <= 2
    """
    require(network, Network)
    require_function(tensors)
    content = read_bytes(path, expected=_FORMATS)
    if npy.is_array(content):
        return {"": tuple(_of_array(npy.floats(content), network))}
    return loads(decoded(content, expected=_FORMATS), network, tensors)


def loads(text: str, network: Network, tensors: Tensors = no_tensors) -> Claims:
    """Return the bounds that a text claims, as :func:`read` does.

    >>> from polyrelax.networks.gallery import tent
    >>> print(*loads('{"bounds": [{"layer": 2, "upper": [1, null]}]}', tent())[""])
    v(2, 0) <= 1
    """
    require(text, str)
    require(network, Network)
    require_function(tensors)
    if text.lstrip().startswith("{"):
        return _of_entries(parse(text).fields(["bounds"])["bounds"].items(), network, tensors)
    return {"": tuple(_of_rows(text, network))}


def _of_entries(entries: Iterable[Node], network: Network, tensors: Tensors) -> Claims:
    networks, found = {"": network}, dict[str, list[ClaimedBound]]()
    for entry in entries:
        fields = entry.fields([], ["layer", "tensor", *_SIGNS])
        if "layer" in fields and "tensor" in fields:
            raise entry.error("found a layer and a tensor, expected one of them")
        name = fields["tensor"].words() if "tensor" in fields else ""
        if not name and "tensor" in fields:
            raise fields["tensor"].error("found an empty name, expected that of a tensor")
        if name not in networks:
            networks[name] = tensors(name)
        found.setdefault(name, []).extend(_of_entry(fields, networks[name]))
    return {name: tuple(claims) for name, claims in found.items()}


def _of_rows(text: str, network: Network) -> Iterator[ClaimedBound]:
    rows = witnesses.rows_of(text)
    if len(rows) != network.out_dim or any(len(row) != 2 for row in rows):
        found = f"found {amount(len(rows), 'row')}"
        raise DimensionError(
            f"{found}, expected two numbers for each of {network.out_dim} outputs"
        )
    depth = len(network.layers)
    for j, row in enumerate(rows):
        for sign, value in zip(_SIGNS.values(), row, strict=True):
            yield ClaimedBound(depth, j, sign, value)


def _of_entry(fields: Mapping[str, Node], network: Network) -> Iterator[ClaimedBound]:
    depth = len(network.layers)
    layer = fields["layer"].index() if "layer" in fields else depth
    if layer > depth:
        raise fields["layer"].error(f"found {layer}, expected 0 to {depth}")
    width = network.prefix(layer).out_dim if layer else network.in_dim
    for name, sign in _SIGNS.items():
        values = list(_leaves(fields[name])) if name in fields else []
        if name in fields and len(values) != width:
            raise fields[name].error(f"found {amount(len(values), 'number')}, expected {width}")
        for j, node in enumerate(values):
            if node.value is not None:
                yield ClaimedBound(layer, j, sign, node.decimal())


def _leaves(node: Node) -> Iterator[Node]:
    """Yield the entries of lists in lists."""
    for entry in node.items():
        if isinstance(entry.value, list):
            yield from _leaves(entry)
        else:
            yield entry


def _of_array(array: np.ndarray, network: Network) -> Iterator[ClaimedBound]:
    if array.shape != (network.out_dim, 2):
        expected = f"{network.out_dim} x 2, a lower and an upper bound of each output"
        raise FormatError(f"found an array of shape {array.shape}, expected {expected}")
    if not np.isfinite(array).all():
        raise NotANumberError("found nan or inf, expected finite numbers")
    for j, row in enumerate(array.tolist()):
        for sign, value in zip(_SIGNS.values(), row, strict=True):
            yield ClaimedBound(len(network.layers), j, sign, from_float(value))
