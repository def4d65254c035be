/* Footprints: an account (emissions, jobs, energy) by those who produce and by those who finally use. Formulas:
 * docs/measures.md. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "measure/footprint_sums.h"

/* ---- By region ---- */

static dr_status add_regions(dr_table *table, dr_footprint_year *f)
{
    const dr_matrix *m = f->e->matrix;
    dr_figures x, sum = {0};
    size_t count = 0;
    bool *one = dr_new(m->regions, sizeof *one);
    dr_status status = one ? dr_embodied_flows(&f->flows, f->e) : dr_fail_memory();
    for (size_t i = 0; i < m->regions && status == DR_OK; i++) {
        if (!f->in[i])
            continue;
        one[i] = true;
        status = dr_footprint_add_up(&x, f, one);
        one[i] = false;
        count++;
        sum = (dr_figures){sum.direct + x.direct,   sum.home + x.home,     sum.exports + x.exports,
                           sum.imports + x.imports, sum.behind + x.behind, sum.final_use + x.final_use};
        dr_table_set_text(table, dr_figures_add(table, &x), 0, m->names->region_codes.names[i]);
    }
    free(one);
    if (status == DR_OK && f->of && count > 1)
        status = dr_footprint_add_up(&sum, f, f->in);
    if (status != DR_OK || count < 2)
        return status;
    size_t row = dr_figures_add(table, &sum);
    dr_table_set_text(table, row, 0, f->of ? f->of : "all");
    dr_table_set_kind(table, row, DR_ROW_TOTAL);
    dr_table_add_note(table,
                      f->of ? "the last row takes %s as one economy, without the trade among its members"
                            : "exports and imports of %s are sums over the regions",
                      f->of ? f->of : "all");
    return DR_OK;
}

/* ---- By pair ---- */

static const dr_column_spec of_pairs[] = {{"producer", DR_SHOW_TEXT},
                                          {"consumer", DR_SHOW_TEXT},
                                          {"value", DR_SHOW_VALUE},
                                          {"share_of_production", DR_SHOW_SHARE},
                                          {"share_of_consumption", DR_SHOW_SHARE}};

typedef struct pair {
    size_t producer, consumer;
    double value;
} pair;

/* The largest first. */
static int compare(const void *a, const void *b)
{
    const pair *x = a, *y = b;
    if (x->value != y->value)
        return x->value > y->value ? -1 : 1;
    return x->producer != y->producer ? (x->producer > y->producer) - (x->producer < y->producer)
                                      : (x->consumer > y->consumer) - (x->consumer < y->consumer);
}

/* All pairs, a region with itself too, and the sums by producer and by consumer. */
static void fill_pairs(const dr_footprint_year *f, pair *pairs, double *produced, double *consumed)
{
    size_t regions = f->e->matrix->regions;
    for (size_t i = 0; i < regions; i++)
        for (size_t n = 0; n < regions; n++) {
            double value = dr_footprint_between(f, i, n) + (i == n ? f->e->direct[i] : 0);
            pairs[i * regions + n] = (pair){i, n, value};
            produced[i] += value;
            consumed[n] += value;
        }
}

static void add_pair_rows(dr_table *table, const dr_footprint_year *f, const pair *pairs, const double *produced,
                          const double *consumed)
{
    const dr_matrix *m = f->e->matrix;
    char **codes = m->names->region_codes.names;
    for (size_t j = 0; j < m->regions * m->regions; j++) {
        const pair *p = &pairs[j];
        if (p->value == 0 || !(f->in[p->producer] || f->in[p->consumer]))
            continue;
        size_t row = dr_table_add_row(table);
        dr_table_set_text(table, row, 0, codes[p->producer]);
        dr_table_set_text(table, row, 1, codes[p->consumer]);
        dr_table_set_number(table, row, 2, p->value);
        dr_table_set_number(table, row, 3, produced[p->producer] == 0 ? NAN : p->value / produced[p->producer]);
        dr_table_set_number(table, row, 4, consumed[p->consumer] == 0 ? NAN : p->value / consumed[p->consumer]);
    }
}

