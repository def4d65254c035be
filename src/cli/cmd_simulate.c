#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/change_rows.h"
#include "cli/commands.h"
#include "cli/drawing.h"
#include "cli/emit.h"
#include "cli/host.h"
#include "cli/keep.h"
#include "cli/model_rows.h"
#include "cli/pictures.h"
#include "cli/side_by_side.h"
#include "cli/side_plot.h"
#include "cli/simulate_partial.h"
#include "cli/simulate_years.h"
#include "options/draw_rows.h"
#include "options/measure_rows.h"
#include "options/path_rows.h"
#include "result/part_table.h"
#include "result/result_tables.h"
#include "scenario/carbon.h"
#include "scenario/value_range.h"
#include "world/describe.h"

/* The document at `path`, as it is in a year of a path (0: no path). */
static dr_status load_document(dr_scenario **out, const cli_line *line, const dr_economy *economy, const char *path,
                               int year)
{
    if (year)
        return dr_scenario_load_dated(out, economy, path, year, economy->year + (int)cli_number(line, "years"));
    return dr_scenario_load(out, economy, path);
}

/* The scenario of the file, if there is one, followed by the changes of the command line; in a year of a path (0: no
 * path). */
static dr_status read_scenario(dr_scenario **out, const cli_line *line, const dr_economy *economy, const char *path,
                               cli_swept *sweep, int year)
{
    if (path && sweep->key)
        DR_TRY(dr_scenario_load_swept(out, economy, path, sweep->key, sweep->value));
    else
        DR_TRY(path ? load_document(out, line, economy, path, year) : dr_scenario_new(out, economy));
    DR_TRY(cli_add_changes(*out, line, sweep));
    if (sweep->key && !path && !sweep->taken)
        return cli_misuse(line, "--sweep: no change of the command line has a %s", sweep->key);
    return DR_OK;
}

/* ---- The run ----------------------------------------------------------------------------------------------------- */

/* The objects of a run, freed together. */
typedef struct steps {
    dr_settings *settings; /* NULL: there is no scenario file */
    cli_problem problem;
    dr_scenario *scenario;
    dr_solution *solution;
    cli_years *years; /* NULL: there is no path */
    dr_table *table;
} steps;

static void free_steps(void *objects)
{
    steps *s = objects;
    dr_table_free(s->table);
    dr_solution_free(s->solution);
    cli_years_free(s->years);
    dr_scenario_free(s->scenario);
    cli_problem_end(&s->problem);
    dr_settings_free(s->settings);
}

/* Rows that the text format shows of one flow after another, and of each instrument; with --all. Machine formats have
 * all. */
enum { MOST_FLOWS = 15, FEW_INSTRUMENTS = 2, MOST_INSTRUMENTS = 15 };

static dr_status make_tie(dr_table **out, const cli_line *line, const dr_solution *solution)
{
    const char *given = cli_text(line, "tie");
    char *text = strdup(given);
    if (!text)
        return dr_fail_memory();
    char *with = text, *of = strsep(&with, ":");
    bool whole = *of && with && *with && !strchr(with, ':');
    dr_status status = whole ? dr_solution_tie(out, solution, of, with)
                             : cli_misuse(line, "--tie '%s': expected OF:WITH, such as EU:CHN", given);
    free(text);
    return status == DR_OK || status == DR_USAGE ? status : dr_fail_at(status, "--tie");
}

static bool are_several(const cli_line *line)
{
    return cli_argument(line, 2) || cli_given(line, "sweep");
}

static size_t table_called(const char *name)
{
    size_t table = 0;
    while (strcmp(dr_result_tables[table].name, name) != 0)
        table++;
    return table;
}

/* Whether the answer is for programs, or for those who pick rows or compare. */
static bool are_picked(const cli_line *line)
{
    static const char *const picks[] = {"of", "top"};
    bool picked = are_several(line) || cli_format(line) != DR_FORMAT_TEXT;
    for (size_t k = 0; k < sizeof picks / sizeof *picks; k++)
        picked = picked || cli_given(line, picks[k]);
    return picked;
}

