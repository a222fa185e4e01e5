"""Make certificates.  Nothing here is trusted: :mod:`polyrelax.certificates.check` decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol, TypeAlias, final

from polyrelax.arithmetic.arguments import all_of, exact, listed, require
from polyrelax.arithmetic.rational import ONE, ZERO, shown, text
from polyrelax.arithmetic.words import amount
from polyrelax.certificates.certificate import (
    Bound,
    Certificate,
    Form,
    Json,
    Statement,
    Term,
)
from polyrelax.certificates.layer_hulls import LayerHulls
from polyrelax.certificates.ledger import (
    Coordinate,
    Ledger,
    Reason,
    Reference,
    affinity,
    depth_of,
)
from polyrelax.certificates.phase_tree import phase_tree
from polyrelax.certificates.single_layer import SingleLayer, single_layer
from polyrelax.certificates.value_forms import form_of, output_form
from polyrelax.certificates.windows import Windows
from polyrelax.errors import DimensionError, FalseBoundError, ShapeError
from polyrelax.networks.input_sets import InputSet, input_set
from polyrelax.networks.layers import Affine
from polyrelax.networks.network import Network
from polyrelax.networks.regions import extremes
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.cross_layer import CrossLayer
from polyrelax.relaxations.exact import Exact
from polyrelax.relaxations.interval import IBP
from polyrelax.relaxations.layer_hull import LayerHull
from polyrelax.relaxations.layerwise import is_unstable
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import Relaxation
from polyrelax.relaxations.triangle import Triangle
from polyrelax.systems.cases import RefutedError
from polyrelax.systems.places import as_place

AT_MOST, REACHES = "at most", "reaches"

Maximum: TypeAlias = tuple[Statement, Statement]
"""That a relaxation is at most a value, and that it reaches it."""


@final
class ContraryError(FalseBoundError):
    """A claim that fails, with a certificate of the contrary."""

    def __init__(self, message: str, contrary: Certificate) -> None:
        super().__init__(message)
        self.contrary = contrary


class Prover(Protocol):
    """Rows and points for the bounds of one relaxation."""

    def maximum(self, form: Form) -> tuple[Fraction, Reference, Reference]:
        """Return a bound, a node of a row that states it and of a point that attains it."""


@final
@dataclass(frozen=True)
class _Layered:
    ledger: Ledger
    relaxation: Relaxation
    known: dict[int, SingleLayer] = field(default_factory=dict)

    def maximum(self, form: Form) -> tuple[Fraction, Reference, Reference]:
        depth = depth_of(form)
        if depth not in self.known:
            self.known[depth] = single_layer(self.ledger, self.relaxation, depth)
        prover = self.known[depth]
        value, row = prover.upper(form)
        return value, row, prover.attained(form)[1]


@final
@dataclass(frozen=True)
class _Intervals:
    ledger: Ledger

    def maximum(self, form: Form) -> tuple[Fraction, Reference, Reference]:
        if len(form) != 1:
            raise ShapeError(
                f"found a form of {amount(len(form), 'term')}, expected one for ibp"
            )
        [(c, i, j)] = form
        if abs(c) != 1:
            raise ShapeError(f"found the coefficient {shown(c)}, expected 1 or -1 for ibp")
        box = list(IBP().sets(self.ledger.network, self.ledger.domain))[i].bounds[j]
        value = box.upper if c > 0 else -box.lower
        place: dict[str, Json] = {"coordinate": [i, j], "boxes": self._boxes()}
        side = "above" if c > 0 else "below"
        row = self.ledger.add({"kind": "interval", **place, "side": side})
        return value, row, self.ledger.add({"kind": "range", "relaxation": "ibp", **place})

    def _boxes(self) -> Reference:
        if self.ledger.domain.is_box:
            return self.ledger.add({"kind": "boxes"})
        inputs = _triangles(self.ledger, 0)
        ranges: Json = [inputs.range(0, j) for j in range(self.ledger.network.in_dim)]
        return self.ledger.add({"kind": "boxes", "inputs": ranges})


@final
@dataclass(frozen=True)
class _Exact:
    ledger: Ledger

    def maximum(self, form: Form) -> tuple[Fraction, Reference, Reference]:
        depth = depth_of(form)
        network = self.ledger.network
        width = network.widths[depth]
        terms = tuple((j, c) for c, _, j in form)
        read = Affine((terms,), (ZERO,), width)
        values = Network((*network.prefix(depth).layers, read))
        best = extremes(values, self.ledger.domain)[0].maximum
        row = exact_row(self.ledger, form, best.value)
        return best.value, row, self.ledger.run(best.point)


def _triangles(ledger: Ledger, depth: int) -> SingleLayer:
    """Return the rows of triangles, which hold of the network."""
    return single_layer(ledger, Triangle(), depth, name="exact")


def exact_row(
    ledger: Ledger,
    form: Form,
    value: Fraction,
    *,
    assumed: Sequence[Reason] = (),
    order: Sequence[Coordinate] | None = None,
) -> Reference:
    """Add a proof by cases that the network keeps a form below a value.

    Raises :class:`polyrelax.systems.cases.RefutedError` with a point where it does not.
    ``order`` is the order in which neurons are split, by default layer by layer those that
    triangles show to be neither always on nor always off.
    """
    require(ledger, Ledger)
    form = form_of(ledger.network, form)
    value = exact(value)
    assumed = all_of(assumed, Reason, "reasons")
    order = None if order is None else [as_place(place) for place in listed(order, "neurons")]
    depth = max((depth_of(form), *(depth_of(row.form) for row in assumed)))
    bounding = _triangles(ledger, depth)
    loose = [place for place, ends in bounding.ends.items() if is_unstable(ends.range)]
    rows = bounding.rows if assumed else _with_stable_sum(bounding, form)
    tree = phase_tree(ledger, form, value, [*rows, *assumed], order or loose)
    return ledger.add({**ledger.stated("cases", "exact", form, value), "tree": tree})


def _with_stable_sum(bounding: SingleLayer, form: Form) -> list[Reason]:
    """Return rows of neurons, those of the last layer's stable ones added up as a form needs.

    No other neuron reads these, so every leaf of a tree of cases would name each of them.
    """
    ledger, ends = bounding.ledger, bounding.ends
    last = max((i for i, _ in ends), default=0)
    stable = [(i, j) for i, j in ends if i == last and not is_unstable(ends[i, j].range)]
    places = [(0, j) for j in range(ledger.network.in_dim)]
    depths = range(1, len(ledger.network.layers) + 1)
    places += [(i, j) for i in depths for j in ledger.neurons(i)]
    read = {places[k]: c for k, c in affinity(form, ledger.coordinates({})).coefficients}
    kept = [row for row in bounding.rows if not any((i, j) in stable for _, i, j in row.form)]
    terms, total = list[Json](), list[Term]()
    for i, j in stable:
        c, found = read.get((i, j), ZERO), ends[i, j]
        on = found.range.upper > 0
        below = ["above" if on else "positive", i, j]
        reason: Json = ["upper", i, j, found.below, found.above] if c > 0 else below
        if c:
            terms.append([text(abs(c)), reason])
            total += [(c, i, j), *([(-c, i - 1, j)] if on else [])]
    if len(terms) < 2:
        return bounding.rows
    head = ledger.stated("linear", "exact", tuple(total), ZERO)
    return [Reason(ledger.add({**head, "terms": terms}), tuple(total)), *kept]


def prover(ledger: Ledger, name: str) -> Prover:
    """Return what proves the bounds of the relaxation called ``name``."""
    match relaxation(name):
        case LayerHull():
            return LayerHulls(ledger)
        case CrossLayer() as windows:
            return Windows(ledger, windows.radius)
        case IBP():
            return _Intervals(ledger)
        case Exact():
            return _Exact(ledger)
        case known:
            return _Layered(ledger, known)


def certify_maximum(network: Network, domain: Polytope, name: str, form: Form) -> Certificate:
    """Certify the maximum of a form of the network's values on a relaxation.

    >>> from polyrelax.networks.gallery import tent
    >>> output = ((ONE, len(tent().layers), 0),)
    >>> print(certify_maximum(tent(), Polytope.box([-1], [1]), "p:1", output).statements[1])
    p:1: 1 v(5, 0) reaches 2
    """
    ledger = Ledger(network, domain)
    return ledger.certificate(_maximum(ledger, name, form_of(network, form)))


def certify_range(
    network: Network, domain: InputSet, *names: str, output: int = 0
) -> Certificate:
    """Certify the range of an output on relaxations: both bounds, and that both are attained.

    >>> from polyrelax.networks.gallery import tent
    >>> print(certify_range(tent(), Polytope.box([-1], [1]), "exact").statements[3])
    exact: -1 v(5, 0) reaches -1
    """
    ledger = Ledger(network, input_set(network, domain))
    statements = [
        statement
        for name in names
        for sign in (ONE, -ONE)
        for statement in _maximum(ledger, name, output_form(network, output, sign))
    ]
    return ledger.certificate(statements)


def certify_looser(
    network: Network, domain: Polytope, looser: str, tighter: str, *, form: Form
) -> Certificate:
    """Certify that one relaxation bounds a form more loosely than another.

    Raises :class:`ContraryError` if it does not.
    """
    ledger = Ledger(network, domain)
    return _strict(ledger, [_gap(ledger, looser, tighter, form_of(network, form))])


def certify_gap(
    network: Network,
    domain: Polytope,
    looser: str,
    tighter: str = "exact",
    *,
    sign: int | None = None,
) -> Certificate:
    """Certify that a relaxation bounds output 0 strictly more loosely than another.

    ``sign`` 1 is about the upper bound, -1 about the lower one, which is that of the negated
    output; without it, the larger of the two gaps is certified.
    Raises :class:`ContraryError` if there is no such gap.

    >>> from polyrelax.networks.gallery import tent
    >>> print(certify_gap(tent(), Polytope.box([-1], [1]), "p:1"))
    p:1: -1 v(5, 0) reaches 0; exact: -1 v(5, 0) <= -1
    """
    ledger = Ledger(network, domain)
    forms = [output_form(network, 0, s) for s in ((1, -1) if sign is None else (sign,))]
    return _strict(ledger, [_gap(ledger, looser, tighter, form) for form in forms])


def certify_exact(network: Network, domain: Polytope, name: str, *, form: Form) -> Certificate:
    """Certify that the network attains the bound of a form on a relaxation.

    Raises :class:`ContraryError` if it does not.
    """
    ledger, known = Ledger(network, domain), form_of(network, form)
    (bound, reached), (least, attained) = _gap(ledger, name, "exact", known)
    if bound.value != attained.value:
        raise ContraryError(
            f"found {name} at {shown(bound.value)} and the network at {shown(attained.value)}, "
            "expected equality",
            ledger.certificate([reached, least]),
        )
    return ledger.certificate([bound, attained])


def certify_infeasible(
    network: Network, domain: Polytope, rows: Sequence[Bound] = ()
) -> Certificate:
    """Certify that no input satisfies inequalities between the network's values.

    Raises :class:`polyrelax.systems.cases.RefutedError` with a point if one does.
    """
    ledger = Ledger(network, domain)
    given = all_of(rows, Bound, "rows")
    assumed = [
        Reason(["assumed", k], form_of(network, row.form), row.at_most)
        for k, row in enumerate(given)
    ]
    try:
        node = exact_row(ledger, (), -ONE, assumed=assumed)
    except RefutedError as refuted:
        raise RefutedError("that all rows hold", refuted.point, "none where they do") from None
    return ledger.certificate([Statement("exact", (), AT_MOST, -ONE, node)], given)


def _gap(ledger: Ledger, looser: str, tighter: str, form: Form) -> tuple[Maximum, Maximum]:
    """Return the maxima of a form on two relaxations."""
    return _maximum(ledger, looser, form), _maximum(ledger, tighter, form)


def _strict(ledger: Ledger, gaps: Sequence[tuple[Maximum, Maximum]]) -> Certificate:
    """Certify the greatest gap between maxima, or that there is none."""
    (_, high), (low, _) = max(gaps, key=lambda gap: gap[0][0].value - gap[1][0].value)
    if high.value <= low.value:
        contrary = [each for looser, tighter in gaps for each in (looser[0], tighter[1])]
        raise ContraryError(
            f"found {high.relaxation} at {shown(high.value)} and {low.relaxation} at "
            f"{shown(low.value)}, expected the first to be greater",
            ledger.certificate(contrary),
        )
    return ledger.certificate([high, low])


def _maximum(ledger: Ledger, name: str, form: Form) -> Maximum:
    if not form:
        raise DimensionError("found a form without terms, expected at least one")
    exact = form_of(ledger.network, form)
    value, row, point = prover(ledger, name).maximum(exact)
    return (
        Statement(name, exact, AT_MOST, value, row),
        Statement(name, exact, REACHES, value, point),
    )
