/* dr_world_aggregate: a world whose regions and sectors are sums of another's. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/check.h"
#include "base/print.h"
#include "base/sql.h"
#include "world/accounts.h"
#include "world/carry.h"
#include "world/item_names.h"
#include "world/merge.h"
#include "world/tariffs.h"
#include "world/walk.h"
#include "world/world_sql.h"
#include "world/write.h"

typedef struct job {
    dr_world *world;
    dr_merge merge;
    dr_writer *writer;
    dr_table *report;
    int year;
    size_t r, s, u; /* of the new world */
    size_t old_r, old_s;
} job;

/* ---- Totals ---- */

/* Every number added is in the new array, so both add up to the same, to rounding. */
static dr_status check_total(const job *j, const char *table, const dr_sum *sum, size_t count)
{
    double total;
    if (!dr_sum_kept(sum, count, &total))
        return dr_fail(DR_MACHINE, "%s: %d: the sums of the table %s are %.17g; expected %.17g", j->writer->path,
                       j->year, table, total, sum->total);
    char found[160];
    size_t row = dr_table_add_row(j->report);
    dr_print_text(found, sizeof found, "total %.15g, before %.15g", total, sum->total);
    dr_table_set_number(j->report, row, DR_FINDING_YEAR, j->year);
    dr_table_set_text(j->report, row, DR_FINDING_SUBJECT, "total kept");
    dr_table_set_text(j->report, row, DR_FINDING_PLACE, table);
    dr_table_set_text(j->report, row, DR_FINDING_FOUND, found);
    dr_table_set_text(j->report, row, DR_FINDING_DONE, "nothing: the same to rounding");
    return DR_OK;
}

/* Adds a table's rows up in the array of `sum`. */
static dr_status add_up(const job *j, const char *table, const char *item, dr_sum *sum)
{
    const dr_cells *cells = dr_cells_find(table);
    dr_walk walk = {.table = table, .item = item, .add = dr_walk_sum, .add_list = dr_walk_sum_list, .user = sum};
    for (size_t i = 0; cells->codes[i]; i++)
        sum->map[i] = cells->codes[i] == 'r' ? j->merge.regions : cells->codes[i] == 's' ? j->merge.sectors : NULL;
    dr_status status = dr_walk_run(&walk, j->world, j->year);
    return status == DR_OK ? DR_OK : dr_fail_at(status, j->world->path);
}

/* The same into a new row-major array whose dimensions are what the table's codes say. */
static dr_status add_array(const job *j, const char *table, const char *item, dr_added added, double **out, dr_sum *sum,
                           size_t *count)
{
    const char *codes = dr_cells_find(table)->codes;
    *sum = (dr_sum){.added = added};
    *count = 1;
    for (size_t i = strlen(codes); i-- > 0;) {
        sum->stride[i] = *count;
        *count *= codes[i] == 'r' ? j->r : j->s;
    }
    sum->target = *out = dr_new_doubles(*count);
    return *out ? add_up(j, table, item, sum) : dr_fail_memory();
}

static dr_status add_checked(const job *j, const char *what, const char *table, dr_added added, double **out)
{
    dr_sum sum;
    size_t count = 0;
    DR_TRY(add_array(j, table, NULL, added, out, &sum, &count));
    return check_total(j, what, &sum, count);
}

/* ---- Input-output tables ---- */

typedef struct icio {
    double *cells, *output, *value_added;
    double **rows;
    size_t *columns;
} icio;

static dr_status add_icio(const job *j, icio *t)
{
    size_t industries = j->r * j->s, width = industries + j->r * j->u;
    dr_sum intermediate = {.target = t->cells, .stride = {j->s * width, width, j->s, 1}};
    DR_TRY(add_up(j, "intermediate", NULL, &intermediate));
    DR_TRY(
        check_total(j, "intermediate", &intermediate, industries * width)); /* of which the final part is zero still */
    dr_sum final = {.target = t->cells, .offset = industries, .stride = {j->s * width, width, j->u, 1}};
    DR_TRY(add_up(j, "final", NULL, &final));
    final.total += intermediate.total;
    final.size += intermediate.size;
    final.offset = 0;
    DR_TRY(check_total(j, "intermediate and final", &final, industries * width));
    DR_TRY(add_checked(j, "output", "output", DR_ADD_VALUE, &t->output));
    return add_checked(j, "value_added", "value_added", DR_ADD_VALUE, &t->value_added);
}

