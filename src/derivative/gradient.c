/* Derivatives of results with respect to instruments, for programs: docs/model.md, "Derivatives". */
#include "derivative/gradient.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/names.h"
#include "equilibrium/sweep_labour.h"
#include "equilibrium/sweep_limits.h"
#include "equilibrium/sweep_tier.h"
#include "model/factors.h"
#include "model/labour.h"
#include "model/one_good.h"
#include "result/welfare.h"
#include "world/select.h"

/* ---- Results by name --------------------------------------------------------------------------------------------- */

static const char *const kinds[] = {"welfare", "share", "use", "flow", "look-through"};
enum { KINDS = sizeof kinds / sizeof *kinds };

void dr_result_free(dr_result *result)
{
    free(result->of);
    free(result->from);
    free(result->sectors);
}

/* The text up to the next colon, which is cut off; NULL where nothing is left. */
static char *next_part(char **rest)
{
    char *part = *rest, *end = part ? strchr(part, ':') : NULL;
    if (end)
        *end++ = '\0';
    *rest = end;
    return part;
}

static dr_status read_kind(dr_result *out, const char *kind)
{
    char hint[DR_HINT_SIZE];
    for (size_t k = 0; k < KINDS; k++)
        if (strcmp(kind, kinds[k]) == 0) {
            out->kind = (dr_result_kind)k;
            return DR_OK;
        }
    return dr_fail(DR_BAD_INPUT, "unknown result '%s': expected welfare, share, use, flow or look-through%s", kind,
                   dr_hint(hint, kind, kinds, KINDS));
}

static dr_status read_parts(dr_result *out, const dr_economy *e, char *text)
{
    char *rest = text, *kind = next_part(&rest), *of = next_part(&rest), *from = next_part(&rest);
    char *sectors = next_part(&rest);
    DR_TRY(read_kind(out, kind));
    bool pair = out->kind != DR_RESULT_WELFARE;
    if (!of || !*of || (pair && (!from || !*from)) || (!pair && from) || rest)
        return dr_fail(DR_BAD_INPUT, "a result is %s, such as %s", pair ? "share:OF:FROM[:SECTORS]" : "welfare:OF",
                       pair ? "share:EU:CHN:electrical-optical" : "welfare:EU");
    DR_TRY(dr_select_list(dr_select_region, e, NULL, of, out->of, NULL));
    if (!pair)
        return DR_OK;
    DR_TRY(dr_select_list(dr_select_region, e, NULL, from, out->from, NULL));
    DR_TRY(dr_select_list(dr_select_sector, e, NULL, sectors ? sectors : "all", out->sectors, NULL));
    bool left = false;
    for (size_t n = 0; n < e->regions; n++) {
        out->from[n] &= !out->of[n];
        left |= out->from[n];
    }
    return left ? DR_OK : dr_fail(DR_BAD_INPUT, "no region of '%s' is outside '%s'", from, of);
}

dr_status dr_result_read(dr_result *out, const dr_economy *e, const char *text)
{
    *out = (dr_result){.of = dr_new(e->regions, sizeof(bool)),
                       .from = dr_new(e->regions, sizeof(bool)),
                       .sectors = dr_new(e->sectors, sizeof(bool))};
    char *copy = strdup(text);
    dr_status status = copy && out->of && out->from && out->sectors ? read_parts(out, e, copy) : dr_fail_memory();
    free(copy);
    return status;
}

/* ---- Their values ------------------------------------------------------------------------------------------------ */

double dr_regions_income(const dr_model *model, const bool *regions)
{
    double sum = 0;
    for (size_t n = 0; n < model->regions; n++)
        sum += regions[n] ? model->base.income[n] : 0;
    return sum;
}

static double welfare_of(const dr_result *result, const dr_model *m, const dr_solution *solution)
{
    double change = 0;
    for (size_t n = 0; n < m->regions && solution; n++)
        if (result->of[n])
            change += result->before ? dr_solution_gain(solution, result->before, n)
                                     : dr_solution_welfare(solution, n) * m->base.income[n];
    return change / dr_regions_income(m, result->of);
}

