#define _GNU_SOURCE /* strdup */
#include "world/world.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/rows.h"

dr_status dr_schema_check(const dr_duck *duck, const char *path)
{
    duckdb_result result;
    if (dr_duck_query(duck, &result, "SELECT version::INTEGER FROM schema") != DR_OK)
        return dr_fail(DR_BAD_INPUT, "%s: a DuckDB file, but not a world (it has no table 'schema')", path);
    duckdb_data_chunk chunk = duckdb_fetch_chunk(result);
    int version = 0;
    if (chunk && duckdb_data_chunk_get_size(chunk) > 0)
        version = *(const int32_t *)duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 0));
    duckdb_destroy_data_chunk(&chunk);
    duckdb_destroy_result(&result);
    if (version < 1 || version > DR_SCHEMA_VERSION)
        return dr_fail(DR_BAD_INPUT, "%s: a world of schema %d, where this derisk (%s) reads schema %d%s", path,
                       version, DR_VERSION, DR_SCHEMA_VERSION,
                       version > DR_SCHEMA_VERSION ? "; a newer derisk reads it" : "");
    return DR_OK;
}

static dr_status read_years(dr_world *world)
{
    dr_cursor cursor;
    bool more = false;
    size_t capacity = 0;
    dr_status status = dr_cursor_open(&cursor, &world->duck, "SELECT year FROM year ORDER BY year");
    while (status == DR_OK && (status = dr_cursor_next(&cursor, &more)) == DR_OK && more) {
        if (dr_grow((void **)&world->years, &capacity, world->year_count + 1, sizeof *world->years))
            world->years[world->year_count++] = (int)dr_cursor_index(&cursor, 0);
        else
            status = dr_fail_memory();
    }
    dr_cursor_close(&cursor);
    return status;
}

static dr_status read_world(dr_world *world, const char *path)
{
    world->path = strdup(path);
    if (!world->path)
        return dr_fail_memory();
    DR_TRY(dr_duck_open(&world->duck, path, true));
    DR_TRY(dr_schema_check(&world->duck, path));
    dr_status status = dr_layout_read(&world->layout, &world->duck);
    if (status == DR_OK)
        status = read_years(world);
    return status == DR_OK ? DR_OK : dr_fail_at(status, path);
}

dr_status dr_world_open(dr_world **out, const char *path)
{
    DR_TRY(DR_GIVEN(out, path));
    dr_world *world = dr_new(1, sizeof *world);
    if (!world)
        return dr_fail_memory();
    dr_status status = read_world(world, path);
    if (status == DR_OK)
        *out = world;
    else
        dr_world_close(world);
    return status;
}

void dr_world_close(dr_world *world)
{
    if (!world)
        return;
    dr_duck_close(&world->duck);
    dr_layout_free(&world->layout);
    free(world->path);
    free(world->years);
    free(world);
}

dr_status dr_world_call(dr_world *world, const char *name)
{
    char *copy = strdup(name);
    if (!copy)
        return dr_fail_memory();
    free(world->path);
    world->path = copy;
    return DR_OK;
}

/* ---- Reading: what is not there is 0 or "" -------------------------------------------------------------------------------- */

size_t dr_world_regions(const dr_world *world)
{
    return world ? world->layout.regions.count : 0;
}

const char *dr_world_region_code(const dr_world *world, size_t region)
{
    return region < dr_world_regions(world) ? world->layout.regions.names[region] : "";
}

const char *dr_world_region_parts(const dr_world *world, size_t region)
{
    return region < dr_world_regions(world) ? world->layout.region_parts[region] : "";
}

const char *dr_world_region_name(const dr_world *world, size_t region)
{
    return region < dr_world_regions(world) ? world->layout.region_names[region] : "";
}

size_t dr_world_sectors(const dr_world *world)
{
    return world ? world->layout.sectors.count : 0;
}

const char *dr_world_sector_code(const dr_world *world, size_t sector)
{
    return sector < dr_world_sectors(world) ? world->layout.sectors.names[sector] : "";
}

const char *dr_world_sector_name(const dr_world *world, size_t sector)
{
    return sector < dr_world_sectors(world) ? world->layout.sector_names[sector] : "";
}

size_t dr_world_years(const dr_world *world)
{
    return world ? world->year_count : 0;
}

int dr_world_year(const dr_world *world, size_t index)
{
    return index < dr_world_years(world) ? world->years[index] : 0;
}
