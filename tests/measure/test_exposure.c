/* Direct exposure against sums written out, its identities, and what it refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "measure/concentration.h"
#include "support/synthetic.h"

static void near(double a, double b)
{
    if (!(fabs(a - b) <= 1e-12 * fmax(1, fabs(b))) && !(isnan(a) && isnan(b)))
        fail_msg("%.17g is not %.17g", a, b);
}

static dr_table *direct(const dr_economy *economy, const char *of, const char *to)
{
    dr_table *table = NULL;
    if (dr_exposure_direct(&table, economy, of, to) != DR_OK)
        fail_msg("%s", dr_error_text());
    return table;
}

static size_t row_of(const dr_table *table, const char *sector)
{
    for (size_t i = 0; i < dr_table_rows(table); i++)
        if (strcmp(dr_table_text(table, i, 0), sector) == 0)
            return i;
    fail_msg("no row %s", sector);
    return 0;
}

static double cell(const dr_table *table, const char *sector, const char *column)
{
    int index = dr_table_find(table, column);
    assert_true(index >= 0);
    return dr_table_number(table, row_of(table, sector), (size_t)index);
}

/* What the regions from `n` up to `n_end` buy of sector s (all if s is the number of sectors) from those from i up
 * to i_end. */
static double sum(const synthetic *y, size_t n, size_t n_end, size_t i, size_t i_end, size_t s)
{
    double all = 0;
    for (size_t a = n; a < n_end; a++)
        for (size_t b = i; b < i_end; b++)
            for (size_t k = 0; k < y->s; k++)
                if (k == s || s == y->s)
                    all += y->flow[(a * y->r + b) * y->s + k];
    return all;
}

/* A0 and A1 against A3 and A4, with A2 and A5 outside: every number of every row. */
static void numbers_are_the_sums(void **state)
{
    (void)state;
    synthetic y = synthetic_new(6, 4, 1, true, true);
    dr_economy *economy = synthetic_economy(&y);
    dr_table *table = direct(economy, "A0,A1", "A3,A4");
    assert_int_equal(dr_table_rows(table), y.s + 1);
    for (size_t s = 0; s <= y.s; s++) {
        const char *name = s < y.s ? y.sector_codes[s] : "all";
        double imports = sum(&y, 0, 2, 2, 6, s), from = sum(&y, 0, 2, 3, 5, s), use = sum(&y, 0, 2, 0, 6, s);
        double exports = sum(&y, 2, 6, 0, 2, s), to = sum(&y, 3, 5, 0, 2, s), output = sum(&y, 0, 6, 0, 2, s);
        double squares = 0;
        for (size_t i = 2; i < 6; i++)
            squares += pow(sum(&y, 0, 2, i, i + 1, s) / imports, 2);
        near(cell(table, name, "imports"), imports);
        near(cell(table, name, "imports_from"), from);
        near(cell(table, name, "share_of_imports"), from / imports);
        near(cell(table, name, "share_of_use"), from / use);
        near(cell(table, name, "concentration"), squares);
        near(cell(table, name, "exports"), exports);
        near(cell(table, name, "exports_to"), to);
        near(cell(table, name, "share_of_exports"), to / exports);
        near(cell(table, name, "share_of_output"), to / output);
    }
    dr_table_free(table);
    dr_economy_free(economy);
    synthetic_free(&y);
}

static void the_most_exposed_sector_comes_first(void **state)
{
    (void)state;
    synthetic y = synthetic_new(5, 6, 2, false, true);
    dr_economy *economy = synthetic_economy(&y);
    const char *others[] = {"A1", NULL};
    for (size_t j = 0; j < 2; j++) {
        dr_table *table = direct(economy, "A0", others[j]);
        size_t column = (size_t)dr_table_find(table, "share_of_use");
        for (size_t i = 1; i < y.s; i++)
            assert_true(dr_table_number(table, i - 1, column) >= dr_table_number(table, i, column));
        assert_string_equal(dr_table_text(table, y.s, 0), "all");
        dr_table_free(table);
    }
    dr_economy_free(economy);
    synthetic_free(&y);
}

/* The parts of all others add up to what the table without `to` has; and the first of them is in it. */
static void partners_add_up(void **state)
{
    (void)state;
    synthetic y = synthetic_new(5, 3, 3, false, true);
    dr_economy *economy = synthetic_economy(&y);
    dr_table *whole = direct(economy, "A2", NULL);
    for (size_t s = 0; s <= y.s; s++) {
        const char *name = s < y.s ? y.sector_codes[s] : "all";
        double of_imports = 0, of_use = 0, of_output = 0, source = 0, market = 0;
        for (size_t i = 0; i < y.r; i++) {
            if (i == 2)
                continue;
            dr_table *one = direct(economy, "A2", y.region_codes[i]);
            of_imports += cell(one, name, "share_of_imports");
            of_use += cell(one, name, "share_of_use");
            of_output += cell(one, name, "share_of_output");
            source = fmax(source, cell(one, name, "share_of_imports"));
            market = fmax(market, cell(one, name, "share_of_exports"));
            dr_table_free(one);
        }
        near(of_imports, 1);
        near(of_use, cell(whole, name, "share_of_use"));
        near(of_output, cell(whole, name, "share_of_output"));
        near(source, cell(whole, name, "first_source_share"));
        near(market, cell(whole, name, "first_market_share"));
        const char *first = dr_table_text(whole, row_of(whole, name), (size_t)dr_table_find(whole, "first_source"));
        dr_table *one = direct(economy, "A2", first);
        near(cell(one, name, "share_of_imports"), source);
        dr_table_free(one);
    }
    dr_table_free(whole);
    dr_economy_free(economy);
    synthetic_free(&y);
}

