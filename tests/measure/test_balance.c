/* Balances and terms of exports: against textbook formulas on small random tables, and by the laws they obey. */
#include "support/world_files.h"

#include "measure/reach.h"
#include "measure/terms.h"
#include "random_table.h"

static double cell(const dr_table *table, size_t row, const char *column)
{
    int index = dr_table_find(table, column);
    if (index < 0)
        fail_msg("there is no column %s", column);
    return dr_table_number(table, row, (size_t)index);
}

static dr_table *balance(dr_world *world, const char *a, const char *b, dr_balance_by by)
{
    dr_table *table = NULL;
    dr_balance_options options = {.size = sizeof(dr_balance_options), .by = by, .value_added = true};
    assert_ok(dr_balance(&table, world, a, b, &options));
    return table;
}

/* ---- Balances ---- */

static void balances_are_the_textbook_s(void **state)
{
    (void)state;
    slow_table t = random_table(4, 3, 11);
    dr_world *world = import_random(&t);
    for (size_t a = 0; a < t.regions; a++)
        for (size_t b = 0; b < t.regions; b++) {
            if (a == b)
                continue;
            dr_table *table = balance(world, region(a), region(b), DR_BALANCE_TOTAL);
            assert_int_equal(dr_table_rows(table), 1);
            near(cell(table, 0, "year"), 2000);
            near(cell(table, 0, "exports"), slow_exports(&t, a, b));
            near(cell(table, 0, "imports"), slow_exports(&t, b, a));
            near(cell(table, 0, "balance"), slow_exports(&t, a, b) - slow_exports(&t, b, a));
            near(cell(table, 0, "value_added_exports"), slow_value_added(&t, a, b));
            near(cell(table, 0, "value_added_imports"), slow_value_added(&t, b, a));
            near(cell(table, 0, "value_added_balance"), slow_value_added(&t, a, b) - slow_value_added(&t, b, a));
            dr_table_free(table);
        }
    dr_world_close(world);
}

/* What a region makes and what it spends, all told, does not depend on how trade is counted; and the world has no
 * balance. */
static void overall_balances_agree_and_are_zero_in_sum(void **state)
{
    (void)state;
    for (size_t regions = 2; regions <= 5; regions++) {
        slow_table t = random_table(regions, 3, 20 + (unsigned)regions);
        dr_world *world = import_random(&t);
        double gross = 0, value_added = 0;
        for (size_t a = 0; a < regions; a++) {
            dr_table *table = balance(world, region(a), NULL, DR_BALANCE_TOTAL);
            near(cell(table, 0, "value_added_balance"), cell(table, 0, "balance"));
            gross += cell(table, 0, "balance");
            value_added += cell(table, 0, "value_added_balance");
            dr_table_free(table);
        }
        assert_true(fabs(gross) < 1e-9 && fabs(value_added) < 1e-9);
        dr_world_close(world);
    }
}

/* Value added of all regions in what n uses is what n uses. */
static void value_added_by_origin_is_final_demand(void **state)
{
    (void)state;
    slow_table t = random_table(4, 3, 31);
    dr_world *world = import_random(&t);
    for (size_t n = 0; n < t.regions; n++) {
        double used = 0, made = slow_value_added(&t, n, n);
        for (size_t i = 0; i < t.size; i++)
            used += t.final[i][n];
        for (size_t a = 0; a < t.regions; a++) {
            if (a == n)
                continue;
            dr_table *table = balance(world, region(a), region(n), DR_BALANCE_TOTAL);
            made += cell(table, 0, "value_added_exports");
            assert_true(dr_table_fact(table, "certificate.worst_residual") < 1e-12);
            dr_table_free(table);
        }
        near(made, used);
    }
    dr_world_close(world);
}