/* People get an overview; others the table of regions. */
static size_t which_table(const cli_line *line)
{
    const char *name = cli_text(line, "table");
    return table_called(name ? name : are_picked(line) ? "regions" : "overview");
}

static dr_status make_table(dr_table **out, const cli_line *line, const dr_solution *solution,
                            const dr_scenario *scenario)
{
    const char *result = cli_text(line, "sensitivity");
    if (result)
        return dr_solution_sensitivity(out, solution, scenario, result,
                                       cli_format(line) != DR_FORMAT_TEXT || cli_given(line, "of") ? 0
                                       : cli_given(line, "all")                                    ? MOST_INSTRUMENTS
                                                                                                   : FEW_INSTRUMENTS);
    if (cli_given(line, "why"))
        return dr_solution_why(out, solution, scenario, cli_text(line, "why"),
                               cli_format(line) == DR_FORMAT_TEXT ? MOST_FLOWS : 0);
    if (cli_given(line, "tie"))
        return make_tie(out, line, solution);
    if (cli_given(line, "households"))
        return dr_solution_households(out, solution, cli_text(line, "households"));
    if (cli_given(line, "places"))
        return dr_solution_places(out, solution, cli_text(line, "places"));
    if (cli_given(line, "social-cost"))
        return dr_solution_emissions(out, solution, cli_number(line, "social-cost"));
    return dr_result_make(out, which_table(line), solution, scenario);
}

static dr_status store(const cli_line *line, const dr_solution *solution, const dr_scenario *scenario)
{
    const char *name = cli_text(line, "store");
    if (!name)
        return DR_OK;
    cli_forget_worlds(line);
    DR_TRY(dr_solution_store(solution, scenario, cli_argument(line, 0), name));
    cli_remark(line, "stored as '%s' in %s", name, cli_argument(line, 0));
    return DR_OK;
}

static dr_status note_customs(dr_table *table, const cli_line *line, const dr_scenario *scenario)
{
    dr_world *world = NULL;
    DR_TRY(cli_world_open(&world, line, cli_argument(line, 0)));
    dr_status status = dr_note_scenario(table, world, scenario);
    cli_world_close(line, world);
    return status;
}

/* Pictures of the table, and a map of the regions; the overview, of changes of different things, is drawn as the table
 * of regions. */
static dr_status draw(const steps *s, const cli_line *line)
{
    dr_table *regions = NULL;
    if (s->years)
        return cli_years_draw(line, s->years);
    if (!s->solution) {
        DR_TRY(cli_draw(line, s->table));
        return cli_draw_changes(line, s->table);
    }
    if (!cli_given(line, "plot") && !cli_given(line, "map"))
        return DR_OK;
    DR_TRY(dr_solution_regions(&regions, s->solution));
    bool overview = dr_table_find(s->table, "name") >= 0;
    dr_status status = cli_draw(line, overview ? regions : s->table);
    if (status == DR_OK)
        status = cli_draw_changes(line, regions);
    dr_table_free(regions);
    return status;
}

/* The model and the scenario of the file at `path` (NULL: none) and the changes of the command line. */
static dr_status set_up(steps *s, const cli_line *line, const char *path, cli_swept *sweep)
{
    if (path)
        DR_TRY(dr_settings_load(&s->settings, path));
    dr_model_options options = cli_model_options(line, s->settings);
    DR_TRY(cli_problem_economy(&s->problem, line, s->settings, path));
    DR_TRY(read_scenario(&s->scenario, line, s->problem.economy, path, sweep, 0));
    if (!options.products && dr_scenario_products(s->scenario))
        options.products = "nest";
    return cli_problem_model(&s->problem, line, &options);
}

