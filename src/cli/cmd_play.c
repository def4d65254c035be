#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "cli/commands.h"
#include "cli/emit.h"
#include "cli/model_rows.h"
#include "report/plot.h"
#include "report/sheet.h"

static const char *const tables[] = {"outcome", "settings", "summary", "map", "regions", "flows", NULL};
enum { OUTCOME, SETTINGS, SUMMARY, MAP, REGIONS, FLOWS, MAP_POINTS = 25, MOST_BARS = 20 };

static dr_status make_table(dr_table **out, const cli_line *line, dr_game *game, const dr_game_options *options)
{
    size_t table = cli_option_word(line, "table");
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
            return cli_misuse(line, "--table %s: this game has no players, and many equilibria",
                              cli_option_value(line, "table"));
        return (table == REGIONS ? dr_solution_regions : dr_solution_flows)(out, solution);
    default:
        return dr_game_outcome(out, game);
    }
}

/* What is drawn of a table: the first of these whose columns it has; series that it has not are left out. */
enum { SERIES = 4 };
static const struct {
    const char *what, *key, *more, *columns[SERIES], *labels[SERIES];
    dr_plot_kind kind;
} pictures[] = {
    {"real income",
     "partner",
     NULL,
     {"shapley", "shapley_against"},
     {"for who began", "for whom it is against"},
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

/* The label of a series: its own, or what a fact of that name says, and ", after" if it ends with that. */
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
    const char *path = cli_option_value(line, "plot");
    char labels[SERIES][LABEL];
    size_t p = 0;
    if (!path)
        return DR_OK;
    while (p < sizeof pictures / sizeof *pictures && dr_table_find(table, pictures[p].columns[0]) < 0)
        p++;
    if (p == sizeof pictures / sizeof *pictures || dr_table_find(table, pictures[p].key) < 0)
        return cli_misuse(line,
                          "--plot draws players, their settings, a map, coercion, coalitions and delays, not this "
                          "table");
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

/* What is made on the way. */
typedef struct steps {
    dr_settings *settings;
    dr_economy *economy;
    dr_model *model;
    dr_game *game;
    dr_table *table;
} steps;

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
    return status == DR_OK ? cli_emit(line, s->table) : status;
}

/* A whole number that an option gives; `out` where it is not given. */
static dr_status read_count(const cli_line *line, const char *option, int least, size_t *out)
{
    const char *text = cli_option_value(line, option);
    double number = 0;
    if (!text)
        return DR_OK;
    if (!dr_parse_number(text, &number) || !(number >= least && number <= 1000) || number != (double)(int)number)
        return cli_misuse(line, "--%s '%s': a whole number from %d to 1000 was expected", option, text, least);
    *out = (size_t)number;
    return DR_OK;
}

static dr_status run_play(const cli_line *line)
{
    steps s = {0};
    dr_game_options options = {.size = sizeof(dr_game_options), .starts = 2, .most = 20};
    if (cli_option_value(line, "plot"))
        DR_TRY(dr_sheet_check(cli_option_value(line, "plot")));
    DR_TRY(read_count(line, "starts", 1, &options.starts));
    DR_TRY(read_count(line, "most", 0, &options.most));
    dr_status status = play(&s, line, &options);
    dr_table_free(s.table);
    dr_game_free(s.game);
    dr_model_free(s.model);
    dr_economy_free(s.economy);
    dr_settings_free(s.settings);
    return status;
}

static const cli_option arguments[] = {{"WORLD", .takes = CLI_FILE}, {"GAME", .takes = CLI_FILE}, {0}};

static const cli_option options[] = {
    {"table", "TABLE", .takes = CLI_WORD,
     .help = "outcome (the default); settings: rates; summary: sentences; map; regions; flows", .words = tables},
    {"most", "ROWS", .takes = CLI_TEXT, .help = "rows of coercion's outcome; without it, 20; 0: all"},
    {"starts", "NUMBER", .takes = CLI_TEXT, .help = "settings from which the game is played; without it, 2"},
    {"year", "YEAR", .takes = CLI_TEXT, .help = "year of the world; without it, the last"},
    {"plot", "FILE", .takes = CLI_FILE, .help = "draw the outcome, settings or map: FILE.svg or FILE.png"},
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
        "Plays a game of trade policy from a YAML file: players with tariffs, taxes on exports and curbs, and what "
        "they\n"
        "want. One player's best response, a Nash equilibrium, or a leader and one who follows, with what each\n"
        "could still gain by leaving its settings; or which goods one side could withhold from the other, and\n"
        "which partners matter in a coalition.",
    .example = "derisk play sample.world eu-china.yaml",
    .arguments = arguments,
    .options = options,
    .run = run_play,
};
