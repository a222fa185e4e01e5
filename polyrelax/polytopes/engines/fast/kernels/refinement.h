/* The floats of a ray anew, from its rows, with a proof of their error.

   Which of the rows zero on the ray are independent is only guessed; the proof of the error
   proves it, too.  Of the ray, let the entry f with the largest float be fixed.  The others solve
   A x = b, with d - 1 independent rows that are zero on the ray.  For any approximations C of the
   inverse of A and x' of x, which C improves some times by C (b - A x'),

       |x - x'| <= | |C| |b - A x'| | / (1 - delta),    |I - C A| <= delta < 1,

   in the maximum norm, as x - x' = (C A)**-1 C (b - A x').  With delta, the rounding of the sums
   and of the rows is bounded: by (d + 4) 2**-52 times the same sums of absolute values.  The
   residual consists of the values of the rows on the ray, of which doubles.h bounds the error.
   Norms are bounded by sums over all rows, in which nothing that is not a number can be lost. */

#ifndef REFINEMENT_H
#define REFINEMENT_H

#include "doubles.h"

#define INDEPENDENT 0x1p-12
enum { STEPS = 2 }; /* each gains the bits in which the inverse is right */

/* Rows of a ray that are solved for all its floats but the ``last``, and beside their matrix the
   inverse that floats make of it. */
typedef struct {
    int64_t size, last;
    int64_t *chosen, *pivots;
    double *basis;  /* dim, dim */
    double *matrix; /* size, two of size */
} Refinement;

/* Subtract the rows before from the last one, and divide it by its greatest entry.  So each is
   one in its pivot, and those after it are zero there.  Return that entry's size. */
static double reduce_floats(double *basis, int64_t *pivots, int64_t rank, int64_t dim) {
    double *last = basis + rank * dim;
    for (int64_t k = 0; k < rank; k++) {
        double factor = last[pivots[k]];
        for (int64_t j = 0; j < dim; j++) last[j] -= factor * basis[k * dim + j];
    }
    pivots[rank] = place_of_greatest(last, dim);
    double greatest = last[pivots[rank]], scale = 1.0 / greatest;
    for (int64_t j = 0; j < dim; j++) last[j] *= scale;
    return fabs(greatest);
}

/* Choose rows of a set, one less than columns or fewer, far from dependent for floats. */
static int64_t choose_rows(const Problem *problem, const Word *members, const Refinement *r) {
    int64_t dim = problem->dim, rank = 0;
    for (int64_t word = 0; word < problem->words; word++) {
        for (Word rest = members[word]; rest && rank < dim - 1; rest &= rest - 1) {
            r->chosen[rank] = WORD * word + trailing_zeros(rest);
            memcpy(r->basis + rank * dim, row_floats(problem, r->chosen[rank]),
                   dim * sizeof(double));
            rank += reduce_floats(r->basis, r->pivots, rank, dim) > INDEPENDENT;
        }
    }
    return rank;
}

static inline double coefficient(const Problem *problem, const Refinement *r, int64_t i,
                                 int64_t j) {
    return row_floats(problem, r->chosen[i])[j + (j >= r->last)];
}

/* Set the equations for all floats but one, and beside them the identity. */
static void set_system(const Problem *problem, const Refinement *r) {
    for (int64_t i = 0; i < r->size; i++) {
        for (int64_t j = 0; j < r->size; j++) {
            r->matrix[2 * i * r->size + j] = coefficient(problem, r, i, j);
            r->matrix[(2 * i + 1) * r->size + j] = i == j ? 1.0 : 0.0;
        }
    }
}

/* Replace the identity by the inverse, with row pivots, or what floats make of it. */
static void invert_floats(const Refinement *r) {
    int64_t size = r->size, width = 2 * size;
    double *matrix = r->matrix;
    for (int64_t step = 0; step < size; step++) {
        int64_t pivot = step;
        for (int64_t i = step + 1; i < size; i++)
            if (fabs(matrix[i * width + step]) > fabs(matrix[pivot * width + step])) pivot = i;
        double *top = matrix + step * width, *best = matrix + pivot * width;
        double scale = 1.0 / best[step];
        for (int64_t j = step; j < width; j++) {
            double entry = best[j] * scale;
            best[j] = top[j];
            top[j] = entry;
        }
        for (int64_t i = 0; i < size; i++) {
            double factor = matrix[i * width + step];
            if (i == step || factor == 0.0) continue;
            for (int64_t j = step; j < width; j++) matrix[i * width + j] -= factor * top[j];
        }
    }
}

