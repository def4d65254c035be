#include <stdio.h>
#include <unistd.h>

#include "base/spawn.h"
#include "cli/commands.h"
#include "cli/emit.h"
#include "serve/serve.h"

/* Opens the user's browser; where there is none, standard output has the address all the same. */
static void open_browser(const cli_line *line, const char *url)
{
    char program[] = "xdg-open", address[256];
    char *const arguments[] = {program, address, NULL};
    pid_t child;
    snprintf(address, sizeof address, "%s", url);
    if (dr_spawn(&child, NULL, arguments) != 0)
        cli_remark(line, "no browser found; open %s yourself", url);
}

static void ready(const char *url, void *user)
{
    const cli_line *line = user;
    printf("%s\n", url);
    fflush(stdout);
    for (size_t i = 0; i < line->argument_count; i++)
        cli_remark(line, "serving %s%s", cli_argument(line, i),
                   i + 1 == line->argument_count ? "; stop with Ctrl-C" : "");
    if (cli_given(line, "open"))
        open_browser(line, url);
}

static void note(const char *text, void *user)
{
    cli_remark(user, "%s", text);
}

static dr_status run_serve(const cli_line *line)
{
    cli_line copy = *line; /* `ready` takes a pointer that is not const */
    const serve_options options = {.port = (unsigned short)cli_number(line, "port"),
                                   .listen = cli_text(line, "listen"),
                                   .origin = cli_text(line, "origin"),
                                   .behind_proxy = cli_given(line, "behind-proxy"),
                                   .user_header = cli_text(line, "user-header"),
                                   .embed_hosts = cli_text(line, "embed-hosts"),
                                   .log = cli_text(line, "log"),
                                   .store = cli_given(line, "store"),
                                   .ready = ready,
                                   .note = note,
                                   .user = &copy};
    return serve_run((const char *const *)line->arguments, line->argument_count, &options);
}

static const option_row arguments[] = {
    {"WORLD", .kind = OPTION_FILE, .required = true, .many = true,
     .help = "world files; each is shown at /worlds/NAME/, the first also at /"},
    {0},
};

static const option_row own[] = {
    {"port", "PORT", .kind = OPTION_COUNT, .most = 65535, .fallback = "8787", .help = "port; 0: any free port"},
    {"open", NULL, .kind = OPTION_FLAG, .help = "open the page in the browser"},
    {"listen", "ADDRESS", .kind = OPTION_TEXT, .example = "0.0.0.0", .fallback = "127.0.0.1, this machine only",
     .help = "accept other machines at this address, such as 0.0.0.0, with the token that is printed"},
    {"origin", "URL", .kind = OPTION_TEXT,
     .help = "address under which a reverse proxy also shows the page, such as https://derisk.example.org or "
             "https://example.org/derisk"},
    {"behind-proxy", NULL, .kind = OPTION_FLAG, .needs = "origin",
     .help = "every request comes through that proxy; its X-Forwarded-For names the addresses of clients"},
    {"user-header", "NAME", .kind = OPTION_TEXT, .example = "X-Forwarded-User", .needs = "behind-proxy",
     .help = "header in which the proxy names the user of each request"},
    {"embed-hosts", "ORIGINS", .kind = OPTION_TEXT, .example = "https://news.example.org",
     .help = "sites whose pages may show the page in a frame, such as https://news.example.org, separated by commas; "
             "the address of the view for frames ends with ?embed"},
    {"log", "FILE", .kind = OPTION_FILE, .help = "add a line to this file for each request, in the common log format"},
    {"store", NULL, .kind = OPTION_FLAG, .help = "allow the page to store runs in the world file"},
    {"quiet", NULL, .kind = OPTION_FLAG, .help = "print only errors on standard error"},
    {0},
};
static const option_group options[] = {{"Options", .rows = own}, {0}};

const cli_command cli_serve = {
    .name = "serve",
    .summary = "the page in the browser, and its interface for programs",
    .description =
        "Serves the page, which shows trade ties and solves the model while a slider moves, at "
        "http://127.0.0.1:8787, and prints that address. Only this machine can reach it, unless --listen admits "
        "others. Without --store, the world file is only read. The same answers are available to programs as JSON: "
        "/api/v1/openapi.json describes them.",
    .example = "derisk serve sample.world --open",
    .arguments = arguments,
    .options = options,
    .run = run_serve,
};
