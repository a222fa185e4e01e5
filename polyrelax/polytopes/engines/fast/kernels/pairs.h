/* Which rays are adjacent, by comparing their sets of rows: best where there are few rays.

   Two extreme rays of a pointed cone in dimension d are adjacent iff the rows that are zero on
   both have rank d - 2, or, equivalently, are all zero on no third ray.  If one of the two has no
   more than d - 1 rows, these are independent, and it suffices to count.  A third ray on which
   all common rows are zero has at least so many in common with each of the two, so it is only
   sought among the rays close to the first one, with at least d - 2 rows in common.  These are
   found for 64 rays at once. */

#ifndef PAIRS_H
#define PAIRS_H

#include "arrays.h"

/* The sets of some rays by words, first words first, zeros filling the last block of 64 rays;
   and the places of rays found among them. */
typedef struct {
    int64_t count, width;
    Word *sets; /* words, width */
    int64_t *places;
} Columns;

static Columns columns_of(Run *run, int64_t words, const Slots slots) {
    int64_t width = (slots.count + WORD - 1) / WORD * WORD;
    Columns found = {slots.count, width, zeros(run, words * width, sizeof(Word)),
                     room(run, width, sizeof(int64_t))};
    for (int64_t k = 0; k < slots.count; k++)
        for (int64_t word = 0; word < words; word++)
            found.sets[word * width + k] = set_of(run, slots.slots[k])[word];
    return found;
}

static void drop_columns(const Columns *columns) {
    drop(columns->sets);
    drop(columns->places);
}

static int64_t set_size(const Word *members, int64_t words) {
    int64_t size = 0;
    for (int64_t word = 0; word < words; word++) size += popcount(members[word]);
    return size;
}

/* A mark for each of 64 rays, whether its set has at least so many elements in common with one.
   This is where most time goes if sets are compared, and no compiler finds the first form. */
#ifdef __AVX2__

/* By the compilers' own vectors: the header of intrinsics takes a third of the compilation. */
typedef int64_t Four __attribute__((vector_size(32)));
typedef uint16_t Sixteen __attribute__((vector_size(32)));
typedef char Bytes __attribute__((vector_size(32)));
typedef double Doubles __attribute__((vector_size(32)));

static inline Four four_popcounts(Four words) {
    const Bytes sizes = {0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,
                         0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4};
    const Bytes halves = (Bytes)(((Sixteen){0} + 0x0f0f));
    Bytes low = __builtin_ia32_pshufb256(sizes, (Bytes)words & halves);
    Bytes high = __builtin_ia32_pshufb256(sizes, (Bytes)((Sixteen)words >> 4) & halves);
    return (Four)__builtin_ia32_psadbw256(low + high, (Bytes){0});
}

static inline Word marks_of_block(const Word *members, int64_t words, const Word *sets,
                                  int64_t width, int64_t fewest) {
    Word marks = 0;
    for (int k = 0; k < WORD; k += 4) {
        Four size = {0};
        for (int64_t word = 0; word < words; word++) {
            Four four;
            memcpy(&four, sets + word * width + k, sizeof four);
            size += four_popcounts(four & (int64_t)members[word]);
        }
        marks |= (Word)__builtin_ia32_movmskpd256((Doubles)(size >= fewest)) << k;
    }
    return marks;
}

#else

static inline Word marks_of_block(const Word *members, int64_t words, const Word *sets,
                                  int64_t width, int64_t fewest) {
    Word marks = 0;
    for (int k = 0; k < WORD; k++) {
        int64_t size = 0;
        for (int64_t word = 0; word < words; word++)
            size += popcount(members[word] & sets[word * width + k]);
        marks |= (Word)(size >= fewest) << k;
    }
    return marks;
}

#endif

/* Find the places of rays with at least so many rows in common with one; return how many. */
static int64_t find_close(const Word *members, int64_t words, const Columns *others,
                          int64_t fewest) {
    int64_t count = 0;
    for (int64_t start = 0; start < others->width; start += WORD) {
        const Word *sets = others->sets + start;
        Word rest = words == 1 ? marks_of_block(members, 1, sets, others->width, fewest)
                               : marks_of_block(members, words, sets, others->width, fewest);
        for (; rest; rest &= rest - 1) {
            int64_t place = start + trailing_zeros(rest);
            if (place < others->count) others->places[count++] = place;
        }
    }
    return count;
}

/* Set the start of ``close`` to the sets close to one; return their number. */
static int64_t gather_close(const Word *members, int64_t words, const Columns *everyone,
                            int64_t fewest, Word *close) {
    int64_t count = find_close(members, words, everyone, fewest);
    for (int64_t i = 0; i < count; i++)
        for (int64_t word = 0; word < words; word++)
            close[i * words + word] = everyone->sets[word * everyone->width + everyone->places[i]];
    return count;
}

/* Whether only two rays, close to one of a pair, have all rows that the pair has in common. */
static bool is_alone(const Word *a, const Word *b, int64_t words, const Word *close,
                     int64_t count) {
    int64_t covered = 0;
    for (int64_t k = 0; k < count; k++) {
        Word missing = 0;
        for (int64_t word = 0; word < words; word++)
            missing |= a[word] & b[word] & ~close[k * words + word];
        covered += missing == 0;
        if (covered > 2) return false;
    }
    return true;
}

/* The adjacent pairs of a ray of the first group and one of the second.  ``rays`` are all rays;
   if the first group is, each pair is given once.  Only so many words of sets are not zero. */
static Pairs adjacent(Run *run, int64_t words, Slots first, Slots second, Slots rays) {
    int64_t simple = run->problem.dim - 1, spare = 256;
    bool both = first.count == rays.count;
    Columns others = columns_of(run, words, second), everyone = columns_of(run, words, rays);
    Word *close = room(run, rays.count * words, sizeof(Word));
    Pairs found = {0, room(run, spare, sizeof *found.ends)};
    for (int64_t i = 0; i < first.count; i++) {
        Slot a = first.slots[i];
        const Word *mine = set_of(run, a);
        if (found.count + second.count > spare) {
            spare = 2 * (found.count + second.count);
            found.ends = larger(run, found.ends, spare, sizeof *found.ends);
        }
        bool is_simple = set_size(mine, words) == simple;
        int64_t gathered = -1, many = find_close(mine, words, &others, simple - 1);
        for (int64_t k = 0; k < many; k++) {
            Slot b = second.slots[others.places[k]];
            if (both && b <= a) continue;
            if (!is_simple && set_size(set_of(run, b), words) != simple) {
                if (gathered < 0)
                    gathered = gather_close(mine, words, &everyone, simple - 1, close);
                if (!is_alone(mine, set_of(run, b), words, close, gathered)) continue;
            }
            found.ends[found.count][0] = a;
            found.ends[found.count++][1] = b;
        }
    }
    drop_columns(&others);
    drop_columns(&everyone);
    drop(close);
    return found;
}

#endif