static dr_status fold_icio(const job *j, icio *t)
{
    size_t industries = j->r * j->s, width = industries + j->r * j->u;
    t->cells = dr_new_doubles(industries * width);
    t->rows = dr_new(industries, sizeof *t->rows);
    t->columns = dr_new(width, sizeof *t->columns);
    if (!t->cells || !t->rows || !t->columns)
        return dr_fail_memory();
    for (size_t i = 0; i < industries; i++)
        t->rows[i] = t->cells + i * width;
    for (size_t i = 0; i < width; i++)
        t->columns[i] = i;
    DR_TRY(add_icio(j, t));
    const dr_icio table = {j->year, t->rows, t->columns, t->output, t->value_added};
    return dr_writer_icio(j->writer, &table);
}

static dr_status aggregate_icio(const job *j)
{
    icio t = {0};
    dr_status status = fold_icio(j, &t);
    free(t.cells);
    free(t.output);
    free(t.value_added);
    free(t.rows);
    free(t.columns);
    return status;
}

/* ---- The long format ---- */

/* weighted[i] / weight[i], or where there is no weight the plain mean plain[i] / count[i]; into weighted. */
static void average(double *weighted, const double *weight, const double *plain, const double *count, size_t size)
{
    for (size_t i = 0; i < size; i++)
        weighted[i] = weight[i] > 0 ? weighted[i] / weight[i] : count[i] > 0 ? plain[i] / count[i] : 0;
}

/* Tariffs are averaged by the flows, so that their revenue stays; where nothing flows, plainly. */
static dr_status fold_tariffs(const job *j, const double *flow, double **tariff)
{
    double *plain = NULL, *count = NULL;
    dr_sum sum;
    size_t size = 0;
    dr_status status = add_checked(j, "flow (tariff revenue)", "flow", DR_ADD_REVENUE, tariff);
    if (status == DR_OK)
        status = add_array(j, "flow", NULL, DR_ADD_TARIFF, &plain, &sum, &size);
    if (status == DR_OK)
        status = add_array(j, "flow", NULL, DR_ADD_ONE, &count, &sum, &size);
    if (status == DR_OK)
        average(*tariff, flow, plain, count, size);
    free(plain);
    free(count);
    return status;
}

typedef struct elasticities {
    const size_t *map;      /* of sectors */
    const double *spending; /* [old sector] */
    double *weighted, *weight, *plain, *count;
} elasticities;

static void add_elasticity(dr_walk *walk, const double *values)
{
    elasticities *e = walk->user;
    for (size_t row = 0; row < walk->rows; row++) {
        size_t old = walk->index[0][row], new = e->map[old];
        e->weighted[new] += values[row] * e->spending[old];
        e->plain[new] += values[row];
        e->count[new]++;
    }
}

/* importer, exporter, sector: what all spend on the old sectors, tariffs included. */
static dr_status add_spending(const job *j, double *spending)
{
    dr_sum sum = {.target = spending, .added = DR_ADD_SPENDING, .stride = {0, 0, 1}};
    dr_walk walk = {.table = "flow", .add = dr_walk_sum, .user = &sum};
    return dr_walk_run(&walk, j->world, j->year);
}

/* Trade elasticities are averaged by what all spend on the sectors. */
static dr_status fold_elasticities(const job *j, double **elasticity)
{
    double *spending = dr_new_doubles(j->old_s), *sums = dr_new_doubles(3 * j->s);
    *elasticity = dr_new_doubles(j->s);
    elasticities e = {j->merge.sectors, spending, *elasticity, sums, sums + j->s, sums + 2 * j->s};
    dr_walk walk = {.table = "trade_elasticity", .add = add_elasticity, .user = &e};
    dr_status status = spending && sums && *elasticity ? add_spending(j, spending) : dr_fail_memory();
    if (status == DR_OK)
        status = dr_walk_run(&walk, j->world, j->year);
    for (size_t old = 0; status == DR_OK && old < j->old_s; old++)
        e.weight[j->merge.sectors[old]] += spending[old];
    if (status == DR_OK)
        average(*elasticity, e.weight, e.plain, e.count, j->s);
    free(spending);
    free(sums);
    return status;
}

typedef struct long_year {
    double *flow, *tariff, *input, *final, *value_added, *deficit, *elasticity;
    dr_names factors;
    double *factor;
} long_year;

/* The array of a table that a year may do without; NULL then. */
static dr_status fold_deficits(const job *j, double **deficit)
{
    dr_sum sum;
    size_t count = 0;
    DR_TRY(add_array(j, "deficit", NULL, DR_ADD_VALUE, deficit, &sum, &count));
    if (sum.count > 0)
        return check_total(j, "deficit", &sum, count);
    free(*deficit);
    *deficit = NULL;
    return DR_OK;
}

