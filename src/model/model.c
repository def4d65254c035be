/* A model as an object: its memory, its options, its notes. */
#include "model/model.h"
#include "model/labour.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/print.h"
#include "model/elasticity.h"
#include "model/presets.h"
#include "model/scale.h"
#include "model/tier.h"
#include "scenario/product_change.h"

dr_status dr_model_note(dr_model *model, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    dr_vprint_text(text, sizeof text, format, arguments);
    va_end(arguments);
    for (size_t i = 0; i < model->note_count; i++)
        if (strcmp(model->notes[i], text) == 0)
            return DR_OK;
    const char *note = dr_arena_text(&model->arena, text);
    if (!note || !dr_grow((void **)&model->notes, &model->note_capacity, model->note_count + 1, sizeof *model->notes))
        return dr_fail_memory();
    model->notes[model->note_count++] = note;
    return DR_OK;
}

static void base_free(dr_base *b)
{
    double *arrays[] = {b->flow,   b->tariff,       b->spending,      b->output,         b->input,
                        b->final,  b->value_added,  b->factor_income, b->tariff_revenue, b->deficit,
                        b->income, b->factor_share, b->profit};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        free(arrays[i]);
}

void dr_model_free(dr_model *model)
{
    if (!model)
        return;
    base_free(&model->base);
    dr_tier_free(model->tier);
    free(model->theta);
    free(model->scale);
    free(model->cost_part);
    free(model->value_added_share);
    free(model->factor_share);
    free(model->input_share);
    free(model->bundle_share);
    free(model->final_share);
    free(model->import_share);
    free(model->spending);
    free(model->made);
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

/* Copies the trade elasticities of another model, so that their source is not read a second time. */
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
    if (like)
        take_elasticity(m, like);
    else
        DR_TRY(dr_elasticity_fill(m, elasticity));
    DR_TRY(dr_scale_fill(m));
    return dr_labour_fill(m);
}

dr_status dr_model_begin(dr_model **out, const dr_economy *economy, const dr_model_options *options,
                         const dr_model *like)
{
    DR_TRY(dr_economy_has_table(economy));
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
    m->scale = m->cost_part = NULL;
    m->theta = m->value_added_share = m->factor_share = m->input_share = NULL;
    m->bundle_share = m->final_share = m->import_share = m->spending = NULL;
    m->tier = NULL;
    m->made = NULL;
    m->notes = NULL;
    m->note_count = m->note_capacity = 0;
    m->solved_base = false;
    dr_status status = take_arrays(m, tariffs);
    if (status != DR_OK) {
        dr_model_free(m);
        return status;
    }
    memcpy(m->theta, theta, m->sectors * sizeof(double));
    status = dr_scale_like(m, of);
    if (status == DR_OK)
        *out = m;
    else
        dr_model_free(m);
    return status;
}

dr_status dr_scenario_check(const char *function, const dr_model *model, const dr_scenario *scenario)
{
    if (!scenario || scenario->economy == model->economy || scenario->economy == model->whole) {
        DR_TRY(dr_labour_check_scenario(model, scenario));
        if (model->tier || !dr_products_need_nest(scenario))
            return DR_OK;
        return dr_fail(DR_BAD_INPUT,
                       "trade costs, bans, limits and export taxes of products need imports that are made "
                       "of products, and only their tariffs have an average for a sector; expected "
                       "products nest");
    }
    return dr_fail(DR_USAGE, "%s: the scenario is of another economy than the model", function);
}
