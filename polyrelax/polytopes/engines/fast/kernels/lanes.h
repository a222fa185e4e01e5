/* The integers of many rays at once, from their rows: as in recovery.h, side by side.

   A lane is one ray modulo one prime.  Each step of the elimination is one loop over all lanes of
   a few rays, which the machine runs several at a time; so is each step from residues to digits,
   over all entries of these rays.  The pivots of a ray are those that it has modulo the first
   prime; where one is zero modulo another prime, the ray is taken alone. */

#ifndef LANES_H
#define LANES_H

#include "recovery.h"

enum { TOGETHER = 32 }; /* rays */

/* Some rays, the primes of each lane, and arrays of so many lanes. */
typedef struct {
    const Slot *slots;
    int64_t rays, count;   /* of the primes that differ */
    int64_t lanes;         /* rays, count */
    Residue *moduli;       /* prime, negative, unit: lanes */
    Residue *rows;         /* dim - 1, dim, lanes: the columns in the order of their pivots */
    int64_t *orders;       /* rays, dim */
    Residue *minors;       /* dim, lanes */
    Residue *before;       /* dim, lanes: products of pivots, then their inverses */
    Residue *work;         /* three times lanes */
    Residue *numbers;      /* count, rays, dim */
} Lanes;

static Lanes lanes_for(Run *run, int64_t rays) {
    int64_t count = run->problem.field.different, dim = run->problem.dim, lanes = rays * count;
    return (Lanes){NULL,
                   rays,
                   count,
                   lanes,
                   room(run, 3 * lanes, sizeof(Residue)),
                   room(run, dim * dim * lanes, sizeof(Residue)),
                   room(run, rays * dim, sizeof(int64_t)),
                   room(run, dim * lanes, sizeof(Residue)),
                   room(run, dim * lanes, sizeof(Residue)),
                   room(run, 3 * lanes + 2 * run->problem.field.primes, sizeof(Residue)),
                   room(run, dim * lanes, sizeof(Residue))};
}

static void drop_lanes(const Lanes *l) {
    drop(l->moduli);
    drop(l->rows);
    drop(l->orders);
    drop(l->minors);
    drop(l->before);
    drop(l->work);
    drop(l->numbers);
}

/* Load independent rows of each ray; whether it worked. */
static bool load(Run *run, const Lanes *l) {
    const Problem *problem = &run->problem;
    const Residue *moduli[] = {problem->field.prime, problem->field.negative, problem->field.unit};
    int64_t dim = problem->dim, primes = problem->field.primes;
    int64_t *chosen = room(run, dim, sizeof(int64_t));
    bool worked = true;
    for (int64_t k = 0; worked && k < l->rays; k++) {
        int64_t *order = l->orders + k * dim, lane = k * l->count;
        for (int i = 0; i < 3; i++)
            memcpy(l->moduli + i * l->lanes + lane, moduli[i], l->count * sizeof(Residue));
        worked = independent_rows(run, set_of(run, l->slots[k]), chosen, order) == dim - 1;
        order[dim - 1] = dim * (dim - 1) / 2;
        for (int64_t i = 0; i < dim - 1; i++) order[dim - 1] -= order[i];
        for (int64_t i = 0; worked && i < dim - 1; i++)
            for (int64_t j = 0; j < dim; j++)
                memcpy(l->rows + (i * dim + j) * l->lanes + lane,
                       row_residues(problem, chosen[i]) + order[j] * primes,
                       l->count * sizeof(Residue));
    }
    drop(chosen);
    return worked;
}

/* Set the inverses, and zero for zero, from one inverse for each prime: that of the product over
   all rays, of the values that are not zero. */
