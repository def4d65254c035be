/* The checks of an inter-country input-output table. Sums are taken in the order of the table's rows and columns. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/print.h"
#include "base/residual.h"
#include "import/import.h"

enum { PLACE_SIZE = 320, MOST_NAMED = 5 };

/* A number of cells that are negative. */
typedef struct negatives {
    size_t count;
    double sum, least;
    size_t row, column; /* of the least */
} negatives;

/* The sums and counts of one pass over the table. */
typedef struct sums {
    const dr_icio *table;
    const dr_icio_file *file;
    const dr_layout *layout;
    size_t regions, sectors, uses, industries, columns;
    double *row, *column; /* sums of a row's and of a column's cells */
    size_t filled;        /* cells that are not zero */
    double relative;      /* share of a total by which its sum may be off */
    negatives intermediate, final;
} sums;

static void count_negative(negatives *n, double value, size_t row, size_t column)
{
    n->count++;
    n->sum += value;
    if (value < n->least) {
        n->least = value;
        n->row = row;
        n->column = column;
    }
}

static void add_up(sums *s)
{
    for (size_t row = 0; row < s->industries; row++) {
        const double *cells = s->table->rows[row];
        for (size_t column = 0; column < s->columns; column++) {
            double value = cells[s->table->columns[column]];
            s->row[row] += value;
            s->column[column] += value;
            s->filled += value != 0;
            if (value < 0)
                count_negative(column < s->industries ? &s->intermediate : &s->final, value, row, column);
        }
    }
}

static void industry_label(const sums *s, size_t industry, char label[PLACE_SIZE])
{
    snprintf(label, PLACE_SIZE, "%s_%s", s->layout->regions.names[industry / s->sectors],
             s->layout->sectors.names[industry % s->sectors]);
}

static void column_label(const sums *s, size_t column, char label[PLACE_SIZE])
{
    if (column < s->industries) {
        industry_label(s, column, label);
        return;
    }
    size_t use = column - s->industries;
    snprintf(label, PLACE_SIZE, "%s_%s", s->layout->regions.names[use / s->uses], s->layout->uses.names[use % s->uses]);
}

/* ---- Totals ---- */

/* How far a sum of `cells` numbers, each rounded to the file's decimals, may be from its total; never less than a share
 * of it. Published tables print more digits than they balance to. */
static double tolerance(const sums *s, size_t cells, double total)
{
    return fmax(0.5 * pow(10, -(double)s->file->decimals) * (double)(cells + 1), s->relative * fabs(total));
}

/* The gaps between sums and totals: the worst, and how many are beyond their tolerance. */
typedef struct gaps {
    double worst_ratio, sum, total; /* of the worst; its gap over its tolerance */
    size_t worst, beyond, count;
} gaps;

static void add_gap(gaps *g, size_t place, double sum, double total, double allowed)
{
    double ratio = dr_missed((sum - total) / allowed);
    if (g->count++ == 0 || ratio > g->worst_ratio) {
        g->worst_ratio = ratio;
        g->worst = place;
        g->sum = sum;
        g->total = total;
    }
    g->beyond += ratio > 1;
}

/* A gap beyond rounding is a finding out of order. */
static dr_status report_gaps(const sums *s, dr_table *report, const gaps *g, const char *subject, const char *label,
                             const char *what, const char *done, bool strict)
{
    char found[512];
    dr_print_text(found, sizeof found,
                  "largest gap %.6g: %s add up to %.12g, the total is %.12g; %zu of %zu beyond rounding",
                  fabs(g->sum - g->total), what, g->sum, g->total, g->beyond, g->count);
    if (strict && g->beyond)
        return dr_fail(DR_BAD_INPUT, "%s: %s: %s: %s", s->file->path, subject, label, found);
    dr_import_find(report, s->table->year, subject, label, g->beyond ? done : "nothing: within rounding", "%s", found);
    return DR_OK;
}

static dr_status check_rows(const sums *s, dr_table *report, bool strict)
{
    gaps g = {0};
    char label[PLACE_SIZE];
    for (size_t row = 0; row < s->industries; row++)
        add_gap(&g, row, s->row[row], s->table->output[row], tolerance(s, s->columns, s->table->output[row]));
    industry_label(s, g.worst, label);
    return report_gaps(s, report, &g, "row totals against OUT", label, "the row's cells",
                       "kept as they are; the model takes the rows' sums as output", strict);
}

