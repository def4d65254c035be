#include <math.h>
#include <string.h>

#include "base/csv.h"
#include "cli/commands.h"
#include "cli/emit.h"
#include "cli/model_rows.h"
#include "report/plot.h"
#include "report/sheet.h"

enum { POINTS = 25 }; /* of a frontier */

static const char *const tables[] = {"sectors", "regions", "flows", NULL};
static const char *const shares[] = {"imports", "use", "look-through", NULL};

/* A rate of an option, where it is given. */
static dr_status read_rate(const cli_line *line, const char *option, double *out)
{
    const char *text = cli_option_value(line, option);
    if (!text || dr_parse_rate(text, out) == DR_OK)
        return DR_OK;
    return cli_misuse(line, "--%s '%s': a percentage such as 40%% was expected", option, text);
}

/* "5%/year", "5%" or 0.05. */
static dr_status read_risk(const cli_line *line, double *out)
{
    const char *text = cli_option_value(line, "risk");
    char rate[32] = "";
    if (!text)
        return DR_OK;
    size_t length = strlen(text), unit = strlen("/year");
    if (length > unit && strcmp(text + length - unit, "/year") == 0)
        length -= unit;
    if (length < sizeof rate)
        snprintf(rate, sizeof rate, "%.*s", (int)length, text);
    if (dr_parse_rate(rate, out) != DR_OK || *out == 0)
        return cli_misuse(line, "--risk '%s': a probability above 0, such as 5%%/year, was expected", text);
    return DR_OK;
}

/* A number of 0 or more. */
static dr_status read_number(const cli_line *line, const char *option, const char *such_as, double *out)
{
    const char *text = cli_option_value(line, option);
    if (!text || (dr_parse_number(text, out) && *out >= 0))
        return DR_OK;
    return cli_misuse(line, "--%s '%s': a number %s was expected", option, text, such_as);
}

/* What a cut-off may take, and how likely it is. */
static dr_status read_cut(const cli_line *line, dr_plan_options *out)
{
    double starts = 0;
    DR_TRY(read_rate(line, "max-loss", &out->max_loss));
    if (cli_option_value(line, "max-loss") && out->max_loss == 0)
        return cli_misuse(line, "--max-loss '%s': a percentage above 0 was expected",
                          cli_option_value(line, "max-loss"));
    out->max_loss *= 100;
    DR_TRY(read_risk(line, &out->risk));
    DR_TRY(read_number(line, "stock", "of months, such as 3,", &out->stock));
    DR_TRY(read_rate(line, "stock-cost", &out->stock_cost));
    DR_TRY(read_number(line, "starts", "from 1 to 1000", &starts));
    if (cli_option_value(line, "starts") && !(starts >= 1 && starts <= 1000 && starts == floor(starts)))
        return cli_misuse(line, "--starts '%s': a number from 1 to 1000 was expected",
                          cli_option_value(line, "starts"));
    out->starts = (size_t)starts;
    if (cli_option_value(line, "stock") && out->max_loss == 0 && out->risk == 0)
        return cli_misuse(line, "--stock is for a cut-off: --max-loss or --risk was expected with it");
    if (cli_option_value(line, "stock-cost") && !cli_option_value(line, "stock"))
        return cli_misuse(line, "--stock-cost is the cost of a stock: --stock was expected with it");
    return DR_OK;
}

static bool draws_curve(const cli_line *line)
{
    return cli_option_value(line, "curve") != NULL;
}