static dr_status add_pairs(dr_table *table, dr_footprint_year *f)
{
    size_t regions = f->e->matrix->regions;
    DR_TRY(dr_embodied_flows(&f->flows, f->e));
    pair *pairs = dr_new(regions * regions, sizeof *pairs);
    double *produced = dr_new_doubles(regions), *consumed = dr_new_doubles(regions);
    dr_status status = pairs && produced && consumed ? DR_OK : dr_fail_memory();
    if (status == DR_OK) {
        fill_pairs(f, pairs, produced, consumed);
        qsort(pairs, regions * regions, sizeof *pairs, compare);
        add_pair_rows(table, f, pairs, produced, consumed);
    }
    free(pairs);
    free(produced);
    free(consumed);
    return status;
}

/* ---- By sector ---- */

static const dr_column_spec of_sectors[] = {
    {"sector", DR_SHOW_TEXT},       {"production", DR_SHOW_VALUE}, {"exports", DR_SHOW_VALUE},
    {"consumption", DR_SHOW_VALUE}, {"imports", DR_SHOW_VALUE},    {"intensity", DR_SHOW_NUMBER},
    {"multiplier", DR_SHOW_NUMBER},
};
enum { S_PRODUCTION = 1, S_EXPORTS, S_CONSUMPTION, S_IMPORTS, S_INTENSITY, S_MULTIPLIER };

typedef struct by_sector {
    double *made, *sold;       /* [sector]: of producers in the regions, and of it for the final use of others */
    double *used, *bought;     /* [sector] of the final good: of their final use, and of it what others produce */
    double *output, *embodied; /* [sector]: output of the regions, and what it would hold as final output */
} by_sector;

/* `abroad` is what is embodied of the other regions in a unit of final output, `for_others` the output for their final
 * use. */
static void fill_sectors(const dr_footprint_year *f, const by_sector *b, const double *abroad, const double *final,
                         const double *for_others)
{
    const dr_matrix *m = f->e->matrix;
    for (size_t row = 0; row < m->size; row++) {
        size_t s = row % m->sectors;
        b->used[s] += f->e->content[row] * final[row];
        b->bought[s] += abroad[row] * final[row];
        if (!f->in[row / m->sectors])
            continue;
        b->made[s] += f->e->intensity[row] * m->output[row];
        b->sold[s] += f->e->intensity[row] * for_others[row];
        b->output[s] += m->output[row];
        b->embodied[s] += f->e->content[row] * m->output[row];
    }
}

static dr_status solve_sectors(const dr_footprint_year *f, const by_sector *b)
{
    const dr_matrix *m = f->e->matrix;
    double *abroad = NULL, *final = NULL, *for_others = NULL;
    bool *others = dr_new(m->regions, sizeof *others);
    double *memory = dr_new_arrays((dr_array[]){{&abroad, m->size}, {&final, m->size}, {&for_others, m->size}}, 3);
    dr_status status = memory && others ? DR_OK : dr_fail_memory();
    if (status == DR_OK) {
        for (size_t i = 0; i < m->regions; i++)
            others[i] = !f->in[i];
        for (size_t row = 0; row < m->size; row++)
            abroad[row] = f->in[row / m->sectors] ? 0 : f->e->intensity[row];
        dr_leontief_content(f->e->leontief, abroad, 1);
        dr_embodied_final(f->e, f->in, final);
        dr_embodied_final(f->e, others, for_others);
        status = dr_embodied_output(f->e, for_others, 1);
    }
    if (status == DR_OK)
        fill_sectors(f, b, abroad, final, for_others);
    free(memory);
    free(others);
    return status;
}

static size_t add_sector(dr_table *table, const char *name, double made, double sold, double used, double bought)
{
    size_t row = dr_table_add_row(table);
    dr_table_set_text(table, row, 0, name);
    dr_table_set_number(table, row, S_PRODUCTION, made);
    dr_table_set_number(table, row, S_EXPORTS, sold);
    dr_table_set_number(table, row, S_CONSUMPTION, used);
    dr_table_set_number(table, row, S_IMPORTS, bought);
    return row;
}

