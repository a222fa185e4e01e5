"""Bounds of traces as data frames of pandas, exactly."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from polyrelax.analysis.tables import bound_rows
from polyrelax.relaxations.trace import Trace

try:
    import pandas as pd
except ImportError:
    raise ImportError("polyrelax.interop.pandas needs: pip install polyrelax[pandas]") from None

COLUMNS: Final = ("layer", "value", "relaxation", "lower", "upper", "width", "gap")


def to_dataframe(traces: Iterable[Trace]) -> pd.DataFrame:
    """Return a row for each value of a network and each trace, with bounds, widths and gaps.

    Numbers are fractions; ``frame.astype({"width": float})`` makes floats of a column.  The gap
    is how much wider a bound is than the narrowest of the traces.

    >>> from polyrelax.networks.gallery import tent
    >>> from polyrelax.relaxations.trace import propagate
    >>> frame = to_dataframe([propagate(tent(), (-1, 1), name) for name in ("ibp", "p:3")])
    >>> frame[frame.layer == "5 affine"].gap.tolist()
    [Fraction(1, 1), Fraction(0, 1)]
    """
    rows = bound_rows(traces)
    return pd.DataFrame({name: [getattr(row, name) for row in rows] for name in COLUMNS})
