r"""Networks that compute the same function in another way, and clamps.

What a relaxation finds depends on how a function is written down.  The rewritings here
leave the function alone, on all inputs or on a domain where they say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import chain

from polyrelax.arithmetic.arguments import exactly, listed, require
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ONE, ZERO, Scalar, Vector, rational
from polyrelax.networks.dimensions import box_of
from polyrelax.networks.images import layer_box
from polyrelax.networks.layers import Affine, Identity, Layer, ReLU, rectified
from polyrelax.networks.network import Network


def fold(layers: Iterable[Layer]) -> Network:
    """Return the network of the layers with neighbouring affine layers made one.

    >>> double = Affine.dense([[2]])
    >>> fold([double, double, ReLU(1)]).widths
    (1, 1, 1)
    """
    folded: list[Layer] = []
    for layer in listed(layers, "layers"):
        require(layer, Layer, "a layer")
        before = folded[-1] if folded else None
        if isinstance(layer, Affine) and isinstance(before, Affine):
            folded[-1] = layer.after(before)
        else:
            folded.append(layer)
    return Network(tuple(folded))


def negate(inner: Network) -> Network:
    """Return the network of ``x -> -inner(x)``.

    >>> negate(Network((Affine.dense([[2]]),)))((ONE,))
    (Fraction(-2, 1),)
    """
    require(inner, Network)
    return fold([*inner.layers, _scale(-ONE, ZERO, inner.out_dim)])


def clamp_below(inner: Network, lower: Scalar) -> Network:
    """Return the network followed by ``y -> lower + max(y - lower, 0)`` on each output.

    >>> double = Network((Affine.dense([[2]]),))
    >>> clamp_below(double, 3)((ONE,))
    (Fraction(3, 1),)
    """
    require(inner, Network)
    end, width = rational(lower), inner.out_dim
    return fold([*inner.layers, _scale(ONE, -end, width), ReLU(width), _scale(ONE, end, width)])


def clamp(inner: Network, lower: Scalar, upper: Scalar) -> Network:
    """Return the network followed by a clamp of each output to [lower, upper].

    With m, M the ends this is ``y -> M - max(M - m - max(y - m, 0), 0)``.  Where m and M are
    the least and greatest value on an input set, the function is unchanged there, and
    interval arithmetic is exact (derived).

    >>> double = Network((Affine.dense([[2]]),))
    >>> [str(clamp(double, 0, 1)((rational(x),))[0]) for x in ("-1", "1/4", "1")]
    ['0', '1/2', '1']
    """
    require(inner, Network)
    low, high, width = rational(lower), rational(upper), inner.out_dim
    steps = ((ONE, -low), (-ONE, high - low), (-ONE, high))
    affine = [_scale(factor, shift, width) for factor, shift in steps]
    return fold(
        [*inner.layers, affine[0], ReLU(width), affine[1], ReLU(width), affine[2]],
    )


def reflect(inner: Network) -> Network:
    """Return the same function with every ``max(z, 0)`` written as ``z + max(-z, 0)``.

    Each z is carried past the ReLU.  DeepPoly with lower slope 1 finds of the result what it
    finds with lower slope 0 of the original, and conversely (:cite:t:`baader2024`).

    >>> carried = reflect(Network((ReLU(1),)))
    >>> carried.layers[1], carried((-ONE,)), carried((ONE,))
    (ReLU(width=2, neurons=(1,)), (Fraction(0, 1),), (Fraction(1, 1),))
    """
    require(inner, Network)
    return fold(chain.from_iterable(map(_reflected, inner.layers)))


def without_skips(
    inner: Network, bounds: Iterable[tuple[Scalar, Scalar]], *, margin: Scalar = 0
) -> Network:
    """Return a network whose ReLU layers apply to all their neurons, equal on a box.

    A value z that passed a ReLU becomes ``max(z - l, 0) + l``, with ``l`` the bound of interval
    arithmetic less ``margin``: a stable neuron.  ``bounds`` are those of the inputs.

    >>> plain = without_skips(reflect(Network((ReLU(1),))), [(-2, 2)])
    >>> plain.layers[1], [str(plain((rational(x),))[0]) for x in (-2, 2)]
    (ReLU(width=2, neurons=None), ['0', '2'])
    """
    require(inner, Network)
    ends = [exactly(pair, 2, "two ends") for pair in listed(bounds, "bounds")]
    box = box_of([Interval(lower, upper) for lower, upper in ends], inner.in_dim)
    layers: list[Layer] = []
    for layer in inner.layers:
        layers += _filled(layer, box, rational(margin))
        box = layer_box(layer, box)
    return fold(layers)


def _scale(factor: Fraction, shift: Fraction, width: int) -> Affine:
    """Return the map ``y -> factor y + shift`` in each of ``width`` coordinates."""
    return Affine(tuple(((j, factor),) for j in range(width)), (shift,) * width, width)


def _shift(offsets: Vector) -> Affine:
    rows = tuple(((j, ONE),) for j in range(len(offsets)))
    return Affine(rows, offsets, len(offsets))


def _reflected(layer: Layer) -> tuple[Layer, ...]:
    width, active = layer.in_dim, rectified(layer)
    if not active:
        return (layer,)
    wide = width + len(active)
    place = {j: width + k for k, j in enumerate(active)}
    copies = (*(((j, ONE),) for j in range(width)), *(((j, -ONE),) for j in active))
    sums = (((j, ONE), (place[j], ONE)) if j in place else ((j, ONE),) for j in range(width))
    return (
        Affine(copies, (ZERO,) * wide, width),
        ReLU(wide, tuple(range(width, wide))),
        Affine(tuple(sums), (ZERO,) * width, wide),
    )


def _filled(layer: Layer, box: tuple[Interval, ...], margin: Fraction) -> Iterator[Layer]:
    active = set(rectified(layer))
    if isinstance(layer, Affine | Identity) or len(active) == layer.in_dim:
        yield layer
        return
    lower = tuple(ZERO if j in active else z.lower - margin for j, z in enumerate(box))
    yield _shift(tuple(-low for low in lower))
    yield ReLU(layer.in_dim)
    yield _shift(lower)
