#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/embedded.h"
#include "base/leftover.h"
#include "base/names.h"
#include "base/print.h"
#include "cli/commands.h"
#include "cli/emit.h"
#include "cli/example_files.h"
#include "scenario/scenario.h"
#include "world/economy.h"

enum { YEAR = 2011, TOP_SECTORS = 6, PATH_SIZE = 512 };

/* ---- Files for the readers of the library -------------------------------------------------------------- */

static const char *const files[] = {"sample/sample_2011.csv.gz",         "sample/sample_sectors.csv",
                                    "sample/sample_regions.csv",         "sample/source.csv",
                                    "scenarios/eu-tariff.yaml",          "scenarios/eu-tariff-china-answer.yaml",
                                    "scenarios/doubled-trade-costs.yaml"};

enum {
    TABLE,
    SECTORS,
    REGIONS,
    SOURCE,
    FIRST_SCENARIO,
    FILES = sizeof files / sizeof *files,
    SCENARIOS = FILES - FIRST_SCENARIO
};

/* A temporary folder with the files, under their last names. */
typedef struct unpacked {
    char folder[PATH_SIZE / 2];
    char paths[FILES][PATH_SIZE];
    dr_leftover *leftovers[1 + FILES];
} unpacked;

static void remove_unpacked(unpacked *u)
{
    for (size_t i = 0; i < FILES; i++)
        unlink(u->paths[i]);
    rmdir(u->folder);
    for (size_t i = 0; i <= FILES; i++)
        dr_leftover_forget(u->leftovers[i]);
}

static dr_status make_folder(unpacked *u)
{
    if (!mkdtemp(u->folder))
        return dr_fail(DR_MACHINE, "%s: cannot be made: %s", u->folder, strerror(errno));
    bool noted = (u->leftovers[0] = dr_leftover_add(u->folder)) != NULL;
    for (size_t i = 0; i < FILES; i++) {
        snprintf(u->paths[i], sizeof u->paths[i], "%s%s", u->folder, strchr(files[i], '/'));
        noted &= (u->leftovers[1 + i] = dr_leftover_add(u->paths[i])) != NULL;
    }
    return noted ? DR_OK : dr_fail_memory();
}

static dr_status unpack_file(const char *name, const char *path)
{
    const dr_embedded *embedded = dr_embedded_find(name);
    if (!embedded)
        return dr_fail(DR_MACHINE, "%s is not built into this program", name);
    FILE *file = fopen(path, "wb");
    bool written = file && fwrite(embedded->bytes, 1, embedded->size, file) == embedded->size;
    if ((file && fclose(file) != 0) || !written)
        return dr_fail(DR_MACHINE, "%s: cannot be written: %s", path, strerror(errno));
    return DR_OK;
}

static dr_status unpack(unpacked *u)
{
    const char *temporary = getenv("TMPDIR");
    snprintf(u->folder, sizeof u->folder, "%s/derisk-XXXXXX", temporary && *temporary ? temporary : "/tmp");
    dr_hold();
    dr_status status = make_folder(u);
    dr_release();
    DR_TRY(status);
    for (size_t i = 0; i < FILES; i++)
        DR_TRY(unpack_file(files[i], u->paths[i]));
    return DR_OK;
}

static dr_status make_world(const unpacked *u, const char *to)
{
    const char *table = u->paths[TABLE];
    dr_import_options options = {.size = sizeof(dr_import_options),
                                 .year = YEAR,
                                 .sectors = u->paths[SECTORS],
                                 .regions = u->paths[REGIONS],
                                 .source = u->paths[SOURCE]};
    return dr_import_icio(NULL, &table, 1, to, &options);
}

static dr_status load_world(dr_economy **out, const char *path)
{
    dr_world *world = NULL;
    DR_TRY(dr_world_open(&world, path));
    dr_status status = dr_economy_load(out, world, YEAR);
    dr_world_close(world);
    return status;
}

/* ---- The balance, and EU purchases from China ------------------------------------------------------------------- */

