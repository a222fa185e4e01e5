"""Certify all lower bounds, and for two and three numbers that the mean attains them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.certificates.lipschitz import certify_missed
from polyrelax.expressivity.distances import difference
from polyrelax.expressivity.order_statistics import mean_statistic, order_statistic, windows
from polyrelax.networks.lowering import with_rectifiers

from .derive import CASES, centred, sorting, unit


def certificates() -> Iterator[tuple[str, Certificate | partial[Certificate]]]:
    plane = difference(mean_statistic(2, 1), order_statistic(2, 1))
    yield "attained-2-1", certify_range(with_rectifiers(plane), unit(2), "exact")
    for dim, k in CASES:
        pairs = [(pair.first, pair.second, pair.weight) for pair in windows(dim, k)]
        found = certify_missed(sorting(dim), unit(dim), pairs, output=k - 1)
        yield f"missed-{dim}-{k}", found
        if dim <= 3:
            yield (
                f"mean-{dim}-{k}",
                certify_range(centred(dim), unit(dim), "exact", output=k - 1),
            )
