/* The screen of P_1: see screen.py, which says what it computes and why.

   A sample is a row that holds the outputs of the second layer at a point, times d, then d, then
   whether the point is on the path.  Extremes of the output are quotients. */

#include "screens.h"

enum { MOST_POINTS = 4 }; /* a path of two neurons bends twice at most */

/* The second layer of a block of networks, and the samples at the points that matter. */
typedef struct {
    int64_t width, count;
    int64_t *chosen;  /* width, 3 */
    int64_t *samples; /* count, width + 2 */
} Block;

static void add_sample(Block *block, Point point, bool on_path) {
    int64_t *sample = block->samples + block->count++ * (block->width + 2);
    for (int64_t m = 0; m < block->width; m++)
        sample[m] = greater(at(block->chosen + 3 * m, point), 0);
    sample[block->width] = point.d;
    sample[block->width + 1] = on_path;
}

static int orientation(Point p, Point q, Point r) {
    int64_t determinant = r.x * (p.y * q.d - p.d * q.y) - r.y * (p.x * q.d - p.d * q.x) +
                          r.d * (p.x * q.y - p.y * q.x);
    return (determinant > 0) - (determinant < 0);
}

/* Whether a point is strictly inside a triangle of vertices of the path.  Points on a segment
   between vertices need no test: there, a line crosses the segment. */
static bool is_in_a_triangle(const Point *points, int64_t count, Point point) {
    for (int64_t i = 0; i < count; i++)
        for (int64_t j = i + 1; j < count; j++)
            for (int64_t k = j + 1; k < count; k++) {
                int side = orientation(points[i], points[j], point);
                if (side != 0 && side == orientation(points[j], points[k], point) &&
                    side == orientation(points[k], points[i], point))
                    return true;
            }
    return false;
}

/* Write the samples of all points that matter. */
static void fill(Block *block, const Point *points, int64_t count) {
    block->count = 0;
    for (int64_t i = 0; i < count; i++) {
        add_sample(block, points[i], true);
        for (int64_t j = i + 1; j < count; j++)
            for (int64_t m = 0; m < block->width; m++) {
                Point point = crossing(block->chosen + 3 * m, points[i], points[j]);
                if (point.d) add_sample(block, point, j == i + 1);
            }
    }
    for (int64_t m = 0; m < block->width; m++)
        for (int64_t n = m + 1; n < block->width; n++) {
            Point point = meeting(block->chosen + 3 * m, block->chosen + 3 * n);
            if (point.d && is_in_a_triangle(points, count, point))
                add_sample(block, point, false);
        }
}

/* The greatest output of all samples less that of those on the path; with ``sign`` -1 that of the
   negated output. */
static Ratio excess(const Block *block, const int64_t *pattern, int64_t sign) {
    Ratio every = {0, 0}, path = {0, 0};
    for (int64_t i = 0; i < block->count; i++) {
        const int64_t *sample = block->samples + i * (block->width + 2);
        int64_t value = 0, d = sample[block->width];
        for (int64_t m = 0; m < block->width; m++) value += sign * pattern[m] * sample[m];
        every = larger(every, value, d);
        if (sample[block->width + 1]) path = larger(path, value, d);
    }
    return difference(every, path);
}

/* Choose the second layer of a block; return the number of its first layer. */
static int64_t choose(Block *block, int64_t number, const int64_t *rows, int64_t many) {
    for (int64_t m = block->width - 1; m >= 0; m--) {
        const int64_t *row = rows + 3 * (number % many);
        for (int i = 0; i < 3; i++) block->chosen[3 * m + i] = row[i];
        number /= many;
    }
    return number;
}

/* Write each imprecise network; return how many.

   Given are the vertices of the path (first layers, MOST_POINTS, 3) of each first layer, how many
   there are or 0 for a segment, the rows of second layers, the patterns of outputs, and room for
   each network. */
int find_hits(const Point *points, const int64_t *counts, const int64_t *rows, int64_t row_count,
              const int64_t *patterns, int64_t many, int64_t width, const int64_t *numbers,
              int64_t *found) {
    int64_t start = numbers[START], stop = numbers[STOP];
    int64_t most = MOST_POINTS * MOST_POINTS * (width + 1) + width * width;
    int64_t samples[most * (width + 2)], chosen[3 * width], *row = found;
    Block block = {width, 0, chosen, samples};
    for (int64_t number = start / many; number < (stop + many - 1) / many; number++) {
        int64_t first = choose(&block, number, rows, row_count), begin = number * many;
        if (counts[first] == 0) continue;
        fill(&block, points + MOST_POINTS * first, counts[first]);
        int64_t end = lesser(stop, begin + many);
        for (int64_t network = greater(start, begin); network < end; network++) {
            Ratio gaps[2] = {{0, 1}, {0, 1}};
            bool hit = false;
            for (int side = 0; side < 2; side++) {
                if (!numbers[UPPER + side]) continue;
                gaps[side] = excess(&block, patterns + (network - begin) * width, 1 - 2 * side);
                hit = hit || is_enough(gaps[side], numbers);
            }
            if (hit) row = written(row, network, gaps);
        }
    }
    return (int)((row - found) / FOUND);
}
