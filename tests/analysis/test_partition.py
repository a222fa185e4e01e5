from __future__ import annotations

from fractions import Fraction

import pytest

from polyrelax.analysis.partition import PhaseSearch, first_layer_first, last_layer_first
from polyrelax.errors import FalseBoundError
from polyrelax.networks.gallery import maximum
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.layerwise import Phase


def cube(dim: int) -> Polytope:
    return Polytope.box([0] * dim, [1] * dim)


@pytest.mark.parametrize("dim", [2, 3, 4])
def test_the_order_of_branching_decides_between_exponentially_and_linearly_many_leaves(
    dim: int,
) -> None:
    """Nested maxima have d - 1 splits in a row, of which the last one says most."""
    counts = [
        len(list(PhaseSearch(maximum(dim), cube(dim), Fraction(1), order).leaves()))
        for order in (first_layer_first, last_layer_first)
    ]
    assert counts == [2 ** (dim - 1), dim]


def test_a_bound_that_the_relaxation_proves_at_once_needs_no_split() -> None:
    search = PhaseSearch(maximum(2), cube(2), Fraction(3, 2), first_layer_first)
    assert list(search.leaves()) == [()]


def test_both_phases_of_a_split_are_searched() -> None:
    search = PhaseSearch(maximum(2), cube(2), Fraction(1), first_layer_first)
    assert [[phase.active for phase in leaf] for leaf in search.leaves()] == [[False], [True]]
    assert {phase for leaf in search.leaves() for phase in leaf} == {
        Phase(1, 0, active=False),
        Phase(1, 0, active=True),
    }


def test_a_false_bound_is_found_out() -> None:
    search = PhaseSearch(maximum(2), cube(2), Fraction(9, 10), first_layer_first)
    with pytest.raises(FalseBoundError, match="found 1, expected <= 9/10"):
        list(search.leaves())
