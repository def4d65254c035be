#include "derivative/adjoint_labour.h"

#include "equilibrium/sweep_labour.h"
#include "model/factors.h"
#include "model/labour.h"

/* ln L = k / (1 + k) (ln W - ln P + ln h) of each factor that is labour; returns the derivative by ln h. */
static double back_hours(dr_adjoint *a, size_t n)
{
    const dr_sweep *w = &a->at->w;
    double response = dr_labour_response(w->model), all = 0;
    for (size_t f = 0; f < w->model->factors && w->hours; f++) {
        size_t of = f * w->stride + n;
        bool follows = dr_factor_is_labour(w->model, f) && w->all_labour[of] > 0;
        a->hours[of] *= follows ? response : 0;
        a->mean_wage[of] += a->hours[of];
        all += a->hours[of];
    }
    a->consumer[n] = -all;
    for (size_t j = n; j < w->block; j += w->stride)
        a->price[j] -= all * a->at->final_share[j];
    return all;
}

/* ln P = (A + (1 - phi) (ln e - (ln W - k ln h) / (1 + k))) / (1 + (1 - phi) k / (1 + k)), with `price` first the
 * derivative with respect to ln P, then to A; returns that with respect to ln h. */
static double back_price(dr_adjoint *a, size_t n)
{
    const dr_model *m = a->at->w.model;
    double more = 1 - dr_reach(m, n), response = dr_labour_response(m);
    a->market[n] = 0;
    if (!m->reach || !(m->spending[n] > 0))
        return 0;
    a->price[n] /= 1 + more * response;
    a->market[n] = more * a->price[n];
    a->mean_wage[n] -= a->at->moves[n] * (1 - response) * a->market[n];
    return response * a->market[n];
}

/* h = a constant over 1 - R / F, R the revenue and F what all factors earn. */
static void back_relief(dr_adjoint *a, size_t n, double relief)
{
    const dr_sweep *w = &a->at->w;
    double income = 0;
    if (w->model->revenue_use != DR_REVENUE_INCOME_TAX)
        return;
    for (size_t of = n; of < w->model->factors * w->stride; of += w->stride)
        income += w->mean_wage[of] * w->all_labour[of];
    double each = relief / (income - w->revenue[n]);
    a->revenue[n] += each;
    for (size_t of = n; of < w->model->factors * w->stride; of += w->stride)
        a->factor[of] -= w->revenue[n] / income * each;
}

void dr_adjoint_back_labour(dr_adjoint *a, const dr_seed *seed)
{
    const dr_sweep *w = &a->at->w;
    for (size_t n = 0; n < w->r; n++) {
        for (size_t f = 0; f < w->model->factors; f++)
            a->factor[f * w->stride + n] = dr_factor_is_labour(w->model, f) ? seed->worked[n] : 0;
        a->revenue[n] = seed->revenue[n];
        double relief = seed->relief[n] + back_hours(a, n);
        back_relief(a, n, relief + back_price(a, n));
    }
}

void dr_adjoint_back_market(dr_adjoint *a)
{
    const dr_sweep *w = &a->at->w;
    const double *ratio = w->x + w->block;
    for (size_t n = 0; n < w->r && w->model->reach; n++)
        a->back[w->block + n] += ratio[n] > 0 ? a->market[n] / ratio[n] : 0;
}
