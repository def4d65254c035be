/* The flows behind the figures of one product. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/money.h"
#include "base/sql.h"
#include "measure/measure_sql.h"
#include "world/countries.h"
#include "world/describe.h"
#include "world/products.h"

enum { ROLE, EXPORTER, IMPORTER, VALUE, QUANTITY, SHARE, SQUARE, COLUMNS };

static const dr_column_spec columns[COLUMNS] = {
    {"role", DR_SHOW_TEXT},      {"exporter", DR_SHOW_TEXT}, {"importer", DR_SHOW_TEXT}, {"value", DR_SHOW_VALUE},
    {"quantity", DR_SHOW_VALUE}, {"share", DR_SHOW_SHARE},   {"square", DR_SHOW_NUMBER},
};

/* The role of a flow for the group. */
enum { IMPORT, INSIDE, EXPORT, OTHER, ROLES };
static const char *const roles[ROLES] = {"import", "inside", "export", "other"};

typedef struct product {
    const char *code, *of;
    dr_product_year year;
    dr_names regions;
    bool *member, *unspecified; /* [region] */
    double totals[ROLES];
    double *from;            /* [region]: imports of the group from it */
    double from_unspecified; /* imports from partners that the statistics do not name */
} product;

static size_t role_of(const product *p, int exporter, int importer)
{
    bool from = p->member[exporter], to = p->member[importer];
    return from ? (to ? INSIDE : EXPORT) : to ? IMPORT : OTHER;
}

static dr_status unknown_product(const product *p, const dr_world *world)
{
    dr_names codes = {0};
    char hint[DR_HINT_SIZE];
    dr_status status = dr_sql_names(&codes, &world->duck, dr_measure_sql.products.products_of_year,
                                    DR_VALUES(dr_sql_integer("year", p->year.year)));
    if (status == DR_OK)
        status = dr_fail(DR_BAD_INPUT, "%s: no flows of the product '%s' in %d%s", world->path, p->code, p->year.year,
                         dr_hint(hint, p->code, (const char *const *)codes.names, codes.count));
    dr_names_free(&codes);
    return status;
}

static dr_status take_rows(product *p, dr_table *table, dr_cursor *cursor, size_t wanted)
{
    dr_arena texts = {0};
    bool more = false;
    dr_status status = DR_OK;
    while (status == DR_OK && (status = dr_cursor_next(cursor, &more)) == DR_OK && more) {
        const char *from = dr_cursor_text(cursor, 0, &texts), *to = dr_cursor_text(cursor, 1, &texts);
        int exporter = from ? dr_names_find(&p->regions, from) : -1,
            importer = to ? dr_names_find(&p->regions, to) : -1;
        if (exporter < 0 || importer < 0) {
            status = dr_fail_memory();
            break;
        }
        size_t role = role_of(p, exporter, importer);
        if (role != wanted)
            continue;
        size_t row = dr_table_add_row(table);
        dr_table_set_text(table, row, ROLE, roles[role]);
        dr_table_set_text(table, row, EXPORTER, from);
        dr_table_set_text(table, row, IMPORTER, to);
        dr_table_set_number(table, row, VALUE, dr_cursor_number(cursor, 2));
        dr_table_set_number(table, row, QUANTITY, dr_cursor_number(cursor, 3));
        p->totals[role] += dr_cursor_number(cursor, 2);
        if (role == IMPORT)
            *(p->unspecified[exporter] ? &p->from_unspecified : &p->from[exporter]) += dr_cursor_number(cursor, 2);
    }
    dr_arena_free(&texts);
    return status == DR_OK ? dr_table_done(table) : status;
}

static dr_status read_role(product *p, dr_table *table, const dr_world *world, size_t role)
{
    dr_cursor cursor;
    dr_status status = dr_sql_open(&cursor, &world->duck, dr_measure_sql.products.flows,
                                   DR_VALUES(dr_sql_integer("year", p->year.year), dr_sql_text("product", p->code)));
    if (status == DR_OK)
        status = take_rows(p, table, &cursor, role);
    dr_cursor_close(&cursor);
    return status;
}

/* Imports first, then trade inside the group, its exports, and the flows of others. */
static dr_status read_rows(product *p, dr_table *table, const dr_world *world)
{
    dr_status status = DR_OK;
    for (size_t role = 0; status == DR_OK && role < ROLES; role++)
        status = read_role(p, table, world, role);
    return status == DR_OK && table->rows == 0 ? unknown_product(p, world) : status;
}

