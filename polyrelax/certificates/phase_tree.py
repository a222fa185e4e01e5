"""Trees of cases in which neurons are off or on, as certificates of rectifiers write them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias, final

from polyrelax.arithmetic.arguments import all_of, exact, listed, require
from polyrelax.arithmetic.rational import ONE
from polyrelax.certificates.certificate import Form, Json
from polyrelax.certificates.ledger import Coordinate, Ledger, Phases, Reason
from polyrelax.certificates.value_forms import form_of
from polyrelax.systems.places import as_place
from polyrelax.systems.tree import CaseTree, Key


@final
@dataclass(frozen=True)
class _Case:
    """What is known of some neurons, and those that may be split."""

    phases: Phases
    rest: tuple[Coordinate, ...]


@final
@dataclass(frozen=True)
class _Split:
    """The places of the two cases of a neuron."""

    neuron: Coordinate
    off: int
    on: int


_Node: TypeAlias = "Json | _Split"


def phase_tree(
    ledger: Ledger,
    form: Form,
    value: Fraction,
    rows: Sequence[Reason],
    neurons: Sequence[Coordinate],
) -> Json | None:
    """Return a tree of cases that proves ``form <= value``, if there is one.

    It splits the neurons in their order, where multipliers of rows do not prove it before.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> from polyrelax.polytopes.polytope import Polytope
    >>> ledger = Ledger(absolute_value(), Polytope.box([-1], [1]))
    >>> phase_tree(ledger, ((ONE, 2, 0),), Fraction(1, 2), [], [(2, 0)]) is None
    True
    """
    require(ledger, Ledger)
    form, value = form_of(ledger.network, form), exact(value)
    rows = all_of(rows, Reason, "reasons")
    tree: CaseTree[_Case, _Node] = CaseTree(_depth_first, _Case)
    tree.open(_Case({}, tuple(as_place(place) for place in listed(neurons, "neurons"))))
    for place, case in tree.cases():
        known = [*rows, *_signs(case.phases)]
        leaf = ledger.maximum(form, known, case.phases)
        if leaf is not None and leaf.value is None:
            tree.nodes[place] = {"empty": leaf.terms}
        elif leaf is not None and leaf.value is not None and leaf.value <= value:
            tree.nodes[place] = leaf.terms
        elif case.rest:
            tree.nodes[place] = _split(tree, case)
        else:
            return None
    return _nested(tree.nodes)


def _depth_first(case: _Case) -> Key:
    return (-len(case.phases),)


def _split(tree: CaseTree[_Case, _Node], case: _Case) -> _Split:
    """Open the cases of the first neuron that may be split."""
    first, *rest = case.rest
    off, on = (
        tree.open(_Case({**case.phases, first: phase}, tuple(rest))) for phase in (False, True)
    )
    return _Split(first, off, on)


def _nested(nodes: Sequence[_Node | None]) -> Json:
    """Return nodes as one, each with the cases below it."""
    written: dict[int, Json] = {}
    for place, node in reversed(list(enumerate(nodes))):
        assert node is not None, "all cases are closed"
        if isinstance(node, _Split):
            cases: dict[str, Json] = {"off": written[node.off], "on": written[node.on]}
            written[place] = {"split": list(node.neuron), **cases}
        else:
            written[place] = node
    return written[0]


def _signs(phases: Phases) -> list[Reason]:
    """Return the inequalities that known phases say of the neurons' inputs."""
    return [
        Reason(["sign", i, j], ((-ONE if on else ONE, i - 1, j),))
        for (i, j), on in phases.items()
    ]
