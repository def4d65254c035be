/* The supply of labour, the use of tariff revenue, and overhead of sellers (docs/model.md, "Labour supply and public
 * money"). With w the wage, P the consumer price, R tariff revenue and F the income of factors, all of one region, and
 * hats for changes over base:
 *
 *   labour      L^ = (w^ / P^ * h)^k, k its elasticity
 *   relief      h = (1 - R/F of the base) / (1 - R'/F') where revenue takes the place of taxes on labour, else 1
 *   overhead    a part nu of the sales in a region, without tariffs, pays for labour there
 *   tariffs     move delivered costs by (1 + t)^phi, phi = pass-through + (1 + mu) nu / (1 - nu), mu that of scale
 *   price       P^ = (E^ / w^)^(1 - phi) times the CES mean of delivered costs: a larger market has more varieties
 *
 * The last three are those of Ignatenko, Macedoni, Lashkaripour & Simonovska (2025). */
#ifndef DR_MODEL_LABOUR_H
#define DR_MODEL_LABOUR_H

#include "model/model.h"

/* Fills labour_supply, revenue_use, overhead and reach of a model whose scale elasticities are known. Errors:
 * DR_BAD_INPUT (no number, out of range, an unknown region or word, a region without overhead; overhead or pass-through
 * without the armington model; labour supply beside rigid wages), DR_MACHINE. */
dr_status dr_labour_fill(dr_model *model);

/* Fails where the base of a calibrated model leaves nothing beyond the value of leisure. Errors: DR_BAD_INPUT. */
dr_status dr_labour_check(const dr_model *model);

/* Adds overhead to the value added of regions, from flows, and takes it from their deficits. */
void dr_labour_take_overhead(dr_model *model);

/* What overhead pays to labour of region n in the base. */
double dr_labour_overhead(const dr_model *model, size_t n);

/* DR_BAD_INPUT if the model has overhead and the scenario limits of volumes or prices of carbon. */
dr_status dr_labour_check_scenario(const dr_model *model, const dr_scenario *scenario);

/* The part of sales in region n that pays for labour there. */
static inline double dr_overhead(const dr_model *model, size_t n)
{
    return model->overhead ? model->overhead[n] : 0;
}

/* phi of region n. */
static inline double dr_reach(const dr_model *model, size_t n)
{
    return model->reach ? model->reach[n] : 1;
}

/* h of region n, given its revenue and the income of its factors. */
double dr_labour_relief(const dr_model *model, size_t n, double revenue, double factor_income);

#endif
