/* Plans by product: against plans by sector where they are the same, shadow prices against differences of costs, and
 * tariffs against the caps that they serve. */
#include "planned.h"
#include "support/slow_products.h"

enum { R = 5, S = 3 };

static const dr_model_options nested = {.size = sizeof nested,
                                        .elasticity = "4",
                                        .products = "nest",
                                        .product_elasticity = "4",
                                        .product_substitution = "2",
                                        .import_elasticity = "3"};

/* A world with `count` products in its sectors in turn; `all`: all pairs trade them, and nothing else. */
static world with_products(size_t count, unsigned long long seed, bool all, dr_model_options options)
{
    world w = {.data = synthetic_new(R, S, seed, true, true)};
    slow_products products = slow_products_new(&w.data, count, S, seed);
    for (size_t n = 0; n < R && all; n++)
        for (size_t i = 0; i < R; i++)
            for (size_t k = 0; k < count; k++)
                products.value[n][i][k] = n == i ? 0 : 1 + (double)k;
    options.tolerance = 1e-12;
    w.economy = synthetic_economy(&w.data);
    w.data.products = &products;
    slow_products_give(w.economy, &w.data);
    w.data.products = NULL;
    ok(dr_model_new(&w.model, w.economy, &options));
    return w;
}

static double number_at(const dr_table *table, size_t row, const char *column)
{
    return dr_table_number(table, row, (size_t)dr_table_find(table, column));
}

static dr_table *products_of(const dr_plan *plan)
{
    dr_table *table = NULL;
    ok(dr_plan_products(&table, plan));
    return table;
}

static dr_plan *by_product(const world *w, const char *of, const char *from, const char *products, double cap)
{
    dr_plan *plan = NULL;
    ok(dr_plan_new(&plan, w->model, of, from, &DR_OPTIONS(dr_plan_options, .products = products, .cap = cap)));
    return plan;
}

/* One product in each sector, which all pairs trade: the share of A3 in the product is that in the sector, and so are
 * tariff, cost and shadow price, where the caps of all sectors bind. */
static void test_as_sectors(void **state)
{
    (void)state;
    for (unsigned long long seed = 1; seed <= 3; seed++) {
        world w = with_products(S, seed, true, nested);
        dr_plan *sectors = NULL, *products = by_product(&w, "A0,A1", "A3", "HS00,HS01,HS02", 0.15);
        ok(dr_plan_new(&sectors, w.model, "A0,A1", "A3", &DR_OPTIONS(dr_plan_options, .cap = 0.15)));
        dr_table *table = products_of(products);
        assert_int_equal(dr_table_rows(table), S);
        for (size_t row = 0; row < S; row++) {
            const char *sector = dr_table_text(table, row, (size_t)dr_table_find(table, "sector"));
            const double tariff = planned(sectors, sector, "tariff"), shadow = planned(sectors, sector, "shadow_price");
            near(number_at(table, row, "new_share"), 0.15, 1e-9);
            near(number_at(table, row, "tariff"), tariff, 1e-5 * tariff);
            near(number_at(table, row, "shadow_price"), shadow, 1e-5 * shadow);
        }
        near(dr_table_fact(table, "plan.cost"), fact(sectors, "plan.cost"), 1e-6 * fact(sectors, "plan.cost"));
        near(dr_table_fact(table, "plan.revenue"), fact(sectors, "plan.revenue"), 1e-6 * fact(sectors, "plan.revenue"));
        dr_table_free(table);
        dr_plan_free(sectors);
        dr_plan_free(products);
        world_free(&w);
    }
}

/* No supplier above its cap, tariffs only where one was, and the sum of shadow prices the slope of the cost. */
static void test_shadow_prices(void **state)
{
    (void)state;
    const double cap = 0.4, step = 1e-3;
    size_t rows = 0;
    for (unsigned long long seed = 1; seed <= 4; seed++) {
        world w = with_products(8, seed, false, nested);
        static const char list[] = "HS00,HS01,HS02,HS03,HS04,HS05,HS06,HS07";
        dr_plan *plan = by_product(&w, "A0,A1", "all", list, cap),
                *looser = by_product(&w, "A0,A1", "all", list, cap + step),
                *tighter = by_product(&w, "A0,A1", "all", list, cap - step);
        dr_table *table = products_of(plan), *loose = products_of(looser), *tight = products_of(tighter);
        double sum = 0;
        for (size_t row = 0; row < dr_table_rows(table); row++) {
            bool reached = strcmp(dr_table_text(table, row, (size_t)dr_table_find(table, "reached")), "yes") == 0;
            assert_true(number_at(table, row, "new_share") < cap + 1e-8 || !reached);
            assert_true(number_at(table, row, "tariff") == 0 ||
                        (reached && number_at(table, row, "new_share") > cap - 1e-8));
            sum += number_at(table, row, "shadow_price");
            rows += reached;
        }
        if (dr_table_fact(loose, "plan.above") == dr_table_fact(tight, "plan.above") &&
            dr_table_fact(loose, "plan.out_of_reach") == dr_table_fact(tight, "plan.out_of_reach")) {
            double slope = (dr_table_fact(tight, "plan.cost_value") - dr_table_fact(loose, "plan.cost_value")) / 2;
            near(slope * 0.01 / step, sum, 1e-4 * sum);
        }
        assert_true(dr_table_fact(table, "certificate.kkt") < 1e-7);
        assert_true(dr_plan_solution(plan)->certificate.worst_residual < 1e-9);
        dr_table_free(table), dr_table_free(loose), dr_table_free(tight);
        dr_plan_free(plan), dr_plan_free(looser), dr_plan_free(tighter);
        world_free(&w);
    }
    assert_true(rows > 5);
}

