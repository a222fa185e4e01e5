"""Verdicts on random small networks against their exact ranges.

Run as ``python -m tests.verification.random_verdicts --count 10000 --seed 1``.  Networks have
one to three hidden layers, weights of very different sizes, some between the units of boxes,
and boxes of different sizes.  Each is asked for more, a little more, and exactly as much as its
greatest output, and for what it attains; certificates are checked.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from fractions import Fraction
from itertools import pairwise

import numpy as np

from polyrelax.arithmetic.rational import ONE
from polyrelax.certificates.check import examined
from polyrelax.networks.layers import Affine, Layer, ReLU
from polyrelax.networks.network import Network
from polyrelax.networks.properties import Case, Property, Row
from polyrelax.networks.regions import exact_range
from polyrelax.polytopes.polytope import Polytope
from polyrelax.verification.verdict_certificates import certificate
from polyrelax.verification.verdicts import Unknown
from polyrelax.verification.verify import verified

MARGINS = (Fraction(1, 10**12), Fraction(1, 10**4), Fraction(1, 8))


def drawn(generator: np.random.Generator) -> tuple[Network, Polytope]:
    """Return a network of one output and a box."""
    inputs = int(generator.integers(1, 4))
    hidden = [int(generator.integers(1, 4)) for _ in range(generator.integers(1, 4))]
    scale, is_double = 2.0 ** generator.integers(-6, 5), generator.integers(2)
    layers: list[Layer] = []
    for n, m in pairwise([inputs, *hidden, 1]):
        weight, bias = generator.normal(size=(m, n)) * scale, generator.normal(size=m)
        if not is_double:
            weight, bias = weight.astype(np.float32).astype(float), np.round(bias * 16) / 16
        layers += [Affine.of_doubles(weight, bias), ReLU(m)]
    ends = np.sort(generator.integers(-30, 31, (2, inputs)), axis=0)
    lower, upper = ([Fraction(int(x), 10) for x in end] for end in ends)
    return Network(tuple(layers[:-1])), Polytope.box(lower, upper)


def disagreements(seed: int, words: Counter[str]) -> list[str]:
    """Return what is wrong of one network."""
    net, box = drawn(np.random.default_rng(seed))
    ((low, high),) = exact_range(net, box)
    asked = [(high, "violated"), ((low + high) / 2, "violated")]
    asked += [(high + margin * max(high - low, ONE), "holds") for margin in MARGINS]
    wrong = []
    for value, expected in asked:
        property_ = Property(net.in_dim, 1, (Case(box, (Row((), ((0, -ONE),), -value),)),))
        found = verified(net, property_)
        if found.word != expected:
            wrong.append(f"{seed}: {found.word}, expected {expected}")
            continue
        made = None if isinstance(found, Unknown) else certificate(net, property_, found)
        words[f"{found.word}, {'no ' if made is None else ''}certificate"] += 1
        if made is not None:
            examined(made, is_limited=False)
    return wrong


def main() -> int:
    """Print what is wrong, and how many verdicts there were; return 1 if something is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    words: Counter[str] = Counter()
    wrong: list[str] = []
    for seed in range(options.seed, options.seed + options.count):
        wrong += disagreements(seed, words)
    print(*wrong, f"{options.count} networks: {dict(words)}", sep="\n")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
