#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/names.h"
#include "base/print.h"
#include "cli/commands.h"
#include "cli/demo_files.h"
#include "cli/demo_gap.h"
#include "cli/emit.h"
#include "cli/example_files.h"
#include "scenario/scenario.h"
#include "world/economy.h"

enum { TOP_SECTORS = 6, PATH_SIZE = 4096 };

static dr_status load_world(dr_economy **out, const char *path, int year)
{
    dr_world *world = NULL;
    DR_TRY(dr_world_open(&world, path));
    dr_status status = dr_economy_load(out, world, year);
    dr_world_close(world);
    return status;
}

/* ---- The balance, and EU purchases from China ------------------------------------------------------------------- */

/* The two sides: the members of the EU, marked, and China. */
typedef struct sides {
    const dr_economy *economy;
    const unsigned char *eu;
    size_t china;
} sides;

static bool find_sides(sides *out, const dr_economy *economy)
{
    int eu = dr_names_find(&economy->groups, "EU"), china = dr_names_find(&economy->region_codes, "CHN");
    if (eu < 0 || china < 0)
        return false;
    *out = (sides){economy, economy->member + (size_t)eu * economy->regions, (size_t)china};
    return true;
}

/* EU purchases of a good from China and from all outside the EU, and its sales to China. */
typedef struct trade {
    double from_china, from_abroad, to_china;
} trade;

static trade trade_in(const sides *c, size_t s)
{
    const dr_economy *e = c->economy;
    trade t = {0};
    for (size_t n = 0; n < e->regions; n++)
        for (size_t i = 0; i < e->regions; i++) {
            double value = e->flow[(n * e->regions + i) * e->sectors + s];
            t.from_abroad += c->eu[n] && !c->eu[i] ? value : 0;
            t.from_china += c->eu[n] && i == c->china ? value : 0;
            t.to_china += n == c->china && c->eu[i] ? value : 0;
        }
    return t;
}

typedef struct purchase {
    const char *name;
    trade trade;
} purchase;

static int larger_first(const void *a, const void *b)
{
    double x = ((const purchase *)a)->trade.from_china, y = ((const purchase *)b)->trade.from_china;
    return (x < y) - (x > y);
}

static void add_to(trade *sum, const trade *t)
{
    sum->from_china += t->from_china;
    sum->from_abroad += t->from_abroad;
    sum->to_china += t->to_china;
}

static void add_purchase(dr_table *table, const char *name, const trade *t, const trade *all)
{
    size_t row = dr_table_add_row(table);
    dr_table_set_text(table, row, 0, name);
    dr_table_set_number(table, row, 1, t->from_china / 1e3);
    dr_table_set_number(table, row, 2, t->from_china / all->from_china);
    dr_table_set_number(table, row, 3, t->from_china / t->from_abroad);
}

static dr_status print_purchases(const purchase *purchases, size_t count, const trade *all)
{
    static const dr_column_spec columns[] = {{"sector", DR_SHOW_TEXT},
                                             {"from_China", DR_SHOW_VALUE},
                                             {"share_of_total", DR_SHOW_SHARE},
                                             {"China's_share", DR_SHOW_SHARE}};
    dr_table *table = NULL;
    trade others = {0};
    DR_TRY(dr_table_new(&table, columns, 4));
    dr_table_set_title(table, "EU purchases from China");
    dr_table_set_unit(
        table, "billion US dollars, current prices; China's share is its share in all purchases from outside the EU");
    for (size_t i = 0; i < count; i++) {
        if (i < TOP_SECTORS)
            add_purchase(table, purchases[i].name, &purchases[i].trade, all);
        else
            add_to(&others, &purchases[i].trade);
    }
    add_purchase(table, "All other sectors", &others, all);
    add_purchase(table, "All", all, all);
    dr_status status = dr_table_done(table);
    if (status == DR_OK)
        status = dr_table_write(table, DR_FORMAT_TEXT, NULL);
    dr_table_free(table);
    return status;
}

