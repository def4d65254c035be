/* The calibrated model, a scenario and a solution from the inside; shared by the files of solve/.
 *
 * Two layouts. Levels (flows, values) lie as in the public header: [n, i, s], region first. What a sweep reads lies sector
 * first, [s][n], each row padded with zeros to `stride` numbers, so that the kernels run over whole vectors of regions. */
#ifndef DR_SOLVE_MODEL_H
#define DR_SOLVE_MODEL_H

#include "base/error.h"
#include "base/memory.h"
#include "solve/options.h"
#include "solve/scenario.h"
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
    double *income;         /* [n]: factor_income + tariff_revenue + deficit */
} dr_base;

/* How easily things take each other's place. The Caliendo-Parro model has 1 everywhere and mobile labour. */
typedef struct dr_nests {
    double *eta;       /* [s] value added and the bundle of inputs, in unit cost */
    double *rho;       /* [s] inputs among each other, in their bundle */
    double phi;        /* goods among each other, in final demand */
    double sigma;      /* factors among each other, in value added */
    double psi;        /* labour among sectors, in supply: 0 fixed where it is, INFINITY mobile */
    double psi_other;  /* the same of other factors, where there are several */
    double thin;       /* supply of a good below this part of base use is pooled; 0: never (thin.c) */
    bool cobb_douglas; /* eta, rho and phi are all 1: shares never change */
} dr_nests;

/* The estimates that trade elasticities come from: theta[s] is a mean of them. Sectors may share one. */
typedef struct dr_estimates {
    size_t count, most;
    double *value, *error; /* [estimate]; standard error: NAN where none is known */
    double *weight;        /* [s, estimate] of `most` each */
} dr_estimates;

/* The base's tariff on flow [n, i, s]. */
static inline double dr_base_tariff(const dr_base *base, size_t flow)
{
    return base->tariff ? base->tariff[flow] : 0;
}

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
    bool solved_base; /* the base is a solution itself, so that it depends on theta */
    dr_nests nests;
    dr_base base;
    double *floor;  /* [n] ln of the least wage over base, -INFINITY where there is none; NULL: nowhere is one */
    size_t factors; /* of value added; at least 1 */
    double *value_added_share; /* [s][n]: value added in the cost of s */
    double *factor_share;      /* [factor][s][n] in value added; NULL: one factor */
    double *input_share;       /* [s][k][n]: input k in the cost of s */
    double *bundle_share;      /* [s][n]: all inputs in the cost of s */
    double *final_share;       /* [k][n]: good k in final demand */
    double *import_share;      /* [s][n][i]: pi, exporter i in spending of n on s */
    double *spending;          /* [s][n]: base spending, the scale of the unknown e */
    const char **notes;
    size_t note_count, note_capacity;
    dr_arena arena;
};

/* What became of a cap: importer, exporter and sector of its first flow, and whether all its flows have that one's. */
typedef struct dr_cap_result {
    size_t importer, exporter, sector, flows;
    bool one_importer, one_exporter, one_sector;
    dr_rent rent_to;
    double base, limit, volume; /* at base prices; limit NAN: the wedge is set */
    double wedge;               /* on the delivered cost; at least 1 where there is a limit */
    double rent;
} dr_cap_result;

/* What a scenario puts in the way of a flow beside a tariff. */
typedef struct dr_barrier {
    size_t flow;  /* [n, i, s] */
    double times; /* its trade cost over base; infinite under a ban */
    size_t cap;   /* the number of its cap, from 1; 0: none */
} dr_barrier;

/* A market whose remaining supply is pooled, and the part of base use that remains. */
typedef struct dr_thin_market {
    size_t region, sector;
    double remains;
} dr_thin_market;

