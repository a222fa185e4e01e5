r"""Certificates of P_1, the relaxation that keeps the hull :math:`D_i` of each layer's values.

A form of the values after some layer is carried back, through affine layers, to one of the
values :math:`y` behind a ReLU layer.  That :math:`\langle a, y \rangle \le b` on :math:`D_i`
is shown in each phase of that layer, by the facets of the hull before it, as for every facet;
a vertex of :math:`D_i` attains the bound.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import final

from polyrelax.arithmetic.rational import ZERO, Vector, sparse
from polyrelax.certificates.certificate import Form
from polyrelax.certificates.ledger import Ledger, Reference, at, before, depth_of
from polyrelax.certificates.windows import ONE_LAYER, Hulls
from polyrelax.networks.layers import Affine


@final
@dataclass(frozen=True)
class LayerHulls:
    """The bounds of P_1 of forms of one layer's values."""

    ledger: Ledger
    hulls: Hulls = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "hulls", Hulls(self.ledger))

    def maximum(self, form: Form) -> tuple[Fraction, Reference, Reference]:
        """Add a row and a point for the bound of a form; return the value and both nodes."""
        depth, direction, constant = self._carried_back(form)
        best = self.hulls.sets[depth].support(direction)
        bound = best.value
        carried = at(depth, sparse(direction))
        split = [(depth, j) for j in self.ledger.neurons(depth)]
        below = self.hulls.bounding(depth - 1) if depth else self.ledger.inputs()
        row = self.hulls.valid(ONE_LAYER, carried, bound, below, split) if carried else None
        value = bound + constant
        if carried != form:
            head = self.ledger.stated("linear", ONE_LAYER, form, value)
            row = self.ledger.add({**head, "terms": [] if row is None else [["1", row]]})
        assert row is not None, "a form without terms differs from one with"
        return value, row, self.hulls.point(depth, best.point)

    def _carried_back(self, form: Form) -> tuple[int, Vector, Fraction]:
        """Return the form behind the last ReLU layer before it, or of the inputs.

        That is the number of layers before it, its coefficients, and a constant.
        """
        depth, constant = depth_of(form), ZERO
        here = {j: c for c, _, j in form}
        while depth and not self.ledger.neurons(depth):
            layer, depth = self.ledger.network.layers[depth - 1], depth - 1
            if isinstance(layer, Affine):
                here, shift = before(layer, here)
                constant += shift
        width = self.ledger.network.widths[depth]
        return depth, tuple(here.get(j, ZERO) for j in range(width)), constant
