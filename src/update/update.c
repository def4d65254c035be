/* dr_world_update: a table of an earlier year brought to the trade flows of a later one. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/check.h"
#include "base/money.h"
#include "base/print.h"
#include "base/sql.h"
#include "update/moved_accounts.h"
#include "world/merge.h"
#include "world/world_sql.h"
#include "world/write.h"

enum { MAX_SWEEPS = 5000, TEXT_SIZE = 1500 };

/* A sum is met when it misses its target by no more than this share of mean output. */
static const double tolerance = 1e-9;

/* ---- Balance ----------------------------------------------------------------------------------------------------- */

static double total(const double *values, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += values[i];
    return sum;
}

/* The sum that is missed, in words. */
static dr_status fail_balance(const dr_update *u, const dr_gras *g)
{
    char name[DR_TARGET_NAME], money[DR_MONEY_SIZE];
    if (g->gap_margin == 2)
        dr_target_flow(name, u, g->gap_group);
    else
        snprintf(name, sizeof name, "%.60s %.60s", u->table->region_codes.names[g->gap_group / u->s],
                 u->table->sector_codes.names[g->gap_group % u->s]);
    return dr_fail(
        DR_NO_SOLUTION,
        "%s: the table of %d cannot be brought to the flows of %d: after %zu sweeps the %s of %s are off by %s",
        u->world->path, u->table->year, u->trade->year, g->sweeps, g->gap_margin == 0 ? "inputs" : "sales", name,
        dr_money(money, g->gap, u->table->unit));
}

static dr_status balance(dr_gras *g, const dr_update *u)
{
    double output = total(u->make, u->rows);
    if (!(output > 0))
        return dr_fail(DR_BAD_INPUT, "%s: %d: no flow goes where the table of %s has cells", u->flows->path,
                       u->trade->year, u->world->path);
    *g = (dr_gras){.cells = u->cells,
                   .rows = u->rows,
                   .columns = u->columns,
                   .margins = u->margins,
                   .margin_count = DR_MARGINS,
                   .tolerance = tolerance * output / (double)u->rows,
                   .max_sweeps = MAX_SWEEPS};
    dr_status status = dr_gras_run(g);
    return status == DR_NO_SOLUTION ? fail_balance(u, g) : status;
}

/* The share of all sales that changed place: half the sum of |z / Z - a / A| over all cells. */
static double distance(const dr_update *u)
{
    size_t count = u->rows * u->columns;
    double now = total(u->cells, count), then = total(u->before, count), sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += fabs(u->cells[i] / now - u->before[i] / then);
    return sum / 2;
}

/* ---- Report ------------------------------------------------------------------------------------------------------ */

__attribute__((format(printf, 4, 5))) static void say(dr_table *report, const dr_update *u, const char *subject,
                                                      const char *found, ...)
{
    char text[TEXT_SIZE + 200];
    va_list arguments;
    va_start(arguments, found);
    dr_vprint_text(text, sizeof text, found, arguments);
    va_end(arguments);
    size_t row = dr_table_add_row(report);
    dr_table_set_number(report, row, DR_FINDING_YEAR, u->trade->year);
    dr_table_set_text(report, row, DR_FINDING_SUBJECT, subject);
    dr_table_set_text(report, row, DR_FINDING_FOUND, text);
}

static void say_match(dr_table *report, const dr_update *u, const char *subject, const dr_blocks *blocks,
                      const dr_names *table, const dr_names *flows)
{
    char text[TEXT_SIZE];
    dr_match_text(text, sizeof text, blocks, table, flows);
    say(report, u, subject, "%zu of the flows for %zu of the table%s%s", flows->count, table->count, *text ? ": " : "",
        text);
}

static void fill_report(dr_table *report, const dr_update *u, const dr_gras *g, const char *estimate)
{
    char money[DR_MONEY_SIZE], flow[DR_TARGET_NAME];
    say(report, u, "estimate", "%s", "");
    dr_table_set_text(report, 0, DR_FINDING_FOUND, estimate); /* of any length */
    say_match(report, u, "regions", &u->match.regions, &u->table->region_codes, &u->trade->region_codes);
    say_match(report, u, "sectors", &u->match.sectors, &u->table->sector_codes, &u->trade->sector_codes);
    say(report, u, "value added", u->added ? "that of the flows' world" : "its share in output stays that of %d",
        u->table->year);
    if (u->world->layout.is_long)
        say(report, u, "long format",
            "all who use a good in a region are taken to buy from its suppliers in the same proportion; tariffs and "
            "factor incomes of the table are left out, and the new table is an inter-country one");
    if (u->left_out > 0)
        say(report, u, "flows left out", "%s, for which the table has no cells; the largest is %s",
            dr_money(money, u->left_out, u->table->unit), dr_target_flow(flow, u, u->largest_group));
    say(report, u, "balance", "%zu sweeps; a sum is off by %.2g at most", g->sweeps, g->gap);
}

