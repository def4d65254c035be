#include "report/hatch.h"

#include <math.h>
#include <stdlib.h>

#include "base/print.h"

static int in_order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double sum_of(dr_point point)
{
    return point.x + point.y;
}

/* The x at which the line x + y = sum crosses the edges of the polygon, in ascending order; an edge has its lower end,
 * but not its upper one, so that there is an even number of them. */
static size_t find_crossings(double *crossings, const dr_point *points, size_t count, double sum)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        dr_point a = points[i], b = points[(i + 1) % count];
        if ((sum_of(a) <= sum) == (sum_of(b) <= sum))
            continue;
        crossings[found++] = a.x + (b.x - a.x) * (sum - sum_of(a)) / (sum_of(b) - sum_of(a));
    }
    qsort(crossings, found, sizeof *crossings, in_order);
    return found;
}

void dr_hatch_write(FILE *file, const dr_point *points, size_t count, double step, double *crossings)
{
    double least = INFINITY, most = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        least = fmin(least, sum_of(points[i]));
        most = fmax(most, sum_of(points[i]));
    }
    for (long k = lround(ceil(least / step)); (double)k * step < most; k++) {
        double sum = (double)k * step;
        size_t found = find_crossings(crossings, points, count, sum);
        for (size_t i = 0; i + 1 < found; i += 2)
            dr_print(file, "%.1f %.1f\n%.1f %.1f\n\n", crossings[i], sum - crossings[i], crossings[i + 1],
                     sum - crossings[i + 1]);
    }
}
