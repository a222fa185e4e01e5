"""Trees of boxes: what the checker accepts it has derived, and tampered trees are refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from polyrelax.arithmetic.rational import ONE
from polyrelax.certificates.check import RejectedError, check
from polyrelax.networks.network import Network, network
from polyrelax.networks.properties import Case, Property, Row
from polyrelax.polytopes.polytope import Polytope
from polyrelax.verification.verdict_certificates import certificate
from polyrelax.verification.verdicts import Holds, Violated
from polyrelax.verification.verify import verified
from tests.certificates.cases import rehashed
from tests.certificates.test_schema import errors

Lines = list[dict[str, Any]]

# y0 = |x0| + |x1| - 3/2 and y1 = 1/8 - y0: at most one of them is at least 1/8 anywhere, and
# y1 is at most 13/8, at 0.
FOLD = network(
    ([[1, 0], [-1, 0], [0, 1], [0, -1]], [0, 0, 0, 0]),
    ([[1, 1, 1, 1], [-1, -1, -1, -1]], ["-3/2", "13/8"]),
)
SQUARE = Polytope.box([-1, -1], [1, 1])
ASKEW = Polytope.box([-1, -1], [2, 2])


def at_least(value: Fraction, j: int) -> Row:
    return Row((), ((j, -ONE),), -value)


def both(value: Fraction) -> Property:
    return Property(2, 2, (Case(SQUARE, (at_least(value, 0), at_least(value, 1))),))


def proved(net: Network = FOLD, property_: Property | None = None) -> Lines:
    asked = both(Fraction(1, 8)) if property_ is None else property_
    found = verified(net, asked)
    assert isinstance(found, Holds | Violated)
    text = certificate(net, asked, found)
    assert text is not None
    return list(map(json.loads, text.splitlines()))


def told(lines: Lines) -> str:
    return check("\n".join(map(json.dumps, [rehashed(lines[0]), *lines[1:]])))


def split() -> Lines:
    """A tree of several leaves: on the whole, lines bound |x| by x or by -x."""
    only = Property(2, 2, (Case(ASKEW, (at_least(Fraction(27, 16), 1),)),))
    lines = proved(property_=only)
    assert len(lines[1]["halves"]) > 4
    return lines


def test_a_combination_of_rows_proves_what_none_of_them_does() -> None:
    lines = proved()
    leaf = lines[1]["halves"][0]
    assert len(lines[1]["halves"]) == 1
    assert min(leaf) > 0
    assert told(lines) == "never -1 v(3, 0) <= -1/8 and -1 v(3, 1) <= -1/8"
    assert errors("schema-2.json", lines) == []
    for other in ([1, 0], [0, 1]):
        lines[1]["halves"] = [other]
        with pytest.raises(RejectedError, match="node 0: a leaf is not proved"):
            told(lines)


def drop(lines: Lines) -> None:
    lines[1]["halves"].pop()


def add(lines: Lines) -> None:
    lines[1]["halves"].append([1])


def open_all(lines: Lines) -> None:
    lines[1]["halves"] = []


def close_at_once(lines: Lines) -> None:
    lines[1]["halves"] = [[1]]


def widen(lines: Lines) -> None:
    lines[0]["problem"]["input"]["upper"] = ["5", "2"]


def state_more(lines: Lines) -> None:
    lines[0]["claim"]["statements"][0]["never"][0]["at_most"] = "-13/8"


def state_and_say_more(lines: Lines) -> None:
    state_more(lines)
    lines[1]["never"][0]["at_most"] = "-13/8"


def name_no_row(lines: Lines) -> None:
    lines[1]["halves"] = [[0] if isinstance(x, list) else x for x in lines[1]["halves"]]


def move_splits(lines: Lines) -> None:
    lines[1]["halves"] = [1 if x == 0 else x for x in lines[1]["halves"]]


def skip_a_box(lines: Lines) -> None:
    lines[1]["halves"] = [x if isinstance(x, int) else [] for x in lines[1]["halves"]]


def weigh_negatively(lines: Lines) -> None:
    lines[1]["halves"] = [[-1] if isinstance(x, list) else x for x in lines[1]["halves"]]


def move_a_weight(lines: Lines) -> None:
    lines[0]["problem"]["layers"][2]["affine"]["bias"][1] = "7/4"


TAMPERED: dict[Callable[[Lines], None], str] = {
    drop: "the tree leaves a box open",
    add: "the tree has more leaves than boxes",
    open_all: "the tree leaves a box open",
    close_at_once: "a leaf is not proved",
    widen: "a leaf is not proved",
    state_more: "node 0 proves another statement",
    state_and_say_more: "a leaf is not proved",
    name_no_row: "a leaf has no row",
    move_splits: "a leaf is not proved",
    skip_a_box: "found 0 entries, expected 1",
    weigh_negatively: "expected a whole number below 256",
    move_a_weight: "a leaf is not proved",
}


@pytest.mark.parametrize("change", TAMPERED)
def test_tampered_trees_are_refused(change: Callable[[Lines], None]) -> None:
    lines = split()
    assert told(lines).startswith("never")
    change(lines)
    with pytest.raises(RejectedError, match=TAMPERED[change]):
        told(lines)


def test_a_point_proves_that_rows_hold_somewhere_and_no_more() -> None:
    only = Property(2, 2, (Case(SQUARE, (at_least(Fraction(1, 4), 0),)),))
    lines = proved(property_=only)
    assert told(lines) == "somewhere -1 v(3, 0) <= -1/4"
    assert errors("schema-2.json", lines) == []
    row = lines[0]["claim"]["statements"][0]["somewhere"][0]
    row["at_most"] = "-1/2"
    lines[1]["input"] = ["1", "-1"]
    assert told(lines) == "somewhere -1 v(3, 0) <= -1/2"
    row["strict"] = True
    with pytest.raises(RejectedError, match="a row does not hold at the input"):
        told(lines)


def test_a_tree_is_no_proof_of_networks_that_boxes_are_not_known_of() -> None:
    lines = split()
    lines[0]["problem"]["layers"].append("relu")
    lines[0]["claim"]["statements"][0]["never"][0]["form"][0][1] = 4
    lines[1]["never"][0]["form"][0][1] = 4
    with pytest.raises(RejectedError, match="boxes are known of affine layers with ReLU"):
        told(lines)


THIRDS = network(
    ([["1/3", 0], ["-1/3", 0], [0, "1/3"], [0, "-1/3"]], [0, 0, 0, 0]),
    ([["-1/7"] * 4], ["1/7"]),
)


@pytest.mark.parametrize(("margin", "word"), [("1/10000", "never"), (0, "somewhere")])
def test_weights_between_the_units_are_rounded_down(margin: str, word: str) -> None:
    """The output is (1 - |x0| / 3 - |x1| / 3) / 7, which is greatest at 0."""
    value = Fraction(1, 7) + Fraction(margin)
    only = Property(2, 1, (Case(ASKEW, (at_least(value, 0),)),))
    lines = proved(THIRDS, only)
    assert told(lines).startswith(word)


def test_large_weights_and_offsets_are_refused() -> None:
    lines = split()
    lines[0]["problem"]["layers"][2]["affine"]["bias"][0] = str(2**20)
    lines[0]["problem"]["layers"][0]["affine"]["weight"][0][0] = str(2**20)
    with pytest.raises(RejectedError, match="a weight is too large"):
        told(lines)
