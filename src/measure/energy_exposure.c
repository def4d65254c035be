/* Dependence on a supplier of energy, by fuel, importer and year, from physical flows. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/print.h"
#include "base/rows.h"
#include "world/countries.h"
#include "world/describe.h"
#include "world/products.h"
#include "world/roster.h"

static const dr_column_spec columns[] = {
    {"fuel", DR_SHOW_TEXT},     {"unit", DR_SHOW_TEXT},          {"year", DR_SHOW_COUNT},  {"importer", DR_SHOW_TEXT},
    {"imports", DR_SHOW_VALUE}, {"imports_from", DR_SHOW_VALUE}, {"share", DR_SHOW_SHARE}, {"months", DR_SHOW_COUNT},
};

static dr_status unknown_name(const dr_world *world, const char *name, const char *side)
{
    dr_names known = {0};
    char hint[DR_HINT_SIZE];
    dr_status status = dr_cursor_names(
        &known, &world->duck, "SELECT code FROM region_group UNION SELECT %s FROM energy_flow ORDER BY 1", side);
    if (status == DR_OK)
        status = dr_fail(DR_BAD_INPUT, "%s: '%s' is no group, nor an %s of energy%s", world->path, name,
                         strcmp(side, "partner") == 0 ? "exporter" : "importer",
                         dr_hint(hint, name, (const char *const *)known.names, known.count));
    dr_names_free(&known);
    return status;
}

/* Adds a quoted text to an SQL list. */
static dr_status put_name(FILE *list, bool *begun, const char *name)
{
    char *quoted = dr_duck_quote(name);
    if (!quoted)
        return dr_fail_memory();
    fprintf(list, "%s%s", *begun ? ", " : "", quoted);
    *begun = true;
    free(quoted);
    return DR_OK;
}

/* A group stands for itself, as SQL has the members of each year; in the composition of one year for its members. */
static dr_status put_group(FILE *list, bool *begun, const dr_roster *roster, size_t group, int year)
{
    if (year == 0)
        return put_name(list, begun, roster->groups.names[group]);
    for (size_t i = 0; i < roster->count; i++)
        if (roster->spell[i].group == group && dr_roster_has(roster, group, year, roster->spell[i].country))
            DR_TRY(put_name(list, begun, roster->spell[i].country));
    return DR_OK;
}

/* Adds a name to an SQL list, if it is a group or has flows on that side. */
static dr_status add_name(FILE *list, bool *begun, const dr_world *world, const dr_roster *roster, const char *name,
                          const char *side)
{
    const dr_countries *countries = NULL;
    dr_names found = {0};
    int group = -1, year = 0;
    DR_TRY(dr_roster_find(roster, name, &group, &year));
    if (group >= 0)
        return put_group(list, begun, roster, (size_t)group, year);
    DR_TRY(dr_countries_read(&countries));
    const dr_country *country = dr_country_find(countries, name);
    char *quoted = dr_duck_quote(name), *code = dr_duck_quote(country ? country->code : name);
    dr_status status = quoted && code ? dr_cursor_names(&found, &world->duck,
                                                        "SELECT DISTINCT %s FROM energy_flow WHERE %s IN (%s, %s)",
                                                        side, side, quoted, code)
                                      : dr_fail_memory();
    if (status == DR_OK)
        status = found.count == 0 ? unknown_name(world, name, side) : put_name(list, begun, found.names[0]);
    dr_names_free(&found);
    free(quoted);
    free(code);
    return status;
}

