/* Pictures by gnuplot read back: the scale of an axis from its ticks, and where bars, points and lines are. */
#ifndef DR_TESTS_REPORT_SVG_H
#define DR_TESTS_REPORT_SVG_H

#include "support/world_files.h"

#include <math.h>

/* A straight axis: value = intercept + slope * pixels. */
typedef struct axis {
    double intercept, slope;
} axis;

static inline double value_at(axis a, double pixels)
{
    return a.intercept + a.slope * pixels;
}

/* The axis whose ticks are the numbers with that anchor: "middle" across, "end" upwards. */
static inline axis read_axis(const char *picture, const char *anchor)
{
    static const char begin[] = "<g transform=\"translate(";
    double value[2] = {0}, at[2] = {0};
    size_t ticks = 0;
    char wanted[40];
    snprintf(wanted, sizeof wanted, "text-anchor=\"%s\"", anchor);
    for (const char *label = picture; (label = strstr(label, begin)); label++) {
        char *end = NULL;
        const char *text = strstr(label, "<text>"), *its_anchor = strstr(label, wanted);
        double x = strtod(label + strlen(begin), &end), y = strtod(end + 1, NULL);
        if (!text || !its_anchor || its_anchor > text)
            continue;
        double number = strtod(text + strlen("<text>"), &end);
        if (strncmp(end, "</text>", 7) != 0)
            continue;
        size_t tick = ticks++ > 0; /* the first and the last */
        value[tick] = number;
        at[tick] = strcmp(anchor, "middle") == 0 ? x : y - 3.9; /* letters stand on a line below the tick */
    }
    assert_true(ticks > 1 && at[0] != at[1]);
    double slope = (value[1] - value[0]) / (at[1] - at[0]);
    return (axis){value[0] - slope * at[0], slope};
}

/* Where the text stands. */
static inline double height_of_text(const char *picture, const char *text)
{
    static const char begin[] = "translate(";
    char tag[200];
    snprintf(tag, sizeof tag, "<text>%s</text>", text);
    const char *label = strstr(picture, tag);
    assert_non_null(label);
    while (strncmp(label, begin, strlen(begin)) != 0)
        label--;
    return strtod(strchr(label, ',') + 1, NULL) - 3.9;
}

/* The part of the picture that is one series, from 1; without it NULL. */
static inline const char *series_of(const char *picture, size_t series, const char **end)
{
    char group[40];
    snprintf(group, sizeof group, "id=\"gnuplot_plot_%zu\"", series);
    const char *found = strstr(picture, group);
    *end = found ? strstr(found + 1, "id=\"gnuplot_plot_") : NULL;
    if (found && !*end)
        *end = found + strlen(found);
    return found;
}

typedef struct box {
    double left, right, top, bottom; /* pixels */
} box;

/* Reads "x,y x,y ...", up to what is no point. Returns how many. */
static inline size_t read_points(const char *at, box *around)
{
    size_t points = 0;
    *around = (box){INFINITY, -INFINITY, INFINITY, -INFINITY};
    for (char *end = NULL;; points++) {
        at += strspn(at, " ML");
        double x = strtod(at, &end);
        if (end == at || *end != ',')
            return points;
        double y = strtod(end + 1, &end);
        *around = (box){fmin(around->left, x), fmax(around->right, x), fmin(around->top, y), fmax(around->bottom, y)};
        at = end;
    }
}

/* The shapes of a series that begin with the text, such as "points = '": at most `most` of them; returns how many
 * there are. */
static inline size_t read_shapes(box *out, size_t most, const char *picture, size_t series, const char *begin)
{
    const char *end = NULL, *at = series_of(picture, series, &end);
    size_t count = 0;
    assert_non_null(at);
    while ((at = strstr(at, begin)) && at < end) {
        at += strlen(begin);
        if (count < most)
            assert_true(read_points(at, &out[count]) > 0);
        count++;
    }
    return count;
}

#endif
