/* Caps by year: the least-cost plan of each year, at the trade elasticities and the mobility of labour so many years
 * after the first cap. Years are tied to each other by these horizons alone, so that the cheapest path is that of the
 * cheapest plans. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/csv.h"
#include "base/money.h"
#include "base/residual.h"
#include "dynamics/horizons.h"
#include "plan/plan.h"
#include "result/result.h"
#include "world/describe.h"

enum { YEAR, CAP, THETA, SHARE, COST, COST_VALUE, SHADOW_PRICE, REVENUE, SUPPORT, COLUMNS };
enum { MOST_YEARS = 200 };

/* The path, year by year. */
typedef struct year_path {
    const dr_model *model;
    dr_plan_parties between;
    dr_plan_options options;
    dr_horizon_table horizons;
    double cap[MOST_YEARS]; /* NAN before the first */
    double cost[MOST_YEARS], income;
    size_t years, first;
    dr_model like[2]; /* the models of a year and of the one before it, */
    double *theta;    /* [2, s] and their trade elasticities */
    dr_plan *last;
    double kkt; /* the largest residual of the first-order conditions */
} year_path;

/* ---- Caps -------------------------------------------------------------------------------------------------------- */

static dr_status bad_caps(const char *text)
{
    return dr_fail(DR_BAD_INPUT, "caps by year '%.100s': expected YEAR:SHARE, such as 2012:50%%,2015:30%%", text);
}

/* One YEAR:SHARE, which holds until the next. */
static dr_status take_cap(year_path *w, char *item, const char *text, int *before)
{
    int table = w->model->economy->year;
    char *share = strchr(item, ':');
    double year = 0, cap = 0;
    if (!share)
        return bad_caps(text);
    *share++ = '\0';
    if (!dr_parse_number(item, &year) || year != floor(year) || dr_parse_rate(share, &cap) != DR_OK)
        return bad_caps(text);
    if (year <= table || year > table + (double)w->years)
        return dr_fail(DR_BAD_INPUT, "caps by year: %.10g is not on the path; expected a year from %d to %d", year,
                       table + 1, table + (int)w->years);
    if (year <= *before)
        return dr_fail(DR_BAD_INPUT, "caps by year: %.10g does not come after %d; expected years in their order", year,
                       *before);
    if (!(cap > 0 && cap <= 1))
        return dr_fail(DR_BAD_INPUT, "caps by year: a cap of %.40s; expected more than 0%% and at most 100%%", share);
    *before = (int)year;
    for (size_t y = (size_t)(*before - table - 1); y < w->years; y++)
        w->cap[y] = cap;
    return DR_OK;
}

/* The caps of the text; NULL: that of the options in all years. */
static dr_status read_caps(year_path *w, const char *text)
{
    int before = 0;
    for (size_t y = 0; y < w->years; y++)
        w->cap[y] = text ? NAN : w->options.cap;
    char *copy = text ? strdup(text) : NULL, *rest = copy;
    dr_status status = !text || copy ? DR_OK : dr_fail_memory();
    while (rest && status == DR_OK) {
        char *item = strsep(&rest, ",");
        status = take_cap(w, item, text, &before);
    }
    free(copy);
    while (w->first + 1 < w->years && isnan(w->cap[w->first]))
        w->first++;
    return status;
}

/* ---- Years ------------------------------------------------------------------------------------------------------- */

static dr_status solve_year(year_path *w, size_t year)
{
    char where[32];
    dr_plan *plan = NULL;
    dr_model *model = &w->like[year % 2];
    dr_horizon_model(model, w->model, w->theta + year % 2 * w->model->sectors, &w->horizons,
                     1 + (double)(year - w->first));
    w->options.cap = w->cap[year];
    dr_status status = dr_plan_warm_start(&plan, w->last, model, &w->between, &w->options, false);
    if (status == DR_OK && !w->last)
        status = dr_plan_search_best(plan, &w->options);
    if (status != DR_OK) {
        dr_plan_free(plan);
        snprintf(where, sizeof where, "year %d", w->model->economy->year + 1 + (int)year);
        return dr_fail_at(status, where);
    }
    dr_plan_free(w->last);
    w->last = plan;
    w->kkt = dr_worse(w->kkt, dr_optimum_residual(&plan->optimum));
    return DR_OK;
}

static void add_year(dr_table *table, year_path *w, size_t year)
{
    const dr_plan *plan = w->last;
    size_t row = dr_table_add_row(table);
    double revenue = 0, support = 0;
    dr_table_set_number(table, row, YEAR, w->model->economy->year + 1 + (int)year);
    for (size_t column = COST; column < COLUMNS; column++)
        dr_table_set_number(table, row, column, 0);
    dr_table_set_number(table, row, CAP, w->cap[year]);
    dr_table_set_number(table, row, THETA, NAN);
    dr_table_set_number(table, row, SHARE, NAN);
    if (!plan)
        return;
    w->income = dr_plan_income(plan);
    w->cost[year] = dr_plan_cost(plan);
    dr_plan_fiscal_effects(plan, &revenue, &support);
    dr_table_set_number(table, row, THETA,
                        dr_horizon_at(&w->horizons, 1 + (double)(year - w->first)).elasticity /
                            w->horizons.at[w->horizons.count - 1].elasticity);
    dr_table_set_number(table, row, SHARE, dr_result_value(&plan->total, plan->model, plan->policy.solution));
    dr_table_set_number(table, row, COST, w->cost[year]);
    dr_table_set_number(table, row, COST_VALUE, w->cost[year] / 100 * w->income);
    dr_table_set_number(table, row, SHADOW_PRICE, 1e-4 * dr_plan_shadow_price(plan) * w->income);
    dr_table_set_number(table, row, REVENUE, revenue);
    dr_table_set_number(table, row, SUPPORT, support);
}