static dr_status read_options(const cli_line *line, dr_plan_options *out)
{
    *out = DR_OPTIONS(dr_plan_options, .sectors = cli_option_value(line, "sectors"),
                      .cap_file = cli_option_value(line, "cap-file"), .levers = cli_option_value(line, "levers"),
                      .inside = cli_option_value(line, "inside") != NULL,
                      .share = (dr_share)cli_option_word(line, "share"));
    bool cap = cli_option_value(line, "cap"), budget = cli_option_value(line, "budget"), curve = draws_curve(line);
    DR_TRY(read_cut(line, out));
    int goals = cap + budget + curve + (out->cap_file != NULL);
    if (goals > 1 || (goals == 0 && out->max_loss == 0 && out->risk == 0))
        return cli_misuse(line, "one of --cap, --cap-file, --budget, --curve, --max-loss and --risk was expected");
    if (out->max_loss != 0 && (budget || curve))
        return cli_misuse(line, "--max-loss does not go with --%s", budget ? "budget" : "curve");
    if (curve && cli_option_value(line, "table"))
        return cli_misuse(line, "--curve is a table of its own, without --table");
    if (cli_option_value(line, "plot"))
        DR_TRY(dr_sheet_check(cli_option_value(line, "plot")));
    if (out->cap_file && out->sectors)
        return cli_misuse(line, "--cap-file names its sectors: --sectors does not go with it");
    DR_TRY(read_rate(line, "cap", &out->cap));
    DR_TRY(read_rate(line, "budget", &out->budget));
    out->budget *= 100;
    DR_TRY(read_rate(line, "most-support", &out->most_support));
    const char *tariff = cli_option_value(line, "most-tariff");
    size_t length = tariff ? strlen(tariff) : 0;
    char number[32] = "";
    if (!tariff)
        return DR_OK;
    snprintf(number, sizeof number, "%.*s", (int)(length > 0 && length < 31 ? length - 1 : 0), tariff);
    if (length < 2 || tariff[length - 1] != '%' || !dr_parse_number(number, &out->most_tariff) || out->most_tariff <= 0)
        return cli_misuse(line, "--most-tariff '%s': a percentage such as 200%% was expected", tariff);
    out->most_tariff /= 100;
    return DR_OK;
}

static dr_status make_table(dr_table **out, const cli_line *line, const dr_plan *plan)
{
    switch (cli_option_word(line, "table")) {
    case 1:
        return dr_solution_regions(out, dr_plan_solution(plan));
    case 2:
        return dr_solution_flows(out, dr_plan_solution(plan));
    default:
        return dr_plan_sectors(out, plan);
    }
}

/* ---- Pictures --------------------------------------------------------------------------------------------------------- */

/* The frontier: cost over the share, from left to right. */
static dr_status pair_up(dr_table **out, const dr_table *curve)
{
    const dr_column_spec columns[] = {{"share", DR_SHOW_NUMBER}, {"cost", DR_SHOW_PERCENT}};
    size_t share = (size_t)dr_table_find(curve, "share"), cost = (size_t)dr_table_find(curve, "cost");
    dr_table *pair = NULL;
    DR_TRY(dr_table_new(&pair, columns, 2));
    dr_table_caption(pair, curve);
    for (size_t i = curve->rows; i-- > 0;) {
        size_t row = dr_table_add_row(pair);
        dr_table_set_number(pair, row, 0, 100 * dr_table_number(curve, i, share));
        dr_table_set_number(pair, row, 1, dr_table_number(curve, i, cost));
    }
    return dr_table_finish(out, pair, DR_OK);
}

static dr_status plot_curve(const cli_line *line, const dr_table *curve)
{
    char what[256];
    dr_table *pair = NULL;
    DR_TRY(pair_up(&pair, curve));
    snprintf(what, sizeof what, "cost in real income by what share of %s is left (percent, across)",
             cli_option_value(line, "from"));
    const dr_plot plot = {.table = pair,
                          .kind = DR_PLOT_LINES,
                          .what = what,
                          .rows = pair->rows,
                          .series = 1,
                          .columns = {1},
                          .labels = {"cost"}};
    dr_status status = dr_plot_write(&plot, cli_option_value(line, "plot"));
    dr_table_free(pair);
    return status;
}

enum { LOSS, COST, ITS_COST };

static void add_point(dr_table *out, double loss, double cost, double its_cost)
{
    size_t row = dr_table_add_row(out);
    dr_table_set_number(out, row, LOSS, loss);
    dr_table_set_number(out, row, COST, cost);
    dr_table_set_number(out, row, ITS_COST, its_cost);
}

/* The frontier, which runs from the largest loss down, from left to right; and the plan where it belongs, with what the line that is
 * drawn has there. */
