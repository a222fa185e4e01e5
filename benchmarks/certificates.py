"""Sizes of certificates and the checker's time: ``python benchmarks/certificates.py``.

Processor time of one thread, the least of five runs of ``check`` on a text in memory: JSON,
hash, network and nodes together.  Networks are seeded; those for images have weights that are
multiples of 2**-20.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from lines import HEAD, Line, Setting

from polyrelax.arithmetic.rational import ONE, vector
from polyrelax.certificates.certificate import Certificate, Form
from polyrelax.certificates.certify import certify_maximum
from polyrelax.certificates.check import check
from polyrelax.certificates.enumerations import Enumeration, certify_enumeration
from polyrelax.certificates.hulls import certify_hull
from polyrelax.certificates.quick import certify_bound
from polyrelax.certificates.spaces import FiniteSpace
from polyrelax.networks.layers import Affine, ReLU
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.verification.lipschitz_certificates import certify_lipschitz

SCALE = 2**20


def seeded(widths: tuple[int, ...], seed: int, *, digits: int = SCALE) -> Network:
    """Return a network whose entries are multiples of 1 / digits, smaller in wider layers."""
    generator = random.Random(seed)
    layers: list[Affine | ReLU] = []
    for columns, rows in pairwise(widths):
        most = int(2 * digits / columns**0.5)
        entries = [
            [generator.randint(-most, most) for _ in range(columns + 1)] for _ in range(rows)
        ]
        values = [[Fraction(entry, digits) for entry in row] for row in entries]
        layers.append(Affine.dense([row[1:] for row in values], [row[0] for row in values]))
        layers.append(ReLU(rows))
    return Network(tuple(layers[:-1]))


def output(network: Network) -> Form:
    """Return output 0 as a form."""
    return ((ONE, len(network.layers), 0),)


def image_network() -> Certificate:
    """Bound an output of a 784-100-100-10 network around a grey image, in one pass."""
    network = seeded((784, 100, 100, 10), seed=1)
    generator = random.Random(2)
    pixels = [Fraction(generator.randint(0, 255), 255) for _ in range(784)]
    box = Polytope.box(
        [x - Fraction(1, 512) for x in pixels], [x + Fraction(1, 512) for x in pixels]
    )
    return certify_bound(network, box, output(network))


def image_intervals() -> Certificate:
    """Bound the same network by interval bound propagation."""
    network = seeded((784, 100, 100, 10), seed=1)
    box = Polytope.box([Fraction(1, 4)] * 784, [Fraction(1, 4) + Fraction(1, 512)] * 784)
    return certify_maximum(network, box, "ibp", output(network))


def phase_tree() -> Certificate:
    """Prove the exact maximum of a 3-8-8-1 network by cases."""
    network = seeded((3, 8, 8, 1), seed=9, digits=8)
    return certify_maximum(network, Polytope.box([-1] * 3, [1] * 3), "exact", output(network))


def hull() -> Certificate:
    """Prove the hull of four inputs and four ReLUs complete."""
    layer = seeded((4, 4, 1), seed=4, digits=2).layers[0]
    return certify_hull(Network((layer, ReLU(4))), Polytope.box([-1] * 4, [1] * 4))


def enumeration() -> Enumeration:
    """Find for which 1-2-1 networks over {-2, ..., 2} the triangle is looser than exact."""
    values, outputs = vector(range(-2, 3)), vector([-2, -1, 1, 2])
    space = FiniteSpace((1, 2, 1), values, values, outputs, Polytope.box([-1], [1]))
    return certify_enumeration(space, "triangle", side="both")


def steepest() -> Certificate:
    """Prove the Lipschitz constant of a 3-6-6-1 network in the maximum norm."""
    network = seeded((3, 6, 6, 1), seed=9, digits=8)
    return certify_lipschitz(network, Polytope.box([-1] * 3, [1] * 3))


CASES: dict[Callable[[], Certificate | Enumeration], float] = {
    image_network: 0.1,
    image_intervals: 0.1,
    phase_tree: 0.1,
    hull: 1.0,
    enumeration: 1.0,
    steepest: 0.1,
}
"""What is proved, and the seconds that the checker may take."""


def lines(_setting: Setting) -> Iterator[Line]:
    """Yield what the checker takes for each certificate."""
    for make, most in CASES.items():
        start = time.process_time()
        certificate = make()
        made = time.process_time() - start
        text, seconds = certificate.dumps(), []
        for _ in range(5):
            start = time.process_time()
            check(text)
            seconds.append(time.process_time() - start)
        leaves = text.count('"off": [') + text.count('"on": [') + text.count('"empty"')
        note = f"{leaves} leaves, {len(text) / 1000:,.0f} kB, made in {made:.2f} s"
        yield Line(f"`{make.__name__}` checked", min(seconds), most, note=note)


def main() -> None:
    """Print the lines."""
    print(HEAD)
    for line in lines(Setting(Path(), quick=False)):
        print(line, flush=True)


if __name__ == "__main__":
    main()
