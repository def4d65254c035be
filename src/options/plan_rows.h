/* The options of 'derisk plan' that the server's endpoints plan and curve have too. */
#ifndef DR_OPTIONS_PLAN_ROWS_H
#define DR_OPTIONS_PLAN_ROWS_H

#include "options/option.h"

/* What a plan aims at, which a frontier has not: a cap, a budget, the loss from a cut-off. */
extern const option_row option_plan_aims[];

/* What plans and frontiers have in common. */
extern const option_row option_plan_rows[];

/* The options of a plan that the values ask for; their texts belong to the values. */
dr_plan_options option_plan(const option_values *values);

#endif
