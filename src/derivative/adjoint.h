/* The derivative of a result with respect to every instrument at once. At a solution x = G(x, p), with G the sweep and
 * p the logs of delivered costs and of taxes of all flows, a result J(x, p) has
 *
 *   dJ/dp = J_p + G_p' lambda,    lambda = J_x + G_x' lambda
 *
 * so that one linear solve gives all of them: sweeps backwards (the transpose of sweep.h, line by line), whose steps
 * Anderson acceleration takes. docs/model.md, "Derivatives". */
#ifndef DR_DERIVATIVE_ADJOINT_H
#define DR_DERIVATIVE_ADJOINT_H

#include "equilibrium/anderson.h"
#include "equilibrium/sweep.h"

/* A solution, and what of it the backward sweeps read; constant once made, so that many adjoints may share it. */
typedef struct dr_point {
    dr_sweep w;      /* one sweep at the solution */
    double *numbers; /* the arrays below, [s][n] unless said */
    double *input_share, *value_added_share,
        *final_share;                      /* in the cost of s [s][k][n] and [s][n]; in final demand [k][n] */
    double *flexible;                      /* sum over s of (1 - rho) what s spends on k, [k][n] */
    double *basic_supply;                  /* sum over i of K / (1 + tariff') m */
    double *bought;                        /* E / q */
    size_t *limited;                       /* [n, i, s] number of the limited flow, from 1; NULL: no limits */
    double *per_power, *per_output, *sold; /* 1 / q, 1 / Y, Y / m */
    double *factor_part;                   /* of each factor in the price of value added [factor][s][n] */
    double *moves;                         /* [wages][n]: 1, but 0 where the price of labour is held by its floor */
} dr_point;

/* The partial derivatives of a result with respect to its arguments. */
typedef struct dr_seed {
    double *income; /* [n]: I */
    double *price;  /* [s][n]: ln P */
    /* [s][n][i], rows of `stride`: the earnings of producers on the flow, and through them a rent to the exporter,
     * which is part of its value at the border. */
    double *flow;
    double *output;  /* [s][n]: output, besides through flows */
    double *unknown; /* the unknowns ln c [s][n] and E over base [s][n], besides through all else */
    double *space;   /* for look-through shares */
    double *product; /* [row of the tier]: what producers earn on it, beyond `flow` and times the spending of its
                      * block; NULL: none (dr_seed_add_rows) */
    double *earned;  /* [s][n][i]: what producers earn on the flow, a rent of the exporter left out; NULL: none */
    double *revenue, *worked, *relief; /* [n]: tariff revenue and what labour earns, besides through I; ln h of
                                        * model/labour.h */
} dr_seed;

/* The multipliers of one result, and the derivatives with respect to what a sweep computes on the way, named as in
 * dr_sweep. */
typedef struct dr_adjoint {
    const dr_point *at;
    dr_anderson *anderson;
    double *numbers;                                  /* the arrays below */
    double *lambda, *back;                            /* [unknown]: the multipliers, and G_x' lambda + J_x */
    double *output, *price, *bought, *power, *supply; /* [s][n] */
    double *demand, *cost, *used;                     /* [s][n]; of the next demand and the next ln c; space */
    double *seed_bought, *seed_supply;                /* [s][n]: what the seeds of flows add to the above */
    double *more_bought, *more_supply;                /* and what limits do */
    double *wage, *paid;                              /* [wages][n]: of the next ln w, of value added */
    double *income, *earned;                          /* [n] */
    double *mean_wage, *factor, *hours; /* [factor][n]: ln W; what the factor earns besides through I; ln of labour */
    /* [n]: tariff revenue in all; what is sold before tariffs and overhead; what overhead pays; ln of the consumer
     * price, as labour follows it; ln of spending, as prices do. */
    double *revenue, *before, *overhead, *consumer, *market;
    double *of_products, *flows, *scratch; /* what products within imports add to derivatives with respect to ln of the
                                            * trade cost of a flow [s][n][i]; of flows [i]; scratch */
    float *response;                       /* scratch of the response of regions; NULL: it does not fit */
    double *limited;                       /* [limited flow]: of what its producers earn */
    double *own; /* [row of the tier]: `product` of the seed, with that of limits on products; NULL: there are none */
    int sweeps;  /* of the last solve */
} dr_adjoint;

/* The point of a solution that was found under `scenario` (NULL: none). dr_point_free frees it, on failure too. */
dr_status dr_point_new(dr_point *point, const dr_solution *solution, const dr_scenario *scenario);
void dr_point_free(dr_point *point);

/* Takes the memory. dr_adjoint_free frees it, on failure too. */
dr_status dr_adjoint_new(dr_adjoint *a, const dr_point *at);
void dr_adjoint_free(dr_adjoint *a);

/* Solves for lambda, beginning with what it holds (zeros at first). Errors: DR_NO_SOLUTION (no convergence: the
 * equilibrium is about to cease to exist). */
dr_status dr_adjoint_solve(dr_adjoint *a, const dr_seed *seed);

/* After the solve, the derivative of the result with respect to ln kappa of a flow (its trade cost), and to ln(1 +
 * tariff), which moves kappa too. */
double dr_adjoint_trade_cost(const dr_adjoint *a, const dr_seed *seed, size_t n, size_t i, size_t s);
double dr_adjoint_tariff(const dr_adjoint *a, const dr_seed *seed, size_t n, size_t i, size_t s);

/* With respect to ln(1 + rate) of a tax that the exporter levies on a flow; NAN where the flow has a limit on its
 * volume, which takes the place of a tax, and with products within imports or overhead. */
double dr_adjoint_export_tax(const dr_adjoint *a, const dr_seed *seed, size_t n, size_t i, size_t s);

/* The same for all product flows at once, the rows of the model's tier: with respect to the ln of the trade cost and to
 * ln(1 + tariff) of each, both [row]. */
void dr_adjoint_products(dr_adjoint *a, const dr_seed *seed, double *trade_cost, double *tariff);

/* And with respect to the ln of the productivity of sector s of region i; `direct`: the derivative of the result to it
 * at given prices and sales. */
double dr_adjoint_productivity(const dr_adjoint *a, size_t i, size_t s, double direct);

/* With respect to the ln of the supply of a factor in all sectors of region n; to the ln of its demand for good s, of
 * a result whose seed of prices (NULL: it has none) is that of consumer prices; and to its income. */
double dr_adjoint_supply(const dr_adjoint *a, size_t factor, size_t n);
double dr_adjoint_demand(const dr_adjoint *a, const dr_seed *seed, const dr_solution *solution, size_t n, size_t s);
double dr_adjoint_income(const dr_adjoint *a, size_t n);

/* And with respect to the ln of the level of a limit. */
double dr_adjoint_limit(const dr_adjoint *a, const dr_seed *seed, size_t limit);

/* And to the ln of a wedge that is set. */
double dr_adjoint_wedge(const dr_adjoint *a, size_t limit);

#endif
