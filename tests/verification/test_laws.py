"""Laws of Lipschitz constants, for networks of neurons of all kinds."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polyrelax.arithmetic.rational import ZERO, Vector
from polyrelax.certificates.check import check
from polyrelax.networks.affine import Affine
from polyrelax.networks.layers import Neurons
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.maxmin import MaxMin
from polyrelax.networks.neurons.sort import Sort
from polyrelax.networks.regions import linear_regions
from polyrelax.polytopes.polytope import Polytope
from polyrelax.strategies import mixed_networks, networks, neuron_networks, polytopes
from polyrelax.verification.chains import Chain
from polyrelax.verification.gradients import Norm, Reader
from polyrelax.verification.lipschitz import LipschitzSearch, lipschitz_constant
from polyrelax.verification.lipschitz_certificates import certified
from polyrelax.verification.matrices import Matrices
from polyrelax.verification.sizes import Sizes, all_live

FEW = settings(max_examples=settings().max_examples // 2)
NORMS: tuple[Norm, ...] = ("inf", "1")
both_norms = pytest.mark.parametrize("norm", NORMS)
SQUARE = Polytope.box([-1, -1], [1, 1])
LARGER = Polytope.box([-2, -1], [1, 3])
domains = polytopes(dim=2, full_dimensional=True)


def operator_norm(matrix: tuple[Vector, ...], norm: Norm) -> Fraction:
    lines = matrix if norm == "inf" else tuple(zip(*matrix, strict=True))
    return max(sum(map(abs, line), ZERO) for line in lines)


def steepest_region(network: Network, domain: Polytope, norm: Norm) -> Fraction:
    """Return the greatest norm of all regions, which all have interior."""
    regions = linear_regions(network, domain)
    return max(operator_norm(region.linear.weight, norm) for region in regions)


@both_norms
@given(network=neuron_networks(2, out_dim=2), domain=domains)
def test_the_constant_is_that_of_the_steepest_region(
    norm: Norm, network: Network, domain: Polytope
) -> None:
    found = lipschitz_constant(network, domain, norm)
    assert found.is_exact
    assert found.lower == steepest_region(network, domain, norm)


@both_norms
@given(network=mixed_networks(2), domain=domains)
def test_so_it_is_where_values_pass(norm: Norm, network: Network, domain: Polytope) -> None:
    found = lipschitz_constant(network, domain, norm)
    assert found.lower == steepest_region(network, domain, norm)


@both_norms
@FEW
@given(network=neuron_networks(2, out_dim=2), domain=domains)
def test_two_inputs_of_the_set_attain_it(
    norm: Norm, network: Network, domain: Polytope
) -> None:
    found = lipschitz_constant(network, domain, norm)
    assert found.steepest is not None
    x, y = found.steepest.pair
    assert x in domain
    assert y in domain
    sizes = [
        [abs(a - b) for a, b in zip(*pair, strict=True)]
        for pair in ((x, y), map(network, (x, y)))
    ]
    far, apart = (sum(size, ZERO) if norm == "1" else max(size) for size in sizes)
    assert apart == found.lower * far > 0 or far > apart == found.lower == 0


@both_norms
@FEW
@given(network=neuron_networks(2))
def test_it_grows_with_the_set(norm: Norm, network: Network) -> None:
    values = [lipschitz_constant(network, s, norm).lower for s in (SQUARE, LARGER, None)]
    assert values == sorted(values)


@both_norms
@FEW
@given(network=networks(2, out_dim=2))
def test_it_is_at_most_the_product_of_the_norms(norm: Norm, network: Network) -> None:
    bound = Fraction(1)
    for layer in network.layers:
        if isinstance(layer, Affine):
            bound *= operator_norm(layer.weight, norm)
    assert lipschitz_constant(network, None, norm).lower <= bound


def short(rows: list[tuple[int, ...]]) -> list[list[Fraction]]:
    """Return rows of 1-norm at most 1."""
    return [[Fraction(a, max(1, sum(map(abs, row)))) for a in row] for row in rows]


@FEW
@given(
    st.lists(st.lists(st.tuples(*[st.integers(-3, 3)] * 4), min_size=4, max_size=4), max_size=2)
)
def test_sorts_between_short_rows_do_not_expand_the_maximum_norm(
    weights: list[list[tuple[int, ...]]],
) -> None:
    sort = Neurons(4, ((Sort(3), (0, 1, 2)), (Sort(1), (3,))))
    pairs = Neurons(4, ((MaxMin(), (0, 3)), (MaxMin(), (1, 2))))
    layers = (each for rows in weights for each in (Affine.dense(short(rows)), sort, pairs))
    network = Network((sort, *layers))
    assert lipschitz_constant(network).lower <= 1


@both_norms
@FEW
@given(network=networks(2, out_dim=2), domain=st.sampled_from([SQUARE, LARGER, None]))
def test_certificates_are_accepted(
    norm: Norm, network: Network, domain: Polytope | None
) -> None:
    search = LipschitzSearch(network, domain, norm)
    _ = list(search.run())
    certificate = certified(search)
    assert check(certificate.dumps()) == str(certificate)


@both_norms
@FEW
@given(network=networks(2), domain=domains)
def test_certificates_on_polytopes_are_accepted(
    norm: Norm, network: Network, domain: Polytope
) -> None:
    search = LipschitzSearch(network, domain, norm)
    _ = list(search.run())
    certificate = certified(search)
    assert check(certificate.dumps()) == str(certificate)


@both_norms
@given(
    network=neuron_networks(2, out_dim=2),
    domain=st.one_of(st.sampled_from([SQUARE, LARGER, None]), domains),
)
def test_certificates_of_all_neurons_are_accepted(
    norm: Norm, network: Network, domain: Polytope | None
) -> None:
    search = LipschitzSearch(network, domain, norm)
    _ = list(search.run())
    certificate = certified(search)
    assert check(certificate.dumps()) == str(certificate)


@st.composite
def sorting_networks(draw: st.DrawFn) -> Network:
    """Draw networks of two inputs with a sort of 3 to 6 numbers between affine maps."""
    size = draw(st.integers(3, 6))
    numbers = st.fractions(-2, 2, max_denominator=4)

    def affine(rows: int, columns: int) -> Affine:
        row = st.lists(numbers, min_size=columns, max_size=columns)
        weight = draw(st.lists(row, min_size=rows, max_size=rows))
        return Affine.dense(weight, draw(st.lists(numbers, min_size=rows, max_size=rows)))

    sort = Neurons(size, ((Sort(size), tuple(range(size))),))
    return Network((affine(size, 2), sort, affine(2, size)))


@both_norms
@FEW
@given(network=sorting_networks(), domain=st.sampled_from([SQUARE, LARGER, None]))
def test_certificates_of_sorts_are_accepted(
    norm: Norm, network: Network, domain: Polytope | None
) -> None:
    search = LipschitzSearch(network, domain, norm)
    _ = list(search.run())
    certificate = certified(search)
    assert check(certificate.dumps()) == str(certificate)


@pytest.mark.parametrize(("form", "constant"), [([1, -1, 1], 1), ([1, -1, 0], 0)])
@pytest.mark.parametrize("domain", [Polytope.box([1], [2]), None], ids=["box", "everywhere"])
def test_sorts_that_read_the_greatest_number_twice_have_certificates(
    form: list[int], constant: int, domain: Polytope | None
) -> None:
    """x - 1, x and x are x, x, x - 1 in order."""
    reads = Affine.dense([[1], [1], [1]], [-1, 0, 0])
    sort = Neurons(3, ((Sort(3), (0, 1, 2)),))
    search = LipschitzSearch(Network((reads, sort, Affine.dense([form], [0]))), domain, "inf")
    list(search.run())
    assert search.bounds().upper == constant
    made = certified(search)
    assert check(made.dumps()) == str(made)


@both_norms
@FEW
@given(network=sorting_networks())
def test_no_two_inputs_of_a_sort_change_faster_than_its_constant(
    norm: Norm, network: Network
) -> None:
    most = lipschitz_constant(network, SQUARE, norm).lower
    points = [tuple(Fraction(a, 4) for a in x) for x in product((-4, -3, 0, 1, 4), repeat=2)]
    values = [network(x) for x in points]
    for (x, f), (y, g) in combinations(zip(points, values, strict=True), 2):
        far, change = (
            [abs(b - a) for a, b in zip(*ends, strict=True)] for ends in ((x, y), (f, g))
        )
        size = max if norm == "inf" else sum
        assert size(change) <= most * size(far)


@both_norms
@FEW
@given(network=networks(2, widths=(3, 3)), steps=st.integers(0, 4))
def test_certificates_of_a_search_that_was_stopped_are_accepted(
    norm: Norm, network: Network, steps: int
) -> None:
    search = LipschitzSearch(network, SQUARE, norm)
    for _ in zip(range(steps), search.run(), strict=False):
        pass
    bounds = search.bounds()
    assert bounds.lower <= steepest_region(network, SQUARE, norm) <= bounds.upper
    certificate = certified(search)
    assert check(certificate.dumps()) == str(certificate)


@both_norms
@given(network=neuron_networks(2, out_dim=2))
def test_bounds_in_floats_are_no_smaller_than_in_integers(norm: Norm, network: Network) -> None:
    chain = Chain.of(network)
    sizes = Sizes.of(chain, norm)
    live = all_live(chain)
    exact = Fraction(Reader.of(Matrices.in_integers(chain), norm).passes(live).size)
    exact /= sizes.integers.matrices.factor
    assert sizes.exact(live) == exact <= sizes.bound(live) <= exact + 2 * sizes.slack


@both_norms
@pytest.mark.parametrize("dim", [9, 10])
def test_many_inputs_and_outputs_are_read_entry_by_entry(norm: Norm, dim: int) -> None:
    # relu(x_j) + x_j, the next one subtracted: rows and columns of at most 2 and 2.
    rows = [[2 * (i == j) - (i == (j + 1) % dim) for j in range(dim)] for i in range(dim)]
    network = Network(
        (Neurons(dim, tuple((MaxMin(), (j, (j + 1) % dim)) for j in range(0, dim - 1, 2))),)
    )
    assert lipschitz_constant(network, None, norm).lower == 1
    assert lipschitz_constant(Network((Affine.dense(rows),)), None, norm).lower == 3


def test_every_corner_of_the_balls_counts() -> None:
    # x_1 s_1 + ... + x_d s_d for all signs s: all have the constant d in the maximum norm.
    for signs in product((1, -1), repeat=3):
        network = Network((Affine.dense([signs]),))
        assert lipschitz_constant(network).lower == 3
        column = Network((Affine.dense([[s] for s in signs]),))
        assert lipschitz_constant(column, None, "1").lower == 3
