r"""Counterexamples as tools print them: texts of VNN-COMP, lists in JSON, rows, arrays.

The competition's text has a number for each input and, if the tool says so, output; a file may
hold several points, each beginning with ``X_0`` again::

    sat
    ((X_0 0.25)
     (X_1 -1e-3)
     (Y_0 0.5))

Rows hold the inputs of a point each, or its inputs and outputs, between commas or blanks.
JSON is ``{"inputs": [[…], …], "outputs": [[…], …]}``, or an array of points.  A decimal is the
number that is written, in JSON too; how programs read it is another question
(:mod:`polyrelax.audit.readings`).  An array of NumPy holds the floats that it holds.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Final

from polyrelax.arithmetic.arguments import dimension, exact, located, require
from polyrelax.arithmetic.finite_decimals import clearing, decimal
from polyrelax.arithmetic.rational import Vector, quotient, rational
from polyrelax.arithmetic.words import amount
from polyrelax.errors import DimensionError, FormatError, PolyrelaxError
from polyrelax.interop import npy, points
from polyrelax.interop.documents import Node, parse
from polyrelax.interop.opening import decoded, read_bytes
from polyrelax.interop.s_expressions import Form, Word
from polyrelax.interop.s_expressions import parse as lists_in

_FORMATS: Final = "a text such as ((X_0 0.5) (Y_0 1)), JSON, rows of numbers or an array (.npy)"
_VERDICT: Final = re.compile(r"\s*(sat|violated)\b", re.IGNORECASE)
_NAME: Final = re.compile(r"([XY])_(0|[1-9]\d{0,17})")
_BLANKS: Final = re.compile(r"\s*,\s*|\s+")


@dataclass(frozen=True)
class Claimed:
    """A point that is claimed to be a counterexample, and its outputs as the tool has them."""

    point: Vector
    outputs: Vector | None = None


def read(path: str | Path, in_dim: int, out_dim: int) -> tuple[Claimed, ...]:
    """Return the points of a file about a network of so many inputs and outputs.

    Raises :class:`FormatError` for another format and :class:`DimensionError` for points of
    other dimensions.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "point"
    ...     _ = path.write_text("sat ((X_0 0.5) (Y_0 1e-1))")
    ...     read(path, 1, 1)
    (Claimed(point=(Fraction(1, 2),), outputs=(Fraction(1, 10),)),)
    """
    content = read_bytes(path, expected=_FORMATS)
    if npy.is_array(content):
        found = points.read(path, in_dim)
        return tuple(Claimed(found.point(k)) for k in range(found.count))
    return loads(decoded(content, expected=_FORMATS), in_dim, out_dim)


def loads(text: str, in_dim: int, out_dim: int) -> tuple[Claimed, ...]:
    """Return the points of a text, as :func:`read` does.

    >>> [point, _] = loads('{"inputs": [[0.1, 2], ["1/2", 0]]}', 2, 1)
    >>> point
    Claimed(point=(Fraction(1, 10), Fraction(2, 1)), outputs=None)
    >>> loads("0.1, 2, 7", 2, 1)
    (Claimed(point=(Fraction(1, 10), Fraction(2, 1)), outputs=(Fraction(7, 1),)),)
    """
    require(text, str)
    in_dim = dimension(in_dim, "a dimension")
    if text.lstrip().startswith(("{", "[")):
        found = of_node(parse(text))
    elif text.lstrip().startswith("(") or _VERDICT.match(text):
        found = tuple(_of_lists(text))
    else:
        found = tuple(_of_rows(text, in_dim))
    if not found:
        raise FormatError(f"found no point, expected {_FORMATS}")
    for each in found:
        require_dimensions(each, in_dim, out_dim)
    return found


def dumps(claimed: Claimed) -> str:
    """Return a point, and its outputs if there are any, as the competition's text.

    Inputs are exact decimals; raises :class:`InexactInputError` for one that no finite decimal
    is.  Such an output stands as the nearest double.

    >>> print(dumps(Claimed((Fraction(1, 4),), (Fraction(-1, 3),))))
    sat
    ((X_0 0.25)
    (Y_0 -0.333333333333333314829616256247390992939472198486328125))
    """
    require(claimed, Claimed)
    lines = [f"(X_{j} {decimal(x)})" for j, x in enumerate(claimed.point)]
    outputs = map(finite, claimed.outputs or ())
    lines += [f"(Y_{j} {decimal(y)})" for j, y in enumerate(outputs)]
    return "\n".join(["sat", f"({lines[0]}" if lines else "(", *lines[1:]]) + ")"


def finite(value: Fraction) -> Fraction:
    """Return a number if it is a finite decimal, else the nearest double or whole number.

    >>> finite(Fraction(1, 10)), finite(Fraction(1, 3)) == Fraction(1 / 3)
    (Fraction(1, 10), True)
    """
    if clearing([value]) == 1:
        return exact(value)
    near = quotient(value.numerator, value.denominator)
    return Fraction(near) if math.isfinite(near) else Fraction(round(value))


def require_dimensions(claimed: Claimed, in_dim: int, out_dim: int) -> None:
    """Raise :class:`DimensionError` unless a point has so many inputs, and outputs if any.

    >>> require_dimensions(Claimed((rational(1),)), 2, 1)
    Traceback (most recent call last):
    polyrelax.errors.DimensionError: found a point of 1 input, the network has 2
    """
    require(claimed, Claimed)
    in_dim, out_dim = dimension(in_dim, "a dimension"), dimension(out_dim, "a dimension")
    if len(claimed.point) != in_dim:
        found = amount(len(claimed.point), "input")
        raise DimensionError(f"found a point of {found}, the network has {in_dim}")
    if claimed.outputs is not None and len(claimed.outputs) != out_dim:
        found = amount(len(claimed.outputs), "output")
        raise DimensionError(f"found a point with {found}, the network has {out_dim}")


def of_node(node: Node) -> tuple[Claimed, ...]:
    """Return the points of a JSON document.

    >>> of_node(Node([["1/2"], [3]]))[1]
    Claimed(point=(Fraction(3, 1),), outputs=None)
    """
    require(node, Node)
    if isinstance(node.value, list):
        return tuple(Claimed(_vector(entry)) for entry in _points(node))
    fields = node.fields(["inputs"], ["outputs"])
    inputs = [_vector(entry) for entry in _points(fields["inputs"])]
    if "outputs" not in fields or fields["outputs"].value is None:
        return tuple(map(Claimed, inputs))
    outputs = [_vector(entry) for entry in _points(fields["outputs"])]
    if len(outputs) != len(inputs):
        raise fields["outputs"].error(f"found {len(outputs)}, expected one for each point")
    return tuple(map(Claimed, inputs, outputs))


def _points(node: Node) -> Sequence[Node]:
    """Return the points of an array: its entries, or itself if it holds numbers."""
    entries = node.items()
    return entries if all(isinstance(entry.value, list) for entry in entries) else [node]


def _vector(node: Node) -> Vector:
    return tuple(entry.decimal() for entry in node.items())


def _of_lists(text: str) -> Iterator[Claimed]:
    """Yield the points of the competition's text."""
    mark = _VERDICT.match(text)
    found: dict[str, list[Fraction]] = {"X": [], "Y": []}
    for pair in _pairs(lists_in(text[mark.end() :] if mark else text)):
        match pair.items:
            case (Word(text=name), Word(text=number)) if found_name := _NAME.fullmatch(name):
                letter, place = found_name[1], int(found_name[2])
            case _:
                raise pair.error("expected a list such as (X_0 0.5)")
        if letter == "X" and place == 0 and found["X"]:
            yield _claimed(found)
            found = {"X": [], "Y": []}
        if place != len(found[letter]):
            expected = f"expected {letter}_{len(found[letter])}"
            raise pair.error(f"found {letter}_{place}, {expected}")
        found[letter].append(_number(pair, number))
    if found["X"]:
        yield _claimed(found)


