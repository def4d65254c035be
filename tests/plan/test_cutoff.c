/* Plans that limit the loss from a cut-off: the loss recomputed from plain arrays, its derivatives against differences
 * of whole solves, and the optimal plans against searches in one dimension. */
#include "planned.h"

enum { R = 4, S = 3 };

/* ---- The loss, without anything of plan/ ------------------------------------------------------------------------ */

/* The solution of a Cobb-Douglas model as plain arrays, from which an economy is made: uses are shares of cost and of
 * income, which stay. */
static dr_economy *economy_of(const world *w, const dr_solution *solution)
{
    const synthetic *y = &w->data;
    double *input = synthetic_numbers(R * S * S), *final = synthetic_numbers(R * S);
    for (size_t n = 0; n < R; n++) {
        double all = 0;
        for (size_t k = 0; k < S; k++)
            all += y->final[n * S + k];
        for (size_t s = 0; s < S; s++) {
            double output = 0;
            for (size_t j = 0; j < R; j++)
                output += y->flow[(j * R + n) * S + s];
            for (size_t k = 0; k < S; k++)
                input[(n * S + k) * S + s] = y->input[(n * S + k) * S + s] / output * solution->output[n * S + s];
            final[n * S + s] = y->final[n * S + s] / all * solution->income[n];
        }
    }
    dr_economy *economy = NULL;
    dr_economy_data data = {.regions = R,
                            .sectors = S,
                            .region_codes = y->region_names,
                            .sector_codes = y->sector_names,
                            .flow = solution->flow,
                            .tariff = solution->tariff ? solution->tariff : y->tariff,
                            .input = input,
                            .final = final,
                            .deficit = solution->deficit};
    ok(dr_economy_new(&economy, &data));
    free(input);
    free(final);
    return economy;
}

/* The loss of A0 and A1 without the goods of A3 in the short run. */
static double loss_after(const world *w, const dr_solution *solution, const char *sectors)
{
    dr_economy *economy = economy_of(w, solution);
    dr_model *model = NULL;
    dr_scenario *scenario = NULL;
    dr_solution *cut = NULL;
    dr_gradient gradient = {0};
    ok(dr_model_new(&model, economy, &DR_OPTIONS(dr_model_options, .horizon = "short", .tolerance = 1e-12)));
    ok(dr_scenario_new(&scenario, economy));
    ok(dr_scenario_ban(scenario, "A0,A1", "A3", sectors));
    ok(dr_model_solve(&cut, model, scenario));
    ok(dr_solution_gradient(&gradient, cut, scenario, "welfare:A0,A1"));
    dr_solution_free(cut);
    dr_scenario_free(scenario);
    dr_model_free(model);
    dr_economy_free(economy);
    return -gradient.value;
}

/* Welfare under one tariff on s1, and the loss after it. */
static double welfare_under(const world *w, double rate, double *loss)
{
    dr_scenario *scenario = tariff_on(w, 1, rate);
    dr_solution *solution = NULL;
    dr_gradient gradient = {0};
    ok(dr_model_solve(&solution, w->model, scenario));
    ok(dr_solution_gradient(&gradient, solution, scenario, "welfare:A0,A1"));
    *loss = loss_after(w, solution, "s1");
    dr_solution_free(solution);
    dr_scenario_free(scenario);
    return gradient.value;
}

static double tariff_of(const dr_plan *plan, const char *sector)
{
    return planned(plan, sector, "tariff") / 100;
}

/* ---- Tests ------------------------------------------------------------------------------------------------------ */

/* The loss after settings y, and its derivatives, are those of whole solves. */
static void derivatives_are_differences(void **state)
{
    static const dr_model_options options[] = {
        {.size = sizeof(dr_model_options), .elasticity = "5"},
        {.size = sizeof(dr_model_options), .horizon = "medium", .rigid_wages = "A0"},
        {.size = sizeof(dr_model_options), .model = "baqaee-farhi", .elasticity = "3"},
        {.size = sizeof(dr_model_options), .labour_supply = "0.5", .revenue = "income-tax"},
        {.size = sizeof(dr_model_options), .labour_supply = "0.2", .revenue = "keep"}};
    (void)state;
    for (unsigned long long seed = 1; seed <= 6; seed++) {
        world w = world_new(R, S, seed, options[seed % 5]);
        dr_plan *plan =
            own_plan_of(&w, &DR_OPTIONS(dr_plan_options, .cap = 1, .risk = 0.1, .levers = "tariff,others,home"));
        dr_policy *p = &plan->policy;
        double *y = synthetic_numbers(p->count), *slope = synthetic_numbers(p->count);
        for (size_t l = 0; l < p->count; l++)
            y[l] = p->instruments[l].origin == DR_ORIGIN_FROM ? 0.1 + 0.02 * (double)l : -0.03;
        ok(dr_policy_evaluate(p, y, false));
        ok(dr_cutoff_evaluate(plan->cutoff, p, y, true));
        memcpy(slope, plan->cutoff->gradient, p->count * sizeof *slope);
        for (size_t l = 0; l < p->count; l++) {
            const double h = 1e-3;
            static const double weights[] = {1, -8, 8, -1};
            static const int places[] = {-2, -1, 1, 2};
            double sum = 0, here = y[l];
            for (int k = 0; k < 4; k++) {
                y[l] = here + places[k] * h;
                ok(dr_policy_evaluate(p, y, false));
                ok(dr_cutoff_evaluate(plan->cutoff, p, y, false));
                sum += weights[k] * plan->cutoff->loss;
            }
            y[l] = here;
            near(slope[l], sum / 12 / h, 1e-6 * fmax(1, fabs(sum / 12 / h)));
        }
        free(y);
        free(slope);
        dr_plan_free(plan);
        world_free(&w);
    }
}

