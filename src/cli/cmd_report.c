#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/embedded.h"
#include "base/yaml.h"
#include "cli/brief_parts.h"
#include "cli/commands.h"
#include "cli/drawing.h"
#include "cli/emit.h"
#include "cli/host.h"
#include "cli/keep.h"
#include "cli/model_rows.h"
#include "options/draw_rows.h"
#include "options/game_rows.h"
#include "options/measure_rows.h"
#include "options/plan_rows.h"
#include "world/describe.h"

/* The objects of a run, freed together. */
typedef struct steps {
    dr_world *world;
    dr_settings *settings; /* NULL: there is no file */
    cli_problem problem;
    dr_scenario *scenario;
    dr_solution *solution;
    dr_game *game;
    dr_plan *plan;
    dr_table *tables[8]; /* made on the way */
    size_t table_count;
    dr_brief *brief;
    char title[256]; /* of the brief */
    const cli_line *line;
} steps;

/* A place for the next table. */
static dr_table **next_table(steps *s)
{
    return &s->tables[s->table_count++];
}

static void free_steps(steps *s)
{
    for (size_t i = 0; i < s->table_count; i++)
        dr_table_free(s->tables[i]);
    dr_plan_free(s->plan);
    dr_game_free(s->game);
    dr_solution_free(s->solution);
    dr_scenario_free(s->scenario);
    cli_problem_end(&s->problem);
    dr_settings_free(s->settings);
    cli_world_close(s->line, s->world);
}

/* ---- Tables of a solution ---------------------------------------------------------------------------------------- */

static const cli_brief_table winners = {.heading = "Winners and losers",
                                        .caption = "Change of real income and what is behind it; groups last",
                                        .rank = "equivalent_variation",
                                        .most = 10,
                                        .columns = {{"region", "region"},
                                                    {"welfare", "real income"},
                                                    {"equivalent_variation", "a year"},
                                                    {"real_wage", "real wage"},
                                                    {"consumer_price", "consumer price"},
                                                    {"exports", "exports"},
                                                    {"imports", "imports"}}};

static const cli_brief_table bands = {.heading = "Bands",
                                      .caption = "Change of real income: at the estimates, and quantiles of the draws",
                                      .rank = "welfare",
                                      .most = 10,
                                      .columns = {{"region", "region"},
                                                  {"welfare", "at the estimates"},
                                                  {"welfare_p5", "5%"},
                                                  {"welfare_median", "median"},
                                                  {"welfare_p95", "95%"}}};

static const cli_brief_table sectors = {.heading = "Sectors most hit",
                                        .caption = "Output and its price",
                                        .rank = "output_value_new",
                                        .rank_less = "output_value",
                                        .most = 10,
                                        .columns = {{"region", "region"},
                                                    {"sector", "sector"},
                                                    {"output_value", "before"},
                                                    {"output_value_new", "after"},
                                                    {"output", "volume"},
                                                    {"price", "price"}}};

static const cli_brief_table touched = {
    .heading = "What the policy touches",
    .caption = "Imports under the policy, without tariffs",
    .most = 5,
    .only = "imports",
    .columns = {
        {"name", "imports"}, {"base", "before"}, {"new", "after"}, {"change", "difference"}, {"percent", "change"}}};

static const cli_brief_table flows = {.heading = "Flows that change most",
                                      .caption = "Trade between regions, without tariffs",
                                      .rank = "new",
                                      .rank_less = "base",
                                      .most = 10,
                                      .foreign = true,
                                      .columns = {{"exporter", "from"},
                                                  {"importer", "to"},
                                                  {"sector", "sector"},
                                                  {"base", "before"},
                                                  {"new", "after"},
                                                  {"change", "change"}}};

/* The equilibrium of a plan or game has no title of its own: its pictures take that of the brief. */
static void entitle(const steps *s, dr_table *table)
{
    if (!*dr_table_fact_text(table, "scenario"))
        dr_table_set_title(table, "%s", s->title);
}

/* The map, the largest changes, and the tables of what a solution does to whom; with bands of draws (NULL: none), whose
 * picture is that of the changes. */
static dr_status add_solution(steps *s, dr_table *regions, const dr_solution *solution, dr_table *drawn)
{
    entitle(s, regions);
    DR_TRY(cli_brief_map(s->brief, regions, s->world));
    DR_TRY(cli_brief_add(s->brief, regions, &winners));
    if (drawn) {
        entitle(s, drawn);
        DR_TRY(cli_brief_add(s->brief, drawn, &bands));
    }
    DR_TRY(cli_brief_picture(s->brief, drawn ? drawn : regions, s->world));
    dr_table **table = next_table(s);
    DR_TRY(dr_solution_sectors(table, solution));
    DR_TRY(cli_brief_add(s->brief, *table, &sectors));
    table = next_table(s);
    DR_TRY(dr_solution_flows(table, solution));
    entitle(s, *table);
    DR_TRY(cli_brief_add(s->brief, *table, &flows));
    return cli_brief_picture(s->brief, *table, s->world);
}

