#include "model/model.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/print.h"

/* Data this far from an equilibrium, relative to the size of each equation, are one up to rounding. */
static const double BALANCED = 1e-9;

dr_status dr_model_note(dr_model *model, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    dr_vprint_text(text, sizeof text, format, arguments);
    va_end(arguments);
    const char *note = dr_arena_text(&model->arena, text);
    if (!note || !dr_grow((void **)&model->notes, &model->note_capacity, model->note_count + 1, sizeof *model->notes))
        return dr_fail_memory();
    model->notes[model->note_count++] = note;
    return DR_OK;
}

static void base_free(dr_base *b)
{
    double *arrays[] = {b->flow,        b->tariff,        b->spending,       b->output,  b->input,  b->final,
                        b->value_added, b->factor_income, b->tariff_revenue, b->deficit, b->income, b->factor_share};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        free(arrays[i]);
}

void dr_model_free(dr_model *model)
{
    if (!model)
        return;
    base_free(&model->base);
    free(model->theta);
    free(model->value_added_share);
    free(model->factor_share);
    free(model->input_share);
    free(model->bundle_share);
    free(model->final_share);
    free(model->import_share);
    free(model->spending);
    if (model->economy == &model->one_good)
        dr_names_free(&model->one_good.sector_codes);
    free((void *)model->notes);
    dr_arena_free(&model->arena);
    free(model);
}

static dr_status take_arrays(dr_model *m, bool tariffs)
{
    size_t r = m->regions, s = m->sectors, row = m->stride;
    dr_base *b = &m->base;
    struct {
        double **array;
        size_t count;
    } wanted[] = {{&b->flow, r * r * s},
                  {&b->tariff, tariffs ? r * r * s : 0},
                  {&b->spending, r * s},
                  {&b->output, r * s},
                  {&b->input, r * s * s},
                  {&b->final, r * s},
                  {&b->value_added, r * s},
                  {&b->factor_share, m->factors > 1 ? m->factors * r * s : 0},
                  {&m->factor_share, m->factors > 1 ? m->factors * s * row : 0},
                  {&b->factor_income, r},
                  {&b->tariff_revenue, r},
                  {&b->deficit, r},
                  {&b->income, r},
                  {&m->theta, s},
                  {&m->value_added_share, s * row},
                  {&m->bundle_share, s * row},
                  {&m->input_share, s * s * row},
                  {&m->final_share, s * row},
                  {&m->import_share, s * r * row},
                  {&m->spending, s * row}};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (wanted[i].count && !(*wanted[i].array = dr_new_doubles(wanted[i].count)))
            return dr_fail_memory();
    return DR_OK;
}

void dr_base_incomes(dr_model *m)
{
    size_t r = m->regions, s = m->sectors;
    dr_base *b = &m->base;
    memset(b->spending, 0, r * s * sizeof(double));
    memset(b->output, 0, r * s * sizeof(double));
    for (size_t n = 0; n < r; n++) {
        b->tariff_revenue[n] = b->factor_income[n] = 0;
        for (size_t i = 0; i < r; i++)
            for (size_t k = 0; k < s; k++) {
                size_t flow = (n * r + i) * s + k;
                b->spending[n * s + k] += b->flow[flow] * (1 + dr_base_tariff(b, flow));
                b->output[i * s + k] += b->flow[flow];
                b->tariff_revenue[n] += b->flow[flow] * dr_base_tariff(b, flow);
            }
        for (size_t k = 0; k < s; k++)
            b->factor_income[n] += b->value_added[n * s + k];
        b->income[n] = b->factor_income[n] + b->tariff_revenue[n] + b->deficit[n];
    }
}

