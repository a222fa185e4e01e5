"""The enumeration against orbits found by applying every symmetry to every network."""

import math
from fractions import Fraction
from itertools import pairwise, permutations, product

import pytest

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import Vector, primitive, vector
from polyrelax.errors import DimensionError, ShapeError, TooLargeError
from polyrelax.search.candidates import Candidate, Space

UNIT = Interval(Fraction(-1), Fraction(1))
HALF = Interval(Fraction(0), Fraction(1))


def space(
    shape: str, values: str, outputs: str, *, box: Interval = UNIT, omitted: int = 0
) -> Space:
    widths = tuple(map(int, shape.split("-")))
    numbers = [vector(text.split()) for text in (values, outputs)]
    return Space(widths, numbers[0], numbers[1], (box,) * widths[0], omitted)


def all_networks(given: Space) -> set[Candidate]:
    """Return every network of the shape, whatever its orbit."""
    layers = [
        product(given.rows(k), repeat=given.shape[k + 1]) for k in range(given.hidden_layers)
    ]
    patterns = product(given.outputs, repeat=given.shape[-2])
    kept = [p for p in patterns if given.omitted == 0 or min(c * given.omitted for c in p) < 0]
    scaled: dict[tuple[int, ...], Vector] = {}
    for pattern in sorted(kept, key=lambda p: (sum(map(abs, p)), p)):
        scaled.setdefault(primitive(pattern), pattern)
    return {
        Candidate(hidden, pattern) for hidden in product(*layers) for pattern in scaled.values()
    }


def neighbours(given: Space, candidate: Candidate) -> set[Candidate]:
    """Return the images under generators: swaps of neurons and inputs, flips of an input."""
    found = set()
    hidden, outputs = candidate.hidden, candidate.outputs
    for k, rows in enumerate(hidden):
        for order in permutations(range(len(rows))):
            moved = tuple(rows[j] for j in order)
            after = list(hidden)
            after[k] = moved
            last = outputs
            if k + 1 < len(hidden):
                after[k + 1] = tuple(
                    (*(row[j] for j in order), row[-1]) for row in hidden[k + 1]
                )
            else:
                last = tuple(outputs[j] for j in order)
            found.add(Candidate(tuple(after), last))
    inputs = range(given.shape[0])
    for order in permutations(inputs):
        first = tuple((*(row[j] for j in order), row[-1]) for row in hidden[0])
        found.add(Candidate((first, *hidden[1:]), outputs))
    if given.box[0] == UNIT and {-v for v in given.values} == set(given.values):
        first = tuple((-row[0], *row[1:]) for row in hidden[0])
        found.add(Candidate((first, *hidden[1:]), outputs))
    return found


def orbit_labels(given: Space) -> dict[Candidate, int]:
    left = all_networks(given)
    labels: dict[Candidate, int] = {}
    for number, start in enumerate(sorted(left, key=repr)):
        if start in labels:
            continue
        stack = [start]
        while stack:
            here = stack.pop()
            if here not in labels:
                assert here in left
                labels[here] = number
                stack += neighbours(given, here)
    return labels


SPACES = [
    space("1-1-1", "-1 0 1", "1"),
    space("1-2-1", "-1 0 1", "-1 1"),
    space("1-2-1", "-1 1 2", "-1 1 2"),
    space("1-3-1", "-1 0 1", "-1 1"),
    space("2-2-1", "-1 1", "-1 1"),
    space("2-2-1", "0 1", "-1 2", box=HALF),
    space("1-1-2-1", "-1 0 1", "-1 1"),
    space("1-2-1-1", "-1 1", "1"),
    space("1-2-2-1", "-1 1", "-1 1"),
    space("1-2-2-1", "-1 1", "-1 1", omitted=1),
    space("1-2-2-1", "0 1", "-1 1 2", box=HALF),
    space("1-1-3-1", "-1 1", "-1 1"),
    space("1-2-1-2-1", "-1 1", "-1 1", omitted=-1),
]


@pytest.mark.parametrize("given", SPACES, ids=lambda s: f"{s.shape}{s.values}")
def test_every_orbit_is_met_and_the_orbits_are_counted(given: Space) -> None:
    labels = orbit_labels(given)
    enumerated = list(given.slice(0, given.size))
    assert len(enumerated) == len(set(enumerated)) == given.size
    assert {labels[candidate] for candidate in enumerated} == set(labels.values())
    assert given.distinct == len(set(labels.values()))


@pytest.mark.parametrize(
    ("largest", "first", "second", "patterns", "size"),
    [(1, 12, 24, 2, 13_824), (2, 110, 120, 5, 7_920_000)],
)
def test_the_published_1_2_2_1_spaces_have_the_published_sizes(
    largest: int, first: int, second: int, patterns: int, size: int
) -> None:
    # First layers: of the k = 2R (2R + 1) rows, k(k + 1)/2 multisets, of which k/2 are kept
    # by the flip of the input.  Second rows: ((2R + 1)^2 - 1)(2R + 1).
    values = " ".join(map(str, range(-largest, largest + 1)))
    outputs = " ".join(map(str, sorted({*range(-largest, largest + 1)} - {0})))
    given = space("1-2-2-1", values, outputs, omitted=1)
    rows = 2 * largest * (2 * largest + 1)
    assert (rows * (rows + 1) // 2 + rows // 2) // 2 == first == len(given.first_layers)
    assert len(given.rows(1)) == second
    assert len(given.patterns) == patterns
    assert given.size == first * second**2 * patterns == size


def test_slices_are_parts_of_the_whole_in_order() -> None:
    given = space("1-2-2-1", "-1 1", "-1 1")
    whole = list(given.slice(0, given.size))
    cuts = [0, 7, 8, 100, given.size]
    parts = [given.slice(a, b) for a, b in pairwise(cuts)]
    assert [candidate for part in parts for candidate in part] == whole


def test_a_candidate_computes_what_its_parameters_say() -> None:
    # relu(x + 1) = 3 at x = 2; relu(-2 * 3 + 7) = 1; times the output weight -3
    chosen = Candidate(((vector([1, 1]),), (vector([-2, 7]),)), vector([-3]))
    assert chosen.network(vector([2])) == vector([-3])


def test_rows_without_weights_do_not_occur() -> None:
    given = space("2-1-1", "0 1", "1")
    assert math.prod([len(given.rows(0)), 1]) == 3 * 2
    assert all(any(row[:-1]) for row in given.rows(0))


def test_a_shape_without_hidden_layer_is_refused() -> None:
    for shape in ("1-1", "1-2-2", "1-0-1"):
        with pytest.raises(ShapeError, match="expected a hidden layer"):
            space(shape, "1", "1")
    with pytest.raises(DimensionError, match="dimension 1, expected 2"):
        Space((2, 1, 1), vector([1]), vector([1]), (UNIT,))
    with pytest.raises(ShapeError, match="other than zero"):
        space("1-1-1", "0", "1")


def test_a_number_outside_is_refused() -> None:
    given = space("1-1-1", "1", "1")
    with pytest.raises(IndexError, match="expected 0 to 0"):
        given[given.size]


def test_too_many_first_layers_are_refused_at_once() -> None:
    # 24 * 5 = 120 rows: C(123, 4) = 9,078,630 multisets of four.
    with pytest.raises(TooLargeError, match="found 9078630 first layers"):
        _ = space("2-4-1", "-2 -1 0 1 2", "1").size