/* A good that nobody sells abroad has no shares; one that nobody uses has no row. */
static void shares_of_nothing_are_empty(void **state)
{
    (void)state;
    synthetic y = synthetic_new(3, 3, 4, false, false);
    for (size_t n = 0; n < y.r; n++)
        for (size_t i = 0; i < y.r; i++)
            y.flow[(n * y.r + i) * y.s + 1] *= n == i;
    for (size_t f = 2; f < y.r * y.r * y.s; f += y.s)
        y.flow[f] = 0;
    dr_economy *economy = synthetic_economy(&y);
    dr_table *table = direct(economy, "A0", "A1");
    assert_int_equal(dr_table_rows(table), 3);
    assert_string_equal(dr_table_text(table, 1, 0), "s1");
    assert_string_equal(dr_table_text(table, 2, 0), "all");
    near(cell(table, "s1", "share_of_imports"), NAN);
    near(cell(table, "s1", "concentration"), NAN);
    near(cell(table, "s1", "share_of_use"), 0);
    dr_table_free(table);
    table = direct(economy, "A0", NULL);
    assert_string_equal(dr_table_text(table, row_of(table, "s1"), (size_t)dr_table_find(table, "first_source")), "");
    dr_table_free(table);
    dr_economy_free(economy);
    synthetic_free(&y);
}

static void herfindahl(void **state)
{
    (void)state;
    near(dr_herfindahl((double[]){0, 7, 0}, 3), 1);
    near(dr_herfindahl((double[]){2, 2, 2, 2}, 4), 0.25);
    near(dr_herfindahl((double[]){3, 1}, 2), 0.625);
    near(dr_herfindahl((double[]){0, 0}, 2), NAN);
    near(dr_herfindahl(NULL, 0), NAN);
}

static void refuse(const dr_economy *economy, const char *of, const char *to, const char *line)
{
    dr_table *table = NULL;
    assert_int_equal(dr_exposure_direct(&table, economy, of, to), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(), line);
    assert_null(table);
}

static void what_makes_no_sense_is_refused(void **state)
{
    (void)state;
    synthetic y = synthetic_new(3, 2, 5, false, false);
    dr_economy *economy = synthetic_economy(&y);
    refuse(economy, "A7", "A1", "'A7' is not a region or group of this world; did you mean 'A0'?");
    refuse(economy, "A0", "AO", "'AO' is not a region or group of this world; did you mean 'A0'?");
    refuse(economy, "A0,A1", "A1", "'A1' has no region outside 'A0,A1': name another partner");
    refuse(economy, "all", NULL, "'all' is the whole world: there is no partner left");
    dr_table *table = direct(economy, "A0,A1", "A1,A2"); /* A1 is on the first side */
    near(cell(table, "all", "share_of_imports"), 1);
    dr_table_free(table);
    dr_economy_free(economy);
    synthetic_free(&y);
}

/* Partners of A0 and A1 together: each is what direct exposure to it alone is. */
static void partners_are_single_sides(void **state)
{
    (void)state;
    synthetic y = synthetic_new(6, 4, 1, true, true);
    dr_economy *economy = synthetic_economy(&y);
    dr_table *table = NULL;
    assert_int_equal(dr_exposure_partners(&table, economy, "A0,A1"), DR_OK);
    assert_int_equal(dr_table_rows(table), 4 + 1);
    double last = INFINITY;
    for (size_t i = 2; i < 6; i++) {
        dr_table *alone = direct(economy, "A0,A1", y.region_codes[i]);
        near(cell(table, y.region_codes[i], "imports"), cell(alone, "all", "imports_from"));
        near(cell(table, y.region_codes[i], "share_of_imports"), cell(alone, "all", "share_of_imports"));
        near(cell(table, y.region_codes[i], "share_of_use"), cell(alone, "all", "share_of_use"));
        near(cell(table, y.region_codes[i], "exports"), cell(alone, "all", "exports_to"));
        near(cell(table, y.region_codes[i], "share_of_exports"), cell(alone, "all", "share_of_exports"));
        near(cell(table, y.region_codes[i], "share_of_output"), cell(alone, "all", "share_of_output"));
        near(cell(table, "all", "imports"), cell(alone, "all", "imports"));
        dr_table_free(alone);
        assert_true(dr_table_number(table, i - 2, 1) <= last); /* the largest first */
        last = dr_table_number(table, i - 2, 1);
    }
    near(cell(table, "all", "share_of_exports"), 1);
    dr_table_free(table);
    assert_int_equal(dr_exposure_partners(&table, economy, "A0,A9"), DR_BAD_INPUT);
    dr_economy_free(economy);
    synthetic_free(&y);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_the_sums),
        cmocka_unit_test(the_most_exposed_sector_comes_first),
        cmocka_unit_test(partners_add_up),
        cmocka_unit_test(shares_of_nothing_are_empty),
        cmocka_unit_test(partners_are_single_sides),
        cmocka_unit_test(herfindahl),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