static dr_status print_trade(const sides *c)
{
    const dr_economy *e = c->economy;
    trade all = {0};
    purchase *purchases = dr_new(e->sectors, sizeof *purchases);
    if (!purchases)
        return dr_fail_memory();
    for (size_t s = 0; s < e->sectors; s++) {
        purchases[s] = (purchase){e->sector_names[s], trade_in(c, s)};
        add_to(&all, &purchases[s].trade);
    }
    qsort(purchases, e->sectors, sizeof *purchases, larger_first);
    dr_print(stdout,
             "\nThe EU and China in the table of %d\n\n"
             "What a policy costs depends on who uses whose inputs. The sample world has them: an aggregation of the\n"
             "World Input-Output Database, whose estimates of trade differ from the OECD's.\n\n"
             "The EU bought goods and services for %.1f billion US dollars from China and sold it %.1f billion:\n"
             "a deficit of %.1f billion.\n\n",
             e->year, all.from_china / 1e3, all.to_china / 1e3, (all.from_china - all.to_china) / 1e3);
    dr_status status = print_purchases(purchases, e->sectors, &all);
    free(purchases);
    return status;
}

/* ---- Effects of three policies -------------------------------------------------------------------------------- */

/* The regions of the table of welfare: code and name. */
static const char *const shown[][2] = {
    {"EU", "European Union"}, {"DEU", "Germany"}, {"ITA", "Italy"}, {"CHN", "China"}, {"USA", "United States"}};
enum { SHOWN = sizeof shown / sizeof *shown };

typedef struct outcome {
    char title[256], settings[256];
    dr_certificate certificate;
    double welfare[SHOWN], first_order[SHOWN];
} outcome;

static void read_welfare(outcome *out, const dr_table *regions)
{
    int exact = dr_table_find(regions, "welfare"), first_order = dr_table_find(regions, "welfare_first_order");
    for (size_t row = 0; row < dr_table_rows(regions); row++)
        for (size_t i = 0; i < SHOWN; i++)
            if (strcmp(dr_table_text(regions, row, 0), shown[i][0]) == 0) {
                out->welfare[i] = dr_table_number(regions, row, (size_t)exact);
                out->first_order[i] = dr_table_number(regions, row, (size_t)first_order);
            }
}

static void read_settings(outcome *out, const dr_table *regions)
{
    snprintf(out->settings, sizeof out->settings, "model: %.60s; trade elasticity: %.60s; trade imbalances: %.60s",
             dr_table_fact_text(regions, "settings.model"), dr_table_fact_text(regions, "settings.elasticity"),
             dr_table_fact_text(regions, "settings.closure"));
}

static dr_status solve_scenario(outcome *out, const dr_model *model, const dr_scenario *scenario)
{
    dr_solution *solution = NULL;
    dr_table *regions = NULL;
    snprintf(out->title, sizeof out->title, "%s", scenario->title);
    DR_TRY(dr_model_solve(&solution, model, scenario));
    dr_solution_certificate(solution, &out->certificate);
    dr_status status = dr_solution_regions(&regions, solution);
    if (status == DR_OK) {
        read_welfare(out, regions);
        read_settings(out, regions);
    }
    dr_table_free(regions);
    dr_solution_free(solution);
    return status;
}

static dr_status solve_all(outcome outcomes[CLI_DEMO_SCENARIOS], const dr_economy *economy, const cli_demo_files *u)
{
    dr_model *model = NULL;
    DR_TRY(dr_model_new(&model, economy, NULL));
    dr_status status = DR_OK;
    for (size_t i = 0; i < CLI_DEMO_SCENARIOS && status == DR_OK; i++) {
        dr_scenario *scenario = NULL;
        status = dr_scenario_load(&scenario, economy, u->paths[CLI_DEMO_SCENARIO + i]);
        if (status == DR_OK)
            status = solve_scenario(&outcomes[i], model, scenario);
        dr_scenario_free(scenario);
    }
    dr_model_free(model);
    return status;
}

