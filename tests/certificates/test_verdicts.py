"""Verdicts are those of the checker, on the ranges that the relaxations find."""

import pytest

import polyrelax.certificates.verdicts as module
from polyrelax.certificates.certify import certify_gap
from polyrelax.certificates.check import RejectedError, check
from polyrelax.certificates.verdicts import verdicts
from polyrelax.errors import FalseBoundError, TooLargeError
from polyrelax.networks.gallery import maximum, tent
from polyrelax.networks.network import network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate
from tests.certificates.cases import NAMES, PROBLEMS, SEGMENT


@pytest.mark.parametrize("name", NAMES)
def test_each_output_has_an_accepted_certificate_of_its_range(name: str) -> None:
    net = network(([[1], [-1]], [0, "1/2"]), ([[1, 1], [1, -1]], [0, 0]))
    found = verdicts(net, SEGMENT, name)
    assert [v.output for v in found] == [0, 1]
    assert all(v.is_accepted for v in found)
    assert tuple(v.range for v in found) == propagate(net, SEGMENT, relaxation(name)).output


def test_a_rejection_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def rejecting(text: str) -> str:
        raise RejectedError(f"node 0: found {text[:1]}")

    monkeypatch.setattr(module, "check", rejecting)
    [found] = verdicts(tent(), SEGMENT, "triangle")
    assert str(found) == "rejected: node 0: found {"


def test_large_networks_are_refused() -> None:
    with pytest.raises(TooLargeError, match="found 4 ReLU neurons, expected at most 3"):
        verdicts(tent(), SEGMENT, "exact", limit=3)


@pytest.mark.parametrize("name", ["triangle", "krelu:2", "m:2", "p:1", "dp0", "ibp"])
def test_a_gap_is_certified_for_any_relaxation(name: str) -> None:
    certificate = certify_gap(tent(), SEGMENT, name)
    high, low = certificate.values
    exact = propagate(tent(), SEGMENT, relaxation("exact")).output[0]
    relaxed = propagate(tent(), SEGMENT, relaxation(name)).output[0]
    assert high - low == max(relaxed.upper - exact.upper, exact.lower - relaxed.lower) > 0
    assert check(certificate.dumps()) == str(certificate)


def test_a_gap_is_certified_on_the_side_asked_for() -> None:
    assert certify_gap(*PROBLEMS["two neurons"], "triangle", sign=1).values == (3, 2)
    with pytest.raises(FalseBoundError, match="found triangle at 0 and exact at 0"):
        certify_gap(*PROBLEMS["two neurons"], "triangle", sign=-1)
    with pytest.raises(FalseBoundError, match="expected the first to be greater"):
        certify_gap(maximum(2), Polytope.box([0, 0], [1, 1]), "p:1")
    assert certify_gap(tent(), SEGMENT, "triangle", "p:3").values == (0, -1)
