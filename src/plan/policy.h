/* A policy: taxes and subsidies on groups of flows, with what they do to results and the derivatives of that. Plans and games choose
 * them. A lever's setting y is ln(1 + rate): the rate e^y - 1 is added to the tariff of each of its flows, or is a tax on what
 * exporters earn; a subsidy has y < 0. One by volume limits what they sell to e^y times the base, and the tax is what holds it there. */
#ifndef DR_PLAN_POLICY_H
#define DR_PLAN_POLICY_H

#include "derivative/gradient.h"

/* Where the goods come from that a lever taxes. */
typedef enum dr_side { DR_SIDE_FROM, DR_SIDE_OTHERS, DR_SIDE_HOME } dr_side;

typedef struct dr_lever {
    dr_side side;
    size_t sector;
    size_t *flows; /* [n, i, s] of each */
    size_t count;
    double base;      /* value of its flows in the base */
    bool export_tax;  /* by the exporters, who get the revenue; else a tariff */
    bool volume;      /* an export tax that is not set: it holds sales at e^y times those of the base, or below */
    double low, high; /* bounds of y */
} dr_lever;

/* A result that a policy is judged by, and where its derivatives are worked out, kept from one evaluation to the next. */
typedef struct dr_aim {
    dr_result result;
    dr_seed seed;
    dr_adjoint adjoint;
    bool ready;       /* seed and adjoint have their memory */
    bool idle;        /* no derivatives are asked of it for now */
    double value;     /* at the last evaluation */
    double *gradient; /* [lever] with respect to y */
} dr_aim;

typedef struct dr_policy {
    const dr_model *model;
    dr_lever *levers;
    size_t count;
    dr_aim *aims;
    size_t aim_count;
    dr_look *
        look; /* that look-through shares among the aims are read off, measured at each evaluation; borrowed; NULL: none */
    dr_scenario *scenario; /* of the last evaluation */
    dr_solution *solution;
    dr_point point;
    int threads;   /* 0: as many as the machine has */
    size_t solves; /* so far */
} dr_policy;

/* What the regions `of` buy of `sector` from where `side` says: from those in `from`, from all that are in neither, or among themselves
 * (home). A lever without trade has no flows. */
dr_status dr_lever_new(dr_lever *out, const dr_model *model, const dr_sides *sides, size_t sector, dr_side side);
void dr_lever_free(dr_lever *lever);

/* The least y with which no tariff of its flows, added to a base below zero, comes near -100%; -INFINITY where any would do. */
double dr_lever_lowest(const dr_lever *lever, const dr_model *model);

/* The units [lever] in which welfare is about as curved for every lever, for that goes with the trade that it is on. */
void dr_lever_units(double *unit, const dr_lever *levers, size_t count);

/* Takes the levers and aims (results read, all else empty) over, and makes room. Free with dr_policy_free, on failure too. */
dr_status dr_policy_new(dr_policy *policy, const dr_model *model, dr_lever *levers, size_t count, dr_aim *aims,
                        size_t aim_count);
void dr_policy_free(dr_policy *policy);

/* Solves at the settings y [lever], fills the aims' values and, if `gradients`, their derivatives: one adjoint solve each, in parallel.
 * With derivatives it is a step on somebody's way: the solve begins where the last one ended, and has no certificate.
 * Errors: DR_NO_SOLUTION, DR_MACHINE. */
dr_status dr_policy_evaluate(dr_policy *policy, const double *y, bool gradients);

/* Solves at the settings y, from where the last evaluation ended and without a certificate, and leaves the policy alone, so that several
 * may at once. Errors: as above. */
dr_status dr_policy_solve(dr_solution **out, const dr_policy *policy, const double *y);

#endif
