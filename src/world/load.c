/* A year of a world into memory. The rows stream by in their stored order, so that sums are the same on every run. */
#define _GNU_SOURCE /* asprintf */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rows.h"
#include "world/economy.h"
#include "world/world.h"

enum { MOST_INDICES = 4 };

/* One walk over a table: its query (whose %d is the year) gives `indices` columns of indices below `limits`, then a value. */
typedef struct walk {
    const char *sql;
    size_t indices;
    size_t limits[MOST_INDICES];
    void (*add)(struct walk *walk, const double *values);
    double *target; /* for add_array */
    dr_economy *economy;
    size_t rows;
    unsigned *index[MOST_INDICES]; /* of the chunk's rows */
} walk;

/* A cell as the model takes it: negative ones are zero, and counted. */
static double clip(double value, size_t *count, double *sum)
{
    if (value >= 0)
        return value;
    ++*count;
    *sum += value;
    return 0;
}

/* i, s, n, u: what n buys of s from i, and what sector u of n buys of s. */
static void add_intermediate(walk *w, const double *values)
{
    dr_economy *e = w->economy;
    for (size_t row = 0; row < w->rows; row++) {
        size_t i = w->index[0][row], s = w->index[1][row], n = w->index[2][row], u = w->index[3][row];
        double value = clip(values[row], &e->negative_intermediate, &e->negative_intermediate_sum);
        e->flow[(n * e->regions + i) * e->sectors + s] += value;
        e->input[(n * e->sectors + s) * e->sectors + u] += value;
    }
}

/* i, s, n: what n buys of s from i, and the final use of s in n. */
static void add_final(walk *w, const double *values)
{
    dr_economy *e = w->economy;
    for (size_t row = 0; row < w->rows; row++) {
        size_t i = w->index[0][row], s = w->index[1][row], n = w->index[2][row];
        double value = clip(values[row], &e->negative_final, &e->negative_final_sum);
        e->flow[(n * e->regions + i) * e->sectors + s] += value;
        e->final[n * e->sectors + s] += value;
    }
}

/* The indices are those of the array. */
static void add_array(walk *w, const double *values)
{
    for (size_t row = 0; row < w->rows; row++) {
        size_t cell = 0;
        for (size_t i = 0; i < w->indices; i++)
            cell = cell * w->limits[i] + w->index[i][row];
        w->target[cell] = values[row];
    }
}

/* A file that someone has changed by hand must not lead outside the arrays. */
static dr_status check_chunk(const walk *w, const double *values)
{
    for (size_t row = 0; row < w->rows; row++) {
        for (size_t i = 0; i < w->indices; i++)
            if (w->index[i][row] >= w->limits[i])
                return dr_fail(DR_BAD_INPUT, "the world is damaged: a row names something that it has not");
        if (!isfinite(values[row]))
            return dr_fail(DR_BAD_INPUT, "the world is damaged: a value is not a finite number");
    }
    return DR_OK;
}

static dr_status walk_chunks(walk *w, dr_cursor *cursor)
{
    bool more = false;
    while (true) {
        DR_TRY(dr_cursor_chunk(cursor, &more));
        if (!more)
            return DR_OK;
        if (cursor->column[w->indices].type != DUCKDB_TYPE_DOUBLE)
            return dr_fail(DR_BAD_INPUT, "the world is damaged: a column of values is not one of numbers");
        w->rows = cursor->rows;
        for (size_t i = 0; i < w->indices; i++)
            dr_cursor_indices(cursor, i, w->index[i]);
        const double *values = cursor->column[w->indices].data;
        DR_TRY(check_chunk(w, values));
        w->add(w, values);
    }
}

static dr_status run_walk(walk *w, const dr_world *world, int year)
{
    size_t size = duckdb_vector_size();
    unsigned *indices = dr_new(MOST_INDICES * size, sizeof *indices);
    if (!indices)
        return dr_fail_memory();
    for (size_t i = 0; i < MOST_INDICES; i++)
        w->index[i] = indices + i * size;
    dr_cursor cursor;
    dr_status status = dr_cursor_open(&cursor, &world->duck, "SELECT %s WHERE year = %d", w->sql, year);
    if (status == DR_OK)
        status = walk_chunks(w, &cursor);
    dr_cursor_close(&cursor);
    free(indices);
    return status;
}

