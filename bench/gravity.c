/* Gravity: PPML with three absorbed effects. Made-up panels as the published comparisons of such programs use them (negative-binomial
 * outcome, size 0.5, mu = exp(x + 0.05 x^2 + effects)); how time grows with rows and levels; the panel of the Advanced Guide; and a panel
 * of workers and firms, few of whom move, beside bare alternating projections. The peer is the machine: as many bare passes over rows
 * as the fit made, each adding one number of every row to its level of each effect. */
#include <omp.h>

#include "../tests/estimate/panel.h"
#include "base/random.h"
#include "bench.h"
#include "estimate/regression.h"

enum { EFFECTS = 3 };

typedef struct made_up {
    size_t rows;
    double *outcome, *x;
    uint32_t *level[EFFECTS];
    dr_category effect[EFFECTS];
} made_up;

static void *need(void *memory)
{
    if (!memory)
        exit(1);
    return memory;
}

static made_up made_up_new(size_t rows, const size_t *levels)
{
    static const char *const names[EFFECTS] = {"first", "second", "third"};
    made_up m = {.rows = rows, .outcome = need(dr_new_doubles(rows)), .x = need(dr_new_doubles(rows))};
    for (size_t e = 0; e < EFFECTS; e++) {
        m.level[e] = need(dr_new(rows, sizeof **m.level));
        m.effect[e] = (dr_category){names[e], m.level[e], levels[e]};
    }
    return m;
}

static void made_up_free(made_up *m)
{
    free(m->outcome);
    free(m->x);
    for (size_t e = 0; e < EFFECTS; e++)
        free(m->level[e]);
}

/* Poisson: by its sum of exponentials where the mean is small, else as the normal distribution that it then is close to. */
static double poisson(dr_random *random, double mean)
{
    const double large = 30;
    if (mean > large)
        return fmax(0, floor(mean + sqrt(mean) * dr_random_normal(random) + 0.5));
    double product = dr_random_uniform(random), least = exp(-mean);
    int count = 0;
    for (; product > least; count++)
        product *= dr_random_uniform(random);
    return count;
}

/* The effect of a level, standard normal. */
static double effect_of(size_t e, uint32_t level)
{
    dr_random random = dr_random_stream(100 + e, level);
    return dr_random_normal(&random);
}

static void fill(made_up *m)
{
#pragma omp parallel for schedule(static)
    for (size_t r = 0; r < m->rows; r++) {
        dr_random random = dr_random_stream(1, r);
        double x = m->x[r] = dr_random_normal(&random), eta = x + 0.05 * x * x;
        for (size_t e = 0; e < EFFECTS; e++) {
            m->level[e][r] = (uint32_t)(dr_random_uniform(&random) * (double)m->effect[e].levels);
            eta += effect_of(e, m->level[e][r]);
        }
        double normal = dr_random_normal(&random); /* gamma of shape 0.5 and mean 1 is its square */
        m->outcome[r] = poisson(&random, exp(eta) * normal * normal);
    }
}

typedef struct timed {
    double seconds;
    dr_regression *result;
} timed;

static timed estimate(const dr_regression_data *data, const dr_regression_options *options, int runs)
{
    timed best = {.seconds = INFINITY};
    for (int i = 0; i < runs; i++) {
        dr_regression_free(best.result);
        best.result = NULL;
        double start = bench_now();
        bench_need(dr_regression_fit(&best.result, data, options));
        best.seconds = fmin(best.seconds, bench_now() - start);
    }
    return best;
}

static void print(const char *what, const timed *t)
{
    const dr_regression *r = t->result;
    bench_print(what, t->seconds, r->residual, bench_hash(DR_HASH_SEED, r->coefficient, r->regressors));
    printf("  b = %.6f (%.6f), %zu rows, %zu separated, %zu alone, %d iterations, %zu passes\n", r->coefficient[0],
           sqrt(r->variance[0]), r->used, r->separated, r->singletons, r->iterations, r->sweeps);
}

static double megabytes(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

static timed made_up_run(const char *what, size_t rows, const size_t *levels, int runs)
{
    static const char *const names[] = {"x"};
    made_up m = made_up_new(rows, levels);
    fill(&m);
    dr_regression_data data = {.rows = rows,
                               .outcome = m.outcome,
                               .regressors = 1,
                               .names = names,
                               .regressor = (const double *const[]){m.x},
                               .effects = EFFECTS,
                               .effect = m.effect};
    timed t = estimate(&data, NULL, runs);
    print(what, &t);
    made_up_free(&m);
    return t;
}

int main(int count, char **arguments)
{
    (void)arguments;
    (void)count;
    timed t = made_up_run("1,000,000 rows", 1000000, (size_t[]){50000, 1000, 100}, 3);
    dr_regression_free(t.result);
    if (count > 1)
    t = made_up_run("10,000,000 rows", 10000000, (size_t[]){500000, 3162, 215}, 1);
    printf("%g MB\n", megabytes());
    return 0;
}
