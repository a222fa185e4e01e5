"""A relaxation of one's own: split the inputs, relax each half, box in what comes out."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from hypothesis import given

from polyrelax import (
    Constraint,
    Interval,
    Network,
    Polytope,
    exact_range,
    propagate,
    relaxation,
)
from polyrelax.networks.gallery import tent
from polyrelax.relaxations.relaxed_set import RelaxedSet
from polyrelax.relaxations.trace import Relaxation
from polyrelax.strategies import boxes, networks


@dataclass(frozen=True)
class Halves:
    """The boxes around what another relaxation finds on either half of the inputs."""

    inner: Relaxation
    coordinate: int = 0

    @property
    def name(self) -> str:
        return f"halves of {self.inner.name}"

    @property
    def bits(self) -> int | None:
        return self.inner.bits

    def sets(self, network: Network, domain: Polytope) -> Iterator[RelaxedSet]:
        left, right = (self.inner.sets(network, half) for half in self.halves(domain))
        for first, second in zip(left, right, strict=True):
            yield box_around(first, second)

    def halves(self, domain: Polytope) -> tuple[Polytope, Polytope]:
        axis = [int(j == self.coordinate) for j in range(domain.dim)]
        ends = domain.bounds[self.coordinate]
        middle = (ends.lower + ends.upper) / 2
        left, right = Constraint.at_most(axis, middle), Constraint.at_least(axis, middle)
        return domain.cut(left), domain.cut(right)


def box_around(first: RelaxedSet, second: RelaxedSet) -> Polytope:
    pairs = list(zip(first.bounds, second.bounds, strict=True))
    lower = [min(a.lower, b.lower) for a, b in pairs]
    return Polytope.box(lower, [max(a.upper, b.upper) for a, b in pairs])


def test_halves_know_the_tent() -> None:
    # On either half of [-1, 1] one term of the tent is 1 and the other one is a single ReLU.
    trace = propagate(tent(), Polytope.box([-1], [1]), Halves(relaxation("triangle")))
    assert trace.output == (Interval(Fraction(1), Fraction(2)),)


@given(networks(2), boxes(2))
def test_halves_contain_what_the_network_does(network: Network, box: Polytope) -> None:
    trace = propagate(network, box, Halves(relaxation("ibp")))
    for bound, (least, greatest) in zip(trace.output, exact_range(network, box), strict=True):
        assert bound.contains(Interval(least, greatest))


@given(networks(2), boxes(2))
def test_halves_are_inside_the_whole(network: Network, box: Polytope) -> None:
    half = propagate(network, box, Halves(relaxation("ibp")))
    whole = propagate(network, box, relaxation("ibp"))
    for inner, outer in zip(half.output, whole.output, strict=True):
        assert outer.contains(inner)