def _pairs(forms: Iterable[Form]) -> Iterator[Form]:
    """Yield the lists of two words in lists, each at once."""
    for form in forms:
        inner = [item for item in form.items if isinstance(item, Form)]
        if inner and len(inner) == len(form.items):
            yield from _pairs(inner)
        else:
            yield form


def _number(pair: Form, number: str) -> Fraction:
    try:
        return rational(number)
    except PolyrelaxError as error:
        raise pair.error(str(error)) from None


def _claimed(found: dict[str, list[Fraction]]) -> Claimed:
    return Claimed(tuple(found["X"]), tuple(found["Y"]) or None)


def rows_of(text: str) -> tuple[Vector, ...]:
    r"""Return the rows of numbers in a text, between commas or blanks, without comments.

    >>> rows_of("# x y\n0.5, 1/3")
    ((Fraction(1, 2), Fraction(1, 3)),)
    """
    require(text, str)
    return tuple(_rows(text))


def _of_rows(text: str, in_dim: int) -> Iterator[Claimed]:
    for values in _rows(text):
        yield Claimed(values[:in_dim], values[in_dim:] or None)


def _rows(text: str) -> Iterator[Vector]:
    for number, line in enumerate(text.split("\n"), start=1):
        entries = [entry for entry in _BLANKS.split(line.strip()) if entry]
        if not entries or line.lstrip().startswith("#"):
            continue
        try:
            yield tuple(map(rational, entries))
        except PolyrelaxError as error:
            raise FormatError(f"line {number}: {error}") from None


