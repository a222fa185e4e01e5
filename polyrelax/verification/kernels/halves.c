/* Boxes that are halved until a bound excludes each: see halves.py, which says what is computed.

   Sums of products are those of floats that hold integers below 2**53, so that no order of
   summation matters.  Long integers are multiplied in parts, and refused where a sum of parts
   might pass 2**62: then nothing is proved. */

#include "substitution.h"

/* A sum of either limb times upper and lower parts of numbers. */
typedef struct {
    int64_t high_upper, high_lower, low_upper, low_lower;
} Parts;

static inline void add(Parts *total, int64_t high, int64_t low, int64_t x) {
    int64_t upper = x >> CUT, lower = x & ((1 << CUT) - 1);
    total->high_upper += high * upper;
    total->high_lower += high * lower;
    total->low_upper += low * upper;
    total->low_lower += low * lower;
}

/* A sum in four parts, less what was rounded off weights, rounded down. */
static int64_t floor_of(Parts total, int64_t spare) {
    int64_t low = (total.low_upper + ((total.low_lower - spare) >> CUT)) >> (LOW - HIGH - CUT);
    return (total.high_upper + ((total.high_lower + low) >> CUT)) >> (HIGH - CUT);
}

/* The ends of a value by those of the values before it, rounded outward, and the value at a
   point. */
static Ends interval(const Weights *w, int64_t layer, int64_t r, const int64_t *low,
                     const int64_t *up, const int64_t *center, int64_t *value) {
    int64_t row = (layer * w->size + r) * w->size, spare = (int64_t)1 << ENDS;
    int64_t first = (int64_t)w->bias_high[layer * w->size + r] << (ENDS - CUT);
    int64_t second = (int64_t)w->bias_low[layer * w->size + r] << (ENDS - CUT);
    Parts least = {first, 0, second, 0}, most = least, middle = least;
    for (int64_t j = 0; j < w->widths[layer]; j++) {
        int64_t one = (int64_t)w->high[row + j], two = (int64_t)w->low[row + j];
        bool positive = w->doubles[row + j] > 0;
        spare += greater(size_of(low[j]), size_of(up[j]));
        add(&least, one, two, positive ? low[j] : up[j]);
        add(&most, one, two, positive ? up[j] : low[j]);
        add(&middle, one, two, center[j]);
    }
    spare *= w->slack;
    Parts above = {-most.high_upper, -most.high_lower, -most.low_upper, -most.low_lower};
    *value = floor_of(middle, 0);
    return (Ends){floor_of(least, spare), -floor_of(above, spare)};
}

/* The ends of a value by back-substitution, of the less likely sign last. */
static Ends tightened(const Weights *w, int64_t layer, int64_t r, Ends ends, bool is_positive,
                      Box box, const Bounds *b) {
    for (int turn = 0; turn < 2 && ends.low < 0 && ends.up > 0; turn++) {
        int64_t sign = is_positive == (turn == 0) ? 1 : -1;
        for (int64_t j = 0; j < w->size; j++) b->form[j] = 0.0;
        b->form[r] = (double)(sign * ((int64_t)1 << UNIT));
        int64_t bound = least_of(w, layer, UNIT, 0, box, b) >> (VALUES - ENDS);
        if (sign > 0)
            ends.low = greater(ends.low, bound);
        else
            ends.up = lesser(ends.up, -bound);
    }
    return ends;
}

/* A share over 2**SLOPES, rounded down, in two steps of half of the bits. */
static int64_t slope(int64_t up, int64_t width) {
    int64_t half = SLOPES >> 1, whole = (up << half) / width;
    int64_t rest = (up << half) - whole * width;
    return (whole << half) + (rest << half) / width;
}

static bool is_safe(const Weights *w, int64_t layer, const int64_t *low, const int64_t *up) {
    int64_t largest = (int64_t)1 << ENDS;
    for (int64_t j = 0; j < w->widths[layer]; j++)
        largest = greater(largest, greater(size_of(low[j]), size_of(up[j])));
    double parts = (double)((largest >> CUT) + (1 << CUT));
    return fmax(w->sums[layer], w->sums[w->layers + layer]) * parts < SAFE;
}

