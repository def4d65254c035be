/* Gravity: PPML with three absorbed effects. Made-up panels as the published comparisons of such programs use them
 * (negative-binomial outcome, size 0.5, mu = exp(x + 0.05 x^2 + effects)); how time grows with rows and levels; the
 * panel of the Advanced Guide; and a panel of workers and firms, few of whom move, beside bare alternating projections.
 * The peer is the machine: as many bare passes over rows as the fit made, each adding one number of every row to its
 * level of each effect. */

#include "base/parallel.h"
#include "base/random.h"
#include "bench.h"
#include "estimate/bootstrap.h"
#include "support/panel.h"

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
        m.effect[e] = (dr_category){.name = names[e], .level = m.level[e], .levels = levels[e]};
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

/* Poisson: by its sum of exponentials where the mean is small, else as the normal distribution that it then is close
 * to. */
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

static void fill(void *user, size_t from, size_t to)
{
    made_up *m = user;
    for (size_t r = from; r < to; r++) {
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

/* ---- Timing ---- */

typedef struct timed {
    double seconds, core_seconds; /* core: of all threads together, which other programs do not change */
    dr_regression *result;
} timed;

static double core_seconds(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static double megabytes(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

static timed estimate(const dr_regression_data *data, dr_fit fit, int runs)
{
    timed best = {.seconds = INFINITY, .core_seconds = INFINITY};
    dr_regression_options options = {.fit = fit};
    for (int i = 0; i < runs; i++) {
        dr_regression_free(best.result);
        best.result = NULL;
        double start = bench_now(), core = core_seconds();
        bench_need(dr_regression_fit(&best.result, data, &options));
        best.seconds = fmin(best.seconds, bench_now() - start);
        best.core_seconds = fmin(best.core_seconds, core_seconds() - core);
    }
    return best;
}

static void print(const char *what, const timed *t)
{
    const dr_regression *r = t->result;
    bench_print(what, t->seconds, r->residual, bench_hash(DR_HASH_SEED, r->coefficient, r->regressors));
    printf("  b = %.6f (%.6f); %zu rows, %zu separated; %d iterations, %zu passes; %.3f s of all cores\n",
           r->coefficient[0], sqrt(r->variance[0]), r->used, r->separated, r->iterations, r->sweeps, t->core_seconds);
}

/* ---- The peer: bare passes ---- */

typedef struct bare {
    const made_up *m;
    double *sums[EFFECTS];
    size_t passes;
} bare;

/* On one core: the outcome is added to its level of each effect. */
static void pass(void *user)
{
    bare *b = user;
    const made_up *m = b->m;
    for (size_t i = 0; i < b->passes; i++)
        for (size_t r = 0; r < m->rows; r++)
            for (size_t e = 0; e < EFFECTS; e++)
                b->sums[e][m->level[e][r]] += m->outcome[r];
}

static void compare(const made_up *m, const timed *t)
{
    bare b = {.m = m, .passes = t->result->sweeps};
    for (size_t e = 0; e < EFFECTS; e++)
        b.sums[e] = need(dr_new_doubles(m->effect[e].levels));
    double seconds = bench_best(1, pass, &b);
    printf("  as many bare passes, on one core %16s %10.3f ms   ratio of all cores %.2f\n", "", 1e3 * seconds,
           t->core_seconds / seconds);
    for (size_t e = 0; e < EFFECTS; e++)
        free(b.sums[e]);
}

static timed run(const char *what, size_t rows, const size_t *levels, int runs, bool beside)
{
    static const char *const names[] = {"x"};
    made_up m = made_up_new(rows, levels);
    dr_parallel_stretches(m.rows, 0, fill, &m);
    dr_regression_data data = {.rows = rows,
                               .outcome = m.outcome,
                               .regressors = 1,
                               .names = names,
                               .regressor = (const double *const[]){m.x},
                               .effects = EFFECTS,
                               .effect = m.effect};
    timed t = estimate(&data, DR_FIT_PPML, runs);
    print(what, &t);
    if (beside)
        compare(&m, &t);
    made_up_free(&m);
    dr_regression_free(t.result);
    return t;
}

static void published_sizes(void)
{
    timed t = run("PPML, 1,000,000 rows, 50,000 + 1,000 + 100 levels", 1000000, (size_t[]){50000, 1000, 100}, 3, true);
    bench_target("  published: fixest 3.5 s, ppmlhdfe 44 s", t.seconds, 1.5, "s");
    t = run("PPML, 10,000,000 rows, 500,000 + 3,162 + 215", 10000000, (size_t[]){500000, 3162, 215}, 1, false);
    bench_target("  on two cores", t.seconds, 15, "s");
    bench_target("  memory, data included", megabytes(), 2000, "MB");
}

/* ---- How time grows ---- */

static double exponent(const timed *few, const timed *many, double times)
{
    return log(many->core_seconds / few->core_seconds) / log(times);
}

static void growth(void)
{
    timed rows[] = {run("PPML, 100,000 rows, 5,000 + 300 + 50 levels", 100000, (size_t[]){5000, 300, 50}, 3, false),
                    run("PPML, 400,000 rows, 5,000 + 300 + 50 levels", 400000, (size_t[]){5000, 300, 50}, 3, false),
                    run("PPML, 1,600,000 rows, 5,000 + 300 + 50 levels", 1600000, (size_t[]){5000, 300, 50}, 2, false)};
    printf("  time grows with rows to the power of %.2f, %.2f\n", exponent(&rows[0], &rows[1], 4),
           exponent(&rows[1], &rows[2], 4));
    timed levels[] = {
        run("PPML, 400,000 rows, 20,000 + 1,200 + 200 levels", 400000, (size_t[]){20000, 1200, 200}, 3, false),
        run("PPML, 400,000 rows, 80,000 + 4,800 + 800 levels", 400000, (size_t[]){80000, 4800, 800}, 3, false)};
    printf("  with levels to the power of %.2f, %.2f\n", exponent(&rows[1], &levels[0], 4),
           exponent(&levels[0], &levels[1], 4));
}

/* ---- The Advanced Guide ---- */

/* The wild bootstrap of its only coefficient, by pairs, in which two of the three effects do not lie. */
static void wild(const dr_regression_data *data)
{
    const dr_bootstrap_plan plan = {.how = DR_BOOTSTRAP_WILD, .replications = 999, .seed = 1};
    const dr_hypothesis zero = {1, (double[]){1}, (double[]){0}};
    dr_regression_options options = {.fit = DR_FIT_OLS, .bootstrap = &plan, .hypothesis = &zero, .hypotheses = 1};
    dr_regression *r = NULL;
    double start = bench_now(), core = core_seconds();
    bench_need(dr_regression_fit(&r, data, &options));
    double seconds = bench_now() - start;
    core = core_seconds() - core;
    bench_print("Advanced Guide, least squares, 999 wild draws", seconds, r->residual,
                bench_hash(DR_HASH_SEED, r->coefficient, r->regressors));
    printf("  b = %.6f, p = %.4f, interval %.6f to %.6f; %.3f s of all cores\n", r->coefficient[0], r->test->p,
           r->test->low, r->test->high, core);
    bench_target("  on two cores", seconds, 2, "s");
    dr_regression_free(r);
}

static void advanced_guide(void)
{
    panel *p = panel_read();
    if (!p)
        return;
    selection s = panel_select(p, false, false, false);
    dr_category effect[] = {{.name = "exporter^year", .level = s.exporter_year, .levels = PANEL_ECONOMY_YEARS},
                            {.name = "importer^year", .level = s.importer_year, .levels = PANEL_ECONOMY_YEARS},
                            {.name = "pair", .level = s.pair_effect, .levels = PANEL_PAIRS}};
    dr_category cluster = {.name = "pair", .level = s.pair, .levels = PANEL_PAIRS};
    dr_regression_data data = {.rows = s.rows,
                               .outcome = s.outcome,
                               .regressors = 1,
                               .names = (const char *const[]){"rta"},
                               .regressor = (const double *const[]){s.regressor[PANEL_AGREEMENT]},
                               .effects = 3,
                               .effect = effect,
                               .clusters = 1,
                               .cluster = &cluster};
    timed t = estimate(&data, DR_FIT_PPML, 20);
    print("Advanced Guide, 28,482 rows, three-way", &t);
    bench_target("  on one core", t.seconds, 0.1, "s");
    dr_regression_free(t.result);
    wild(&data);
    selection_free(&s);
    free(p);
}

/* ---- Workers and firms ---- */

enum { WORKERS = 4000, FIRMS = 200, YEARS = 10, MOST_PASSES = 20000 };

/* Workers who move with one chance in fifty a year, to the firm next door: what a firm pays is known from its
 * neighbours only. */
static made_up workers_and_firms(void)
{
    made_up m = made_up_new((size_t)WORKERS * YEARS, (size_t[]){WORKERS, FIRMS, 1});
    for (uint32_t worker = 0; worker < WORKERS; worker++) {
        dr_random random = dr_random_stream(5, worker);
        uint32_t firm = worker % FIRMS;
        for (uint32_t year = 0; year < YEARS; year++) {
            size_t r = (size_t)worker * YEARS + year;
            if (dr_random_uniform(&random) < 0.02)
                firm = (firm + 1) % FIRMS;
            m.level[0][r] = worker;
            m.level[1][r] = firm;
            m.x[r] = dr_random_normal(&random) + 0.02 * firm;
            m.outcome[r] = 0.5 * m.x[r] + 0.02 * firm + effect_of(0, worker) + dr_random_normal(&random);
        }
    }
    return m;
}

/* Takes the means of an effect's levels off x; returns the sum of squares that this takes. */
static double take_means(const made_up *m, size_t e, double *x, double *sum, double *count)
{
    double taken = 0;
    memset(sum, 0, m->effect[e].levels * sizeof *sum);
    memset(count, 0, m->effect[e].levels * sizeof *count);
    for (size_t r = 0; r < m->rows; r++) {
        sum[m->level[e][r]] += x[r];
        count[m->level[e][r]]++;
    }
    for (size_t level = 0; level < m->effect[e].levels; level++)
        if (count[level] > 0) {
            taken += sum[level] * sum[level] / count[level];
            sum[level] /= count[level];
        }
    for (size_t r = 0; r < m->rows; r++)
        x[r] -= sum[m->level[e][r]];
    return taken;
}

/* Alternating projections of x: passes until one takes no more than 1e-16 of what the first did, which says that the
 * last step was 1e-8 of the first, not how far there is still to go. */
static void project(const made_up *m, size_t *passes)
{
    double *x = need(dr_new_doubles(m->rows)), *sum = need(dr_new_doubles(WORKERS)),
           *count = need(dr_new_doubles(WORKERS));
    double first = 0, taken = INFINITY;
    memcpy(x, m->x, m->rows * sizeof *x);
    take_means(m, 0, x, sum, count);
    for (*passes = 0; *passes < MOST_PASSES && taken > 1e-16 * first; *passes += 2) {
        taken = take_means(m, 1, x, sum, count);
        first = *passes == 0 ? taken : first;
        take_means(m, 0, x, sum, count);
    }
    free(x);
    free(sum);
    free(count);
}

static void difficult(void)
{
    made_up m = workers_and_firms();
    dr_regression_data data = {.rows = m.rows,
                               .outcome = m.outcome,
                               .regressors = 1,
                               .names = (const char *const[]){"x"},
                               .regressor = (const double *const[]){m.x},
                               .effects = 2,
                               .effect = m.effect};
    size_t passes = 0;
    timed t = estimate(&data, DR_FIT_OLS, 3);
    print("OLS, 4,000 workers who hardly move, 200 firms", &t);
    double start = bench_now();
    project(&m, &passes);
    printf("  bare alternating projections of x alone: %s%zu passes, %.1f s; ratio of passes %.3f\n",
           passes == MOST_PASSES ? "not there after " : "", passes, bench_now() - start,
           (double)t.result->sweeps / (double)passes);
    dr_regression_free(t.result);
    made_up_free(&m);
}

int main(void)
{
    advanced_guide();
    difficult();
    published_sizes();
    growth();
    return 0;
}