/* The limit is met with equality; the loss is that of a model calibrated to the flows under the plan. */
static void the_limit_is_met(void **state)
{
    (void)state;
    for (unsigned long long seed = 1; seed <= 4; seed++) {
        world w = world_new(R, S, seed, DR_OPTIONS(dr_model_options, .elasticity = "4"));
        dr_plan *free_plan = own_plan_of(&w, &DR_OPTIONS(dr_plan_options, .cap = 1, .risk = 0.1));
        double before = fact(free_plan, "plan.loss_before"), after = fact(free_plan, "plan.loss");
        double limit = 0.5 * fmin(before, after);
        dr_plan *plan = own_plan_of(&w, &DR_OPTIONS(dr_plan_options, .max_loss = limit));
        near(fact(plan, "plan.loss"), limit, 1e-8 * limit);
        near(loss_after(&w, dr_plan_solution(plan), "all"), limit, 1e-6 * limit);
        near(loss_after(&w, dr_plan_solution(free_plan), "all"), after, 1e-6 * after);
        assert_true(fact(plan, "certificate.kkt") <= 1e-6);
        assert_true(fact(plan, "plan.cost") > fact(free_plan, "plan.cost"));
        dr_plan_free(plan);
        dr_plan_free(free_plan);
        world_free(&w);
    }
}

/* With one instrument the tariff that meets the limit is unique: bisection finds it. */
static void one_instrument_is_bisection(void **state)
{
    (void)state;
    world w = world_new(R, S, 3, DR_OPTIONS(dr_model_options, .elasticity = "4"));
    double loss = 0, low = 0, high = 3;
    double best = welfare_under(&w, 0.3, &loss), limit = 0.6 * loss;
    assert_true(isfinite(best));
    dr_plan *plan = own_plan_of(&w, &DR_OPTIONS(dr_plan_options, .sectors = "s1", .max_loss = limit));
    while (high - low > 1e-10) {
        double middle = (low + high) / 2;
        best = welfare_under(&w, middle, &loss);
        if (loss > limit)
            low = middle;
        else
            high = middle;
    }
    near(tariff_of(plan, "s1"), low, 1e-6);
    near(fact(plan, "plan.cost"), -best, 1e-6);
    dr_plan_free(plan);
    world_free(&w);
}

/* The loss under a uniform cap can be reached at a lower cost. */
static void one_cap_for_all_costs_more(void **state)
{
    (void)state;
    for (unsigned long long seed = 1; seed <= 3; seed++) {
        world w = world_new(R, S, seed, DR_OPTIONS(dr_model_options, .elasticity = "4"));
        dr_plan *capped = own_plan_of(&w, &DR_OPTIONS(dr_plan_options, .cap = 0.05, .risk = 0.1));
        dr_plan *plan = own_plan_of(&w, &DR_OPTIONS(dr_plan_options, .max_loss = fact(capped, "plan.loss")));
        near(fact(plan, "plan.loss"), fact(capped, "plan.loss"), 1e-8);
        assert_true(fact(plan, "plan.cost") < fact(capped, "plan.cost"));
        dr_plan_free(capped);
        dr_plan_free(plan);
        world_free(&w);
    }
}

static double expected(const world *w, double risk, double rate)
{
    double loss = 0, welfare = welfare_under(w, rate, &loss);
    return (1 - risk) * welfare + risk * (100 * (1 + welfare / 100) * (1 - loss / 100) - 100);
}

/* The best insurance with one instrument is where the slope of expected real income is zero, and its gain is over doing
 * nothing. */
