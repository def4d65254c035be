/* Reading the options of a plan: caps by sector, instruments and limits, and the ranges that numbers may have. */
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/csv.h"
#include "plan/plan.h"

/* The most starting points of a search; each takes as long as the first. */
enum { MOST_STARTS = 1000 };

dr_status dr_plan_check_options(const char *function, const dr_plan_options *options)
{
    DR_TRY(DR_ONE_OF(function, options->objective, DR_OBJECTIVE_OWN));
    DR_TRY(DR_ONE_OF(function, options->share, DR_SHARE_LOOK_THROUGH));
    DR_TRY(DR_WITHIN(function, options->starts, 0, MOST_STARTS));
    return DR_WITHIN(function, options->threads, 0, INT_MAX);
}

/* ---- Caps and instruments --------------------------------------------------------------------------------------- */

static dr_status check_cap(double cap)
{
    if (cap > 0 && cap <= 1)
        return DR_OK;
    return dr_fail(DR_BAD_INPUT, "a cap of %g; expected a share above 0 and up to 1 (40%%)", cap);
}

static dr_status cap_row(dr_plan *plan, dr_csv *csv, const int columns[2], bool *mask)
{
    size_t sectors = plan->model->sectors;
    double cap = 0;
    memset(mask, 0, sectors * sizeof *mask);
    dr_status status = dr_select_sector(plan->model->economy, dr_csv_field(csv, (size_t)columns[0]), mask, NULL);
    if (status == DR_BAD_INPUT)
        return dr_csv_fail(csv, columns[0], "%s", dr_error_text());
    DR_TRY(status);
    if (dr_parse_rate(dr_csv_field(csv, (size_t)columns[1]), &cap) != DR_OK || check_cap(cap) != DR_OK)
        return dr_csv_fail(csv, columns[1], "'%s' is no cap; expected a share above 0 and up to 100%%",
                           dr_csv_field(csv, (size_t)columns[1]));
    for (size_t s = 0; s < sectors; s++) {
        if (!mask[s])
            continue;
        if (!isnan(plan->cap[s]))
            return dr_csv_fail(csv, columns[0], "the sector %s has a cap already",
                               dr_economy_sector(plan->model->economy, s));
        plan->cap[s] = cap;
    }
    return DR_OK;
}

/* From the file at `path` or, where that is NULL, from `text`. */
static dr_status caps_of_csv(dr_plan *plan, const char *path, const char *text)
{
    static const char *const names[] = {"sector", "cap"};
    int columns[2];
    bool more = true, *mask = dr_new(plan->model->sectors, sizeof *mask);
    dr_csv *csv = NULL;
    dr_status status = !mask  ? dr_fail_memory()
                       : path ? dr_csv_open(&csv, path)
                              : dr_csv_open_memory(&csv, "caps", text, strlen(text));
    if (status == DR_OK)
        status = dr_csv_header(csv, names, 2, columns);
    while (status == DR_OK && (status = dr_csv_record(csv, &more)) == DR_OK && more)
        status = cap_row(plan, csv, columns, mask);
    dr_csv_close(csv);
    free(mask);
    return status;
}

static dr_status caps_of_list(dr_plan *plan, const dr_plan_options *options)
{
    size_t sectors = plan->model->sectors;
    bool *mask = dr_new(sectors, sizeof *mask);
    dr_status status = mask ? dr_select_goods(plan->model->economy, options->sectors, mask) : dr_fail_memory();
    double cap = plan->capped ? options->cap : 1;
    if (status == DR_OK)
        status = check_cap(cap);
    for (size_t s = 0; s < sectors && status == DR_OK; s++)
        if (mask[s])
            plan->cap[s] = cap;
    free(mask);
    return status;
}

dr_status dr_plan_read_caps(dr_plan *plan, const dr_plan_options *options)
{
    plan->cap = dr_new_doubles(plan->model->sectors);
    if (!plan->cap)
        return dr_fail_memory();
    for (size_t s = 0; s < plan->model->sectors; s++)
        plan->cap[s] = NAN;
    return options->cap_file || options->caps ? caps_of_csv(plan, options->cap_file, options->caps)
                                              : caps_of_list(plan, options);
}

