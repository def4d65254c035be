/* The findings about one year of a world: unit, rows, columns, negative and empty cells. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "base/print.h"
#include "measure/plausible.h"

/* Limits from which a finding wants a look. */
static const double gap_of_row = 0.01;      /* of output: sales against it */
static const double gap_of_column = 0.1;    /* of output: inputs and value added against it; taxes are in between */
static const double material = 1e-6;        /* of the world's output: smaller sectors are not looked at */
static const double of_final_use = 0.01;    /* negative cells of final use; changes of stocks are smaller */
static const double largest_world = 200e12; /* value added of the world, in whole units of money */
static const double output_of_world = 3;    /* its output is less than this number of times its value added */

enum { NAME_SIZE = 256 };

static const char *name(char out[NAME_SIZE], const dr_economy *e, size_t at)
{
    snprintf(out, NAME_SIZE, "%.100s_%.100s", e->region_codes.names[at / e->sectors],
             e->sector_codes.names[at % e->sectors]);
    return out;
}

static double sum(const double *values, size_t count)
{
    double total = 0;
    for (size_t i = 0; i < count; i++)
        total += values[i];
    return total;
}

/* ---- Unit -------------------------------------------------------------------------------------------------------- */

static void check_unit(const dr_findings *f, const dr_year_sums *y)
{
    char money[DR_MONEY_SIZE];
    const char *rest = NULL;
    const dr_economy *e = y->names;
    size_t cells = e->regions * e->sectors;
    double power = dr_money_power(e->unit, &rest);
    double outputs = sum(y->output, cells);
    double total = y->value_added  ? sum(y->value_added, cells)
                   : y->flows_only ? outputs
                                   : outputs - sum(y->inputs, cells);
    bool is_output = !y->value_added && y->flows_only;
    dr_finding finding = {.check = "unit", .of = e->unit, .year = e->year, .value = total, .against = (double)NAN};
    finding.look = power * total > largest_world * (is_output ? output_of_world : 1);
    dr_money(money, total, e->unit);
    if (finding.look)
        dr_finding_add(f, &finding, "%s of %s, more than the world has: is the unit right, are decimals lost?",
                       is_output ? "output" : "value added", money);
    else
        dr_finding_add(f, &finding, "%s of %s in all", is_output ? "output" : "value added", money);
}

/* ---- Identities -------------------------------------------------------------------------------------------------- */

/* Of the sectors whose output is material, those where `found` is away from output by more than `allowed` of it. */
typedef struct gaps {
    size_t count, of, worst;
    double largest; /* relative */
} gaps;

static gaps compare(const double *found, const double *output, size_t cells, double allowed)
{
    gaps g = {0};
    double least = material * sum(output, cells);
    for (size_t at = 0; at < cells; at++) {
        double size = fmax(fabs(output[at]), fabs(found[at])), gap = size > 0 ? fabs(found[at] - output[at]) / size : 0;
        if (size < least)
            continue;
        g.of++;
        g.count += gap > allowed;
        if (gap > g.largest) {
            g.largest = gap;
            g.worst = at;
        }
    }
    return g;
}

static void check_rows(const dr_findings *f, const dr_year_sums *y)
{
    char of[NAME_SIZE];
    const dr_economy *e = y->names;
    gaps g = compare(y->sales, y->output, e->regions * e->sectors, gap_of_row);
    dr_finding finding = {g.count > 0, "rows", name(of, e, g.worst), e->year, y->sales[g.worst], y->output[g.worst]};
    dr_finding_add(f, &finding, "sales against output: largest gap %.2g%%; beyond %.0f%%: %zu of %zu", 100 * g.largest,
                   100 * gap_of_row, g.count, g.of);
}

/* What a sector pays: inputs and value added. Taxes less subsidies on products make up the rest of its output. */
static dr_status check_columns(const dr_findings *f, const dr_year_sums *y)
{
    char of[NAME_SIZE];
    const dr_economy *e = y->names;
    size_t cells = e->regions * e->sectors;
    if (!y->value_added)
        return DR_OK;
    double *paid = dr_new_doubles(cells);
    if (!paid)
        return dr_fail_memory();
    for (size_t at = 0; at < cells; at++)
        paid[at] = y->inputs[at] + y->value_added[at];
    gaps g = compare(paid, y->output, cells, gap_of_column);
    dr_finding finding = {g.count > 0, "columns", name(of, e, g.worst), e->year, paid[g.worst], y->output[g.worst]};
    dr_finding_add(f, &finding,
                   "inputs and value added against output: largest gap %.2g%%; beyond %.0f%% (taxes on products are in "
                   "between): %zu of %zu",
                   100 * g.largest, 100 * gap_of_column, g.count, g.of);
    free(paid);
    return DR_OK;
}

