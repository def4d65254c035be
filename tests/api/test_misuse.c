/* Every public function called wrongly: it comes back with a status and a line that names it and the argument, or with
 * the answer that the header promises. What is called is compared with include/derisk.h, parameter by parameter, so
 * that a new one needs a row here. */
#include "support/world_files.h"

#include <ctype.h>
#include <limits.h>
#include <math.h>

#include "support/synthetic.h"

/* ---- What has been called ---------------------------------------------------------------------------------------- */

typedef struct row {
    const char *function, *parameter;
} row;

static row rows[1024];
static size_t row_count;

static void keep_row(const char *function, const char *parameter)
{
    assert_true(row_count < sizeof rows / sizeof *rows);
    rows[row_count++] = (row){function, parameter};
}

static void refused(const char *function, const char *parameter, dr_status expected, dr_status status)
{
    char start[160];
    keep_row(function, parameter);
    snprintf(start, sizeof start, "%s: %s", function, parameter);
    if (status != expected)
        fail_msg("%s with a wrong %s: status %d, %s", function, parameter, (int)status, dr_error_text());
    if (expected == DR_USAGE && strncmp(dr_error_text(), start, strlen(start)) != 0)
        fail_msg("%s with a wrong %s: %s", function, parameter, dr_error_text());
}

/* A call that is refused because of `parameter`, with DR_USAGE. */
#define WRONG(parameter, function, ...) refused(#function, parameter, DR_USAGE, function(__VA_ARGS__))

/* One that is refused as a wrong input is, whatever its line says. */
#define BAD(parameter, function, ...) refused(#function, parameter, DR_BAD_INPUT, function(__VA_ARGS__))

