/* The Leontief model against textbook algebra, and what it refuses. */
#include "support/world_files.h"

#include "measure/leontief.h"
#include "random_table.h"

static void very_near(double got, double expected)
{
    if (!(fabs(got - expected) <= 1e-11 * fmax(1, fabs(expected))))
        fail_msg("%.17g, expected %.17g", got, expected);
}

static dr_matrix *matrix_of(const slow_table *t)
{
    dr_matrix *m = NULL;
    double inputs[SLOW_MOST * SLOW_MOST], final[SLOW_MOST * SLOW_MOST];
    for (size_t i = 0; i < t->size; i++) {
        for (size_t j = 0; j < t->size; j++)
            inputs[i * t->size + j] = t->inputs[i][j];
        for (size_t n = 0; n < t->regions; n++)
            final[i * t->regions + n] = t->final[i][n];
    }
    assert_ok(dr_matrix_new(&m, t->regions, t->sectors, inputs, final));
    return m;
}

static void the_inverse_is_the_textbook_s(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 5; seed++) {
        slow_table t = random_table(4, 3, seed);
        dr_matrix *m = matrix_of(&t);
        double *inverse = NULL;
        assert_ok(dr_leontief_inverse(&inverse, m));
        for (size_t i = 0; i < t.size; i++)
            for (size_t j = 0; j < t.size; j++)
                very_near(inverse[i * t.size + j], t.inverse[i][j]);
        free(inverse);
        dr_matrix_free(m);
    }
}

static void solves_from_both_sides(void **state)
{
    (void)state;
    slow_table t = random_table(3, 4, 7);
    dr_matrix *m = matrix_of(&t);
    dr_leontief *l = NULL;
    double vectors[2 * SLOW_MOST], rows[2 * SLOW_MOST];
    assert_ok(dr_leontief_new(&l, m, NULL));
    for (size_t i = 0; i < 2 * t.size; i++)
        vectors[i] = rows[i] = 1 + (double)(i * i % 7);
    dr_leontief_output(l, vectors, 2);
    dr_leontief_content(l, rows, 2);
    for (size_t v = 0; v < 2; v++)
        for (size_t i = 0; i < t.size; i++) {
            double output = 0, content = 0;
            for (size_t j = 0; j < t.size; j++) {
                double given = 1 + (double)((v * t.size + j) * (v * t.size + j) % 7);
                output += t.inverse[i][j] * given;
                content += t.inverse[j][i] * given;
            }
            very_near(vectors[v * t.size + i], output);
            very_near(rows[v * t.size + i], content);
        }
    dr_leontief_free(l);
    dr_matrix_free(m);
}

/* Regions 0 and 2 of three alone: the rows and columns of region 1 are not there. */
static void a_part_is_the_inverse_of_its_own_block(void **state)
{
    (void)state;
    const bool mask[] = {true, false, true};
    slow_table t = random_table(3, 3, 3);
    dr_matrix *m = matrix_of(&t);
    dr_leontief *part = NULL;
    assert_ok(dr_leontief_new(&part, m, mask));
    assert_int_equal(part->size, 6);
    double block[SLOW_MOST][SLOW_MOST] = {{0}}, inverse[SLOW_MOST][SLOW_MOST];
    for (size_t i = 0; i < 6; i++)
        for (size_t j = 0; j < 6; j++)
            block[i][j] = t.a[i < 3 ? i : i + 3][j < 3 ? j : j + 3];
    slow_invert(6, inverse, block);
    for (size_t j = 0; j < 6; j++) {
        double unit[6] = {0};
        assert_int_equal(part->rows[j], j < 3 ? j : j + 3);
        unit[j] = 1;
        dr_leontief_output(part, unit, 1);
        for (size_t i = 0; i < 6; i++)
            very_near(unit[i], inverse[i][j]);
    }
    dr_leontief_free(part);
    dr_matrix_free(m);
}

