"""Trees of cases: their order is the caller's, and what is in work is not lost."""

from __future__ import annotations

from polyrelax.systems.tree import CaseTree


def grown(tree: CaseTree[str, tuple[int, ...]]) -> list[str]:
    """Open "", and below each text of fewer than two letters its two longer ones."""
    tree.open("")
    seen = []
    for place, case in tree.cases():
        seen.append(case)
        longer = [case + letter for letter in "ab"] if len(case) < 2 else []
        tree.nodes[place] = tuple(map(tree.open, longer))
    return seen


def test_cases_come_in_the_order_that_is_asked_for() -> None:
    deep = CaseTree[str, tuple[int, ...]](lambda case: tuple(map(ord, case)), str)
    assert grown(deep) == ["", "a", "aa", "ab", "b", "ba", "bb"]
    wide = CaseTree[str, tuple[int, ...]](lambda case: (len(case),), str)
    assert grown(wide) == ["", "a", "b", "aa", "ab", "ba", "bb"]


def test_nodes_are_flat_and_name_those_below_them() -> None:
    tree = CaseTree[str, tuple[int, ...]](lambda case: (len(case),), str)
    grown(tree)
    assert tree.nodes == [(1, 2), (3, 4), (5, 6), (), (), (), ()]


def test_a_case_in_work_is_still_the_first() -> None:
    tree = CaseTree[int, str](lambda size: (-size,), int)
    assert tree.first is None
    for size in (1, 3, 2):
        tree.open(size)
    cases = tree.cases()
    assert next(cases) == (1, 3)
    assert tree.first == 3  # interrupted here
    assert next(cases) == (2, 2)
    assert next(cases) == (0, 1)
    assert next(cases, None) is None
    assert tree.first is None