/* The bands of the regions, where draws are asked for: *out is their table, or NULL. */
static dr_status draw(dr_table **out, steps *s)
{
    cli_bar bar;
    *out = NULL;
    if (!cli_given(s->line, "draws"))
        return DR_OK;
    dr_table **drawn = next_table(s);
    dr_draw_options options = cli_draws(&bar, s->line);
    dr_status status = s->plan   ? dr_plan_bands(drawn, s->plan, "regions", &options)
                       : s->game ? dr_game_bands(drawn, s->game, "regions", &options)
                                 : dr_draw_bands(drawn, s->problem.model, s->scenario, &options);
    cli_bar_end(&bar);
    *out = *drawn;
    return status;
}

/* ---- Beginning and end ------------------------------------------------------------------------------------------- */

/* Begins a brief with its heading, the world and its year, and the question. */
static dr_status begin(steps *s, const dr_table *table, const char *title, const char *question)
{
    char text[512];
    snprintf(s->title, sizeof s->title, "%s", title);
    dr_clean(s->title);
    DR_TRY(dr_brief_open(&s->brief, cli_text(s->line, "output"), title));
    int year = (int)dr_table_fact(table, "year");
    snprintf(text, sizeof text, "On the data of %.200s, %d; values in %.200s", cli_argument(s->line, 0), year,
             dr_table_fact_text(table, "unit"));
    dr_brief_subtitle(s->brief, text);
    dr_brief_heading(s->brief, "Question");
    dr_brief_text(s->brief, "%s", question);
    dr_brief_heading(s->brief, "Answer");
    cli_brief_answer(s->brief, table);
    return DR_OK;
}

/* The text of the scenario or game, as it is in the file; NULL where there is none, or it is long. */
static char *read_file(const cli_line *line)
{
    enum { MOST = 16384 };
    const char *path = cli_argument(line, 1);
    char *text = path ? dr_new(MOST + 1, 1) : NULL;
    FILE *file = text ? fopen(path, "r") : NULL;
    const dr_embedded *example = text && !file ? dr_embedded_example(path) : NULL;
    size_t size = file ? fread(text, 1, MOST, file) : 0;
    if (example && example->size < MOST)
        memcpy(text, example->bytes, size = example->size);
    if (file)
        fclose(file);
    if (size > 0 && size < MOST && strlen(text) == size)
        return text;
    free(text);
    return NULL;
}

/* What all briefs end with; the method is that of the draws (NULL: none), too. */
static dr_status end(steps *s, const dr_table *table, const dr_table *drawn)
{
    char *file = read_file(s->line);
    dr_status status = cli_brief_method(s->brief, drawn ? drawn : table);
    if (status == DR_OK)
        status = cli_brief_sources(s->brief, table, s->world);
    if (status == DR_OK) {
        cli_brief_settings(s->brief, table);
        status = cli_brief_command(s->brief, s->line, file);
    }
    free(file);
    return status;
}

/* ---- Scenarios --------------------------------------------------------------------------------------------------- */

/* The answer: sentences, what drives the result, how sure it is, and what the model leaves out. */
static dr_status answer_scenario(steps *s, const dr_table *regions)
{
    char question[512];
    dr_table **overview = next_table(s), **summary = next_table(s);
    const char *title = dr_table_fact_text(regions, "scenario");
    DR_TRY(dr_solution_overview(overview, s->solution, s->scenario));
    DR_TRY(dr_solution_summary(summary, s->solution, s->scenario));
    snprintf(question, sizeof question, "%.400s: who gains and who loses, how much, and through which trade?", title);
    DR_TRY(begin(s, *overview, *title ? title : "No change", question));
    cli_brief_summary(s->brief, *summary);
    return cli_brief_add(s->brief, *overview, &touched);
}

static dr_status report_scenario(steps *s)
{
    dr_table **regions = next_table(s), *drawn = NULL;
    DR_TRY(dr_scenario_load(&s->scenario, s->problem.economy, cli_argument(s->line, 1)));
    DR_TRY(dr_model_solve(&s->solution, s->problem.model, s->scenario));
    DR_TRY(dr_solution_regions(regions, s->solution));
    DR_TRY(dr_note_scenario(*regions, s->world, s->scenario));
    DR_TRY(draw(&drawn, s));
    DR_TRY(answer_scenario(s, *regions));
    DR_TRY(add_solution(s, *regions, s->solution, drawn));
    return end(s, drawn ? drawn : *regions, drawn);
}

