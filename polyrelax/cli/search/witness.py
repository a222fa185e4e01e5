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
from polyrelax.cli.terminal.output import Json
from polyrelax.interop.network_json import Problem, dumps
from polyrelax.networks.layers import bending
from polyrelax.search.evidence import mixture
from polyrelax.search.question import Finding, Question, Side, side_gap
from polyrelax.search.shrink import Witness

WITNESS_KEYS: Final = ("number", "network", "relaxed", "gap", "certificate")
OPTIONAL_KEYS: Final = ("exact", "tight", "mixture")


def witnesses_data(asked: Question, found: Sequence[Finding], certified: int) -> Iterator[Json]:
    """Yield witnesses as JSON; as many as are ``certified`` carry a certificate."""
    for place, finding in enumerate(found):
        network = asked.space[finding.number].network
        witness = Witness(network, asked.space.domain, asked.loose, asked.tight, asked.side)
        yield witness_data(witness, finding, evident=place < certified)


def witness_data(witness: Witness, found: Finding, *, evident: bool) -> Json:
    """Return a witness with the bounds that were found; with a certificate if it is evident."""
    given: dict[str, Json] = {
        "number": found.number,
        "network": json.loads(dumps(Problem(witness.network, witness.domain))),
        "exact" if witness.tight == "exact" else "tight": _ends(found.tight),
        "relaxed": _ends(found.loose),
        "gap": text(side_gap(witness.side, found.tight, found.loose)),
        "certificate": None,
    }
    return given | _evidence(witness, found) if evident else given


def _evidence(witness: Witness, found: Finding) -> dict[str, Json]:
    network, domain, side = witness.network, witness.domain, _side(witness.side, found)
    sign = 1 if side is Side.UPPER else -1
    proof = certify_gap(network, domain, witness.loose, witness.tight, sign=sign)
    certificate = {"certificate": json.loads(proof.dumps())}
    depth = sum(bool(bending(layer)) for layer in network.layers)
    if witness.loose != "p:1" or depth != 2:
        return certificate
    shown = mixture(network, domain, sign=sign)
    return certificate | {
        "mixture": {
            "side": str(side),
            "inputs": [[text(entry) for entry in x] for x in shown.inputs],
            "weights": [text(weight) for weight in shown.weights],
            "value": text(shown.value),
        }
    }


def _side(asked: Side, found: Finding) -> Side:
    """Return the side of the larger gap among those that count."""
    upper = found.loose.upper - found.tight.upper
    above = asked is not Side.LOWER and upper == side_gap(asked, found.tight, found.loose)
    return Side.UPPER if above else Side.LOWER


def _ends(interval: Interval) -> dict[str, Json]:
    return {"lower": text(interval.lower), "upper": text(interval.upper)}
