/* The polygons at the edges of the horizon: see ridges.h.

   An edge with set of rows R, of rank d - 2, bounds the polygons whose sets are the facets of R,
   of rank d - 3. */

#ifndef POLYGONS_H
#define POLYGONS_H

#include "arrays.h"

/* The edges that the row cuts, each from below to not below, and the slots of their owners. */
typedef struct {
    Pairs edges;
    Slot *owners;
} Horizon;

/* A set of rows, given by an edge and by a third ray or, as -1 - row, a row less. */
typedef struct {
    Word key;
    Slot ends[2], third, owner;
} Polygon;

typedef struct {
    int64_t count, spare;
    Polygon *of;
} Polygons;

/* The sets that an edge has in common with the neighbours of one end. */
typedef struct {
    int64_t count;
    Word *sets; /* neighbours, words */
    Slot *slots;
    int64_t *sizes, *order;
} Commons;

static void reserve(Run *run, Polygons *polygons, int64_t more) {
    if (polygons->count + more <= polygons->spare) return;
    polygons->spare = 2 * polygons->count + more;
    polygons->of = larger(run, polygons->of, polygons->spare, sizeof(Polygon));
}

/* Add the edge's set of rows less each one. */
static void add_of_simplex(const Run *run, const Horizon *horizon, int64_t k,
                           Polygons *polygons) {
    const Slot *ends = horizon->edges.ends[k];
    const Word *one = set_of(run, ends[0]), *other = set_of(run, ends[1]);
    int64_t start = polygons->count;
    Word key = 0;
    for (int64_t word = 0; word < run->problem.words; word++)
        for (Word rest = one[word] & other[word]; rest; rest &= rest - 1) {
            int64_t row = WORD * word + trailing_zeros(rest);
            key ^= run->problem.keys[row];
            polygons->of[polygons->count++] =
                (Polygon){run->problem.keys[row], {ends[0], ends[1]}, (Slot)(-1 - row),
                          horizon->owners[k]};
        }
    for (int64_t i = start; i < polygons->count; i++) polygons->of[i].key ^= key;
}

/* Set the sets of at least some size that an edge has in common with neighbours. */
static void intersect(const Run *run, const Slot *ends, const Slots around, int64_t fewest,
                      Commons *commons) {
    int64_t words = run->problem.words;
    const Word *one = set_of(run, ends[0]), *other = set_of(run, ends[1]);
    commons->count = 0;
    for (int64_t i = 0; i < around.count; i++) {
        Slot third = around.slots[i];
        Word *common = commons->sets + commons->count * words;
        int64_t size = 0;
        for (int64_t word = 0; word < words; word++) {
            common[word] = one[word] & other[word] & set_of(run, third)[word];
            size += popcount(common[word]);
        }
        if (size < fewest || third == ends[0] || third == ends[1]) continue;
        commons->slots[commons->count] = third;
        commons->sizes[commons->count++] = size;
    }
}

/* Whether a set lies in one of those that were found before. */
static bool is_covered(const Commons *commons, int64_t i, int64_t found, int64_t words) {
    const Word *mine = commons->sets + i * words;
    for (int64_t k = 0; k < found; k++) {
        const Word *other = commons->sets + commons->order[k] * words;
        int64_t word = 0;
        while (word < words && !(mine[word] & ~other[word])) word++;
        if (word == words) return true;
    }
    return false;
}

/* Set the start of ``order`` to the places of the maximal sets; return their number. */
static int64_t find_maximal(const Commons *commons, int64_t words) {
    int64_t fewest = INT64_MAX, most = 0, found = 0;
    for (int64_t i = 0; i < commons->count; i++) {
        fewest = lesser(fewest, commons->sizes[i]);
        most = greater(most, commons->sizes[i]);
    }
    for (int64_t size = most; size >= fewest; size--)
        for (int64_t i = 0; i < commons->count; i++)
            if (commons->sizes[i] == size && !is_covered(commons, i, found, words))
                commons->order[found++] = i;
    return found;
}

static Word key_of(const Run *run, const Word *members) {
    Word key = 0;
    for (int64_t word = 0; word < run->problem.words; word++)
        for (Word rest = members[word]; rest; rest &= rest - 1)
            key ^= run->problem.keys[WORD * word + trailing_zeros(rest)];
    return key;
}

/* Add the maximal ones among the sets that the edge has with neighbours. */
static void add_of_face(const Run *run, const Horizon *horizon, int64_t k, const Commons *commons,
                        Polygons *polygons) {
    const Slot *ends = horizon->edges.ends[k];
    int64_t found = find_maximal(commons, run->problem.words);
    for (int64_t i = 0; i < found; i++) {
        int64_t place = commons->order[i];
        polygons->of[polygons->count++] =
            (Polygon){key_of(run, commons->sets + place * run->problem.words),
                      {ends[0], ends[1]},
                      commons->slots[place],
                      horizon->owners[k]};
    }
}

#endif
