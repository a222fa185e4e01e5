r"""The parts of a polytope on which the neurons of a layer are affine.

The neurons read affine forms :math:`z = Ax + b` of the points of a polytope.  The cells of
their pieces, pulled back by the forms, are complexes; their common refinement has a part for
each choice of pieces that some set of full dimension makes
(:mod:`polyrelax.polytopes.complexes`).  Of a neuron with more than two pieces only those are
cut out that are live on the ranges of what it reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from polyrelax.arithmetic.arguments import all_of, require
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ZERO, Vector, dot
from polyrelax.networks.affine import Affine
from polyrelax.networks.layers import Unit
from polyrelax.polytopes.complexes import Part, halved, parts
from polyrelax.polytopes.constraint import Constraint


def unit_parts(
    whole: Part, units: Sequence[Unit], forms: Affine
) -> Iterator[tuple[tuple[int, ...], Part]]:
    """Yield the parts on which neurons are affine, with the number of each one's piece.

    The neurons read the values of affine forms.

    >>> from polyrelax.networks.layers import ReLU
    >>> from polyrelax.polytopes.polytope import Polytope
    >>> segment, double = Part.all_of(Polytope.box([-1], [1])), Affine.dense([[2]], [1])
    >>> for pieces, part in unit_parts(segment, ReLU(1).units, double):
    ...     print(pieces, part.polytope())
    (0,) Polytope.box(['-1'], ['-1/2'])
    (1,) Polytope.box(['-1/2'], ['1'])
    """
    require(whole, Part)
    units = all_of(units, Unit, "units")
    require(forms, Affine)
    if not units:
        yield (), whole
        return
    chosen: list[int] = []
    splits = [_split(whole, units[0], forms)]  # one for each neuron so far: no recursion
    while splits:
        found = next(splits[-1], None)
        if found is None:
            splits.pop()
            del chosen[-1:]
        elif len(splits) == len(units):
            yield (*chosen, found[0]), found[1]
        else:
            chosen.append(found[0])
            splits.append(_split(found[1], units[len(splits)], forms))


def _split(whole: Part, unit: Unit, forms: Affine) -> Iterator[tuple[int, Part]]:
    rows = [(forms.weight[j], forms.bias[j]) for j in unit.inputs]
    live: Sequence[int] = range(2)
    if unit.neuron.count > 2:
        live = tuple(unit.neuron.live([_range(whole, *row) for row in rows]))
    if len(live) == 1:
        yield live[0], whole
        return
    cells = [unit.neuron.piece(k).where for k in live]
    if len(cells) == 2 and len(cells[0]) == 1:
        found = halved(whole, _pulled(cells[0][0], rows))
    else:
        found = parts(whole, [[_pulled(side, rows) for side in cell] for cell in cells])
    for place, part in found:
        yield live[place], part


def _range(part: Part, row: Vector, shift: Fraction) -> Interval:
    values = [dot(row, x) for x in part.vertices]
    return Interval(min(values) + shift, max(values) + shift)


def _pulled(side: Constraint, rows: Sequence[tuple[Vector, Fraction]]) -> Constraint:
    """Return a constraint on the values of affine forms as one on what they read."""
    terms = [(a, row, b) for a, (row, b) in zip(side.normal, rows, strict=True) if a]
    if len(terms) == 1 and terms[0][0] == 1:
        ((_, row, shift),) = terms
        return Constraint(row, side.offset - shift)
    columns = zip(*(row for _, row, _ in terms), strict=True)
    normal = tuple(
        sum((a * x for (a, _, _), x in zip(terms, column, strict=True)), ZERO)
        for column in columns
    )
    return Constraint(normal, side.offset - sum((a * b for a, _, b in terms), ZERO))
