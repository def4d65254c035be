#include "measure/embodied.h"

#include <math.h>
#include <stdlib.h>

#include "base/residual.h"
#include "base/table.h"
#include "world/describe.h"

const char dr_embodied_equation[] = "what producers have for a final use = what its goods hold";

void dr_embodied_free(dr_embodied *embodied)
{
    if (!embodied)
        return;
    dr_matrix_free(embodied->matrix);
    dr_leontief_free(embodied->leontief);
    dr_account_free(embodied->account);
    free(embodied->intensity);
    free(embodied->content);
    free(embodied->direct);
    free(embodied);
}

static void fill_intensity(dr_embodied *e)
{
    const dr_matrix *m = e->matrix;
    for (size_t i = 0; i < m->regions; i++)
        e->direct[i] = e->account->final[i];
    for (size_t row = 0; row < m->size; row++) {
        double value = e->account->value[row];
        if (m->output[row] != 0)
            e->intensity[row] = value / m->output[row];
        else if (value != 0) {
            e->direct[row / m->sectors] += value;
            e->idle++;
        }
        e->content[row] = e->intensity[row];
    }
}

static dr_status fill(dr_embodied *e, dr_world *world, const char *account, int year)
{
    size_t years = dr_world_years(world);
    DR_TRY(dr_account_load(&e->account, world, account, year || !years ? year : dr_world_year(world, years - 1)));
    DR_TRY(dr_matrix_load(&e->matrix, world, e->account->year));
    e->intensity = dr_new_doubles(e->matrix->size);
    e->content = dr_new_doubles(e->matrix->size);
    e->direct = dr_new_doubles(e->matrix->regions);
    if (!e->intensity || !e->content || !e->direct)
        return dr_fail_memory();
    DR_TRY(dr_leontief_new(&e->leontief, e->matrix, NULL));
    fill_intensity(e);
    dr_leontief_content(e->leontief, e->content, 1);
    return DR_OK;
}

dr_status dr_embodied_new(dr_embodied **out, dr_world *world, const char *account, int year)
{
    dr_embodied *embodied = dr_new(1, sizeof *embodied);
    if (!embodied)
        return dr_fail_memory();
    dr_status status = fill(embodied, world, account, year);
    if (status == DR_OK)
        *out = embodied;
    else
        dr_embodied_free(embodied);
    return status;
}

void dr_embodied_final(const dr_embodied *embodied, const bool *regions, double *vector)
{
    const dr_matrix *m = embodied->matrix;
    for (size_t row = 0; row < m->size; row++) {
        vector[row] = 0;
        for (size_t n = 0; n < m->regions; n++)
            vector[row] += regions[n] ? m->final[row * m->regions + n] : 0;
    }
}

/* The sum of the products, and of their absolute values. */
typedef struct product {
    double sum, size;
} product;

static product multiply(const double *a, const double *b, size_t count)
{
    product p = {0, 0};
    for (size_t i = 0; i < count; i++) {
        p.sum += a[i] * b[i];
        p.size += fabs(a[i] * b[i]);
    }
    return p;
}

static dr_status certify(double *worst, product made, product held)
{
    const double tolerance = 1e-9;
    double size = fmax(made.size, held.size), missed = dr_missed(size == 0 ? 0 : (made.sum - held.sum) / size);
    if (!(missed <= tolerance))
        return dr_fail(DR_NO_SOLUTION, "%s: relative residual %.1e; at most %.0e is allowed", dr_embodied_equation,
                       missed, tolerance);
    *worst = dr_worse(*worst, missed);
    return DR_OK;
}

dr_status dr_embodied_output(dr_embodied *embodied, double *vectors, size_t count)
{
    size_t size = embodied->matrix->size;
    product *held = dr_new(count, sizeof *held);
    if (!held)
        return dr_fail_memory();
    for (size_t v = 0; v < count; v++)
        held[v] = multiply(embodied->content, vectors + v * size, size);
    dr_leontief_output(embodied->leontief, vectors, count);
    dr_status status = DR_OK;
    for (size_t v = 0; v < count && status == DR_OK; v++)
        status = certify(&embodied->worst, multiply(embodied->intensity, vectors + v * size, size), held[v]);
    free(held);
    return status;
}

