#include "measure/reach.h"

#include <math.h>
#include <stdlib.h>

#include "base/residual.h"
#include "world/describe.h"

/* The largest residual. */
static const double tolerance = 1e-9;

void dr_reach_free(dr_reach *r)
{
    dr_matrix_free(r->matrix);
    dr_sides_free(&r->sides);
    free(r->numbers);
}

/* Shares and paths are of what is bought; a negative cell is no purchase. */
static void clip(dr_reach *r)
{
    dr_matrix *m = r->matrix;
    for (size_t i = 0; i < m->size * m->size; i++)
        if (m->inputs[i] < 0) {
            m->inputs[i] = 0;
            r->clipped++;
        }
}

bool dr_reach_of(const dr_reach *r, size_t node)
{
    return r->sides.of[node / r->matrix->sectors];
}

bool dr_reach_to(const dr_reach *r, size_t node)
{
    return r->sides.to[node / r->matrix->sectors];
}

/* ---- Contents and requirements ----------------------------------------------------------------------------------- */

/* content = marked' (L - I), by a solve; 0 marks the nodes of side `to`, 1 all. */
static void fill_contents(dr_reach *r, const dr_leontief *l)
{
    size_t size = r->matrix->size;
    for (size_t j = 0; j < size; j++) {
        r->content_to[j] = dr_reach_to(r, j);
        r->content_all[j] = 1;
    }
    dr_leontief_content(l, r->content_to, 2);
    for (size_t j = 0; j < size; j++) {
        r->content_to[j] = fmax(0, r->content_to[j] - dr_reach_to(r, j));
        r->content_all[j] -= 1;
    }
}

/* The same where inputs come from the two sides alone: what is left out goes through third countries. */
static dr_status fill_sides(dr_reach *r)
{
    size_t regions = r->matrix->regions;
    dr_leontief *l = NULL;
    bool *both = dr_new(regions, sizeof *both);
    if (!both)
        return dr_fail_memory();
    for (size_t i = 0; i < regions; i++)
        both[i] = r->sides.of[i] || r->sides.to[i];
    dr_status status = dr_leontief_new(&l, r->matrix, both);
    double *content = status == DR_OK ? dr_new_doubles(l->size) : NULL;
    if (content) {
        for (size_t j = 0; j < l->size; j++)
            content[j] = dr_reach_to(r, l->rows[j]);
        dr_leontief_content(l, content, 1);
        for (size_t j = 0; j < l->size; j++)
            r->content_sides[l->rows[j]] = content[j] - dr_reach_to(r, l->rows[j]);
    }
    if (status == DR_OK && !content)
        status = dr_fail_memory();
    free(content);
    free(both);
    dr_leontief_free(l);
    return status;
}

/* required = (L - I) Y_A */
static void fill_required(dr_reach *r, const dr_leontief *l)
{
    const dr_matrix *m = r->matrix;
    for (size_t j = 0; j < m->size; j++)
        r->required[j] = dr_reach_of(r, j) ? m->output[j] : 0;
    dr_leontief_output(l, r->required, 1);
    for (size_t j = 0; j < m->size; j++)
        r->required[j] -= dr_reach_of(r, j) ? m->output[j] : 0;
}

/* Output required of suppliers equals the output contained in what users make. */
static dr_status certify(dr_reach *r, const char *who, double made, double used)
{
    double missed = dr_missed((made - used) / fmax(fmax(made, used), 1e-300));
    if (!(missed <= tolerance))
        return dr_fail(DR_NO_SOLUTION,
                       "output of %s for %s: suppliers and users differ by %.1e of it; at most %.0e is allowed", who,
                       r->of, missed, tolerance);
    r->worst = dr_worse(r->worst, missed);
    return DR_OK;
}

static bool of_sides(const dr_reach *r, size_t node)
{
    return dr_reach_of(r, node) || dr_reach_to(r, node);
}

/* c (I - A) = 1_to among the two sides, c = content_sides + 1_to, times their output: what it holds is what its
 * inputs hold and `to` makes. Outputs are counted in, so that rounding is small beside both sides of the equation. */
static dr_status certify_sides(dr_reach *r)
{
    const dr_matrix *m = r->matrix;
    double made = 0, used = 0;
    for (size_t i = 0; i < m->size; i++) {
        double sales = 0;
        for (size_t j = 0; of_sides(r, i) && j < m->size; j++)
            sales += of_sides(r, j) && m->output[j] != 0 ? m->inputs[i * m->size + j] : 0;
        double content = r->content_sides[i] + dr_reach_to(r, i);
        made += sales * content + (dr_reach_to(r, i) ? m->output[i] : 0);
        used += m->output[i] * content;
    }
    return certify(r, r->to, made, used);
}

dr_status dr_reach_certify(dr_reach *r)
{
    const dr_matrix *m = r->matrix;
    double made = 0, used = 0, made_by_all = 0, used_of_all = 0;
    r->worst = 0;
    for (size_t j = 0; j < m->size; j++) {
        double output = dr_reach_of(r, j) ? m->output[j] : 0;
        made += dr_reach_to(r, j) ? r->required[j] : 0;
        used += output * r->content_to[j];
        made_by_all += output + r->required[j];
        used_of_all += output * (1 + r->content_all[j]);
    }
    DR_TRY(certify(r, r->to ? r->to : "all others", made, used));
    DR_TRY(certify(r, "all regions", made_by_all, used_of_all));
    return r->to ? certify_sides(r) : DR_OK;
}

/* Computes all arrays and the certificate. */
static dr_status measure(dr_reach *r)
{
    dr_leontief *l = NULL;
    size_t size = r->matrix->size;
    r->numbers = dr_new_doubles(4 * size);
    if (!r->numbers)
        return dr_fail_memory();
    r->content_to = r->numbers;
    r->content_all = r->numbers + size;
    r->content_sides = r->numbers + 2 * size;
    r->required = r->numbers + 3 * size;
    DR_TRY(dr_leontief_new(&l, r->matrix, NULL));
    fill_contents(r, l);
    fill_required(r, l);
    dr_leontief_free(l);
    if (r->to)
        DR_TRY(fill_sides(r));
    return dr_reach_certify(r);
}

dr_status dr_reach_new(dr_reach *r, dr_world *world, int year, const char *of, const char *to)
{
    *r = (dr_reach){.of = of, .to = to};
    DR_TRY(dr_matrix_load(&r->matrix, world, year));
    DR_TRY(dr_sides_read(&r->sides, r->matrix->names, NULL, of, to));
    clip(r);
    return measure(r);
}

void dr_reach_describe(dr_table *table, const dr_reach *r, const char *title, const char *by)
{
    const dr_economy *e = r->matrix->names;
    char of[DR_SPOKEN_SIZE], to[DR_SPOKEN_SIZE];
    dr_describe_title(table, e->year, "%s of %s to %s%s%s", title, dr_spoken(of, e, r->of),
                      r->to ? dr_spoken(to, e, r->to) : "all others", by ? ", " : "", by ? by : "");
    dr_table_set_unit(table, e->unit);
    dr_describe(table, e->world, e->year, e->unit, e->source);
    dr_table_add_fact_text(table, "of", r->of);
    dr_table_add_fact_text(table, "to", r->to ? r->to : "all others");
    dr_named_tell(table, e, &r->sides.named);
    dr_table_add_fact(table, "certificate.worst_residual", r->worst);
    dr_table_add_fact_text(table, "certificate.worst_equation", "output made by suppliers = output used by buyers");
    if (r->clipped)
        dr_table_add_note(table, "negative cells of intermediate use, set to zero: %zu", r->clipped);
}
