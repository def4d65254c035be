#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "cli/commands.h"
#include "cli/emit.h"
#include "report/plot.h"
#include "report/sheet.h"

static const char *const domestics[] = {"own", "one", "drop", NULL}; /* in the order of dr_domestic */
static const char *const errors[] = {"stata", "r", "none", NULL};    /* in the order of dr_errors */
static const char *const tables[] = {"coefficients", "fits", NULL};
static const char *const clusters[] = {"pair", "exporter,importer", "exporter,importer,year", NULL};

static bool given(const cli_line *line, const char *name)
{
    return cli_option_value(line, name) != NULL;
}

/* The values of an option that may be given again, in order; the caller frees. */
static const char **values_of(const cli_line *line, const char *name, size_t *count)
{
    const char **values = dr_new(line->value_count + 1, sizeof *values);
    *count = 0;
    for (size_t i = 0; values && i < line->value_count; i++)
        if (strcmp(line->values[i].option->name, name) == 0)
            values[(*count)++] = line->values[i].text;
    return values;
}

static dr_status read_threads(const cli_line *line, int *threads)
{
    const char *text = cli_option_value(line, "threads");
    double number = 0;
    if (!text)
        return DR_OK;
    if (!dr_parse_number(text, &number) || !(number >= 1 && number <= 1024) || number != floor(number))
        return cli_misuse(line, "--threads '%s': a whole number from 1 to 1024 was expected", text);
    *threads = (int)number;
    return DR_OK;
}

/* ---- Files beside the result ------------------------------------------------------------------------------------------ */

static dr_status write_beside(const cli_line *line, const char *option, const dr_gravity *gravity,
                              dr_status (*make)(dr_table **, const dr_gravity *))
{
    const char *path = cli_option_value(line, option);
    dr_table *table = NULL;
    if (!path)
        return DR_OK;
    DR_TRY(make(&table, gravity));
    dr_status status = dr_table_write(table, cli_file_format(path), path);
    dr_table_free(table);
    return status;
}

static dr_status draw(const cli_line *line, const dr_gravity *gravity)
{
    dr_table *table = NULL;
    if (!given(line, "plot"))
        return DR_OK;
    DR_TRY(dr_gravity_event_study(&table, gravity));
    dr_plot plot = {.table = table,
                    .kind = DR_PLOT_POINTS,
                    .what = "change of the logarithm of trade",
                    .rows = table->rows,
                    .series = 1,
                    .columns = {1},
                    .low = 2,
                    .high = 3};
    dr_status status = dr_plot_write(&plot, cli_option_value(line, "plot"));
    dr_table_free(table);
    return status;
}

/* ---- Elasticities and what is stored --------------------------------------------------------------------------------- */

static dr_status store_elasticities(const cli_line *line, const dr_table *table)
{
    const char *name = cli_option_value(line, "store"), *world = cli_option_value(line, "world");
    if (!name)
        return DR_OK;
    DR_TRY(dr_elasticities_store(table, world, name));
    cli_remark(line, "stored as '%s' in %s; simulate --elasticity %s takes it", name, world, name);
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
                                       .tariff = cli_option_value(line, "tariff"),
                                       .by = cli_option_value(line, "by"),
                                       .where = cli_option_value(line, "where"),
                                       .exporter = cli_option_value(line, "exporter"),
                                       .importer = cli_option_value(line, "importer"),
                                       .year = cli_option_value(line, "year"),
                                       .with_tariff = given(line, "with-tariff")};
    DR_TRY(dr_triple_ratio(&table, (const char *const *)line->arguments, line->argument_count, &options));
    return emit_elasticities(line, table);
}

static dr_status store(const cli_line *line, const dr_gravity *gravity)
{
    const char *name = cli_option_value(line, "store"), *world = cli_option_value(line, "world");
    if (!name)
        return DR_OK;
    DR_TRY(dr_gravity_store(gravity, world, name));
    cli_remark(line, "stored as '%s' in %s; a scenario's leave and join take it", name, world);
    return DR_OK;
}