static size_t role_at(const dr_table *table, size_t row)
{
    size_t role = 0;
    while (strcmp(roles[role], table->columns[ROLE].texts[row]) != 0)
        role++;
    return role;
}

/* A row's part of the sum of squares is its share times that of its source, so that the column adds up to cdi1. */
static void fill_shares(const product *p, dr_table *table)
{
    for (size_t row = 0; row < table->rows; row++) {
        size_t role = role_at(table, row);
        int source = dr_names_find(&p->regions, table->columns[EXPORTER].texts[row]);
        double told = p->totals[role] - (role == IMPORT ? p->from_unspecified : 0);
        double share = role == IMPORT && p->unspecified[source] ? NAN : table->columns[VALUE].numbers[row] / told;
        dr_table_set_number(table, row, SHARE, share);
        dr_table_set_number(table, row, SQUARE, role == IMPORT ? share * p->from[source] / told : NAN);
    }
}

static void describe(const product *p, dr_table *table, const dr_world *world)
{
    dr_table_set_title(table,
                       "Flows of product %s, %d: imports of %s, trade within it, its exports and flows between others",
                       p->code, p->year.year, p->of);
    dr_table_set_unit(table, p->year.unit);
    dr_describe(table, world->path, p->year.year, p->year.unit, p->year.source);
    dr_table_add_fact_text(table, "quantity_unit", p->year.quantity_unit);
    dr_table_add_fact_text(table, "of", p->of);
    dr_table_add_fact_text(table, "classification", p->year.classification);
    for (size_t role = 0; role < ROLES; role++)
        dr_table_add_fact(table, roles[role], p->totals[role]);
    dr_table_add_note(table, "in %s; quantities in %s; share is that in all flows of the role; squares add up to cdi1",
                      p->year.unit, p->year.quantity_unit);
    dr_table_add_fact(table, "unspecified", p->from_unspecified);
    if (p->from_unspecified > 0)
        dr_table_add_note(
            table,
            "%.2f%% of imports come from partners that the statistics do not name; shares of imports are of the rest",
            100 * p->from_unspecified / p->totals[IMPORT]);
}

static void answer(const product *p, dr_table *table)
{
    char of[DR_SPOKEN_SIZE], from[DR_SPOKEN_SIZE], money[DR_MONEY_SIZE];
    size_t first = 0; /* the largest source, of those that are named */
    for (size_t i = 1; i < p->regions.count; i++)
        first = !p->unspecified[i] && (p->unspecified[first] || p->from[i] > p->from[first]) ? i : first;
    double told = p->totals[IMPORT] - p->from_unspecified;
    dr_describe_names(table, NULL);
    if (!(told > 0))
        return;
    dr_table_say(table, "In %d %s imported %s of product %s; the largest supplier was %s with %.2f%%.", p->year.year,
                 dr_spoken(of, NULL, p->of), dr_money(money, p->totals[IMPORT], p->year.unit), p->code,
                 dr_spoken(from, NULL, p->regions.names[first]), 100 * p->from[first] / told);
}

static dr_status fill(product *p, dr_table *table, dr_world *world, int year)
{
    DR_TRY(dr_product_year_read(&p->year, world, year));
    DR_TRY(dr_sql_names(&p->regions, &world->duck, dr_measure_sql.products.regions, NULL));
    DR_TRY(dr_product_members(&p->member, world, p->year.year, &p->regions, p->of));
    DR_TRY(dr_countries_undisclosed(&p->unspecified, &p->regions));
    if (!(p->from = dr_new_doubles(p->regions.count)))
        return dr_fail_memory();
    DR_TRY(read_rows(p, table, world));
    fill_shares(p, table);
    describe(p, table, world);
    answer(p, table);
    DR_TRY(dr_product_tell_groups(table, world, p->year.year, p->year.year, &p->regions, p->of));
    return dr_table_done(table);
}

dr_status dr_exposure_product_rows(dr_table **out, dr_world *world, const char *of, const char *code, int year)
{
    DR_TRY(DR_GIVEN(out, world, of, code));
    product p = {.code = code, .of = of};
    dr_table *table = NULL;
    DR_TRY(dr_table_new(&table, columns, COLUMNS));
    dr_status status = fill(&p, table, world, year);
    dr_product_year_free(&p.year);
    dr_names_free(&p.regions);
    free(p.member);
    free(p.unspecified);
    free(p.from);
    if (status == DR_OK)
        *out = table;
    else
        dr_table_free(table);
    return status;
}