/* Shares in cost and in final demand. */
static void fill_uses(dr_model *m)
{
    size_t r = m->regions, s = m->sectors, row = m->stride;
    const dr_base *b = &m->base;
    for (size_t n = 0; n < r; n++) {
        double all_final = 0;
        for (size_t k = 0; k < s; k++)
            all_final += b->final[n * s + k];
        for (size_t k = 0; k < s; k++) {
            double cost = b->value_added[n * s + k];
            for (size_t j = 0; j < s; j++)
                cost += b->input[(n * s + j) * s + k];
            m->final_share[k * row + n] = all_final > 0 ? b->final[n * s + k] / all_final : 0;
            m->value_added_share[k * row + n] = cost > 0 ? b->value_added[n * s + k] / cost : 0;
            m->bundle_share[k * row + n] = 0;
            for (size_t f = 0; f < m->factors && m->factor_share; f++)
                m->factor_share[(f * s + k) * row + n] = b->factor_share[(f * r + n) * s + k];
            for (size_t j = 0; j < s && cost > 0; j++) {
                m->input_share[(k * s + j) * row + n] = b->input[(n * s + j) * s + k] / cost;
                m->bundle_share[k * row + n] += b->input[(n * s + j) * s + k] / cost;
            }
        }
    }
}

void dr_base_shares(dr_model *m)
{
    fill_uses(m);
    size_t r = m->regions, s = m->sectors;
    const dr_base *b = &m->base;
    for (size_t n = 0; n < r; n++)
        for (size_t i = 0; i < r; i++)
            for (size_t k = 0; k < s; k++) {
                size_t flow = (n * r + i) * s + k;
                double spending = b->spending[n * s + k];
                m->import_share[(k * r + n) * m->stride + i] =
                    spending > 0 ? b->flow[flow] * (1 + dr_base_tariff(b, flow)) / spending : 0;
            }
}

/* What region n's final demand and sectors want of good k, given base output and income. */
static double demand_of(const dr_model *m, size_t n, size_t k)
{
    double demand = m->final_share[k * m->stride + n] * m->base.income[n];
    for (size_t s = 0; s < m->sectors; s++)
        demand += m->input_share[(s * m->sectors + k) * m->stride + n] * m->base.output[n * m->sectors + s];
    return demand;
}

/* Fills the scale of spending, and returns how far the data are from an equilibrium: the largest gap between what is wanted and
 * what is bought, and between value added and what sales pay for it, relative to the larger side. */
static dr_status measure_imbalance(dr_model *m, double *imbalance)
{
    size_t s = m->sectors;
    const dr_base *b = &m->base;
    *imbalance = 0;
    for (size_t n = 0; n < m->regions; n++) {
        double paid = 0;
        for (size_t k = 0; k < s; k++) {
            double bought = b->spending[n * s + k], demand = demand_of(m, n, k);
            double larger = fmax(bought, demand);
            m->spending[k * m->stride + n] = bought > 0 ? demand : 0;
            paid += m->value_added_share[k * m->stride + n] * b->output[n * s + k];
            if (larger > 0)
                *imbalance = fmax(*imbalance, fabs(bought - demand) / larger);
            if (bought == 0 && demand > BALANCED * b->income[n])
                return dr_fail(DR_BAD_INPUT, "%s uses %s (%g %s), but the table has no flow of it from anywhere",
                               m->economy->region_codes.names[n], m->economy->sector_codes.names[k], demand,
                               m->economy->unit);
        }
        if (b->factor_income[n] > 0)
            *imbalance = fmax(*imbalance, fabs(paid / b->factor_income[n] - 1));
    }
    return DR_OK;
}

dr_status dr_model_check_incomes(const dr_model *m)
{
    const dr_base *b = &m->base;
    for (size_t n = 0; n < m->regions; n++) {
        if (!(b->income[n] > 0))
            return dr_fail(DR_NO_SOLUTION,
                           "the closure is infeasible: %s has an income of %g %s after its trade balance, more than 0 "
                           "was expected",
                           m->economy->region_codes.names[n], b->income[n], m->economy->unit);
        if (!(b->factor_income[n] > 0))
            return dr_fail(DR_BAD_INPUT, "%s has no value added, so that the model has no income for it",
                           m->economy->region_codes.names[n]);
    }
    return DR_OK;
}

/* Deficits of the data add up to zero but for rounding; what is left over is shared out by value added. */
static void balance_deficits(dr_model *m)
{
    double sum = 0, world = 0;
    dr_base *b = &m->base;
    for (size_t n = 0; n < m->regions; n++) {
        sum += b->deficit[n];
        world += b->factor_income[n];
    }
    for (size_t n = 0; n < m->regions; n++) {
        b->deficit[n] -= sum * b->factor_income[n] / world;
        b->income[n] = b->factor_income[n] + b->tariff_revenue[n] + b->deficit[n];
    }
}

