/* The parts of a plan, shared by the files of this folder. They use each other in one direction, from the top:
 *   plan.c, plan_curve.c, plan_years.c, plan_tables.c, plan_bands.c, plan_summary.c  the public functions
 *   plan_costs.c                         what the plan costs, and whom
 *   multistart.c                         the search
 *   insurance.c                          what a cut-off costs, and what the plan is worth against it
 *   plan_problem.c, plan_options.c       instruments and aims; what the options say
 *   plan_changes.c                       changes that hold with and without the plan
 *   plan_shares.c, cutoff.c              dependence shares; the loss from a cut-off
 *   plan_products.c                      plans by product, and their tables
 *   product_caps.c and product_caps_*.c  the search of such a plan
 *   policy.c, optimum.c                  used by games, too */
#ifndef DR_PLAN_PLAN_H
#define DR_PLAN_PLAN_H

#include "plan/cutoff.h"
#include "plan/optimum.h"
#include "plan/product_caps.h"
#include "result/welfare.h"
#include "world/describe.h"
#include "world/sides.h"

enum { DR_ORIGINS = DR_ORIGIN_HOME + 1 };

struct dr_plan {
    const dr_model *model;
    char *of, *from;                                           /* as they were given */
    char of_words[DR_SPOKEN_SIZE], from_words[DR_SPOKEN_SIZE]; /* as sentences say them */
    dr_sides sides;
    bool efficient; /* the cost is that of all regions together; false: that of `of` */
    dr_share share;
    const dr_scenario *changes; /* that hold without the plan, too; borrowed; NULL: none */
    dr_reference *before;       /* the equilibrium under them; NULL: there are none */
    bool origin[DR_ORIGINS];    /* the kinds of instruments that the plan may use */
    double *cap;                /* [sector] largest share allowed; NAN: no cap */
    bool *taxed;                /* [sector] has instruments */
    bool *one_sector;           /* [sector] all false; working memory of dr_plan_share */
    dr_look *look;              /* for look-through shares, else NULL */
    dr_result total;            /* the share of `from` over all sectors with a cap together */
    bool capped;                /* caps were given; false: all are 1 */
    double most_concentration;  /* largest Herfindahl-Hirschman index in each of these sectors; 0: no limit */
    double budget;              /* largest cost, percent of real income; 0: none */
    double max_loss;            /* largest loss from a cut-off, percent of real income; 0: no limit */
    double risk;                /* probability of a cut-off in a year */
    double stock_months;        /* months of use that a stock covers */
    double carrying_cost;       /* of a stock for a year, as a part of its value */
    dr_policy policy; /* aims: the objective; `shares` shares (one for each capped sector, or the total under a
                       * budget); `concentrations`, one for each sector; the purchases that a stock is a part of, if
                       * there is one */
    size_t shares, concentrations;
    dr_cutoff *cutoff;  /* NULL: not asked for */
    double loss_before; /* the loss from a cut-off without a plan or a stock */
    double *low, *high; /* [instrument] bounds of y */
    double *unit;       /* [instrument] scale factors of the search */
    dr_optimum optimum;
    double best;             /* the objective's gain by the best policy without limits; NAN: not asked for */
    size_t starts;           /* starting points of the search */
    size_t starts_elsewhere; /* those that led to another cost than the best one */
    dr_product_caps
        *products; /* a plan by product, whose equilibrium the policy, without instruments, has too; NULL: by
                                * sector */
};

/* ---- plan_shares.c ---- */

/* The result "share of `from`" of the plan's kind over the sectors marked. Errors: DR_MACHINE. */
dr_status dr_plan_share_result(dr_result *result, const dr_plan *plan, const bool *sectors);

/* The share of `from` in what `of` buys of one sector (look-through: in the inputs of that sector), in the base
 * (solution NULL) or in an equilibrium. */
double dr_plan_share(const dr_plan *plan, const dr_solution *solution, size_t sector);

/* Whether a sector has a cap and its share is above zero in the base. */
bool dr_plan_covers(const dr_plan *plan, size_t sector);

/* The number of aims that have a limit, which follow the first; the largest value that such an aim may have. */
size_t dr_plan_limited(const dr_plan *plan);
double dr_plan_limit_of(const dr_plan *plan, const dr_aim *aim);

/* ---- plan_options.c ---- */

/* Checks the options for the public `function`. Errors: DR_USAGE. */
dr_status dr_plan_check_options(const char *function, const dr_plan_options *options);

/* Read the limits, the caps and the kinds of instruments. Errors: DR_BAD_INPUT, DR_USAGE, DR_MACHINE. */
dr_status dr_plan_read_limits(dr_plan *plan, const dr_plan_options *options);
dr_status dr_plan_read_caps(dr_plan *plan, const dr_plan_options *options);
dr_status dr_plan_read_instruments(dr_plan *plan, const char *list);

/* ---- plan_changes.c ---- */

/* Solves the equilibrium under the changes of the options, if there are any. Errors: DR_BAD_INPUT (changes that a plan
 * cannot be measured under), DR_USAGE, those of dr_model_solve. */
dr_status dr_plan_take_changes(dr_plan *plan, const dr_plan_options *options);

/* The equilibrium without the plan; NULL: it is the base. */
const dr_solution *dr_plan_before(const dr_plan *plan);

/* Takes the flows that the changes ban out of an instrument. Errors: DR_BAD_INPUT (a tariff-rate quota is on one). */
dr_status dr_plan_leave_banned(const dr_plan *plan, dr_instrument *instrument);

