"""Relaxations by the names that the command line and the files use."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.interval import require_bits
from polyrelax.arithmetic.rational import shown
from polyrelax.errors import UnknownNameError
from polyrelax.relaxations.cross_layer import CrossLayer
from polyrelax.relaxations.deeppoly import CROWN, DP0, DP1, FAST_LIN
from polyrelax.relaxations.exact import Exact
from polyrelax.relaxations.interval import IBP
from polyrelax.relaxations.layer_hull import LayerHull
from polyrelax.relaxations.multi_neuron import KReLU, LayerNeurons
from polyrelax.relaxations.trace import Relaxation
from polyrelax.relaxations.triangle import Triangle

NAMES = "ibp, dp0, dp1, crown, fastlin, triangle, krelu:K, m:K, p:R, exact"
SCALABLE = ("ibp", "dp0", "dp1", "crown", "fastlin", "triangle")
_SIZED = ("krelu", "m", "p")


def relaxation(name: str, bits: int | None = None) -> Relaxation:
    """Return the relaxation called ``name``.

    ``bits`` rounds bounds outward, but those of ``m:K``, ``p:R`` and ``exact``, which are
    always exact.

    >>> relaxation("krelu:2").name
    'krelu:2'
    >>> relaxation("delta")
    Traceback (most recent call last):
    polyrelax.errors.UnknownNameError: found relaxation 'delta', expected one of ibp, dp0, \
dp1, crown, fastlin, triangle, krelu:K, m:K, p:R, exact with whole numbers K, R >= 1
    """
    require(name, str)
    require_bits(bits)
    family, _, number = name.partition(":")
    if not number:
        return _plain(name, bits)
    if family not in _SIZED or not number.isascii() or not number.isdecimal():
        raise _unknown(name)
    size = int(number)
    if size < 1:
        raise _unknown(name)
    if family == "krelu":
        return KReLU(size, bits=bits)
    if family == "m":
        return LayerNeurons(size)
    return LayerHull() if size == 1 else CrossLayer(size)


def _plain(name: str, bits: int | None) -> Relaxation:
    for method in (DP0, DP1, CROWN, FAST_LIN):
        if method.name == name:
            return replace(method, bits=bits)
    if name == "triangle":
        return Triangle(bits)
    if name == "ibp":
        return IBP(bits)
    if name == "exact":
        return Exact()
    raise _unknown(name)


def _unknown(name: str) -> UnknownNameError:
    hints = tuple(dict.fromkeys((*_with_colon(name), *_resembling(name))))
    hint = f"; did you mean {' or '.join(hints)}?" if hints else ""
    return UnknownNameError(
        f"found relaxation {shown(name)}, expected one of {NAMES} "
        f"with whole numbers K, R >= 1{hint}"
    )


def _with_colon(name: str) -> tuple[str, ...]:
    """Return the name that lacks nothing but the colon before its number."""
    family = name.rstrip("0123456789")
    number = name.removeprefix(family)
    return (f"{family}:{number}",) if family in _SIZED and number.strip("0") else ()


def _resembling(name: str) -> tuple[str, ...]:
    return tuple(get_close_matches(name, NAMES.split(", "), n=1))
