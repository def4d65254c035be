#define _GNU_SOURCE /* strdup */
#include "world/world.h"

#include <stdlib.h>
#include <string.h>

#include "base/rows.h"

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

/* The views by which derisk asks, for this connection: those in the file are for others. */
static dr_status make_views(const dr_world *world)
{
    if (world->has[DR_OF_REGIONS])
        DR_TRY(dr_views_create(&world->duck, DR_OF_REGIONS, true));
    return world->has[DR_OF_PRODUCTS] ? dr_views_create(&world->duck, DR_OF_PRODUCTS, true) : DR_OK;
}

static dr_status read_checked(dr_world *world, dr_contents *contents)
{
    DR_TRY(dr_contents_read(contents, &world->duck, false));
    world->version = contents->version;
    world->sums = contents->has[DR_OF_SUMS];
    memcpy(world->has, contents->has, sizeof world->has);
    DR_TRY(dr_layout_read(&world->layout, &world->duck, contents));
    DR_TRY(make_views(world));
    return read_years(world);
}

static dr_status read_world(dr_world *world, const char *path)
{
    dr_contents contents = {0};
    world->path = strdup(path);
    if (!world->path)
        return dr_fail_memory();
    DR_TRY(dr_duck_open(&world->duck, path, true));
    dr_status status = read_checked(world, &contents);
    dr_contents_free(&contents);
    return status == DR_OK ? DR_OK : dr_fail_at(status, path);
}

dr_status dr_world_open(dr_world **out, const char *path)
{
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

dr_status dr_world_rows_check(const dr_world *world, const char *table)
{
    dr_status status = dr_rows_check(&world->duck, table, NULL);
    return status == DR_OK ? DR_OK : dr_fail_at(status, world->path);
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

size_t dr_world_regions(const dr_world *world)
{
    return world->layout.regions.count;
}

const char *dr_world_region_code(const dr_world *world, size_t region)
{
    return world->layout.regions.names[region];
}

const char *dr_world_region_parts(const dr_world *world, size_t region)
{
    return world->layout.region_parts[region];
}

const char *dr_world_region_name(const dr_world *world, size_t region)
{
    return world->layout.region_names[region];
}

size_t dr_world_sectors(const dr_world *world)
{
    return world->layout.sectors.count;
}

const char *dr_world_sector_code(const dr_world *world, size_t sector)
{
    return world->layout.sectors.names[sector];
}

const char *dr_world_sector_name(const dr_world *world, size_t sector)
{
    return world->layout.sector_names[sector];
}

size_t dr_world_years(const dr_world *world)
{
    return world->year_count;
}

int dr_world_year(const dr_world *world, size_t index)
{
    return world->years[index];
}
