#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/emit.h"
#include "cli/host.h"
#include "cli/keep.h"
#include "report/plot.h"

static const char *const domestics[] = {"own", "one", "drop", NULL}; /* in the order of dr_domestic */
static const char *const errors[] = {"stata", "r",      "none", "cr2",
                                     "cr3",   "conley", NULL}; /* in the order of dr_errors */
static const char *const tables[] = {"coefficients", "fits", "columns", "cohorts", "tests", NULL};
static const char *const controls[] = {"not-yet", "never", NULL}; /* in the order of dr_controls */
static const char *const bootstraps[] = {"none", "wild", "score", "pairs", "randomise", NULL}; /* dr_bootstrap */
static const char *const multipliers[] = {"rademacher", "webb", "mammen", "normal", "gamma", NULL};
static const char *const instruments[] = {"control", "additive", "multiplicative", NULL}; /* dr_iv */
static const char *const clusters[] = {"pair", "exporter,importer", "exporter,importer,year", NULL};

/* The values of an option that may be repeated, in order; the caller frees. */
static const char **values_of(const cli_line *line, const char *name, size_t *count)
{
    const char **values = dr_new(line->values.count + 1, sizeof *values);
    *count = 0;
    for (size_t i = 0; values && i < line->values.count; i++)
        if (strcmp(line->values.given[i].row->name, name) == 0)
            values[(*count)++] = line->values.given[i].text;
    return values;
}

/* ---- Files beside the result ------------------------------------------------------------------------------------- */

static dr_status write_beside(const cli_line *line, const char *option, const dr_gravity *gravity,
                              dr_status (*make)(dr_table **, const dr_gravity *))
{
    const char *path = cli_text(line, option);
    dr_table *table = NULL;
    if (!path)
        return DR_OK;
    DR_TRY(make(&table, gravity));
    dr_status status = dr_table_write(table, cli_file_format(path), path);
    dr_table_free(table);
    return status;
}

/* The coefficients of the first formula, where none of them are over time. */
static dr_status draw_coefficients(const cli_line *line, const dr_gravity *gravity)
{
    enum { MODEL, BY, VARIABLE, COEFFICIENT, LOW = 7, HIGH };
    dr_table *table = NULL;
    DR_TRY(dr_gravity_coefficients(&table, gravity));
    dr_plot plot = {.table = table,
                    .kind = DR_PLOT_BARS,
                    .what = "coefficient",
                    .unit = "",
                    .key = VARIABLE,
                    .more = {cli_given(line, "by") || cli_given(line, "split") ? BY : 0},
                    .series = 1,
                    .columns = {COEFFICIENT},
                    .labels = {""},
                    .low = LOW,
                    .high = HIGH};
    while (plot.rows < table->rows && dr_table_number(table, plot.rows, MODEL) == 1)
        plot.rows++;
    dr_status status = dr_plot_write(&plot, cli_text(line, "plot"));
    dr_table_free(table);
    return status;
}

static dr_status draw(const cli_line *line, const dr_gravity *gravity)
{
    dr_table *table = NULL;
    if (!cli_given(line, "plot"))
        return DR_OK;
    dr_status study = dr_gravity_event_study(&table, gravity);
    if (study == DR_BAD_INPUT) /* nothing is over time */
        return draw_coefficients(line, gravity);
    DR_TRY(study);
    dr_plot plot = {.table = table,
                    .kind = DR_PLOT_POINTS,
                    .what = "change of the logarithm of trade",
                    .rows = table->rows,
                    .series = 1,
                    .columns = {1},
                    .low = 2,
                    .high = 3};
    dr_status status = dr_plot_write(&plot, cli_text(line, "plot"));
    dr_table_free(table);
    return status;
}

/* ---- Elasticities and stored estimates ---- */

static dr_status store_elasticities(const cli_line *line, const dr_table *table)
{
    const char *name = cli_text(line, "store"), *world = cli_text(line, "world");
    if (!name)
        return DR_OK;
    cli_forget_worlds(line);
    DR_TRY(dr_elasticities_store(table, world, name));
    cli_remark(line, "stored as '%s' in %s; use it with 'simulate --elasticity %s'", name, world, name);
    return DR_OK;
}

