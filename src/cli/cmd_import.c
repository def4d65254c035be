#include <string.h>
#include <unistd.h>

#include "base/names.h"
#include "cli/commands.h"
#include "cli/emit.h"

/* The options that say something about a layout only. */
static dr_status check_options(const cli_line *line, bool products)
{
    static const char *const of_tables[] = {"year", "sectors", "regions"}, *const of_products[] = {"classification",
                                                                                                   "concordance"};
    for (size_t i = 0; products && i < 3; i++)
        if (cli_option_value(line, of_tables[i]))
            return cli_misuse(line, "--%s says nothing about product flows", of_tables[i]);
    for (size_t i = 0; !products && i < 2; i++)
        if (cli_option_value(line, of_products[i]))
            return cli_misuse(line, "--%s is for product flows only", of_products[i]);
    return DR_OK;
}

static const char *const layouts[] = {"icio", "long", "baci", "comtrade", "comext", "energy", "materials", NULL};

/* Whether the first argument names a layout, which then all files have. */
static bool is_layout(const char *word)
{
    for (size_t i = 0; layouts[i]; i++)
        if (strcmp(word, layouts[i]) == 0)
            return true;
    return false;
}

static dr_status check_first(const cli_line *line)
{
    const char *first = line->arguments[0];
    const char *meant = dr_nearest(first, layouts, sizeof layouts / sizeof *layouts - 1);
    if (is_layout(first))
        return line->argument_count > 1 ? DR_OK : cli_misuse(line, "FILE is missing; see 'derisk import --help'");
    if (meant && access(first, F_OK) != 0)
        return cli_misuse(line, "'%s' is neither a file nor a layout; did you mean '%s'?", first, meant);
    return DR_OK;
}

static dr_status read_tables(dr_table **report, const cli_line *line, const dr_import_options *options)
{
    static const struct {
        const char *word;
        dr_product_layout layout;
    } product_layouts[] = {{"baci", DR_BACI}, {"comtrade", DR_COMTRADE}, {"comext", DR_COMEXT}};
    const char *to = cli_option_value(line, "to"), *layout = line->arguments[0];
    const char *const *files = (const char *const *)line->arguments + 1;
    size_t count = line->argument_count - 1;
    if (!is_layout(layout))
        return dr_import(report, files - 1, count + 1, to, options);
    for (size_t i = 0; i < sizeof product_layouts / sizeof *product_layouts; i++)
        if (strcmp(layout, product_layouts[i].word) == 0) {
            DR_TRY(check_options(line, true));
            return dr_import_products(report, product_layouts[i].layout, files, count, to, options);
        }
    if (strcmp(layout, "energy") == 0 || strcmp(layout, "materials") == 0) {
        DR_TRY(check_options(line, true));
        DR_TRY(check_options(line, false));
        return strcmp(layout, "energy") == 0 ? dr_import_energy(report, files, count, to, options)
                                             : dr_import_materials(report, files, count, to, options);
    }
    DR_TRY(check_options(line, false));
    if (strcmp(layout, "icio") == 0)
        return dr_import_icio(report, files, count, to, options);
    if (count != 1)
        return cli_misuse(line, "'import long' takes one folder, not %zu", count);
    return dr_import_long(report, files[0], to, options);
}

static dr_status run_import(const cli_line *line)
{
    dr_table *report = NULL;
    cli_bar bar;
    dr_import_options options = {
        .size = sizeof(dr_import_options),
        .sectors = cli_option_value(line, "sectors"),
        .regions = cli_option_value(line, "regions"),
        .source = cli_option_value(line, "source"),
        .strict = cli_option_value(line, "strict") != NULL,
        .classification = cli_option_value(line, "classification"),
        .concordance = cli_option_value(line, "concordance"),
        .progress = cli_bar_step,
        .user = &bar,
    };
    DR_TRY(cli_year(line, &options.year));
    DR_TRY(check_first(line));
    if (!cli_option_value(line, "to"))
        return cli_misuse(line, "--to WORLD is missing: the world file to write");
    cli_bar_start(&bar, line);
    dr_status status = read_tables(&report, line, &options);
    cli_bar_end(&bar);
    if (status == DR_OK && (!cli_option_value(line, "quiet") || cli_option_value(line, "output")))
        status = cli_emit(line, report);
    dr_table_free(report);
    return status;
}

static const cli_option arguments[] = {
    {"FILE", .takes = CLI_FILE, .many = true},
    {0},
};

static const cli_option options[] = {
    {"to", "WORLD", .takes = CLI_FILE,
     .help = "the world file, made if there is none; a year already there is replaced"},
    {"year", "YEAR", .takes = CLI_TEXT, .help = "year of the table; without it, from the file's name"},
    {"sectors", "CSV", .takes = CLI_FILE, .help = "sectors: code, name, slug, kind, isic_rev3"},
    {"regions", "CSV", .takes = CLI_FILE, .help = "regions: code, name, parts"},
    {"source", "CSV", .takes = CLI_FILE, .help = "where the tables come from: id, title, publisher, licence, url"},
    {"classification", "NAME", .takes = CLI_TEXT,
     .help = "product flows: what their codes are of, such as HS17; without it, as the files say"},
    {"concordance", "CSV", .takes = CLI_FILE,
     .help = "product flows: product, sector (or isic_rev3); without it, derisk's own for the HS"},
    {"strict", NULL, .takes = CLI_NOTHING, .help = "take findings for errors, and write nothing"},
    CLI_OPTION_FORMAT,
    CLI_OPTION_OUTPUT,
    {"quiet", NULL, .takes = CLI_NOTHING, .help = "no report on standard output, no progress bar"},
    {0},
};

const cli_command cli_import = {
    .name = "import",
    .summary = "read input-output tables or product flows into a world file",
    .description =
        "Takes files as they were downloaded, recognises their layout and says which it is: input-output tables\n"
        "(the OECD's ICIO in all its editions, Eurostat's FIGARO, WIOD's, the Asian Development Bank's, a folder\n"
        "in the long format), product flows (BACI, Comtrade, Comext), imports of energy, supply shares of raw\n"
        "materials. Files may be compressed, and tables are read in zip, 7z and tar archives and in folders as they\n"
        "are. A layout before the files (icio, long, baci, comtrade, comext, energy or materials) is taken without\n"
        "a look at them.\n"
        "Checks the files and reports each finding and what was done about it. All files go in, or none.\n"
        "docs/import.md describes the layouts and the checks.",
    .example = "derisk import wiod_2011.csv.gz --sectors sectors.csv --to my.world",
    .arguments = arguments,
    .options = options,
    .run = run_import,
};