static dr_status fold_factor(const job *j, const char *name, double *out)
{
    char table[160];
    double *sums = NULL;
    dr_sum sum;
    size_t count = 0;
    dr_status status = add_array(j, "factor_income", name, DR_ADD_VALUE, &sums, &sum, &count);
    snprintf(table, sizeof table, "factor_income (%s)", name);
    if (status == DR_OK)
        status = check_total(j, table, &sum, count);
    if (status == DR_OK)
        memcpy(out, sums, count * sizeof *sums);
    free(sums);
    return status;
}

static dr_status fold_factors(const job *j, long_year *t)
{
    DR_TRY(dr_items_read(&t->factors, &j->world->duck, dr_cells_find("factor_income"), j->year));
    if (t->factors.count == 0)
        return DR_OK;
    if (!(t->factor = dr_new_doubles(t->factors.count * j->r * j->s)))
        return dr_fail_memory();
    for (size_t f = 0; f < t->factors.count; f++)
        DR_TRY(fold_factor(j, t->factors.names[f], t->factor + f * j->r * j->s));
    return DR_OK;
}

static dr_status fold_long(const job *j, long_year *t)
{
    DR_TRY(add_checked(j, "flow", "flow", DR_ADD_VALUE, &t->flow));
    DR_TRY(fold_tariffs(j, t->flow, &t->tariff));
    DR_TRY(add_checked(j, "input", "input", DR_ADD_VALUE, &t->input));
    DR_TRY(add_checked(j, "final_demand", "final_demand", DR_ADD_VALUE, &t->final));
    DR_TRY(add_checked(j, "value_added", "value_added", DR_ADD_VALUE, &t->value_added));
    DR_TRY(fold_factors(j, t));
    DR_TRY(fold_deficits(j, &t->deficit));
    DR_TRY(fold_elasticities(j, &t->elasticity));
    const dr_long table = {j->year,        t->flow,    t->tariff,     t->input,    t->final,
                           t->value_added, t->deficit, t->elasticity, &t->factors, t->factor};
    return dr_writer_long(j->writer, &table);
}

static dr_status aggregate_long(const job *j)
{
    long_year t = {0};
    dr_status status = fold_long(j, &t);
    double *arrays[] = {t.flow, t.tariff, t.input, t.final, t.value_added, t.deficit, t.elasticity, t.factor};
    dr_names_free(&t.factors);
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        free(arrays[i]);
    return status;
}

/* ---- All years ---- */

static dr_status copy_unit(const job *j)
{
    dr_cursor cursor;
    dr_arena texts = {0};
    bool more = false, replaced = false;
    dr_status status =
        dr_sql_open(&cursor, &j->world->duck, dr_world_sql.years.unit, DR_VALUES(dr_sql_integer("year", j->year)));
    if (status == DR_OK)
        status = dr_cursor_next(&cursor, &more);
    const char *unit = status == DR_OK && more ? dr_cursor_text(&cursor, 0, &texts) : "";
    if (status == DR_OK)
        status = unit ? dr_writer_year(j->writer, j->year, unit, &replaced) : dr_fail_memory();
    dr_cursor_close(&cursor);
    dr_arena_free(&texts);
    return status;
}

/* The year's sources that the query gives. */
static dr_status copy_sources(const job *j, const char *query, dr_status (*write)(dr_writer *, const dr_source *))
{
    dr_cursor cursor;
    dr_arena texts = {0};
    bool more = false;
    dr_status status = dr_sql_open(&cursor, &j->world->duck, query, DR_VALUES(dr_sql_integer("year", j->year)));
    while (status == DR_OK && (status = dr_cursor_next(&cursor, &more)) == DR_OK && more) {
        dr_source source = {.year = j->year};
        const char **const fields[] = {&source.id,        &source.title, &source.publisher, &source.licence,
                                       &source.retrieved, &source.url,   &source.name,      &source.sha256};
        for (size_t i = 0; status == DR_OK && i < sizeof fields / sizeof *fields; i++)
            if (!(*fields[i] = dr_cursor_text(&cursor, i, &texts)))
                status = dr_fail_memory();
        if (status == DR_OK)
            status = write(j->writer, &source);
    }
    dr_cursor_close(&cursor);
    dr_arena_free(&texts);
    return status;
}

/* ---- Accounts ---- */

