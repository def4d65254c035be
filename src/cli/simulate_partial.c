#include "cli/simulate_partial.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "cli/change_rows.h"
#include "cli/drawing.h"
#include "cli/emit.h"
#include "cli/keep.h"
#include "cli/pictures.h"

const option_row cli_partial_rows[] = {
    {"partial", NULL, .kind = OPTION_FLAG,
     .excludes = "sensitivity why tie sweep numeraire store draws map closure horizon model "
                 "thin-markets rigid-wages baseline elasticity product-elasticity product-substitution "
                 "import-elasticity products scale entry labour-supply revenue overhead pass-through "
                 "choke-price years",
     .help = "partial equilibrium of each product whose tariffs change (GSIM), from product flows alone; in --tariff, "
             "products (HS8703, or all) take the place of sectors; tables regions, products, prices and flows"},
    {"regions", "REGIONS", .kind = OPTION_REGION, .needs = "partial", .fallback = "every economy by itself",
     .help = "economies and groups, each of which is one region; the others together are rest"},
    {"base-tariffs", "FILE", .kind = OPTION_FILE, .needs = "partial", .fallback = "zero",
     .help = "CSV of the tariffs of the base: exporter, importer, product, tariff"},
    {"new-tariffs", "FILE", .kind = OPTION_FILE, .needs = "partial",
     .help = "CSV of the tariffs that change, besides --tariff: exporter, importer, product, tariff"},
    {"demand-elasticity", "E", .kind = OPTION_NUMBER, .above = true, .most = 1000, .fallback = "1.25",
     .needs = "partial", .help = "elasticity of import demand, in absolute value"},
    {"supply-elasticity", "E", .kind = OPTION_NUMBER, .above = true, .most = 1000, .fallback = "1.5",
     .needs = "partial", .help = "elasticity of export supply"},
    {"substitution", "E", .kind = OPTION_NUMBER, .above = true, .most = 1000, .fallback = "5", .needs = "partial",
     .help = "elasticity of substitution between the origins of a product"},
    {"partial-elasticities", "FILE", .kind = OPTION_FILE, .needs = "partial",
     .help = "CSV of elasticities by product: product, demand, supply, substitution"},
    {0},
};

/* The texts of --tariff; to be freed, but not they. */
static const char **tariffs_of(const cli_line *line, size_t *count)
{
    const char **list = calloc(line->values.count + 1, sizeof *list);
    *count = 0;
    for (size_t i = 0; list && i < line->values.count; i++)
        if (strcmp(line->values.given[i].row->name, "tariff") == 0)
            list[(*count)++] = line->values.given[i].text;
    return list;
}

static dr_status solve(dr_table **out, const cli_line *line)
{
    const char *table = cli_given(line, "table") ? cli_text(line, "table") : "regions";
    const dr_partial_options options = {.size = sizeof options,
                                        .year = cli_year(line),
                                        .regions = cli_text(line, "regions"),
                                        .base_tariffs = cli_text(line, "base-tariffs"),
                                        .new_tariffs = cli_text(line, "new-tariffs"),
                                        .demand = cli_number(line, "demand-elasticity"),
                                        .supply = cli_number(line, "supply-elasticity"),
                                        .substitution = cli_number(line, "substitution"),
                                        .elasticities = cli_text(line, "partial-elasticities")};
    size_t count = 0;
    dr_world *world = NULL;
    const char **tariffs = tariffs_of(line, &count);
    dr_status status = tariffs ? cli_world_open(&world, line, cli_argument(line, 0)) : dr_fail_memory();
    if (status == DR_OK)
        status = dr_partial_equilibrium(out, world, table, tariffs, count, &options);
    cli_world_close(line, world);
    free((void *)tariffs);
    return status;
}

static bool has_other_changes(const cli_line *line)
{
    for (size_t i = 0; i < line->values.count; i++) {
        const option_row *row = line->values.given[i].row;
        if (cli_is_change(row) && strcmp(row->name, "tariff") != 0)
            return true;
    }
    return false;
}

dr_status cli_run_partial(const cli_line *line)
{
    dr_table *table = NULL;
    if (!cli_has_changes(line) && !cli_given(line, "new-tariffs"))
        return cli_misuse(line, "--partial needs --tariff or --new-tariffs");
    if (cli_argument(line, 1) || has_other_changes(line))
        return cli_misuse(line,
                          "--partial takes tariffs alone, and no scenario file: expected --tariff or --new-tariffs");
    dr_status status = solve(&table, line);
    if (status == DR_OK && cli_given(line, "plot"))
        status = cli_draw(line, table);
    if (status == DR_OK)
        status = cli_emit(line, table);
    dr_table_free(table);
    return status;
}
