"""Integers of any length, and their decimal digits.

Python refuses to convert integers of more than 4,300 digits, or of as many as its user has set,
for it would take time that grows with the square of their number.  FLINT converts long ones in
hardly more time than it takes to read them; the limit here is :data:`MOST_DIGITS`.
"""

from __future__ import annotations

from typing import Final

from polyrelax.errors import TooLargeError

MOST_DIGITS: Final = 100_000
"""Integers of more digits are refused where they are read."""

_SHORT_DIGITS: Final = 600
_SHORT_BITS: Final = 1900
"""Python converts as many digits whatever its user has set."""


def integer(digits: str) -> int:
    """Return the integer of decimal digits, which may have a sign.

    >>> integer("-12"), integer("1" + "0" * 5000) == 10**5000
    (-12, True)
    """
    if len(digits) <= _SHORT_DIGITS:
        return int(digits)
    if len(digits) > MOST_DIGITS:
        raise TooLargeError(
            f"found an integer of {len(digits)} digits, expected at most {MOST_DIGITS}"
        )
    import flint  # noqa: PLC0415 -- most numbers are short

    return int(flint.fmpz(digits.removeprefix("+")))


def digits(value: int) -> str:
    """Return the decimal digits of an integer, after its sign if it is negative.

    >>> digits(-12), digits(10**5000) == "1" + "0" * 5000
    ('-12', True)
    """
    if value.bit_length() <= _SHORT_BITS:
        return str(value)
    import flint  # noqa: PLC0415 -- most numbers are short

    return str(flint.fmpz(value))


def is_prime(value: int) -> bool:
    """Whether an integer is a prime.

    >>> [n for n in range(-1, 12) if is_prime(n)]
    [2, 3, 5, 7, 11]
    """
    import flint  # noqa: PLC0415 -- most numbers are short

    return bool(flint.fmpz(value).is_prime())
