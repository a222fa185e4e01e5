/* A ray exactly, from the rows that are zero on it.

   For d - 1 independent rows M the ray is the vector of their maximal minors,
   w_j = +-(-1)**j det M_{-j}, an integer vector whose entries, like its inner products with rows,
   are determinants that Hadamard's inequality bounds.  So residues determine them. */

#ifndef RECOVERY_H
#define RECOVERY_H

#include "doubles.h"
#include "modular.h"

enum { LIMBS = 5 }; /* digits to 2**32 of which at least 128 bits are not zero */

/* Reduce the last row of a basis by those before, without division, as multiples of rows are as
   good; return its pivot, or -1 if it is dependent. */
static int64_t reduce_residues(Residue *basis, int64_t rank, const int64_t *pivots, int64_t dim,
                               const Field *field) {
    Residue prime = field->prime[0], negative = field->negative[0], *last = basis + rank * dim;
    for (int64_t k = 0; k < rank; k++) {
        const Residue *other = basis + k * dim;
        Residue factor = last[pivots[k]], scale = other[pivots[k]];
        for (int64_t j = 0; j < dim; j++)
            last[j] = difference(product(scale, last[j], prime, negative),
                                 product(factor, other[j], prime, negative), prime);
    }
    for (int64_t j = 0; j < dim; j++)
        if (last[j]) return j;
    return -1;
}

/* Set ``chosen`` to rows of a set, one less than columns or fewer, that are independent, and
   their pivots, which are not zero, modulo the first prime; return how many. */
static int64_t independent_rows(Run *run, const Word *members, int64_t *chosen, int64_t *pivots) {
    const Problem *problem = &run->problem;
    int64_t dim = problem->dim, primes = problem->field.primes, rank = 0;
    Residue *basis = room(run, dim * dim, sizeof(Residue));
    for (int64_t word = 0; word < problem->words; word++) {
        for (Word rest = members[word]; rest && rank < dim - 1; rest &= rest - 1) {
            int64_t row = WORD * word + trailing_zeros(rest);
            const Residue *residues = row_residues(problem, row);
            for (int64_t j = 0; j < dim; j++) basis[rank * dim + j] = residues[j * primes];
            pivots[rank] = reduce_residues(basis, rank, pivots, dim, &problem->field);
            if (pivots[rank] >= 0) chosen[rank++] = row;
        }
    }
    drop(basis);
    return rank;
}

/* Clear the pivot column below a row; the rows below are multiplied by the pivot. */
static void eliminate(Residue *rows, int64_t step, const int64_t *order, int64_t dim,
                      const Field *field) {
    const Residue *prime = field->prime, *negative = field->negative;
    int64_t primes = field->primes;
    const Residue *top = rows + step * dim * primes, *pivot = top + order[step] * primes;
    for (int64_t i = step + 1; i < dim - 1; i++) {
        Residue *row = rows + i * dim * primes;
        for (int64_t k = step + 1; k < dim; k++) {
            Residue *entry = row + order[k] * primes;
            set_product(entry, entry, pivot, prime, negative, primes);
            subtract_product(entry, row + order[step] * primes, top + order[k] * primes, prime,
                             negative, primes);
        }
    }
}

/* Swap a column into place where the row is not zero modulo any prime. */
static bool choose_pivot(const Residue *row, int64_t *order, int64_t step, int64_t dim,
                         int64_t primes) {
    for (int64_t k = step; k < dim; k++) {
        if (!has_zero(row + order[k] * primes, primes)) {
            int64_t column = order[k];
            order[k] = order[step];
            order[step] = column;
            return true;
        }
    }
    return false;
}

/* Set the minors from eliminated rows, whose pivots have been multiplied by all before them; one
   inversion suffices. */
static void substitute(Residue *minors, const Residue *rows, const int64_t *order, int64_t dim,
                       const Field *field, Residue *work) {
    const Residue *prime = field->prime, *negative = field->negative;
    int64_t primes = field->primes, size = dim - 1;
    Residue *before = work, *rest = before + dim * primes, *power = rest + primes;
    Residue *determinant = minors + order[size] * primes; /* before elimination */
    memset(minors, 0, dim * primes * sizeof(Residue));
    memcpy(before, field->unit, primes * sizeof(Residue));
    for (int64_t i = 0; i < size; i++)
        set_product(before + (i + 1) * primes, before + i * primes,
                    rows + (i * dim + order[i]) * primes, prime, negative, primes);
    memcpy(determinant, before + size * primes, primes * sizeof(Residue));
    memcpy(power, determinant, primes * sizeof(Residue));
    invert_residues(rest, power, field, primes);
    for (int64_t i = size - 1; i >= 0; i--) {
        Residue *inverse = before + i * primes;
        if (i < size - 1) /* row i + 1 has been multiplied by the pivots up to row i */
            set_product(determinant, determinant, rest, prime, negative, primes);
        set_product(inverse, rest, inverse, prime, negative, primes);
        set_product(rest, rest, rows + (i * dim + order[i]) * primes, prime, negative, primes);
    }
    for (int64_t i = size - 1; i >= 0; i--) {
        Residue *minor = minors + order[i] * primes;
        for (int64_t k = i + 1; k < dim; k++)
            subtract_product(minor, minors + order[k] * primes,
                             rows + (i * dim + order[k]) * primes, prime, negative, primes);
        set_product(minor, minor, before + i * primes, prime, negative, primes);
    }
}