/* The two sides: the members of the EU, marked, and China. */
typedef struct sides {
    const dr_economy *economy;
    const unsigned char *eu;
    size_t china;
} sides;

static bool find_sides(sides *out, const dr_economy *economy)
{
    int eu = dr_names_find(&economy->groups, "EU"), china = dr_names_find(&economy->region_codes, "CHN");
    if (eu < 0 || china < 0)
        return false;
    *out = (sides){economy, economy->member + (size_t)eu * economy->regions, (size_t)china};
    return true;
}

/* EU purchases of a good from China and from all outside the EU, and its sales to China. */
typedef struct trade {
    double from_china, from_abroad, to_china;
} trade;

static trade trade_in(const sides *c, size_t s)
{
    const dr_economy *e = c->economy;
    trade t = {0};
    for (size_t n = 0; n < e->regions; n++)
        for (size_t i = 0; i < e->regions; i++) {
            double value = e->flow[(n * e->regions + i) * e->sectors + s];
            t.from_abroad += c->eu[n] && !c->eu[i] ? value : 0;
            t.from_china += c->eu[n] && i == c->china ? value : 0;
            t.to_china += n == c->china && c->eu[i] ? value : 0;
        }
    return t;
}

typedef struct purchase {
    const char *name;
    trade trade;
} purchase;

static int larger_first(const void *a, const void *b)
{
    double x = ((const purchase *)a)->trade.from_china, y = ((const purchase *)b)->trade.from_china;
    return (x < y) - (x > y);
}

static void add_to(trade *sum, const trade *t)
{
    sum->from_china += t->from_china;
    sum->from_abroad += t->from_abroad;
    sum->to_china += t->to_china;
}

static void add_purchase(dr_table *table, const char *name, const trade *t, const trade *all)
{
    size_t row = dr_table_add_row(table);
    dr_table_set_text(table, row, 0, name);
    dr_table_set_number(table, row, 1, t->from_china / 1e3);
    dr_table_set_number(table, row, 2, t->from_china / all->from_china);
    dr_table_set_number(table, row, 3, t->from_china / t->from_abroad);
}

static dr_status print_purchases(const purchase *purchases, size_t count, const trade *all)
{
    static const dr_column_spec columns[] = {{"sector", DR_SHOW_TEXT},
                                             {"from_China", DR_SHOW_VALUE},
                                             {"share_of_total", DR_SHOW_SHARE},
                                             {"China's_share", DR_SHOW_SHARE}};
    dr_table *table = NULL;
    trade others = {0};
    DR_TRY(dr_table_new(&table, columns, 4));
    dr_table_set_title(table, "EU purchases from China");
    dr_table_set_unit(
        table, "billion US dollars, current prices; China's share is its share in all purchases from outside the EU");
    for (size_t i = 0; i < count; i++) {
        if (i < TOP_SECTORS)
            add_purchase(table, purchases[i].name, &purchases[i].trade, all);
        else
            add_to(&others, &purchases[i].trade);
    }
    add_purchase(table, "All other sectors", &others, all);
    add_purchase(table, "All", all, all);
    dr_status status = dr_table_done(table);
    if (status == DR_OK)
        status = dr_table_write(table, DR_FORMAT_TEXT, NULL);
    dr_table_free(table);
    return status;
}

static dr_status print_trade(const sides *c)
{
    const dr_economy *e = c->economy;
    trade all = {0};
    purchase *purchases = dr_new(e->sectors, sizeof *purchases);
    if (!purchases)
        return dr_fail_memory();
    for (size_t s = 0; s < e->sectors; s++) {
        purchases[s] = (purchase){e->sector_names[s], trade_in(c, s)};
        add_to(&all, &purchases[s].trade);
    }
    qsort(purchases, e->sectors, sizeof *purchases, larger_first);
    dr_print(stdout,
             "The EU and China, %d\n\n"
             "The EU bought goods and services for %.1f billion US dollars from China and sold it %.1f billion:\n"
             "a deficit of %.1f billion.\n\n",
             e->year, all.from_china / 1e3, all.to_china / 1e3, (all.from_china - all.to_china) / 1e3);
    dr_status status = print_purchases(purchases, e->sectors, &all);
    free(purchases);
    return status;
}

