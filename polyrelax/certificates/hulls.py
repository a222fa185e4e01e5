r"""Certificates of the convex hull of a network's graph, and of what a relaxation makes of it.

The facets are rows of the relaxation and the points belong to it, so its set of values lies
between the two; that the facets leave nothing outside the points' hull is shown by simplices
that cover its boundary.  These are the faces of a triangulation that belong to one simplex:
the boundary of a chain is a cycle.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import final

from polyrelax.arithmetic.arguments import require, whole
from polyrelax.arithmetic.rational import Vector, sparse
from polyrelax.certificates.certificate import (
    Bound,
    Certificate,
    Form,
    HullStatement,
    Json,
)
from polyrelax.certificates.certify import exact_row
from polyrelax.certificates.ledger import Coordinate, Ledger, Reference
from polyrelax.certificates.single_layer import single_layer
from polyrelax.certificates.windows import Hulls
from polyrelax.errors import ShapeError
from polyrelax.networks.network import Network
from polyrelax.networks.regions import exact_hull, trace_vertices
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.subdivision import triangulate
from polyrelax.relaxations.cross_layer import CrossLayer
from polyrelax.relaxations.exact import Exact
from polyrelax.relaxations.interval import IBP
from polyrelax.relaxations.layer_hull import LayerHull
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate


@final
@dataclass(frozen=True)
class _Side:
    """What proves that a facet is a row of a relaxation, and that a vertex is a point of it."""

    row: Callable[[Form, Fraction], Reference]
    point: Callable[[Vector], Reference]


def certify_hull(network: Network, domain: Polytope) -> Certificate:
    """Certify the facets and the vertices of the hull of the graph ``(x, network(x))``.

    Raises :class:`ShapeError` if the hull lies in a hyperplane.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> print(certify_hull(absolute_value(), Polytope.box([-1], [1])))
    the hull of (v(0, 0), v(3, 0)) has 3 facets and 3 vertices
    """
    ledger = Ledger(network, domain)
    side = _Side(_cases(ledger), lambda vertex: ledger.run(vertex[: network.in_dim]))
    inputs = ((0, j) for j in range(network.in_dim))
    places = (*inputs, *_layer(network, len(network.layers)))
    return _certified(ledger, "exact", places, hull=exact_hull(network, domain), side=side)


def certify_set(
    network: Network, domain: Polytope, name: str, *, depth: int | None = None
) -> Certificate:
    """Certify the set of a relaxation after ``depth`` layers, by default after the last.

    For ``exact`` it is the hull of the values.  ``p:R`` with R > 1 has no such certificate.
    Raises :class:`ShapeError` for it, before the first layer, and if the set lies in a
    hyperplane.

    >>> from polyrelax.networks.gallery import tent
    >>> print(certify_set(tent(), Polytope.box([-1], [1]), "p:1", depth=2))
    p:1: the set of (v(2, 0), v(2, 1)) has 3 facets and 3 vertices
    """
    require(network, Network)
    last = len(network.layers) if depth is None else whole(depth, "a number of layers")
    ledger, known = Ledger(network, domain), relaxation(name)
    if not 1 <= last <= len(network.layers):
        raise ShapeError(f"found depth {last}, expected 1 to {len(network.layers)}")
    if isinstance(known, Exact):
        hull, side = _of_values(ledger, last)
    elif isinstance(known, LayerHull):
        hull, side = _of_hulls(Hulls(ledger), last)
    elif isinstance(known, IBP | CrossLayer):
        raise ShapeError(f"found {name}, expected exact, p:1 or a relaxation of single layers")
    else:
        prover, seen = single_layer(ledger, known, last), tuple(range(network.widths[last]))
        hull = propagate(network, domain, known).polytope(last)
        side = _Side(
            lambda form, _: prover.upper(form)[1], lambda v: prover.through(last, seen, v)
        )
    return _certified(ledger, known.name, _layer(network, last), hull=hull, side=side)


def _of_values(ledger: Ledger, depth: int) -> tuple[Polytope, _Side]:
    runs = {
        run[-1]: run[0] for run in trace_vertices(ledger.network.prefix(depth), ledger.domain)
    }
    hull = Polytope.hull(runs, ledger.network.widths[depth])
    return hull, _Side(_cases(ledger), lambda vertex: ledger.run(runs[vertex]))


def _of_hulls(hulls: Hulls, depth: int) -> tuple[Polytope, _Side]:
    rows = {(row.form, row.offset): row.name for row in hulls.facets(depth)}

    def named(form: Form, offset: Fraction) -> Reference:
        found = rows[form, offset]
        assert isinstance(found, Reference), "the facets behind a layer are nodes"
        return found

    return hulls.sets[depth], _Side(named, lambda vertex: hulls.point(depth, vertex))


def _cases(ledger: Ledger) -> Callable[[Form, Fraction], Reference]:
    return lambda form, offset: exact_row(ledger, form, offset)


def _certified(
    ledger: Ledger,
    name: str,
    places: tuple[Coordinate, ...],
    *,
    hull: Polytope,
    side: _Side,
) -> Certificate:
    if hull.affine_dim < hull.dim:
        raise ShapeError(f"found a hull of dimension {hull.affine_dim}, expected {hull.dim}")
    rows = tuple(Bound(_form(places, f.normal), f.offset) for f in hull.facets)
    facets: list[Json] = [side.row(row.form, row.at_most) for row in rows]
    points: list[Json] = [side.point(vertex) for vertex in hull.vertices]
    named: dict[str, Json] = {} if name == "exact" else {"relaxation": name}
    node = ledger.add(
        {
            "kind": "hull",
            **named,
            "coordinates": [list(place) for place in places],
            "facets": facets,
            "points": points,
            "simplices": _boundary(hull),
        }
    )
    return ledger.certificate([HullStatement(places, rows, hull.vertices, node, name)])


def _layer(network: Network, depth: int) -> tuple[Coordinate, ...]:
    return tuple((depth, j) for j in range(network.widths[depth]))


def _form(places: tuple[Coordinate, ...], normal: tuple[Fraction, ...]) -> Form:
    return tuple((c, *places[k]) for k, c in sparse(normal))


def _boundary(hull: Polytope) -> Json:
    """Return the simplices of the boundary, each with its facet."""
    inner = [tuple(sorted(simplex)) for simplex in triangulate(hull)]
    faces = Counter(face for s in inner for face in combinations(s, hull.dim))
    return [
        [_facet(hull, face), list(face)] for face, count in sorted(faces.items()) if count == 1
    ]


def _facet(hull: Polytope, face: tuple[int, ...]) -> int:
    corners = [hull.vertices[i] for i in face]
    return next(
        k for k, f in enumerate(hull.facets) if all(f.slack(corner) == 0 for corner in corners)
    )