/* Set the maximal minors of rows, up to one sign for all, unless a pivot has no inverse. */
static bool set_minors(Run *run, const int64_t *chosen, Residue *minors) {
    const Problem *problem = &run->problem;
    const Field *field = &problem->field;
    int64_t dim = problem->dim, primes = field->primes;
    Residue *rows = room(run, dim * dim * primes, sizeof(Residue));
    Residue *work = room(run, (dim + 2) * primes, sizeof(Residue));
    int64_t *order = room(run, dim, sizeof(int64_t)), step; /* the pivots, then the free one */
    for (int64_t j = 0; j < dim; j++) order[j] = j;
    for (int64_t i = 0; i < dim - 1; i++)
        memcpy(rows + i * dim * primes, row_residues(problem, chosen[i]),
               dim * primes * sizeof(Residue));
    for (step = 0; step < dim - 1; step++) {
        if (!choose_pivot(rows + step * dim * primes, order, step, dim, primes)) break;
        eliminate(rows, step, order, dim, field);
    }
    if (step == dim - 1) substitute(minors, rows, order, dim, field, work);
    drop(rows);
    drop(work);
    drop(order);
    return step == dim - 1;
}

static void negate(Residue *minors, int64_t dim, const Field *field) {
    for (int64_t j = 0; j < dim; j++)
        for (int64_t i = 0; i < field->primes; i++)
            if (minors[j * field->primes + i])
                minors[j * field->primes + i] = field->prime[i] - minors[j * field->primes + i];
}

/* Set the minors of independent rows in ``members``, turned so that they are not negative on the
   rows seen; whether they vanish modulo no prime. */
static bool set_exact_ray(Run *run, const Word *members, Residue *minors) {
    const Problem *problem = &run->problem;
    int64_t dim = problem->dim, primes = problem->field.primes;
    int64_t *chosen = room(run, 2 * dim, sizeof(int64_t));
    bool right = independent_rows(run, members, chosen, chosen + dim) == dim - 1;
    right = right && set_minors(run, chosen, minors);
    drop(chosen);
    for (int64_t word = 0; right && word < problem->words; word++) {
        Word others = run->seen[word] & ~members[word];
        if (others) {
            int64_t row = WORD * word + trailing_zeros(others);
            Residue *inner = room(run, 2 * primes, sizeof(Residue));
            set_inner(inner, row_residues(problem, row), minors, dim, &problem->field);
            if (sign_of(inner, inner + primes, &problem->field) < 0)
                negate(minors, dim, &problem->field);
            drop(inner);
            break;
        }
    }
    return right;
}

/* Set an entry, below one, to the number with these digits over a power of two, and return the
   exponent.  The first digits, as many as are looked at, are zero. */
static int64_t set_scaled(const Residue *binary, int64_t size, double *entry, int64_t dim) {
    int64_t top = size - 1;
    while (top >= LIMBS && binary[top] == 0) top--;
    Sum total = {0.0, 0.0};
    double rest = 0.0;
    int exponent;
    for (int k = 0; k < (top >= LIMBS ? LIMBS : 0); k++) {
        total = two_sum(total.value, ldexp((double)binary[top - k], -32 * k));
        rest += total.rest;
    }
    total = two_sum(total.value, rest);
    entry[0] = frexp(total.value, &exponent);
    entry[dim] = ldexp(total.rest, -exponent);
    return exponent + 32 * (top - LIMBS);
}

/* Set floats to a multiple of the minors, up to a relative error of 2**-100. */
static void approximate_minors(Run *run, const Residue *minors, double *floats) {
    const Problem *problem = &run->problem;
    const Field *field = &problem->field;
    int64_t dim = problem->dim, count = field->different, greatest = -((int64_t)1 << 60);
    Residue *digits = zeros(run, 2 * count + LIMBS, sizeof(Residue)), *binary = digits + count;
    int64_t *exponents = room(run, dim, sizeof(int64_t));
    for (int64_t j = 0; j < dim; j++) {
        bool negative = set_digits(digits, minors + j * field->primes, field);
        set_binary(binary + LIMBS, count, digits, field);
        exponents[j] = set_scaled(binary, count + LIMBS, floats + j, dim) + problem->shifts[j];
        if (negative) floats[j] = -floats[j], floats[dim + j] = -floats[dim + j];
        if (floats[j] != 0.0) greatest = greater(greatest, exponents[j]);
    }
    for (int64_t j = 0; j < dim; j++) {
        int power = (int)greater(exponents[j] - greatest, -2000);
        floats[j] = ldexp(floats[j], power);
        floats[dim + j] = ldexp(floats[dim + j], power);
    }
    drop(digits);
    drop(exponents);
}

/* Set the residues and the floats of the ray in a slot from its set of rows. */
static int recover(Run *run, int64_t slot) {
    const Problem *problem = &run->problem;
    int64_t count = problem->dim * problem->field.primes;
    Residue *minors = room(run, count, sizeof(Residue));
    int status = set_exact_ray(run, set_of(run, slot), minors) ? DONE : BAD_PRIME;
    if (status == DONE) {
        memcpy(residues_of(run, slot), minors, count * sizeof(Residue));
        approximate_minors(run, minors, floats_of(run, slot));
        run->rays.errors[slot] = 0x1p-100;
        run->rays.valued[slot] = -1;
    }
    drop(minors);
    return status;
}

#endif
