#include "cli/commands.h"
#include "cli/drawing.h"
#include "cli/emit.h"
#include "cli/exposure_plot.h"
#include "cli/exposure_products.h"
#include "cli/host.h"
#include "cli/keep.h"
#include "cli/model_rows.h"
#include "cli/pictures.h"
#include "options/draw_rows.h"
#include "options/measure_rows.h"
#include "result/cut_summary.h"

/* The view that the options choose. */
typedef enum view { DIRECT, PARTNERS, HIDDEN, ROUTES, CUT, PRODUCTS, SUMMARY } view;

static view view_of(const cli_line *line)
{
    if (cli_products_wanted(line))
        return PRODUCTS;
    if (cli_given(line, "cut"))
        return CUT;
    if (cli_given(line, "table"))
        return SUMMARY;
    if (cli_given(line, "routes") || cli_given(line, "hidden"))
        return cli_given(line, "routes") ? ROUTES : HIDDEN;
    return cli_given(line, "partners") || cli_given(line, "map") ? PARTNERS : DIRECT;
}

/* ---- Measuring --------------------------------------------------------------------------------------------------- */

/* The cut-offs in sentences instead. */
static dr_status summarise(dr_table **table, const cli_problem *problem, const cli_line *line)
{
    dr_table *cuts = *table;
    *table = NULL;
    dr_status status = dr_cut_summary(table, problem->economy, cuts, cli_argument(line, 1));
    dr_table_free(cuts);
    return status;
}

static dr_status measure_cuts(dr_table **out, cli_problem *problem, const cli_line *line)
{
    cli_bar bar;
    dr_model_options settings = cli_model_options(line, NULL);
    dr_cut_options options = {.size = sizeof(dr_cut_options),
                              .to = cli_text(line, "to"),
                              .sectors = cli_text(line, "sectors"),
                              .progress = cli_bar_step,
                              .user = &bar};
    bool products = cli_given(line, "products");
    if (products && cli_given(line, "draws"))
        return cli_misuse(line, "--draws cannot be combined with --products");
    settings.products = products ? "nest" : NULL;
    DR_TRY(cli_problem_model(problem, line, &settings));
    dr_draw_options draws = cli_draws(&bar, line);
    dr_status status = cli_given(line, "draws")
                           ? dr_exposure_cut_bands(out, problem->model, cli_argument(line, 1), &options, &draws)
                           : (products ? dr_exposure_product_cuts : dr_exposure_cuts)(out, problem->model,
                                                                                      cli_argument(line, 1), &options);
    cli_bar_end(&bar);
    return status == DR_OK && cli_given(line, "table") ? summarise(out, problem, line) : status;
}

/* The part of the cut-offs that --part asks for. */
static dr_status make_part(const cli_line *line)
{
    cli_bar bar;
    cli_problem problem = {0};
    size_t part[2];
    const char *path = NULL;
    bool there = false;
    dr_model_options settings = cli_model_options(line, NULL);
    const dr_cut_options options = {.size = sizeof(dr_cut_options),
                                    .to = cli_text(line, "to"),
                                    .sectors = cli_text(line, "sectors"),
                                    .progress = cli_bar_step,
                                    .user = &bar};
    DR_TRY(cli_part_read(part, &path, line));
    cli_bar_start(&bar, line);
    dr_status status = cli_problem_economy(&problem, line, NULL, NULL);
    if (status == DR_OK)
        status = cli_problem_model(&problem, line, &settings);
    if (status == DR_OK)
        status = dr_exposure_cut_part(&there, path, problem.model, cli_argument(line, 1), &options, part[0], part[1]);
    cli_bar_end(&bar);
    cli_problem_end(&problem);
    if (status == DR_OK)
        cli_part_remark(line, path, part, there);
    return status == DR_USAGE ? dr_fail_at(status, "exposure: --part") : status;
}

static dr_status measure_flows(dr_table **out, dr_world *world, const cli_line *line)
{
    cli_problem problem = {0};
    const char *of = cli_argument(line, 1);
    view v = view_of(line);
    dr_status status = cli_problem_economy(&problem, line, NULL, NULL);
    if (status == DR_OK)
        status = v == CUT        ? measure_cuts(out, &problem, line)
                 : v == PARTNERS ? dr_exposure_partners(out, problem.economy, of)
                                 : dr_exposure_direct(out, problem.economy, of, cli_text(line, "to"));
    if (status == DR_OK)
        status = dr_note_exposure(*out, world, problem.economy, of, cli_text(line, "to"));
    cli_problem_end(&problem);
    return status;
}

static dr_status measure(dr_table **out, dr_world *world, const cli_line *line)
{
    const char *of = cli_argument(line, 1), *to = cli_text(line, "to");
    int year = cli_year(line);
    switch (view_of(line)) {
    case PRODUCTS:
        return cli_products_measure(out, world, line);
    case ROUTES:
        return dr_exposure_routes(out, world, year, of, to, (size_t)cli_number(line, "routes"));
    case HIDDEN:
        return dr_exposure_hidden(out, world, year, of, to);
    case SUMMARY:
        return dr_exposure_summary(out, world, year, of, to);
    default:
        return cli_given(line, "account") ? dr_exposure_account(out, world, year, of, to, cli_text(line, "account"))
                                          : measure_flows(out, world, line);
    }
}

/* ---- Pictures ---------------------------------------------------------------------------------------------------- */