/* The names of a list as one of SQL: 'EU', 'CHE'. */
static dr_status read_names(char **out, const dr_world *world, const char *names, const char *side)
{
    size_t size = 0;
    char *copy = strdup(names), *rest = copy, *list = NULL;
    FILE *stream = copy ? open_memstream(&list, &size) : NULL;
    dr_status status = stream ? DR_OK : dr_fail_memory();
    dr_roster roster = {0};
    bool begun = false;
    if (status == DR_OK)
        status = dr_roster_read(&roster, &world->duck);
    for (char *name; status == DR_OK && (name = strsep(&rest, ","));)
        status = add_name(stream, &begun, world, &roster, name + strspn(name, " "), side);
    dr_roster_free(&roster);
    free(copy);
    if (stream && fclose(stream) != 0 && status == DR_OK)
        status = dr_fail_memory();
    if (status == DR_OK)
        *out = list;
    else
        free(list);
    return status;
}

/* Importers of a year that are named, or in a group that is. Their own total counts, where the source has one. */
static const char rows[] =
    "WITH f AS (SELECT * FROM energy_flow WHERE %d IN (0, year)),"
    " inside AS (SELECT DISTINCT f.year, f.importer FROM f LEFT JOIN group_member m ON m.iso3 = f.importer AND "
    "m.group_code IN (%s)"
    "  AND m.since <= make_date(f.year, 7, 1) AND (m.until IS NULL OR m.until >= make_date(f.year, 7, 1))"
    "  WHERE f.importer IN (%s) OR m.iso3 IS NOT NULL),"
    " supplier AS (SELECT DISTINCT f.year, f.partner FROM f LEFT JOIN group_member m ON m.iso3 = f.partner AND "
    "m.group_code IN (%s)"
    "  AND m.since <= make_date(f.year, 7, 1) AND (m.until IS NULL OR m.until >= make_date(f.year, 7, 1))"
    "  WHERE f.partner IN (%s) OR m.iso3 IS NOT NULL),"
    " one AS (SELECT f.fuel, f.unit, f.year, f.importer, coalesce(sum(f.value) FILTER (f.partner = 'TOTAL'),"
    "  sum(f.value) FILTER (f.partner <> 'TOTAL')) AS imports, coalesce(sum(f.value) FILTER (s.partner IS NOT NULL), "
    "0) AS imports_from,"
    "  max(f.months) AS months FROM f JOIN inside i ON i.year = f.year AND i.importer = f.importer LEFT JOIN supplier "
    "s ON s.year = f.year"
    "  AND s.partner = f.partner GROUP BY ALL),"
    " both_of AS (SELECT *, 0 AS last FROM one UNION ALL SELECT fuel, unit, year, %s, sum(imports), sum(imports_from), "
    "min(months), 1"
    "  FROM one GROUP BY fuel, unit, year HAVING count(*) > 1)"
    " SELECT fuel, unit, year, importer, imports, imports_from, imports_from / nullif(imports, 0), months FROM both_of"
    " ORDER BY fuel, unit, year, last, importer";

static dr_status no_year(const dr_world *world, const char *of, int year)
{
    dr_names years = {0};
    dr_status status =
        dr_cursor_names(&years, &world->duck,
                        "SELECT string_agg(DISTINCT year::VARCHAR, ', ' ORDER BY year::VARCHAR) FROM energy_flow");
    if (status == DR_OK)
        status = dr_fail(DR_BAD_INPUT, "%s: holds no flows of energy to %s in %d; it holds those of %s", world->path,
                         of, year, years.names[0]);
    dr_names_free(&years);
    return status;
}

static dr_status fill(dr_table *table, const dr_world *world, const char *of, const char *to, int year)
{
    char *names = NULL, *partners = NULL, *label = NULL, *sql = NULL;
    dr_status status = read_names(&names, world, of, "importer");
    if (status == DR_OK)
        status = read_names(&partners, world, to, "partner");
    if (status == DR_OK &&
        (!(label = dr_duck_quote(of)) || dr_print_new(&sql, rows, year, names, names, partners, partners, label) < 0))
        status = dr_fail_memory();
    if (status == DR_OK)
        status = dr_cursor_fill(table, &world->duck, sql);
    free(names);
    free(partners);
    free(label);
    free(sql);
    if (status == DR_OK && table->rows == 0 && year)
        return no_year(world, of, year);
    if (status == DR_OK && table->rows == 0)
        return dr_fail(DR_BAD_INPUT, "%s: holds no flows of energy to %s", world->path, of);
    return status;
}

