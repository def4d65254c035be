/* A year's numbers into the tables of a world. Zero cells are not stored. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/sql.h"
#include "world/flows.h"
#include "world/icio_rows.h"
#include "world/row_sums.h"
#include "world/world_sql.h"

/* Accounts stay when the table beside them is replaced. */
static dr_status drop_year(const dr_writer *writer, int year)
{
    for (const dr_cells *cells = dr_cells_all; cells->table; cells++)
        if (dr_cells_of_table(cells, writer->layout.is_long))
            DR_TRY(dr_sql_run(&writer->duck, dr_world_sql.years.drop_cells,
                              DR_VALUES(dr_sql_name("table", dr_cells_stored(cells, writer->version)),
                                        dr_sql_integer("year", year))));
    if (writer->version >= DR_SUMS_VERSION)
        DR_TRY(dr_sql_run(&writer->duck, dr_world_sql.years.drop_sums, DR_VALUES(dr_sql_integer("year", year))));
    return dr_sql_run(&writer->duck, dr_world_sql.years.drop, DR_VALUES(dr_sql_integer("year", year)));
}

/* Those of years, which the first version has not. */
static dr_status add_year_sums(const dr_writer *writer)
{
    int *years = NULL;
    size_t count = 0;
    dr_status status = dr_sql_list(&years, &count, &writer->duck, dr_world_sql.years.years, NULL);
    for (size_t i = 0; i < count && status == DR_OK; i++)
        status = dr_sums_write(&writer->duck, &writer->layout, years[i]);
    free(years);
    bool products = false;
    if (status == DR_OK)
        status = dr_products_table(&writer->duck, "product_year", &products);
    if (status == DR_OK && products)
        status = dr_flows_sums_write(&writer->duck);
    return status;
}

static dr_status upgrade(dr_writer *writer)
{
    if (writer->version >= DR_SCHEMA_VERSION)
        return DR_OK;
    if (writer->version < DR_SUMS_VERSION)
        DR_TRY(dr_tables_create(&writer->duck, DR_OF_SUMS));
    if (writer->version < DR_LISTS_VERSION && writer->layout.uses.count > 0)
        DR_TRY(dr_icio_rows_convert(&writer->duck, &writer->layout, writer->version < DR_SUMS_VERSION));
    if (writer->version < DR_SUMS_VERSION)
        DR_TRY(add_year_sums(writer));
    if (writer->version < DR_ROW_SUMS_VERSION)
        DR_TRY(dr_row_sums_write(&writer->duck));
    writer->version = DR_SCHEMA_VERSION;
    return dr_sql_run(&writer->duck, dr_world_sql.schema.set_version,
                      DR_VALUES(dr_sql_integer("version", DR_SCHEMA_VERSION)));
}

dr_status dr_writer_upgrade(dr_writer *writer)
{
    return dr_writer_at(writer, upgrade(writer));
}

static dr_status start_year(dr_writer *writer, int year, const char *unit, bool *replaced)
{
    if (writer->layout.is_long) /* worlds made before there were factors get the table with their next year */
        DR_TRY(dr_tables_create(&writer->duck, DR_OF_FACTORS));
    DR_TRY(dr_sql_any(replaced, &writer->duck, dr_world_sql.years.is_stored, DR_VALUES(dr_sql_integer("year", year))));
    if (*replaced)
        DR_TRY(drop_year(writer, year));
    DR_TRY(upgrade(writer));
    dr_append rows;
    DR_TRY(dr_append_open(&rows, &writer->duck, "year"));
    dr_append_index(&rows, 0, (size_t)year);
    dr_append_text(&rows, 1, unit);
    return dr_append_end(&rows, dr_append_row(&rows));
}

dr_status dr_writer_year(dr_writer *writer, int year, const char *unit, bool *replaced)
{
    return dr_writer_at(writer, start_year(writer, year, unit, replaced));
}

enum { TABLE_SIZE = 32 };

