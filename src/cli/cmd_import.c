#include <string.h>
#include <unistd.h>

#include "base/names.h"
#include "cli/commands.h"
#include "cli/emit.h"
#include "cli/keep.h"

enum { MOST_LAYOUTS = 32 };

/* Whether the first argument names a layout, which all files then have. */
static bool is_layout(const char *word)
{
    for (size_t i = 0; dr_import_layout(i); i++)
        if (strcmp(word, dr_import_layout(i)) == 0)
            return true;
    return false;
}

static dr_status check_first(const cli_line *line)
{
    const char *first = line->arguments[0], *layouts[MOST_LAYOUTS];
    size_t count = 0;
    while (count < MOST_LAYOUTS && (layouts[count] = dr_import_layout(count)))
        count++;
    const char *meant = dr_nearest(first, layouts, count);
    if (is_layout(first))
        return line->argument_count > 1 ? DR_OK : cli_misuse(line, "FILE is missing: files of the layout %s", first);
    if (meant && access(first, F_OK) != 0)
        return cli_misuse(line, "'%s' is neither a file nor a layout; did you mean '%s'?", first, meant);
    return DR_OK;
}

static dr_status run_import(const cli_line *line)
{
    dr_table *report = NULL;
    cli_bar bar;
    size_t layout = is_layout(line->arguments[0]);
    dr_import_options options = {
        .size = sizeof(dr_import_options),
        .sectors = cli_text(line, "sectors"),
        .regions = cli_text(line, "regions"),
        .source = cli_text(line, "source"),
        .strict = cli_given(line, "strict"),
        .force = cli_given(line, "force"),
        .tolerance = cli_given(line, "tolerance") ? cli_number(line, "tolerance") : 0,
        .classification = cli_text(line, "classification"),
        .concordance = cli_text(line, "concordance"),
        .year = cli_year(line),
        .weights = cli_given(line, "weights") ? (dr_tariff_weights)(DR_WEIGHTS_TRADE + cli_word(line, "weights"))
                                              : DR_WEIGHTS_USUAL,
        .progress = cli_bar_step,
        .user = &bar,
        .layout = layout ? line->arguments[0] : NULL,
    };
    DR_TRY(check_first(line));
    cli_forget_worlds(line);
    cli_bar_start(&bar, line);
    dr_status status = dr_import(&report, (const char *const *)line->arguments + layout, line->argument_count - layout,
                                 cli_text(line, "to"), &options);
    cli_bar_end(&bar);
    if (status == DR_OK && (!cli_given(line, "quiet") || cli_given(line, "output")))
        status = cli_emit(line, report);
    dr_table_free(report);
    return status;
}

/* In the order of dr_tariff_weights behind the usual ones. */
static const char *const weights[] = {"trade", "simple", "reference", NULL};

static const option_row arguments[] = {
    {"FILE", .kind = OPTION_FILE, .many = true, .required = true,
     .help = "files or folders to import; a layout may stand before them"},
    {0},
};

static const option_row own[] = {
    {"to", "WORLD", .kind = OPTION_FILE, .required = true,
     .help = "world file to write; it is created if there is none, and a year that it holds already is replaced"},
    {"year", "YEAR", .kind = OPTION_COUNT, .least = 1, .most = 9999, .example = "2011",
     .fallback = "that in the name of the file",
     .help = "year of the table, the only year of product flows to import, or that of the table which gets tariffs"},
    {"sectors", "CSV", .kind = OPTION_FILE, .help = "sectors: the columns code, name, slug, kind, isic_rev3"},
    {"regions", "CSV", .kind = OPTION_FILE, .help = "regions: the columns code, name, parts"},
    {"source", "CSV", .kind = OPTION_FILE,
     .help = "source of the tables: the columns id, title, publisher, licence, url"},
    {"classification", "NAME", .kind = OPTION_TEXT, .fallback = "as the files say",
     .help = "classification of the product codes of flows or tariffs, such as HS17"},
    {"concordance", "CSV", .kind = OPTION_FILE, .fallback = "that of derisk for the HS",
     .help = "sectors of products: the columns product and sector (or isic_rev3); of accounts or of tariffs by "
             "sector: sector and to"},
    {"weights", "WEIGHTS", .kind = OPTION_WORD, .words = weights, .fallback = "trade if there are product flows",
     .help = "weights of products in the tariff of a sector"},
    {"strict", NULL, .kind = OPTION_FLAG, .help = "treat warnings as errors and write nothing"},
    {"tolerance", "SHARE", .kind = OPTION_RATE, .least = 0, .most = 1, .example = "0.1%", .fallback = "0.000001",
     .help = "share of its total by which a row's or column's sum may be off"},
    {"force", NULL, .kind = OPTION_FLAG, .help = "take a table whose value added is larger than that of the world"},
    {0},
};
static const option_group options[] = {{"Options", .rows = own}, {"Output", .rows = cli_report_rows}, {0}};

const cli_command cli_import = {
    .name = "import",
    .summary = "read input-output tables or product flows into a world file",
    .description =
        "Imports files as they were downloaded, recognises their layout and names it: input-output tables (the ICIO of "
        "the OECD in all its editions, FIGARO of Eurostat, WIOD, the tables of the Asian Development Bank, EXIOBASE, "
        "Eora26, GLORIA, what pymrio and MARIO save, a folder in the long format), product flows (BACI, "
        "Comtrade, Comext), imports of energy, supply shares of raw materials, accounts (emissions, jobs, energy) "
        "by region and sector, and tariffs (WITS, MAcMap, the Global Tariff Database, the schedule of the United "
        "States, plain CSV). Files may be compressed, and tables "
        "are read from zip, 7z and tar archives and from folders. A layout before the files (icio, long, baci, "
        "comtrade, comext, energy, materials, account or tariffs) is used without looking at them.\n\n"
        "Checks the files, and reports each finding and what was done about it. All files are imported, or none. "
        "docs/import.md describes the layouts and the checks.",
    .example = "derisk import wiod_2011.csv.gz --sectors sectors.csv --to my.world",
    .arguments = arguments,
    .options = options,
    .run = run_import,
};
