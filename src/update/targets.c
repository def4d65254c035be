#include "update/targets.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/portable.h"
#include "world/matrix.h"
#include "world/walk.h"

/* Value added may be larger than sales by this share: rows of rounded tables add up to a little less than output. */
static const double rounding = 0.05;

/* ---- Numbers of both worlds -------------------------------------------------------------------------------------- */

static dr_status add_up(const dr_world *world, int year, const char *table, dr_sum *sum)
{
    dr_walk walk = {.table = table, .add = dr_walk_sum, .add_list = dr_walk_sum_list, .user = sum};
    dr_status status = dr_walk_run(&walk, world, year);
    return status == DR_OK ? DR_OK : dr_fail_at(status, world->path);
}

/* A table of the long format has one final use, and no cells by supplier and user; dr_matrix_load makes them. */
static dr_status read_long(dr_update *u)
{
    dr_matrix *m = NULL;
    DR_TRY(dr_matrix_load(&m, u->world, u->table->year));
    for (size_t row = 0; row < u->rows; row++) {
        memcpy(u->cells + row * u->columns, m->inputs + row * u->rows, u->rows * sizeof *u->cells);
        memcpy(u->cells + row * u->columns + u->rows, m->final + row * u->r, u->r * sizeof *u->cells);
    }
    dr_matrix_free(m);
    return DR_OK;
}

static dr_status read_cells(dr_update *u)
{
    dr_sum intermediate = {.target = u->cells, .stride = {u->s * u->columns, u->columns, u->s, 1}};
    dr_sum final = {.target = u->cells, .offset = u->rows, .stride = {u->s * u->columns, u->columns, u->u, 1}};
    DR_TRY(add_up(u->world, u->table->year, "intermediate", &intermediate));
    return add_up(u->world, u->table->year, "final", &final);
}

static dr_status read_table(dr_update *u)
{
    DR_TRY((u->world->layout.is_long ? read_long : read_cells)(u));
    memcpy(u->before, u->cells, u->rows * u->columns * sizeof *u->cells);
    return DR_OK;
}

/* Sales of the new year between blocks, with their signs. */
static dr_status read_flows(dr_update *u)
{
    const size_t *region = u->match.regions.flows, *sector = u->match.sectors.flows;
    size_t regions = u->match.regions.count, sales = u->match.sectors.count * regions;
    dr_sum flow = {.target = u->flow, .stride = {1, sales, regions}, .map = {region, region, sector}};
    if (u->flows->layout.is_long)
        return add_up(u->flows, u->trade->year, "flow", &flow);
    dr_sum sold = {.target = u->flow, .stride = {sales, regions, 1, 0}, .map = {region, sector, region, NULL}};
    DR_TRY(add_up(u->flows, u->trade->year, "intermediate", &sold));
    return add_up(u->flows, u->trade->year, "final", &sold);
}

/* ---- Margins ----------------------------------------------------------------------------------------------------- */

static size_t row_block(const dr_update *u, size_t row)
{
    return u->match.regions.table[row / u->s] * u->match.sectors.count + u->match.sectors.table[row % u->s];
}

static size_t buyer(const dr_update *u, size_t column)
{
    return column < u->rows ? column / u->s : (column - u->rows) / u->u;
}

/* The groups of each margin: an input column, a row, a pair of blocks. */
static dr_status make_margins(dr_update *u)
{
    for (size_t i = 0; i < 2 * (size_t)DR_MARGINS; i++)
        if (!(u->groups[i] = dr_new(i % 2 ? u->columns : u->rows, sizeof *u->groups[i])))
            return dr_fail_memory();
    for (size_t column = 0; column < u->columns; column++) {
        u->groups[1][column] = column < u->rows ? column : u->rows;
        u->groups[5][column] = u->match.regions.table[buyer(u, column)];
    }
    for (size_t row = 0; row < u->rows; row++) {
        u->groups[2][row] = row;
        u->groups[4][row] = row_block(u, row);
    }
    size_t regions = u->match.regions.count;
    u->margins[0] = (dr_margin){u->groups[0], u->groups[1], 1, u->rows + 1, u->buy};
    u->margins[1] = (dr_margin){u->groups[2], u->groups[3], u->rows, 1, u->make};
    u->margins[2] = (dr_margin){u->groups[4], u->groups[5], regions * u->match.sectors.count, regions, u->flow};
    return DR_OK;
}

