/* Rays by integers of 64 bits, as long as these suffice.

   Let v and w be primitive vectors, the row's values on them s > 0 and -t < 0, divided by their
   common divisor.  The new ray is u = s w + t v, divided by the greatest common divisor g of its
   entries.  If a is a row with <a, v> = 0, then g divides <a, u> = s <a, w>; a prime in g and s
   would divide t v, hence t; so

       g | <a, w>  if <a, v> = 0,    g | <b, v>  if <b, w> = 0.

   So a multiple m of g is known.  The entries u_j may have more than 64 bits, but these suffice:
   a float estimate f of u_j is wrong by at most 2**-50 (s |w_j| + t |v_j|), so that, for an
   integer q near f / m, u_j - q m is below 2**63 and known modulo 2**64: it has the common
   divisors of m and u_j.  In the end u_j / g, of which the estimate proves that it is small, is
   also known modulo 2**64. */

#ifndef SMALL_H
#define SMALL_H

#include "combination.h"

#define LONGEST_SUM 0x1p110
#define LONGEST 0x1p61

/* The sum of positive multiples of two vectors. */
typedef struct {
    int64_t s, t;
    const int64_t *w, *v;
} Multiples;

typedef struct {
    double value, size;
} Estimate;

static inline int64_t inner_product(const int64_t *row, const int64_t *ray, int64_t dim) {
    int64_t total = 0;
    for (int64_t j = 0; j < dim; j++) total += row[j] * ray[j];
    return total;
}

