"""Verdicts as JSON, ``polyrelax-verdict/1``.

``point`` is an input at which case ``case`` of the property occurs, and ``outputs`` are the
network's values there, exactly; ``kind`` says of which numbers the point is.  ``share`` is the
part of the cases' boxes that is proved.  Numbers are exact texts.
"""

from __future__ import annotations

from polyrelax.arithmetic.rational import text
from polyrelax.cli.terminal.output import Json
from polyrelax.verification.verdicts import Holds, Unknown, Verdict


def verdict_data(verdict: Verdict) -> dict[str, Json]:
    """Return the JSON object of a verdict.

    >>> from fractions import Fraction
    >>> verdict_data(Unknown(Fraction(1, 2)))
    {'format': 'polyrelax-verdict/1', 'verdict': 'unknown', 'share': '1/2'}
    """
    data: dict[str, Json] = {"format": "polyrelax-verdict/1", "verdict": verdict.word}
    if isinstance(verdict, Holds):
        return {**data, "leaves": [tree and tree.leaves for tree in verdict.trees]}
    if isinstance(verdict, Unknown):
        return {**data, "share": text(verdict.share)}
    point, outputs = ([text(x) for x in v] for v in (verdict.point, verdict.outputs))
    return {
        **data,
        "case": verdict.case,
        "kind": verdict.kind,
        "point": point,
        "outputs": outputs,
    }