static void insurance_is_a_search_in_one_dimension(void **state)
{
    static const double risks[] = {0.02, 0.3};
    (void)state;
    world w = world_new(R, S, 3, DR_OPTIONS(dr_model_options, .elasticity = "4"));
    for (int k = 0; k < 2; k++) {
        double low = 0, high = 2;
        const double step = 2e-3;
        dr_plan *plan = own_plan_of(&w, &DR_OPTIONS(dr_plan_options, .sectors = "s1", .risk = risks[k]));
        while (high - low > 1e-8) {
            double x = (low + high) / 2;
            double slope = expected(&w, risks[k], x - 2 * step) - 8 * expected(&w, risks[k], x - step) +
                           8 * expected(&w, risks[k], x + step) - expected(&w, risks[k], x + 2 * step);
            if (slope > 0)
                low = x;
            else
                high = x;
        }
        near(tariff_of(plan, "s1"), low, 2e-6);
        near(fact(plan, "plan.expected_gain"), expected(&w, risks[k], low) - expected(&w, risks[k], 0), 1e-8);
        dr_plan_free(plan);
    }
    world_free(&w);
}

/* At the break-even risk of a plan its expected gain is zero. */
static void at_the_break_even_risk_nothing_is_gained(void **state)
{
    (void)state;
    for (unsigned long long seed = 1; seed <= 3; seed++) {
        world w = world_new(R, S, seed, DR_OPTIONS(dr_model_options, .elasticity = "4"));
        dr_plan_options options = {
            .size = sizeof(dr_plan_options), .cap = 0.04, .risk = 0.1, .stock = seed == 1 ? 0 : 2};
        dr_plan *plan = own_plan_of(&w, &options);
        double even = fact(plan, "plan.break_even");
        assert_true(even > 0 && even < 1);
        options.risk = even;
        dr_plan *again = own_plan_of(&w, &options);
        near(fact(again, "plan.expected_gain"), 0, 1e-9);
        dr_plan_free(again);
        dr_plan_free(plan);
        world_free(&w);
    }
}

/* A stock is so many months of purchases and covers as much of a year. */
static void a_stock_covers_its_months(void **state)
{
    (void)state;
    world w = world_new(R, S, 1, DR_OPTIONS(dr_model_options, .elasticity = "4"));
    dr_plan *without = own_plan_of(&w, &DR_OPTIONS(dr_plan_options, .cap = 0.1, .risk = 0.05));
    dr_plan *with =
        own_plan_of(&w, &DR_OPTIONS(dr_plan_options, .cap = 0.1, .risk = 0.05, .stock = 3, .stock_cost = 1e-9));
    near(fact(with, "plan.loss"), 0.75 * fact(without, "plan.loss"), 1e-6);
    dr_plan_free(with);
    with = own_plan_of(&w, &DR_OPTIONS(dr_plan_options, .cap = 0.1, .risk = 0.05, .stock = 6, .stock_cost = 0.2));
    double bought = 0;
    const dr_solution *solution = dr_plan_solution(with);
    for (size_t n = 0; n < 2; n++)
        for (size_t s = 0; s < S; s++)
            bought += solution->flow[(n * R + 3) * S + s];
    near(fact(with, "plan.stock_cost_value"), 0.2 * 0.5 * bought, 1e-9 * bought);
    double even = fact(with, "plan.stock_break_even"), cost = fact(with, "plan.cost");
    near(even * (1 - cost / 100) * fact(with, "plan.loss"), fact(with, "plan.stock_cost"), 1e-9);
    dr_plan_free(with);
    with = own_plan_of(&w, &DR_OPTIONS(dr_plan_options, .max_loss = 0.001, .stock = 12));
    assert_true(fact(with, "plan.loss") == 0);
    dr_plan_free(with);
    dr_plan_free(without);
    world_free(&w);
}

/* Other starting points lead to the same cost here. */
static void more_starts_change_nothing(void **state)
{
    (void)state;
    world w = world_new(R, S, 2, DR_OPTIONS(dr_model_options, .elasticity = "4"));
    for (int k = 0; k < 2; k++) {
        dr_plan_options options = {.size = sizeof(dr_plan_options), .cap = k ? 0 : 0.1, .max_loss = k ? 0.8 : 0};
        dr_plan *two = own_plan_of(&w, &options);
        options.starts = 6;
        dr_plan *six = own_plan_of(&w, &options);
        near(fact(six, "plan.cost"), fact(two, "plan.cost"), 1e-7);
        assert_true(fact(six, "certificate.starts") == 6 && fact(six, "certificate.starts_elsewhere") == 0);
        dr_plan_free(six);
        dr_plan_free(two);
    }
    world_free(&w);
}

