"""The relaxations on the trained classifier of digits that comes with the project."""

from __future__ import annotations

from pathlib import Path

import pytest

from polyrelax.interop import input_sets, onnx
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate

FOLDER = Path(__file__).parents[2] / "examples" / "digits"


@pytest.fixture(scope="module")
def problem() -> tuple[Network, Polytope]:
    return onnx.read(FOLDER / "digits.onnx"), input_sets.read(FOLDER / "box.json")


def test_rounded_multipliers_prove_more_than_back_substitution(
    problem: tuple[Network, Polytope],
) -> None:
    """A program that is given up at once would leave the bounds of CROWN and Fast-Lin."""
    triangle = propagate(*problem, relaxation("triangle", 32)).output
    for name in ("ibp", "crown", "fastlin"):
        looser = propagate(*problem, relaxation(name, 32)).output
        for loose, tight in zip(looser, triangle, strict=True):
            assert loose.lower < tight.lower <= tight.upper < loose.upper


def test_the_exact_optimum_lies_within_the_rounded_bounds(
    problem: tuple[Network, Polytope],
) -> None:
    rounded = propagate(*problem, relaxation("triangle", 32)).bounds
    exact = propagate(*problem, relaxation("triangle")).bounds
    for outer, inner in zip(rounded, exact, strict=True):
        assert all(a.contains(b) for a, b in zip(outer, inner, strict=True))
