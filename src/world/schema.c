/* The tables of a new world. What they hold is described in docs/world.md. */
#define _GNU_SOURCE /* open_memstream */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/embedded.h"
#include "base/rows.h"
#include "world/carry.h"

static const char of_all[] =
    "CREATE TABLE schema (version INTEGER, kind VARCHAR);"
    "CREATE TABLE year (year INTEGER, unit VARCHAR);"
    "CREATE TABLE source (id VARCHAR, title VARCHAR, publisher VARCHAR, licence VARCHAR, retrieved VARCHAR, url "
    "VARCHAR,"
    "    file VARCHAR, sha256 VARCHAR, year INTEGER);"
    "CREATE TABLE region_group (code VARCHAR, name VARCHAR, source_id VARCHAR);"
    "CREATE TABLE group_member (group_code VARCHAR, iso3 VARCHAR, since DATE, until DATE, source_id VARCHAR, note "
    "VARCHAR);"
    "CREATE TABLE finding (year INTEGER, subject VARCHAR, place VARCHAR, found VARCHAR, done VARCHAR);"
    "CREATE TABLE run (name VARCHAR, title VARCHAR, unit VARCHAR, stored TIMESTAMP);"
    "CREATE TABLE run_fact (run VARCHAR, fact VARCHAR, text VARCHAR, number DOUBLE);"
    "CREATE TABLE run_note (run VARCHAR, note VARCHAR);"
    "CREATE TABLE run_column (run VARCHAR, result VARCHAR, name VARCHAR, shown INTEGER);";

static const char of_regions[] =
    "CREATE TABLE region (code region_code, name VARCHAR, parts VARCHAR);"
    "CREATE TABLE sector (code sector_code, name VARCHAR, slug VARCHAR, kind VARCHAR, isic_rev3 VARCHAR);"
    "CREATE VIEW region_part AS"
    "    SELECT code AS region, unnest(string_split(parts, '|')) AS iso3 FROM region WHERE parts <> '';"
    /* a member in a year is one on its 1 July; a region of several parts while all its parts are */
    "CREATE VIEW membership AS"
    "    WITH size AS (SELECT region, count(DISTINCT iso3) AS parts FROM region_part GROUP BY region)"
    "    SELECT m.group_code, p.region, y.year FROM region_part p"
    "    JOIN group_member m ON m.iso3 = p.iso3 JOIN year y"
    "    ON m.since <= make_date(y.year, 7, 1) AND (m.until IS NULL OR m.until >= make_date(y.year, 7, 1))"
    "    JOIN size s ON s.region = p.region"
    "    GROUP BY m.group_code, p.region, y.year, s.parts HAVING count(DISTINCT p.iso3) = s.parts;";

static const char of_icio[] =
    "CREATE TABLE final_use (code use_code);"
    "INSERT INTO final_use SELECT unnest(enum_range(NULL::use_code));"
    "CREATE TABLE intermediate (year INTEGER, origin region_code, supplier sector_code, destination region_code,"
    "    user sector_code, value DOUBLE);"
    "CREATE TABLE final (year INTEGER, origin region_code, supplier sector_code, destination region_code, use use_code,"
    "    value DOUBLE);"
    "CREATE TABLE output (year INTEGER, region region_code, sector sector_code, value DOUBLE);"
    "CREATE TABLE value_added (year INTEGER, region region_code, sector sector_code, value DOUBLE);";

static const char of_long[] =
    "CREATE TABLE flow (year INTEGER, exporter region_code, importer region_code, sector sector_code, value DOUBLE,"
    "    tariff DOUBLE);"
    "CREATE TABLE input (year INTEGER, region region_code, input sector_code, sector sector_code, value DOUBLE);"
    "CREATE TABLE final_demand (year INTEGER, region region_code, sector sector_code, value DOUBLE);"
    "CREATE TABLE value_added (year INTEGER, region region_code, sector sector_code, value DOUBLE);" DR_FACTOR_TABLE ";"
    "CREATE TABLE deficit (year INTEGER, region region_code, value DOUBLE);"
    "CREATE TABLE trade_elasticity (year INTEGER, sector sector_code, value DOUBLE);";

static dr_status create_type(dr_writer *writer, const char *type, const dr_names *codes)
{
    char *sql = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&sql, &size);
    if (!stream)
        return dr_fail_memory();
    fprintf(stream, "CREATE TYPE %s AS ENUM (", type);
    bool failed = false;
    for (size_t i = 0; i < codes->count; i++) {
        char *quoted = dr_duck_quote(codes->names[i]);
        failed = failed || !quoted || fprintf(stream, "%s%s", i ? ", " : "", quoted) < 0;
        free(quoted);
    }
    failed = fprintf(stream, ")") < 0 || failed;
    failed = fclose(stream) != 0 || failed;
    dr_status status = failed ? dr_fail_memory() : dr_duck_run(&writer->duck, "%s", sql);
    free(sql);
    return status;
}

static dr_status add_regions(dr_writer *writer)
{
    const dr_layout *layout = &writer->layout;
    dr_append rows;
    DR_TRY(dr_append_open(&rows, &writer->duck, "region"));
    dr_status status = DR_OK;
    for (size_t i = 0; status == DR_OK && i < layout->regions.count; i++) {
        dr_append_index(&rows, 0, i);
        dr_append_text(&rows, 1, layout->region_names[i]);
        dr_append_text(&rows, 2, layout->region_parts[i]);
        status = dr_append_row(&rows);
    }
    return dr_append_end(&rows, status);
}

