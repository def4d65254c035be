#include <stdio.h>
#include <unistd.h>

#include "base/csv.h"
#include "base/spawn.h"
#include "cli/commands.h"
#include "cli/emit.h"
#include "serve/serve.h"

static dr_status read_port(const cli_line *line, unsigned short *out)
{
    const char *text = cli_option_value(line, "port");
    double number = 8787;
    if (text && (!dr_parse_number(text, &number) || !(number >= 0 && number <= 65535) || number != (int)number))
        return cli_misuse(line, "--port: '%s' is not a number from 0 to 65535", text);
    *out = (unsigned short)number;
    return DR_OK;
}

/* The browser is the user's; where there is none, the address is on standard output all the same. */
static void open_browser(const cli_line *line, const char *url)
{
    char program[] = "xdg-open", address[256];
    char *const arguments[] = {program, address, NULL};
    pid_t child;
    snprintf(address, sizeof address, "%s", url);
    if (dr_spawn(&child, NULL, arguments) != 0)
        cli_remark(line, "no browser was found: open %s", url);
}

static void ready(const char *url, void *user)
{
    const cli_line *line = user;
    printf("%s\n", url);
    fflush(stdout);
    cli_remark(line, "serving %s; stop with Ctrl-C", cli_argument(line, 0));
    if (cli_option_value(line, "open"))
        open_browser(line, url);
}

static dr_status run_serve(const cli_line *line)
{
    cli_line copy = *line; /* for `ready`, which takes what is not const */
    serve_options options = {.listen = cli_option_value(line, "listen"),
                             .origin = cli_option_value(line, "origin"),
                             .store = cli_option_value(line, "store"),
                             .ready = ready,
                             .user = &copy};
    DR_TRY(read_port(line, &options.port));
    return serve_run(cli_argument(line, 0), &options);
}

static const cli_option arguments[] = {{"WORLD", .takes = CLI_FILE}, {0}};

static const cli_option options[] = {
    {"port", "PORT", .takes = CLI_TEXT, .help = "without it, 8787; 0: any that is free"},
    {"open", NULL, .takes = CLI_NOTHING, .help = "open the page in the browser"},
    {"listen", "ADDRESS", .takes = CLI_TEXT,
     .help = "let other machines in at this address, such as 0.0.0.0, with the token that is printed"},
    {"origin", "URL", .takes = CLI_TEXT,
     .help = "the page is also shown by a proxy, at this origin, such as https://derisk.example.org"},
    {"store", NULL, .takes = CLI_NOTHING,
     .help = "let the page keep runs in the world file; without it, it is only read"},
    CLI_OPTION_QUIET,
    {0},
};

const cli_command cli_serve = {
    .name = "serve",
    .summary = "the page in the browser, and its interface for programs",
    .description =
        "Serves the page, which shows the world's ties and solves while a slider moves, at http://127.0.0.1:8787\n"
        "and prints that address; only this machine reaches it, unless --listen lets others in. The same\n"
        "answers are there for programs, as JSON: /api/v1/openapi.json.",
    .example = "derisk serve sample.world --open",
    .arguments = arguments,
    .options = options,
    .run = run_serve,
};
