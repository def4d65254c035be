#include "measure/footprint_sums.h"

#include <math.h>
#include <stdlib.h>

#include "measure/answers.h"
#include "world/describe.h"

dr_status dr_footprint_year_new(dr_footprint_year *f, dr_world *world, const char *of, const char *account, int year)
{
    *f = (dr_footprint_year){.of = of};
    DR_TRY(dr_embodied_new(&f->e, world, account, year));
    const dr_matrix *m = f->e->matrix;
    if (!(f->in = dr_new(m->regions, sizeof *f->in)))
        return dr_fail_memory();
    return dr_select_list(dr_select_region, m->names, NULL, of ? of : "all", f->in, &f->named);
}

void dr_footprint_year_free(dr_footprint_year *f)
{
    dr_embodied_free(f->e);
    dr_named_free(&f->named);
    free(f->in);
    free(f->flows);
}

double dr_footprint_between(const dr_footprint_year *f, size_t i, size_t n)
{
    const dr_matrix *m = f->e->matrix;
    double sum = 0;
    for (size_t row = i * m->sectors; row < (i + 1) * m->sectors; row++)
        sum += f->flows[n * m->size + row];
    return sum;
}

dr_status dr_footprint_add_up(dr_figures *out, const dr_footprint_year *f, const bool *regions)
{
    const dr_matrix *m = f->e->matrix;
    *out = (dr_figures){0};
    for (size_t i = 0; i < m->regions; i++)
        for (size_t n = 0; n < m->regions; n++) {
            if (regions[i] || regions[n])
                *(!regions[n]   ? &out->exports
                  : !regions[i] ? &out->imports
                                : &out->home) += dr_footprint_between(f, i, n);
        }
    for (size_t n = 0; n < m->regions; n++) {
        out->direct += regions[n] ? f->e->direct[n] : 0;
        for (size_t row = 0; row < m->size && regions[n]; row++)
            out->final_use += m->final[row * m->regions + n];
    }
    return dr_embodied_behind_exports(&out->behind, f->e, regions);
}

enum { KEY, PRODUCTION, DIRECT, EXPORTS, IMPORTS, CONSUMPTION, BALANCE, BEHIND, PER_USE, COLUMNS };

dr_status dr_figures_table(dr_table **out, const char *key, dr_show show)
{
    const dr_column_spec columns[COLUMNS] = {
        [KEY] = {key, show},
        [PRODUCTION] = {"production", DR_SHOW_VALUE},
        [DIRECT] = {"direct", DR_SHOW_VALUE},
        [EXPORTS] = {"exports", DR_SHOW_VALUE},
        [IMPORTS] = {"imports", DR_SHOW_VALUE},
        [CONSUMPTION] = {"consumption", DR_SHOW_VALUE},
        [BALANCE] = {"balance", DR_SHOW_VALUE},
        [BEHIND] = {"behind_gross_exports", DR_SHOW_VALUE},
        [PER_USE] = {"per_final_use", DR_SHOW_NUMBER},
    };
    return dr_table_new(out, columns, COLUMNS);
}

size_t dr_figures_add(dr_table *table, const dr_figures *x)
{
    size_t row = dr_table_add_row(table);
    const double values[COLUMNS] = {
        [PRODUCTION] = x->home + x->exports + x->direct,
        [DIRECT] = x->direct,
        [EXPORTS] = x->exports,
        [IMPORTS] = x->imports,
        [CONSUMPTION] = x->home + x->imports + x->direct,
        [BALANCE] = x->exports - x->imports,
        [BEHIND] = x->behind,
        [PER_USE] = x->final_use == 0 ? NAN : (x->home + x->imports) / x->final_use,
    };
    for (size_t c = PRODUCTION; c < COLUMNS; c++)
        dr_table_set_number(table, row, c, values[c]);
    return row;
}

void dr_footprint_describe(dr_table *table, const dr_footprint_year *f, const char *what, int year, const char *source)
{
    const dr_economy *names = f->e->matrix->names;
    const dr_account_year *a = f->e->account;
    dr_describe_title(table, year, "%s of %s %s", a->name, f->of ? f->of : "all regions", what);
    dr_describe(table, names->world, year, names->unit, source);
    dr_table_set_unit(table, a->unit);
    dr_table_add_fact_text(table, "of", f->of ? f->of : "all");
    dr_table_add_note(table, "consumption: what is produced anywhere for final use here, through every stage and third "
                             "country; exports and imports are what is embodied for the final use of others");
    if (dr_table_find(table, "per_final_use") >= 0)
        dr_table_add_note(table, "per final use, without what final use has itself: %s per %s", a->unit, names->unit);
    if (dr_table_find(table, "multiplier") >= 0)
        dr_table_add_note(table,
                          "multiplier: what a unit of the sector's output holds as a final good, of all stages "
                          "and countries; intensity: of the sector alone; %s per %s",
                          a->unit, names->unit);
    dr_embodied_describe(table, f->e);
    dr_named_tell(table, names, &f->named);
    dr_answer_footprint(table, names, f->of, a->name);
}
