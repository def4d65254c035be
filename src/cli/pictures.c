#include "cli/pictures.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/emit.h"
#include "cli/keep.h"
#include "report/map.h"

enum { SERIES = 4 };

/* The picture of the tables that have the columns `key`, `mark` (if there is one) and the first series; other series
 * without a column are left out. A label is the fact of the table with that name, or the label itself. Those with more
 * columns to know them by stand before those with fewer. */
static const struct picture {
    const char *key, *mark, *what, *more[DR_MOST_MORE], *columns[SERIES], *labels[SERIES], *less, *money, *unit;
    dr_plot_kind kind;
    bool unranked, foreign;
} pictures[] = {
    /* games */
    {"partner", NULL, "real income", .columns = {"shapley", "shapley_against"},
     .labels = {"for the founder", "for the target"}, .unranked = true},
    {"withheld", NULL, "loss of real income", .columns = {"loss", "own_loss", "loss_after", "own_loss_after"},
     .labels = {"of", "by", "of, after", "by, after"}},
    {"year", NULL, "share of imports", .columns = {"share_without", "share"},
     .labels = {"without the answer", "with it"}, .kind = DR_PLOT_LINES},
    {"curve", NULL, "rates", .columns = {"rate_1", "rate_2"}, .labels = {"map.rate_1", "map.rate_2"},
     .kind = DR_PLOT_CURVES},
    {"player", NULL, "rates", .more = {"sector"}, .columns = {"rate"}, .unranked = true},
    {"player", NULL, "change of real income", .columns = {"welfare"}, .money = "welfare_value"},
    /* plans */
    {"sector", "new_share", "share of the supplier before and under the plan", .columns = {"share", "new_share"},
     .labels = {"now", "under the plan"}},
    {"product", "new_share", "share of the supplier before and under the plan", .more = {"supplier"},
     .columns = {"share", "new_share"}, .labels = {"now", "under the plan"}},
    {"item", "percent", "cost of the plan and what makes it up", .columns = {"percent"}, .money = "value",
     .unranked = true},
    /* dependence */
    {"sector", NULL, "imports in all use, exports in output", .columns = {"share_of_use", "share_of_output"},
     .labels = {"bought", "sold"}},
    {"partner", NULL, "share in all imports, share in all exports", .columns = {"share_of_imports", "share_of_exports"},
     .labels = {"bought from", "sold to"}},
    {"supplier", NULL, "loss of real income", .more = {"sector"}, .columns = {"loss", "supplier_loss"},
     .labels = {"of", "the supplier"}},
    {"supplier", NULL, "share of upstream output",
     .columns = {"total_share_of_upstream_output", "direct_share_of_upstream_output"},
     .labels = {"total (look-through)", "direct"}},
    {"sector", NULL, "share of upstream output",
     .columns = {"total_share_of_upstream_output", "direct_share_of_upstream_output"},
     .labels = {"total (look-through)", "direct"}},
    {"route", NULL, "share of the total on all routes", .columns = {"share_of_total"}},
    {"region", "consumption", "by producers and by final users", .columns = {"production", "consumption"},
     .labels = {"of producers", "of final users"}},
    {"sector", "consumption", "by producers and by final users", .columns = {"production", "consumption"},
     .labels = {"of producers", "of final users"}},
    {"sector", "imports_from", "imports before and after", .columns = {"imports_from", "imports_from_new"},
     .labels = {"before", "after"}},
    {"year", "consumption", "by producers and by final users", .columns = {"production", "consumption"},
     .labels = {"of producers", "of final users"}, .kind = DR_PLOT_LINES},
    {"year", "balance", "balance (exports less imports)", .columns = {"balance", "value_added_balance"},
     .labels = {"gross", "in value added"}, .kind = DR_PLOT_LINES},
    {"sector", "exports", "balance (exports less imports)", .columns = {"balance", "value_added_balance"},
     .labels = {"gross", "in value added"}},
    {"meaning", NULL, "share of gross exports", .columns = {"share", "partner_share"}, .labels = {"of", "to"},
     .unranked = true},
    {"sector", "upstreamness", "distance in stages of production", .columns = {"upstreamness", "downstreamness"},
     .labels = {"to final use", "to the beginning"}, .unit = "stages"},
    {"region", "upstreamness", "distance in stages of production", .columns = {"upstreamness", "downstreamness"},
     .labels = {"to final use", "to the beginning"}, .unit = "stages"},
    {"exporter", NULL, "sales", .more = {"importer"}, .columns = {"value"}},
    /* scenarios */
    {"region", "technical", "change of real income and its sources",
     .columns = {"terms_of_trade", "volume_of_trade", "technical", "rents"},
     .labels = {"terms of trade", "volume of trade", "technical", "rents"}},
    {"region", "welfare", "change of real income", .columns = {"welfare"}, .money = "equivalent_variation"},
    {"region", "income_new", "equivalent variation", .columns = {"equivalent_variation"}},
    {"region", "input_tariff", "change of the effective rate of protection", .more = {"sector"},
     .columns = {"effective_rate_new"}, .less = "effective_rate"},
    {"region", "loss_share", "loss of output", .more = {"sector"}, .columns = {"loss_share"}, .money = "loss"},
    {"region", "loss_share", "loss of value added", .columns = {"loss_share"}, .money = "loss"},
    {"region", "output", "change of output", .more = {"sector"}, .columns = {"output"}},
    {"region", "real_price", "change of the real price of the factor", .more = {"factor"}, .columns = {"real_price"}},
    {"exporter", "binding", "increase of the price by scarcity", .more = {"importer", "sector"}, .columns = {"wedge"}},
    {"exporter", "sector", "change of trade", .more = {"importer", "sector"}, .columns = {"new"}, .less = "base",
     .foreign = true},
    {"exporter", "new", "change of trade", .more = {"importer"}, .columns = {"new"}, .less = "base"},
    {"partner", "contribution", "contribution to the change of real income", .more = {"flow", "sector"},
     .columns = {"contribution"}},
    {"instrument", "effect", "effect of one percentage point of a tariff or 1% of a trade cost",
     .more = {"exporter", "importer", "sector"}, .columns = {"effect"}, .unit = "in the unit of the result"},
};

