/* Products within imports at the size of the world: 200 economies, 5,000 products in 65 sectors, 11 million flows, all
 * made. A tariff of the first economy on a tenth of the products of the second, tolerance 1e-10. Beside it the
 * multiply-adds of a sweep alone, over the same flows in the same order. */

#include "bench.h"
#include "equilibrium/solution.h"
#include "measure/product_trade.h"
#include "model/tier.h"
#include "support/synthetic.h"

enum { REGIONS = 200, SECTORS = 65, PRODUCTS = 5000, RUNS = 3 };

static const double density = 0.0553; /* of the flows that are there */

static dr_product_trade *make_trade(const dr_economy *economy, const synthetic *y)
{
    unsigned long long state = 5;
    size_t room = 12000000;
    dr_product_trade *t = dr_new(1, sizeof *t);
    dr_flows *f = &t->flows;
    t->names = economy;
    t->year = (dr_product_year){.year = 2022, .classification = "HS22", .unit = "US dollars"};
    t->region = dr_new(REGIONS, sizeof *t->region);
    t->known = dr_new(REGIONS, sizeof *t->known);
    t->sector = dr_new(PRODUCTS, sizeof *t->sector);
    f->untold = dr_new(REGIONS, sizeof *f->untold);
    f->start = dr_new(PRODUCTS + 1, sizeof *f->start);
    f->exporter = dr_new(room, sizeof *f->exporter);
    f->importer = dr_new(room, sizeof *f->importer);
    f->value = dr_new_doubles(room);
    for (size_t n = 0; n < REGIONS; n++)
        t->region[n] = dr_names_add(&f->regions, y->region_names[n]);
    for (size_t k = 0; k < PRODUCTS; k++) {
        char code[8];
        snprintf(code, sizeof code, "%06zu", k);
        dr_names_add(&f->products, code);
        t->sector[k] = (int)(k * SECTORS / PRODUCTS);
        for (int n = 0; n < REGIONS; n++)
            for (int i = 0; i < REGIONS && f->rows < room; i++)
                if (n != i && synthetic_random(&state) < density) {
                    f->exporter[f->rows] = (unsigned short)i;
                    f->importer[f->rows] = (unsigned short)n;
                    f->value[f->rows++] = 0.01 + synthetic_random(&state);
                }
        f->start[k + 1] = f->rows;
    }
    return t;
}

typedef struct job {
    const dr_economy *economy;
    const dr_scenario *scenario;
    const dr_model_options *options;
    dr_model *model;
    dr_solution *solution;
    double *power, *sum;
} job;

static void make_model(void *user)
{
    job *j = user;
    dr_model_free(j->model);
    j->model = NULL;
    bench_need(dr_model_new(&j->model, j->economy, j->options));
}

static void solve(void *user)
{
    job *j = user;
    dr_solution_free(j->solution);
    j->solution = NULL;
    bench_need(dr_model_solve(&j->solution, j->model, j->scenario));
}

/* Both passes of a sweep over the flows: sums of origins, and shares of exporters. */
static void multiply_adds(void *user)
{
    job *j = user;
    const dr_tier *t = j->model->tier;
    for (size_t block = 0; block < t->blocks; block++) {
        for (size_t cell = t->cell[block]; cell < t->cell[block + 1]; cell++) {
            double q = 0;
            for (size_t row = t->start[cell]; row < t->start[cell + 1]; row++)
                q += t->share[row] * j->power[t->origin[row]];
            j->sum[REGIONS] = 1 / q;
            for (size_t row = t->start[cell]; row < t->start[cell + 1]; row++)
                j->sum[t->origin[row]] += j->sum[REGIONS] * t->share[row] * j->power[t->origin[row]];
        }
    }
}

int main(void)
{
    synthetic y = synthetic_new(REGIONS, SECTORS, 3, true, true);
    dr_economy *economy = synthetic_economy(&y);
    dr_product_trade *trade = make_trade(economy, &y);
    dr_product_trade_give(economy, trade);
    dr_model_options options = {
        .size = sizeof options, .horizon = "medium", .products = "nest", .product_elasticity = "4", .tolerance = 1e-10};
    job j = {
        .economy = economy, .options = &options, .power = dr_new_doubles(REGIONS), .sum = dr_new_doubles(REGIONS + 1)};
    dr_scenario *scenario = NULL;
    bench_need(dr_scenario_new(&scenario, economy));
    bench_need(dr_scenario_tariff(scenario, "A0", "A1", "HS0000,HS0010,HS0020,HS0030,HS0040", 0.5, DR_RATE_SET));
    j.scenario = scenario;
    for (size_t i = 0; i < REGIONS; i++)
        j.power[i] = 1;
    printf("%d economies, %d products in %d sectors, %zu flows: best of %d\n", REGIONS, PRODUCTS, SECTORS,
           trade->flows.rows, RUNS);
    double made = bench_best(RUNS, make_model, &j), solved = bench_best(RUNS, solve, &j);
    const dr_certificate *c = &j.solution->certificate;
    double bare = bench_best(RUNS, multiply_adds, &j), sweep = c->solve_seconds / c->sweeps;
    bench_print("model", made, 0, bench_hash(DR_HASH_SEED, j.model->tier->weight, j.model->tier->cells));
    bench_print("solve with its certificate", solved, c->worst_residual,
                bench_hash(DR_HASH_SEED, j.solution->income, REGIONS));
    bench_target("  seconds", solved, 0.8, "s");
    printf("  %d sweeps of %.1f ms\n", c->sweeps, 1e3 * sweep);
    bench_compare("  multiply-adds of a sweep over the flows alone", bare, sweep);
    dr_solution_free(j.solution);
    dr_model_free(j.model);
    dr_scenario_free(scenario);
    dr_economy_free(economy);
    synthetic_free(&y);
    free(j.power);
    free(j.sum);
    return 0;
}
