r"""The arrays that kernels work on.

A row :math:`r \in \mathbb{Z}^d` is kept as its residues modulo each of :math:`k` primes below
:math:`2^{31}`, in Montgomery's form, and as sums of two floats, after powers of two have been
taken out of each column and then of each row so that the largest has size about one.  The
primes are repeated up to a multiple of eight, so that the machine works on that many at a time.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Shorts: TypeAlias = NDArray[np.int32]
Signs: TypeAlias = NDArray[np.int8]
Words: TypeAlias = NDArray[np.uint64]
Residues: TypeAlias = NDArray[np.uint32]

DONE, IMPLIED, BAD_PRIME, TORN, TOO_LARGE = 0, 1, 2, 3, 4

FREE = np.int8(2)

PRIME, NEGATIVE, UNIT = 0, 1, 2  # the rows of ``Field.moduli``


class Field(NamedTuple):
    """The primes and what Montgomery multiplication and the mixed radix need of them."""

    moduli: Words  # primes; -1 / p modulo 2**32; 2**32 modulo p: one in Montgomery's form
    inverses: Words  # [i, j]: of prime i modulo prime j, in Montgomery's form, without repeats


class Problem(NamedTuple):
    """The rows of a cone, of full column rank, the first ``dim`` rows independent."""

    field: Field
    residues: Residues  # rows, columns, primes
    rows: Floats  # rows, two, columns: sums of two floats
    weights: Floats  # an upper bound of the sum of the sizes of each row's entries
    shifts: Ints  # the exponent taken out of each column
    keys: Words  # a random word for each row, to hash sets of rows with
    integers: Ints  # the rows themselves, or none if they have more than 63 bits
    limit: int  # integer rays with entries below it have values below 2**63


class Rays(NamedTuple):
    """Rays, each in a slot, with the rows that are zero on it.

    Their numbers are small, and then ``integers`` and ``products`` are meant, or large, and
    then the others: the sums of two floats of a ray, up to a positive factor, are wrong by at
    most ``errors`` in each entry; the largest has size between one half and one.  The residues
    of a ray are right up to a factor for each prime.
    """

    sets: Words  # slots, words of 64 rows
    signs: Signs  # of the row that cuts now, or FREE for a slot without a ray
    integers: Ints  # slots, columns: primitive vectors
    products: Ints  # of the row that cuts now
    floats: Floats  # slots, two, columns
    errors: Floats
    values: Floats  # slots, two: of the row in ``valued``
    residues: Residues  # slots, columns and a value of the row in ``valued``, primes
    valued: Ints


class Cut(NamedTuple):
    """One step of the method: the part where ``row`` is not negative is to be found."""

    problem: Problem
    rays: Rays
    row: int
    seen: Words  # the rows before, without those that cut nothing off


class Outcome(NamedTuple):
    """Where the method stopped, at which row, and the rays by then."""

    status: int
    row: int
    small: bool
    rays: Rays
    seen: Words