static double efficiency_of(const dr_result *result, const dr_model *m, const dr_solution *solution)
{
    double gain = 0;
    for (size_t n = 0; n < m->regions && solution; n++)
        gain += dr_solution_gain(solution, result->before, n) - 100 * dr_solution_standing(solution, result->before, n);
    return gain / dr_regions_income(m, result->of);
}

/* Whether a flow to n from i counts for the whole that a share is of. */
static bool in_whole(const dr_result *result, size_t n, size_t i)
{
    return result->of[n] && (result->kind == DR_RESULT_USE || !result->of[i]);
}

/* The sums of flows that the result is a share of: those from `from`, and the whole. */
static void sums_of(const dr_result *result, const dr_model *m, const double *flow, double *part, double *whole)
{
    *part = *whole = 0;
    for (size_t n = 0; n < m->regions; n++)
        for (size_t i = 0; i < m->regions && result->of[n]; i++)
            for (size_t s = 0; s < m->sectors && in_whole(result, n, i); s++) {
                double x = result->sectors[s] ? flow[(n * m->regions + i) * m->sectors + s] : 0;
                *part += result->from[i] ? x : 0;
                *whole += x;
            }
}

/* What `of` buys of the sectors from supplier i, outside it. */
static double bought_from(const dr_result *result, const dr_model *m, const double *flow, size_t i)
{
    double sum = 0;
    for (size_t n = 0; n < m->regions && !result->of[i]; n++)
        for (size_t s = 0; s < m->sectors && result->of[n]; s++)
            sum += result->sectors[s] ? flow[(n * m->regions + i) * m->sectors + s] : 0;
    return sum;
}

/* sum of squares over the square of the sum; NAN: no imports. */
static double concentration_of(const dr_result *result, const dr_model *m, const double *flow, double *imports)
{
    double squares = 0;
    *imports = 0;
    for (size_t i = 0; i < m->regions; i++) {
        double one = bought_from(result, m, flow, i);
        squares += one * one;
        *imports += one;
    }
    return *imports > 0 ? squares / (*imports * *imports) : NAN;
}

double dr_result_value(const dr_result *result, const dr_model *m, const dr_solution *solution)
{
    double part, whole;
    if (result->kind == DR_RESULT_WELFARE)
        return welfare_of(result, m, solution);
    if (result->kind == DR_RESULT_EFFICIENCY)
        return efficiency_of(result, m, solution);
    if (result->kind == DR_RESULT_CONCENTRATION)
        return concentration_of(result, m, solution ? solution->flow : m->base.flow, &whole);
    if (result->kind == DR_RESULT_LOOK)
        return dr_look_share(result->look, result->of, result->sectors, !solution);
    sums_of(result, m, solution ? solution->flow : m->base.flow, &part, &whole);
    if (result->kind == DR_RESULT_FLOW)
        return part;
    return whole > 0 ? part / whole : NAN;
}

/* ---- Their seeds ------------------------------------------------------------------------------------------------- */

dr_status dr_seed_new(dr_seed *seed, const dr_point *point)
{
    const dr_sweep *w = &point->w;
    *seed = (dr_seed){.income = dr_new_doubles(w->stride),
                      .price = dr_new_doubles(w->block),
                      .flow = dr_new_doubles(w->r * w->block),
                      .output = dr_new_doubles(w->block),
                      .unknown = dr_new_doubles(2 * w->block),
                      .space = dr_new_doubles(DR_LOOK_SPACE * w->block),
                      .revenue = dr_new_doubles(w->stride),
                      .worked = dr_new_doubles(w->stride),
                      .relief = dr_new_doubles(w->stride)};
    bool all = seed->income && seed->price && seed->flow && seed->output && seed->unknown && seed->space;
    return all && seed->revenue && seed->worked && seed->relief ? DR_OK : dr_fail_memory();
}

void dr_seed_free(dr_seed *seed)
{
    free(seed->income);
    free(seed->price);
    free(seed->flow);
    free(seed->output);
    free(seed->unknown);
    free(seed->space);
    free(seed->revenue);
    free(seed->worked);
    free(seed->relief);
    free(seed->product);
    free(seed->earned);
}

