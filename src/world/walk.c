#include "world/walk.h"

#include <math.h>
#include <stdlib.h>

#include "base/rows.h"

void dr_walk_sum(dr_walk *walk, const double *values)
{
    dr_sum *sum = walk->user;
    for (size_t row = 0; row < walk->rows; row++) {
        size_t cell = sum->offset;
        for (size_t i = 0; i < walk->indices; i++) {
            size_t index = walk->index[i][row];
            cell += sum->stride[i] * (sum->map[i] ? sum->map[i][index] : index);
        }
        sum->target[cell] += values[row];
        sum->total += values[row];
        sum->size += fabs(values[row]);
    }
    sum->count += walk->rows;
}

/* A file that someone has changed by hand must not lead outside the arrays. */
static dr_status check_chunk(const dr_walk *walk, const double *values)
{
    for (size_t i = 0; i < walk->indices; i++)
        for (size_t row = 0; row < walk->rows; row++)
            if (walk->index[i][row] >= walk->limits[i])
                return dr_fail(DR_BAD_INPUT, "the world is damaged: a row names something that it has not");
    for (size_t row = 0; row < walk->rows; row++)
        if (!isfinite(values[row]))
            return dr_fail(DR_BAD_INPUT, "the world is damaged: a value is not a finite number");
    return DR_OK;
}

static dr_status take_chunk(dr_walk *walk, const dr_cursor *cursor)
{
    const dr_vector *last = &cursor->column[walk->indices];
    if (last->type != DUCKDB_TYPE_DOUBLE)
        return dr_fail(DR_BAD_INPUT, "the world is damaged: a column of values is not one of numbers");
    walk->rows = cursor->rows;
    for (size_t i = 0; i < walk->indices; i++)
        dr_cursor_indices(cursor, i, walk->index[i]);
    DR_TRY(check_chunk(walk, last->data));
    walk->add(walk, last->data);
    return DR_OK;
}

dr_status dr_walk_run(dr_walk *walk, const dr_world *world, int year)
{
    size_t size = duckdb_vector_size();
    unsigned *indices = dr_new(DR_MOST_INDICES * size, sizeof *indices);
    if (!indices)
        return dr_fail_memory();
    for (size_t i = 0; i < DR_MOST_INDICES; i++)
        walk->index[i] = indices + i * size;
    dr_cursor cursor;
    bool more = false;
    dr_status status = dr_cursor_open(&cursor, &world->duck, "SELECT %s WHERE year = %d", walk->sql, year);
    while (status == DR_OK && (status = dr_cursor_chunk(&cursor, &more)) == DR_OK && more)
        status = take_chunk(walk, &cursor);
    dr_cursor_close(&cursor);
    free(indices);
    return status;
}

dr_status dr_walk_array(const dr_world *world, int year, const char *sql, double *target, size_t indices,
                        const size_t *limits)
{
    dr_sum sum = {.target = target};
    dr_walk walk = {.sql = sql, .indices = indices, .add = dr_walk_sum, .user = &sum};
    size_t stride = 1;
    for (size_t i = indices; i-- > 0; stride *= limits[i]) {
        walk.limits[i] = limits[i];
        sum.stride[i] = stride;
    }
    return dr_walk_run(&walk, world, year);
}
