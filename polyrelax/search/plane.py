r"""Which functions of two variables a rule gives an encoding that P_1 bounds exactly.

Asked are the functions of three affine functions :math:`a, b, c` from a finite set,

.. math:: \max(a, \min(b, c)) \qquad\text{and}\qquad
          \max(\min(a, b), \min(a, c), \min(b, c)),

on a box.  The others that three affine functions make by maxima and minima are the maximum
and the minimum of all three, which are convex and concave, and :math:`\min(a, \max(b, c))`,
which is asked for only as :math:`-\max(-a, \min(-b, -c))`, where :math:`-a, -b, -c` are in the
set as well: always, if coefficients and constants are closed under negation.  An encoding of a
function that P_1 bounds exactly is one of its negative, with the output negated.  The median is
its own dual.  Formulas are counted, of which several may be one function.

Each is *certified* by a rule of :mod:`polyrelax.expressivity.uniform_hulls`, or *unsettled*:
then its encodings by nested maxima, in every order, are tried on some boxes.  A box that
refutes an encoding does not refute the function, and an encoding that no box refuted is not
proved precise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product
from math import comb
from typing import Final, final

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.rational import Vector
from polyrelax.arithmetic.readable import readable
from polyrelax.expressivity.some_boxes import imprecise_box
from polyrelax.expressivity.uniform_hulls import Form, MaxMin, UniformEncoding, uniform_encoding
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.layer_hull import LayerHull

BOXES: Final = 60
"""Boxes on which a nested encoding of an unsettled function is tried."""


@final
@readable
@dataclass(frozen=True)
class PlaneInquiry:
    """The coefficients of the affine functions and their constants; the domain is [0, 1]^2."""

    weights: Vector
    offsets: Vector

    @property
    def domain(self) -> Polytope:
        """The unit square."""
        return Polytope.box([0, 0], [1, 1])

    @property
    def forms(self) -> tuple[Form, ...]:
        """The affine functions, in order.

        >>> from polyrelax.arithmetic.rational import vector
        >>> len(PlaneInquiry(vector([-1, 0, 1]), vector([0, "1/2"])).forms)
        18
        """
        return tuple(sorted(product(self.weights, self.weights, self.offsets)))

    @property
    def size(self) -> int:
        """The number of functions.

        >>> from polyrelax.arithmetic.rational import vector
        >>> PlaneInquiry(vector([0, 1]), vector([0])).size
        16
        """
        return 4 * comb(len(self.forms), 3)

    @property
    def functions(self) -> Iterator[MaxMin]:
        """The functions, four for each choice of three affine functions.

        >>> from polyrelax.arithmetic.rational import vector
        >>> inquiry = PlaneInquiry(vector([0, 1]), vector([0]))
        >>> sum(1 for _ in inquiry.functions) == inquiry.size
        True
        """
        for a, b, c in combinations(self.forms, 3):
            yield MaxMin(((a,), (b, c)))
            yield MaxMin(((b,), (a, c)))
            yield MaxMin(((c,), (a, b)))
            yield MaxMin(((a, b), (a, c), (b, c)))


@final
@readable
@dataclass(frozen=True)
class Answer:
    """What was found for a function.

    Without a certified ``encoding``, the first nested one that no box refuted, if there is
    one, is the ``candidate``; ``refuted`` counts those before it.
    """

    function: MaxMin
    encoding: UniformEncoding | None
    candidate: MaxMin | None = None
    refuted: int = 0

    @property
    def rule(self) -> str:
        """The rule that certifies the encoding, or what is known without one."""
        if self.encoding is not None:
            return self.encoding.rule
        return UNSETTLED if self.candidate is None else CANDIDATE


UNSETTLED: Final = "unsettled: all nested encodings refuted"
CANDIDATE: Final = "unsettled: a nested encoding not refuted"


def answer(function: MaxMin, domain: Polytope) -> Answer:
    """Return an encoding that P_1 bounds exactly on all boxes in the domain, or what is known.

    >>> from polyrelax.arithmetic.rational import vector
    >>> x, y, half = map(vector, ([1, 0, 0], [0, 1, 0], [0, 0, "1/2"]))
    >>> answer(MaxMin(((x,), (y, half))), Polytope.box([0, 0], [1, 1])).rule
    'separate arguments'
    """
    require(function, MaxMin)
    require(domain, Polytope)
    found = uniform_encoding(function, domain)
    if found is not None:
        return Answer(function, found)
    refuted = 0
    for nested in function.rewritten:
        if imprecise_box(nested.network, domain, LayerHull(), limit=BOXES) is None:
            return Answer(function, None, nested, refuted)
        refuted += 1
    return Answer(function, None, None, refuted)
