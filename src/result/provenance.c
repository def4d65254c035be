#include "result/provenance.h"

#include <string.h>

#include "model/tier.h"
#include "scenario/carbon.h"
#include "scenario/product_change.h"

/* ---- Pieces ------------------------------------------------------------------------------------------------------ */

static void add_text(dr_sum *sum, const char *text)
{
    dr_sum_add(sum, text ? text : "", text ? strlen(text) + 1 : 1);
}

static void add_names(dr_sum *sum, const dr_names *names)
{
    dr_sum_add(sum, &names->count, sizeof names->count);
    for (size_t i = 0; i < names->count; i++)
        add_text(sum, names->names[i]);
}

static void add_count(dr_sum *sum, size_t count)
{
    dr_sum_add(sum, &count, sizeof count);
}

static void add_number(dr_sum *sum, double number)
{
    dr_sum_add(sum, &number, sizeof number);
}

/* An array of numbers, or that there is none. */
static void add_numbers(dr_sum *sum, const double *numbers, size_t count)
{
    add_count(sum, numbers ? count : 0);
    dr_sum_add(sum, numbers, numbers ? count * sizeof *numbers : 0);
}

static void add_marks(dr_sum *sum, const bool *marks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        dr_sum_add(sum, marks[i] ? "1" : "0", 1);
}

/* ---- The world --------------------------------------------------------------------------------------------------- */

static void add_world(dr_sum *sum, const dr_economy *e)
{
    size_t regions = e->regions, sectors = e->sectors, cells = regions * sectors;
    add_names(sum, &e->region_codes);
    add_names(sum, &e->sector_codes);
    add_names(sum, &e->factors);
    add_names(sum, &e->groups); /* results have rows for them */
    dr_sum_add(sum, e->member, e->groups.count * regions);
    add_text(sum, e->unit);
    add_count(sum, (size_t)e->year);
    add_numbers(sum, e->flow, regions * cells);
    add_numbers(sum, e->tariff, regions * cells);
    add_numbers(sum, e->input, cells * sectors);
    add_numbers(sum, e->final, cells);
    add_numbers(sum, e->value_added, cells);
    add_numbers(sum, e->factor, e->factors.count * cells);
    add_numbers(sum, e->deficit, regions);
}

/* ---- The model --------------------------------------------------------------------------------------------------- */

/* Products within imports, where the model has them. */
static void add_tier(dr_sum *sum, const dr_model *m)
{
    const dr_tier *t = m->tier;
    if (!t)
        return;
    add_numbers(sum, t->sigma, m->sectors);
    add_numbers(sum, t->mu, m->sectors);
    add_numbers(sum, t->theta, t->classes);
    add_number(sum, t->choke);
    add_numbers(sum, t->weight, t->cells);
    add_numbers(sum, t->share, t->rows);
    dr_sum_add(sum, t->origin, t->rows * sizeof *t->origin);
    for (size_t cell = 0; cell < t->cells; cell++)
        add_text(sum, dr_tier_code(t, t->product[cell]));
}

static void add_model(dr_sum *sum, const dr_model *m)
{
    const dr_estimates *e = &m->estimates;
    const dr_nests *n = &m->nests;
    add_text(sum, m->options.model);
    add_text(sum, m->options.horizon);
    add_text(sum, m->options.numeraire);
    add_count(sum, (size_t)m->options.closure);
    add_number(sum, m->options.tolerance);
    add_count(sum, (size_t)m->options.max_sweeps);
    add_numbers(sum, e->value, e->count);
    add_numbers(sum, e->error, e->count);
    add_numbers(sum, e->weight, e->weight ? m->sectors * e->most : 0);
    add_numbers(sum, m->theta, m->sectors);
    add_numbers(sum, n->eta, m->sectors);
    add_numbers(sum, n->rho, m->sectors);
    add_numbers(sum, (const double[]){n->phi, n->sigma, n->psi, n->psi_other, n->thin}, 5);
    add_numbers(sum, m->floor, m->regions);
    if (m->scale) {
        add_text(sum, "scale");
        add_numbers(sum, m->scale, m->sectors);
        add_numbers(sum, m->cost_part, m->sectors);
    }
    if (m->labour_supply > 0 || m->revenue_use != DR_REVENUE_REBATE || m->reach) {
        add_text(sum, "labour");
        add_number(sum, m->labour_supply);
        add_count(sum, (size_t)m->revenue_use);
        add_numbers(sum, m->overhead, m->reach ? m->regions : 0);
        add_numbers(sum, m->reach, m->reach ? m->regions : 0);
    }
    add_tier(sum, m);
}

