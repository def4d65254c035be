#include <math.h>

#include "model/closure.h"
#include "model/model.h"

/* Under income-share, let S[n] = base ratio of the deficit to earned income, times earned income. Deficits are S;
 * surpluses are S (sum of deficits) / (sum of surpluses of S), so that all add up to zero. Without any surplus there is
 * no deficit either. */
void dr_closure_deficits(const dr_model *model, const double *earned, double *deficit)
{
    const dr_base *base = &model->base;
    double taken = 0, given = 0;
    for (size_t n = 0; n < model->regions; n++) {
        double base_earned = dr_base_earned(base, n);
        deficit[n] = base->deficit[n];
        if (model->options.closure == DR_CLOSURE_INCOME_SHARE)
            deficit[n] *= earned[n] / base_earned;
        if (deficit[n] > 0)
            taken += deficit[n];
        else
            given -= deficit[n];
    }
    if (model->options.closure != DR_CLOSURE_INCOME_SHARE || given == 0)
        return;
    for (size_t n = 0; n < model->regions; n++)
        if (deficit[n] < 0)
            deficit[n] *= taken / given;
}

void dr_closure_transfers(const dr_model *model, const dr_scenario *scenario, double *received)
{
    const double *income = model->base.income;
    for (size_t n = 0; n < model->regions; n++)
        received[n] = 0;
    for (size_t t = 0; scenario && t < scenario->transfer_count; t++) {
        const dr_transfer *of = &scenario->transfers[t];
        double givers = 0, takers = 0;
        for (size_t n = 0; n < model->regions; n++) {
            givers += of->from[n] ? income[n] : 0;
            takers += of->to[n] ? income[n] : 0;
        }
        double amount = of->relative ? of->amount * givers : of->amount;
        for (size_t n = 0; n < model->regions; n++)
            received[n] += amount * income[n] * ((of->to[n] ? 1 / takers : 0) - (of->from[n] ? 1 / givers : 0));
    }
}

/* A surplus is D = -S taken / given with S its base ratio times earned, taken the sum of deficits, given that of all
 * S. */
void dr_closure_back(const dr_model *model, const double *earned, const double *deficit, const double *income,
                     double *back)
{
    const dr_base *base = &model->base;
    double taken = 0, given = 0, paid = 0;
    for (size_t n = 0; n < model->regions; n++) {
        double own = base->deficit[n] * earned[n] / dr_base_earned(base, n);
        taken += fmax(own, 0);
        given += fmax(-own, 0);
        paid += own < 0 ? income[n] * deficit[n] : 0;
    }
    for (size_t n = 0; n < model->regions; n++) {
        double ratio = base->deficit[n] / dr_base_earned(base, n);
        back[n] = income[n];
        if (model->options.closure != DR_CLOSURE_INCOME_SHARE || given == 0)
            continue;
        back[n] += income[n] * deficit[n] / earned[n];
        back[n] += ratio > 0 ? ratio * paid / taken : ratio * paid / given;
    }
}
