"""Roughly how long a survey takes, said before it begins."""

from __future__ import annotations

import time
from typing import Final

from polyrelax.arithmetic.words import amount
from polyrelax.cli.radius.request import Survey
from polyrelax.cli.terminal.output import note
from polyrelax.relaxations.barrier import LP_ALL, LP_GREEDY
from polyrelax.relaxations.float_bounds import FloatNetwork
from polyrelax.relaxations.group_barrier import PAIRS, TRIPLES

WORTH_SAYING: Final = 10.0
_RADIUS: Final = 2.0**-6
_BOUNDS: Final = {LP_GREEDY.name: 40, LP_ALL.name: 150, PAIRS.name: 5000, TRIPLES.name: 10000}
"""How often as long as Fast-Lin's bounds in floats an image takes, proofs and attacks included:
on the networks of the benchmarks within a factor of two."""
_OTHERWISE: Final = 80
_CERTIFIED: Final = 30
"""How often as long writing a certificate and checking it takes."""


def announce(survey: Survey, pieces: int) -> None:
    """Say how long so many images may take one after the other, if that is long."""
    if not pieces:
        return
    point, bounds = survey.points[0], _BOUNDS.get(survey.method.name, _OTHERWISE)
    network, method = FloatNetwork.of(point.network), LP_GREEDY.in_floats
    start = time.process_time()
    method.maxima(network, point.ball_in_floats(_RADIUS), point.rivals.doubles())
    once = time.process_time() - start
    factor = bounds + (0 if survey.certificates is None else _CERTIFIED)
    seconds = once * factor * pieces
    if seconds > WORTH_SAYING:
        images = amount(pieces, "image")
        note(f"{images} by {survey.method.name}: about {seconds:.0f} s of one processor")
