/* The preparation of a table, step by step as docs/model.md lists it, on one small enough to check by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "equilibrium/solution.h"

static void near(double a, double b)
{
    if (!(fabs(a - b) <= 1e-12 * fmax(1, fabs(b))))
        fail_msg("%.17g, expected %.17g", a, b);
}

/* One region. a sells 10 to a, 60 to b, 30 to final use; b sells 20, 30 and 35; nobody makes c, and its final use is
 * -2. b sells 85 and buys 90, so that its inputs are scaled to 0.99 * 85 = 84.15, by 0.935: 56.1 and 28.05; 3.9 and
 * 1.95 become final use. */
static void each_step_does_what_it_says(void **state)
{
    static const char *const regions[] = {"A"}, *const sectors[] = {"a", "b", "c"};
    static const double flow[] = {100, 85, 0}, input[] = {10, 60, 0, 20, 30, 0, 0, 0, 0}, final[] = {30, 35, -2};
    static const double new_input[] = {10, 56.1, 0, 20, 28.05, 0, 0, 0, 0}, new_final[] = {33.9, 36.95, 0};
    static const double value_added[] = {70, 0.85, 0};
    static const char *const notes[] = {"negative cells of final use, set to zero: 1 (in all 2.000 units of the table)",
                                        "sectors of a region with value added below 1% of output: 1 (first by size: A "
                                        "b); their inputs are scaled to leave 1%, "
                                        "and 5.850 units of the table booked as final use of the same region",
                                        "sectors of a region without output, left out: 1"};
    dr_economy_data data = {.regions = 1,
                            .sectors = 3,
                            .region_codes = regions,
                            .sector_codes = sectors,
                            .flow = flow,
                            .input = input,
                            .final = final};
    dr_economy *economy = NULL;
    dr_model *model = NULL;
    (void)state;
    assert_int_equal(dr_economy_new(&economy, &data), DR_OK);
    assert_int_equal(dr_model_new(&model, economy, NULL), DR_OK);
    for (size_t i = 0; i < 9; i++)
        near(model->base.input[i], new_input[i]);
    for (size_t k = 0; k < 3; k++) {
        near(model->base.final[k], new_final[k]);
        near(model->base.value_added[k], value_added[k]);
        near(model->base.output[k], flow[k]);
    }
    near(model->base.income[0], 70.85);
    assert_int_equal(model->note_count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(model->notes[i], notes[i]);
    dr_model_free(model);
    dr_economy_free(economy);
}

/* Tariffs that are seldom meant: a subsidy of 60%, and 25 where 0.25 was meant. */
static void odd_tariffs_are_noted(void **state)
{
    static const char *const regions[] = {"A", "B"}, *const sectors[] = {"s"};
    static const double flow[] = {90, 10, 10, 90}, tariff[] = {0, -0.6, 25, 0}, input[] = {0, 0}, final[] = {94, 350};
    static const char *const notes[] = {
        "negative tariffs of the table, which are import subsidies: 1, the lowest -60% on s from B to A",
        "tariffs of the table above 100%: 1, the highest 2500% on s from A to B; a table has fractions, where 0.25 is "
        "25%"};
    dr_economy_data data = {.regions = 2,
                            .sectors = 1,
                            .region_codes = regions,
                            .sector_codes = sectors,
                            .flow = flow,
                            .tariff = tariff,
                            .input = input,
                            .final = final};
    dr_economy *economy = NULL;
    dr_model *model = NULL;
    size_t found = 0;
    (void)state;
    assert_int_equal(dr_economy_new(&economy, &data), DR_OK);
    assert_int_equal(dr_model_new(&model, economy, NULL), DR_OK);
    for (size_t i = 0; i < model->note_count; i++)
        for (size_t k = 0; k < 2; k++)
            found += strcmp(model->notes[i], notes[k]) == 0;
    assert_int_equal(found, 2);
    dr_model_free(model);
    dr_economy_free(economy);
}

/* Long tables bring their own value added and deficits; where these do not fit the flows, the base is solved first. */
static void data_out_of_balance_are_solved_first(void **state)
{
    static const char *const regions[] = {"A", "B"}, *const sectors[] = {"a"};
    static const double flow[] = {80, 20, 10, 90}, input[] = {40, 50}, final[] = {50, 55}, value_added[] = {55, 60};
    dr_economy_data data = {.regions = 2,
                            .sectors = 1,
                            .region_codes = regions,
                            .sector_codes = sectors,
                            .flow = flow,
                            .input = input,
                            .final = final,
                            .value_added = value_added};
    dr_economy *economy = NULL;
    dr_model *model = NULL;
    dr_solution *solution = NULL;
    (void)state;
    assert_int_equal(dr_economy_new(&economy, &data), DR_OK);
    assert_int_equal(dr_model_new(&model, economy, NULL), DR_OK);
    near(model->value_added_share[0], 55.0 / 95);
    near(model->base.factor_income[0] + model->base.factor_income[1], 115);
    near(model->base.deficit[0], 10);
    assert_int_equal(dr_model_solve(&solution, model, NULL), DR_OK);
    for (size_t f = 0; f < 4; f++)
        near(solution->flow[f] / model->base.flow[f], 1);
    dr_solution_free(solution);
    dr_model_free(model);
    dr_economy_free(economy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_step_does_what_it_says),
                                       cmocka_unit_test(odd_tariffs_are_noted),
                                       cmocka_unit_test(data_out_of_balance_are_solved_first)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
