#include "base/csv.h"
#include "cli/commands.h"
#include "cli/emit.h"
#include "cli/model.h"

static const char *const tables[] = {"players", "settings", "regions", "flows", NULL};

static dr_status make_table(dr_table **out, const cli_line *line, const dr_game *game)
{
    switch (cli_option_word(line, "table")) {
    case 1:
        return dr_game_settings(out, game);
    case 2:
        return dr_solution_regions(out, dr_game_solution(game));
    case 3:
        return dr_solution_flows(out, dr_game_solution(game));
    default:
        return dr_game_players(out, game);
    }
}

/* What is made on the way. */
typedef struct steps {
    dr_economy *economy;
    dr_model *model;
    dr_game *game;
    dr_table *table;
} steps;

static dr_status play(steps *s, const cli_line *line, dr_game_options *options)
{
    dr_model_options model = cli_model_options(line);
    cli_bar bar;
    DR_TRY(cli_load_economy(&s->economy, line));
    DR_TRY(dr_model_new(&s->model, s->economy, &model));
    DR_TRY(dr_game_load(&s->game, s->model, cli_argument(line, 1)));
    cli_bar_start(&bar, line);
    options->progress = cli_bar_step;
    options->user = &bar;
    dr_status status = dr_game_solve(s->game, options);
    cli_bar_end(&bar);
    if (status == DR_OK)
        status = make_table(&s->table, line, s->game);
    return status == DR_OK ? cli_emit(line, s->table) : status;
}

static dr_status read_starts(const cli_line *line, dr_game_options *out)
{
    const char *text = cli_option_value(line, "starts");
    double starts = 2;
    if (text && (!dr_parse_number(text, &starts) || !(starts >= 1 && starts <= 1000) || starts != (double)(int)starts))
        return cli_misuse(line, "--starts '%s': a whole number from 1 to 1000 was expected", text);
    out->starts = (size_t)starts;
    return DR_OK;
}

static dr_status run_play(const cli_line *line)
{
    steps s = {0};
    dr_game_options options = {0};
    DR_TRY(read_starts(line, &options));
    dr_status status = play(&s, line, &options);
    dr_table_free(s.table);
    dr_game_free(s.game);
    dr_model_free(s.model);
    dr_economy_free(s.economy);
    return status;
}

static const cli_option arguments[] = {{"WORLD", .takes = CLI_FILE}, {"GAME", .takes = CLI_FILE}, {0}};

static const cli_option options[] = {
    {"table", "TABLE", .takes = CLI_WORD,
     .help = "players (the default); settings: their rates; regions, flows: what they do", .words = tables},
    {"starts", "NUMBER", .takes = CLI_TEXT, .help = "settings from which the game is played; without it, 2"},
    {"year", "YEAR", .takes = CLI_TEXT, .help = "year of the world; without it, the last"},
    CLI_OPTIONS_MODEL,
    CLI_OPTION_FORMAT,
    CLI_OPTION_OUTPUT,
    CLI_OPTION_QUIET,
    {0},
};

const cli_command cli_play = {
    .name = "play",
    .summary = "what each side does when the other answers",
    .description =
        "Plays a game of trade policy from a YAML file: players with tariffs and taxes on exports, and what they\n"
        "want. One player's best response, a Nash equilibrium, or a leader and one who follows; with what each\n"
        "could still gain by leaving its settings.",
    .example = "derisk play sample.world game.yaml",
    .arguments = arguments,
    .options = options,
    .run = run_play,
};
