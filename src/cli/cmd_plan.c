#include <string.h>

#include "cli/commands.h"
#include "cli/drawing.h"
#include "cli/emit.h"
#include "cli/host.h"
#include "cli/keep.h"
#include "cli/model_rows.h"
#include "cli/pictures.h"
#include "cli/plan_plot.h"
#include "options/draw_rows.h"
#include "options/measure_rows.h"
#include "options/plan_rows.h"

enum { POINTS = 25 }; /* of a frontier */

static const char *const tables[] = {"sectors",  "costs",     "regions", "flows", "summary",
                                     "products", "suppliers", "draws",   NULL};

static dr_status make_table(dr_table **out, const char *name, const dr_plan *plan)
{
    if (name && strcmp(name, "costs") == 0)
        return dr_plan_costs(out, plan);
    if (name && strcmp(name, "regions") == 0)
        return dr_solution_regions(out, dr_plan_solution(plan));
    if (name && strcmp(name, "flows") == 0)
        return dr_solution_flows(out, dr_plan_solution(plan));
    if (name && strcmp(name, "summary") == 0)
        return dr_plan_summary(out, plan);
    if (name && strcmp(name, "products") == 0)
        return dr_plan_products(out, plan);
    if (name && strcmp(name, "suppliers") == 0)
        return dr_plan_suppliers(out, plan);
    return dr_plan_sectors(out, plan);
}

/* Uncertainty bands of the table. */
static dr_status make_bands(dr_table **out, const cli_line *line, const dr_plan *plan)
{
    cli_bar bar;
    dr_draw_options options = cli_draws(&bar, line);
    dr_status status = dr_plan_bands(out, plan, tables[cli_word(line, "table")], &options);
    cli_bar_end(&bar);
    return status;
}

/* ---- The run ----------------------------------------------------------------------------------------------------- */

/* The objects of a run, freed together. */
typedef struct steps {
    cli_problem problem;
    dr_settings *settings; /* of the file of changes */
    dr_scenario *changes;  /* that hold with and without the plan; NULL: none */
    dr_plan *plan;
    dr_table *table, *curve;
} steps;

static void free_steps(void *objects)
{
    steps *s = objects;
    dr_table_free(s->table);
    dr_table_free(s->curve);
    dr_plan_free(s->plan);
    dr_scenario_free(s->changes);
    cli_problem_end(&s->problem);
    dr_settings_free(s->settings);
}

/* Draws the frontier; or, where the plan limits only the loss from a cut-off, the plan along the frontier; else the
 * table. */
static dr_status draw(steps *s, const cli_line *line)
{
    const dr_plan_options o = option_plan(&line->values), *options = &o;
    if (cli_given(line, "curve"))
        return cli_plot_frontier(line, s->table);
    if (options->cap > 0 || options->cap_file || options->budget > 0 || options->max_concentration > 0)
        return cli_draw(line, s->table);
    dr_table_free(s->curve);
    s->curve = NULL;
    DR_TRY(
        dr_plan_curve(&s->curve, s->problem.model, cli_argument(line, 1), cli_text(line, "from"), options, POINTS / 2));
    return cli_plot_cut_off(line, s->curve, s->plan);
}

static dr_status write_scenario(const cli_line *line, const dr_plan *plan)
{
    const char *path = cli_text(line, "scenario");
    if (!path)
        return DR_OK;
    DR_TRY(dr_plan_write(plan, path));
    cli_remark(line, "the plan is in %s", path);
    return DR_OK;
}

static dr_status make_more(dr_table **out, const cli_line *line, void *objects, const char *name)
{
    const steps *s = objects;
    return s->plan && strcmp(name, "draws") != 0
               ? make_table(out, name, s->plan)
               : cli_misuse(line, "this result has no table '%s' beside its own", name);
}

static dr_status draw_again(const cli_line *line, void *objects, dr_table *table)
{
    steps *s = objects;
    s->table = table;
    dr_status status = draw(s, line);
    s->table = NULL;
    return status;
}

static const cli_rest rest = {make_more, draw_again, free_steps};

/* The frontier, the path over years, or the plan. */
static dr_status find(steps *s, const cli_line *line, const char *of, const char *from, const dr_plan_options *options)
{
    const dr_model *model = s->problem.model;
    if (cli_given(line, "curve"))
        return dr_plan_curve(&s->table, model, of, from, options, POINTS);
    if (cli_given(line, "years"))
        return dr_plan_years(&s->table, model, of, from, options, (size_t)cli_number(line, "years"),
                             cli_text(line, "cap-path"), cli_number(line, "discount"));
    return dr_plan_new(&s->plan, model, of, from, options);
}

/* The model, and changes that hold with and without the plan: a scenario with its settings and baseline. */
static dr_status take_model(steps *s, const cli_line *line, dr_plan_options *options)
{
    const char *path = cli_text(line, "changes");
    if (path)
        DR_TRY(dr_settings_load(&s->settings, path));
    dr_model_options model = cli_model_options(line, s->settings);
    if (options->products)
        model.products = dr_products_words[0];
    if (cli_given(line, "years") && !model.elasticity)
        model.elasticity = dr_transition_elasticity();
    DR_TRY(cli_problem_economy(&s->problem, line, s->settings, path));
    if (path)
        DR_TRY(dr_scenario_load(&s->changes, s->problem.economy, path));
    options->changes = s->changes;
    return cli_problem_model(&s->problem, line, &model);
}