static dr_status load_icio(dr_economy *e, const dr_world *world)
{
    size_t r = e->regions, s = e->sectors;
    walk intermediate = {.sql = "origin, supplier, destination, user, value FROM intermediate",
                         .indices = 4,
                         .limits = {r, s, r, s},
                         .add = add_intermediate,
                         .economy = e};
    walk final = {.sql = "origin, supplier, destination, value FROM final",
                  .indices = 3,
                  .limits = {r, s, r},
                  .add = add_final,
                  .economy = e};
    DR_TRY(run_walk(&intermediate, world, e->year));
    return run_walk(&final, world, e->year);
}

static dr_status has_rows(const dr_world *world, const char *table, int year, bool *out)
{
    dr_cursor cursor;
    dr_status status = dr_cursor_open(&cursor, &world->duck, "SELECT 1 FROM %s WHERE year = %d LIMIT 1", table, year);
    if (status == DR_OK)
        status = dr_cursor_next(&cursor, out);
    dr_cursor_close(&cursor);
    return status;
}

/* Makes the array at *target, if the table has rows of the year. */
static dr_status take_optional(double **target, size_t count, const dr_world *world, const char *table, int year)
{
    bool there = false;
    DR_TRY(has_rows(world, table, year, &there));
    if (there && !(*target = dr_new_doubles(count)))
        return dr_fail_memory();
    return DR_OK;
}

static void clip_array(double *values, size_t count, size_t *negative, double *sum)
{
    for (size_t i = 0; i < count; i++)
        values[i] = clip(values[i], negative, sum);
}

static dr_status load_long(dr_economy *e, const dr_world *world)
{
    size_t r = e->regions, s = e->sectors;
    DR_TRY(take_optional(&e->tariff, r * r * s, world, "flow", e->year));
    DR_TRY(take_optional(&e->value_added, r * s, world, "value_added", e->year));
    DR_TRY(take_optional(&e->deficit, r, world, "deficit", e->year));
    DR_TRY(take_optional(&e->elasticity, s, world, "trade_elasticity", e->year));
    walk walks[] = {
        {.sql = "importer, exporter, sector, value FROM flow", .indices = 3, .limits = {r, r, s}, .target = e->flow},
        {.sql = "importer, exporter, sector, tariff FROM flow", .indices = 3, .limits = {r, r, s}, .target = e->tariff},
        {.sql = "region, input, sector, value FROM input", .indices = 3, .limits = {r, s, s}, .target = e->input},
        {.sql = "region, sector, value FROM final_demand", .indices = 2, .limits = {r, s}, .target = e->final},
        {.sql = "region, sector, value FROM value_added", .indices = 2, .limits = {r, s}, .target = e->value_added},
        {.sql = "region, value FROM deficit", .indices = 1, .limits = {r}, .target = e->deficit},
        {.sql = "sector, value FROM trade_elasticity", .indices = 1, .limits = {s}, .target = e->elasticity},
    };
    for (size_t i = 0; i < sizeof walks / sizeof *walks; i++) {
        walks[i].add = add_array;
        if (walks[i].target)
            DR_TRY(run_walk(&walks[i], world, e->year));
    }
    clip_array(e->flow, r * r * s, &e->negative_intermediate, &e->negative_intermediate_sum);
    clip_array(e->input, r * s * s, &e->negative_intermediate, &e->negative_intermediate_sum);
    clip_array(e->final, r * s, &e->negative_final, &e->negative_final_sum);
    return DR_OK;
}

/* ---- Names ---- */

static dr_status copy_names(dr_names *to, const dr_names *from)
{
    for (size_t i = 0; i < from->count; i++)
        if (dr_names_add(to, from->names[i]) < 0)
            return dr_fail_memory();
    return DR_OK;
}

static dr_status copy_texts(dr_economy *e, const char **to, const char *const *from, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!(to[i] = dr_arena_text(&e->arena, from[i])))
            return dr_fail_memory();
    return DR_OK;
}