static void add_sector_rows(dr_table *table, const dr_footprint_year *f, const by_sector *b)
{
    const dr_matrix *m = f->e->matrix;
    double direct = 0, made = 0, sold = 0, used = 0, bought = 0;
    for (size_t i = 0; i < m->regions; i++)
        direct += f->in[i] ? f->e->direct[i] : 0;
    for (size_t s = 0; s < m->sectors; s++) {
        size_t row =
            add_sector(table, dr_economy_sector(m->names, s), b->made[s], b->sold[s], b->used[s], b->bought[s]);
        if (b->output[s] != 0) {
            dr_table_set_number(table, row, S_INTENSITY, b->made[s] / b->output[s]);
            dr_table_set_number(table, row, S_MULTIPLIER, b->embodied[s] / b->output[s]);
        }
        made += b->made[s];
        sold += b->sold[s];
        used += b->used[s];
        bought += b->bought[s];
    }
    if (direct != 0)
        add_sector(table, "final use itself", direct, 0, direct, 0);
    dr_table_set_kind(table, add_sector(table, "all", made + direct, sold, used + direct, bought), DR_ROW_TOTAL);
}

static dr_status add_sectors(dr_table *table, dr_footprint_year *f)
{
    size_t s = f->e->matrix->sectors;
    by_sector b = {0};
    double *memory = dr_new_arrays(
        (dr_array[]){{&b.made, s}, {&b.sold, s}, {&b.used, s}, {&b.bought, s}, {&b.output, s}, {&b.embodied, s}}, 6);
    dr_status status = memory ? solve_sectors(f, &b) : dr_fail_memory();
    if (status == DR_OK)
        add_sector_rows(table, f, &b);
    free(memory);
    dr_table_add_note(table, "production and exports are by the sector that produces, consumption and imports by the "
                             "sector whose goods are finally used");
    return status;
}

/* ---- The table ---- */

static dr_status new_regions(dr_table **out)
{
    return dr_figures_table(out, "region", DR_SHOW_TEXT);
}

static dr_status new_pairs(dr_table **out)
{
    return dr_table_new(out, of_pairs, sizeof of_pairs / sizeof *of_pairs);
}

static dr_status new_sectors(dr_table **out)
{
    return dr_table_new(out, of_sectors, sizeof of_sectors / sizeof *of_sectors);
}

static const struct {
    dr_status (*start)(dr_table **out);
    dr_status (*fill)(dr_table *table, dr_footprint_year *f);
    const char *what;
} breakdowns[] = {
    [DR_FOOTPRINT_BY_REGION] = {new_regions, add_regions, "by producers and by final users"},
    [DR_FOOTPRINT_BY_PAIR] = {new_pairs, add_pairs, "from producers to final users"},
    [DR_FOOTPRINT_BY_SECTOR] = {new_sectors, add_sectors, "by sector"},
};

static dr_status measure(dr_table **out, dr_world *world, const char *of, const dr_footprint_options *o)
{
    dr_footprint_year f;
    dr_table *table = NULL;
    dr_status status = dr_footprint_year_new(&f, world, of, o->account, o->year);
    if (status == DR_OK)
        status = breakdowns[o->by].start(&table);
    if (status == DR_OK)
        status = breakdowns[o->by].fill(table, &f);
    if (status == DR_OK) {
        const dr_economy *names = f.e->matrix->names;
        dr_footprint_describe(table, &f, breakdowns[o->by].what, names->year, names->source);
    }
    dr_footprint_year_free(&f);
    return dr_table_finish(out, table, status);
}

dr_status dr_footprint(dr_table **out, dr_world *world, const char *of, const dr_footprint_options *options)
{
    DR_TRY(DR_GIVEN(out, world));
    dr_footprint_options whole;
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    options = &whole;
    DR_TRY(DR_ONE_OF(__func__, options->by, DR_FOOTPRINT_BY_YEAR));
    if (options->by != DR_FOOTPRINT_BY_YEAR)
        return measure(out, world, of, options);
    if (options->year)
        return dr_fail(DR_USAGE, "a footprint by year covers all years: leave out the year %d", options->year);
    return dr_footprint_years(out, world, of, options);
}
