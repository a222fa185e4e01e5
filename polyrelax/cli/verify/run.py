"""The answer of ``polyrelax verify``, as far as time and patience go."""

from __future__ import annotations

from decimal import ROUND_FLOOR
from fractions import Fraction
from typing import Final, assert_never

from polyrelax.arithmetic.words import amount
from polyrelax.cli.runs.verdict_data import verdict_data
from polyrelax.cli.terminal.decimals import rounded
from polyrelax.cli.terminal.options import Format
from polyrelax.cli.terminal.output import emit, formatted, note
from polyrelax.cli.terminal.progress import progress_bar
from polyrelax.cli.terminal.stop import NOT_DECIDED, time_limit
from polyrelax.cli.verify.report import competition, verdict_blocks
from polyrelax.cli.verify.request import Files, Question
from polyrelax.verification.verdict_certificates import certificate
from polyrelax.verification.verdicts import Holds, Unknown, Verdict, Violated
from polyrelax.verification.verify import verified

_PERCENT: Final = 100


def answer(question: Question, files: Files, time: str | None, layout: Format) -> int:
    """Write the verdict, and return the exit status that it asks for."""
    until = time_limit(time)
    with progress_bar(_PERCENT) as report:
        report(0, "boxes")

        def tell(share: Fraction, leaves: int) -> None:
            proved = rounded(_PERCENT * share, ROUND_FLOOR, digits=4)
            report(
                int(_PERCENT * share), f"{amount(leaves, 'leaf', 'leaves')}, {proved} % proved"
            )

        verdict = verified(
            question.network,
            question.property_,
            ended=lambda: until.left() == 0,
            report=tell,
        )
    _certify(question, files, verdict)
    if files.results is not None:
        emit(competition(verdict), files.results)
    blocks = verdict_blocks(question.net, verdict)
    emit(formatted(blocks, verdict_data(verdict), layout), files.output)
    return _status(verdict)


def _certify(question: Question, files: Files, verdict: Verdict) -> None:
    """Write the certificate if one is wanted, and say where there is none."""
    if files.certificate is None:
        return
    if isinstance(verdict, Unknown):
        note("no certificate is written: nothing is decided")
        return
    made = certificate(question.network, question.property_, verdict)
    if made is None:
        note("no certificate is written: a case was not decided by boxes")
        return
    emit(made.rstrip("\n"), files.certificate)


def _status(verdict: Verdict) -> int:
    match verdict:
        case Holds():
            return 0
        case Violated():
            return 1
        case Unknown():
            return NOT_DECIDED
        case _:
            assert_never(verdict)
