#include <math.h>

#include "base/csv.h"
#include "cli/commands.h"
#include "cli/emit.h"
#include "cli/exposure_plot.h"
#include "cli/exposure_products.h"
#include "cli/model_rows.h"
#include "report/plot.h"
#include "report/sheet.h"

enum { MOST_ROUTES = 1000 };

/* What is shown. */
typedef enum view { DIRECT, PARTNERS, HIDDEN, ROUTES, CUT, PRODUCTS } view;

static bool given(const cli_line *line, const char *option)
{
    return cli_option_value(line, option) != NULL;
}

static view view_of(const cli_line *line)
{
    if (cli_products_wanted(line))
        return PRODUCTS;
    if (given(line, "cut"))
        return CUT;
    if (given(line, "routes") || given(line, "hidden"))
        return given(line, "routes") ? ROUTES : HIDDEN;
    return given(line, "partners") || given(line, "map") ? PARTNERS : DIRECT;
}

/* ---- Measuring ------------------------------------------------------------------------------------------------------ */

static dr_status count_routes(const cli_line *line, size_t *count)
{
    const char *text = cli_option_value(line, "routes");
    double number = 0;
    if (!dr_parse_number(text, &number) || number < 1 || number > MOST_ROUTES || number != floor(number))
        return cli_misuse(line, "--routes: '%s' is not a number from 1 to %d", text, MOST_ROUTES);
    *count = (size_t)number;
    return DR_OK;
}

static dr_status measure_cuts(dr_table **out, const dr_economy *economy, const cli_line *line)
{
    cli_bar bar;
    dr_model *model = NULL;
    dr_model_options settings = cli_model_options(line, NULL);
    dr_cut_options options = {.size = sizeof(dr_cut_options),
                              .to = cli_option_value(line, "to"),
                              .sectors = cli_option_value(line, "sectors"),
                              .progress = cli_bar_step,
                              .user = &bar};
    DR_TRY(dr_model_new(&model, economy, &settings));
    cli_bar_start(&bar, line);
    dr_status status = dr_exposure_cuts(out, model, cli_argument(line, 1), &options);
    cli_bar_end(&bar);
    dr_model_free(model);
    return status;
}

static dr_status measure_flows(dr_table **out, dr_world *world, int year, const cli_line *line)
{
    dr_economy *economy = NULL;
    DR_TRY(dr_economy_load(&economy, world, year));
    const char *of = cli_argument(line, 1);
    view v = view_of(line);
    dr_status status = v == CUT        ? measure_cuts(out, economy, line)
                       : v == PARTNERS ? dr_exposure_partners(out, economy, of)
                                       : dr_exposure_direct(out, economy, of, cli_option_value(line, "to"));
    dr_economy_free(economy);
    return status;
}

static dr_status measure(dr_table **out, dr_world *world, const cli_line *line)
{
    const char *of = cli_argument(line, 1), *to = cli_option_value(line, "to");
    size_t count = 0;
    int year = 0;
    DR_TRY(cli_year(line, &year));
    switch (view_of(line)) {
    case PRODUCTS:
        return cli_products_measure(out, world, line);
    case ROUTES:
        DR_TRY(count_routes(line, &count));
        return dr_exposure_routes(out, world, year, of, to, count);
    case HIDDEN:
        return dr_exposure_hidden(out, world, year, of, to);
    default:
        return measure_flows(out, world, year, line);
    }
}

/* ---- Pictures ------------------------------------------------------------------------------------------------------- */

/* Which columns are drawn, and what they are called; NULL: as OF is. */
typedef struct series {
    const char *what, *columns[DR_MOST_SERIES], *labels[DR_MOST_SERIES];
} series;

static const series drawn[] = {
    [DIRECT] = {"imports in all use, exports in output", {"share_of_use", "share_of_output"}, {"bought", "sold"}},
    [PARTNERS] = {"share in all imports, share in all exports",
                  {"share_of_imports", "share_of_exports"},
                  {"bought from", "sold to"}},
    [HIDDEN] = {"share of upstream output",
                {"total_share_of_upstream_output", "direct_share_of_upstream_output"},
                {"total (look-through)", "direct"}},
    [ROUTES] = {"share of the total on all routes", {"share_of_total"}, {"share"}},
    [CUT] = {"loss of real income", {"loss", "supplier_loss"}, {NULL, "the supplier"}},
};

static dr_status draw(const cli_line *line, const dr_table *table)
{
    view v = view_of(line);
    bool has_sum = v == DIRECT || v == PARTNERS || v == HIDDEN;
    if (v == PRODUCTS)
        return cli_plot_products(line, table);
    dr_plot plot = {.table = table,
                    .kind = DR_PLOT_BARS,
                    .what = drawn[v].what,
                    .key_more = v == CUT ? 1 : 0,
                    .rows = table->rows - has_sum,
                    .ranked = true};
    for (; plot.series < DR_MOST_SERIES && drawn[v].columns[plot.series]; plot.series++) {
        plot.columns[plot.series] = (size_t)dr_table_find(table, drawn[v].columns[plot.series]);
        plot.labels[plot.series] = drawn[v].labels[plot.series] ? drawn[v].labels[plot.series] : cli_argument(line, 1);
    }
    return dr_plot_write(&plot, cli_option_value(line, "plot"));
}

