/* Hidden exposure: reliance on suppliers counted through every stage of production and every third country (Baldwin, Freeman &
 * Theodorakopoulos 2023). Formulas: docs/exposure.md. */
#include <math.h>
#include <stdlib.h>

#include "measure/reach.h"

static double share(double part, double whole)
{
    return whole > 0 ? part / whole : NAN;
}

/* What one sector of side `of`, or all, or all from one supplier, takes. */
typedef struct intake {
    const char *name;
    double direct, direct_to;   /* inputs bought: of all, of side `to` */
    double through, through_to; /* counted through every stage */
    double through_sides;       /* of through_to, what goes through the two sides alone */
} intake;

static int compare(const void *a, const void *b)
{
    double x = share(((const intake *)a)->through_to, ((const intake *)a)->through);
    double y = share(((const intake *)b)->through_to, ((const intake *)b)->through);
    return isnan(x) || isnan(y) ? isnan(x) - isnan(y) : (x < y) - (x > y);
}

static void add_up(intake *sum, const intake *one)
{
    sum->direct += one->direct;
    sum->direct_to += one->direct_to;
    sum->through += one->through;
    sum->through_to += one->through_to;
    sum->through_sides += one->through_sides;
}

/* face_value and look_through are parts of the same whole, so that they can stand side by side. */
enum { NAME, INPUTS, DIRECT_SHARE, FACE_VALUE, LOOK_THROUGH, TIMES, THROUGH_THIRD };

static void add_intake(dr_table *table, const intake *t, dr_row_kind kind)
{
    size_t row = dr_table_add_row(table);
    dr_table_set_kind(table, row, kind);
    dr_table_set_text(table, row, NAME, t->name);
    dr_table_set_number(table, row, INPUTS, t->direct);
    dr_table_set_number(table, row, DIRECT_SHARE, share(t->direct_to, t->direct));
    dr_table_set_number(table, row, FACE_VALUE, share(t->direct_to, t->through));
    dr_table_set_number(table, row, LOOK_THROUGH, share(t->through_to, t->through));
    dr_table_set_number(table, row, TIMES, share(t->through_to, t->direct_to));
    if (table->column_count > THROUGH_THIRD)
        dr_table_set_number(table, row, THROUGH_THIRD, share(t->through_to - t->through_sides, t->through_to));
}

static dr_status write_intakes(dr_table **out, const dr_reach *r, intake *intakes, size_t count, const intake *sum)
{
    const dr_column_spec columns[] = {
        [NAME] = {r->to ? "sector" : "supplier", DR_SHOW_TEXT}, [INPUTS] = {"inputs", DR_SHOW_VALUE},
        [DIRECT_SHARE] = {"direct_share", DR_SHOW_SHARE},       [FACE_VALUE] = {"face_value", DR_SHOW_SHARE},
        [LOOK_THROUGH] = {"look_through", DR_SHOW_SHARE},       [TIMES] = {"times", DR_SHOW_NUMBER},
        [THROUGH_THIRD] = {"through_third", DR_SHOW_SHARE}};
    dr_table *table = NULL;
    DR_TRY(dr_table_new(&table, columns, r->to ? THROUGH_THIRD + 1 : THROUGH_THIRD));
    dr_reach_describe(table, r, "Hidden exposure");
    qsort(intakes, count, sizeof *intakes, compare);
    for (size_t i = 0; i < count; i++)
        if (intakes[i].through > 0)
            add_intake(table, &intakes[i], DR_ROW_ONE);
    add_intake(table, sum, DR_ROW_TOTAL);
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
            t->direct += m->inputs[i * m->size + j];
            t->direct_to += dr_reach_to(r, i) ? m->inputs[i * m->size + j] : 0;
        }
        t->through += m->output[j] * r->content_all[j];
        t->through_to += m->output[j] * r->content_to[j];
        t->through_sides += m->output[j] * r->content_sides[j];
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
            t->direct_to += dr_reach_of(r, j) ? m->inputs[i * m->size + j] : 0;
        t->through_to += r->required[i];
    }
    for (size_t i = 0; i < m->regions; i++) {
        sum.direct += suppliers[i].direct_to;
        sum.through += suppliers[i].through_to;
    }
    for (size_t i = 0; i < m->regions; i++) {
        if (!r->sides.to[i])
            continue;
        sum.direct_to += suppliers[i].direct_to;
        sum.through_to += suppliers[i].through_to;
        suppliers[count++] = (intake){m->names->region_codes.names[i], sum.direct, suppliers[i].direct_to, sum.through,
                                      suppliers[i].through_to,         0};
    }
    dr_status status = write_intakes(out, r, suppliers, count, &sum);
    free(suppliers);
    return status;
}

dr_status dr_exposure_hidden(dr_table **out, dr_world *world, int year, const char *of, const char *to)
{
    dr_reach r;
    dr_status status = dr_reach_new(&r, world, year, of, to);
    if (status == DR_OK)
        status = to ? measure_sectors(out, &r) : measure_suppliers(out, &r);
    dr_reach_free(&r);
    return status;
}
