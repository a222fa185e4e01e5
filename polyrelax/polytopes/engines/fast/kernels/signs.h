/* On which side of a row each ray lies, for certain.

   If a ray's floats f are wrong by at most epsilon in each entry, and the floats of the row by
   their rounding, then the float inner product is wrong by at most

       (epsilon + (d + 4) 2**-52) times the sum of |r_j|,

   as |f_j| <= 1.  Where that leaves the sign open, both floats of each entry are used, as in
   doubles.h; where these do, too, the residues decide whether the inner product is zero, and if
   it is not, the ray is recovered exactly. */

#ifndef SIGNS_H
#define SIGNS_H

#include "recovery.h"

/* Set the value of the row and its residues on a ray, unless they are set. */
static void set_value(Run *run, int64_t slot) {
    const Problem *problem = &run->problem;
    if (run->rays.valued[slot] == run->row) return;
    run->rays.valued[slot] = run->row;
    Sum value = inner_sum(row_floats(problem, run->row), floats_of(run, slot), problem->dim);
    run->rays.values[2 * slot + HIGH] = value.value;
    run->rays.values[2 * slot + LOW] = value.rest;
    set_inner(value_residues(run, slot), row_residues(problem, run->row), residues_of(run, slot),
              problem->dim, &problem->field);
}

/* Set those signs that are certain for floats; return the slots of the other rays. */
static Slots classify_by_floats(Run *run) {
    const Problem *problem = &run->problem;
    const double *row = row_floats(problem, run->row);
    double rounding = ((double)problem->dim + 4.0) * 0x1p-52;
    Slots unknown = {0, room(run, run->rays.slots, sizeof(Slot))};
    for (int64_t slot = 0; slot < run->rays.slots; slot++) {
        if (run->rays.signs[slot] == FREE) continue;
        const double *ray = floats_of(run, slot);
        double total = 0.0;
        for (int64_t j = 0; j < problem->dim; j++) total += row[j] * ray[j];
        run->rays.signs[slot] = total > 0.0 ? 1 : -1;
        double wrong = problem->weights[run->row] * (run->rays.errors[slot] * ABOVE_ONE + rounding);
        if (!(fabs(total) > wrong)) unknown.slots[unknown.count++] = (Slot)slot;
    }
    return unknown;
}

/* Whether a ray is not zero modulo any prime: else its residues say nothing. */
static bool vanishes_nowhere(const Run *run, int64_t slot) {
    int64_t primes = run->problem.field.primes, zero = 0;
    const Residue *residues = residues_of(run, slot);
    for (int64_t i = 0; i < primes; i++) {
        Residue some = 0;
        for (int64_t j = 0; j < run->problem.dim; j++) some |= residues[j * primes + i];
        zero += some == 0;
    }
    return zero == 0;
}

/* Set the sign of a ray by its value, which is set, if that decides it. */
static bool decide_by_value(Run *run, int64_t slot) {
    const Problem *problem = &run->problem;
    double value = run->rays.values[2 * slot + HIGH];
    double wrong =
        value_error(problem->weights[run->row], run->rays.errors[slot], problem->dim);
    if (fabs(value) > 2.0 * wrong)
        run->rays.signs[slot] = value > 0.0 ? 1 : -1;
    else if (is_zero(value_residues(run, slot), problem->field.primes) &&
             vanishes_nowhere(run, slot))
        run->rays.signs[slot] = 0;
    else
        return false;
    return true;
}

/* Set a sign exactly; return whether the primes serve. */
static int decide_exactly(Run *run, int64_t slot) {
    const Field *field = &run->problem.field;
    if (recover(run, slot) != DONE) return BAD_PRIME;
    set_value(run, slot);
    Residue *digits = room(run, field->different, sizeof(Residue));
    run->rays.signs[slot] = (int8_t)sign_of(value_residues(run, slot), digits, field);
    drop(digits);
    return DONE;
}

/* Set the signs of the row on all rays. */
static int classify(Run *run) {
    int status = DONE;
    Slots unknown = classify_by_floats(run);
    for (int64_t k = 0; k < unknown.count; k++) {
        set_value(run, unknown.slots[k]);
        if (!decide_by_value(run, unknown.slots[k]) &&
            decide_exactly(run, unknown.slots[k]) != DONE)
            status = BAD_PRIME;
    }
    drop(unknown.slots);
    return status;
}

#endif