/* With N[n] real income before prices: 100 sum of N' / P times I / N of the base over sum of base I. For efficiency and
 * from another solution it is the sum of N' / P - N, at the prices there, over all regions or those of the result. d ln
 * P = sum over k of the shares in final demand times d ln P[k]. Effort, which N leaves out, is a part of what labour
 * earns, and falls with the relief h, in the base too. */
static void seed_welfare(dr_seed *seed, const dr_result *result, const dr_point *point, const dr_solution *solution)
{
    const dr_sweep *w = &point->w;
    const dr_model *m = w->model;
    double base = dr_regions_income(m, result->of);
    bool welfare = result->kind == DR_RESULT_WELFARE, percent = welfare && !result->before;
    for (size_t n = 0; n < w->r; n++) {
        if (!result->of[n] && welfare)
            continue;
        dr_real_income real = dr_solution_real_income(solution, n);
        double price = dr_solution_consumer_price(solution, n);
        seed->income[n] = 100 / base / price * (percent ? m->base.income[n] / real.left[0] : 1);
        if (result->before)
            seed->income[n] *= dr_solution_consumer_price(result->before->solution, n);
        seed->revenue[n] = m->revenue_use == DR_REVENUE_KEEP ? -seed->income[n] : 0;
        seed->worked[n] = -seed->income[n] * real.of_worked;
        seed->relief[n] =
            seed->income[n] * (real.effort[1] - real.effort[0] * (percent ? real.left[1] / real.left[0] : price));
        for (size_t k = n; k < w->block; k += w->stride)
            seed->price[k] = -seed->income[n] * real.left[1] * point->final_share[k];
    }
}

double dr_sweep_welfare(const dr_sweep *w, const bool *of)
{
    const dr_model *m = w->model;
    double change = 0, income = 0;
    for (size_t n = 0; n < w->r; n++) {
        dr_earned earned = {.income = w->income[n], .revenue = w->revenue[n]};
        if (!of[n])
            continue;
        for (size_t f = 0; f < m->factors; f++) {
            double pay = w->mean_wage[f * w->stride + n] * w->all_labour[f * w->stride + n];
            earned.factors += pay;
            earned.labour += dr_factor_is_labour(m, f) ? pay : 0;
        }
        dr_real_income real = dr_real_income_of(m, n, &earned);
        change += m->base.income[n] * (real.left[1] / real.left[0] / exp(dr_sweep_consumer_price(w, n)) - 1);
        income += m->base.income[n];
    }
    return 100 * change / income;
}

/* The volumes under the tariffs of the base, tau X / c, of which c is an unknown. */
static void seed_base_tariffs(dr_seed *seed, const dr_result *result, const dr_point *point,
                              const dr_solution *solution)
{
    const dr_sweep *w = &point->w;
    double part = 100 / dr_regions_income(w->model, result->of);
    for (size_t flow = 0; flow < w->r * w->r * w->s && w->model->base.tariff; flow++) {
        size_t n = flow / w->s / w->r, i = flow / w->s % w->r, s = flow % w->s;
        double each = part * w->model->base.tariff[flow] / solution->cost[i * w->s + s];
        seed->flow[(s * w->r + n) * w->stride + i] = -each;
        seed->unknown[s * w->stride + i] += each * solution->flow[flow];
    }
}

/* The same under the wedges of another equilibrium, on what producers earn. */
static void seed_standing(dr_seed *seed, const dr_result *result, const dr_point *point, const dr_solution *solution)
{
    const dr_sweep *w = &point->w;
    double part = 100 / dr_regions_income(w->model, result->of);
    for (size_t flow = 0; flow < w->r * w->r * w->s; flow++) {
        size_t n = flow / w->s / w->r, i = flow / w->s % w->r, s = flow % w->s;
        double each = part * result->before->wedge[flow] / solution->cost[i * w->s + s];
        seed->earned[(s * w->r + n) * w->stride + i] = -each;
        seed->unknown[s * w->stride + i] += each * dr_solution_earned(solution, flow);
    }
}