static dr_status print_outcomes(const outcome outcomes[CLI_DEMO_SCENARIOS])
{
    static const dr_column_spec columns[] = {{"region", DR_SHOW_TEXT},
                                             {"welfare_(a)", DR_SHOW_PERCENT},
                                             {"first_order_(a)", DR_SHOW_PERCENT},
                                             {"welfare_(b)", DR_SHOW_PERCENT},
                                             {"first_order_(b)", DR_SHOW_PERCENT},
                                             {"welfare_(c)", DR_SHOW_PERCENT},
                                             {"first_order_(c)", DR_SHOW_PERCENT}};
    dr_table *table = NULL;
    DR_TRY(dr_table_new(&table, columns, 1 + 2 * CLI_DEMO_SCENARIOS));
    dr_table_set_title(table, "Welfare effects of three policies");
    dr_table_set_unit(table, "change of real income: exact, and first-order");
    dr_table_add_note(table, "%s", outcomes[0].settings);
    dr_table_add_note(table, "the first-order effect is terms of trade and volume of trade, without the resources used "
                             "up by higher trade costs");
    for (size_t i = 0; i < SHOWN; i++) {
        size_t row = dr_table_add_row(table);
        dr_table_set_text(table, row, 0, shown[i][1]);
        for (size_t j = 0; j < CLI_DEMO_SCENARIOS; j++) {
            dr_table_set_number(table, row, 1 + 2 * j, outcomes[j].welfare[i]);
            dr_table_set_number(table, row, 2 + 2 * j, outcomes[j].first_order[i]);
        }
    }
    dr_status status = dr_table_done(table);
    if (status == DR_OK)
        status = dr_table_write(table, DR_FORMAT_TEXT, NULL);
    dr_table_free(table);
    return status;
}

static dr_status print_policies(const dr_economy *economy, const cli_demo_files *u)
{
    outcome outcomes[CLI_DEMO_SCENARIOS] = {0};
    DR_TRY(solve_all(outcomes, economy, u));
    fputc('\n', stdout);
    DR_TRY(print_outcomes(outcomes));
    fputc('\n', stdout);
    for (size_t i = 0; i < CLI_DEMO_SCENARIOS; i++)
        dr_print(stdout, "(%c) %s\n    solved in %.1f ms, %d sweeps, worst residual %.1e\n", "abc"[i],
                 outcomes[i].title, 1e3 * outcomes[i].certificate.solve_seconds, outcomes[i].certificate.sweeps,
                 outcomes[i].certificate.worst_residual);
    return DR_OK;
}

/* ---- The same policies in a later year ------------------------------------------------------------------------ */

static dr_status write_estimate(const outcome outcomes[CLI_DEMO_SCENARIOS], const dr_economy *economy)
{
    static const dr_column_spec columns[] = {{"region", DR_SHOW_TEXT},
                                             {"welfare_(a)", DR_SHOW_PERCENT},
                                             {"welfare_(b)", DR_SHOW_PERCENT},
                                             {"welfare_(c)", DR_SHOW_PERCENT}};
    dr_table *table = NULL;
    DR_TRY(dr_table_new(&table, columns, 1 + CLI_DEMO_SCENARIOS));
    dr_table_set_title(table, "The same policies in an estimate for %d", economy->year);
    dr_table_set_unit(table, "change of real income");
    for (size_t i = 0; i < SHOWN; i++) {
        size_t row = dr_table_add_row(table);
        dr_table_set_text(table, row, 0, shown[i][1]);
        for (size_t j = 0; j < CLI_DEMO_SCENARIOS; j++)
            dr_table_set_number(table, row, 1 + j, outcomes[j].welfare[i]);
    }
    dr_table_add_note(table, "%s", economy->source);
    dr_status status = dr_table_done(table);
    if (status == DR_OK)
        status = dr_table_write(table, DR_FORMAT_TEXT, NULL);
    dr_table_free(table);
    return status;
}

static dr_status print_estimate(const cli_demo_files *u)
{
    outcome outcomes[CLI_DEMO_SCENARIOS] = {0};
    dr_economy *economy = NULL;
    DR_TRY(load_world(&economy, u->paths[CLI_DEMO_ESTIMATE], 0));
    dr_status status = solve_all(outcomes, economy, u);
    fputc('\n', stdout);
    if (status == DR_OK)
        status = write_estimate(outcomes, economy);
    dr_economy_free(economy);
    return status;
}

/* ---- The command ------------------------------------------------------------------------------------------------- */

