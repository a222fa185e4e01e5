/* Lower bounds of forms of a layer's values over a box, by back-substitution. */

#ifndef SUBSTITUTION_H
#define SUBSTITUTION_H

#include "halves.h"

/* A form carried to the inputs of a layer: its constant, the greatest absolute value of its
   numbers, and what numbers of the inputs may be more. */
typedef struct {
    int64_t constant, top, more;
} Carried;

/* What is gathered of a form: the sums of its products with both limbs of biases and of its
   sizes, and how many of its numbers are not 0. */
typedef struct {
    double first, second, size;
    int64_t count;
} Gathered;

/* The exponent of a form, the bits that it loses, and which slopes are wanted. */
typedef struct {
    int64_t exponent, over, mode;
} Scale;

/* The floor of a sum of limbs whose lower one is over 2**bits. */
static int64_t constant_of(double high, double low, int64_t bits) {
    if (bits >= LOW - HIGH)
        return down((int64_t)high + ((int64_t)low >> (LOW - HIGH)), bits - (LOW - HIGH));
    return ((int64_t)high << (LOW - HIGH - bits)) + down((int64_t)low, bits);
}

/* Gather the numbers of a form that are not 0, and zeros up to a multiple of rows at once. */
static Gathered gather(const Weights *w, int64_t layer, const Bounds *b) {
    Gathered found = {0.0, 0.0, 0.0, 0};
    for (int64_t r = 0; r < w->widths[layer + 1]; r++) {
        double c = b->form[r];
        if (c == 0.0) continue;
        found.size += fabs(c);
        found.first += c * w->bias_high[layer * w->size + r];
        found.second += c * w->bias_low[layer * w->size + r];
        b->rows[found.count] = r;
        b->factors[found.count++] = c;
    }
    for (int64_t k = found.count; k < found.count + AT_ONCE; k++) {
        b->rows[k] = 0;
        b->factors[k] = 0.0;
    }
    return found;
}

/* Set ``total`` to the sum of the gathered rows of a layer, times their numbers. */
static void add_up(const double *limbs, int64_t size, int64_t count, int64_t many,
                   const Bounds *bounds, double *restrict total) {
    for (int64_t j = 0; j < many; j++) total[j] = 0.0;
    for (int64_t k = 0; k < count; k += AT_ONCE) {
        const double *factors = bounds->factors + k;
        const int64_t *rows = bounds->rows + k;
        double a = factors[0], b = factors[1], c = factors[2], d = factors[3];
        const double *first = limbs + rows[0] * size, *second = limbs + rows[1] * size;
        const double *third = limbs + rows[2] * size, *fourth = limbs + rows[3] * size;
        for (int64_t j = 0; j < many; j++)
            total[j] += (a * first[j] + b * second[j]) + (c * third[j] + d * fourth[j]);
    }
}

/* Carry the form of a layer's outputs, over 2**k, to its inputs, rounded down. */
static Carried carry(const Weights *w, int64_t layer, int64_t k, const Bounds *b) {
    int64_t many = w->widths[layer], square = layer * w->size * w->size, top = 0;
    Gathered found = gather(w, layer, b);
    double *high = b->products, *low = b->products + w->size;
    add_up(w->high + square, w->size, found.count, many, b, high);
    add_up(w->low + square, w->size, found.count, many, b, low);
    int64_t spare = (int64_t)found.size * w->slack;
    for (int64_t j = 0; j < many; j++) {
        b->whole[j] = ((int64_t)high[j] << 8) + (((int64_t)low[j] - spare) >> 16);
        top = greater(top, size_of(b->whole[j]));
    }
    int64_t more = ((2 * spare) >> 16) + w->slack;
    int64_t constant = constant_of(found.first, found.second - (double)spare, k + LOW - VALUES);
    return (Carried){constant, top, more};
}