static void invert_lanes(const Lanes *l, const Field *field, const Residue *value,
                         Residue *found) {
    const Residue *prime = l->moduli, *negative = prime + l->lanes, *unit = negative + l->lanes;
    Residue *factors = l->work, *before = factors + l->lanes, *rest = before + l->lanes;
    int64_t lanes = l->lanes, count = l->count;
    for (int64_t i = 0; i < lanes; i++) factors[i] = value[i] ? value[i] : unit[i];
    memcpy(before, factors, lanes * sizeof(Residue));
    for (int64_t i = count; i < lanes; i++)
        before[i] = product(before[i - count], factors[i], prime[i], negative[i]);
    memcpy(rest + field->primes, before + lanes - count, count * sizeof(Residue));
    invert_residues(rest, rest + field->primes, field, count);
    for (int64_t i = lanes - 1; i >= count; i--) {
        Residue *inverse = rest + i % count;
        found[i] = product(*inverse, before[i - count], prime[i], negative[i]);
        *inverse = product(*inverse, factors[i], prime[i], negative[i]);
    }
    memcpy(found, rest, count * sizeof(Residue));
    for (int64_t i = 0; i < lanes; i++)
        if (value[i] == 0) found[i] = 0;
}

/* Clear the columns of the pivots below them; the rows below are multiplied by the pivots. */
static void eliminate_lanes(const Lanes *l, int64_t dim) {
    const Residue *prime = l->moduli, *negative = prime + l->lanes;
    int64_t lanes = l->lanes;
    for (int64_t step = 0; step < dim - 1; step++) {
        const Residue *top = l->rows + step * dim * lanes;
        for (int64_t i = step + 1; i < dim - 1; i++) {
            Residue *row = l->rows + i * dim * lanes;
            for (int64_t j = step + 1; j < dim; j++) {
                Residue *entry = row + j * lanes;
                set_product(entry, entry, top + step * lanes, prime, negative, lanes);
                subtract_product(entry, row + step * lanes, top + j * lanes, prime, negative,
                                 lanes);
            }
        }
    }
}

/* Set the minors, of which the last is zero where a pivot is zero. */
static void set_lane_minors(const Lanes *l, int64_t dim, const Field *field) {
    const Residue *prime = l->moduli, *negative = prime + l->lanes;
    int64_t lanes = l->lanes, size = dim - 1;
    Residue *rest = l->minors, *determinant = l->minors + size * lanes;
    eliminate_lanes(l, dim);
    memcpy(l->before, negative + lanes, lanes * sizeof(Residue));
    for (int64_t i = 0; i < size; i++)
        set_product(l->before + (i + 1) * lanes, l->before + i * lanes,
                    l->rows + (i * dim + i) * lanes, prime, negative, lanes);
    memcpy(determinant, l->before + size * lanes, lanes * sizeof(Residue));
    if (size > 0) invert_lanes(l, field, determinant, rest);
    for (int64_t i = size - 1; i >= 0; i--) {
        Residue *inverse = l->before + i * lanes;
        if (i < size - 1) /* row i + 1 has been multiplied by the pivots up to row i */
            set_product(determinant, determinant, rest, prime, negative, lanes);
        set_product(inverse, inverse, rest, prime, negative, lanes);
        set_product(rest, rest, l->rows + (i * dim + i) * lanes, prime, negative, lanes);
    }
    memset(l->minors, 0, size * lanes * sizeof(Residue));
    for (int64_t i = size - 1; i >= 0; i--) {
        Residue *minor = l->minors + i * lanes;
        for (int64_t j = i + 1; j < dim; j++)
            subtract_product(minor, l->minors + j * lanes, l->rows + (i * dim + j) * lanes, prime,
                             negative, lanes);
        set_product(minor, minor, l->before + i * lanes, prime, negative, lanes);
    }
}

/* Set the residues of each ray's minors in the order of its columns; whether all primes serve. */
static bool set_numbers(Run *run, const Lanes *l) {
    int64_t dim = run->problem.dim, primes = run->problem.field.primes, width = l->rays * dim;
    Residue *alone = room(run, dim * primes, sizeof(Residue));
    bool right = load(run, l);
    if (right) set_lane_minors(l, dim, &run->problem.field);
    for (int64_t k = 0; right && k < l->rays; k++) {
        const int64_t *order = l->orders + k * dim;
        const Residue *minors = l->minors + k * l->count;
        bool is_alone = has_zero(minors + (dim - 1) * l->lanes, l->count);
        if (is_alone) right = set_exact_ray(run, set_of(run, l->slots[k]), alone);
        for (int64_t j = 0; j < dim; j++)
            for (int64_t q = 0; q < l->count; q++)
                l->numbers[q * width + k * dim + order[j]] =
                    is_alone ? alone[order[j] * primes + q] : minors[j * l->lanes + q];
    }
    drop(alone);
    return right;
}

