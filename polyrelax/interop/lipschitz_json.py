r"""Layers that do not expand the maximum norm, as JSON in ``polyrelax-network/1``.

::

    {"norm_bounded": {"weight": [["1/2", "-1/2"]], "bias": ["0"]}}
    {"distance": {"centers": [["0", "1"]], "bias": ["0"]}}
    {"sortnet": {"weight": [["1/2", "1/2"]], "bias": [["0", "0"]]}}

The first is an affine layer whose rows have 1-norms of at most 1.  The others are one or more
neurons of :mod:`polyrelax.networks.lipschitz`: distances to centers in the maximum norm, and
sums of sorted absolute values whose weights have a 1-norm of at most 1.  They are read as the
layers that they are made of, and written as these.
"""

from __future__ import annotations

from typing import Final

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.rational import cut
from polyrelax.arithmetic.words import amount
from polyrelax.errors import DimensionError, FormatError, ShapeError
from polyrelax.interop.documents import Node
from polyrelax.networks.layers import Affine, Layer
from polyrelax.networks.lipschitz import distance_neurons, norm_bounded, sort_neurons

KINDS: Final = ("norm_bounded", "distance", "sortnet")


def from_node(node: Node) -> tuple[Layer, ...]:
    """Return the layers that JSON describes.

    Raises :class:`FormatError` for rows of greater 1-norm than 1, with their place.

    >>> bounded = {"norm_bounded": {"weight": [["1", "1"]], "bias": ["0"]}}
    >>> from_node(Node(bounded, "layers[0]"))
    Traceback (most recent call last):
    polyrelax.errors.FormatError: layers[0].norm_bounded: found the 1-norm 2 in row 0, \
expected at most 1
    """
    require(node, Node)
    named = node.value if isinstance(node.value, dict) else {}
    kinds = [kind for kind in KINDS if kind in named]
    if not kinds:
        raise node.error(f"found {cut(node.keys)}, expected one of {', '.join(KINDS)}")
    ((kind, given),) = node.fields(kinds[:1]).items()
    try:
        return _layers(kind, given)
    except (DimensionError, ShapeError) as error:
        raise FormatError(f"{given.place}: {error}") from None


def _layers(kind: str, given: Node) -> tuple[Layer, ...]:
    if kind == "norm_bounded":
        return (norm_bounded(affine_from_node(given)),)
    if kind == "distance":
        parts = given.fields(["centers", "bias"])
        return distance_neurons(parts["centers"].vectors(), parts["bias"].vector()).layers
    parts = given.fields(["weight", "bias"])
    return sort_neurons(parts["weight"].vectors(), parts["bias"].vectors()).layers


def affine_from_node(given: Node) -> Affine:
    """Return the affine map of a weight and a bias.

    >>> affine_from_node(Node({"weight": [["1/2"]], "bias": [3]})).bias
    (Fraction(3, 1),)
    """
    require(given, Node)
    fields = given.fields(["weight", "bias"])
    weight, bias = fields["weight"].vectors(), fields["bias"].vector()
    if len(weight) != len(bias):
        place = fields["bias"].place
        raise DimensionError(
            f"{place}: found {amount(len(bias), 'number')}, expected {len(weight)}"
        )
    return Affine.dense(weight, bias)
