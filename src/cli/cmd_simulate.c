#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "cli/commands.h"
#include "cli/draws_rows.h"
#include "cli/emit.h"
#include "cli/model_rows.h"
#include "result/result_tables.h"

enum { BY, ON, SECTORS, AMOUNT, MOST_PARTS };

/* ---- Changes on the command line ----------------------------------------------------------------------------------- */

static dr_status add_tariff(dr_scenario *scenario, char *parts[MOST_PARTS])
{
    double rate = 0;
    DR_TRY(dr_parse_rate(parts[AMOUNT], &rate));
    return dr_scenario_tariff(scenario, parts[BY], parts[ON], parts[SECTORS], rate, false);
}

static dr_status add_trade_cost(dr_scenario *scenario, char *parts[MOST_PARTS])
{
    double times = 0;
    if (!dr_parse_number(parts[AMOUNT], &times))
        return dr_fail(DR_BAD_INPUT, "'%s' is not a number; 2 doubles the trade cost", parts[AMOUNT]);
    return dr_scenario_trade_cost(scenario, parts[BY], parts[ON], parts[SECTORS], times, true);
}

static dr_status add_ban(dr_scenario *scenario, char *parts[MOST_PARTS])
{
    return dr_scenario_ban(scenario, parts[BY], parts[ON], parts[SECTORS]);
}

static const struct {
    const char *option;
    size_t parts;
    dr_status (*add)(dr_scenario *scenario, char *parts[MOST_PARTS]);
} kinds[] = {
    {"tariff", 4, add_tariff},
    {"trade-cost", 4, add_trade_cost},
    {"ban", 3, add_ban},
};

enum { KINDS = sizeof kinds / sizeof *kinds };

/* The kind of change that an option makes, or KINDS. */
static size_t kind_of(const cli_option *option)
{
    size_t kind = 0;
    while (kind < KINDS && strcmp(kinds[kind].option, option->name) != 0)
        kind++;
    return kind;
}

/* Cuts text at its colons; false unless that gives `count` parts, none of them empty. */
static bool cut(char *text, size_t count, char *parts[MOST_PARTS])
{
    size_t found = 0;
    for (char *at = text; at;) {
        char *part = strsep(&at, ":");
        if (found == count || !*part)
            return false;
        parts[found++] = part;
    }
    return found == count;
}

/* Takes ":inside" off the end of a text; whether it was there. */
static bool take_inside(char *text)
{
    static const char word[] = ":inside";
    size_t size = strlen(text), length = sizeof word - 1;
    bool there = size > length && strcmp(text + size - length, word) == 0;
    if (there)
        text[size - length] = '\0';
    return there;
}

static dr_status add_change(const cli_line *line, dr_scenario *scenario, const cli_value *value)
{
    char *parts[MOST_PARTS] = {0}, where[256];
    size_t kind = kind_of(value->option);
    char *text = strdup(value->text);
    if (!text)
        return dr_fail_memory();
    dr_scenario_inside(scenario, take_inside(text));
    dr_status status =
        cut(text, kinds[kind].parts, parts)
            ? kinds[kind].add(scenario, parts)
            : cli_misuse(line, "--%s '%s': %s was expected", value->option->name, value->text, value->option->value);
    free(text);
    snprintf(where, sizeof where, "--%s %s", value->option->name, value->text);
    return status == DR_OK || status == DR_USAGE ? status : dr_fail_at(status, where);
}

static bool has_changes(const cli_line *line)
{
    for (size_t i = 0; i < line->value_count; i++)
        if (kind_of(line->values[i].option) < KINDS)
            return true;
    return false;
}

/* The scenario of the file, if there is one, with the changes of the command line after it. */
static dr_status read_scenario(dr_scenario **out, const cli_line *line, const dr_economy *economy)
{
    const char *path = cli_argument(line, 1);
    DR_TRY(path ? dr_scenario_load(out, economy, path) : dr_scenario_new(out, economy));
    for (size_t i = 0; i < line->value_count; i++)
        if (kind_of(line->values[i].option) < KINDS)
            DR_TRY(add_change(line, *out, &line->values[i]));
    return DR_OK;
}

/* ---- The run ------------------------------------------------------------------------------------------------------- */

/* What a run makes on its way, freed together. */
typedef struct steps {
    dr_settings *settings; /* NULL: there is no scenario file */
    dr_economy *economy;
    dr_scenario *scenario;
    dr_model *model;
    dr_solution *solution;
    dr_table *table;
} steps;

static void free_steps(steps *s)
{
    dr_table_free(s->table);
    dr_solution_free(s->solution);
    dr_model_free(s->model);
    dr_scenario_free(s->scenario);
    dr_economy_free(s->economy);
    dr_settings_free(s->settings);
}

/* What people read has as many instruments as they care to; machine formats have all. */
enum { MOST_INSTRUMENTS = 15 };

static dr_status make_tie(dr_table **out, const cli_line *line, const dr_solution *solution)
{
    const char *given = cli_option_value(line, "tie");
    char *parts[MOST_PARTS] = {0}, *text = strdup(given);
    if (!text)
        return dr_fail_memory();
    dr_status status = cut(text, 2, parts)
                           ? dr_solution_tie(out, solution, parts[0], parts[1])
                           : cli_misuse(line, "--tie '%s': OF:WITH was expected, such as EU:CHN", given);
    free(text);
    return status == DR_OK || status == DR_USAGE ? status : dr_fail_at(status, "--tie");
}