/* ---- Structural gravity ----------------------------------------------------------------------------------------------- */

static dr_status emit_equilibrium(const cli_line *line, const dr_gravity *gravity)
{
    dr_equilibrium_options o = {.size = sizeof(dr_equilibrium_options),
                                .without = cli_option_value(line, "without"),
                                .among = cli_option_value(line, "among"),
                                .reference = cli_option_value(line, "reference"),
                                .sigma = 7};
    dr_table *table = NULL;
    const char *base = cli_option_value(line, "base"), *sigma = cli_option_value(line, "sigma");
    double year = 0;
    if (base && (!dr_parse_number(base, &year) || year != (int)year))
        return cli_misuse(line, "--base '%s': a year was expected", base);
    if (sigma && (!dr_parse_number(sigma, &o.sigma) || !(o.sigma > 1)))
        return cli_misuse(line, "--sigma '%s': a number above 1 was expected", sigma);
    o.year = (int)year;
    DR_TRY(dr_gravity_equilibrium(&table, gravity, &o));
    dr_status status = cli_emit(line, table);
    dr_table_free(table);
    return status;
}

/* ---- The command ------------------------------------------------------------------------------------------------------ */

static dr_status emit(const cli_line *line, const dr_gravity *gravity)
{
    dr_table *table = NULL;
    dr_format format = cli_format(line);
    bool for_people = format == DR_FORMAT_TEXT || format == DR_FORMAT_LATEX;
    if (given(line, "table") && cli_option_word(line, "table") == 1)
        DR_TRY(dr_gravity_fits(&table, gravity));
    else if (given(line, "latex") || (for_people && !given(line, "table") && !given(line, "by")))
        DR_TRY(dr_gravity_side_by_side(&table, gravity));
    else
        DR_TRY(dr_gravity_coefficients(&table, gravity));
    dr_status status = cli_emit(line, table);
    dr_table_free(table);
    return status;
}

static dr_status show(const cli_line *line, const dr_gravity *gravity)
{
    DR_TRY(write_beside(line, "fixed-effects", gravity, dr_gravity_effects));
    DR_TRY(write_beside(line, "predictions", gravity, dr_gravity_predictions));
    DR_TRY(draw(line, gravity));
    if (given(line, "without"))
        return emit_equilibrium(line, gravity);
    if (given(line, "elasticities")) {
        dr_table *table = NULL;
        DR_TRY(dr_gravity_elasticities(&table, gravity, given(line, "with-tariff")));
        return emit_elasticities(line, table);
    }
    DR_TRY(store(line, gravity));
    return emit(line, gravity);
}

static dr_status estimate(const cli_line *line, const dr_gravity_options *options)
{
    cli_bar bar;
    dr_gravity *gravity = NULL;
    dr_gravity_options o = *options;
    o.progress = cli_bar_step;
    o.user = &bar;
    cli_bar_start(&bar, line);
    dr_status status = dr_gravity_new(&gravity, (const char *const *)line->arguments, line->argument_count, &o);
    cli_bar_end(&bar);
    if (status == DR_OK)
        status = show(line, gravity);
    dr_gravity_free(gravity);
    return status;
}

