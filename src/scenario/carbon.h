/* Prices of carbon: on what producers emit (carbon-price), and on what imports hold of it (carbon-border), for worlds
 * with an account of emissions. docs/model.md, "Carbon prices". */
#ifndef DR_SCENARIO_CARBON_H
#define DR_SCENARIO_CARBON_H

#include "scenario/scenario.h"

/* The prices of a scenario. */
struct dr_carbon {
    double *price, *abatement;   /* [n, s] of a tonne, and the elasticity of its emissions */
    unsigned short *last;        /* [n, s] the change that set them, from 1; 0: there is none */
    double *direct, *embodied;   /* [n, s] tonnes in a unit of the currency of output; NULL: not needed yet */
    double *border_price, *duty; /* [n, i, s]; the duty is a fraction of the value of the flow */
    unsigned char *basis;        /* [n, i, s] dr_carbon_basis */
};

/* The words of dr_carbon_basis, then NULL. */
extern const char *const dr_carbon_bases[];

/* Those of the rebate of a border: none, exports; then NULL. */
extern const char *const dr_carbon_rebates[];

/* The price at which fuel becomes twice as dear, in the currency per tonne that its burning emits. */
#define DR_CARBON_REFERENCE 100.0

/* Sets prices on emissions, as the change begun last. Errors: DR_BAD_INPUT (no account of emissions, a negative number
 * in it, a region of which it has nothing; a price on the same sector already; nothing is made there), DR_MACHINE. */
dr_status dr_carbon_price(dr_scenario *scenario, const dr_change *change);

/* Sets duties on imports, and rebates on exports, as the change begun last; *any and *left as
 * dr_scenario_change_flows. Errors: the same. */
dr_status dr_carbon_border(dr_scenario *scenario, const dr_change *change, bool *any, bool *left);

/* Sets the duty of a flow. */
dr_status dr_carbon_set_duty(dr_scenario *scenario, const dr_change *change, size_t flow);

/* The duty on a flow, a fraction of its value before duties. */
double dr_carbon_duty(const dr_scenario *scenario, size_t flow);

/* What a price of carbon adds to a unit of output of a cell [n, s], in units of its base value: tax, and what the
 * abatement of emissions takes of its inputs; and the emissions that are left of those in the base. */
typedef struct dr_carbon_cost {
    double tax, resources, left;
} dr_carbon_cost;

/* At a part of the price. `output` is that of the model's base. */
dr_carbon_cost dr_carbon_cost_of(const dr_scenario *scenario, size_t cell, double output, double part);

/* Fails unless `currency` (NULL: none is named) is that of the values of the economy. */
dr_status dr_carbon_check_currency(const dr_economy *economy, const char *currency);

void dr_carbon_free(struct dr_carbon *carbon);

#endif
