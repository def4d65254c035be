#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/drawing.h"
#include "cli/emit.h"
#include "cli/host.h"
#include "cli/keep.h"
#include "cli/model_rows.h"
#include "cli/pictures.h"
#include "options/draw_rows.h"
#include "options/game_rows.h"
#include "options/measure_rows.h"

static const char *const tables[] = {"outcome", "settings", "summary", "map", "regions", "flows", "draws", NULL};
enum { OUTCOME, SETTINGS, SUMMARY, MAP, REGIONS, FLOWS, DRAWS, MAP_POINTS = 25 };

static dr_status make_table(dr_table **out, const cli_line *line, const char *name, dr_game *game,
                            const dr_game_options *options)
{
    size_t table = OUTCOME;
    while (name && strcmp(tables[table], name) != 0)
        table++;
    const dr_solution *solution = dr_game_solution(game);
    switch (table) {
    case SETTINGS:
        return dr_game_settings(out, game);
    case SUMMARY:
        return dr_game_summary(out, game);
    case MAP:
        return dr_game_map(out, game, MAP_POINTS, options);
    case REGIONS:
    case FLOWS:
        if (!solution)
            return cli_misuse(
                line, "--table %s: not available for coercion, coalition and delay games, which solve many scenarios",
                name);
        return (table == REGIONS ? dr_solution_regions : dr_solution_flows)(out, solution);
    case DRAWS:
        return cli_misuse(line, "this result has no table 'draws' beside its own");
    default:
        return dr_game_outcome(out, game);
    }
}

/* Uncertainty bands of the outcome, or of the regions. */
static dr_status make_bands(dr_table **out, const cli_line *line, const dr_game *game)
{
    cli_bar bar;
    dr_draw_options options = cli_draws(&bar, line);
    dr_status status = dr_game_bands(out, game, tables[cli_word(line, "table")], &options);
    cli_bar_end(&bar);
    return status;
}

/* The objects of a run, freed together. */
typedef struct steps {
    dr_settings *settings;
    cli_problem problem;
    dr_game *game;
    dr_table *table;
} steps;

static void free_steps(void *objects)
{
    steps *s = objects;
    dr_table_free(s->table);
    dr_game_free(s->game);
    cli_problem_end(&s->problem);
    dr_settings_free(s->settings);
}

static dr_status make_more(dr_table **out, const cli_line *line, void *objects, const char *name)
{
    return make_table(out, line, name, ((steps *)objects)->game, NULL);
}

static const cli_rest rest = {make_more, NULL, free_steps};

static dr_status write_scenario(const cli_line *line, const dr_game *game)
{
    const char *path = cli_text(line, "scenario");
    if (!path)
        return DR_OK;
    DR_TRY(dr_game_write(game, path));
    cli_remark(line, "the policies of the outcome are in %s", path);
    return DR_OK;
}

static dr_status play(steps *s, const cli_line *line, dr_game_options *options)
{
    cli_bar bar;
    DR_TRY(dr_settings_load(&s->settings, cli_argument(line, 1)));
    dr_model_options model = cli_model_options(line, s->settings);
    DR_TRY(cli_problem_economy(&s->problem, line, s->settings, cli_argument(line, 1)));
    DR_TRY(cli_problem_model(&s->problem, line, &model));
    DR_TRY(dr_game_load(&s->game, s->problem.model, cli_argument(line, 1)));
    cli_bar_start(&bar, line);
    options->progress = cli_bar_step;
    options->user = &bar;
    dr_status status = dr_game_solve(s->game, options);
    if (status == DR_OK && !cli_given(line, "draws"))
        status = make_table(&s->table, line, cli_text(line, "table"), s->game, options);
    cli_bar_end(&bar);
    if (status == DR_OK && cli_given(line, "draws"))
        status = make_bands(&s->table, line, s->game);
    if (status == DR_OK)
        status = cli_draw(line, s->table);
    if (status == DR_OK)
        status = write_scenario(line, s->game);
    if (status == DR_OK)
        status = cli_emit(line, s->table);
    if (status == DR_OK)
        cli_leave(line, s, sizeof *s, &s->table, &rest);
    return status;
}

static dr_status run_play(const cli_line *line)
{
    steps s = {0};
    dr_game_options options = option_game(&line->values);
    size_t table = cli_word(line, "table");
    if (cli_given(line, "draws") && table != OUTCOME && table != REGIONS && table != DRAWS)
        return cli_misuse(line,
                          "--table %s cannot be combined with --draws, which has the tables outcome, regions and draws",
                          cli_text(line, "table"));
    if (table == DRAWS && !cli_given(line, "draws"))
        return cli_misuse(line, "--table draws needs --draws");
    dr_status status = play(&s, line, &options);
    free_steps(&s);
    return status;
}

static const option_row arguments[] = {
    CLI_WORLD,
    {"GAME.yaml", .kind = OPTION_FILE, .required = true, .help = "file that describes the game"},
    {0},
};

static const option_row own[] = {
    {"table", "TABLE", .kind = OPTION_WORD, .words = tables, .fallback = "outcome",
     .help = "payoffs, rates (settings), a summary in sentences, best-response functions (map), regions or flows; "
             "with --draws the outcome of every draw (draws)"},
    {"scenario", "FILE.yaml", .kind = OPTION_FILE,
     .help = "also write the policies of all players as a scenario, for derisk simulate"},
    {0},
};
static const option_group options[] = {{"Options", .rows = own},
                                       {.rows = option_game_rows},
                                       {.rows = option_year_rows},
                                       {.rows = cli_plot_rows},
                                       {"Monte Carlo", .rows = option_draw_rows},
                                       {"Model", .rows = cli_model_rows},
                                       {.rows = cli_nest_rows},
                                       {"Output", .rows = cli_pick_rows},
                                       {.rows = cli_output_rows},
                                       {0}};

const cli_command cli_play = {
    .name = "play",
    .summary = "trade-policy games: best responses, equilibria, coercion, coalitions",
    .description =
        "Solves a game of trade policy from a YAML file: players with tariffs, taxes on exports and export curbs, "
        "and their aims. Computes the best response of one player, a Nash equilibrium, or a Stackelberg equilibrium "
        "with a leader and a follower, with what each player could still gain by deviating; coercion by withholding "
        "sets of goods; the value of partners in a coalition; and delays of diversification. docs/play.md describes "
        "the file.",
    .example = "derisk play sample.world eu-china.yaml",
    .arguments = arguments,
    .options = options,
    .run = run_play,
};
