/* The screens against plain SQL over the same flows, row for row; single points of failure against removing each
 * supplier. */
#include "support/world_files.h"

#include <math.h>

#include "base/csv.h"
#include "base/rows.h"
#include "measure/screen.h"
#include "world/world.h"

enum { PLACES = 14, MEMBERS = 4, PRODUCTS = 60, YEARS = 3 };

/* Germany, France, Belgium and the Netherlands, then others; 849 is a number that nobody knows. */
static const int places[PLACES] = {276, 251, 56, 528, 156, 842, 643, 392, 124, 76, 699, 757, 849, 36};

static unsigned long long state;

static unsigned draw(unsigned below)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(state >> 33) % below;
}

/* Flows of whole numbers, so that sums are exact. Most products come from few, some from one; some members export
 * nothing. */
static void write_flows(const char *path, int year)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "t,i,j,k,v,q\n");
    for (int k = 0; k < PRODUCTS; k++)
        for (int i = 0; i < PLACES; i++)
            for (int j = 0; j < PLACES; j++)
                if (i != j && draw(1 + (unsigned)k / 2) < 2 && !(i < MEMBERS && k % 3 == 0 && draw(4)))
                    fprintf(file, "%d,%d,%d,%06d,%u,%s\n", year, places[i], places[j], 10000 + 17 * k,
                            1 + draw(i == 4 + k % 4 ? 100000 : 3000), draw(20) ? "1.5" : "NA");
    fclose(file);
}

static void make_world(const char *world)
{
    static const char *const files[YEARS] = {"BACI_HS17_Y2018.csv", "BACI_HS17_Y2019.csv", "BACI_HS17_Y2020.csv"};
    state = 1;
    for (int y = 0; y < YEARS; y++)
        write_flows(files[y], 2018 + y);
    assert_ok(dr_import_products(NULL, DR_BACI, files, YEARS, world, NULL));
}

/* ---- Plain SQL ---- */

/* Everything of a year by product, from the flows alone. */
static const char year_of_products[] =
    "WITH f AS (SELECT *, exporter IN ('DEU', 'FRA', 'BEL', 'NLD') AS x, importer IN ('DEU', 'FRA', 'BEL', 'NLD') AS m"
    "   FROM product_trade WHERE year = %d),"
    " source AS (SELECT product, exporter, sum(value) AS v FROM f WHERE m AND NOT x GROUP BY ALL),"
    " world AS (SELECT product, exporter, sum(value) AS v FROM f GROUP BY ALL),"
    " member AS (SELECT product, who, sum(imports) AS imports, sum(inside) AS inside, sum(outside) AS outside FROM ("
    "   SELECT product, importer AS who, value AS imports, 0 AS inside, 0 AS outside FROM f WHERE m AND NOT x UNION ALL"
    "   SELECT product, exporter, 0, CASE WHEN m THEN value ELSE 0 END, CASE WHEN m THEN 0 ELSE value END FROM f WHERE "
    "x)"
    "   GROUP BY ALL),"
    " trade AS (SELECT product, sum(CASE WHEN %d = 1 THEN greatest(inside - imports, 0) ELSE inside END) AS inside,"
    "   sum(CASE WHEN %d = 1 THEN greatest(inside + outside - imports, 0) ELSE inside + outside END) AS exports,"
    "   sum(CASE WHEN %d = 1 THEN greatest(outside - imports, 0) ELSE outside END) AS outside FROM member GROUP BY "
    "product),"
    " c1 AS (SELECT product, sum(v) AS imports, sum(v * v) / (sum(v) * sum(v)) AS cdi1, max_by(exporter, v) AS source,"
    "   max(v) / sum(v) AS share FROM source GROUP BY product),"
    " c4 AS (SELECT product, sum(v * v) / (sum(v) * sum(v)) AS concentration FROM world GROUP BY product)"
    " SELECT c1.product, imports, cdi1, imports / (imports + coalesce(inside, 0)) AS cdi2, imports / nullif(exports, "
    "0) AS cdi3,"
    " imports / nullif(outside, 0) AS cdi3_out, concentration, source, share"
    " FROM c1 LEFT JOIN trade USING (product) JOIN c4 USING (product)";

