/* Dependence on a supplier of energy, by fuel, importer and year, from physical flows. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/sql.h"
#include "measure/answers.h"
#include "measure/measure_sql.h"
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
    dr_status status =
        dr_sql_names(&known, &world->duck, dr_measure_sql.energy.known_names, DR_VALUES(dr_sql_name("side", side)));
    if (status == DR_OK)
        status = dr_fail(DR_BAD_INPUT, "%s: '%s' is neither a group nor an %s of energy%s", world->path, name,
                         strcmp(side, "partner") == 0 ? "exporter" : "importer",
                         dr_hint(hint, name, (const char *const *)known.names, known.count));
    dr_names_free(&known);
    return status;
}

/* Adds a group: by its code, whose members are those of each year, or the members of its composition in one year. */
static dr_status add_group(dr_names *list, const dr_roster *roster, size_t group, int year)
{
    if (year == 0)
        return dr_names_add(list, roster->groups.names[group]) < 0 ? dr_fail_memory() : DR_OK;
    for (size_t i = 0; i < roster->count; i++)
        if (roster->spell[i].group == group && dr_roster_has(roster, group, year, roster->spell[i].country) &&
            dr_names_add(list, roster->spell[i].country) < 0)
            return dr_fail_memory();
    return DR_OK;
}

/* Adds a group, or an economy that has flows on that side. */
static dr_status add_name(dr_names *list, const dr_world *world, const dr_roster *roster, const char *name,
                          const char *side)
{
    const dr_countries *countries = NULL;
    dr_names found = {0};
    int group = -1, year = 0;
    DR_TRY(dr_roster_find(roster, name, &group, &year));
    if (group >= 0)
        return add_group(list, roster, (size_t)group, year);
    DR_TRY(dr_countries_read(&countries));
    const dr_country *country = dr_country_find(countries, name);
    const char *const spellings[] = {name, country ? country->code : name};
    dr_status status = dr_sql_names(&found, &world->duck, dr_measure_sql.energy.find_name,
                                    DR_VALUES(dr_sql_name("side", side), dr_sql_texts("names", spellings, 2)));
    if (status == DR_OK && found.count == 0)
        status = unknown_name(world, name, side);
    else if (status == DR_OK && dr_names_add(list, found.names[0]) < 0)
        status = dr_fail_memory();
    dr_names_free(&found);
    return status;
}

/* Adds the names of a list with commas: "EU, CHE". */
static dr_status add_names(dr_names *list, const dr_world *world, const char *names, const char *side)
{
    char *copy = strdup(names), *rest = copy;
    dr_roster roster = {0};
    dr_status status = copy ? dr_roster_read(&roster, &world->duck) : dr_fail_memory();
    for (char *name; status == DR_OK && (name = strsep(&rest, ","));)
        status = add_name(list, world, &roster, name + strspn(name, " "), side);
    dr_roster_free(&roster);
    free(copy);
    return status;
}

static dr_status no_year(const dr_world *world, const char *of, int year)
{
    dr_names years = {0};
    dr_status status = dr_sql_names(&years, &world->duck, dr_measure_sql.energy.years, NULL);
    if (status == DR_OK)
        status = dr_fail(DR_BAD_INPUT, "%s: holds no flows of energy to %s in %d; it holds those of %s", world->path,
                         of, year, years.names[0]);
    dr_names_free(&years);
    return status;
}

static dr_status fill(dr_table *table, const dr_world *world, const char *of, const char *to, int year)
{
    dr_names importers = {0}, partners = {0};
    dr_status status = add_names(&importers, world, of, "importer");
    if (status == DR_OK)
        status = add_names(&partners, world, to, "partner");
    if (status == DR_OK)
        status =
            dr_sql_table(table, &world->duck, dr_measure_sql.energy.exposure,
                         DR_VALUES(dr_sql_integer("year", year), dr_sql_text("label", of),
                                   dr_sql_texts("importers", (const char *const *)importers.names, importers.count),
                                   dr_sql_texts("partners", (const char *const *)partners.names, partners.count)));
    dr_names_free(&importers);
    dr_names_free(&partners);
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

/* Marks as sums the last rows of a year of a fuel that has several rows. Returns whether there are any. */
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

/* Notes the members of groups that have flows, and the changes in membership over the table's years. */
static dr_status tell_groups(dr_table *table, const dr_world *world, const char *list, const char *side)
{
    enum { YEAR = 2 };
    dr_names codes = {0};
    double first = INFINITY, last = 0;
    for (size_t row = 0; row < table->rows; row++) {
        first = fmin(first, dr_table_number(table, row, YEAR));
        last = fmax(last, dr_table_number(table, row, YEAR));
    }
    dr_status status =
        dr_sql_names(&codes, &world->duck, dr_measure_sql.energy.codes, DR_VALUES(dr_sql_name("side", side)));
    if (status == DR_OK && table->rows > 0)
        status = dr_product_tell_groups(table, world, (int)first, (int)last, &codes, list);
    dr_names_free(&codes);
    return status;
}

static dr_status describe(dr_table *table, const dr_world *world, const char *of, const char *to, int year)
{
    dr_names sources = {0};
    DR_TRY(dr_sql_names(&sources, &world->duck, dr_measure_sql.energy.sources, NULL));
    dr_describe_title(table, year, "Energy that %s imports from %s", of, to);
    dr_describe(table, world->path, year, "as each row says", sources.count ? sources.names[0] : "");
    dr_table_add_fact_text(table, "of", of);
    dr_table_add_fact_text(table, "to", to);
    if (mark_sums(table))
        dr_table_add_note(table, "the last row of a year is %s as a whole, the sum of its members of that year", of);
    dr_table_add_note(
        table,
        "partners may be transit countries: energy that one member passes on to another counts twice, and under the "
        "transit country rather than the country of origin");
    dr_names_free(&sources);
    DR_TRY(tell_groups(table, world, of, "importer"));
    DR_TRY(tell_groups(table, world, to, "partner"));
    dr_answer_energy(table, of, to);
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
