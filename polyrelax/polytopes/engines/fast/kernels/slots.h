/* The arrays of rays: the first rays, and room for more. */

#ifndef SLOTS_H
#define SLOTS_H

#include "small.h"

/* Give all arrays room for so many rays; the new slots have none. */
static void set_slots(Run *run, int64_t slots) {
    Rays *rays = &run->rays;
    int64_t dim = run->problem.dim, entries = (dim + 1) * run->problem.field.primes;
    int64_t before = rays->slots;
    rays->sets = larger(run, rays->sets, slots * run->problem.words, sizeof(Word));
    rays->signs = larger(run, rays->signs, slots, sizeof(int8_t));
    rays->integers = larger(run, rays->integers, slots * dim, sizeof(int64_t));
    rays->products = larger(run, rays->products, slots, sizeof(int64_t));
    rays->floats = larger(run, rays->floats, slots * 2 * dim, sizeof(double));
    rays->errors = larger(run, rays->errors, slots, sizeof(double));
    rays->values = larger(run, rays->values, slots * 2, sizeof(double));
    rays->residues = larger(run, rays->residues, slots * entries, sizeof(Residue));
    rays->valued = larger(run, rays->valued, slots, sizeof(int64_t));
    memset(rays->signs + before, FREE, slots - before);
    memset(rays->valued + before, 0, (slots - before) * sizeof(int64_t));
    rays->slots = slots;
}

static void make_arrays(Run *run) {
    Rays *rays = &run->rays;
    rays->slots = 0;
    rays->sets = room(run, 0, 1);
    rays->signs = room(run, 0, 1);
    rays->integers = room(run, 0, 1);
    rays->products = room(run, 0, 1);
    rays->floats = room(run, 0, 1);
    rays->errors = room(run, 0, 1);
    rays->values = room(run, 0, 1);
    rays->residues = room(run, 0, 1);
    rays->valued = room(run, 0, 1);
    set_slots(run, greater(256, run->problem.dim));
}

/* Give the rays as many free slots as wanted, or more. */
static void make_room(Run *run, int64_t wanted) {
    int64_t free_slots = 0, slots = run->rays.slots;
    for (int64_t slot = 0; slot < slots; slot++) free_slots += run->rays.signs[slot] == FREE;
    if (wanted > free_slots) set_slots(run, slots + slots / 2 + wanted - free_slots);
}

/* Set the integers of a ray from its residues, if they are small. */
static bool set_integers(Run *run, int64_t slot) {
    const Field *field = &run->problem.field;
    int64_t *integers = integers_of(run, slot), size = greater(field->different, 2);
    Residue *digits = room(run, 2 * size, sizeof(Residue)), *binary = digits + size;
    bool small = true;
    for (int64_t j = 0; small && j < run->problem.dim; j++) {
        bool negative = set_digits(digits, residues_of(run, slot) + j * field->primes, field);
        set_binary(binary, size, digits, field);
        small = is_zero(binary + 2, size - 2) && !(binary[1] >> 30);
        int64_t entry = (int64_t)binary[1] << 32 | binary[0];
        integers[j] = negative ? -entry : entry;
    }
    drop(digits);
    return small && make_primitive(integers, &run->problem);
}

/* Set the rays of the cone of the first rows, and those rows as the rows seen. */
static int set_simplicial(Run *run) {
    int64_t dim = run->problem.dim, words = run->problem.words;
    int status = DONE;
    make_arrays(run);
    run->seen = zeros(run, words, sizeof(Word));
    for (int64_t row = 0; row < dim; row++) run->seen[row / WORD] |= bit(row);
    run->small = run->problem.integers != NULL;
    for (int64_t slot = 0; slot < dim; slot++) {
        memcpy(set_of(run, slot), run->seen, words * sizeof(Word));
        set_of(run, slot)[slot / WORD] ^= bit(slot);
        run->rays.signs[slot] = 0;
        if (recover(run, slot) != DONE) status = BAD_PRIME;
        run->small = run->small && status == DONE && set_integers(run, slot);
    }
    run->row = dim;
    return status;
}

#endif