/* A bound of the norm of the identity minus the product of the matrices. */
static double defect(const Problem *problem, const Refinement *r) {
    int64_t size = r->size;
    double found = 0.0, absolute = 0.0;
    for (int64_t i = 0; i < size; i++) {
        const double *inverse = r->matrix + (2 * i + 1) * size;
        for (int64_t j = 0; j < size; j++) {
            double total = i == j ? -1.0 : 0.0, sizes = 0.0;
            for (int64_t k = 0; k < size; k++) {
                double term = inverse[k] * coefficient(problem, r, k, j);
                total += term;
                sizes += fabs(term);
            }
            found += fabs(total);
            absolute += sizes;
        }
    }
    double rounding = ((double)size + 5.0) * 0x1p-52 * ((double)size + absolute);
    return found * ABOVE_ONE + rounding * ABOVE_ONE;
}

static void set_row_values(const Problem *problem, const Refinement *r, const double *ray,
                           Sum *values) {
    for (int64_t i = 0; i < r->size; i++)
        values[i] = inner_sum(row_floats(problem, r->chosen[i]), ray, problem->dim);
}

/* Subtract the inverse times the values from all entries but one. */
static void correct(const Refinement *r, const Sum *values, double *ray, int64_t dim) {
    for (int64_t k = 0; k < r->size; k++) {
        const double *inverse = r->matrix + (2 * k + 1) * r->size;
        double total = 0.0;
        int64_t j = k + (k >= r->last);
        for (int64_t i = 0; i < r->size; i++) total += inverse[i] * values[i].value;
        Sum moved = two_sum(ray[j], -total);
        moved = two_sum(moved.value, moved.rest + ray[dim + j]);
        ray[j] = moved.value;
        ray[dim + j] = moved.rest;
    }
}

/* A bound of the error of a ray below one on which its rows have these values. */
static double error_bound(const Problem *problem, const Refinement *r, const Sum *values) {
    double wrong = 0.0;
    for (int64_t i = 0; i < r->size; i++) {
        double rounding = value_error(problem->weights[r->chosen[i]], 0.0, problem->dim);
        double residual = fabs(values[i].value) * ABOVE_ONE + rounding + 0x1p-1000;
        for (int64_t k = 0; k < r->size; k++)
            wrong += fabs(r->matrix[(2 * k + 1) * r->size + i]) * residual;
    }
    return 2.0 * wrong * ABOVE_ONE;
}

/* Improve the floats of one ray, if it works. */
static void refine_ray(const Problem *problem, Refinement *r, Sum *values, const Word *members,
                       double *ray, double *error) {
    int64_t dim = problem->dim;
    if (choose_rows(problem, members, r) < r->size || r->size == 0) return;
    r->last = place_of_greatest(ray, dim);
    set_system(problem, r);
    invert_floats(r);
    if (!(defect(problem, r) < 0.5)) return;
    for (int step = 0; step < STEPS; step++) {
        set_row_values(problem, r, ray, values);
        correct(r, values, ray, dim);
    }
    set_row_values(problem, r, ray, values);
    double greatest = fabs(ray[place_of_greatest(ray, dim)]);
    *error = error_bound(problem, r, values) * fmax(1.0, greatest);
    normalise(ray, greatest, error, dim);
}

/* Improve the floats of rays, where it works.  The largest of each ray's floats must have the
   right sign. */
static void refine(Run *run, const Slots slots) {
    const Problem *problem = &run->problem;
    int64_t dim = problem->dim;
    double *work = room(run, (dim + 2 * dim) * dim, sizeof(double));
    int64_t *places = room(run, 2 * dim, sizeof(int64_t));
    Sum *values = room(run, dim, sizeof(Sum));
    Refinement r = {dim - 1, 0, places, places + dim, work, work + dim * dim};
    for (int64_t k = 0; k < slots.count; k++) {
        Slot slot = slots.slots[k];
        refine_ray(problem, &r, values, set_of(run, slot), floats_of(run, slot),
                   run->rays.errors + slot);
    }
    drop(work);
    drop(places);
    drop(values);
}

#endif