/* Bound the values before all rectifiers; whether no number was too large. */
static bool fill(const Weights *w, Box box, const Bounds *b) {
    int64_t low[w->size], up[w->size], after[w->size], *center = b->centers;
    memcpy(low, box.low, box.inputs * sizeof(int64_t));
    memcpy(up, box.up, box.inputs * sizeof(int64_t));
    for (int64_t j = 0; j < box.inputs; j++) center[j] = (low[j] + up[j]) >> 1;
    for (int64_t layer = 0; layer < w->layers - 1; layer++) {
        if (!is_safe(w, layer, low, up)) return false;
        int64_t *lower = b->lower + layer * w->size, *upper = b->upper + layer * w->size;
        for (int64_t r = 0; r < w->widths[layer + 1]; r++) {
            int64_t value;
            Ends ends = interval(w, layer, r, low, up, center, &value);
            after[r] = greater(value, 0);
            if (layer > 0) ends = tightened(w, layer, r, ends, value > 0, box, b);
            if (greater(size_of(ends.low), size_of(ends.up)) >= FAR) return false;
            lower[r] = ends.low;
            upper[r] = ends.up;
            if (ends.low < 0 && ends.up > 0)
                b->slopes[layer * w->size + r] = slope(ends.up, ends.up - ends.low);
        }
        for (int64_t r = 0; r < w->widths[layer + 1]; r++) {
            low[r] = greater(lower[r], 0);
            up[r] = greater(upper[r], 0);
            center[r] = after[r];
        }
    }
    return true;
}

/* A lower bound of a sum of the outputs times weights, by the better slopes. */
static int64_t combined(const Weights *w, const int64_t *weights, Box box, const Bounds *b) {
    int64_t best = NOTHING;
    for (int64_t mode = 1; mode >= 0; mode--) {
        for (int64_t r = 0; r < w->size; r++) b->form[r] = 0.0;
        for (int64_t r = 0; r < w->widths[w->layers]; r++)
            b->form[r] = (double)(weights[r] * ((int64_t)1 << COMBINED));
        best = greater(best, least_of(w, w->layers - 1, COMBINED, mode, box, b));
    }
    return best;
}

/* A form of inputs where another one is least. */
static double at_corner(const double *gradient, const double *toward, Box box) {
    double total = 0.0;
    for (int64_t j = 0; j < box.inputs; j++)
        total += gradient[j] * (double)(toward[j] > 0 ? box.low[j] : box.up[j]);
    return ldexp(total, -ENDS);
}

/* Move a convex combination of rows towards those that are small where it is least. */
static void move_shares(const double *constants, const double *gradients, double *shares,
                        int64_t many, double step, Box box, const Bounds *b) {
    double values[many], largest = 0.0, sum = 0.0;
    for (int64_t i = 0; i < many; i++) {
        values[i] = constants[i] + at_corner(gradients + i * box.inputs, b->gradient, box);
        largest = fmax(largest, fabs(values[i]));
    }
    for (int64_t i = 0; i < many; i++) {
        shares[i] *= exp(step * values[i] / (largest + 1e-300));
        sum += shares[i];
    }
    for (int64_t i = 0; i < many; i++) shares[i] /= sum;
}

/* Whether a single output is at least ``least`` on a box; write which one, or the constants and
   gradients of all outputs' bounds. */
static bool is_one_proved(const Weights *w, Box box, int64_t least, int64_t *weights,
                          double *constants, double *gradients, const Bounds *b) {
    int64_t many = w->widths[w->layers];
    for (int64_t i = 0; i < many; i++) {
        double *gradient = gradients + i * box.inputs;
        for (int64_t k = 0; k < many; k++) weights[k] = k == i;
        int64_t bound = combined(w, weights, box, b);
        if (bound >= least) return true;
        memcpy(gradient, b->gradient, box.inputs * sizeof(double));
        constants[i] = ldexp((double)bound, -VALUES) - at_corner(gradient, gradient, box);
    }
    return false;
}

/* Whether a combination of the outputs is at least ``least`` on a box; write which one.  Otherwise
   write the gradients of all outputs' bounds, which floats choose splits by. */
static bool is_proved(const Weights *w, Box box, int64_t least, int64_t *weights,
                      double *gradients, const Bounds *b) {
    int64_t many = w->widths[w->layers];
    double constants[many], shares[many];
    if (!fill(w, box, b)) {
        b->lower[0] = 1; /* no bounds */
        b->upper[0] = -1;
        for (int64_t i = 0; i < many * box.inputs; i++) gradients[i] = 1.0;
        return false;
    }
    if (is_one_proved(w, box, least, weights, constants, gradients, b)) return true;
    for (int64_t i = 0; i < many; i++) shares[i] = 1.0 / (double)many;
    for (int turn = 0; turn < (many > 1 ? ROUNDS : 0); turn++) {
        int64_t sum = 0;
        for (int64_t i = 0; i < many; i++) sum += weights[i] = llrint(SIXTEENTHS * shares[i]);
        if (sum == 0) return false;
        if (combined(w, weights, box, b) >= least) return true;
        move_shares(constants, gradients, shares, many, 1.0 / (1.0 + 0.15 * turn), box, b);
    }
    return false;
}