/* What a sector without output buys is final use: rows add up as before, and all value still comes from somewhere. */
static void a_sector_without_output(void **state)
{
    (void)state;
    slow_table t = random_table(3, 3, 4);
    for (size_t j = 0; j < t.size; j++)
        t.inputs[4][j] = 0;
    for (size_t n = 0; n < t.regions; n++)
        t.final[4][n] = 0;
    dr_matrix *m = matrix_of(&t);
    dr_leontief *l = NULL;
    double content[SLOW_MOST], value_added = 0, final = 0;
    assert_ok(dr_leontief_new(&l, m, NULL));
    memcpy(content, l->value_share, t.size * sizeof *content);
    dr_leontief_content(l, content, 1);
    for (size_t i = 0; i < t.size; i++) {
        very_near(content[i], 1);
        if (i != 4)
            very_near(m->output[i], t.output[i]);
        value_added += m->value_added[i];
        for (size_t n = 0; n < t.regions; n++)
            final += m->final[i * t.regions + n];
    }
    very_near(m->output[4], 0);
    very_near(m->value_added[4], 0);
    very_near(value_added, final);
    dr_leontief_free(l);
    dr_matrix_free(m);
}

static void a_sector_that_takes_all_it_makes_has_no_inverse(void **state)
{
    (void)state;
    slow_table t = random_table(2, 2, 5);
    for (size_t j = 0; j < t.size; j++) {
        t.inputs[1][j] = j == 1 ? 10 : 0;
        t.inputs[j][1] = j == 1 ? 10 : 0;
    }
    t.final[1][0] = t.final[1][1] = 0;
    dr_matrix *m = matrix_of(&t);
    dr_leontief *l = NULL;
    assert_int_equal(dr_leontief_new(&l, m, NULL), DR_BAD_INPUT);
    assert_non_null(strstr(dr_error_text(), "the table has no Leontief inverse: some sectors take (almost) all"));
    assert_null(l);
    dr_matrix_free(m);
}

static void assert_missed(dr_status status, const char *text)
{
    assert_int_equal(status, DR_NO_SOLUTION);
    assert_non_null(strstr(dr_error_text(), "value added of all regions = the final use that absorbs it: "));
    assert_non_null(strstr(dr_error_text(), text));
}

/* One sector's output, or what all of them is to add up to, is a little off. */
static void a_solution_that_is_off_is_noticed(void **state)
{
    (void)state;
    slow_table t = random_table(4, 3, 6);
    dr_matrix *m = matrix_of(&t);
    dr_leontief *l = NULL;
    double output[SLOW_MOST], used = 0, worst = 0, wrong[] = {1 + 1e-6, 1 - 1e-6, NAN};
    assert_ok(dr_leontief_new(&l, m, NULL));
    for (size_t i = 0; i < t.size; i++)
        used += output[i] = t.final[i][0];
    dr_leontief_output(l, output, 1);
    assert_ok(dr_leontief_certify(&worst, l, output, used));
    assert_true(worst < 1e-13);
    for (size_t i = 0; i < t.size; i++)
        for (size_t k = 0; k < 3; k++) {
            double before = output[i];
            output[i] *= wrong[k];
            assert_missed(dr_leontief_certify(&worst, l, output, used), "relative residual ");
            output[i] = before;
        }
    assert_missed(dr_leontief_certify(&worst, l, output, used * wrong[0]), "relative residual 1.0e-06");
    assert_ok(dr_leontief_certify(&worst, l, output, used));
    dr_leontief_free(l);
    dr_matrix_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_inverse_is_the_textbook_s),
        cmocka_unit_test(solves_from_both_sides),
        cmocka_unit_test(a_part_is_the_inverse_of_its_own_block),
        cmocka_unit_test(a_sector_without_output),
        cmocka_unit_test(a_sector_that_takes_all_it_makes_has_no_inverse),
        cmocka_unit_test(a_solution_that_is_off_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
