/* The global simulation model against the published example of Francois and Hall (2003), and against its equations. */
#include "partial/gsim.h"

#include "support/check.h"
#include "support/synthetic.h"

enum { US, JP, EU, RW, R };

/* The example: values at world prices and 1 + tariff, from row to column. */
static const double trade[R][R] = {{0, 50, 200, 300}, {500, 0, 150, 200}, {300, 100, 200, 200}, {50, 100, 110, 20}};
static const double factor[R][R] = {
    {1.00, 1.21, 1.41, 1.22}, {1.37, 1.00, 1.31, 1.23}, {1.32, 1.36, 1.00, 1.18}, {1.57, 1.41, 1.25, 1.15}};

static dr_gsim example(void)
{
    dr_gsim g;
    ok(dr_gsim_new(&g, R));
    for (size_t i = 0; i < R; i++)
        for (size_t n = 0; n < R; n++) {
            g.trade[i * R + n] = trade[i][n];
            g.base[i * R + n] = g.now[i * R + n] = factor[i][n];
        }
    g.demand = -1.25;
    g.supply = 1.5;
    g.substitution = 5;
    return g;
}

/* The tariffs of the United States and the EU on each other end. Prices are the published ones, the rest follows from
 * them by the formulas of the paper. */
static void test_published_example(void **state)
{
    (void)state;
    static const double price[R] = {0.0792, -0.0316, 0.0480, -0.0184}, producer[R] = {46.1, -26.2, 39.8, -5.1},
                        consumer[R] = {110.6, -8.9, 68.6, -32.9}, revenue[R] = {-138.5, 0.6, -93.8, -2.9},
                        net[R] = {18.2, -34.5, 14.5, -40.8}, composite[R] = {-0.0903, 0.0259, -0.0800, 0.0369};
    dr_gsim g = example();
    g.now[US * R + EU] = g.now[EU * R + US] = 1;
    ok(dr_gsim_solve(&g));
    for (size_t i = 0; i < R; i++) {
        near(g.price[i], price[i], 0.5e-4);
        near(g.composite[i], composite[i], 0.5e-4);
        near(g.producer[i], producer[i], 0.05);
        near(g.consumer[i], consumer[i], 0.05);
        near(g.revenue[i], revenue[i], 0.05);
        near(g.producer[i] + g.consumer[i] + g.revenue[i], net[i], 0.06);
    }
    assert_true(g.residual < 1e-12);
    dr_gsim_free(&g);
}

/* The equations as the paper writes them, with own and cross elasticities of each pair, at the prices that were
 * found. */
static void test_equations(void **state)
{
    (void)state;
    enum { N = 7 };
    unsigned long long seed = 5;
    dr_gsim g;
    ok(dr_gsim_new(&g, N));
    for (size_t j = 0; j < N * N; j++) {
        g.trade[j] = synthetic_random(&seed) < 0.3 ? 0 : synthetic_random(&seed);
        g.base[j] = 1 + 0.3 * synthetic_random(&seed);
        g.now[j] = synthetic_random(&seed) < 0.5 ? g.base[j] : 1 + synthetic_random(&seed);
    }
    for (size_t n = 0; n < N; n++)
        g.trade[3 * N + n] = 0; /* one sells nothing */
    g.demand = -0.8;
    g.supply = 2;
    g.substitution = 3.5;
    ok(dr_gsim_solve(&g));
    near(g.price[3], 0, 0);
    for (size_t i = 0; i < N; i++) {
        double demanded = 0, sold = 0;
        for (size_t n = 0; n < N; n++) {
            double all = 0, q = 0;
            for (size_t k = 0; k < N; k++)
                all += g.trade[k * N + n] * g.base[k * N + n];
            for (size_t k = 0; k < N; k++) {
                double theta = g.trade[k * N + n] * g.base[k * N + n] / all,
                       moved = g.now[k * N + n] / g.base[k * N + n] - 1;
                double elasticity =
                    k == i ? theta * g.demand - (1 - theta) * g.substitution : theta * (g.demand + g.substitution);
                q += elasticity * (g.price[k] + moved);
            }
            near(g.new_trade[i * N + n], g.trade[i * N + n] * (1 + q) * (1 + g.price[i]), 1e-12);
            demanded += g.trade[i * N + n] * q;
            sold += g.trade[i * N + n];
        }
        near(demanded, g.supply * g.price[i] * sold, 1e-12);
    }
    dr_gsim_free(&g);
}

/* Where nothing changes, nothing does. */
static void test_nothing(void **state)
{
    (void)state;
    dr_gsim g = example();
    ok(dr_gsim_solve(&g));
    for (size_t i = 0; i < R; i++) {
        near(g.price[i], 0, 0);
        near(g.producer[i] + g.consumer[i] + g.revenue[i], 0, 1e-12);
    }
    dr_gsim_free(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_example),
        cmocka_unit_test(test_equations),
        cmocka_unit_test(test_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