static dr_status emit_elasticities(const cli_line *line, dr_table *table)
{
    dr_status status = store_elasticities(line, table);
    if (status == DR_OK)
        status = cli_emit(line, table);
    dr_table_free(table);
    return status;
}

static dr_status triple_ratio(const cli_line *line)
{
    dr_table *table = NULL;
    const dr_triple_options options = {.size = sizeof(dr_triple_options),
                                       .tariff = cli_text(line, "tariff"),
                                       .by = cli_text(line, "by"),
                                       .where = cli_text(line, "where"),
                                       .exporter = cli_text(line, "exporter"),
                                       .importer = cli_text(line, "importer"),
                                       .year = cli_text(line, "year"),
                                       .with_tariff = cli_given(line, "with-tariff")};
    DR_TRY(dr_triple_ratio(&table, (const char *const *)line->arguments, line->argument_count, &options));
    return emit_elasticities(line, table);
}

static dr_status store(const cli_line *line, const dr_gravity *gravity)
{
    const char *name = cli_text(line, "store"), *world = cli_text(line, "world");
    if (!name)
        return DR_OK;
    cli_forget_worlds(line);
    DR_TRY(dr_gravity_store(gravity, world, name));
    cli_remark(line, "stored as '%s' in %s; use it in the changes leave and join of a scenario", name, world);
    return DR_OK;
}

/* ---- Structural gravity ------------------------------------------------------------------------------------------ */

static dr_status emit_equilibrium(const cli_line *line, const dr_gravity *gravity)
{
    const dr_equilibrium_options o = {.size = sizeof(dr_equilibrium_options),
                                      .without = cli_text(line, "without"),
                                      .among = cli_text(line, "among"),
                                      .reference = cli_text(line, "reference"),
                                      .year = (int)cli_number(line, "base"),
                                      .sigma = cli_number(line, "sigma")};
    dr_table *table = NULL;
    DR_TRY(dr_gravity_equilibrium(&table, gravity, &o));
    dr_status status = cli_emit(line, table);
    dr_table_free(table);
    return status;
}

/* ---- The command ------------------------------------------------------------------------------------------------- */

enum { COEFFICIENTS, FITS, COLUMNS, COHORTS, TESTS };
typedef dr_status maker(dr_table **, const dr_gravity *);
static maker *const makers[] = {dr_gravity_coefficients, dr_gravity_fits, dr_gravity_side_by_side, dr_gravity_cohorts,
                                dr_gravity_tests};

static dr_status emit(const cli_line *line, const dr_gravity *gravity)
{
    dr_table *table = NULL;
    dr_format format = cli_format(line);
    bool for_people = format == DR_FORMAT_TEXT || format >= DR_FORMAT_LATEX, given = cli_given(line, "table");
    size_t word = given                                  ? cli_word(line, "table")
                  : cli_given(line, "latex")             ? COLUMNS
                  : cli_given(line, "etwfe")             ? COHORTS
                  : for_people && !cli_given(line, "by") ? COLUMNS
                                                         : COEFFICIENTS;
    DR_TRY(makers[word](&table, gravity));
    dr_status status = cli_emit(line, table);
    dr_table_free(table);
    return status;
}

static dr_status show(const cli_line *line, const dr_gravity *gravity)
{
    DR_TRY(write_beside(line, "fixed-effects", gravity, dr_gravity_effects));
    DR_TRY(write_beside(line, "predictions", gravity, dr_gravity_predictions));
    DR_TRY(draw(line, gravity));
    if (cli_given(line, "without"))
        return emit_equilibrium(line, gravity);
    if (cli_given(line, "elasticities")) {
        dr_table *table = NULL;
        DR_TRY(dr_gravity_elasticities(&table, gravity, cli_given(line, "with-tariff")));
        return emit_elasticities(line, table);
    }
    DR_TRY(store(line, gravity));
    return emit(line, gravity);
}

/* The objects of an estimate, freed together. */
typedef struct steps {
    const char **formulas, **functions, **tests, **notes;
    dr_gravity *gravity;
} steps;

