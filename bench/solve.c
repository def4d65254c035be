/* The headline: WIOD 2011, the EU puts 25% on goods from China, trade elasticity 5, to 1e-10, on one core. Beside it,
 * in the same run: the bare exps, logs and multiply-adds of a sweep, by the same kernels on arrays of the same sizes.
 */
#include "bare.h"
#include "wiod.h"
#include "world/economy.h"

enum { RUNS = 200 };

int main(void)
{
    dr_economy *economy = wiod_economy();
    dr_model *model = NULL;
    dr_scenario *scenario = NULL;
    dr_model_options options = {.size = sizeof(dr_model_options), .elasticity = "5", .tolerance = 1e-10};
    bench_need(dr_model_new(&model, economy, &options));
    bench_need(dr_scenario_new(&scenario, economy));
    bench_need(dr_scenario_tariff(scenario, "EU", "CHN", "goods", 0.25, DR_RATE_SET));
    bench_solved solved = bench_solve(model, scenario, RUNS);
    double sweep = solved.solve / solved.certificate.sweeps;
    printf("EU: 25%% on goods of CHN, elasticity 5, to 1e-10: best of %d\n", RUNS);
    bench_print("equilibrium", solved.solve, solved.certificate.worst_residual, solved.hash);
    bench_target("  time", 1e3 * solved.solve, 5, "ms");
    bench_compare("  with its certificate", solved.whole, solved.solve);
    printf("%-52s %10d\n", "  sweeps", solved.certificate.sweeps);
    printf("%-52s %10.3f ms\n", "  a sweep", 1e3 * sweep);
    bare_times alone = bare_measure(economy->regions, economy->sectors);
    bench_compare("    its exps and logs alone", alone.exps, sweep);
    bench_compare("    its multiply-adds alone", alone.products, sweep);
    bench_compare("    both", alone.exps + alone.products, sweep);
    dr_scenario_free(scenario);
    dr_model_free(model);
    dr_economy_free(economy);
    return 0;
}