/* What holds in each year of a path, and the path. */
static dr_status simulate_years(steps *s, const cli_line *line, const char *path)
{
    if (path)
        DR_TRY(dr_settings_load(&s->settings, path));
    dr_model_options options = cli_model_options(line, s->settings);
    DR_TRY(cli_problem_economy(&s->problem, line, s->settings, path));
    if (!options.elasticity)
        options.elasticity = dr_transition_elasticity();
    DR_TRY(cli_years_new(&s->years, line));
    for (int year = 1; year <= (int)cli_number(line, "years"); year++) {
        dr_scenario **place = cli_years_place(s->years, (size_t)year - 1);
        DR_TRY(read_scenario(place, line, s->problem.economy, path, &(cli_swept){0}, s->problem.economy->year + year));
    }
    DR_TRY(cli_problem_model(&s->problem, line, &options));
    DR_TRY(cli_years_solve(s->years, line, s->problem.model));
    return cli_years_table(&s->table, s->years, cli_text(line, "table"), are_picked(line));
}

/* Their table. */
static dr_status simulate(steps *s, const cli_line *line, const char *path, cli_swept *sweep)
{
    if (cli_given(line, "years"))
        return simulate_years(s, line, path);
    DR_TRY(set_up(s, line, path, sweep));
    if (cli_given(line, "draws")) {
        DR_TRY(cli_make_draws(&s->table, line, s->problem.model, s->scenario));
    } else {
        DR_TRY(dr_model_solve(&s->solution, s->problem.model, s->scenario));
        DR_TRY(make_table(&s->table, line, s->solution, s->scenario));
    }
    return note_customs(s->table, line, s->scenario);
}

static dr_status make_more(dr_table **out, const cli_line *line, void *objects, const char *name)
{
    const steps *s = objects;
    dr_table *table = NULL;
    if (s->years && cli_years_named(name))
        return cli_years_table(out, s->years, name, true);
    if (!s->solution || strcmp(name, "draws") == 0 || cli_years_named(name))
        return cli_misuse(line, "this result has no table '%s' beside its own", name);
    DR_TRY(dr_result_make(&table, table_called(name), s->solution, s->scenario));
    return dr_table_finish(out, table, note_customs(table, line, s->scenario));
}

static dr_status draw_again(const cli_line *line, void *objects, dr_table *table)
{
    steps s = *(const steps *)objects;
    s.table = table;
    return draw(&s, line);
}

static const cli_rest rest = {make_more, draw_again, free_steps};

static dr_status simulate_one(steps *s, const cli_line *line)
{
    if (cli_given(line, "part")) {
        DR_TRY(set_up(s, line, cli_argument(line, 1), &(cli_swept){0}));
        return cli_make_part(line, s->problem.model, s->scenario);
    }
    if (cli_writes_draws(line)) {
        DR_TRY(set_up(s, line, cli_argument(line, 1), &(cli_swept){0}));
        return cli_write_draws(line, s->problem.model, s->scenario);
    }
    DR_TRY(simulate(s, line, cli_argument(line, 1), &(cli_swept){0}));
    DR_TRY(draw(s, line));
    if (s->solution)
        DR_TRY(store(line, s->solution, s->scenario));
    DR_TRY(cli_emit(line, s->table));
    cli_leave(line, s, sizeof *s, &s->table, &rest);
    return DR_OK;
}

/* ---- Several scenarios ------------------------------------------------------------------------------------------- */

/* Each scenario file with each value of a sweep, which are numbered from 0, the values of the first file first. */
typedef struct several {
    const cli_line *line;
    size_t files; /* 0: only changes of the command line */
    dr_range range;
} several;

static size_t count_items(const several *v)
{
    return (v->files ? v->files : 1) * (v->range.count ? v->range.count : 1);
}

/* The file of an item, and the value that the sweep has there. */
static const char *item_of(const several *v, size_t item, cli_swept *sweep)
{
    size_t values = v->range.count ? v->range.count : 1;
    *sweep = (cli_swept){.key = v->range.count ? v->range.key : NULL};
    if (sweep->key)
        dr_range_value(sweep->value, &v->range, item % values);
    return cli_argument(v->line, 1 + item / values);
}

