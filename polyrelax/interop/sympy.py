r"""Networks and polytopes as expressions of SymPy, exactly.

The inputs are the real symbols :math:`x_0, x_1, \dots`.  A network is an expression of
``Max``, ``Min`` and ``Abs`` everywhere, or a ``Piecewise`` of the affine functions that it is
on its linear regions over a polytope.  A sort gives order statistics: the :math:`k`-th greatest
of several values is the maximum, over all choices of :math:`k` of them, of their minimum.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations
from typing import TypeAlias

import sympy

from polyrelax.arithmetic.arguments import dimension, require
from polyrelax.arithmetic.rational import SparseVector, sparse
from polyrelax.errors import EmptySetError, UnsupportedNeuronError
from polyrelax.networks.input_sets import InputSet, input_set
from polyrelax.networks.layers import Affine
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.absolute import Absolute
from polyrelax.networks.neurons.clip import Clip
from polyrelax.networks.neurons.leaky import LeakyReLU
from polyrelax.networks.neurons.maximum import Maximum
from polyrelax.networks.neurons.maxmin import MaxMin
from polyrelax.networks.neurons.minimum import Minimum
from polyrelax.networks.neurons.neuron import Neuron
from polyrelax.networks.neurons.passing import Pass
from polyrelax.networks.neurons.relu import Rectifier
from polyrelax.networks.neurons.sort import Sort
from polyrelax.networks.regions import linear_regions
from polyrelax.networks.walk import Bending, last_state
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope

Values: TypeAlias = tuple[sympy.Expr, ...]


def to_sympy(network: Network, domain: InputSet | None = None) -> Values:
    """Return an expression for each output, by regions if there is a domain.

    Raises :class:`UnsupportedNeuronError` for neurons that SymPy has no functions for.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> to_sympy(absolute_value())
    (Max(0, -x0) + Max(0, x0),)
    >>> to_sympy(absolute_value(), (-1, 2))
    (Piecewise((-x0, (x0 >= -1) & (x0 <= 0)), (x0, (x0 >= 0) & (x0 <= 2))),)
    """
    require(network, Network)
    if domain is not None:
        return _by_regions(network, input_set(network, domain))
    return last_state(network, symbols(network.in_dim), _affine, _bent)


def polytope_to_sympy(polytope: Polytope) -> sympy.logic.boolalg.Boolean:
    """Return the condition that a point is in a polytope.

    >>> polytope_to_sympy(Polytope.hull([[0, 0], [1, 0], [0, 1]]))
    (x0 >= 0) & (x1 >= 0) & (x0 + x1 <= 1)
    """
    require(polytope, Polytope)
    x = symbols(polytope.dim)
    return sympy.And(*(_condition(constraint, x) for constraint in polytope.constraints))


def symbols(count: int) -> Values:
    """Return the symbols of so many inputs.

    >>> symbols(2)
    (x0, x1)
    """
    names = (f"x{j}" for j in range(dimension(count, "a number of inputs")))
    return tuple(sympy.Symbol(name, real=True) for name in names)


def _by_regions(network: Network, domain: Polytope) -> Values:
    if domain.is_empty:
        raise EmptySetError("the input set is empty, expected at least one point")
    x = symbols(network.in_dim)
    regions = [
        (_affine(x, region.linear, 0), polytope_to_sympy(region.cell))
        for region in linear_regions(network, domain)
    ]
    return tuple(
        sympy.Piecewise(*((values[k], condition) for values, condition in regions))
        for k in range(network.out_dim)
    )


def _condition(constraint: Constraint, x: Values) -> sympy.logic.boolalg.Boolean:
    """Return a constraint, turned around where it bounds one coordinate from below."""
    form, offset = sparse(constraint.normal), constraint.offset
    if constraint.is_equation:
        return sympy.Eq(_sum(form, x), _number(offset))
    if len(form) == 1:
        ((j, factor),) = form
        end = _number(offset / factor)
        return x[j] <= end if factor > 0 else x[j] >= end
    return sympy.Le(_sum(form, x), _number(offset))


def _affine(values: Values, layer: Affine, _index: int) -> Values:
    pairs = zip(layer.rows, layer.bias, strict=True)
    return tuple(_sum(row, values) + _number(shift) for row, shift in pairs)


def _bent(values: Values, layer: Bending, _index: int) -> Values:
    return tuple(
        value
        for unit in layer.units
        for value in _neuron(unit.neuron, [values[j] for j in unit.inputs])
    )


def _neuron(neuron: Neuron, values: Sequence[sympy.Expr]) -> Iterator[sympy.Expr]:
    match neuron:
        case Pass():
            yield from values
        case Rectifier():
            yield sympy.Max(0, *values)
        case Absolute():
            yield sympy.Abs(*values)
        case LeakyReLU():
            bent = sympy.Max if neuron.slope <= 1 else sympy.Min
            yield from (bent(value, _number(neuron.slope) * value) for value in values)
        case Clip():
            yield from (_clipped(neuron, value) for value in values)
        case Maximum():
            yield sympy.Max(*values)
        case Minimum():
            yield sympy.Min(*values)
        case MaxMin() | Sort():
            yield from (_greatest(k, values) for k in range(1, len(values) + 1))
        case _:
            raise UnsupportedNeuronError(f"found the neuron {neuron.name}, which SymPy has not")


def _clipped(neuron: Clip, value: sympy.Expr) -> sympy.Expr:
    above = value if neuron.lower is None else sympy.Max(value, _number(neuron.lower))
    return above if neuron.upper is None else sympy.Min(above, _number(neuron.upper))


def _greatest(k: int, values: Sequence[sympy.Expr]) -> sympy.Expr:
    """Return the ``k``-th greatest of several values."""
    return sympy.Max(*(sympy.Min(*chosen) for chosen in combinations(values, k)))


def _sum(form: SparseVector, values: Values) -> sympy.Expr:
    return sympy.Add(*(_number(factor) * values[j] for j, factor in form))


def _number(value: Fraction) -> sympy.Rational:
    return sympy.Rational(value.numerator, value.denominator)
