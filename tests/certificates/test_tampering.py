"""Whatever is changed in a certificate, no false claim is accepted.

A changed certificate is rejected, or its claim is unchanged (another proof of it), or the
changed claim is true by the relaxations themselves, which share no code with the checker.

Nodes are derived from earlier ones only, so a change is examined from the first node that it
touches; that this is what the checker says of the whole is tested for one change in ``STEP``.
"""
# ruff: noqa: ANN401 -- documents are JSON

import copy
import json
from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from typing import Any

import pytest

from polyrelax.certificates.check import (
    Checker,
    RejectedError,
    UnreadableError,
    Work,
    assumptions,
    check,
)
from tests.certificates.by_hand import CITING, at
from tests.certificates.cases import NAMES, Document, is_true, parsed, rehashed, samples

WORDS = (
    (
        "ibp",
        "dp0",
        "dp1",
        "fastlin",
        "triangle",
        "krelu:1",
        "krelu:2",
        "m:1",
        "p:1",
        "p:2",
        "exact",
    ),
    (
        "linear",
        "cases",
        "run",
        "point",
        "between",
        "windows",
        "range",
        "boxes",
        "interval",
        "hull",
        "functional",
        "pairs",
        "gradients",
        "cite",
    ),
    ("positive", "above", "upper", "lower", "sign", "input", "assumed"),
    ("at most", "reaches"),
)
STEP = 23
DOCUMENTS = [*(parsed(sample) for sample in samples()), rehashed(CITING)]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value in a document."""
    yield path
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, entry in items:
            yield from places(entry, (*path, key))


def changed(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    """Return a document with another value at a place; what is not on the way is shared."""
    if not path:
        return value
    result = document.copy()
    result[path[0]] = changed(document[path[0]], path[1:], value)
    return result


def variants(value: Any) -> Iterator[Any]:
    """Yield other values for a field."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value + 1, value - 1, 0, 10**6, str(value), True)
    elif isinstance(value, str):
        yield from _texts(value)
    elif isinstance(value, list):
        yield from ([*value[:k], *value[k + 1 :]] for k in range(len(value)))
        yield from ([*value[:k], value[k], *value[k:]] for k in range(len(value)))
        yield from (value[::-1], [], {})
    elif isinstance(value, dict):
        yield from ({k: v for k, v in value.items() if k != key} for key in value)
        yield from ({**value, "more": "1"}, [])


def _texts(value: str) -> Iterator[str]:
    for words in WORDS:
        if value in words:
            yield from words
            return
    yield from ("x", "2/2")
    if value in ("1", "max"):
        yield from ("1", "max")
    if value.lstrip("-")[:1].isdigit() and len(value) < 64:
        yield from ("0", "1", "-1", "2", f"-{value}".replace("--", ""), f"{value}0", "1/2")
        yield from ("999/1000", "1001/1000", "1999/1000", "2999/1000")


def single_changes(document: Document) -> Iterator[Document]:
    for path in places(document):
        if path:
            for value in variants(at(document, path)):
                if value != at(document, path) or type(value) is not type(at(document, path)):
                    yield changed(document, path, value)


def is_accepted(document: Document) -> bool:
    try:
        check(json.dumps(document))
    except (RejectedError, UnreadableError):
        return False
    return True


class Resumed:
    """The checker's states before each node of a valid document, and after the last."""

    def __init__(self, document: Document) -> None:
        self.document = document
        checker = Checker(document)
        checker.assume(assumptions(document["claim"]))
        self.states = [_copied(checker)]
        for node in document["nodes"]:
            checker.proved.append(checker.node(node))
            self.states.append(_copied(checker))

    def accepts(self, other: Document) -> bool:
        """Whether the checker accepts what one change makes of the document."""
        if not self.differs_late(other):
            return is_accepted(other)
        pairs = zip(self.document["nodes"], other["nodes"], strict=False)
        first = next((k for k, (a, b) in enumerate(pairs) if a is not b), None)
        fewest = min(len(self.document["nodes"]), len(other["nodes"]))
        start = fewest if first is None else first
        checker = _copied(self.states[start])
        try:
            for node in other["nodes"][start:]:
                checker.proved.append(checker.node(node))
            checker.claim(other["claim"], other["proof"])
        except RejectedError:
            return False
        return True

    def differs_late(self, other: Document) -> bool:
        """Whether all that is read before the nodes is the same object."""
        head = ("format", "sha256", "problem")
        return (
            other.keys() == self.document.keys()
            and all(other[key] is self.document[key] for key in head)
            and isinstance(other["claim"], dict)
            and other["claim"].get("assuming") is self.document["claim"].get("assuming")
            and isinstance(other["nodes"], list)
        )


def _copied(checker: Checker) -> Checker:
    result = copy.copy(checker)
    result.proved, result.cited = [*checker.proved], [*checker.cited]
    result.citations, result.work = {*checker.citations}, Work(10**6)
    return result


def same_claim(a: Document, b: Document) -> bool:
    return (a["claim"], a["problem"]) == (b["claim"], b["problem"])


@pytest.mark.parametrize("document", DOCUMENTS, ids=range(len(DOCUMENTS)))
def test_no_single_change_proves_a_false_claim(document: Document) -> None:
    resumed = Resumed(document)
    accepted = [other for other in single_changes(document) if resumed.accepts(other)]
    altered = [other for other in accepted if not same_claim(document, other)]
    assert [other["claim"] for other in altered if not is_true(other)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=range(len(DOCUMENTS)))
def test_what_is_examined_from_the_change_on_is_judged_as_the_whole(document: Document) -> None:
    resumed = Resumed(document)
    for other in islice(single_changes(document), 0, None, STEP):
        assert resumed.accepts(other) == is_accepted(other)


@pytest.mark.parametrize("document", DOCUMENTS, ids=range(len(DOCUMENTS)))
def test_no_other_network_is_proved_to_be_what_it_is_not(document: Document) -> None:
    for path in places(document["problem"]):
        for value in variants(at(document, ("problem", *path))) if path else ():
            other = rehashed(changed(document, ("problem", *path), value))
            if is_accepted(other):
                assert is_true(other), other["problem"]


@pytest.mark.parametrize("document", DOCUMENTS, ids=range(len(DOCUMENTS)))
def test_no_relaxation_passes_for_another(document: Document) -> None:
    text = json.dumps(document)
    for old in NAMES:
        for new in NAMES:
            other = json.loads(text.replace(f'"{old}"', f'"{new}"'))
            if f'"{old}"' in text and is_accepted(other):
                assert is_true(other), (old, new)


@pytest.mark.parametrize("document", DOCUMENTS, ids=range(len(DOCUMENTS)))
def test_no_attained_bound_can_be_lowered(document: Document) -> None:
    for statement, node in zip(document["claim"]["statements"], document["proof"], strict=True):
        if statement.get("relation") == "at most" and "at_most" in document["nodes"][node]:
            other = copy.deepcopy(document)
            index = document["claim"]["statements"].index(statement)
            lower = _just_below(Fraction(statement["value"]))
            other["claim"]["statements"][index]["value"] = lower
            other["nodes"][node]["at_most"] = lower
            assert not is_accepted(other) or is_true(other)


def _just_below(value: Fraction) -> str:
    return str(value - Fraction(1, 1000))
