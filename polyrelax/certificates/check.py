"""Check certificates in the format ``polyrelax-certificate/1``.

Run as ``python check.py [--long] FILE...``; the standard library is all it needs.
``--long`` lifts the limit of work that the size of a file sets.  The exit status is 0
if every certificate is accepted, 1 if one is rejected, 2 if one cannot be read, 3 if one is
accepted on the word of theorems only.

The format and its meaning are in ``docs/certificates.md``.  In short: a *coordinate* ``(i, j)``
is value ``j`` after ``i`` layers.  A *row* is a linear inequality between coordinates that
holds on a relaxation, a *point* is a vector of all coordinates that the relaxation
contains.  Rows bound a relaxation from outside and points from inside; each is derived from
earlier ones only.

All arithmetic is on integers: rows and points are multiplied by common denominators.

This is one long file, in sections, and not a package: whoever doubts a certificate can copy it,
read it from the top, and run it alone.  It shares no code with what makes certificates.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache, partial
from hashlib import sha256
from itertools import chain, combinations, islice, pairwise, permutations, product
from math import comb, factorial, gcd, inf, lcm, prod
from operator import add, itemgetter, mul
from pathlib import Path
from typing import NoReturn, TypeAlias, TypeGuard

FORMAT = "polyrelax-certificate/1"
STREAMED = "polyrelax-certificate/2"  # a line for each node: see docs/certificates.md
NUMBER = re.compile(r"0|-?[1-9][0-9]*(/[1-9][0-9]*)?")
NAME = re.compile(r"[A-Za-z0-9_@%+=,./~-]+")  # of a file, as it can be printed
DIGITS, LONGEST = 640, 10**6  # of numbers: for int() in any setting, and altogether
MOST_WIDTHS = 20  # that are printed of a network
WIDEST, MOST_SUBSETS = 10**5, 10**6  # what a short file may ask for
FREE, EACH = 10**6, 50  # steps of work: for every file, and for each of its characters
CALL, STORED = 20, 4  # steps of a function that is called anew, and of a value that is kept
WORD, DIVISION = 512, 13  # bits of a number that a product reads in one step; see Work
MOST_SIGNED = 8  # inputs, of which all corners of the unit ball are looked at
SMALL, MOST_NETWORKS = 9, 10**18  # the widths and the networks of an enumeration
SIDES = {  # the signs of the output whose upper bounds are meant, and what to call them
    "upper": (("1",), "upper bound"),
    "lower": (("-1",), "lower bound"),
    "both": (("1", "-1"), "range"),
}
ACCEPTED, CITING = "accepted", "accepted on the word of theorems"
REJECTED, UNREADABLE = "rejected", "unreadable"
OTHER_NETWORK, OTHER_INPUTS = "of another network", "of another input set"
STATUSES = {  # the exit status of each verdict; of several the first here that occurs
    UNREADABLE: 2,
    REJECTED: 1,
    OTHER_NETWORK: 4,
    OTHER_INPUTS: 4,
    CITING: 3,
    ACCEPTED: 0,
}
KINDS = {  # how many values each reads, 0 for any number from the second on
    "pass": (1, 1),
    "relu": (1, 1),
    "absolute": (1, 1),
    "leaky_relu": (1, 1),
    "clip": (1, 1),
    "maxmin": (2, 2),
    "maximum": (0, 1),
    "minimum": (0, 1),
    "sort": (0, 1),
}
MOST_SORTED = 7
ENDS, VALUES, WEIGHTS, SLOPES = 26, 30, 42, 20  # exponents of the units of Halves
FORM_BITS, INPUT_BITS, FINE, UNIT, COMBINED = 22, 33, 6, 21, 16
LARGEST, WHOLE, LEAST_BITS = 1 << 52, 1 << 60, 4
MOST_SHARES = 1 << 8  # of a row in a leaf
FINE_BITS = 64  # numbers of Duals are over two to this power, and products of them twice
ONLY_EXACT = "only exact rows and runs are known of such neurons"
LONG = "--long"  # without a limit of work
NO_CERTIFICATE = f"this is not a certificate in the format {FORMAT} or {STREAMED}"
HEAD = 200  # characters of a file in which the format of lines is named
BACK_SUBSTITUTION = ("dp0", "dp1", "crown", "fastlin")
LAYERED = re.compile(r"triangle|exact|(krelu|m|p):[1-9][0-9]{0,8}")

Coordinate: TypeAlias = tuple[int, int]
Form: TypeAlias = dict[Coordinate, int]
Span: TypeAlias = tuple[int, int]  # the lower and the upper end of an interval
Spans: TypeAlias = dict[int, Span]
Ratio: TypeAlias = tuple[int, int]  # numerator and positive denominator
Values: TypeAlias = tuple[list[int], int]  # numerators and their positive denominator
Box: TypeAlias = tuple[list[int], list[int], int]  # lower and upper ends, denominator
Sparse: TypeAlias = tuple[list[int], list[int]]  # the columns of nonzero entries, and these
Lanes: TypeAlias = dict[int, list[int]]  # for each coordinate its coefficients in some forms
Object: TypeAlias = dict[str, object]
Vector: TypeAlias = tuple[int, ...]
Hidden: TypeAlias = tuple[tuple[Vector, ...], ...]  # the rows of hidden layers, biases last
Symmetry: TypeAlias = tuple[Vector, ...]  # signs of the inputs, orders of inputs and neurons


class UnreadableError(Exception):
    """A file is no certificate of this format."""


class RejectedError(Exception):
    """A certificate does not prove its claim."""


@dataclass(frozen=True)
class Ranks:
    """What a case knows of the order of a sort's inputs: the first ``known`` are the greatest.

    Each step has put the greatest of the others first, in exchange for the first of these,
    which was ``picked`` places before.  Without steps, the order is that of a piece.
    """

    order: Vector
    picked: Vector | None = ()

    @property
    def known(self) -> int:
        """The number of inputs whose rank is known; one that is left alone has the last."""
        size, count = len(self.order), len(self.order if self.picked is None else self.picked)
        return size if count == size - 1 else count

    def cases(self) -> Iterator[Ranks]:
        """Yield a case for each input that may be the next one."""
        first = self.known
        for place in range(first, len(self.order)):
            order = list(self.order)
            order[first], order[place] = order[place], order[first]
            yield Ranks(tuple(order), (*(self.picked or ()), place - first))

    def side(self, value: object) -> tuple[int, int]:
        """Return the two inputs that a side of a number compares, the lower one first."""
        size, order = len(self.order), list(range(len(self.order)))
        if self.picked is None:
            number = index(value, size - 1)
            return self.order[number + 1], self.order[number]
        number = index(value, size * (size - 1) // 2)
        for first, pick in enumerate(self.picked):
            best, others = first + pick, size - 1 - first
            if number < others:
                return order[first + number + (number >= pick)], order[best]
            number -= others
            order[first], order[best] = order[best], order[first]
        raise RejectedError("the rank that has such a side is not known here")


Phases: TypeAlias = dict[Coordinate, int | Ranks]  # the pieces that neurons have in a case


@dataclass(frozen=True)
class Row:
    """``form <= offset`` (or ``==``) on a relaxation, multiplied by ``scale > 0``."""

    relaxation: str
    form: Form
    offset: int
    scale: int = 1
    is_equation: bool = False

    @cached_property
    def bits(self) -> int:
        """The length of the longest number in the row."""
        return bits([*self.form.values(), self.offset, self.scale])

    @property
    def canonical(self) -> Object:
        """The row of an input set as JSON that is the same however it was written."""
        form = [[j, hexed(c, self.scale)] for (_, j), c in sorted(self.form.items())]
        offset = hexed(self.offset, self.scale)
        return {"form": form, "offset": offset, "equation": self.is_equation}


@dataclass(frozen=True)
class Point:
    """A point of a relaxation: the values after 0, 1, ... layers."""

    relaxation: str
    values: list[Values]


@dataclass(frozen=True)
class Range:
    """The least and the greatest value of a coordinate on a relaxation."""

    relaxation: str
    coordinate: Coordinate
    lower: Ratio
    upper: Ratio


@dataclass(frozen=True)
class Boxes:
    """The boxes of interval bound propagation after 0, 1, ... layers."""

    values: list[Box]


@dataclass(frozen=True)
class Hull:
    """What a relaxation leaves of some values: the facets of that set, and its vertices.

    For ``exact`` it is the convex hull of the network's values.
    """

    relaxation: str
    coordinates: list[Coordinate]
    facets: list[Row]
    points: list[list[Ratio]]


@dataclass(frozen=True)
class Functional:
    """A sum of values at some inputs, times weights; ``runs`` are the values there."""

    weights: list[int]
    runs: list[Point]

    def at(self, form: Form, work: Work) -> int:
        """Return what it makes of a form of the network's values, times a positive factor."""
        values = [work.value_at(form, run) for run in self.runs]
        tops, _ = work.scaled(values)
        work.spend(len(tops) * words(bits(tops)) * words(bits(self.weights)))
        return inner(self.weights, tops)


@dataclass(frozen=True)
class Pairs:
    """Runs in pairs, with weights."""

    weights: list[int]
    runs: list[tuple[Point, Point]]

    def spread(self, form: Form, work: Work) -> Ratio:
        """Return the mean of the form's differences in absolute value."""
        ends = [[work.value_at(form, point) for point in pair] for pair in self.runs]
        for (p, q), (s, t) in ends:
            work.spend(3 * words(bits([p, s])) * words(bits([q, t])))
        apart, common = work.scaled([(abs(p * t - s * q), q * t) for (p, q), (s, t) in ends])
        work.spend(len(apart) * words(bits(apart)) * words(bits(self.weights)))
        return inner(self.weights, apart), common * sum(self.weights)


@dataclass(frozen=True)
class Slope:
    """``|form(x) - form(y)| <= offset |x - y|`` in a norm, for a row ``form <= offset``."""

    row: Row
    norm: str


@dataclass(frozen=True)
class Piece:
    """The map ``image``, times the layer's scale, where inputs satisfy the rows ``where``."""

    where: list[tuple[Sparse, int, int]]  # <a, z> <= b, times the last number
    image: list[tuple[Sparse, int]]  # <a, z> + b

    def holds(self, values: list[int], common: int) -> bool:
        """Whether it is the piece at a point."""
        return all(along(row, values) <= b * common for row, b, _ in self.where)


@dataclass(frozen=True)
class Unit:
    """A neuron of several pieces at its place; ``name`` tells it from others.

    A sort of ``inputs`` gives them times ``scale``, that of the layer; its pieces, the orders,
    are not listed.  Of a maximum of them (``sign`` 1) or a minimum (-1) the sides are not.
    """

    name: list[object]
    pieces: list[Piece]
    inputs: list[int] = field(default_factory=list)
    scale: int = 1
    sign: int = 0

    @property
    def is_sort(self) -> bool:
        """Whether it gives all of its inputs in order."""
        return self.inputs != [] and self.sign == 0

    def at(self, values: list[int], common: int) -> list[int]:
        """Return the values that it gives, times the layer's scale."""
        if self.inputs:
            found = sorted((values[k] * self.scale for k in self.inputs), reverse=True)
            return found if self.is_sort else found[:1] if self.sign > 0 else found[-1:]
        piece = next(each for each in self.pieces if each.holds(values, common))
        return [along(row, values) + b * common for row, b in piece.image]

    def rival(self, piece: int, n: object) -> tuple[Sparse, int, int]:
        """Return the side that compares the input of a piece with the n-th of the others."""
        other = index(n, len(self.inputs) - 1)
        low, high = (other + (other >= piece), piece)[:: self.sign]
        return on(self.inputs, compared(low, high, len(self.inputs))), 0, 1

    def column_norms(self) -> Iterator[tuple[int, int]]:
        """Yield what it reads, with the greatest 1-norm of a column of a piece."""
        if self.is_sort:
            yield from ((k, self.scale) for k in self.inputs)
            return
        if len(self.pieces) == 1:
            return  # its rows are rows of the layer
        norms: dict[int, int] = {}
        for piece in self.pieces:
            found: dict[int, int] = {}
            for (columns, entries), _ in piece.image:
                for k, a in zip(columns, entries, strict=True):
                    found[k] = found.get(k, 0) + abs(a)
            norms.update((k, max(a, norms.get(k, 0))) for k, a in found.items())
        yield from norms.items()


@dataclass(frozen=True)
class Bend:
    """The place of a value among those of a unit."""

    unit: int
    output: int


