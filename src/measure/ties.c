/* Bilateral trade between all pairs of regions. Formulas: docs/measures.md. */
#include <stdlib.h>

#include "base/check.h"
#include "base/money.h"
#include "base/table.h"
#include "measure/leontief.h"
#include "world/describe.h"
#include "world/select.h"
#include "world/walk.h"

typedef struct ties {
    dr_world *world;
    dr_economy *names;
    bool *sectors;
    double *value; /* [exporter, importer] */
    double worst;  /* residual of the Leontief model */
} ties;

/* ---- Gross ------------------------------------------------------------------------------------------------------- */

/* exporter, sector, importer. */
static void add_gross(dr_walk *walk, const double *values)
{
    const ties *t = walk->user;
    for (size_t row = 0; row < walk->rows; row++)
        if (t->sectors[walk->index[1][row]])
            t->value[walk->index[0][row] * t->names->regions + walk->index[2][row]] += values[row];
}

/* importer, exporter, sector. */
static void add_flow(dr_walk *walk, const double *values)
{
    ties *t = walk->user;
    for (size_t row = 0; row < walk->rows; row++)
        if (t->sectors[walk->index[2][row]])
            t->value[walk->index[1][row] * t->names->regions + walk->index[0][row]] += values[row];
}

static dr_status fill_gross(ties *t)
{
    static const char *const icio[] = {"intermediate", "final", NULL}, *const flows[] = {"flow", NULL};
    const char *const *table = t->world->layout.is_long ? flows : icio;
    for (; *table; table++) {
        dr_walk walk = {.table = *table, .add = t->world->layout.is_long ? add_flow : add_gross, .user = t};
        dr_status status = dr_walk_run(&walk, t->world, t->names->year);
        if (status != DR_OK)
            return dr_fail_at(status, t->world->path);
    }
    return DR_OK;
}

/* ---- Value added ------------------------------------------------------------------------------------------------- */

/* VA[i, n] = sum over k of v[i,k] x[i,k], x = B F_n: what region i's sectors add to what n finally uses. `output`
 * holds F_n, a vector after the other, and then x; `used` is the sum of each F_n, which world value added in x is to
 * be. */
static dr_status absorb(ties *t, const dr_matrix *m, const dr_leontief *l, const double *output, const double *used)
{
    for (size_t n = 0; n < m->regions; n++) {
        for (size_t row = 0; row < m->size; row++) {
            double value = l->value_share[row] * output[n * m->size + row];
            if (t->sectors[row % m->sectors])
                t->value[row / m->sectors * m->regions + n] += value;
        }
        DR_TRY(dr_leontief_certify(&t->worst, l, output + n * m->size, used[n]));
    }
    return DR_OK;
}

static dr_status solve(ties *t, const dr_matrix *m, const dr_leontief *l)
{
    double *output = NULL, *used = NULL;
    double *memory = dr_new_arrays((dr_array[]){{&output, m->regions * m->size}, {&used, m->regions}}, 2);
    if (!memory)
        return dr_fail_memory();
    for (size_t n = 0; n < m->regions; n++)
        for (size_t row = 0; row < m->size; row++) {
            output[n * m->size + row] = m->final[row * m->regions + n];
            used[n] += m->final[row * m->regions + n];
        }
    dr_leontief_output(l, output, m->regions);
    dr_status status = absorb(t, m, l, output, used);
    free(memory);
    return status;
}

static dr_status fill_value_added(ties *t)
{
    dr_matrix *m = NULL;
    dr_leontief *l = NULL;
    DR_TRY(dr_matrix_load(&m, t->world, t->names->year));
    dr_status status = dr_leontief_new(&l, m, NULL);
    if (status == DR_OK)
        status = solve(t, m, l);
    dr_leontief_free(l);
    dr_matrix_free(m);
    return status;
}

/* ---- The table --------------------------------------------------------------------------------------------------- */

typedef struct tie {
    size_t exporter, importer;
    double value;
} tie;

/* The largest first. */
static int compare(const void *a, const void *b)
{
    const tie *x = a, *y = b;
    if (x->value != y->value)
        return x->value > y->value ? -1 : 1;
    return x->exporter != y->exporter ? (x->exporter > y->exporter) - (x->exporter < y->exporter)
                                      : (x->importer > y->importer) - (x->importer < y->importer);
}