static void sectors_add_up_and_groups_are_sums(void **state)
{
    (void)state;
    static const char *const columns[] = {
        "exports", "imports", "balance", "value_added_exports", "value_added_imports", "value_added_balance"};
    slow_table t = random_table(4, 3, 41);
    dr_world *world = import_random(&t);
    dr_table *both = balance(world, "R0, R2", "R1,R3", DR_BALANCE_BY_SECTOR);
    assert_int_equal(dr_table_rows(both), 4);
    assert_string_equal(dr_table_text(both, 0, 0), "s0");
    assert_string_equal(dr_table_text(both, 3, 0), "all");
    for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
        double parts = 0;
        for (size_t a = 0; a < 4; a += 2)
            for (size_t b = 1; b < 4; b += 2) {
                dr_table *one = balance(world, region(a), region(b), DR_BALANCE_BY_SECTOR);
                parts += cell(one, 1, columns[c]);
                dr_table_free(one);
            }
        near(cell(both, 1, columns[c]), parts);
        near(cell(both, 3, columns[c]),
             cell(both, 0, columns[c]) + cell(both, 1, columns[c]) + cell(both, 2, columns[c]));
    }
    dr_table_free(both);
    dr_world_close(world);
}

/* Group memberships are dated: the EU of three regions by their codes. */
static void by_year_leaves_out_years_without_members(void **state)
{
    (void)state;
    static const char table[] = "V1,HRV_x,BEL_x,CHN_x,HRV_F,BEL_F,CHN_F,OUT\n"
                                "HRV_x,1,2,3,10,4,5,25\n"
                                "BEL_x,2,5,3,1,30,9,50\n"
                                "CHN_x,3,4,20,2,11,60,100\n"
                                "VA,19,39,74,0,0,0,0\n"
                                "OUT,25,50,100,13,45,74,0\n";
    const char *const files[] = {"t_1957.csv", "t_2000.csv", "t_2014.csv"};
    dr_world *world = NULL;
    for (size_t i = 0; i < 3; i++)
        write_text(files[i], table);
    assert_ok(dr_import_icio(NULL, files, 3, "years.world", NULL));
    assert_ok(dr_world_open(&world, "years.world"));
    dr_table *years = balance(world, "EU", "CHN", DR_BALANCE_BY_YEAR);
    assert_int_equal(dr_table_rows(years), 2);
    near(cell(years, 0, "year"), 2000);
    near(cell(years, 0, "exports"), 12); /* Belgium's: Croatia is no member yet */
    near(cell(years, 1, "year"), 2014);
    near(cell(years, 1, "exports"), 20);
    near(cell(years, 1, "imports"), 20);
    dr_table_free(years);
    dr_world_close(world);
}

/* ---- Long tables: every user of a good in a region buys from its suppliers in the same proportion ---- */

static void write_long(const slow_table *t)
{
    assert_int_equal(mkdir("long-2000", 0777), 0);
    FILE *flows = fopen("long-2000/flows.csv", "w"), *inputs = fopen("long-2000/inputs.csv", "w");
    FILE *final = fopen("long-2000/final.csv", "w"), *value_added = fopen("long-2000/value_added.csv", "w");
    fputs("exporter,importer,sector,value\n", flows);
    fputs("region,input,sector,value\n", inputs);
    fputs("region,sector,value\n", final);
    fputs("region,sector,value\n", value_added);
    for (size_t n = 0; n < t->regions; n++)
        for (size_t k = 0; k < t->sectors; k++) {
            double used = 0;
            for (size_t i = 0; i < t->regions; i++) {
                double flow = t->final[i * t->sectors + k][n];
                for (size_t u = 0; u < t->sectors; u++)
                    flow += t->inputs[i * t->sectors + k][n * t->sectors + u];
                fprintf(flows, "%s,%s,s%zu,%.17g\n", region(i), region(n), k, flow);
                used += t->final[i * t->sectors + k][n];
            }
            fprintf(final, "%s,s%zu,%.17g\n", region(n), k, used);
            for (size_t u = 0; u < t->sectors; u++) {
                double input = 0;
                for (size_t i = 0; i < t->regions; i++)
                    input += t->inputs[i * t->sectors + k][n * t->sectors + u];
                fprintf(inputs, "%s,s%zu,s%zu,%.17g\n", region(n), k, u, input);
            }
            size_t column = n * t->sectors + k;
            fprintf(value_added, "%s,s%zu,%.17g\n", region(n), k, t->output[column] * t->value_share[column]);
        }
    assert_int_equal(fclose(flows) | fclose(inputs) | fclose(final) | fclose(value_added), 0);
}

