#include "cli/commands.h"
#include "cli/emit.h"

static dr_status run_concordance(const cli_line *line)
{
    dr_table *table = NULL;
    dr_status status = dr_concordance(&table, cli_argument(line, 0), cli_argument(line, 1));
    if (status == DR_OK)
        status = cli_emit(line, table);
    dr_table_free(table);
    return status;
}

static const option_row arguments[] = {
    {"FROM",
     .help = "classification: hs, isic4, isic3, icio2023, wiod2013, figaro, exiobase-ixi, ... (docs/import.md)"},
    {"TO", .help = "classification whose sectors are wanted"},
    {0},
};
static const option_group options[] = {{"Output", .rows = cli_output_rows}, {0}};

const cli_command cli_concordance = {
    .name = "concordance",
    .summary = "sectors of one classification in those of another",
    .description =
        "Lists, for each sector of a classification, the sectors of another that it is the same as, part of, "
        "contains or overlaps with, by divisions of ISIC.",
    .example = "derisk concordance wiod2016 wiod2013",
    .arguments = arguments,
    .options = options,
    .run = run_concordance,
};