enum { PICTURES = sizeof pictures / sizeof *pictures };

/* Whether the table has a column of that name (NULL: it has), whose place goes to *at. */
static bool has(const dr_table *table, const char *name, size_t *at)
{
    int column = name ? dr_table_find(table, name) : 0;
    if (column >= 0 && at)
        *at = (size_t)column;
    return column >= 0;
}

static bool fits(const struct picture *picture, const dr_table *table)
{
    for (size_t i = 0; i < DR_MOST_MORE; i++)
        if (!has(table, picture->more[i], NULL))
            return false;
    return has(table, picture->key, NULL) && has(table, picture->mark, NULL) && has(table, picture->columns[0], NULL);
}

/* The fact of the table with the name of the label, else the label itself, with its ", after" if it has one. */
static void write_label(char out[CLI_LABEL], const dr_table *table, const char *label)
{
    char name[CLI_LABEL];
    size_t length = strcspn(label ? label : "", ",");
    snprintf(name, sizeof name, "%.*s", (int)length, label ? label : "");
    const char *fact = *name ? dr_table_fact_text(table, name) : "";
    snprintf(out, CLI_LABEL, "%.48s%s", *fact ? fact : name, label ? label + length : "");
}

/* Adds a series, unless the table has no such column; after the first, one that is zero everywhere says nothing. */
static void add_series(cli_picture *out, const dr_table *table, const char *column, const char *label)
{
    dr_plot *plot = &out->plot;
    bool zero = plot->series > 0;
    if (!has(table, column, &plot->columns[plot->series]))
        return;
    for (size_t i = 0; zero && i < table->rows; i++)
        zero = !(fabs(dr_table_number(table, i, plot->columns[plot->series])) > 0);
    if (zero)
        return;
    write_label(out->labels[plot->series], table, label);
    plot->labels[plot->series] = out->labels[plot->series];
    plot->series++;
}

/* The quantiles of draws beside the first series, where the table has them. */
static void add_interval(dr_plot *plot, const dr_table *table, const char *column)
{
    char name[CLI_LABEL];
    snprintf(name, sizeof name, "%s_p5", column);
    if (!has(table, name, &plot->low))
        return;
    snprintf(name, sizeof name, "%s_p95", column);
    if (!has(table, name, &plot->high))
        plot->low = 0;
}

bool cli_find_picture(cli_picture *out, const dr_table *table)
{
    const struct picture *picture = pictures;
    while (picture < pictures + PICTURES && !fits(picture, table))
        picture++;
    if (picture == pictures + PICTURES)
        return false;
    *out = (cli_picture){.plot = {.table = table,
                                  .kind = picture->kind,
                                  .what = picture->what,
                                  .unit = picture->unit,
                                  .ranked = !picture->unranked,
                                  .foreign = picture->foreign}};
    dr_plot *plot = &out->plot;
    has(table, picture->key, &plot->key);
    for (size_t i = 0; i < DR_MOST_MORE && picture->more[i]; i++)
        has(table, picture->more[i], &plot->more[i]);
    for (size_t i = 0; i < SERIES && picture->columns[i]; i++)
        add_series(out, table, picture->columns[i], picture->labels[i]);
    if (picture->less)
        has(table, picture->less, &plot->less);
    if (picture->money)
        has(table, picture->money, &plot->money);
    if (plot->series == 1)
        add_interval(plot, table, picture->columns[0]);
    return true;
}

dr_status cli_draw(const cli_line *line, dr_table *table)
{
    const char *path = cli_text(line, "plot");
    cli_picture picture;
    if (!path)
        return DR_OK;
    DR_TRY(cli_choose_rows(line, table));
    if (!cli_find_picture(&picture, table))
        return cli_misuse(line, "--plot: this table has no picture");
    return dr_plot_write(&picture.plot, path);
}

/* The countries of the region with this code; "" of a group. */
static const char *countries_of(const dr_world *world, const char *code)
{
    for (size_t i = 0; i < dr_world_regions(world); i++)
        if (strcmp(dr_world_region_code(world, i), code) == 0)
            return dr_world_region_parts(world, i);
    return "";
}

const char **cli_places(const dr_table *table, size_t column, const dr_world *world)
{
    const char **places = dr_new(table->rows + 1, sizeof *places);
    for (size_t i = 0; places && i < table->rows; i++)
        places[i] = countries_of(world, dr_table_text(table, i, column));
    return places;
}

dr_status cli_draw_changes(const cli_line *line, const dr_table *table)
{
    const char *path = cli_text(line, "map");
    size_t welfare = 0, region = 0;
    dr_world *world = NULL;
    if (!path)
        return DR_OK;
    if (!has(table, "welfare", &welfare) || !has(table, "region", &region))
        return cli_misuse(line, "--map needs the table of regions");
    DR_TRY(cli_world_open(&world, line, cli_argument(line, 0)));
    const char **places = cli_places(table, region, world);
    const dr_map map = {
        .table = table, .what = "change of real income", .key = region, .column = welfare, .places = places};
    dr_status status = places ? dr_map_write(&map, path) : dr_fail_memory();
    free(places);
    cli_world_close(line, world);
    return status;
}