static dr_status make_table(dr_table **out, const cli_line *line, const dr_solution *solution,
                            const dr_scenario *scenario)
{
    const char *result = cli_option_value(line, "sensitivity");
    if (result)
        return dr_solution_sensitivity(out, solution, scenario, result,
                                       cli_format(line) == DR_FORMAT_TEXT ? MOST_INSTRUMENTS : 0);
    if (cli_option_value(line, "why"))
        return dr_solution_why(out, solution, cli_option_value(line, "why"),
                               cli_format(line) == DR_FORMAT_TEXT ? MOST_INSTRUMENTS : 0);
    if (cli_option_value(line, "tie"))
        return make_tie(out, line, solution);
    return dr_result_tables[cli_option_word(line, "table")].make(out, solution);
}

static dr_status store(const cli_line *line, const dr_solution *solution)
{
    const char *name = cli_option_value(line, "store");
    if (!name)
        return DR_OK;
    DR_TRY(dr_solution_store(solution, cli_argument(line, 0), name));
    cli_remark(line, "stored as '%s' in %s", name, cli_argument(line, 0));
    return DR_OK;
}

static dr_status simulate(steps *s, const cli_line *line)
{
    const char *path = cli_argument(line, 1);
    if (path)
        DR_TRY(dr_settings_load(&s->settings, path));
    dr_model_options options = cli_model_options(line, s->settings);
    DR_TRY(cli_load_economy(&s->economy, line, s->settings));
    DR_TRY(read_scenario(&s->scenario, line, s->economy));
    DR_TRY(dr_model_new(&s->model, s->economy, &options));
    if (cli_option_value(line, "draws")) {
        DR_TRY(cli_draws_table(&s->table, line, s->model, s->scenario));
        return cli_emit(line, s->table);
    }
    DR_TRY(dr_model_solve(&s->solution, s->model, s->scenario));
    DR_TRY(make_table(&s->table, line, s->solution, s->scenario));
    DR_TRY(store(line, s->solution));
    return cli_emit(line, s->table);
}

/* Options that are tables of their own: at most one of them, and neither --table nor --draws. */
static dr_status check_tables(const cli_line *line)
{
    static const char *const own[] = {"sensitivity", "tie", "why"};
    const char *first = NULL;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        if (!cli_option_value(line, own[i]))
            continue;
        if (first)
            return cli_misuse(line, "--%s and --%s are tables of their own: one of them was expected", first, own[i]);
        first = own[i];
    }
    if (first && (cli_option_value(line, "table") || cli_option_value(line, "draws")))
        return cli_misuse(line, "--%s is a table of its own, without --table or --draws", first);
    return DR_OK;
}

static dr_status run_simulate(const cli_line *line)
{
    steps s = {0};
    if (!cli_argument(line, 1) && !has_changes(line) && !cli_option_value(line, "sensitivity"))
        return cli_misuse(line, "a scenario file, or --tariff, --trade-cost or --ban, was expected");
    DR_TRY(check_tables(line));
    DR_TRY(cli_draws_check(line));
    dr_status status = simulate(&s, line);
    free_steps(&s);
    return status;
}

static const cli_option arguments[] = {
    {"WORLD", .takes = CLI_FILE},
    {"SCENARIO.yaml", .takes = CLI_FILE, .optional = true},
    {0},
};

static const char *const results[] = {"welfare:", "share:", "use:", "flow:", NULL};

static const cli_option options[] = {
    {"tariff", "BY:ON:SECTORS:RATE[:inside]", .takes = CLI_TEXT,
     .help = "BY sets its tariff on goods of ON to RATE (25% or 0.25)", .many = true},
    {"trade-cost", "BETWEEN:AND:SECTORS:TIMES[:inside]", .takes = CLI_TEXT,
     .help = "trade in both directions costs TIMES as much", .many = true},
    {"ban", "BY:ON:SECTORS[:inside]", .takes = CLI_TEXT, .help = "BY buys nothing more from ON", .many = true},
    {"table", "TABLE", .takes = CLI_WORD,
     .help = "regions (the default), sectors, flows, decomposition, factors, curbs, ties or draws",
     .words = cli_draw_tables},
    {"sensitivity", "RESULT", .takes = CLI_TEXT,
     .help = "what moves a result most: welfare:OF, share:OF:FROM:SECTORS, use:..., flow:...", .words = results},
    {"why", "REGION", .takes = CLI_TEXT, .help = "which imports and exports drive the change of its real income"},
    {"tie", "OF:WITH", .takes = CLI_TEXT,
     .help = "what OF buys from WITH and sells to it, by sector, before and after"},
    {"year", "YEAR", .takes = CLI_TEXT, .help = "year of the world; without it, the last"},
    CLI_OPTIONS_MODEL,
    CLI_OPTIONS_DRAWS,
    {"store", "NAME", .takes = CLI_TEXT, .help = "keep the run in the world file, for 'derisk results'"},
    CLI_OPTION_FORMAT,
    CLI_OPTION_OUTPUT,
    CLI_OPTION_QUIET,
    {0},
};

const cli_command cli_simulate = {
    .name = "simulate",
    .summary = "what a tariff, a trade cost or a ban does to every economy",
    .description =
        "Solves for the general equilibrium under the changes of the scenario file and those given as options\n"
        "(one or several, in any mix). BY, ON, BETWEEN, AND are regions or groups, SECTORS are codes, slugs or kinds;\n"
        "lists are joined by commas, and all is all. Trade between members of a group that is named is left alone,\n"
        "unless :inside follows. Without --store, the world file is only read.",
    .example = "derisk simulate sample.world --tariff EU:CHN:transport-equipment:25%",
    .arguments = arguments,
    .options = options,
    .run = run_simulate,
};