/* Options that go with others only, or not at all with them. */
static dr_status check_options(const cli_line *line)
{
    static const char *const not_ratio[] = {"formula", "cluster",       "bias-correct", "sum",
                                            "weights", "elasticities",  "latex",        "plot",
                                            "table",   "fixed-effects", "predictions",  "domestic"};
    bool ratio = given(line, "triple-ratio");
    for (size_t i = 0; ratio && i < sizeof not_ratio / sizeof *not_ratio; i++)
        if (given(line, not_ratio[i]))
            return cli_misuse(line, "--%s does not go with --triple-ratio", not_ratio[i]);
    if (given(line, "store") && !given(line, "world"))
        return cli_misuse(line, "--store keeps the estimate in a world: name it with --world");
    if (given(line, "tariff") && !ratio)
        return cli_misuse(line, "--tariff goes with --triple-ratio");
    if (given(line, "with-tariff") && !ratio && !given(line, "elasticities"))
        return cli_misuse(line, "--with-tariff goes with --elasticities or --triple-ratio");
    static const char *const of_equilibrium[] = {"among", "base", "sigma", "costs", "reference"};
    for (size_t i = 0; i < sizeof of_equilibrium / sizeof *of_equilibrium; i++)
        if (given(line, of_equilibrium[i]) && !given(line, "without"))
            return cli_misuse(line, "--%s goes with --without", of_equilibrium[i]);
    if (given(line, "without") &&
        (ratio || given(line, "elasticities") || given(line, "store") || given(line, "latex")))
        return cli_misuse(line,
                          "--without has a table of its own: it goes with neither of --elasticities, --triple-ratio, "
                          "--store and --latex");
    if (!ratio && !given(line, "formula"))
        return cli_misuse(line,
                          "--formula is missing, such as --formula \"trade ~ rta | exporter^year + importer^year + "
                          "pair\"");
    if (given(line, "latex") && (given(line, "format") || given(line, "table")))
        return cli_misuse(line, "--latex is a format of its own: it goes with neither --format nor --table");
    return given(line, "plot") ? dr_sheet_check(cli_option_value(line, "plot")) : DR_OK;
}

static dr_status run_gravity(const cli_line *line)
{
    dr_gravity_options o = {.size = sizeof(dr_gravity_options),
                            .cluster = cli_option_value(line, "cluster"),
                            .weights = cli_option_value(line, "weights"),
                            .where = cli_option_value(line, "where"),
                            .by = cli_option_value(line, "by"),
                            .exporter = cli_option_value(line, "exporter"),
                            .importer = cli_option_value(line, "importer"),
                            .year = cli_option_value(line, "year"),
                            .world = cli_option_value(line, "world"),
                            .domestic = (dr_domestic)cli_option_word(line, "domestic"),
                            .errors = (dr_errors)cli_option_word(line, "errors"),
                            .bias_correct = given(line, "bias-correct"),
                            .costs = cli_option_value(line, "costs"),
                            .keep_rows =
                                given(line, "fixed-effects") || given(line, "predictions") || given(line, "without")};
    DR_TRY(check_options(line));
    if (given(line, "triple-ratio"))
        return triple_ratio(line);
    DR_TRY(read_threads(line, &o.threads));
    const char **formulas = values_of(line, "formula", &o.formula_count);
    const char **sums = values_of(line, "sum", &o.sum_count);
    o.formulas = formulas;
    o.sums = sums;
    dr_status status = formulas && sums ? estimate(line, &o) : dr_fail_memory();
    free(formulas);
    free(sums);
    return status;
}

static const char *const endings[] = {"csv", "json", "parquet", NULL};
static const cli_option arguments[] = {{"FLOWS", .takes = CLI_FILE, .many = true}, {0}};

