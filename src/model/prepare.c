#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "model/model.h"

#include "base/money.h"
#include "base/print.h"
#include "model/prepare.h"
#include "world/rates.h"

/* The least share of value added in output that the preparation leaves. */
static const double LEAST_VALUE_ADDED = 0.01;

/* How the base was made since the table. */
static dr_status note_base(dr_model *model)
{
    const dr_economy *e = model->economy;
    for (size_t i = 0; i < e->note_count; i++)
        DR_TRY(dr_model_note(model, "%s", e->notes[i]));
    return DR_OK;
}

static dr_status note_negative(dr_model *model)
{
    const dr_economy *e = model->economy;
    char money[DR_MONEY_SIZE];
    if (e->negative_final)
        DR_TRY(dr_model_note(model, "negative cells of final use, set to zero: %zu (in all %s)", e->negative_final,
                             dr_money(money, e->negative_final_sum, e->unit)));
    if (e->negative_intermediate)
        DR_TRY(dr_model_note(model, "negative cells of intermediate use, set to zero: %zu (in all %s)",
                             e->negative_intermediate, dr_money(money, e->negative_intermediate_sum, e->unit)));
    return DR_OK;
}

/* Unusual rates are used, with a note. */
static dr_status note_tariffs(dr_model *model)
{
    const dr_economy *e = model->whole;
    dr_odd_rates odd = {0};
    char text[DR_ODD_RATES_SIZE], inputs[DR_MONEY_SIZE], finals[DR_MONEY_SIZE];
    if (e->input_duties != 0 || e->final_duties != 0)
        DR_TRY(dr_model_note(model,
                             "tariffs beside the table: duties of %s on inputs, which were part of value added, and of "
                             "%s on final use, which are added to it",
                             dr_money(inputs, e->input_duties, e->unit), dr_money(finals, e->final_duties, e->unit)));
    for (size_t flow = 0; e->tariff && flow < e->regions * e->regions * e->sectors; flow++)
        if (e->flow[flow] > 0)
            dr_odd_rates_add(&odd, flow, e->tariff[flow]);
    if (odd.subsidies)
        DR_TRY(dr_model_note(model, "negative tariffs of the table, which are import subsidies: %s",
                             dr_odd_rates_text(text, &odd, false, &e->region_codes, &e->sector_codes)));
    if (odd.high)
        DR_TRY(dr_model_note(model, "tariffs of the table above 100%%: %s; a table has fractions, where 0.25 is 25%%",
                             dr_odd_rates_text(text, &odd, true, &e->region_codes, &e->sector_codes)));
    return DR_OK;
}

static void fill_output(dr_model *model)
{
    size_t r = model->regions, s = model->sectors;
    const dr_base *base = &model->base;
    for (size_t n = 0; n < r; n++)
        for (size_t i = 0; i < r; i++)
            for (size_t k = 0; k < s; k++)
                base->output[i * s + k] += base->flow[(n * r + i) * s + k];
}

/* Summary of the preparation of the sectors of all regions. */
typedef struct cut {
    size_t sectors, empty, worst_region, worst_sector;
    double moved, worst;
} cut;

/* Value added is output less inputs, and at least LEAST_VALUE_ADDED of output: where it is less, the column of inputs
 * is scaled down, and what is cut becomes final use of the same goods in the same region, so that every good is still
 * sold. */
static void prepare_sector(dr_model *model, size_t n, size_t s, cut *all)
{
    size_t sectors = model->sectors;
    const dr_base *base = &model->base;
    double output = base->output[n * sectors + s], cost = 0;
    double *column = base->input + n * sectors * sectors + s;
    for (size_t k = 0; k < sectors; k++)
        cost += column[k * sectors];
    double most = (1 - LEAST_VALUE_ADDED) * output;
    all->empty += output == 0;
    if (cost > most) {
        double keep = most / cost;
        for (size_t k = 0; k < sectors; k++) {
            base->final[n * sectors + k] += (1 - keep) * column[k * sectors];
            column[k * sectors] *= keep;
        }
        if (output > 0 && cost - most > all->worst) {
            all->worst = cost - most;
            all->worst_region = n;
            all->worst_sector = s;
        }
        all->sectors += output > 0;
        all->moved += cost - most;
        cost = most;
    }
    base->value_added[n * sectors + s] = output - cost;
}

/* Shares of factors in value added; negative incomes count as zero. */
static dr_status prepare_factors(dr_model *model)
{
    const dr_economy *e = model->economy;
    size_t cells = model->regions * model->sectors, negative = 0;
    double *share = model->base.factor_share;
    for (size_t i = 0; share && i < cells; i++) {
        double sum = 0;
        for (size_t f = 0; f < model->factors; f++) {
            negative += e->factor[f * cells + i] < 0;
            sum += share[f * cells + i] = fmax(0, e->factor[f * cells + i]);
        }
        for (size_t f = 0; f < model->factors && sum > 0; f++)
            share[f * cells + i] /= sum;
    }
    if (negative)
        DR_TRY(dr_model_note(model,
                             "negative incomes of a factor in a sector, set to zero: %zu; the others of the sector are "
                             "scaled to its value added",
                             negative));
    return DR_OK;
}

static dr_status prepare_value_added(dr_model *model)
{
    const dr_economy *e = model->economy;
    size_t r = model->regions, s = model->sectors;
    cut all = {0};
    char money[DR_MONEY_SIZE];
    if (e->value_added) {
        memcpy(model->base.value_added, e->value_added, r * s * sizeof(double));
        return prepare_factors(model);
    }
    for (size_t n = 0; n < r; n++)
        for (size_t k = 0; k < s; k++)
            prepare_sector(model, n, k, &all);
    if (all.sectors)
        DR_TRY(
            dr_model_note(model,
                          "sectors of a region with value added below 1%% of output: %zu (first by size: %s %s); their "
                          "inputs are scaled to leave 1%%, and %s booked as final use of the same region",
                          all.sectors, e->region_codes.names[all.worst_region], e->sector_codes.names[all.worst_sector],
                          dr_money(money, all.moved, e->unit)));
    if (all.empty)
        DR_TRY(dr_model_note(model, "sectors of a region without output, left out: %zu", all.empty));
    return DR_OK;
}

static void fill_deficit(dr_model *model)
{
    size_t r = model->regions, s = model->sectors;
    const dr_economy *e = model->economy;
    double *deficit = model->base.deficit;
    if (e->deficit) {
        memcpy(deficit, e->deficit, r * sizeof *deficit);
        return;
    }
    for (size_t n = 0; n < r; n++)
        for (size_t i = 0; i < r; i++)
            for (size_t k = 0; n != i && k < s; k++) {
                double value = e->flow[(n * r + i) * s + k];
                deficit[n] += value;
                deficit[i] -= value;
            }
}

dr_status dr_prepare(dr_model *model)
{
    size_t r = model->regions, s = model->sectors;
    const dr_economy *e = model->economy;
    dr_base *base = &model->base;
    memcpy(base->flow, e->flow, r * r * s * sizeof(double));
    if (e->tariff)
        memcpy(base->tariff, e->tariff, r * r * s * sizeof(double));
    memcpy(base->input, e->input, r * s * s * sizeof(double));
    memcpy(base->final, e->final, r * s * sizeof(double));
    DR_TRY(note_base(model));
    DR_TRY(note_negative(model));
    DR_TRY(note_tariffs(model));
    fill_output(model);
    DR_TRY(prepare_value_added(model));
    fill_deficit(model);
    return DR_OK;
}
