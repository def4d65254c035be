/* Plans on the World Input-Output Database's last year: the cheapest tariffs of the EU on China in 16 sectors of goods,
 * each with a cap of 30% on China's share, from two starts; and the frontier in 25 points. Beside them, as many single
 * solves, and as many single plans. */
#include "wiod.h"

enum { RUNS = 3, POINTS = 25 };

static const double plan_seconds = 1, curve_seconds = 20;

static dr_table *plan(const dr_model *model, int threads)
{
    dr_plan *found = NULL;
    dr_table *table = NULL;
    bench_need(dr_plan_new(&found, model, "EU", "CHN", &DR_OPTIONS(dr_plan_options, .cap = 0.3, .threads = threads)));
    bench_need(dr_plan_sectors(&table, found));
    dr_plan_free(found);
    return table;
}

/* The time of the fastest plan; its solves. */
static double time_plan(const dr_model *model, int threads, const char *what, double *solves)
{
    double best = INFINITY;
    dr_table *table = NULL;
    for (int i = 0; i < RUNS; i++) {
        dr_table_free(table);
        double start = bench_now();
        table = plan(model, threads);
        best = fmin(best, bench_now() - start);
    }
    *solves = dr_table_fact(table, "certificate.solves");
    bench_print(what, best, dr_table_fact(table, "certificate.worst_residual"), bench_hash_table(table));
    printf("  %zu sectors, %.0f solves, first-order conditions hold to %.1e\n", dr_table_rows(table), *solves,
           dr_table_fact(table, "certificate.kkt"));
    dr_table_free(table);
    return best;
}

static double time_curve(const dr_model *model)
{
    dr_table *table = NULL;
    double start = bench_now();
    bench_need(dr_plan_curve(&table, model, "EU", "CHN", &(dr_plan_options){.size = sizeof(dr_plan_options)}, POINTS));
    double seconds = bench_now() - start, kkt = dr_table_fact(table, "certificate.kkt");
    bench_print("frontier; residual: first-order conditions", seconds, kkt, bench_hash_table(table));
    printf("  %zu points\n", dr_table_rows(table));
    dr_table_free(table);
    return seconds;
}

int main(void)
{
    dr_economy *economy = wiod_economy();
    dr_model *model = NULL;
    dr_scenario *scenario = NULL;
    double solves;
    bench_need(dr_model_new(&model, economy, NULL));
    bench_need(dr_scenario_new(&scenario, economy));
    bench_need(dr_scenario_tariff(scenario, "EU", "CHN", "all", 0.1, DR_RATE_ADD));
    double single = bench_solve(model, scenario, 5).whole;
    double two = time_plan(model, 2, "plan, two threads", &solves);
    bench_target("  seconds", two, plan_seconds, "s");
    bench_compare("  as many single solves, without derivatives", solves * single, two);
    double one = time_plan(model, 1, "plan, one thread", &solves);
    bench_compare("  the same on two", two, one);
    double curve = time_curve(model);
    bench_target("  seconds", curve, curve_seconds, "s");
    bench_compare("  as many single plans", POINTS * two, curve);
    dr_scenario_free(scenario);
    dr_model_free(model);
    dr_economy_free(economy);
    return 0;
}
