/* How the table of regressions side by side looks: its stars, and which statistics it has. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "base/print.h"
#include "estimate/gravity.h"

static const char *const statistics[] = {"observations",   "separated", "singletons", "zero trade", "weight of zero",
                                         "missing values", "clusters",  "pseudo R2",  "R2",         "within R2",
                                         "log likelihood", "iterations"};

enum { STATISTICS = sizeof statistics / sizeof *statistics };

/* The next part of a list with commas between, without blanks around it; false at the end. */
static bool next_part(const char **list, char *part, size_t size)
{
    const char *from = *list + strspn(*list, " ");
    if (!*from)
        return false;
    size_t length = strcspn(from, ",");
    *list = from + length + (from[length] == ',');
    while (length > 0 && from[length - 1] == ' ')
        length--;
    snprintf(part, size, "%.*s", (int)length, from);
    return true;
}

static dr_status read_stars(dr_sheet_style *out, const char *text)
{
    char part[64];
    const char *list = text;
    double before = 100;
    if (strcmp(text, "none") == 0)
        return DR_OK;
    while (next_part(&list, part, sizeof part)) {
        char *end = part;
        double percent = dr_number_read(part, &end);
        if (end == part || *end || !(percent > 0 && percent < before) || out->stars == DR_MOST_STARS)
            return dr_fail(DR_USAGE,
                           "stars '%s': expected at most %d falling percentages between 0 and 100, such as 10,5,1, or "
                           "none",
                           text, DR_MOST_STARS);
        out->star[out->stars++] = before = percent;
    }
    return out->stars > 0 ? DR_OK : dr_fail(DR_USAGE, "stars '%s': expected percentages such as 10,5,1, or none", text);
}

static dr_status read_statistics(dr_sheet_style *out, const char *text)
{
    char part[64], hint[DR_HINT_SIZE];
    const char *list = text;
    while (next_part(&list, part, sizeof part)) {
        size_t i = 0;
        while (i < STATISTICS && strcmp(part, statistics[i]) != 0)
            i++;
        if (i == STATISTICS)
            return dr_fail(DR_USAGE, "there is no statistic '%s'%s", part, dr_hint(hint, part, statistics, STATISTICS));
        out->statistics |= 1U << i;
    }
    return out->statistics ? DR_OK : dr_fail(DR_USAGE, "no statistic is named; expected some such as observations, R2");
}

dr_status dr_sheet_style_read(dr_sheet_style *out, const dr_gravity_options *options)
{
    *out = (dr_sheet_style){0};
    DR_TRY(read_stars(out, options->stars ? options->stars : "10,5,1"));
    if (options->statistics)
        return read_statistics(out, options->statistics);
    out->statistics = ~0U;
    return DR_OK;
}

const char *dr_stars(const dr_sheet_style *style, double p)
{
    static const char all[] = "*****";
    size_t stars = 0;
    while (stars < style->stars && 100 * p < style->star[stars])
        stars++;
    return all + sizeof all - 1 - stars;
}

void dr_stars_explain(char *text, size_t size, const dr_sheet_style *style)
{
    size_t used = (size_t)snprintf(text, size, "standard errors in brackets");
    for (size_t i = 0; i < style->stars && used < size; i++) {
        char number[DR_NUMBER_SIZE];
        dr_print_text(number, sizeof number, "%g", style->star[i]);
        used +=
            (size_t)snprintf(text + used, size - used, "%s%.*s p < %s%%", i ? ", " : "; ", (int)i + 1, "*****", number);
    }
}

bool dr_sheet_shows(const dr_sheet_style *style, const char *name)
{
    name += strspn(name, " ");
    size_t size = strcspn(name, ",");
    for (size_t i = 0; i < STATISTICS; i++)
        if (strlen(statistics[i]) == size && strncmp(name, statistics[i], size) == 0)
            return style->statistics >> i & 1;
    return true;
}