/* A table that is in proportion already: both formats say the same. */
static void a_long_table_is_shared_in_proportion(void **state)
{
    (void)state;
    slow_table t = random_table(3, 3, 51);
    t.final[1][2] = 30;
    for (size_t i = 0; i < t.size; i++)
        for (size_t n = 0; n < t.regions; n++)
            for (size_t u = 0; u < t.sectors; u++)
                t.inputs[i][n * t.sectors + u] = t.final[i][n] * (0.05 + 0.05 * (double)((i % t.sectors + 2 * u) % 3));
    slow_complete(&t);
    write_long(&t);
    dr_world *world = NULL;
    assert_ok(dr_import_long(NULL, "long-2000", "long.world", NULL));
    assert_ok(dr_world_open(&world, "long.world"));
    dr_table *table = balance(world, "R0", "R2", DR_BALANCE_TOTAL);
    near(cell(table, 0, "exports"), slow_exports(&t, 0, 2));
    near(cell(table, 0, "imports"), slow_exports(&t, 2, 0));
    near(cell(table, 0, "value_added_exports"), slow_value_added(&t, 0, 2));
    near(cell(table, 0, "value_added_imports"), slow_value_added(&t, 2, 0));
    dr_table_free(table);
    dr_world_close(world);
}

/* ---- Terms ---- */

/* An exporter's blocks, as the articles write them; vectors run over all rows, zero where a block is not. */
typedef struct blocks {
    const slow_table *t;
    size_t s;
    double local[SLOW_MOST][SLOW_MOST];             /* L_rr of every region, on the diagonal of blocks */
    double domestic[SLOW_MOST], foreign[SLOW_MOST]; /* V_s B, sum of V_t B */
} blocks;

static blocks blocks_of(const slow_table *t, size_t s)
{
    blocks b = {.t = t, .s = s};
    double own[SLOW_MOST][SLOW_MOST] = {{0}};
    for (size_t i = 0; i < t->size; i++)
        for (size_t j = 0; j < t->size; j++) {
            own[i][j] = slow_region(t, i) == slow_region(t, j) ? t->a[i][j] : 0;
            (slow_region(t, i) == s ? b.domestic : b.foreign)[j] += t->value_share[i] * t->inverse[i][j];
        }
    slow_invert(t->size, b.local, own);
    return b;
}

/* Exports of row i: E_i*. */
static double row_exports(const slow_table *t, size_t i)
{
    double sum = 0;
    for (size_t j = 0; j < t->size; j++)
        sum += slow_region(t, j) != slow_region(t, i) ? t->inputs[i][j] : 0;
    for (size_t n = 0; n < t->regions; n++)
        sum += n != slow_region(t, i) ? t->final[i][n] : 0;
    return sum;
}

/* (L_rr Y_rr) and (L_rr E_r*) at row i. */
static void local_outputs(const blocks *b, size_t i, double *own, double *exported)
{
    *own = *exported = 0;
    for (size_t j = 0; j < b->t->size; j++) {
        *own += b->local[i][j] * b->t->final[j][slow_region(b->t, i)];
        *exported += b->local[i][j] * (slow_region(b->t, j) == slow_region(b->t, i) ? row_exports(b->t, j) : 0);
    }
}

