/* The tables of a new world. What they hold is described in docs/world.md. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/embedded.h"
#include "base/sql.h"
#include "world/carry.h"
#include "world/world_sql.h"

static dr_status create_type(dr_writer *writer, const char *type, const dr_names *codes)
{
    return dr_sql_run(
        &writer->duck, dr_world_sql.schema.create_type,
        DR_VALUES(dr_sql_name("type", type), dr_sql_texts("codes", (const char *const *)codes->names, codes->count)));
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

/* The groups of data/groups. */
static dr_status add_groups(dr_writer *writer)
{
    static const char *const groups[] = {"group", "name", "source_id"};
    static const char *const members[] = {"group", "iso3", "from", "to", "source", "note"};
    DR_TRY(add_embedded(writer, "groups/groups.csv", "region_group", groups, 3));
    DR_TRY(dr_sql_run(&writer->duck, dr_world_sql.schema.create_dated, NULL));
    DR_TRY(add_embedded(writer, "groups/members.csv", "dated", members, 6));
    return dr_sql_run(&writer->duck, dr_world_sql.schema.insert_members, NULL);
}

/* The sources that the groups name. */
static dr_status add_group_sources(dr_writer *writer)
{
    static const char *const names[] = {"id", "title", "publisher", "licence", "retrieved", "url"};
    DR_TRY(dr_sql_run(&writer->duck, dr_world_sql.schema.create_known, NULL));
    DR_TRY(add_embedded(writer, "sources.csv", "known", names, 6));
    return dr_sql_run(&writer->duck, dr_world_sql.schema.insert_sources, NULL);
}

static dr_status create_base(dr_writer *writer)
{
    DR_TRY(dr_tables_create(&writer->duck, DR_OF_ALL));
    DR_TRY(dr_tables_create(&writer->duck, DR_OF_SUMS));
    DR_TRY(dr_sql_run(&writer->duck, dr_world_sql.schema.insert_version,
                      DR_VALUES(dr_sql_integer("version", DR_SCHEMA_VERSION))));
    writer->version = DR_SCHEMA_VERSION;
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
    DR_TRY(dr_tables_create(&writer->duck, DR_OF_REGIONS));
    DR_TRY(dr_tables_create(&writer->duck, is_long ? DR_OF_LONG : DR_OF_ICIO));
    DR_TRY(dr_tables_create(&writer->duck, is_long ? DR_OF_FACTORS : DR_OF_ROWS));
    DR_TRY(dr_views_create(&writer->duck, DR_OF_REGIONS, false));
    if (!is_long) {
        DR_TRY(dr_views_create(&writer->duck, DR_OF_ROWS, false));
        DR_TRY(dr_sql_run(&writer->duck, dr_world_sql.schema.insert_uses, NULL));
    }
    DR_TRY(dr_sql_run(&writer->duck, dr_world_sql.schema.set_kind,
                      DR_VALUES(dr_sql_text("kind", is_long ? "long" : "icio"))));
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

static dr_status describe(dr_writer *writer)
{
    DR_TRY(dr_sql_run(&writer->duck, dr_world_sql.schema.drop_names, NULL));
    DR_TRY(add_regions(writer));
    DR_TRY(add_sectors(writer));
    return dr_carry_divisions(writer);
}

dr_status dr_writer_describe(dr_writer *writer)
{
    return dr_writer_at(writer, describe(writer));
}