static dr_status draw_map(const cli_line *line, const dr_table *table, dr_world *world)
{
    int year = 0;
    DR_TRY(cli_year(line, &year));
    return view_of(line) == HIDDEN
               ? cli_plot_map(line, table, "total_share_of_upstream_output",
                              "share of the upstream output behind all inputs, direct and indirect", world, year)
               : cli_plot_map(line, table, "share_of_imports", "share in all imports", world, year);
}

/* ---- The command ---------------------------------------------------------------------------------------------------- */

/* Options that only a cut takes. */
static dr_status check_options(const cli_line *line)
{
    const char *of_cut = given(line, "sectors") ? "sectors" : cli_model_option(line);
    DR_TRY(cli_products_check(line));
    if (of_cut && !given(line, "cut"))
        return cli_misuse(line, "--%s goes with --cut", of_cut);
    if (given(line, "cut") && (given(line, "hidden") || given(line, "routes")))
        return cli_misuse(line, "--cut goes with neither --hidden nor --routes");
    if (given(line, "map") && (given(line, "to") || given(line, "cut") || given(line, "routes")))
        return cli_misuse(line, "--map draws all partners: it goes without --to, --cut and --routes");
    if (given(line, "partners") &&
        (given(line, "to") || given(line, "cut") || given(line, "routes") || given(line, "hidden")))
        return cli_misuse(line, "--partners goes without --to, --hidden, --routes and --cut");
    if (given(line, "map"))
        DR_TRY(dr_sheet_check(cli_option_value(line, "map")));
    return given(line, "plot") ? dr_sheet_check(cli_option_value(line, "plot")) : DR_OK;
}

static dr_status run_exposure(const cli_line *line)
{
    dr_world *world = NULL;
    dr_table *table = NULL;
    DR_TRY(check_options(line));
    DR_TRY(dr_world_open(&world, cli_argument(line, 0)));
    dr_status status = measure(&table, world, line);
    if (status == DR_OK && given(line, "map"))
        status = draw_map(line, table, world);
    dr_world_close(world);
    if (status == DR_OK && given(line, "plot"))
        status = draw(line, table);
    if (status == DR_OK)
        status = cli_emit(line, table);
    dr_table_free(table);
    return status;
}

static const cli_option arguments[] = {{"WORLD", .takes = CLI_FILE}, {"OF", .takes = CLI_TEXT}, {0}};

static const cli_option options[] = {
    {"to", "TO", .takes = CLI_TEXT, .help = "exposure to this region or group; without it, to all others"},
    {"partners", NULL, .takes = CLI_NOTHING, .help = "by partner: what OF buys from each and sells to it"},
    {"hidden", NULL, .takes = CLI_NOTHING,
     .help = "suppliers counted through every stage of production and every third country"},
    {"routes", "N", .takes = CLI_TEXT, .help = "the N largest supply chains of which hidden exposure is the sum"},
    {"cut", NULL, .takes = CLI_NOTHING, .help = "what OF would lose if one tie were cut, for each supplier and sector"},
    {"sectors", "SECTORS", .takes = CLI_TEXT, .help = "with --cut: these sectors; without it, goods"},
    CLI_OPTIONS_MODEL,
    CLI_OPTIONS_PRODUCTS,
    {"year", "YEAR", .takes = CLI_TEXT, .help = "year of the world; without it, the last"},
    {"plot", "FILE", .takes = CLI_FILE, .help = "also draw it, the largest as bars: FILE.svg or FILE.png"},
    {"map", "FILE", .takes = CLI_FILE,
     .help = "also draw the partners, with --hidden the suppliers, on a map of the world"},
    CLI_OPTION_FORMAT,
    CLI_OPTION_OUTPUT,
    CLI_OPTION_QUIET,
    {0},
};

const cli_command cli_exposure = {
    .name = "exposure",
    .summary = "what an economy depends on others for, and what a cut would cost",
    .description =
        "Shows what OF, a region or group, buys from others and sells to them, by sector: shares, concentration,\n"
        "the first supplier and market; or those of TO. --partners shows it by partner, and --map draws that on a\n"
        "map of the world. --hidden looks through to the suppliers' suppliers. With --cut the model is solved once\n"
        "for each supplier and sector with exactly that tie cut (--closure, --horizon, --model and --elasticity are\n"
        "its), and the ties are ranked by what OF would lose.\n"
        "--products screens the world's product flows for those that OF depends on others for; --energy and\n"
        "--materials measure physical flows of fuels and the supply of raw materials.",
    .example = "derisk exposure sample.world EU --to CHN",
    .arguments = arguments,
    .options = options,
    .run = run_exposure,
};