/* Koopman, Wang & Wei (2014), eq. 36, term by term. */
static void slow_kww(const slow_table *t, size_t s, double terms[9])
{
    blocks b = blocks_of(t, s);
    memset(terms, 0, 9 * sizeof *terms);
    for (size_t i = 0; i < t->size; i++) {
        size_t r = slow_region(t, i);
        for (size_t n = 0; n < t->regions; n++) {
            double y = t->final[i][n];
            terms[0] += r == s && n != s ? b.domestic[i] * y : 0;
            terms[1] += r != s && n == r ? b.domestic[i] * y : 0;
            terms[2] += r != s && n != r && n != s ? b.domestic[i] * y : 0;
            terms[3] += r != s && n == s ? b.domestic[i] * y : 0;
            terms[6] += r == s && n != s ? b.foreign[i] * y : 0;
        }
        for (size_t j = 0; j < t->size; j++) {
            double own, exported;
            local_outputs(&b, j, &own, &exported);
            bool home = r != s && slow_region(t, j) == s, out = r == s && slow_region(t, j) != s;
            terms[4] += home ? b.domestic[i] * t->a[i][j] * own : 0;
            terms[5] += home ? b.domestic[i] * t->a[i][j] * exported : 0;
            terms[7] += out ? b.foreign[i] * t->a[i][j] * own : 0;
            terms[8] += out ? b.foreign[i] * t->a[i][j] * exported : 0;
        }
    }
}

/* Borin & Mancini (2023), source-based, exporter's perspective: B without the exporter's sales of inputs is the
 * inverse of A with those set to zero. The terms in the order of the table. */
static void slow_bm(const slow_table *t, size_t s, size_t r, double terms[7])
{
    blocks b = blocks_of(t, s);
    double cut[SLOW_MOST][SLOW_MOST] = {{0}}, without[SLOW_MOST][SLOW_MOST];
    for (size_t i = 0; i < t->size; i++)
        for (size_t j = 0; j < t->size; j++)
            cut[i][j] = slow_region(t, i) == s && slow_region(t, j) != s ? 0 : t->a[i][j];
    slow_invert(t->size, without, cut);
    memset(terms, 0, 7 * sizeof *terms);
    double added = 0;
    for (size_t i = s * t->sectors; i < (s + 1) * t->sectors; i++) {
        double first = 0, imported = 0, exports = t->final[i][r];
        for (size_t k = 0; k < t->size; k++)
            *(slow_region(t, k) == s ? &first : &imported) += t->value_share[k] * without[k][i];
        terms[0] += first * t->final[i][r];
        for (size_t j = r * t->sectors; j < (r + 1) * t->sectors; j++) {
            double own, exported, back = 0;
            local_outputs(&b, j, &own, &exported);
            for (size_t k = 0; k < t->size; k++)
                back += t->inverse[j][k] * t->final[k][s];
            terms[1] += first * t->a[i][j] * own;
            terms[3] += first * t->a[i][j] * back;
            exports += t->inputs[i][j];
        }
        added += first * exports;
        terms[4] += (b.domestic[i] - first) * exports;
        terms[5] += imported * exports;
        terms[6] += (b.foreign[i] - imported) * exports;
    }
    terms[2] = added - terms[0] - terms[1] - terms[3];
}

static void terms_are_the_articles(void **state)
{
    (void)state;
    slow_table t = random_table(4, 3, 61);
    dr_world *world = import_random(&t);
    for (size_t s = 0; s < t.regions; s++)
        for (size_t r = 0; r < t.regions; r++) {
            double terms[9];
            dr_table *kww = NULL, *bm = NULL;
            if (r == s)
                continue;
            assert_ok(dr_export_terms(&kww, world, region(s), region(r), 0, DR_TERMS_KWW));
            assert_ok(dr_export_terms(&bm, world, region(r), region(s), 0, DR_TERMS_BORIN_MANCINI));
            slow_kww(&t, s, terms);
            for (size_t i = 0; i < 9; i++)
                near(cell(kww, i, "exports"), terms[i]);
            slow_bm(&t, s, r, terms);
            for (size_t i = 0; i < 7; i++)
                near(cell(bm, i, "partner_exports"), terms[i]);
            near(cell(bm, 7, "partner_exports"), slow_exports(&t, s, r));
            dr_table_free(kww);
            dr_table_free(bm);
        }
    dr_world_close(world);
}

/* Over all partners, Borin & Mancini's terms are those of Koopman, Wang & Wei: value added absorbed abroad (which is
 * also what Johnson & Noguera count), what returns home, domestic double counting, and all that is foreign. */
