#include "cli/commands.h"
#include "cli/emit.h"
#include "cli/keep.h"

static dr_status run_fetch(const cli_line *line)
{
    dr_table *table = NULL;
    cli_bar bar;
    const char *source = cli_argument(line, 0);
    dr_fetch_options options = {.size = sizeof options,
                                .edition = cli_text(line, "edition"),
                                .year = cli_year(line),
                                .file = cli_text(line, "file"),
                                .to = cli_text(line, "to"),
                                .cache = cli_text(line, "cache"),
                                .mirror = cli_text(line, "mirror"),
                                .silence = cli_number(line, "silence"),
                                .progress = cli_bar_step,
                                .user = &bar};
    cli_forget_worlds(line);
    cli_bar_start(&bar, line);
    dr_status status = source ? dr_fetch(&table, source, &options) : dr_fetch_sources(&table, &options);
    cli_bar_end(&bar);
    if (status == DR_OK && (!source || !cli_given(line, "quiet") || cli_given(line, "output")))
        status = cli_emit(line, table);
    dr_table_free(table);
    return status;
}

static const option_row arguments[] = {
    {"SOURCE", .kind = OPTION_TEXT, .help = "name of a source; without one, the sources are listed"},
    {0},
};
static const option_row own[] = {
    {"edition", "NAME", .kind = OPTION_TEXT, .needs = "SOURCE", .fallback = "the first that the list of sources has",
     .help = "edition of the source"},
    {"year", "YEAR", .kind = OPTION_COUNT, .least = 1, .most = 9999, .example = "2022", .needs = "SOURCE",
     .fallback = "the last of the edition", .help = "year of the table"},
    {"to", "FILE", .kind = OPTION_FILE, .needs = "SOURCE",
     .help = "world (NAME.world) into which it is imported, or a file to which it is copied"},
    {"file", "FILE", .kind = OPTION_FILE, .needs = "SOURCE",
     .help = "file that was downloaded by hand, to be checked and kept"},
    {"cache", "FOLDER", .kind = OPTION_FILE, .fallback = "$XDG_CACHE_HOME/derisk, else ~/.cache/derisk",
     .help = "folder of downloads"},
    {"mirror", "CSV", .kind = OPTION_FILE,
     .help = "list of files in place of the publishers': the columns source, edition, first, last, file, address"},
    {"silence", "SECONDS", .kind = OPTION_NUMBER, .least = 1, .most = 86400, .fallback = "60", .needs = "SOURCE",
     .help = "time without a byte after which a server is given up"},
    {0},
};
static const option_group options[] = {{"Options", .rows = own}, {"Output", .rows = cli_report_rows}, {0}};

const cli_command cli_fetch = {
    .name = "fetch",
    .summary = "download tables and trade flows from their publishers",
    .description =
        "Lists the sources of tables, trade flows and tariffs with their licence and citation, or gets a file of one: "
        "downloads it, or says which page and file to open where its publisher wants a click or a login; compares it "
        "with the known digest of its edition; and imports it. A download that breaks or is interrupted goes on with "
        "the same command.\n\n"
        "Files are kept in a folder of downloads and are not downloaded twice.",
    .example = "derisk fetch",
    .arguments = arguments,
    .options = options,
    .run = run_fetch,
};
