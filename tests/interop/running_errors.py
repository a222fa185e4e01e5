r"""How far float32 may be from the exact value, by an exact running error evaluation.

Each step of a graph is a sum of :math:`k` terms for each value.  If what it reads is exact,
and all terms and their sums in any order are multiples of one power of two that float32 holds,
then the sum is exact too.  Otherwise it is off by at most

.. math:: \gamma_{k + s} (|W||x| + |b|), \qquad \gamma_n = n u / (1 - n u), \quad u = 2^{-24},

with :math:`s` some roundings to spare for how an operator computes (a division, a scaling), by
the errors of what it reads, times :math:`|W|`, and by the least positive number for each
operation, should it underflow.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import lcm

from polyrelax.arithmetic.rational import Vector
from polyrelax.interop.onnx.dataflow import Step
from polyrelax.interop.onnx.reals import fractions
from polyrelax.networks.layers import Neurons, ReLU
from polyrelax.networks.neurons.leaky import LeakyReLU

UNIT = Fraction(1, 2**24)
TINY = Fraction(1, 2**149)
SPARE = 4
ZERO = Fraction(0)
ONE = Fraction(1)

Known = tuple[Vector, Vector]
"""Exact values, and what float32 may be off by."""


def running(steps: Sequence[Step], x: Vector) -> Known:
    """The exact outputs at an input that float32 holds, and bounds of float32's errors."""
    known: Known = (x, (ZERO,) * len(x))
    for step in steps:
        known = _summed(step, known) if isinstance(step, tuple) else _bent(step, known)
    return known


def _bent(layer: ReLU | Neurons, known: Known) -> Known:
    """Neurons choose without rounding; one that is leaky also multiplies, once."""
    values, errors = known
    found: list[Fraction] = []
    for unit in layer.units:
        error = max(errors[j] for j in unit.inputs)
        if isinstance(unit.neuron, LeakyReLU):
            error = _scaled(unit.neuron.slope, values[unit.inputs[0]], error)
        found.append(error)
    return (layer(values), tuple(found))


def _scaled(slope: Fraction, value: Fraction, error: Fraction) -> Fraction:
    """The error of ``value`` or ``slope * value``, whichever float32 takes it for."""
    if not error and (value >= 0 or _is_exact([slope * value])):
        return ZERO
    size = abs(slope) * (abs(value) + error)
    return max(ONE, abs(slope)) * error + size * SPARE * UNIT + TINY


def _summed(step: Step, known: Known) -> Known:
    assert isinstance(step, tuple)
    _, rows = step
    values, errors = known
    columns, factors = rows.columns.tolist(), fractions(rows.factors)
    terms = [(a, values[j], errors[j]) for j, a in zip(columns, factors, strict=True)]
    ends = pairwise(rows.starts.tolist())
    pairs = [
        _sum(terms[start:end], shift)
        for (start, end), shift in zip(ends, fractions(rows.bias), strict=True)
    ]
    return (tuple(value for value, _ in pairs), tuple(error for _, error in pairs))


def _sum(
    terms: list[tuple[Fraction, Fraction, Fraction]], shift: Fraction
) -> tuple[Fraction, Fraction]:
    products = [a * value for a, value, _ in terms]
    value = sum(products, shift)
    before = sum((abs(a) * error for a, _, error in terms), ZERO)
    if not before and _is_exact([*products, shift]):
        return value, ZERO
    size = sum(map(abs, products), abs(shift)) + before
    k = len(terms) + SPARE
    return value, before + size * k * UNIT / (1 - k * UNIT) + k * TINY


def _is_exact(terms: list[Fraction]) -> bool:
    """Whether float32 adds the terms without rounding, in any order."""
    grain = lcm(*(term.denominator for term in terms))
    total = sum(map(abs, terms), ZERO) * grain
    return grain & (grain - 1) == 0 and grain < 2**100 and total <= 2**24
