/* The supply of labour, the use of revenue and overhead in a sweep (model/labour.h). The unknown of a row of wages is
 * what a unit of base labour earns, z = w L, so that incomes and labour markets are those of a model of fixed labour,
 * and costs alone see w = z / L. With T = -ln h and k the elasticity of supply,
 *
 *   ln L = k / (1 + k) (ln Z - ln P - T),  Z the mean of z over sectors
 *
 * and where there is overhead, with A the CES mean of delivered costs and e spending over base,
 *
 *   ln P = (A + (1 - phi) (ln e - (ln Z + k T) / (1 + k))) / (1 + (1 - phi) k / (1 + k)) */
#ifndef DR_EQUILIBRIUM_SWEEP_LABOUR_H
#define DR_EQUILIBRIUM_SWEEP_LABOUR_H

#include "equilibrium/sweep.h"

/* Takes the memory that the model needs; before sweep_arrays. */
dr_status dr_labour_new(dr_sweep *w);
void dr_labour_free(dr_sweep *w);

/* Parts overhead and tariff revenue, which trade has summed into revenue. */
void dr_labour_trade(dr_sweep *w);

/* From incomes: labour, and the prices of larger markets. */
void dr_labour_settle(dr_sweep *w);

/* ln of the consumer price of region n in the last sweep. */
double dr_sweep_consumer_price(const dr_sweep *w, size_t n);

/* ln of labour of factor f in region n; 0 where it is fixed. */
static inline double dr_labour_hours(const dr_sweep *w, size_t f, size_t n)
{
    return w->hours ? w->hours[f * w->stride + n] : 0;
}

/* k / (1 + k). */
static inline double dr_labour_response(const dr_model *model)
{
    return model->labour_supply / (1 + model->labour_supply);
}

#endif