/* Whether two rows are of the same fuel, unit and year. */
static bool same_year(const dr_table *table, size_t a, size_t b)
{
    enum { FUEL, UNIT, YEAR };
    return strcmp(dr_table_text(table, a, FUEL), dr_table_text(table, b, FUEL)) == 0 &&
           strcmp(dr_table_text(table, a, UNIT), dr_table_text(table, b, UNIT)) == 0 &&
           dr_table_number(table, a, YEAR) == dr_table_number(table, b, YEAR);
}

/* Where a year of a fuel has several rows, the last one is their sum. Whether there are any. */
static bool mark_sums(dr_table *table)
{
    bool found = false;
    for (size_t row = 1; row < table->rows; row++)
        if (same_year(table, row, row - 1) && (row + 1 == table->rows || !same_year(table, row, row + 1))) {
            dr_table_set_kind(table, row, DR_ROW_GROUP);
            found = true;
        }
    return found;
}

/* Says of the groups whose flows there are, and who comes and goes over the table's years. */
static dr_status tell_groups(dr_table *table, const dr_world *world, const char *list, const char *side)
{
    enum { YEAR = 2 };
    dr_names codes = {0};
    double first = INFINITY, last = 0;
    for (size_t row = 0; row < table->rows; row++) {
        first = fmin(first, dr_table_number(table, row, YEAR));
        last = fmax(last, dr_table_number(table, row, YEAR));
    }
    dr_status status = dr_cursor_names(&codes, &world->duck, "SELECT DISTINCT %s FROM energy_flow ORDER BY 1", side);
    if (status == DR_OK && table->rows > 0)
        status = dr_product_tell_groups(table, world, (int)first, (int)last, &codes, list);
    dr_names_free(&codes);
    return status;
}

static dr_status describe(dr_table *table, const dr_world *world, const char *of, const char *to, int year)
{
    dr_names sources = {0};
    DR_TRY(dr_cursor_names(&sources, &world->duck,
                           "SELECT string_agg(DISTINCT title, '; ' ORDER BY title) FROM energy_source"));
    dr_describe_title(table, year, "Energy that %s imports from %s", of, to);
    dr_describe(table, world->path, year, "as each row says", sources.count ? sources.names[0] : "");
    dr_table_add_fact_text(table, "of", of);
    dr_table_add_fact_text(table, "to", to);
    if (mark_sums(table))
        dr_table_add_note(table, "the last row of a year is %s as a whole, the sum of its members of that year", of);
    dr_table_add_note(
        table,
        "partners may be those of transit: what a member passes on to another counts twice, and not as its origin's");
    dr_names_free(&sources);
    DR_TRY(tell_groups(table, world, of, "importer"));
    DR_TRY(tell_groups(table, world, to, "partner"));
    return dr_table_done(table);
}

dr_status dr_exposure_energy(dr_table **out, dr_world *world, const char *of, const char *to, int year)
{
    DR_TRY(DR_GIVEN(out, world, of, to));
    dr_table *table = NULL;
    bool there = false;
    DR_TRY(dr_products_table(&world->duck, "energy_flow", &there));
    if (there)
        DR_TRY(dr_world_rows_check(world, "energy_flow"));
    if (!there)
        return dr_fail(DR_BAD_INPUT, "%s: holds no flows of energy; 'derisk import energy' reads them", world->path);
    DR_TRY(dr_table_new(&table, columns, sizeof columns / sizeof *columns));
    dr_status status = fill(table, world, of, to, year);
    if (status == DR_OK)
        status = describe(table, world, of, to, year);
    if (status == DR_OK)
        *out = table;
    else
        dr_table_free(table);
    return status;
}
