/* The checks of a year in the long format. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/print.h"
#include "base/residual.h"
#include "import/import.h"
#include "world/rates.h"

enum { PLACE_SIZE = 260 };

/* The data and sums that the checks compare. */
typedef struct books {
    const dr_long_files *files;
    const dr_layout *layout;
    const char *folder;
    dr_table *report;
    int year;
    bool strict;
    size_t r, s;
    double *sales;             /* [i, s]: what all buy of i's goods, without tariff */
    double *purchases;         /* [n, s]: what n buys of s, with tariff */
    double *inputs;            /* [n, s]: what sector s of n pays for inputs */
    double *uses;              /* [n, k]: inputs of k in all sectors of n, and its final use */
    double *imports, *exports; /* [n], without domestic sales and tariffs */
} books;

static void add_flows(books *b)
{
    for (size_t n = 0; n < b->r; n++)
        for (size_t i = 0; i < b->r; i++)
            for (size_t s = 0; s < b->s; s++) {
                size_t cell = (n * b->r + i) * b->s + s;
                double value = b->files->flow[cell], tariff = b->files->tariff ? b->files->tariff[cell] : 0;
                b->sales[i * b->s + s] += value;
                b->purchases[n * b->s + s] += (1 + tariff) * value;
                b->imports[n] += n == i ? 0 : value;
                b->exports[i] += n == i ? 0 : value;
            }
}

static void add_inputs(books *b)
{
    for (size_t n = 0; n < b->r; n++)
        for (size_t k = 0; k < b->s; k++) {
            b->uses[n * b->s + k] += b->files->final[n * b->s + k];
            for (size_t s = 0; s < b->s; s++) {
                double value = b->files->input[(n * b->s + k) * b->s + s];
                b->inputs[n * b->s + s] += value;
                b->uses[n * b->s + k] += value;
            }
        }
}

/* ---- Sums against sums ---- */

/* Where two arrays that should be equal differ most, relative to the larger of the two; more than a millionth is a
 * finding out of order. `sectors` is their second dimension, 1 for none. */
static dr_status compare(const books *b, const char *subject, const char *what, const double *left, const char *against,
                         const double *right, size_t sectors)
{
    size_t worst = 0, beyond = 0, count = b->r * sectors;
    double largest = 0;
    for (size_t i = 0; i < count; i++) {
        double gap = dr_missed(left[i] - right[i]), size = fmax(fabs(left[i]), fabs(right[i]));
        beyond += !(gap <= 1e-6 * size);
        if (gap > largest) {
            largest = gap;
            worst = i;
        }
    }
    char place[PLACE_SIZE], found[512];
    const char *region = b->layout->regions.names[worst / sectors];
    if (sectors > 1)
        snprintf(place, sizeof place, "%s %s", region, b->layout->sectors.names[worst % sectors]);
    else
        snprintf(place, sizeof place, "%s", region);
    dr_print_text(found, sizeof found,
                  "largest gap %.6g: %s are %.12g, %s %.12g; %zu of %zu differ by more than a millionth", largest, what,
                  left[worst], against, right[worst], beyond, count);
    if (b->strict && beyond)
        return dr_fail(DR_BAD_INPUT, "%s: %s: %s: %s", b->folder, subject, place, found);
    dr_import_find(b->report, b->year, subject, place,
                   beyond ? "kept as they are; the model first solves for an equilibrium" : "nothing", "%s", found);
    return DR_OK;
}

static dr_status check_costs(const books *b)
{
    double *costs = dr_new_doubles(b->r * b->s);
    if (!costs)
        return dr_fail_memory();
    for (size_t i = 0; i < b->r * b->s; i++)
        costs[i] = b->inputs[i] + b->files->value_added[i];
    dr_status status = compare(b, "costs against sales", "inputs and value added", costs, "sales", b->sales, b->s);
    free(costs);
    return status;
}

static dr_status check_deficits(const books *b)
{
    if (!b->files->deficit)
        return DR_OK;
    double *gaps = dr_new_doubles(b->r), sum = 0, size = 0;
    if (!gaps)
        return dr_fail_memory();
    for (size_t n = 0; n < b->r; n++) {
        gaps[n] = b->imports[n] - b->exports[n];
        sum += b->files->deficit[n];
        size += fabs(b->files->deficit[n]);
    }
    dr_status status =
        compare(b, "deficits against flows", "deficits", b->files->deficit, "imports less exports", gaps, 1);
    free(gaps);
    if (status != DR_OK)
        return status;
    bool off = !(fabs(sum) <= 1e-6 * size);
    if (b->strict && off)
        return dr_fail(DR_BAD_INPUT, "%s: the deficits add up to %.6g; expected 0", b->folder, sum);
    dr_import_find(b->report, b->year, "sum of deficits", "", off ? "kept as they are" : "nothing", "%.6g", sum);
    return DR_OK;
}

/* ---- Cells ---- */

