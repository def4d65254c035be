/* The sources of the change of real income between two solutions of a model that are close to each other, as a sum over
 * flows and factors (docs/model.md, "Welfare decomposition"). They come from flows, costs, wages and incomes, and from
 * the barriers that the scenario puts in the way of flows; none comes from the welfare that they are compared with. */
#ifndef DR_RESULT_STEP_H
#define DR_RESULT_STEP_H

#include "equilibrium/solution.h"
#include "result/welfare.h"

enum {
    DR_TERM_TERMS_OF_TRADE,
    DR_TERM_VOLUME_OF_TRADE,
    DR_TERM_TECHNICAL,    /* resources used up by higher trade costs; productivity */
    DR_TERM_REALLOCATION, /* of factors between sectors, and into unemployment where wages are rigid; of labour that is
                           * supplied, less its effort; of output that pays for its emissions */
    DR_TERM_RENTS,        /* of export curbs and quotas */
    DR_TERM_TRANSFERS,    /* of the trade deficit, and between regions; of revenue that is kept */
    DR_TERM_DEMAND,       /* the shift of the shares of final demand, with which the consumer price weights prices */
    DR_TERMS
};

/* Takes the terms of the flow of sector s from i to n: those of the importer and those of the exporter [DR_TERMS], in
 * units of their base real income. Home flows (i = n) have those of both; productivity is the
 * importer's of home flows. */
typedef void dr_flow_terms(void *user, size_t n, size_t i, size_t s, const double *imported, const double *exported);

typedef struct dr_step {
    const dr_solution *from, *to;
    double *welfare;               /* [n] the logarithmic mean of real income over base */
    dr_real_income *real[2];       /* [n] of both solutions */
    double *log_income;            /* [n] of the change of real income before prices */
    double *log_cost, *log_pooled; /* [n, s] of unit cost; of the price that pooling in thin markets leaves */
    const dr_barrier *from_barrier, *to_barrier; /* the next ones in the order of flows */
    size_t row;                                  /* the next barrier of a product */
} dr_step;

/* Errors: DR_BAD_INPUT (no real income, since all that is bought is worth less than the time worked), DR_MACHINE. Free
 * with dr_step_free, on failure too. */
dr_status dr_step_new(dr_step *step, const dr_solution *from, const dr_solution *to);
void dr_step_free(dr_step *step);

/* Calls `take` for each flow that has terms. */
void dr_step_flows(dr_step *step, dr_flow_terms *take, void *user);

/* The terms of region n that are of no flow, reallocation, transfers and demand, in units of base real income;
 * others are 0. */
void dr_step_rest(const dr_step *step, size_t n, double terms[DR_TERMS]);

#endif
