r"""Certificates of the convex hull of a network's graph.

The facets are valid in every phase and the points are runs of the network, so the hull lies
between the two; that the facets leave nothing outside the points' hull is shown by simplices
that cover its boundary.  These are the faces of a triangulation that belong to one simplex:
the boundary of a chain is a cycle.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import combinations

from polyrelax.arithmetic.rational import sparse
from polyrelax.certificates.certificate import (
    Bound,
    Certificate,
    Form,
    HullStatement,
    Json,
)
from polyrelax.certificates.certify import exact_row
from polyrelax.certificates.ledger import Coordinate, Ledger
from polyrelax.errors import ShapeError
from polyrelax.networks.network import Network
from polyrelax.networks.regions import exact_hull
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.subdivision import triangulate


def certify_hull(network: Network, domain: Polytope) -> Certificate:
    """Certify the facets and the vertices of the hull of the graph ``(x, network(x))``.

    Raises :class:`ShapeError` if the hull lies in a hyperplane.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> print(certify_hull(absolute_value(), Polytope.box([-1], [1])))
    the hull of (v(0, 0), v(3, 0)) has 3 facets and 3 points
    """
    hull, ledger = exact_hull(network, domain), Ledger(network, domain)
    if hull.affine_dim < hull.dim:
        raise ShapeError(f"found a hull of dimension {hull.affine_dim}, expected {hull.dim}")
    places = _places(network)
    rows = tuple(Bound(_form(places, f.normal), f.offset) for f in hull.facets)
    facets: list[Json] = []
    for row in rows:
        node = exact_row(ledger, row.form, row.at_most)
        assert node is not None, "a facet of the hull holds in each phase"
        facets.append(node)
    points: list[Json] = [ledger.run(vertex[: network.in_dim]) for vertex in hull.vertices]
    node = ledger.add(
        {
            "kind": "hull",
            "coordinates": [list(place) for place in places],
            "facets": facets,
            "points": points,
            "simplices": _boundary(hull),
        }
    )
    return ledger.certificate([HullStatement(places, rows, hull.vertices, node)])


def _places(network: Network) -> tuple[Coordinate, ...]:
    """Return the coordinates of the inputs and of the outputs."""
    inputs = ((0, j) for j in range(network.in_dim))
    outputs = ((len(network.layers), j) for j in range(network.out_dim))
    return (*inputs, *outputs)


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
