/* A policy: taxes and subsidies on groups of flows, the results it is judged by, and their derivatives. Plans and games
 * choose the rates of its instruments.
 *
 * The setting of an instrument is y = ln(1 + rate). The rate e^y - 1 is added to the tariff on each of its flows, or it
 * is a tax on use, on the price with tariffs, or a tax on what exporters earn there; a subsidy has y < 0. A tax on
 * production is both the latter and, on sales at home, a tariff. An instrument by volume limits the sales of its flows
 * to e^y times their base volume; the tax that holds sales there follows from the equilibrium. */
#ifndef DR_PLAN_POLICY_H
#define DR_PLAN_POLICY_H

#include "derivative/gradient.h"
#include "world/sides.h"

/* Where the goods that an instrument taxes come from: the supplier named, all other foreign suppliers, or home. */
typedef enum dr_origin { DR_ORIGIN_FROM, DR_ORIGIN_OTHERS, DR_ORIGIN_HOME } dr_origin;

/* One rate, and the flows to which it applies. */
typedef struct dr_instrument {
    dr_origin origin;
    size_t sector;
    size_t *flows; /* [count] indices in the layout [n, i, s] of the model's flows */
    size_t *rows;  /* [count] of the model's tier, the parts of these flows that it is on; NULL: it is on all of them */
    size_t count;
    size_t home;      /* of its flows, the first ones, which are sales at home of a tax on production */
    double base;      /* value of its flows in the base */
    bool limited;     /* on what exporters earn, as a limit of the scenario; false: levied by the importers */
    bool volume;      /* and of volume: sales are held at or below e^y times those of the base */
    dr_rent rent;     /* who gets the revenue of the tax, or the rent of the volume */
    bool use;         /* a tax on use: on the price with tariffs, not beside them */
    double low, high; /* bounds of y */
} dr_instrument;

/* A result by which a policy is judged, with the memory for its derivatives, which is reused by every evaluation. */
typedef struct dr_aim {
    dr_result result;
    dr_seed seed;
    dr_adjoint adjoint;
    double *trade_cost, *tariff; /* [row of the tier] derivatives; NULL: no instrument is on products */
    bool ready;                  /* all these are allocated */
    bool idle;                   /* its derivatives are not needed for now and are left out */
    double value;                /* at the last evaluation */
    double *gradient;            /* [instrument] derivative with respect to y at the last evaluation */
} dr_aim;

typedef struct dr_policy {
    const dr_model *model;
    const dr_scenario *standing; /* changes that hold whatever the policy is; borrowed; NULL: none */
    dr_instrument *instruments;
    size_t count;
    dr_aim *aims;
    size_t aim_count;
    dr_look *look; /* for look-through shares among the aims, computed at each evaluation; borrowed; may be NULL */
    dr_scenario *scenario; /* of the last evaluation */
    dr_solution *solution; /* of the last evaluation */
    dr_point point;
    int threads;   /* 0: all cores */
    size_t solves; /* number of equilibria solved so far */
} dr_policy;

/* The change of the real income of a group of regions in a solution of any model, in percent of that model's base,
 * members weighted by base income. */
double dr_regions_welfare(const dr_solution *solution, const bool *regions);

/* An instrument on what the regions sides->of buy of `sector`: from those in sides->to, from all regions on neither
 * side, or from each other (home). Where there is no such trade it has no flows. Errors: DR_MACHINE. Free with
 * dr_instrument_free. */
dr_status dr_instrument_new(dr_instrument *out, const dr_model *model, const dr_sides *sides, size_t sector,
                            dr_origin origin);
void dr_instrument_free(dr_instrument *instrument);

/* The same, from those in sides->to, of one product of the sector, by its number in the tier that the model has. */
dr_status dr_instrument_of_product(dr_instrument *out, const dr_model *model, const dr_sides *sides, size_t sector,
                                   unsigned product);

/* plan_changes.c: takes from an instrument the flows that a scenario (NULL: none) bans. */
void dr_instrument_leave_banned(dr_instrument *instrument, const dr_model *model, const dr_scenario *standing);

/* The number in the scenario, from 0, of the limit of an instrument that is one. */
size_t dr_policy_limit(const dr_policy *policy, size_t instrument);

/* The lowest y at which every tariff of its flows stays at or above -99%; it matters only for flows whose base tariff
 * is negative: -INFINITY without any. */
double dr_instrument_lowest(const dr_instrument *instrument, const dr_model *model);

/* Scale factors [instrument] for the search over z = unit y: welfare is about equally curved in every z, because its
 * curvature in y grows with the trade to which the instrument applies. */
void dr_instrument_units(double *unit, const dr_instrument *instruments, size_t count);

/* Takes ownership of the instruments and aims (their results filled in, all else zero) and allocates the gradients.
 * Errors: DR_MACHINE. Free with dr_policy_free, on failure too. */
dr_status dr_policy_new(dr_policy *policy, const dr_model *model, dr_instrument *instruments, size_t count,
                        dr_aim *aims, size_t aim_count);
void dr_policy_free(dr_policy *policy);

/* Solves the equilibrium at the settings y [instrument] and fills the aims' values and, with `gradients`, their
 * derivatives: one adjoint solve for each aim, in parallel. With `gradients` it is an intermediate point of a search:
 * the solve starts from the last equilibrium and carries no certificate. Errors: DR_NO_SOLUTION, DR_MACHINE. */
dr_status dr_policy_evaluate(dr_policy *policy, const double *y, bool gradients);

/* The same with derivatives, from another equilibrium: that of another policy at the same settings, where several look
 * at one. */
dr_status dr_policy_evaluate_from(dr_policy *policy, const double *y, const dr_solution *near);

/* Solves at the settings y from the last evaluation's equilibrium, without a certificate. The policy is not changed, so
 * that several threads may call this at once. Errors: as above. Free with dr_solution_free. */
dr_status dr_policy_solve(dr_solution **out, const dr_policy *policy, const double *y);

#endif