dr_status dr_model_calibrate(dr_model *m, dr_disturb *disturb, void *user, const char **unsolved)
{
    double imbalance = 0, deficits = 0;
    *unsolved = NULL;
    DR_TRY(dr_prepare(m));
    if (disturb)
        disturb(m, user);
    dr_base_incomes(m);
    balance_deficits(m);
    for (size_t n = 0; n < m->regions; n++)
        deficits += fabs(m->base.deficit[n]);
    if (m->options.closure == DR_CLOSURE_ZERO)
        memset(m->base.deficit, 0, m->regions * sizeof(double));
    dr_base_incomes(m);
    DR_TRY(dr_model_check_incomes(m));
    dr_base_shares(m);
    DR_TRY(measure_imbalance(m, &imbalance));
    if (m->options.closure == DR_CLOSURE_ZERO && deficits > 0)
        *unsolved = "trade balances are set to zero";
    else if (imbalance > BALANCED)
        *unsolved = "the data are not quite an equilibrium";
    return DR_OK;
}

/* The trade elasticities that another model has: where they came from is not read a second time. */
static void take_elasticity(dr_model *m, const dr_model *of)
{
    m->elasticity = of->elasticity;
    m->estimates = of->estimates;
    memcpy(m->theta, of->theta, m->sectors * sizeof(double));
}

/* `like`: a model of the same economy with the same trade elasticities; NULL: none. */
static dr_status fill_options(dr_model *m, const dr_model_options *options, const dr_model *like)
{
    const char *elasticity = NULL;
    DR_TRY(dr_options_keep(&m->options, options, &m->arena));
    m->options.tolerance = options->tolerance > 0 ? options->tolerance : 1e-11;
    m->options.max_sweeps = options->max_sweeps > 0 ? options->max_sweeps : 5000;
    DR_TRY(dr_presets_fill(m, &elasticity));
    m->factors = m->economy->factors.count > 1 ? m->economy->factors.count : 1;
    DR_TRY(take_arrays(m, m->economy->tariff));
    if (!like)
        return dr_elasticity_fill(m, elasticity);
    take_elasticity(m, like);
    return DR_OK;
}

dr_status dr_model_begin(dr_model **out, const dr_economy *economy, const dr_model_options *options,
                         const dr_model *like)
{
    dr_model *m = dr_new(1, sizeof *m);
    if (!m)
        return dr_fail_memory();
    m->economy = m->whole = economy;
    m->regions = economy->regions;
    m->sectors = economy->sectors;
    m->stride = (economy->regions + 7) / 8 * 8;
    dr_status status = fill_options(m, options, like);
    if (status == DR_OK)
        *out = m;
    else
        dr_model_free(m);
    return status;
}

dr_status dr_model_begin_like(dr_model **out, const dr_model *of, const double *theta, bool tariffs)
{
    dr_model *m = dr_new(1, sizeof *m);
    if (!m)
        return dr_fail_memory();
    *m = *of;
    m->one_good = (dr_economy){0};
    m->base = (dr_base){0};
    m->arena = (dr_arena){0};
    m->theta = m->value_added_share = m->factor_share = m->input_share = NULL;
    m->bundle_share = m->final_share = m->import_share = m->spending = NULL;
    m->notes = NULL;
    m->note_count = m->note_capacity = 0;
    m->solved_base = false;
    dr_status status = take_arrays(m, tariffs);
    if (status != DR_OK) {
        dr_model_free(m);
        return status;
    }
    memcpy(m->theta, theta, m->sectors * sizeof(double));
    *out = m;
    return DR_OK;
}

dr_status dr_scenario_check(const char *function, const dr_model *model, const dr_scenario *scenario)
{
    if (!scenario || scenario->economy == model->economy || scenario->economy == model->whole)
        return DR_OK;
    return dr_fail(DR_USAGE, "%s: the scenario is of another economy than the model", function);
}
