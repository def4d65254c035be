#include "result/welfare_terms.h"

#include <math.h>

#include "model/factors.h"
#include "result/welfare.h"

/* ---- A flow, base and new ---------------------------------------------------------------------------------------- */

/* ln of the price in a thin market over the price without pooling, -ln(T / R) / theta (docs/model.md, "Thin markets");
 * 0 elsewhere. */
static double log_pooled(const dr_solution *solution, size_t n, size_t s)
{
    const dr_model *m = solution->model;
    for (size_t j = 0; j < solution->thin_count; j++)
        if (solution->thin[j].region == n && solution->thin[j].sector == s)
            return log(solution->thin[j].remains / m->nests.thin) / m->theta[s];
    return 0;
}

dr_trade dr_trade_of(const dr_solution *solution, size_t n, size_t i, size_t s)
{
    const dr_model *m = solution->model;
    size_t flow = (n * m->regions + i) * m->sectors + s;
    const dr_barrier *barrier = dr_solution_barrier(solution, flow);
    const dr_limit_result *limit = barrier && barrier->limit ? &solution->limits[barrier->limit - 1] : NULL;
    double base = m->base.flow[flow], now = solution->flow[flow], wedge = limit ? dr_limit_mean_wedge(limit) : 1;
    bool to_exporter = limit && limit->rent_to == DR_RENT_EXPORTER,
         to_importer = limit && limit->rent_to == DR_RENT_IMPORTER;
    dr_trade t = {.value = {base, now}, .earned = {base, now / (to_exporter ? wedge : 1)}, .stopped = now == 0};
    t.gross[0] = base * (1 + dr_base_tariff(&m->base, flow));
    t.gross[1] = now * (1 + (solution->tariff ? solution->tariff[flow] : 0)) * (to_importer ? wedge : 1);
    if (base == 0 || t.stopped)
        return t;
    t.log_cost = log(solution->cost[i * m->sectors + s]);
    t.log_used = log((barrier ? barrier->times : 1) * (limit && !to_exporter && !to_importer ? wedge : 1)) +
                 log_pooled(solution, n, s);
    t.log_rent = to_exporter ? log(wedge) : 0;
    t.log_quantity = log(now / base) - t.log_rent - t.log_cost;
    return t;
}

/* ---- The terms --------------------------------------------------------------------------------------------------- */

double dr_log_mean_share(const double values[2], const double income[2])
{
    double base = values[0] / income[0], now = values[1] / income[1];
    if (base <= 0 || now <= 0)
        return 0;
    double ratio = log(now / base);
    return fabs(ratio) < 1e-5 ? sqrt(base * now) : (now - base) / ratio;
}

/* A flow that stops. Volume of trade: its base tariff revenue is lost. Technical: so is the consumer surplus on it, the
 * area under the demand curve above the base price, which is 1/theta of base spending (the limit of a trade cost that
 * grows without bound). */
static void add_stopped(const dr_trade *t, double theta, double income, double *terms)
{
    terms[DR_TERM_VOLUME_OF_TRADE] -= (t->gross[0] - t->value[0]) / income;
    terms[DR_TERM_TECHNICAL] -= t->gross[0] / theta / income;
}

void dr_add_import(const dr_trade *t, double theta, const double income[2], double *terms)
{
    if (t->stopped) {
        add_stopped(t, theta, income[0], terms);
        return;
    }
    double gross = dr_log_mean_share(t->gross, income), value = dr_log_mean_share(t->value, income);
    terms[DR_TERM_TERMS_OF_TRADE] -= value * t->log_cost;
    terms[DR_TERM_RENTS] -= value * t->log_rent;
    terms[DR_TERM_VOLUME_OF_TRADE] += (gross - value) * t->log_quantity;
    terms[DR_TERM_TECHNICAL] -= gross * t->log_used;
}

void dr_add_export(const dr_trade *t, const double income[2], double *terms)
{
    if (t->stopped)
        return;
    double value = dr_log_mean_share(t->value, income), earned = dr_log_mean_share(t->earned, income);
    terms[DR_TERM_TERMS_OF_TRADE] += value * t->log_cost;
    terms[DR_TERM_RENTS] += value * t->log_rent + (value - earned) * t->log_quantity;
}

/* The gain of the users of home goods from the pools of the region's thin markets; `income` NULL: at base shares. */
static double pooled_at_home(const dr_solution *solution, size_t n, const double *income)
{
    double sum = 0;
    for (size_t j = 0; j < solution->thin_count; j++) {
        if (solution->thin[j].region != n)
            continue;
        dr_trade home = dr_trade_of(solution, n, n, solution->thin[j].sector);
        double gross = income ? dr_log_mean_share(home.gross, income) : home.gross[0] / solution->model->base.income[n];
        sum -= home.stopped ? 0 : gross * home.log_used;
    }
    return sum;
}

