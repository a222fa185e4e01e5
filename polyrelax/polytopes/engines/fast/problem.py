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

DONE, IMPLIED, BAD_PRIME, NO_MEMORY = 0, 1, 2, 5  # as in kernels/arrays.h

PRIME = 0  # the first row of ``Field.moduli``


class Field(NamedTuple):
    """The primes and what Montgomery multiplication and the mixed radix need of them."""

    moduli: Residues  # primes; -1 / p modulo 2**32; 2**32 modulo p: one in Montgomery's form
    inverses: (
        Residues  # [i, j]: of prime i modulo prime j, in Montgomery's form, without repeats
    )


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
