r"""Affine forms of points on many cells at once, in floats with error bounds.

``values[i, c]`` holds the coefficients :math:`(b, a)` of the :math:`i`-th form
:math:`b + \langle a, u\rangle` on cell :math:`c`, and ``errors`` bounds how far each is from
the exact one.  For a float matrix :math:`W` whose entries are nearest to the exact ones,

.. math:: |\mathrm{fl}(W G) - W^* G^*| \le (1 + \epsilon)\,|W|\,(E + \gamma_{w+4} |G|),
          \qquad \gamma_k = k u,\quad u = 2^{-52},

with twice the unit roundoff as :math:`u`, which leaves room for the bound's own rounding.
Floats that overflow give bounds that are infinite or no numbers, and what floats lose is no
number: nothing is decided by them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final

import numpy as np

from polyrelax.arithmetic.limbs import Doubles, Integers
from polyrelax.networks.complexes.bends import Bends, Bits, float_rows, nearest, sparse_rows
from polyrelax.networks.layers import Affine

UNIT: Final = 2.0**-52
TINY: Final = 2.0**-1000
"""More than what is lost to underflow, in each form."""


@final
@dataclass(frozen=True, eq=False)
class Forms:
    """Forms on cells, and bounds of the errors of their coefficients; (rows, cells, n + 1)."""

    values: Doubles
    errors: Doubles

    def behind(self, layer: Affine) -> Forms:
        """Return the forms of an affine layer's values."""
        weight, bias = float_rows(layer)
        return self._image(weight, bias)

    def _image(self, weight: Doubles, bias: Doubles) -> Forms:
        rows, cells, width = self.values.shape
        gamma = (rows + 5) * UNIT
        shape = (rows, cells * width)
        flat, bounds = self.values.reshape(shape), self.errors.reshape(shape)
        values = (weight @ flat).reshape(len(weight), cells, width)
        errors = (np.abs(weight) @ (bounds + gamma * np.abs(flat))) * (1 + gamma) + TINY
        errors = errors.reshape(values.shape)
        values[:, :, 0] += bias[:, None]
        errors[:, :, 0] += gamma * (np.abs(values[:, :, 0]) + np.abs(bias[:, None]))
        return Forms(values, errors)

    def planes(self, bends: Bends) -> Forms:
        """Return the planes of a layer as forms on the cells before it."""
        offsets = -np.array([nearest(plane.offset) for plane in bends.planes])
        if all(len(p.terms) == 1 and p.terms[0][1] == 1 and not p.offset for p in bends.planes):
            picks = [plane.terms[0][0] for plane in bends.planes]
            return Forms(self.values[picks], self.errors[picks])
        return self._image(sparse_rows(bends.planes, len(self.values)), offsets)

    def bent(self, bends: Bends, bits: Bits, homes: Integers) -> Forms:
        """Return the forms behind a layer on its cells, parts of ``homes``, by their bits."""
        shape = (bends.layer.out_dim, len(homes), self.values.shape[2])
        found = Forms(np.zeros(shape), np.zeros(shape))
        for group in bends.groups:
            chosen = group.chosen(bits)
            read = Forms(
                self.values[group.inputs][:, :, homes], self.errors[group.inputs][:, :, homes]
            )
            for k in range(len(group.pieces)):
                here = (chosen == k).T[:, None, :, None]
                image = read.imaged(group.neuron.piece(k).image)
                for total, part in ((found.values, image.values), (found.errors, image.errors)):
                    total[group.outputs] = np.where(here, part, total[group.outputs])
        return found

    def imaged(self, image: Affine) -> Forms:
        """Return an affine map of what each neuron reads; (neurons, inputs, cells, n + 1)."""
        weight, bias = float_rows(image)
        gamma = 0.0 if _picks(image) else (weight.shape[1] + 5) * UNIT
        values = np.einsum("oi,ui...->uo...", weight, self.values)
        errors = np.einsum(
            "oi,ui...->uo...", np.abs(weight), self.errors + gamma * np.abs(self.values)
        )
        values[..., 0] += bias[None, :, None]
        errors[..., 0] += gamma * (np.abs(values[..., 0]) + np.abs(bias[None, :, None]))
        return Forms(values, errors * (1 + gamma) + TINY)


def _picks(image: Affine) -> bool:
    """Whether a map gives values, their opposites and zeros, without rounding."""
    rows = (len(row) <= 1 and all(abs(a) == 1 for _, a in row) for row in image.rows)
    return all(rows) and not any(image.bias)
