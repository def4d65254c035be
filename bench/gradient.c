/* Derivatives on the World Input-Output Database's last year: those of the EU's welfare with respect to all 41 x 41 x
 * 35 tariffs, under a tariff of 10% on China. Beside them, the solve that they are taken at, and central differences of
 * whole solves for a few tariffs, which say how exact they are, and how long all would take that way. */
#include "wiod.h"
#include "world/economy.h"

enum { RUNS = 20, TRIED = 6 };

static const double most_solves = 5;

typedef struct job {
    const dr_economy *economy;
    const dr_model *model;
    const dr_scenario *scenario;
    const dr_solution *solution;
    dr_gradient gradient;
} job;

static void differentiate(void *user)
{
    job *j = user;
    bench_need(dr_solution_gradient(&j->gradient, j->solution, j->scenario, "welfare:EU"));
}

/* Welfare of the EU where the tariff of one flow is moved. */
static double welfare_at(const job *j, size_t flow, double rate)
{
    const dr_economy *e = j->economy;
    size_t s = flow % e->sectors, i = flow / e->sectors % e->regions, n = flow / e->sectors / e->regions;
    dr_scenario *scenario = NULL;
    dr_solution *solution = NULL;
    dr_gradient value = {0};
    bench_need(dr_scenario_new(&scenario, e));
    bench_need(dr_scenario_tariff(scenario, "EU", "CHN", "all", 0.1, DR_RATE_SET));
    bench_need(dr_scenario_tariff(scenario, e->region_codes.names[n], e->region_codes.names[i],
                                  e->sector_codes.names[s], rate, DR_RATE_SET));
    bench_need(dr_model_solve(&solution, j->model, scenario));
    bench_need(dr_solution_gradient(&value, solution, scenario, "welfare:EU"));
    dr_solution_free(solution);
    dr_scenario_free(scenario);
    return value.value;
}

/* The foreign tariff with the largest effect of those not yet taken: EU's own are at 10% on China, all others at
 * nothing. */
static size_t next_largest(const job *j, const bool *taken)
{
    const dr_economy *e = j->economy;
    size_t best = 0, flows = e->regions * e->regions * e->sectors;
    double most = -1;
    for (size_t flow = 0; flow < flows; flow++) {
        size_t i = flow / e->sectors % e->regions, n = flow / e->sectors / e->regions;
        if (i == n || taken[flow] || strcmp(e->region_codes.names[i], "CHN") == 0 ||
            fabs(j->gradient.tariff[flow]) <= most)
            continue;
        most = fabs(j->gradient.tariff[flow]);
        best = flow;
    }
    return best;
}

/* The largest relative difference from central differences, for the tariffs that matter most; `seconds` is the time of
 * one. */
static double against_differences(const job *j, double *seconds)
{
    const double h = 1e-4;
    double worst = 0, start = bench_now();
    bool *taken = calloc(j->economy->regions * j->economy->regions * j->economy->sectors, sizeof *taken);
    if (!taken)
        exit(1);
    for (int k = 0; k < TRIED; k++) {
        size_t flow = next_largest(j, taken);
        double slope = (welfare_at(j, flow, h) - welfare_at(j, flow, -h)) / (2 * h);
        worst = fmax(worst, fabs(slope / j->gradient.tariff[flow] - 1));
        taken[flow] = true;
    }
    free(taken);
    *seconds = (bench_now() - start) / TRIED;
    return worst;
}

int main(void)
{
    dr_economy *economy = wiod_economy();
    size_t flows = economy->regions * economy->regions * economy->sectors;
    double *tariff = calloc(flows, sizeof *tariff), one;
    dr_model *model = NULL;
    dr_scenario *scenario = NULL;
    dr_solution *solution = NULL;
    if (!tariff)
        exit(1);
    bench_need(dr_model_new(&model, economy, NULL));
    bench_need(dr_scenario_new(&scenario, economy));
    bench_need(dr_scenario_tariff(scenario, "EU", "CHN", "all", 0.1, DR_RATE_SET));
    bench_solved single = bench_solve(model, scenario, RUNS);
    bench_need(dr_model_solve(&solution, model, scenario));
    job j = {economy, model, scenario, solution, {.tariff = tariff}};
    double seconds = bench_best(RUNS, differentiate, &j), worst = against_differences(&j, &one);
    printf("welfare of the EU by %zu tariffs, %d adjoint sweeps: best of %d\n", flows, j.gradient.sweeps, RUNS);
    bench_print("gradient; residual: against differences", seconds, worst, bench_hash(DR_HASH_SEED, tariff, flows));
    bench_target("  times of a solve", seconds / single.solve, most_solves, "  ");
    bench_compare("  one solve", single.solve, seconds);
    bench_compare("  one solve with its certificate", single.whole, seconds);
    printf("%-52s %10.3f s    %.0f times as long\n", "  central differences for all, extrapolated", one * (double)flows,
           one * (double)flows / seconds);
    free(tariff);
    dr_solution_free(solution);
    dr_scenario_free(scenario);
    dr_model_free(model);
    dr_economy_free(economy);
    return 0;
}
