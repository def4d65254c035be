/* What losing each tie would cost: a full solve for each supplier and good, on two threads and on one, beside single
 * solves. On the World Input-Output Database's last year, of one country (40 partners by 16 goods) and of the EU. */
#include "wiod.h"

enum { RUNS = 3, SINGLES = 20 };

static const double target_seconds = 6;

typedef struct scan {
    double seconds;
    dr_table *table;
} scan;

static scan run(const dr_model *model, const char *of, int threads)
{
    scan best = {.seconds = INFINITY};
    dr_cut_options options = {.size = sizeof(dr_cut_options), .threads = threads};
    for (int i = 0; i < RUNS; i++) {
        dr_table *table = NULL;
        double start = bench_now();
        bench_need(dr_exposure_cuts(&table, model, of, &options));
        best.seconds = fmin(best.seconds, bench_now() - start);
        dr_table_free(best.table);
        best.table = table;
    }
    return best;
}

/* The mean time of the first solves of the scan, each by itself, with its certificate. */
static double single(const dr_model *model, const dr_economy *economy, const char *of, const dr_table *ties)
{
    double seconds = 0;
    for (size_t i = 0; i < SINGLES; i++) {
        dr_scenario *scenario = NULL;
        bench_need(dr_scenario_new(&scenario, economy));
        bench_need(dr_scenario_ban(scenario, of, dr_table_text(ties, i, 0), dr_table_text(ties, i, 1)));
        seconds += bench_solve(model, scenario, RUNS).whole;
        dr_scenario_free(scenario);
    }
    return seconds / SINGLES;
}

static void report(const dr_model *model, const dr_economy *economy, const char *of)
{
    char what[64];
    scan two = run(model, of, 2), one = run(model, of, 1);
    size_t count = dr_table_rows(two.table);
    double residual = dr_table_fact(two.table, "certificate.worst_residual");
    unsigned long long hash = bench_hash_table(two.table), hash_of_one = bench_hash_table(one.table);
    snprintf(what, sizeof what, "%s: %zu ties, two threads", of, count);
    bench_print(what, two.seconds, residual, hash);
    bench_print("  one thread", one.seconds, residual, hash_of_one);
    bench_compare("  as many single solves, one after the other", (double)count * single(model, economy, of, two.table),
                  two.seconds);
    bench_target("  seconds", two.seconds, target_seconds, "s");
    printf("  one thread and two give %s\n", hash == hash_of_one ? "the same" : "DIFFERENT results");
    dr_table_free(two.table);
    dr_table_free(one.table);
}

int main(int argc, char **argv)
{
    wiod from = wiod_find();
    char world[1024];
    dr_model *model = NULL;
    if (argc < 2 || from.count == 0)
        return 0;
    const char *folder = bench_folder();
    snprintf(world, sizeof world, "%s/wiod.world", folder);
    wiod_import(&from, argv[1], from.count - 1, 1, world);
    dr_economy *economy = bench_load(world);
    bench_need(dr_model_new(&model, economy, NULL));
    report(model, economy, "DEU");
    report(model, economy, "EU");
    dr_model_free(model);
    dr_economy_free(economy);
    unlink(world);
    rmdir(folder);
    return 0;
}
