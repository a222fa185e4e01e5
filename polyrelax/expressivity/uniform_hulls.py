r"""Encodings that P_1 bounds exactly on *all* boxes, each with the rule that proves it.

Whether every piecewise linear function has such an encoding is open.  These rules give some
(derived).  Let *precise* mean: P_1 is exact on every box.

*One hidden layer.*  A network with one hidden layer is precise: its output is linear on the
hull of the only ReLU layer.

*Convexity.*  An input-convex network of a convex function is precise, and so is its negative.

*Composition.*  If :math:`g` with one output is precise and :math:`h` has one hidden layer, then
:math:`h \circ g` is precise: behind :math:`g` the set of P_1 is the interval :math:`g(B)`.

*Separate arguments.*  If :math:`g` is precise and :math:`h_1, \dots, h_d` have one input and
one hidden layer each, then :math:`g(h_1(x_1), \dots, h_d(x_d))` is precise: P_1 maps products
of sets to products, so behind the :math:`h_j` its set is the box of their ranges.

A function is recognised as an instance of a rule by exact computations on the common linear
regions of two networks on a box; the encoding that is returned is equal to the function there,
checked on all regions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, permutations, product
from typing import final

from polyrelax.arithmetic.arguments import exact_vector, require
from polyrelax.arithmetic.rational import ONE, ZERO, SparseVector, Vector
from polyrelax.arithmetic.readable import readable
from polyrelax.expressivity.constructions import flat_encoding, maximum_of_affine
from polyrelax.expressivity.one_hidden_layer import jumps, one_hidden_layer
from polyrelax.expressivity.piecewise import Line, Piecewise, joined
from polyrelax.networks.layers import Affine, Layer, ReLU
from polyrelax.networks.network import Network, concatenate
from polyrelax.networks.regions import linear_regions
from polyrelax.networks.rewrite import fold, negate
from polyrelax.polytopes.polytope import Polytope

Form = Vector
"""An affine function: weights, and the constant last."""
Group = tuple[Form, ...]


@final
@readable
@dataclass(frozen=True)
class MaxMin:
    """The greatest, over one group or more, of the least of one or two affine functions each.

    >>> x, y, half = ((ONE, ZERO, ZERO), (ZERO, ONE, ZERO), (ZERO, ZERO, Fraction(1, 2)))
    >>> clipped = MaxMin(((x,), (y, half)))
    >>> clipped((ZERO, ONE)), clipped.network((ZERO, ONE))
    (Fraction(1, 2), (Fraction(1, 2),))
    """

    groups: tuple[Group, ...]

    def __call__(self, x: Vector) -> Fraction:
        """Return the value at ``x``."""
        x = exact_vector(x, "x")
        return max(min(_value(form, x) for form in group) for group in self.groups)

    @property
    def dim(self) -> int:
        """The number of variables."""
        return len(self.groups[0][0]) - 1

    @property
    def rewritten(self) -> Iterator[MaxMin]:
        """The same function with its groups, and the forms in each, in every order."""
        for groups in permutations(self.groups):
            for chosen in product(*(permutations(group) for group in groups)):
                yield MaxMin(chosen)

    @property
    def forms(self) -> tuple[Form, ...]:
        """The affine functions, each once."""
        return tuple(dict.fromkeys(form for group in self.groups for form in group))

    @property
    def network(self) -> Network:
        """The encoding ``a - max(a - b, 0)`` of each group, and nested maxima of these."""
        pairs = [group for group in self.groups if len(group) > 1]
        rows = [_minus(a, b) for a, b in pairs] + [group[0] for group in self.groups]
        inner = Affine.dense([row[:-1] for row in rows], [row[-1] for row in rows])
        layers: list[Layer] = [inner, ReLU(len(rows), tuple(range(len(pairs))))]
        layers.append(self._minima(len(pairs)))
        for width in range(len(self.groups), 1, -1):
            layers += _greater_of_two(width)
        return fold(layers)

    def _minima(self, pairs: int) -> Affine:
        rows: list[SparseVector] = []
        used = iter(range(pairs))
        for i, group in enumerate(self.groups, start=pairs):
            rows.append(((next(used), -ONE), (i, ONE)) if len(group) > 1 else ((i, ONE),))
        return Affine(tuple(rows), (ZERO,) * len(rows), pairs + len(self.groups))


@final
@dataclass(frozen=True)
class UniformEncoding:
    """A network that P_1 bounds exactly on all boxes, by a rule."""

    rule: str
    network: Network


def uniform_encoding(function: MaxMin, domain: Polytope) -> UniformEncoding | None:
    """Return an encoding on a box that is precise on all boxes inside, if a rule gives one.

    >>> zero, x, y = ((ZERO,) * 3, (ONE, ZERO, ZERO), (ZERO, ONE, -ONE / 2))
    >>> uniform_encoding(MaxMin(((zero,), (x, y))), Polytope.box([-1, -1], [1, 1])).rule
    'composition'
    """
    require(function, MaxMin)
    require(domain, Polytope)
    network = function.network
    for found in _encodings(function, network, domain):
        if equal_on(found.network, network, domain):
            return found
    return None


def equal_on(one: Network, two: Network, domain: Polytope) -> bool:
    """Whether two networks with one output are the same function on a polytope.

    >>> from polyrelax.networks.gallery import tent, tent_merged
    >>> equal_on(tent(), tent_merged(), Polytope.box([-1], [1]))
    True
    """
    maps = (region.linear for region in linear_regions(concatenate(one, two), domain))
    return all(m.weight[0] == m.weight[1] and m.bias[0] == m.bias[1] for m in maps)


def function_of(outer: Network, inner: Network, domain: Polytope) -> Piecewise | None:
    """Return the ``h`` with ``outer = h(inner)`` on a polytope, ``None`` if there is none.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> twice = Network((Affine.dense([[2]]),))
    >>> print(function_of(absolute_value(), twice, Polytope.box([-1], [1])))
    slopes -1/2, 1/2; kinks 0
    """
    pieces: set[tuple[Fraction, Fraction, Line]] = set()
    for region in linear_regions(concatenate(outer, inner), domain):
        line = _relation(region.linear)
        if line is None:
            return None
        values = [region.linear(x)[1] for x in region.cell.vertices]
        pieces.add((min(values), max(values), line))
    return _glued(pieces)


def _relation(linear: Affine) -> Line | None:
    """Return the line that gives output 0 from output 1."""
    (f, g), (c, d) = linear.weight, linear.bias
    pivot = next((j for j, value in enumerate(g) if value), None)
    slope = ZERO if pivot is None else f[pivot] / g[pivot]
    if f != tuple(slope * value for value in g):
        return None
    return Line(slope, c - slope * d)


def _glued(pieces: Iterable[tuple[Fraction, Fraction, Line]]) -> Piecewise | None:
    """Return the function made of lines over intervals, if they agree where these overlap."""
    given = tuple(pieces)
    ends = sorted({end for lower, upper, _ in given for end in (lower, upper)})
    lines: list[Line] = []
    for low, high in pairwise(ends):
        here = {line for lower, upper, line in given if lower <= low and high <= upper}
        if len(here) != 1:
            return None
        lines += here
    if not lines or any(
        lines[min(sum(e < x for e in ends[1:]), len(lines) - 1)](x) != line(x)
        for x, upper, line in given
        if x == upper
    ):
        return None
    return joined(ends[1:-1], lines)


def _encodings(
    function: MaxMin, network: Network, domain: Polytope
) -> Iterator[UniformEncoding]:
    shallow = one_hidden_layer(network, domain)
    if isinstance(shallow, Network):
        yield UniformEncoding("one hidden layer", shallow)
        return
    sizes = [jump.size for parts in jumps(network, domain).values() for jump in parts]
    maps = {region.linear for region in linear_regions(network, domain)}
    if min(sizes) >= 0:
        yield UniformEncoding("convexity", _greatest([(*m.weight[0], *m.bias) for m in maps]))
    if max(sizes) <= 0:
        yield UniformEncoding("convexity", _least([(*m.weight[0], *m.bias) for m in maps]))
    yield from _compositions(function, network, domain)
    yield from _separations(function)


def _compositions(
    function: MaxMin, network: Network, domain: Polytope
) -> Iterator[UniformEncoding]:
    forms = function.forms
    pairs = [(a, b) for i, a in enumerate(forms) for b in forms[i + 1 :]]
    inner = [make(pair) for pair in pairs for make in (_greatest, _least)]
    for candidate in inner:
        h = function_of(network, candidate, domain)
        if h is not None:
            layers = [*candidate.layers, *flat_encoding(h).layers]
            yield UniformEncoding("composition", fold(layers))


def _separations(function: MaxMin) -> Iterator[UniformEncoding]:
    """Yield the function as the greatest of functions of one variable each, if it is that."""
    supports = [_support(group) for group in function.groups]
    if len(supports) != 2 or max(map(len, supports)) > 1 or supports[0] & supports[1]:
        return
    arguments = [MaxMin((group,)).network for group in function.groups]
    both = concatenate(*arguments)
    top = maximum_of_affine([[1, 0], [0, 1]], [0, 0])
    yield UniformEncoding("separate arguments", fold([*both.layers, *top.layers]))


def _support(group: Group) -> set[int]:
    """Return the variables that a group of forms reads."""
    return {j for form in group for j, a in enumerate(form[:-1]) if a}


def _greatest(forms: Iterable[Form]) -> Network:
    rows = sorted(set(forms))
    return maximum_of_affine([row[:-1] for row in rows], [row[-1] for row in rows])


def _least(forms: Iterable[Form]) -> Network:
    return negate(_greatest([tuple(-a for a in form) for form in forms]))


def _greater_of_two(width: int) -> tuple[Layer, ...]:
    """Return the layers that put the greater of the first two coordinates in their place."""
    difference: SparseVector = ((0, ONE), (1, -ONE))
    rest: tuple[SparseVector, ...] = tuple(((j, ONE),) for j in range(1, width))
    total: SparseVector = ((0, ONE), (1, ONE))
    return (
        Affine((difference, *rest), (ZERO,) * width, width),
        ReLU(width, (0,)),
        Affine((total, *rest[1:]), (ZERO,) * (width - 1), width),
    )


def _value(form: Form, x: Vector) -> Fraction:
    return sum((a * b for a, b in zip(form, x, strict=False)), form[-1])


def _minus(a: Form, b: Form) -> Form:
    return tuple(s - t for s, t in zip(a, b, strict=True))