/* ---- Games ------------------------------------------------------------------------------------------------------- */

static const cli_brief_table outcome = {.heading = "Outcome",
                                        .caption = "What the sides gain and lose",
                                        .most = 15,
                                        .columns = {{"player", "player"},
                                                    {"aim", "aim"},
                                                    {"partner", "partner"},
                                                    {"withheld", "withheld"},
                                                    {"year", "year"},
                                                    {"cap", "cap"},
                                                    {"share_without", "share without the response"},
                                                    {"share", "share with it"},
                                                    {"welfare", "real income"},
                                                    {"welfare_value", "a year"},
                                                    {"loss", "loss"},
                                                    {"own_loss", "own loss"},
                                                    {"leverage", "leverage"},
                                                    {"shapley", "gain for the founder"},
                                                    {"shapley_against", "gain for the target"},
                                                    {"cost", "cost"},
                                                    {"cost_value", "cost a year"}}};

static const cli_brief_table rates = {.heading = "Policies",
                                      .caption = "What the players choose, in addition to the base",
                                      .rank = "trade",
                                      .most = 15,
                                      .columns = {{"player", "player"},
                                                  {"instrument", "instrument"},
                                                  {"with", "with"},
                                                  {"sector", "sector"},
                                                  {"trade", "trade"},
                                                  {"rate", "rate"},
                                                  {"bound", "bound"}}};

static dr_status report_game(steps *s)
{
    cli_bar bar;
    dr_game_options options = option_game(&s->line->values);
    DR_TRY(dr_game_load(&s->game, s->problem.model, cli_argument(s->line, 1)));
    options.progress = cli_bar_step;
    options.user = &bar;
    cli_bar_start(&bar, s->line);
    dr_status status = dr_game_solve(s->game, &options);
    cli_bar_end(&bar);
    DR_TRY(status);
    dr_table **table = next_table(s), **summary = next_table(s), **policies = NULL, **regions = NULL, *drawn = NULL;
    const dr_solution *solution = dr_game_solution(s->game);
    DR_TRY(draw(&drawn, s));
    DR_TRY(dr_game_outcome(table, s->game));
    DR_TRY(dr_game_summary(summary, s->game));
    DR_TRY(begin(s, *table, (*table)->title, dr_table_text(*summary, 0, 1)));
    cli_brief_summary(s->brief, *summary);
    DR_TRY(cli_brief_add(s->brief, *table, &outcome));
    DR_TRY(cli_brief_picture(s->brief, *table, s->world));
    if (solution) {
        policies = next_table(s);
        regions = next_table(s);
        DR_TRY(dr_game_settings(policies, s->game));
        DR_TRY(cli_brief_add(s->brief, *policies, &rates));
        DR_TRY(dr_solution_regions(regions, solution));
        DR_TRY(add_solution(s, *regions, solution, drawn));
    }
    return end(s, *table, drawn);
}

/* ---- Plans ------------------------------------------------------------------------------------------------------- */

static const cli_brief_table costs = {
    .heading = "Costs",
    .caption = "What the plan costs a year, and what makes it up",
    .most = 15,
    .columns = {{"item", "item"}, {"value", "a year"}, {"percent", "of real income"}}};

static const cli_brief_table instruments = {.heading = "The plan",
                                            .caption = "By sector, those with the largest imports",
                                            .rank = "imports",
                                            .most = 15,
                                            .columns = {{"sector", "sector"},
                                                        {"imports", "imports"},
                                                        {"share", "share"},
                                                        {"cap", "cap"},
                                                        {"new_share", "under the plan"},
                                                        {"tariff", "tariff"},
                                                        {"support", "support"},
                                                        {"shadow_price", "shadow price"}}};

static dr_status report_plan(steps *s)
{
    cli_bar bar;
    char question[2 * DR_SPOKEN_SIZE + 100], names[2][DR_SPOKEN_SIZE];
    const char *of = cli_text(s->line, "plan"), *from = cli_text(s->line, "from");
    dr_plan_options options = option_plan(&s->line->values);
    if (!from)
        return cli_misuse(s->line, "--plan needs --from");
    options.progress = cli_bar_step;
    options.user = &bar;
    cli_bar_start(&bar, s->line);
    dr_status status = dr_plan_new(&s->plan, s->problem.model, of, from, &options);
    cli_bar_end(&bar);
    DR_TRY(status);
    dr_table **table = next_table(s), **cost = next_table(s), **regions = next_table(s), *drawn = NULL;
    DR_TRY(draw(&drawn, s));
    DR_TRY(dr_plan_sectors(table, s->plan));
    DR_TRY(dr_plan_costs(cost, s->plan));
    DR_TRY(dr_solution_regions(regions, dr_plan_solution(s->plan)));
    snprintf(question, sizeof question, "How does %s depend less on %s at the least cost, and who bears it?",
             dr_spoken(names[0], s->problem.economy, of), dr_spoken(names[1], s->problem.economy, from));
    DR_TRY(begin(s, *table, (*table)->title, question));
    DR_TRY(cli_brief_add(s->brief, *table, &instruments));
    DR_TRY(cli_brief_picture(s->brief, *table, s->world));
    DR_TRY(cli_brief_add(s->brief, *cost, &costs));
    DR_TRY(add_solution(s, *regions, dr_plan_solution(s->plan), drawn));
    return end(s, *table, drawn);
}

