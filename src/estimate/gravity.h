/* Gravity estimates from the inside: several formulas, each for every level of `by`; shared by the files gravity*.c. */
#ifndef DR_ESTIMATE_GRAVITY_H
#define DR_ESTIMATE_GRAVITY_H

#include "base/table.h"
#include "estimate/bootstrap.h"
#include "estimate/flow_panel.h"
#include "estimate/regression.h"

/* A regressor of a formula. */
typedef struct dr_variable {
    const char *label; /* "rta:year=1994" */
    size_t term;       /* of the formula */
    bool first_level;  /* of a category: the one that is left out if one has to be */
    size_t at;         /* its place among the regressors of the estimator */
    double *value;     /* [row of the sample], until it is estimated */
} dr_variable;

/* One formula, for one level of `by`. */
typedef struct dr_fitted {
    const dr_formula *formula;
    size_t number;         /* of the formula, from 1 */
    uint32_t level;        /* of `by`, DR_NO_LEVEL without */
    dr_variable *variable; /* in the order in which they are shown */
    size_t variables;
    size_t endogenous, controls, instruments; /* of them, the last but the constant; instruments come after all */
    dr_regression *regression;                /* NULL where it failed */
    double *gradient;                         /* [regressor] scratch for functions of coefficients */
    char *failure;                            /* why */
    dr_status status;
    struct dr_cohorts *cohorts;                               /* gravity_cohorts.h; NULL without */
    struct dr_joint *joint;                                   /* gravity_joint.h; NULL unless it was asked for */
    size_t rows, missing, zeros, domestic, weightless, unfit; /* of the sample, and left out of it */
    uint32_t *row; /* [row of the sample] that of the panel; NULL unless rows are kept */
    /* Predictions, unless effects are by cohort: rows of the panel [all] in its order, mu (or x'b + effects) and its
     * standard error, NAN where there is none, and why the row is not in the sample. NULL unless rows are kept. */
    size_t all;
    uint32_t *all_row;
    double *predicted, *predicted_error;
    unsigned char *state; /* a dr_left_out, or DR_ROW_MISSING */
    dr_arena arena;
} dr_fitted;

enum { DR_ROW_MISSING = 4 }; /* a value is missing, or the logarithm of zero trade */

/* A category that is made once for all formulas. */
typedef struct dr_shared_levels {
    const char *label;
    bool one_domestic;
    dr_flow_levels levels;
} dr_shared_levels;

enum { DR_MOST_REPLICATIONS = 100000000 };

enum { DR_MOST_STARS = 5 };

/* What dr_gravity_side_by_side shows of options.stars and options.statistics. */
typedef struct dr_sheet_style {
    double star[DR_MOST_STARS]; /* percent below which p has one star more, the largest first */
    size_t stars;
    unsigned statistics; /* a bit for each that is shown */
} dr_sheet_style;

struct dr_gravity {
    dr_gravity_options options;
    /* those given, each for all that it stands for, then the clusters', that of costs and those of cohorts */
    dr_formula *formula;
    size_t formulas;                         /* before the clusters' */
    size_t others;                           /* from those on */
    dr_formula *costs, *cohort, *covariates; /* among the formulas, or NULL */
    /* [row of the panel] first year of treatment, INFINITY: never, NAN: left out; NULL without cohorts */
    double *entry;
    dr_formula *function; /* [options.function_count] */
    dr_formula *test;     /* [options.test_count] */
    dr_flow_panel panel;
    uint32_t *level_row; /* rows of the panel by their level of `by`, in order; NULL without */
    size_t *level_start; /* [levels + 1] where those of a level begin */
    int weight;          /* field, or -1 */
    int place[2];        /* fields of latitude and longitude, or -1 */
    dr_shared_levels *shared;
    size_t shared_count;
    dr_fitted *fit;
    size_t fits;
    const char *flows; /* names of the files, for messages */
    dr_sheet_style style;
    dr_arena arena;
};

/* Whether a formula is estimated by least squares. */
static inline bool dr_gravity_is_ols(const dr_gravity *gravity, const dr_formula *formula)
{
    return formula->logs || gravity->options.least_squares;
}

/* gravity_instruments.c: "PPML", "OLS", "2SLS", ...; and notes about instruments. */
const char *dr_gravity_estimator(const dr_gravity *gravity, const dr_formula *formula);
void dr_gravity_note_instruments(dr_table *table, const dr_gravity *gravity, const dr_fitted *fit);

/* gravity_sample.c: fills the rows, variables and categories of a fit and estimates it. */
dr_status dr_fit_estimate(dr_fitted *fit, const dr_gravity *gravity, int threads);

/* The levels of a crossing, made before by dr_gravity_new. */
const dr_flow_levels *dr_gravity_levels(const dr_gravity *gravity, const dr_crossing *crossing, bool one_domestic);

