"""Layers and networks show themselves as formulas in notebooks."""

from __future__ import annotations

from polyrelax.networks.gallery import tent
from polyrelax.networks.layers import Affine


def test_a_small_map_is_written_out() -> None:
    assert Affine.dense([[1, "-1/2"], [0, 2]], [0, 1])._repr_latex_() == (
        r"$x \mapsto \begin{pmatrix}1 & -1/2 \\ 0 & 2\end{pmatrix} x + "
        r"\begin{pmatrix}0 \\ 1\end{pmatrix}$"
    )


def test_a_large_map_is_written_by_its_dimensions() -> None:
    large = Affine.dense([[1] * 10] * 4)
    assert (
        large._repr_latex_() == r"$\mathbb{Q}^{10} \xrightarrow{\text{Affine}} \mathbb{Q}^{4}$"
    )


def test_a_network_is_a_chain_of_its_layers() -> None:
    formula = tent()._repr_latex_()
    assert formula.count(r"\mathbb{Q}") == 6
    assert formula.count(r"\xrightarrow{\text{ReLU}}") == 2
    assert formula.count(r"\xrightarrow{\text{Affine}}") == 3
