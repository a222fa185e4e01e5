"""The relaxations on three ACAS Xu networks, six hidden layers of fifty neurons each.

The input set is the box of property 3.  The networks' outputs are sampled, and each sample
is evaluated exactly.
"""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path

import pytest

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.linalg import Matrix
from polyrelax.interop import onnx, vnnlib
from polyrelax.networks.layers import Affine
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import Trace, propagate

pytestmark = pytest.mark.xdist_group("acasxu")  # one worker shares the traces

SAMPLES = 10_000
BITS = 32
NAMES = ("ibp", "crown", "fastlin", "triangle")


@pytest.fixture(scope="module", params=["1_1", "2_1", "3_3"])
def problem(request: pytest.FixtureRequest, data_dir: Path) -> tuple[Network, Polytope]:
    folder = data_dir / "acasxu"
    network = onnx.read(folder / f"ACASXU_run2a_{request.param}.onnx")
    return network, vnnlib.read(folder / "prop_3.vnnlib").input_set()


@pytest.fixture(scope="module")
def traces(problem: tuple[Network, Polytope]) -> dict[str, Trace]:
    return {name: propagate(*problem, relaxation(name, BITS)) for name in NAMES}


def values(network: Network, points: Matrix) -> Matrix:
    """Return the network's values at the columns of ``points``, as columns."""
    ones = Matrix.from_rows([(Fraction(1),) * points.shape[1]], points.shape[1])
    for layer in network.layers:
        if isinstance(layer, Affine):
            points = layer.matrix @ points + Matrix.column(layer.bias) @ ones
        else:
            points = points.positive_part
    return points


def contains(outer: Trace, inner: Trace) -> bool:
    pairs = zip(outer.bounds, inner.bounds, strict=True)
    return all(a.contains(b) for box, other in pairs for a, b in zip(box, other, strict=True))


def test_ten_thousand_sampled_outputs_lie_within_every_bound(
    problem: tuple[Network, Polytope], traces: dict[str, Trace]
) -> None:
    network, domain = problem
    source = random.Random(0)
    points = [tuple(_pick(source, x) for x in domain.bounds) for _ in range(SAMPLES)]
    outputs = values(network, Matrix.from_rows(points, domain.dim).transpose).rows
    assert outputs[0][0] == network(points[0])[0]
    ranges = [Interval(min(row), max(row)) for row in outputs]
    for trace in traces.values():
        assert all(a.contains(b) for a, b in zip(trace.output, ranges, strict=True))


def _pick(source: random.Random, interval: Interval) -> Fraction:
    return interval.lower + interval.width * Fraction(source.randrange(2**16 + 1), 2**16)


def test_the_triangle_is_contained_in_the_others_after_every_layer(
    traces: dict[str, Trace],
) -> None:
    for name in ("ibp", "crown", "fastlin"):
        assert contains(traces[name], traces["triangle"])


def test_the_triangle_is_strictly_tighter_on_every_output(traces: dict[str, Trace]) -> None:
    for name in ("ibp", "crown", "fastlin"):
        pairs = zip(traces[name].output, traces["triangle"].output, strict=True)
        assert all(loose.width > tight.width for loose, tight in pairs)
