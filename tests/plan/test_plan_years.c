/* Plans by year: the first and the last are those of the short and of the long run, the worth of the path, and caps
 * that are wrong. */
#include <string.h>

#include "support/check.h"
#include "support/synthetic.h"

enum { YEARS = 12, SHARE = 3, COST = 4 };

typedef struct fixture {
    synthetic table;
    dr_economy *economy;
    dr_model *model;
} fixture;

static fixture fixture_new(void)
{
    fixture f = {.table = synthetic_new(4, 3, 7, true, true)};
    f.economy = synthetic_economy(&f.table);
    ok(dr_model_new(&f.model, f.economy, &DR_OPTIONS(dr_model_options, .elasticity = dr_transition_elasticity())));
    return f;
}

static void fixture_free(fixture *f)
{
    dr_model_free(f->model);
    dr_economy_free(f->economy);
    synthetic_free(&f->table);
}

/* The cost of the plan in a single state, percent. */
static double static_cost(const dr_model *model, const dr_plan_options *options)
{
    dr_plan *plan = NULL;
    dr_table *table = NULL;
    ok(dr_plan_new(&plan, model, "A0", "A1", options));
    ok(dr_plan_sectors(&table, plan));
    double cost = dr_table_fact(table, "plan.cost");
    dr_table_free(table);
    dr_plan_free(plan);
    return cost;
}

static void ends_are_plans_of_the_short_and_the_long_run(void **state)
{
    (void)state;
    fixture f = fixture_new();
    dr_plan_options options = {.size = sizeof options, .cap = 0.25};
    dr_model *model = NULL;
    dr_table *path = NULL, *later = NULL;
    ok(dr_model_new(&model, f.economy,
                    &DR_OPTIONS(dr_model_options, .horizon = "short", .model = "caliendo-parro", .elasticity = "0.76",
                                .thin_markets = "0")));
    double first = static_cost(model, &options), last = static_cost(f.model, &options);
    ok(dr_plan_years(&path, f.model, "A0", "A1", &options, YEARS, NULL, 0));
    near(dr_table_number(path, 0, COST), first, 1e-5 * first);
    near(dr_table_number(path, YEARS - 1, COST), last, 1e-5 * last);
    assert_true(first > 1.5 * last && last > 0);
    for (size_t y = 0; y < YEARS; y++)
        assert_true(dr_table_number(path, y, SHARE) < 0.25 + 1e-7);
    /* a year of delay saves the constant annual cost once */
    double cost = 0, value = 0;
    for (size_t y = 0; y < 3000; y++)
        cost += pow(1.04, -(double)y) * dr_table_number(path, y < YEARS ? y : YEARS - 1, COST) * 0.04 / 1.04;
    near(dr_table_fact(path, "plan.discounted_cost"), cost, 1e-9);
    ok(dr_plan_years(&later, f.model, "A0", "A1", &DR_OPTIONS(dr_plan_options, .cap = 0), YEARS, "3:25%", 0));
    for (size_t y = 0; y < 2; y++)
        near(dr_table_number(later, y, COST), 0, 0);
    value = dr_table_number(later, 2, COST);
    near(value, first, 1e-5 * first);
    dr_table_free(path);
    dr_table_free(later);
    dr_model_free(model);
    fixture_free(&f);
}

static void wrong_caps_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *caps, *error;
    } wrong[] = {
        {"25%", "caps by year '25%': expected YEAR:SHARE, such as 2012:50%,2015:30%"},
        {"3:x", "caps by year '3:x': expected YEAR:SHARE, such as 2012:50%,2015:30%"},
        {"0:25%", "caps by year: 0 is not on the path; expected a year from 1 to 12"},
        {"13:25%", "caps by year: 13 is not on the path; expected a year from 1 to 12"},
        {"3:25%,2:20%", "caps by year: 2 does not come after 3; expected years in their order"},
        {"3:0%", "caps by year: a cap of 0%; expected more than 0% and at most 100%"},
    };
    fixture f = fixture_new();
    dr_table *table = NULL;
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        assert_int_equal(
            dr_plan_years(&table, f.model, "A0", "A1", &DR_OPTIONS(dr_plan_options, .cap = 0), YEARS, wrong[k].caps, 0),
            DR_BAD_INPUT);
        assert_string_equal(dr_error_text(), wrong[k].error);
    }
    fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(ends_are_plans_of_the_short_and_the_long_run),
                                       cmocka_unit_test(wrong_caps_are_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