@dataclass(frozen=True)
class Listed:
    """An entry of a list: who claims which points to violate which property of which network.

    The files are named as the list does; ``fault`` says why there are no points.
    """

    tool: str
    network: str
    property: str
    claimed: tuple[Claimed, ...]
    fault: str | None = None


def is_list(text: str) -> bool:
    """Whether a text is a list of claims rather than points.

    >>> is_list('{"witnesses": []}'), is_list('{"inputs": [1]}'), is_list("((X_0 1))")
    (True, False, False)
    """
    require(text, str)
    return text.lstrip().startswith("{") and '"witnesses"' in text


def read_list(text: str) -> tuple[Listed, ...]:
    r"""Return the entries of a list: ``{"witnesses": [{"tool": …, "network": …, …}]}``.

    An entry has ``tool``, ``network``, ``property``, ``inputs`` and, or not, ``outputs``; what
    is wrong with its points is kept as its fault.

    >>> entry = '"tool": "t", "network": "n.onnx", "property": "p.vnnlib"'
    >>> [found] = read_list('{"witnesses": [{%s, "inputs": [["one"]]}]}' % entry)
    >>> found.fault
    'witnesses[0].inputs[0][0]: found \'one\', expected a number such as "3/7" or "0.25"'
    """
    document = parse(text)
    entries = document.fields(["witnesses"], ["origin", "format"])["witnesses"].items()
    return tuple(map(_listed, entries))


def _listed(entry: Node) -> Listed:
    fields = entry.fields(["tool", "network", "property", "inputs"], ["outputs"])
    tool, network, property_ = (fields[key].words() for key in ("tool", "network", "property"))
    given = {key: fields[key].value for key in ("inputs", "outputs") if key in fields}
    try:
        found = of_node(Node(given, entry.place))
    except PolyrelaxError as error:
        return Listed(tool, network, property_, (), str(error))
    fault = None if found else str(fields["inputs"].error("found no point, expected one"))
    return Listed(tool, network, property_, found, fault)


NAMES: Final = (".counterexample", ".counterexample.gz")
"""How files of counterexamples end in the competition's folders."""


def found_in(folder: str | Path) -> Iterator[Path]:
    """Yield the files of counterexamples in a folder and those in it, in order.

    >>> list(found_in("/dev/null"))
    []
    """
    folder = located(folder)
    files = chain.from_iterable(folder.rglob(f"*{end}") for end in NAMES)
    yield from sorted(files)
