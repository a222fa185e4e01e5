"""The certificates of the claims: valid, complete and about the values expected."""

import ast
import json
import re
from collections.abc import Sequence
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from polyrelax.arithmetic.interval import Interval
from polyrelax.certificates.certificate import Certificate, Form, form_data, problem_data
from polyrelax.certificates.certify import certify_gap, certify_range
from polyrelax.certificates.check import check
from polyrelax.certificates.enumerations import Enumeration
from polyrelax.certificates.functions import certify_zero
from polyrelax.certificates.hulls import certify_hull
from polyrelax.claims import Claim, load_claims
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from tests.certificates.cases import Document
from tests.proofs.certificates import (
    agrees,
    certified_claims,
    enumerations,
    made,
    rebuilt,
    sources,
)

CLAIMS = certified_claims()
STORED = sorted(
    path for claim in load_claims() for path in claim.path.glob("certificate-*.json")
)
SAMPLES = 3
MOST_NETWORKS = 500  # of a space that is enumerated here; `--all` enumerates the others
LONGEST = 15_000
"""Longer ones, if they say how they are made, are not made again: that they are accepted, are
about the same network and state the expected ranges or identity is tested as of all others.
"""


def test_every_claim_that_is_not_open_is_certified() -> None:
    settled = {claim.name for claim in load_claims() if claim.status != "open"}
    assert settled <= {claim.name for claim in CLAIMS}


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.name)
def test_a_certified_claim_has_certificates_and_says_of_what(claim: Claim) -> None:
    keys = {*rebuilt(claim), *dict(enumerations(claim))}
    assert list(claim.path.glob("certificate-*.json")) or keys
    assert keys <= claim.expected.keys()
    script = (claim.path / "certificates.py").read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(script))


@pytest.mark.parametrize("path", STORED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_stored_certificate_is_accepted(path: Path) -> None:
    statements = json.loads(path.read_text(encoding="utf-8"))["claim"]["statements"]
    assert check(path.read_text(encoding="utf-8")).count(";") == len(statements) - 1


def stated_values(claim: Document) -> list[str]:
    """Return the ranges that a certificate states, unless all it says is that they agree."""
    values = [Fraction(stated["value"]) for stated in claim["statements"] if "value" in stated]
    if len(values) % 4 or not values:
        return []
    pairs = zip(values[::4], values[2::4], strict=True)
    ranges = [str(Interval(-lower, upper)) for upper, lower in pairs]
    return ranges if len(ranges) == 1 or len(set(ranges)) > 1 else []


def occurs(value: str, claim: Claim) -> bool:
    """Whether a value is among those that are expected, or named in the claim's text."""
    readme = (claim.path / "README.md").read_text(encoding="utf-8")
    return value in " ".join((*claim.expected.values(), claim.statement, readme))


def states_the_ranges(stored: Document, net: Network, domain: Polytope, *names: str) -> bool:
    """Whether a certificate states the ranges of a network's output, whatever they are."""
    stated = [
        (each["relaxation"], each["relation"], each["form"])
        for each in stored["claim"]["statements"]
    ]
    return stored["problem"] == problem_data(net, domain) and stated == [
        (name, relation, [[sign, len(net.layers), 0]])
        for name in names
        for sign in ("1", "-1")
        for relation in ("at most", "reaches")
    ]


def states_the_identity(stored: Document, net: Network, domain: Polytope, form: Form) -> bool:
    """Whether a certificate states that a form of a network's values is zero."""
    signed = [form_data(form), form_data(tuple((-c, i, j) for c, i, j in form))]
    head = {"relaxation": "exact", "relation": "at most", "value": "0"}
    claim = {"statements": [{**head, "form": each} for each in signed]}
    return (stored["problem"], stored["claim"]) == (problem_data(net, domain), claim)


def states_the_hull(stored: Document, net: Network, domain: Polytope) -> bool:
    """Whether a certificate states a hull of points of a network's graph."""
    [hull] = stored["claim"]["statements"]
    points = [list(map(Fraction, point)) for point in hull["points"]]
    runs = [[*p[: net.in_dim], *net(p[: net.in_dim])] for p in points]
    return (stored["problem"], runs) == (problem_data(net, domain), points)


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.name)
def test_what_is_stored_is_what_is_made_and_has_the_expected_values(claim: Claim) -> None:
    found = dict(sources(claim))
    assert sorted(found) == sorted(claim.path.glob("certificate-*.json"))
    for path, source in found.items():
        stored = json.loads(path.read_text("utf-8"))
        if isinstance(source, partial) and path.stat().st_size > LONGEST:
            if source.func is certify_zero:
                assert states_the_identity(stored, *source.args)
            elif source.func is certify_hull:
                assert states_the_hull(stored, *source.args)
            else:
                assert source.func is certify_range
                assert states_the_ranges(stored, *source.args)
        else:
            fresh = json.loads(made(source).dumps())
            assert (fresh["claim"], fresh["problem"]) == (stored["claim"], stored["problem"])
        missed = [stated["by"] for stated in stored["claim"]["statements"] if "by" in stated]
        for value in (*missed, *stated_values(stored["claim"])):
            assert occurs(value, claim), (path.name, value)


