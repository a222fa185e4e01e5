/* The double description method on arrays: one row after the other cuts a pointed cone.

   The rays and the rows zero on each are kept.  A row with values of both signs on the rays
   deletes the rays below it and adds one on each edge that it cuts.  While the rays are few, these
   edges are found by pairs.h; then all edges are kept, and those between the rays in the
   hyperplane of the row come from ridges.h.  The rays' numbers are integers of 64 bits, as in
   small.h, until one is too large, and then as in signs.h.  All signs are certain, so the result
   is the cone's by construction. */

#include "lanes.h"
#include "pairs.h"
#include "ridges.h"
#include "slots.h"

/* The edges between rays, if they are kept. */
typedef struct {
    bool kept;
    Pairs pairs;
} Edges;

/* The number of words that the rows before one need. */
static int64_t words_before(int64_t row) { return (row + WORD - 1) / WORD; }

/* Whether to compare all pairs of rays once, so that no row to come compares any.  That must be at
   most half of what the rows to come would compare, if each were like this one; else so many more
   pairs are needed. */
static bool pays(Run *run, double pairs, int64_t many) {
    double rays = 0.0, rest = (double)(run->problem.rows - run->row);
    for (int64_t slot = 0; slot < run->rays.slots; slot++) rays += run->rays.signs[slot] != FREE;
    double share = fmax(1.0, 2.0 * rays * rays / (rest * pairs));
    return pairs * (double)words_before(run->row) >= (double)many * share;
}

static Pairs all_edges(Run *run) {
    Slots rays = slots_in_use(run);
    Pairs found = adjacent(run, words_before(run->row), rays, rays, rays);
    drop(rays.slots);
    return found;
}

/* The edges from below to not below, of those that are kept. */
static Pairs cut_edges(Run *run, const Pairs edges) {
    const int8_t *signs = run->rays.signs;
    Pairs found = {0, room(run, edges.count, sizeof *found.ends)};
    for (int64_t k = 0; k < edges.count; k++) {
        Slot a = edges.ends[k][0], b = edges.ends[k][1];
        if ((signs[a] == -1) == (signs[b] == -1)) continue;
        found.ends[found.count][0] = signs[a] == -1 ? a : b;
        found.ends[found.count++][1] = signs[a] == -1 ? b : a;
    }
    return found;
}

/* The edges from below to above, and, if edges are kept, from below to the row. */
static Pairs horizon_edges(Run *run, const Edges *edges) {
    if (edges->kept) return cut_edges(run, edges->pairs);
    Slots below = slots_with(run, -1), above = slots_with(run, 1), rays = slots_in_use(run);
    Pairs found = adjacent(run, words_before(run->row), below, above, rays);
    drop(below.slots);
    drop(above.slots);
    drop(rays.slots);
    return found;
}

/* Give each edge of the horizon the slot of its owner: that of a new ray, or of its end on the
   row. */
static void set_owners(Run *run, Horizon *horizon) {
    int64_t count = horizon->edges.count, wanted = 0, slot = 0;
    horizon->owners = room(run, count, sizeof(Slot));
    for (int64_t k = 0; k < count; k++) wanted += run->rays.signs[horizon->edges.ends[k][1]] == 1;
    make_room(run, wanted);
    for (int64_t k = 0; k < count; k++) {
        Slot end = horizon->edges.ends[k][1];
        if (run->rays.signs[end] == 1) {
            while (run->rays.signs[slot] != FREE) slot++;
            end = (Slot)slot++;
        }
        horizon->owners[k] = end;
    }
}

/* The new rays, whose sets of rows are set. */
static Cuts new_rays(Run *run, const Horizon *horizon) {
    int64_t words = run->problem.words;
    Cuts new = {0, room(run, horizon->edges.count, sizeof(Cut))};
    for (int64_t k = 0; k < horizon->edges.count; k++) {
        Cut cut = {horizon->edges.ends[k][0], horizon->edges.ends[k][1], horizon->owners[k]};
        if (run->rays.signs[cut.above] != 1) continue;
        new.cuts[new.count++] = cut;
        Word *set = set_of(run, cut.slot);
        for (int64_t word = 0; word < words; word++)
            set[word] = set_of(run, cut.below)[word] & set_of(run, cut.above)[word];
        set[run->row / WORD] |= bit(run->row);
    }
    return new;
}

/* Free the slots below, and mark the rays on which the row is zero. */
static void delete_below(Run *run, const Horizon *horizon) {
    int8_t *signs = run->rays.signs;
    for (int64_t slot = 0; slot < run->rays.slots; slot++) {
        if (signs[slot] == 0) set_of(run, slot)[run->row / WORD] |= bit(run->row);
        if (signs[slot] == -1) signs[slot] = FREE;
    }
    for (int64_t k = 0; k < horizon->edges.count; k++) signs[horizon->owners[k]] = 0;
}

