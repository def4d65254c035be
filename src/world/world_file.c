#include "world/world.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/sql.h"
#include "world/row_sums.h"
#include "world/world_sql.h"

/* The views by which derisk asks, for this connection: those in the file are for others. */
static dr_status make_views(const dr_world *world)
{
    static const dr_family families[] = {DR_OF_REGIONS, DR_OF_ROWS, DR_OF_PRODUCTS};
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (world->has[families[i]])
            DR_TRY(dr_views_create(&world->duck, families[i], true));
    return DR_OK;
}

static dr_status read_checked(dr_world *world, dr_contents *contents)
{
    DR_TRY(dr_contents_read(contents, &world->duck, false));
    world->version = contents->version;
    world->sums = contents->has[DR_OF_SUMS];
    memcpy(world->has, contents->has, sizeof world->has);
    DR_TRY(dr_layout_read(&world->layout, &world->duck, contents));
    DR_TRY(make_views(world));
    return dr_sql_list(&world->years, &world->year_count, &world->duck, dr_world_sql.years.years, NULL);
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

dr_status dr_world_rows_check(const dr_world *world, const char *table)
{
    dr_status status = dr_rows_check(&world->duck, table, NULL);
    if (status == DR_OK)
        status = dr_row_sums_compare(world, table);
    return status == DR_OK ? DR_OK : dr_fail_at(status, world->path);
}

dr_status dr_world_set_name(dr_world *world, const char *name)
{
    char *copy = strdup(name);
    if (!copy)
        return dr_fail_memory();
    free(world->path);
    world->path = copy;
    return DR_OK;
}

/* ---- Reading: what is not there is 0 or "" ----------------------------------------------------------------------- */

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
