/* CES price indices of the nests, over base, given purchaser prices P[n, k] over base:
 *
 *   final demand   P(n)   = (sum_k alpha(n,k) P(n,k)^(1 - phi))^(1 / (1 - phi))
 *   input bundle   m(n,s) = (sum_k sigma(n,k,s) P(n,k)^(1 - rho_s))^(1 / (1 - rho_s))
 *
 * and their Cobb-Douglas limits, exp(sum of share times ln P), where the elasticity is 1. */
#ifndef DR_MODEL_PRICES_H
#define DR_MODEL_PRICES_H

#include "model/model.h"

/* Of final demand, whose shares at base prices, [k][n], are the model's or those of a scenario. */
double dr_final_price(const dr_model *model, const double *final_share, const double *price, size_t n);

/* 1 for a sector without inputs. */
double dr_bundle_price(const dr_model *model, const double *price, size_t n, size_t s);

#endif