/* What the suppliers of a product lose and gain is in their table; those without a tariff gain shares. */
static void test_suppliers(void **state)
{
    (void)state;
    world w = with_products(4, 2, false, nested);
    dr_plan *plan = by_product(&w, "A0", "all", "HS00,HS01", 0.45);
    dr_table *table = NULL;
    ok(dr_plan_suppliers(&table, plan));
    double before = 0, after = 0;
    assert_true(dr_table_rows(table) > 1);
    for (size_t row = 0; row < dr_table_rows(table); row++) {
        before += number_at(table, row, "share");
        after += number_at(table, row, "new_share");
        near(number_at(table, row, "change"), number_at(table, row, "new_imports") - number_at(table, row, "imports"),
             1e-12);
    }
    near(before, round(before), 1e-12);
    near(after, before, 1e-12);
    dr_table_free(table);
    dr_plan_free(plan);
    world_free(&w);
}

static void refused(const world *w, const dr_plan_options *options, const char *message)
{
    dr_plan *plan = NULL;
    assert_true(dr_plan_new(&plan, w->model, "A0", "A3", options) != DR_OK);
    assert_null(plan);
    assert_non_null(strstr(dr_error_text(), message));
}

static void test_errors(void **state)
{
    (void)state;
    world w = with_products(4, 2, false, nested),
          plain = world_new(4, 2, 1, DR_OPTIONS(dr_model_options, .elasticity = "4"));
    dr_table *table = NULL;
    refused(&plain, &DR_OPTIONS(dr_plan_options, .products = "HS00", .cap = 0.4), "expected the setting products nest");
    refused(&w, &DR_OPTIONS(dr_plan_options, .products = "HS00"), "a cap of 0; expected a share above 0 and up to 1");
    refused(&w, &DR_OPTIONS(dr_plan_options, .products = "HS99", .cap = 0.4), "no product flow of 'HS99'");
    refused(&w, &DR_OPTIONS(dr_plan_options, .products = "strategc", .cap = 0.4), "did you mean 'strategic'");
    refused(&w, &DR_OPTIONS(dr_plan_options, .products = "nowhere.csv", .cap = 0.4), "nowhere.csv");
    refused(&w, &DR_OPTIONS(dr_plan_options, .products = "HS00", .cap = 0.4, .max_loss = 1),
            "expected no limits, sectors, shares, levers or starts");
    refused(&w, &DR_OPTIONS(dr_plan_options, .products = "HS00", .cap = 0.4, .objective = DR_OBJECTIVE_OWN),
            "expected the objective efficient");
    dr_plan *plan = by_product(&w, "A0", "all", "HS00,HS01", 0.45);
    assert_int_equal(dr_plan_sectors(&table, plan), DR_BAD_INPUT);
    assert_int_equal(dr_plan_summary(&table, plan), DR_BAD_INPUT);
    assert_int_equal(dr_plan_write(plan, "/nowhere/x.yaml"), DR_BAD_INPUT);
    dr_plan_free(plan);
    ok(dr_plan_new(&plan, w.model, "A0", "A3", &DR_OPTIONS(dr_plan_options, .cap = 0.9)));
    assert_int_equal(dr_plan_products(&table, plan), DR_BAD_INPUT);
    assert_int_equal(dr_plan_suppliers(&table, plan), DR_BAD_INPUT);
    dr_plan_free(plan);
    world_free(&w);
    world_free(&plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_as_sectors),
        cmocka_unit_test(test_shadow_prices),
        cmocka_unit_test(test_suppliers),
        cmocka_unit_test(test_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
