/* Arithmetic modulo many primes at once, and integers from their residues.

   Residues are in Montgomery's form: a stands for a 2**-32 mod p, so that a product needs no
   division.  Primes are below 2**31 and repeated up to a multiple of eight, so that the machine
   works on that many at a time.

   An integer of size below half the product M of the primes is determined by its residues: it
   has unique digits v_i < p_i in the mixed radix,

       a mod M = v_0 + v_1 p_0 + v_2 p_0 p_1 + ...

   (Garner's algorithm), and it is negative iff these digits exceed, compared from the last one
   down, the digits (p_i - 1) / 2 of (M - 1) / 2. */

#ifndef MODULAR_H
#define MODULAR_H

#include "arrays.h"

/* Loops over many residues are compiled once: in each place where they are called they would be a
   third of the compilation. */
#define ONCE __attribute__((noinline))

static inline Residue least(Residue a, Residue b) { return a < b ? a : b; }

/* The Montgomery product of two residues. */
static inline Residue product(Residue a, Residue b, Residue prime, Residue negative) {
    uint64_t wide = (uint64_t)a * b;
    Residue low = (Residue)wide * negative;
    Residue high = (Residue)((wide + (uint64_t)low * prime) >> 32);
    return least(high, high - prime); /* which wraps around if it is negative */
}

static inline Residue difference(Residue a, Residue b, Residue prime) {
    return least(a - b, a - b + prime);
}

/* Set ``target`` to the products of two vectors; all may be the same. */
static ONCE void set_product(Residue *target, const Residue *a, const Residue *b,
                             const Residue *prime, const Residue *negative, int64_t count) {
#pragma GCC ivdep
    for (int64_t i = 0; i < count; i++) target[i] = product(a[i], b[i], prime[i], negative[i]);
}

/* Subtract the products of two vectors from ``target``. */
static ONCE void subtract_product(Residue *target, const Residue *a, const Residue *b,
                                  const Residue *prime, const Residue *negative, int64_t count) {
#pragma GCC ivdep
    for (int64_t i = 0; i < count; i++)
        target[i] = difference(target[i], product(a[i], b[i], prime[i], negative[i]), prime[i]);
}

/* Set ``result`` to the inverses of ``power``, by Fermat's theorem, and zero for zero. */
static void invert_residues(Residue *result, Residue *power, const Field *field, int64_t count) {
    const Residue *prime = field->prime, *negative = field->negative;
    memcpy(result, field->unit, count * sizeof(Residue));
    for (int step = 0; step < 31; step++) {
        for (int64_t i = 0; i < count; i++) {
            Residue next = product(result[i], power[i], prime[i], negative[i]);
            result[i] = (prime[i] - 2) >> step & 1 ? next : result[i];
            power[i] = product(power[i], power[i], prime[i], negative[i]);
        }
    }
}

/* Set ``total`` to the residues of the inner product of two vectors. */
static void set_inner(Residue *total, const Residue *row, const Residue *ray, int64_t dim,
                      const Field *field) {
    const Residue *prime = field->prime, *negative = field->negative;
    int64_t count = field->primes;
    memset(total, 0, count * sizeof(Residue));
    for (int64_t j = 0; j < dim; j++, row += count, ray += count) {
#pragma GCC ivdep
        for (int64_t i = 0; i < count; i++) {
            Residue term = product(row[i], ray[i], prime[i], negative[i]);
            total[i] = difference(term, prime[i] - total[i], prime[i]);
        }
    }
}

static bool is_zero(const Residue *residues, int64_t count) {
    Residue some = 0;
    for (int64_t i = 0; i < count; i++) some |= residues[i];
    return some == 0;
}

static bool has_zero(const Residue *residues, int64_t count) {
    int64_t zero = 0;
    for (int64_t i = 0; i < count; i++) zero += residues[i] == 0;
    return zero > 0;
}

/* Whether mixed radix digits, so many apart, are those of a negative number. */
static bool exceeds_half(const Residue *digits, int64_t apart, const Field *field) {
    for (int64_t i = field->different - 1; i >= 0; i--) {
        Residue middle = (field->prime[i] - 1) >> 1, digit = digits[i * apart];
        if (digit != middle) return digit > middle;
    }
    return false;
}

/* Replace the digits of a, so many apart, by those of M - a, for a not zero. */
static void complement(Residue *digits, int64_t apart, const Field *field) {
    Residue carry = 1;
    for (int64_t i = 0; i < field->different; i++) {
        Residue digit = field->prime[i] - 1 - digits[i * apart] + carry;
        carry = digit == field->prime[i];
        digits[i * apart] = carry ? 0 : digit;
    }
}

/* Set the mixed radix digits of the size of an integer; return whether it is negative. */
static bool set_digits(Residue *digits, const Residue *residues, const Field *field) {
    const Residue *prime = field->prime, *negative = field->negative;
    int64_t count = field->different;
    for (int64_t i = 0; i < count; i++)
        digits[i] = product(residues[i], 1, prime[i], negative[i]);
    for (int64_t last = 0; last < count; last++) {
        for (int64_t i = last + 1; i < count; i++) {
            Residue lower = least(digits[last], digits[last] - prime[i]);
            Residue rest = difference(digits[i], lower, prime[i]);
            digits[i] = product(rest, field->inverses[last * count + i], prime[i], negative[i]);
        }
    }
    if (!exceeds_half(digits, 1, field)) return false;
    complement(digits, 1, field);
    return true;
}

/* The sign of the integer that has these residues; ``digits`` is room for its digits. */
static int sign_of(const Residue *residues, Residue *digits, const Field *field) {
    if (is_zero(residues, field->primes)) return 0;
    return set_digits(digits, residues, field) ? -1 : 1;
}

/* Set so many digits to the radix 2**32 of a number by its mixed digits. */
static void set_binary(Residue *binary, int64_t size, const Residue *digits, const Field *field) {
    memset(binary, 0, size * sizeof(Residue));
    for (int64_t i = field->different - 1; i >= 0; i--) {
        uint64_t carry = digits[i];
        for (int64_t j = 0; j < size - i; j++) {
            carry += (uint64_t)binary[j] * field->prime[i];
            binary[j] = (Residue)carry;
            carry >>= 32;
        }
    }
}

#endif