static dr_status add_account(const job *j, const char *table, const char *name, double **out)
{
    char what[DR_LONGEST_ACCOUNT + 32];
    dr_sum sum;
    size_t count = 0;
    snprintf(what, sizeof what, "%s (%s)", table, name);
    DR_TRY(add_array(j, table, name, DR_ADD_VALUE, out, &sum, &count));
    return check_total(j, what, &sum, count);
}

static dr_status fold_account(const job *j, const char *name, const char *unit, const char *source)
{
    double *value = NULL, *final = NULL;
    dr_status status = add_account(j, "account_value", name, &value);
    if (status == DR_OK)
        status = add_account(j, "account_final", name, &final);
    const dr_account account = {name, unit, source, j->year, value, final};
    if (status == DR_OK)
        status = dr_account_write(j->writer, &account, NULL);
    free(value);
    free(final);
    return status;
}

/* name, unit and source of the year's accounts, read before others ask the database. */
static dr_status read_accounts(const job *j, dr_table **accounts)
{
    static const dr_column_spec columns[] = {{"name", DR_SHOW_TEXT}, {"unit", DR_SHOW_TEXT}, {"source", DR_SHOW_TEXT}};
    DR_TRY(dr_table_new(accounts, columns, 3));
    DR_TRY(dr_sql_table(*accounts, &j->world->duck, dr_world_sql.accounts.of_year,
                        DR_VALUES(dr_sql_integer("year", j->year))));
    return dr_table_done(*accounts);
}

static dr_status fold_accounts(const job *j)
{
    dr_table *accounts = NULL;
    if (!j->world->has[DR_OF_ACCOUNTS])
        return DR_OK;
    dr_status status = read_accounts(j, &accounts);
    for (size_t row = 0; status == DR_OK && row < dr_table_rows(accounts); row++)
        status = fold_account(j, dr_table_text(accounts, row, 0), dr_table_text(accounts, row, 1),
                              dr_table_text(accounts, row, 2));
    dr_table_free(accounts);
    return status == DR_OK ? copy_sources(j, dr_world_sql.accounts.sources, dr_account_source) : status;
}

static dr_status aggregate_years(job *j)
{
    for (size_t i = 0; i < j->world->year_count; i++) {
        j->year = j->world->years[i];
        DR_TRY(copy_unit(j));
        DR_TRY(copy_sources(j, dr_world_sql.years.sources, dr_writer_source));
        DR_TRY(j->world->layout.is_long ? aggregate_long(j) : aggregate_icio(j));
        DR_TRY(fold_accounts(j));
        DR_TRY(dr_tariffs_fold(j->writer, j->world, j->year, &j->merge));
        if (j->world->has[DR_OF_TARIFFS])
            DR_TRY(copy_sources(j, dr_world_sql.tariffs.sources, dr_tariffs_source));
    }
    DR_TRY(dr_carry(j->writer, j->report, j->world, &j->merge));
    DR_TRY(dr_table_done(j->report));
    return dr_writer_findings(j->writer, j->report);
}

static dr_status write_world(job *j, dr_layout *layout, const char *to)
{
    j->r = layout->regions.count;
    j->s = layout->sectors.count;
    j->u = layout->uses.count;
    dr_table_set_title(j->report, "%s: %zu regions and %zu sectors made of the %zu and %zu of %s", to, j->r, j->s,
                       j->old_r, j->old_s, j->world->path);
    DR_TRY(dr_writer_open(&j->writer, to));
    dr_status status = dr_writer_create(j->writer, layout);
    if (status == DR_OK)
        status = aggregate_years(j);
    if (status == DR_OK)
        return dr_writer_commit(j->writer);
    dr_writer_abandon(j->writer);
    return status;
}

dr_status dr_world_aggregate(dr_table **report, dr_world *world, const char *region_map, const char *sector_map,
                             const char *to)
{
    DR_TRY(DR_GIVEN(world, to));
    struct stat about;
    job j = {.world = world, .old_r = world->layout.regions.count, .old_s = world->layout.sectors.count};
    dr_layout layout = {0};
    if (stat(to, &about) == 0)
        return dr_fail(DR_BAD_INPUT, "%s: already exists; expected the name of a new world", to);
    DR_TRY(dr_table_new(&j.report, dr_finding_columns, DR_FINDING_COLUMNS));
    dr_table_keep_rows(j.report);
    dr_status status = dr_merge_read(&j.merge, &layout, &world->layout, region_map, sector_map);
    if (status == DR_OK)
        status = write_world(&j, &layout, to);
    dr_layout_free(&layout);
    dr_merge_free(&j.merge);
    if (status == DR_OK && report)
        *report = j.report;
    else
        dr_table_free(j.report);
    return status;
}