/* Notes the changes (NULL: none), and what they do to those who plan (NULL: it is not told). */
void dr_plan_note_changes(dr_table *table, const dr_scenario *changes, const dr_plan *plan);

/* ---- plan_problem.c ---- */

/* Builds the total share, the instruments and the aims from what the options say. Errors: DR_BAD_INPUT (nothing is
 * bought from there), DR_MACHINE. */
dr_status dr_plan_build(dr_plan *plan, const dr_plan_options *options);

/* ---- plan_curve.c ---- */

/* -d cost / d cap, in percent of real income: the sum over sectors, as a uniform cap may bind in several at once. */
double dr_plan_shadow_price(const dr_plan *plan);

/* ---- insurance.c: formulas in docs/plan.md ---- */

/* Base income of `of`, in the unit of the world. */
double dr_plan_income(const dr_plan *plan);

/* The revenue of the plan's tariffs and the cost of its support, a year, in the unit of the world. */
void dr_plan_fiscal_effects(const dr_plan *plan, double *revenue, double *support);

/* Whether the plan maximises expected real income: a risk is given, and no limit. */
bool dr_plan_insures(const dr_plan *plan);

/* The part of a cut-off's loss that a stock leaves uncovered: 1 - months / 12. */
double dr_plan_uncovered(const dr_plan *plan);

/* The yearly cost of a stock, percent of real income, for each unit of yearly purchases. */
double dr_plan_carrying_cost(const dr_plan *plan);

/* The yearly cost of the plan, percent of real income of `of`: of its instruments, as the objective counts it, and of
 * its stock. */
double dr_plan_cost(const dr_plan *plan);
double dr_plan_stock_cost(const dr_plan *plan);

/* The loss from a cut-off under the plan, percent of today's real income; and how much of the loss it avoids. */
double dr_plan_loss(const dr_plan *plan);
double dr_plan_avoided(const dr_plan *plan);

/* The gain in expected real income at the plan's risk, over doing nothing, percent. */
double dr_plan_gain(const dr_plan *plan);

/* The yearly probability of a cut-off above which the plan with its stock, or the stock alone, pays; INFINITY:
 * never. */
double dr_plan_break_even(const dr_plan *plan);
double dr_plan_stock_break_even(const dr_plan *plan);

/* ---- plan_costs.c ---- */

/* The parts of the cost a year, in the unit of the world: dr_plan_costs has their meaning. */
typedef struct dr_cost_parts {
    double dependence, terms_of_trade, own_tariffs, other_tariffs;
    double own_loss, others_loss;
} dr_cost_parts;

void dr_plan_cost_parts(const dr_plan *plan, dr_cost_parts *out);

/* The cost against the best policy without limits, percent of real income of `of`; NAN: not asked for. */
double dr_plan_against_best(const dr_plan *plan);

/* Whether the plan leaves every tariff as it is. */
bool dr_plan_does_nothing(const dr_plan *plan);

/* ---- plan_tables.c ---- */

/* What the plan is, without the year. Returns `out`. */
enum { DR_PLAN_TITLE_SIZE = 1024 };
const char *dr_plan_title(char out[DR_PLAN_TITLE_SIZE], const dr_plan *plan);

/* Adds what every table of a plan carries: title, unit, source, facts and notes. */
void dr_plan_describe(dr_table *table, const dr_plan *plan);

/* ---- plan_answer.c ---- */

/* Says what a plan reaches and costs, and whom; and, once the table of sectors has its rows, the highest rates. */
void dr_plan_answer(dr_table *table, const dr_plan *plan);
void dr_plan_answer_rates(dr_table *table, const dr_plan *plan);

/* ---- plan_products.c ---- */

/* Finds the plan by product of the options, between sides that were read. Errors: DR_USAGE (options of plans by
 * sector), DR_BAD_INPUT (no products in the model), those of dr_product_caps_new. */
dr_status dr_plan_by_product(dr_plan *plan, const dr_plan_options *options);

/* Fails for a plan by product, of which there is no `what`. Errors: DR_BAD_INPUT. */
dr_status dr_plan_need_sectors(const dr_plan *plan, const char *what);

/* The part of the answer, the facts and the notes of a plan by product that are its own. */
void dr_plan_say_products(dr_table *table, const dr_plan *plan);
void dr_plan_note_products(dr_table *table, const dr_plan *plan);

/* ---- multistart.c ---- */

/* Finds the optimum of a plan that has been built, and evaluates it. With an `earlier` plan (NULL: none) the search
 * starts from that plan's settings only. Errors: DR_NO_SOLUTION, DR_MACHINE. */
dr_status dr_plan_search(dr_plan *plan, const dr_plan *earlier, const dr_plan_options *options);

/* Finds the best policy without caps and limits, from the plan that was found. Errors: as above. */
dr_status dr_plan_search_best(dr_plan *plan, const dr_plan_options *options);

/* ---- plan.c ---- */

/* The economy that plans and the supplier on which it depends: by name, or as sides that were read before, for example
 * from groups that a document defines; the names are then for display only. */
typedef struct dr_plan_parties {
    const char *of, *from;
    const dr_sides *sides; /* NULL: as the names say */
} dr_plan_parties;

/* dr_plan_new with a warm start from a similar earlier plan (NULL: none). With `cut_off` the loss from a cut-off is
 * measured even where no limit needs it. */
dr_status dr_plan_warm_start(dr_plan **out, const dr_plan *earlier, const dr_model *model,
                             const dr_plan_parties *between, const dr_plan_options *options, bool cut_off);

#endif
