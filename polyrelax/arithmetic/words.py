"""Numbers of things, as messages and reports say them."""

from __future__ import annotations

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.rational import shown


def amount(number: int, one: str, many: str = "") -> str:
    """Return how many things there are, in English; ``many`` if it is not ``one`` with an s.

    >>> amount(1, "entry", "entries"), amount(0, "row")
    ('1 entry', '0 rows')
    """
    require(one, str)
    require(many, str)
    return f"{shown(number)} {one if number == 1 else many or f'{one}s'}"
