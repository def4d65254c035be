/* The shadow prices of caps by product. With G the derivatives of ln s by y and C those of the cost,
 *
 *   dL / dy = dC / dy + G' mu = 0
 *
 * whose left side, for all tariffs, is one adjoint solve of the result that is C and all ln s together, weighted by mu.
 * The multipliers are moved by what is left of it, with G at given unit costs, until nothing is. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/blas.h"
#include "derivative/gradient.h"
#include "plan/product_caps.h"

void dgesv_(const int *n, const int *count, double *a, const int *lda, int *pivots, double *b, const int *ldb,
            int *info);

/* Largest part of the revenue of a tariff that may be left of dL / dy; adjoint solves at most. */
static const double SMALL = 1e-9;
enum { MOST_SOLVES = 60 };

typedef struct work {
    dr_result cost;
    dr_point point;
    dr_adjoint adjoint;
    dr_seed seed;
    double *of_row, *trade_cost, *tariff; /* [row of the tier] */
    size_t *of;                           /* suppliers of one product, and [supplier^2] */
    double *slope, *step;
    int *pivots;
} work;

static void work_free(work *w)
{
    dr_seed_free(&w->seed);
    dr_adjoint_free(&w->adjoint);
    dr_point_free(&w->point);
    free(w->of_row);
    free(w->trade_cost);
    free(w->tariff);
    free(w->of);
    free(w->slope);
    free(w->step);
    free(w->pivots);
}

static dr_status work_new(work *w, const dr_product_caps *caps, const bool *of)
{
    size_t rows = caps->model->tier->rows + 1, most = 1;
    for (size_t k = 0; k < caps->products; k++)
        most = caps->product[k].count > most ? caps->product[k].count : most;
    w->cost = (dr_result){.kind = DR_RESULT_EFFICIENCY, .of = (bool *)of};
    w->of_row = dr_new_doubles(rows);
    w->trade_cost = dr_new_doubles(rows);
    w->tariff = dr_new_doubles(rows);
    w->of = dr_new(most, sizeof *w->of);
    w->slope = dr_new_doubles(most * most);
    w->step = dr_new_doubles(most);
    w->pivots = dr_new(most, sizeof *w->pivots);
    if (!w->of_row || !w->trade_cost || !w->tariff || !w->of || !w->slope || !w->step || !w->pivots)
        return dr_fail_memory();
    DR_TRY(dr_point_new(&w->point, caps->solution, caps->scenario));
    DR_TRY(dr_adjoint_new(&w->adjoint, &w->point));
    return dr_seed_new(&w->seed, &w->point);
}

/* The derivatives of - sum of mu ln s by product flows. */
static void weigh(const dr_product_caps *caps, double *of_row)
{
    for (size_t k = 0; k < caps->products; k++) {
        const dr_capped_product *p = &caps->product[k];
        double all = 0, imports = dr_capped_imports(caps, p, false);
        for (size_t a = p->first; a < p->first + p->count; a++)
            all += caps->supplier[a].multiplier;
        for (size_t a = p->first; a < p->first + p->count; a++) {
            const dr_supplier *supplier = &caps->supplier[a];
            for (size_t j = supplier->first; j < supplier->first + supplier->count && supplier->now > 0; j++)
                of_row[caps->row[j]] = all / imports - supplier->multiplier / supplier->now;
        }
    }
}

/* dL / dy of all suppliers under caps. */
static void take_slopes(dr_product_caps *caps, const work *w)
{
    for (size_t k = 0; k < caps->products; k++) {
        const dr_capped_product *p = &caps->product[k];
        for (size_t a = p->first; a < p->first + p->count; a++) {
            dr_supplier *supplier = &caps->supplier[a];
            supplier->slope = 0;
            for (size_t j = supplier->first; j < supplier->first + supplier->count && supplier->capped; j++)
                supplier->slope -= w->tariff[caps->row[j]] * exp(supplier->y) /
                                   (1 + dr_supplier_rate(caps, p, supplier, caps->row[j]));
        }
    }
}

