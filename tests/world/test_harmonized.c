/* Editions of the Harmonized System: which code takes the goods of which, and flows carried from one edition to another
 * against a plain join in SQL. */
#include "support/world_files.h"

#include <math.h>

#include "base/embedded.h"
#include "base/rows.h"
#include "world/flows.h"
#include "world/world.h"

static void editions_and_years(void **unused)
{
    (void)unused;
    assert_int_equal(dr_hs_edition("HS92"), 0);
    assert_int_equal(dr_hs_edition("HS22"), 6);
    assert_int_equal(dr_hs_edition("HS"), -1);
    assert_int_equal(dr_hs_edition("CN"), -1);
    assert_int_equal(dr_hs_edition_of("CN", 2021), dr_hs_edition("HS17"));
    assert_int_equal(dr_hs_edition_of("CN", 2022), dr_hs_edition("HS22"));
    assert_int_equal(dr_hs_edition_of("CN", 1987), -1);
    assert_int_equal(dr_hs_edition_of("S4", 2022), -1);
    assert_string_equal(dr_hs_name(5), "HS17");
}

/* The codes that take the goods of one are these, in this order. */
static void becomes(const char *from, const char *to, const char *code, const char *expected)
{
    dr_hs_changes *changes = NULL;
    dr_names codes = {0};
    char text[512] = "";
    assert_ok(dr_hs_changes_read(&changes, dr_hs_edition(from), dr_hs_edition(to)));
    assert_ok(dr_hs_successors(changes, code, &codes));
    for (size_t i = 0; i < codes.count; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", i ? " " : "", codes.names[i]);
    assert_string_equal(text, expected);
    dr_names_free(&codes);
    dr_hs_changes_free(changes);
}

static void codes_of_other_editions(void **unused)
{
    (void)unused;
    becomes("HS17", "HS22", "854140", "854141 854142 854143 854149");
    becomes("HS17", "HS22", "854150", "854151 854159");
    becomes("HS17", "HS22", "85414010", "854141 854142 854143 854149");
    becomes("HS17", "HS22", "010121", "010121");
    becomes("HS17", "HS22", "01012100", "01012100");
    becomes("HS17", "HS22", "9999AA", "9999AA");
    becomes("HS17", "HS22", "85", "85");
    becomes("HS22", "HS17", "854142", "854140");
    becomes("HS17", "HS22", "880330", "880730");
    becomes("HS02", "HS12", "852530", "852580"); /* by way of 2007 */
    becomes("HS02", "HS22", "852540", "852581 852582 852583 852589");
    becomes("HS22", "HS22", "854142", "854142");
}

/* Every code that changes between 2017 and 2022, and some that do not, between a few economies. */
static const char make_flows[] =
    "CREATE TABLE old AS"
    " SELECT 2021 AS t, 4 + 4 * (n %% 3) AS i, 40 + 16 * (n %% 2) AS j, product AS k,"
    "  1 + hash(product, n) %% 1000 AS v, 1 AS q FROM (SELECT DISTINCT earlier AS product FROM h UNION SELECT "
    "'010121'), range(6) r(n);"
    "CREATE TABLE late AS"
    " SELECT 2022 AS t, 4 AS i, 40 AS j, code AS k, hash(code) %% 500 AS v, 1 AS q FROM (SELECT DISTINCT code FROM h)"
    " WHERE hash(code) %% 3 > 0;"
    "COPY old TO 'BACI_HS17_Y2021.csv' (HEADER); COPY late TO 'BACI_HS22_Y2022.csv' (HEADER)";

/* What the old flows are in the new edition, by exporter, importer and code. */
static const char plain[] =
    "WITH m AS (SELECT DISTINCT earlier, code FROM h WHERE change <> 'new'),"
    " w AS (SELECT k, sum(v) AS v FROM late WHERE v > 0 GROUP BY k),"
    " s AS (SELECT earlier, code, CASE WHEN sum(coalesce(w.v, 0)) OVER p > 0"
    "   THEN coalesce(w.v, 0) / sum(coalesce(w.v, 0)) OVER p ELSE 1 / count(*) OVER p END AS share"
    "  FROM m LEFT JOIN w ON w.k = m.code WINDOW p AS (PARTITION BY earlier))"
    " SELECT i, j, coalesce(code, k) AS k, sum(v * coalesce(share, 1))::DOUBLE AS v FROM old LEFT JOIN s"
    " ON s.earlier = old.k GROUP BY ALL HAVING sum(v * coalesce(share, 1)) > 0";

static void write_changes(void)
{
    const dr_embedded *file = dr_embedded_find("products/hs-changes.csv");
    write_bytes("h.csv", file->bytes, file->size);
}

static void check_flows(const dr_duck *duck, const dr_flows *f)
{
    size_t rows = 0;
    dr_cursor cursor;
    dr_arena texts = {0};
    bool more = false;
    assert_ok(dr_cursor_open(&cursor, duck, "SELECT k, count(*), sum(v) FROM (%s) GROUP BY k", plain));
    while (dr_cursor_next(&cursor, &more) == DR_OK && more) {
        int k = dr_names_find(&f->products, dr_cursor_text(&cursor, 0, &texts));
        double sum = 0;
        assert_true(k >= 0);
        for (size_t row = f->start[k]; row < f->start[k + 1]; row++)
            sum += f->value[row];
        assert_int_equal(f->start[k + 1] - f->start[k], dr_cursor_index(&cursor, 1));
        assert_true(fabs(sum - dr_cursor_number(&cursor, 2)) < 1e-9);
        rows += f->start[k + 1] - f->start[k];
    }
    dr_cursor_close(&cursor);
    dr_arena_free(&texts);
    assert_int_equal(rows, f->rows);
}

static void flows_in_another_edition(void **unused)
{
    (void)unused;
    static const char *const files[] = {"BACI_HS17_Y2021.csv", "BACI_HS22_Y2022.csv"};
    dr_duck duck = {0};
    dr_world *world = NULL;
    dr_flows old = {0}, late = {0};
    dr_flows_moved moved;
    dr_hs_changes *changes = NULL;
    write_changes();
    assert_ok(dr_duck_open(&duck, NULL, false));
    assert_ok(dr_duck_run(&duck, "CREATE TABLE h AS SELECT * FROM read_csv('h.csv', all_varchar = true) "
                                 "WHERE edition = 'HS22'"));
    assert_ok(dr_duck_run(&duck, make_flows));
    assert_ok(dr_import_products(NULL, DR_BACI, files, 2, "a.world", NULL));
    assert_ok(dr_world_open(&world, "a.world"));
    assert_ok(dr_flows_load(&old, &world->duck, 2021));
    assert_ok(dr_flows_load(&late, &world->duck, 2022));
    assert_ok(dr_hs_changes_read(&changes, 5, 6));
    assert_ok(dr_flows_convert(&old, &moved, changes, &late));
    check_flows(&duck, &old);
    assert_true(moved.divided > 20 && moved.codes > moved.divided);
    assert_true(moved.divided_value > 0 && moved.divided_value < moved.value);
    dr_hs_changes_free(changes);
    dr_flows_free(&old);
    dr_flows_free(&late);
    dr_world_close(world);
    dr_duck_close(&duck);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(editions_and_years),
        cmocka_unit_test(codes_of_other_editions),
        cmocka_unit_test_setup(flows_in_another_edition, empty_folder),
    };
    return cmocka_run_group_tests_name("harmonized", tests, enter_folder, leave_folder);
}