static void free_steps(void *objects)
{
    steps *s = objects;
    dr_gravity_free(s->gravity);
    free(s->formulas);
    free(s->functions);
    free(s->tests);
    free(s->notes);
}

static dr_status make_more(dr_table **out, const cli_line *line, void *objects, const char *name)
{
    (void)line;
    size_t table = COEFFICIENTS;
    while (tables[table] && strcmp(name, tables[table]) != 0)
        table++;
    return makers[tables[table] ? table : COEFFICIENTS](out, ((steps *)objects)->gravity);
}

static dr_status draw_again(const cli_line *line, void *objects, dr_table *table)
{
    (void)table;
    return draw(line, ((steps *)objects)->gravity);
}

static const cli_rest rest = {make_more, draw_again, free_steps};

static dr_status estimate(steps *s, const cli_line *line, dr_gravity_options *o)
{
    cli_bar bar;
    o->formulas = s->formulas = values_of(line, "formula", &o->formula_count);
    o->functions = s->functions = values_of(line, "function", &o->function_count);
    o->tests = s->tests = values_of(line, "test", &o->test_count);
    o->notes = s->notes = values_of(line, "note", &o->note_count);
    if (!s->formulas || !s->functions || !s->tests || !s->notes)
        return dr_fail_memory();
    o->progress = cli_bar_step;
    o->user = &bar;
    cli_bar_start(&bar, line);
    dr_status status = dr_gravity_new(&s->gravity, (const char *const *)line->arguments, line->argument_count, o);
    cli_bar_end(&bar);
    return status == DR_OK ? show(line, s->gravity) : status;
}

/* An estimate that a world keeps needs no flows. */
static dr_status replay(const cli_line *line)
{
    dr_table *table = NULL;
    DR_TRY(dr_gravity_replay(&table, cli_text(line, "world"), cli_text(line, "replay")));
    dr_status status = cli_emit(line, table);
    dr_table_free(table);
    return status;
}

static dr_status check_flows(const cli_line *line)
{
    bool replayed = cli_given(line, "replay");
    if (replayed && line->argument_count > 0)
        return cli_misuse(line, "--replay shows an estimate that the world keeps, without flows: leave out '%s'",
                          line->arguments[0]);
    if (!replayed && line->argument_count == 0)
        return cli_misuse(line, "FLOWS is missing: CSV or Parquet files of trade flows, or one world");
    return DR_OK;
}

static dr_gravity_options options_of(const cli_line *line)
{
    return (dr_gravity_options){
        .size = sizeof(dr_gravity_options),
        .cluster = cli_text(line, "cluster"),
        .weights = cli_text(line, "weights"),
        .where = cli_text(line, "where"),
        .by = cli_text(line, "by"),
        .split = cli_text(line, "split"),
        .stars = cli_text(line, "stars"),
        .statistics = cli_text(line, "statistics"),
        .joint = cli_given(line, "store") && (cli_given(line, "by") || cli_given(line, "split")),
        .exporter = cli_text(line, "exporter"),
        .importer = cli_text(line, "importer"),
        .year = cli_text(line, "year"),
        .world = cli_text(line, "world"),
        .domestic = (dr_domestic)cli_word(line, "domestic"),
        .errors = (dr_errors)cli_word(line, "errors"),
        .threads = (int)cli_number(line, "threads"),
        .bias_correct = cli_given(line, "bias-correct"),
        .least_squares = cli_given(line, "ols"),
        .iv = (dr_iv)cli_word(line, "iv"),
        .two_step = cli_given(line, "two-step"),
        .bootstrap = (dr_bootstrap)cli_word(line, "bootstrap"),
        .multiplier = (dr_multiplier)cli_word(line, "multiplier"),
        .replications = (int)cli_number(line, "replications"),
        .seed = (unsigned long long)cli_number(line, "seed"),
        .equal_tails = cli_given(line, "equal-tails"),
        .coordinates = cli_text(line, "coordinates"),
        .cutoff = cli_number(line, "cutoff"),
        .costs = cli_text(line, "costs"),
        .cohorts = cli_text(line, "etwfe"),
        .covariates = cli_text(line, "covariates"),
        .controls = (dr_controls)cli_word(line, "controls"),
        .join = cli_text(line, "join"),
        .on = cli_text(line, "on"),
        .fill_zeros = cli_given(line, "fill-zeros"),
        .prediction_errors = cli_given(line, "predictions"),
        .keep_rows = cli_given(line, "fixed-effects") || cli_given(line, "predictions") || cli_given(line, "without")};
}

