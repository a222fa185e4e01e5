/* Which of the new rays are adjacent, in time linear in their number.

   Let h be the row that cuts.  Its horizon consists of the edges between a ray n below it and a
   ray o that is above it or on it: where o is above, there is a new ray on the edge, its owner;
   where it is on h, the owner is o.

   The faces of dimension three that an edge of the horizon bounds are cones over polygons, of
   which h cuts off an arc.  So each such polygon has exactly two edges in the horizon, and meets
   the hyperplane in the segment between their two owners: an edge of the new cone, if the owners
   are two rays and were not neighbours before.  All its new edges in the hyperplane arise so, each
   from one polygon.

   In terms of rows: an edge is the set R of rows zero on both ends, a polygon a smaller set.  If R
   has no more rows than its rank, then each row less is a polygon; else the polygons are the
   maximal sets among the intersections of R with R_m, for the neighbours m of one end with their
   sets R_m.  Polygons are matched by a hash of their sets, and compared. */

#ifndef RIDGES_H
#define RIDGES_H

#include "polygons.h"

/* The neighbours of the ray in slot i: from starts[i] to starts[i + 1]. */
typedef struct {
    int64_t *starts;
    Slot *slots;
} Neighbours;

static Neighbours neighbours_of(Run *run, const Pairs edges) {
    int64_t slots = run->rays.slots;
    int64_t *starts = zeros(run, slots + 2, sizeof(int64_t));
    Slot *found = room(run, 2 * edges.count, sizeof(Slot));
    for (int64_t k = 0; k < edges.count; k++)
        for (int end = 0; end < 2; end++) starts[edges.ends[k][end] + 2]++;
    for (int64_t slot = 0; slot <= slots; slot++) starts[slot + 1] += starts[slot];
    /* Now those of slot i start at starts[i + 1], which moves to their end. */
    for (int64_t k = 0; k < edges.count; k++)
        for (int end = 0; end < 2; end++)
            found[starts[edges.ends[k][end] + 1]++] = edges.ends[k][1 - end];
    return (Neighbours){starts, found};
}

static inline Slots around(const Neighbours *neighbours, Slot slot) {
    int64_t start = neighbours->starts[slot];
    return (Slots){neighbours->starts[slot + 1] - start, neighbours->slots + start};
}

/* The neighbours of that end of an edge which has fewer. */
static Slots around_edge(const Neighbours *neighbours, const Slot *ends) {
    Slots one = around(neighbours, ends[0]), other = around(neighbours, ends[1]);
    return one.count <= other.count ? one : other;
}

static Commons commons_for(Run *run, const Neighbours *neighbours) {
    int64_t most = 0;
    for (int64_t slot = 0; slot < run->rays.slots; slot++)
        most = greater(most, around(neighbours, (Slot)slot).count);
    return (Commons){0, room(run, (most + 1) * run->problem.words, sizeof(Word)),
                     room(run, most, sizeof(Slot)), room(run, most, sizeof(int64_t)),
                     room(run, most, sizeof(int64_t))};
}

static int64_t edge_size(const Run *run, const Slot *ends) {
    const Word *one = set_of(run, ends[0]), *other = set_of(run, ends[1]);
    int64_t size = 0;
    for (int64_t word = 0; word < run->problem.words; word++)
        size += popcount(one[word] & other[word]);
    return size;
}

/* The polygons at all edges of the horizon, which have so much rank. */
static Polygons polygons_of(Run *run, int64_t rank, const Pairs edges, const Horizon *horizon) {
    bool has_more = false;
    for (int64_t k = 0; !has_more && k < horizon->edges.count; k++)
        has_more = edge_size(run, horizon->edges.ends[k]) > rank;
    Neighbours neighbours = neighbours_of(run, has_more ? edges : (Pairs){0, NULL});
    Commons commons = commons_for(run, &neighbours);
    Polygons polygons = {0, 1024, room(run, 1024, sizeof(Polygon))};
    for (int64_t k = 0; k < horizon->edges.count; k++) {
        const Slot *ends = horizon->edges.ends[k];
        if (edge_size(run, ends) == rank) {
            reserve(run, &polygons, rank);
            add_of_simplex(run, horizon, k, &polygons);
        } else {
            Slots near = around_edge(&neighbours, ends);
            intersect(run, ends, near, rank - 1, &commons);
            reserve(run, &polygons, near.count);
            add_of_face(run, horizon, k, &commons, &polygons);
        }
    }
    drop(neighbours.starts);
    drop(neighbours.slots);
    drop(commons.sets);
    drop(commons.slots);
    drop(commons.sizes);
    drop(commons.order);
    return polygons;
}