/* Adds the table of one of them to that of all. */
static dr_status add_side(dr_table **all, const several *v, size_t item)
{
    steps s = {0};
    cli_swept sweep;
    const char *path = item_of(v, item, &sweep);
    dr_table *swept = NULL;
    bool named = v->files > 1 || !sweep.key;
    dr_status status = simulate(&s, v->line, path, &sweep);
    if (status == DR_OK)
        dr_describe_names(s.table, s.problem.economy);
    if (status == DR_OK && sweep.key)
        status = cli_side_add(named ? &swept : all, sweep.key, sweep.value, s.table);
    if (status == DR_OK && named)
        status = cli_side_add(all, "scenario", path, swept ? swept : s.table);
    dr_table_free(swept);
    free_steps(&s);
    return status;
}

static dr_status add_sides(dr_table **all, const several *v, size_t first, size_t end)
{
    char sides[64] = "";
    const char *sweep = cli_text(v->line, "sweep");
    for (size_t item = first; item < end; item++)
        DR_TRY(add_side(all, v, item));
    if (v->files > 1)
        snprintf(sides, sizeof sides, "%zu scenarios side by side", v->files);
    if (v->range.count)
        dr_table_set_title(*all, "%s of %s%s%s", v->range.key, sweep + strlen(v->range.key) + 1, *sides ? ", " : "",
                           sides);
    else
        dr_table_set_title(*all, "%s", sides);
    return dr_table_done(*all);
}

static dr_status begin_several(several *v, const cli_line *line)
{
    static const char *const single[] = {"store", "map", "years"};
    *v = (several){.line = line, .files = line->argument_count - 1};
    for (size_t k = 0; k < sizeof single / sizeof *single; k++)
        if (cli_given(line, single[k]))
            return cli_misuse(line, "--%s needs a single scenario", single[k]);
    if (cli_given(line, "sweep") && cli_given(line, "plot") && v->files > 1)
        return cli_misuse(line, "--plot of a sweep needs a single scenario file; there are %zu", v->files);
    if (cli_given(line, "sweep") && dr_range_read(&v->range, cli_text(line, "sweep")) != DR_OK)
        return dr_fail_at(DR_USAGE, "simulate: --sweep");
    return DR_OK;
}

/* What is asked: the table, the sweep, and which files they are where there are several, whose names the table has. */
static void write_question(char *out, size_t size, const several *v)
{
    const char *sweep = cli_text(v->line, "sweep");
    size_t length = (size_t)snprintf(out, size, "table %s of", dr_result_tables[which_table(v->line)].name);
    if (sweep && length < size)
        length += (size_t)snprintf(out + length, size - length, " %s", sweep);
    for (size_t k = 1; v->files > 1 && k <= v->files && length < size; k++)
        length += (size_t)snprintf(out + length, size - length, " %s", cli_argument(v->line, k));
}

/* The part of them that --part asks for, unless its file is there. */
static dr_status make_part(const several *v)
{
    size_t part[2];
    const char *path = NULL;
    char question[1024];
    bool there = false;
    steps s = {0};
    cli_swept sweep;
    json_t *run = NULL;
    dr_table *all = NULL;
    DR_TRY(cli_part_read(part, &path, v->line));
    write_question(question, sizeof question, v);
    const dr_part_task task = {DR_PART_SWEEP, question, count_items(v), part[0], part[1]};
    const char *first = item_of(v, 0, &sweep);
    dr_status status = set_up(&s, v->line, first, &sweep);
    if (status == DR_OK)
        status = dr_part_task_begin(&run, &there, path, s.problem.model, s.scenario, &task);
    if (status == DR_OK && !there)
        status = add_sides(&all, v, dr_part_task_first(&task), dr_part_task_end(&task));
    if (status == DR_OK && !there)
        status = dr_part_task_write(path, all, run, &task);
    if (status == DR_OK)
        cli_part_remark(v->line, path, part, there);
    json_decref(run);
    dr_table_free(all);
    free_steps(&s);
    return status == DR_USAGE ? dr_fail_at(status, "simulate: --part") : status;
}