/* dL / dy of all, by one adjoint solve. */
static dr_status find_slopes(dr_product_caps *caps, work *w)
{
    weigh(caps, w->of_row);
    dr_seed_fill(&w->seed, &w->cost, &w->point, caps->solution);
    DR_TRY(dr_seed_add_rows(&w->seed, w->of_row, &w->point, caps->solution));
    DR_TRY(dr_adjoint_solve(&w->adjoint, &w->seed));
    dr_adjoint_products(&w->adjoint, &w->seed, w->trade_cost, w->tariff);
    take_slopes(caps, w);
    return DR_OK;
}

/* G' d mu = - dL / dy for the tariffs of a product; G' by rows is G by columns. */
static void move(dr_product_caps *caps, const dr_capped_product *p, const work *w)
{
    size_t count = dr_product_caps_taxed(caps, p, w->of);
    const int size = (int)count, one = 1;
    int info = 0;
    if (count == 0)
        return;
    dr_product_caps_slopes(caps, p, w->of, count, w->slope);
    for (size_t a = 0; a < count; a++)
        for (size_t b = 0; b < a; b++) {
            double swap = w->slope[a * count + b];
            w->slope[a * count + b] = w->slope[b * count + a];
            w->slope[b * count + a] = swap;
        }
    for (size_t a = 0; a < count; a++)
        w->step[a] = -caps->supplier[w->of[a]].slope;
    dr_blas_alone();
    dgesv_(&size, &one, w->slope, &size, w->pivots, w->step, &size, &info);
    for (size_t a = 0; a < count && info == 0; a++)
        caps->supplier[w->of[a]].multiplier += w->step[a];
}

/* The revenue for each unit of the largest tariff, percent of income: what slopes are measured by. */
static double scale_of(const dr_product_caps *caps, const bool *of)
{
    double largest = 0;
    for (size_t a = 0; a < caps->suppliers; a++)
        largest = caps->supplier[a].taxed ? fmax(largest, caps->supplier[a].base) : largest;
    return largest > 0 ? 100 * largest / dr_regions_income(caps->model, of) : 1;
}

static void measure(dr_product_caps *caps, double scale)
{
    caps->stationarity = caps->elsewhere = 0;
    for (size_t k = 0; k < caps->products; k++)
        for (size_t a = caps->product[k].first; a < caps->product[k].first + caps->product[k].count; a++) {
            const dr_supplier *supplier = &caps->supplier[a];
            if (supplier->taxed)
                caps->stationarity = fmax(caps->stationarity, fabs(supplier->slope) / scale);
            else if (!caps->product[k].out_of_reach)
                caps->elsewhere = fmin(caps->elsewhere, supplier->slope);
        }
}

static dr_status find(dr_product_caps *caps, work *w, double scale)
{
    for (int solves = 0; solves < MOST_SOLVES; solves++) {
        DR_TRY(find_slopes(caps, w));
        measure(caps, scale);
        if (caps->stationarity <= SMALL)
            return DR_OK;
        for (size_t k = 0; k < caps->products; k++)
            move(caps, &caps->product[k], w);
    }
    return dr_fail(DR_NO_SOLUTION,
                   "the shadow prices of the caps were not found in %d solves: %.1e is left of the "
                   "conditions of an optimum",
                   MOST_SOLVES, caps->stationarity);
}

dr_status dr_product_caps_prices(dr_product_caps *caps, const bool *of)
{
    work w = {0};
    dr_status status = work_new(&w, caps, of);
    if (status == DR_OK)
        status = find(caps, &w, scale_of(caps, of));
    if (status == DR_OK)
        caps->cost = 0 - dr_result_value(&w.cost, caps->model, caps->solution);
    work_free(&w);
    return status;
}
