"""The report of ``polyrelax verify`` as a table, and for competitions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_FLOOR
from fractions import Fraction
from typing import Final

from polyrelax.arithmetic.rational import text
from polyrelax.arithmetic.words import amount
from polyrelax.cli.terminal.decimals import rounded
from polyrelax.cli.terminal.layout import Block, Grid
from polyrelax.interop.witnesses import Claimed, dumps, finite
from polyrelax.verification.verdicts import Holds, Unknown, Verdict, Violated

_LONGEST: Final = 40
"""So many characters of an exact number are worth a place in a table."""


def verdict_blocks(net: str, verdict: Verdict) -> Iterator[Block]:
    """Yield a verdict as tables."""
    yield Grid(f"{net}: {verdict.word}", ("verdict", "by"), ((verdict.word, _why(verdict)),))
    if isinstance(verdict, Violated):
        rows = [*_named("X", verdict.point), *_named("Y", verdict.outputs)]
        numbers = frozenset(["exact", "about"])
        yield Grid(_title(verdict), ("value", "exact", "about"), tuple(rows), numbers)


def _title(verdict: Violated) -> str:
    return f"An input of case {verdict.case}, in {verdict.kind} numbers, and its outputs"


def _why(verdict: Verdict) -> str:
    if isinstance(verdict, Violated):
        return f"an input of case {verdict.case}"
    if isinstance(verdict, Unknown):
        share = rounded(100 * verdict.share, ROUND_FLOOR, digits=4)
        return f"{share} % of the inputs' volume is proved"
    leaves = sum(tree.leaves for tree in verdict.trees if tree is not None)
    others = sum(tree is None for tree in verdict.trees)
    rest = f", {amount(others, 'case')} without" if others else ""
    return f"{amount(leaves, 'leaf', 'leaves')} in {amount(len(verdict.trees), 'case')}{rest}"


def _named(letter: str, values: Sequence[Fraction]) -> Iterator[tuple[str, str, str]]:
    for j, value in enumerate(values):
        exact = text(value)
        yield f"{letter}_{j}", exact if len(exact) <= _LONGEST else "-", rounded(value)


def competition(verdict: Verdict) -> str:
    """Return a verdict in the words of verification competitions.

    The point is exact where its decimals end; else each of these is the nearest double.

    >>> print(competition(Violated(1, (Fraction(1, 2),), (Fraction(3),), "float32")))
    sat
    ((X_0 0.5)
    (Y_0 3))
    """
    if isinstance(verdict, Holds):
        return "unsat"
    if isinstance(verdict, Unknown):
        return "unknown"
    return dumps(Claimed(tuple(map(finite, verdict.point)), verdict.outputs))