struct dr_solution {
    const dr_model *model;
    char *scenario;      /* its title */
    double *flow;        /* [n, i, s] without tariff */
    double *tariff;      /* [n, i, s], or NULL: none */
    double *price;       /* [n, s] purchaser price over base */
    double *cost;        /* [n, s] unit cost over base */
    double *output;      /* [n, s] value of sales */
    double *spending;    /* [n, s] at purchaser prices */
    double *wage;        /* [n] what all factors earn over base, in all sectors together */
    double *sector_wage; /* [n, s] price of value added over base */
    double *value_added; /* [n, s] value */
    double *factor_wage; /* [factor, n, s] what a unit of it is paid, over base */
    double *factor_pay;  /* [factor, n, s] value: its part of value added */
    double *employment;  /* [factor, n, s] part of it that is employed; NULL: all, as no wage is rigid */
    double *factor_mean; /* [factor, n] what it earns over base, in all sectors together */
    double *rents;       /* [n] from caps */
    dr_cap_result *caps;
    size_t cap_count;
    dr_barrier *barriers; /* in the order of flows */
    size_t barrier_count;
    dr_thin_market *thin;
    size_t thin_count;
    bool surplus; /* where none was found: what runs away is a surplus that the closure asks for, no price */
    char **notes; /* of the scenario */
    size_t note_count;
    dr_named named;                            /* groups that the scenario names */
    double *tariff_revenue, *deficit, *income; /* [n] */
    dr_certificate certificate;
};

/* A spending below this part of its base is nothing: no relative precision is asked of it. */
#define DR_NEGLIGIBLE 1e-9

