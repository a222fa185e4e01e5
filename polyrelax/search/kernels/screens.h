/* What both screens share: numbers and gaps.

   numbers: the first network, the one behind the last, whether the upper and the lower side
   count, and the numerator and denominator of the least gap.  A row that is found: the number of
   a network, and its gaps above and below as ratios. */

#ifndef SCREENS_H
#define SCREENS_H

#include <stdbool.h>
#include <stdint.h>

enum { START, STOP, UPPER, LOWER, NUMERATOR, DENOMINATOR };
enum { FOUND = 5 }; /* numbers in a row that is found */

/* A point of the plane, (x, y) / d. */
typedef struct {
    int64_t x, y, d;
} Point;

typedef struct {
    int64_t numerator, denominator;
} Ratio;

static inline int64_t lesser(int64_t a, int64_t b) { return a < b ? a : b; }
static inline int64_t greater(int64_t a, int64_t b) { return a > b ? a : b; }
static inline int64_t size_of(int64_t n) { return n < 0 ? -n : n; }

static inline int64_t at(const int64_t *row, Point p) {
    return row[0] * p.x + row[1] * p.y + row[2] * p.d;
}

/* Where a line crosses a segment; with d = 0 if it does not. */
static inline Point crossing(const int64_t *row, Point p, Point q) {
    int64_t s = at(row, p), t = at(row, q), a = size_of(t), b = size_of(s);
    if (!((s > 0 && t < 0) || (s < 0 && t > 0))) return (Point){0, 0, 0};
    return (Point){a * p.x + b * q.x, a * p.y + b * q.y, a * p.d + b * q.d};
}

/* Where two lines meet; with d = 0 if they do not. */
static inline Point meeting(const int64_t *r, const int64_t *s) {
    int64_t d = r[0] * s[1] - r[1] * s[0], sign = d > 0 ? 1 : -1;
    return (Point){sign * (r[1] * s[2] - r[2] * s[1]), sign * (r[2] * s[0] - r[0] * s[2]),
                   sign * d};
}

/* The greater of two quotients, of which the first may be none yet. */
static inline Ratio larger(Ratio best, int64_t numerator, int64_t denominator) {
    bool is_more = best.denominator == 0 ||
                   numerator * best.denominator > best.numerator * denominator;
    return is_more ? (Ratio){numerator, denominator} : best;
}

static inline Ratio difference(Ratio a, Ratio b) {
    return (Ratio){a.numerator * b.denominator - b.numerator * a.denominator,
                   a.denominator * b.denominator};
}

static inline bool is_enough(Ratio gap, const int64_t *numbers) {
    return gap.numerator > 0 &&
           gap.numerator * numbers[DENOMINATOR] >= numbers[NUMERATOR] * gap.denominator;
}

/* Write a row that is found; return where the next one goes. */
static inline int64_t *written(int64_t *row, int64_t network, const Ratio *gaps) {
    row[0] = network;
    for (int side = 0; side < 2; side++) {
        row[1 + 2 * side] = gaps[side].numerator;
        row[2 + 2 * side] = gaps[side].denominator;
    }
    return row + FOUND;
}

#endif