/* Whether all outputs look at most 0 at a point, to floats. */
static bool violates(const Weights *w, const int64_t *point) {
    double values[w->size], after[w->size], most = -INFINITY;
    for (int64_t j = 0; j < w->widths[0]; j++) values[j] = ldexp((double)point[j], -ENDS);
    for (int64_t layer = 0; layer < w->layers; layer++) {
        for (int64_t r = 0; r < w->widths[layer + 1]; r++) {
            const double *row = w->doubles + (layer * w->size + r) * w->size;
            after[r] = w->biases[layer * w->size + r];
            for (int64_t j = 0; j < w->widths[layer]; j++) after[r] += row[j] * values[j];
        }
        for (int64_t r = 0; r < w->widths[layer + 1]; r++) values[r] = fmax(after[r], 0.0);
    }
    for (int64_t r = 0; r < w->widths[w->layers]; r++) most = fmax(most, after[r]);
    return most <= NEARLY;
}

/* Which input to halve, -1 if none has points between its ends. */
static int64_t longest(Box box, Box root, const double *gradients, int64_t many) {
    double smear[box.inputs], wide[box.inputs], widest = 0.0, largest = 0.0, best = -2.0;
    int64_t found = -1;
    for (int64_t j = 0; j < box.inputs; j++) {
        double width = (double)(box.up[j] - box.low[j]), sum = 0.0;
        bool has_middle = box.up[j] - box.low[j] > 1;
        for (int64_t i = 0; i < many; i++) sum += fabs(gradients[i * box.inputs + j]);
        smear[j] = has_middle ? sum * width : 0.0;
        wide[j] = has_middle ? width / (double)(root.up[j] - root.low[j]) : 0.0;
        widest = fmax(widest, wide[j]);
        largest = fmax(largest, smear[j]);
    }
    for (int64_t j = 0; widest > 0.0 && j < box.inputs; j++) {
        double score = smear[j] / (largest + 1e-300) + WIDTHS * wide[j] / widest;
        if (wide[j] * APART < widest) score = -1.0;
        if (score > best) best = score, found = j;
    }
    return found;
}

/* Whether the middle of a box or the corner where the gradients' sum is least seems to violate;
   then ``point`` is that. */
static bool finds_point(const Weights *w, Box box, const double *gradients, int64_t *point) {
    for (int turn = 0; turn < 2; turn++) {
        for (int64_t j = 0; j < box.inputs; j++) {
            double sum = 0.0;
            for (int64_t i = 0; i < w->widths[w->layers]; i++)
                sum += gradients[i * box.inputs + j];
            int64_t corner = sum > 0 ? box.low[j] : box.up[j];
            point[j] = turn ? corner : (box.low[j] + box.up[j]) >> 1;
        }
        if (violates(w, point)) return true;
    }
    return false;
}

/* Go on with the boxes of a stack (rows, two, inputs), depth first; return how many nodes were
   written, at most ``room`` (room, 1 + outputs).

   The stack has the root first.  ``state`` are how many boxes are open, the least bound that
   proves, and whether a point was found: then it is in the stack's last row.  A written node is an
   input that is halved, -1 before the weights of a leaf, or -2 before nothing where a box is left
   open. */
int explore(const Weights *w, int64_t *stack, int64_t rows, int64_t *state, int64_t *written,
            int64_t room, const Bounds *b) {
    int64_t inputs = w->widths[0], many = w->widths[w->layers], width = 2 * inputs, nodes = 0;
    int64_t corners[width], weights[many], *point = stack + (rows - 1) * width;
    double gradients[many * inputs];
    Box box = {inputs, corners, corners + inputs}, root = {inputs, stack, stack + inputs};
    state[2] = 0;
    for (int64_t i = 0; i < many * inputs; i++) gradients[i] = 0.0;
    while (state[0] > 0 && nodes < room && !state[2]) {
        int64_t *node = written + nodes++ * (1 + many);
        state[0]--;
        memcpy(corners, stack + (1 + state[0]) * width, sizeof corners);
        if (is_proved(w, box, state[1], weights, gradients, b)) {
            node[0] = -1;
            memcpy(node + 1, weights, sizeof weights);
            continue;
        }
        state[2] = finds_point(w, box, gradients, point);
        int64_t split = longest(box, root, gradients, many);
        node[0] = split >= 0 ? split : -2;
        for (int64_t side = 0; split >= 0 && side < 2; side++) {
            int64_t *half = stack + (1 + state[0]++) * width;
            memcpy(half, corners, sizeof corners);
            half[side * inputs + split] = (box.low[split] + box.up[split]) >> 1;
        }
    }
    return (int)nodes;
}