static void check_value_added(const dr_findings *f, const dr_year_sums *y)
{
    char of[NAME_SIZE];
    const dr_economy *e = y->names;
    size_t cells = e->regions * e->sectors, count = 0, worst = 0;
    double least = 0;
    for (size_t at = 0; at < cells; at++) {
        double added = y->value_added ? y->value_added[at] : y->output[at] - y->inputs[at];
        count += added < 0;
        if (added < least) {
            least = added;
            worst = at;
        }
    }
    dr_finding finding = {
        count > 0, "value added", count ? name(of, e, worst) : "", e->year, count ? least : (double)NAN, (double)NAN};
    if (count)
        dr_finding_add(f, &finding, "sectors with negative value added: %zu of %zu; this one has the largest loss",
                       count, cells);
    else
        dr_finding_add(f, &finding, "no sector with negative value added");
}

/* ---- Negative and empty cells ------------------------------------------------------------------------------------ */

static void check_negatives(const dr_findings *f, const dr_year_sums *y, const dr_negatives *below, const char *of_what,
                            double whole, double allowed)
{
    char of[NAME_SIZE + 128];
    const dr_economy *e = y->names;
    bool look = below->count > 0 && -below->sum > allowed * whole;
    size_t size = (size_t)snprintf(of, sizeof of, "%.100s_%.100s", e->region_codes.names[below->seller],
                                   e->sector_codes.names[below->sector]);
    snprintf(of + size, sizeof of - size, " to %.100s", e->region_codes.names[below->buyer]);
    dr_finding finding = {
        look,       "negative cells", below->count ? of : "", e->year, below->count ? below->worst : (double)NAN,
        (double)NAN};
    if (below->count)
        dr_finding_add(f, &finding, "%s: %zu negative cells, %.2g%% of all; models set them to zero", of_what,
                       below->count, 100 * -below->sum / whole);
    else
        dr_finding_add(f, &finding, "%s: none", of_what);
}

/* Whether all `count` numbers, `stride` apart, are zero. */
static bool is_empty(const double *values, size_t count, size_t stride)
{
    for (size_t i = 0; i < count; i++)
        if (values[i * stride] != 0)
            return false;
    return true;
}

static void check_empty(const dr_findings *f, const dr_year_sums *y)
{
    const dr_economy *e = y->names;
    size_t r = e->regions, s = e->sectors, empty = 0;
    for (size_t at = 0; at < r * s; at++)
        empty += y->output[at] == 0;
    for (size_t i = 0; i < r; i++)
        if (is_empty(y->output + i * s, s, 1)) {
            dr_finding finding = {true, "empty", e->region_codes.names[i], e->year, 0, (double)NAN};
            dr_finding_add(f, &finding, "a region without output");
        }
    for (size_t k = 0; k < s; k++)
        if (is_empty(y->output + k, r, s)) {
            dr_finding finding = {true, "empty", e->sector_codes.names[k], e->year, 0, (double)NAN};
            dr_finding_add(f, &finding, "a sector without output in any region");
        }
    dr_finding finding = {empty * 10 > r * s, "empty", "", e->year, (double)empty, (double)(r * s)};
    dr_finding_add(f, &finding, "sectors of regions without output: %zu of %zu", empty, r * s);
}

/* A region that trades with nobody. */
static void check_trade(const dr_findings *f, const dr_year_sums *y)
{
    const dr_economy *e = y->names;
    size_t r = e->regions, s = e->sectors;
    for (size_t n = 0; n < r && r > 1; n++) {
        double bought = 0, sold = 0;
        for (size_t i = 0; i < r; i++)
            if (i != n) {
                bought += sum(y->trade + (n * r + i) * s, s);
                sold += sum(y->trade + (i * r + n) * s, s);
            }
        if (bought > 0 && sold > 0)
            continue;
        dr_finding finding = {true, "trade", e->region_codes.names[n], e->year, bought, sold};
        dr_finding_add(f, &finding, "a region without %s", bought > 0 ? "exports" : sold > 0 ? "imports" : "trade");
    }
}

dr_status dr_check_year(const dr_findings *f, const dr_year_sums *y)
{
    double inputs = sum(y->inputs, y->names->regions * y->names->sectors);
    check_unit(f, y);
    check_rows(f, y);
    if (!y->flows_only) {
        DR_TRY(check_columns(f, y));
        check_value_added(f, y);
        check_negatives(f, y, &y->inputs_below, "inputs", inputs, material);
        check_negatives(f, y, &y->final_below, "final use", y->final, of_final_use);
    }
    check_empty(f, y);
    check_trade(f, y);
    return DR_OK;
}