dr_status dr_embodied_flows(double **out, dr_embodied *embodied)
{
    const dr_matrix *m = embodied->matrix;
    double *flows = dr_new_doubles(m->regions * m->size);
    if (!flows)
        return dr_fail_memory();
    for (size_t n = 0; n < m->regions; n++)
        for (size_t row = 0; row < m->size; row++)
            flows[n * m->size + row] = m->final[row * m->regions + n];
    dr_status status = dr_embodied_output(embodied, flows, m->regions);
    for (size_t at = 0; at < m->regions * m->size; at++)
        flows[at] *= embodied->intensity[at % m->size];
    if (status == DR_OK)
        *out = flows;
    else
        free(flows);
    return status;
}

/* What the row's sector sells to regions outside, for inputs and for final use. */
static double exports_of(const dr_matrix *m, size_t row, const bool *regions)
{
    double exports = 0;
    for (size_t n = 0; n < m->regions; n++) {
        if (regions[n])
            continue;
        exports += m->final[row * m->regions + n];
        for (size_t s = 0; s < m->sectors; s++)
            exports += m->inputs[row * m->size + n * m->sectors + s];
    }
    return exports;
}

dr_status dr_embodied_behind_exports(double *out, const dr_embodied *embodied, const bool *regions)
{
    const dr_matrix *m = embodied->matrix;
    dr_leontief *home = NULL;
    DR_TRY(dr_leontief_new(&home, m, regions));
    double *vector = dr_new_doubles(home->size);
    if (vector) {
        for (size_t j = 0; j < home->size; j++)
            vector[j] = exports_of(m, home->rows[j], regions);
        dr_leontief_output(home, vector, 1);
        *out = 0;
        for (size_t j = 0; j < home->size; j++)
            *out += embodied->intensity[home->rows[j]] * vector[j];
    }
    free(vector);
    dr_leontief_free(home);
    return vector ? DR_OK : dr_fail_memory();
}

/* The regions for which the account has nothing, up to some of them. */
static void note_empty(dr_table *table, const dr_embodied *e)
{
    enum { MOST = 10 };
    const dr_matrix *m = e->matrix;
    size_t count = 0;
    dr_names empty = {0};
    char list[DR_NAMES_SIZE];
    for (size_t i = 0; i < m->regions; i++) {
        bool some = e->account->final[i] != 0;
        for (size_t s = 0; s < m->sectors && !some; s++)
            some = e->account->value[i * m->sectors + s] != 0;
        if (!some && count++ < MOST)
            (void)dr_names_add(&empty, m->names->region_codes.names[i]); /* a name fewer in the note */
    }
    if (count > 0)
        dr_table_add_note(table, "regions for which the account has nothing, which counts as zero: %zu%s", count,
                          dr_names_list(list, "; ", &empty));
    dr_names_free(&empty);
}

void dr_embodied_describe(dr_table *table, const dr_embodied *e)
{
    const dr_account_year *a = e->account;
    dr_table_add_fact_text(table, "account", a->name);
    dr_table_add_fact_text(table, "account_unit", a->unit);
    if (*a->source)
        dr_table_add_fact_text(table, "account_source", a->source);
    dr_table_add_note(table, "account: %s, in %s%s%s", a->name, a->unit, *a->source ? "; source: " : "", a->source);
    dr_table_add_fact(table, "certificate.worst_residual", e->worst);
    dr_table_add_fact_text(table, "certificate.worst_equation", dr_embodied_equation);
    note_empty(table, e);
    if (e->idle > 0)
        dr_table_add_note(table,
                          "sectors that have some of the account, and no output in the table: %zu; theirs counts as "
                          "that of final use at home",
                          e->idle);
}