static inline int64_t common_divisor(int64_t a, int64_t b) {
    while (b) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* Set the products of the row with all rays, and their signs. */
static void classify_small(Run *run) {
    const int64_t *row = run->problem.integers + run->row * run->problem.dim;
    for (int64_t slot = 0; slot < run->rays.slots; slot++) {
        if (run->rays.signs[slot] == FREE) continue;
        int64_t total = inner_product(row, integers_of(run, slot), run->problem.dim);
        run->rays.products[slot] = total;
        run->rays.signs[slot] = (total > 0) - (total < 0);
    }
}

/* Divide a vector by the common divisor of its entries; whether it is small then. */
static bool make_primitive(int64_t *vector, const Problem *problem) {
    int64_t divisor = 0, greatest = 0;
    for (int64_t j = 0; j < problem->dim; j++)
        divisor = common_divisor(size_of(vector[j]), divisor);
    for (int64_t j = 0; j < problem->dim; j++) {
        vector[j] /= divisor;
        greatest = greater(greatest, size_of(vector[j]));
    }
    return greatest < problem->limit;
}

/* The first row that is in one set and not in another; there is one. */
static int64_t first_without(const Word *one, const Word *other, int64_t words) {
    for (int64_t word = 0; word < words; word++)
        if (one[word] & ~other[word])
            return WORD * word + trailing_zeros(one[word] & ~other[word]);
    return 0;
}

/* A multiple of the greatest common divisor of the combination. */
static int64_t known_multiple(const Run *run, Cut cut) {
    const Problem *problem = &run->problem;
    const Word *below = set_of(run, cut.below), *above = set_of(run, cut.above);
    int64_t dim = problem->dim, first = first_without(above, below, problem->words);
    int64_t second = first_without(below, above, problem->words);
    return common_divisor(
        size_of(inner_product(problem->integers + first * dim, integers_of(run, cut.below), dim)),
        size_of(inner_product(problem->integers + second * dim, integers_of(run, cut.above), dim)));
}

/* About the entry of a combination, and the sum of the sizes of its two terms. */
static inline Estimate estimate(const Multiples *m, int64_t j) {
    double a = (double)m->s * (double)m->w[j], b = (double)m->t * (double)m->v[j];
    return (Estimate){a + b, fabs(a) + fabs(b)};
}

static inline Word lowest_bits(const Multiples *m, int64_t j) {
    return (Word)m->s * (Word)m->w[j] + (Word)m->t * (Word)m->v[j];
}

/* The greatest common divisor of the combination, given a multiple of it, or zero if 64 bits do
   not suffice for it. */
static int64_t content(int64_t divisor, const Multiples *m, int64_t dim) {
    for (int64_t j = 0; j < dim && divisor != 1; j++) {
        Estimate about = estimate(m, j);
        if (about.size >= LONGEST_SUM || about.size >= LONGEST * (double)divisor) return 0;
        Word quotient = (Word)llrint(about.value / (double)divisor);
        int64_t rest = (int64_t)(lowest_bits(m, j) - quotient * (Word)divisor);
        divisor = common_divisor(divisor, size_of(rest));
    }
    return divisor;
}

/* The inverse of an odd number modulo 2**64: each step doubles the right bits. */
static Word inverse_of_odd(Word odd) {
    Word inverse = 3 * odd ^ 2; /* right in five bits */
    for (int step = 0; step < 4; step++) inverse *= 2 - odd * inverse;
    return inverse;
}

/* Set a vector to the combination, divided by a divisor that is not zero, if it is small. */
static int divide(int64_t limit, int64_t divisor, const Multiples *m, int64_t *new, int64_t dim) {
    if (divisor == 0) return TOO_LARGE;
    int twos = trailing_zeros((Word)divisor);
    Word inverse = inverse_of_odd((Word)divisor >> twos);
    double largest = fmin((double)limit * (1.0 - 0x1p-40), LONGEST / ldexp(1.0, twos));
    for (int64_t j = 0; j < dim; j++) {
        Estimate about = estimate(m, j);
        if (fabs(about.value) + 0x1p-50 * about.size >= largest * (double)divisor)
            return TOO_LARGE;
        /* Right in all but the ``twos`` highest bits. */
        Word quotient = (lowest_bits(m, j) >> twos) * inverse;
        new[j] = (int64_t)(quotient << twos) >> twos;
    }
    return DONE;
}

/* Set new rays, if they are small.  The sets of rows are known. */
static int combine_small(Run *run, Cuts new) {
    int64_t dim = run->problem.dim;
    for (int64_t k = 0; k < new.count; k++) {
        Cut cut = new.cuts[k];
        int64_t s = run->rays.products[cut.above], t = -run->rays.products[cut.below];
        int64_t common = common_divisor(s, t);
        Multiples m = {s / common, t / common, integers_of(run, cut.below),
                       integers_of(run, cut.above)};
        int64_t divisor = content(known_multiple(run, cut), &m, dim);
        int status = divide(run->problem.limit, divisor, &m, integers_of(run, cut.slot), dim);
        if (status != DONE) return status;
    }
    return DONE;
}

/* Set the floats of a ray from its integers, scaled like the columns of the rows. */
static void approximate_integers(Run *run, int64_t slot) {
    const int64_t *integers = integers_of(run, slot), *shifts = run->problem.shifts;
    double *floats = floats_of(run, slot);
    int64_t dim = run->problem.dim, greatest = -((int64_t)1 << 60);
    for (int64_t j = 0; j < dim; j++) {
        int exponent;
        frexp((double)integers[j], &exponent);
        if (integers[j]) greatest = greater(greatest, exponent + shifts[j]);
    }
    for (int64_t j = 0; j < dim; j++) {
        int exponent = (int)greater(shifts[j] - greatest, -2000);
        double high = (double)integers[j];
        floats[j] = ldexp(high, exponent);
        floats[dim + j] = ldexp((double)(integers[j] - (int64_t)high), exponent);
    }
    run->rays.errors[slot] = 0x1p-100;
}

/* Set the floats and the residues of all rays from their integers. */
static void enlarge(Run *run) {
    const Field *field = &run->problem.field;
    for (int64_t slot = 0; slot < run->rays.slots; slot++) {
        if (run->rays.signs[slot] == FREE) continue;
        Residue *residues = residues_of(run, slot);
        for (int64_t j = 0; j < run->problem.dim; j++) {
            for (int64_t i = 0; i < field->primes; i++) {
                int64_t prime = field->prime[i], rest = integers_of(run, slot)[j] % prime;
                if (rest < 0) rest += prime;
                residues[j * field->primes + i] = (Residue)(((uint64_t)rest << 32) % prime);
            }
        }
        approximate_integers(run, slot);
    }
}

#endif