static dr_status print_sample(const dr_economy *economy, const cli_demo_files *u, const char *flows)
{
    sides c;
    char world[PATH_SIZE], flows_world[PATH_SIZE];
    if (!find_sides(&c, economy))
        return dr_fail(DR_BAD_INPUT, "%s: not the sample world: the EU or China is missing", economy->world);
    snprintf(world, sizeof world, "%s", economy->world);
    snprintf(flows_world, sizeof flows_world, "%s", flows);
    dr_clean(world);
    dr_clean(flows_world);
    DR_TRY(print_trade(&c));
    DR_TRY(print_policies(economy, u));
    dr_print(stdout, "\nSource: %s\n", economy->source);
    DR_TRY(print_estimate(u));
    printf("\nNext:\n  derisk balance %s EU@2022 China --by year\n  derisk info %s\n"
           "  derisk simulate %s --tariff EU:CHN:electrical-optical:25%%\n"
           "  derisk simulate %s --ban EU:RUS:mining,refined-petroleum --table sectors\n",
           flows_world, world, world, world);
    return DR_OK;
}

static dr_status print_story(const cli_demo_files *u, const char *world, const char *flows, const char *pictures)
{
    dr_economy *economy = NULL;
    DR_TRY(cli_demo_gap(flows, pictures));
    dr_status status = load_world(&economy, world, CLI_DEMO_YEAR);
    if (status == DR_OK)
        status = print_sample(economy, u, flows);
    dr_economy_free(economy);
    return status;
}

static const char flows_name[] = "trade.world";

/* The trade flows lie beside the sample, unless the user says where. */
static dr_status place_flows(char path[PATH_SIZE], const cli_line *line, const char *sample)
{
    const char *given = cli_text(line, "trade"), *slash = strrchr(sample, '/');
    int folder = slash ? (int)(slash + 1 - sample) : 0;
    int length = given ? snprintf(path, PATH_SIZE, "%s", given)
                       : snprintf(path, PATH_SIZE, "%.*s%s", folder, sample, flows_name);
    return length < PATH_SIZE ? DR_OK : dr_fail(DR_BAD_INPUT, "%s: the name is too long", given ? given : sample);
}

static dr_status run_demo(const cli_line *line)
{
    cli_demo_files u = {0};
    char flows[PATH_SIZE];
    const char *to = cli_text(line, "to"), *examples = cli_text(line, "files");
    if (!to)
        to = "sample.world";
    DR_TRY(place_flows(flows, line, to));
    dr_status status = examples ? cli_write_example_files(examples) : DR_OK;
    if (status == DR_OK)
        status = cli_demo_unpack(&u);
    if (status == DR_OK)
        status = cli_demo_make_sample(&u, to);
    if (status == DR_OK)
        status = cli_demo_make_flows(&u, flows);
    if (status == DR_OK)
        status = cli_demo_make_estimate(&u, to, flows);
    if (status == DR_OK)
        status = print_story(&u, to, flows, examples);
    cli_demo_remove(&u);
    return status;
}

static const option_row arguments[] = {{0}};
static const option_row own[] = {
    {"to", "WORLD", .kind = OPTION_FILE, .fallback = "sample.world",
     .help = "world file to write; if it exists, its year 2011 is replaced"},
    {"trade", "WORLD", .kind = OPTION_FILE, .fallback = "trade.world beside the sample",
     .help = "world file to write the trade flows to; if it exists, its years are replaced"},
    {"files", "FOLDER", .kind = OPTION_FILE,
     .help = "also write the example files and a picture there; existing example files are kept"},
    {0},
};
static const option_group options[] = {{"Options", .rows = own}, {0}};

const cli_command cli_demo = {
    .name = "demo",
    .summary = "make the built-in worlds and show EU-China trade and three policies",
    .description =
        "Writes two worlds: trade flows from 2011 to 2022 between 31 economies in 17 sectors, and the sample world, an "
        "input-output table of the world economy of 2011 in 22 regions and 17 sectors. Prints the trade balance of the "
        "EU and China year by year; the purchases of the EU from China in 2011; and the welfare effects of a tariff, "
        "of "
        "China's retaliation and of doubled trade costs, each computed on the spot.",
    .example = "derisk demo",
    .arguments = arguments,
    .options = options,
    .run = run_demo,
};
