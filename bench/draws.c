/* How sure: WIOD 2011, the EU puts 25% on goods from China, 10,000 draws of a trade elasticity of 5 with a standard
 * error of 1, on all cores. Beside it, in the same run: as many single solves on one core, and the memory of fewer
 * draws. */

#include "base/parallel.h"
#include "result/bands.h"
#include "wiod.h"

enum { DRAWS = 10000, FEWER = DR_BANDS_KEPT + 1, SINGLES = 200 };

typedef struct case_of {
    dr_model *model;
    dr_scenario *scenario;
} case_of;

/* One run as a draw is: the solve, its certificate, its table. */
static void single(void *user)
{
    case_of *c = user;
    dr_solution *solution = NULL;
    dr_table *table = NULL;
    bench_need(dr_model_solve(&solution, c->model, c->scenario));
    bench_need(dr_solution_regions(&table, solution));
    dr_table_free(table);
    dr_solution_free(solution);
}

static struct rusage used(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage;
}

static double megabytes(void)
{
    return (double)used().ru_maxrss / 1024;
}

/* Of all threads together: what other programs do to the clock is not in it. */
static double core_seconds(void)
{
    struct rusage usage = used();
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static dr_table *draw(const case_of *c, size_t draws)
{
    dr_table *table = NULL;
    dr_draw_options options = {.size = sizeof(dr_draw_options), .draws = draws, .seed = 1, .elasticity_error = 0.2};
    bench_need(dr_draw_bands(&table, c->model, c->scenario, &options));
    return table;
}

int main(void)
{
    case_of c = {0};
    dr_economy *economy = wiod_economy();
    dr_model_options options = {.size = sizeof(dr_model_options), .elasticity = "5"};
    bench_need(dr_model_new(&c.model, economy, &options));
    bench_need(dr_scenario_new(&c.scenario, economy));
    bench_need(dr_scenario_tariff(c.scenario, "EU", "CHN", "goods", 0.25, DR_RATE_SET));
    double one = bench_best(SINGLES, single, &c);
    dr_table_free(draw(&c, FEWER));
    double fewer = megabytes(), cores = core_seconds(), start = bench_now();
    dr_table *table = draw(&c, DRAWS);
    double seconds = bench_now() - start;
    cores = core_seconds() - cores;
    printf("EU: 25%% on goods of CHN, %d draws of an elasticity of 5 with a standard error of 1, %d threads\n", DRAWS,
           (int)dr_threads(0, DRAWS));
    bench_print("draws", seconds, dr_table_fact(table, "certificate.worst_residual"), bench_hash_table(table));
    bench_target("  time", seconds, 60, "s");
    bench_target("  time of all cores together", cores, 120, "s");
    bench_compare("  as many single runs on one core, by the best", DRAWS * one, cores);
    bench_target("  memory, over that of the first 4,097 draws", megabytes() / fewer, 1.01, "times");
    printf("%-52s %10.0f\n", "  draws without an equilibrium", dr_table_fact(table, "draws.failed"));
    dr_table_free(table);
    dr_scenario_free(c.scenario);
    dr_model_free(c.model);
    dr_economy_free(economy);
    return 0;
}