static dr_status copy_layout(dr_economy *e, const dr_layout *layout)
{
    DR_TRY(copy_names(&e->region_codes, &layout->regions));
    DR_TRY(copy_names(&e->sector_codes, &layout->sectors));
    DR_TRY(copy_texts(e, e->region_names, layout->region_names, e->regions));
    DR_TRY(copy_texts(e, e->sector_names, layout->sector_names, e->sectors));
    DR_TRY(copy_texts(e, e->sector_slugs, layout->sector_slugs, e->sectors));
    DR_TRY(copy_texts(e, e->sector_kinds, layout->sector_kinds, e->sectors));
    return copy_texts(e, e->sector_isic, layout->sector_isic, e->sectors);
}

/* Groups with members in this year. */
static dr_status read_groups(dr_economy *e, const dr_world *world)
{
    dr_cursor cursor;
    bool more = false;
    size_t capacity = 0;
    dr_status status = dr_cursor_open(&cursor, &world->duck,
                                      "SELECT m.group_code, m.region FROM membership m WHERE year = %d ORDER BY ALL",
                                      e->year);
    while (status == DR_OK && (status = dr_cursor_next(&cursor, &more)) == DR_OK && more) {
        const char *code = dr_cursor_text(&cursor, 0, &e->arena);
        int group = code ? dr_names_add(&e->groups, code) : -1;
        size_t old = capacity;
        if (group < 0 || !dr_grow((void **)&e->member, &capacity, e->groups.count * e->regions, 1)) {
            status = dr_fail_memory();
            break;
        }
        memset(e->member + old, 0, capacity - old);
        e->member[(size_t)group * e->regions + (size_t)dr_cursor_index(&cursor, 1)] = 1;
    }
    dr_cursor_close(&cursor);
    return status;
}

/* The one text that a query gives. */
static dr_status read_text(dr_economy *e, const dr_world *world, const char *sql, const char **out)
{
    dr_cursor cursor;
    bool more = false;
    dr_status status = dr_cursor_open(&cursor, &world->duck, "SELECT %s WHERE year = %d", sql, e->year);
    if (status == DR_OK)
        status = dr_cursor_next(&cursor, &more);
    if (status == DR_OK && more && !(*out = dr_cursor_text(&cursor, 0, &e->arena)))
        status = dr_fail_memory();
    dr_cursor_close(&cursor);
    return status;
}

static dr_status fill(dr_economy *e, const dr_world *world)
{
    DR_TRY(copy_layout(e, &world->layout));
    if (!(e->world = dr_arena_text(&e->arena, world->path)))
        return dr_fail_memory();
    DR_TRY(read_text(e, world, "unit FROM year", &e->unit));
    DR_TRY(read_text(e, world, "coalesce(string_agg(DISTINCT title, '; ' ORDER BY title), '') FROM source", &e->source));
    DR_TRY(read_groups(e, world));
    return world->layout.is_long ? load_long(e, world) : load_icio(e, world);
}

static dr_status find_year(const dr_world *world, int year, int *out)
{
    if (world->year_count == 0)
        return dr_fail(DR_BAD_INPUT, "%s: holds no year yet", world->path);
    *out = year ? year : world->years[world->year_count - 1];
    int nearest = world->years[0];
    for (size_t i = 0; i < world->year_count; i++) {
        if (world->years[i] == *out)
            return DR_OK;
        if (abs(world->years[i] - year) < abs(nearest - year))
            nearest = world->years[i];
    }
    return dr_fail(DR_BAD_INPUT, "%s: holds no year %d; it holds %zu from %d to %d, the nearest is %d", world->path, year,
                   world->year_count, world->years[0], world->years[world->year_count - 1], nearest);
}

dr_status dr_economy_load(dr_economy **out, dr_world *world, int year)
{
    dr_economy *e = NULL;
    int found = 0;
    DR_TRY(find_year(world, year, &found));
    DR_TRY(dr_economy_empty(&e, world->layout.regions.count, world->layout.sectors.count));
    e->year = found;
    dr_status status = fill(e, world);
    if (status == DR_OK) {
        *out = e;
    } else {
        dr_economy_free(e);
        dr_fail_at(status, world->path);
    }
    return status;
}
