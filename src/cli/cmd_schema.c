#include "cli/commands.h"
#include "cli/line.h"

enum { SCENARIO, GAME };

static dr_status run_schema(const cli_line *line)
{
    const char *path = cli_text(line, "output");
    switch (cli_word(line, "DOCUMENT")) {
    case SCENARIO:
        return dr_schema_scenario(path);
    case GAME:
        return dr_schema_game(path);
    default:
        return dr_schema_shock(path);
    }
}

static const char *const documents[] = {"scenario", "game", "shock", NULL};
static const option_row arguments[] = {
    {"DOCUMENT", .kind = OPTION_WORD, .words = documents, .required = true,
     .help = "what the file is for: simulate, play or propagate"},
    {0},
};
static const option_row own[] = {
    {"output", "FILE", .kind = OPTION_FILE, .fallback = "standard output", .help = "write to this file"},
    {0},
};
static const option_group options[] = {{"Options", .rows = own}, {0}};

const cli_command cli_schema = {
    .name = "schema",
    .summary = "JSON schemas of scenarios, games and supply stops, for editors",
    .description =
        "Writes the JSON schema of a kind of YAML file, made of the keys that derisk reads. Editors complete "
        "and check files with it.",
    .example = "derisk schema scenario",
    .arguments = arguments,
    .options = options,
    .run = run_schema,
};