static void both_splits_agree_in_sum(void **state)
{
    (void)state;
    slow_table t = random_table(4, 3, 71);
    dr_world *world = import_random(&t);
    for (size_t s = 0; s < t.regions; s++) {
        double bm[7] = {0};
        dr_table *kww = NULL;
        for (size_t r = 0; r < t.regions; r++) {
            dr_table *table = NULL;
            if (r == s)
                continue;
            assert_ok(dr_export_terms(&table, world, region(s), region(r), 0, DR_TERMS_BORIN_MANCINI));
            for (size_t i = 0; i < 7; i++)
                bm[i] += cell(table, i, "exports");
            dr_table_free(table);
        }
        assert_ok(dr_export_terms(&kww, world, region(s), NULL, 0, DR_TERMS_KWW));
        assert_int_equal(dr_table_find(kww, "partner_exports"), -1);
        near(bm[0] + bm[1] + bm[2], cell(kww, 0, "exports") + cell(kww, 1, "exports") + cell(kww, 2, "exports"));
        near(bm[3], cell(kww, 3, "exports") + cell(kww, 4, "exports"));
        near(bm[4], cell(kww, 5, "exports"));
        near(bm[5] + bm[6], cell(kww, 6, "exports") + cell(kww, 7, "exports") + cell(kww, 8, "exports"));
        dr_table *abroad = balance(world, region(s), NULL, DR_BALANCE_TOTAL);
        near(bm[0] + bm[1] + bm[2], cell(abroad, 0, "value_added_exports"));
        dr_table_free(abroad);
        dr_table_free(kww);
    }
    dr_world_close(world);
}

/* A group is one economy: its terms are those of a table in which it is one region of more sectors. */
static void a_group_is_one_economy(void **state)
{
    (void)state;
    slow_table t = random_table(4, 2, 81);
    dr_world *world = import_random(&t);
    dr_table *table = NULL;
    assert_ok(dr_export_terms(&table, world, "R0,R1", "R2,R3", 0, DR_TERMS_BORIN_MANCINI));
    slow_table merged = {.regions = 2, .sectors = 4};
    for (size_t i = 0; i < t.size; i++)
        for (size_t j = 0; j < t.size; j++)
            merged.inputs[i][j] = t.inputs[i][j];
    for (size_t i = 0; i < t.size; i++)
        for (size_t n = 0; n < t.regions; n++)
            merged.final[i][n / 2] += t.final[i][n];
    slow_complete(&merged);
    double terms[7];
    slow_bm(&merged, 0, 1, terms);
    for (size_t i = 0; i < 7; i++)
        near(cell(table, i, "exports"), terms[i]);
    dr_table_free(table);
    dr_world_close(world);
}

/* ---- What is refused ---- */

static void refusals(void **state)
{
    (void)state;
    slow_table t = random_table(3, 2, 91);
    dr_world *world = import_random(&t);
    dr_table *table = NULL;
    dr_balance_options by_year = {.size = sizeof(dr_balance_options), .by = DR_BALANCE_BY_YEAR, .year = 2000},
                       old = {.size = sizeof(dr_balance_options), .year = 1999};
    assert_failed(dr_balance(&table, world, "R0", "R9", NULL), DR_BAD_INPUT,
                  "'R9' is neither a region of this world nor a group with a member in it in 2000; did you mean 'R0'?");
    assert_failed(dr_balance(&table, world, "R0", "R1", &by_year), DR_USAGE,
                  "a balance by year covers all years: leave out the year 2000");
    assert_int_equal(dr_balance(&table, world, "R0", "R1", &old), DR_BAD_INPUT);
    assert_int_equal(dr_balance(&table, world, "R0", "R0", NULL), DR_BAD_INPUT);
    assert_int_equal(dr_balance(&table, world, "all", NULL, NULL), DR_BAD_INPUT);
    assert_int_equal(dr_export_terms(&table, world, "R0", "EU", 0, DR_TERMS_KWW), DR_BAD_INPUT);
    by_year.year = 0;
    assert_int_equal(dr_balance(&table, world, "R0", "R9", &by_year), DR_BAD_INPUT);
    assert_null(table);
    dr_world_close(world);
}

