"""How each relaxation looks: its label, its colour and its line style."""

from __future__ import annotations

from typing import Literal, NamedTuple

from polyrelax.arithmetic.arguments import require

BLACK = "#000000"
ORANGE = "#E69F00"
SKY = "#56B4E9"
GREEN = "#009E73"
YELLOW = "#F0E442"
BLUE = "#0072B2"
VERMILION = "#D55E00"
PURPLE = "#CC79A7"
GREY = "#BBBBBB"

# The colours of areas, in an order in which neighbours differ in lightness too.
AREAS = (SKY, ORANGE, GREEN, YELLOW, PURPLE, BLUE, VERMILION, GREY)

LineStyle = Literal["solid"] | tuple[int, tuple[float, ...]]


class Look(NamedTuple):
    """How a set is drawn; ``opacity`` is that of its area, zero for an outline."""

    colour: str = BLUE
    dashes: LineStyle = "solid"
    marker: str = "o"
    opacity: float = 0.25


PLAIN = Look()

_SOLID: LineStyle = "solid"
_DASHED = (0, (5.0, 2.0))
_DOTTED = (0, (1.0, 1.5))
_MIXED = (0, (5.0, 1.5, 1.0, 1.5))

_PLAIN = {
    "ibp": Look(ORANGE, _DOTTED, "s"),
    "dp0": Look(SKY, _DASHED, "v"),
    "dp1": Look(BLUE, _DASHED, "^"),
    "crown": Look(BLUE, _MIXED, "d"),
    "fastlin": Look(SKY, _MIXED, "D"),
    "triangle": Look(VERMILION, _DASHED, ">"),
    "exact": Look(BLACK, _SOLID, "o"),
    "lp-greedy": Look(SKY, _MIXED, "D"),
    "lp-last": Look(BLUE, _MIXED, "d"),
    "lp-all": Look(VERMILION, _DASHED, ">"),
}
_FAMILIES = {
    "krelu": (PURPLE, "p"),
    "m": (PURPLE, "h"),
    "p": (GREEN, "P"),
}
_STYLES: tuple[LineStyle, ...] = (_SOLID, _DASHED, _MIXED, _DOTTED)
_LABELS = {
    "ibp": "IBP",
    "dp0": "DeepPoly-0",
    "dp1": "DeepPoly-1",
    "crown": "CROWN",
    "fastlin": "Fast-Lin",
    "lp-greedy": "LP-GREEDY",
    "lp-last": "LP-LAST",
    "lp-all": "LP-ALL",
    "krelu": "${}$-ReLU",
    "m": "$M_{{{}}}$",
    "p": "$P_{{{}}}$",
}


def look(name: str) -> Look:
    """Return how the relaxation called ``name`` is drawn.

    >>> look("exact").colour, look("p:1").colour == look("p:2").colour
    ('#000000', True)
    """
    require(name, str)
    family, _, number = name.partition(":")
    if family in _FAMILIES:
        colour, marker = _FAMILIES[family]
        return Look(colour, _STYLES[(int(number or 1) - 1) % len(_STYLES)], marker)
    return _PLAIN.get(family, Look(GREY, _SOLID, "."))


def label(name: str) -> str:
    """Return the name of a relaxation as legends write it.

    >>> label("m:2"), label("dp0"), label("triangle")
    ('$M_{2}$', 'DeepPoly-0', 'triangle')
    """
    require(name, str)
    family, _, number = name.partition(":")
    return _LABELS.get(family, name).format(number)
