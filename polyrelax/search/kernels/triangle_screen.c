/* The screen of the triangle: see triangle_screen.py, which says what it computes and why.

   A sample is a row that holds, for a point, max(z, 0) of each neuron, then the chord of each,
   then d; the first two are scaled by d and by a factor g that the layer's samples have in
   common. */

#include "screens.h"

/* The corners of the box in cyclic order, the layer and the ranges of its neurons, their common
   factor, and the samples at the points that matter. */
typedef struct {
    const Point *corners;
    const int64_t *rows; /* width, 3 */
    int64_t width, count, g;
    int64_t *ranges;  /* width, 2 */
    int64_t *samples; /* count, 2 width + 1 */
} Layer;

/* Set the least and greatest z of each neuron, times the common denominator q of the corners, and
   g: q times the widths of the ranges of all unstable neurons. */
static void set_ranges(Layer *layer) {
    layer->g = layer->corners[0].d;
    for (int64_t m = 0; m < layer->width; m++) {
        int64_t *range = layer->ranges + 2 * m;
        range[0] = range[1] = at(layer->rows + 3 * m, layer->corners[0]);
        for (int k = 1; k < 4; k++) {
            int64_t z = at(layer->rows + 3 * m, layer->corners[k]);
            range[0] = lesser(range[0], z);
            range[1] = greater(range[1], z);
        }
        if (range[0] < 0 && range[1] > 0) layer->g *= range[1] - range[0];
    }
}

static void add_sample(Layer *layer, Point point) {
    int64_t width = layer->width, q = layer->corners[0].d, g = layer->g;
    int64_t *sample = layer->samples + layer->count++ * (2 * width + 1);
    for (int64_t m = 0; m < width; m++) {
        int64_t z = at(layer->rows + 3 * m, point), value = greater(z, 0) * g;
        int64_t low = layer->ranges[2 * m], high = layer->ranges[2 * m + 1];
        sample[m] = value;
        if (low < 0 && high > 0) value = high * (z * q - low * point.d) * (g / q / (high - low));
        sample[width + m] = value;
    }
    sample[2 * width] = point.d;
}

static bool is_in_box(const Point *corners, Point p) {
    int64_t q = corners[0].d;
    return corners[0].x * p.d <= p.x * q && p.x * q <= corners[2].x * p.d &&
           corners[0].y * p.d <= p.y * q && p.y * q <= corners[2].y * p.d;
}

/* Write the samples of all vertices of the arrangement. */
static void fill(Layer *layer) {
    layer->count = 0;
    set_ranges(layer);
    for (int k = 0; k < 4; k++) {
        add_sample(layer, layer->corners[k]);
        for (int64_t m = 0; m < layer->width; m++) {
            Point point =
                crossing(layer->rows + 3 * m, layer->corners[k], layer->corners[(k + 1) % 4]);
            if (point.d) add_sample(layer, point);
        }
    }
    for (int64_t m = 0; m < layer->width; m++)
        for (int64_t n = m + 1; n < layer->width; n++) {
            Point point = meeting(layer->rows + 3 * m, layer->rows + 3 * n);
            if (point.d && is_in_box(layer->corners, point)) add_sample(layer, point);
        }
}

/* The greatest relaxed output less the greatest output, of samples without g; with ``sign`` -1
   those of the negated output. */
static Ratio excess(const Layer *layer, const int64_t *pattern, int64_t sign) {
    int64_t width = layer->width;
    Ratio loose = {0, 0}, tight = {0, 0};
    for (int64_t i = 0; i < layer->count; i++) {
        const int64_t *sample = layer->samples + i * (2 * width + 1);
        int64_t relaxed = 0, value = 0;
        for (int64_t m = 0; m < width; m++) {
            int64_t c = sign * pattern[m];
            value += c * sample[m];
            relaxed += c * sample[c > 0 ? width + m : m];
        }
        loose = larger(loose, relaxed, sample[2 * width]);
        tight = larger(tight, value, sample[2 * width]);
    }
    Ratio gap = difference(loose, tight);
    return (Ratio){gap.numerator, gap.denominator * layer->g};
}

/* Write each imprecise network; return how many.

   Given are the layers (layers, width, 3), the corners of the box in cyclic order, the patterns of
   outputs, and room for each network. */
int find_triangle_hits(const int64_t *layers, const Point *corners, const int64_t *patterns,
                       int64_t many, int64_t width, const int64_t *numbers, int64_t *found) {
    int64_t start = numbers[START], stop = numbers[STOP], *row = found;
    int64_t samples[(4 + 4 * width + width * width) * (2 * width + 1)], ranges[2 * width];
    for (int64_t number = start / many; number < (stop + many - 1) / many; number++) {
        Layer layer = {corners, layers + number * width * 3, width, 0, 0, ranges, samples};
        int64_t begin = number * many, end = lesser(stop, begin + many);
        fill(&layer);
        for (int64_t network = greater(start, begin); network < end; network++) {
            Ratio gaps[2] = {{0, 1}, {0, 1}};
            bool hit = false;
            for (int side = 0; side < 2; side++) {
                if (!numbers[UPPER + side]) continue;
                gaps[side] = excess(&layer, patterns + (network - begin) * width, 1 - 2 * side);
                hit = hit || is_enough(gaps[side], numbers);
            }
            if (hit) row = written(row, network, gaps);
        }
    }
    return (int)((row - found) / FOUND);
}