static dr_status add_rows(dr_table *table, const ties *t)
{
    size_t regions = t->names->regions, count = 0;
    tie *all = dr_new(regions * regions, sizeof *all);
    if (!all)
        return dr_fail_memory();
    for (size_t i = 0; i < regions; i++)
        for (size_t n = 0; n < regions; n++) {
            double value = t->value[i * regions + n];
            if (i != n && value != 0)
                all[count++] = (tie){i, n, value};
        }
    qsort(all, count, sizeof *all, compare);
    for (size_t j = 0; j < count; j++) {
        size_t row = dr_table_add_row(table);
        dr_table_set_text(table, row, 0, t->names->region_codes.names[all[j].exporter]);
        dr_table_set_text(table, row, 1, t->names->region_codes.names[all[j].importer]);
        dr_table_set_number(table, row, 2, all[j].value);
    }
    free(all);
    return DR_OK;
}

static void describe(dr_table *table, const ties *t, const dr_ties_options *o)
{
    const dr_economy *e = t->names;
    dr_describe_title(table, e->year, "%s",
                      o->value_added ? "Value added of exporters that importers absorb" : "Trade between all regions");
    dr_describe(table, e->world, e->year, e->unit, e->source);
    dr_table_set_unit(table, e->unit);
    dr_table_add_fact_text(table, "measure", o->value_added ? "value-added" : "gross");
    dr_table_add_fact_text(table, "sectors", o->sectors ? o->sectors : "all");
    if (!o->value_added)
        return;
    dr_table_add_note(table,
                      "value added: what labour and capital of the exporter%s add to the importer's final use, through "
                      "every stage and third country (Johnson & Noguera 2012)",
                      o->sectors ? " in these sectors" : "");
    dr_table_add_fact(table, "certificate.worst_residual", t->worst);
    dr_table_add_fact_text(table, "certificate.worst_equation", dr_leontief_equation);
}

/* "The largest flow between regions in 2011 went from the EU to China: 1.2 billion US dollars, 3.1% of the total." */
static void answer(dr_table *table, const ties *t, const dr_ties_options *o)
{
    char from[DR_SPOKEN_SIZE], to[DR_SPOKEN_SIZE], money[DR_MONEY_SIZE], total[DR_MONEY_SIZE];
    double sum = 0;
    for (size_t row = 0; row < table->rows; row++)
        sum += dr_table_number(table, row, 2);
    dr_table_rank(table, 2);
    dr_describe_names(table, t->names);
    if (table->rows == 0 || sum <= 0)
        return;
    double largest = dr_table_number(table, 0, 2);
    dr_table_say(table, "%s largest flow %s in %d went from %s to %s: %s, %.2f%% of the %s between all regions.",
                 o->sectors ? "of the goods and services of these sectors, the" : "the",
                 o->value_added ? "of value added" : "of trade", t->names->year,
                 dr_spoken(from, t->names, dr_table_text(table, 0, 0)),
                 dr_spoken(to, t->names, dr_table_text(table, 0, 1)), dr_money(money, largest, t->names->unit),
                 100 * largest / sum, dr_money(total, sum, t->names->unit));
}

static dr_status measure(ties *t, const dr_ties_options *o)
{
    DR_TRY(dr_economy_load_names(&t->names, t->world, o->year));
    t->sectors = dr_new(t->names->sectors, sizeof *t->sectors);
    t->value = dr_new_doubles(t->names->regions * t->names->regions);
    if (!t->sectors || !t->value)
        return dr_fail_memory();
    DR_TRY(dr_select_list(dr_select_sector, t->names, NULL, o->sectors ? o->sectors : "all", t->sectors, NULL));
    return o->value_added ? fill_value_added(t) : fill_gross(t);
}

dr_status dr_ties(dr_table **out, dr_world *world, const dr_ties_options *options)
{
    DR_TRY(DR_GIVEN(out, world));
    dr_ties_options whole;
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    options = &whole;
    static const dr_column_spec columns[] = {
        {"exporter", DR_SHOW_TEXT}, {"importer", DR_SHOW_TEXT}, {"value", DR_SHOW_VALUE}};
    ties t = {.world = world};
    dr_table *table = NULL;
    dr_status status = measure(&t, options);
    if (status == DR_OK)
        status = dr_table_new(&table, columns, 3);
    if (status == DR_OK) {
        describe(table, &t, options);
        status = add_rows(table, &t);
        if (status == DR_OK)
            answer(table, &t, options);
        status = dr_table_finish(out, table, status);
    }
    dr_economy_free(t.names);
    free(t.sectors);
    free(t.value);
    return status;
}
