"""Networks learn, the same seed gives the same one, and what does not fit is refused.

Training is in floats: what is asked of trained networks is asked exactly, but of those of a few
seeds alone.  Norms and bounds are tried on numbers whose floats are exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

import numpy as np
import pytest

from polyrelax.arithmetic.limbs import Doubles, Integers
from polyrelax.arithmetic.rational import from_float
from polyrelax.errors import DimensionError, ShapeError
from polyrelax.networks.integer_points import IntegerPoints, values_at
from polyrelax.networks.layers import Affine
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.interval import IBP
from polyrelax.relaxations.trace import propagate
from polyrelax.training.exact import SortNet
from polyrelax.verification.margins import margin_radii

torch = pytest.importorskip("torch", reason="needs polyrelax[torch]")

from polyrelax.training import distances, losses  # noqa: E402
from polyrelax.training.descent import Budget, train  # noqa: E402
from polyrelax.training.families import Family, Step  # noqa: E402
from polyrelax.training.losses import MarginLoss  # noqa: E402
from polyrelax.training.norm_bounded_nets import NormBoundedNets  # noqa: E402
from polyrelax.training.rectified_nets import RectifiedNets, worst  # noqa: E402
from polyrelax.training.sort_nets import SortNets  # noqa: E402

WIDTHS = (8, 8, 8, 4)
GOAL = MarginLoss(0.1)
RATIO = Fraction(3, 10)
SHORT, LONG = Budget(2, 16, 0.05), Budget(200, 16, 0.05)
FAMILIES: tuple[Family, ...] = (
    SortNets(WIDTHS, RATIO, GOAL),
    SortNets(WIDTHS, Fraction(0), GOAL),
    NormBoundedNets(WIDTHS, "absolute", GOAL),
    NormBoundedNets(WIDTHS, "maxmin", GOAL),
    RectifiedNets(WIDTHS, 0.1),
)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Use one core, on which floats are the same each time."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def data() -> tuple[Doubles, Integers]:
    """Eight points each around four vectors of quarters, of which two differ in four places."""
    noise = np.random.default_rng(0).integers(-2, 3, (8, 4, 8)) / 32
    signs = np.array([[1] * 8, [1, -1] * 4, [1, 1, -1, -1] * 2, [1, -1, -1, 1] * 2])
    labels = np.tile(np.arange(4), 8)
    return (0.5 + signs / 4 + noise).reshape(-1, 8), labels


def exact_points(images: Doubles) -> IntegerPoints:
    return IntegerPoints.of([[from_float(a) for a in row] for row in images.tolist()])


def classes(network: Network, images: Doubles) -> list[int]:
    return [y.index(max(y)) for y in values_at(network, exact_points(images)).vectors()]


@pytest.mark.parametrize(
    "family", FAMILIES, ids=lambda f: f"{type(f).__name__}-{FAMILIES.index(f)}"
)
def test_every_family_learns_four_classes(
    family: Family, data: tuple[Doubles, Integers]
) -> None:
    images, labels = data
    rate = 0.02 if isinstance(family, RectifiedNets) else 0.05
    network = train(family, data, Budget(LONG.epochs, 16, rate), 1).network(16)
    assert classes(network, images) == labels.tolist()


@pytest.mark.parametrize("ratio", [Fraction(0), RATIO])
def test_sortnets_learn_their_certificate(
    ratio: Fraction, data: tuple[Doubles, Integers]
) -> None:
    """No classifier has more than about 1/4: two of the vectors are 1/2 apart."""
    images, labels = data
    network = train(SortNets(WIDTHS, ratio, GOAL), data, LONG, 1).network(16)
    radii = margin_radii(network, exact_points(images), labels.tolist())
    assert Fraction(1, 20) < min(radii) <= Fraction(1, 4)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_same_seed_gives_the_same_network(
    family: Family, data: tuple[Doubles, Integers]
) -> None:
    first, again, other = (train(family, data, SHORT, seed).network(16) for seed in (3, 3, 4))
    assert first == again
    assert first != other


def test_progress_hears_of_each_pass(data: tuple[Doubles, Integers]) -> None:
    heard: list[int] = []
    train(FAMILIES[0], data, SHORT, 0, progress=heard.append)
    assert heard == [0, 1]


@pytest.mark.parametrize("family", FAMILIES[1:4])
def test_the_exact_network_is_what_was_trained(
    family: Family, data: tuple[Doubles, Integers]
) -> None:
    """Without masks and at p = inf the loss sees the scores of the exact network, nearly."""
    images, labels = data
    source = torch.Generator().manual_seed(0)
    parameters = family.start(source)
    x = torch.tensor(images, dtype=torch.float32)
    with torch.no_grad():
        network = family.finished(parameters, x).network(30)
        seen = float(family.loss(parameters, Step(x, torch.tensor(labels), 1.0, source)))
    scores = torch.tensor(
        [[float(a) for a in y] for y in values_at(network, exact_points(images)).vectors()]
    )
    expected = GOAL(scores, torch.tensor(labels), torch.zeros(()), 1.0)
    assert abs(seen - float(expected)) < 1e-5


def test_the_mean_of_masked_maxima_approaches_the_weighted_sort() -> None:
    source = torch.Generator().manual_seed(2)
    values = torch.rand(1, 3, 6, generator=source)
    many = distances.masked(values.repeat(32 * 4000, 1, 1), 0.3, source)
    mean = distances.p_norm(many, float("inf")).mean(0)
    weights = torch.tensor([0.7 * 0.3**i for i in range(6)])
    assert bool((mean - distances.weighted_sort(values, weights)[0]).abs().max() < 0.02)


@pytest.mark.parametrize("p", [8.0, 100.0, 1000.0])
def test_p_norms_neither_overflow_nor_vanish(p: float) -> None:
    for value in (1e30, 1e-8, 1e-30, 0.0):
        alone = torch.tensor([value, 0.0])
        assert distances.p_norm(alone, p) == alone[0]


@pytest.mark.parametrize("p", [8.0, 1024.0, float("inf")])
@pytest.mark.parametrize(
    ("values", "expected"),
    [([0.0, 0.0], None), ([2.0, 0.0], [1, 0]), ([2**-100, 0.0], [1, 0]), ([0.0, 4.0], [0, 1])],
)
def test_p_norms_have_gradients_also_at_zero(
    p: float, values: list[float], expected: list[float] | None
) -> None:
    start = torch.tensor(values, requires_grad=True)
    distances.p_norm(start, p).backward()
    found = start.grad.tolist()
    if expected is None:  # none is right there, but a number must be
        assert all(abs(slope) <= 1 for slope in found)
    else:
        assert found == expected


def test_masks_that_drop_all_coordinates_leave_numbers() -> None:
    """Of two coordinates all are dropped in 9 of 100 masks."""
    images = np.random.default_rng(0).random((64, 2))
    labels = (images[:, 0] > images[:, 1]).astype(np.int64)
    family = SortNets((2, 2, 2), RATIO, GOAL)
    trained = train(family, (images, labels), Budget(5, 16, 0.05), 0)
    assert isinstance(trained, SortNet)
    assert all(np.isfinite(centers).all() for centers in trained.centers)
    trained.network(16)


def test_bounds_of_the_interval_loss_are_those_of_interval_propagation() -> None:
    family = RectifiedNets((3, 5, 4), 0.1)
    started = family.start(torch.Generator().manual_seed(0))
    parameters = [(16 * each).detach().round() / 16 for each in started]
    network = family.finished(parameters, torch.zeros(1, 3)).network(40)
    low, high = torch.tensor([[0.0, 0.5, 0.25]]), torch.tensor([[0.5, 0.75, 1.0]])
    pairs = list(zip(parameters[::2], parameters[1::2], strict=True))
    found = worst(pairs, torch.tensor([2]), (low, high))[0].tolist()
    box = Polytope.box(["0", "1/2", "1/4"], ["1/2", "3/4", 1])
    hidden = [*propagate(Network(network.layers[:2]), box, IBP()).output]
    last = network.layers[2]
    assert isinstance(last, Affine)
    for j, row in enumerate(last.weight):
        form = [a - b for a, b in zip(row, last.weight[2], strict=True)]
        ends = (max(a * end.lower, a * end.upper) for a, end in zip(form, hidden, strict=True))
        assert from_float(found[j]) == sum(ends)


def test_hinges_are_cut_off_on_both_sides() -> None:
    # margins 2, 1/2 and -1 for the radius 1/2: 0, 1/2 and 1
    scores = torch.tensor([[2.0, 0.0], [0.5, 0.0], [0.0, 1.0]])
    assert float(losses.hinge(scores, torch.tensor([0, 0, 0]), 0.5)) == 0.5


REFUSED: tuple[tuple[Callable[[], object], str], ...] = (
    (lambda: SortNets((2,), RATIO, GOAL), r"found the widths \[2\], expected two or more"),
    (lambda: SortNets((2, 0), RATIO, GOAL), "each at least 1"),
    (
        lambda: SortNets(WIDTHS, Fraction(1), GOAL),
        "found the ratio 1, expected at least 0, below",
    ),
    (lambda: NormBoundedNets((2, 3, 2), "maxmin", GOAL), "found the width 3, expected an even"),
    (lambda: RectifiedNets(WIDTHS, 0), "found the radius 0, expected it above 0"),
    (lambda: MarginLoss(float("nan")), "found the radius nan, expected it above 0"),
    (lambda: MarginLoss(1, 0), "found the weight 0, expected it above 0"),
    (lambda: Budget(0, 1, 0.1), "found epochs 0, expected at least 1"),
    (lambda: Budget(1, 0, 0.1), "found batch 0, expected at least 1"),
    (lambda: Budget(1, 1, -0.1), "found the rate -0.1, expected it above 0"),
)


@pytest.mark.parametrize(("make", "message"), REFUSED)
def test_what_cannot_be_trained_is_refused(make: Callable[[], object], message: str) -> None:
    with pytest.raises(ShapeError, match=message):
        make()


def test_data_that_do_not_fit_are_refused(data: tuple[Doubles, Integers]) -> None:
    images, labels = data
    with pytest.raises(DimensionError, match=r"images of shape \[32, 1\], expected rows of 8"):
        train(FAMILIES[0], (images[:, :1], labels), SHORT, 0)
    with pytest.raises(DimensionError, match=r"labels of shape \[31\], expected 32 of them"):
        train(FAMILIES[0], (images, labels[:31]), SHORT, 0)
    with pytest.raises(DimensionError, match="found the label 4, expected 0 to 3"):
        train(FAMILIES[0], (images, labels + 1), SHORT, 0)
    with pytest.raises(DimensionError, match="found seed -1"):
        train(FAMILIES[0], data, SHORT, -1)