ENUMERATED = [
    (claim, key, part)
    for claim in CLAIMS
    for key, part in enumerations(claim)
    if part.args[0].size <= MOST_NETWORKS
]


@pytest.mark.parametrize(
    ("claim", "key", "part"),
    ENUMERATED,
    ids=[f"{claim.name}-{key}" for claim, key, _ in ENUMERATED],
)
def test_an_enumeration_is_accepted_and_counts_what_is_expected(
    claim: Claim, key: str, part: partial[Enumeration]
) -> None:
    enumeration = part()
    assert check(enumeration.dumps()) == str(enumeration)
    assert agrees(enumeration, claim, key)


FAMILIES = [(claim, key, parts) for claim in CLAIMS for key, parts in rebuilt(claim).items()]
NAMED = [f"{claim.name}-{key}" for claim, key, _ in FAMILIES]


@pytest.mark.parametrize(("claim", "key", "parts"), FAMILIES, ids=NAMED)
def test_certificates_are_as_many_as_the_claim_counts(
    claim: Claim, key: str, parts: Sequence[partial[Certificate]]
) -> None:
    expected = claim.expected[key]
    gaps = [part.args[:2] for part in parts if part.func is certify_gap]
    exact = {part.args[:2] for part in parts if part.func is certify_range}
    total = len({*gaps, *exact})
    networks: dict[bool, set[Any]] = {
        flag: {args[0] for args in places} for flag, places in ((True, exact), (False, gaps))
    }
    if "precise signs" in key:
        assert len(networks[True]) == (expected != "none")
    elif key.startswith("slopes") and " of " in expected:
        counted = f"{len(networks[True])} of {len(networks[True] | networks[False])}"
        assert expected.split(":")[0] == counted
    elif "equals" in key:
        assert expected.split(" of ")[0] == str(total // 2)
    elif "imprecise" in key:
        assert re.split(r"\D", expected)[0] == str(len(gaps))
    elif "bound" not in key and re.fullmatch(r"\d+( of \d+)?", expected):
        assert expected.split(" of ")[-1] == str(total)
    assert total == len(parts) > 0


@pytest.mark.parametrize(("claim", "key", "parts"), FAMILIES, ids=NAMED)
def test_certificates_that_are_not_stored_are_accepted(
    claim: Claim, key: str, parts: Sequence[partial[Certificate]]
) -> None:
    step = 2 if "equals" in key else 1
    for start in range(0, len(parts), step * max(1, len(parts) // (SAMPLES * step))):
        some = [part() for part in parts[start : start + step]]
        assert [check(each.dumps()) for each in some] == [str(each) for each in some]
        assert len({each.values[::2] for each in some}) == 1, "the bounds are equal"
        if "exact" in parts[start].args[3:]:
            blocks = {some[0].values[k : k + 4] for k in range(0, len(some[0].values), 4)}
            assert len(blocks) == 1, "the relaxations are exact"