static const char *prefixed(char table[TABLE_SIZE], const dr_writer *writer, const char *name)
{
    snprintf(table, TABLE_SIZE, "%s%s", writer->prefix ? writer->prefix : "", name);
    return table;
}

static dr_status append_source(dr_writer *writer, const dr_source *source, const char *hash)
{
    const char *texts[] = {source->id,        source->title, source->publisher, source->licence,
                           source->retrieved, source->url,   source->name,      hash};
    char table[TABLE_SIZE];
    dr_append rows;
    DR_TRY(dr_append_open(&rows, &writer->duck, prefixed(table, writer, "source")));
    for (size_t i = 0; i < 8; i++)
        dr_append_text(&rows, i, texts[i]);
    dr_append_index(&rows, 8, (size_t)source->year);
    return dr_append_end(&rows, dr_append_row(&rows));
}

static dr_status add_source(dr_writer *writer, const dr_source *source)
{
    char hash[DR_DIGEST_SIZE];
    if (!source->path)
        return append_source(writer, source, source->sha256);
    DR_TRY(dr_file_digest(hash, source->path));
    return append_source(writer, source, hash);
}

dr_status dr_writer_source(dr_writer *writer, const dr_source *source)
{
    return dr_writer_at(writer, add_source(writer, source));
}

/* ---- Input-output tables ---- */

/* An array [a, b] as rows `year, a, b, value`, or with b = 0 an array [a] as `year, a, value`, zeros included. */
static dr_status append_array(dr_writer *writer, int year, const char *name, const double *values, size_t a, size_t b)
{
    dr_append rows;
    if (!values)
        return DR_OK;
    DR_TRY(dr_append_open(&rows, &writer->duck, name));
    dr_status status = DR_OK;
    size_t inner = b ? b : 1;
    for (size_t i = 0; status == DR_OK && i < a * inner; i++) {
        if (b && values[i] == 0)
            continue;
        dr_append_index(&rows, 0, (size_t)year);
        dr_append_index(&rows, 1, i / inner);
        if (b)
            dr_append_index(&rows, 2, i % inner);
        dr_append_number(&rows, b ? 3 : 2, values[i]);
        status = dr_append_row(&rows);
    }
    return dr_append_end(&rows, status);
}

static dr_status append_icio(dr_writer *writer, const dr_icio *table)
{
    size_t regions = writer->layout.regions.count, sectors = writer->layout.sectors.count;
    DR_TRY(dr_icio_rows_write(&writer->duck, &writer->layout, table));
    DR_TRY(append_array(writer, table->year, "output", table->output, regions, sectors));
    DR_TRY(append_array(writer, table->year, "value_added", table->value_added, regions, sectors));
    return dr_sums_write(&writer->duck, &writer->layout, table->year);
}

dr_status dr_writer_icio(dr_writer *writer, const dr_icio *table)
{
    return dr_writer_at(writer, append_icio(writer, table));
}

/* ---- The long format ---- */

static dr_status append_flows(dr_writer *writer, const dr_long *table)
{
    size_t regions = writer->layout.regions.count, sectors = writer->layout.sectors.count;
    dr_append rows;
    DR_TRY(dr_append_open(&rows, &writer->duck, "flow"));
    dr_status status = DR_OK;
    for (size_t cell = 0; status == DR_OK && cell < regions * regions * sectors; cell++) {
        double tariff = table->tariff ? table->tariff[cell] : 0;
        if (table->flow[cell] == 0 && tariff == 0)
            continue;
        dr_append_index(&rows, 0, (size_t)table->year);
        dr_append_index(&rows, 1, cell / sectors % regions);
        dr_append_index(&rows, 2, cell / sectors / regions);
        dr_append_index(&rows, 3, cell % sectors);
        dr_append_number(&rows, 4, table->flow[cell]);
        dr_append_number(&rows, 5, tariff);
        status = dr_append_row(&rows);
    }
    return dr_append_end(&rows, status);
}