/* ---- The new world ----------------------------------------------------------------------------------------------- */

/* The licences of a year's sources, "; " between. */
static dr_status read_licences(const char **out, const dr_world *world, int year, dr_arena *arena)
{
    dr_cursor cursor;
    bool more = false;
    dr_status status =
        dr_sql_open(&cursor, &world->duck, dr_world_sql.years.licences, DR_VALUES(dr_sql_integer("year", year)));
    if (status == DR_OK)
        status = dr_cursor_next(&cursor, &more);
    if (status == DR_OK && more && !(*out = dr_cursor_text(&cursor, 0, arena)))
        status = dr_fail_memory();
    dr_cursor_close(&cursor);
    return status;
}

/* One source, whose title every result shows. */
static dr_status write_source(dr_writer *writer, const dr_update *u, const char *estimate)
{
    dr_arena arena = {0};
    const char *ours = "", *theirs = "";
    dr_status status = read_licences(&ours, u->world, u->table->year, &arena);
    if (status == DR_OK)
        status = read_licences(&theirs, u->flows, u->trade->year, &arena);
    const char *licence = dr_arena_format(&arena, "%s%s%s", ours, *ours && *theirs ? "; " : "", theirs);
    const dr_source source = {.id = "derisk-update",
                              .title = estimate,
                              .publisher = "derisk",
                              .licence = licence,
                              .retrieved = "",
                              .url = "",
                              .name = "",
                              .sha256 = "",
                              .year = u->trade->year};
    if (status == DR_OK)
        status = licence ? dr_writer_source(writer, &source) : dr_fail_memory();
    dr_arena_free(&arena);
    return status;
}

/* Output is what a sector sells, value added what is left of it. */
static dr_status write_cells(dr_writer *writer, const dr_update *u)
{
    double *output = NULL, *added = NULL;
    double *memory = dr_new_arrays((dr_array[]){{&output, u->rows}, {&added, u->rows}}, 2);
    double **rows = dr_new(u->rows, sizeof *rows);
    size_t *columns = dr_new(u->columns, sizeof *columns);
    dr_status status = memory && rows && columns ? DR_OK : dr_fail_memory();
    if (status == DR_OK) {
        for (size_t column = 0; column < u->columns; column++)
            columns[column] = column;
        for (size_t row = 0; row < u->rows; row++) {
            rows[row] = u->cells + row * u->columns;
            output[row] = total(rows[row], u->columns);
            added[row] += output[row];
            for (size_t column = 0; column < u->rows; column++)
                added[column] -= rows[row][column];
        }
        const dr_icio table = {u->trade->year, rows, columns, output, added};
        status = dr_writer_icio(writer, &table);
    }
    free(memory);
    free(rows);
    free(columns);
    return status;
}

/* What is new of the year: what it is an estimate of, in words; and accounts. */
typedef struct estimate {
    const char *title;
    dr_moved_accounts accounts;
} estimate;

static dr_status write_year(dr_writer *writer, const dr_update *u, const dr_table *report, const estimate *new)
{
    dr_layout layout = {0};
    dr_merge same = {0};
    bool replaced = false;
    dr_status status = dr_merge_read(&same, &layout, &u->world->layout, NULL, NULL);
    if (status == DR_OK && layout.is_long && dr_names_add(&layout.uses, "FINAL") < 0)
        status = dr_fail_memory();
    layout.is_long = false;
    if (status == DR_OK)
        status = dr_writer_create(writer, &layout);
    dr_layout_free(&layout);
    dr_merge_free(&same);
    DR_TRY(status);
    DR_TRY(dr_writer_year(writer, u->trade->year, u->table->unit, &replaced));
    DR_TRY(write_source(writer, u, new->title));
    DR_TRY(write_cells(writer, u));
    DR_TRY(dr_moved_accounts_write(&new->accounts, writer, u->trade->year));
    return dr_writer_findings(writer, report);
}