static dr_status add_sectors(dr_writer *writer)
{
    const dr_layout *layout = &writer->layout;
    dr_append rows;
    DR_TRY(dr_append_open(&rows, &writer->duck, "sector"));
    dr_status status = DR_OK;
    for (size_t i = 0; status == DR_OK && i < layout->sectors.count; i++) {
        dr_append_index(&rows, 0, i);
        dr_append_text(&rows, 1, layout->sector_names[i]);
        dr_append_text(&rows, 2, layout->sector_slugs[i]);
        dr_append_text(&rows, 3, layout->sector_kinds[i]);
        dr_append_text(&rows, 4, layout->sector_isic[i]);
        status = dr_append_row(&rows);
    }
    return dr_append_end(&rows, status);
}

/* Copies the named columns of a CSV that is built into the library, as texts, to the first columns of a table. */
static dr_status copy_csv(dr_append *rows, dr_csv *csv, const char *const *names, size_t count)
{
    int columns[8];
    bool more = false;
    DR_TRY(dr_csv_header(csv, names, count, columns));
    while (true) {
        DR_TRY(dr_csv_record(csv, &more));
        if (!more)
            return DR_OK;
        for (size_t i = 0; i < count; i++)
            dr_append_text(rows, i, dr_csv_field(csv, (size_t)columns[i]));
        DR_TRY(dr_append_row(rows));
    }
}

static dr_status add_embedded(dr_writer *writer, const char *file, const char *table, const char *const *names,
                              size_t count)
{
    const dr_embedded *embedded = dr_embedded_find(file);
    dr_csv *csv = NULL;
    dr_append rows;
    if (!embedded)
        return DR_OK;
    DR_TRY(dr_csv_open_memory(&csv, file, embedded->bytes, embedded->size));
    dr_status status = dr_append_open(&rows, &writer->duck, table);
    if (status == DR_OK)
        status = dr_append_end(&rows, copy_csv(&rows, csv, names, count));
    dr_csv_close(csv);
    return status;
}

/* The groups of data/groups. A date may be a year or a month: it begins with its first day and ends with its last. */
static dr_status add_groups(dr_writer *writer)
{
    static const char *const groups[] = {"group", "name", "source_id"};
    static const char *const members[] = {"group", "iso3", "from", "to", "source", "note"};
    DR_TRY(add_embedded(writer, "groups/groups.csv", "region_group", groups, 3));
    DR_TRY(dr_duck_run(&writer->duck, "CREATE TEMP TABLE dated (group_code VARCHAR, iso3 VARCHAR, since VARCHAR,"
                                      " until VARCHAR, source_id VARCHAR, note VARCHAR)"));
    DR_TRY(add_embedded(writer, "groups/members.csv", "dated", members, 6));
    return dr_duck_run(&writer->duck,
                       "INSERT INTO group_member SELECT group_code, iso3,"
                       " (since || left('-01-01', 10 - length(since)))::DATE,"
                       " CASE length(until) WHEN 0 THEN NULL WHEN 4 THEN make_date(until::INTEGER, 12, 31)"
                       " WHEN 7 THEN last_day((until || '-01')::DATE) ELSE until::DATE END, source_id, note FROM dated;"
                       "DROP TABLE dated");
}

/* The sources that the groups name. */
static dr_status add_group_sources(dr_writer *writer)
{
    static const char *const names[] = {"id", "title", "publisher", "licence", "retrieved", "url"};
    DR_TRY(dr_duck_run(&writer->duck, "CREATE TEMP TABLE known (id VARCHAR, title VARCHAR, publisher VARCHAR,"
                                      " licence VARCHAR, retrieved VARCHAR, url VARCHAR)"));
    DR_TRY(add_embedded(writer, "sources.csv", "known", names, 6));
    return dr_duck_run(
        &writer->duck,
        "INSERT INTO source (id, title, publisher, licence, retrieved, url)"
        " SELECT * FROM known WHERE id IN (SELECT source_id FROM region_group UNION SELECT source_id FROM"
        " group_member); DROP TABLE known");
}

static dr_status create_base(dr_writer *writer)
{
    DR_TRY(dr_duck_run(&writer->duck, "%s INSERT INTO schema VALUES (%d, 'products')", of_all, DR_SCHEMA_VERSION));
    DR_TRY(add_groups(writer));
    return add_group_sources(writer);
}

dr_status dr_writer_base(dr_writer *writer)
{
    return dr_writer_at(writer, create_base(writer));
}

static dr_status create(dr_writer *writer)
{
    bool is_long = writer->layout.is_long;
    if (writer->is_new) /* else it is there, with product flows only */
        DR_TRY(create_base(writer));
    DR_TRY(create_type(writer, "region_code", &writer->layout.regions));
    DR_TRY(create_type(writer, "sector_code", &writer->layout.sectors));
    if (!is_long)
        DR_TRY(create_type(writer, "use_code", &writer->layout.uses));
    DR_TRY(dr_duck_run(&writer->duck, "%s%s UPDATE schema SET kind = '%s'", of_regions, is_long ? of_long : of_icio,
                       is_long ? "long" : "icio"));
    DR_TRY(add_regions(writer));
    DR_TRY(add_sectors(writer));
    return dr_carry_divisions(writer);
}

dr_status dr_writer_create(dr_writer *writer, dr_layout *layout)
{
    writer->layout = *layout;
    *layout = (dr_layout){0};
    return dr_writer_at(writer, create(writer));
}