/* One table for all scenario files and all values of a sweep, each with the changes of the command line. */
static dr_status simulate_several(dr_table **all, const cli_line *line)
{
    several v;
    DR_TRY(begin_several(&v, line));
    if (cli_given(line, "part"))
        return make_part(&v);
    DR_TRY(add_sides(all, &v, 0, count_items(&v)));
    DR_TRY(cli_side_plot(line, *all, v.range.count ? v.range.key : NULL));
    return cli_emit(line, *all);
}

/* A part is one of draws, or of several scenarios. */
static dr_status check_part(const cli_line *line)
{
    if (!cli_given(line, "part"))
        return DR_OK;
    if (!cli_given(line, "draws") && !are_several(line))
        return cli_misuse(line, "--part needs --draws, --sweep or several scenarios");
    if (cli_given(line, "draws") && are_several(line))
        return cli_misuse(line, "--part of draws needs a single scenario");
    if (cli_given(line, "draws") && cli_given(line, "table"))
        return cli_misuse(line, "--part of draws cannot be combined with --table: 'derisk combine' makes the bands");
    return DR_OK;
}

/* Draws have the quantiles of the table of regions, every draw, and the summary. */
static dr_status check_table(const cli_line *line)
{
    const char *table = cli_text(line, "table");
    if (table && cli_years_named(table) != cli_given(line, "years"))
        return cli_given(line, "years")
                   ? cli_misuse(line,
                                "--table %s cannot be combined with --years, which has the tables lifetime, years "
                                "and horizons",
                                table)
                   : cli_misuse(line, "--table %s needs --years", table);
    bool drawn = !table || cli_wants_table(line, "regions") || cli_wants_table(line, "draws") ||
                 cli_wants_table(line, "summary");
    if (cli_wants_table(line, "prices"))
        return cli_misuse(line, "--table prices needs --partial");
    if (cli_wants_table(line, "draws") && !cli_given(line, "draws"))
        return cli_misuse(line, "--table draws needs --draws");
    if (drawn || !cli_given(line, "draws"))
        return DR_OK;
    return cli_misuse(
        line, "--table %s cannot be combined with --draws, which has the tables regions, draws and summary", table);
}

static dr_status run_simulate(const cli_line *line)
{
    steps s = {0};
    dr_table *all = NULL;
    if (cli_given(line, "partial"))
        return cli_run_partial(line);
    DR_TRY(check_table(line));
    if (!cli_argument(line, 1) && !cli_has_changes(line) && !cli_given(line, "sensitivity") &&
        !cli_given(line, "growth"))
        return cli_misuse(line, "a scenario file, a change such as --tariff, --growth or --sensitivity is needed");
    DR_TRY(check_part(line));
    dr_status status = are_several(line) ? simulate_several(&all, line) : simulate_one(&s, line);
    dr_table_free(all);
    free_steps(&s);
    return status;
}

static const option_row arguments[] = {
    CLI_WORLD,
    {"SCENARIO.yaml", .kind = OPTION_FILE, .many = true,
     .help = "file of changes and settings; several are compared in one table"},
    {0},
};

static const char *const tables[] = {"regions",  "money",   "sectors",    "flows",    "decomposition", "factors",
                                     "curbs",    "ties",    "protection", "overview", "summary",       "draws",
                                     "products", "partial", "emissions",  "jobs",     "years",         "lifetime",
                                     "horizons", "prices",  NULL};
static const char *const numeraires[] = {"world", "wage", NULL};
static const char *const results[] = {"welfare:", "share:", "use:", "flow:", NULL};
static const option_kind of_tie[] = {OPTION_REGION, OPTION_REGION};