/* Makes the temporary table r<year> of a copy of the world in memory. */
static void by_sql(dr_duck *duck, const char *world, int re_exports)
{
    assert_ok(dr_duck_open(duck, NULL, false));
    assert_ok(dr_duck_run(
        duck,
        "ATTACH '%s' AS w (READ_ONLY); CREATE TABLE product_trade AS SELECT f.year, x.code AS exporter, m.code AS"
        " importer, f.product, f.value, f.quantity FROM w.product_flow f JOIN w.product_region x ON x.id ="
        " f.exporter JOIN w.product_region m ON m.id = f.importer; DETACH w",
        world));
    for (int year = 2018; year < 2018 + YEARS; year++) {
        char sql[4096];
        snprintf(sql, sizeof sql, year_of_products, year, re_exports, re_exports, re_exports);
        assert_ok(dr_duck_run(duck, "CREATE TABLE r%d AS %s", year, sql));
    }
}

static double number(const dr_duck *duck, const char *column, const char *product)
{
    dr_cursor cursor;
    bool more = false;
    assert_ok(dr_cursor_open(&cursor, duck, "SELECT (%s)::DOUBLE FROM r2020 WHERE product = '%s'", column, product));
    assert_ok(dr_cursor_next(&cursor, &more));
    assert_true(more);
    double value = dr_cursor_number(&cursor, 0);
    dr_cursor_close(&cursor);
    return value;
}

static double count(const dr_duck *duck, const char *sql)
{
    dr_cursor cursor;
    bool more = false;
    assert_ok(dr_cursor_open(&cursor, duck, "SELECT (%s)::DOUBLE", sql));
    assert_ok(dr_cursor_next(&cursor, &more));
    double value = dr_cursor_number(&cursor, 0);
    dr_cursor_close(&cursor);
    return value;
}

static void assert_near(double a, double b)
{
    if (isnan(a) != isnan(b) || fabs(a - b) > 1e-12 * fmax(1, fabs(b)))
        fail_msg("%.17g is not %.17g", a, b);
}

static dr_table *screen(const char *path, const dr_screen_options *options)
{
    dr_world *world = NULL;
    dr_table *table = NULL;
    assert_ok(dr_world_open(&world, path));
    assert_ok(dr_exposure_products(&table, world, "DEU,FRA,BEL,NLD", options));
    dr_world_close(world);
    return table;
}

static double cell(const dr_table *table, size_t row, const char *column)
{
    return dr_table_number(table, row, (size_t)dr_table_find(table, column));
}

static const char *text(const dr_table *table, size_t row, const char *column)
{
    return dr_table_text(table, row, (size_t)dr_table_find(table, column));
}

/* The years in which a product meets criteria given in SQL. */
static double years_met(const dr_duck *duck, const char *criteria, const char *product)
{
    char sql[1024];
    snprintf(sql, sizeof sql,
             "(SELECT count(*) FROM r2018 WHERE product = '%s' AND %s) + (SELECT count(*) FROM r2019 WHERE product = "
             "'%s' AND %s)"
             " + (SELECT count(*) FROM r2020 WHERE product = '%s' AND %s)",
             product, criteria, product, criteria, product, criteria);
    return count(duck, sql);
}

static void compare(const dr_screen_options *options, const char *third, const char *criteria, double needed)
{
    dr_duck duck = {0};
    size_t dependent = 0;
    by_sql(&duck, "p.world", options->net_re_exports);
    dr_table *table = screen("p.world", options);
    assert_int_equal(dr_table_rows(table), (size_t)count(&duck, "SELECT count(*) FROM r2020"));
    assert_true(dr_table_rows(table) > PRODUCTS / 2);
    for (size_t row = 0; row < dr_table_rows(table); row++) {
        const char *product = dr_table_text(table, row, 0);
        assert_near(cell(table, row, "imports"), number(&duck, "imports", product));
        assert_near(cell(table, row, "cdi1"), number(&duck, "cdi1", product));
        assert_near(cell(table, row, "cdi2"), number(&duck, "cdi2", product));
        assert_near(cell(table, row, "cdi3"), number(&duck, third, product));
        assert_near(cell(table, row, "world_concentration"), number(&duck, "concentration", product));
        assert_near(cell(table, row, "source_share"), number(&duck, "share", product));
        assert_near(cell(table, row, "years"), years_met(&duck, criteria, product));
        assert_string_equal(text(table, row, "dependent"), cell(table, row, "years") >= needed ? "yes" : "no");
        dependent += strcmp(text(table, row, "dependent"), "yes") == 0;
        if (row > 0)
            assert_true(cell(table, row, "imports") <= cell(table, row - 1, "imports"));
    }
    assert_true(dependent > 0 && dependent < dr_table_rows(table));
    assert_near(dr_table_fact(table, "dependent"), (double)dependent);
    dr_table_free(table);
    dr_duck_close(&duck);
}