static dr_status run_gravity(const cli_line *line)
{
    dr_gravity_options o = options_of(line);
    DR_TRY(check_flows(line));
    if (cli_given(line, "replay"))
        return replay(line);
    if (cli_given(line, "triple-ratio"))
        return triple_ratio(line);
    steps s = {0};
    dr_status status = estimate(&s, line, &o);
    if (status == DR_OK)
        cli_leave(line, &s, sizeof s, NULL, &rest);
    free_steps(&s);
    return status;
}

static const char *const endings[] = {"csv", "json", "parquet", NULL};
static const option_row arguments[] = {
    {"FLOWS", .kind = OPTION_FILE, .many = true, .help = "CSV or Parquet files of trade flows, or one world"},
    {0},
};

static const option_row of_estimate[] = {
    {"formula", "FORMULA", .kind = OPTION_TEXT, .many = true, .excludes = "triple-ratio",
     .help =
         "such as \"trade ~ rta | exporter^year + importer^year + pair\"; several formulas are columns of one table"},
    {"ols", NULL, .kind = OPTION_FLAG, .excludes = "triple-ratio",
     .help = "least squares of the outcome as it is; without, of log(...) only, and PPML otherwise"},
    {"where", "SQL", .kind = OPTION_TEXT, .help = "use only rows for which this is true, such as \"year >= 1990\""},
    {"join", "FILE", .kind = OPTION_FILE, .excludes = "triple-ratio",
     .help = "add the columns of this CSV or Parquet file to the flows"},
    {"on", "LIST", .kind = OPTION_TEXT, .fallback = "exporter,importer,year", .needs = "join",
     .help = "columns by which it is joined, separated by commas"},
    {"fill-zeros", NULL, .kind = OPTION_FLAG, .excludes = "triple-ratio",
     .help = "zero trade for pairs of exporter and importer that have no row in a year"},
    {"weights", "COLUMN", .kind = OPTION_TEXT, .excludes = "triple-ratio", .help = "column of weights"},
    {"by", "COLUMN", .kind = OPTION_TEXT, .help = "estimate each value of this column separately, such as sector"},
    {"split", "COLUMN", .kind = OPTION_TEXT, .excludes = "triple-ratio elasticities without by",
     .help = "estimate all rows, and then each value of this column, side by side"},
    {"domestic", "WORD", .kind = OPTION_WORD, .words = domestics, .fallback = "own", .excludes = "triple-ratio",
     .help = "pair effect of domestic trade: an own one for each country, one for all, or drop domestic trade"},
    {"exporter", "COLUMN", .kind = OPTION_TEXT, .fallback = "found by name", .help = "column of the exporter"},
    {"importer", "COLUMN", .kind = OPTION_TEXT, .fallback = "found by name", .help = "column of the importer"},
    {"year", "COLUMN", .kind = OPTION_TEXT, .fallback = "found by name", .help = "column of the year"},
    {"threads", "N", .kind = OPTION_COUNT, .least = 1, .most = 1024, .fallback = "all cores",
     .help = "number of threads"},
    {0},
};

