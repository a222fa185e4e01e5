r"""Encodings that a relaxation bounds exactly, and rewritings that make them so.

============================================ ========== ======================================
encoding                                     precise    of
============================================ ========== ======================================
:func:`monotone_encoding`                    ``ibp``    monotone functions of one variable
:func:`convex_minimal`                       ``dp0``    convex functions of one variable
``reflect`` of it                            ``dp1``    the same
:func:`flat_encoding`                        ``p:1``    all functions of one variable
:func:`precise_encoding`                     ``dp0``,   the same
                                             triangle
:func:`maximum_of_affine`                    ``p:1``    convex functions of several variables
============================================ ========== ======================================

The first two realise theorems of :cite:t:`baader2024`.  The second is

.. math:: f(x) = b + c x + \sum_i \alpha_i \max(x_i - x, 0)
          + \sum_i \beta_i \max(x - x_i, 0),

where :math:`\alpha_i, \beta_i \ge 0` are the changes at the kink :math:`x_i` of
:math:`\min(s, 0)` and of :math:`\max(s, 0)`, with :math:`s` the slope: one neuron for each
kink, and two where the slope changes its sign without a flat piece.  Clamps, ``reflect`` and
negation are in :mod:`polyrelax.networks.rewrite`.
"""

from polyrelax.expressivity.constructions.encodings import (
    convex_minimal,
    flat_encoding,
    maximum_of_affine,
    merge_parallel,
    monotone_encoding,
)
from polyrelax.expressivity.constructions.precise import precise_encoding

__all__ = [
    "convex_minimal",
    "flat_encoding",
    "maximum_of_affine",
    "merge_parallel",
    "monotone_encoding",
    "precise_encoding",
]
