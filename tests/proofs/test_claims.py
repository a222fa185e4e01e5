"""Every claim of ``proofs/`` is re-derived, and the runner notices when one is not."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from polyrelax.arithmetic.interval import Interval
from polyrelax.claims import Claim, as_text, broken_off, choose, load_claims, rederive
from polyrelax.errors import FormatError, UnknownNameError

CLAIM = """
title = "A title"
reference = "[key, v1]"
wording = "ours"
statement = "One is one."
status = "reproduced"
[expected]
one = "1"
"""


def write_claim(directory: Path, toml: str, code: str = "") -> Path:
    folder = directory / "a-paper" / "a-claim"
    folder.mkdir(parents=True)
    (folder / "claim.toml").write_text(toml)
    if code:
        (folder / "derive.py").write_text(code)
    return directory


@pytest.mark.parametrize("claim", load_claims(), ids=lambda claim: claim.name)
def test_every_claim_holds(claim: Claim) -> None:
    outcome = rederive(claim)
    assert [row for row in outcome.rows if not row.agrees] == []
    assert outcome.verdict == claim.status


@pytest.mark.parametrize("claim", load_claims(), ids=lambda claim: claim.name)
def test_every_claim_has_its_mathematics_and_its_reference(claim: Claim) -> None:
    assert (claim.path / "README.md").read_text(encoding="utf-8").startswith("# ")
    assert claim.reference
    assert claim.wording
    assert claim.expected or claim.status == "open"


def test_a_wrong_value_is_not_reproduced(tmp_path: Path) -> None:
    code = "def derive():\n    yield 'one', 2\n"
    [claim] = load_claims(write_claim(tmp_path, CLAIM, code))
    outcome = rederive(claim)
    assert (outcome.holds, outcome.verdict) == (False, "not reproduced")
    assert [(row.key, row.expected, row.found) for row in outcome.rows] == [("one", "1", "2")]


def test_a_missing_value_is_not_reproduced(tmp_path: Path) -> None:
    [claim] = load_claims(write_claim(tmp_path, CLAIM, "def derive():\n    return []\n"))
    assert not rederive(claim).holds


def test_a_value_that_nobody_expects_is_refused(tmp_path: Path) -> None:
    code = "def derive():\n    yield 'two', 2\n"
    [claim] = load_claims(write_claim(tmp_path, CLAIM, code))
    with pytest.raises(FormatError, match="two"):
        rederive(claim)


def test_a_derivation_tells_of_each_value_that_it_finds(tmp_path: Path) -> None:
    code = "def derive():\n    yield 'one', 1\n    yield 'two', 2\n"
    [claim] = load_claims(write_claim(tmp_path, f'{CLAIM}two = "2"\n', code))
    told: list[int] = []
    assert rederive(claim, progress=told.append).holds
    assert told == [1, 2]


def test_a_derivation_that_broke_off_is_an_outcome(tmp_path: Path) -> None:
    [claim] = load_claims(write_claim(tmp_path, CLAIM))
    outcome = broken_off(claim, "ZeroDivisionError: division by zero")
    assert outcome.verdict == "not reproduced"
    assert outcome.rows[0].found == "ZeroDivisionError: division by zero"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"reproduced"', '"proved"', "status 'proved'"),
        ('"reproduced"', '"open"', "needs a reason"),
        ('title = "A title"', "", "lacks title"),
        ("[expected]", "[[[", "claim.toml"),
    ],
)
def test_a_malformed_claim_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        load_claims(write_claim(tmp_path, CLAIM.replace(old, new)))


def test_an_unknown_claim_is_refused(tmp_path: Path) -> None:
    claims = load_claims(write_claim(tmp_path, CLAIM))
    assert [claim.name for claim in choose(claims, ["a-claim"])] == ["a-claim"]
    with pytest.raises(UnknownNameError, match="'b-claim', expected one of a-claim"):
        choose(claims, ["b-claim"])


def test_values_are_written_as_claims_write_them() -> None:
    values = [Fraction(3, 2), Interval(Fraction(0), Fraction(1)), False, None, "x", (1, 2)]
    assert as_text(values) == "3/2, [0, 1], no, none, x, 1, 2"