/* ---- Effects of three policies -------------------------------------------------------------------------------- */

/* The regions of the table of welfare: code and name. */
static const char *const shown[][2] = {
    {"EU", "European Union"}, {"DEU", "Germany"}, {"ITA", "Italy"}, {"CHN", "China"}, {"USA", "United States"}};
enum { SHOWN = sizeof shown / sizeof *shown };

typedef struct outcome {
    char title[256], settings[256];
    dr_certificate certificate;
    double welfare[SHOWN], first_order[SHOWN];
} outcome;

static void read_welfare(outcome *out, const dr_table *regions)
{
    int exact = dr_table_find(regions, "welfare"), first_order = dr_table_find(regions, "welfare_first_order");
    for (size_t row = 0; row < dr_table_rows(regions); row++)
        for (size_t i = 0; i < SHOWN; i++)
            if (strcmp(dr_table_text(regions, row, 0), shown[i][0]) == 0) {
                out->welfare[i] = dr_table_number(regions, row, (size_t)exact);
                out->first_order[i] = dr_table_number(regions, row, (size_t)first_order);
            }
}

static void read_settings(outcome *out, const dr_table *regions)
{
    snprintf(out->settings, sizeof out->settings, "model: %.60s; trade elasticity: %.60s; trade imbalances: %.60s",
             dr_table_fact_text(regions, "settings.model"), dr_table_fact_text(regions, "settings.elasticity"),
             dr_table_fact_text(regions, "settings.closure"));
}

static dr_status solve_scenario(outcome *out, const dr_model *model, const dr_scenario *scenario)
{
    dr_solution *solution = NULL;
    dr_table *regions = NULL;
    snprintf(out->title, sizeof out->title, "%s", scenario->title);
    DR_TRY(dr_model_solve(&solution, model, scenario));
    dr_solution_certificate(solution, &out->certificate);
    dr_status status = dr_solution_regions(&regions, solution);
    if (status == DR_OK) {
        read_welfare(out, regions);
        read_settings(out, regions);
    }
    dr_table_free(regions);
    dr_solution_free(solution);
    return status;
}

static dr_status solve_all(outcome outcomes[SCENARIOS], const dr_economy *economy, const unpacked *u)
{
    dr_model *model = NULL;
    DR_TRY(dr_model_new(&model, economy, NULL));
    dr_status status = DR_OK;
    for (size_t i = 0; i < SCENARIOS && status == DR_OK; i++) {
        dr_scenario *scenario = NULL;
        status = dr_scenario_load(&scenario, economy, u->paths[FIRST_SCENARIO + i]);
        if (status == DR_OK)
            status = solve_scenario(&outcomes[i], model, scenario);
        dr_scenario_free(scenario);
    }
    dr_model_free(model);
    return status;
}

static dr_status print_outcomes(const outcome outcomes[SCENARIOS])
{
    static const dr_column_spec columns[] = {{"region", DR_SHOW_TEXT},
                                             {"welfare_(a)", DR_SHOW_PERCENT},
                                             {"first_order_(a)", DR_SHOW_PERCENT},
                                             {"welfare_(b)", DR_SHOW_PERCENT},
                                             {"first_order_(b)", DR_SHOW_PERCENT},
                                             {"welfare_(c)", DR_SHOW_PERCENT},
                                             {"first_order_(c)", DR_SHOW_PERCENT}};
    dr_table *table = NULL;
    DR_TRY(dr_table_new(&table, columns, 1 + 2 * SCENARIOS));
    dr_table_set_title(table, "Welfare effects of three policies");
    dr_table_set_unit(table, "change of real income: exact, and first-order");
    dr_table_add_note(table, "%s", outcomes[0].settings);
    dr_table_add_note(table, "the first-order effect is terms of trade and volume of trade, without the resources used "
                             "up by higher trade costs");
    for (size_t i = 0; i < SHOWN; i++) {
        size_t row = dr_table_add_row(table);
        dr_table_set_text(table, row, 0, shown[i][1]);
        for (size_t j = 0; j < SCENARIOS; j++) {
            dr_table_set_number(table, row, 1 + 2 * j, outcomes[j].welfare[i]);
            dr_table_set_number(table, row, 2 + 2 * j, outcomes[j].first_order[i]);
        }
    }
    dr_status status = dr_table_done(table);
    if (status == DR_OK)
        status = dr_table_write(table, DR_FORMAT_TEXT, NULL);
    dr_table_free(table);
    return status;
}

