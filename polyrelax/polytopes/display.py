"""How polytopes show themselves, without computing what is expensive."""

from __future__ import annotations

from collections.abc import Sequence

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import Vector, text
from polyrelax.arithmetic.words import amount
from polyrelax.polytopes.constraint import Constraint

_MOST_ROWS = 12


def box_text(ends: Sequence[Interval]) -> str:
    """Return the expression that makes a box.

    >>> from fractions import Fraction
    >>> box_text((Interval(Fraction(0), Fraction("1/2")),))
    "Polytope.box(['0'], ['1/2'])"
    """
    lower, upper = ([text(end[side]) for end in ends] for side in (0, 1))
    return f"Polytope.box({lower}, {upper})"


def sentence(dim: int, counts: tuple[int, int, int]) -> str:
    """Return the sentence on a polytope of known dimension, numbers of vertices and facets.

    >>> sentence(4, (2, 5, 1))
    'Polytope of dimension 2 in Q^4 with 5 vertices, 1 facet'
    >>> sentence(4, (-1, 0, 0))
    'Polytope.empty(4)'
    """
    affine_dim, vertices, facets = counts
    if affine_dim < 0:
        return f"Polytope.empty({dim})"
    numbers = f"{amount(vertices, 'vertex', 'vertices')}, {amount(facets, 'facet', 'facets')}"
    return f"Polytope of dimension {affine_dim} in Q^{dim} with {numbers}"


def hull_text(dim: int, size: int) -> str:
    """Return the sentence on a hull whose facets would take long.

    >>> hull_text(9, 500)
    'Polytope in Q^9, the hull of 500 points'
    """
    return f"Polytope in Q^{dim}, the hull of {amount(size, 'point', 'points')}"


def system_text(dim: int, size: int) -> str:
    """Return the sentence on an intersection whose vertices would take long.

    >>> system_text(9, 1)
    'Polytope in Q^9 cut out by 1 constraint'
    """
    return f"Polytope in Q^{dim} cut out by {amount(size, 'constraint', 'constraints')}"


def graph_text(dim: int, neurons: int) -> str:
    """Return the sentence on a hull of a ReLU's graph whose facets would take long.

    >>> graph_text(9, 4)
    'Polytope in Q^9, the hull of the graph of 4 neurons'
    """
    return (
        f"Polytope in Q^{dim}, the hull of the graph of {amount(neurons, 'neuron', 'neurons')}"
    )


def system_latex(constraints: Sequence[Constraint]) -> str:
    r"""Return constraints as a system of LaTeX, cut after twelve rows.

    >>> system_latex([Constraint.at_most([1], 2)])
    '$\\left\\{\\begin{aligned}x_{0} \\le 2\\end{aligned}\\right.$'
    """
    rows = [constraint.latex() for constraint in constraints[:_MOST_ROWS]]
    rows += [rf"\dots\ ({len(constraints)})"] * (len(constraints) > _MOST_ROWS)
    system = r" \\ ".join(rows)
    return rf"$\left\{{\begin{{aligned}}{system}\end{{aligned}}\right.$"


def hull_latex(points: Sequence[Vector]) -> str:
    r"""Return a convex hull as LaTeX, cut after twelve points.

    >>> from polyrelax.arithmetic.rational import matrix
    >>> hull_latex(matrix([[0, "1/2"]]))
    '$\\operatorname{conv}\\{(0, 1/2)\\}$'
    """
    shown = [f"({', '.join(text(s) for s in point)})" for point in points[:_MOST_ROWS]]
    shown += [rf"\dots\ ({len(points)})"] * (len(points) > _MOST_ROWS)
    return rf"$\operatorname{{conv}}\{{{', '.join(shown)}\}}$"
