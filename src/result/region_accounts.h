/* The accounts of regions in money, before and after, and the numeraire in which they are expressed. */
#ifndef DR_RESULT_REGION_ACCOUNTS_H
#define DR_RESULT_REGION_ACCOUNTS_H

#include "equilibrium/solution.h"

/* Factors on the nominal values of a solution, which are in units of world income, for the numeraire of its model. */
typedef struct dr_numeraire {
    double all;         /* of what is between regions */
    const double *wage; /* [n] the wage by which the values of a region are divided instead; NULL: none */
} dr_numeraire;

dr_numeraire dr_solution_numeraire(const dr_solution *solution);

/* The factor on the values and prices of region n. */
double dr_numeraire_of(const dr_numeraire *numeraire, size_t n);

/* Before [0] and after [1]: the budget, income = factor income + tariff revenue + rents + imports - exports; and trade
 * at the border, without tariffs. */
typedef struct dr_account {
    double income[2], factor_income[2], revenue[2], rents[2], exports[2], imports[2];
    double equivalent_variation; /* base income times the change of real income */
    double real_gdp[2]; /* final demand + exports - imports, volumes at base prices (docs/model.md, "Results") */
} dr_account;

/* The accounts of all regions, [n]; NULL without memory. To be freed. */
dr_account *dr_accounts_new(const dr_solution *solution);

/* The account of the regions marked in `members` [n] together, whose trade is that with all others. */
dr_account dr_account_sum(const dr_solution *solution, const dr_account *accounts, const unsigned char *members);

#endif