static dr_status append_inputs(dr_writer *writer, const dr_long *table)
{
    size_t regions = writer->layout.regions.count, sectors = writer->layout.sectors.count;
    dr_append rows;
    if (!table->input)
        return DR_OK;
    DR_TRY(dr_append_open(&rows, &writer->duck, "input"));
    dr_status status = DR_OK;
    for (size_t cell = 0; status == DR_OK && cell < regions * sectors * sectors; cell++) {
        if (table->input[cell] == 0)
            continue;
        dr_append_index(&rows, 0, (size_t)table->year);
        dr_append_index(&rows, 1, cell / sectors / sectors);
        dr_append_index(&rows, 2, cell / sectors % sectors);
        dr_append_index(&rows, 3, cell % sectors);
        dr_append_number(&rows, 4, table->input[cell]);
        status = dr_append_row(&rows);
    }
    return dr_append_end(&rows, status);
}

static dr_status append_factors(dr_writer *writer, const dr_long *table)
{
    size_t sectors = writer->layout.sectors.count, cells = writer->layout.regions.count * sectors;
    dr_append rows;
    if (!table->factor)
        return DR_OK;
    DR_TRY(dr_append_open(&rows, &writer->duck, "factor_income"));
    dr_status status = DR_OK;
    for (size_t i = 0; status == DR_OK && i < table->factors->count * cells; i++) {
        if (table->factor[i] == 0)
            continue;
        dr_append_index(&rows, 0, (size_t)table->year);
        dr_append_text(&rows, 1, table->factors->names[i / cells]);
        dr_append_index(&rows, 2, i % cells / sectors);
        dr_append_index(&rows, 3, i % sectors);
        dr_append_number(&rows, 4, table->factor[i]);
        status = dr_append_row(&rows);
    }
    return dr_append_end(&rows, status);
}

static dr_status append_long(dr_writer *writer, const dr_long *table)
{
    size_t regions = writer->layout.regions.count, sectors = writer->layout.sectors.count;
    DR_TRY(append_flows(writer, table));
    DR_TRY(append_inputs(writer, table));
    DR_TRY(append_array(writer, table->year, "final_demand", table->final, regions, sectors));
    DR_TRY(append_array(writer, table->year, "value_added", table->value_added, regions, sectors));
    DR_TRY(append_factors(writer, table));
    DR_TRY(append_array(writer, table->year, "deficit", table->deficit, regions, 0));
    DR_TRY(append_array(writer, table->year, "trade_elasticity", table->elasticity, sectors, 0));
    return dr_sums_write(&writer->duck, &writer->layout, table->year);
}

dr_status dr_writer_long(dr_writer *writer, const dr_long *table)
{
    return dr_writer_at(writer, append_long(writer, table));
}

/* ---- Findings of the checks ---- */

const dr_column_spec dr_finding_columns[DR_FINDING_COLUMNS] = {{"year", DR_SHOW_COUNT},
                                                               {"subject", DR_SHOW_TEXT},
                                                               {"place", DR_SHOW_TEXT},
                                                               {"found", DR_SHOW_TEXT},
                                                               {"done", DR_SHOW_TEXT}};

static dr_status append_findings(dr_writer *writer, const dr_table *findings)
{
    char table[TABLE_SIZE];
    dr_append rows;
    DR_TRY(dr_append_open(&rows, &writer->duck, prefixed(table, writer, "finding")));
    dr_status status = DR_OK;
    for (size_t row = 0; status == DR_OK && row < dr_table_rows(findings); row++) {
        double year = dr_table_number(findings, row, DR_FINDING_YEAR);
        if (isnan(year))
            dr_append_null(&rows, 0);
        else
            dr_append_index(&rows, 0, (size_t)year);
        for (size_t column = DR_FINDING_SUBJECT; column < DR_FINDING_COLUMNS; column++)
            dr_append_text(&rows, column, dr_table_text(findings, row, column));
        status = dr_append_row(&rows);
    }
    return dr_append_end(&rows, status);
}

dr_status dr_writer_findings(dr_writer *writer, const dr_table *findings)
{
    return dr_writer_at(writer, append_findings(writer, findings));
}
