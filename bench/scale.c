/* How time grows with regions and sectors: made-up worlds, a tariff of 25% of half the world on one region, to 1e-10.
 * Each sweep is set beside its bare exps, logs and multiply-adds. */
#include "bare.h"
#include "support/synthetic.h"

enum { RUNS = 30, SIZES = 8, TERMS = 3 };

typedef struct measured {
    double ms, sweep_us;
} measured;

/* "A0,A1,...": the first `count` regions. */
static void list_regions(char *list, size_t size, size_t count)
{
    size_t length = 0;
    for (size_t n = 0; n < count; n++)
        length += (size_t)snprintf(list + length, size - length, n ? ",A%zu" : "A%zu", n);
}

static measured measure(size_t r, size_t s)
{
    char by[512], on[32], what[64];
    dr_model *model = NULL;
    dr_scenario *scenario = NULL;
    synthetic made = synthetic_new(r, s, 1, false, true);
    dr_economy *economy = synthetic_economy(&made);
    dr_model_options options = {.size = sizeof(dr_model_options), .elasticity = "5", .tolerance = 1e-10};
    bench_need(dr_model_new(&model, economy, &options));
    bench_need(dr_scenario_new(&scenario, economy));
    list_regions(by, sizeof by, r / 2);
    snprintf(on, sizeof on, "A%zu", r - 1);
    bench_need(dr_scenario_tariff(scenario, by, on, "all", 0.25, DR_RATE_SET));
    bench_solved solved = bench_solve(model, scenario, RUNS);
    double sweep = solved.solve / solved.certificate.sweeps;
    bare_times alone = bare_measure(r, s);
    snprintf(what, sizeof what, "%zu x %zu: %d sweeps", r, s, solved.certificate.sweeps);
    bench_print(what, solved.solve, solved.certificate.worst_residual, solved.hash);
    printf("  a sweep: %.1f us, %.2f times its bare arithmetic\n", 1e6 * sweep, sweep / (alone.exps + alone.products));
    dr_scenario_free(scenario);
    dr_model_free(model);
    dr_economy_free(economy);
    synthetic_free(&made);
    return (measured){1e3 * solved.solve, 1e6 * sweep};
}

/* Least squares of ln time on 1, ln R, ln S, by the normal equations. */
static void fit(const size_t sizes[SIZES][2], const double *time, double *exponents)
{
    double a[TERMS][TERMS + 1] = {{0}};
    for (size_t i = 0; i < SIZES; i++) {
        double x[TERMS + 1] = {1, log((double)sizes[i][0]), log((double)sizes[i][1]), log(time[i])};
        for (size_t j = 0; j < TERMS; j++)
            for (size_t k = 0; k <= TERMS; k++)
                a[j][k] += x[j] * x[k];
    }
    for (size_t p = 0; p < TERMS; p++)
        for (size_t j = 0; j < TERMS; j++)
            for (size_t k = TERMS + 1; j != p && k-- > p;)
                a[j][k] -= a[p][k] * a[j][p] / a[p][p];
    for (size_t j = 0; j < TERMS; j++)
        exponents[j] = a[j][TERMS] / a[j][j];
}

int main(void)
{
    static const size_t sizes[SIZES][2] = {{20, 16}, {20, 56}, {41, 16}, {41, 35},
                                           {60, 45}, {80, 16}, {20, 35}, {80, 56}};
    double ms[SIZES], sweep[SIZES], exponents[TERMS];
    printf("half the world: 25%% on one region, elasticity 5, to 1e-10: best of %d\n", RUNS);
    for (size_t i = 0; i < SIZES; i++) {
        measured m = measure(sizes[i][0], sizes[i][1]);
        ms[i] = m.ms;
        sweep[i] = m.sweep_us;
    }
    fit(sizes, sweep, exponents);
    printf("a sweep grows as R^%.2f S^%.2f", exponents[1], exponents[2]);
    fit(sizes, ms, exponents);
    printf(", an equilibrium as R^%.2f S^%.2f\n", exponents[1], exponents[2]);
    return 0;
}