/* The product of a term's numbers in a row of the panel. */
double dr_term_value(const dr_flow_panel *panel, const dr_term *term, size_t row);

/* coefficients.c: the value of a function of coefficients at b [regressor], with its gradient [regressor], NULL if not
 * wanted. NAN where a coefficient has no value, or the fit no such variable. */
double dr_coefficients_value(const dr_fitted *fit, const dr_node *function, const double *b, double *gradient);

/* The first place of a function that no variable of any fit is written like; NULL if there is none. */
const dr_node *dr_coefficients_unknown(const dr_gravity *gravity, const dr_node *function);

/* Whether the fit has all variables of a function; whether the function is linear in them, or has none. */
bool dr_coefficients_known(const dr_fitted *fit, const dr_node *function);
bool dr_coefficients_linear(const dr_fitted *fit, const dr_node *function);
bool dr_coefficients_none(const dr_fitted *fit, const dr_node *function);

/* gravity_lines.c: a coefficient of a fit, or a function of some, with its error, test and interval. */
typedef struct dr_estimate_line {
    const char *label;
    double coefficient, error, z, p, low, high, uncorrected; /* NAN where there is none */
    const char *why; /* there is no coefficient: "reference", "collinear", "separated"; "" if there is one */
} dr_estimate_line;

size_t dr_fit_lines(const dr_gravity *gravity, const dr_fitted *fit);
void dr_fit_line(dr_estimate_line *out, const dr_gravity *gravity, const dr_fitted *fit, size_t line);

/* gravity_tests.c: a test of a fit: one that was asked for, or with a bootstrap and none, of each coefficient being
 * zero. */
typedef struct dr_test_line {
    char label[512], distribution[40]; /* "rta = 0", "t(7)" */
    double statistic, p, low, high;    /* NAN where there is none */
    dr_bootstrap_test bootstrap;       /* draws is 0 without */
    const char *why;                   /* there is no test; "" if there is one */
} dr_test_line;

size_t dr_fit_tests(const dr_gravity *gravity, const dr_fitted *fit);
dr_status dr_fit_test(dr_test_line *out, const dr_gravity *gravity, const dr_fitted *fit, size_t line);

/* The hypotheses of its tests in the order of the estimator's regressors, for the bootstrap; they belong to the fit.
 * Errors: DR_MACHINE. */
dr_status dr_fit_hypotheses(dr_hypothesis **out, const dr_gravity *gravity, dr_fitted *fit);

/* Whether the tests of a bootstrap are linear. Errors: DR_BAD_INPUT (one that is not, at its place). */
dr_status dr_gravity_check_tests(const dr_gravity *gravity);

/* Notes with the result of each test. */
dr_status dr_gravity_note_tests(dr_table *table, const dr_gravity *gravity);

/* The name of a fit's level of `by`, "" without. */
const char *dr_fit_level(const dr_gravity *gravity, const dr_fitted *fit);

/* gravity_tables.c: "standard errors clustered by pair, ..."; and "pair 4692", of several "exporter 69, importer 69",
 * "" without. Return text. */
const char *dr_gravity_errors(char *text, size_t size, const dr_gravity *gravity);
const char *dr_fit_clusters(char *text, size_t size, const dr_gravity *gravity, const dr_fitted *fit);

/* gravity_tables.c: "(1)", "all rows" of a split, or "C29" or "C29 (1)" where each value of a column is estimated;
 * and title, notes and certificate of a table. */
const char *dr_fit_name(char *text, size_t size, const dr_gravity *gravity, const dr_fitted *fit);
void dr_gravity_describe(dr_table *table, const dr_gravity *gravity);

/* gravity_style.c: reads the options. Errors: DR_USAGE (no such statistic, with the nearest; percentages that do not
 * fall). */
dr_status dr_sheet_style_read(dr_sheet_style *out, const dr_gravity_options *options);

/* "***"; and what the stars mean, "; * p < 10%, ...", "" if there are none. */
const char *dr_stars(const dr_sheet_style *style, double p);
void dr_stars_explain(char *text, size_t size, const dr_sheet_style *style);

/* Whether a row below the coefficients is shown: its name, up to a comma, is a statistic that was chosen. */
bool dr_sheet_shows(const dr_sheet_style *style, const char *name);

/* distribution.c: P(|t| > |x|) and the x with P(|t| > x) = p, of Student's t; normal where freedom is infinite. */
double dr_two_sided(double x, double freedom);
double dr_critical(double p, double freedom);

/* P(F > x) with `first` and `second` degrees of freedom; where the second are infinite, of chi-squared over `first`. */
double dr_upper_tail(double x, double first, double second);

#endif
