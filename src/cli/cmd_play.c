#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/emit.h"
#include "cli/model_rows.h"
#include "options/game_rows.h"
#include "options/measure_rows.h"
#include "report/plot.h"

static const char *const tables[] = {"outcome", "settings", "summary", "map", "regions", "flows", NULL};
enum { OUTCOME, SETTINGS, SUMMARY, MAP, REGIONS, FLOWS, MAP_POINTS = 25, MOST_BARS = 20 };

static dr_status make_table(dr_table **out, const cli_line *line, dr_game *game, const dr_game_options *options)
{
    size_t table = cli_word(line, "table");
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
                cli_text(line, "table"));
        return (table == REGIONS ? dr_solution_regions : dr_solution_flows)(out, solution);
    default:
        return dr_game_outcome(out, game);
    }
}

/* The picture of a table: the first of these whose columns it has; series without a column are left out. */
enum { SERIES = 4 };
static const struct {
    const char *what, *key, *more, *columns[SERIES], *labels[SERIES];
    dr_plot_kind kind;
} pictures[] = {
    {"real income",
     "partner",
     NULL,
     {"shapley", "shapley_against"},
     {"for the founder", "for the target"},
     DR_PLOT_BARS},
    {"loss of real income",
     "withheld",
     NULL,
     {"loss", "own_loss", "loss_after", "own_loss_after"},
     {"of", "by", "of, after", "by, after"},
     DR_PLOT_BARS},
    {"share of imports", "year", NULL, {"share_without", "share"}, {"without the answer", "with it"}, DR_PLOT_LINES},
    {"rates", "curve", NULL, {"rate_1", "rate_2"}, {"map.rate_1", "map.rate_2"}, DR_PLOT_CURVES},
    {"rates", "player", "sector", {"rate"}, {"rate"}, DR_PLOT_BARS},
    {"real income", "player", NULL, {"welfare"}, {"real income"}, DR_PLOT_BARS},
};

enum { LABEL = 64 };

/* The label of a series: the fact of that name, else the label itself, with its ", after" if it has one. */
static const char *label_of(const dr_table *table, const char *label, char out[LABEL])
{
    char name[LABEL];
    size_t length = strcspn(label, ",");
    snprintf(name, sizeof name, "%.*s", (int)length, label);
    const char *fact = dr_table_fact_text(table, name);
    snprintf(out, LABEL, "%.48s%s", *fact ? fact : name, label + length);
    return out;
}

static dr_status plot_table(const cli_line *line, const dr_table *table)
{
    const char *path = cli_text(line, "plot");
    char labels[SERIES][LABEL];
    size_t p = 0;
    if (!path)
        return DR_OK;
    while (p < sizeof pictures / sizeof *pictures && dr_table_find(table, pictures[p].columns[0]) < 0)
        p++;
    if (p == sizeof pictures / sizeof *pictures || dr_table_find(table, pictures[p].key) < 0)
        return cli_misuse(line, "--plot: this table has no picture; choose outcome, settings or map");
    dr_plot plot = {.table = table,
                    .kind = pictures[p].kind,
                    .what = pictures[p].what,
                    .key = (size_t)dr_table_find(table, pictures[p].key),
                    .key_more = pictures[p].more ? (size_t)dr_table_find(table, pictures[p].more) : 0,
                    .rows = dr_table_rows(table)};
    if (dr_table_find(table, "withheld") >= 0 && plot.rows > MOST_BARS)
        plot.rows = MOST_BARS;
    for (; plot.series < SERIES && pictures[p].columns[plot.series]; plot.series++) {
        int column = dr_table_find(table, pictures[p].columns[plot.series]);
        if (column < 0)
            break;
        plot.columns[plot.series] = (size_t)column;
        plot.labels[plot.series] = label_of(table, pictures[p].labels[plot.series], labels[plot.series]);
    }
    return dr_plot_write(&plot, path);
}

/* The objects of a run, freed together. */
typedef struct steps {
    dr_settings *settings;
    dr_economy *economy;
    dr_model *model;
    dr_game *game;
    dr_table *table;
} steps;

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
    DR_TRY(cli_load_economy(&s->economy, line, s->settings));
    DR_TRY(dr_model_new(&s->model, s->economy, &model));
    DR_TRY(dr_game_load(&s->game, s->model, cli_argument(line, 1)));
    cli_bar_start(&bar, line);
    options->progress = cli_bar_step;
    options->user = &bar;
    dr_status status = dr_game_solve(s->game, options);
    if (status == DR_OK)
        status = make_table(&s->table, line, s->game, options);
    cli_bar_end(&bar);
    if (status == DR_OK)
        status = plot_table(line, s->table);
    if (status == DR_OK)
        status = write_scenario(line, s->game);
    return status == DR_OK ? cli_emit(line, s->table) : status;
}

static dr_status run_play(const cli_line *line)
{
    steps s = {0};
    dr_game_options options = option_game(&line->values);
    dr_status status = play(&s, line, &options);
    dr_table_free(s.table);
    dr_game_free(s.game);
    dr_model_free(s.model);
    dr_economy_free(s.economy);
    dr_settings_free(s.settings);
    return status;
}

static const option_row arguments[] = {
    CLI_WORLD,
    {"GAME.yaml", .kind = OPTION_FILE, .required = true, .help = "file that describes the game"},
    {0},
};

static const option_row own[] = {
    {"table", "TABLE", .kind = OPTION_WORD, .words = tables, .fallback = "outcome",
     .help = "payoffs, rates (settings), a summary in sentences, best-response functions (map), regions or flows"},
    {"scenario", "FILE.yaml", .kind = OPTION_FILE,
     .help = "also write the policies of all players as a scenario, for derisk simulate"},
    {0},
};
static const option_group options[] = {{"Options", .rows = own},
                                       {.rows = option_game_rows},
                                       {.rows = option_year_rows},
                                       {.rows = cli_plot_rows},
                                       {"Model", .rows = cli_model_rows},
                                       {"Output", .rows = cli_output_rows},
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