static void the_commission(void **unused)
{
    (void)unused;
    const dr_screen_options options = {.size = sizeof(dr_screen_options), .all = true};
    make_world("p.world");
    compare(&options, "cdi3", "cdi1 > 0.4 AND cdi2 > 0.5 AND coalesce(cdi3 > 1, true)", 2);
}

static void re_exports_are_taken_off(void **unused)
{
    (void)unused;
    const dr_screen_options options = {.size = sizeof(dr_screen_options), .all = true, .net_re_exports = true};
    make_world("p.world");
    compare(&options, "cdi3", "cdi1 > 0.4 AND cdi2 > 0.5 AND coalesce(cdi3 > 1, true)", 2);
}

static void geodep(void **unused)
{
    (void)unused;
    const dr_screen_options options = {.size = sizeof(dr_screen_options), .all = true, .rule = DR_SCREEN_GEODEP};
    make_world("p.world");
    compare(&options, "cdi3_out", "cdi1 > 0.4 AND concentration > 0.4 AND coalesce(cdi3_out > 1, true)", 2);
}

static void other_thresholds_and_years(void **unused)
{
    (void)unused;
    const dr_screen_options options = {
        .size = sizeof(dr_screen_options), .all = true, .thresholds = {0.25, 0.8, 3}, .at_least = 3};
    make_world("p.world");
    compare(&options, "cdi3", "cdi1 > 0.25 AND cdi2 > 0.8 AND coalesce(cdi3 > 3, true)", 3);
}

static void only_dependent_products_are_shown(void **unused)
{
    (void)unused;
    const dr_screen_options all = {.size = sizeof(dr_screen_options), .all = true};
    make_world("p.world");
    dr_table *whole = screen("p.world", &all), *table = screen("p.world", NULL);
    size_t next = 0;
    for (size_t row = 0; row < dr_table_rows(whole); row++)
        if (strcmp(text(whole, row, "dependent"), "yes") == 0)
            assert_string_equal(dr_table_text(table, next++, 0), dr_table_text(whole, row, 0));
    assert_int_equal(dr_table_rows(table), next);
    dr_table_free(whole);
    dr_table_free(table);
}

/* ---- The rows ---- */

static void the_rows_add_up(void **unused)
{
    (void)unused;
    const dr_screen_options options = {.size = sizeof(dr_screen_options), .all = true, .window = 1};
    make_world("p.world");
    dr_table *table = screen("p.world", &options), *rows = NULL;
    for (size_t row = 0; row < dr_table_rows(table); row += 7) {
        dr_world *world = NULL;
        double imports = 0, squares = 0;
        assert_ok(dr_world_open(&world, "p.world"));
        assert_ok(dr_exposure_product_rows(&rows, world, "DEU,FRA,BEL,NLD", dr_table_text(table, row, 0), 0));
        dr_world_close(world);
        for (size_t i = 0; i < dr_table_rows(rows); i++) {
            bool is_import = strcmp(text(rows, i, "role"), "import") == 0;
            imports += is_import ? cell(rows, i, "value") : 0;
            squares += is_import ? cell(rows, i, "square") : 0;
            assert_int_equal(isnan(cell(rows, i, "square")), !is_import);
        }
        assert_near(imports, cell(table, row, "imports"));
        assert_near(squares, cell(table, row, "cdi1"));
        assert_near(imports / (imports + dr_table_fact(rows, "inside")), cell(table, row, "cdi2"));
        dr_table_free(rows);
    }
    dr_table_free(table);
}

/* ---- Single points of failure ---- */

/* Economies that can be reached from `at` without `gone`, over flows in either direction. */
static void reach(const dr_flows *f, size_t k, size_t gone, size_t at, size_t *part, size_t name)
{
    bool grown = true;
    part[at] = name;
    while (grown) {
        grown = false;
        for (size_t row = f->start[k]; row < f->start[k + 1]; row++) {
            size_t x = f->exporter[row], m = f->importer[row];
            if (x == gone || m == gone || (part[x] == name) == (part[m] == name))
                continue;
            part[x] = part[m] = name;
            grown = true;
        }
    }
}