static const option_row of_errors[] = {
    {"cluster", "LIST", .kind = OPTION_TEXT, .words = clusters, .fallback = "none, robust", .excludes = "triple-ratio",
     .help = "variables by which standard errors are clustered, separated by commas"},
    {"errors", "FACTORS", .kind = OPTION_WORD, .words = errors, .fallback = "stata",
     .help = "small-sample correction of standard errors, or errors that are correlated by distance"},
    {"test", "HYPOTHESES", .kind = OPTION_TEXT, .many = true, .excludes = "triple-ratio",
     .help = "test hypotheses about coefficients, jointly if there are several, such as \"rta = 0.5\" or \"rta = 0, "
             "lag(rta, 4) = rta\""},
    {"bootstrap", "KIND", .kind = OPTION_WORD, .words = bootstraps, .fallback = "none", .excludes = "triple-ratio",
     .help = "simulate the distribution of --test, or of each coefficient being zero: by signs of residuals (least "
             "squares) or of scores (PPML), by drawing clusters, or by permuting the variable"},
    {"replications", "N", .kind = OPTION_COUNT, .least = 1, .most = 100000000, .fallback = "999", .needs = "bootstrap",
     .help = "number of draws"},
    {"multiplier", "WEIGHTS", .kind = OPTION_WORD, .words = multipliers, .fallback = "rademacher", .needs = "bootstrap",
     .help = "distribution of the signs or weights of --bootstrap wild and score"},
    {"equal-tails", NULL, .kind = OPTION_FLAG, .needs = "bootstrap",
     .help = "p and intervals of the bootstrap with equal tails, rather than symmetric ones"},
    {"seed", "N", .kind = OPTION_COUNT, .least = 1, .most = 1e15, .fallback = "1", .needs = "bootstrap",
     .help = "seed of the draws"},
    {"iv", "ESTIMATOR", .kind = OPTION_WORD, .words = instruments, .fallback = "control", .excludes = "triple-ratio",
     .help = "estimator of PPML with instruments: residuals of first stages as variables, or GMM with additive or "
             "multiplicative errors"},
    {"two-step", NULL, .kind = OPTION_FLAG, .needs = "iv", .help = "GMM with optimal weights of a first step"},
    {"bias-correct", NULL, .kind = OPTION_FLAG, .excludes = "triple-ratio",
     .help = "correct the incidental-parameter bias of two- or three-way effects (Weidner & Zylkin 2021)"},
    {"cutoff", "KM", .kind = OPTION_NUMBER, .least = 0, .above = true, .example = "1000", .needs = "coordinates",
     .help = "with --errors conley, kilometres within which errors are correlated"},
    {"coordinates", "LIST", .kind = OPTION_TEXT, .excludes = "triple-ratio", .needs = "cutoff",
     .help = "with --errors conley, columns of latitude and longitude in degrees, such as \"lat, lon\""},
    {"function", "FUNCTION", .kind = OPTION_TEXT, .many = true, .excludes = "triple-ratio",
     .help = "function of coefficients, with its error by the delta method, such as \"rta + lag(rta, 4)\" or \"100 * "
             "(exp(rta) - 1)\""},
    {0},
};

static const option_row of_cohorts[] = {
    {"etwfe", "TREATMENT", .kind = OPTION_TEXT, .excludes = "triple-ratio without elasticities",
     .help = "effects that differ by cohort and year of treatment (Wooldridge 2023): a variable of 0 and 1, such as "
             "both(EU), or the year of entry"},
    {"controls", "ROWS", .kind = OPTION_WORD, .words = controls, .fallback = "not-yet", .needs = "etwfe",
     .help = "rows with which the treated are compared: those not yet treated, or those never treated"},
    {"covariates", "VARIABLES", .kind = OPTION_TEXT, .needs = "etwfe",
     .help = "variables by which the effects differ, too, such as \"log(dist)\""},
    {0},
};

static const option_row of_elasticities[] = {
    {"elasticities", NULL, .kind = OPTION_FLAG, .excludes = "triple-ratio",
     .help = "trade elasticities; the first variable of the formula is the logarithm of 1 + tariff"},
    {"triple-ratio", NULL, .kind = OPTION_FLAG,
     .help = "trade elasticities from the ratios of Caliendo & Parro (2015), without a formula"},
    {"tariff", "COLUMN", .kind = OPTION_TEXT, .fallback = "found by name", .needs = "triple-ratio",
     .help = "column of the tariff"},
    {"with-tariff", NULL, .kind = OPTION_FLAG, .needs = "elasticities triple-ratio",
     .help = "trade values include the tariff"},
    {"world", "WORLD", .kind = OPTION_FILE,
     .help = "world of the groups in member(), both() and one(), into which --store writes"},
    {"store", "NAME", .kind = OPTION_TEXT, .needs = "world",
     .help = "keep the estimate, or the elasticities, in the world"},
    {"replay", "NAME", .kind = OPTION_TEXT, .needs = "world", .excludes = "formula triple-ratio store",
     .help = "show the estimate of this name that the world keeps, without FLOWS"},
    {0},
};

