/* Plans with caps on look-through shares: on the tables of random worlds, against bisection, against the slope of the
 * cost. */
#include "planned.h"

static dr_table *table_of(const world *w, const dr_plan_options *options)
{
    dr_plan *plan = own_plan_of(w, options);
    dr_table *table = NULL;
    ok(dr_plan_sectors(&table, plan));
    dr_plan_free(plan);
    return table;
}

static double cell(const dr_table *table, size_t row, const char *column)
{
    int at = dr_table_find(table, column);
    assert_true(at >= 0);
    return dr_table_number(table, row, (size_t)at);
}

/* The caps hold to 1e-8, some bind, and the first-order conditions hold; a look-through share of one sector has
 * instruments on all goods. */
static void caps_are_kept(void **state)
{
    static const char *const horizons[] = {"long", "medium"};
    (void)state;
    for (unsigned long long seed = 1; seed <= 4; seed++) {
        world w = world_new(5, 4, seed, DR_OPTIONS(dr_model_options, .horizon = horizons[seed % 2]));
        bool binds = false;
        dr_table *base = table_of(&w, &DR_OPTIONS(dr_plan_options, .cap = 1, .share = DR_SHARE_LOOK_THROUGH));
        double most = 0;
        for (size_t row = 0; row < dr_table_rows(base); row++)
            most = fmax(most, cell(base, row, "new_share"));
        dr_table *table = table_of(&w, &DR_OPTIONS(dr_plan_options, .cap = 0.8 * most, .share = DR_SHARE_LOOK_THROUGH));
        for (size_t row = 0; row < dr_table_rows(table); row++) {
            assert_true(cell(table, row, "new_share") <= 0.8 * most * (1 + 1e-8));
            binds |= cell(table, row, "shadow_price") > 0;
        }
        assert_true(binds);
        assert_true(dr_table_fact(table, "certificate.kkt") <= 1e-6);
        dr_table *one = table_of(
            &w, &DR_OPTIONS(dr_plan_options, .sectors = "s1", .cap = 0.7 * most, .share = DR_SHARE_LOOK_THROUGH));
        assert_int_equal(dr_table_rows(one), 4);
        for (size_t row = 0; row < 4; row++) {
            bool capped = strcmp(dr_table_text(one, row, 0), "s1") == 0;
            assert_true(isnan(cell(one, row, "cap")) == !capped);
            assert_true(!capped || cell(one, row, "new_share") <= 0.7 * most * (1 + 1e-8));
        }
        dr_table_free(one);
        dr_table_free(table);
        dr_table_free(base);
        world_free(&w);
    }
}

static void one_cap_is_bisection_on_one_tariff(void **state)
{
    (void)state;
    world w = world_new(4, 1, 5, DR_OPTIONS(dr_model_options, .horizon = "medium"));
    double low = 0, high = 5, welfare = 0, cap = 0.7 * share_under(&w, 0, "look-through:A0,A1:A3", 0.3, &welfare);
    dr_table *table = table_of(&w, &DR_OPTIONS(dr_plan_options, .cap = cap, .share = DR_SHARE_LOOK_THROUGH));
    while (high - low > 1e-11) {
        double middle = (low + high) / 2;
        if (share_under(&w, 0, "look-through:A0,A1:A3", middle, &welfare) > cap)
            low = middle;
        else
            high = middle;
    }
    near(cell(table, 0, "tariff"), 100 * low, 1e-5);
    near(dr_table_fact(table, "plan.cost"), -welfare, 1e-7);
    dr_table_free(table);
    world_free(&w);
}

static void shadow_prices_are_slopes(void **state)
{
    (void)state;
    for (unsigned long long seed = 1; seed <= 2; seed++) {
        world w = world_new(4, 3, seed, DR_OPTIONS(dr_model_options, .horizon = "long"));
        dr_plan_options options = {
            .size = sizeof(dr_plan_options), .cap = 1, .share = DR_SHARE_LOOK_THROUGH, .levers = "tariff,others"};
        dr_table *table = table_of(&w, &options);
        double most = cell(table, 0, "new_share"), cap = 0.8 * most, h = 1e-3 * cap, cost[2], all = 0;
        dr_table_free(table);
        for (int side = 0; side < 2; side++) {
            options.cap = cap + (side ? h : -h);
            table = table_of(&w, &options);
            cost[side] = dr_table_fact(table, "plan.cost_value");
            dr_table_free(table);
        }
        options.cap = cap;
        table = table_of(&w, &options);
        for (size_t row = 0; row < dr_table_rows(table); row++)
            all += cell(table, row, "shadow_price");
        assert_true(all > 0);
        near(100 * all, (cost[0] - cost[1]) / (2 * h), 1e-4 * fabs(cost[0] - cost[1]) / (2 * h));
        dr_table_free(table);
        world_free(&w);
    }
}

/* A small tariff cannot lower the look-through share to almost zero. */
static void an_infeasible_cap_is_an_error(void **state)
{
    (void)state;
    world w = world_new(4, 3, 1, DR_OPTIONS(dr_model_options, .horizon = "long"));
    dr_plan *plan = NULL;
    const dr_plan_options options = {.size = sizeof(dr_plan_options),
                                     .cap = 0.001,
                                     .sectors = "s1",
                                     .share = DR_SHARE_LOOK_THROUGH,
                                     .most_tariff = 0.05};
    const char *says =
        "infeasible: within the bounds the lowest attainable share of A3 in A0's direct and indirect inputs "
        "of s1 is ";
    assert_int_equal(dr_plan_new(&plan, w.model, "A0", "A3", &options), DR_NO_SOLUTION);
    if (strncmp(dr_error_text(), says, strlen(says)) != 0 || !strstr(dr_error_text(), "% (cap 0.1%)"))
        fail_msg("%s", dr_error_text());
    assert_null(plan);
    world_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(caps_are_kept),
        cmocka_unit_test(one_cap_is_bisection_on_one_tariff),
        cmocka_unit_test(shadow_prices_are_slopes),
        cmocka_unit_test(an_infeasible_cap_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
