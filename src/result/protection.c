/* Effective rates of protection (Corden 1966): by how much tariffs on its output and on its inputs raise the value
 * added of a unit that a sector makes, prices abroad given. Formulas: docs/model.md, "Results". */
#include <math.h>
#include <stdlib.h>

#include "base/check.h"
#include "result/result.h"

enum { REGION, SECTOR, TARIFF, TARIFF_NEW, INPUTS, INPUTS_NEW, EFFECTIVE, EFFECTIVE_NEW, COLUMNS };

static const dr_column_spec columns[COLUMNS] = {
    [REGION] = {"region", DR_SHOW_TEXT},
    [SECTOR] = {"sector", DR_SHOW_TEXT},
    [TARIFF] = {"tariff", DR_SHOW_PERCENT},
    [TARIFF_NEW] = {"tariff_new", DR_SHOW_PERCENT},
    [INPUTS] = {"input_tariff", DR_SHOW_PERCENT},
    [INPUTS_NEW] = {"input_tariff_new", DR_SHOW_PERCENT},
    [EFFECTIVE] = {"effective_rate", DR_SHOW_PERCENT},
    [EFFECTIVE_NEW] = {"effective_rate_new", DR_SHOW_PERCENT},
};

/* The mean tariffs of region n by sector, base [0] and new [1], both weighted by base imports, so that a prohibitive
 * tariff counts. */
static void mean_tariffs(const dr_solution *solution, size_t n, double *tariffs[2])
{
    const dr_model *m = solution->model;
    for (size_t k = 0; k < m->sectors; k++) {
        double imports = 0, sums[2] = {0};
        for (size_t i = 0; i < m->regions; i++) {
            size_t flow = (n * m->regions + i) * m->sectors + k;
            if (i == n)
                continue;
            imports += m->base.flow[flow];
            sums[0] += m->base.flow[flow] * dr_base_tariff(&m->base, flow);
            sums[1] += m->base.flow[flow] * (solution->tariff ? solution->tariff[flow] : 0);
        }
        for (int t = 0; t < 2; t++)
            tariffs[t][k] = imports > 0 ? sums[t] / imports : 0;
    }
}

/* With t the mean tariff, a[k] the share of input k in the base cost of sector s at domestic prices, those of the
 * base tariffs t0, value added per unit at prices abroad is A = 1 / (1 + t0[s]) - sum of a[k] / (1 + t0[k]), and
 * under tariffs t it is V = (1 + t[s]) / (1 + t0[s]) - sum of a[k] (1 + t[k]) / (1 + t0[k]); the effective rate is V
 * / A - 1. */
static void protect(const dr_model *m, size_t n, size_t s, double *const tariffs[2], double *figures)
{
    double abroad = 1 / (1 + tariffs[0][s]), cost = m->base.value_added[n * m->sectors + s];
    double at_home[2] = {1, (1 + tariffs[1][s]) / (1 + tariffs[0][s])}, inputs[2] = {0}, all = 0;
    for (size_t k = 0; k < m->sectors; k++)
        cost += m->base.input[(n * m->sectors + k) * m->sectors + s];
    for (size_t k = 0; k < m->sectors; k++) {
        double a = m->base.input[(n * m->sectors + k) * m->sectors + s] / cost, before = 1 + tariffs[0][k];
        abroad -= a / before;
        all += a / before;
        for (int t = 0; t < 2; t++) {
            at_home[t] -= a * (1 + tariffs[t][k]) / before;
            inputs[t] += a / before * tariffs[t][k];
        }
    }
    for (size_t t = 0; t < 2; t++) {
        figures[TARIFF + t] = 100 * tariffs[t][s];
        figures[INPUTS + t] = all > 0 ? 100 * inputs[t] / all : 0;
        figures[EFFECTIVE + t] = abroad > 0 ? dr_percent(at_home[t] / abroad) : NAN;
    }
}

static void add_rows(dr_table *table, const dr_solution *solution, double *const tariffs[2])
{
    const dr_model *m = solution->model;
    for (size_t n = 0; n < m->regions; n++) {
        mean_tariffs(solution, n, (double *[2]){tariffs[0], tariffs[1]});
        for (size_t s = 0; s < m->sectors; s++) {
            double figures[COLUMNS];
            if (m->base.output[n * m->sectors + s] == 0)
                continue;
            protect(m, n, s, tariffs, figures);
            size_t row = dr_table_add_row(table);
            dr_table_set_text(table, row, REGION, m->economy->region_codes.names[n]);
            dr_table_set_text(table, row, SECTOR, m->economy->sector_codes.names[s]);
            for (size_t c = TARIFF; c < COLUMNS; c++)
                dr_table_set_number(table, row, c, figures[c]);
        }
    }
}

dr_status dr_solution_protection(dr_table **out, const dr_solution *solution)
{
    DR_TRY(DR_GIVEN(out, solution));
    size_t sectors = solution->model->sectors;
    dr_table *table = NULL;
    double *both = dr_new(2 * sectors, sizeof *both);
    dr_status status = both ? dr_table_new(&table, columns, COLUMNS) : dr_fail_memory();
    if (status == DR_OK) {
        dr_solution_describe(table, solution, "protection");
        dr_table_set_unit(table, "percent");
        dr_table_add_note(table,
                          "tariffs are means weighted by base imports; the effective rate is the increase of value "
                          "added per unit by tariffs on output and inputs at given prices abroad (Corden 1966), "
                          "empty where value added would be negative at prices abroad");
        add_rows(table, solution, (double *[2]){both, both + sectors});
    }
    free(both);
    return dr_table_finish(out, table, status);
}
