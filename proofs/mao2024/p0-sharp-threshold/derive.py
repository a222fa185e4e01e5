"""Bound witnesses of least depth by P_r on both sides of the threshold; count small ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import combinations_with_replacement, product

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import vector
from polyrelax.networks.gallery import tent_with_blocks, tent_with_identities
from polyrelax.networks.layers import Identity, Layer, ReLU
from polyrelax.networks.network import Network, network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.cross_layer import CrossLayer
from polyrelax.relaxations.exact import Exact
from polyrelax.relaxations.trace import Relaxation, propagate
from polyrelax.search.candidates import Candidate, Space
from polyrelax.search.executor import explore
from polyrelax.search.question import Question, Side

SEGMENT = Polytope.box([-1], [1])
DIAGONAL = Polytope.hull([[-1, 1], [1, -1]], dim=2)
UNIT = Interval(Fraction(-1), Fraction(1))


def derive() -> Iterator[tuple[str, object]]:
    tents = [tent_with_identities(m) for m in range(6)]
    yield from both_sides("tent with m = L - 5 identities, L = 5, ..., 10", tents, 2)
    blocks = [tent_with_blocks(m) for m in range(3)]
    yield from both_sides("tent with identity blocks, L = 5, 7, 9", blocks, 2)
    for radius in (1, 2):
        name = f"two of four layers bend one coordinate each: P_{radius}"
        yield name, output(bent_in_turn(), CrossLayer(radius))
    name = "four layers, 1-2-1 over -1..1, one or two of them ReLU: P_1 against exact"
    yield name, imprecise(tuple(of_four_layers()))
    yield from first_and_last()
    zeros = [zero_network(max(0, r - 2)) for r in range(1, 7)]
    name = "zero with max(0, r - 2) identities: P_"
    found = [output(zero, CrossLayer(r)) for r, zero in enumerate(zeros, 1)]
    yield f"{name}r, r = 1, ..., 6", found
    yield f"{name}{{r+1}}, r = 2, ..., 6", bounds(zeros[1:], 2)
    yield from small_witnesses()


def both_sides(
    name: str, networks: list[Network], layers: int, domain: Polytope = SEGMENT
) -> Iterator[tuple[str, object]]:
    """Yield the bounds by windows of one layer less than all but ``layers``, and by these."""
    for left in (layers + 1, layers):
        yield f"{name}: P_{{L-{left}}}", bounds(networks, left, domain)


def first_and_last() -> Iterator[tuple[str, object]]:
    short = [tent_with_identities(m) for m in range(4)]
    bent = [Network(each.layers[1:]) for each in short]
    yield from both_sides("first layer a ReLU, L = 4, ..., 7", bent, 1, DIAGONAL)
    [turned] = network(([[-1, -1]], ["3/2"])).layers
    ending = [Network((*each.layers[:-1], turned, ReLU(1))) for each in short]
    yield from both_sides("3/2 - tent and a ReLU, L = 6, ..., 9", ending, 1)


def bounds(
    networks: Iterable[Network], left: int, domain: Polytope = SEGMENT
) -> list[Interval]:
    return [output(each, CrossLayer(len(each.layers) - left), domain) for each in networks]


def output(net: Network, relaxation: Relaxation, domain: Polytope = SEGMENT) -> Interval:
    return propagate(net, domain, relaxation).output[0]


def zero_network(identities: int) -> Network:
    """Return ``relu(a_1) - relu(a_1 - a_2)`` behind identities, ``a`` the two parts of x."""
    layers = network(
        ([[1], [-1]], [0, 0]), ([[1, 0], [1, -1]], [0, 0]), ([[1, -1]], [0])
    ).layers
    return Network((*layers[:2], *(Identity(2),) * identities, *layers[2:]))


def with_middle(one_hidden: Network, *middle: Layer) -> Network:
    """Return a network of one hidden layer with other layers for its ReLU layer."""
    return Network((one_hidden.layers[0], *middle, one_hidden.layers[-1]))


def bent_in_turn() -> Network:
    """Return relu(x) - relu(x - 1/2), whose two coordinates are bent one after the other."""
    difference = network(([[1], [1]], [0, "-1/2"]), ([[1, -1]], [0]))
    return with_middle(difference, ReLU(2, (0,)), ReLU(2, (1,)))


def of_four_layers() -> Iterator[Network]:
    """Yield small networks of two coordinates, with one or two ReLU layers in the middle."""
    rows = [row for row in product((-1, 0, 1), repeat=2) if row[0]]
    bend = ReLU(2)
    pairs = combinations_with_replacement(rows, 2)
    for pair, signs in product(pairs, product((-1, 1), repeat=2)):
        first = [[w] for w, _ in pair], [b for _, b in pair]
        for middle in ((bend, bend), (bend, Identity(2)), (Identity(2), bend)):
            yield with_middle(network(first, ([signs], [0])), *middle)


def imprecise(networks: tuple[Network, ...]) -> str:
    exact = Exact()
    found = sum(output(each, CrossLayer(1)) != output(each, exact) for each in networks)
    return f"{found} of {len(networks)}"


def small_witnesses() -> Iterator[tuple[str, object]]:
    least: set[Candidate] = set()
    for radius, identities in ((1, 0), (2, 0), (3, 1)):
        space = Space((1, 2, 2, 1), vector([-1, 0, 1]), vector([-1, 1]), (UNIT,), 0, identities)
        asked = Question(space, f"p:{radius}", "exact", Side.BOTH)
        found = [asked.space[f.number] for part in explore(asked) for f in part.findings]
        counts = Counter(map(parameters, found))
        shape = "1-2-2-1 and an identity" if identities else "1-2-2-1"
        name = f"{shape} over -1..1, imprecise for P_{radius}, by parameters other than zero"
        yield name, [f"{size}: {count}" for size, count in sorted(counts.items())]
        least |= {both_signs(space, each) for each in found if parameters(each) == min(counts)}
    zero = Candidate(hidden=(((1, 0), (-1, 0)), ((1, 0, 0), (1, -1, 0))), outputs=(1, -1))
    known = {both_signs(space, Candidate(zero.hidden, zero.outputs, m)) for m in (0, 1)}
    which = "the zero network" if least == known else "others"
    yield (
        "those with 7, up to symmetry and the sign of the output",
        f"{len(least) // 2}, {which}",
    )


def parameters(candidate: Candidate) -> int:
    """Return how many weights and biases are not zero."""
    rows = [row for layer in candidate.hidden for row in layer]
    return sum(1 for row in (*rows, candidate.outputs) for value in row if value)


def both_signs(space: Space, candidate: Candidate) -> Candidate:
    """Return the least of the networks that this one and its negative are up to symmetry."""
    negative = tuple(-value for value in candidate.outputs)
    signed = (
        Candidate(candidate.hidden, o, candidate.identities)
        for o in (candidate.outputs, negative)
    )
    return min(map(space.canonical, signed), key=lambda c: (c.hidden, c.outputs))
