/* The findings about what changed from one year of a world to the next. */
#include <math.h>
#include <stdio.h>

#include "measure/plausible.h"

/* Limits from which a change wants a look: growth a year of a region's totals, and a factor between sectors or pairs
 * that make up a material part of them. Output of China in dollars grew by up to a third a year; that of economies
 * whose currency falls, such as Russia's in 2009, shrinks by a third. */
static const double fastest = 1.6, slowest = 0.55;
static const double factor = 3, material = 0.01;

static double growth(double before, double after, int years)
{
    return before > 0 && after > 0 ? pow(after / before, 1.0 / years) : (double)NAN;
}

static bool is_jump(double before, double after, int years)
{
    double rate = growth(before, after, years);
    return rate > fastest || rate < slowest || (before > 0) != (after > 0);
}

/* One total of each region, and how it is called. */
typedef struct total {
    const char *check;
    double (*of)(const dr_year_sums *sums, size_t region);
} total;

static double output_of(const dr_year_sums *y, size_t region)
{
    double sum = 0;
    for (size_t s = 0; s < y->names->sectors; s++)
        sum += y->output[region * y->names->sectors + s];
    return sum;
}

static double value_added_of(const dr_year_sums *y, size_t region)
{
    double sum = 0;
    for (size_t at = region * y->names->sectors; at < (region + 1) * y->names->sectors; at++)
        sum += y->value_added ? y->value_added[at] : y->output[at] - y->inputs[at];
    return sum;
}

/* Sales of one region to another. */
static double sales(const dr_year_sums *y, size_t from, size_t to)
{
    const dr_economy *e = y->names;
    double sum = 0;
    for (size_t s = 0; s < e->sectors; s++)
        sum += y->trade[(to * e->regions + from) * e->sectors + s];
    return sum;
}

static double exports_of(const dr_year_sums *y, size_t region)
{
    double sum = 0;
    for (size_t n = 0; n < y->names->regions; n++)
        sum += n == region ? 0 : sales(y, region, n);
    return sum;
}

static double imports_of(const dr_year_sums *y, size_t region)
{
    double sum = 0;
    for (size_t i = 0; i < y->names->regions; i++)
        sum += i == region ? 0 : sales(y, i, region);
    return sum;
}

static const total totals[] = {
    {"output", output_of}, {"value added", value_added_of}, {"exports", exports_of}, {"imports", imports_of}};

enum { TOTALS = sizeof totals / sizeof *totals };

static void check_totals(const dr_findings *f, const dr_year_sums *a, const dr_year_sums *b)
{
    const dr_economy *e = b->names;
    int years = e->year - a->names->year;
    for (size_t t = 0; t < TOTALS; t++) {
        size_t jumps = 0;
        for (size_t r = 0; r < e->regions; r++) {
            double before = totals[t].of(a, r), after = totals[t].of(b, r);
            if (!is_jump(before, after, years))
                continue;
            jumps++;
            dr_finding finding = {true, "growth", e->region_codes.names[r], e->year, after, before};
            dr_finding_add(f, &finding, "%s: %+.0f%% a year since %d", totals[t].check,
                           100 * (growth(before, after, years) - 1), a->names->year);
        }
        dr_finding finding = {false, "growth", "", e->year, (double)NAN, (double)NAN};
        if (jumps == 0)
            dr_finding_add(f, &finding,
                           "%s of regions since %d: none grows by more than %.0f%% or shrinks by more than "
                           "%.0f%% a year",
                           totals[t].check, a->names->year, 100 * (fastest - 1), 100 * (1 - slowest));
    }
}

static bool is_broken(double before, double after, double whole)
{
    return fmax(before, after) > material * whole && (after > factor * before || before > factor * after);
}

static void check_sectors(const dr_findings *f, const dr_year_sums *a, const dr_year_sums *b)
{
    const dr_economy *e = b->names;
    char of[256];
    for (size_t r = 0; r < e->regions; r++) {
        double whole = fmax(output_of(a, r), output_of(b, r));
        for (size_t s = 0; s < e->sectors; s++) {
            double before = a->output[r * e->sectors + s], after = b->output[r * e->sectors + s];
            if (!is_broken(before, after, whole))
                continue;
            snprintf(of, sizeof of, "%.100s_%.100s", e->region_codes.names[r], e->sector_codes.names[s]);
            dr_finding finding = {true, "jump", of, e->year, after, before};
            dr_finding_add(f, &finding, "output differs from that of %d by a factor of three or more", a->names->year);
        }
    }
}

static void check_pairs(const dr_findings *f, const dr_year_sums *a, const dr_year_sums *b)
{
    const dr_economy *e = b->names;
    char of[256];
    for (size_t from = 0; from < e->regions; from++) {
        double whole = fmax(exports_of(a, from), exports_of(b, from));
        for (size_t to = 0; to < e->regions; to++) {
            double before = sales(a, from, to), after = sales(b, from, to);
            if (from == to || !is_broken(before, after, whole))
                continue;
            snprintf(of, sizeof of, "%.100s to %.100s", e->region_codes.names[from], e->region_codes.names[to]);
            dr_finding finding = {true, "jump", of, e->year, after, before};
            dr_finding_add(f, &finding, "trade differs from that of %d by a factor of three or more", a->names->year);
        }
    }
}

dr_status dr_check_growth(const dr_findings *f, const dr_year_sums *before, const dr_year_sums *after)
{
    check_totals(f, before, after);
    check_sectors(f, before, after);
    check_pairs(f, before, after);
    return DR_OK;
}
