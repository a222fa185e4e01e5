r"""Certificates of identities between functions, and of functions outside a span.

The coordinates of a network are functions on its input set.  That a form of them is the zero
function is two rows of ``exact``, proved in every phase; so is an equality of networks, once
they stand side by side (:func:`~polyrelax.networks.network.concatenate`), and membership in a
span, with its coefficients in the form.  That a function :math:`f` is *no* combination of
:math:`g_1, \dots, g_n` is shown by inputs :math:`x_k` and weights :math:`y_k` with

.. math:: \sum_k y_k\, g_i(x_k) = 0 \;\text{ for all } i, \qquad
          \sum_k y_k\, f(x_k) \ne 0 .
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from polyrelax.arithmetic.arguments import listed
from polyrelax.arithmetic.linalg import kernel
from polyrelax.arithmetic.rational import ZERO, Vector, dot, text
from polyrelax.certificates.certificate import (
    Certificate,
    Form,
    Json,
    OutsideStatement,
    Statement,
)
from polyrelax.certificates.certify import AT_MOST, exact_row
from polyrelax.certificates.ledger import Ledger
from polyrelax.certificates.value_forms import form_of
from polyrelax.errors import FalseBoundError
from polyrelax.networks.input_sets import require_read
from polyrelax.networks.network import Network
from polyrelax.networks.regions import trace_vertices
from polyrelax.polytopes.polytope import Polytope


def certify_zero(network: Network, domain: Polytope, form: Form) -> Certificate:
    """Certify that a form of the network's values is 0 at every input.

    Raises :class:`polyrelax.systems.cases.RefutedError` with a point where it is not.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> one = Fraction(1)  # x - relu(x) + relu(-x)
    >>> split = ((one, 0, 0), (-one, 2, 0), (one, 2, 1))
    >>> print(certify_zero(absolute_value(), Polytope.box([-1], [1]), split).statements[0])
    exact: 1 v(0, 0) + -1 v(2, 0) + 1 v(2, 1) <= 0
    """
    ledger = Ledger(network, domain)
    form = form_of(network, form)
    negated = tuple((-c, i, j) for c, i, j in form)
    return ledger.certificate([_at_most_zero(ledger, each) for each in (form, negated)])


def certify_outside(
    network: Network, domain: Polytope, form: Form, *, span: Sequence[Form]
) -> Certificate:
    """Certify that a form is no linear combination of others, as functions of the inputs.

    Raises :class:`FalseBoundError` if it is one.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> box, one = Polytope.box([-1], [1]), Fraction(1)
    >>> x, top = ((one, 0, 0),), ((one, 3, 0),)
    >>> print(certify_outside(absolute_value(), box, top, span=[x]))
    1 v(3, 0) is no combination of 1 v(0, 0)
    """
    require_read(network, domain)
    form = form_of(network, form)
    span = [form_of(network, each) for each in listed(span, "forms")]
    runs = sorted(set(trace_vertices(network, domain)))
    columns = [[_value(each, run) for run in runs] for each in (form, *span)]
    weights = _separating(columns[0], columns[1:], len(runs))
    if weights is None:
        raise FalseBoundError("found a combination, expected a function outside the span")
    ledger = Ledger(network, domain)
    used: Json = [
        [text(w), ledger.run(run[0])] for w, run in zip(weights, runs, strict=True) if w
    ]
    node = ledger.add({"kind": "functional", "weights": used})
    return ledger.certificate([OutsideStatement(form, tuple(span), node)])


def _at_most_zero(ledger: Ledger, form: Form) -> Statement:
    return Statement("exact", form, AT_MOST, ZERO, exact_row(ledger, form, ZERO))


def _value(form: Form, run: Sequence[Vector]) -> Fraction:
    return sum((c * run[i][j] for c, i, j in form), ZERO)


def _separating(
    target: Sequence[Fraction], span: Sequence[Sequence[Fraction]], size: int
) -> Vector | None:
    """Return weights that the span is orthogonal to and the target is not, if there are any.

    On a cell that all forms are affine on, the vertices decide: so the runs at all vertices do.
    """
    orthogonal = kernel([tuple(row) for row in span], size)
    return next((y for y in orthogonal if dot(y, tuple(target)) != 0), None)
