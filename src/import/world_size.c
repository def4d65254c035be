#include "import/world_size.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "base/embedded.h"
#include "base/print.h"

static const double GROWTH = 1.04; /* a year; a guess that a factor of 3 leaves room for */

static dr_status read_gdp(double *out, int year, dr_csv *csv)
{
    static const char *const names[] = {"year", "gdp"};
    int columns[2];
    bool more = false;
    *out = NAN;
    DR_TRY(dr_csv_header(csv, names, 2, columns));
    while (true) {
        double of = 0, billions = 0;
        DR_TRY(dr_csv_record(csv, &more));
        if (!more)
            return DR_OK;
        DR_TRY(dr_csv_number(csv, (size_t)columns[0], &of));
        DR_TRY(dr_csv_number(csv, (size_t)columns[1], &billions));
        if (of <= year)
            *out = 1e9 * billions * pow(GROWTH, year - of);
    }
}

dr_status dr_world_gdp(double *out, int year)
{
    const dr_embedded *file = dr_embedded_find("world_gdp.csv");
    dr_csv *csv = NULL;
    if (!file)
        return dr_fail(DR_MACHINE, "the built-in file world_gdp.csv is missing");
    DR_TRY(dr_csv_open_memory(&csv, file->name, file->bytes, file->size));
    dr_status status = read_gdp(out, year, csv);
    dr_csv_close(csv);
    return status;
}

/* Dollars of one unit, 0 where it is not one of dollars or euro in a known number. A euro was 0.8 to 1.6 dollars. */
static double dollars(const char *unit)
{
    static const struct {
        const char *name;
        double value;
    } scales[] = {{"thousand ", 1e3}, {"million ", 1e6}, {"billion ", 1e9}, {"", 1}};
    double money = strstr(unit, "US dollars") ? 1 : strstr(unit, "euro") ? 1.2 : 0;
    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++)
        if (strncmp(unit, scales[i].name, strlen(scales[i].name)) == 0)
            return money * scales[i].value;
    return 0;
}

/* "thousand" where numbers that are said to be millions are a thousand times too large. */
static const char *seeming(const char *unit, double ratio)
{
    static const char *const names[] = {"", "thousand ", "million ", "billion "};
    int said = 0, off = (int)lround(log10(ratio) / 3);
    for (int i = 1; i < 4; i++)
        if (strncmp(unit, names[i], strlen(names[i])) == 0)
            said = i;
    bool near = fabs(log10(ratio) - 3.0 * off) < log10(3);
    return near && off != 0 && said - off >= 0 && said - off < 4 ? names[said - off] : NULL;
}

dr_status dr_world_size(bool *too_large, bool *too_small, char text[DR_SIZE_TEXT], double value_added, const char *unit,
                        int year, bool covers_world)
{
    double world = NAN, ratio = 0;
    char seems[120] = "decimals may have got lost";
    DR_TRY(dr_world_gdp(&world, year));
    ratio = value_added * dollars(unit) / world;
    *too_large = ratio > (covers_world ? 3 : 1.5); /* false for NAN */
    *too_small = covers_world && ratio > 0 && ratio < 1.0 / 3;
    if (!*too_large && !*too_small)
        return DR_OK;
    const char *other = seeming(unit, ratio), *money = strstr(unit, "euro") ? "euro" : "US dollars";
    if (other)
        snprintf(seems, sizeof seems, "they seem to be in %s%s%s", other, money,
                 *too_large ? ", or decimals got lost" : "");
    else if (*too_small)
        snprintf(seems, sizeof seems, "is this the whole table?");
    dr_print_text(
        text, DR_SIZE_TEXT,
        "value added of the table is %.3g US dollars if its numbers are in %s; that of the world in %d was %.3g: "
        "%s",
        value_added * dollars(unit), unit, year, world, seems);
    return DR_OK;
}