static const option_row of_equilibrium[] = {
    {"without", "VARIABLE", .kind = OPTION_TEXT, .excludes = "elasticities triple-ratio store latex",
     .help = "general equilibrium of structural gravity without this variable of the formula"},
    {"among", "LIST", .kind = OPTION_TEXT, .fallback = "all", .needs = "without",
     .help = "countries between which it is removed, separated by commas"},
    {"base", "YEAR", .kind = OPTION_COUNT, .least = 1, .most = 9999, .example = "2010",
     .fallback = "that of the flows, if there is one", .needs = "without", .help = "year of output and expenditure"},
    {"sigma", "SIGMA", .kind = OPTION_NUMBER, .least = 1, .above = true, .fallback = "7", .needs = "without",
     .help = "elasticity of substitution"},
    {"costs", "VARIABLES", .kind = OPTION_TEXT, .needs = "without",
     .help = "variables that predict the trade costs of pairs that never trade"},
    {"reference", "COUNTRY", .kind = OPTION_TEXT, .fallback = "the first", .needs = "without",
     .help = "country whose price level is the unit"},
    {0},
};

static const option_row of_output[] = {
    {"table", "TABLE", .kind = OPTION_WORD, .words = tables, .fallback = "coefficients, cohorts with --etwfe",
     .excludes = "triple-ratio",
     .help = "coefficients, statistics of each regression, regressions in columns, average effects by cohort, or tests "
             "of hypotheses"},
    {"latex", NULL, .kind = OPTION_FLAG, .excludes = "triple-ratio format table",
     .help = "write the table of all regressions, side by side, for LaTeX"},
    {"stars", "LIST", .kind = OPTION_TEXT, .fallback = "10,5,1", .excludes = "triple-ratio",
     .help = "in the table side by side, percent below which p has one star, two, and so on, or none"},
    {"statistics", "LIST", .kind = OPTION_TEXT, .fallback = "all", .excludes = "triple-ratio",
     .help = "in the same table, rows below the coefficients, such as \"observations, pseudo R2\""},
    {"note", "TEXT", .kind = OPTION_TEXT, .many = true, .excludes = "triple-ratio",
     .help = "also write this note below the table"},
    {"plot", "FILE", .kind = OPTION_FILE, .words = dr_sheet_endings, .excludes = "triple-ratio",
     .help = "draw event(...), lags and leads, or a variable by year, and else all coefficients, with intervals: "
             "FILE.svg, .png or .pdf"},
    {"fixed-effects", "FILE", .kind = OPTION_FILE, .words = endings, .excludes = "triple-ratio",
     .help = "write the fixed effects to FILE.csv, .json or .parquet"},
    {"predictions", "FILE", .kind = OPTION_FILE, .words = endings, .excludes = "triple-ratio",
     .help = "write fitted values and their standard errors, for every row, to FILE.csv, .json or .parquet"},
    {0},
};

static const option_group options[] = {{"Estimation", .rows = of_estimate},
                                       {"Standard errors", .rows = of_errors},
                                       {"Effects by cohort", .rows = of_cohorts},
                                       {"Elasticities and stored estimates", .rows = of_elasticities},
                                       {"Structural gravity", .rows = of_equilibrium},
                                       {"Output", .rows = of_output},
                                       {.rows = cli_output_rows},
                                       {0}};

const cli_command cli_gravity = {
    .name = "gravity",
    .summary = "effects of agreements, memberships and tariffs on trade",
    .description =
        "Estimates gravity equations on FLOWS, which are CSV (plain or gzip) or Parquet files, or one world, by "
        "Poisson pseudo-maximum likelihood, or by least squares of log(trade), with any number of absorbed fixed "
        "effects. docs/gravity.md describes the language of formulas.",
    .example = "derisk gravity sample.world --formula \"trade ~ international | exporter + importer\"",
    .arguments = arguments,
    .options = options,
    .needs_one = "formula triple-ratio replay",
    .run = run_gravity,
};
