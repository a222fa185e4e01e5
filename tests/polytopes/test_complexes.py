"""Parts of polytopes in the cells of complexes."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given

from polyrelax.polytopes.complexes import Part, Sides, parts, refined
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.subdivision import orthant_cells, volume
from polyrelax.strategies import flat_polytopes, polytopes

SIGNS: list[list[Sides]] = [
    [[Constraint.at_most(axis, 0)], [Constraint.at_least(axis, 0)]] for axis in ([1, 0], [0, 1])
]


def _at_most(low: int, high: int) -> Constraint:
    return Constraint.at_most([(j == low) - (j == high) for j in range(3)], 0)


ORDERS: list[Sides] = [[_at_most(a, b), _at_most(b, c)] for a, b, c in permutations(range(3))]


@given(polytopes(dim=2))
def test_refined_signs_are_the_orthants(polytope: Polytope) -> None:
    found = [part.polytope() for _, part in refined(Part.all_of(polytope), SIGNS)]
    assert sorted(p.vertices for p in found) == sorted(
        cell.vertices for cell in orthant_cells(polytope, [0, 1])
    )


@given(polytopes(dim=3, full_dimensional=True))
def test_parts_fill_a_polytope_and_lie_in_their_cells(polytope: Polytope) -> None:
    found = list(parts(Part.all_of(polytope), ORDERS))
    assert sum(volume(part.polytope()) for _, part in found) == volume(polytope)
    for k, part in found:
        assert part.polytope() <= polytope
        assert all(side.is_satisfied_by(x) for side in ORDERS[k] for x in part.vertices)


@given(flat_polytopes(dim=3))
def test_parts_of_flat_polytopes_are_found_once(polytope: Polytope) -> None:
    found = [part.polytope() for _, part in parts(Part.all_of(polytope), ORDERS)]
    assert all(part.affine_dim == polytope.affine_dim for part in found)
    assert len({part.vertices for part in found}) == len(found)
    assert Polytope.hull_of_union(found) == polytope


def test_both_descriptions_of_a_part_agree() -> None:
    triangle = Polytope.hull([[0, 0], [2, 0], [0, 2]], 2)
    ((_, part),) = parts(Part.all_of(triangle), [[Constraint.at_most([1, -1], 0)]])
    found = part.polytope()
    assert found == Polytope.hull([[0, 0], [1, 1], [0, 2]], 2)
    assert found == Polytope.intersection(found.constraints, 2)
