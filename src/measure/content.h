/* What a unit of output holds of something that producers have (emissions, say) through every stage of production,
 * where all users of a good in a region buy from its suppliers in the same proportions: as in models, and in tables
 * that do not say which sector buys from whom. */
#ifndef DR_MEASURE_CONTENT_H
#define DR_MEASURE_CONTENT_H

#include "base/error.h"

/* How output is made and bought. */
typedef struct dr_supply_shares {
    size_t regions, sectors;
    const double *input;  /* [n, k, s]: what a unit of output of s takes of good k, at purchaser prices */
    const double *source; /* [n, i, k]: what a unit of money that n spends on k, at purchaser prices, buys from i, at
                           * its price before duties */
} dr_supply_shares;

/* content[i, s] = direct[i, s] + sum over k, j of input[i, k, s] source[i, j, k] content[j, k], by repeated
 * substitution: the stages of production, until what they add is below 1e-15 of the largest. `content` may not be
 * `direct`. Errors: DR_BAD_INPUT (a table that takes all of its own output, so that there is no end), DR_MACHINE. */
dr_status dr_content(double *content, const double *direct, const dr_supply_shares *shares);

/* What a unit of spending of n on good k holds, [n, k]: sum over i of source[n, i, k] content[i, k]. */
void dr_content_bought(double *bought, const double *content, const dr_supply_shares *shares);

#endif
