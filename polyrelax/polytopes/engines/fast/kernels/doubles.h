/* Numbers as sums of two floats: about 106 bits, by operations of floats with proven errors.

   Such a number x = h + l has |l| <= 2**-52 |h|.  The rounding error of a sum or of a product of
   two floats is a float, which two_sum (Knuth) and two_product (Dekker, Veltkamp) compute; with
   u = 2**-53 it is at most u times the result.

   Products.  For s = h + l and w = h' + l', the error of the float product h h', plus
   h l' + l h', is a sum of three terms below u, 2u and 2u times |h h'|.  Computed in floats it is
   wrong by at most 15 u**2 |h h'|, and the missing l l' is below 4 u**2 |h h'|.

   Inner products.  Let S be the sum of |r_j| |f_j| over d terms.  Their float parts are added
   without error: the errors of these sums, each at most u S (1 + d u), and those of the products
   are added in floats.  So the sum of d numbers, of sizes that sum to at most (d + 6) u S, each
   after four operations, is wrong by at most (d + 5)(d + 6) u**2 S; with the missing products,
   and rows that are rounded to two floats, the whole is below (d + 7)**2 u**2 S.  Twice that is
   claimed, and leaves room for terms of third order and for underflow: the sizes here are about
   one.

   Combinations.  s w + t v is two products, added in the same way: each is wrong by at most
   19 u**2 times its size, the sum of the five low parts by 13 u**2 times the sum of both sizes.
   Together that is 2**-101; 2**-99 times that sum is claimed. */

#ifndef DOUBLES_H
#define DOUBLES_H

#include "arrays.h"

#define ABOVE_ONE (1.0 + 0x1p-40)
#define COMBINED 0x1p-99
#define SPLIT (0x1p27 + 1.0)

typedef struct {
    double value, rest;
} Sum;

static inline Sum two_sum(double a, double b) {
    double total = a + b, other = total - a;
    return (Sum){total, (a - (total - other)) + (b - other)};
}

static inline Sum two_product(double a, double b) {
    double total = a * b, first = SPLIT * a, other = SPLIT * b;
    double high = first - (first - a), upper = other - (other - b);
    double low = a - high, lower = b - upper;
    return (Sum){total, ((high * upper - total) + high * lower + low * upper) + low * lower};
}

/* A bound of the error of a row's value on a ray whose entries are so wrong. */
static inline double value_error(double weight, double wrong, int64_t dim) {
    double terms = (double)dim + 7.0;
    return weight * (wrong * ABOVE_ONE + terms * terms * 0x1p-105);
}

/* The inner product of a row and a ray. */
static Sum inner_sum(const double *row, const double *ray, int64_t dim) {
    const double *row_low = row + dim, *ray_low = ray + dim;
    Sum total = {0.0, 0.0};
    double rest = 0.0;
    for (int64_t j = 0; j < dim; j++) {
        Sum term = two_product(row[j], ray[j]);
        term.rest += row[j] * ray_low[j] + row_low[j] * ray[j];
        total = two_sum(total.value, term.value);
        rest += total.rest + term.rest;
    }
    return two_sum(total.value, rest);
}

/* Set a ray to the combination of one below and one above that is zero where these have the
   values t and s; return the size of its greatest entry. */
static double combine_entries(const double *below, const double *above, const double *t,
                              const double *s, double *ray, int64_t dim) {
    double greatest = 0.0;
    for (int64_t j = 0; j < dim; j++) {
        Sum a = two_product(s[HIGH], below[j]), b = two_product(t[HIGH], above[j]);
        a.rest += s[HIGH] * below[dim + j] + s[LOW] * below[j];
        b.rest += t[HIGH] * above[dim + j] + t[LOW] * above[j];
        Sum total = two_sum(a.value, -b.value);
        Sum found = two_sum(total.value, total.rest + (a.rest - b.rest));
        ray[j] = found.value;
        ray[dim + j] = found.rest;
        greatest = fmax(greatest, fabs(found.value));
    }
    return greatest;
}

static int64_t place_of_greatest(const double *entries, int64_t dim) {
    int64_t place = 0;
    for (int64_t j = 1; j < dim; j++)
        if (fabs(entries[j]) > fabs(entries[place])) place = j;
    return place;
}

/* Divide a ray by a power of two so that its greatest float is below one in size. */
static void normalise(double *ray, double greatest, double *error, int64_t dim) {
    int exponent;
    frexp(greatest, &exponent);
    double factor = ldexp(1.0, -exponent);
    for (int64_t j = 0; j < 2 * dim; j++) ray[j] *= factor;
    *error = *error * factor * ABOVE_ONE;
}

#endif
