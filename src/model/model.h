/* The calibrated model from the inside: the base equilibrium, shares, elasticities and rules.
 *
 * Two layouts. Levels (flows, values) lie as in the public header: [n, i, s], region first. What a sweep reads lies
 * sector first, [s][n], each row padded with zeros to `stride` numbers, so that the kernels run over whole vectors of
 * regions. */
#ifndef DR_MODEL_MODEL_H
#define DR_MODEL_MODEL_H

#include "base/error.h"
#include "base/memory.h"
#include "scenario/model_options.h"
#include "scenario/scenario.h"
#include "world/economy.h"

/* The base equilibrium in levels. Base prices and wages are 1. */
typedef struct dr_base {
    double *flow;           /* [n, i, s] without tariff */
    double *tariff;         /* [n, i, s] fraction; NULL: none */
    double *spending;       /* [n, s] at purchaser prices: sum over i of flow * (1 + tariff) */
    double *output;         /* [n, s] sales: sum over importers of flow */
    double *input;          /* [n, k, s] at purchaser prices */
    double *final;          /* [n, k] at purchaser prices */
    double *value_added;    /* [n, s] */
    double *factor_share;   /* [factor, n, s] of value added; NULL: one factor */
    double *factor_income;  /* [n]: sum over s of value_added */
    double *tariff_revenue; /* [n] */
    double *deficit;        /* [n] */
    double *profit;         /* [n]: sum over s of the part of output that is no cost; NULL: none */
    double *income;         /* [n]: factor_income + tariff_revenue + profit + deficit */
} dr_base;

/* The elasticities of substitution of the nests. The Caliendo-Parro model has 1 everywhere and mobile labour. */
typedef struct dr_nests {
    double *eta;             /* [s] value added and the bundle of inputs, in unit cost */
    double *rho;             /* [s] inputs among each other, in their bundle */
    double phi;              /* goods among each other, in final demand */
    double sigma;            /* factors among each other, in value added */
    double psi;              /* labour among sectors, in supply: 0 fixed where it is, INFINITY mobile */
    double psi_other;        /* the same of other factors, where there are several */
    double between_products; /* products among each other in imports; NAN: 1 + the trade elasticity of the sector */
    double thin;       /* supply of a good below this part of base use is pooled; 0: never (equilibrium/sweep_thin.c) */
    bool cobb_douglas; /* eta, rho and phi are all 1: shares never change */
} dr_nests;

/* The estimates that trade elasticities come from: theta[s] is a mean of them. Sectors may share one. */
typedef struct dr_estimates {
    size_t count, most;
    double *value, *error; /* [estimate]; standard error: NAN where none is known */
    double *weight;        /* [s, estimate] of `most` each */
} dr_estimates;

/* What region n earns in the base, before its deficit. */
static inline double dr_base_earned(const dr_base *base, size_t n)
{
    return base->factor_income[n] + base->tariff_revenue[n] + (base->profit ? base->profit[n] : 0);
}

/* The base's tariff on flow [n, i, s]. */
static inline double dr_base_tariff(const dr_base *base, size_t flow)
{
    return base->tariff ? base->tariff[flow] : 0;
}

/* What tariff revenue is used for; in the order of dr_revenue_uses. */
typedef enum dr_revenue_use { DR_REVENUE_REBATE, DR_REVENUE_INCOME_TAX, DR_REVENUE_KEEP } dr_revenue_use;

struct dr_tier;
struct dr_region_response;

struct dr_model {
    const dr_economy *economy; /* what is solved: `whole`, or where it is summed to one good, `one_good` */
    const dr_economy *whole;   /* what scenarios are of */
    dr_economy one_good;
    size_t regions, sectors, stride;
    dr_model_options options; /* that it was made with; tolerance and max_sweeps without a value have their defaults */
    const char *preset;       /* the name of the model's nests */
    const char *elasticity;   /* where theta comes from, for people */
    double *theta;            /* [s] */
    dr_estimates estimates;
    bool inverse_scale;   /* scale elasticities are 1 / theta */
    double *scale;        /* [s] elasticity of unit cost with respect to the size of a sector; NULL: constant returns */
    double *cost_part;    /* [s] of sales: the rest is profit; NULL: all */
    double labour_supply; /* elasticity of the supply of labour to its real wage after taxes; 0: it is fixed */
    dr_revenue_use revenue_use;
    double *overhead, *reach; /* [n] nu and phi of model/labour.h; NULL: 0 and 1 */
    bool solved_base;         /* the base is a solution itself, so that it depends on theta */
    dr_nests nests;
    dr_base base;
    double *basket; /* [n] weights of consumer prices in the numeraire of results; NULL: it is no basket, but */
    bool own_wages; /* the wage of each region, or else world income */
    double *floor;  /* [n] ln of the least wage over base, -INFINITY where there is none; NULL: nowhere is one */
    size_t factors; /* of value added; at least 1 */
    double *value_added_share;                 /* [s][n]: value added in the cost of s */
    double *factor_share;                      /* [factor][s][n] in value added; NULL: one factor */
    double *input_share;                       /* [s][k][n]: input k in the cost of s */
    double *bundle_share;                      /* [s][n]: all inputs in the cost of s */
    double *final_share;                       /* [k][n]: good k in final demand */
    double *import_share;                      /* [s][n][i]: pi, exporter i in spending of n on s */
    double *spending;                          /* [s][n]: base spending, the scale of the unknown e */
    struct dr_tier *tier;                      /* products within imports (model/tier.h); NULL: there are none */
    const struct dr_region_response *response; /* of regions at the base (equilibrium/region_response.h): `made`, or
                                                * that of a model like it; NULL: none fits */
    struct dr_region_response *made;
    const char **notes;
    size_t note_count, note_capacity;
    dr_arena arena;
};

/* The part of the sales of sector s that is cost. */
static inline double dr_cost_part(const dr_model *model, size_t s)
{
    return model->cost_part ? model->cost_part[s] : 1;
}

/* Adds a note that every result of the model carries, unless it has it already. */
dr_status dr_model_note(dr_model *model, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* DR_USAGE if a scenario (NULL: none) is of another economy than the model; `function` is the public one that was
 * called. */
dr_status dr_scenario_check(const char *function, const dr_model *model, const dr_scenario *scenario);

/* Memory for a model of an economy with its options, nests and trade elasticities, not calibrated yet. The elasticities
 * are those of `like`, a model of the same economy; NULL: those that the options ask for. Free with dr_model_free.
 * Errors: DR_BAD_INPUT, DR_MACHINE. */
dr_status dr_model_begin(dr_model **out, const dr_economy *economy, const dr_model_options *options,
                         const dr_model *like);

/* The same with the options, nests and estimates of `of`, which must outlive it, but for trade elasticities theta [s]
 * and, if `tariffs`, room for tariffs; not calibrated yet. */
dr_status dr_model_begin_like(dr_model **out, const dr_model *of, const double *theta, bool tariffs);

#endif