static dr_status draw(const cli_line *line, dr_table *table)
{
    bool products = view_of(line) == PRODUCTS && cli_given(line, "plot");
    return products ? cli_plot_products(line, table) : cli_draw(line, table);
}

static dr_status draw_map(const cli_line *line, const dr_table *table, dr_world *world)
{
    int year = cli_year(line);
    return view_of(line) == HIDDEN
               ? cli_plot_map(line, table, "total_share_of_upstream_output",
                              "share of the upstream output behind all inputs, direct and indirect", world, year)
               : cli_plot_map(line, table, "share_of_imports", "share in all imports", world, year);
}

static dr_status draw_again(const cli_line *line, void *objects, dr_table *table)
{
    (void)objects;
    dr_world *world = NULL;
    if (!cli_given(line, "map"))
        return draw(line, table);
    DR_TRY(cli_world_open(&world, line, cli_argument(line, 0)));
    dr_status status = draw_map(line, table, world);
    cli_world_close(line, world);
    return status;
}

static const cli_rest rest = {NULL, draw_again, NULL};

/* ---- The command ------------------------------------------------------------------------------------------------- */

static dr_status run_exposure(const cli_line *line)
{
    dr_world *world = NULL;
    dr_table *table = NULL;
    if (cli_given(line, "part"))
        return make_part(line);
    DR_TRY(cli_world_open(&world, line, cli_argument(line, 0)));
    dr_status status = measure(&table, world, line);
    if (status == DR_OK && cli_given(line, "map"))
        status = draw_map(line, table, world);
    cli_world_close(line, world);
    if (status == DR_OK)
        status = draw(line, table);
    if (status == DR_OK)
        status = cli_emit(line, table);
    if (status == DR_OK)
        cli_leave(line, NULL, 0, NULL, &rest);
    dr_table_free(table);
    return status;
}

static const option_row arguments[] = {
    CLI_WORLD,
    {"OF", .kind = OPTION_REGION, .required = true, .help = "region or group, or several separated by commas"},
    {0},
};

#define PHYSICAL "products why materials" /* views that measure no input-output table */

static const char *const tables[] = {"summary", NULL};

static const option_row own[] = {
    {"partners", NULL, .kind = OPTION_FLAG, .excludes = "to hidden routes cut energy " PHYSICAL,
     .help = "by partner: purchases of OF from each and sales to it"},
    {"hidden", NULL, .kind = OPTION_FLAG, .excludes = "cut energy " PHYSICAL,
     .help = "direct and indirect (look-through) dependence side by side, through every stage of production"},
    {"routes", "N", .kind = OPTION_COUNT, .least = 1, .most = 1000, .excludes = "cut energy " PHYSICAL,
     .help = "the N largest supply chains that make up direct and indirect dependence"},
    {"cut", NULL, .kind = OPTION_FLAG, .excludes = "energy why materials",
     .help = "loss of real income of OF if one supplier-sector pair is cut off, for each of them"},
    {"sectors", "SECTORS", .kind = OPTION_SECTOR, .fallback = "goods", .needs = "cut",
     .help = "sectors that are cut off"},
    {"part", "K/N", .kind = OPTION_TEXT, .example = "3/20", .needs = "cut", .excludes = "draws plot top all " PHYSICAL,
     .help = "the K-th of N parts of the cut-offs alone, to --output FILE.parquet, for 'derisk combine'; left alone if "
             "it is there"},
    {"table", "TABLE", .kind = OPTION_WORD, .words = tables, .fallback = "that of the view",
     .excludes = "partners hidden routes map plot part energy " PHYSICAL, .help = "a summary in sentences instead"},
    {0},
};

static const option_row drawings[] = {
    {"plot", "FILE", .kind = OPTION_FILE, .words = dr_sheet_endings, .excludes = "why",
     .help = "also draw the result, the largest as bars: FILE.svg, .png or .pdf"},
    {"map", "FILE", .kind = OPTION_FILE, .words = dr_sheet_endings, .excludes = "to cut routes energy " PHYSICAL,
     .help = "also draw the partners (with --hidden the suppliers) on a map: FILE.svg, .png or .pdf"},
    {0},
};
static const option_group options[] = {{"Options", .rows = own},
                                       {.rows = option_exposure_rows},
                                       {.rows = drawings},
                                       {"Products, energy and materials", .rows = cli_product_rows},
                                       {"Monte Carlo", .rows = option_draw_rows, .needs = "cut"},
                                       {"Model", .rows = cli_model_rows, .needs = "cut"},
                                       {"Output", .rows = cli_output_rows},
                                       {0}};

const cli_command cli_exposure = {
    .name = "exposure",
    .summary = "dependence of an economy on others, and the cost of a cut-off",
    .description =
        "Shows purchases of OF from others and its sales to them, by sector: shares, concentration, the first "
        "supplier and market; with --to, those with one side alone. --partners shows them by partner, and --map "
        "draws that on a map of the world. --hidden measures indirect (look-through) dependence on the suppliers of "
        "suppliers. --account measures emissions, jobs or energy embodied in final use instead of trade.\n\n"
        "With --cut the model is solved once for each supplier and sector with exactly that trade cut off, and "
        "supplier-sector pairs are ranked by OF's welfare loss.\n\n"
        "--products screens product flows for products in which OF depends on others; --energy and --materials "
        "measure physical flows of fuels and the supply of raw materials.",
    .example = "derisk exposure sample.world EU --to CHN",
    .arguments = arguments,
    .options = options,
    .run = run_exposure,
};