static void what_cannot_be_is_told(void **state)
{
    static const struct {
        const char *from;
        dr_plan_options options;
        dr_status status;
        const char *says;
    } wrong[] = {
        {"A3",
         {.size = sizeof(dr_plan_options), .risk = 1.5},
         DR_BAD_INPUT,
         "a risk of 150% a year; expected a probability from 0% to 100%"},
        {"A3",
         {.size = sizeof(dr_plan_options), .risk = -0.1},
         DR_BAD_INPUT,
         "a risk of -10% a year; expected a probability from 0% to 100%"},
        {"A3",
         {.size = sizeof(dr_plan_options), .risk = NAN},
         DR_BAD_INPUT,
         "a risk of nan% a year; expected a probability from 0% to 100%"},
        {"A3",
         {.size = sizeof(dr_plan_options), .max_loss = -1},
         DR_BAD_INPUT,
         "a loss of at most -1%; expected a part of real income, from 0% to 100%"},
        {"A3",
         {.size = sizeof(dr_plan_options), .risk = 0.1, .stock = 13},
         DR_BAD_INPUT,
         "a stock of 13 months; expected 0 to 12, as losses are counted for a year"},
        {"A3",
         {.size = sizeof(dr_plan_options), .risk = 0.1, .stock = 1, .stock_cost = -1},
         DR_BAD_INPUT,
         "a carrying cost of -100% a year; expected 0% or more"},
        {"A3",
         {.size = sizeof(dr_plan_options), .cap = 0.1, .stock = 3},
         DR_USAGE,
         "a stock needs the risk of a cut-off or the largest loss from one"},
        {"A3",
         {.size = sizeof(dr_plan_options), .cap = 0.1, .budget = 1},
         DR_USAGE,
         "a budget cannot be combined with caps or a largest loss"},
        {"A3",
         {.size = sizeof(dr_plan_options), .max_loss = 0.01, .most_tariff = 0.1},
         DR_NO_SOLUTION,
         "infeasible: within the bounds the lowest attainable loss of A0 from a cut-off by A3 is "},
    };
    (void)state;
    world w = world_new(R, S, 1, DR_OPTIONS(dr_model_options, .elasticity = "4"));
    for (size_t j = 0; j < sizeof wrong / sizeof *wrong; j++) {
        dr_plan *plan = NULL;
        assert_int_equal(dr_plan_new(&plan, w.model, "A0", wrong[j].from, &wrong[j].options), wrong[j].status);
        if (strncmp(dr_error_text(), wrong[j].says, strlen(wrong[j].says)) != 0)
            fail_msg("%s", dr_error_text());
        assert_null(plan);
    }
    world_free(&w);
}

/* Without any other supplier, even at home, the cut-off has no equilibrium, and the error names the good. */
static void a_good_with_no_other_supplier_is_named(void **state)
{
    (void)state;
    world w = {.data = synthetic_new(R, S, 1, false, true)};
    for (size_t n = 0; n < R; n++)
        for (size_t i = 0; i < R; i++)
            if (i != 3) { /* A3 alone makes s2 */
                w.data.flow[(n * R + 3) * S + 2] += w.data.flow[(n * R + i) * S + 2];
                w.data.flow[(n * R + i) * S + 2] = 0;
            }
    for (size_t n = 0; n < 3; n++)
        for (size_t k = 0; k < S; k++) { /* what its makers used elsewhere is used up there */
            w.data.final[n * S + k] += w.data.input[(n * S + k) * S + 2];
            w.data.input[(n * S + k) * S + 2] = 0;
        }
    w.economy = synthetic_economy(&w.data);
    ok(dr_model_new(&w.model, w.economy, NULL));
    dr_plan *plan = NULL;
    assert_int_equal(dr_plan_new(&plan, w.model, "A0", "A3", &DR_OPTIONS(dr_plan_options, .max_loss = 1)),
                     DR_NO_SOLUTION);
    assert_string_equal(dr_error_text(), "the cut-off: A0 loses its last supplier of s2 under the bans");
    world_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(derivatives_are_differences),
        cmocka_unit_test(the_limit_is_met),
        cmocka_unit_test(one_instrument_is_bisection),
        cmocka_unit_test(one_cap_for_all_costs_more),
        cmocka_unit_test(insurance_is_a_search_in_one_dimension),
        cmocka_unit_test(at_the_break_even_risk_nothing_is_gained),
        cmocka_unit_test(a_stock_covers_its_months),
        cmocka_unit_test(more_starts_change_nothing),
        cmocka_unit_test(what_cannot_be_is_told),
        cmocka_unit_test(a_good_with_no_other_supplier_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
