r"""Faces of a polytope: incidences, f-vector, face lattice and vertex graph.

A face of :math:`P` is a set :math:`P \cap \{\langle a, x\rangle = b\}` where
:math:`\langle a, x\rangle \le b` holds on :math:`P`.  The empty face and :math:`P` itself are
faces.  Ordered by inclusion they form a graded lattice, in which each face but :math:`P` is
the intersection of the facets above it; the rank of a face is its dimension plus one.

Faces are sets of vertices, numbered as in ``P.vertices``.
"""

from __future__ import annotations

import networkx as nx

from polyrelax.arithmetic.arguments import require
from polyrelax.polytopes.incidence import (
    adjacent_pairs,
    facets_of_face,
    members,
    tight_sets,
    transposed,
)
from polyrelax.polytopes.measures import face_levels
from polyrelax.polytopes.polytope import Polytope


def incidence(polytope: Polytope) -> tuple[frozenset[int], ...]:
    """Return for each facet, in the order of ``polytope.facets``, its vertices.

    >>> [sorted(facet) for facet in incidence(Polytope.box([0], [1]))]
    [[0], [1]]
    """
    require(polytope, Polytope)
    return tuple(frozenset(members(s)) for s in tight_sets(polytope.facets, polytope.vertices))


def levels(polytope: Polytope) -> tuple[frozenset[int], ...]:
    """Return the faces of each dimension, from the empty face of dimension -1 upwards.

    Each face is an integer whose bit ``i`` stands for vertex ``i``.

    >>> [sorted(level) for level in levels(Polytope.box([0], [1]))]
    [[0], [1, 2], [3]]
    """
    require(polytope, Polytope)
    return face_levels(polytope.form)


def f_vector(polytope: Polytope) -> tuple[int, ...]:
    """Return the numbers of faces of dimension -1, 0, ..., ``affine_dim``.

    The first entry counts the empty face and the last one the polytope itself; the empty
    polytope has one face.

    >>> f_vector(Polytope.box([0, 0, 0], [1, 1, 1]))
    (1, 8, 12, 6, 1)
    """
    require(polytope, Polytope)
    return polytope.f_vector


def face_lattice(polytope: Polytope) -> nx.DiGraph[frozenset[int]]:
    """Return the Hasse diagram: an edge leads from each face to each one that covers it.

    Nodes are sets of vertex indices, with their dimension as the attribute ``dim``.

    >>> lattice = face_lattice(Polytope.box([0, 0], [1, 1]))
    >>> len(lattice), sorted(lattice.successors(frozenset({0})), key=sorted)
    (10, [frozenset({0, 1}), frozenset({0, 2})])
    """
    require(polytope, Polytope)
    lattice: nx.DiGraph[frozenset[int]] = nx.DiGraph()
    facets = tight_sets(polytope.facets, polytope.vertices)
    for dim, level in enumerate(levels(polytope), start=-1):
        for face in sorted(level):
            lattice.add_node(frozenset(members(face)), dim=dim)
            below = facets_of_face(face, facets) if face else ()
            lattice.add_edges_from(
                (frozenset(members(f)), frozenset(members(face))) for f in below
            )
    return lattice


def vertex_graph(polytope: Polytope) -> nx.Graph[int]:
    """Return the graph of vertices and edges; nodes carry their ``point``.

    >>> sorted(vertex_graph(Polytope.box([0, 0], [1, 1])).edges)
    [(0, 1), (0, 2), (1, 3), (2, 3)]
    """
    require(polytope, Polytope)
    vertices = polytope.vertices
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from((i, {"point": vertex}) for i, vertex in enumerate(vertices))
    facets_of = transposed(tight_sets(polytope.facets, vertices), len(vertices))
    graph.add_edges_from(adjacent_pairs(facets_of, polytope.affine_dim))
    return graph
