/* What the kernels work on, and the memory that they work in.

   The arrays of a problem belong to Python, which says in problem.py what they hold; those of
   rays are made here, and end with their run.  Shapes are in comments, the last index fastest. */

#ifndef ARRAYS_H
#define ARRAYS_H

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if FLT_EVAL_METHOD != 0
#error "floats are computed with more bits than error bounds are proved for"
#endif

enum { DONE, IMPLIED, BAD_PRIME, TORN, TOO_LARGE, NO_MEMORY };
enum { FREE = 2 };       /* the sign of a slot without a ray */
enum { HIGH, LOW };      /* the two floats of a sum */
enum { WORD = 64 };      /* rows in a word of a set */

typedef uint64_t Word;
typedef uint32_t Residue;
typedef int32_t Slot;

/* Primes, each with -1 / p modulo 2**32 and with 2**32 modulo p, which is one in Montgomery's
   form; there are so many different ones.  inverses[i, j]: of prime i modulo prime j. */
typedef struct {
    int64_t primes, different;
    const Residue *prime, *negative, *unit, *inverses;
} Field;

typedef struct {
    Field field;
    int64_t rows, dim, words;
    const Residue *residues; /* rows, dim, primes */
    const double *floats;    /* rows, two, dim */
    const double *weights;   /* rows */
    const int64_t *shifts;   /* dim */
    const Word *keys;        /* rows */
    const int64_t *integers; /* rows, dim; or null */
    int64_t limit;
} Problem;

typedef struct {
    int64_t slots;
    Word *sets;         /* slots, words */
    int8_t *signs;      /* slots */
    int64_t *integers;  /* slots, dim */
    int64_t *products;  /* slots */
    double *floats;     /* slots, two, dim */
    double *errors;     /* slots */
    double *values;     /* slots, two */
    Residue *residues;  /* slots, dim + 1, primes */
    int64_t *valued;    /* slots */
} Rays;

/* A piece of memory and its neighbours in the list of all that a run has. */
typedef struct Piece {
    struct Piece *before, *after;
} Piece;

/* A run of the method: ``row`` is the next one, ``seen`` are the rows before it without those
   that cut nothing off. */
typedef struct {
    Problem problem;
    Rays rays;
    Word *seen;
    int64_t row;
    int64_t small;
    Piece memory;
    jmp_buf full;
} Run;

typedef struct {
    int64_t count;
    Slot *slots;
} Slots;

typedef struct {
    int64_t count;
    Slot (*ends)[2];
} Pairs;

static inline int64_t lesser(int64_t a, int64_t b) { return a < b ? a : b; }
static inline int64_t greater(int64_t a, int64_t b) { return a > b ? a : b; }
static inline int64_t size_of(int64_t n) { return n < 0 ? -n : n; }
static inline int popcount(Word word) { return __builtin_popcountll(word); }
static inline int trailing_zeros(Word word) { return __builtin_ctzll(word); }
static inline Word bit(int64_t row) { return (Word)1 << (row & (WORD - 1)); }

/* Put a piece at the head of the list, or leave the run if there is no memory. */
static void *listed(Run *run, Piece *piece) {
    if (!piece) longjmp(run->full, 1);
    piece->before = &run->memory;
    piece->after = run->memory.after;
    if (piece->after) piece->after->before = piece;
    run->memory.after = piece;
    return piece + 1;
}

static void *zeros(Run *run, int64_t count, size_t size) {
    if ((size_t)count > (SIZE_MAX - sizeof(Piece)) / size) longjmp(run->full, 1);
    return listed(run, calloc(1, sizeof(Piece) + (size_t)count * size));
}

static void *room(Run *run, int64_t count, size_t size) {
    if ((size_t)count > (SIZE_MAX - sizeof(Piece)) / size) longjmp(run->full, 1);
    return listed(run, malloc(sizeof(Piece) + (size_t)count * size));
}

static Piece *unlisted(void *memory) {
    Piece *piece = (Piece *)memory - 1;
    piece->before->after = piece->after;
    if (piece->after) piece->after->before = piece->before;
    return piece;
}

static void drop(void *memory) {
    if (memory) free(unlisted(memory));
}

/* Return the same array with room for so many entries; those behind the old ones are not set. */
static void *larger(Run *run, void *memory, int64_t count, size_t size) {
    if ((size_t)count > (SIZE_MAX - sizeof(Piece)) / size) longjmp(run->full, 1);
    Piece *piece = unlisted(memory), *grown;
    grown = realloc(piece, sizeof(Piece) + (size_t)count * size);
    if (!grown) listed(run, piece);
    return listed(run, grown);
}

static inline Word *set_of(const Run *run, int64_t slot) {
    return run->rays.sets + slot * run->problem.words;
}

static inline double *floats_of(const Run *run, int64_t slot) {
    return run->rays.floats + 2 * slot * run->problem.dim;
}

static inline int64_t *integers_of(const Run *run, int64_t slot) {
    return run->rays.integers + slot * run->problem.dim;
}

static inline Residue *residues_of(const Run *run, int64_t slot) {
    return run->rays.residues + slot * (run->problem.dim + 1) * run->problem.field.primes;
}

/* The residues of the value that a ray has in the row in ``valued``. */
static inline Residue *value_residues(const Run *run, int64_t slot) {
    return residues_of(run, slot) + run->problem.dim * run->problem.field.primes;
}

static inline const double *row_floats(const Problem *problem, int64_t row) {
    return problem->floats + 2 * row * problem->dim;
}

static inline const Residue *row_residues(const Problem *problem, int64_t row) {
    return problem->residues + row * problem->dim * problem->field.primes;
}

/* The slots of all rays. */
static Slots slots_in_use(Run *run) {
    const int8_t *signs = run->rays.signs;
    Slots found = {0, room(run, run->rays.slots, sizeof(Slot))};
    for (int64_t slot = 0; slot < run->rays.slots; slot++)
        if (signs[slot] != FREE) found.slots[found.count++] = (Slot)slot;
    return found;
}

/* The slots of the rays of a sign. */
static Slots slots_with(Run *run, int8_t sign) {
    const int8_t *signs = run->rays.signs;
    Slots found = {0, room(run, run->rays.slots, sizeof(Slot))};
    for (int64_t slot = 0; slot < run->rays.slots; slot++)
        if (signs[slot] == sign) found.slots[found.count++] = (Slot)slot;
    return found;
}

#endif
