/* The plan that `of` may carry out before it is coerced, the one that costs all regions together least. It is solved
 * with the time that its own horizon gives; its equilibrium, with its tariffs, is then the base from which the model of
 * the game (perhaps a short-run one) measures the effects of a cut-off. */
#ifndef DR_PLAY_PRIOR_PLAN_H
#define DR_PLAY_PRIOR_PLAN_H

#include "play/parties.h"
#include "scenario/json_schema.h"

typedef struct dr_prior_plan {
    double cap; /* on the share of `against` in the imports of each sector; 0: there is no plan */
    bool *sectors;
    const char *horizon;
    dr_model *plan_model;    /* the model of the game, with the plan's horizon */
    dr_model *model;         /* the model of the game, on the equilibrium under the plan; NULL: no plan was solved */
    double cost;             /* to all regions together, percent of the real income of `of` */
    double cost_value;       /* a year, in the unit of the world */
    double own_loss;         /* of `of`, a year */
    double share, new_share; /* of `against` in these sectors together, in the base and under the plan */
    double residual;         /* of the first-order conditions */
    double worst_residual;   /* of the equations of the model */
    size_t solves;
} dr_prior_plan;

/* Reads {cap: 30%, sectors: ..., horizon: long}; the sectors default to those of the game. Errors: DR_BAD_INPUT,
 * DR_MACHINE. Free with dr_prior_plan_free, on failure too. */
dr_status dr_prior_plan_read(dr_prior_plan *out, dr_game_reader *reader, yaml_node_t *map, const bool *sectors);

/* Its part of the JSON schema of games. */
json_t *dr_prior_plan_schema(void);
void dr_prior_plan_free(dr_prior_plan *plan);

/* Solves the plan, if there is one and it has not been solved. Errors: DR_BAD_INPUT (nothing to plan), DR_NO_SOLUTION,
 * DR_MACHINE. */
dr_status dr_prior_plan_solve(dr_prior_plan *plan, const dr_game *game, const dr_parties *parties);

/* Adds what the plan does to a table, and a paragraph on its cost to a summary. */
void dr_prior_plan_describe(const dr_prior_plan *plan, dr_table *table, const dr_game *game, const dr_parties *parties);
void dr_prior_plan_summarise(const dr_prior_plan *plan, const dr_summary *summary, const dr_parties *parties);

#endif