static dr_status write_world(const dr_update *u, const dr_table *report, const estimate *new, const char *to)
{
    dr_writer *writer = NULL;
    DR_TRY(dr_writer_open(&writer, to));
    dr_status status = write_year(writer, u, report, new);
    if (status == DR_OK)
        return dr_writer_commit(writer);
    dr_writer_abandon(writer);
    return status;
}

/* ---- The function ------------------------------------------------------------------------------------------------ */

static dr_status load(dr_update *u, const dr_update_options *o)
{
    DR_TRY(dr_economy_load_names(&u->table, u->world, o->from));
    DR_TRY(dr_economy_load_names(&u->trade, u->flows, o->year));
    if (strcmp(u->table->unit, u->trade->unit) != 0)
        return dr_fail(DR_BAD_INPUT, "%s: in '%s', where %s is in '%s'; expected the same unit", u->flows->path,
                       u->trade->unit, u->world->path, u->table->unit);
    DR_TRY(dr_match_read(&u->match, u->table, u->trade));
    return dr_targets_read(u);
}

/* What the new world is, for every result to say. */
static const char *describe(dr_arena *arena, const dr_update *u)
{
    char moved[32];
    dr_print_text(moved, sizeof moved, "%.1f%%", 100 * distance(u));
    return dr_arena_format(arena,
                           "estimate for %d: the table of %d (%s) brought to the trade flows of %d (%s) by GRAS; %s of "
                           "all sales changed place",
                           u->trade->year, u->table->year, u->table->source, u->trade->year, u->trade->source, moved);
}

static void say_accounts(dr_table *report, const dr_update *u, const dr_moved_accounts *moved)
{
    char was[DR_MONEY_SIZE], is[DR_MONEY_SIZE];
    for (size_t i = 0; i < moved->count; i++) {
        const dr_account_year *a = moved->list[i].account;
        say(report, u, "account", "%.*s: %s, where %d had %s: as much per unit of output and of final use",
            DR_LONGEST_ACCOUNT, a->name, dr_money(is, moved->list[i].after, a->unit), u->table->year,
            dr_money(was, moved->list[i].before, a->unit));
    }
}

static dr_status finish(dr_update *u, dr_table *report, const dr_gras *g, const estimate *new, const char *to)
{
    if (!new->title)
        return dr_fail_memory();
    dr_table_set_title(report, "%s: %s of %d brought to the trade flows of %d", to, u->world->path, u->table->year,
                       u->trade->year);
    fill_report(report, u, g, new->title);
    say_accounts(report, u, &new->accounts);
    DR_TRY(dr_table_done(report));
    return write_world(u, report, new, to);
}

static dr_status run(dr_update *u, dr_table *report, const dr_update_options *o, const char *to)
{
    dr_gras g;
    dr_arena arena = {0};
    DR_TRY(load(u, o));
    DR_TRY(balance(&g, u));
    estimate new = {.title = describe(&arena, u)};
    dr_status status = dr_moved_accounts_make(&new.accounts, u);
    if (status == DR_OK)
        status = finish(u, report, &g, &new, to);
    dr_moved_accounts_free(&new.accounts);
    dr_arena_free(&arena);
    return status;
}

dr_status dr_world_update(dr_table **report, dr_world *world, dr_world *flows, const char *to,
                          const dr_update_options *options)
{
    DR_TRY(DR_GIVEN(world, flows, to));
    dr_update_options whole;
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    options = &whole;
    DR_TRY(DR_WITHIN(__func__, options->from, 0, 9999));
    DR_TRY(DR_WITHIN(__func__, options->year, 0, 9999));
    struct stat about;
    dr_table *made = NULL;
    dr_update u = {.world = world, .flows = flows};
    if (stat(to, &about) == 0)
        return dr_fail(DR_BAD_INPUT, "%s: already exists; expected the name of a new world", to);
    DR_TRY(dr_table_new(&made, dr_finding_columns, DR_FINDING_COLUMNS));
    dr_status status = run(&u, made, options, to);
    dr_targets_free(&u);
    if (status == DR_OK && report)
        *report = made;
    else
        dr_table_free(made);
    return status;
}
