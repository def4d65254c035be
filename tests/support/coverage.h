/* How often 95% intervals hold the true coefficient, in made-up panels of exporters, importers and years. The test runs
 * some, the benchmark 2,000 of each kind, whose table docs/gravity.md shows. */
#ifndef DR_TEST_COVERAGE_H
#define DR_TEST_COVERAGE_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "base/random.h"
#include "estimate/bootstrap.h"
#include "estimate/gravity.h"

enum { COVERAGE_EXPORTER, COVERAGE_IMPORTER, COVERAGE_YEAR, COVERAGE_PAIR, COVERAGE_OUT, COVERAGE_IN, COVERAGE_KINDS };

/* A kind of panel, whose regressor and error have parts in common by exporter, importer or pair, and of errors. */
typedef struct coverage {
    const char *name;
    uint32_t exporters, importers, years;
    double by_exporter, by_importer, by_pair; /* standard deviations of parts, beside 1 of rows */
    bool uneven;                              /* the error of a row grows with its regressor */
    bool near;                                /* exporters are places on a line that err like their neighbours */
    size_t effects, effect[3];                /* COVERAGE_... */
    size_t clusters, cluster[2];
    dr_fit fit;
    dr_small_sample errors;
    bool corrected;         /* bias_correct */
    dr_bootstrap bootstrap; /* or DR_BOOTSTRAP_NONE */
} coverage;

typedef struct coverage_panel {
    size_t rows;
    double *x, *y, *latitude, *longitude;
    uint32_t *level[COVERAGE_KINDS];
} coverage_panel;

