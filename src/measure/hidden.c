/* Direct and indirect exposure side by side: what sectors take of a supplier as inputs, bought from it and counted
 * through every stage of production and every third country (Baldwin, Freeman & Theodorakopoulos 2023). Formulas:
 * docs/exposure.md. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "measure/answers.h"
#include "measure/reach.h"

static double share(double part, double whole)
{
    return whole > 0 ? part / whole : NAN;
}

/* The inputs of one sector of side `of`, of all of them, or of all from one supplier. */
typedef struct intake {
    const char *name;
    double inputs, direct;  /* purchases of inputs: from all suppliers, from side `to` */
    double upstream, total; /* output that all suppliers, and side `to`, make for them at every stage of production */
    double total_of_sides;  /* of `total`, the part whose stages are all in the two sides */
} intake;

/* The largest total share first; what has no share last. */
static int compare(const void *a, const void *b)
{
    double x = share(((const intake *)a)->total, ((const intake *)a)->upstream);
    double y = share(((const intake *)b)->total, ((const intake *)b)->upstream);
    return isnan(x) || isnan(y) ? isnan(x) - isnan(y) : (x < y) - (x > y);
}

static void add_up(intake *sum, const intake *one)
{
    sum->inputs += one->inputs;
    sum->direct += one->direct;
    sum->upstream += one->upstream;
    sum->total += one->total;
    sum->total_of_sides += one->total_of_sides;
}

/* Direct, indirect and total have one base, upstream output, so that they add up; a share of the inputs bought
 * stands beside them because that is what trade statistics show. */
enum { NAME, INPUTS, DIRECT_OF_INPUTS, DIRECT, INDIRECT, TOTAL, TOTAL_OVER_DIRECT, THIRD_COUNTRIES };

static const dr_column_spec columns[] = {
    [NAME] = {"sector", DR_SHOW_TEXT},
    [INPUTS] = {"inputs", DR_SHOW_VALUE},
    [DIRECT_OF_INPUTS] = {"direct_share_of_inputs", DR_SHOW_SHARE},
    [DIRECT] = {"direct_share_of_upstream_output", DR_SHOW_SHARE},
    [INDIRECT] = {"indirect_share_of_upstream_output", DR_SHOW_SHARE},
    [TOTAL] = {"total_share_of_upstream_output", DR_SHOW_SHARE},
    [TOTAL_OVER_DIRECT] = {"total_over_direct", DR_SHOW_NUMBER},
    [THIRD_COUNTRIES] = {"third_country_share_of_total", DR_SHOW_SHARE},
};

static void add_intake(dr_table *table, const intake *t, dr_row_kind kind)
{
    size_t row = dr_table_add_row(table);
    dr_table_set_kind(table, row, kind);
    dr_table_set_text(table, row, NAME, t->name);
    dr_table_set_number(table, row, INPUTS, t->inputs);
    dr_table_set_number(table, row, DIRECT_OF_INPUTS, share(t->direct, t->inputs));
    dr_table_set_number(table, row, DIRECT, share(t->direct, t->upstream));
    dr_table_set_number(table, row, INDIRECT, share(t->total - t->direct, t->upstream));
    dr_table_set_number(table, row, TOTAL, share(t->total, t->upstream));
    dr_table_set_number(table, row, TOTAL_OVER_DIRECT, share(t->total, t->direct));
    if (table->column_count > THIRD_COUNTRIES)
        dr_table_set_number(table, row, THIRD_COUNTRIES, share(t->total - t->total_of_sides, t->total));
}