/* What the loss of `gone` does, found by removing it. */
static void remove_supplier(const dr_flows *f, size_t k, size_t gone, double *starved, double *split)
{
    double imports[PLACES] = {0}, from[PLACES] = {0}, all = 0, weight[PLACES + 1] = {0};
    size_t before[PLACES] = {0}, after[PLACES] = {0};
    *starved = *split = 0;
    for (size_t row = f->start[k]; row < f->start[k + 1]; row++) {
        imports[f->importer[row]] += f->value[row];
        from[f->importer[row]] += f->exporter[row] == gone ? f->value[row] : 0;
    }
    reach(f, k, SIZE_MAX, gone, before, 1);
    for (size_t i = 0; i < f->regions.count; i++) {
        if (i == gone)
            continue;
        all += imports[i];
        *starved += from[i] > 0 && from[i] >= 0.5 * imports[i] ? imports[i] : 0;
        if (before[i] == 1 && !after[i])
            reach(f, k, gone, i, after, i + 1);
    }
    double whole = 0, largest = 0;
    for (size_t i = 0; i < f->regions.count; i++)
        if (i != gone && after[i])
            weight[after[i]] += imports[i];
    for (size_t i = 0; i <= PLACES; i++) {
        whole += weight[i];
        largest = fmax(largest, weight[i]);
    }
    *starved = all > 0 ? *starved / all : 0;
    *split = all > 0 ? (whole - largest) / all : 0;
}

static void single_points_are_those_whose_removal_harms_most(void **unused)
{
    (void)unused;
    dr_duck duck = {0};
    dr_flows flows = {0};
    size_t splits = 0;
    make_world("p.world");
    assert_ok(dr_duck_open(&duck, "p.world", true));
    assert_ok(dr_flows_load(&flows, &duck, 2020));
    for (size_t k = 0; k < flows.products.count; k++) {
        dr_single_point point;
        double worst = 0, starved = 0, split = 0;
        assert_ok(dr_single_point_find(&point, &flows, k));
        for (size_t row = flows.start[k]; row < flows.start[k + 1]; row++) {
            remove_supplier(&flows, k, flows.exporter[row], &starved, &split);
            worst = fmax(worst, fmax(starved, split));
        }
        if (point.supplier == SIZE_MAX) {
            assert_true(worst == 0);
            continue;
        }
        remove_supplier(&flows, k, point.supplier, &starved, &split);
        assert_near(point.starved, starved);
        assert_near(point.split, split);
        assert_near(fmax(point.starved, point.split), worst);
        splits += split > 0;
    }
    assert_true(splits > 2);
    dr_flows_free(&flows);
    dr_duck_close(&duck);
}

/* ---- What is refused ---- */

static void wrong_options(void **unused)
{
    (void)unused;
    dr_world *world = NULL;
    dr_table *table = NULL;
    make_world("p.world");
    assert_ok(dr_world_open(&world, "p.world"));
    dr_screen_options options = {.size = sizeof(dr_screen_options), .thresholds = {1.5}};
    assert_failed(dr_exposure_products(&table, world, "EU", &options), DR_USAGE,
                  "the threshold 1.5 of criterion 1 is not valid: expected a share above 0 and below 1");
    options = DR_OPTIONS(dr_screen_options, .thresholds = {0, 0, NAN});
    assert_int_equal(dr_exposure_products(&table, world, "EU", &options), DR_USAGE);
    options = DR_OPTIONS(dr_screen_options, .window = 2, .at_least = 3);
    assert_failed(dr_exposure_products(&table, world, "EU", &options), DR_USAGE,
                  "at least 3 of 2 years; expected 1 to 2");
    options = DR_OPTIONS(dr_screen_options, .window = 5, .at_least = 4);
    assert_failed(dr_exposure_products(&table, world, "EU", &options), DR_BAD_INPUT,
                  "p.world: the criteria are to be met in 4 years, but of the 5 years up to 2020 the world holds 3");
    options = DR_OPTIONS(dr_screen_options, .year = 2015);
    assert_failed(dr_exposure_products(&table, world, "EU", &options), DR_BAD_INPUT,
                  "p.world: has no product flows of 2015; it has those of 2018, 2019, 2020");
    assert_failed(
        dr_exposure_products(&table, world, "CHNA", NULL), DR_BAD_INPUT,
        "p.world: 'CHNA' is neither a group nor an economy in the product flows of 2020; did you mean 'CHN'?");
    assert_failed(dr_exposure_product_rows(&table, world, "EU", "010001", 0), DR_BAD_INPUT,
                  "p.world: no flows of the product '010001' in 2020; did you mean '010000'?");
    assert_null(table);
    dr_world_close(world);
}