static void place(dr_table *out, const dr_table *curve, double its_loss, double its_cost)
{
    size_t loss = (size_t)dr_table_find(curve, "loss"), cost = (size_t)dr_table_find(curve, "cost");
    double left = -INFINITY, left_cost = NAN;
    for (size_t i = curve->rows; i-- > 0;) {
        double right = dr_table_number(curve, i, loss), right_cost = dr_table_number(curve, i, cost);
        if (left < its_loss && its_loss <= right)
            add_point(out, its_loss, left_cost + (right_cost - left_cost) * (its_loss - left) / (right - left),
                      its_cost);
        add_point(out, right, right_cost, NAN);
        left = right;
        left_cost = right_cost;
    }
    if (!(left >= its_loss))
        add_point(out, its_loss, NAN, its_cost);
}

/* What plans with one cap for all sectors cost by what a cut-off then takes, with the plan that was chosen. */
static dr_status plot_cut(const cli_line *line, const dr_table *curve, const dr_plan *plan)
{
    const dr_column_spec columns[] = {[LOSS] = {"loss", DR_SHOW_NUMBER},
                                      [COST] = {"cost", DR_SHOW_PERCENT},
                                      [ITS_COST] = {"its_cost", DR_SHOW_PERCENT}};
    char what[256];
    dr_table *table = NULL, *points = NULL;
    DR_TRY(dr_plan_sectors(&table, plan));
    dr_status status = dr_table_new(&points, columns, sizeof columns / sizeof *columns);
    if (status == DR_OK) {
        dr_table_caption(points, table);
        place(points, curve, dr_table_fact(table, "plan.loss"), dr_table_fact(table, "plan.cost"));
        snprintf(what, sizeof what, "cost by loss if %s cuts supply (across)", cli_option_value(line, "from"));
        const dr_plot plot = {.table = points,
                              .kind = DR_PLOT_LINES,
                              .what = what,
                              .rows = points->rows,
                              .series = 2,
                              .columns = {COST, ITS_COST},
                              .labels = {"one cap for all sectors", "this plan"}};
        status = dr_table_done(points);
        if (status == DR_OK)
            status = dr_plot_write(&plot, cli_option_value(line, "plot"));
    }
    dr_table_free(points);
    dr_table_free(table);
    return status;
}

/* The plan: shares before and after, the largest first. */
static dr_status plot_plan(const cli_line *line, const dr_plan *plan)
{
    char what[256];
    dr_table *table = NULL;
    DR_TRY(dr_plan_sectors(&table, plan));
    snprintf(what, sizeof what, "share of %s", cli_option_value(line, "from"));
    const dr_plot plot = {.table = table,
                          .kind = DR_PLOT_BARS,
                          .what = what,
                          .rows = table->rows,
                          .ranked = true,
                          .series = 2,
                          .columns = {(size_t)dr_table_find(table, "share"), (size_t)dr_table_find(table, "new_share")},
                          .labels = {"now", "under the plan"}};
    dr_status status = dr_plot_write(&plot, cli_option_value(line, "plot"));
    dr_table_free(table);
    return status;
}

/* ---- The run ----------------------------------------------------------------------------------------------------------- */

/* What is made on the way. */
typedef struct steps {
    dr_economy *economy;
    dr_model *model;
    dr_plan *plan;
    dr_table *table, *curve;
} steps;

/* A picture of what was asked: the frontier; the plan along it where a cut-off is what there is to limit; else shares. */
static dr_status draw(steps *s, const cli_line *line, const dr_plan_options *options)
{
    if (draws_curve(line))
        return plot_curve(line, s->table);
    if (options->cap > 0 || options->cap_file || options->budget > 0)
        return plot_plan(line, s->plan);
    DR_TRY(
        dr_plan_curve(&s->curve, s->model, cli_argument(line, 1), cli_option_value(line, "from"), options, POINTS / 2));
    return plot_cut(line, s->curve, s->plan);
}

static dr_status plan(steps *s, const cli_line *line, dr_plan_options *options)
{
    dr_model_options model = cli_model_options(line, NULL);
    cli_bar bar;
    DR_TRY(cli_load_economy(&s->economy, line, NULL));
    DR_TRY(dr_model_new(&s->model, s->economy, &model));
    cli_bar_start(&bar, line);
    options->progress = cli_bar_step;
    options->user = &bar;
    const char *of = cli_argument(line, 1), *from = cli_option_value(line, "from");
    dr_status status = draws_curve(line) ? dr_plan_curve(&s->table, s->model, of, from, options, POINTS)
                                         : dr_plan_new(&s->plan, s->model, of, from, options);
    cli_bar_end(&bar);
    if (status == DR_OK && !draws_curve(line))
        status = make_table(&s->table, line, s->plan);
    if (status == DR_OK && cli_option_value(line, "plot"))
        status = draw(s, line, options);
    return status == DR_OK ? cli_emit(line, s->table) : status;
}

