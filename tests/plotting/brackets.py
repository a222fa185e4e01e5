"""Brackets of radii with ends that are whole numbers."""

from __future__ import annotations

from fractions import Fraction

from polyrelax.verification.survey import Bracket


def bracket(lower: int, upper: int | None = None) -> Bracket:
    """Return what is known of a radius, from whole numbers."""
    return Bracket(Fraction(lower), None if upper is None else Fraction(upper))
