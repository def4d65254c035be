/* Look-through shares against the dense Leontief inverse, and the base that a solution makes. */
#include "support/check.h"

#include <stdlib.h>

#include "derivative/look_through.h"
#include "equilibrium/new_model.h"
#include "measure/leontief.h"
#include "result/welfare.h"
#include "support/synthetic.h"

enum { R = 5, S = 4 };

static dr_solution *solved(const dr_model *model, double tariff)
{
    dr_scenario *scenario = NULL;
    dr_solution *solution = NULL;
    ok(dr_scenario_new(&scenario, model->economy));
    if (tariff > 0)
        ok(dr_scenario_tariff(scenario, "A0,A1", "A3", "s0,s2", tariff, DR_RATE_ADD));
    ok(dr_model_solve(&solution, model, scenario));
    dr_scenario_free(scenario);
    return solution;
}

/* The inter-country table of a base: Z = input X / E. */
static dr_matrix *matrix_of(const dr_base *b)
{
    double *inputs = synthetic_numbers(R * S * R * S), *final = synthetic_numbers(R * S * R);
    for (size_t n = 0; n < R; n++)
        for (size_t i = 0; i < R; i++)
            for (size_t k = 0; k < S; k++) {
                double flow = b->flow[(n * R + i) * S + k], left = flow;
                for (size_t s = 0; s < S; s++) {
                    double z = b->input[(n * S + k) * S + s] * flow / b->spending[n * S + k];
                    inputs[(i * S + k) * R * S + n * S + s] = z;
                    left -= z;
                }
                final[(i * S + k) * R + n] = left;
            }
    dr_matrix *matrix = NULL;
    ok(dr_matrix_new(&matrix, R, S, inputs, final));
    free(inputs);
    free(final);
    return matrix;
}

/* sum over v in A of Y (1_B L - 1_B) over the same of all, by the inverse written out. */
static double dense_share(const dr_base *b, const bool *of, const bool *from, const bool *sectors)
{
    dr_matrix *matrix = matrix_of(b);
    double *l = NULL, part = 0, whole = 0;
    ok(dr_leontief_inverse(&l, matrix));
    for (size_t v = 0; v < R * S; v++)
        for (size_t u = 0; u < R * S && of[v / S] && sectors[v % S]; u++) {
            double made = (l[u * R * S + v] - (u == v)) * matrix->output[v];
            whole += made;
            part += from[u / S] ? made : 0;
        }
    free(l);
    dr_matrix_free(matrix);
    return part / whole;
}

/* The base's share, and after a tariff that of the base which the solution makes. */
static void shares_are_those_of_the_inverse(void **state)
{
    static const dr_model_options options[] = {
        {.size = sizeof(dr_model_options), .tolerance = 1e-13},
        {.size = sizeof(dr_model_options), .horizon = "medium", .tolerance = 1e-13}};
    const bool of[R] = {true, true}, from[R] = {false, false, false, true, true}, sectors[S] = {true, false, true};
    (void)state;
    for (unsigned long long seed = 1; seed <= 6; seed++) {
        synthetic y = synthetic_new(R, S, seed, true, true);
        dr_economy *economy = synthetic_economy(&y);
        dr_model *model = NULL, *after = NULL;
        dr_look *look = NULL;
        ok(dr_model_new(&model, economy, &options[seed % 2]));
        dr_solution *solution = solved(model, 0.4);
        ok(dr_model_after(&after, model, solution));
        ok(dr_look_new(&look, model, from));
        ok(dr_look_at(look, solution));
        near(dr_look_share(look, of, sectors, true), dense_share(&model->base, of, from, sectors), 1e-13);
        near(dr_look_share(look, of, sectors, false), dense_share(&after->base, of, from, sectors), 1e-11);
        assert_true(dr_look_share(look, of, sectors, false) < dr_look_share(look, of, sectors, true));
        dr_look_free(look);
        dr_solution_free(solution);
        dr_model_free(after);
        dr_model_free(model);
        dr_economy_free(economy);
        synthetic_free(&y);
    }
}

/* Where all that is bought is used up in making it, there is no end to the stages. */
static void no_value_added_is_told(void **state)
{
    const char *const codes[] = {"A0", "A1"}, *const sectors[] = {"s0"};
    const double flow[] = {10, 1, 1, 10}, input[] = {10.9999999999, 0}, final[] = {1e-10, 11}, added[] = {1e-10, 11};
    const bool from[] = {false, true};
    dr_economy_data data = {.regions = 2,
                            .sectors = 1,
                            .region_codes = codes,
                            .sector_codes = sectors,
                            .flow = flow,
                            .input = input,
                            .final = final,
                            .value_added = added};
    dr_economy *economy = NULL;
    dr_model *model = NULL;
    dr_look *look = NULL;
    (void)state;
    ok(dr_economy_new(&economy, &data));
    ok(dr_model_new(&model, economy, NULL));
    model->input_share[0] = 2;
    assert_int_equal(dr_look_new(&look, model, from), DR_NO_SOLUTION);
    assert_null(look);
    dr_model_free(model);
    dr_economy_free(economy);
}

/* Without a shock a rebased model stays where it is; with the tariff taken away it goes back to where it came from. */
static void a_solution_is_a_base(void **state)
{
    static const char *const names[] = {"labour", "capital"};
    (void)state;
    for (unsigned long long seed = 1; seed <= 3; seed++) {
        synthetic y = synthetic_new(R, S, seed, false, true);
        if (seed == 2)
            synthetic_split(&y, names, 2, seed);
        dr_economy *economy = synthetic_economy(&y);
        dr_model *model = NULL, *after = NULL;
        dr_scenario *scenario = NULL;
        dr_solution *back = NULL;
        ok(dr_model_new(&model, economy,
                        &DR_OPTIONS(dr_model_options, .model = seed == 3 ? "baqaee-farhi" : NULL, .tolerance = 1e-13)));
        dr_solution *solution = solved(model, 0.4);
        ok(dr_model_after(&after, model, solution));
        dr_solution *still = solved(after, 0);
        ok(dr_scenario_new(&scenario, economy));
        ok(dr_scenario_tariff(scenario, "A0,A1", "A3", "s0,s2", 0, DR_RATE_SET));
        ok(dr_model_solve(&back, after, scenario));
        for (size_t flow = 0; flow < R * R * S; flow++)
            near(back->flow[flow], model->base.flow[flow], 1e-9 * model->base.flow[flow]);
        for (size_t n = 0; n < R; n++) {
            near(dr_solution_welfare(still, n), 0, 1e-9);
            near((1 + dr_solution_welfare(back, n) / 100) * (1 + dr_solution_welfare(solution, n) / 100), 1, 1e-10);
        }
        dr_solution_free(solution);
        dr_solution_free(still);
        dr_solution_free(back);
        dr_scenario_free(scenario);
        dr_model_free(after);
        dr_model_free(model);
        dr_economy_free(economy);
        synthetic_free(&y);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_are_those_of_the_inverse),
        cmocka_unit_test(no_value_added_is_told),
        cmocka_unit_test(a_solution_is_a_base),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
