r"""Properties as texts of VNN-LIB, versions 1.0 and 2.0, with every number exact.

Bounds of single inputs and outputs stand as programs expect them, ``(<= X_0 0.5)``, and two
values that are compared as ``(<= Y_0 Y_3)``.  The language has decimals alone: a row of other
numbers is multiplied by the least whole number that makes them finite decimals, so that
:math:`x_0 \le 1/3` is ``(<= (* 3.0 X_0) 1.0)``, which not every program reads.  What all
cases say of the inputs is asserted once.  In version 2 the inputs and the outputs are one
tensor each, of any shape, or of ``[1, n]``, as of the networks that are written here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from math import prod
from typing import Final, Protocol

from polyrelax.arithmetic.arguments import exactly, require, wholes
from polyrelax.arithmetic.finite_decimals import clearing, multiple, real
from polyrelax.arithmetic.rational import ONE, shown
from polyrelax.errors import FormatError, ShapeError
from polyrelax.interop.vnnlib.version_2 import Shape, indices_of
from polyrelax.networks.properties import Case, Property, Row, rows_of_set
from polyrelax.polytopes.polytope import Polytope

VERSIONS: Final = (1, 2)


def dumps(
    property_: Property, version: int = 1, shapes: tuple[Shape, Shape] | None = None
) -> str:
    """Return a property as a text, which :func:`polyrelax.interop.vnnlib.loads` reads back.

    ``shapes`` are those of the inputs and of the outputs, for version 2.  Cases without inputs
    never occur and are left out.  Raises :class:`ShapeError` where none is left, and in version
    2 for a property without inputs or outputs and for shapes of other numbers of entries.

    >>> segment = Polytope.box([0], ["1/2"])
    >>> least = Row((), ((0, Fraction(-1)),), Fraction(-2))
    >>> print(dumps(Property(1, 1, (Case(segment, (least,)),))), end="")
    (declare-const X_0 Real)
    (declare-const Y_0 Real)
    (assert (>= X_0 0.0))
    (assert (<= X_0 0.5))
    (assert (>= Y_0 2.0))
    """
    require(property_, Property)
    if version not in VERSIONS:
        raise FormatError(f"found version {shown(version)}, expected 1 or 2")
    cases = [case for case in property_.cases if not case.inputs.is_empty]
    if not cases:
        raise ShapeError("found a property without cases that can occur, expected at least one")
    names = _Version1(property_) if version == 1 else _version_2(property_, shapes)
    asserted = (f"(assert {formula})" for formula in _assertions(cases, names))
    return "\n".join(chain(names.declared(), asserted)) + "\n"


def multiples(polytopes: Iterable[Polytope]) -> int:
    """Return how many ends of boxes are written as those of multiples.

    >>> multiples([Polytope.box([0, "1/7"], ["1/3", "1/7"])])
    3
    """
    boxes = [each.bounds for each in polytopes if each.is_box]
    sides = {(j, *side) for box in boxes for j, z in enumerate(box) for side in enumerate(z)}
    return sum(clearing([end]) != 1 for _, _, end in sides)


class _Names(Protocol):
    """How a version calls the inputs and outputs, and declares them."""

    def of(self, letter: str, place: int) -> str: ...
    def declared(self) -> Iterator[str]: ...


@dataclass(frozen=True)
class _Version1:
    """Constants ``X_0, X_1, ...`` and ``Y_0, Y_1, ...``."""

    property_: Property

    def of(self, letter: str, place: int) -> str:
        return f"{letter}_{place}"

    def declared(self) -> Iterator[str]:
        for letter, count in (("X", self.property_.in_dim), ("Y", self.property_.out_dim)):
            yield from (f"(declare-const {letter}_{j} Real)" for j in range(count))


@dataclass(frozen=True)
class _Version2:
    """A network of one tensor of inputs and one of outputs."""

    shapes: Mapping[str, Shape]

    def of(self, letter: str, place: int) -> str:
        shape = self.shapes[letter]
        return f"{letter}{_listed(indices_of(place, shape)) if shape else ''}"

    def declared(self) -> Iterator[str]:
        inputs, outputs = (_listed(self.shapes[letter]) for letter in "XY")
        yield "(vnnlib-version <2.0>)"
        yield "(declare-network N"
        yield f"  (declare-input X real {inputs})"
        yield f"  (declare-output Y real {outputs}))"


def _listed(numbers: Shape) -> str:
    """Return numbers in brackets, without blanks."""
    return f"[{','.join(map(str, numbers))}]"


def _version_2(property_: Property, shapes: tuple[Shape, Shape] | None) -> _Version2:
    """Return the names of tensors that have one entry for each input and output."""
    dims = property_.in_dim, property_.out_dim
    if 0 in dims:
        found = f"found {dims[0]} inputs and {dims[1]} outputs"
        raise ShapeError(f"{found}, expected at least one of each")
    known = ((1, dims[0]), (1, dims[1])) if shapes is None else exactly(shapes, 2, "two shapes")
    sizes = tuple(prod(wholes(shape, "a shape")) for shape in known)
    if any(size < 0 for shape in known for size in shape):
        raise ShapeError(f"found shapes {known}, expected sizes of at least 0")
    if sizes != dims:
        raise ShapeError(f"found shapes of {sizes} entries, expected {dims}")
    return _Version2(dict(zip("XY", known, strict=True)))


def _assertions(cases: Sequence[Case], names: _Names) -> Iterator[str]:
    """Yield what all cases share, and then the cases, of which one must hold."""
    first, *others = cases
    if not others:
        yield from _atoms((*rows_of_set(first.inputs), *first.rows), names)
        return
    shared = all(case.inputs == first.inputs for case in others)
    if shared:
        yield from _atoms(rows_of_set(first.inputs), names)
    parts = [(*(() if shared else rows_of_set(case.inputs)), *case.rows) for case in cases]
    if all(parts):  # else a case says nothing more, and whatever is shared violates
        joined = (f"(and {' '.join(_atoms(rows, names))})" for rows in parts)
        yield "(or\n  " + "\n  ".join(joined) + ")"


def _atoms(rows: Iterable[Row], names: _Names) -> Iterator[str]:
    return (_atom(row, names) for row in rows)


def _atom(row: Row, names: _Names) -> str:
    """Return a row as a comparison, in which weights of one size are 1 or -1."""
    terms = [(names.of("X", j), a) for j, a in row.inputs if a]
    terms += [(names.of("Y", j), a) for j, a in row.outputs if a]
    relation = "<" if row.is_strict else "<="
    sizes = {abs(a) for _, a in terms}
    size = sizes.pop() if len(sizes) == 1 else ONE
    *weights, limit = multiple([*(a / size for _, a in terms), row.offset / size])
    known = [name for name, _ in terms]
    if len(weights) == 1 and weights[0] < 0:
        left, turned = _product(-weights[0], known[0]), relation.replace("<", ">")
        return f"({turned} {left} {real(-limit)})"
    if limit == 0 and len(weights) == 2 and {*weights} == {ONE, -ONE}:
        low, high = sorted(range(2), key=lambda k: -weights[k])
        return f"({relation} {known[low]} {known[high]})"
    return f"({relation} {_sum(weights, known)} {real(limit)})"


def _sum(weights: Sequence[Fraction], names: Sequence[str]) -> str:
    products = [_product(a, name) for a, name in zip(weights, names, strict=True)]
    return f"(+ {' '.join(products)})" if len(products) > 1 else "".join(products) or "0.0"


def _product(weight: Fraction, name: str) -> str:
    return name if weight == 1 else f"(* {real(weight)} {name})"