static dr_status check_negatives(const books *b, const char *subject, const double *values, size_t count,
                                 const char *done)
{
    size_t negative = 0;
    double sum = 0, least = 0;
    for (size_t i = 0; i < count; i++)
        if (values[i] < 0) {
            negative++;
            sum += values[i];
            least = fmin(least, values[i]);
        }
    if (negative == 0) {
        dr_import_find(b->report, b->year, subject, "", "nothing", "none");
        return DR_OK;
    }
    if (b->strict)
        return dr_fail(DR_BAD_INPUT, "%s: %s: %zu, the largest %.6g", b->folder, subject, negative, least);
    dr_import_find(b->report, b->year, subject, "", done, "%zu, sum %.6g, the largest %.6g", negative, sum, least);
    return DR_OK;
}

/* Rates that are seldom meant. */
static void find_tariffs(const books *b)
{
    dr_odd_rates odd = {0};
    char text[DR_ODD_RATES_SIZE];
    for (size_t cell = 0; b->files->tariff && cell < b->r * b->r * b->s; cell++)
        if (b->files->flow[cell] > 0)
            dr_odd_rates_add(&odd, cell, b->files->tariff[cell]);
    for (int high = 0; high < 2; high++) {
        const char *subject = high ? "tariffs above 100%" : "tariffs below zero";
        if ((high ? odd.high : odd.subsidies) == 0)
            continue;
        dr_odd_rates_text(text, &odd, high, &b->layout->regions, &b->layout->sectors);
        dr_import_find(b->report, b->year, subject, "",
                       high ? "kept; expected fractions, where 0.25 is 25%" : "kept as subsidies of imports", "%s",
                       text);
    }
}

static dr_status check_empty(const books *b)
{
    size_t count = 0, first = 0;
    for (size_t i = 0; i < b->r * b->s; i++)
        if (b->sales[i] == 0 && count++ == 0)
            first = i;
    char place[PLACE_SIZE] = "";
    if (count)
        snprintf(place, sizeof place, "%s %s%s", b->layout->regions.names[first / b->s],
                 b->layout->sectors.names[first % b->s], count > 1 ? ", ..." : "");
    if (b->strict && count)
        return dr_fail(DR_BAD_INPUT, "%s: empty sectors: %zu sell nothing: %s", b->folder, count, place);
    dr_import_find(b->report, b->year, "empty sectors", place, count ? "kept; the model leaves them out" : "nothing",
                   count ? "%zu sell nothing" : "none", count);
    return DR_OK;
}

static const char to_zero[] = "kept as they are; the model sets them to zero";

/* Inputs and final use, which trade flows alone do not have. */
static dr_status check_uses(books *b)
{
    add_inputs(b);
    DR_TRY(check_negatives(b, "negative inputs", b->files->input, b->r * b->s * b->s, to_zero));
    return check_negatives(b, "negative final use", b->files->final, b->r * b->s, to_zero);
}

static dr_status compare_uses(const books *b)
{
    DR_TRY(check_costs(b));
    return compare(b, "uses against purchases", "inputs and final use", b->uses, "purchases with tariff", b->purchases,
                   b->s);
}

static dr_status check_value_added(const books *b)
{
    const dr_long_files *f = b->files;
    DR_TRY(check_negatives(b, "negative value added", f->value_added, b->r * b->s,
                           "kept as it is; the model prepares such sectors"));
    if (f->factor)
        DR_TRY(check_negatives(b, "negative factor income", f->factor, f->factors.count * b->r * b->s,
                               "kept as it is; the model sets it to zero"));
    return DR_OK;
}

static dr_status check_all(books *b)
{
    const dr_long_files *f = b->files;
    add_flows(b);
    dr_import_find(b->report, b->year, "shape", "", "imported", "%zu regions, %zu sectors%s%s%s%s%s", b->r, b->s,
                   f->flows_only ? "; trade flows only" : "", f->tariff ? "; with tariffs" : "",
                   f->deficit ? "; with deficits" : "", f->elasticity ? "; with trade elasticities" : "",
                   f->factor ? "; with value added by factor" : "");
    DR_TRY(check_negatives(b, "negative flows", f->flow, b->r * b->r * b->s, to_zero));
    if (!f->flows_only)
        DR_TRY(check_uses(b));
    if (f->value_added)
        DR_TRY(check_value_added(b));
    find_tariffs(b);
    if (!f->flows_only)
        DR_TRY(compare_uses(b));
    DR_TRY(check_deficits(b));
    return check_empty(b);
}

dr_status dr_long_check(dr_table *report, int year, const char *folder, const dr_long_files *files,
                        const dr_layout *layout, bool strict)
{
    size_t r = layout->regions.count, s = layout->sectors.count;
    double *sums = dr_new_doubles(4 * r * s + 2 * r);
    if (!sums)
        return dr_fail_memory();
    books b = {files, layout, folder, report, year, strict, r, s, .sales = sums};
    b.purchases = b.sales + r * s;
    b.inputs = b.purchases + r * s;
    b.uses = b.inputs + r * s;
    b.imports = b.uses + r * s;
    b.exports = b.imports + r;
    dr_status status = check_all(&b);
    free(sums);
    return status;
}