static void a_group_without_members(void **unused)
{
    (void)unused;
    dr_world *world = NULL;
    dr_table *table = NULL;
    const char *file = "BACI_HS92_Y1994.csv";
    write_text(file, "t,i,j,k,v,q\n1994,156,842,010121,5,1\n1994,842,156,010121,7,1\n");
    assert_ok(dr_import_products(NULL, DR_BACI, &file, 1, "p.world", NULL));
    assert_ok(dr_world_open(&world, "p.world"));
    assert_failed(dr_exposure_products(&table, world, "EU", NULL), DR_BAD_INPUT,
                  "p.world: the group 'EU' has no member among the economies in the product flows of 1994");
    dr_world_close(world);
}

static void a_world_without_product_flows(void **unused)
{
    (void)unused;
    dr_world *world = NULL;
    dr_table *table = NULL;
    make_small_world("a.world");
    assert_ok(dr_world_open(&world, "a.world"));
    assert_failed(dr_exposure_products(&table, world, "AAA", NULL), DR_BAD_INPUT,
                  "a.world: has no product flows; 'derisk import baci', 'comtrade' or 'comext' reads them");
    dr_world_close(world);
}

/* ---- Real flows ---- */

/* Extra-EU Herfindahl indices of Eurostat's imports, against those that a script of another origin took from the
 * same file. */
static void eurostat(void **unused)
{
    (void)unused;
    dr_world *world = NULL;
    const char *file = strdup(shared("data/eu_comext_critical_inputs_cn8/eu_comext_critical_inputs_cn8_2022_2024.csv"));
    assert_ok(dr_import_products(NULL, DR_COMEXT, &file, 1, "c.world", NULL));
    free((char *)file);
    assert_ok(dr_world_open(&world, "c.world"));
    dr_csv *csv = NULL;
    dr_table *tables[3];
    for (int year = 2022; year <= 2024; year++) {
        const dr_screen_options options = {.size = sizeof(dr_screen_options), .year = year, .window = 1, .all = true};
        assert_ok(dr_exposure_products(&tables[year - 2022], world, "EU", &options));
    }
    dr_world_close(world);
    assert_ok(dr_csv_open(&csv, shared("data/eu_comext_critical_inputs_cn8/derived_extra_eu_concentration.csv")));
    static const char *const names[] = {"year", "cn8", "extra_eu_imports_eur", "intra_eu_imports_eur", "hhi_extra_eu"};
    int columns[5];
    bool more = false;
    size_t found = 0, rows = 0;
    assert_ok(dr_csv_header(csv, names, 5, columns));
    while (dr_csv_record(csv, &more) == DR_OK && more) {
        double year, extra, intra, hhi;
        assert_ok(dr_csv_number(csv, (size_t)columns[0], &year));
        assert_ok(dr_csv_number(csv, (size_t)columns[2], &extra));
        assert_ok(dr_csv_number(csv, (size_t)columns[3], &intra));
        const dr_table *table = tables[(int)year - 2022];
        rows++;
        for (size_t row = 0; row < dr_table_rows(table); row++) {
            if (strcmp(dr_table_text(table, row, 0), dr_csv_field(csv, (size_t)columns[1])) != 0)
                continue;
            assert_ok(dr_csv_number(csv, (size_t)columns[4], &hhi));
            assert_true(fabs(cell(table, row, "imports") - extra) <= 0.501); /* which is rounded to whole euros */
            assert_true(fabs(cell(table, row, "cdi2") - extra / (extra + intra)) <= 1 / (extra + intra));
            assert_true(fabs(cell(table, row, "cdi1") - hhi) <= 0.00005 + 1e-12);
            assert_true(isnan(cell(table, row, "cdi3")));
            found++;
        }
    }
    assert_int_equal(found, rows);
    assert_true(found > 180);
    dr_csv_close(csv);
    for (size_t i = 0; i < 3; i++)
        dr_table_free(tables[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_commission, empty_folder),
        cmocka_unit_test_setup(re_exports_are_taken_off, empty_folder),
        cmocka_unit_test_setup(geodep, empty_folder),
        cmocka_unit_test_setup(other_thresholds_and_years, empty_folder),
        cmocka_unit_test_setup(only_dependent_products_are_shown, empty_folder),
        cmocka_unit_test_setup(the_rows_add_up, empty_folder),
        cmocka_unit_test_setup(single_points_are_those_whose_removal_harms_most, empty_folder),
        cmocka_unit_test_setup(wrong_options, empty_folder),
        cmocka_unit_test_setup(a_group_without_members, empty_folder),
        cmocka_unit_test_setup(a_world_without_product_flows, empty_folder),
        cmocka_unit_test_setup(eurostat, empty_folder),
    };
    return cmocka_run_group_tests_name("products", tests, enter_folder, leave_folder);
}