dr_status dr_plan_read_instruments(dr_plan *plan, const char *list)
{
    static const char *const names[DR_ORIGINS] = {"tariff", "others", "home"};
    char *copy = strdup(list ? list : names[DR_ORIGIN_FROM]), *rest = copy, hint[DR_HINT_SIZE];
    dr_status status = copy ? DR_OK : dr_fail_memory();
    for (char *name; status == DR_OK && (name = strsep(&rest, ","));) {
        size_t origin = 0;
        while (origin < DR_ORIGINS && strcmp(names[origin], name) != 0)
            origin++;
        if (origin < DR_ORIGINS)
            plan->origin[origin] = true;
        else
            status = dr_fail(DR_BAD_INPUT, "unknown instrument '%s': expected tariff, others or home%s", name,
                             dr_hint(hint, name, names, DR_ORIGINS));
    }
    free(copy);
    return status;
}

/* ---- Limits ----------------------------------------------------------------------------------------------------- */

/* The default cost of carrying a stock for a year, as a part of its value; docs/plan.md gives the reason. */
static const double DEFAULT_CARRYING_COST = 0.1;

static dr_status check_range(const char *what, const char *expected, double number, double below)
{
    if (number >= 0 && number < below)
        return DR_OK;
    return dr_fail(DR_BAD_INPUT, "a %s of %g%%; expected %s", what, 100 * number, expected);
}

dr_status dr_plan_read_limits(dr_plan *plan, const dr_plan_options *options)
{
    if (!(options->risk >= 0 && options->risk <= 1))
        return dr_fail(DR_BAD_INPUT, "a risk of %g%% a year; expected a probability from 0%% to 100%%",
                       100 * options->risk);
    if (!(options->max_loss >= 0 && options->max_loss < 100))
        return dr_fail(DR_BAD_INPUT, "a loss of at most %g%%; expected a part of real income, from 0%% to 100%%",
                       options->max_loss);
    if (!(options->stock >= 0 && options->stock <= 12))
        return dr_fail(DR_BAD_INPUT, "a stock of %g months; expected 0 to 12, as losses are counted for a year",
                       options->stock);
    if (!(options->stock_cost >= 0 && isfinite(options->stock_cost)))
        return dr_fail(DR_BAD_INPUT, "a carrying cost of %g%% a year; expected 0%% or more", 100 * options->stock_cost);
    if (!(options->max_concentration >= 0 && options->max_concentration <= 1))
        return dr_fail(DR_BAD_INPUT, "a concentration of at most %g; expected an index from 0 to 1",
                       options->max_concentration);
    DR_TRY(check_range("budget", "of real income, 0% or more", options->budget / 100, INFINITY));
    DR_TRY(check_range("largest tariff", "0% or more", options->most_tariff, INFINITY));
    DR_TRY(check_range("largest support", "0% or more, below 100%", options->most_support, 1));
    plan->capped =
        options->cap_file || options->caps ||
        !(options->budget > 0 || options->max_loss > 0 || options->risk > 0 || options->max_concentration > 0) ||
        options->cap != 0;
    if (options->budget > 0 && (plan->capped || options->max_loss > 0 || options->max_concentration > 0))
        return dr_fail(DR_USAGE, "a budget cannot be combined with caps or a largest loss");
    if (options->stock > 0 && !(options->max_loss > 0 || options->risk > 0))
        return dr_fail(DR_USAGE, "a stock needs the risk of a cut-off or the largest loss from one");
    plan->most_concentration = options->max_concentration;
    plan->budget = options->budget;
    plan->max_loss = options->max_loss;
    plan->risk = options->risk;
    plan->stock_months = options->stock;
    plan->carrying_cost = options->stock_cost > 0 ? options->stock_cost : DEFAULT_CARRYING_COST;
    return DR_OK;
}
