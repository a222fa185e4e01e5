"""Axes to draw on, without a window."""

from __future__ import annotations

from collections.abc import Iterator

import matplotlib as mpl
import pytest
from matplotlib import pyplot as plt
from matplotlib.axes import Axes


@pytest.fixture
def ax() -> Iterator[Axes]:
    mpl.use("agg")
    figure, axes = plt.subplots()
    yield axes
    plt.close(figure)
