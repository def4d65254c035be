/* Positions in supply chains: upstreamness (Antras & Chor 2013; Fally 2012) and downstreamness. Formulas:
 * docs/measures.md. */
#include <math.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/residual.h"
#include "base/table.h"
#include "measure/answers.h"
#include "measure/leontief.h"
#include "world/describe.h"
#include "world/select.h"

typedef struct position {
    dr_matrix *matrix;
    dr_leontief *leontief;
    bool *in; /* [region] */
    dr_named named;
    double *up, *down; /* [row]: U times output, and D */
    double *final;     /* [row]: sold to final use */
    double worst;
} position;

static const char equation[] = "output = upstreamness weighted by value added = downstreamness weighted by final use";

/* U of the rows is Y^-1 (I - A)^-1 Y, the row sums of the Ghosh inverse; D = 1 (I - A)^-1, the column sums of the
 * Leontief inverse. */
static dr_status solve(position *p)
{
    const dr_matrix *m = p->matrix;
    p->up = dr_new_doubles(m->size);
    p->down = dr_new_doubles(m->size);
    p->final = dr_new_doubles(m->size);
    if (!p->up || !p->down || !p->final)
        return dr_fail_memory();
    DR_TRY(dr_leontief_new(&p->leontief, m, NULL));
    for (size_t row = 0; row < m->size; row++) {
        p->up[row] = m->output[row];
        p->down[row] = 1;
        for (size_t n = 0; n < m->regions; n++)
            p->final[row] += m->final[row * m->regions + n];
    }
    dr_leontief_output(p->leontief, p->up, 1);
    dr_leontief_content(p->leontief, p->down, 1);
    return DR_OK;
}

/* With v B = 1 and Y = B F, v B Y = 1 Y and 1 B F = 1 Y. */
static dr_status certify(position *p)
{
    const dr_matrix *m = p->matrix;
    const double tolerance = 1e-9;
    double output = 0, by_value_added = 0, by_final = 0;
    for (size_t row = 0; row < m->size; row++) {
        output += m->output[row];
        by_value_added += p->leontief->value_share[row] * p->up[row];
        by_final += p->down[row] * p->final[row];
    }
    p->worst = output == 0 ? 0 : dr_worse(by_value_added / output - 1, by_final / output - 1);
    if (!(p->worst <= tolerance))
        return dr_fail(DR_NO_SOLUTION, "%s: relative residual %.1e; at most %.0e is allowed", equation, p->worst,
                       tolerance);
    return DR_OK;
}

enum { KEY, OUTPUT, UPSTREAMNESS, DOWNSTREAMNESS, FINAL_SHARE, VALUE_ADDED_SHARE, COLUMNS };

/* Sums over some rows. */
typedef struct sums {
    double output, up, down, final, value_added;
} sums;

static void add(sums *to, const position *p, size_t row)
{
    const dr_matrix *m = p->matrix;
    to->output += m->output[row];
    to->up += p->up[row];
    to->down += p->down[row] * m->output[row];
    to->final += p->final[row];
    to->value_added += p->leontief->value_share[row] * m->output[row];
}

static size_t add_row(dr_table *table, const char *key, const sums *s)
{
    size_t row = dr_table_add_row(table);
    dr_table_set_text(table, row, KEY, key);
    dr_table_set_number(table, row, OUTPUT, s->output);
    dr_table_set_number(table, row, UPSTREAMNESS, s->output == 0 ? NAN : s->up / s->output);
    dr_table_set_number(table, row, DOWNSTREAMNESS, s->output == 0 ? NAN : s->down / s->output);
    dr_table_set_number(table, row, FINAL_SHARE, s->output == 0 ? NAN : s->final / s->output);
    dr_table_set_number(table, row, VALUE_ADDED_SHARE, s->output == 0 ? NAN : s->value_added / s->output);
    return row;
}

static void fill(dr_table *table, const position *p, bool by_region)
{
    const dr_matrix *m = p->matrix;
    sums all = {0};
    for (size_t j = 0; j < (by_region ? m->regions : m->sectors); j++) {
        sums of = {0};
        if (by_region && !p->in[j])
            continue;
        for (size_t row = 0; row < m->size; row++)
            if (p->in[row / m->sectors] && (by_region ? row / m->sectors : row % m->sectors) == j) {
                add(&of, p, row);
                add(&all, p, row);
            }
        add_row(table, by_region ? m->names->region_codes.names[j] : dr_economy_sector(m->names, j), &of);
    }
    dr_table_set_kind(table, add_row(table, "all", &all), DR_ROW_TOTAL);
}

static void describe(dr_table *table, const position *p, const char *of)
{
    const dr_economy *e = p->matrix->names;
    dr_describe_title(table, e->year, "Position of %s in supply chains", of ? of : "all regions");
    dr_describe(table, e->world, e->year, e->unit, e->source);
    dr_table_set_unit(table, e->unit);
    dr_table_add_fact_text(table, "of", of ? of : "all");
    dr_table_add_note(
        table, "upstreamness: stages to final use, 1 or more (Antras & Chor 2013), the forward linkage of the "
               "supply-side (Ghosh) model; downstreamness: stages of production so far (Fally 2012), the backward "
               "linkage of the demand-side (Leontief) model; means are weighted by output");
    dr_table_add_fact(table, "certificate.worst_residual", p->worst);
    dr_table_add_fact_text(table, "certificate.worst_equation", equation);
    dr_named_tell(table, e, &p->named);
    dr_answer_position(table, e, of);
}

static dr_status load(position *p, dr_world *world, const char *of, int year)
{
    DR_TRY(dr_matrix_load(&p->matrix, world, year));
    if (!(p->in = dr_new(p->matrix->regions, sizeof *p->in)))
        return dr_fail_memory();
    DR_TRY(dr_select_list(dr_select_region, p->matrix->names, NULL, of ? of : "all", p->in, &p->named));
    DR_TRY(solve(p));
    return certify(p);
}

dr_status dr_position(dr_table **out, dr_world *world, const char *of, int year, bool by_region)
{
    DR_TRY(DR_GIVEN(out, world));
    const dr_column_spec columns[COLUMNS] = {{by_region ? "region" : "sector", DR_SHOW_TEXT},
                                             {"output", DR_SHOW_VALUE},
                                             {"upstreamness", DR_SHOW_NUMBER},
                                             {"downstreamness", DR_SHOW_NUMBER},
                                             {"share_to_final_use", DR_SHOW_SHARE},
                                             {"value_added_share", DR_SHOW_SHARE}};
    position p = {0};
    dr_table *table = NULL;
    dr_status status = load(&p, world, of, year);
    if (status == DR_OK)
        status = dr_table_new(&table, columns, COLUMNS);
    if (status == DR_OK) {
        fill(table, &p, by_region);
        describe(table, &p, of);
    }
    dr_leontief_free(p.leontief);
    dr_matrix_free(p.matrix);
    dr_named_free(&p.named);
    free(p.in);
    free(p.up);
    free(p.down);
    free(p.final);
    return dr_table_finish(out, table, status);
}
