"""The stored certificates of the claims: valid, complete and about the values expected."""

import json
from pathlib import Path

import pytest

from polyrelax.arithmetic.interval import Interval
from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.check import check
from polyrelax.claims import Claim, load_claims
from tests.proofs.certificates import certificates, certified_claims

CLAIMS = certified_claims()
STORED = sorted(
    path for claim in load_claims() for path in claim.path.glob("certificate-*.json")
)


@pytest.mark.parametrize("path", STORED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_stored_certificate_is_accepted(path: Path) -> None:
    statements = json.loads(path.read_text(encoding="utf-8"))["claim"]["statements"]
    assert check(path.read_text(encoding="utf-8")).count(";") == len(statements) - 1


def stated_values(certificate: Certificate) -> list[str]:
    """Return the ranges that a certificate states, or the one minimum."""
    values = certificate.values
    if len(values) == 2:
        return [f"{-values[0]}"]
    pairs = zip(values[::4], values[2::4], strict=True)
    return [str(Interval(-lower, upper)) for upper, lower in pairs]


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.name)
def test_what_is_stored_is_what_is_made_and_has_the_expected_values(claim: Claim) -> None:
    made, expected = dict(certificates(claim)), " ".join(claim.expected.values())
    assert sorted(made) == sorted(claim.path.glob("certificate-*.json"))
    for path, certificate in made.items():
        fresh, stored = json.loads(certificate.dumps()), json.loads(path.read_text("utf-8"))
        assert (fresh["claim"], fresh["problem"]) == (stored["claim"], stored["problem"])
        for value in stated_values(certificate):
            assert value in expected, path.name