/* 64 rows of a polygon. */
static inline Word polygon_word(const Run *run, const Polygon *polygon, int64_t word) {
    Word common = set_of(run, polygon->ends[0])[word] & set_of(run, polygon->ends[1])[word];
    if (polygon->third >= 0) return common & set_of(run, polygon->third)[word];
    int64_t row = -1 - (int64_t)polygon->third;
    return row / WORD == word ? common & ~bit(row) : common;
}

static bool is_same(const Run *run, const Polygon *one, const Polygon *other) {
    if (one->key != other->key) return false;
    for (int64_t word = 0; word < run->problem.words; word++)
        if (polygon_word(run, one, word) != polygon_word(run, other, word)) return false;
    return true;
}

/* A power of two that leaves half of a hash table empty. */
static int64_t table_size(int64_t count) {
    int64_t size = 4;
    while (size < 2 * count) size *= 2;
    return size;
}

static Slot *empty_table(Run *run, int64_t size) {
    Slot *table = room(run, size, sizeof(Slot));
    for (int64_t i = 0; i < size; i++) table[i] = -1;
    return table;
}

/* Set the pairs of owners; return whether each polygon occurs twice. */
static bool match(Run *run, const Polygons *polygons, Pairs *pairs) {
    int64_t mask = table_size(polygons->count) - 1, most = polygons->count / 2;
    Slot *table = empty_table(run, mask + 1);
    bool matched = true;
    *pairs = (Pairs){0, room(run, most, sizeof *pairs->ends)};
    for (int64_t k = 0; matched && k < polygons->count; k++) {
        int64_t place = (int64_t)(polygons->of[k].key >> 1) & mask;
        while (table[place] >= 0 && !is_same(run, polygons->of + table[place], polygons->of + k))
            place = (place + 1) & mask;
        if (table[place] < 0) {
            table[place] = (Slot)k;
        } else if (pairs->count == most) {
            matched = false;
        } else {
            pairs->ends[pairs->count][0] = polygons->of[table[place]].owner;
            pairs->ends[pairs->count++][1] = polygons->of[k].owner;
        }
    }
    drop(table);
    return matched && 2 * pairs->count == polygons->count;
}

/* Where an edge is in a hash table, or would be. */
static int64_t place_of_edge(const Slot (*table)[2], int64_t mask, Slot a, Slot b) {
    int64_t low = lesser(a, b), high = greater(a, b);
    int64_t place = ((low * 7368787) ^ (high * 1299709)) & mask;
    while (table[place][0] >= 0 && !(lesser(table[place][0], table[place][1]) == low &&
                                     greater(table[place][0], table[place][1]) == high))
        place = (place + 1) & mask;
    return place;
}

/* Keep the pairs of two rays that are no edges in the hyperplane yet. */
static void remove_known(Run *run, const Pairs edges, Pairs *pairs) {
    const int8_t *signs = run->rays.signs;
    int64_t flat = 0, count = 0;
    for (int64_t k = 0; k < edges.count; k++)
        flat += signs[edges.ends[k][0]] == 0 && signs[edges.ends[k][1]] == 0;
    int64_t mask = table_size(flat) - 1;
    Slot(*table)[2] = (Slot(*)[2])empty_table(run, 2 * (mask + 1));
    for (int64_t k = 0; k < edges.count; k++) {
        Slot a = edges.ends[k][0], b = edges.ends[k][1];
        if (signs[a] != 0 || signs[b] != 0) continue;
        int64_t place = place_of_edge((const Slot(*)[2])table, mask, a, b);
        table[place][0] = a;
        table[place][1] = b;
    }
    for (int64_t k = 0; k < pairs->count; k++) {
        Slot a = pairs->ends[k][0], b = pairs->ends[k][1];
        bool is_known = signs[a] == 0 && signs[b] == 0 &&
                        table[place_of_edge((const Slot(*)[2])table, mask, a, b)][0] >= 0;
        if (a == b || is_known) continue;
        pairs->ends[count][0] = a;
        pairs->ends[count++][1] = b;
    }
    pairs->count = count;
    drop(table);
}

/* Set the edges between owners; return whether all polygons match. */
static bool find_new_edges(Run *run, const Pairs edges, const Horizon *horizon, Pairs *pairs) {
    int64_t rank = run->problem.dim - 2;
    if (rank == 0) {
        *pairs = (Pairs){0, room(run, 0, 1)};
        return true;
    }
    Polygons polygons = polygons_of(run, rank, edges, horizon);
    bool matched = match(run, &polygons, pairs);
    drop(polygons.of);
    remove_known(run, edges, pairs);
    return matched;
}

#endif
