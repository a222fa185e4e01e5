r"""ONNX files, read and written without rounding.

Weights in floating point are the dyadic rationals that they are, and the network read is the
function that the file *means* with exact arithmetic; programs that run it round.  Opsets 6 to
28 of the standard operators are read, the operators being those of
:data:`polyrelax.interop.onnx.operators.OPERATORS`, on constants also
:data:`~polyrelax.interop.onnx.operators.ON_CONSTANTS`, and ``Constant``.

* A first dimension that is symbolic or -1 means one.
* Several inputs are one after the other in the order of the file, as VNN-LIB numbers them,
  and so are several outputs.
* BatchNormalization multiplies by :math:`s / \sqrt{v + \varepsilon}`, which is irrational: the
  double nearest to it is what is read, and a note says so.
* Piecewise linear operators become neurons of their own kinds, exactly; see
  :mod:`polyrelax.interop.onnx.neurons`.
* A tensor that an operator makes has at most two million entries, and all rows together have at
  most 50 million terms.
"""

from __future__ import annotations

try:
    import onnx as _onnx  # noqa: F401
except ImportError:
    raise ImportError("polyrelax.interop.onnx needs: pip install polyrelax[onnx]") from None

from polyrelax.interop.onnx.graph import Port
from polyrelax.interop.onnx.reading import Reading, load, read
from polyrelax.interop.onnx.writing import dumps, write

__all__ = ["Port", "Reading", "dumps", "load", "read", "write"]