/* Adds a note that every result of the model carries. */
dr_status dr_model_note(dr_model *model, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* results.c: adds the model's settings, as facts, and its notes. */
void dr_model_describe(dr_table *table, const dr_model *model);

/* results.c: the exact change of a region's real income, in percent. */
double dr_solution_welfare(const dr_solution *solution, size_t region);

/* results.c: gives a table what every result carries: its title, where it comes from, settings, certificate and notes. */
void dr_solution_describe(dr_table *table, const dr_solution *solution, const char *what);

/* results.c: hands over a table that is filled, or frees it and fails. */
dr_status dr_solution_finish(dr_table **out, dr_table *table);

/* results.c: terms and volume of trade of a region, in percent of its base income. */
void dr_solution_trade_terms(const dr_solution *solution, size_t region, double *terms, double *volume);

/* decomposition.c: copies what results need of a scenario (NULL: none), which may be freed before the solution: barriers and notes. */
dr_status dr_solution_keep(dr_solution *solution, const dr_scenario *scenario, const dr_scenario *given);

/* prepare.c: fills base.flow ... base.value_added from the economy, step by step as docs/model.md lists, with notes. */
dr_status dr_prepare(dr_model *model);

/* factors.c: the name of a factor; whether it is labour, which a single factor stands for; its mobility psi; and what it earns in the
 * base [n, s]. */
const char *dr_factor_name(const dr_model *model, size_t factor);
bool dr_factor_is_labour(const dr_model *model, size_t factor);
double dr_factor_mobility(const dr_model *model, size_t factor);
double dr_factor_base(const dr_model *model, size_t factor, size_t n, size_t s);

/* rebase.c: the consumer price of region n over base, given prices [n, k] over base. */
double dr_consumer_price(const dr_model *model, const double *price, size_t n);

/* rebase.c: the price of the bundle of inputs of sector s of region n over base, given prices [n, k] over base; and, given that, input k in the unit
 * cost of s in a solution. */
double dr_bundle_price(const dr_model *model, const double *price, size_t n, size_t s);
double dr_input_share(const dr_solution *solution, size_t n, size_t k, size_t s, double bundle);

/* presets.c: fills the nests from the model and horizon of its options, says which trade elasticity they ask for (NULL: none); turns to one good where the model has one. */
dr_status dr_presets_fill(dr_model *model, const char **elasticity);

/* presets.c: notes which version of the published numbers a built-in set of trade elasticities has. */
dr_status dr_presets_note_set(dr_model *model, const char *set);

/* one_good.c: makes model->one_good of model->whole and turns to it; and the same scenario for it. Errors: DR_BAD_INPUT (a change of
 * some sectors only). */
dr_status dr_one_good_take(dr_model *model);
dr_status dr_one_good_scenario(dr_scenario **out, const dr_model *model, const dr_scenario *of);

/* rigid.c: sets the model's floors under wages from its option: "REGIONS" or "REGIONS:FLOOR". Errors: DR_BAD_INPUT. And where there are some, the part
 * of a region's labour that is employed, and what a sector employs over base. */
dr_status dr_rigid_fill(dr_model *model);
double dr_solution_employment(const dr_solution *solution, size_t region);
double dr_solution_sector_employment(const dr_solution *solution, size_t region, size_t sector);

/* elasticity.c: fills estimates and theta from `text` (a number, set or file; NULL: the world's own, else 5) and says so in
 * `elasticity`. */
dr_status dr_elasticity_fill(dr_model *model, const char *text);

/* theta [s] if the estimates were `value`. */
void dr_estimates_theta(const dr_estimates *estimates, size_t sectors, const double *value, double *theta);

/* The model of the same economy with the options of `of`, but for the horizon and, if `presets` is set, with the nests and the trade
 * elasticity of that horizon whatever was asked for `of` (one good stays one good). `of` must outlive it. Errors: as dr_model_new. */
dr_status dr_model_sibling(dr_model **out, const dr_model *of, const char *horizon, bool presets);

/* The model of the same economy with the same options, but for other trade elasticities [s] and, if `disturb` is there, a base
 * disturbed by it after preparation. `of` must outlive it. Errors: as dr_model_new. */
typedef void dr_disturb(dr_model *model, void *user);
dr_status dr_model_again(dr_model **out, const dr_model *of, const double *theta, dr_disturb *disturb, void *user);

/* The model with the options of `like` whose base is an equilibrium of another model of the same economy, found without curbs: its flows,
 * tariffs, incomes and prices, which are 1 from then on. `like` must outlive it. Errors: DR_NO_SOLUTION, DR_MACHINE. */
dr_status dr_model_after(dr_model **out, const dr_model *like, const dr_solution *solution);

/* rebase.c: takes a solution as the base of a model whose arrays are there. */
void dr_rebase(dr_model *model, const dr_solution *solution);

/* model.c: from the base's flows, tariffs, value added, deficits and uses, its sums and incomes, and with those all shares. */
void dr_base_incomes(dr_model *model);
void dr_base_shares(dr_model *model);

/* closure.c: deficits [n] given what each region earns before transfers, `earned` = factor income + tariff revenue. */
void dr_closure_deficits(const dr_model *model, const double *earned, double *deficit);

/* Its transpose at `earned` and the `deficit` there: from the derivatives of a result with respect to earned + deficit [n], `income`,
 * those with respect to earned, `back`. */
void dr_closure_back(const dr_model *model, const double *earned, const double *deficit, const double *income,
                     double *back);

/* equilibrium.c: solves under a scenario (NULL: none) and fills all of `solution` but the certificate's residuals. Begins where `near`
 * ended, a solution of the same model with as many caps (NULL: in the base); sweeps that do not come to rest from there begin anew. */
dr_status dr_equilibrium_solve(dr_solution *solution, const dr_model *model, const dr_scenario *scenario,
                               const dr_solution *near);

/* model.c: dr_model_solve, but where there is no solution nothing else is tried: for those who solve many. */
dr_status dr_model_certified(dr_solution **out, const dr_model *model, const dr_scenario *scenario);

/* model.c: dr_model_solve from there on, for searches that solve many times and certify where they end: no residuals, no barriers. */
dr_status dr_model_solve_near(dr_solution **out, const dr_model *model, const dr_scenario *scenario,
                              const dr_solution *near);

/* certificate.c: fills the residuals of the certificate; DR_NO_SOLUTION beyond 1e-8. */
dr_status dr_certify(dr_solution *solution, const dr_scenario *scenario);

#endif
