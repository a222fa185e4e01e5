"""The report of ``polyrelax shrink``: a table for people, ``polyrelax-shrink/1`` for programs.

The network of the JSON object is a ``polyrelax-network/1`` object, with its input set.  Where
the time was up or an interruption came, ``stopped`` says which: there may be smaller witnesses,
and the bounds are missing if there was no time for the first ones.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import Vector, text
from polyrelax.arithmetic.words import amount
from polyrelax.cli.shrink.run import Shrinking
from polyrelax.cli.terminal.layout import Block, Grid
from polyrelax.cli.terminal.output import Json
from polyrelax.interop.network_json import Problem, dumps
from polyrelax.networks.layers import Affine
from polyrelax.search.shrink import Witness


def shrink_data(found: Shrinking) -> Json:
    """Return the JSON object of a chain of smaller and smaller witnesses."""
    last = found.chain[-1] if found.chain else found.given
    return {
        "format": "polyrelax-shrink/1",
        "steps": max(len(found.chain) - 1, 0),
        "loose": last.loose,
        "tight": last.tight,
        "side": str(last.side),
        "network": json.loads(dumps(Problem(last.network, last.domain))),
        **(_bounds_data(last) if found.chain else {}),
        **({} if found.stop is None else {"stopped": found.stop.value}),
    }


def _bounds_data(proved: Witness) -> dict[str, Json]:
    return {
        "exact" if proved.tight == "exact" else "tight": _ends(proved.tight_bounds),
        "relaxed": _ends(proved.loose_bounds),
        "gap": text(proved.gap),
    }


def shrink_blocks(found: Shrinking) -> Iterator[Block]:
    """Yield the witness before and after, and the last network."""
    if found.chain:
        yield from _chain_blocks(found.chain)
    if found.stop is not None:
        yield f"Not finished: {found.stop.reason}; there may be smaller witnesses."


def _chain_blocks(chain: Sequence[Witness]) -> Iterator[Block]:
    first, last = chain[0], chain[-1]
    rows = tuple(
        (
            name,
            str(w.cost[0]),
            str(w.cost[2]),
            str(w.tight_bounds),
            str(w.loose_bounds),
            text(w.gap),
        )
        for name, w in (("before", first), ("after", last))
    )
    header = ("witness", "neurons", "size", first.tight, first.loose, "gap")
    yield Grid("Shrinking", header, rows, frozenset(("neurons", "size", "gap")))
    yield Grid("Layers", ("layer", "row", "weights", "bias"), tuple(_layer_rows(last)))
    yield Grid("Inputs", ("input", "range"), tuple(_inputs(last)))
    if first.gap <= 0:
        yield f"{first.loose} is not looser than {first.tight}: there is nothing to shrink."
    else:
        yield f"{amount(len(chain) - 1, 'step')}; the gap was proved after each."


def _layer_rows(witness: Witness) -> Iterator[tuple[str, ...]]:
    for i, layer in enumerate(witness.network.layers):
        if isinstance(layer, Affine):
            for j, (row, shift) in enumerate(zip(layer.weight, layer.bias, strict=True)):
                yield str(i), str(j), _listed(row), text(shift)
        else:
            yield str(i), "", repr(layer), ""


def _inputs(witness: Witness) -> Iterator[tuple[str, str]]:
    for j, ends in enumerate(witness.domain.bounds):
        yield str(j), str(ends)


def _listed(row: Vector) -> str:
    return " ".join(map(text, row))


def _ends(interval: Interval) -> dict[str, Json]:
    return {"lower": text(interval.lower), "upper": text(interval.upper)}
