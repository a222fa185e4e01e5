"""Certify what MaxMin networks miss the maximum by, and that the best of them attain it."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.certificates.lipschitz import certify_missed
from polyrelax.expressivity.distances import difference
from polyrelax.expressivity.order_statistics import maxmin_maximum, order_statistic, windows
from polyrelax.networks.gallery import maximum
from polyrelax.networks.lowering import with_rectifiers

from .derive import DEPTHS, median, missed, unit

ATTAINED = ((2, 2), (3, 2), (4, 2), (4, 3))


def certificates() -> Iterator[tuple[str, Certificate]]:
    for dim, layers in DEPTHS:
        if missed(dim, 1, layers) > 0:
            pairs = [(pair.first, pair.second, pair.weight) for pair in windows(dim, 1)]
            found = certify_missed(maximum(dim), unit(dim), pairs, fan=2 ** (layers - 1))
            yield f"missed-{dim}-{layers}", found
    for dim, layers in ATTAINED:
        less = difference(maxmin_maximum(dim, layers - 1), maximum(dim))
        found = certify_range(with_rectifiers(less), unit(dim), "exact")
        yield f"attained-{dim}-{layers}", found
    less = difference(median(), order_statistic(3, 2))
    yield "median", certify_range(with_rectifiers(less), unit(3), "exact")
