/* The new ray on the edge between a ray on each side of a row.

   If the row has the values s > 0 and t < 0 on the rays v and w, known up to sigma and tau, then
   s w - t v is zero on it, and wrong in each entry by at most

       s eps_w + |t| eps_v + sigma (1 + eps_w) + tau (1 + eps_v) + 2**-99 (s + |t|).

   Where cancellation makes that too much, the floats are computed anew from the ray's rows, or
   the ray is recovered exactly. */

#ifndef COMBINATION_H
#define COMBINATION_H

#include "refinement.h"
#include "signs.h"

#define TOO_MUCH 0x1p-20
#define SIGNED 0.25 /* then the largest float, at least one half, has the right sign */
#define TINY 0x1p-900

/* An edge that the row cuts: the slots of its ends and of the new ray between them. */
typedef struct {
    Slot below, above, slot;
} Cut;

typedef struct {
    int64_t count;
    Cut *cuts;
} Cuts;

static void combine_floats(Run *run, Cut cut) {
    double weight = run->problem.weights[run->row];
    const double *t = run->rays.values + 2 * cut.below, *s = run->rays.values + 2 * cut.above;
    double *errors = run->rays.errors, *ray = floats_of(run, cut.slot);
    int64_t dim = run->problem.dim;
    double greatest =
        combine_entries(floats_of(run, cut.below), floats_of(run, cut.above), t, s, ray, dim);
    double upper = fabs(s[HIGH]), lower = fabs(t[HIGH]);
    double wrong = upper * errors[cut.below] + lower * errors[cut.above];
    wrong += COMBINED * (upper + lower);
    wrong += value_error(weight, errors[cut.above], dim) * (1.0 + errors[cut.below]);
    wrong += value_error(weight, errors[cut.below], dim) * (1.0 + errors[cut.above]);
    errors[cut.slot] = greatest >= TINY ? wrong : INFINITY;
    if (greatest >= TINY) normalise(ray, greatest, errors + cut.slot, dim);
}

static void combine_residues(Run *run, Cut cut) {
    const Field *field = &run->problem.field;
    const Residue *prime = field->prime, *negative = field->negative;
    const Residue *s = value_residues(run, cut.above), *t = value_residues(run, cut.below);
    int64_t primes = field->primes;
    for (int64_t j = 0; j < run->problem.dim; j++) {
        Residue *ray = residues_of(run, cut.slot) + j * primes;
        set_product(ray, s, residues_of(run, cut.below) + j * primes, prime, negative, primes);
        subtract_product(ray, t, residues_of(run, cut.above) + j * primes, prime, negative,
                         primes);
    }
}

/* Set new rays, on which the row is zero.  The sets of rows are known. */
static int combine(Run *run, Cuts new) {
    int status = DONE;
    Slots imprecise = {0, room(run, new.count, sizeof(Slot))};
    for (int64_t k = 0; k < new.count; k++) {
        Cut cut = new.cuts[k];
        set_value(run, cut.below);
        set_value(run, cut.above);
        combine_floats(run, cut);
        combine_residues(run, cut);
        double error = run->rays.errors[cut.slot];
        if (TOO_MUCH <= error && error < SIGNED) imprecise.slots[imprecise.count++] = cut.slot;
    }
    refine(run, imprecise);
    for (int64_t k = 0; k < new.count; k++)
        if (!(run->rays.errors[new.cuts[k].slot] < TOO_MUCH) &&
            recover(run, new.cuts[k].slot) != DONE)
            status = BAD_PRIME;
    drop(imprecise.slots);
    return status;
}

#endif