static dr_status plan(steps *s, const cli_line *line, dr_plan_options *options)
{
    const char *table = cli_given(line, "table") || !options->products ? cli_text(line, "table") : "products";
    cli_bar bar;
    DR_TRY(take_model(s, line, options));
    cli_bar_start(&bar, line);
    options->progress = cli_bar_step;
    options->user = &bar;
    const char *of = cli_argument(line, 1), *from = cli_text(line, "from");
    dr_status status = find(s, line, of, from, options);
    cli_bar_end(&bar);
    if (status == DR_OK && s->plan)
        status =
            cli_given(line, "draws") ? make_bands(&s->table, line, s->plan) : make_table(&s->table, table, s->plan);
    if (status == DR_OK && cli_given(line, "plot"))
        status = draw(s, line);
    if (status == DR_OK)
        status = write_scenario(line, s->plan);
    if (status == DR_OK)
        status = cli_emit(line, s->table);
    if (status == DR_OK)
        cli_leave(line, s, sizeof *s, &s->table, &rest);
    return status;
}

static dr_status run_plan(const cli_line *line)
{
    steps s = {0};
    dr_plan_options options = option_plan(&line->values);
    const char *table = cli_text(line, "table");
    bool each = table && strcmp(table, "draws") == 0;
    if (cli_given(line, "draws") && cli_word(line, "table") > 2 && !each)
        return cli_misuse(
            line,
            "--table %s cannot be combined with --draws, which has the tables sectors, costs, regions and "
            "draws",
            table);
    if (each && !cli_given(line, "draws"))
        return cli_misuse(line, "--table draws needs --draws");
    dr_status status = plan(&s, line, &options);
    free_steps(&s);
    return status;
}

static const option_row arguments[] = {
    CLI_WORLD,
    {"OF", .kind = OPTION_REGION, .required = true, .help = "region or group that diversifies"},
    {0},
};

static const option_row own[] = {
    {"from", "FROM", .kind = OPTION_REGION, .required = true, .help = "region or group to diversify away from"},
    {"cap-file", "FILE", .kind = OPTION_FILE, .excludes = "budget curve sectors",
     .help = "instead of --cap: CSV file with the columns sector and cap or, with --products, product and cap"},
    {"changes", "FILE.yaml", .kind = OPTION_FILE, .excludes = "products max-loss risk",
     .help =
         "scenario whose changes hold with and without the plan, which is measured from the equilibrium under them"},
    {"curve", NULL, .kind = OPTION_FLAG, .excludes = "budget max-loss max-concentration table draws",
     .help = "the frontier of dependence against cost, in 25 plans"},
    {"years", "N", .kind = OPTION_COUNT, .least = 1, .most = 200, .needs = "cap cap-path",
     .excludes = "curve cap-file budget max-loss risk max-concentration products draws table plot scenario horizon "
                 "rigid-wages",
     .help = "a plan for each of the N years after that of the table, at the trade elasticities of its horizon"},
    {"cap-path", "YEAR:SHARE,...", .kind = OPTION_TEXT, .needs = "years", .excludes = "cap",
     .example = "2012:50%,2015:30%", .help = "caps by year, each until the next"},
    {"discount", "RATE", .kind = OPTION_RATE, .most = 1, .above = true, .fallback = "4%", .needs = "years",
     .help = "rate at which costs of later years are discounted"},
    {"table", "TABLE", .kind = OPTION_WORD, .words = tables, .fallback = "sectors",
     .help =
         "the plan by sector, its costs, its effects by region or flow, or a summary in sentences; with --products "
         "the plan by product (then the default), or the suppliers that replace each other; with --draws the costs of "
         "every draw (draws)"},
    {"products", "PRODUCTS", .kind = OPTION_TEXT, .example = "strategic",
     .help =
         "the cap is on each supplier, one region of FROM, of each of these products: HS codes, the lists strategic, "
         "critical or chpl, or a CSV file; or nest or average: the model, as in simulate, with caps by sector"},
    {"scenario", "FILE.yaml", .kind = OPTION_FILE, .excludes = "curve",
     .help = "also write the tariffs and subsidies of the plan as a scenario, for derisk simulate"},
    {0},
};
static const option_group options[] = {{"Objective", .rows = option_plan_aims},
                                       {"Options", .rows = own},
                                       {.rows = option_plan_rows},
                                       {.rows = option_year_rows},
                                       {.rows = cli_plot_rows},
                                       {"Monte Carlo", .rows = option_draw_rows},
                                       {"Model", .rows = cli_model_rows},
                                       {"Output", .rows = cli_output_rows},
                                       {0}};

const cli_command cli_plan = {
    .name = "plan",
    .summary = "least-cost diversification away from a supplier",
    .description =
        "Finds the tariffs (and, with --levers, support) on purchases of OF, a region or group, that bring its "
        "dependence on FROM within the caps at the least cost, with the shadow price of each cap: the cost of its last "
        "percentage point. The cost is the real income that all regions lose together or, with --objective own, that "
        "of "
        "OF alone. Or the least-cost plan after which a cut-off of supply costs no more "
        "than --max-loss, or the plan with the highest expected real income for the --risk of one.",
    .example = "derisk plan sample.world EU --from CHN --cap 30%",
    .arguments = arguments,
    .options = options,
    .needs_one = "cap cap-file cap-path max-concentration budget curve max-loss risk",
    .run = run_plan,
};