@dataclass(frozen=True)
class Layer:
    """Rows and biases times ``scale``; the row of a ReLU neuron is ``None``.

    Values of neurons of other kinds have the places of the ``units`` that give them.
    """

    rows: list[Sparse | Bend | None]
    bias: list[int]
    scale: int = 1
    units: list[Unit] = field(default_factory=list)

    @cached_property
    def norm(self) -> int:
        """The greatest 1-norm of a row, times the scale; a ReLU has 1."""
        sizes = (sum(map(abs, entries)) for _, entries in self.image_rows)
        gives_inputs = None in self.rows or self.sorts != []
        return max(*sizes, self.scale if gives_inputs else 0, 0)

    @cached_property
    def column_norm(self) -> int:
        """How much the layer may expand the 1-norm, times the scale.

        A unit has the greatest 1-norm of a column of its pieces, of which a sort has 1.
        """
        total: dict[int, int] = {}
        for j, row in enumerate(self.rows):
            columns, entries = ([j], [self.scale]) if row is None else ([], [])
            columns, entries = row if isinstance(row, tuple) else (columns, entries)
            for k, a in zip(columns, entries, strict=True):
                total[k] = total.get(k, 0) + abs(a)
        for unit in self.units:
            for k, size in unit.column_norms():
                total[k] = total.get(k, 0) + size
        return max(total.values(), default=0)

    @cached_property
    def sorts(self) -> list[tuple[int, Unit, int]]:
        """The sorts with their numbers, and the place of the first value of each."""
        places = {row.unit: j for j, row in enumerate(self.rows) if isinstance(row, Bend)}
        found = [(n, unit) for n, unit in enumerate(self.units) if unit.is_sort]
        return [(n, unit, places[n] + 1 - len(unit.inputs)) for n, unit in found]

    @cached_property
    def size(self) -> int:
        """The number of outputs, and of nonzero weights; of a sort, that of comparisons."""
        sorts = (len(unit.inputs) for _, unit, _ in self.sorts)
        compared = sum(size * (STORED + size.bit_length()) for size in sorts)
        return len(self.rows) + sum(len(row[0]) for row in self.all_rows) + compared

    @cached_property
    def bits(self) -> int:
        """The length of the longest number in the layer."""
        entries = chain.from_iterable(row[1] for row in self.all_rows)
        shifts = (b for unit in self.units for piece in unit.pieces for _, b in piece.image)
        return max(bits(entries), bits(self.bias), bits(shifts), bits([self.scale]))

    @cached_property
    def all_rows(self) -> list[Sparse]:
        """The rows of the layer, of the images of its units' pieces, and of their sides."""
        pieces = [piece for unit in self.units for piece in unit.pieces]
        return self.image_rows + [row for piece in pieces for row, _, _ in piece.where]

    @cached_property
    def image_rows(self) -> list[Sparse]:
        """The rows of the layer, and of the images of its units' pieces."""
        pieces = [piece for unit in self.units for piece in unit.pieces]
        rows = [row for row in self.rows if isinstance(row, tuple)]
        return rows + [row for piece in pieces for row, _ in piece.image]

    def count(self, number: int) -> int:
        """Return the number of pieces of a unit, or of the ReLU of a coordinate."""
        if self.units:
            unit = self.units[index(number, len(self.units))]
            size = len(unit.inputs)
            has_orders = unit.is_sort and size <= MOST_SORTED
            return factorial(size) if has_orders else len(unit.pieces)
        require(self.rows[index(number, len(self.rows))] is None, f"{number} is no neuron")
        return 2

    def steps(self, number: int) -> int:
        """Return the steps of work for a side of a sort; of another unit they are few."""
        inputs = self.units[number].inputs if self.units else []
        return STORED * len(inputs)

    def row_in(self, j: int, known: Callable[[int], int | Ranks]) -> tuple[Sparse, int]:
        """Return the row and bias of a value in a case; ``known`` gives a unit's piece."""
        row = self.rows[j]
        if isinstance(row, Bend):
            piece, unit = known(row.unit), self.units[row.unit]
            if not isinstance(piece, Ranks):
                return unit.pieces[piece].image[row.output]
            require(row.output < piece.known, "the terms leave a rank of a sort")
            return ([unit.inputs[piece.order[row.output]]], [unit.scale]), 0
        if row is None:
            return (([j], [1]) if known(j) else ([], [])), 0
        return row, self.bias[j]

    def side(self, number: int, piece: int | Ranks, n: object) -> tuple[Sparse, int, int]:
        """Return row ``n`` of those that hold of a unit's inputs in a piece."""
        if isinstance(piece, Ranks):
            row = compared(*piece.side(n), len(piece.order))
            return on(self.units[number].inputs, row), 0, 1
        if self.units and self.units[number].sign:
            return self.units[number].rival(piece, n)
        if self.units:
            sides = self.units[number].pieces[piece].where
            return sides[index(n, len(sides))]
        index(n, 1)
        return ([number], [-1 if piece else 1]), 0, 1

    def at(self, values: Values) -> Values:
        """Return the layer's value."""
        v, common = values
        bent = [unit.at(v, common) for unit in self.units]
        out = [
            bent[row.unit][row.output]
            if isinstance(row, Bend)
            else max(v[j], 0)
            if row is None
            else along(row, v) + b * common
            for j, (row, b) in enumerate(zip(self.rows, self.bias, strict=True))
        ]
        return reduced(out, common * self.scale)

    def outputs(self) -> Iterator[object]:
        """Yield the outputs as JSON that is the same however the layer was written."""
        for j, (row, b) in enumerate(zip(self.rows, self.bias, strict=True)):
            if row is None:
                yield "relu"
            elif isinstance(row, Bend):
                yield self._neuron(row, j)
            else:
                yield [hexed(b, self.scale), self._entries(row)]

    def _neuron(self, bend: Bend, j: int) -> object:
        """Return what value j is of: a ReLU in its own place may be written in two ways."""
        told = [*self.units[bend.unit].name, bend.output]
        return "relu" if told == ["relu", [], j, 0] else told

    def _entries(self, row: Sparse) -> list[object]:
        return [[k, hexed(a, self.scale)] for k, a in zip(*row, strict=True)]

    def box(self, values: Box) -> Box:
        """Return the least box around the layer's image of a box: numerators, denominator."""
        low, up, common = values
        middles = [a + b for a, b in zip(low, up, strict=True)]  # twice these
        widths = [b - a for a, b in zip(low, up, strict=True)]
        lower, upper = [], []
        for j, (row, b) in enumerate(zip(self.rows, self.bias, strict=True)):
            if row is None:
                lower.append(max(low[j], 0))
                upper.append(max(up[j], 0))
                continue
            if isinstance(row, Bend):
                reject("interval bounds are known of affine maps and ReLUs only")
            columns, entries = row
            # The ends of a * [low, up] differ by |a| (up - low) and add up to a (low + up).
            middle = along(row, middles)
            width = along((columns, list(map(abs, entries))), widths)
            lower.append((middle - width) // 2 + b * common)
            upper.append((middle + width) // 2 + b * common)
        return lower, upper, common * self.scale


@dataclass(frozen=True)
class Inputs:
    """The input set: a box (numerators and a common denominator) or rows."""

    dim: int
    rows: list[Row] = field(default_factory=list)
    box: Box | None = None

    @cached_property
    def size(self) -> int:
        """The number of inputs, and of nonzero coefficients."""
        return 2 * self.dim + sum(1 + len(row.form) for row in self.rows)

    @cached_property
    def bits(self) -> int:
        """The length of the longest number in the set's description."""
        ends = [] if self.box is None else [*self.box[0], *self.box[1], self.box[2]]
        return max(bits(ends), *(row.bits for row in self.rows), 0)

    def contains(self, values: Values) -> bool:
        """Whether a point is in the set."""
        x, common = values
        if self.box is not None:
            lower, upper, scale = self.box
            ends = zip(lower, x, upper, strict=True)
            return all(a * common <= t * scale <= b * common for a, t, b in ends)
        slacks = ((row, row.offset * common - dot(row.form, [values])) for row in self.rows)
        return all(s == 0 if row.is_equation else s >= 0 for row, s in slacks)

    @property
    def digest(self) -> str:
        """The hash of the set as it is described."""
        if self.box is not None:
            lower, upper, scale = self.box
            ends = {"lower": lower, "upper": upper}
            return hashed({key: [hexed(a, scale) for a in x] for key, x in ends.items()})
        return hashed({"dim": self.dim, "constraints": [row.canonical for row in self.rows]})


@dataclass(frozen=True)
class Subject:
    """What a claim is about: a network, or all those of a space, and a set of its inputs.

    ``is_inhabited`` says that an input is known, one that satisfies what the claim assumes.
    """

    kind: str
    widths: list[int]
    digest: str
    inputs: Inputs
    is_inhabited: bool
    is_assuming: bool = False

    def __str__(self) -> str:
        """Return the subject in words."""
        domain = f"a set of {amount(self.inputs.dim, 'input')} (sha256 {self.inputs.digest})"
        return f"about {self.name} on {domain} {self._known}"

    @property
    def name(self) -> str:
        """What there is, and its widths after 0, 1, ... layers."""
        shown = "-".join(map(str, self.widths[:MOST_WIDTHS]))
        more = len(self.widths) - MOST_WIDTHS
        shape = f"{shown}-... ({more} more layers)" if more > 0 else shown
        return f"the {self.kind} {shape} (sha256 {self.digest})"

    @property
    def _known(self) -> str:
        if self.is_assuming:
            verb = "shown" if self.is_inhabited else "not shown"
            return f"in which what is assumed is {verb} to hold somewhere"
        return f"that is {'not empty' if self.is_inhabited else 'not shown to be non-empty'}"


@dataclass(frozen=True)
class Answer:
    """What the checker says of a file: its claim, or the reason why that is not accepted."""

    path: str
    verdict: str
    told: str
    cited: list[str] = field(default_factory=list)
    subject: Subject | None = None

    @property
    def line(self) -> str:
        """The answer as it is printed."""
        told = with_theorems(self.told, self.cited)
        about = "" if self.subject is None else f"; {self.subject}"
        return f"{named(self.path)}: {self.verdict}: {told}{about}"


def reject(reason: str) -> NoReturn:
    """Reject the certificate."""
    raise RejectedError(reason)


def require(condition: bool, reason: str) -> None:
    """Reject the certificate unless a condition holds."""
    if not condition:
        reject(reason)


# Numbers


def reduced(numerators: list[int], denominator: int) -> Values:
    """Return the same fractions with the least common denominator."""
    divisor = gcd(denominator, *numerators)
    return [n // divisor for n in numerators], denominator // divisor


def whole(digits: str) -> int:
    """Return a whole number, of any length, without the limit that Python has for texts."""
    if len(digits) <= DIGITS:
        return int(digits)
    require(len(digits) <= LONGEST, f"found {len(digits)} digits, expected at most {LONGEST}")
    if digits[0] == "-":
        return -whole(digits[1:])
    low = len(digits) // 2
    power: int = 10**low
    return whole(digits[:-low]) * power + whole(digits[-low:])


def hexed(numerator: int, denominator: int) -> str:
    """Return a ratio in lowest terms, in hexadecimal digits, which take linear time."""
    divisor = gcd(numerator, denominator)
    top, bottom = numerator // divisor, denominator // divisor
    return f"{top:x}" if bottom == 1 else f"{top:x}/{bottom:x}"


def bits(numbers: Iterable[int]) -> int:
    """Return the length of the longest of some numbers."""
    return max(map(int.bit_length, numbers), default=0)


def words(length: int) -> int:
    """Return how many words a number of so many bits has, at least one.

    The product of numbers of k and m words takes as long as k m of one word.
    """
    return 1 + length // WORD


def division(a: int, b: int) -> int:
    """Return the steps of a division, or of the greatest common divisor, for so many bits."""
    return 1 + (a * b >> DIVISION)


def along(row: Sparse, values: list[int]) -> int:
    """Return the inner product of a sparse row and a vector."""
    columns, entries = row
    return sum(map(mul, entries, [values[k] for k in columns]))


def dot(form: Form, values: list[Values]) -> int:
    """Return the value of a form of one layer's coordinates, times their denominator."""
    return sum(c * values[i][0][j] for (i, j), c in form.items())


def same(a: Ratio, b: Ratio) -> bool:
    """Whether two ratios are equal."""
    return a[0] * b[1] == b[0] * a[1]


# Work


class Work:
    """The steps of work that a file of its size may ask for, each taken before it is done.

    A step is the time of a product of two words, or of anything else as short: all loops
    whose length the file does not pay with its own are counted, with the lengths of the
    numbers in them.
    """

    def __init__(self, size: int, *, is_limited: bool = True) -> None:
        self.steps: float = FREE + EACH * size if is_limited else inf

    def spend(self, steps: int) -> None:
        """Take steps."""
        self.steps -= steps
        require(self.steps >= 0, "the file asks for more work than its size allows")

    def ratio(self, value: object) -> Ratio:
        """Return a rational number in lowest terms, given as text."""
        if not isinstance(value, str) or NUMBER.fullmatch(value) is None:
            reject(f'found {brief(value)}, expected a number such as "-3/7"')
        top, _, bottom = value.partition("/")
        p, q = whole(top), whole(bottom or "1")
        self.spend(division(p.bit_length(), q.bit_length()))
        require(gcd(p, q) == 1 and bottom != "1", f"found {value[:60]}, expected lowest terms")
        return p, q

    def ratios(self, value: object) -> Values:
        """Return a list of rational numbers with their common denominator."""
        return self.scaled([self.ratio(entry) for entry in items(value)])

    def multiple(self, numbers: Iterable[int]) -> int:
        """Return the least common multiple."""
        result = 1
        for number in set(numbers):
            self.spend(division(result.bit_length(), number.bit_length()))
            result = lcm(result, number)
        return result

    def scaled(self, pairs: list[Ratio]) -> Values:
        """Return ratios with their common denominator."""
        common = self.multiple(q for _, q in pairs)
        longest = max(bits(p for p, _ in pairs), bits(q for _, q in pairs))
        self.spend(len(pairs) * division(longest, common.bit_length()))
        return [p * (common // q) for p, q in pairs], common

    def value_at(self, form: Form, point: Point) -> Ratio:
        """Return the value of a form at a point."""
        self.spend(CALL)
        scales = {i: point.values[i][1] for i, _ in form}
        common = self.multiple(scales.values())
        terms = [(c, point.values[i][0][j], i) for (i, j), c in form.items()]
        length = words(common.bit_length())
        for c, value, _ in terms:
            size = words(c.bit_length()) * words(value.bit_length())
            self.spend(size * length)
        factors = {i: common // q for i, q in scales.items()}
        return sum(c * value * factors[i] for c, value, i in terms), common

    def mean(self, weights: list[int], vectors: list[Values]) -> Values:
        """Return the sum of vectors times weights, divided by the sum of weights."""
        common = self.multiple(q for _, q in vectors)
        longest = max(bits(v) for v, _ in vectors)
        length = common.bit_length() + bits(weights)
        size = len(vectors) * len(vectors[0][0])
        self.spend(CALL + size * words(length) * words(longest))
        scaled = [(w * (common // q), v) for w, (v, q) in zip(weights, vectors, strict=True)]
        sums = [sum(w * v[j] for w, v in scaled) for j in range(len(vectors[0][0]))]
        return self.reduced(sums, common * sum(weights))

    def reduced(self, numerators: list[int], denominator: int) -> Values:
        """Return the same fractions with the least common denominator."""
        each = division(bits(numerators), denominator.bit_length())
        self.spend(STORED * len(numerators) * each)
        return reduced(numerators, denominator)

    def equal(self, pairs: Iterable[tuple[Ratio, Ratio]]) -> bool:
        """Whether the ratios of each pair are equal."""
        for a, b in pairs:
            self.spend(2 * words(bits(a)) * words(bits(b)))
            if not same(a, b):
                return False
        return True


# JSON


def brief(value: object) -> str:
    """Return a value as it is written in Python, or its beginning."""
    return repr(value)[:60]


def fields(value: object, *names: str, optional: tuple[str, ...] = ()) -> Object:
    """Return an object that has the given fields and no others."""
    if not isinstance(value, dict):
        reject(f"found {brief(value)}, expected an object")
    unknown = value.keys() - {*names, *optional}
    require(not unknown, f"found the unknown field {brief(min(unknown, default=''))}")
    missing = set(names) - value.keys()
    require(not missing, f"the field {min(missing, default='')!r} is missing")
    return value


def items(value: object, length: int | None = None) -> list[object]:
    """Return an array, of a given length."""
    if not isinstance(value, list):
        reject(f"found {brief(value)}, expected an array")
    found = amount(len(value), "entry", "entries")
    require(length in (None, len(value)), f"found {found}, expected {length}")
    return value


def amount(number: int, one: str, many: str = "") -> str:
    """Return how many things there are, in English."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def index(value: object, limit: int) -> int:
    """Return a whole number below a limit."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < limit:
        reject(f"found {brief(value)}, expected a whole number below {limit}")
    return value


def read(content: str) -> tuple[Object, Iterator[object] | None]:
    """Return the JSON object in a text, or in its first line and then those that follow."""
    if not isinstance(content, str):
        raise UnreadableError(f"found {type(content).__name__}, expected a text")
    first, _, rest = content.partition("\n")
    if STREAMED in first[:HEAD]:
        head = read_object(first)
        if head.get("format") == STREAMED:
            lines = enumerate(rest.removesuffix("\n").split("\n") if rest else [], start=1)
            return head, (read_object(line, above) for above, line in lines)
    value = read_object(content)
    if value.get("format") != FORMAT:
        raise UnreadableError(NO_CERTIFICATE)
    return value, None


def read_object(content: str, above: int = 0) -> Object:
    """Return the JSON object in a text, and refuse numbers that are not whole.

    ``above`` is the number of lines before it in its file.
    """
    try:
        value = json.loads(
            content,
            parse_float=_refuse,
            parse_int=_integer,
            parse_constant=_refuse,
            object_pairs_hook=_unique,
        )
    except json.JSONDecodeError as error:
        place = f"line {error.lineno + above}, column {error.colno}"
        raise UnreadableError(f"this is not JSON: {place}") from None
    except RecursionError:
        raise UnreadableError("this is nested too deeply") from None
    if not isinstance(value, dict):
        raise UnreadableError(NO_CERTIFICATE)
    return value


def _refuse(value: str) -> NoReturn:
    raise UnreadableError(f"found the number {value[:60]}, expected a text")


def _integer(digits: str) -> int:
    """Return a JSON integer, of no more digits than Python reads and writes in any setting."""
    if len(digits) > DIGITS:
        raise UnreadableError(
            f"found an integer of {len(digits)} digits, expected at most {DIGITS} "
            "or a number as a text"
        )
    return int(digits)


def _unique(pairs: list[tuple[str, object]]) -> Object:
    if len(dict(pairs)) < len(pairs):
        raise UnreadableError("found a key twice in one object")
    return dict(pairs)


# The network and its inputs


def affine(value: object, width: int, work: Work) -> Layer:
    """Return an affine layer that reads ``width`` values."""
    if isinstance(value, dict) and "columns" in value:
        names = ("columns", "entries", "rows", "bias", "scale")
        return affine_of_shared(fields(value, *names), width, work)
    if isinstance(value, dict) and "rows" in value:
        return affine_of_entries(fields(value, "rows", "bias", "scale"), width, work)
    given = fields(value, "weight", "bias", optional=("scale",))
    if "scale" in given:
        rows, scale = whole_rows(given, width, work)
    else:
        pairs = paired(given["weight"], given["bias"])
        numbers = [[work.ratio(a) for a in (*items(row, width), b)] for row, b in pairs]
        every, scale = work.scaled([entry for row in numbers for entry in row])
        rows = [every[k : k + width + 1] for k in range(0, len(every), width + 1)]
    bias = [row.pop() for row in rows]
    return Layer([sparse(row) for row in rows], bias, scale)


def whole_rows(given: Object, width: int, work: Work) -> tuple[list[list[int]], int]:
    """Return rows of whole numbers, each with its bias last, and what divides them all."""
    scale, denominator = work.ratio(given["scale"])
    require(scale > 1 == denominator, "the scale is not a whole number above 1")
    rows = [[*items(row, width), b] for row, b in paired(given["weight"], given["bias"])]
    found = [row for row in rows if are_whole(row)]
    require(len(found) == len(rows), "an entry is no whole number")
    require(gcd(scale, *(gcd(*row) for row in found)) == 1, "the scale is not the least one")
    return found, scale


def affine_of_entries(given: Object, width: int, work: Work) -> Layer:
    """Return an affine layer whose nonzero weights are given, times a scale."""
    rows: list[Sparse] = []
    for row, _ in paired(given["rows"], given["bias"]):
        pairs = [items(pair, 2) for pair in items(row)]
        rows.append(
            (columns_of([k for k, _ in pairs], width), entries_of([a for _, a in pairs]))
        )
    return whole_layer(rows, [entries for _, entries in rows], given, work)


def affine_of_shared(given: Object, width: int, work: Work) -> Layer:
    """Return an affine layer whose rows share lists of columns, and lists of entries."""
    columns = [columns_of(items(each), width) for each in items(given["columns"])]
    entries = [entries_of(items(each)) for each in items(given["entries"])]
    rows: list[Sparse] = []
    for row, _ in paired(given["rows"], given["bias"]):
        k, n = items(row, 2)
        rows.append((columns[index(k, len(columns))], entries[index(n, len(entries))]))
        work.spend(STORED * len(rows[-1][0]))
        equal = len(rows[-1][0]) == len(rows[-1][1])
        require(equal, "a row has other numbers of columns and of entries")
    return whole_layer(rows, entries, given, work)


def columns_of(value: list[object], width: int) -> list[int]:
    """Return the columns of a row."""
    columns = [index(k, width) for k in value]
    require(columns == sorted(set(columns)), "the entries of a row are not in order")
    return columns


def entries_of(value: list[object]) -> list[int]:
    """Return the nonzero entries of a row, times the scale."""
    if not are_whole(value):
        reject("an entry is no whole number")
    require(0 not in value, "an entry is 0")
    return value


def whole_layer(
    rows: list[Sparse], entries: list[list[int]], given: Object, work: Work
) -> Layer:
    """Return an affine layer from rows of whole numbers, with the bias and the scale given."""
    scale, denominator = work.ratio(given["scale"])
    require(scale > 0 and denominator == 1, "the scale is not a positive whole number")
    bias = items(given["bias"])
    if not are_whole(bias):
        reject("a bias is no whole number")
    divisor = gcd(scale, *bias, *(gcd(*each) for each in entries))
    require(divisor == 1, "the scale is not the least one")
    return Layer([*rows], bias, scale)


def are_whole(row: list[object]) -> TypeGuard[list[int]]:
    """Whether all entries are whole numbers; ``true`` is none."""
    return set(map(type, row)) <= {int}


def sparse(row: list[int]) -> Sparse:
    """Return the nonzero entries of a row."""
    columns = [k for k, a in enumerate(row) if a]
    return columns, [row[k] for k in columns]


def paired(a: object, b: object) -> Iterator[tuple[object, object]]:
    """Return the pairs of two arrays of equal length."""
    first = items(a)
    return zip(first, items(b, len(first)), strict=True)


def layer(value: object, width: int, work: Work) -> Layer:
    """Return a layer that reads ``width`` values."""
    if isinstance(value, dict) and "affine" in value:
        return affine(fields(value, "affine")["affine"], width, work)
    if isinstance(value, dict) and "neurons" in value:
        return layer_of_units(items(fields(value, "neurons")["neurons"]), width, work)
    if value == "identity":
        neurons = []
    elif value == "relu":
        neurons = list(range(width))
    else:
        named = fields(fields(value, "relu")["relu"], "neurons")["neurons"]
        neurons = [index(j, width) for j in items(named)]
        require(len(set(neurons)) == len(neurons), "a neuron is named twice")
    active = set(neurons)
    rows: list[Sparse | Bend | None] = [
        None if j in active else ([j], [1]) for j in range(width)
    ]
    return Layer(rows, [0] * width)


def is_newer(value: object) -> bool:
    """Whether a layer is written in a way that the first format does not have."""
    if not isinstance(value, dict):
        return False
    inside = value.get("affine")
    return "neurons" in value or (isinstance(inside, dict) and "rows" in inside)


# Neurons of other kinds: pieces are lists of sides and of images, rows of the neuron's inputs

Shape: TypeAlias = tuple[list[tuple[list[int], int, int]], list[tuple[list[int], int]]]


def layer_of_units(values: list[object], width: int, work: Work) -> Layer:
    """Return a layer of neurons, each of which reads some of ``width`` values."""
    found = [neuron_of(value, width, work) for value in values]
    require(found != [], "a layer has no neurons")
    scale = work.multiple(each for _, _, each, _ in found)
    images = sum(1 + sum(len(image) for _, image in shapes) for _, _, _, shapes in found)
    work.spend(STORED * images * words(scale.bit_length()))
    rows: list[Sparse | Bend | None] = []
    units: list[Unit] = []
    for name, reads, own, shapes in found:
        at = cache(partial(on, reads))  # the pieces of a neuron share their few rows
        pieces = [placed(shape, at, scale // own) for shape in shapes]
        sign = {"maximum": 1, "minimum": -1}.get(str(name[0]), 0)
        inputs = reads if len(reads) > 1 and (sign or name[0] == "sort") else []
        if len(pieces) == 1:
            rows += (row for row, _ in pieces[0].image)
        else:
            count = len(pieces[0].image) if pieces else len(reads)
            rows += (Bend(len(units), k) for k in range(count))
        units.append(Unit([*name, *reads], pieces, inputs, scale, sign if inputs else 0))
    return Layer(rows, [0] * len(rows), scale, units)


def placed(shape: Shape, at: Callable[[tuple[int, ...]], Sparse], factor: int) -> Piece:
    """Return a piece of a neuron whose rows are placed by ``at``, its image times a factor."""
    where, image = shape
    return Piece(
        [(at(tuple(row)), b, scale) for row, b, scale in where],
        [(at(tuple(a * factor for a in row)), b * factor) for row, b in image],
    )


def on(reads: list[int], row: tuple[int, ...]) -> Sparse:
    """Return a row of a neuron's inputs as one of the coordinates that it reads."""
    total: dict[int, int] = {}
    for k, a in filter(itemgetter(1), zip(reads, row, strict=True)):
        total[k] = total.get(k, 0) + a
    columns = sorted(filter(total.get, total))
    return columns, [total[k] for k in columns]


def neuron_of(
    value: object, width: int, work: Work
) -> tuple[list[object], list[int], int, list[Shape]]:
    """Return what tells a neuron from others, what it reads, a scale, and its pieces."""
    kinds = [key for key in value if key in KINDS] if isinstance(value, dict) else []
    require(len(kinds) == 1, f"found {brief(value)}, expected a neuron")
    (kind,) = kinds
    optional = {"leaky_relu": ("slope",), "clip": ("lower", "upper")}.get(kind, ())
    given = fields(value, kind, optional=optional)
    reads = [index(k, width) for k in items(given[kind])]
    size, least = KINDS[kind]
    fits = len(reads) == size if size else len(reads) >= least
    require(fits, "it reads too few or many")
    numbers = {key: work.ratio(given[key]) for key in optional if key in given}
    scale, shapes = shapes_of(kind, len(reads), numbers, work)
    told = [[key, hexed(p, q)] for key, (p, q) in sorted(numbers.items())]
    return [kind, told], reads, scale, shapes


def shapes_of(
    kind: str, size: int, numbers: dict[str, Ratio], work: Work
) -> tuple[int, list[Shape]]:
    """Return a scale of the images and the pieces of a neuron, in their order."""
    if kind in ("relu", "absolute", "leaky_relu"):
        p, q = {"relu": (0, 1), "absolute": (-1, 1)}.get(kind) or numbers.get("slope", (1, 1))
        require(kind != "leaky_relu" or "slope" in numbers, "the field 'slope' is missing")
        return q, [([([1], 0, 1)], [([p], 0)]), ([([-1], 0, 1)], [([q], 0)])]
    if kind == "clip":
        return clipped(numbers.get("lower"), numbers.get("upper"))
    if kind == "sort" and size > 1:
        work.spend(size * size)  # each value is named with all that is read
        return 1, []
    work.spend(size * size)
    if kind in ("pass", "sort"):
        return 1, [([], [([1], 0)])]
    if kind == "maxmin":
        return 1, [greater(k) for k in range(2)]
    return 1, [([], [([int(i == k) for i in range(size)], 0)]) for k in range(size)]


def clipped(lower: Ratio | None, upper: Ratio | None) -> tuple[int, list[Shape]]:
    """Return a scale and the pieces of a clip, from left to right."""
    require(lower is not None or upper is not None, "a clip has no ends")
    scale = lcm(*(end[1] for end in (lower, upper) if end is not None))
    inside: list[tuple[list[int], int, int]] = []
    shapes: list[Shape] = []
    if lower is not None:
        p, q = lower
        shapes.append(([([q], p, q)], [([0], p * (scale // q))]))
        inside.append(([-q], -p, q))
    if upper is not None:
        p, q = upper
        inside.append(([q], p, q))
    shapes.append((inside, [([scale], 0)]))
    if upper is not None:
        shapes.append(([([-q], -p, q)], [([0], p * (scale // q))]))
    if lower is not None and upper is not None:
        require(
            lower[0] * upper[1] < upper[0] * lower[1], "the ends of a clip are not in order"
        )
    return scale, shapes


def greater(k: int) -> Shape:
    """Return where input k of two is the greater one, and both with this one first."""
    sides = [(list(compared(1 - k, k, 2)), 0, 1)]
    return sides, [([int(i == c) for i in range(2)], 0) for c in (k, 1 - k)]


def compared(low: int, high: int, size: int) -> Vector:
    """Return the form that is at most 0 where one input is at most another one."""
    return tuple((i == low) - (i == high) for i in range(size))


def numbered(piece: int, size: int) -> Vector:
    """Return the order of a number among all orders, which are sorted."""
    left, order = list(range(size)), []
    for k in reversed(range(size)):
        place, piece = divmod(piece, factorial(k))
        order.append(left.pop(place))
    return tuple(order)


def inputs(value: object, work: Work) -> Inputs:
    """Return the input set."""
    if isinstance(value, dict) and "lower" in value:
        ends = fields(value, "lower", "upper")
        dim = len(items(ends["lower"]))
        numerators, common = work.ratios([*items(ends["lower"]), *items(ends["upper"], dim)])
        lower, upper = numerators[:dim], numerators[dim:]
        ordered = all(a <= b for a, b in zip(lower, upper, strict=True))
        require(ordered, "the box is empty")
        return Inputs(dim, box=(lower, upper, common))
    given = fields(value, "dim", "constraints")
    dim = index(given["dim"], WIDEST + 1)
    return Inputs(dim, [input_row(entry, dim, work) for entry in items(given["constraints"])])


def input_row(value: object, dim: int, work: Work) -> Row:
    """Return a constraint of the input set."""
    given = fields(value, "normal", "offset", optional=("equation",))
    numbers, scale = work.ratios([*items(given["normal"], dim), given["offset"]])
    form = {(0, j): a for j, a in enumerate(numbers[:-1]) if a}
    equation = given.get("equation", False)
    require(isinstance(equation, bool), "the field 'equation' must be true or false")
    return Row("", form, numbers[-1], scale, equation is True)


# Relaxations


def base_of(relaxation: str) -> str:
    """Return the relaxation whose sets the windows of ``p:R`` start from, or itself."""
    return "p:1" if relaxation.startswith("p:") else relaxation


def size_of(relaxation: str) -> int:
    """Return the number in a relaxation's name."""
    return int(relaxation.partition(":")[2])


def relaxation(value: object) -> str:
    """Return the name of a relaxation that rows may belong to."""
    if not isinstance(value, str) or not (
        LAYERED.fullmatch(value) or value in BACK_SUBSTITUTION
    ):
        reject(f"found the relaxation {brief(value)}")
    return value


def upper_line(lower: Ratio, upper: Ratio, y: Coordinate) -> Row:
    """Return the least row above a ReLU's output ``y``, from the bounds of its input."""
    (p, q), (s, t), z = lower, upper, (y[0] - 1, y[1])
    if s <= 0:
        return Row("", {y: 1}, 0)
    if p >= 0:
        return Row("", {y: 1, z: -1}, 0)
    return Row("", {y: s * q - p * t, z: -s * q}, -s * p, s * q - p * t)


def lower_line(given: Range, y: Coordinate) -> Row:
    """Return the row below a ReLU's output ``y`` that back-substitution uses."""
    (p, q), (s, t), z = given.lower, given.upper, (y[0] - 1, y[1])
    top, bottom = int(p >= 0), 1
    if p < 0 < s and given.relaxation == "dp1":
        top = 1
    if p < 0 < s and given.relaxation == "crown":
        top = int(s * q > -p * t)
    if p < 0 < s and given.relaxation == "fastlin":
        top, bottom = s * q, s * q - p * t
    return Row("", {y: -bottom, z: top}, 0, bottom)


def times(factor: int, span: Span) -> Span:
    """Return a multiple of an interval."""
    low, high = span
    return (factor * low, factor * high) if factor > 0 else (factor * high, factor * low)


def passed(span: Span, phase: int | Ranks | None) -> Span:
    """Return what a ReLU of a phase, or of any, lets through of an interval of slopes."""
    low, high = span
    return (min(low, 0), max(high, 0)) if phase is None else (span if phase else (0, 0))


def combined(row: Sparse, spans: list[Span]) -> Span:
    """Return a linear combination of intervals."""
    parts = [times(a, spans[k]) for k, a in zip(*row, strict=True)]
    return sum(low for low, _ in parts), sum(high for _, high in parts)


def around(spans: list[Span]) -> Span:
    """Return the least interval that has all of some."""
    return min(low for low, _ in spans), max(high for _, high in spans)


def widen(spans: Spans, place: int, span: Span) -> None:
    """Add an interval to that of a place."""
    low, high = spans.get(place, (0, 0))
    spans[place] = (low + span[0], high + span[1])


def meeting(back: Spans, forward: list[Span]) -> Span:
    """Return the interval of the sum of all products of factors from two lists."""
    corners = [[a * b for a in span for b in forward[j]] for j, span in back.items()]
    return sum(map(min, corners)), sum(map(max, corners))


def rearranged(rows: list[Span], columns: list[Span]) -> int:
    """Return a bound of the products of numbers, added up, if those of columns have any order.

    Each number is the difference of its positive and its negative part.
    """

    def ends(spans: list[Span], sign: int, end: int) -> list[int]:
        return sorted(max(sign * span[end], 0) for span in spans)

    return (
        inner(ends(rows, 1, 1), ends(columns, 1, 1))
        - inner(ends(rows, -1, 1), ends(columns, 1, 0)[::-1])
        - inner(ends(rows, 1, 0), ends(columns, -1, 1)[::-1])
        + inner(ends(rows, -1, 0), ends(columns, -1, 0))
    )


def directions(dim: int, norm: str) -> Iterable[Vector]:
    """Return corners of the unit ball, signs up to a common one, or unit vectors."""
    if norm == "max" and 0 < dim <= MOST_SIGNED:
        return ((1, *rest) for rest in product((1, -1), repeat=dim - 1))
    return (tuple(int(i == j) for i in range(dim)) for j in range(dim))


def inner(a: list[int], b: list[int]) -> int:
    """Return the inner product."""
    return sum(s * t for s, t in zip(a, b, strict=True))


def determinant(rows: list[list[int]]) -> int:
    """Return the determinant of an integer matrix, by Bareiss' elimination."""
    matrix, sign, before = [list(row) for row in rows], 1, 1
    for k in range(len(matrix)):
        pivot = next((i for i in range(k, len(matrix)) if matrix[i][k]), None)
        if pivot is None:
            return 0
        if pivot != k:
            matrix[k], matrix[pivot], sign = matrix[pivot], matrix[k], -sign
        here = matrix[k]
        for row in matrix[k + 1 :]:
            factor = row[k]
            row[:] = [
                (a * here[k] - factor * b) // before for a, b in zip(row, here, strict=True)
            ]
        before = here[k]
    return sign * before


def determinant_steps(size: int, length: int) -> int:
    """Return the steps of a determinant, from its size and the bits of the longest entry.

    By Hadamard's inequality the minors of order k have k times as many bits, and some more.
    """
    steps = 0
    for k in range(1, size + 1):
        minor = k * (length + size.bit_length())
        steps += (size - k + 1) * size * (2 + division(minor, minor))
    return steps


def halved(box: Box, place: int) -> list[Box]:
    """Return the two halves of a box, the lower one first."""
    low, up, unit = box
    middle = (low[place] + up[place]) >> 1
    first, second = up.copy(), low.copy()
    first[place] = second[place] = middle
    return [(low, first, unit), (second, up, unit)]


def primitive(row: Row) -> tuple[frozenset[tuple[Coordinate, int]], int]:
    """Return the same half-space for all positive multiples of a row."""
    divisor = gcd(row.offset, *row.form.values()) or 1
    normal = frozenset((place, c // divisor) for place, c in row.form.items())
    return normal, row.offset // divisor


def require_vertices(slacks: list[list[int]]) -> None:
    """Require each point to be the only one on all facets that it lies on."""
    on = [sum(1 << i for i, s in enumerate(row) if s == 0) for row in slacks]
    for i in range(len(slacks[0])):
        met = -1
        for points in (each for each in on if each >> i & 1):
            met &= points
        require(met == 1 << i, f"point {i} is no vertex, or stands twice")


def is_closed(simplices: list[tuple[int, list[int]]]) -> bool:
    """Whether oriented simplices, a sign and sorted vertices each, have boundary zero."""
    ridges: dict[tuple[int, ...], int] = {}
    for sign, simplex in simplices:
        for k in range(len(simplex)):
            ridge = (*simplex[:k], *simplex[k + 1 :])
            ridges[ridge] = ridges.get(ridge, 0) + (sign if k % 2 else -sign)
    return not any(ridges.values())


# Boxes by halves


@dataclass(frozen=True)
class Never:
    """No input satisfies all rows; each with whether it is strict."""

    rows: list[tuple[Row, bool]]


@dataclass
class Sides:
    """Bounds of the values before the rectifiers of a layer, and slopes of their chords."""

    lower: list[int] = field(default_factory=list)
    upper: list[int] = field(default_factory=list)

    def add(self, lower: int, upper: int) -> None:
        """Add the bounds of a value."""
        self.lower.append(lower)
        self.upper.append(upper)

    def corner(self, j: int, p: int, scale: tuple[int, int, int]) -> tuple[int, int] | None:
        """Return a multiplier of input j for the multiplier p of the output, and what is lost.

        ``None`` if numbers are too large.
        """
        exponent, over, mode = scale
        low, up, q = self.lower[j], self.upper[j], p >> over
        if up <= 0:
            return 0, 0
        if low >= 0:
            return q, 0
        slope = (up << SLOPES) // (up - low)
        if p >= 0:
            return ((q * slope) >> SLOPES if mode else q if up > -low else 0), 0
        m, fine = (q * slope) >> SLOPES, max(over - FINE, 0)
        d = (p >> fine) - (m << (over - fine))
        left = (-m * low) >> (exponent - over + ENDS - VALUES)
        right = (d * up) >> (exponent - fine + ENDS - VALUES)
        least = min(left, right, 0)
        return None if least <= -LARGEST else (m, least)


class Halves:
    """Bounds of rows of the outputs on boxes, in integers rounded outward.

    The rows are rows of the last layer.  Weights are over ``2**WEIGHTS``, bounds of values
    over ``2**ENDS``, bounds of forms over ``2**VALUES``.
    """

    def __init__(
        self, layers: list[Layer], widths: list[int], rows: list[Row], work: Work
    ) -> None:
        plain = [all(isinstance(row, tuple) for row in layer.rows) for layer in layers]
        rectified = [all(row is None for row in layer.rows) for layer in layers]
        known = len(layers) % 2 == 1 and all(plain[::2]) and all(rectified[1::2])
        require(known, "boxes are known of affine layers with ReLU layers between them only")
        require(min(widths) > 0, "boxes are known of layers that have values only")
        self.work, self.length, self.slack = work, 1, 0
        parts = list(map(self.whole, layers[:-1:2], widths[:-2:2]))
        last = [self.output(row, layers[-1], widths[-2]) for row in rows]
        parts.append(([row for row, _ in last], [bias for _, bias in last]))
        self.rows, self.bias = [part[0] for part in parts], [part[1] for part in parts]
        self.columns = [list(map(list, zip(*rows, strict=True))) for rows in self.rows]
        self.sides: list[Sides] = []

    def whole(self, layer: Layer, width: int) -> tuple[list[list[int]], list[int]]:
        """Return an affine layer times ``2**WEIGHTS``, rounded down."""
        self.work.spend(width * len(layer.rows))
        self.work.spend(layer.size * division(layer.bits + WEIGHTS, layer.scale.bit_length()))
        rows = [[0] * width for _ in layer.rows]
        for row, (columns, entries) in zip(rows, layer.all_rows, strict=True):
            for j, a in zip(columns, entries, strict=True):
                row[j] = self.over(a, layer.scale)
        return rows, [self.over(b, layer.scale) for b in layer.bias]

    def over(self, numerator: int, denominator: int) -> int:
        """Return a number times ``2**WEIGHTS``, rounded down."""
        whole, rest = divmod(numerator << WEIGHTS, denominator)
        require(abs(whole) < WHOLE, "a weight is too large")
        self.slack = max(self.slack, min(rest, 1))
        return whole

    def output(self, row: Row, layer: Layer, width: int) -> tuple[list[int], int]:
        """Return ``form - offset`` as a row of the last layer, the form's numbers coprime."""
        common = gcd(*row.form.values())
        pairs = [(j, c // common) for (_, j), c in row.form.items()]
        steps = width * words(row.bits) * words(layer.bits) + division(row.bits, row.bits)
        self.work.spend((len(pairs) + 1) * steps)
        form, bias = [0] * width, sum(c * layer.bias[j] for j, c in pairs)
        for j, c in pairs:
            for k, a in zip(*layer.all_rows[j], strict=True):
                form[k] += c * a
        steps = division(bits([*form, bias]) + WEIGHTS, layer.scale.bit_length())
        self.work.spend(width * steps)
        # Rounded down without a spare, as leaves have no negative shares of rows.
        shift = (bias << WEIGHTS) // layer.scale + (-row.offset << WEIGHTS) // common
        require(abs(shift) < WHOLE, "an offset is too large")
        return [self.over(a, layer.scale) for a in form], shift

    def least(
        self, depth: int, form: list[int], start: tuple[int, int], box: Box
    ) -> int | None:
        """Return a lower bound of a form of an affine layer's outputs; ``None`` if it is none.

        ``start`` are the exponent of the form's unit and which lines are taken.
        """
        (k, mode), total = start, 0
        for i in range(depth, -1, -1):
            each = len(form) + self.length + STORED
            self.work.spend(CALL + each * len(self.columns[i]))
            spare = self.slack * sum(map(abs, form))
            constant = (sum(map(mul, form, self.bias[i])) - spare) >> (k + WEIGHTS - VALUES)
            sums = [sum(map(mul, form, column)) for column in self.columns[i]]
            numbers = [(number - spare) >> (WEIGHTS - ENDS) for number in sums]
            top, exponent = max(map(abs, numbers)), k + ENDS
            if top >= WHOLE or abs(constant) >= LARGEST:
                return None
            total += constant
            if i == 0:
                more = (2 * spare >> (WEIGHTS - ENDS)) + self.slack
                found = self.over_box(numbers, (top, more), exponent, box)
                return None if found is None else total + found
            over = max(top.bit_length() - FORM_BITS, 0)
            if exponent - over < LEAST_BITS:
                return None
            pairs = self.relaxed(i - 1, numbers, (exponent, over, mode))
            if pairs is None:
                return None
            form, k = [m for m, _ in pairs], exponent - over
            total += sum(lost for _, lost in pairs)
        return total

    def relaxed(
        self, i: int, numbers: list[int], scale: tuple[int, int, int]
    ) -> list[tuple[int, int]] | None:
        """Carry a form of rectifiers back; ``None`` if numbers are too large."""
        pairs = []
        for j, p in enumerate(numbers):
            found = self.sides[i].corner(j, p, scale)
            if found is None:
                return None
            pairs.append(found)
        return pairs

    def over_box(
        self, numbers: list[int], sizes: tuple[int, int], exponent: int, box: Box
    ) -> int | None:
        """Return the least value of a form of the inputs, rounded down.

        ``sizes`` are the greatest absolute value of its numbers, and what they may be more.
        """
        top, more = sizes
        over = max(top.bit_length() - INPUT_BITS, 0)
        shift = exponent - over + ENDS - VALUES
        if shift < 0:
            return None
        total = 0
        for number, low, up in zip(numbers, *box[:2], strict=True):
            p, q = number >> over, ((number + more) >> over) + 1
            least = min(p * low, p * up, q * low, q * up) >> shift
            if abs(least) >= LARGEST:
                return None
            total += least
        return total

    def fill(self, box: Box) -> None:
        """Bound the values before all rectifiers."""
        self.sides, self.length = [], words(bits([*box[0], *box[1]]))
        low, up, _ = box
        center = [(a + b) >> 1 for a, b in zip(low, up, strict=True)]
        for i, rows in enumerate(self.rows[:-1]):
            sides, after = Sides(), []
            for r, row in enumerate(rows):
                least, most, middle = self.interval(
                    row, self.bias[i][r] << ENDS, (low, up, center)
                )
                after.append(max(middle, 0))
                if i > 0 and least < 0 < most:
                    least, most = self.tightened((i, r), (least, most, middle), box)
                sides.add(least, most)
            self.sides.append(sides)
            low, up = [max(a, 0) for a in sides.lower], [max(a, 0) for a in sides.upper]
            center, self.length = after, max(self.length, words(bits([*low, *up])))

    def interval(
        self, row: list[int], bias: int, before: tuple[list[int], list[int], list[int]]
    ) -> tuple[int, int, int]:
        """Return the ends of a value by those before it, and its value at a point."""
        low, up, center = before
        self.work.spend(CALL + 4 * len(row) * self.length)
        sizes = (max(abs(a), abs(b)) for a, b in zip(low, up, strict=True))
        spare = ((1 << ENDS) + sum(sizes)) if self.slack else 0
        least = sum(a * (p if a > 0 else q) for a, p, q in zip(row, low, up, strict=True))
        most = sum(a * (q if a > 0 else p) for a, p, q in zip(row, low, up, strict=True))
        middle = sum(map(mul, row, center))
        return (
            (bias + least - spare) >> WEIGHTS,
            -((-bias - most - spare) >> WEIGHTS),
            (bias + middle) >> WEIGHTS,
        )

    def tightened(
        self, place: tuple[int, int], ends: tuple[int, int, int], box: Box
    ) -> tuple[int, int]:
        """Return the ends of a value by back-substitution, of the less likely sign last."""
        i, r = place
        low, up, middle = ends
        for turn in range(2):
            sign = 1 if (middle > 0) == (turn == 0) else -1
            form = [0] * len(self.rows[i])
            form[r] = sign << UNIT
            found = self.least(i, form, (UNIT, 0), box)
            if found is not None and sign > 0:
                low = max(low, found >> (VALUES - ENDS))
            elif found is not None:
                up = min(up, -(found >> (VALUES - ENDS)))
            if low >= 0 or up <= 0:
                break
        return low, up

    def proves(self, shares: list[int], box: Box, least: int) -> bool:
        """Whether a sum of the rows is at least a bound on a box."""
        self.fill(box)
        form = [share << COMBINED for share in shares]
        for mode in (1, 0):
            found = self.least(len(self.rows) - 1, form, (COMBINED, mode), box)
            if found is not None and found >= least:
                return True
        return False


# Bounds by duals


@dataclass(frozen=True)
class Ends:
    """Bounds of the values after 0, 1, ... layers, and slopes at ReLUs; over ``2**FINE_BITS``.

    Slopes, below and above, say what multipliers a ReLU has where none are given.
    """

    boxes: list[Box]
    slopes: dict[Coordinate, tuple[int, int]]


def either_way(values: list[int], opposites: list[int], work: Work) -> Lanes:
    """Return the forms of some values, and then those of the opposites of some."""
    count, forms = len(values) + len(opposites), dict[int, list[int]]()
    work.spend(STORED * count**2)
    signs = [1] * len(values) + [-1] * len(opposites)
    for r, (j, sign) in enumerate(zip(values + opposites, signs, strict=True)):
        forms.setdefault(j, [0] * count)[r] = sign
    return forms


def packed(lanes: list[int], width: int) -> int:
    """Return the sum of numbers times the powers of ``2**(8 * width)``.

    So one product of long numbers is a product of each.  The numbers have fewer than
    ``8 * width`` bits.
    """
    zero = 1 << (8 * width - 1)
    content = b"".join([(lane + zero).to_bytes(width, "little") for lane in lanes])
    return int.from_bytes(content, "little") - shifted(len(lanes), width)


def unpacked(number: int, count: int, width: int) -> list[int]:
    """Return the numbers that are packed."""
    zero = 1 << (8 * width - 1)
    content = (number + shifted(count, width)).to_bytes(count * width, "little")
    ends = range(0, count * width, width)
    return [int.from_bytes(content[k : k + width], "little") - zero for k in ends]


@lru_cache(8)
def shifted(count: int, width: int) -> int:
    """Return the packed numbers that are ``2**(8 * width - 1)`` each."""
    return int.from_bytes((b"\0" * (width - 1) + b"\x80") * count, "little")


class Duals:
    """Upper bounds of forms of the values after a layer, for any multipliers.

    A form of the outputs of an affine layer is one of its inputs and a constant.  Let p be the
    coefficients of a form of the outputs h of ReLUs with inputs z between l and u.  For any m,
    <p, h> <= <m, z> + the sum of the greatest p h - m z at (l, h), (u, h) and, where l < 0 < u,
    (0, 0): these are the corners of the triangle around the ReLU's graph.  What is left at the
    inputs is greatest at a corner of their box.
    """

    def __init__(self, layers: list[Layer], inputs: Inputs, ends: Ends, work: Work) -> None:
        if inputs.box is None:
            reject("the inputs are no box")
        self.layers, self.box, self.ends, self.work = layers, inputs.box, ends, work

    def upper(
        self, depth: int, forms: Lanes, given: dict[int, Lanes], *, unit: int = 1
    ) -> list[int]:
        """Return a bound of each form over ``unit``, over ``2**(2 * FINE_BITS)``.

        ``given`` are multipliers of what ReLUs read, by layers, over ``2**FINE_BITS``.
        """
        totals, width = [0] * len(next(iter(forms.values()), [])), 2 * FINE_BITS
        for i in range(depth, 0, -1):
            layer = self.layers[i - 1]
            if None in layer.rows:
                fine = self.fine(forms, unit)
                self.pass_on(i, (forms, unit), fine, totals)
                forms, unit = self.relaxed(i, fine, given.get(i, {}), totals), 1 << FINE_BITS
                continue
            forms, constants = self.before(layer, forms, len(totals))
            unit *= layer.scale
            self.work.spend(len(totals) * division(bits(constants) + width, unit.bit_length()))
            totals = [t - (-c << width) // unit for t, c in zip(totals, constants, strict=True)]
        most, unit = self.over_box(forms, len(totals)), unit * self.box[2]
        self.work.spend(len(totals) * division(bits(most) + width, unit.bit_length()))
        return [t - (-c << width) // unit for t, c in zip(totals, most, strict=True)]

    def fine(self, forms: Lanes, unit: int) -> Lanes:
        """Return coefficients over ``2**FINE_BITS``, rounded up."""
        size, length = sum(map(len, forms.values())), bits(chain.from_iterable(forms.values()))
        self.work.spend(STORED * size * division(length + FINE_BITS, unit.bit_length()))
        return {j: [-((-p << FINE_BITS) // unit) for p in ps] for j, ps in forms.items()}

    def before(self, layer: Layer, forms: Lanes, count: int) -> tuple[Lanes, list[int]]:
        """Return forms of an affine layer's outputs as forms of its inputs, and constants.

        All are multiplied by the layer's scale.
        """
        length = bits(chain.from_iterable(forms.values()))
        width = (length + layer.bits + len(forms).bit_length()) // 8 + 1
        rows = [(layer.rows[j], layer.bias[j], forms[j]) for j in forms]
        size = sum(2 + len(row[0]) for row, _, _ in rows if isinstance(row, tuple))
        self.work.spend(CALL + 2 * size * words(layer.bits) * words(8 * width * count))
        self.work.spend(STORED * (len(rows) + size) * words(8 * width))
        sums: dict[int, int] = {}
        constant = 0
        for row, shift, lanes in rows:
            assert isinstance(row, tuple), "the layer is affine"
            number = packed(lanes, width)
            constant += number * shift
            for k, a in zip(*row, strict=True):
                sums[k] = sums.get(k, 0) + number * a
        self.work.spend(STORED * len(sums) * count * words(8 * width))
        found = {k: unpacked(total, count, width) for k, total in sums.items() if total}
        return found, unpacked(constant, count, width)

    def pass_on(
        self, depth: int, exact: tuple[Lanes, int], forms: Lanes, totals: list[int]
    ) -> None:
        """Add what rounding up loses where the values of a layer of ReLUs only pass.

        Outputs of ReLUs are not negative, so that it loses nothing there.
        """
        low, (exactly, unit) = self.ends.boxes[depth - 1][0], exact
        passing = [j for j in forms if self.layers[depth - 1].rows[j] is not None]
        length = words(bits(chain.from_iterable(forms.values()))) * words(unit.bit_length())
        self.work.spend(len(forms) + 3 * len(passing) * len(totals) * length)
        for j in passing:
            for r, (p, q) in enumerate(zip(forms[j], exactly[j], strict=True)):
                if p * unit != q << FINE_BITS:
                    totals[r] += max(-low[j], 0)

    def relaxed(self, depth: int, forms: Lanes, given: Lanes, totals: list[int]) -> Lanes:
        """Return forms of what ReLUs read, and add to the totals what these may be less."""
        low, up, _ = self.ends.boxes[depth - 1]
        length = max(bits(chain.from_iterable(each.values())) for each in (forms, given))
        each = words(length) * words(bits([*low, *up]))
        self.work.spend(CALL + 3 * STORED * len(totals) * (len(forms) + len(given)) * each)
        found: Lanes = {}
        for j in dict.fromkeys((*forms, *given)):
            ps = forms.get(j) or [0] * len(totals)
            if self.layers[depth - 1].rows[j] is not None:
                found[j] = ps
                continue
            ms = given.get(j) or self.multipliers((depth, j), ps)
            if any(ms):
                found[j] = ms
            if ms is not ps:
                self.add_corners((low[j], up[j]), ps, ms, totals)
        return found

    def multipliers(self, y: Coordinate, ps: list[int]) -> list[int]:
        """Return multipliers of what a ReLU reads: by its slopes, or what is left in its phase.

        Slopes count in a phase too, so that better ends never make a bound worse.
        """
        if y in self.ends.slopes:
            below, above = self.ends.slopes[y]
            self.work.spend(len(ps) * words(bits(ps)) * words(bits([below, above])))
            return [(p * (above if p > 0 else below)) >> FINE_BITS for p in ps]
        low, up = (ends[y[1]] for ends in self.ends.boxes[y[0] - 1][:2])
        require(low >= 0 or up <= 0, f"no slopes of {y} are known")
        return ps if low >= 0 else [0] * len(ps)

    def add_corners(self, ends: Span, ps: list[int], ms: list[int], totals: list[int]) -> None:
        """Add the greatest p h - m z at the corners of a ReLU's triangle."""
        low, up = ends
        left, right = max(low, 0), max(up, 0)
        pairs = zip(ps, ms, strict=True)
        most = [max(p * left - m * low, p * right - m * up) for p, m in pairs]
        if low < 0 < up:
            most = [max(each, 0) for each in most]
        totals[:] = map(add, totals, most)

    def over_box(self, forms: Lanes, count: int) -> list[int]:
        """Return the greatest value of each form on the box, times its denominator."""
        lower, upper, _ = self.box
        length = words(bits(chain.from_iterable(forms.values())))
        self.work.spend(STORED * count * len(forms) * length * words(bits([*lower, *upper])))
        totals = [0] * count
        for j, ps in forms.items():
            low, up = lower[j], upper[j]
            totals = [t + p * (up if p > 0 else low) for t, p in zip(totals, ps, strict=True)]
        return totals


class Checker:
    """The network, the input set, and what the nodes so far have proved."""

    def __init__(self, document: Object, work: Work | None = None) -> None:
        self.work = Work(LONGEST) if work is None else work
        problem = fields(document["problem"], "layers", "input")
        digest = sha256(canonical(problem).encode()).hexdigest()
        require(document["sha256"] == digest, f"sha256: expected {digest}")
        self.inputs = inputs(problem["input"], self.work)
        self.layers: list[Layer] = []
        self.widths, total = [self.inputs.dim], self.inputs.dim
        for entry in items(problem["layers"]):
            self.layers.append(layer(entry, self.widths[-1], self.work))
            newer = document.get("format") == FORMAT and is_newer(entry)
            require(not newer, f"such a layer is of the format {STREAMED}")
            self.widths.append(len(self.layers[-1].rows))
            total += self.widths[-1]
            require(total <= WIDEST, f"found more than {WIDEST} values")
        self.assumed: list[Row] = []
        self.cited: list[str] = []
        self.citations: set[int] = set()
        self.proved: list[object] = []
        self.lines: Iterator[object] | None = None

    @cached_property
    def has_units(self) -> bool:
        """Whether there are neurons of other kinds than ReLU."""
        return any(layer.units for layer in self.layers)

    # Reading

    def coordinate(self, i: object, j: object) -> Coordinate:
        """Return a coordinate of the network."""
        depth = index(i, len(self.widths))
        return depth, index(j, self.widths[depth])

    def neuron(self, i: object, j: object) -> Coordinate:
        """Return the coordinate of a ReLU's output."""
        depth, here = self.coordinate(i, j)
        found = depth > 0 and self.layers[depth - 1].rows[here] is None
        require(found, f"({i}, {j}) is no output of a ReLU")
        return depth, here

    def row(self, form: object, offset: object, relaxation: str) -> Row:
        """Return the row ``form <= offset``."""
        terms = [items(term, 3) for term in items(form)]
        places = [self.coordinate(i, j) for _, i, j in terms]
        require(len(set(places)) == len(places), "a coordinate is named twice")
        numbers, scale = self.work.ratios([*(c for c, _, _ in terms), offset])
        nonzero = {place: c for place, c in zip(places, numbers, strict=False) if c}
        return Row(relaxation, nonzero, numbers[-1], scale)

    def known(self, node: object) -> object:
        """Return what an earlier node proves."""
        return self.proved[index(node, len(self.proved))]

    def known_row(self, node: object, relaxations: Iterable[str]) -> Row:
        """Return a row of one of some relaxations; the network satisfies the rows of all."""
        row = self.known(node)
        if not isinstance(row, Row):
            reject(f"node {node} is no row")
        fits = row.relaxation in relaxations or "exact" in relaxations
        require(fits, f"node {node} is a row of {row.relaxation}")
        return row

    def known_point(self, node: object, *relaxations: str) -> Point:
        """Return a point; those of the network are points of every relaxation."""
        point = self.known(node)
        if not isinstance(point, Point):
            reject(f"node {node} is no point")
        fits = point.relaxation in (*relaxations, "exact")
        require(fits, f"node {node} is a point of {point.relaxation}")
        return point

    def bound(
        self, node: object, place: Coordinate, relaxations: Iterable[str], sign: int
    ) -> Ratio:
        """Return the bound of one coordinate that a row states; ``sign`` -1 for a lower one."""
        row = self.known_row(node, relaxations)
        c = row.form.get(place, 0) * sign
        require(len(row.form) == 1 and c > 0, f"node {node} does not bound {place}")
        return sign * row.offset, c

    def assume(self, rows: list[Object]) -> None:
        """Add the rows that the claim assumes; they hold of the network's values alone."""
        self.assumed = [self.row(row["form"], row["at_most"], "exact") for row in rows]

    def subject(self) -> Subject:
        """Return what the claim is about."""
        for each in self.layers:
            self.work.spend(each.size * division(each.bits, each.scale.bit_length()))
        self.work.spend(self.inputs.size * division(self.inputs.bits, self.inputs.bits))
        digest = network_digest(self.inputs.dim, self.layers)
        known = self.is_inhabited()
        return Subject(
            "network", self.widths, digest, self.inputs, known, is_assuming=self.assumed != []
        )

    def is_inhabited(self) -> bool:
        """Whether the claim is known to be about some input.

        Each point that is proved has inputs in the set; what is assumed has to hold of a run.
        """
        points = [found for found in self.proved if isinstance(found, Point)]
        if not self.assumed:
            origin = [0] * self.inputs.dim, 1
            return points != [] or self.inputs.box is not None or self.contains(origin)
        return any(point.relaxation == "exact" and self.satisfies(point) for point in points)

    def satisfies(self, point: Point) -> bool:
        """Whether a run has the values that are assumed."""
        for row in self.assumed:
            top, bottom = self.work.value_at(row.form, point)
            self.work.spend(words(row.bits) * words(bottom.bit_length()))
            if top > row.offset * bottom:
                return False
        return True

    def contains(self, x: Values) -> bool:
        """Whether a point is an input."""
        length = max(bits(x[0]), x[1].bit_length())
        self.work.spend(2 * self.inputs.size * words(length) * words(self.inputs.bits))
        return self.inputs.contains(x)

    def image(self, depth: int, values: Values) -> Values:
        """Return what a layer makes of values."""
        found = self.layers[depth - 1]
        length = max(bits(values[0]), values[1].bit_length())
        each = words(length) * words(found.bits)
        self.work.spend(CALL + found.size * each + len(found.rows) * STORED * each)
        longest = length + 2 * found.bits
        self.work.spend(len(found.rows) * division(longest, longest))
        return found.at(values)

    # Rows

    def reason(self, term: object, relaxations: tuple[str, ...], phases: Phases) -> Row:
        """Return the row that a term of a combination names."""
        if not isinstance(term, list):
            return self.known_row(term, relaxations)
        name, *rest = items(term) or [""]
        base = relaxations[-1]
        if name in ("input", "assumed"):
            require(name == "input" or base == "exact", f"{base} knows no assumptions")
            rows = self.inputs.rows if name == "input" else self.assumed
            return rows[index(items(rest, 1)[0], len(rows))]
        if name == "region":
            return self.side(items(rest, 3), phases)
        y = self.neuron(*items(rest[:2], 2))
        z = (y[0] - 1, y[1])
        if name == "sign":
            require(rest[2:] == [] and y in phases, f"the sign of {y} is not known here")
            return Row("", {z: -1 if phases[y] else 1}, 0)
        return self.around(y, [name, *rest[2:]], base)

    def side(self, place: list[object], phases: Phases) -> Row:
        """Return a row that holds of a unit's inputs in the piece that it has in this case."""
        i, unit, n = place
        depth, number = self.unit(i, unit)
        require(
            (depth, number) in phases, f"the piece of ({depth}, {number}) is not known here"
        )
        found = self.layers[depth - 1]
        self.work.spend(found.steps(number))
        (columns, entries), offset, scale = found.side(number, phases[depth, number], n)
        form = {(depth - 1, k): a for k, a in zip(columns, entries, strict=True)}
        return Row("", form, offset, scale)

    def unit(self, i: object, unit: object) -> Coordinate:
        """Return the layer and the number of a neuron of several pieces."""
        depth = index(i, len(self.widths))
        require(depth > 0, "layer 0 has no neurons")
        number, found = index(unit, WIDEST), self.layers[depth - 1]
        is_neuron = found.count(number) > 1 or found.steps(number) > 0
        require(is_neuron, f"({i}, {unit}) is no neuron")
        return depth, number

    def around(self, y: Coordinate, term: list[object], base: str) -> Row:
        """Return a row between the input and the output of a ReLU."""
        z = (y[0] - 1, y[1])
        match term:
            case ["upper", low, high]:
                lower = self.bound(low, z, (base,), -1)
                upper = self.bound(high, z, (base,), 1)
                self.spend_on_line(lower, upper)
                return upper_line(lower, upper, y)
            case ["lower", node] if base in BACK_SUBSTITUTION:
                found = self.range(node, z, base)
                self.spend_on_line(found.lower, found.upper)
                return lower_line(found, y)
            case ["positive"] if base not in BACK_SUBSTITUTION:
                return Row("", {y: -1}, 0)
            case ["above"] if base not in BACK_SUBSTITUTION:
                return Row("", {y: -1, z: 1}, 0)
        reject(f"found {brief(term)}, expected a reason of {base}")

    def spend_on_line(self, lower: Ratio, upper: Ratio) -> None:
        """Take the steps for a line of a ReLU."""
        self.work.spend(CALL + 4 * words(bits(lower)) * words(bits(upper)))

    def slack(
        self, row: Row, terms: object, relaxations: tuple[str, ...], phases: Phases
    ) -> int:
        """Return a positive multiple of how much less than the row's offset its terms allow.

        What the terms leave of the form is carried back to the inputs, layer by layer, by the
        layers' definitions, and bounded there by the ends of the box.
        """
        pairs = [items(term, 2) for term in items(terms)]
        used = [
            (self.work.ratio(m), self.reason(term, relaxations, phases)) for m, term in pairs
        ]
        for (p, q), u in used:
            require(p >= 0 or u.is_equation, "a multiplier of an inequality is negative")
            self.work.spend(words(q.bit_length()) * words(u.scale.bit_length()))
        factors, common = self.work.scaled([(p, q * u.scale) for (p, q), u in used])
        rest: list[dict[int, int]] = [{} for _ in self.widths]
        self.work.spend((1 + len(row.form)) * words(common.bit_length()) * words(row.bits))
        offset = common * row.offset
        for (i, j), c in row.form.items():
            rest[i][j] = common * c
        for p, (_, u) in zip(factors, used, strict=True):
            length = words(p.bit_length() + row.bits)
            self.work.spend((1 + 2 * len(u.form)) * length * words(u.bits))
            factor = p * row.scale
            offset -= factor * u.offset
            for (i, j), c in u.form.items():
                rest[i][j] = rest[i].get(j, 0) - factor * c
        return self._over_inputs(rest, offset, phases)

    def _over_inputs(self, rest: list[dict[int, int]], offset: int, phases: Phases) -> int:
        form, constant, factor = self._to_inputs(rest, phases)
        self.work.spend(words(offset.bit_length()) * words(factor.bit_length()))
        offset = offset * factor - constant
        if self.inputs.box is None:
            require(not any(form.values()), "the terms leave a form of the inputs")
            return offset
        low, up, common = self.inputs.box
        longest = max(bits(form.values()), offset.bit_length())
        self.work.spend((1 + 2 * len(form)) * words(longest) * words(self.inputs.bits))
        most = sum(c * (up[j] if c > 0 else low[j]) for j, c in form.items())
        return common * offset - most

    def _to_inputs(
        self, rest: list[dict[int, int]], phases: Phases
    ) -> tuple[dict[int, int], int, int]:
        """Return a form as one of the inputs, a constant to add, and a denominator of both."""
        constant, factor, form = 0, 1, rest[-1]
        for depth in range(len(self.layers), 0, -1):
            here = {j: c for j, c in form.items() if c}
            scale = self.layers[depth - 1].scale if here else 1
            self.spend_on_layer(here, rest[depth - 1], depth, factor)
            factor *= scale
            form = {j: c * factor for j, c in rest[depth - 1].items()}
            constant = constant * scale + self._carry_back(depth, here, form, phases)
        return form, constant, factor

    def spend_on_layer(
        self, here: dict[int, int], before: dict[int, int], depth: int, factor: int
    ) -> None:
        """Take the steps for what carries a form behind a layer back to what comes before."""
        found, length = self.layers[depth - 1], factor.bit_length()
        rows = (found.rows[j] for j in here)
        size = sum(2 + 2 * len(row[0]) if isinstance(row, tuple) else 4 for row in rows)
        each = words(found.bits)
        self.work.spend(CALL // 2 + size * each * words(bits(here.values())))
        scale = words(length + found.bits)
        self.work.spend(2 * len(before) * scale * words(bits(before.values())))
        self.work.spend(each * words(length))

    def _carry_back(
        self, depth: int, form: dict[int, int], target: dict[int, int], phases: Phases
    ) -> int:
        """Add to ``target`` a form of a layer's outputs by its inputs; return the constant."""
        layer, constant = self.layers[depth - 1], 0

        def known(unit: int) -> int | Ranks:
            require((depth, unit) in phases, f"the terms leave the neuron ({depth}, {unit})")
            return phases[depth, unit]

        for j, c in form.items():
            row, shift = layer.row_in(j, known)
            constant += c * shift
            for k, a in zip(*row, strict=True):
                target[k] = target.get(k, 0) + c * a
        return constant

    def prove(
        self,
        row: Row,
        tree: object,
        *,
        window: range,
        relaxations: tuple[str, ...],
        phases: Phases,
    ) -> None:
        """Prove a row in all phases of the neurons behind the window's layers."""

        def leaf(terms: list[object], phases: Phases) -> None:
            slack = self.slack(row, terms, relaxations, phases)
            require(slack >= 0, "the terms do not imply the row")

        self.descend(tree, leaf, window=window, relaxations=relaxations, phases=phases)

    def descend(
        self,
        tree: object,
        leaf: Callable[[list[object], Phases], None],
        *,
        window: range,
        relaxations: tuple[str, ...],
        phases: Phases,
    ) -> None:
        """Require each case of a tree to be excluded, or its leaf to be right."""
        if isinstance(tree, list):
            leaf(tree, phases)
            return
        if isinstance(tree, dict) and "empty" in tree:
            terms = fields(tree, "empty")["empty"]
            slack = self.slack(Row("", {}, 0), terms, relaxations, phases)
            require(slack > 0, "the terms do not exclude the case")
            return
        self.work.spend(len(phases))
        split = fields(tree, "split", "on", "off")
        neuron = self.neuron(*items(split["split"], 2))
        require(neuron[0] in window and neuron not in phases, f"{neuron} cannot be split here")
        for name, sign in (("off", False), ("on", True)):
            known = {**phases, neuron: sign}
            self.descend(
                split[name], leaf, window=window, relaxations=relaxations, phases=known
            )

    def linear(self, node: Object) -> Row:
        """Return a row that others imply."""
        given = fields(node, "kind", "relaxation", "form", "at_most", "terms")
        name = relaxation(given["relaxation"])
        row = self.row(given["form"], given["at_most"], name)
        slack = self.slack(row, given["terms"], (name, base_of(name)), {})
        require(slack >= 0, "the terms do not imply the row")
        return row

    def cases(self, node: Object) -> Row:
        """Return a row that holds in each phase of some neurons."""
        given = fields(
            node, "kind", "relaxation", "form", "at_most", optional=("tree", "unstable")
        )
        name = relaxation(given["relaxation"])
        row = self.row(given["form"], given["at_most"], name)
        if "tree" not in given:
            if self.lines is None or (name, given.get("unstable", [])) != ("exact", []):
                reject("the field 'tree' is missing")
            self.stream_cases(row, self.lines)
            return row
        window = self.window(row, given.get("unstable", []))
        self.prove(row, given["tree"], window=window, relaxations=(base_of(name),), phases={})
        return row

    def stream_cases(self, row: Row, lines: Iterator[object]) -> None:
        """Prove a row in all cases of a tree."""

        def leaf(terms: list[object], phases: Phases) -> None:
            slack = self.slack(row, terms, ("exact",), phases)
            require(slack >= 0, "the terms do not imply the row")

        self.stream(lines, leaf, {})

    def stream(
        self,
        lines: Iterator[object],
        leaf: Callable[[list[object], Phases], None],
        phases: Phases,
    ) -> None:
        """Require all cases of a tree to be right: its nodes follow, the first ones first."""
        open_cases: list[Phases] = [phases]
        while open_cases:
            phases = open_cases.pop()
            line = next(lines, None)
            if not isinstance(line, dict) or len(line) != 1:
                reject("the tree of cases is not complete")
            ((name, value),) = line.items()
            self.work.spend(CALL + len(phases))
            if name == "split":
                place = self.unit(*items(value, 2))
                require(place not in phases, f"{place} is split already")
                count = self.layers[place[0] - 1].count(place[1])
                require(count > 0, f"{place} is split into ranks only")
                self.work.spend(count * (CALL + len(phases)))
                pieces = reversed(self.pieces(place, count))
                open_cases += ({**phases, place: piece} for piece in pieces)
            elif name == "rank":
                open_cases += reversed(self.ranked(self.unit(*items(value, 2)), phases))
            elif name == "empty":
                slack = self.slack(Row("", {}, 0), value, ("exact",), phases)
                require(slack > 0, "the terms do not exclude the case")
            else:
                require(name == "terms", f"found the unknown field {brief(name)}")
                leaf(items(value), phases)

    def pieces(self, place: Coordinate, count: int) -> list[int | Ranks]:
        """Return the pieces of a unit, those of a sort as orders."""
        ranks = self.ranks(place, {})
        if ranks is None:
            return list(range(count))
        size = len(ranks.order)
        self.work.spend(count * STORED * size * size)
        return [Ranks(numbered(piece, size), None) for piece in range(count)]

    def ranks(self, place: Coordinate, phases: Phases) -> Ranks | None:
        """Return what is known of the order of a unit's inputs, if it is a sort."""
        units = self.layers[place[0] - 1].units
        size = len(units[place[1]].inputs) if units and units[place[1]].is_sort else 0
        found = phases.get(place, Ranks(tuple(range(size))))
        return found if size > 0 and isinstance(found, Ranks) else None

    def ranked(self, place: Coordinate, phases: Phases) -> list[Phases]:
        """Return the cases in which each input of a sort that may have the next rank does."""
        found = self.ranks(place, phases)
        if found is None or found.known == len(found.order):
            reject(f"{place} has no rank that is open here")
        size = len(found.order)
        self.work.spend(size * (CALL + len(phases) + STORED * size))
        return [{**phases, place: each} for each in found.cases()]

    def window(self, row: Row, unstable: object) -> range:
        """Return the layers that a relaxation keeps together for such a row."""
        name, depths = row.relaxation, [i for i, _ in row.form]
        require(name.startswith("krelu:") or unstable == [], f"{name} has no unstable neurons")
        if name == "exact":
            return range(1, len(self.widths))
        require(":" in name and row.form != {}, f"{name} has no such rows")
        size, first, last = size_of(name), min(depths), max(depths)
        if name.startswith("p:"):
            require(last - first <= size, f"the row spans more than {amount(size, 'layer')}")
            start = max(last - size, 0)
            return range(start + 1, start + size + 1)
        require(first >= last - 1, "the row spans more than a layer")
        outputs = {self.neuron(i, j) for i, j in row.form if i == last}
        if name.startswith("krelu:"):
            outputs |= {self.neuron(last, j) for _, j in row.form}
            pairs = items(unstable, len(outputs))
            for (i, j), pair in zip(sorted(outputs), pairs, strict=True):
                off, on = (self.known_point(node, name) for node in items(pair, 2))
                signs = off.values[i - 1][0][j] < 0 < on.values[i - 1][0][j]
                require(signs, f"the neuron ({i}, {j}) is not shown to be unstable")
        require(len(outputs) <= size, f"the row has more than {amount(size, 'neuron')}")
        return range(last, last + 1)

    # Points

    def run(self, node: Object) -> Point:
        """Return the values of the network at an input."""
        return self.through(fields(node, "kind", "input")["input"], "exact", lambda _, v, __: v)

    def through(
        self, value: object, name: str, change: Callable[[int, Values, Values], Values]
    ) -> Point:
        """Return the values from an input, each ReLU's output replaced by ``change``."""
        x = self.work.ratios(items(value, self.inputs.dim))
        require(self.contains(x), "the point is no input")
        values = [x]
        for depth in range(1, len(self.widths)):
            values.append(change(depth, self.image(depth, values[-1]), values[-1]))
        return Point(name, values)

    def mixture(self, value: object, *names: str) -> tuple[list[int], list[Point]]:
        """Return the weights (times their sum) and points of a convex combination."""
        pairs = [items(pair, 2) for pair in items(value)]
        weights, total = self.work.ratios([w for w, _ in pairs])
        require(min(weights, default=-1) >= 0, "a weight is negative or none is given")
        require(sum(weights) == total, "the weights do not add up to 1")
        return weights, [self.known_point(node, *names) for _, node in pairs]

    def relaxed(self, node: Object) -> Point:
        """Return a point that single layers allow: groups of neurons are mixtures."""
        given = fields(node, "kind", "relaxation", "input", "groups", optional=("stable",))
        name = relaxation(given["relaxation"])
        require(name == "triangle" or ":" in name, f"{name} has no groups")
        require(not name.startswith("p:") or name == "p:1", f"{name} has windows")
        groups = [fields(g, "layer", "neurons", "mixture") for g in items(given["groups"])]
        stable = {self.stable(entry, name) for entry in items(given.get("stable", []))}
        for group in groups:
            require(index(group["layer"], len(self.widths)) > 0, "layer 0 has no neurons")

        def change(depth: int, y: Values, z: Values) -> Values:
            self.work.spend(len(groups))
            here = [group for group in groups if group["layer"] == depth]
            named = [{self.neuron(depth, j) for j in items(g["neurons"])} for g in here]
            out = self.grouped(name, depth, list(zip(named, here, strict=True)), (y, z))
            size = words(max(bits(y[0]), out[1].bit_length()))
            self.work.spend(
                len(y[0]) * size * words(max(bits(out[0]), y[1].bit_length())) * STORED
            )
            pairs = enumerate(zip(y[0], out[0], strict=True))
            loose = {(depth, j) for j, (a, b) in pairs if a * out[1] != b * y[1]}
            self.require_cover(name, loose, named, stable)
            return out

        return self.through(given["input"], name, change)

    def stable(self, value: object, name: str) -> Coordinate:
        """Return a neuron that a row shows to have one phase only."""
        i, j, node = items(value, 3)
        y = self.neuron(i, j)
        row = self.known_row(node, (name,))
        fits = set(row.form) == {(y[0] - 1, y[1])} and row.offset <= 0
        require(fits, f"node {node} does not fix the phase of {y}")
        return y

    def require_cover(
        self,
        name: str,
        loose: set[Coordinate],
        groups: list[set[Coordinate]],
        stable: set[Coordinate],
    ) -> None:
        """Require each set of neurons that is seen together and has a loose one in a group."""
        for depth in {i for i, _ in loose}:
            rows = self.layers[depth - 1].rows
            neurons = {(depth, j) for j, row in enumerate(rows) if row is None} - stable
            if any(neurons <= group for group in groups):
                continue
            require(name != "p:1", f"a group leaves out neurons of layer {depth}")
            size = 1 if name == "triangle" else min(size_of(name), len(neurons))
            few = comb(len(neurons), size) <= MOST_SUBSETS
            require(few, f"found more than {MOST_SUBSETS} groups of {amount(size, 'neuron')}")
            for subset in map(set, combinations(sorted(neurons), size)):
                self.work.spend(4 + size + len(groups) * (1 + size // 8))
                if subset & loose and not any(subset <= group for group in groups):
                    reject(f"no group contains {brief(sorted(subset))}")

    def grouped(
        self,
        name: str,
        depth: int,
        groups: list[tuple[set[Coordinate], Object]],
        given: tuple[Values, Values],
    ) -> Values:
        """Return the output of a layer, that of each group from its mixture."""
        y, z = given
        found: dict[int, Ratio] = {}
        for neurons, group in groups:
            weights, points = self.mixture(group["mixture"], name)
            before = [p.values[depth - 1] for p in points]
            met, bottom = self.work.mean(weights, before)
            longest = words(max(bits(met), bottom.bit_length()))
            size = words(max(bits(z[0]), z[1].bit_length()))
            self.work.spend(2 * len(met) * longest * size)
            for j in range(len(met)) if name[0] in "mp" else [j for _, j in neurons]:
                meets = met[j] * z[1] == z[0][j] * bottom
                require(meets, f"a mixture misses the input of ({depth}, {j})")
            images = [self.image(depth, v) for v in before]
            image, common = self.work.mean(weights, images)
            for _, j in neurons:
                other = found.setdefault(j, (image[j], common))
                agrees = self.work.equal([(other, (image[j], common))])
                require(agrees, f"mixtures differ at ({depth}, {j})")
        return self.replaced(y, found)

    def replaced(self, values: Values, new: dict[int, Ratio]) -> Values:
        """Return values with some of them replaced."""
        v, old = values
        pairs = [new.get(j, (p, old)) for j, p in enumerate(v)]
        return self.work.reduced(*self.work.scaled(pairs))

    def between(self, node: Object) -> Point:
        """Return a point whose neurons lie between the lines of back-substitution."""
        given = fields(node, "kind", "relaxation", "input", "outputs")
        name, given_input = given["relaxation"], given["input"]
        require(name in BACK_SUBSTITUTION, f"{brief(name)} has no lines")
        chosen = [items(entry, 4) for entry in items(given["outputs"])]
        lines = {self.neuron(i, j): (self.work.ratio(v), node) for i, j, v, node in chosen}
        require(len(lines) == len(chosen), "an output is named twice")

        def change(depth: int, y: Values, z: Values) -> Values:
            self.work.spend(len(lines))
            here = {place: line for place, line in lines.items() if place[0] == depth}
            for place, (value, line) in here.items():
                given = self.range(line, (depth - 1, place[1]), str(name))
                self.require_between(place, value, z, given)
            return self.replaced(y, {j: value for (_, j), (value, _) in here.items()})

        return self.through(given_input, str(name), change)

    def require_between(self, y: Coordinate, value: Ratio, z: Values, given: Range) -> None:
        """Require an output to lie between the lines for its range."""
        self.spend_on_line(given.lower, given.upper)
        slopes = words(bits(given.lower) + bits(given.upper))
        values_read = words(max(z[0][y[1]].bit_length(), z[1].bit_length()) + bits(value))
        self.work.spend(6 * slopes * values_read**2)
        for row in (lower_line(given, y), upper_line(given.lower, given.upper, y)):
            left = row.form[y] * value[0] * z[1]
            left += row.form.get((y[0] - 1, y[1]), 0) * z[0][y[1]] * value[1]
            require(
                left <= row.offset * value[1] * z[1], f"the output {y} is not between its lines"
            )

    def windows(self, node: Object) -> Point:
        """Return a point of ``p:R``: each window a mixture, equal where they overlap."""
        given = fields(node, "kind", "relaxation", "windows")
        name = relaxation(given["relaxation"])
        require(name.startswith("p:"), f"{name} has no windows")
        size = min(size_of(name), len(self.layers))
        values: list[Values] = []
        for start, mixture in enumerate(items(given["windows"], len(self.layers) - size + 1)):
            weights, points = self.mixture(mixture, "p:1")
            runs = [p.values[start] for p in points]
            for depth in range(start, start + size + 1):
                if depth > start:
                    runs = [self.image(depth, v) for v in runs]
                here = self.work.mean(weights, runs)
                if depth == len(values):
                    values.append(here)
                require(here == values[depth], f"the windows differ at layer {depth}")
        return Point(name, values)

    # Ranges

    def range(self, node: object, place: Coordinate, name: str) -> Range:
        """Return the range of a coordinate on a relaxation."""
        found = self.known(node)
        if not isinstance(found, Range):
            reject(f"node {node} is no range")
        fits = (found.relaxation, found.coordinate) == (name, place)
        require(fits, f"node {node} is the range of {found.coordinate} on {found.relaxation}")
        return found

    def attained(self, node: Object) -> Range:
        """Return the range of a coordinate, bounded by rows and attained by points."""
        if node.get("relaxation") == "ibp":
            return self.boxed(fields(node, "kind", "relaxation", "coordinate", "boxes"))
        names = ("coordinate", "below", "above", "least", "greatest")
        given = fields(node, "kind", "relaxation", *names)
        name = relaxation(given["relaxation"])
        place = self.coordinate(*items(given["coordinate"], 2))
        lower = self.bound(given["below"], place, (name,), -1)
        upper = self.bound(given["above"], place, (name,), 1)
        for end, node_of_point in ((lower, given["least"]), (upper, given["greatest"])):
            found = self.work.value_at({place: 1}, self.known_point(node_of_point, name))
            require(
                self.work.equal([(end, found)]),
                f"node {node_of_point} does not attain the bound",
            )
        return Range(name, place, lower, upper)

    def boxed(self, given: Object) -> Range:
        """Return the range of a coordinate by interval bound propagation."""
        boxes = self.known(given["boxes"])
        place = self.coordinate(*items(given["coordinate"], 2))
        if not isinstance(boxes, Boxes):
            reject(f"node {given['boxes']} is no interval bound propagation")
        lower, upper, common = boxes.values[place[0]]
        return Range("ibp", place, (lower[place[1]], common), (upper[place[1]], common))

    def boxes(self, node: Object) -> Boxes:
        """Return interval bound propagation from the ranges of the inputs."""
        given = fields(node, "kind", optional=("inputs",))
        box = self.inputs.box
        require(box is None or "inputs" not in given, "the box is its own range")
        if box is None:
            nodes = items(given.get("inputs"), self.inputs.dim)
            ranges = [self.range(n, (0, j), "exact") for j, n in enumerate(nodes)]
            ends = [r.lower for r in ranges] + [r.upper for r in ranges]
            scaled, common = self.work.scaled(ends)
            box = (scaled[: len(ranges)], scaled[len(ranges) :], common)
        values = [box]
        for depth in range(1, len(self.widths)):
            values.append(self.boxed_image(depth, values[-1]))
        return Boxes(values)

    def boxed_image(self, depth: int, box: Box) -> Box:
        """Return the least box around a layer's image of a box."""
        found, (low, up, common) = self.layers[depth - 1], box
        length = max(bits(low), bits(up), common.bit_length())
        each = words(length) * words(found.bits)
        self.work.spend(CALL + (3 * found.size + 2 * STORED * len(found.rows)) * each)
        return found.box(box)

    def interval(self, node: Object) -> Row:
        """Return one side of a box as a row."""
        given = fields(node, "kind", "coordinate", "boxes", "side")
        found = self.boxed(given)
        sign = {"below": -1, "above": 1}.get(str(given["side"]))
        if sign is None:
            reject(f"found the side {brief(given['side'])}")
        p, q = found.lower if sign < 0 else found.upper
        self.work.spend(division(p.bit_length(), q.bit_length()))
        common = gcd(p, q)
        return Row(
            "ibp", {found.coordinate: sign * q // common}, sign * p // common, q // common
        )

    # Duals

    def ends(self, node: Object) -> Ends:
        """Return bounds of the values up to a layer, the last ones improved by duals."""
        optional = ("ends", "slopes", "batches")
        given = fields(node, "kind", "after", "bits", optional=optional)
        depth, shift = index(given["after"], len(self.widths)), self.shift(given["bits"])
        before = self.known_ends(given["ends"]) if "ends" in given else Ends([], {})
        slopes = {**before.slopes, **self.slopes(given.get("slopes", []), shift)}
        self.work.spend(CALL + len(slopes))
        known = Ends(self.reaching(before.boxes, depth), slopes)
        duals = Duals(self.layers, self.inputs, known, self.work)
        low, up, unit = known.boxes[depth]
        self.work.spend(2 * STORED * len(low))
        low, up = low.copy(), up.copy()
        for batch in items(given.get("batches", [])):
            chosen = fields(batch, "upper", "lower", optional=("multipliers",))
            above, below = (
                [index(j, self.widths[depth]) for j in items(chosen[side])]
                for side in ("upper", "lower")
            )
            forms, count = either_way(above, below, self.work), len(above) + len(below)
            wanted = self.multipliers(chosen.get("multipliers", []), count, shift)
            found = duals.upper(depth, forms, wanted)
            for j, most in zip(above, found, strict=False):
                up[j] = min(up[j], -(-most >> FINE_BITS))
            for j, most in zip(below, found[len(above) :], strict=True):
                low[j] = max(low[j], -most >> FINE_BITS)
        return Ends([*known.boxes[:depth], (low, up, unit)], slopes)

    def known_ends(self, node: object) -> Ends:
        """Return bounds that an earlier node proves."""
        found = self.known(node)
        if not isinstance(found, Ends):
            reject(f"node {node} has no ends")
        return found

    def shift(self, value: object) -> int:
        """Return how many bits the numbers of a node are shorter than those of duals."""
        return FINE_BITS - index(value, FINE_BITS + 1)

    def slopes(self, value: object, shift: int) -> dict[Coordinate, tuple[int, int]]:
        """Return slopes below and above ReLUs."""
        found: dict[Coordinate, tuple[int, int]] = {}
        for layer, entries in (items(pair, 2) for pair in items(value)):
            for j, *pair in (items(entry, 3) for entry in items(entries)):
                if not are_whole(pair):
                    reject("a slope is no whole number")
                below, above = (slope << shift for slope in pair)
                found[self.neuron(layer, j)] = below, above
        return found

    def multipliers(self, value: object, count: int, shift: int) -> dict[int, Lanes]:
        """Return multipliers of what ReLUs read, by layers."""
        found: dict[int, Lanes] = {}
        for layer, entries in (items(pair, 2) for pair in items(value)):
            for j, given in (items(entry, 2) for entry in items(entries)):
                depth, here = self.neuron(layer, j)
                lanes = items(given, count)
                if not are_whole(lanes):
                    reject("a multiplier is no whole number")
                found.setdefault(depth, {})[here] = [lane << shift for lane in lanes]
        return found

    def reaching(self, boxes: list[Box], depth: int) -> list[Box]:
        """Return boxes of the values up to a layer, the missing ones by intervals."""
        if self.inputs.box is None:
            reject("the inputs are no box")
        self.work.spend(CALL + depth)
        found = boxes[: depth + 1] or [self.fine_box(self.inputs.box)]
        while len(found) <= depth:
            i = len(found)
            before = self.inputs.box if i == 1 else found[-1]
            found.append(self.fine_box(self.boxed_image(i, before)))
        return found

    def fine_box(self, box: Box) -> Box:
        """Return a box over ``2**FINE_BITS`` around a box."""
        low, up, common = box
        length = max(bits(low), bits(up)) + FINE_BITS
        self.work.spend(2 * STORED * len(low) * division(length, common.bit_length()))
        lower = [(a << FINE_BITS) // common for a in low]
        return lower, [-((-b << FINE_BITS) // common) for b in up], 1 << FINE_BITS

    def dual(self, node: Object) -> Row:
        """Return a row of the values after one layer that a dual proves."""
        given = fields(
            node, "kind", "ends", "form", "at_most", "bits", optional=("multipliers",)
        )
        row, shift = (
            self.row(given["form"], given["at_most"], "exact"),
            self.shift(given["bits"]),
        )
        depth = max((i for i, _ in row.form), default=0)
        require(
            all(i == depth for i, _ in row.form), "a form reads values after several layers"
        )
        before = self.known_ends(given["ends"])
        known = Ends(self.reaching(before.boxes, depth), before.slopes)
        wanted = self.multipliers(given.get("multipliers", []), 1, shift)
        duals = Duals(self.layers, self.inputs, known, self.work)
        form = {j: [c] for (_, j), c in row.form.items()}
        most = max(duals.upper(depth, form, wanted, unit=row.scale), default=0)
        self.work.spend(words(most.bit_length()) * words(row.bits))
        slack = (row.offset << (2 * FINE_BITS)) - most * row.scale
        require(slack >= 0, "the dual does not imply the row")
        return row

    # Hulls

    def hull(self, node: Object) -> Hull:
        """Return the set of some values, bounded by valid rows and spanned by real points.

        The simplices lie in the hyperplanes of the rows.  Seen from the mean of the points,
        they form a cycle, which must cover the boundary of the points' hull; so the rows
        leave nothing outside it.  No simplex is flat and no row stands twice, so each row is
        one facet; and each point is alone on the facets through it, so it is one vertex.
        """
        names = ("coordinates", "facets", "points", "simplices")
        given = fields(node, "kind", *names, optional=("relaxation",))
        name = relaxation(given.get("relaxation", "exact"))
        places = [self.coordinate(*items(c, 2)) for c in items(given["coordinates"])]
        require(len(set(places)) == len(places) > 0, "a coordinate is named twice or none is")
        facets = [self.known_row(n, (name,)) for n in items(given["facets"])]
        seen = set(places)
        for row in facets:
            each = division(row.bits, row.bits)
            self.work.spend(CALL + (1 + len(row.form)) * each)
            require(row.form.keys() <= seen, "a facet reads other coordinates")
        require(len(set(map(primitive, facets))) == len(facets), "a facet is named twice")
        points = [self.known_point(n, name) for n in items(given["points"])]
        values = [
            [self.work.value_at({place: 1}, point) for place in places] for point in points
        ]
        every, common = self.work.scaled([pair for value in values for pair in value])
        dim = len(places)
        vectors = [every[k : k + dim] for k in range(0, len(every), dim)]
        lengths = max((row.bits for row in facets), default=0), bits([*every, common])
        self.work.spend(
            len(facets) * (1 + len(points)) * (2 + dim * words(lengths[0]) * words(lengths[1]))
        )
        weighted = [
            (row.offset * common, [row.form.get(c, 0) for c in places]) for row in facets
        ]
        slacks = [[b - inner(a, v) for v in vectors] for b, a in weighted]
        require(all(sum(s) > 0 for s in slacks), "the points lie in the hyperplane of a facet")
        self.require_boundary(items(given["simplices"]), vectors, slacks)
        self.work.spend(STORED * len(facets) * len(points) * words(len(points)))
        require_vertices(slacks)
        return Hull(name, places, facets, values)

    def require_boundary(
        self, simplices: list[object], vectors: list[list[int]], slacks: list[list[int]]
    ) -> None:
        """Require simplices in the facets to be a cycle around the mean of the vectors."""
        total = [sum(column) for column in zip(*vectors, strict=True)]
        length = bits(total) + bits(entry for v in vectors for entry in v)
        size = len(total)
        each = determinant_steps(size, length + len(vectors).bit_length())
        self.work.spend(len(simplices) * (CALL + each + size * (size + 2 * STORED)))
        oriented, used = [], set()
        for facet, names in (items(pair, 2) for pair in simplices):
            k = index(facet, len(slacks))
            simplex = [index(i, len(vectors)) for i in items(names, size)]
            require(sorted(set(simplex)) == simplex, "a simplex is not in increasing order")
            require(not any(slacks[k][i] for i in simplex), f"a simplex leaves facet {k}")
            n = len(vectors)
            corners = [zip(vectors[i], total, strict=True) for i in simplex]
            volume = determinant([[n * a - b for a, b in corner] for corner in corners])
            require(volume != 0, "a simplex is flat")
            oriented.append((1 if volume > 0 else -1, simplex))
            used.add(k)
        require(len(used) == len(slacks) > 0, "a facet has no simplex")
        require(is_closed(oriented), "the simplices do not close")

    # Functions and theorems

    def functional(self, node: Object) -> Functional:
        """Return a linear functional of functions: their values at inputs, times weights."""
        given = fields(node, "kind", "weights")
        pairs = [items(pair, 2) for pair in items(given["weights"])]
        weights, _ = self.work.ratios([w for w, _ in pairs])
        return Functional(weights, [self.known_point(n, "exact") for _, n in pairs])

    def pairs(self, node: Object) -> Pairs:
        """Return pairs of inputs, with weights of sum 1."""
        given = fields(node, "kind", "pairs")
        found = [items(entry, 3) for entry in items(given["pairs"])]
        weights, total = self.work.ratios([w for w, _, _ in found])
        require(min(weights, default=-1) >= 0, "a weight is negative or none is given")
        require(sum(weights) == total, "the weights do not add up to 1")
        ends = [[self.known_point(n, "exact") for n in pair] for _, *pair in found]
        return Pairs(weights, [(a, b) for a, b in ends])

    def gradients(self, node: Object) -> Slope:
        """Return a Lipschitz constant of a form: no gradient in a cell has a greater norm.

        Cells that lie in a hyperplane do not count if the inputs do not: the others cover them.
        """
        optional = ("tree", "boxes", "inside")
        given = fields(node, "kind", "form", "norm", "at_most", optional=optional)
        row, norm = self.row(given["form"], given["at_most"], "exact"), given["norm"]
        if norm not in ("1", "max"):
            reject(f"found the norm {brief(norm)}")

        solid = self.is_solid(given.get("inside"))
        expands_little = self.expands_little(row, str(norm))

        def leaf(terms: list[object], phases: Phases) -> None:
            if terms:
                require(solid, "the inputs are not shown to have an inside")
                self.require_thin(terms, phases)
                return
            is_short = expands_little or self.is_short(row, str(norm), phases)
            require(is_short, "a gradient is longer")

        phases = self.stable_phases(given["boxes"]) if "boxes" in given else {}
        if "tree" not in given:
            if self.lines is None:
                reject("the field 'tree' is missing")
            self.stream(self.lines, leaf, phases)
            return Slope(row, str(norm))
        everywhere = range(1, len(self.widths))
        self.descend(
            given["tree"], leaf, window=everywhere, relaxations=("exact",), phases=phases
        )
        return Slope(row, str(norm))

    def stable_phases(self, node: object) -> Phases:
        """Return the phases of the ReLUs whose inputs have one sign in boxes."""
        boxes = self.known(node)
        if not isinstance(boxes, Boxes):
            reject(f"node {node} is no interval bound propagation")
        self.work.spend(STORED * sum(self.widths))
        found: Phases = {}
        for i, layer in enumerate(self.layers, start=1):
            low, up, _ = boxes.values[i - 1]
            for j in (j for j, row in enumerate(layer.rows) if row is None):
                if up[j] <= 0 or low[j] >= 0:
                    found[i, j] = int(up[j] > 0)
        return found

    def is_solid(self, run: object) -> bool:
        """Whether the inputs are shown to lie in no hyperplane.

        A box does not if its ends differ, a set of rows if a run satisfies all of them strictly
        or if there are none.
        """
        box, rows = self.inputs.box, self.inputs.rows
        self.work.spend(self.inputs.dim + len(rows))
        if box is not None:
            require(run is None, "the box shows itself that it has an inside")
            return all(a < b for a, b in zip(*box[:2], strict=True))
        if run is None:
            return rows == []
        point = self.known_point(run, "exact")
        return all(self.is_strict(row, point) for row in rows)  # no equation is

    def is_strict(self, row: Row, point: Point) -> bool:
        """Whether a row of the inputs is strict at a point."""
        value, common = self.work.value_at(row.form, point)
        self.work.spend(words(row.bits) * words(common.bit_length()))
        return value < row.offset * common

    def expands_little(self, row: Row, norm: str) -> bool:
        """Whether a form grows by no more than its offset times the norm of inputs.

        No layer expands the maximum norm by more than the greatest 1-norm of a row of its
        pieces, and no form by more than its own 1-norm; the 1-norm by more than that of a
        column, and a form by more than its greatest entry.
        """
        depth = max((i for i, _ in row.form), default=0)
        if any(i < depth for i, _ in row.form):
            return False
        entries, limit = list(map(abs, row.form.values())), row.offset
        size = sum(entries) if norm == "max" else max(entries, default=0)
        self.work.spend(CALL + len(row.form) * words(row.bits))
        for layer in self.layers[:depth]:
            self.work.spend(2 * layer.size * words(layer.bits) + words(size.bit_length()))
            size *= layer.norm if norm == "max" else layer.column_norm
            limit *= layer.scale
        return size <= limit

    def is_short(self, row: Row, norm: str, phases: Phases) -> bool:
        """Whether no gradient of a form in a case has a greater dual norm than its offset.

        A ReLU whose phase is not known lets through anything between nothing and all.  Its
        gradients are bounded from the outputs back; then, along each of some directions, from
        the inputs on as well: where both meet, the products bound the form's growth.
        """
        depth, dim = max((i for i, _ in row.form), default=0), self.inputs.dim
        for i in range(depth + 1):
            self.spend_on_spans(row, i)
        back = self.backward(row.form, depth, phases)
        limit = row.offset * prod(found.scale for found in self.layers[:depth])
        entries = [max(-low, high) for low, high in back[0].values()]
        if (sum(entries) if norm == "max" else max(entries, default=0)) <= limit:
            return True
        if any(i < depth for i, _ in row.form):
            return False
        if norm == "max" and dim > MOST_SIGNED:
            return (
                sum(self.growth(d, row, back, phases, -1) for d in directions(dim, norm))
                <= limit
            )
        found = (self.growth(d, row, back, phases, limit) for d in directions(dim, norm))
        return all(size <= limit for size in found)

    def spend_on_spans(self, row: Row, depth: int) -> None:
        """Take the steps for intervals of the values after a layer."""
        longest, most = self.span_bits[depth]
        each = words(longest + row.bits) * words(max(row.bits, most))
        size = self.layers[depth - 1].size if depth else self.inputs.dim
        self.work.spend(CALL + (size + 2 * self.widths[depth]) * each)

    @cached_property
    def span_bits(self) -> list[tuple[int, int]]:
        """For each layer the length of numbers that come through it, and of its entries."""
        total, most, found = 0, 0, [(0, 0)]
        width = max(self.widths).bit_length()
        for each in self.layers:
            total, most = total + each.bits + width, max(most, each.bits)
            found.append((total, most))
        return found

    def backward(self, form: Form, depth: int, phases: Phases) -> list[Spans]:
        """Return how a form may depend on the values after each layer, up to ``depth``.

        The bounds after a layer are multiplied by the scales of those behind it.
        """
        found: list[Spans] = [{} for _ in range(depth + 1)]
        factor = 1
        for i in range(depth, -1, -1):
            for (_, j), c in (term for term in form.items() if term[0][0] == i):
                widen(found[i], j, (c * factor, c * factor))
            if i > 0:
                for k, part in self.carried(i, found[i], phases):
                    widen(found[i - 1], k, part)
                factor *= self.layers[i - 1].scale
        return found

    def carried(self, depth: int, spans: Spans, phases: Phases) -> Iterator[tuple[int, Span]]:
        """Yield what multiples of values are of the values before their layer."""
        bent: dict[int, Spans] = {}
        for j, span in spans.items():
            row = self.layers[depth - 1].rows[j]
            if row is None:
                yield j, passed(span, phases.get((depth, j)))
            elif isinstance(row, Bend):
                bent.setdefault(row.unit, {})[row.output] = span
            else:
                yield from ((k, times(a, span)) for k, a in zip(*row, strict=True))
        for unit, outputs in bent.items():
            ranks = self.ranks((depth, unit), phases)
            if ranks is not None:
                yield from self.unsorted(self.layers[depth - 1].units[unit], outputs, ranks)
                continue
            parts: list[Spans] = []
            for image in self.images((depth, unit), phases):
                parts.append({})
                for output, span in outputs.items():
                    for k, a in zip(*image[output], strict=True):
                        widen(parts[-1], k, times(a, span))
            for k in dict.fromkeys(chain.from_iterable(parts)):
                yield k, around([part.get(k, (0, 0)) for part in parts])

    def unsorted(self, unit: Unit, outputs: Spans, ranks: Ranks) -> Iterator[tuple[int, Span]]:
        """Yield what multiples of a sort's values are of its inputs."""
        spans = [times(unit.scale, outputs.get(k, (0, 0))) for k in range(len(ranks.order))]
        left = spans[ranks.known :]
        any_left = around(left) if left else (0, 0)
        for k, place in enumerate(ranks.order):
            yield unit.inputs[place], spans[k] if k < ranks.known else any_left

    def images(self, place: Coordinate, phases: Phases) -> list[list[Sparse]]:
        """Return the linear parts of the pieces that a unit may be in."""
        pieces = self.layers[place[0] - 1].units[place[1]].pieces
        known = phases.get(place)
        live = [pieces[known]] if isinstance(known, int) else pieces
        return [[row for row, _ in piece.image] for piece in live]

    def growth(
        self, direction: Vector, row: Row, back: list[Spans], phases: Phases, enough: int
    ) -> int:
        """Return how fast a form may grow along a direction, times the scales of all layers.

        What comes behind is looked at until the bound is small enough.
        """
        spans = [(d, d) for d in direction]
        self.work.spend(CALL + len(direction))
        low, high = meeting(back[0], spans)
        for i in range(1, len(back)):
            if max(high, -low) <= enough:
                break
            self.spend_on_spans(row, i)
            before, spans = spans, self.grown(i, spans, phases)
            ends = meeting(back[i], spans)
            low, high = max(low, ends[0]), min(high, ends[1])
            if self.layers[i - 1].sorts:
                ends = self.in_order(i, back[i], (before, spans), phases)
                low, high = max(low, ends[0]), min(high, ends[1])
        return max(high, -low)

    def grown(self, depth: int, spans: list[Span], phases: Phases) -> list[Span]:
        """Return how fast the values after a layer may grow if those before it do so."""
        found, layer = [], self.layers[depth - 1]
        for j, row in enumerate(layer.rows):
            if row is None:
                found.append(passed(spans[j], phases.get((depth, j))))
            elif isinstance(row, tuple):
                found.append(combined(row, spans))
            elif not layer.units[row.unit].is_sort:
                images = self.images((depth, row.unit), phases)
                found.append(around([combined(image[row.output], spans) for image in images]))
            elif row.output == 0:
                found += self.sorted_spans((depth, row.unit), spans, phases)
        return found

    def sorted_spans(self, place: Coordinate, spans: list[Span], phases: Phases) -> list[Span]:
        """Return how fast the values of a sort may grow, the first ones first."""
        ranks, unit = self.ranks(place, phases), self.layers[place[0] - 1].units[place[1]]
        assert ranks is not None, "a sort"
        read = [times(unit.scale, spans[unit.inputs[k]]) for k in ranks.order]
        left = read[ranks.known :]
        return read[: ranks.known] + [around(left)] * len(left) if left else read

    def in_order(
        self, depth: int, back: Spans, spans: tuple[list[Span], list[Span]], phases: Phases
    ) -> Span:
        """Return how fast a form may grow where a layer's sorts give what they read in order.

        A sum of products of numbers, those of one list in any order, is greatest if both are
        sorted alike, and least if they are sorted contrarily.
        """
        layer, rest = self.layers[depth - 1], dict(back)
        before, after = spans
        low = high = 0
        for number, unit, first in layer.sorts:
            ranks = self.ranks((depth, number), phases)
            if ranks is None:
                continue
            places = range(first + ranks.known, first + len(ranks.order))
            rows = [rest.pop(j, (0, 0)) for j in places]
            left = ranks.order[ranks.known :]
            read = [times(unit.scale, before[unit.inputs[k]]) for k in left]
            low -= rearranged([(-b, -a) for a, b in rows], read)
            high += rearranged(rows, read)
        ends = meeting(rest, after)
        return low + ends[0], high + ends[1]

    def gradient(self, form: Form, phases: Phases) -> tuple[dict[int, int], int]:
        """Return the gradient of a form in known phases, and a denominator."""
        rest: list[dict[int, int]] = [{} for _ in self.widths]
        self.work.spend(2 * len(form))
        for (i, j), c in form.items():
            rest[i][j] = c
        found, _, factor = self._to_inputs(rest, phases)
        return found, factor

    def require_thin(self, terms: list[object], phases: Phases) -> None:
        """Require terms to show that a neuron's input is zero in a case, and not elsewhere."""
        slack = self.slack(Row("", {}, 0), terms, ("exact",), phases)
        require(slack >= 0, "the terms do not imply the row")
        named = [term for m, term in map(items, terms) if isinstance(term, list) and m != "0"]
        sides = [term for term in named if term[0] in ("sign", "region")]
        forms = [self.reason(side, ("exact",), phases).form for side in sides]
        varies = [any(self.gradient(form, phases)[0].values()) for form in forms]
        require(any(varies), "the case is not shown to be in a hyperplane")

    def never(self, value: object) -> Never:
        """Return the rows that no input is to satisfy together."""
        rows = []
        for entry in items(value):
            given = fields(entry, "form", "at_most", optional=("strict",))
            strict = given.get("strict", False)
            require(isinstance(strict, bool), "the field 'strict' must be true or false")
            row = self.row(given["form"], given["at_most"], "exact")
            known = all(i in (0, len(self.layers)) for i, _ in row.form)
            require(known, "a row is of other values than inputs and outputs")
            rows.append((row, strict is True))
        return Never(rows)

    def root(self, never: Never) -> Box:
        """Return the box of inputs that satisfy the rows of one input, over ``2**ENDS``."""
        if self.inputs.box is None:
            reject("the inputs are no box")
        lower, upper, common = self.inputs.box
        self.work.spend(len(lower) * division(bits([*lower, *upper]) + ENDS, bits([common])))
        low = [(a << ENDS) // common for a in lower]
        up = [-((-b << ENDS) // common) for b in upper]
        for row, _ in never.rows:
            if len(row.form) == 1:
                (((i, j), c),) = row.form.items()
                self.work.spend(division(row.bits + ENDS, row.bits))
                if i == 0 and c > 0:
                    up[j] = min(up[j], -((-row.offset << ENDS) // c))
                elif i == 0:
                    low[j] = max(low[j], (row.offset << ENDS) // c)
        return low, up, 1 << ENDS

    def halves(self, node: Object) -> Never:
        """Return rows that no input satisfies together, box by box."""
        given = fields(node, "kind", "never", "halves")
        never = self.never(given["never"])
        depth, outputs = len(self.layers), []
        for row, strict in never.rows:
            if row.form and all(i == depth for i, _ in row.form):
                outputs.append((row, strict))
        require(outputs != [] and depth > 0, "no row is of outputs alone")
        prover = Halves(self.layers, self.widths, [row for row, _ in outputs], self.work)
        least = 0 if all(strict for _, strict in outputs) else 1
        boxes = [self.root(never)]
        length = words(bits([*boxes[0][0], *boxes[0][1]]))
        for entry in items(given["halves"]):
            require(boxes != [], "the tree has more leaves than boxes")
            low, up, unit = boxes.pop()
            self.work.spend(CALL + 2 * len(low) * length)
            if any(a > b for a, b in zip(low, up, strict=True)):
                require(entry == [], "a box is empty, and its leaf is not")
            elif isinstance(entry, list):
                found = [index(share, MOST_SHARES) for share in items(entry, len(outputs))]
                require(any(found), "a leaf has no row")
                require(prover.proves(found, (low, up, unit), least), "a leaf is not proved")
            else:
                boxes += reversed(halved((low, up, unit), index(entry, len(low))))
        require(boxes == [], "the tree leaves a box open")
        return never

    def statement_never(self, value: Object, node: object) -> str:
        """Check the statement that no input satisfies all of some rows, or that one does."""
        name = "never" if "never" in value else "somewhere"
        given = fields(value, name)
        never = self.never(given[name])
        if name == "never":
            require(self.known(node) == never, f"node {node} proves another statement")
        else:
            self.require_all(never, self.known_point(node, "exact"))
        entries = [
            fields(e, "form", "at_most", optional=("strict",)) for e in items(given[name])
        ]
        relations = ["<" if strict else "<=" for _, strict in never.rows]
        told = [
            f"{written(entry['form'])} {relation} {entry['at_most']}"
            for entry, relation in zip(entries, relations, strict=True)
        ]
        return f"{name} {' and '.join(told)}"

    def require_all(self, never: Never, point: Point) -> None:
        """Require all rows of a run."""
        for row, strict in never.rows:
            top, bottom = self.work.value_at(row.form, point)
            self.work.spend(words(row.bits) * words(bottom.bit_length()))
            slack = row.offset * bottom - top
            require(slack > 0 if strict else slack >= 0, "a row does not hold at the input")

    def cite(self, node: Object) -> Row:
        """Return a row that a theorem states; that it does so is an assumption."""
        given = fields(node, "kind", "theorem", "relaxation", "form", "at_most")
        name, theorem = relaxation(given["relaxation"]), given["theorem"]
        if not isinstance(theorem, str) or not theorem.isprintable() or not theorem.strip():
            reject("a theorem is cited by its name, on one line")
        row = self.row(given["form"], given["at_most"], name)
        stated = f"{name}: {written(given['form'])} <= {given['at_most']}"
        self.cited.append(f"{json.dumps(theorem, ensure_ascii=False)} gives {stated}")
        self.citations.add(len(self.proved))
        return row

    # Claims

    def node(self, value: object) -> object:
        """Return what a node proves."""
        rules: dict[object, Callable[[Object], object]] = {
            "linear": self.linear,
            "cases": self.cases,
            "interval": self.interval,
            "boxes": self.boxes,
            "run": self.run,
            "point": self.relaxed,
            "between": self.between,
            "windows": self.windows,
            "range": self.attained,
            "hull": self.hull,
            "functional": self.functional,
            "pairs": self.pairs,
            "gradients": self.gradients,
            "halves": self.halves,
            "ends": self.ends,
            "dual": self.dual,
            "cite": self.cite,
        }
        if not isinstance(value, dict) or not isinstance(value.get("kind"), str):
            reject("a node is an object that names its kind")
        if value["kind"] not in rules:
            reject(f"found the unknown kind {brief(value['kind'])}")
        if self.has_units:
            known = value["kind"] in ("linear", "cases", "run", "pairs", "gradients")
            require(known and value.get("relaxation", "exact") == "exact", ONLY_EXACT)
        return rules[value["kind"]](value)

    def claim(self, value: object, proof: object) -> str:
        """Check each statement of the claim against its node; return the claim in words."""
        given = fields(value, "statements", optional=("assuming",))
        pairs = list(paired(given["statements"], proof))
        require(pairs != [], "the claim states nothing")
        told = "; ".join(self.statement(statement, node) for statement, node in pairs)
        rows = [f"{written(row['form'])} <= {row['at_most']}" for row in assumptions(value)]
        return f"assuming {' and '.join(rows)}: {told}" if rows else told

    def statement(self, value: object, node: object) -> str:
        """Check one statement: a form is at most a value, or reaches it."""
        if isinstance(value, dict) and "hull" in value:
            return self.statement_hull(value, node)
        if isinstance(value, dict) and "outside" in value:
            return self.statement_outside(value, node)
        if isinstance(value, dict) and "lipschitz" in value:
            return self.statement_lipschitz(value, node)
        if isinstance(value, dict) and "missed" in value:
            return self.statement_missed(value, node)
        if isinstance(value, dict) and ("never" in value or "somewhere" in value):
            return self.statement_never(value, node)
        given = fields(value, "relaxation", "form", "relation", "value")
        name, relation = given["relaxation"], given["relation"]
        name = bounded_by(name)
        require(name == "exact" or not self.has_units, ONLY_EXACT)
        require(relation in ("at most", "reaches"), f"found the relation {brief(relation)}")
        row = self.row(given["form"], given["value"], name)
        if relation == "at most":
            found = self.known_row(node, (name,))
            require(node not in self.citations, f"node {node} is a citation, not a proof")
            parts = ((r.form, r.offset, r.scale) for r in (row, found))
            require(next(parts) == next(parts), f"node {node} proves another row")
        else:
            require(self.reaches(row, node), f"node {node} has another value")
        sound = not self.assumed or (name, relation) == ("exact", "at most")
        require(sound, "only exact rows can be stated under assumptions")
        verb = "<=" if relation == "at most" else "reaches"
        return f"{name}: {written(given['form'])} {verb} {given['value']}"

    def statement_hull(self, value: Object, node: object) -> str:
        """Check the statement that values of the network have a given hull."""
        given = fields(value, "hull", "facets", "points", optional=("relaxation",))
        name, found = relaxation(given.get("relaxation", "exact")), self.known(node)
        if not isinstance(found, Hull) or found.relaxation != name:
            reject(f"node {node} is no hull of {name}")
        require(not self.assumed, "only exact rows can be stated under assumptions")
        places = [self.coordinate(*items(c, 2)) for c in items(given["hull"])]
        facets = [fields_of_row(row) for row in items(given["facets"])]
        rows = [self.row(row["form"], row["at_most"], name) for row in facets]
        parts = [[(r.form, r.offset, r.scale) for r in each] for each in (rows, found.facets)]
        require(places == found.coordinates and parts[0] == parts[1], "the facets differ")
        points = [[self.work.ratio(x) for x in items(v)] for v in items(given["points"])]
        pairs = list(zip(points, found.points, strict=False))
        agrees = len(points) == len(found.points) and all(
            len(a) == len(b) and self.work.equal(zip(a, b, strict=True)) for a, b in pairs
        )
        require(agrees, "the points differ")
        named = ", ".join(f"v{place}" for place in places)
        head = "the hull of" if name == "exact" else f"{name}: the set of"
        found = amount(len(points), "vertex", "vertices")
        return f"{head} ({named}) has {amount(len(rows), 'facet')} and {found}"

    def statement_outside(self, value: Object, node: object) -> str:
        """Check the statement that a form of the values is no linear combination of others.

        A functional that is 0 on the others, and not on the form, shows it.
        """
        given, found = fields(value, "outside", "span"), self.known(node)
        if not isinstance(found, Functional):
            reject(f"node {node} is no functional")
        require(not self.assumed, "only exact rows can be stated under assumptions")
        forms = [given["outside"], *items(given["span"])]
        rows = [self.row(form, "0", "exact") for form in forms]
        # A row is the form times its scale, so a value is 0 for both or for neither.
        first, *others = (found.at(row.form, self.work) for row in rows)
        require(first != 0, f"node {node} is 0 on the form")
        require(not any(others), f"node {node} is not 0 on the span")
        outside, *span = map(written, forms)
        return f"{outside} is no combination of {', '.join(span)}"

    def statement_lipschitz(self, value: Object, node: object) -> str:
        """Check the statement that a Lipschitz constant is at most a value, or reaches it."""
        given, found = fields(value, "lipschitz", "norm", "relation", "value"), self.known(node)
        form, norm, relation = given["lipschitz"], given["norm"], given["relation"]
        require(not self.assumed, "only exact rows can be stated under assumptions")
        require(norm in ("1", "max"), f"found the norm {brief(norm)}")
        require(relation in ("at most", "reaches"), f"found the relation {brief(relation)}")
        row = self.row(form, given["value"], "exact")
        if relation == "at most":
            if not isinstance(found, Slope) or found.norm != norm:
                reject(f"node {node} bounds no gradients in this norm")
            require(found.row == row, f"node {node} bounds other gradients")
        else:
            self.require_steep(row, str(norm), node)
        verb = "<=" if relation == "at most" else "reaches"
        constant = f"the Lipschitz constant of {written(form)} in the {norm}-norm"
        return f"{constant} {verb} {given['value']}"

    def require_steep(self, row: Row, norm: str, node: object) -> None:
        """Require a pair of inputs whose difference quotient is the row's offset."""
        pairs = self.known(node)
        if not isinstance(pairs, Pairs) or len(pairs.runs) != 1:
            reject(f"node {node} is no pair of inputs")
        distances = self.distances(pairs)
        sizes, common = self.work.scaled(distances)
        size = sum(sizes) if norm == "1" else max(sizes, default=0)
        require(size > 0, f"node {node} has equal inputs")
        p, q = pairs.spread(row.form, self.work)
        size *= q
        self.work.spend(words(size.bit_length()) * words(row.bits))
        self.work.spend(words(p.bit_length()) * words(common.bit_length()))
        require(p * common == row.offset * size, f"node {node} has another quotient")

    def distances(self, pairs: Pairs) -> list[Ratio]:
        """Return the mean differences of each input."""
        return [pairs.spread({(0, j): 1}, self.work) for j in range(self.widths[0])]

    def statement_missed(self, value: Object, node: object) -> str:
        """Check the statement that networks which do not expand the maximum norm miss a form.

        For a mean over pairs with weights, no neuron of such a network has a greater difference
        than the input with the greatest one, times the fan of the layers up to it: rows of norm
        1 keep that, and a neuron that reads k values changes by no more than they do together.
        So the network's difference falls short of the form's, half of it at one point.
        """
        given, pairs = fields(value, "missed", "by", optional=("fan",)), self.known(node)
        fan = index(given.get("fan", 1), WIDEST + 1)
        require(fan > 0, "the fan is 0")
        if not isinstance(pairs, Pairs):
            reject(f"node {node} has no pairs")
        require(not self.assumed, "only exact rows can be stated under assumptions")
        row = self.row(given["missed"], given["by"], "exact")
        p, q = pairs.spread(row.form, self.work)
        distances = [*self.distances(pairs), (0, 1)]
        for s, t in distances:
            length = words(max(p.bit_length(), q.bit_length()) + row.bits)
            self.work.spend(4 * length * words(max(s.bit_length(), t.bit_length())))
        most = [(fan * s, t) for s, t in distances]
        short = all(2 * row.offset * q * t <= p * t - row.scale * s * q for s, t in most)
        require(short, f"node {node} shows less")
        kind = "activations" if fan == 1 else f"neurons of fan at most {fan}"
        return (
            f"networks of layers with rows of 1-norm at most 1 and 1-Lipschitz {kind} miss "
            f"{written(given['missed'])} by {given['by']} or more"
        )

    def reaches(self, row: Row, node: object) -> bool:
        """Whether a node shows that the row is an equation somewhere on its relaxation."""
        found = self.known(node)
        if isinstance(found, Range):
            ends = (found.upper, 1), (found.lower, -1)
            right = row.relaxation == found.relaxation and len(row.form) == 1
            c = row.form.get(found.coordinate, 0)
            longest = max(bits(found.lower), bits(found.upper))
            self.work.spend(4 * words(row.bits) * words(longest))
            return right and any(c * s > 0 and c * p == row.offset * q for (p, q), s in ends)
        p, q = self.work.value_at(row.form, self.known_point(node, row.relaxation))
        self.work.spend(words(row.bits) * words(q.bit_length()))
        return p == row.offset * q


class Enumeration:
    """A statement about all networks of a finite space, and what its parts have proved.

    The networks have one output without bias, and hidden neurons that read something: no row of
    weights is zero.  All parameters are multiplied by ``scale``.
    """

    def __init__(self, claim: object, size: int) -> None:
        self.work, self.place = Work(size), "the claim"
        self.claim = fields(
            claim, "space", "looser", "tighter", "side", "all", "found", "greatest"
        )
        self.names = [bounded_by(self.claim[key]) for key in ("looser", "tighter")]
        side = str(self.claim["side"])
        require(side in SIDES, f"found the side {brief(side)}")
        self.signs, self.bound = SIDES[side]
        lists = ("weights", "biases", "outputs")
        space = fields(self.claim["space"], "shape", "input", "symmetry", *lists)
        self.shape, self.input = shape(space["shape"]), space["input"]
        self.weights, self.biases, self.outputs = self.parameters([space[k] for k in lists])
        rule = space["symmetry"]
        require(rule in ("none", "full"), f"found the symmetry {brief(rule)}")
        self.full = rule == "full"
        self.domain = inputs(self.input, self.work)
        self.group, self.multiples = self.symmetries(), self.rays()
        self.digest = sha256()
        self.all, self.found = [0, 0], [0, 0]  # networks and classes
        self.greatest: Ratio = 0, 1

    # The classes of networks

    def parameters(self, lists: list[object]) -> list[list[int]]:
        """Return weights, biases and output weights, multiplied by ``scale``."""
        given = [items(each) for each in lists]
        every = [number for each in given for number in each]
        numbers, self.scale = self.work.ratios(every)
        require(max(map(len, map(str, every)), default=0) <= DIGITS, "a parameter is too long")
        rest = iter(numbers)
        found = [list(islice(rest, len(each))) for each in given]
        ordered = all(each == sorted(set(each)) for each in found)
        require(ordered, "the parameters are not in increasing order")
        require(
            found[2] != [] and 0 not in found[2], "no output weight is given or one is zero"
        )
        return found

    def symmetries(self) -> list[Symmetry]:
        """Return the maps of the space that change no bound: the identity, or all of these.

        They exchange neurons of a layer, and inputs, with a change of signs if the weights
        allow it, as far as the box stays the same.
        """
        widths = self.shape[:-1]
        domain = self.domain
        if domain.box is None or domain.dim != widths[0]:
            reject(f"expected a box with {widths[0]} inputs")
        if not self.full:
            return [((1,) * widths[0], *(tuple(range(n)) for n in widths))]
        count = 2 ** widths[0] * prod(map(factorial, widths))
        self.work.spend(count * (2 * CALL + STORED * sum(widths)))
        even = self.weights == [-w for w in reversed(self.weights)]
        signs = product((1, -1) if even else (1,), repeat=widths[0])
        found = product(signs, *(permutations(range(n)) for n in widths))
        lower, upper, _ = domain.box
        ends = {1: list(zip(lower, upper, strict=True))}
        ends[-1] = [(-b, -a) for a, b in ends[1]]
        return [
            g for g in found if [ends[s][j] for s, j in zip(*g[:2], strict=True)] == ends[1]
        ]

    def rays(self) -> dict[Vector, int]:
        """Return for all output weights how many are positive multiples of them.

        That is 0 if they are not the least of these, and 1 if multiples are different classes.
        """
        width = self.shape[-2]
        length = self.scale.bit_length()
        each = 2 * CALL + STORED * width * division(length, length)
        self.work.spend(len(self.outputs) ** width * each)
        every = list(product(self.outputs, repeat=width))
        rays: dict[Vector, list[Vector]] = {}
        for c in every:
            ray = tuple(x // gcd(*c) for x in c) if self.full else c
            rays.setdefault(ray, []).append(c)
        least = {min(ray, key=lambda c: abs(c[0])): len(ray) for ray in rays.values()}
        return {c: least.get(c, 0) for c in every}

    def rows(self, layer: int) -> list[Vector]:
        """Return the rows that a neuron of a hidden layer may have, with the bias last."""
        width = self.shape[layer]
        each = CALL + STORED * width
        self.work.spend(len(self.weights) ** width * (1 + len(self.biases)) * each)
        weights = filter(any, product(self.weights, repeat=width))
        return [(*w, b) for w in weights for b in self.biases]

    def parts(self) -> Iterator[tuple[Hidden, list[tuple[Vector, int]]]]:
        """Yield the hidden layers that no symmetry makes less, and their output weights.

        With the latter comes the number of networks that are equal up to symmetry.
        """
        widths = self.shape[1:-1]
        rows = [self.rows(k) for k in range(len(widths))]
        for chosen in product(*(rows[k] for k, n in enumerate(widths) for _ in range(n))):
            rest = iter(chosen)
            hidden = tuple(tuple(islice(rest, n)) for n in widths)
            kept = self.fixing(hidden)
            if kept:
                yield hidden, list(self.patterns(kept))

    def fixing(self, hidden: Hidden) -> list[Symmetry]:
        """Return the symmetries that keep hidden layers, none if one makes them less."""
        kept, size = [], sum(len(row) for rows in hidden for row in rows)
        for symmetry in self.group:
            self.work.spend(CALL + 2 * size)
            image = moved(hidden, symmetry)
            if image < hidden:
                return []
            if image == hidden:
                kept.append(symmetry)
        return kept

    def patterns(self, kept: list[Symmetry]) -> Iterator[tuple[Vector, int]]:
        """Yield the least output weights of each class, and the number of its networks."""
        for c, multiples in self.multiples.items():
            self.work.spend(CALL + len(kept) * (2 + 2 * len(c)))
            images = [tuple(c[j] for j in symmetry[-1]) for symmetry in kept]
            if multiples and min(images) == c:
                yield c, len(self.group) // images.count(c) * multiples

    # What is proved of them

    def check(self, parts: list[object], digest: object) -> str:
        """Return what the parts prove: one for each hidden layers, in increasing order."""
        given = iter(parts)
        for k, (hidden, patterns) in enumerate(self.parts()):
            self.place = f"part {k}"
            value = next(given, None)
            require(value is not None, "the part is missing")
            self.part(value, hidden, patterns)
        self.place = "the claim"
        require(not list(given), "found more parts than hidden layers")
        return self.told(digest)

    def part(self, value: object, hidden: Hidden, patterns: list[tuple[Vector, int]]) -> None:
        """Check the bounds of the networks with the same hidden layers."""
        here = self.place
        given = fields(value, "hidden", "nodes", "proof")
        rows = [[self.texts(row) for row in layer] for layer in hidden]
        if given["hidden"] != rows:
            found, expected = canonical(given["hidden"])[:200], canonical(rows)
            reject(f"found {found}, expected {expected}")
        entries = iter(items(given["proof"], len(patterns) * len(self.signs)))
        outputs = [self.texts(c) for c, _ in patterns]
        self.digest.update(canonical([rows, outputs]).encode())
        checker = self.checker(rows, outputs)
        for k, node in enumerate(items(given["nodes"])):
            self.place = f"{here}, node {k}"
            checker.proved.append(checker.node(node))
        self.place = here
        require(not checker.cited, "a theorem is cited")
        for j, (_, size) in enumerate(patterns):
            forms = [[[sign, len(checker.layers), j]] for sign in self.signs]
            self.add(size, [self.gap(checker, next(entries), form) for form in forms])

    def checker(self, rows: list[list[list[str]]], outputs: list[list[str]]) -> Checker:
        """Return the checker of the network with an output for each of some weights."""
        layers: list[object] = []
        for layer in rows:
            weight, bias = [row[:-1] for row in layer], [row[-1] for row in layer]
            layers += [{"affine": {"weight": weight, "bias": bias}}, "relu"]
        last = {"affine": {"weight": outputs, "bias": ["0"] * len(outputs)}}
        problem = {"input": self.input, "layers": [*layers, last]}
        text = canonical(problem)
        self.work.spend(len(text))
        digest = sha256(text.encode()).hexdigest()
        return Checker({"problem": problem, "sha256": digest}, self.work)

    def texts(self, numbers: Vector) -> list[str]:
        """Return parameters as they are written."""
        each = division(bits(numbers), self.scale.bit_length())
        self.work.spend(2 * STORED * len(numbers) * each)
        pairs = [(n // gcd(n, self.scale), self.scale // gcd(n, self.scale)) for n in numbers]
        return [f"{p}" if q == 1 else f"{p}/{q}" for p, q in pairs]

    def gap(self, checker: Checker, entry: object, form: object) -> Ratio:
        """Return by how much one bound is looser than the other, zero if it is not."""
        given = items(entry)
        require(
            len(given) in (3, 6), "expected a value, a row and a point, of one bound or two"
        )
        (looser, tighter), (value, row, point) = self.names, given[:3]
        stated = [(looser, "at most", value, row), (tighter, "reaches", value, point)]
        top, bottom = 0, 1
        if len(given) == 6:
            less, row, other = given[3:]
            stated[1:] = [(looser, "reaches", value, point), (tighter, "at most", less, row)]
            stated.append((tighter, "reaches", less, other))
            (p, q), (s, t) = self.work.ratio(value), self.work.ratio(less)
            self.work.spend(3 * words(bits([p, q])) * words(bits([s, t])))
            top, bottom = p * t - s * q, q * t
            require(top > 0, f"{value} is not greater than {less}")
        for name, relation, number, node in stated:
            statement = {"relaxation": name, "relation": relation, "value": number}
            checker.statement({**statement, "form": form}, node)
        return top, bottom

    def add(self, size: int, gaps: list[Ratio]) -> None:
        """Count the networks of a class, and compare its gaps with the greatest one."""
        self.all = [self.all[0] + size, self.all[1] + 1]
        if any(p for p, _ in gaps):
            self.found = [self.found[0] + size, self.found[1] + 1]
        for p, q in gaps:
            self.work.spend(2 * words(bits([p, q])) * words(bits(self.greatest)))
            if p * self.greatest[1] > self.greatest[0] * q:
                self.greatest = p, q

    def told(self, digest: object) -> str:
        """Return the claim in words, if the numbers in it are those that were counted."""
        self.place = "the claim"
        for key, counted in (("all", self.all), ("found", self.found)):
            given = fields(self.claim[key], "networks", "classes")
            stated = [index(given[each], MOST_NETWORKS) for each in ("networks", "classes")]
            differ = f"{key}: found {stated} networks and classes, expected {counted}"
            require(stated == counted, differ)
        greatest, expected = self.greatest, self.digest.hexdigest()
        if not self.work.equal([(self.work.ratio(self.claim["greatest"]), greatest)]):
            known = "/".join(map(str, greatest)) if max(greatest) < 10**DIGITS else "another"
            reject(f"the greatest difference is {known}")
        require(digest == expected, f"sha256: expected {expected}")
        return self.words()

    def subject(self) -> Subject:
        """Return what the claim is about; a box has points."""
        digest = hashed(self.claim["space"])
        return Subject("space of networks", self.shape, digest, self.domain, is_inhabited=True)

    def words(self) -> str:
        """Return the claim in words."""
        lists = (self.weights, self.biases, self.outputs)
        sets = [", ".join(self.texts(tuple(each))) for each in lists]
        counts = [
            f" ({k} up to symmetry)" if self.full else "" for _, k in (self.all, self.found)
        ]
        least = " in the least of each class" if self.full else ""
        shape = "-".join(map(str, self.shape))
        return (
            f"of all {self.all[0]} networks {shape} without idle neurons, weights in "
            f"{{{sets[0]}}}, biases in {{{sets[1]}}}, output weights in {{{sets[2]}}}, on "
            f"{box_in_words(self.input)}{counts[0]}, {self.found[0]}{counts[1]} have a looser "
            f"{self.bound} by {self.names[0]} than by {self.names[1]}, by "
            f"{self.claim['greatest']} at most{least}"
        )


def bounded_by(name: object) -> str:
    """Return the name of a relaxation, of which ``ibp`` has no rows."""
    return "ibp" if name == "ibp" else relaxation(name)


def shape(value: object) -> list[int]:
    """Return the widths of a network with hidden layers and one output."""
    widths = [index(n, SMALL + 1) for n in items(value)]
    good = 3 <= len(widths) <= SMALL and min(widths) > 0 and widths[-1] == 1
    require(good, f"found the shape {widths}, expected hidden layers and one output")
    return widths


def moved(hidden: Hidden, symmetry: Symmetry) -> Hidden:
    """Return the hidden layers of the network that a symmetry makes of one."""
    signs, *orders = symmetry
    result = []
    for rows, (columns, order) in zip(hidden, pairwise(orders), strict=True):
        ends = list(zip(signs, columns, strict=True))
        result.append(tuple((*(s * rows[i][j] for s, j in ends), rows[i][-1]) for i in order))
        signs = (1,) * len(order)
    return tuple(result)


def canonical(value: object) -> str:
    """Return JSON without a choice: keys in order, no spaces."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def network_digest(dim: int, layers: list[Layer]) -> str:
    """Return the hash of a network, which is the same however its layers are written.

    It is that of ``[dim, [[output, ...], ...]]`` in canonical form, an output at a time.
    """
    digest = sha256(f"[{dim},[".encode())
    for i, each in enumerate(layers):
        digest.update(b",[" if i else b"[")
        for j, output in enumerate(each.outputs()):
            digest.update(f"{',' if j else ''}{canonical(output)}".encode())
        digest.update(b"]")
    digest.update(b"]]")
    return digest.hexdigest()


def hashed(value: object) -> str:
    """Return the hash of JSON without a choice."""
    return sha256(canonical(value).encode()).hexdigest()


def box_in_words(value: object) -> str:
    """Return a box as a product of intervals."""
    ends = fields(value, "lower", "upper")
    pairs = paired(ends["lower"], ends["upper"])
    return " x ".join(f"[{low}, {high}]" for low, high in pairs)


def enumerated(document: Object, size: int) -> Answer:
    """Return what an enumeration proves: each class has one part, in increasing order."""
    try:
        fields(document, "format", "claim", "sha256", "parts")
        found = Enumeration(document["claim"], size)
        parts = items(document["parts"])
    except RejectedError as error:
        raise RejectedError(f"the claim: {error}") from None
    try:
        told = found.check(parts, document["sha256"])
        return Answer("", ACCEPTED, told, subject=found.subject())
    except RejectedError as error:
        raise RejectedError(f"{found.place}: {error}") from None
    except RecursionError:
        raise RejectedError(f"{found.place}: this is nested too deeply") from None


def assumptions(claim: object) -> list[Object]:
    """Return the rows that a claim assumes of the network's values."""
    rows = claim.get("assuming", []) if isinstance(claim, dict) else []
    return list(map(fields_of_row, items(rows)))


def fields_of_row(value: object) -> Object:
    """Return a row of a claim."""
    return fields(value, "form", "at_most")


def written(form: object) -> str:
    """Return a form in words; (4, 0) is value 0 after 4 layers."""
    return " + ".join(f"{c} v({i}, {j})" for c, i, j in map(items, items(form))) or "0"


def check(content: str) -> str:
    """Return what a certificate proves; raise an error if it does not.

    Theorems that it cites come last, as what it assumes.
    Raises :class:`UnreadableError` or :class:`RejectedError`.
    """
    found = examined(content)
    return with_theorems(found.told, found.cited)


def with_theorems(told: str, cited: list[str]) -> str:
    """Return what is proved, and then what it assumes; theorems stand in quotation marks."""
    return f"{told}; assuming that {'; '.join(cited)}" if cited else told


def examined(content: str, *, is_limited: bool = True) -> Answer:
    """Return what a certificate proves, about what, and what cited theorems are to state.

    The work is limited by the length of the text, or not.
    """
    document, lines = read(content)
    claim = document.get("claim")
    if isinstance(claim, dict) and "space" in claim and lines is None:
        return enumerated(document, len(content))
    place = "the file"
    try:
        tail = () if lines else ("nodes", "proof")
        fields(document, "format", "claim", "sha256", "problem", *tail)
        place = "the problem"
        checker = Checker(document, Work(len(content), is_limited=is_limited))
        checker.assume(assumptions(document["claim"]))
        given = lines or iter([*items(document["nodes"]), {"proof": document["proof"]}])
        checker.lines = lines
        for k, node in enumerate(given):
            place = f"node {k}"
            if isinstance(node, dict) and "proof" in node:
                break
            checker.proved.append(checker.node(node))
        else:
            reject("the line of the proof is missing")
        place = "the claim"
        require(next(given, None) is None, "there is more after the proof")
        told = checker.claim(document["claim"], fields(node, "proof")["proof"])
        verdict = CITING if checker.cited else ACCEPTED
        return Answer("", verdict, told, checker.cited, checker.subject())
    except RejectedError as error:
        raise RejectedError(f"{place}: {error}") from None
    except RecursionError:
        raise RejectedError(f"{place}: this is nested too deeply") from None


# Files


def answer(path: str, *, is_limited: bool = True) -> Answer:
    """Return what the checker says of a file; ``-`` is standard input."""
    try:
        content = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        found = examined(content.decode("utf-8"), is_limited=is_limited)
        return replace(found, path=path)
    except RejectedError as error:
        return Answer(path, REJECTED, str(error))
    except UnicodeDecodeError:
        return Answer(path, UNREADABLE, "this is not text in UTF-8")
    except OSError as error:
        return Answer(path, UNREADABLE, (error.strerror or "it cannot be read").lower())
    except UnreadableError as error:
        return Answer(path, UNREADABLE, str(error))


def status(answers: Iterable[Answer]) -> int:
    """Return the exit status that answers ask for."""
    found = {each.verdict for each in answers}
    return next((code for verdict, code in STATUSES.items() if verdict in found), 2)


def named(path: str) -> str:
    """Return a file's name, in quotation marks and escaped where it could be mistaken."""
    return path if NAME.fullmatch(path) else json.dumps(path)


def say(text: str) -> None:
    """Print a text, with escapes for what the terminal cannot show."""
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding), flush=True)


def tell(found: Answer) -> None:
    """Print an answer; that a file cannot be read goes to standard error."""
    if found.verdict == UNREADABLE:
        print(found.line, file=sys.stderr)
    else:
        say(found.line)


def main(paths: list[str]) -> int:
    """Check files, say what each proves, and return the exit status."""
    is_limited = LONG not in paths
    paths = [path for path in paths if path != LONG]
    if not paths:
        print(f"usage: python check.py [{LONG}] FILE...", file=sys.stderr)
    answers = []
    for path in paths:
        answers.append(answer(path, is_limited=is_limited))
        tell(answers[-1])
    return status(answers)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