static const option_row own[] = {
    {"table", "TABLE", .kind = OPTION_WORD, .words = tables,
     .fallback = "overview in text, else regions; of years lifetime and years", .help = "table of the solution"},
    {"sensitivity", "RESULT", .kind = OPTION_TEXT, .words = results, .excludes = "table draws why tie",
     .help = "instead of a table: instruments to which a result is most sensitive; RESULT is welfare:OF, "
             "share:OF:FROM:SECTORS, use:OF:FROM:SECTORS or flow:OF:FROM:SECTORS"},
    {"why", "REGION", .kind = OPTION_REGION, .excludes = "table draws tie",
     .help = "instead of a table: imports and exports that drive the change of real income of REGION"},
    {"tie", "OF:WITH", .kind = OPTION_TEXT, .parts = of_tie, .part_count = 2, .excludes = "table draws",
     .help = "instead of a table: bilateral trade of OF with WITH by sector, before and after"},
    {"households", "FILE.csv", .kind = OPTION_FILE, .excludes = "table draws why tie sensitivity",
     .help = "instead of a table: real income and inequality of the groups of households in FILE"},
    {"places", "FILE.csv", .kind = OPTION_FILE, .excludes = "table draws why tie sensitivity households",
     .help = "instead of a table: exposure for each worker of the places in FILE"},
    {"social-cost", "PRICE", .kind = OPTION_NUMBER, .example = "156.2", .needs = "table=emissions",
     .excludes = "draws why tie sensitivity households places",
     .help = "damage of a tonne of emissions, in the currency of the world: adds to the table the welfare that "
             "counts it"},
    {"sweep", "KEY=FROM:TO:STEP", .kind = OPTION_TEXT, .example = "rate=10%:60%:10%",
     .help = "one table for several values of a key of the changes, such as rate, times or cut"},
    {"numeraire", "NUMERAIRE", .kind = OPTION_TEXT, .words = numeraires, .fallback = "world",
     .help = "what values and prices after the scenario are measured in: world income, the wage of each region, or the "
             "consumer price of a region or group"},
    {"store", "NAME", .kind = OPTION_TEXT, .excludes = "draws",
     .help = "keep the run in the world file, for 'derisk results'"},
    {0},
};
static const option_row shared[] = {
    {"part", "K/N", .kind = OPTION_TEXT, .example = "37/1000", .excludes = "store plot map latex of top all",
     .help = "the K-th of N parts alone, of the draws, of a sweep or of several scenarios, to --output FILE.parquet, "
             "for 'derisk combine'; left alone if it is there"},
    {0},
};
static const option_row drawings[] = {
    {"map", "FILE", .kind = OPTION_FILE, .words = dr_sheet_endings,
     .help = "also draw the change of real income of each region on a map of the world: FILE.svg, .png or .pdf"},
    {0},
};
static const option_group options[] = {{"Changes", .rows = cli_change_rows, .repeats = true},
                                       {"Options", .rows = own},
                                       {.rows = cli_plot_rows},
                                       {.rows = drawings},
                                       {.rows = option_year_rows},
                                       {"Years", .rows = option_path_rows},
                                       {.rows = option_growth_rows},
                                       {"Model", .rows = cli_model_rows},
                                       {.rows = cli_nest_rows},
                                       {"Partial equilibrium", .rows = cli_partial_rows},
                                       {"Monte Carlo", .rows = option_draw_rows},
                                       {.rows = shared},
                                       {"Output", .rows = cli_pick_rows},
                                       {.rows = cli_output_rows},
                                       {0}};

const cli_command cli_simulate = {
    .name = "simulate",
    .summary = "general-equilibrium effects of tariffs, bans, quotas, taxes and other policies",
    .description =
        "Solves for the general equilibrium under the changes of the scenario file and those given as options, one "
        "or several. BY, ON, TO, IN, BETWEEN and AND are regions or groups, SECTORS are codes, slugs or kinds; lists "
        "are separated by commas, and all stands for all. Trade between members of a group that is named is left "
        "alone, unless :inside follows. Every change may also be given with all the keys that it has in a file: "
        "--quota '{by: EU, on: CHN, sectors: metals, at: 60%, rent: importer}'. With --partial, the markets of single "
        "products, from product flows alone. Without --store, the world file is only read.",
    .example = "derisk simulate sample.world --tariff EU:CHN:transport-equipment:25%",
    .arguments = arguments,
    .options = options,
    .run = run_simulate,
};
