"""Witnesses in the report of ``polyrelax search``, with what proves them.

Each holds its network as a ``polyrelax-network/1`` object with the input box; its certificate
is one that ``polyrelax check`` accepts.  For P_1 and two hidden layers there is a mixture as
well: inputs and weights such that the mean of the values behind the first hidden layer leads
to the bound ``relaxed``, which evaluating the network shows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Final

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import text
from polyrelax.certificates.certify import certify_gap
from polyrelax.cli.output import Json
from polyrelax.interop.network_json import Problem, dumps
from polyrelax.search.evidence import mixture
from polyrelax.search.question import Finding, Question, Side

WITNESS_KEYS: Final = ("number", "network", "relaxed", "gap", "certificate")
OPTIONAL_KEYS: Final = ("exact", "tight", "mixture")


def witnesses_data(asked: Question, found: Sequence[Finding], certified: int) -> Iterator[Json]:
    """Yield witnesses as JSON; as many as are ``certified`` carry a certificate."""
    for place, finding in enumerate(found):
        yield _witness_data(asked, finding, evident=place < certified)


def _witness_data(asked: Question, found: Finding, *, evident: bool) -> Json:
    network, domain = asked.space[found.number].network, asked.space.domain
    given: dict[str, Json] = {
        "number": found.number,
        "network": json.loads(dumps(Problem(network, domain))),
        "exact" if asked.tight == "exact" else "tight": _ends(found.tight),
        "relaxed": _ends(found.loose),
        "gap": text(asked.gap(found.tight, found.loose)),
        "certificate": None,
    }
    if not evident:
        return given
    side = _side(asked, found)
    sign = 1 if side is Side.UPPER else -1
    proof = certify_gap(network, domain, asked.loose, asked.tight, sign=sign)
    given["certificate"] = json.loads(proof.dumps())
    if asked.loose == "p:1" and asked.space.hidden_layers == 2:
        shown = mixture(network, domain, sign=sign)
        given["mixture"] = {
            "side": str(side),
            "inputs": [[text(entry) for entry in x] for x in shown.inputs],
            "weights": [text(weight) for weight in shown.weights],
            "value": text(shown.value),
        }
    return given


def _side(asked: Question, found: Finding) -> Side:
    """Return the side of the larger gap among those that count."""
    upper = found.loose.upper - found.tight.upper
    above = asked.side is not Side.LOWER and upper == asked.gap(found.tight, found.loose)
    return Side.UPPER if above else Side.LOWER


def _ends(interval: Interval) -> dict[str, Json]:
    return {"lower": text(interval.lower), "upper": text(interval.upper)}
