r"""Certificates of Lipschitz constants, from both sides, made of the tree of cases.

The upper bound is a tree of the checker's (node ``gradients`` of :doc:`certificates`): cases
with short gradients, where the checker computes the bound of
:mod:`polyrelax.verification.gradients` anew, and cases without interior, whose multipliers the
search has kept.  The lower bound is a pair of inputs.  So nothing is searched again.  Where the
upper bound is the product of the layers' norms, the tree is a leaf.

For the maximum norm the tree bounds each output.  For the 1-norm it bounds all sums of outputs
with signs, one of each pair of opposites.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Final, TypeAlias, assert_never, final

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.rational import shown, text
from polyrelax.certificates.certificate import (
    AnyStatement,
    Certificate,
    Form,
    Json,
    LipschitzStatement,
    form_data,
)
from polyrelax.certificates.certify import AT_MOST, REACHES
from polyrelax.certificates.ledger import Ledger
from polyrelax.certificates.streamed import Problem
from polyrelax.certificates.subjects import digest
from polyrelax.certificates.value_forms import output_form
from polyrelax.errors import ShapeError, TooLargeError
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.verification.chains import Stage, is_rectified
from polyrelax.verification.compositions import CompositionSearch
from polyrelax.verification.lipschitz import LipschitzBounds, LipschitzSearch, Steepest
from polyrelax.verification.search import Closed, Search, Split, Twin
from polyrelax.verification.streamed_gradients import Lines, StreamedGradients

MOST_SUMMED: Final = 6
"""Outputs in the 1-norm; their sums with signs are twice as many for each one more."""
_NORMS: Final[Mapping[str, str]] = {"inf": "max", "1": "1"}
_SHORT: Final[Json] = {"terms": []}
AnySearch: TypeAlias = LipschitzSearch | CompositionSearch
"""A search for a constant, by cases or without them."""


def certify_lipschitz(
    network: Network, domain: Polytope, norm: str = "max", *, output: int = 0
) -> Certificate:
    """Certify the least Lipschitz constant of an output on a set; two inputs attain it.

    ``norm`` measures the inputs: ``max`` or ``1``.  Raises :class:`ShapeError` for a set
    without interior.

    >>> from polyrelax.networks.gallery import maximum
    >>> print(certify_lipschitz(maximum(2), Polytope.box([0, 0], [1, 1])).statements[0])
    the Lipschitz constant of 1 v(3, 0) in the max-norm <= 1
    """
    if not isinstance(norm, str) or norm not in _NORMS.values():
        raise ShapeError(f"found the norm {shown(norm)}, expected 1 or max")
    search = LipschitzSearch(network, domain, "inf" if norm == "max" else "1", output)
    for _ in search.run():
        pass
    return _nested(search)


def require_certifiable(network: Network, norm: str) -> None:
    """Raise an error for a network about whose constants there are no certificates.

    >>> from polyrelax.networks.gallery import tent
    >>> require_certifiable(tent(), "inf")
    """
    digest(network)
    require(norm, str)
    if norm == "1" and network.out_dim > MOST_SUMMED:
        raise TooLargeError(
            f"found {network.out_dim} outputs, expected at most {MOST_SUMMED} in the 1-norm"
        )


def certified(found: AnySearch) -> Certificate | StreamedGradients:
    """Certify what a search has proved: no more than its upper, at least its lower bound.

    Of networks of other neurons than rectifiers the certificate is one of lines.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> search = LipschitzSearch(absolute_value(), Polytope.box([-1], [1]), "inf")
    >>> _ = list(search.run())
    >>> print(certified(search))
    the Lipschitz constant of 1 v(3, 0) in the max-norm <= 1; \