/* ---- The scenario ------------------------------------------------------------------------------------------------ */

static void add_flows(dr_sum *sum, const dr_scenario *s)
{
    size_t flows = s->economy->regions * s->economy->regions * s->economy->sectors;
    for (size_t f = 0; f < flows; f++) {
        if (!s->change[f])
            continue;
        add_count(sum, f);
        add_count(sum, s->change[f]);
        add_number(sum, s->rate[f]);
        add_number(sum, s->times[f]);
        for (size_t k = 0; k < DR_TAX_FACTORS; k++)
            add_number(sum, s->factor[k] ? s->factor[k][f] : 1);
        add_number(sum, dr_carbon_duty(s, f));
        add_count(sum, s->effect_of ? s->effect_of[f] : 0);
    }
}

/* Changes of products, by the rows of the model's products; where it has none, they are in the flows. */
static void add_products(dr_sum *sum, const dr_scenario *s, const dr_model *m)
{
    const dr_tier *t = m->tier;
    for (size_t block = 0; t && dr_scenario_products(s) && block < t->blocks; block++)
        for (size_t row = dr_tier_first(t, block); row < dr_tier_end(t, block); row++) {
            size_t n = block % m->regions, flow = (n * m->regions + t->origin[row]) * m->sectors + block / m->regions;
            if (t->source[row] == DR_NO_PRODUCT)
                continue;
            add_number(sum, dr_product_rate(s, 0, flow, t->source[row]));
            add_number(sum, dr_product_kappa(s, 0, flow, t->source[row], 1));
        }
}

static void add_limits(dr_sum *sum, const dr_scenario *s)
{
    for (size_t i = 0; i < s->limit_count; i++) {
        const dr_volume_limit *limit = &s->limits[i];
        for (size_t f = 0; f < limit->count; f++)
            add_count(sum, limit->flows[f]);
        for (size_t f = 0; limit->rows && f < limit->count; f++)
            add_count(sum, limit->rows[f]);
        add_count(sum, (size_t)limit->rent);
        add_count(sum, limit->relative);
        add_numbers(sum, (const double[]){limit->level, limit->wedge, limit->most}, 3);
    }
}

static void add_scenario(dr_sum *sum, const dr_scenario *s, const dr_model *m)
{
    size_t regions = s->economy->regions;
    add_text(sum, s->title);
    add_flows(sum, s);
    add_products(sum, s, m);
    add_limits(sum, s);
    for (size_t k = 0; k < DR_SHIFT_COUNT; k++)
        add_numbers(sum, s->shift[k].times, s->shift[k].times ? dr_shift_cells(s->economy, k) : 0);
    if (s->carbon) {
        add_numbers(sum, s->carbon->price, regions * s->economy->sectors);
        add_numbers(sum, s->carbon->abatement, regions * s->economy->sectors);
    }
    for (size_t i = 0; i < s->transfer_count; i++) {
        add_marks(sum, s->transfers[i].from, regions);
        add_marks(sum, s->transfers[i].to, regions);
        add_number(sum, s->transfers[i].amount);
        add_count(sum, s->transfers[i].relative);
    }
    for (size_t i = 0; i < s->effect_count; i++)
        add_numbers(sum, (const double[]){s->effects[i].sign, s->effects[i].coefficient, s->effects[i].error}, 3);
}

void dr_provenance_take(dr_provenance *out, const dr_model *model, const dr_scenario *scenario)
{
    dr_sum sum;
    dr_sum_begin(&sum);
    add_world(&sum, model->whole);
    dr_sum_end(&sum, out->world);
    dr_sum_begin(&sum);
    add_model(&sum, model);
    dr_sum_end(&sum, out->model);
    dr_sum_begin(&sum);
    if (scenario)
        add_scenario(&sum, scenario, model);
    dr_sum_end(&sum, out->scenario);
}