/* How many bits a number has beyond so many. */
static int64_t bits_over(int64_t top, int64_t bits) {
    int64_t over = 0;
    while ((top >> over) >= ((int64_t)1 << bits)) over++;
    return over;
}

/* A product over 2**bits, rounded down, if it is negative, else 0.  A factor has 30 bits; products
   far below all that bounds may be are NOTHING. */
static int64_t lost(int64_t factor, int64_t bound, int64_t bits) {
    double product = (double)factor * (double)bound;
    if (product >= 0) return 0;
    if (ldexp(product, (int)-bits) <= (double)(NOTHING >> 2)) return NOTHING;
    int64_t upper = factor * (bound >> PART), lower = factor * (bound & ((1 << PART) - 1));
    if (bits >= PART) return down(upper + (lower >> PART), bits - PART);
    return (upper << (PART - bits)) + (lower >> bits);
}

/* Choose the multiplier of a rectifier's input, and return what its corners give at most. */
static int64_t relax(const Weights *w, int64_t layer, int64_t j, Scale scale, const Bounds *b) {
    int64_t place = layer * w->size + j, p = b->whole[j], q = p >> scale.over;
    int64_t low = b->lower[place], up = b->upper[place];
    if (up <= 0) {
        b->form[j] = 0.0;
    } else if (low >= 0) {
        b->form[j] = (double)q;
    } else if (p >= 0) {
        int64_t sloped = (q * b->slopes[place]) >> SLOPES;
        b->form[j] = (double)(scale.mode ? sloped : up > -low ? q : 0);
    } else {
        int64_t m = (q * b->slopes[place]) >> SLOPES, fine = greater(scale.over - FINE, 0);
        int64_t d = (p >> fine) - (m << (scale.over - fine));
        b->form[j] = (double)m;
        int64_t left = lost(-m, low, scale.exponent - scale.over + ENDS - VALUES);
        return lesser(left, lost(d, up, scale.exponent - fine + ENDS - VALUES));
    }
    return 0;
}

/* The least value of a form of the inputs, rounded down. */
static int64_t over_box(Box box, Carried form, int64_t exponent, const Bounds *b) {
    int64_t over = bits_over(form.top, INPUT_BITS), total = 0;
    if (exponent - over < VALUES - ENDS) return NOTHING;
    for (int64_t j = 0; j < box.inputs; j++) {
        int64_t p = b->whole[j] >> over, q = ((b->whole[j] + form.more) >> over) + 1;
        int64_t least = lesser(lesser(p * box.low[j], p * box.up[j]),
                               lesser(q * box.low[j], q * box.up[j]));
        least = down(least, exponent - over + ENDS - VALUES);
        if (size_of(least) >= LARGEST) return NOTHING;
        total += least;
        b->gradient[j] = ldexp((double)b->whole[j], (int)-exponent);
    }
    return total;
}

/* A lower bound of the form in ``form``, over 2**k, of a layer's outputs over a box, by one of two
   slopes. */
static int64_t least_of(const Weights *w, int64_t layer, int64_t k, int64_t mode, Box box,
                        const Bounds *b) {
    int64_t total = 0;
    for (int64_t i = layer;; i--) {
        Carried form = carry(w, i, k, b);
        total += form.constant;
        if (form.top >= (int64_t)1 << 60 || size_of(form.constant) >= LARGEST) return NOTHING;
        int64_t exponent = k + ENDS, over = bits_over(form.top, FORM_BITS);
        if (i == 0) {
            int64_t found = over_box(box, form, exponent, b);
            return found == NOTHING ? NOTHING : total + found;
        }
        if (exponent - over < LEAST_BITS) return NOTHING;
        for (int64_t j = 0; j < w->widths[i]; j++) {
            int64_t corner = relax(w, i - 1, j, (Scale){exponent, over, mode}, b);
            if (corner <= -LARGEST) return NOTHING;
            total += corner;
        }
        if (total <= NOTHING >> 1) return NOTHING;
        k = exponent - over;
    }
}

#endif