the Lipschitz constant of 1 v(3, 0) in the max-norm reaches 1
    """
    require(found, LipschitzSearch | CompositionSearch)
    require_certifiable(found.network, found.norm)
    if isinstance(found, LipschitzSearch) and is_rectified(found.network):
        return _nested(found)
    return _streamed(found)


def _tree(found: AnySearch) -> _Tree | None:
    """Return the tree that is needed, if norms of layers do not show the upper bound."""
    if isinstance(found, CompositionSearch) or found.bounds().upper == found.search.sizes.most:
        return None
    return _Tree(found.search)


def _output(found: AnySearch) -> int | None:
    return found.output if isinstance(found, LipschitzSearch) else None


def _domain(found: AnySearch) -> Polytope:
    everywhere = Polytope.intersection([], found.network.in_dim)
    return everywhere if found.domain is None else found.domain


def _nested(found: LipschitzSearch) -> Certificate:
    ledger, bounds = Ledger(found.network, _domain(found)), found.bounds()
    norm = _NORMS[found.norm]
    statements: list[AnyStatement] = []
    tree = _tree(found)
    data = [] if tree is None else tree.data(0)
    for form in _forms(found):
        head = {"kind": "gradients", "form": form_data(form), "norm": norm}
        node = {**head, "at_most": text(bounds.upper), **_given(ledger, found), "tree": data}
        proof = ledger.add(node)
        statements.append(_statement(found, AT_MOST, form, proof))
    statements += _reached(ledger, bounds, found)
    return ledger.certificate(statements)


def _forms(found: AnySearch) -> Iterator[Form]:
    """Yield forms of the outputs the greatest of whose constants is that of the network."""
    count, depth = found.network.out_dim, len(found.network.layers)
    output = _output(found)
    if output is not None:
        yield output_form(found.network, output)
    elif found.norm == "inf":
        yield from (output_form(found.network, k) for k in range(count))
    else:
        for signs in product((1, -1), repeat=count - 1):
            yield tuple((Fraction(s), depth, k) for k, s in enumerate((1, *signs)))


def _given(ledger: Ledger, found: LipschitzSearch) -> Mapping[str, Json]:
    """Return what the tree takes as known: the bounds of a box, or a run inside a set."""
    room = found.room
    if room.box is not None:
        return {"boxes": ledger.add({"kind": "boxes"})}
    if not room.sides or room.centre is None:
        return {}
    return {"inside": ledger.run(room.centre)}


def _reached(
    ledger: Ledger, bounds: LipschitzBounds, found: LipschitzSearch
) -> Iterator[LipschitzStatement]:
    steepest = bounds.steepest
    if steepest is not None:
        runs: list[Json] = ["1", *map(ledger.run, steepest.pair)]
        proof = ledger.add({"kind": "pairs", "pairs": [runs]})
        yield _statement(found, REACHES, _steepest_form(found, steepest), proof)


def _steepest_form(found: AnySearch, steepest: Steepest) -> Form:
    """Return the form whose values differ most between the two inputs."""
    depth, first = len(found.network.layers), _output(found) or 0
    sign = next(w for w in steepest.weights if w)
    weights = enumerate(steepest.weights, first)
    return tuple((Fraction(w * sign), depth, k) for k, w in weights if w)


def _statement(found: AnySearch, relation: str, form: Form, proof: int) -> LipschitzStatement:
    bounds = found.bounds()
    value = bounds.upper if relation == AT_MOST else bounds.lower
    return LipschitzStatement(form, _NORMS[found.norm], relation, value, proof)


def _streamed(found: AnySearch) -> StreamedGradients:
    writer, statements, bounds = Lines(), [], found.bounds()
    tree = _tree(found)
    centre = found.room.centre if found.room.sides and tree else None
    given = {} if centre is None else {"inside": writer.run(centre)}
    for form in _forms(found):
        head: dict[str, Json] = {"form": form_data(form), "norm": _NORMS[found.norm]}
        node = {"kind": "gradients", **head, "at_most": text(bounds.upper), **given}
        lines = tree.lines() if tree else [_SHORT]
        statements.append(_statement(found, AT_MOST, form, writer.node(node, lines)))
    if bounds.steepest is not None:
        runs: list[Json] = ["1", *map(writer.run, bounds.steepest.pair)]
        proof = writer.node({"kind": "pairs", "pairs": [runs]})
        form = _steepest_form(found, bounds.steepest)
        statements.append(_statement(found, REACHES, form, proof))
    problem = Problem(found.network, _domain(found))
    return StreamedGradients(problem, tuple(statements), tuple(writer.lines))


@final
@dataclass(frozen=True)
class _Tree:
    """The tree of a search as the checker reads it."""

    search: Search

    def data(self, index: int) -> Json:
        """Return a case and all below it."""
        node = self.search.tree.nodes[index]
        match node:
            case None:
                return []
            case Twin():
                return self.data(node.other)
            case Closed():
                return {"empty": self._terms(node)} if node.gap > 0 else self._terms(node)
            case Split():
                place: Json = self._place(node.stage, node.unit)
                off, on = (self.data(case) for _, case in node.cases)
                return {"split": place, "off": off, "on": on}
            case _:
                assert_never(node)

    def lines(self) -> Iterator[Json]:
        """Yield the nodes of the tree, each before those below it."""
        waiting = [0]
        while waiting:
            node = self.search.tree.nodes[waiting.pop()]
            match node:
                case None:
                    yield {"terms": []}
                case Twin():
                    waiting.append(node.other)
                case Closed():
                    name = "empty" if node.gap > 0 else "terms"
                    yield {name: self._terms(node, is_streamed=True)}
                case Split():
                    name = "split" if self._stage(node.stage).rank is None else "rank"
                    yield {name: self._place(node.stage, node.unit)}
                    waiting += [case for _, case in reversed(node.cases)]
                case _:
                    assert_never(node)

    def _terms(self, node: Closed, *, is_streamed: bool = False) -> list[Json]:
        sides: list[Json] = []
        for y, side in node.sides:
            place = self._place(*side.choice[:2])
            number = self._first(*side.choice[:2]) + side.number
            name: Json = ["region", *place, number] if is_streamed else ["sign", *place]
            sides.append([text(y), name])
        return sides + [[text(y), ["input", k]] for y, k in node.inputs]

    def _stage(self, stage: int) -> Stage:
        return self.search.chain.chain.stages[stage]

    def _place(self, stage: int, unit: int) -> list[int]:
        """Return the layer and the number of a unit; of a rectifier, of its output."""
        return [self._stage(stage).depth, self._stage(stage).numbers[unit]]

    def _first(self, stage: int, unit: int) -> int:
        """Return how many sides a unit has from the steps before, if it is one of a sort."""
        rank = self._stage(stage).rank or 0
        size = self._stage(stage).units[unit].neuron.in_dim
        return sum(size + step for step in range(rank))