/* The constant annual cost that is worth as much from the first cap on, percent; the last year lasts. */
static double discounted(const year_path *w, double discount)
{
    double beta = 1 / (1 + discount), weight = 1, sum = 0;
    for (size_t y = w->first; y < w->years; y++) {
        sum += (1 - beta) * weight * w->cost[y];
        weight *= beta;
    }
    return sum + weight * w->cost[w->years - 1];
}

/* A path a year later costs in each year what this one costs the year before: its present value is beta times as
 * large, and the difference is the constant annual cost once. */
static void describe(dr_table *table, const year_path *w, double discount)
{
    const dr_economy *e = w->model->economy;
    char own[DR_SPOKEN_SIZE], supplier[DR_SPOKEN_SIZE], money[DR_MONEY_SIZE];
    double cost = discounted(w, discount), value = cost / 100 * w->income;
    bool efficient = w->options.objective == DR_OBJECTIVE_EFFICIENT;
    dr_spoken(own, e, w->between.of);
    dr_spoken(supplier, e, w->between.from);
    dr_table_set_title(table, "Diversification of %s away from %s by year, %d to %d", own, supplier, e->year + 1,
                       e->year + (int)w->years);
    dr_table_set_unit(table, e->unit);
    dr_describe(table, e->world, e->year, e->unit, e->source);
    dr_model_describe(table, w->model);
    dr_table_add_fact(table, "plan.discounted_cost", cost);
    dr_table_add_fact(table, "plan.discounted_cost_value", value);
    dr_table_add_fact(table, "settings.discount", discount);
    dr_table_add_fact(table, "certificate.kkt", w->kkt);
    dr_table_keep_rows(table);
    dr_table_say(table, "The path costs %s as much as %s in every year (%.4f%% of the real income of %s).",
                 efficient ? "all regions together" : own, dr_money(money, value, e->unit), cost, own);
    dr_table_say(table, "A year of delay of all caps saves this amount once, and leaves the shares of a year ago for a "
                        "year longer.");
    dr_table_add_note(table,
                      "each row is the least-cost plan for the cap of its year; trade elasticities and the mobility of "
                      "labour are those so many years after the first cap (part_of_elasticity: of the long run); cost: "
                      "to %s, percent of the real income of %s; money: a year; discount rate %.4g%%",
                      efficient ? "all regions together" : own, own, 100 * discount);
    dr_plan_note_changes(table, w->options.changes, NULL);
    dr_table_add_note(table, "largest residual of the first-order conditions of all plans: %.1e", w->kkt);
}

static dr_status solve(dr_table *table, year_path *w, const char *caps, double discount)
{
    dr_status status = dr_horizons_read(&w->horizons);
    w->theta = dr_new(2 * w->model->sectors, sizeof *w->theta);
    if (status == DR_OK && !w->theta)
        status = dr_fail_memory();
    if (status == DR_OK)
        status = read_caps(w, caps);
    void (*progress)(const char *, size_t, size_t, void *) = w->options.progress;
    w->options.progress = NULL;
    for (size_t y = 0; y < w->years && status == DR_OK; y++) {
        if (y >= w->first)
            status = solve_year(w, y);
        if (status == DR_OK)
            add_year(table, w, y);
        if (progress)
            progress("planning the years", y + 1, w->years, w->options.user);
    }
    if (status == DR_OK)
        describe(table, w, discount);
    dr_plan_free(w->last);
    free(w->theta);
    return status;
}

static dr_status check_options(const dr_model *model, const dr_plan_options *o)
{
    if (o->products || o->cap_file || o->caps || o->budget > 0 || o->max_loss > 0 || o->risk > 0)
        return dr_fail(DR_USAGE, "dr_plan_years: a path has a cap on the share in each sector; expected no products, "
                                 "cap_file, caps, budget, max_loss and risk");
    return dr_horizon_check(model);
}

dr_status dr_plan_years(dr_table **out, const dr_model *model, const char *of, const char *from,
                        const dr_plan_options *options, size_t years, const char *caps, double discount)
{
    DR_TRY(DR_GIVEN(out, model, of, from, options));
    static const dr_column_spec columns[COLUMNS] = {
        {"year", DR_SHOW_COUNT},         {"cap", DR_SHOW_SHARE},     {"part_of_elasticity", DR_SHOW_SHARE},
        {"share", DR_SHOW_SHARE},        {"cost", DR_SHOW_PERCENT},  {"cost_value", DR_SHOW_VALUE},
        {"shadow_price", DR_SHOW_VALUE}, {"revenue", DR_SHOW_VALUE}, {"support", DR_SHOW_VALUE}};
    year_path w = {.model = model, .between = {of, from, NULL}, .years = years};
    dr_table *table = NULL;
    DR_TRY(DR_TAKE_OPTIONS(&w.options, options));
    options = &w.options;
    DR_TRY(dr_plan_check_options(__func__, options));
    DR_TRY(DR_WITHIN(__func__, years, 1, MOST_YEARS));
    DR_TRY(DR_WITHIN(__func__, discount, 0, 1));
    DR_TRY(check_options(model, options));
    DR_TRY(dr_table_new(&table, columns, COLUMNS));
    return dr_table_finish(out, table, solve(table, &w, caps, discount > 0 ? discount : 0.04));
}