/* The edges not below, the upper parts of those cut, and those between. */
static Pairs remaining_edges(Run *run, const Pairs edges, const Horizon *horizon,
                             const Pairs between) {
    const int8_t *signs = run->rays.signs;
    Pairs kept = {0, room(run, edges.count + between.count, sizeof *kept.ends)};
    for (int64_t k = 0; k < edges.count; k++) {
        if (signs[edges.ends[k][0]] == -1 || signs[edges.ends[k][1]] == -1) continue;
        memcpy(kept.ends[kept.count++], edges.ends[k], sizeof *kept.ends);
    }
    for (int64_t k = 0; k < horizon->edges.count; k++) {
        if (signs[horizon->edges.ends[k][1]] != 1) continue;
        kept.ends[kept.count][0] = horizon->edges.ends[k][1];
        kept.ends[kept.count++][1] = horizon->owners[k];
    }
    memcpy(kept.ends + kept.count, between.ends, between.count * sizeof *kept.ends);
    kept.count += between.count;
    return kept;
}

static int update_edges(Run *run, Edges *edges, const Horizon *horizon) {
    Pairs between;
    bool matched = find_new_edges(run, edges->pairs, horizon, &between);
    Pairs kept = remaining_edges(run, edges->pairs, horizon, between);
    drop(between.ends);
    drop(edges->pairs.ends);
    edges->pairs = kept;
    return matched ? DONE : TORN;
}

/* Cut off the part where the row is negative, unless numbers are too large or primes bad. */
static int cut_below(Run *run, Edges *edges) {
    Horizon horizon = {horizon_edges(run, edges), NULL};
    set_owners(run, &horizon);
    Cuts new = new_rays(run, &horizon);
    int status = run->small ? combine_small(run, new) : combine(run, new);
    if (status == DONE && edges->kept) status = update_edges(run, edges, &horizon);
    if (status == DONE) {
        delete_below(run, &horizon);
        run->seen[run->row / WORD] |= bit(run->row);
    }
    drop(new.cuts);
    drop(horizon.owners);
    drop(horizon.edges.ends);
    return status;
}

static int64_t count_signs(const Run *run, int8_t sign) {
    int64_t count = 0;
    for (int64_t slot = 0; slot < run->rays.slots; slot++) count += run->rays.signs[slot] == sign;
    return count;
}

/* Let the next row cut. */
static int next_row(Run *run, Edges *edges, int64_t many) {
    int status = DONE;
    if (run->small)
        classify_small(run);
    else
        status = classify(run);
    int64_t below = count_signs(run, -1), above = count_signs(run, 1);
    if (status != DONE || below == 0) return status;
    if (above == 0) return IMPLIED;
    if (!edges->kept && pays(run, (double)below * (double)above, many))
        *edges = (Edges){true, all_edges(run)};
    status = cut_below(run, edges);
    if (status != TOO_LARGE) return status;
    enlarge(run); /* nothing was cut: the same row once more */
    run->small = 0;
    return next_row(run, edges, many);
}

static int all_rows(Run *run, int64_t many) {
    Edges edges = {false, {0, NULL}};
    int status = set_simplicial(run);
    while (status == DONE && run->row < run->problem.rows) {
        status = next_row(run, &edges, many);
        run->row += status == DONE;
    }
    drop(edges.pairs.ends);
    return status;
}

/* Begin a run: find the extreme rays of the cone on which no row is negative.

   IMPLIED at a row says that the row is zero on the whole cone, BAD_PRIME that other primes are
   needed.  Once there are so ``many`` pairs to compare at a row, with rows enough to come, edges
   are kept.  Whatever is returned, the memory is the run's until ``finish``. */
int describe(Run *run, int64_t many) {
    run->memory = (Piece){NULL, NULL};
    return setjmp(run->full) ? NO_MEMORY : all_rows(run, many);
}

int ray_count(const Run *run) { return (int)(run->rays.slots - count_signs(run, FREE)); }

/* Set the integers (rays, dim) of all rays of a run whose numbers are small. */
void small_rays(const Run *run, int64_t *integers) {
    for (int64_t slot = 0; slot < run->rays.slots; slot++) {
        if (run->rays.signs[slot] == FREE) continue;
        memcpy(integers, integers_of(run, slot), run->problem.dim * sizeof(int64_t));
        integers += run->problem.dim;
    }
}

/* The integers of all rays of a run that is done, as lanes.h has them. */
int integers(Run *run, int8_t *negative, Residue *sizes) {
    if (setjmp(run->full)) return NO_MEMORY;
    return set_all_integers(run, negative, sizes) ? DONE : BAD_PRIME;
}

/* Improve the floats of some rays, as refinement.h says. */
int improve(Run *run, int64_t count, Slot *slots) {
    if (setjmp(run->full)) return NO_MEMORY;
    refine(run, (Slots){count, slots});
    return DONE;
}

/* A row's value on a ray as a sum of two floats, and a bound of its error. */
double value_on_ray(const double *row, const double *ray, double weight, int64_t dim,
                    double *value) {
    Sum found = inner_sum(row, ray, dim);
    value[HIGH] = found.value;
    value[LOW] = found.rest;
    return value_error(weight, 0.0, dim);
}

/* The combination of two rays, as doubles.h says. */
double combined_ray(const double *below, const double *above, const double *t, const double *s,
                    double *ray, int64_t dim) {
    return combine_entries(below, above, t, s, ray, dim);
}

int size_of_run(void) { return sizeof(Run); }

void finish(Run *run) {
    while (run->memory.after) drop(run->memory.after + 1);
}