static dr_status check_columns(const sums *s, dr_table *report, bool strict)
{
    gaps g = {0};
    char label[PLACE_SIZE];
    for (size_t column = 0; column < s->industries; column++) {
        double output = s->file->output ? s->file->output[s->table->columns[column]] : s->table->output[column];
        add_gap(&g, column, s->column[column] + s->table->value_added[column], output,
                tolerance(s, s->industries + 1, output));
    }
    industry_label(s, g.worst, label);
    return report_gaps(s, report, &g, "column totals against OUT", label,
                       s->file->taxes ? "inputs, TLS and VA" : "inputs and VA",
                       "kept as they are; the model takes output less inputs as value added", strict);
}

/* ---- Cells ---- */

static dr_status check_negatives(const sums *s, dr_table *report, const negatives *n, const char *subject, bool strict)
{
    char row[PLACE_SIZE], column[PLACE_SIZE], place[2 * PLACE_SIZE + 8];
    if (n->count == 0) {
        dr_import_find(report, s->table->year, subject, "", "nothing", "none");
        return DR_OK;
    }
    industry_label(s, n->row, row);
    column_label(s, n->column, column);
    snprintf(place, sizeof place, "%s to %s", row, column);
    if (strict)
        return dr_fail(DR_BAD_INPUT, "%s: %s: %zu cell%s, the largest %.6g at %s", s->file->path, subject, n->count,
                       n->count == 1 ? "" : "s", n->least, place);
    dr_import_find(report, s->table->year, subject, place, "kept as they are; the model sets them to zero",
                   "%zu cell%s, sum %.6g, the largest %.6g", n->count, n->count == 1 ? "" : "s", n->sum, n->least);
    return DR_OK;
}

static void check_value_added(const sums *s, dr_table *report)
{
    size_t count = 0, worst = 0;
    const double *value_added = s->table->value_added;
    char label[PLACE_SIZE] = "";
    for (size_t i = 0; i < s->industries; i++) {
        count += value_added[i] < 0;
        if (value_added[i] < value_added[worst])
            worst = i;
    }
    if (count)
        industry_label(s, worst, label);
    dr_import_find(report, s->table->year, "negative value added", label,
                   count ? "kept as it is; the model prepares such sectors" : "nothing",
                   count ? "%zu sector%s, the largest %.6g" : "none", count, count == 1 ? "" : "s", value_added[worst]);
}

/* A sector is empty that has no output. */
static dr_status check_empty(const sums *s, dr_table *report, bool strict)
{
    char named[MOST_NAMED * PLACE_SIZE] = "", label[PLACE_SIZE];
    size_t count = 0, size = 0;
    for (size_t i = 0; i < s->industries; i++) {
        if (s->table->output[i] != 0)
            continue;
        industry_label(s, i, label);
        if (count++ < MOST_NAMED)
            size += (size_t)snprintf(named + size, sizeof named - size, "%s%s", size ? ", " : "", label);
    }
    if (strict && count)
        return dr_fail(DR_BAD_INPUT, "%s: empty sectors: %zu have no output: %s%s", s->file->path, count, named,
                       count > MOST_NAMED ? ", ..." : "");
    dr_import_find(report, s->table->year, "empty sectors", named,
                   count ? "kept; the model leaves them out" : "nothing", count ? "%zu have no output%s" : "none",
                   count, count > MOST_NAMED ? " (the first are named)" : "");
    return DR_OK;
}

static dr_status check_all(sums *s, dr_table *report, bool strict)
{
    add_up(s);
    dr_import_find(report, s->table->year, "shape", "", "imported",
                   "%zu regions x %zu sectors, %zu final uses; %zu of %zu cells are not zero", s->regions, s->sectors,
                   s->uses, s->filled, s->industries * s->columns);
    DR_TRY(check_rows(s, report, strict));
    DR_TRY(check_columns(s, report, strict));
    DR_TRY(check_negatives(s, report, &s->intermediate, "negative intermediate use", strict));
    DR_TRY(check_negatives(s, report, &s->final, "negative final use", false));
    check_value_added(s, report);
    return check_empty(s, report, strict);
}

dr_status dr_icio_check(dr_table *report, const dr_icio *table, const dr_icio_file *file, const dr_layout *layout,
                        bool strict, double tolerance)
{
    sums s = {.table = table, .file = file, .layout = layout, .relative = tolerance > 0 ? tolerance : 1e-6};
    s.regions = layout->regions.count;
    s.sectors = layout->sectors.count;
    s.uses = layout->uses.count;
    s.industries = s.regions * s.sectors;
    s.columns = s.industries + s.regions * s.uses;
    s.row = dr_new_doubles(s.industries);
    s.column = dr_new_doubles(s.columns);
    dr_status status = s.row && s.column ? check_all(&s, report, strict) : dr_fail_memory();
    free(s.row);
    free(s.column);
    return status;
}
