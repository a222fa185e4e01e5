"""The relaxations that a request asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from polyrelax.cli.requests.request import Request
from polyrelax.errors import UsageError
from polyrelax.networks.network import Network
from polyrelax.relaxations.choices import HULLS, default_names, rounding
from polyrelax.relaxations.multi_neuron import Group, KReLU
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import Relaxation


def requested_methods(request: Request, network: Network) -> tuple[Relaxation, ...]:
    """Return the relaxations that a request names, or those that take little time."""
    precision = rounding(request.bits, network)
    names = dict.fromkeys(request.relaxation or default_names(network))
    methods = tuple(relaxation(name, precision) for name in names)
    return _grouped(methods, request.groups) if request.groups else methods


def never_rounded(request: Request, methods: Sequence[Relaxation]) -> tuple[str, ...]:
    """Return the names of the relaxations that a request to round does not concern.

    >>> asked = Request("net.json", bits="8")
    >>> never_rounded(asked, (relaxation("ibp", 8), relaxation("exact", 8)))
    ('exact',)
    """
    if request.bits in (None, "exact"):
        return ()
    return tuple(method.name for method in methods if method.bits is None)


def left_out(request: Request, network: Network) -> tuple[str, ...]:
    """Return the hulls that a request names no choice about, and that may take long.

    >>> from polyrelax.networks.gallery import tent
    >>> left_out(Request("net.json"), tent())
    ()
    """
    if request.relaxation:
        return ()
    chosen = default_names(network)
    return tuple(name for name in HULLS if name not in chosen)


def read_groups(texts: Sequence[str]) -> tuple[tuple[int, tuple[Group, ...]], ...]:
    """Return groups of neurons by layer.

    >>> read_groups(["1:0,1;2"])
    ((1, ((0, 1), (2,))),)
    """
    return tuple(_layer_groups(text) for text in texts)


def _layer_groups(text: str) -> tuple[int, tuple[Group, ...]]:
    layer, _, groups = text.partition(":")
    try:
        return int(layer), tuple(tuple(map(int, g.split(","))) for g in groups.split(";"))
    except ValueError:
        raise UsageError(
            f"found --groups {text!r}, expected a layer and its groups, such as 1:0,1;2,3"
        ) from None


def _grouped(methods: Sequence[Relaxation], texts: Sequence[str]) -> tuple[Relaxation, ...]:
    if not any(isinstance(method, KReLU) for method in methods):
        raise UsageError("found --groups without krelu:K, expected -r krelu:K too")
    return tuple(_with_groups(methods, read_groups(texts)))


def _with_groups(
    methods: Sequence[Relaxation], groups: tuple[tuple[int, tuple[Group, ...]], ...]
) -> Iterator[Relaxation]:
    for method in methods:
        yield replace(method, groups=groups) if isinstance(method, KReLU) else method