/* Replace the residues of each number by its digits in the mixed radix. */
static void set_lane_digits(Residue *numbers, int64_t width, const Field *field) {
    int64_t count = field->different;
    for (int64_t q = 0; q < count; q++) {
        Residue *lower = numbers + q * width, prime = field->prime[q];
        for (int64_t n = 0; n < width; n++)
            lower[n] = product(lower[n], 1, prime, field->negative[q]);
    }
    for (int64_t last = 0; last < count; last++) {
        const Residue *lower = numbers + last * width;
        for (int64_t q = last + 1; q < count; q++) {
            Residue *upper = numbers + q * width, factor = field->inverses[last * count + q];
            Residue prime = field->prime[q], negative = field->negative[q];
#pragma GCC ivdep
            for (int64_t n = 0; n < width; n++) {
                Residue rest = difference(upper[n], least(lower[n], lower[n] - prime), prime);
                upper[n] = product(rest, factor, prime, negative);
            }
        }
    }
}

/* Set the digits to the radix 2**32 of numbers by their mixed digits, which are used up. */
static void set_lane_binary(Residue *binary, Residue *numbers, int64_t width, const Field *field) {
    memset(binary, 0, field->different * width * sizeof(Residue));
    for (int64_t i = field->different - 1; i >= 0; i--) {
        Residue *carry = numbers + i * width, prime = field->prime[i];
        for (int64_t q = 0; q < field->different - i; q++) {
            Residue *target = binary + q * width;
#pragma GCC ivdep
            for (int64_t n = 0; n < width; n++) {
                uint64_t wide = carry[n] + (uint64_t)target[n] * prime;
                target[n] = (Residue)wide;
                carry[n] = (Residue)(wide >> 32);
            }
        }
    }
}

/* Set the signs and sizes of the entries of rays, each ray turned so that its entry with the
   largest float, which has the right sign, has that sign. */
static void set_signs_and_sizes(Run *run, const Lanes *l, int8_t *negative, Residue *sizes) {
    const Field *field = &run->problem.field;
    int64_t dim = run->problem.dim, width = l->rays * dim, count = l->count;
    Residue *binary = room(run, count * width, sizeof(Residue));
    set_lane_digits(l->numbers, width, field);
    for (int64_t n = 0; n < width; n++) {
        negative[n] = exceeds_half(l->numbers + n, width, field);
        if (negative[n]) complement(l->numbers + n, width, field);
    }
    set_lane_binary(binary, l->numbers, width, field);
    for (int64_t n = 0; n < width; n++)
        for (int64_t q = 0; q < count; q++) sizes[n * count + q] = binary[q * width + n];
    for (int64_t k = 0; k < l->rays; k++) {
        const double *floats = floats_of(run, l->slots[k]);
        int8_t *signs = negative + k * dim;
        int64_t place = place_of_greatest(floats, dim);
        if ((floats[place] < 0.0) == (signs[place] != 0)) continue;
        for (int64_t j = 0; j < dim; j++) signs[j] = !signs[j];
    }
    drop(binary);
}

/* Set, for each entry of each ray, whether it is negative (rays, dim) and its size in the radix
   2**32 (rays, dim, different primes); return whether all primes serve. */
static bool set_all_integers(Run *run, int8_t *negative, Residue *sizes) {
    int64_t dim = run->problem.dim, count = run->problem.field.different;
    Slots alive = slots_in_use(run);
    bool right = true;
    for (int64_t start = 0; right && start < alive.count; start += TOGETHER) {
        Lanes l = lanes_for(run, lesser(TOGETHER, alive.count - start));
        l.slots = alive.slots + start;
        right = set_numbers(run, &l);
        if (right)
            set_signs_and_sizes(run, &l, negative + start * dim, sizes + start * dim * count);
        drop_lanes(&l);
    }
    drop(alive.slots);
    return right;
}

#endif
