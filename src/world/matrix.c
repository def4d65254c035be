#include "world/matrix.h"

#include <stdlib.h>
#include <string.h>

#include "base/portable.h"
#include "world/walk.h"

void dr_matrix_free(dr_matrix *matrix)
{
    if (!matrix)
        return;
    dr_economy_free(matrix->names);
    free(matrix->inputs);
    free(matrix->final);
    free(matrix->output);
    free(matrix->value_added);
    free(matrix);
}

static dr_status empty(dr_matrix **out, size_t regions, size_t sectors)
{
    double cells = (double)regions * (double)sectors * (double)regions * (double)sectors;
    if (cells * sizeof(double) > dr_memory_available())
        return dr_fail(DR_MACHINE, "the table of %zu regions and %zu sectors takes %.1f GB of memory, %.1f GB are free",
                       regions, sectors, cells * sizeof(double) / 1e9, dr_memory_available() / 1e9);
    dr_matrix *m = dr_new(1, sizeof *m);
    if (!m)
        return dr_fail_memory();
    m->regions = regions;
    m->sectors = sectors;
    m->size = regions * sectors;
    m->inputs = dr_new_doubles(m->size * m->size);
    m->final = dr_new_doubles(m->size * regions);
    m->output = dr_new_doubles(m->size);
    m->value_added = dr_new_doubles(m->size);
    if (!m->inputs || !m->final || !m->output || !m->value_added) {
        dr_matrix_free(m);
        return dr_fail_memory();
    }
    *out = m;
    return DR_OK;
}

/* Purchases of a sector without output produce nothing: they are booked as final use of its region, so that rows add up
 * as before. */
static void close_idle(dr_matrix *m, size_t column)
{
    for (size_t row = 0; row < m->size; row++) {
        m->final[row * m->regions + column / m->sectors] += m->inputs[row * m->size + column];
        m->inputs[row * m->size + column] = 0;
    }
}

/* Output and value added from the cells: Y = Z 1 + F 1, and what of each column is not inputs. */
static void add_up(dr_matrix *m)
{
    for (size_t row = 0; row < m->size; row++) {
        for (size_t column = 0; column < m->size; column++)
            m->output[row] += m->inputs[row * m->size + column];
        for (size_t n = 0; n < m->regions; n++)
            m->output[row] += m->final[row * m->regions + n];
        m->value_added[row] = m->output[row];
    }
    for (size_t column = 0; column < m->size; column++)
        if (m->output[column] == 0)
            close_idle(m, column);
    for (size_t row = 0; row < m->size; row++)
        for (size_t column = 0; column < m->size; column++)
            m->value_added[column] -= m->inputs[row * m->size + column];
}

/* i, s, n: what the final users of n buy of s from i. */
static void add_final(dr_walk *walk, const double *values)
{
    dr_matrix *m = walk->user;
    for (size_t row = 0; row < walk->rows; row++)
        m->final[(walk->index[0][row] * m->sectors + walk->index[1][row]) * m->regions + walk->index[2][row]] +=
            values[row];
}

static dr_status load_icio(dr_matrix *m, const dr_world *world)
{
    dr_walk final = {.table = "final", .add = add_final, .user = m};
    DR_TRY(dr_walk_array(world, m->names->year, "intermediate", NULL, m->inputs, 4));
    return dr_walk_run(&final, world, m->names->year);
}

/* Spending of n on good k at purchaser prices: sum_i X[n,i,k] (1 + tau[n,i,k]). */
static double spending(const dr_economy *e, size_t n, size_t k)
{
    double sum = 0;
    for (size_t i = 0; i < e->regions; i++) {
        size_t flow = (n * e->regions + i) * e->sectors + k;
        sum += e->flow[flow] * (1 + (e->tariff ? e->tariff[flow] : 0));
    }
    return sum;
}

/* Z[i,k,n,s] = input[n,k,s] X[n,i,k] / E[n,k]; what is left of X[n,i,k] is final use. */
static void spread(dr_matrix *m, const dr_economy *e)
{
    size_t r = m->regions, s = m->sectors;
    for (size_t n = 0; n < r; n++)
        for (size_t k = 0; k < s; k++) {
            double spent = spending(e, n, k);
            const double *input = e->input + (n * s + k) * s;
            for (size_t i = 0; i < r && spent > 0; i++) {
                double flow = e->flow[(n * r + i) * s + k], left = flow;
                double *cells = m->inputs + (i * s + k) * m->size + n * s;
                for (size_t u = 0; u < s; u++) {
                    cells[u] = input[u] * flow / spent;
                    left -= cells[u];
                }
                m->final[(i * s + k) * r + n] = left;
            }
        }
}

static dr_status load_long(dr_matrix *m, dr_world *world)
{
    dr_economy *economy = NULL;
    DR_TRY(dr_economy_load(&economy, world, m->names->year));
    dr_status status = dr_economy_has_table(economy);
    if (status == DR_OK)
        spread(m, economy);
    dr_economy_free(economy);
    return status;
}

dr_status dr_matrix_load(dr_matrix **out, dr_world *world, int year)
{
    dr_economy *names = NULL;
    dr_matrix *m = NULL;
    DR_TRY(dr_economy_load_names(&names, world, year));
    dr_status status = empty(&m, names->regions, names->sectors);
    if (status != DR_OK) {
        dr_economy_free(names);
        return status;
    }
    m->names = names;
    status = world->layout.is_long ? load_long(m, world) : load_icio(m, world);
    if (status != DR_OK && !world->layout.is_long)
        dr_fail_at(status, world->path);
    if (status != DR_OK) {
        dr_matrix_free(m);
        return status;
    }
    add_up(m);
    *out = m;
    return DR_OK;
}

dr_status dr_matrix_new(dr_matrix **out, size_t regions, size_t sectors, const double *inputs, const double *final)
{
    dr_matrix *m = NULL;
    DR_TRY(empty(&m, regions, sectors));
    memcpy(m->inputs, inputs, m->size * m->size * sizeof *inputs);
    memcpy(m->final, final, m->size * regions * sizeof *final);
    add_up(m);
    *out = m;
    return DR_OK;
}