/* H = sum_i x[i]^2 / X^2: dH / dx[i] = 2 (x[i] / X - H) / X. */
static void seed_concentration(dr_seed *seed, const dr_result *result, const dr_point *point,
                               const dr_solution *solution)
{
    const dr_sweep *w = &point->w;
    double imports, index = concentration_of(result, w->model, solution->flow, &imports);
    for (size_t i = 0; i < w->r && imports > 0; i++) {
        double one = 2 * (bought_from(result, w->model, solution->flow, i) / imports - index) / imports;
        for (size_t row = 0; row < w->r * w->s; row++)
            if (result->sectors[row / w->r] && result->of[row % w->r] && !result->of[i])
                seed->flow[row * w->stride + i] = one;
    }
}

static void seed_flows(dr_seed *seed, const dr_result *result, const dr_point *point, const dr_solution *solution)
{
    const dr_sweep *w = &point->w;
    double part, whole;
    sums_of(result, w->model, solution->flow, &part, &whole);
    for (size_t row = 0; row < w->r * w->s; row++)
        for (size_t i = 0; i < w->r && result->sectors[row / w->r]; i++) {
            double one = result->from[i] && result->of[row % w->r] ? 1 : 0;
            if (result->kind == DR_RESULT_FLOW)
                seed->flow[row * w->stride + i] = one;
            else if (in_whole(result, row % w->r, i) && whole > 0)
                seed->flow[row * w->stride + i] = (one - part / whole) / whole;
        }
}

static void clear(dr_seed *seed, const dr_sweep *w)
{
    double *const rows[] = {seed->income, seed->revenue, seed->worked, seed->relief};
    for (size_t j = 0; j < sizeof rows / sizeof *rows; j++)
        memset(rows[j], 0, w->stride * sizeof(double));
    memset(seed->price, 0, w->block * sizeof(double));
    memset(seed->flow, 0, w->r * w->block * sizeof(double));
    memset(seed->output, 0, w->block * sizeof(double));
    memset(seed->unknown, 0, 2 * w->block * sizeof(double));
    if (seed->product)
        memset(seed->product, 0, w->tier->tier->rows * sizeof(double));
    if (seed->earned)
        memset(seed->earned, 0, w->r * w->block * sizeof(double));
}

/* Flows are worth what sellers take of them and what overhead does. */
static void add_overhead(dr_seed *seed, const dr_sweep *w)
{
    for (size_t row = 0; row < w->r * w->s && w->model->reach; row++)
        for (size_t i = 0; i < w->r; i++)
            seed->flow[row * w->stride + i] /= 1 - dr_overhead(w->model, row % w->r);
}

void dr_seed_fill(dr_seed *seed, const dr_result *result, const dr_point *point, const dr_solution *solution)
{
    const dr_sweep *w = &point->w;
    clear(seed, w);
    if (result->kind == DR_RESULT_WELFARE || result->kind == DR_RESULT_EFFICIENCY)
        seed_welfare(seed, result, point, solution);
    if (result->kind == DR_RESULT_EFFICIENCY && result->before)
        seed_standing(seed, result, point, solution);
    else if (result->kind == DR_RESULT_EFFICIENCY)
        seed_base_tariffs(seed, result, point, solution);
    else if (result->kind == DR_RESULT_CONCENTRATION)
        seed_concentration(seed, result, point, solution);
    else if (result->kind == DR_RESULT_LOOK)
        dr_look_seed(seed, result->look, result->of, result->sectors, point);
    else if (result->kind != DR_RESULT_WELFARE)
        seed_flows(seed, result, point, solution);
    add_overhead(seed, w);
    for (size_t j = 0; j < w->limited_count; j++) {
        const dr_limited *c = &w->limited[j];
        if (c->rent == DR_RENT_EXPORTER &&
            c->row == DR_WHOLE_FLOW) /* it crosses the border at mu times what producers earn */
            seed->flow[(c->s * w->r + c->n) * w->stride + c->i] *= dr_limits_wedge(w, c->limit);
    }
}

/* The rows of a flow with their mean, each weighted by what is earned on it, as the seed of the flow, and what they
 * differ by from that as their own. */
