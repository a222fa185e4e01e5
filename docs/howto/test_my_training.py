"""Train a SortNet on two arrays, and certify exact radii of what it becomes."""

from fractions import Fraction

import numpy as np
import pytest

pytest.importorskip("torch", reason="needs polyrelax[torch]")

from polyrelax.networks.contractions import require_contraction
from polyrelax.networks.integer_points import IntegerPoints
from polyrelax.training.descent import Budget, train
from polyrelax.training.losses import MarginLoss
from polyrelax.training.sort_nets import SortNets
from polyrelax.verification.margins import margin_radii


def test_a_trained_sortnet_has_exact_radii() -> None:
    # 40 images of 8 pixels n/16 around four patterns, the classes
    patterns = np.array([[12] * 8, [12, 4] * 4, [12, 12, 4, 4] * 2, [12, 4, 4, 12] * 2])
    noise = np.random.default_rng(0).integers(-1, 2, (10, 4, 8))
    pixels = (patterns + noise).reshape(-1, 8)
    labels = np.tile(np.arange(4), 10)

    # 8 inputs, two hidden layers of 16 neurons, 4 classes; weights 7/10 (3/10)^(i-1)
    family = SortNets((8, 16, 16, 4), Fraction(3, 10), MarginLoss(radius=0.1))
    trained = train(family, (pixels / 16, labels), Budget(epochs=200, batch=20, rate=0.05), 1)

    network = trained.network(bits=14)  # rational numbers, all terms of the sorts
    short = trained.network(bits=14, terms=3)  # the three largest alone, normalised
    for net in (network, short):
        require_contraction(net)  # or an error that names the layer
        radii = margin_radii(net, IntegerPoints(pixels, 16), labels.tolist())
        assert min(radii) > Fraction(1, 20)
