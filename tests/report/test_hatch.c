/* Hatching: its lines are where a plain test of points says that the polygon is. */
#include "support/world_files.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "report/hatch.h"

/* Whether a point is within, by the crossings of a line to the right of it. */
static bool is_within(const dr_point *points, size_t count, double x, double y)
{
    bool within = false;
    for (size_t i = 0, j = count - 1; i < count; j = i++)
        if ((points[i].y > y) != (points[j].y > y) &&
            x < points[i].x + (points[j].x - points[i].x) * (y - points[i].y) / (points[j].y - points[i].y))
            within = !within;
    return within;
}

/* How much of the line x + y = sum is within, in x, by many points of it. */
static double length_within(const dr_point *points, size_t count, double sum)
{
    enum { PARTS = 20000 };
    size_t within = 0;
    for (size_t i = 0; i < PARTS; i++) {
        double x = -10 + 120 * ((double)i + 0.5) / PARTS;
        within += is_within(points, count, x, sum - x);
    }
    return 120.0 * (double)within / PARTS;
}

/* The next point of a file of points; a line ends with an empty one. */
static bool read_point(FILE *file, double point[2])
{
    char text[256] = "";
    do
        if (!fgets(text, sizeof text, file))
            return false;
    while (*text == '\n');
    char *at = text;
    point[0] = strtod(at, &at);
    point[1] = strtod(at, NULL);
    return true;
}

static void lines_are_within_and_all_there(const dr_point *points, size_t count, double step)
{
    double crossings[16], length[64] = {0}, numbers[4];
    FILE *file = tmpfile();
    assert_non_null(file);
    dr_hatch_write(file, points, count, step, crossings);
    rewind(file);
    while (read_point(file, numbers) && read_point(file, numbers + 2)) {
        long line = lround((numbers[0] + numbers[1]) / step);
        assert_true(fabs(numbers[0] + numbers[1] - (double)line * step) < 0.11);
        assert_true(fabs(numbers[2] + numbers[3] - (double)line * step) < 0.11);
        assert_true(is_within(points, count, (numbers[0] + numbers[2]) / 2, (numbers[1] + numbers[3]) / 2));
        assert_true(line >= 0 && line < 64);
        length[line] += fabs(numbers[2] - numbers[0]);
    }
    for (size_t line = 0; line < 64; line++)
        assert_true(fabs(length[line] - length_within(points, count, (double)line * step)) < 0.3);
    fclose(file);
}

static void convex_and_concave(void **state)
{
    (void)state;
    static const dr_point square[] = {{0, 0}, {50, 0}, {50, 50}, {0, 50}},
                          comb[] = {{3, 2},   {90, 5},  {88, 60}, {70, 61}, {69, 20}, {52, 22},
                                    {50, 64}, {30, 60}, {28, 18}, {15, 16}, {14, 70}, {2, 66}};
    lines_are_within_and_all_there(square, 4, 7);
    lines_are_within_and_all_there(comb, 12, 7);
    lines_are_within_and_all_there(comb, 12, 10); /* through corners */
    lines_are_within_and_all_there(square, 1, 7); /* a point */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(convex_and_concave)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
