"""Layers and networks as LaTeX, for notebooks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import chain

from polyrelax.arithmetic.rational import Vector, text

_MOST_ENTRIES = 36


def is_short(in_dim: int, out_dim: int) -> bool:
    """Whether a matrix of these dimensions has entries, and few enough to be read.

    >>> is_short(6, 6), is_short(0, 2), is_short(784, 100)
    (True, False, False)
    """
    return 0 < in_dim * out_dim <= _MOST_ENTRIES


def affine_latex(weight: Sequence[Vector], bias: Vector) -> str:
    r"""Return a map x -> Wx + b as LaTeX.

    >>> from fractions import Fraction
    >>> affine_latex([(Fraction(2), Fraction(-1, 2))], (Fraction(3),))
    '$x \\mapsto \\begin{pmatrix}2 & -1/2\\end{pmatrix} x + \\begin{pmatrix}3\\end{pmatrix}$'
    """
    matrix, vector = _matrix(weight), _matrix((value,) for value in bias)
    return rf"$x \mapsto {matrix} x + {vector}$"


def chain_latex(widths: Sequence[int], kinds: Iterable[str]) -> str:
    r"""Return the spaces between the layers, and over each arrow the kind of layer.

    >>> chain_latex((1, 2), ["Affine"])
    '$\\mathbb{Q}^{1} \\xrightarrow{\\text{Affine}} \\mathbb{Q}^{2}$'
    """
    first, *rest = (rf"\mathbb{{Q}}^{{{width}}}" for width in widths)
    arrows = (rf"\xrightarrow{{\text{{{kind}}}}}" for kind in kinds)
    return f"${' '.join((first, *chain.from_iterable(zip(arrows, rest, strict=True))))}$"


def _matrix(rows: Iterable[Iterable[Fraction]]) -> str:
    body = r" \\ ".join(" & ".join(map(text, row)) for row in rows)
    return rf"\begin{{pmatrix}}{body}\end{{pmatrix}}"
