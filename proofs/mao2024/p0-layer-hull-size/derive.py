"""Find the Boolean quadric polytope in the hull of a layer, and least phase trees for cuts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache
from itertools import combinations, permutations, product

from polyrelax.analysis.precision import exact_bounds
from polyrelax.lp import Infeasible, LinearProgram, Optimum, Row, maximize
from polyrelax.networks.layers import ReLU
from polyrelax.networks.network import Network, network
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.layer_hull import LayerHull
from polyrelax.relaxations.trace import propagate
from polyrelax.relaxations.triangle import Triangle

HALF, ONE, ZERO = Fraction(1, 2), Fraction(1), Fraction(0)
Point = tuple[Fraction, ...]


def derive() -> Iterator[tuple[str, object]]:
    points = list(graph(3))
    layer = Polytope.hull(points, len(points[0]))
    yield "n = 3: points, facets of the layer's hull", [len(layer.vertices), len(layer.facets)]
    on_face = [v for v in layer.vertices if v[:3] == v[3:6]]
    yield "n = 3: vertices with y_ii = x_i", len(on_face)
    same = sorted(v[:3] + v[6:] for v in on_face) == sorted(quadric(3).vertices)
    yield "n = 3: they are those of the Boolean quadric polytope", same
    faces = [quadric(n) for n in (3, 4, 5)]
    yield "n = 3, 4, 5: vertices of the face", [len(face.vertices) for face in faces]
    yield "n = 3, 4, 5: facets of the face", [len(face.facets) for face in faces]
    for n in (3, 4):
        found = sum(is_bound_of_layer(n, facet) for facet in quadric(n).facets)
        yield (
            f"n = {n}: facets of the face that are bounds of the layer, with a multiple",
            found,
        )
    cuts = [exact_bounds(cut_network(n), box(n))[0] for n in (3, 4)]
    yield "K_3, K_4: ranges of the networks of cuts", cuts
    yield "K_3, K_4, K_5: leaves of least phase trees", [least_leaves(n) for n in (3, 4, 5)]
    yield from sign_rule()


def box(n: int) -> Polytope:
    return Polytope.box([0] * n, [1] * n)


def pairs(n: int) -> list[tuple[int, int]]:
    """Return the neurons, those of single coordinates first."""
    return [*((i, i) for i in range(n)), *combinations(range(n), 2)]


def layer_of(n: int, outputs: Sequence[Sequence[Fraction]]) -> Network:
    """Return forms of (x, y), where y_ij = relu(x_i + x_j - 1), as a network."""
    unit = [[int(i == k) for k in range(n)] for i in range(n)]
    sums = [[a + b for a, b in zip(unit[i], unit[j], strict=True)] for i, j in pairs(n)]
    weights, bias = [*unit, *sums], [0] * n + [-1] * len(sums)
    first, _, last = network((weights, bias), (outputs, [0] * len(outputs))).layers
    return Network((first, ReLU(len(weights), tuple(range(n, len(weights)))), last))


def graph(n: int) -> Iterator[Point]:
    """Yield the values (x, y) for x in {0, 1/2, 1}^n, the vertices of all parts."""
    for x in product((ZERO, HALF, ONE), repeat=n):
        yield (*x, *(max(x[i] + x[j] - 1, ZERO) for i, j in pairs(n)))


@cache
def quadric(n: int) -> Polytope:
    """Return the hull of the (x, x_i x_j), i < j, for x in {0, 1}^n."""
    points = [(*x, *(a * b for a, b in combinations(x, 2))) for x in product((0, 1), repeat=n)]
    return Polytope.hull(points, len(points[0]))


def lifted(n: int, facet: Constraint) -> Point:
    """Return the facet's form and a multiple of the sum of y_ii - x_i, a form of (x, y)."""
    form = [*facet.normal[:n], *[ZERO] * n, *facet.normal[n:]]
    touched = [abs(form[i]) for i in range(n)]
    for (i, j), b in zip(combinations(range(n), 2), facet.normal[n:], strict=True):
        touched[i] += abs(b)
        touched[j] += abs(b)
    for i in range(n):
        form[i] -= max(touched)
        form[n + i] += max(touched)
    return tuple(form)


