r"""Certificates of bounds of large networks: intervals, then one pass of back-substitution.

The form to be bounded is carried back from its layer to the inputs.  At an unstable neuron
with input :math:`z \in [l, u]` and output :math:`y`, a positive coefficient uses

.. math:: y \le \lambda z + \mu, \qquad \lambda \approx \frac{u}{u - l}, \quad
          \mu = \max(-\lambda l,\; u - \lambda u),

which holds for every :math:`0 \le \lambda \le 1`: so :math:`\lambda` is rounded to few binary
digits, and no multiplier is longer than the weights make it.  A negative coefficient uses
:math:`y \ge 0` or :math:`y \ge z`, whichever has the smaller error.  The bound is one of the
network, not the optimum of a relaxation; it costs one pass, to find and to check.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias, final

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ONE, ZERO, text
from polyrelax.certificates.certificate import Certificate, Form, Json, Statement
from polyrelax.certificates.certify import AT_MOST
from polyrelax.certificates.ledger import (
    Coefficients,
    Coordinate,
    Ledger,
    Reference,
    before,
    depth_of,
)
from polyrelax.certificates.value_forms import form_of
from polyrelax.errors import ShapeError
from polyrelax.networks.input_sets import require_read
from polyrelax.networks.layers import Affine
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.triangle import upper_slope
from polyrelax.relaxations.interval import IBP
from polyrelax.relaxations.lines import Line, line_above

SLOPE_BITS = 10

Boxes: TypeAlias = tuple[tuple[Interval, ...], ...]


@final
@dataclass(frozen=True)
class _Pass:
    """The rows that one pass of back-substitution uses, over a box for each layer."""

    ledger: Ledger
    boxes: Boxes
    intervals: Reference

    def end(self, z: Coordinate, side: str) -> Reference:
        place: dict[str, Json] = {"coordinate": list(z), "boxes": self.intervals, "side": side}
        return self.ledger.add({"kind": "interval", **place})

    def neuron(self, y: Coordinate, c: Fraction) -> tuple[Json, Fraction, Fraction]:
        """Return a reason, and what takes the place of ``c`` times a neuron's output.

        That is the coefficient of its input and a constant.
        """
        z, x = self.boxes[y[0] - 1][y[1]], (y[0] - 1, y[1])
        if z.upper <= 0 or z.lower >= 0:
            slope = ONE if z.lower >= 0 else ZERO
            below: Json = ["above" if slope else "positive", *y]
            ends = (self.end(x, "below"), self.end(x, "above"))
            return (["upper", *y, *ends] if c > 0 else below), c * slope, ZERO
        if c < 0:
            slope = ONE if z.upper > -z.lower else ZERO
            return ["above" if slope else "positive", *y], c * slope, ZERO
        scale = 2**SLOPE_BITS
        line = line_above(Fraction(round(upper_slope(*z) * scale), scale), z)
        return self._above(y, line), c * line.slope, c * line.intercept

    def _above(self, y: Coordinate, line: Line) -> Reference:
        """Add ``y <= slope z + intercept`` by cases."""
        slope = line.slope
        z = (y[0] - 1, y[1])
        form: Form = ((ONE, *y), (-slope, *z))
        tree: dict[str, Json] = {
            "split": list(y),
            "off": [[text(slope), self.end(z, "below")]],
            "on": [[text(ONE - slope), self.end(z, "above")]],
        }
        head = self.ledger.stated("cases", "exact", form, line.intercept)
        return self.ledger.add({**head, "tree": tree})

    def back(self, form: Form) -> tuple[Fraction, list[Json]]:
        """Return a bound of a form, and the terms that prove it."""
        depth = depth_of(form)
        here: Coefficients = {j: c for c, _, j in form}
        constant, terms = ZERO, list[Json]()
        for i in range(depth, 0, -1):
            here, shift = self._through(i, here, terms)
            constant += shift
        box = self.boxes[0]
        return constant + sum((c * box[j][c > 0] for j, c in here.items()), ZERO), terms

    def _through(
        self, depth: int, here: Coefficients, terms: list[Json]
    ) -> tuple[Coefficients, Fraction]:
        layer, neurons = self.ledger.network.layers[depth - 1], self.ledger.neurons(depth)
        if isinstance(layer, Affine):
            return before(layer, here)
        result, constant = dict(here), ZERO
        for j in (j for j in neurons if here.get(j)):
            reason, result[j], shift = self.neuron((depth, j), here[j])
            constant += shift
            terms.append([text(abs(here[j])), reason])
        return result, constant


def certify_bound(network: Network, domain: Polytope, form: Form) -> Certificate:
    """Certify an upper bound of a form of one layer's values, on a box, in one pass.

    >>> from polyrelax.networks.gallery import maximum
    >>> output = ((ONE, 3, 0),)
    >>> print(certify_bound(maximum(2), Polytope.box([0, 0], [1, 1]), output))
    exact: 1 v(3, 0) <= 3/2
    """
    require_read(network, domain)
    form = form_of(network, form)
    if not domain.is_box or len({i for _, i, _ in form}) > 1:
        raise ShapeError("expected a box of inputs, and a form of one layer's values")
    ledger = Ledger(network, domain)
    boxes = tuple(tuple(each.bounds) for each in IBP().sets(network, domain))
    back = _Pass(ledger, boxes, ledger.add({"kind": "boxes"}))
    value, terms = back.back(form)
    head = ledger.stated("linear", "exact", form, value)
    node = ledger.add({**head, "terms": terms})
    return ledger.certificate([Statement("exact", form, AT_MOST, value, node)])