double dr_productivity_gain(const dr_solution *solution, size_t n, size_t s, const double *income)
{
    const dr_model *m = solution->model;
    size_t cell = n * m->sectors + s;
    double sales[2] = {m->base.output[cell], solution->output[cell]};
    double share = income ? dr_log_mean_share(sales, income) : sales[0] / m->base.income[n];
    return share * log(solution->productivity[cell]);
}

static double from_productivity(const dr_solution *solution, size_t n, const double *income)
{
    double sum = 0;
    for (size_t s = 0; s < solution->model->sectors && solution->productivity; s++)
        sum += dr_productivity_gain(solution, n, s, income);
    return sum;
}

double dr_reallocation(const dr_solution *solution, size_t n, const double income[2])
{
    const dr_model *m = solution->model;
    double sum = 0;
    for (size_t f = 0; f < m->factors; f++)
        for (size_t s = 0; s < m->sectors; s++) {
            size_t at = (f * m->regions + n) * m->sectors + s;
            double base = dr_factor_base(m, f, n, s), wage = solution->factor_wage[at];
            if (base > 0)
                sum += (1 / income[0] + wage / income[1]) / 2 * (solution->factor_pay[at] / wage - base);
        }
    return sum;
}

double dr_transfers(const dr_solution *solution, size_t n, const double income[2])
{
    return (1 / income[0] + 1 / income[1]) / 2 * (solution->deficit[n] - solution->model->base.deficit[n]);
}

double dr_second_order(const dr_solution *solution, size_t n)
{
    const dr_model *m = solution->model;
    double terms[DR_TERMS] = {0}, sum = 0, income[2] = {m->base.income[n], solution->income[n]};
    for (size_t i = 0; i < m->regions; i++)
        for (size_t s = 0; s < m->sectors && i != n; s++) {
            dr_trade bought = dr_trade_of(solution, n, i, s), sold = dr_trade_of(solution, i, n, s);
            if (bought.value[0] > 0)
                dr_add_import(&bought, m->theta[s], income, terms);
            if (sold.value[0] > 0)
                dr_add_export(&sold, income, terms);
        }
    terms[DR_TERM_TECHNICAL] += pooled_at_home(solution, n, income) + from_productivity(solution, n, income);
    terms[DR_TERM_REALLOCATION] = dr_reallocation(solution, n, income);
    terms[DR_TERM_TRANSFERS] = dr_transfers(solution, n, income);
    for (size_t f = DR_TERM_TERMS_OF_TRADE; f <= DR_TERM_TRANSFERS; f++)
        sum += terms[f];
    return sum;
}

/* The terms that are not terms or volume of trade, to first order in base shares. */
static void first_order(const dr_solution *solution, size_t n, double *figures)
{
    const dr_model *m = solution->model;
    double income = m->base.income[n], technical[DR_TERMS] = {0}, rents = 0;
    for (size_t i = 0; i < m->regions; i++)
        for (size_t s = 0; s < m->sectors && i != n; s++) {
            dr_trade bought = dr_trade_of(solution, n, i, s), sold = dr_trade_of(solution, i, n, s);
            rents += sold.value[0] * sold.log_rent - bought.gross[0] * bought.log_rent;
            if (bought.stopped)
                add_stopped(&bought, m->theta[s], income, technical);
            else
                technical[DR_TERM_TECHNICAL] -= bought.gross[0] * bought.log_used / income;
        }
    figures[DR_TERM_TECHNICAL] =
        100 * (technical[DR_TERM_TECHNICAL] + pooled_at_home(solution, n, NULL) + from_productivity(solution, n, NULL));
    figures[DR_TERM_RENTS] = 100 * rents / income;
    figures[DR_TERM_REALLOCATION] = 100 * dr_reallocation(solution, n, (double[]){income, income});
    figures[DR_TERM_TRANSFERS] = 100 * (solution->deficit[n] - m->base.deficit[n]) / income;
}

void dr_welfare_terms(const dr_solution *solution, size_t n, double *figures)
{
    dr_solution_trade_terms(solution, n, &figures[DR_TERM_TERMS_OF_TRADE], &figures[DR_TERM_VOLUME_OF_TRADE]);
    first_order(solution, n, figures);
    figures[DR_TERM_FIRST_ORDER] = 0;
    for (size_t f = DR_TERM_TERMS_OF_TRADE; f <= DR_TERM_TRANSFERS; f++)
        figures[DR_TERM_FIRST_ORDER] += figures[f];
    figures[DR_TERM_WELFARE] = dr_solution_welfare(solution, n);
    figures[DR_TERM_SECOND_ORDER] = 100 * expm1(dr_second_order(solution, n));
    figures[DR_TERM_RESIDUAL] = figures[DR_TERM_WELFARE] - figures[DR_TERM_SECOND_ORDER];
}