static void add_rows(dr_seed *seed, const double *of_row, const dr_sweep *w, const double *flow, size_t block,
                     double *mean, double *all)
{
    const dr_tier *tier = w->tier->tier;
    double spent = w->spent[block / w->r * w->stride + block % w->r];
    memset(mean, 0, w->stride * sizeof *mean);
    memset(all, 0, w->stride * sizeof *all);
    for (size_t row = dr_tier_first(tier, block); row < dr_tier_end(tier, block); row++) {
        mean[tier->origin[row]] += flow[row] * of_row[row];
        all[tier->origin[row]] += flow[row];
    }
    for (size_t i = 0; i < w->r; i++) {
        mean[i] = all[i] > 0 ? mean[i] / all[i] : 0;
        seed->earned[block * w->stride + i] += mean[i];
    }
    for (size_t row = dr_tier_first(tier, block); row < dr_tier_end(tier, block); row++)
        seed->product[row] += spent * (of_row[row] - mean[tier->origin[row]]);
}

dr_status dr_seed_add_rows(dr_seed *seed, const double *of_row, const dr_point *point, const dr_solution *solution)
{
    const dr_sweep *w = &point->w;
    double *scratch = dr_new_doubles(2 * w->stride);
    if (!seed->product) {
        seed->product = dr_new_doubles(w->tier->tier->rows + 1);
        seed->earned = seed->earned ? seed->earned : dr_new_doubles(w->r * w->block);
    }
    bool there = scratch && seed->product && seed->earned;
    for (size_t block = 0; block < w->r * w->s && there; block++)
        if (dr_in_tier(w, block % w->r, block / w->r))
            add_rows(seed, of_row, w, solution->product_flow, block, scratch, scratch + w->stride);
    free(scratch);
    return there ? DR_OK : dr_fail_memory();
}

/* ---- For programs ------------------------------------------------------------------------------------------------ */

/* Converts derivatives with respect to ln(1 + tariff) and the ln of the trade cost to those per unit of the tariff and
 * per unit of the factor on the trade cost. */
static void fill_flows(const dr_adjoint *a, const dr_seed *seed, const dr_solution *solution,
                       const dr_scenario *scenario, const dr_gradient *out)
{
    const dr_sweep *w = &a->at->w;
    for (size_t flow = 0; flow < w->r * w->r * w->s; flow++) {
        size_t n = flow / w->s / w->r, i = flow / w->s % w->r, s = flow % w->s;
        double rate = solution->tariff ? solution->tariff[flow] : 0;
        if (out->tariff)
            out->tariff[flow] = dr_adjoint_tariff(a, seed, n, i, s) / (1 + rate);
        if (out->trade_cost)
            out->trade_cost[flow] =
                dr_adjoint_trade_cost(a, seed, n, i, s) / dr_scenario_times(scenario, flow, w->model->theta[s]);
    }
}

/* Look-through shares are of inputs, which are a part of the cost that productivity is taken from. */
static void fill_productivity(const dr_adjoint *a, const dr_seed *seed, bool look, double *out)
{
    const dr_sweep *w = &a->at->w;
    for (size_t i = 0; i < w->r && out; i++)
        for (size_t s = 0; s < w->s; s++)
            out[i * w->s + s] = dr_adjoint_productivity(a, i, s, look ? seed->unknown[s * w->stride + i] : 0);
}

/* Consumer prices are a part of real income only: look-through shares have prices of inputs. */
static void fill_shifts(const dr_adjoint *a, const dr_seed *seed, const dr_solution *solution, dr_result_kind kind,
                        const dr_shift_gradient *out)
{
    const dr_sweep *w = &a->at->w;
    bool real = kind == DR_RESULT_WELFARE || kind == DR_RESULT_EFFICIENCY;
    for (size_t n = 0; n < w->r; n++) {
        for (size_t f = 0; f < w->model->factors && out->supply; f++)
            out->supply[f * w->r + n] = dr_adjoint_supply(a, f, n);
        for (size_t s = 0; s < w->s && out->demand; s++)
            out->demand[n * w->s + s] = dr_adjoint_demand(a, real ? seed : NULL, solution, n, s);
        if (out->income)
            out->income[n] = dr_adjoint_income(a, n);
    }
    for (size_t flow = 0; flow < w->r * w->r * w->s && out->export_tax; flow++)
        out->export_tax[flow] = dr_adjoint_export_tax(a, seed, flow / w->s / w->r, flow / w->s % w->r, flow % w->s);
}

/* Beyond a tariff-rate quota its rent falls as imports grow, and one that is lost is made by the producers: the adjoint
 * has neither. */
