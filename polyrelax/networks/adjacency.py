"""Which linear regions of a network have a facet in common, as a graph of networkx."""

from __future__ import annotations

from itertools import combinations

import networkx as nx

from polyrelax.networks.input_sets import InputSet, input_set
from polyrelax.networks.network import Network
from polyrelax.networks.regions import linear_regions
from polyrelax.polytopes.polytope import Polytope


def adjacency_graph(network: Network, domain: InputSet) -> nx.Graph:
    """Return the graph of cells, joined where they have a facet in common.

    Nodes are activation patterns, with attributes ``polytope`` and ``linear``; edges have the
    attribute ``facet``, the common polytope.  Cells form a polyhedral complex, so two of them
    meet in the hull of their common vertices.

    >>> from polyrelax.networks.gallery import tent
    >>> graph = adjacency_graph(tent(), Polytope.box([-1], [1]))
    >>> sorted(degree for _, degree in graph.degree)
    [1, 1, 2, 2]
    """
    graph, domain = nx.Graph(), input_set(network, domain)
    regions = tuple(linear_regions(network, domain))
    for region in regions:
        graph.add_node(region.pattern, polytope=region.cell, linear=region.linear)
    for one, two in combinations(regions, 2):
        common = set(one.cell.vertices) & set(two.cell.vertices)
        facet = Polytope.hull(sorted(common), domain.dim)
        if common and facet.affine_dim == domain.affine_dim - 1:
            graph.add_edge(one.pattern, two.pattern, facet=facet)
    return graph