/* Cells of a group whose target is zero are zero, so that positive and negative ones do not make it up together. */
static void empty_groups(dr_update *u, const dr_margin *m)
{
    for (size_t row = 0; row < u->rows; row++)
        for (size_t column = 0; column < u->columns; column++)
            if (m->target[m->row_group[row] * m->column_groups + m->column_group[column]] == 0)
                u->cells[row * u->columns + column] = 0;
}

/* ---- Names ------------------------------------------------------------------------------------------------------- */

/* The first item of the flows in a block. */
static const char *first_of(const size_t *blocks, const dr_names *names, size_t block)
{
    size_t item = 0;
    while (item + 1 < names->count && blocks[item] != block)
        item++;
    return names->names[item];
}

const char *dr_target_block(char out[DR_TARGET_NAME], const dr_update *u, size_t block)
{
    size_t sectors = u->match.sectors.count;
    snprintf(out, DR_TARGET_NAME, "%s %s", first_of(u->match.regions.flows, &u->trade->region_codes, block / sectors),
             first_of(u->match.sectors.flows, &u->trade->sector_codes, block % sectors));
    return out;
}

const char *dr_target_flow(char out[DR_TARGET_NAME], const dr_update *u, size_t group)
{
    char seller[DR_TARGET_NAME];
    size_t regions = u->match.regions.count;
    snprintf(out, DR_TARGET_NAME, "%s to %s", dr_target_block(seller, u, group / regions),
             first_of(u->match.regions.flows, &u->trade->region_codes, group % regions));
    return out;
}

/* ---- Targets ----------------------------------------------------------------------------------------------------- */

static dr_status refuse(const dr_update *u, size_t block, const char *what, double value, const char *expected)
{
    char name[DR_TARGET_NAME];
    return dr_fail(DR_BAD_INPUT, "%s: %d: the %s of %s is %.6g; expected %s", u->flows->path, u->trade->year, what,
                   dr_target_block(name, u, block), value, expected);
}

/* Value added becomes its share in what each block sells. */
static dr_status share_added(dr_update *u)
{
    size_t regions = u->match.regions.count, blocks = regions * u->match.sectors.count;
    for (size_t block = 0; block < blocks; block++) {
        double sold = 0;
        for (size_t n = 0; n < regions; n++)
            sold += u->flow[block * regions + n];
        if (u->added[block] > (1 + rounding) * fmax(sold, 0))
            return refuse(u, block, "value added", u->added[block], "no more than its output");
        u->added[block] = sold > 0 ? fmin(u->added[block] / sold, 1) : 0;
    }
    return DR_OK;
}

/* Value added, of a world that has it. */
static dr_status read_added(dr_update *u)
{
    size_t sectors = u->match.sectors.count, blocks = u->match.regions.count * sectors;
    u->added = dr_new_doubles(blocks);
    if (!u->added)
        return dr_fail_memory();
    dr_sum added = {
        .target = u->added, .stride = {sectors, 1}, .map = {u->match.regions.flows, u->match.sectors.flows}};
    DR_TRY(add_up(u->flows, u->trade->year, "value_added", &added));
    if (added.size > 0)
        return share_added(u);
    free(u->added);
    u->added = NULL;
    return DR_OK;
}

/* A flow for which the table has no cells of its sign cannot be placed: it is left out, and so from what its sellers
 * make. */
static dr_status leave_out(dr_update *u)
{
    const dr_margin *m = &u->margins[2];
    size_t groups = m->row_groups * m->column_groups;
    bool *up = dr_new(2 * groups, sizeof *up), *down = up ? up + groups : NULL;
    if (!up)
        return dr_fail_memory();
    for (size_t row = 0; row < u->rows; row++)
        for (size_t column = 0; column < u->columns; column++) {
            size_t group = m->row_group[row] * m->column_groups + m->column_group[column];
            double cell = u->cells[row * u->columns + column];
            up[group] |= cell > 0;
            down[group] |= cell < 0;
        }
    for (size_t group = 0; group < groups; group++)
        if ((u->flow[group] > 0 && !up[group]) || (u->flow[group] < 0 && !down[group])) {
            double out = fabs(u->flow[group]);
            u->left_out += out;
            if (out > u->largest_out) {
                u->largest_out = out;
                u->largest_group = group;
            }
            u->flow[group] = 0;
        }
    free(up);
    return DR_OK;
}