static dr_status check_rate_quota(const dr_solution *solution, const dr_scenario *scenario, size_t c)
{
    const dr_limit_result *limit = &solution->limits[c];
    const dr_economy *e = solution->model->economy;
    bool lost = scenario->limits[c].most > 0 && limit->rent_to == DR_RENT_LOST && limit->wedge > 1;
    if (limit->in_quota == 1 && !lost)
        return DR_OK;
    return dr_fail(DR_BAD_INPUT,
                   "there are no derivatives where imports %s a tariff-rate quota%s, as here those of %s by %s; solve "
                   "two scenarios instead",
                   lost ? "reach" : "exceed", lost ? " whose rent is lost" : "",
                   limit->one_sector ? e->sector_codes.names[limit->sector] : "several sectors",
                   limit->one_importer ? e->region_codes.names[limit->importer] : "several regions");
}

/* A solution under another scenario has another number of limits. */
static dr_status check_found_under(const dr_solution *solution, const dr_scenario *scenario)
{
    if (solution->limit_count != (scenario ? scenario->limit_count : 0))
        return dr_fail(DR_USAGE, "dr_solution_gradient: the solution was not found under this scenario");
    for (size_t c = 0; c < solution->limit_count; c++)
        DR_TRY(check_rate_quota(solution, scenario, c));
    return DR_OK;
}

static dr_status solve_gradient(dr_gradient *out, const dr_shift_gradient *shifts, dr_point *point, dr_adjoint *a,
                                dr_seed *seed, const dr_solution *solution, const dr_scenario *scenario,
                                const dr_result *result)
{
    DR_TRY(check_found_under(solution, scenario));
    DR_TRY(dr_point_new(point, solution, scenario));
    DR_TRY(dr_adjoint_new(a, point));
    DR_TRY(dr_seed_new(seed, point));
    dr_seed_fill(seed, result, point, solution);
    DR_TRY(dr_adjoint_solve(a, seed));
    fill_flows(a, seed, solution, scenario, out);
    fill_productivity(a, seed, result->kind == DR_RESULT_LOOK, out->productivity);
    for (size_t c = 0; c < solution->limit_count && out->limit; c++)
        out->limit[c] = dr_adjoint_limit(a, seed, c);
    if (shifts)
        fill_shifts(a, seed, solution, result->kind, shifts);
    out->value = dr_result_value(result, solution->model, solution);
    out->sweeps = a->sweeps;
    return DR_OK;
}

static dr_status look_of(dr_look **out, dr_result *result, const dr_solution *solution)
{
    DR_TRY(dr_look_new(out, solution->model, result->from));
    result->look = *out;
    return dr_look_at(*out, solution);
}

dr_status dr_gradient_find(dr_gradient *out, const dr_shift_gradient *shifts, const dr_solution *solution,
                           const dr_scenario *scenario, const char *result)
{
    dr_point point = {0};
    dr_adjoint a = {0};
    dr_seed seed = {0};
    dr_result read = {0};
    dr_scenario *of_one_good = NULL;
    dr_look *look = NULL;
    const dr_model *m = solution->model;
    dr_status status = dr_result_read(&read, m->economy, result);
    if (status == DR_OK && read.kind == DR_RESULT_LOOK)
        status = look_of(&look, &read, solution);
    if (status == DR_OK && scenario && scenario->economy != m->economy && scenario->economy == m->whole)
        status = dr_one_good_scenario(&of_one_good, m, scenario);
    if (status == DR_OK)
        status = solve_gradient(out, shifts, &point, &a, &seed, solution, of_one_good ? of_one_good : scenario, &read);
    dr_scenario_free(of_one_good);
    dr_look_free(look);
    dr_result_free(&read);
    dr_seed_free(&seed);
    dr_adjoint_free(&a);
    dr_point_free(&point);
    return status;
}

dr_status dr_solution_gradient(dr_gradient *out, const dr_solution *solution, const dr_scenario *scenario,
                               const char *result)
{
    DR_TRY(DR_GIVEN(out, solution, result));
    DR_TRY(dr_scenario_check(__func__, solution->model, scenario));
    return dr_gradient_find(out, NULL, solution, scenario, result);
}
