#include "measure/trade.h"

#include <stdlib.h>

#include "world/select.h"
#include "world/walk.h"

static dr_status trade_new(dr_trade *t, size_t sectors)
{
    t->exports = dr_new_doubles(sectors);
    t->imports = dr_new_doubles(sectors);
    return t->exports && t->imports ? DR_OK : dr_fail_memory();
}

static dr_status find_overlap(dr_pair *p)
{
    bool *both = p->b ? dr_new(p->names->regions, sizeof *both) : NULL;
    if (!both)
        return p->b ? dr_fail_memory() : DR_OK;
    dr_status status = dr_select_list(dr_select_region, p->names, NULL, p->b, both, NULL);
    for (size_t i = 0; i < p->names->regions; i++)
        p->overlap = p->overlap || (both[i] && p->sides.of[i]);
    free(both);
    return status;
}

dr_status dr_pair_new(dr_pair *p, dr_world *world, const char *a, const char *b, int year)
{
    *p = (dr_pair){.world = world, .a = a, .b = b};
    DR_TRY(dr_economy_load_names(&p->names, world, year));
    DR_TRY(dr_sides_read(&p->sides, p->names, NULL, a, b));
    DR_TRY(find_overlap(p));
    DR_TRY(trade_new(&p->gross, p->names->sectors));
    return trade_new(&p->value_added, p->names->sectors);
}

void dr_pair_free(dr_pair *p)
{
    dr_economy_free(p->names);
    dr_sides_free(&p->sides);
    free(p->gross.exports);
    free(p->gross.imports);
    free(p->value_added.exports);
    free(p->value_added.imports);
}

/* ---- Gross trade, straight from the world's rows ---- */

static void add(dr_pair *p, size_t exporter, size_t sector, double value)
{
    (p->sides.of[exporter] ? p->gross.exports : p->gross.imports)[sector] += value;
}

/* origin, supplier, destination. */
static void add_gross(dr_walk *walk, const double *values)
{
    for (size_t row = 0; row < walk->rows; row++)
        add(walk->user, walk->index[0][row], walk->index[1][row], values[row]);
}

/* importer, exporter, sector. */
static void add_flow(dr_walk *walk, const double *values)
{
    for (size_t row = 0; row < walk->rows; row++)
        add(walk->user, walk->index[1][row], walk->index[2][row], values[row]);
}

/* The sales of each side to the other; only these rows are read. Both ways in one query would take four times as long,
 * as the database looks only for what is joined by AND while it reads. */
static dr_status walk_both_ways(dr_pair *p, const char *table)
{
    dr_walk walk = {.table = table,
                    .sellers = p->sides.of,
                    .buyers = p->sides.to,
                    .add = p->world->layout.is_long ? add_flow : add_gross,
                    .user = p};
    DR_TRY(dr_walk_run(&walk, p->world, p->names->year));
    walk.sellers = p->sides.to;
    walk.buyers = p->sides.of;
    return dr_walk_run(&walk, p->world, p->names->year);
}

static dr_status walk_gross(dr_pair *p)
{
    if (p->world->layout.is_long)
        return walk_both_ways(p, "flow");
    DR_TRY(walk_both_ways(p, "intermediate"));
    return walk_both_ways(p, "final");
}

dr_status dr_pair_gross(dr_pair *p)
{
    dr_status status = walk_gross(p);
    return status == DR_OK ? DR_OK : dr_fail_at(status, p->world->path);
}

/* ---- Value added: whose, in the final use of whom (Johnson & Noguera 2012) ---- */

/* Final use of each side, one vector after the other. */
static void final_uses(const dr_pair *p, const dr_matrix *m, double *vectors)
{
    for (size_t row = 0; row < m->size; row++)
        for (size_t n = 0; n < m->regions; n++) {
            double value = m->final[row * m->regions + n];
            vectors[row] += p->sides.of[n] ? value : 0;
            vectors[m->size + row] += p->sides.to[n] ? value : 0;
        }
}

static double sum(const double *numbers, size_t count)
{
    double total = 0;
    for (size_t i = 0; i < count; i++)
        total += numbers[i];
    return total;
}

/* VA[A -> B, k] = sum over i in A of v[i,k] x[i,k], x = B F_B: the value added of A's sector k that B absorbs. */
static dr_status absorb(dr_pair *p, const dr_matrix *m, const dr_leontief *l, double *vectors)
{
    const double wanted[2] = {sum(vectors, m->size), sum(vectors + m->size, m->size)};
    dr_leontief_output(l, vectors, 2);
    for (size_t row = 0; row < m->size; row++) {
        size_t i = row / m->sectors, s = row % m->sectors;
        double for_a = l->value_share[row] * vectors[row], for_b = l->value_share[row] * vectors[m->size + row];
        p->value_added.exports[s] += p->sides.of[i] ? for_b : 0;
        p->value_added.imports[s] += p->sides.to[i] ? for_a : 0;
    }
    DR_TRY(dr_leontief_certify(&p->worst, l, vectors, wanted[0]));
    return dr_leontief_certify(&p->worst, l, vectors + m->size, wanted[1]);
}

dr_status dr_pair_value_added(dr_pair *p)
{
    dr_matrix *m = NULL;
    dr_leontief *l = NULL;
    DR_TRY(dr_matrix_load(&m, p->world, p->names->year));
    dr_status status = dr_leontief_new(&l, m, NULL);
    double *vectors = status == DR_OK ? dr_new_doubles(2 * m->size) : NULL;
    if (status == DR_OK && !vectors)
        status = dr_fail_memory();
    if (status == DR_OK) {
        final_uses(p, m, vectors);
        status = absorb(p, m, l, vectors);
    }
    free(vectors);
    dr_leontief_free(l);
    dr_matrix_free(m);
    return status;
}

/* ---- Accounts ---- */

dr_status dr_pair_embodied(dr_pair *p, dr_embodied *e)
{
    const dr_matrix *m = e->matrix;
    double *vectors = dr_new_doubles(2 * m->size);
    if (!vectors)
        return dr_fail_memory();
    final_uses(p, m, vectors);
    dr_status status = dr_embodied_output(e, vectors, 2);
    for (size_t row = 0; row < m->size && status == DR_OK; row++) {
        size_t i = row / m->sectors, s = row % m->sectors;
        p->gross.imports[s] += p->sides.to[i] ? e->intensity[row] * vectors[row] : 0;
        p->gross.exports[s] += p->sides.of[i] ? e->intensity[row] * vectors[m->size + row] : 0;
    }
    p->worst = e->worst;
    free(vectors);
    return status;
}