static dr_status print_policies(const dr_economy *economy, const unpacked *u)
{
    outcome outcomes[SCENARIOS] = {0};
    DR_TRY(solve_all(outcomes, economy, u));
    fputc('\n', stdout);
    DR_TRY(print_outcomes(outcomes));
    fputc('\n', stdout);
    for (size_t i = 0; i < SCENARIOS; i++)
        dr_print(stdout, "(%c) %s\n    solved in %.1f ms, %d sweeps, worst residual %.1e\n", "abc"[i],
                 outcomes[i].title, 1e3 * outcomes[i].certificate.solve_seconds, outcomes[i].certificate.sweeps,
                 outcomes[i].certificate.worst_residual);
    return DR_OK;
}

/* ---- The command ------------------------------------------------------------------------------------------------- */

static dr_status print_all(const dr_economy *economy, const unpacked *u)
{
    sides c;
    char world[1024];
    if (!find_sides(&c, economy))
        return dr_fail(DR_BAD_INPUT, "%s: not the sample world: the EU or China is missing", economy->world);
    snprintf(world, sizeof world, "%s", economy->world);
    dr_clean(world);
    DR_TRY(print_trade(&c));
    DR_TRY(print_policies(economy, u));
    printf("\nSource: %s\n\nNext:\n  derisk info %s\n  derisk simulate %s --tariff EU:CHN:electrical-optical:25%%\n"
           "  derisk simulate %s --ban EU:RUS:mining,refined-petroleum --table sectors\n",
           economy->source, world, world, world);
    return DR_OK;
}

static dr_status print_story(const unpacked *u, const char *world)
{
    dr_economy *economy = NULL;
    dr_status status = load_world(&economy, world);
    if (status == DR_OK)
        status = print_all(economy, u);
    dr_economy_free(economy);
    return status;
}

static dr_status run_demo(const cli_line *line)
{
    unpacked u = {0};
    const char *to = cli_text(line, "to"), *examples = cli_text(line, "files");
    if (!to)
        to = "sample.world";
    dr_status status = examples ? cli_write_example_files(examples) : DR_OK;
    if (status == DR_OK)
        status = unpack(&u);
    if (status == DR_OK)
        status = make_world(&u, to);
    if (status == DR_OK)
        status = print_story(&u, to);
    remove_unpacked(&u);
    return status;
}

static const option_row arguments[] = {{0}};
static const option_row own[] = {
    {"to", "WORLD", .kind = OPTION_FILE, .fallback = "sample.world",
     .help = "world file to write; if it exists, its year 2011 is replaced"},
    {"files", "FOLDER", .kind = OPTION_FILE, .help = "also write the example files there; existing files are kept"},
    {0},
};
static const option_group options[] = {{"Options", .rows = own}, {0}};

const cli_command cli_demo = {
    .name = "demo",
    .summary = "make the sample world and show EU-China trade and three policies",
    .description =
        "Writes the sample world (the world economy of 2011 in 22 regions and 17 sectors). Prints the trade balance "
        "of the EU and China, the purchases of the EU from China, and the welfare effects of a tariff, of China's "
        "retaliation and of doubled trade costs, each computed on the spot.",
    .example = "derisk demo",
    .arguments = arguments,
    .options = options,
    .run = run_demo,
};
