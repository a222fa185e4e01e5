"""Certify for two numbers that masked maxima are the weighted sort."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.networks.lowering import with_rectifiers

from .derive import apart, unit


def certificates() -> Iterator[tuple[str, Certificate | partial[Certificate]]]:
    yield "equal-2", certify_range(with_rectifiers(apart(2)), unit(2), "exact")