/* What each block sells to all; sectors within a block keep their shares of it. */
static dr_status set_output(dr_update *u, const double *sold, double *whole, double *made)
{
    size_t regions = u->match.regions.count, blocks = regions * u->match.sectors.count;
    for (size_t row = 0; row < u->rows; row++)
        whole[row_block(u, row)] += fmax(sold[row], 0);
    for (size_t block = 0; block < blocks; block++) {
        for (size_t n = 0; n < regions; n++)
            made[block] += u->flow[block * regions + n];
        if (made[block] < 0)
            return refuse(u, block, "output", made[block], "none below zero");
    }
    for (size_t row = 0; row < u->rows; row++) {
        size_t block = row_block(u, row);
        u->make[row] = whole[block] > 0 ? made[block] * fmax(sold[row], 0) / whole[block] : 0;
    }
    return DR_OK;
}

/* Inputs keep their share in output, or, where value added is known, are what it leaves of the output of the block. */
static dr_status set_inputs(dr_update *u, const double *sold, const double *bought, double *inputs, const double *made)
{
    for (size_t row = 0; row < u->rows; row++) {
        u->buy[row] = sold[row] > 0 ? bought[row] / sold[row] * u->make[row] : 0;
        inputs[row_block(u, row)] += u->buy[row];
    }
    u->buy[u->rows] = NAN;
    for (size_t row = 0; row < u->rows && u->added; row++) {
        size_t block = row_block(u, row);
        u->buy[row] *= inputs[block] > 0 ? made[block] * (1 - u->added[block]) / inputs[block] : 0;
    }
    return DR_OK;
}

static dr_status set_targets(dr_update *u)
{
    size_t blocks = u->match.regions.count * u->match.sectors.count;
    double *sold = NULL, *bought = NULL, *whole = NULL, *made = NULL, *inputs = NULL;
    double *memory = dr_new_arrays(
        (dr_array[]){{&sold, u->rows}, {&bought, u->rows}, {&whole, blocks}, {&made, blocks}, {&inputs, blocks}}, 5);
    if (!memory)
        return dr_fail_memory();
    for (size_t row = 0; row < u->rows; row++)
        for (size_t column = 0; column < u->columns; column++) {
            double cell = u->cells[row * u->columns + column];
            sold[row] += cell;
            if (column < u->rows)
                bought[column] += cell;
        }
    dr_status status = set_output(u, sold, whole, made);
    if (status == DR_OK)
        status = set_inputs(u, sold, bought, inputs, made);
    free(memory);
    return status;
}

/* ---- Both -------------------------------------------------------------------------------------------------------- */

static dr_status allocate(dr_update *u)
{
    size_t blocks = u->match.regions.count * u->match.sectors.count;
    double needed = 16.0 * (double)u->rows * (double)u->columns, there = dr_memory_available();
    if (needed > there)
        return dr_fail(DR_MACHINE, "%s: an update takes %.1f GB of memory, %.1f GB are free", u->world->path,
                       needed / 1e9, there / 1e9);
    u->cells = dr_new_doubles(u->rows * u->columns);
    u->before = dr_new_doubles(u->rows * u->columns);
    u->flow = dr_new_doubles(blocks * u->match.regions.count);
    u->make = dr_new_doubles(u->rows);
    u->buy = dr_new_doubles(u->rows + 1);
    return u->cells && u->before && u->flow && u->make && u->buy ? DR_OK : dr_fail_memory();
}

dr_status dr_targets_read(dr_update *u)
{
    u->r = u->table->regions;
    u->s = u->table->sectors;
    u->u = u->world->layout.is_long ? 1 : u->world->layout.uses.count;
    u->rows = u->r * u->s;
    u->columns = u->rows + u->r * u->u;
    DR_TRY(allocate(u));
    DR_TRY(read_table(u));
    DR_TRY(read_flows(u));
    DR_TRY(read_added(u));
    DR_TRY(make_margins(u));
    DR_TRY(leave_out(u));
    DR_TRY(set_targets(u));
    for (size_t i = 0; i < DR_MARGINS; i++)
        empty_groups(u, &u->margins[i]);
    return DR_OK;
}

void dr_targets_free(dr_update *u)
{
    double *arrays[] = {u->cells, u->before, u->flow, u->added, u->make, u->buy};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        free(arrays[i]);
    for (size_t i = 0; i < 2 * (size_t)DR_MARGINS; i++)
        free(u->groups[i]);
    dr_match_free(&u->match);
    dr_economy_free(u->table);
    dr_economy_free(u->trade);
}
