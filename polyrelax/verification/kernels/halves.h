/* What the kernel of halved boxes works on; numbers are integers over powers of two. */

#ifndef HALVES_H
#define HALVES_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
    ENDS = 26,        /* bounds of values are over this power of two */
    VALUES = 30,      /* bounds of forms are over this one */
    SLOPES = 20,
    HIGH = 18,        /* weights are sums of two limbs over these powers of two */
    LOW = 42,
    FORM_BITS = 22,
    INPUT_BITS = 33,
    CUT = 13,         /* numbers that limbs are multiplied by are cut in two parts there */
    PART = 20,        /* bounds that multipliers are multiplied by are cut in two parts there */
    FINE = 6,
    UNIT = 21,
    COMBINED = 16,
    ROUNDS = 24,
    SIXTEENTHS = 16,
    LEAST_BITS = 4,
    LONGEST_SHIFT = 63,
    AT_ONCE = 4       /* rows that are added at once: so sums are read and written less often */
};

#define NOTHING (-((int64_t)1 << 62)) /* the bound that is none */
#define LARGEST ((int64_t)1 << 52)    /* what a bound's parts may be, over 2**VALUES */
#define FAR ((int64_t)1 << 52)        /* what bounds of values may be, over 2**ENDS */
#define SAFE 4.0e18
#define NEARLY 1e-9
#define WIDTHS 0.3
#define APART 32.0 /* inputs that were halved five times more often than another are not halved */

/* The layers of a network in limbs, with zeros where a layer has fewer values.  ``sums`` are the
   greatest sums of absolute values of a row of either limb in each layer; ``slack`` is 1 if
   numbers were rounded down to the units of the lower limbs, else 0. */
typedef struct {
    int64_t layers, size, slack;
    const double *high, *low;           /* layers, size, size */
    const double *bias_high, *bias_low; /* layers, size */
    const double *doubles;              /* layers, size, size */
    const double *biases;               /* layers, size */
    const int64_t *widths;              /* layers + 1 */
    const double *sums;                 /* two, layers */
} Weights;

/* What is known of the values before each rectifier of a box, and places to compute in. */
typedef struct {
    int64_t *lower, *upper, *slopes; /* layers, size */
    double *products;                /* two, size */
    int64_t *whole;                  /* size */
    double *form, *gradient;         /* size */
    int64_t *centers;                /* size */
    int64_t *rows;                   /* size + AT_ONCE */
    double *factors;                 /* size + AT_ONCE */
} Bounds;

/* The least and the greatest inputs of a box. */
typedef struct {
    int64_t inputs;
    const int64_t *low, *up;
} Box;

typedef struct {
    int64_t low, up;
} Ends;

static inline int64_t lesser(int64_t a, int64_t b) { return a < b ? a : b; }
static inline int64_t greater(int64_t a, int64_t b) { return a > b ? a : b; }
static inline int64_t size_of(int64_t n) { return n < 0 ? -n : n; }

/* A value over a power of two, rounded down; a word has no shift by 64 or more. */
static inline int64_t down(int64_t value, int64_t bits) {
    return bits >= 0 ? value >> lesser(bits, LONGEST_SHIFT) : value << -bits;
}

#endif