/* A content or a requirement of a good solution is a little off: the certificate says between whom. */
static void off(dr_reach *r, double *number, const char *who)
{
    const double before = *number, wrong[] = {1 + 1e-5, 1 - 1e-5, NAN};
    for (size_t k = 0; before != 0 && k < 3; k++) {
        *number = before * wrong[k];
        assert_int_equal(dr_reach_certify(r), DR_NO_SOLUTION);
        assert_non_null(strstr(dr_error_text(), who));
    }
    *number = before;
    assert_ok(dr_reach_certify(r));
}

static void reach_that_is_off_is_noticed(void **state)
{
    (void)state;
    slow_table t = random_table(4, 3, 51);
    dr_world *world = import_random(&t);
    dr_reach r;
    assert_ok(dr_reach_new(&r, world, 0, "R0,R2", "R1"));
    assert_true(r.worst < 1e-13);
    for (size_t j = 0; j < t.size; j++) {
        if (dr_reach_of(&r, j)) {
            off(&r, &r.content_to[j], "output of R1 for R0,R2: suppliers and users differ by ");
            off(&r, &r.content_all[j], "output of all regions for R0,R2: suppliers and users differ by ");
        }
        off(&r, &r.content_sides[j], "output of R1 for R0,R2: suppliers and users differ by ");
        off(&r, &r.required[j],
            dr_reach_to(&r, j) ? "output of R1 for R0,R2: suppliers and users differ by "
                               : "output of all regions for R0,R2: suppliers and users differ by ");
    }
    dr_reach_free(&r);
    dr_world_close(world);
}

/* A term of a good split, or gross exports, is a little off, or no number. */
static void terms_that_are_off_are_noticed(void **state)
{
    (void)state;
    const double wrong[] = {1 + 1e-6, 1 - 1e-6, NAN, INFINITY};
    slow_table t = random_table(4, 3, 67);
    for (size_t count = 7; count <= 9; count += 2) {
        double terms[9], gross = 0, worst = 0;
        count == 9 ? slow_kww(&t, 1, terms) : slow_bm(&t, 1, 2, terms);
        for (size_t i = 0; i < count; i++)
            gross += terms[i];
        for (size_t i = 0; i <= count; i++)
            for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
                double *number = i < count ? &terms[i] : &gross, before = *number;
                *number += (wrong[k] - 1) * gross;
                assert_int_equal(dr_terms_certify(&worst, terms, count, gross), DR_NO_SOLUTION);
                assert_non_null(strstr(dr_error_text(), "the terms add up to gross exports: relative residual "));
                *number = before;
            }
        assert_ok(dr_terms_certify(&worst, terms, count, gross));
        assert_true(worst < 1e-14);
        terms[0] = NAN;
        assert_int_equal(dr_terms_certify(&worst, terms, count, 0), DR_NO_SOLUTION);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(balances_are_the_textbook_s, empty_folder),
        cmocka_unit_test_setup(overall_balances_agree_and_are_zero_in_sum, empty_folder),
        cmocka_unit_test_setup(value_added_by_origin_is_final_demand, empty_folder),
        cmocka_unit_test_setup(sectors_add_up_and_groups_are_sums, empty_folder),
        cmocka_unit_test_setup(by_year_leaves_out_years_without_members, empty_folder),
        cmocka_unit_test_setup(a_long_table_is_shared_in_proportion, empty_folder),
        cmocka_unit_test_setup(terms_are_the_articles, empty_folder),
        cmocka_unit_test_setup(both_splits_agree_in_sum, empty_folder),
        cmocka_unit_test_setup(a_group_is_one_economy, empty_folder),
        cmocka_unit_test(terms_that_are_off_are_noticed),
        cmocka_unit_test_setup(reach_that_is_off_is_noticed, empty_folder),
        cmocka_unit_test_setup(refusals, empty_folder),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