def is_bound_of_layer(n: int, facet: Constraint) -> bool:
    """Whether the lifted form's greatest value on the layer's graph is the facet's bound."""
    form = lifted(n, facet)
    values = (sum((a * v for a, v in zip(form, p, strict=True)), ZERO) for p in graph(n))
    return max(values) == facet.offset


def cut_form(n: int) -> Point:
    """Return the edges cut, less n - 1 for each unit of x_i - y_ii, a form of (x, y)."""
    single = [ZERO] * n + [Fraction(n - 1)] * n
    return (*single, *[Fraction(-2)] * (len(pairs(n)) - n))


def cut_network(n: int) -> Network:
    return layer_of(n, [cut_form(n)])


def least_leaves(n: int) -> int:
    """Return the least number of leaves of a tree that splits neurons and proves the cut."""
    neurons = pairs(n)
    orders = [
        [neurons.index((min(p[i], p[j]), max(p[i], p[j]))) for i, j in neurons]
        for p in permutations(range(n))
    ]

    def representative(phases: tuple[int, ...]) -> tuple[int, ...]:
        images = [tuple(phases[k] for k in order) for order in orders]
        return min(*images, *(tuple(-s for s in image) for image in images))

    @cache
    def bounded(phases: tuple[int, ...]) -> bool:
        best = maximize(leaf(n, phases), tuple((k, a) for k, a in enumerate(cut_form(n)) if a))
        assert isinstance(best, Optimum | Infeasible)  # all variables are bounded
        return isinstance(best, Infeasible) or best.value <= n * n // 4

    @cache
    def proved(phases: tuple[int, ...], leaves: int) -> bool:
        if leaves == 1 or bounded(phases):
            return bounded(phases)
        free = (k for k, phase in enumerate(phases) if not phase)
        halves = (
            [representative((*phases[:k], s, *phases[k + 1 :])) for s in (-1, 1)] for k in free
        )
        return any(
            proved(off, part) and proved(on, leaves - part)
            for off, on in halves
            for part in range(1, leaves)
        )

    return next(k for k in range(1, 2**n + 1) if proved((0,) * len(neurons), k))


def leaf(n: int, phases: Sequence[int]) -> LinearProgram:
    """Return the program of a leaf: triangles over [-1, 1], pieces where neurons are split."""
    rows = list[Row]()
    for k, ((i, j), phase) in enumerate(zip(pairs(n), phases, strict=True)):
        z = ((i, 2 * ONE),) if i == j else ((i, ONE), (j, ONE))  # and - 1
        y, minus = (n + k, ONE), tuple((m, -a) for m, a in z)
        if phase == 0:
            half = tuple((m, -a / 2) for m, a in z)
            rows += [Row((*z, (n + k, -ONE)), ONE), Row((*half, y), ZERO)]
        elif phase > 0:
            rows += [Row(minus, -ONE), Row((*minus, y), -ONE, is_equation=True)]
        else:
            rows += [Row(z, ONE), Row((y,), ZERO, is_equation=True)]
    size = n + len(phases)
    return LinearProgram((ZERO,) * size, (ONE,) * size, tuple(rows))


def sign_rule() -> Iterator[tuple[str, object]]:
    """Yield whether hulls gain over triangles where weights agree in sign, and where not."""
    shifts = list(product((-ONE, ZERO, ONE), repeat=3))
    agree = [(*c, *(Fraction(k % 3) for k in range(6))) for c in shifts]
    opposed = [(ZERO, ZERO, ZERO, ONE, ZERO, ZERO, -ONE, ZERO, ZERO)]
    for name, forms in (("not negative", agree), ("1 and -1", opposed)):
        net = layer_of(3, forms)
        hull, triangles = (propagate(net, box(3), r).output for r in (LayerHull(), Triangle()))
        gains = sum(h.lower != t.lower for h, t in zip(hull, triangles, strict=True))
        yield f"weights {name}: least values that hulls improve", f"{gains} of {len(forms)}"
