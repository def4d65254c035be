/* What is hard for the solver, on WIOD 2011. A cut-off with labour fixed in its sectors, which makes each sector of
 * each region a labour market of its own; export curbs, beside tariffs on the same flows; and a tariff that sweeps do
 * not get to the end of. Beside each, in the same run: Newton's method from the base, without sweeps before it. */
#include "equilibrium/newton.h"
#include "bench.h"
#include "wiod.h"

enum { RUNS = 10 };

/* Newton's method alone, in seconds with its set-up, or infinite where it does not get there from the base. */
static double newton_alone(const dr_model *model, const dr_scenario *scenario, long *steps, long *products)
{
    double best = INFINITY;
    for (int i = 0; i < RUNS; i++) {
        dr_sweep sweep;
        dr_newton *newton = NULL;
        double start = bench_now();
        bench_need(dr_sweep_new(&sweep, model, scenario));
        bench_need(dr_newton_new(&newton, &sweep, model->options.max_sweeps));
        dr_sweep_load(&sweep, scenario, 1);
        dr_sweep_base(&sweep);
        if (dr_newton_solve(newton))
            best = fmin(best, bench_now() - start);
        *steps = dr_newton_steps(newton);
        *products = dr_newton_products(newton);
        dr_newton_free(newton);
        dr_sweep_free(&sweep);
    }
    return best;
}

static double solve(const char *what, const dr_model *model, const dr_scenario *scenario)
{
    bench_solved solved = bench_solve(model, scenario, RUNS);
    const dr_certificate *c = &solved.certificate;
    long steps, products;
    char line[64];
    bench_print(what, solved.solve, c->worst_residual, solved.hash);
    printf("  %d sweeps, %d Newton steps with %d products\n", c->sweeps, c->newton_steps, c->jacobian_products);
    double alone = newton_alone(model, scenario, &steps, &products);
    snprintf(line, sizeof line, "  Newton alone: %ld steps, %ld products", steps, products);
    if (isfinite(alone))
        bench_compare(line, alone, solved.solve);
    else
        printf("%s, and no solution from the base\n", line);
    return solved.solve;
}

static dr_model *model_of(const dr_economy *economy, dr_model_options options)
{
    dr_model *model = NULL;
    bench_need(dr_model_new(&model, economy, &options));
    return model;
}

static dr_scenario *scenario_of(const dr_economy *economy)
{
    dr_scenario *scenario = NULL;
    bench_need(dr_scenario_new(&scenario, economy));
    return scenario;
}

static void cut_off(const dr_economy *economy)
{
    const double target_ms = 500;
    dr_model *model = model_of(economy, DR_OPTIONS(dr_model_options, .horizon = "short", .tolerance = 1e-9));
    dr_scenario *cut = scenario_of(economy);
    bench_need(dr_scenario_ban(cut, "EU", "RUS", "all"));
    bench_need(dr_scenario_ban(cut, "RUS", "EU", "all"));
    double seconds = solve("EU and RUS cut off, short horizon, to 1e-9", model, cut);
    bench_target("  time", 1e3 * seconds, target_ms, "ms");
    dr_scenario_free(cut);
    dr_model_free(model);
}

static void curbs(const dr_economy *economy)
{
    const double target_ratio = 10;
    dr_model *model = model_of(economy, DR_OPTIONS(dr_model_options, .elasticity = "5"));
    dr_scenario *tariff = scenario_of(economy), *curb = scenario_of(economy);
    bench_need(dr_scenario_tariff(tariff, "all", "CHN", "electrical-optical", 0.25, DR_RATE_ADD));
    bench_need(dr_scenario_export_curb(curb, "CHN", "all", "electrical-optical", 0.5, DR_RENT_EXPORTER, false));
    double uncurbed = solve("CHN: 25% on electrical-optical", model, tariff);
    double curbed = solve("CHN: curbs of 50% on the same flows, each its own", model, curb);
    bench_target("  times the solve without curbs", curbed / uncurbed, target_ratio, "");
    dr_scenario_free(tariff);
    dr_scenario_free(curb);
    dr_model_free(model);
}

static void large_tariff(const dr_economy *economy)
{
    dr_model *model = model_of(economy, DR_OPTIONS(dr_model_options, .elasticity = "30"));
    dr_scenario *tariff = scenario_of(economy);
    bench_need(dr_scenario_tariff(tariff, "all", "CHN", "all", 10, DR_RATE_ADD));
    solve("CHN: 1,000% on everything, elasticity 30", model, tariff);
    dr_scenario_free(tariff);
    dr_model_free(model);
}

int main(void)
{
    dr_economy *economy = wiod_economy();
    cut_off(economy);
    curbs(economy);
    large_tariff(economy);
    dr_economy_free(economy);
    return 0;
}