static const cli_option options[] = {
    {"formula", "FORMULA", .takes = CLI_TEXT,
     .help = "such as \"trade ~ rta | exporter^year + importer^year + pair\"; several are columns", .many = true},
    {"cluster", "LIST", .takes = CLI_TEXT, .help = "standard errors clustered by these; without it, robust",
     .words = clusters},
    {"errors", "FACTORS", .takes = CLI_WORD, .help = "small-sample factors as in stata (the default) or r, or none",
     .words = errors},
    {"bias-correct", NULL, .takes = CLI_NOTHING, .help = "of three-way effects (Weidner & Zylkin 2021)"},
    {"sum", "SUM", .takes = CLI_TEXT, .help = "also the sum of coefficients, such as \"rta + lag(rta, 4)\"",
     .many = true},
    {"where", "SQL", .takes = CLI_TEXT, .help = "only rows of which this is true, such as \"year >= 1990\""},
    {"weights", "COLUMN", .takes = CLI_TEXT, .help = "weigh each row by this column"},
    {"by", "COLUMN", .takes = CLI_TEXT, .help = "estimate each of its values by itself, such as sector"},
    {"domestic", "WORD", .takes = CLI_WORD,
     .help = "trade of countries with themselves: own pairs (the default), one for all, or drop", .words = domestics},
    {"exporter", "COLUMN", .takes = CLI_TEXT, .help = "the column of the exporter, if it has another name"},
    {"importer", "COLUMN", .takes = CLI_TEXT, .help = "the column of the importer"},
    {"year", "COLUMN", .takes = CLI_TEXT, .help = "the column of the year"},
    {"world", "WORLD", .takes = CLI_FILE,
     .help = "the world whose groups member(), both() and one() mean, and into which --store goes"},
    {"store", "NAME", .takes = CLI_TEXT, .help = "keep the estimate, or the elasticities, in the world of --world"},
    {"elasticities", NULL, .takes = CLI_NOTHING,
     .help = "trade elasticities: the formula's first variable is the logarithm of 1 + tariff"},
    {"triple-ratio", NULL, .takes = CLI_NOTHING,
     .help = "trade elasticities from the ratios of Caliendo & Parro (2015), without a formula"},
    {"tariff", "COLUMN", .takes = CLI_TEXT,
     .help = "with --triple-ratio: the column of the tariff, if it has another name"},
    {"with-tariff", NULL, .takes = CLI_NOTHING, .help = "trade includes the tariff; without it, it does not"},
    {"table", "TABLE", .takes = CLI_WORD, .help = "coefficients, or fits: what is to be said of each regression",
     .words = tables},
    {"latex", NULL, .takes = CLI_NOTHING, .help = "the table side by side, for LaTeX"},
    {"plot", "FILE", .takes = CLI_FILE,
     .help = "draw lags and leads, or a variable by year, with intervals: FILE.svg or FILE.png"},
    {"fixed-effects", "FILE", .takes = CLI_FILE, .help = "write the effects to FILE.csv, .json or .parquet",
     .words = endings},
    {"predictions", "FILE", .takes = CLI_FILE, .help = "write what is fitted to FILE.csv, .json or .parquet",
     .words = endings},
    {"without", "VARIABLE", .takes = CLI_TEXT,
     .help = "general equilibrium of structural gravity without this variable of the formula"},
    {"among", "LIST", .takes = CLI_TEXT, .help = "with --without: between these countries only"},
    {"base", "YEAR", .takes = CLI_TEXT,
     .help = "with --without: the year of the base's output and spending, where flows have several"},
    {"sigma", "SIGMA", .takes = CLI_TEXT, .help = "with --without: elasticity of substitution; without it, 7"},
    {"costs", "VARIABLES", .takes = CLI_TEXT,
     .help = "with --without: costs of pairs that never trade are predicted from these"},
    {"reference", "COUNTRY", .takes = CLI_TEXT, .help = "with --without: its price level is the unit; else the first"},
    {"threads", "N", .takes = CLI_TEXT, .help = "how many; without it, as many as the machine has"},
    CLI_OPTION_FORMAT,
    CLI_OPTION_OUTPUT,
    CLI_OPTION_QUIET,
    {0},
};

const cli_command cli_gravity = {
    .name = "gravity",
    .summary = "what an agreement, a membership or a tariff did to trade",
    .description =
        "Estimates gravity equations on FLOWS, which are CSV (plain or gzip) or Parquet files, or one world: Poisson\n"
        "pseudo-maximum likelihood, or least squares of log(trade), with any number of absorbed effects. Several\n"
        "formulas stand side by side. docs/gravity.md has the language of formulas.",
    .example = "derisk gravity sample.world --formula \"trade ~ international | exporter + importer\"",
    .arguments = arguments,
    .options = options,
    .run = run_gravity,
};