static dr_status write_intakes(dr_table **out, const dr_reach *r, intake *intakes, size_t count, const intake *sum)
{
    dr_column_spec specs[sizeof columns / sizeof *columns];
    dr_table *table = NULL;
    memcpy(specs, columns, sizeof columns);
    if (!r->to)
        specs[NAME].name = "supplier";
    DR_TRY(dr_table_new(&table, specs, r->to ? THIRD_COUNTRIES + 1 : THIRD_COUNTRIES));
    dr_reach_describe(table, r, "Direct and indirect exposure",
                      r->to ? "by sector that buys inputs" : "by supplier of inputs");
    dr_table_add_note(
        table, "upstream output is what suppliers of all countries produce for these inputs at every stage, and larger "
               "than purchases: compare direct with total as shares of it. Shares of a good in imports and in use are "
               "in the table of direct exposure");
    qsort(intakes, count, sizeof *intakes, compare);
    for (size_t i = 0; i < count; i++)
        if (intakes[i].upstream > 0)
            add_intake(table, &intakes[i], DR_ROW_ONE);
    add_intake(table, sum, DR_ROW_TOTAL);
    dr_answer_hidden(table, r->matrix->names, r->of, r->to);
    return dr_table_finish(out, table, DR_OK);
}

/* By sector of side `of`: what it takes of side `to`. */
static dr_status measure_sectors(dr_table **out, dr_reach *r)
{
    const dr_matrix *m = r->matrix;
    intake sum = {.name = "all"}, *sectors = dr_new(m->sectors, sizeof *sectors);
    if (!sectors)
        return dr_fail_memory();
    for (size_t j = 0; j < m->size; j++) {
        intake *t = &sectors[j % m->sectors];
        if (!dr_reach_of(r, j))
            continue;
        for (size_t i = 0; i < m->size; i++) {
            t->inputs += m->inputs[i * m->size + j];
            t->direct += dr_reach_to(r, i) ? m->inputs[i * m->size + j] : 0;
        }
        t->upstream += m->output[j] * r->content_all[j];
        t->total += m->output[j] * r->content_to[j];
        t->total_of_sides += m->output[j] * r->content_sides[j];
    }
    for (size_t s = 0; s < m->sectors; s++) {
        sectors[s].name = dr_economy_sector(m->names, s);
        add_up(&sum, &sectors[s]);
    }
    dr_status status = write_intakes(out, r, sectors, m->sectors, &sum);
    free(sectors);
    return status;
}

/* All sectors of side `of` together: what they take of each supplier outside. */
static dr_status measure_suppliers(dr_table **out, dr_reach *r)
{
    const dr_matrix *m = r->matrix;
    intake sum = {.name = "all"}, *suppliers = dr_new(m->regions, sizeof *suppliers);
    size_t count = 0;
    if (!suppliers)
        return dr_fail_memory();
    for (size_t i = 0; i < m->size; i++) {
        intake *t = &suppliers[i / m->sectors];
        for (size_t j = 0; j < m->size; j++)
            t->direct += dr_reach_of(r, j) ? m->inputs[i * m->size + j] : 0;
        t->total += r->required[i];
    }
    for (size_t i = 0; i < m->regions; i++) {
        sum.inputs += suppliers[i].direct;
        sum.upstream += suppliers[i].total;
    }
    for (size_t i = 0; i < m->regions; i++) {
        if (!r->sides.to[i])
            continue;
        sum.direct += suppliers[i].direct;
        sum.total += suppliers[i].total;
        suppliers[count++] = (intake){.name = m->names->region_codes.names[i],
                                      .inputs = sum.inputs,
                                      .direct = suppliers[i].direct,
                                      .upstream = sum.upstream,
                                      .total = suppliers[i].total};
    }
    dr_status status = write_intakes(out, r, suppliers, count, &sum);
    free(suppliers);
    return status;
}

dr_status dr_exposure_hidden(dr_table **out, dr_world *world, int year, const char *of, const char *to)
{
    DR_TRY(DR_GIVEN(out, world, of));
    dr_reach r;
    dr_status status = dr_reach_new(&r, world, year, of, to);
    if (status == DR_OK)
        status = to ? measure_sectors(out, &r) : measure_suppliers(out, &r);
    dr_reach_free(&r);
    return status;
}