/* A call of a function that cannot fail, and what it gives. */
#define GIVES(test, parameter, function, ...)                                                                          \
    do {                                                                                                               \
        keep_row(#function, parameter);                                                                                \
        assert_true(function(__VA_ARGS__) test);                                                                       \
    } while (0)

#define NOTHING(parameter, function, ...)                                                                              \
    do {                                                                                                               \
        keep_row(#function, parameter);                                                                                \
        function(__VA_ARGS__);                                                                                         \
    } while (0)

/* A parameter that may be NULL. */
#define MAY_BE_NULL(parameter, function) keep_row(#function, parameter)

/* ---- What is called with ----------------------------------------------------------------------------------------- */

static synthetic numbers;
static dr_world *world;
static dr_economy *economy, *other;
static dr_model *model;
static dr_scenario *scenario, *foreign;
static dr_solution *solution;
static dr_gravity *gravity;
static dr_game *game;
static dr_table *table;

/* What comes back; nothing may. */
static dr_table *t;
static dr_world *w;
static dr_economy *e;
static dr_model *m;
static dr_scenario *sc;
static dr_solution *s;
static dr_settings *settings;
static dr_gravity *g;
static dr_plan *plan;
static dr_game *played;
static dr_gradient gradient;
static double number;

static const char *const file[] = {"flows.csv"}, *const hole[] = {"flows.csv", NULL};
static const char *const formula[] = {"trade ~ rta | exporter + importer"};
static const dr_gravity_options of_gravity = {
    .size = sizeof(dr_gravity_options), .formulas = formula, .formula_count = 1};
static const char game_text[] = "play: nash\nplayers:\n  - player: A0\n    tariff: {on: A1, uniform: true}\n"
                                "  - player: A1\n    tariff: {on: A0, uniform: true}\n";

static void write_flows(void)
{
    char text[4096] = "exporter,importer,year,trade,rta\n";
    for (int i = 0; i < 5; i++)
        for (int n = 0; n < 5; n++)
            snprintf(text + strlen(text), sizeof text - strlen(text), "C%d,C%d,2000,%d,%d\n", i, n,
                     1 + i * n + (i * 7 + n * 3) % 5, (i + n) % 3 == 0);
    write_text("flows.csv", text);
}

static int set_up(void **state)
{
    if (enter_folder(state) != 0)
        return -1;
    write_flows();
    make_small_world("small.world");
    assert_ok(dr_world_open(&world, "small.world"));
    numbers = synthetic_new(3, 2, 1, true, true);
    economy = synthetic_economy(&numbers);
    other = synthetic_economy(&numbers);
    assert_ok(dr_model_new(&model, economy, NULL));
    assert_ok(dr_scenario_new(&scenario, economy));
    assert_ok(dr_scenario_new(&foreign, other));
    assert_ok(dr_scenario_tariff(scenario, "A0", "A1", "all", 0.1, DR_RATE_SET));
    assert_ok(dr_scenario_tariff(foreign, "A0", "A1", "all", 0.1, DR_RATE_SET));
    assert_ok(dr_model_solve(&solution, model, scenario));
    assert_ok(dr_solution_regions(&table, solution));
    assert_ok(dr_gravity_new(&gravity, file, 1, &of_gravity));
    assert_ok(dr_game_parse(&game, model, game_text, strlen(game_text), "a game"));
    return 0;
}

static int take_down(void **state)
{
    dr_game_free(game);
    dr_gravity_free(gravity);
    dr_table_free(table);
    dr_solution_free(solution);
    dr_scenario_free(foreign);
    dr_scenario_free(scenario);
    dr_model_free(model);
    dr_economy_free(other);
    dr_economy_free(economy);
    dr_world_close(world);
    synthetic_free(&numbers);
    return leave_folder(state);
}

/* ---- The calls --------------------------------------------------------------------------------------------------- */

static void tables(void **state)
{
    (void)state;
    dr_cancel *cancel = NULL;
    GIVES(!= NULL, "", dr_error_text);
    GIVES(!= NULL, "", dr_version);
    WRONG("out", dr_cancel_new, NULL);
    NOTHING("cancel", dr_cancel_free, cancel);
    NOTHING("cancel", dr_cancel_now, NULL);
    GIVES(== NULL, "number", dr_import_layout, 99);
    GIVES(== NULL, "cancel", dr_cancel_watch, NULL);
    GIVES(== 0, "table", dr_table_rows, NULL);
    GIVES(== 0, "table", dr_table_columns, NULL);
    GIVES(== DR_ROW_ONE, "table", dr_table_row_kind, NULL, 0);
    GIVES(== DR_ROW_ONE, "row", dr_table_row_kind, table, SIZE_MAX);
    GIVES([0] == '\0', "table", dr_table_column, NULL, 0);
    GIVES([0] == '\0', "column", dr_table_column, table, 999);
    GIVES([0] == '\0', "table", dr_table_title, NULL);
    GIVES([0] == '\0', "table", dr_table_unit, NULL);
    GIVES(== DR_COLUMN_TEXT, "table", dr_table_column_type, NULL, 0);
    GIVES(== DR_COLUMN_TEXT, "column", dr_table_column_type, table, 999);
    GIVES([0] == '\0', "table", dr_table_column_unit, NULL, 0);
    GIVES([0] == '\0', "column", dr_table_column_unit, table, 999);
    GIVES([0] == '\0', "table", dr_table_column_description, NULL, 0);
    GIVES([0] == '\0', "column", dr_table_column_description, table, 999);
    GIVES([0] == '\0', "table", dr_table_column_heading, NULL, 0);
    GIVES([0] == '\0', "column", dr_table_column_heading, table, 999);
    GIVES(== NULL, "table", dr_table_texts, NULL, 0);
    GIVES(== NULL, "column", dr_table_texts, table, 999);
    GIVES(== NULL, "table", dr_table_numbers, NULL, 1);
    GIVES(== NULL, "column", dr_table_numbers, table, 999);
}

static void cells_and_facts(void **state)
{
    (void)state;
    GIVES([0] == '\0', "table", dr_table_name, NULL, 0, 0);
    GIVES([0] == '\0', "row", dr_table_name, table, 999, 0);
    GIVES([0] == '\0', "column", dr_table_name, table, 0, 999);
    GIVES(== 0, "table", dr_table_facts, NULL);
    GIVES([0] == '\0', "table", dr_table_fact_name, NULL, 0);
    GIVES([0] == '\0', "fact", dr_table_fact_name, table, 999);
    GIVES(== false, "table", dr_table_fact_is_text, NULL, 0);
    GIVES(== false, "fact", dr_table_fact_is_text, table, 999);
    GIVES([0] == '\0', "table", dr_table_fact_text, NULL, "source");
    GIVES([0] == '\0', "name", dr_table_fact_text, table, NULL);
    GIVES(== 0, "table", dr_table_notes, NULL);
    GIVES([0] == '\0', "table", dr_table_note, NULL, 0);
    GIVES([0] == '\0', "note", dr_table_note, table, 999);
    GIVES(== -1, "table", dr_table_find, NULL, "region");
    GIVES(== -1, "column", dr_table_find, table, NULL);
    GIVES([0] == '\0', "table", dr_table_text, NULL, 0, 0);
    GIVES([0] == '\0', "row", dr_table_text, table, SIZE_MAX, 0);
    GIVES([0] == '\0', "column", dr_table_text, table, 0, SIZE_MAX);
    GIVES(*0 != 0, "table", dr_table_number, NULL, 0, 1);
    GIVES(*0 != 0, "row", dr_table_number, table, 999, 1);
    GIVES(*0 != 0, "column", dr_table_number, table, 0, 999);
    GIVES(*0 != 0, "table", dr_table_fact, NULL, "certificate.worst_residual");
    GIVES(*0 != 0, "name", dr_table_fact, table, NULL);
    GIVES(== 0, "table", dr_table_sentences, NULL);
    GIVES([0] == '\0', "table", dr_table_sentence, NULL, 0);
    GIVES([0] == '\0', "sentence", dr_table_sentence, table, SIZE_MAX);
    NOTHING("table", dr_table_show_all, NULL);
}

static void written_tables(void **state)
{
    (void)state;
    const dr_format none = (dr_format)8;
    char *bytes = NULL;
    size_t size = 0;
    struct ArrowSchema schema = {0};
    struct ArrowArray array = {0};
    struct ArrowArrayStream stream = {0};
    dr_frame *frame = NULL;
    WRONG("table", dr_table_top, NULL, 1);
    WRONG("table", dr_table_pick, NULL, "DEU");
    WRONG("names", dr_table_pick, table, NULL);
    WRONG("table", dr_table_write, NULL, DR_FORMAT_CSV, "x.csv");
    WRONG("format", dr_table_write, table, none, "x.csv");
    WRONG("format", dr_table_write, table, (dr_format)-1, "x.csv");
    MAY_BE_NULL("path", dr_table_write);
    WRONG("out", dr_table_write_memory, NULL, &size, table, DR_FORMAT_CSV);
    WRONG("size", dr_table_write_memory, &bytes, NULL, table, DR_FORMAT_CSV);
    WRONG("table", dr_table_write_memory, &bytes, &size, NULL, DR_FORMAT_CSV);
    WRONG("format", dr_table_write_memory, &bytes, &size, table, none);
    NOTHING("memory", dr_memory_free, NULL);
    WRONG("schema", dr_table_arrow, NULL, &array, table);
    WRONG("array", dr_table_arrow, &schema, NULL, table);
    WRONG("table", dr_table_arrow, &schema, &array, NULL);
    NOTHING("table", dr_table_free, NULL);
    WRONG("out", dr_frame_new, NULL, &stream, "flows");
    WRONG("stream", dr_frame_new, &frame, NULL, "flows");
    WRONG("stream", dr_frame_new, &frame, &stream, "flows");
    WRONG("name", dr_frame_new, &frame, &stream, NULL);
    WRONG("name", dr_frame_new, &frame, &stream, "../flows");
    GIVES([0] == '\0', "frame", dr_frame_path, NULL);
    NOTHING("frame", dr_frame_free, frame);
    assert_true(!frame && !bytes && !schema.release && !array.release);
    assert_false(is_there("x.csv"));
}

static void worlds(void **state)
{
    (void)state;
    const char *const to = "new.world";
    WRONG("out", dr_world_open, NULL, "small.world");
    WRONG("path", dr_world_open, &w, NULL);
    NOTHING("world", dr_world_close, NULL);
    GIVES(== 0, "world", dr_world_regions, NULL);
    GIVES(== 0, "world", dr_world_sectors, NULL);
    GIVES(== 0, "world", dr_world_years, NULL);
    GIVES(== 0, "world", dr_world_year, NULL, 0);
    GIVES(== 0, "index", dr_world_year, world, 1000);
    GIVES([0] == '\0', "world", dr_world_region_code, NULL, 0);
    GIVES([0] == '\0', "region", dr_world_region_code, world, 2);
    GIVES([0] == '\0', "world", dr_world_region_name, NULL, 0);
    GIVES([0] == '\0', "region", dr_world_region_name, world, SIZE_MAX);
    GIVES([0] == '\0', "world", dr_world_region_parts, NULL, 0);
    GIVES([0] == '\0', "region", dr_world_region_parts, world, 2);
    GIVES([0] == '\0', "world", dr_world_sector_code, NULL, 0);
    GIVES([0] == '\0', "sector", dr_world_sector_code, world, 2);
    GIVES([0] == '\0', "world", dr_world_sector_name, NULL, 0);
    GIVES([0] == '\0', "sector", dr_world_sector_name, world, 2);
    WRONG("out", dr_check, NULL, world);
    WRONG("world", dr_check, &t, NULL);
    WRONG("out", dr_world_check, NULL, world);
    WRONG("world", dr_world_check, &t, NULL);
    WRONG("out", dr_world_info, NULL, world);
    WRONG("world", dr_world_info, &t, NULL);
    WRONG("world", dr_world_export, NULL, "region", DR_FORMAT_CSV, "x.csv");
    WRONG("name", dr_world_export, world, NULL, DR_FORMAT_CSV, "x.csv");
    WRONG("format", dr_world_export, world, "region", (dr_format)8, "x.csv");
    MAY_BE_NULL("path", dr_world_export);
    assert_int_equal(dr_world_export(world, "region", DR_FORMAT_LATEX, "x.csv"), DR_USAGE);
    assert_string_equal(dr_error_text(), "a stored table can be written as csv, json or parquet, not as latex");
    WRONG("world", dr_world_aggregate, &t, NULL, NULL, NULL, to);
    WRONG("to", dr_world_aggregate, &t, world, NULL, NULL, NULL);
    WRONG("world", dr_world_update, &t, NULL, world, to, NULL);
    WRONG("flows", dr_world_update, &t, world, NULL, to, NULL);
    WRONG("to", dr_world_update, &t, world, world, NULL, NULL);
    WRONG("options->year", dr_world_update, &t, world, world, to, &DR_OPTIONS(dr_update_options, .year = -1));
    WRONG("options->from", dr_world_update, &t, world, world, to, &DR_OPTIONS(dr_update_options, .from = 10000));
    MAY_BE_NULL("report", dr_world_update);
    MAY_BE_NULL("options", dr_world_update);
    WRONG("out", dr_concordance, NULL, "hs", "isic4");
    WRONG("from", dr_concordance, &t, NULL, "isic4");
    WRONG("to", dr_concordance, &t, "hs", NULL);
    MAY_BE_NULL("report", dr_world_aggregate);
    MAY_BE_NULL("region_map", dr_world_aggregate);
    MAY_BE_NULL("sector_map", dr_world_aggregate);
    WRONG("out", dr_world_runs, NULL, world);
    WRONG("world", dr_world_runs, &t, NULL);
    WRONG("out", dr_world_run, NULL, world, "run", "regions");
    WRONG("world", dr_world_run, &t, NULL, "run", "regions");
    WRONG("name", dr_world_run, &t, world, NULL, "regions");
    WRONG("table", dr_world_run, &t, world, "run", NULL);
    WRONG("solution", dr_solution_store, NULL, NULL, "small.world", "run");
    WRONG("path", dr_solution_store, solution, NULL, NULL, "run");
    WRONG("name", dr_solution_store, solution, NULL, "small.world", NULL);
    MAY_BE_NULL("scenario", dr_solution_store);
    assert_false(is_there("x.csv") || is_there(to));
}

#define IMPORT(function, ...)                                                                                          \
    do {                                                                                                               \
        WRONG("files", function, &t, __VA_ARGS__ NULL, 1, "new.world", NULL);                                          \
        WRONG("files", function, &t, __VA_ARGS__ hole, 2, "new.world", NULL);                                          \
        WRONG("to", function, &t, __VA_ARGS__ file, 1, NULL, NULL);                                                    \
        assert_int_equal(function(&t, __VA_ARGS__ file, 0, "new.world", NULL), DR_USAGE);                              \
        MAY_BE_NULL("report", function);                                                                               \
        MAY_BE_NULL("options", function);                                                                              \
    } while (0)

#define COMMA ,

static void imports(void **state)
{
    (void)state;
    const dr_import_options early = {.size = sizeof(dr_import_options), .year = -1};
    IMPORT(dr_import, );
    IMPORT(dr_import_icio, );
    IMPORT(dr_import_products, DR_BACI COMMA);
    IMPORT(dr_import_energy, );
    IMPORT(dr_import_materials, );
    IMPORT(dr_import_accounts, );
    IMPORT(dr_import_tariffs, );
    const dr_import_options unweighted = {.size = sizeof(dr_import_options), .weights = (dr_tariff_weights)4};
    WRONG("options", dr_import_tariffs, &t, file, 1, "new.world", &unweighted);
    WRONG("options", dr_import, &t, file, 1, "new.world", &unweighted);
    WRONG("layout", dr_import_products, &t, (dr_product_layout)3, file, 1, "new.world", NULL);
    const dr_fetch_options silent = {.size = sizeof(dr_fetch_options), .silence = -1};
    WRONG("report", dr_fetch, NULL, "icio", NULL);
    WRONG("source", dr_fetch, &t, NULL, NULL);
    WRONG("options", dr_fetch, &t, "icio", &silent);
    MAY_BE_NULL("options", dr_fetch);
    WRONG("out", dr_fetch_sources, NULL, NULL);
    MAY_BE_NULL("options", dr_fetch_sources);
    WRONG("options", dr_import, &t, file, 1, "new.world", &early);
    WRONG("options", dr_import_icio, &t, file, 1, "new.world", &early);
    WRONG("options", dr_import_long, &t, ".", "new.world", &early);
    WRONG("folder", dr_import_long, &t, NULL, "new.world", NULL);
    WRONG("to", dr_import_long, &t, ".", NULL, NULL);
    MAY_BE_NULL("report", dr_import_long);
    assert_false(is_there("new.world"));
}

#define OF_GRAVITY(function, ...)                                                                                      \
    do {                                                                                                               \
        WRONG("out", function, NULL, gravity __VA_ARGS__);                                                             \
        WRONG("gravity", function, &t, NULL __VA_ARGS__);                                                              \
    } while (0)

static void estimates(void **state)
{
    (void)state;
    static const char *const no_text[] = {NULL};
    const dr_gravity_options wrong[] = {
        {.size = sizeof(dr_gravity_options), .formulas = NULL, .formula_count = 1},
        {.size = sizeof(dr_gravity_options), .formulas = no_text, .formula_count = 1},
        {.size = sizeof(dr_gravity_options),
         .formulas = formula,
         .formula_count = 1,
         .functions = NULL,
         .function_count = 1},
        {.size = sizeof(dr_gravity_options), .formulas = formula, .formula_count = 1, .domestic = (dr_domestic)3},
        {.size = sizeof(dr_gravity_options), .formulas = formula, .formula_count = 1, .controls = (dr_controls)2},
        {.size = sizeof(dr_gravity_options), .formulas = formula, .formula_count = 1, .errors = (dr_errors)-1},
        {.size = sizeof(dr_gravity_options), .formulas = formula, .formula_count = 1, .tests = NULL, .test_count = 1},
        {.size = sizeof(dr_gravity_options), .formulas = formula, .formula_count = 1, .bootstrap = (dr_bootstrap)9},
        {.size = sizeof(dr_gravity_options), .formulas = formula, .formula_count = 1, .multiplier = (dr_multiplier)9},
        {.size = sizeof(dr_gravity_options), .formulas = formula, .formula_count = 1, .iv = (dr_iv)9},
        {.size = sizeof(dr_gravity_options), .formulas = formula, .formula_count = 1, .replications = -1},
        {.size = sizeof(dr_gravity_options), .formulas = formula, .formula_count = 1, .notes = NULL, .note_count = 1},
        {.size = sizeof(dr_gravity_options), .formulas = formula, .formula_count = 1, .threads = -1}};
    const dr_equilibrium_options nothing = {.size = sizeof(dr_equilibrium_options), .year = 2000, .sigma = 5};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        WRONG("options", dr_gravity_new, &g, file, 1, &wrong[i]);
    WRONG("out", dr_gravity_new, NULL, file, 1, &of_gravity);
    WRONG("files", dr_gravity_new, &g, NULL, 1, &of_gravity);
    WRONG("files", dr_gravity_new, &g, hole, 2, &of_gravity);
    WRONG("options", dr_gravity_new, &g, file, 1, NULL);
    NOTHING("gravity", dr_gravity_free, NULL);
    OF_GRAVITY(dr_gravity_coefficients);
    OF_GRAVITY(dr_gravity_fits);
    OF_GRAVITY(dr_gravity_side_by_side);
    OF_GRAVITY(dr_gravity_covariance);
    OF_GRAVITY(dr_gravity_tests);
    OF_GRAVITY(dr_gravity_joint);
    OF_GRAVITY(dr_gravity_effects);
    OF_GRAVITY(dr_gravity_predictions);
    OF_GRAVITY(dr_gravity_event_study);
    OF_GRAVITY(dr_gravity_cohorts);
    OF_GRAVITY(dr_gravity_elasticities, COMMA true);
    WRONG("gravity", dr_gravity_store, NULL, "small.world", "name");
    WRONG("path", dr_gravity_store, gravity, NULL, "name");
    WRONG("name", dr_gravity_store, gravity, "small.world", NULL);
    WRONG("out", dr_gravity_replay, NULL, "small.world", "name");
    WRONG("path", dr_gravity_replay, &t, NULL, "name");
    WRONG("name", dr_gravity_replay, &t, "small.world", NULL);
    WRONG("out", dr_triple_ratio, NULL, file, 1, NULL);
    WRONG("files", dr_triple_ratio, &t, NULL, 1, NULL);
    WRONG("files", dr_triple_ratio, &t, hole, 2, NULL);
    MAY_BE_NULL("options", dr_triple_ratio);
    WRONG("elasticities", dr_elasticities_store, NULL, "small.world", "name");
    WRONG("path", dr_elasticities_store, table, NULL, "name");
    WRONG("name", dr_elasticities_store, table, "small.world", NULL);
    WRONG("out", dr_gravity_equilibrium, NULL, gravity, &nothing);
    WRONG("gravity", dr_gravity_equilibrium, &t, NULL, &nothing);
    WRONG("options", dr_gravity_equilibrium, &t, gravity, NULL);
    WRONG("options", dr_gravity_equilibrium, &t, gravity, &nothing);
}

static void structural(void **state)
{
    (void)state;
    static const char *const codes[] = {"A", "B"}, *const one_code[] = {"A", NULL};
    static const double two[] = {1, 1}, four[] = {1, 1, 1, 1};
    const dr_structural_data wrong[] = {
        {2, NULL, two, two, four, four, 5, NULL},   {2, one_code, two, two, four, four, 5, NULL},
        {2, codes, NULL, two, four, four, 5, NULL}, {2, codes, two, NULL, four, four, 5, NULL},
        {2, codes, two, two, NULL, four, 5, NULL},  {2, codes, two, two, four, NULL, 5, NULL}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        WRONG("data", dr_structural_gravity, &t, &wrong[i]);
    BAD("data", dr_structural_gravity, &t, &(dr_structural_data){2, codes, two, two, four, four, NAN, NULL});
    BAD("data", dr_structural_gravity, &t, &(dr_structural_data){1, codes, two, two, four, four, 5, NULL});
    WRONG("out", dr_structural_gravity, NULL, &wrong[0]);
    WRONG("data", dr_structural_gravity, &t, NULL);
}

static void economies(void **state)
{
    (void)state;
    static const char *const codes[] = {"A"};
    static const double one[] = {1};
    const dr_economy_data right = {1, 1, codes, codes, one, NULL, one, one, NULL, NULL, 0, NULL, NULL};
    dr_economy_data wrong[8];
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        wrong[i] = right;
    wrong[0].region_codes = NULL;
    wrong[1].sector_codes = NULL;
    wrong[2].flow = NULL;
    wrong[3].input = NULL;
    wrong[4].final = NULL;
    wrong[5].factors = 1;
    wrong[6].regions = SIZE_MAX;
    wrong[7].sectors = SIZE_MAX;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        WRONG("data", dr_economy_new, &e, &wrong[i]);
    BAD("data", dr_economy_new, &e, &(dr_economy_data){.region_codes = codes, codes, one, NULL, one, one});
    WRONG("out", dr_economy_new, NULL, &right);
    WRONG("data", dr_economy_new, &e, NULL);
    WRONG("out", dr_economy_load, NULL, world, 0);
    WRONG("world", dr_economy_load, &e, NULL, 0);
    BAD("year", dr_economy_load, &e, world, -5);
    NOTHING("economy", dr_economy_free, NULL);
}

static void measures(void **state)
{
    (void)state;
    const dr_screen_options rule = {.size = sizeof(dr_screen_options), .rule = (dr_screen_rule)2},
                            share = {.size = sizeof(dr_screen_options), .thresholds = {NAN}};
    const dr_balance_options by = {.size = sizeof(dr_balance_options), .by = (dr_balance_by)3};
    WRONG("out", dr_exposure_products, NULL, world, "EU", NULL);
    WRONG("world", dr_exposure_products, &t, NULL, "EU", NULL);
    WRONG("of", dr_exposure_products, &t, world, NULL, NULL);
    WRONG("options", dr_exposure_products, &t, world, "EU", &rule);
    assert_int_equal(dr_exposure_products(&t, world, "EU", &share), DR_USAGE);
    WRONG("out", dr_partial_equilibrium, NULL, world, "regions", NULL, 0, NULL);
    WRONG("world", dr_partial_equilibrium, &t, NULL, "regions", NULL, 0, NULL);
    WRONG("table", dr_partial_equilibrium, &t, world, NULL, NULL, 0, NULL);
    WRONG("tariffs", dr_partial_equilibrium, &t, world, "regions", NULL, 1, NULL);
    BAD("options", dr_partial_equilibrium, &t, world, "regions", NULL, 0,
        &DR_OPTIONS(dr_partial_options, .demand = -1));
    WRONG("out", dr_exposure_product_rows, NULL, world, "EU", "01", 0);
    WRONG("world", dr_exposure_product_rows, &t, NULL, "EU", "01", 0);
    WRONG("of", dr_exposure_product_rows, &t, world, NULL, "01", 0);
    WRONG("code", dr_exposure_product_rows, &t, world, "EU", NULL, 0);
    WRONG("out", dr_exposure_energy, NULL, world, "EU", "RUS", 0);
    WRONG("world", dr_exposure_energy, &t, NULL, "EU", "RUS", 0);
    WRONG("of", dr_exposure_energy, &t, world, NULL, "RUS", 0);
    WRONG("to", dr_exposure_energy, &t, world, "EU", NULL, 0);
    WRONG("out", dr_exposure_materials, NULL, world);
    WRONG("world", dr_exposure_materials, &t, NULL);
    WRONG("out", dr_exposure_direct, NULL, economy, "A0", NULL);
    WRONG("economy", dr_exposure_direct, &t, NULL, "A0", NULL);
    WRONG("of", dr_exposure_direct, &t, economy, NULL, NULL);
    MAY_BE_NULL("to", dr_exposure_direct);
    WRONG("out", dr_exposure_account, NULL, world, 0, "A0", NULL, NULL);
    WRONG("world", dr_exposure_account, &t, NULL, 0, "A0", NULL, NULL);
    WRONG("year", dr_exposure_account, &t, world, -1, "A0", NULL, NULL);
    WRONG("of", dr_exposure_account, &t, world, 0, NULL, NULL, NULL);
    MAY_BE_NULL("to", dr_exposure_account);
    MAY_BE_NULL("account", dr_exposure_account);
    dr_table *noted = NULL;
    assert_ok(dr_exposure_direct(&noted, economy, "A0", NULL));
    WRONG("table", dr_note_exposure, NULL, world, economy, "A0", NULL);
    WRONG("world", dr_note_exposure, noted, NULL, economy, "A0", NULL);
    WRONG("economy", dr_note_exposure, noted, world, NULL, "A0", NULL);
    WRONG("of", dr_note_exposure, noted, world, economy, NULL, NULL);
    MAY_BE_NULL("to", dr_note_exposure);
    WRONG("table", dr_note_scenario, NULL, world, scenario);
    WRONG("world", dr_note_scenario, noted, NULL, scenario);
    WRONG("scenario", dr_note_scenario, noted, world, NULL);
    dr_table_free(noted);
    WRONG("out", dr_exposure_partners, NULL, economy, "A0");
    WRONG("economy", dr_exposure_partners, &t, NULL, "A0");
    WRONG("of", dr_exposure_partners, &t, economy, NULL);
    WRONG("out", dr_balance, NULL, world, "AAA", NULL, NULL);
    WRONG("world", dr_balance, &t, NULL, "AAA", NULL, NULL);
    WRONG("a", dr_balance, &t, world, NULL, NULL, NULL);
    WRONG("out", dr_footprint, NULL, world, NULL, NULL);
    WRONG("world", dr_footprint, &t, NULL, NULL, NULL);
    MAY_BE_NULL("of", dr_footprint);
    MAY_BE_NULL("options", dr_footprint);
    WRONG("options", dr_footprint, &t, world, NULL, &DR_OPTIONS(dr_footprint_options, .by = (dr_footprint_by)4));
    WRONG("out", dr_position, NULL, world, NULL, 0, false);
    WRONG("world", dr_position, &t, NULL, NULL, 0, false);
    MAY_BE_NULL("of", dr_position);
    WRONG("options", dr_balance, &t, world, "AAA", NULL, &by);
    MAY_BE_NULL("b", dr_balance);
    WRONG("out", dr_ties, NULL, world, NULL);
    WRONG("world", dr_ties, &t, NULL, NULL);
    BAD("options", dr_ties, &t, world, &DR_OPTIONS(dr_ties_options, .year = -1));
    WRONG("out", dr_export_terms, NULL, world, "AAA", NULL, 0, DR_TERMS_KWW);
    WRONG("world", dr_export_terms, &t, NULL, "AAA", NULL, 0, DR_TERMS_KWW);
    WRONG("a", dr_export_terms, &t, world, NULL, NULL, 0, DR_TERMS_KWW);
    WRONG("terms", dr_export_terms, &t, world, "AAA", NULL, 0, (dr_terms)2);
    MAY_BE_NULL("b", dr_export_terms);
    WRONG("out", dr_exposure_hidden, NULL, world, 0, "AAA", NULL);
    WRONG("world", dr_exposure_hidden, &t, NULL, 0, "AAA", NULL);
    WRONG("of", dr_exposure_hidden, &t, world, 0, NULL, NULL);
    MAY_BE_NULL("to", dr_exposure_hidden);
    WRONG("out", dr_exposure_routes, NULL, world, 0, "AAA", NULL, 1);
    WRONG("world", dr_exposure_routes, &t, NULL, 0, "AAA", NULL, 1);
    WRONG("of", dr_exposure_routes, &t, world, 0, NULL, NULL, 1);
    WRONG("count", dr_exposure_routes, &t, world, 0, "AAA", NULL, SIZE_MAX);
    WRONG("count", dr_exposure_routes, &t, world, 0, "AAA", NULL, 0);
    MAY_BE_NULL("to", dr_exposure_routes);
}

/* Functions that change a scenario by three lists. */
#define LISTS(function, on, ...)                                                                                       \
    do {                                                                                                               \
        WRONG("scenario", function, NULL, "A0", "A1", "all" __VA_ARGS__);                                              \
        WRONG("by", function, scenario, NULL, "A1", "all" __VA_ARGS__);                                                \
        WRONG(on, function, scenario, "A0", NULL, "all" __VA_ARGS__);                                                  \
        WRONG("sectors", function, scenario, "A0", "A1", NULL __VA_ARGS__);                                            \
    } while (0)

/* And by a region and a group. */
#define GROUP(function, ...)                                                                                           \
    do {                                                                                                               \
        WRONG("scenario", function, NULL, "A0", "EU", __VA_ARGS__);                                                    \
        WRONG("region", function, scenario, NULL, "EU", __VA_ARGS__);                                                  \
        WRONG("group", function, scenario, "A0", NULL, __VA_ARGS__);                                                   \
    } while (0)

static void scenarios(void **state)
{
    (void)state;
    const dr_rent no_rent = (dr_rent)3;
    WRONG("out", dr_scenario_new, NULL, economy);
    WRONG("economy", dr_scenario_new, &sc, NULL);
    WRONG("out", dr_scenario_load, NULL, economy, "x.yaml");
    WRONG("economy", dr_scenario_load, &sc, NULL, "x.yaml");
    WRONG("path", dr_scenario_load, &sc, economy, NULL);
    WRONG("out", dr_scenario_load_dated, NULL, economy, "x.yaml", 9000, 9001);
    WRONG("economy", dr_scenario_load_dated, &sc, NULL, "x.yaml", 9000, 9001);
    WRONG("path", dr_scenario_load_dated, &sc, economy, NULL, 9000, 9001);
    WRONG("year", dr_scenario_load_dated, &sc, economy, "x.yaml", -1, 9001);
    WRONG("year", dr_scenario_load_dated, &sc, economy, "x.yaml", 9002, 9001);
    WRONG("last", dr_scenario_load_dated, &sc, economy, "x.yaml", 9000, 10000);
    WRONG("out", dr_scenario_parse_dated, NULL, economy, "", 0, "nothing", 9000, 9001);
    WRONG("economy", dr_scenario_parse_dated, &sc, NULL, "", 0, "nothing", 9000, 9001);
    WRONG("text", dr_scenario_parse_dated, &sc, economy, NULL, 0, "nothing", 9000, 9001);
    WRONG("name", dr_scenario_parse_dated, &sc, economy, "", 0, NULL, 9000, 9001);
    WRONG("year", dr_scenario_parse_dated, &sc, economy, "", 0, "nothing", 9002, 9001);
    WRONG("out", dr_scenario_parse, NULL, economy, "", 0, "nothing");
    WRONG("economy", dr_scenario_parse, &sc, NULL, "", 0, "nothing");
    WRONG("name", dr_scenario_parse, &sc, economy, "", 0, NULL);
    BAD("text", dr_scenario_parse, &sc, economy, NULL, 0, "nothing");
    assert_non_null(strstr(dr_error_text(), "nothing: empty"));
    BAD("size", dr_scenario_parse, &sc, economy, NULL, SIZE_MAX, "nothing");
    WRONG("scenario", dr_scenario_title, NULL, "title");
    WRONG("title", dr_scenario_title, scenario, NULL);
    WRONG("out", dr_settings_load, NULL, "x.yaml");
    WRONG("path", dr_settings_load, &settings, NULL);
    WRONG("out", dr_settings_parse, NULL, "", 0, "nothing");
    WRONG("name", dr_settings_parse, &settings, "", 0, NULL);
    BAD("text", dr_settings_parse, &settings, NULL, 0, "nothing");
    GIVES(== 0, "settings", dr_settings_year, NULL);
    GIVES(== NULL, "settings", dr_settings_model, NULL);
    NOTHING("settings", dr_settings_free, NULL);
    LISTS(dr_scenario_tariff, "on", COMMA 0.1 COMMA DR_RATE_SET);
    LISTS(dr_scenario_export_tax, "to", COMMA 0.1);
    WRONG("scenario", dr_scenario_production_tax, NULL, "A0", "all", 0.1);
    WRONG("in", dr_scenario_production_tax, scenario, NULL, "all", 0.1);
    WRONG("sectors", dr_scenario_production_tax, scenario, "A0", NULL, 0.1);
    WRONG("scenario", dr_scenario_use_tax, NULL, "A0", "all", 0.1);
    WRONG("in", dr_scenario_use_tax, scenario, NULL, "all", 0.1);
    WRONG("sectors", dr_scenario_use_tax, scenario, "A0", NULL, 0.1);
    BAD("rate", dr_scenario_export_tax, scenario, "A0", "A2", "all", NAN);
    BAD("rate", dr_scenario_production_tax, scenario, "A0", "all", -1);
    BAD("rate", dr_scenario_use_tax, scenario, "A0", "all", INFINITY);
    WRONG("kind", dr_scenario_tariff, scenario, "A0", "A1", "all", 0.1, (dr_rate_kind)4);
    LISTS(dr_scenario_trade_cost, "on", COMMA 1.1 COMMA false);
    LISTS(dr_scenario_ban, "on");
    LISTS(dr_scenario_export_curb, "to", COMMA 0.1 COMMA DR_RENT_LOST COMMA false);
    LISTS(dr_scenario_quota, "on", COMMA 1 COMMA DR_RENT_LOST);
    WRONG("scenario", dr_scenario_change, NULL, "ban", "A0:A1:all");
    WRONG("instrument", dr_scenario_change, scenario, NULL, "A0:A1:all");
    WRONG("text", dr_scenario_change, scenario, "ban", NULL);
    WRONG("instrument", dr_scenario_change, scenario, "tarif", "A0:A1:all:10%");
    WRONG("text", dr_scenario_change, scenario, "ban", "A0:A1");
    BAD("text", dr_scenario_change, scenario, "tariff", "{file: tariffs.csv}");
    BAD("text", dr_scenario_change, scenario, "tariff", "A0:XX:all:10%");
    dr_rate_quota quota = {.size = sizeof quota, .quota = 1, .over_quota = 0.1};
    LISTS(dr_scenario_tariff_rate_quota, "on", COMMA & quota);
    WRONG("quota", dr_scenario_tariff_rate_quota, scenario, "A0", "A2", "all", NULL);
    BAD("quota", dr_scenario_tariff_rate_quota, scenario, "A0", "A2", "all",
        &(dr_rate_quota){.size = sizeof quota, .quota = NAN, .over_quota = 0.1});
    BAD("over_quota", dr_scenario_tariff_rate_quota, scenario, "A0", "A2", "all",
        &(dr_rate_quota){.size = sizeof quota, .quota = 1, .in_quota = 0.2, .over_quota = 0.1});
    WRONG("quota", dr_scenario_tariff_rate_quota, scenario, "A0", "A2", "all", &(dr_rate_quota){.quota = 1});
    WRONG("rent", dr_scenario_tariff_rate_quota, scenario, "A0", "A2", "all",
          &(dr_rate_quota){.size = sizeof quota, .rent = no_rent});
    BAD("rate", dr_scenario_tariff, scenario, "A0", "A2", "all", NAN, DR_RATE_SET);
    BAD("rate", dr_scenario_tariff, scenario, "A0", "A2", "all", -1, DR_RATE_SET);
    BAD("times", dr_scenario_trade_cost, scenario, "A0", "A2", "all", INFINITY, false);
    BAD("cut", dr_scenario_export_curb, scenario, "A0", "A2", "all", NAN, DR_RENT_LOST, false);
    BAD("at", dr_scenario_quota, scenario, "A0", "A2", "all", NAN, DR_RENT_LOST);
    WRONG("rent", dr_scenario_export_curb, scenario, "A0", "A2", "all", 0.1, no_rent, false);
    WRONG("rent", dr_scenario_quota, scenario, "A0", "A2", "all", 1, no_rent);
}

static void shifts_and_carbon(void **state)
{
    (void)state;
    WRONG("scenario", dr_scenario_productivity, NULL, "A0", "all", 0.1);
    WRONG("in", dr_scenario_productivity, scenario, NULL, "all", 0.1);
    WRONG("sectors", dr_scenario_productivity, scenario, "A0", NULL, 0.1);
    BAD("change", dr_scenario_productivity, scenario, "A0", "all", -1);
    WRONG("scenario", dr_scenario_factor_supply, NULL, "A0", NULL, "all", 0.1);
    WRONG("in", dr_scenario_factor_supply, scenario, NULL, NULL, "all", 0.1);
    WRONG("sectors", dr_scenario_factor_supply, scenario, "A0", NULL, NULL, 0.1);
    BAD("factor", dr_scenario_factor_supply, scenario, "A0", "no-factor", "all", 0.1);
    BAD("change", dr_scenario_factor_supply, scenario, "A0", NULL, "all", NAN);
    WRONG("scenario", dr_scenario_demand, NULL, "A0", "all", 0.1);
    WRONG("in", dr_scenario_demand, scenario, NULL, "all", 0.1);
    WRONG("sectors", dr_scenario_demand, scenario, "A0", NULL, 0.1);
    BAD("change", dr_scenario_demand, scenario, "A0", "all", INFINITY);
    WRONG("scenario", dr_scenario_carbon_price, NULL, "A0", "all", 50, 0);
    WRONG("in", dr_scenario_carbon_price, scenario, NULL, "all", 50, 0);
    WRONG("sectors", dr_scenario_carbon_price, scenario, "A0", NULL, 50, 0);
    BAD("price", dr_scenario_carbon_price, scenario, "A0", "all", NAN, 0);
    BAD("abatement", dr_scenario_carbon_price, scenario, "A0", "all", 50, -1);
    LISTS(dr_scenario_carbon_border, "on", COMMA 50 COMMA DR_CARBON_DIRECT COMMA false);
    BAD("price", dr_scenario_carbon_border, scenario, "A0", "A2", "all", -1, DR_CARBON_DIRECT, false);
    WRONG("basis", dr_scenario_carbon_border, scenario, "A0", "A2", "all", 50, (dr_carbon_basis)3, false);
    WRONG("scenario", dr_scenario_transfer, NULL, "A0", "A1", 1, false);
    WRONG("from", dr_scenario_transfer, scenario, NULL, "A1", 1, false);
    WRONG("to", dr_scenario_transfer, scenario, "A0", NULL, 1, false);
    BAD("amount", dr_scenario_transfer, scenario, "A0", "A1", 1, true);
}

static void memberships_and_files(void **state)
{
    (void)state;
    WRONG("scenario", dr_scenario_write, NULL, NULL, NULL, "x.yaml");
    MAY_BE_NULL("title", dr_scenario_write);
    MAY_BE_NULL("options", dr_scenario_write);
    MAY_BE_NULL("path", dr_scenario_write);
    MAY_BE_NULL("path", dr_schema);
    WRONG("economy", dr_baseline_apply, NULL, NULL, "x.yaml");
    WRONG("path", dr_baseline_apply, economy, NULL, NULL);
    MAY_BE_NULL("options", dr_baseline_apply);
    WRONG("economy", dr_baseline_load, NULL, NULL, "x.yaml");
    WRONG("path", dr_baseline_load, economy, NULL, NULL);
    MAY_BE_NULL("options", dr_baseline_load);
    WRONG("economy", dr_baseline_parse, NULL, NULL, "a: b", 4, "x");
    WRONG("name", dr_baseline_parse, economy, NULL, "a: b", 4, NULL);
    MAY_BE_NULL("options", dr_baseline_parse);
    BAD("text", dr_baseline_parse, economy, NULL, NULL, 0, "nothing");
    BAD("size", dr_baseline_parse, economy, NULL, "a: b", SIZE_MAX, "nothing");
    GROUP(dr_scenario_leave, 2);
    GROUP(dr_scenario_join, 2);
    GROUP(dr_scenario_leave_file, "x.csv");
    GROUP(dr_scenario_join_file, "x.csv");
    GROUP(dr_scenario_leave_estimate, "x", NULL);
    GROUP(dr_scenario_join_estimate, "x", NULL);
    WRONG("path", dr_scenario_leave_file, scenario, "A0", "EU", NULL);
    WRONG("path", dr_scenario_join_file, scenario, "A0", "EU", NULL);
    WRONG("estimate", dr_scenario_leave_estimate, scenario, "A0", "EU", NULL, NULL);
    WRONG("estimate", dr_scenario_join_estimate, scenario, "A0", "EU", NULL, NULL);
    MAY_BE_NULL("variable", dr_scenario_leave_estimate);
    MAY_BE_NULL("variable", dr_scenario_join_estimate);
    NOTHING("scenario", dr_scenario_inside, NULL, true);
    GIVES(== false, "scenario", dr_scenario_products, NULL);
    NOTHING("scenario", dr_scenario_free, NULL);
    WRONG("text", dr_parse_rate, NULL, &number);
    WRONG("out", dr_parse_rate, "25%", NULL);
}

#define OF_SOLUTION(function)                                                                                          \
    do {                                                                                                               \
        WRONG("out", function, NULL, solution);                                                                        \
        WRONG("solution", function, &t, NULL);                                                                         \
    } while (0)

static void models(void **state)
{
    (void)state;
    const dr_model_options wrong[] = {{.size = sizeof(dr_model_options), .closure = (dr_closure)99},
                                      {.size = sizeof(dr_model_options), .closure = (dr_closure)-1},
                                      {.size = sizeof(dr_model_options), .tolerance = NAN},
                                      {.size = sizeof(dr_model_options), .tolerance = -1},
                                      {.size = sizeof(dr_model_options), .tolerance = INFINITY},
                                      {.size = sizeof(dr_model_options), .max_sweeps = -1}};
    dr_certificate certificate;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        WRONG("options", dr_model_new, &m, economy, &wrong[i]);
    WRONG("out", dr_model_new, NULL, economy, NULL);
    WRONG("economy", dr_model_new, &m, NULL, NULL);
    NOTHING("model", dr_model_free, NULL);
    WRONG("out", dr_model_solve, NULL, model, scenario);
    WRONG("model", dr_model_solve, &s, NULL, scenario);
    refused("dr_model_solve", "the scenario", DR_USAGE, dr_model_solve(&s, model, foreign));
    MAY_BE_NULL("scenario", dr_model_solve);
    NOTHING("solution", dr_solution_free, NULL);
    NOTHING("certificate", dr_solution_certificate, solution, NULL);
    NOTHING("solution", dr_solution_certificate, NULL, &certificate);
    assert_true(certificate.sweeps == 0);
    OF_SOLUTION(dr_solution_regions);
    OF_SOLUTION(dr_solution_sectors);
    OF_SOLUTION(dr_solution_flows);
    OF_SOLUTION(dr_solution_ties);
    OF_SOLUTION(dr_solution_curbs);
    OF_SOLUTION(dr_solution_money);
    OF_SOLUTION(dr_solution_protection);
    OF_SOLUTION(dr_solution_products);
    WRONG("out", dr_solution_decomposition, NULL, solution, NULL);
    WRONG("solution", dr_solution_decomposition, &t, NULL, NULL);
    refused("dr_solution_decomposition", "the scenario", DR_USAGE, dr_solution_decomposition(&t, solution, foreign));
    MAY_BE_NULL("scenario", dr_solution_decomposition);
    WRONG("out", dr_solution_overview, NULL, solution, NULL);
    WRONG("solution", dr_solution_overview, &t, NULL, NULL);
    refused("dr_solution_overview", "the scenario", DR_USAGE, dr_solution_overview(&t, solution, foreign));
    MAY_BE_NULL("scenario", dr_solution_overview);
    WRONG("out", dr_solution_partial, NULL, solution, NULL);
    WRONG("solution", dr_solution_partial, &t, NULL, NULL);
    refused("dr_solution_partial", "the scenario", DR_USAGE, dr_solution_partial(&t, solution, foreign));
    MAY_BE_NULL("scenario", dr_solution_partial);
    WRONG("out", dr_solution_summary, NULL, solution, NULL);
    WRONG("solution", dr_solution_summary, &t, NULL, NULL);
    refused("dr_solution_summary", "the scenario", DR_USAGE, dr_solution_summary(&t, solution, foreign));
    MAY_BE_NULL("scenario", dr_solution_summary);
    OF_SOLUTION(dr_solution_factors);
    OF_SOLUTION(dr_solution_jobs);
    WRONG("out", dr_solution_emissions, NULL, solution, 0);
    WRONG("solution", dr_solution_emissions, &table, NULL, 0);
    BAD("social_cost", dr_solution_emissions, &table, solution, -1);
    WRONG("out", dr_solution_households, NULL, solution, "a.csv");
    WRONG("solution", dr_solution_households, &table, NULL, "a.csv");
    WRONG("path", dr_solution_households, &table, solution, NULL);
    WRONG("out", dr_solution_places, NULL, solution, "a.csv");
    WRONG("solution", dr_solution_places, &table, NULL, "a.csv");
    WRONG("path", dr_solution_places, &table, solution, NULL);
    WRONG("out", dr_solution_why, NULL, solution, NULL, "A0", 1);
    WRONG("solution", dr_solution_why, &t, NULL, NULL, "A0", 1);
    WRONG("of", dr_solution_why, &t, solution, NULL, NULL, 1);
    refused("dr_solution_why", "the scenario", DR_USAGE, dr_solution_why(&t, solution, foreign, "A0", 1));
    MAY_BE_NULL("scenario", dr_solution_why);
    WRONG("out", dr_solution_tie, NULL, solution, "A0", "A1");
    WRONG("solution", dr_solution_tie, &t, NULL, "A0", "A1");
    WRONG("of", dr_solution_tie, &t, solution, NULL, "A1");
    WRONG("with", dr_solution_tie, &t, solution, "A0", NULL);
    WRONG("out", dr_solution_gradient, NULL, solution, scenario, "welfare:A0");
    WRONG("solution", dr_solution_gradient, &gradient, NULL, scenario, "welfare:A0");
    WRONG("result", dr_solution_gradient, &gradient, solution, scenario, NULL);
    refused("dr_solution_gradient", "the scenario", DR_USAGE,
            dr_solution_gradient(&gradient, solution, foreign, "welfare:A0"));
    MAY_BE_NULL("scenario", dr_solution_gradient);
    WRONG("out", dr_solution_sensitivity, NULL, solution, scenario, "welfare:A0", 1);
    WRONG("solution", dr_solution_sensitivity, &t, NULL, scenario, "welfare:A0", 1);
    WRONG("result", dr_solution_sensitivity, &t, solution, scenario, NULL, 1);
    refused("dr_solution_sensitivity", "the scenario", DR_USAGE,
            dr_solution_sensitivity(&t, solution, foreign, "welfare:A0", 1));
    MAY_BE_NULL("scenario", dr_solution_sensitivity);
}

/* A scenario with caps is not the one that a solution without them was found under. */
static void a_gradient_is_taken_under_the_scenario_of_the_solution(void **state)
{
    dr_scenario *capped = NULL;
    (void)state;
    assert_ok(dr_scenario_new(&capped, economy));
    assert_ok(dr_scenario_export_curb(capped, "A1", "A0", "all", 0.5, DR_RENT_LOST, false));
    assert_failed(dr_solution_gradient(&gradient, solution, capped, "welfare:A0"), DR_USAGE,
                  "dr_solution_gradient: the solution was not found under this scenario");
    dr_scenario_free(capped);
}

#define DRAWS(function)                                                                                                \
    do {                                                                                                               \
        const dr_draw_options two = DR_OPTIONS(dr_draw_options, .draws = 2, .elasticity_error = 0.2);                  \
        const dr_draw_options none = DR_OPTIONS(dr_draw_options, .elasticity_error = 0.2);                             \
        const dr_draw_options below = DR_OPTIONS(dr_draw_options, .draws = 2, .elasticity_error = NAN);                \
        const dr_draw_options threads = DR_OPTIONS(dr_draw_options, .draws = 2, .threads = -1);                        \
        WRONG("out", function, NULL, model, scenario, &two);                                                           \
        WRONG("model", function, &t, NULL, scenario, &two);                                                            \
        WRONG("options", function, &t, model, scenario, NULL);                                                         \
        WRONG("options", function, &t, model, scenario, &threads);                                                     \
        BAD("options", function, &t, model, scenario, &none);                                                          \
        BAD("options", function, &t, model, scenario, &below);                                                         \
        refused(#function, "the scenario", DR_USAGE, function(&t, model, foreign, &two));                              \
        MAY_BE_NULL("scenario", function);                                                                             \
    } while (0)

static void draws_and_cuts(void **state)
{
    (void)state;
    const dr_propagate_options of_nothing = {.size = sizeof(dr_propagate_options), .table = (dr_propagate_table)4};
    DRAWS(dr_draw_bands);
    DRAWS(dr_draw_all);
    DRAWS(dr_draw_summary);
    const dr_draw_options two = DR_OPTIONS(dr_draw_options, .draws = 2, .elasticity_error = 0.2);
    const dr_draw_options later = DR_OPTIONS(dr_draw_options, .draws = 2, .elasticity_error = 0.2, .first = 1);
    const char *const none[] = {NULL};
    MAY_BE_NULL("there", dr_draw_part);
    MAY_BE_NULL("scenario", dr_draw_part);
    WRONG("path", dr_draw_part, NULL, NULL, model, scenario, &two, 1, 2);
    WRONG("model", dr_draw_part, NULL, "x.parquet", NULL, scenario, &two, 1, 2);
    WRONG("options", dr_draw_part, NULL, "x.parquet", model, scenario, NULL, 1, 2);
    WRONG("options->first", dr_draw_part, NULL, "x.parquet", model, scenario, &later, 1, 2);
    WRONG("part", dr_draw_part, NULL, "x.parquet", model, scenario, &two, 0, 2);
    WRONG("part", dr_draw_part, NULL, "x.parquet", model, scenario, &two, 3, 2);
    WRONG("parts", dr_draw_part, NULL, "x.parquet", model, scenario, &two, 1, 0);
    WRONG("parts", dr_draw_part, NULL, "x.parquet", model, scenario, &two, 1, 3);
    MAY_BE_NULL("there", dr_exposure_cut_part);
    MAY_BE_NULL("options", dr_exposure_cut_part);
    WRONG("path", dr_exposure_cut_part, NULL, NULL, model, "A0", NULL, 1, 2);
    WRONG("model", dr_exposure_cut_part, NULL, "x.parquet", NULL, "A0", NULL, 1, 2);
    WRONG("of", dr_exposure_cut_part, NULL, "x.parquet", model, NULL, NULL, 1, 2);
    WRONG("parts", dr_exposure_cut_part, NULL, "x.parquet", model, "A0", NULL, 1, 0);
    WRONG("part", dr_exposure_cut_part, NULL, "x.parquet", model, "A0", NULL, 0, 2);
    WRONG("part", dr_exposure_cut_part, NULL, "x.parquet", model, "A0", NULL, 3, 2);
    WRONG("options", dr_exposure_cut_part, NULL, "x.parquet", model, "A0", &DR_OPTIONS(dr_cut_options, .threads = -1),
          1, 2);
    assert_false(is_there("x.parquet"));
    WRONG("out", dr_draw_combine, NULL, file, 1);
    WRONG("paths", dr_draw_combine, &t, NULL, 1);
    WRONG("paths", dr_draw_combine, &t, none, 1);
    WRONG("out", dr_exposure_product_cuts, NULL, model, "A0", NULL);
    WRONG("model", dr_exposure_product_cuts, &t, NULL, "A0", NULL);
    WRONG("of", dr_exposure_product_cuts, &t, model, NULL, NULL);
    WRONG("options", dr_exposure_product_cuts, &t, model, "A0", &DR_OPTIONS(dr_cut_options, .threads = -1));
    WRONG("out", dr_exposure_cuts, NULL, model, "A0", NULL);
    WRONG("model", dr_exposure_cuts, &t, NULL, "A0", NULL);
    WRONG("of", dr_exposure_cuts, &t, model, NULL, NULL);
    WRONG("options", dr_exposure_cuts, &t, model, "A0", &DR_OPTIONS(dr_cut_options, .threads = -1));
    dr_transition *path = NULL;
    WRONG("out", dr_transition_solve, NULL, model, NULL, 1, NULL);
    WRONG("model", dr_transition_solve, &path, NULL, NULL, 1, NULL);
    WRONG("years", dr_transition_solve, &path, model, NULL, 0, NULL);
    WRONG("years", dr_transition_solve, &path, model, NULL, 201, NULL);
    WRONG("options", dr_transition_solve, &path, model, NULL, 1, &DR_OPTIONS(dr_transition_options, .discount = NAN));
    WRONG("options", dr_transition_solve, &path, model, NULL, 1, &DR_OPTIONS(dr_transition_options, .steps = 65));
    WRONG("in_force", dr_transition_solve, &path, model, (const dr_scenario *const[]){foreign}, 1, NULL);
    WRONG("out", dr_transition_years, NULL, path);
    WRONG("transition", dr_transition_years, &t, NULL);
    WRONG("out", dr_transition_lifetime, NULL, path);
    WRONG("transition", dr_transition_lifetime, &t, NULL);
    WRONG("out", dr_transition_horizons, NULL, path);
    WRONG("transition", dr_transition_horizons, &t, NULL);
    GIVES(== NULL, "transition", dr_transition_year, NULL, 0);
    NOTHING("transition", dr_transition_free, NULL);
    GIVES(!= NULL, "", dr_transition_elasticity);
    WRONG("out", dr_exposure_cut_bands, NULL, model, "A0", NULL, &two);
    WRONG("model", dr_exposure_cut_bands, &t, NULL, "A0", NULL, &two);
    WRONG("of", dr_exposure_cut_bands, &t, model, NULL, NULL, &two);
    WRONG("draws", dr_exposure_cut_bands, &t, model, "A0", NULL, NULL);
    WRONG("out", dr_exposure_summary, NULL, world, 0, "A0", NULL);
    WRONG("world", dr_exposure_summary, &t, NULL, 0, "A0", NULL);
    WRONG("of", dr_exposure_summary, &t, world, 0, NULL, NULL);
    MAY_BE_NULL("to", dr_exposure_summary);
    MAY_BE_NULL("options", dr_exposure_cut_bands);
    WRONG("out", dr_propagate, NULL, world, "x.yaml", NULL);
    WRONG("world", dr_propagate, &t, NULL, "x.yaml", NULL);
    WRONG("shock", dr_propagate, &t, world, NULL, NULL);
    WRONG("options", dr_propagate, &t, world, "x.yaml", &of_nothing);
    assert_int_equal(dr_propagate(&t, world, "x.yaml", &DR_OPTIONS(dr_propagate_options, .steps = -1)), DR_USAGE);
}

/* A million threads for two draws are two. */
static void there_are_no_more_threads_than_draws(void **state)
{
    const dr_draw_options one = {.size = sizeof(dr_draw_options), .draws = 2, .elasticity_error = 0.2, .threads = 1};
    dr_draw_options many = one;
    dr_table *a = NULL, *b = NULL;
    (void)state;
    many.threads = 1000000;
    assert_ok(dr_draw_bands(&a, model, scenario, &one));
    assert_ok(dr_draw_bands(&b, model, scenario, &many));
    for (size_t i = 0; i < dr_table_rows(a); i++)
        for (size_t j = 1; j < dr_table_columns(a); j++) {
            double x = dr_table_number(a, i, j), y = dr_table_number(b, i, j);
            assert_memory_equal(&x, &y, sizeof x);
        }
    dr_table_free(a);
    dr_table_free(b);
}

static void plans(void **state)
{
    (void)state;
    const dr_plan_options right = {.size = sizeof(dr_plan_options), .cap = 0.1},
                          wrong[] = {{.size = sizeof(dr_plan_options), .cap = 0.1, .share = (dr_share)3},
                                     {.size = sizeof(dr_plan_options), .cap = 0.1, .objective = (dr_plan_objective)2},
                                     {.size = sizeof(dr_plan_options), .cap = 0.1, .threads = -1},
                                     {.size = sizeof(dr_plan_options), .cap = 0.1, .starts = SIZE_MAX}};
    const dr_plan_options bad[] = {
        {.size = sizeof(dr_plan_options), .cap = NAN},
        {.size = sizeof(dr_plan_options), .cap = 2},
        {.size = sizeof(dr_plan_options), .max_concentration = NAN},
        {.size = sizeof(dr_plan_options), .max_concentration = 2},
        {.size = sizeof(dr_plan_options), .budget = NAN},
        {.size = sizeof(dr_plan_options), .budget = -1},
        {.size = sizeof(dr_plan_options), .risk = NAN},
        {.size = sizeof(dr_plan_options), .max_loss = NAN},
        {.size = sizeof(dr_plan_options), .cap = 0.1, .most_tariff = NAN},
        {.size = sizeof(dr_plan_options), .cap = 0.1, .most_support = 1},
        {.size = sizeof(dr_plan_options), .cap = 0.1, .max_loss = 1, .stock = NAN},
        {.size = sizeof(dr_plan_options), .cap = 0.1, .max_loss = 1, .stock = 1, .stock_cost = NAN}};
    const dr_draw_options draws = DR_OPTIONS(dr_draw_options, .draws = 2, .elasticity_error = 0.2);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        WRONG("options", dr_plan_new, &plan, model, "A0", "A1", &wrong[i]);
        WRONG("options", dr_plan_curve, &t, model, "A0", "A1", &wrong[i], 2);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        BAD("options", dr_plan_new, &plan, model, "A0", "A1", &bad[i]);
    WRONG("out", dr_plan_new, NULL, model, "A0", "A1", &right);
    WRONG("model", dr_plan_new, &plan, NULL, "A0", "A1", &right);
    WRONG("of", dr_plan_new, &plan, model, NULL, "A1", &right);
    WRONG("from", dr_plan_new, &plan, model, "A0", NULL, &right);
    WRONG("options", dr_plan_new, &plan, model, "A0", "A1", NULL);
    NOTHING("plan", dr_plan_free, NULL);
    GIVES(== NULL, "plan", dr_plan_solution, NULL);
    WRONG("plan", dr_plan_write, NULL, "x.yaml");
    MAY_BE_NULL("path", dr_plan_write);
    WRONG("out", dr_plan_sectors, NULL, plan);
    WRONG("plan", dr_plan_sectors, &t, NULL);
    WRONG("out", dr_plan_costs, NULL, plan);
    WRONG("plan", dr_plan_costs, &t, NULL);
    WRONG("out", dr_plan_products, NULL, plan);
    WRONG("plan", dr_plan_products, &t, NULL);
    WRONG("out", dr_plan_suppliers, NULL, plan);
    WRONG("plan", dr_plan_suppliers, &t, NULL);
    WRONG("out", dr_plan_summary, NULL, plan);
    WRONG("plan", dr_plan_summary, &t, NULL);
    WRONG("out", dr_plan_bands, NULL, plan, "costs", &draws);
    WRONG("plan", dr_plan_bands, &t, NULL, "costs", &draws);
    MAY_BE_NULL("table", dr_plan_bands);
    MAY_BE_NULL("options", dr_plan_bands);
    WRONG("out", dr_plan_years, NULL, model, "A0", "A1", &right, 2, NULL, 0);
    WRONG("model", dr_plan_years, &t, NULL, "A0", "A1", &right, 2, NULL, 0);
    WRONG("of", dr_plan_years, &t, model, NULL, "A1", &right, 2, NULL, 0);
    WRONG("from", dr_plan_years, &t, model, "A0", NULL, &right, 2, NULL, 0);
    WRONG("options", dr_plan_years, &t, model, "A0", "A1", NULL, 2, NULL, 0);
    WRONG("years", dr_plan_years, &t, model, "A0", "A1", &right, 0, NULL, 0);
    WRONG("discount", dr_plan_years, &t, model, "A0", "A1", &right, 2, NULL, NAN);
    BAD("caps", dr_plan_years, &t, model, "A0", "A1", &right, 2, "soon", 0);
    WRONG("out", dr_plan_curve, NULL, model, "A0", "A1", &right, 2);
    WRONG("model", dr_plan_curve, &t, NULL, "A0", "A1", &right, 2);
    WRONG("of", dr_plan_curve, &t, model, NULL, "A1", &right, 2);
    WRONG("from", dr_plan_curve, &t, model, "A0", NULL, &right, 2);
    WRONG("options", dr_plan_curve, &t, model, "A0", "A1", NULL, 2);
    assert_int_equal(dr_plan_curve(&t, model, "A0", "A1", &right, SIZE_MAX), DR_USAGE);
}

#define OF_GAME(function)                                                                                              \
    do {                                                                                                               \
        WRONG("out", function, NULL, game);                                                                            \
        WRONG("game", function, &t, NULL);                                                                             \
        assert_failed(function(&t, game), DR_USAGE, "the game is not solved");                                         \
    } while (0)

static void games(void **state)
{
    (void)state;
    const dr_game_options wrong[] = {{.size = sizeof(dr_game_options), .threads = -1},
                                     {.size = sizeof(dr_game_options), .starts = SIZE_MAX}};
    WRONG("out", dr_game_load, NULL, model, "x.yaml");
    WRONG("model", dr_game_load, &played, NULL, "x.yaml");
    WRONG("path", dr_game_load, &played, model, NULL);
    WRONG("out", dr_game_parse, NULL, model, "", 0, "nothing");
    WRONG("model", dr_game_parse, &played, NULL, "", 0, "nothing");
    WRONG("name", dr_game_parse, &played, model, "", 0, NULL);
    BAD("text", dr_game_parse, &played, model, NULL, 0, "nothing");
    NOTHING("game", dr_game_free, NULL);
    WRONG("game", dr_game_solve, NULL, NULL);
    WRONG("game", dr_game_write, NULL, "x.yaml");
    MAY_BE_NULL("path", dr_game_write);
    WRONG("game", dr_game_map, &t, NULL, 2, NULL);
    WRONG("out", dr_game_map, NULL, game, 2, NULL);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        WRONG("options", dr_game_solve, game, &wrong[i]);
        WRONG("options", dr_game_map, &t, game, 2, &wrong[i]);
    }
    assert_int_equal(dr_game_map(&t, game, SIZE_MAX, NULL), DR_USAGE);
    OF_GAME(dr_game_outcome);
    OF_GAME(dr_game_settings);
    OF_GAME(dr_game_summary);
    const dr_draw_options draws = DR_OPTIONS(dr_draw_options, .draws = 2, .elasticity_error = 0.2);
    WRONG("out", dr_game_bands, NULL, game, "outcome", &draws);
    WRONG("game", dr_game_bands, &t, NULL, "outcome", &draws);
    WRONG("table", dr_game_bands, &t, game, NULL, &draws);
    WRONG("options", dr_game_bands, &t, game, "outcome", NULL);
    assert_failed(dr_game_bands(&t, game, "outcome", &draws), DR_USAGE, "the game is not solved");
    GIVES(== NULL, "game", dr_game_solution, NULL);
    GIVES(== NULL, "game", dr_game_solution, game);
}

/* ---- The size of options ----------------------------------------------------------------------------------------- */

/* Sizes that no version of a struct has. */
#define SIZES(type, function, before, ...)                                                                             \
    do {                                                                                                               \
        const size_t sizes[] = {0, 1, 8, sizeof(type) - 1, sizeof(type) + 8, SIZE_MAX};                                \
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)                                                      \
            refused(#function, "options->size", DR_USAGE, function(before, &(type){.size = sizes[i]} __VA_ARGS__));    \
    } while (0)

/* NOLINTNEXTLINE(readability-function-size): a line for each function */
static void options_of_another_size(void **state)
{
    (void)state;
    SIZES(dr_import_options, dr_import, &t COMMA file COMMA 1 COMMA "new.world");
    SIZES(dr_import_options, dr_import_icio, &t COMMA file COMMA 1 COMMA "new.world");
    SIZES(dr_import_options, dr_import_long, &t COMMA "." COMMA "new.world");
    SIZES(dr_import_options, dr_import_products, &t COMMA DR_BACI COMMA file COMMA 1 COMMA "new.world");
    SIZES(dr_import_options, dr_import_energy, &t COMMA file COMMA 1 COMMA "new.world");
    SIZES(dr_import_options, dr_import_materials, &t COMMA file COMMA 1 COMMA "new.world");
    SIZES(dr_gravity_options, dr_gravity_new, &g COMMA file COMMA 1);
    SIZES(dr_triple_options, dr_triple_ratio, &t COMMA file COMMA 1);
    SIZES(dr_equilibrium_options, dr_gravity_equilibrium, &t COMMA gravity);
    SIZES(dr_screen_options, dr_exposure_products, &t COMMA world COMMA "EU");
    SIZES(dr_partial_options, dr_partial_equilibrium, &t COMMA world COMMA "regions" COMMA NULL COMMA 0);
    SIZES(dr_balance_options, dr_balance, &t COMMA world COMMA "AAA" COMMA NULL);
    SIZES(dr_ties_options, dr_ties, &t COMMA world);
    SIZES(dr_model_options, dr_model_new, &m COMMA economy);
    SIZES(dr_draw_options, dr_draw_bands, &t COMMA model COMMA scenario);
    SIZES(dr_draw_options, dr_draw_all, &t COMMA model COMMA scenario);
    SIZES(dr_draw_options, dr_draw_part, NULL COMMA "x.parquet" COMMA model COMMA scenario, COMMA 1 COMMA 2);
    SIZES(dr_draw_options, dr_draw_summary, &t COMMA model COMMA scenario);
    SIZES(dr_cut_options, dr_exposure_cuts, &t COMMA model COMMA "A0");
    SIZES(dr_cut_options, dr_exposure_product_cuts, &t COMMA model COMMA "A0");
    dr_transition *path = NULL;
    SIZES(dr_transition_options, dr_transition_solve, &path COMMA model COMMA NULL COMMA 1);
    SIZES(dr_plan_options, dr_plan_new, &plan COMMA model COMMA "A0" COMMA "A1");
    SIZES(dr_plan_options, dr_plan_years, &t COMMA model COMMA "A0" COMMA "A1", COMMA 2 COMMA NULL COMMA 0);
    SIZES(dr_plan_options, dr_plan_curve, &t COMMA model COMMA "A0" COMMA "A1", COMMA 2);
    SIZES(dr_game_options, dr_game_solve, game);
    SIZES(dr_game_options, dr_game_map, &t COMMA game COMMA 2);
    SIZES(dr_propagate_options, dr_propagate, &t COMMA world COMMA "x.yaml");
}

/* What a program that knows fewer members has after them is not read. */
static void options_of_an_earlier_size(void **state)
{
    dr_table *cuts = NULL;
    (void)state;
    assert_ok(dr_exposure_cuts(&cuts, model, "A0",
                               &(dr_cut_options){.size = offsetof(dr_cut_options, threads), .threads = -1}));
    dr_table_free(cuts);
}

static void the_version_is_a_number_too(void **state)
{
    long whole = 0;
    const char *text = dr_version();
    char *rest = NULL;
    (void)state;
    for (int part = 0; part < 3; part++, text = rest + 1) {
        whole = 100 * whole + strtol(text, &rest, 10);
        assert_true(rest > text && *rest == (part < 2 ? '.' : '\0'));
    }
    assert_int_equal(DR_VERSION_NUMBER, whole);
}

/* ---- Against the header ------------------------------------------------------------------------------------------ */

static void nothing_came_back(void **state)
{
    (void)state;
    assert_true(!t && !w && !e && !m && !sc && !s && !settings && !g && !plan && !played);
}

static bool has_row(const char *function, const char *parameter, size_t size)
{
    for (size_t i = 0; i < row_count; i++)
        if (strcmp(rows[i].function, function) == 0 &&
            (size == 0 || (strlen(rows[i].parameter) == size && memcmp(rows[i].parameter, parameter, size) == 0)))
            return true;
    return false;
}

/* The last name of a parameter such as "const char *const *files", if it is a pointer. */
static void check_parameter(const char *function, const char *from, const char *to)
{
    const char *start = to;
    bool pointer = memchr(from, '*', (size_t)(to - from));
    while (start > from && (isalnum((unsigned char)start[-1]) || start[-1] == '_'))
        start--;
    if (pointer && !has_row(function, start, (size_t)(to - start)))
        fail_msg("%s is not called here with a wrong or missing %.*s", function, (int)(to - start), start);
}

static void check_declaration(const char *text)
{
    char function[80];
    const char *open = strchr(text, '('), *close = strchr(text, ')'), *start = open;
    while (isalnum((unsigned char)start[-1]) || start[-1] == '_')
        start--;
    snprintf(function, sizeof function, "%.*s", (int)(open - start), start);
    if (!has_row(function, "", 0))
        fail_msg("%s is not called here", function);
    for (const char *from = open + 1, *to; from < close; from = to + 1) {
        to = memchr(from, ',', (size_t)(close - from));
        to = to ? to : close;
        check_parameter(function, from, to);
    }
}

static void every_parameter_of_the_header_has_a_row(void **state)
{
    char path[4200];
    size_t size, count = 0;
    (void)state;
    snprintf(path, sizeof path, "%s/include/derisk.h", test_root);
    char *header = read_bytes(path, &size);
    for (const char *at = header; (at = strstr(at, "\nDR_API ")); at++, count++)
        check_declaration(at);
    free(header);
    assert_true(count > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables),
        cmocka_unit_test(cells_and_facts),
        cmocka_unit_test(written_tables),
        cmocka_unit_test(worlds),
        cmocka_unit_test(imports),
        cmocka_unit_test(estimates),
        cmocka_unit_test(structural),
        cmocka_unit_test(economies),
        cmocka_unit_test(measures),
        cmocka_unit_test(scenarios),
        cmocka_unit_test(shifts_and_carbon),
        cmocka_unit_test(memberships_and_files),
        cmocka_unit_test(models),
        cmocka_unit_test(a_gradient_is_taken_under_the_scenario_of_the_solution),
        cmocka_unit_test(draws_and_cuts),
        cmocka_unit_test(there_are_no_more_threads_than_draws),
        cmocka_unit_test(plans),
        cmocka_unit_test(games),
        cmocka_unit_test(options_of_another_size),
        cmocka_unit_test(options_of_an_earlier_size),
        cmocka_unit_test(the_version_is_a_number_too),
        cmocka_unit_test(nothing_came_back),
        cmocka_unit_test(every_parameter_of_the_header_has_a_row),
    };
    return cmocka_run_group_tests(tests, set_up, take_down);
}