static dr_status run_plan(const cli_line *line)
{
    steps s = {0};
    dr_plan_options options;
    if (!cli_option_value(line, "from"))
        return cli_misuse(line, "--from, on whom to depend less, was expected");
    DR_TRY(read_options(line, &options));
    dr_status status = plan(&s, line, &options);
    dr_table_free(s.table);
    dr_table_free(s.curve);
    dr_plan_free(s.plan);
    dr_model_free(s.model);
    dr_economy_free(s.economy);
    return status;
}

static const cli_option arguments[] = {{"WORLD", .takes = CLI_FILE}, {"OF", .takes = CLI_TEXT}, {0}};

static const cli_option options[] = {
    {"from", "FROM", .takes = CLI_TEXT, .help = "the region or group on whom OF is to depend less"},
    {"cap", "SHARE", .takes = CLI_TEXT, .help = "the largest share of FROM in each sector, such as 40%"},
    {"cap-file", "FILE", .takes = CLI_FILE, .help = "CSV with the columns sector, cap, in place of --cap"},
    {"budget", "SHARE", .takes = CLI_TEXT,
     .help = "not caps: the lowest share over all sectors that costs this part of real income"},
    {"curve", NULL, .takes = CLI_NOTHING, .help = "the frontier of dependence against cost, in 25 plans"},
    {"sectors", "SECTORS", .takes = CLI_TEXT, .help = "sectors that are planned for; without it, goods"},
    {"share", "OF_WHAT", .takes = CLI_WORD,
     .help = "imports (the default), use or look-through: what shares are taken of", .words = shares},
    {"max-loss", "SHARE", .takes = CLI_TEXT,
     .help = "the largest part of real income lost in a year if FROM cuts supply, such as 1%"},
    {"risk", "RISK", .takes = CLI_TEXT,
     .help = "of a cut-off, such as 5%/year: alone, the best plan for it; else, whether it pays"},
    {"stock", "MONTHS", .takes = CLI_TEXT, .help = "months of use of what comes from FROM in stock, up to 12"},
    {"stock-cost", "RATE", .takes = CLI_TEXT, .help = "carrying it for a year, of its value; without it, 10%"},
    {"starts", "N", .takes = CLI_TEXT, .help = "settings from which the search begins; without it, 2"},
    {"levers", "LEVERS", .takes = CLI_TEXT, .help = "tariff (the default), others, home (support), commas between"},
    {"inside", NULL, .takes = CLI_NOTHING, .help = "OF and FROM may be members of one group, such as DEU and the EU"},
    {"most-tariff", "RATE", .takes = CLI_TEXT, .help = "the largest tariff; without it, 1000%"},
    {"most-support", "RATE", .takes = CLI_TEXT, .help = "the largest support, of the price; without it, 50%"},
    {"table", "TABLE", .takes = CLI_WORD, .help = "sectors (the default): the plan; regions, flows: what it does",
     .words = tables},
    {"plot", "FILE", .takes = CLI_FILE,
     .help = "draw shares, the frontier, or loss against cost: FILE.svg or FILE.png"},
    {"year", "YEAR", .takes = CLI_TEXT, .help = "year of the world; without it, the last"},
    CLI_OPTIONS_MODEL,
    CLI_OPTION_FORMAT,
    CLI_OPTION_OUTPUT,
    CLI_OPTION_QUIET,
    {0},
};

const cli_command cli_plan = {
    .name = "plan",
    .summary = "the cheapest way to depend less on somebody",
    .description =
        "Finds the tariffs (and, with --levers, support) on what OF, a region or group, buys that bring its\n"
        "dependence on FROM within the caps at the least loss of its real income, with the shadow price of each\n"
        "cap: what its last percentage point costs. Or the cheapest ones after which a cut-off of supply costs no\n"
        "more than --max-loss, or the best ones for its --risk.",
    .example = "derisk plan sample.world EU --from CHN --cap 30%",
    .arguments = arguments,
    .options = options,
    .run = run_plan,
};