static inline void *coverage_need(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

/* A standard normal number that is the same for the same place. */
static inline double coverage_part(uint64_t seed, uint64_t what, uint64_t level)
{
    dr_random random = dr_random_stream(seed * 64 + what, level);
    return dr_random_normal(&random);
}

/* The part of an exporter: of its neighbours', too, where they err alike. */
static inline double coverage_exporter(const coverage *c, uint64_t seed, uint64_t what, uint32_t i)
{
    double sum = 0;
    for (uint32_t k = 0; k < 3 && c->near; k++)
        sum += coverage_part(seed, what, i + k) / sqrt(3);
    return c->near ? sum : coverage_part(seed, what, i);
}

static inline void coverage_row(coverage_panel *p, const coverage *c, uint64_t seed, size_t r, const uint32_t *at)
{
    uint32_t i = at[0], n = at[1], t = at[2];
    uint64_t pair = (uint64_t)i * c->importers + n;
    const uint32_t levels[] = {i, n, t, (uint32_t)pair, i * c->years + t, n * c->years + t};
    double part[2];
    for (uint64_t e = 0; e < 2; e++) /* of the regressor and of the error */
        part[e] = c->by_exporter * coverage_exporter(c, seed, e, i) + c->by_importer * coverage_part(seed, 2 + e, n) +
                  c->by_pair * coverage_part(seed, 4 + e, pair) + coverage_part(seed, 6 + e, r);
    double size = sqrt(1 + c->by_exporter * c->by_exporter + c->by_importer * c->by_importer + c->by_pair * c->by_pair);
    double x = part[0] / size, error = part[1] / size, spread = c->uneven ? sqrt(0.5 + x * x) : 1;
    for (size_t e = 0; e < COVERAGE_KINDS; e++)
        p->level[e][r] = levels[e];
    p->latitude[r] = 0;
    p->longitude[r] = 0.5 * i - 90;
    p->x[r] = x;
    if (c->fit == DR_FIT_OLS) { /* the coefficient is 1 */
        p->y[r] = x + 0.1 * i - 0.1 * n + 0.2 * t + spread * error;
        return;
    }
    /* of effects that are absorbed, with which the regressor goes along */
    double out = c->effects > 1 ? 0.2 * coverage_part(seed, 8, levels[COVERAGE_OUT]) : 0;
    double in = 0.2 * coverage_part(seed, 9, levels[COVERAGE_IN]);
    p->x[r] = 0.5 * x + out + in;
    spread *= 0.4; /* of a logarithm, whose exponential has mean 1 */
    p->y[r] = exp(p->x[r] + out + in + spread * error - spread * spread / 2);
}

static inline coverage_panel coverage_draw(const coverage *c, uint64_t seed)
{
    coverage_panel p = {.rows = (size_t)c->exporters * c->importers * c->years};
    size_t r = 0;
    p.x = coverage_need(dr_new_doubles(p.rows));
    p.y = coverage_need(dr_new_doubles(p.rows));
    p.latitude = coverage_need(dr_new_doubles(p.rows));
    p.longitude = coverage_need(dr_new_doubles(p.rows));
    for (size_t e = 0; e < COVERAGE_KINDS; e++)
        p.level[e] = coverage_need(dr_new(p.rows, sizeof(uint32_t)));
    for (uint32_t i = 0; i < c->exporters; i++)
        for (uint32_t n = 0; n < c->importers; n++)
            for (uint32_t t = 0; t < c->years; t++)
                coverage_row(&p, c, seed, r++, (const uint32_t[]){i, n, t});
    return p;
}

static inline void coverage_free(coverage_panel *p)
{
    free(p->x);
    free(p->y);
    free(p->latitude);
    free(p->longitude);
    for (size_t e = 0; e < COVERAGE_KINDS; e++)
        free(p->level[e]);
}

static inline dr_category coverage_category(const coverage *c, const coverage_panel *p, size_t which)
{
    static const char *const names[] = {"exporter", "importer", "year", "pair", "exporter^year", "importer^year"};
    const size_t levels[] = {c->exporters,
                             c->importers,
                             c->years,
                             (size_t)c->exporters * c->importers,
                             (size_t)c->exporters * c->years,
                             (size_t)c->importers * c->years};
    return (dr_category){.name = names[which], .level = p->level[which], .levels = levels[which]};
}

/* An interval holds the truth where it is not rejected. */
static inline bool coverage_holds(const coverage *c, const coverage_panel *p)
{
    dr_category effect[3], cluster[2];
    dr_bootstrap_plan plan = {
        .how = c->bootstrap, .multiplier = DR_MULTIPLIER_WEBB, .replications = 199, .seed = 1, .threads = 1};
    dr_hypothesis truth = {1, (double[]){1}, (double[]){1}};
    dr_regression *r = NULL;
    for (size_t e = 0; e < c->effects; e++)
        effect[e] = coverage_category(c, p, c->effect[e]);
    for (size_t e = 0; e < c->clusters; e++)
        cluster[e] = coverage_category(c, p, c->cluster[e]);
    dr_regression_data data = {.rows = p->rows,
                               .outcome = p->y,
                               .regressors = 1,
                               .names = (const char *const[]){"x"},
                               .regressor = (const double *const[]){p->x},
                               .effects = c->effects,
                               .effect = effect,
                               .clusters = c->clusters,
                               .cluster = cluster,
                               .place = {p->latitude, p->longitude}};
    bool boot = c->bootstrap != DR_BOOTSTRAP_NONE;
    dr_status status = dr_regression_fit(&r, &data,
                                         &(dr_regression_options){.fit = c->fit,
                                                                  .small_sample = c->errors,
                                                                  .bias_correct = c->corrected,
                                                                  .bootstrap = boot ? &plan : NULL,
                                                                  .hypothesis = &truth,
                                                                  .hypotheses = boot,
                                                                  .cutoff = 120, /* a degree of longitude: two places */
                                                                  .threads = 1});
    if (status != DR_OK) {
        fprintf(stderr, "%s: %s\n", c->name, dr_error_text());
        abort();
    }
    double t = (r->coefficient[0] - 1) / sqrt(r->variance[0]);
    bool held = boot ? r->test->p > 0.05 : fabs(t) <= dr_critical(0.05, r->freedom);
    dr_regression_free(r);
    return held;
}

typedef struct coverage_run {
    const coverage *c;
    unsigned char *held;
} coverage_run;

static inline dr_status coverage_one(void *work, size_t i, size_t thread)
{
    const coverage_run *run = work;
    (void)thread;
    coverage_panel p = coverage_draw(run->c, 1 + i);
    run->held[i] = coverage_holds(run->c, &p);
    coverage_free(&p);
    return DR_OK;
}

/* The share of so many panels. */
static inline double coverage_share(const coverage *c, size_t panels)
{
    coverage_run run = {c, coverage_need(dr_new(panels, 1))};
    size_t held = 0;
    if (dr_parallel(panels, 0, coverage_one, &run) != DR_OK)
        abort();
    for (size_t i = 0; i < panels; i++)
        held += run.held[i];
    free(run.held);
    return (double)held / (double)panels;
}

/* Each kind of error where theory promises 95%: many clusters, or many rows. */
static const coverage coverage_kinds[] = {
    {.name = "least squares, robust",
     .exporters = 20,
     .importers = 20,
     .years = 1,
     .uneven = true,
     .effects = 2,
     .effect = {COVERAGE_EXPORTER, COVERAGE_IMPORTER},
     .fit = DR_FIT_OLS},
    {.name = "least squares, by pair",
     .exporters = 12,
     .importers = 12,
     .years = 4,
     .by_pair = 1,
     .effects = 2,
     .effect = {COVERAGE_OUT, COVERAGE_IN},
     .clusters = 1,
     .cluster = {COVERAGE_PAIR},
     .fit = DR_FIT_OLS},
    {.name = "least squares, by pair, factors of R",
     .exporters = 12,
     .importers = 12,
     .years = 4,
     .by_pair = 1,
     .effects = 2,
     .effect = {COVERAGE_OUT, COVERAGE_IN},
     .clusters = 1,
     .cluster = {COVERAGE_PAIR},
     .fit = DR_FIT_OLS,
     .errors = DR_SMALL_SAMPLE_R},
    {.name = "least squares, by exporter and importer",
     .exporters = 60,
     .importers = 60,
     .years = 1,
     .by_exporter = 0.5,
     .by_importer = 0.5,
     .clusters = 2,
     .cluster = {COVERAGE_EXPORTER, COVERAGE_IMPORTER},
     .fit = DR_FIT_OLS},
    {.name = "least squares, cr2 by exporter",
     .exporters = 50,
     .importers = 10,
     .years = 1,
     .by_exporter = 1,
     .effects = 1,
     .effect = {COVERAGE_IMPORTER},
     .clusters = 1,
     .cluster = {COVERAGE_EXPORTER},
     .fit = DR_FIT_OLS,
     .errors = DR_SMALL_SAMPLE_CR2},
    {.name = "least squares, cr3 by exporter",
     .exporters = 50,
     .importers = 10,
     .years = 1,
     .by_exporter = 1,
     .effects = 1,
     .effect = {COVERAGE_IMPORTER},
     .clusters = 1,
     .cluster = {COVERAGE_EXPORTER},
     .fit = DR_FIT_OLS,
     .errors = DR_SMALL_SAMPLE_CR3},
    {.name = "least squares, conley",
     .exporters = 360,
     .importers = 2,
     .years = 1,
     .by_exporter = 1,
     .near = true,
     .effects = 1,
     .effect = {COVERAGE_IMPORTER},
     .fit = DR_FIT_OLS,
     .errors = DR_SMALL_SAMPLE_CONLEY},
    {.name = "least squares, wild bootstrap by exporter",
     .exporters = 50,
     .importers = 10,
     .years = 1,
     .by_exporter = 1,
     .effects = 1,
     .effect = {COVERAGE_IMPORTER},
     .clusters = 1,
     .cluster = {COVERAGE_EXPORTER},
     .fit = DR_FIT_OLS,
     .bootstrap = DR_BOOTSTRAP_WILD},
    {.name = "least squares, pairs bootstrap by exporter",
     .exporters = 50,
     .importers = 10,
     .years = 1,
     .by_exporter = 1,
     .effects = 1,
     .effect = {COVERAGE_IMPORTER},
     .clusters = 1,
     .cluster = {COVERAGE_EXPORTER},
     .fit = DR_FIT_OLS,
     .bootstrap = DR_BOOTSTRAP_PAIRS},
    {.name = "PPML, robust",
     .exporters = 60,
     .importers = 60,
     .years = 1,
     .effects = 2,
     .effect = {COVERAGE_EXPORTER, COVERAGE_IMPORTER},
     .fit = DR_FIT_PPML},
    {.name = "PPML, by pair",
     .exporters = 35,
     .importers = 35,
     .years = 2,
     .by_pair = 1,
     .effects = 2,
     .effect = {COVERAGE_OUT, COVERAGE_IN},
     .clusters = 1,
     .cluster = {COVERAGE_PAIR},
     .fit = DR_FIT_PPML},
    {.name = "PPML, by pair, bias corrected",
     .exporters = 35,
     .importers = 35,
     .years = 2,
     .by_pair = 1,
     .effects = 2,
     .effect = {COVERAGE_OUT, COVERAGE_IN},
     .clusters = 1,
     .cluster = {COVERAGE_PAIR},
     .fit = DR_FIT_PPML,
     .corrected = true},
    {.name = "PPML, three-way, bias corrected",
     .exporters = 35,
     .importers = 35,
     .years = 4,
     .by_pair = 1,
     .effects = 3,
     .effect = {COVERAGE_OUT, COVERAGE_IN, COVERAGE_PAIR},
     .clusters = 1,
     .cluster = {COVERAGE_PAIR},
     .fit = DR_FIT_PPML,
     .corrected = true},
    {.name = "PPML, score bootstrap by exporter",
     .exporters = 50,
     .importers = 10,
     .years = 1,
     .by_exporter = 0.5,
     .effects = 1,
     .effect = {COVERAGE_IMPORTER},
     .clusters = 1,
     .cluster = {COVERAGE_EXPORTER},
     .fit = DR_FIT_PPML,
     .bootstrap = DR_BOOTSTRAP_SCORE},
};

enum { COVERAGE_COUNT = sizeof coverage_kinds / sizeof *coverage_kinds };

/* Few clusters: exporters with ten rows each, whose regressor and error both have a part that they share. */
static const char *const coverage_few_names[] = {"stata", "cr2", "cr3", "wild"};
enum { COVERAGE_FEW = 4 };

static inline coverage coverage_few(size_t kind, uint32_t clusters)
{
    static const dr_small_sample errors[] = {DR_SMALL_SAMPLE_STATA, DR_SMALL_SAMPLE_CR2, DR_SMALL_SAMPLE_CR3,
                                             DR_SMALL_SAMPLE_STATA};
    return (coverage){.name = coverage_few_names[kind],
                      .exporters = clusters,
                      .importers = 10,
                      .years = 1,
                      .by_exporter = 1,
                      .effects = 1,
                      .effect = {COVERAGE_IMPORTER},
                      .clusters = 1,
                      .cluster = {COVERAGE_EXPORTER},
                      .fit = DR_FIT_OLS,
                      .errors = errors[kind],
                      .bootstrap = kind == 3 ? DR_BOOTSTRAP_WILD : DR_BOOTSTRAP_NONE};
}

#endif