/* ---- The command ------------------------------------------------------------------------------------------------- */

/* Whether the file is a game: one has the key `play`. */
static dr_status find_kind(bool *game, const char *path)
{
    dr_yaml yaml;
    DR_TRY(dr_yaml_load(&yaml, path, "a scenario or game"));
    const yaml_node_t *root = yaml_document_get_root_node(&yaml.document);
    *game = false;
    if (root && root->type == YAML_MAPPING_NODE)
        for (yaml_node_pair_t *pair = root->data.mapping.pairs.start; pair < root->data.mapping.pairs.top; pair++) {
            const yaml_node_t *key = dr_yaml_node(&yaml, pair->key);
            *game = *game || (key->type == YAML_SCALAR_NODE && strcmp(dr_yaml_text(key), "play") == 0);
        }
    dr_yaml_free(&yaml);
    return DR_OK;
}

static dr_status report(steps *s)
{
    const char *path = cli_argument(s->line, 1);
    bool game = false;
    if (path) {
        DR_TRY(dr_settings_load(&s->settings, path));
        DR_TRY(find_kind(&game, path));
    }
    dr_model_options options = cli_model_options(s->line, s->settings);
    DR_TRY(cli_world_open(&s->world, s->line, cli_argument(s->line, 0)));
    DR_TRY(cli_problem_economy(&s->problem, s->line, s->settings, path));
    DR_TRY(cli_problem_model(&s->problem, s->line, &options));
    return game ? report_game(s) : path ? report_scenario(s) : report_plan(s);
}

static dr_status run_report(const cli_line *line)
{
    steps s = {.line = line};
    dr_status status = report(&s);
    status = dr_brief_close(s.brief, status);
    free_steps(&s);
    if (status == DR_OK && !cli_given(line, "quiet") && !cli_is_call(line))
        printf("%s: %s\n", cli_text(line, "output"), s.title);
    return status;
}

static const option_row arguments[] = {
    CLI_WORLD,
    {"FILE.yaml", .kind = OPTION_FILE, .help = "a scenario or a game"},
    {0},
};

static const option_row of_plan[] = {
    {"plan", "OF", .kind = OPTION_REGION, .excludes = "FILE.yaml",
     .help = "instead of a file: the plan of this region or group, with the options of derisk plan"},
    {"from", "FROM", .kind = OPTION_REGION, .needs = "plan", .help = "region or group to diversify away from"},
    {0},
};
static const option_row output[] = {
    {"output", "FILE", .kind = OPTION_FILE, .required = true, .words = dr_brief_endings,
     .help = "write the brief to FILE.html, .md or .pdf, completely or not at all; PDF needs Chromium or Chrome"},
    {"quiet", NULL, .kind = OPTION_FLAG, .help = "do not print the name and title of the brief"},
    {0},
};
static const option_group options[] = {{"A plan", .rows = of_plan},
                                       {.rows = option_plan_aims, .needs = "plan"},
                                       {.rows = option_plan_rows, .needs = "plan"},
                                       {"Options", .rows = option_year_rows},
                                       {"Model", .rows = cli_model_rows},
                                       {.rows = cli_nest_rows},
                                       {"Monte Carlo", .rows = option_draw_rows},
                                       {"Output", .rows = output},
                                       {0}};

const cli_command cli_report = {
    .name = "report",
    .summary = "a brief of a scenario, plan or game: question, answer, map, tables, method",
    .description =
        "Writes a document of one to three pages on what 'derisk simulate', 'plan' or 'play' find: the question, the "
        "answer in sentences, a map, pictures, tables of winners and losers, sectors and flows, bands of draws, the "
        "method with the equations that were used, sources and licences, the certificate, and the command that makes "
        "the brief again. It is one file, which refers to no other.",
    .example = "derisk report sample.world eu-tariff.yaml --output brief.html",
    .arguments = arguments,
    .options = options,
    .needs_one = "FILE.yaml plan",
    .run = run_report,
};
