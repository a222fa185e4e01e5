"""Trees of cases in which neurons are off or on, as certificates of rectifiers write them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias, final

from polyrelax.arithmetic.arguments import all_of, exact, listed, require
from polyrelax.arithmetic.rational import ONE, shown
from polyrelax.certificates.certificate import Form, Json
from polyrelax.certificates.ledger import Coordinate, Leaf, Ledger, Phases, Reason
from polyrelax.certificates.value_forms import form_of
from polyrelax.errors import FalseBoundError
from polyrelax.systems.cases import RefutedError
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
) -> Json:
    """Return a tree of cases that proves ``form <= value``.

    It splits the neurons in their order, where multipliers of rows do not prove it before.
    Raises :class:`RefutedError` with a point of the network that is above the value, and
    :class:`FalseBoundError` where a case of all these neurons has a point above it that is
    not the network's.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> from polyrelax.polytopes.polytope import Polytope
    >>> ledger = Ledger(absolute_value(), Polytope.box([-1], [1]))
    >>> phase_tree(ledger, ((ONE, 2, 0),), Fraction(1, 2), [], [(2, 0), (2, 1)])
    Traceback (most recent call last):
    polyrelax.systems.cases.RefutedError: found 1 at inputs ['1'], expected at most 1/2
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
            raise _failed(ledger, leaf, case.phases, value)
    return _nested(tree.nodes)


def _failed(
    ledger: Ledger, leaf: Leaf | None, phases: Phases, value: Fraction
) -> FalseBoundError:
    """Return the error for a case that proves no bound and has nothing left to split."""
    if leaf is None or leaf.value is None or leaf.point is None:
        return FalseBoundError("found an unbounded form, expected rows that bound it")
    solution = leaf.point
    values = [tuple(f.at(solution) for f in forms) for forms in ledger.coordinates(phases)]
    point = {(i, j): v for i, here in enumerate(values) for j, v in enumerate(here)}
    found, expected = shown(leaf.value), f"at most {shown(value)}"
    if ledger.network.activations(values[0]) == tuple(values):
        return RefutedError(found, point, expected)
    return FalseBoundError(f"found {found} with all neurons split, expected {expected}")


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
