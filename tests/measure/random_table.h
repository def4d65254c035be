/* Random tables, the same for the same seed, in memory and as files in the ICIO layout. */
#ifndef TESTS_MEASURE_RANDOM_TABLE_H
#define TESTS_MEASURE_RANDOM_TABLE_H

#include <stdio.h>

#include "slow_leontief.h"

/* Uniform between 0 and 1, in steps that six digits write exactly. */
static inline double random_number(unsigned *state)
{
    *state = *state * 1664525u + 1013904223u;
    return (double)(*state >> 16) / 65536;
}

/* Mostly domestic; with a few empty cells and a negative one in final use (stocks that were drawn down). */
static inline slow_table random_table(size_t regions, size_t sectors, unsigned seed)
{
    slow_table t = {.regions = regions, .sectors = sectors, .size = regions * sectors};
    for (size_t i = 0; i < t.size; i++) {
        for (size_t j = 0; j < t.size; j++) {
            double most = slow_region(&t, i) == slow_region(&t, j) ? 20 : 6;
            t.inputs[i][j] = random_number(&seed) < 0.1 ? 0 : most * random_number(&seed);
        }
        for (size_t n = 0; n < regions; n++)
            t.final[i][n] = (slow_region(&t, i) == n ? 200 : 30) * (0.2 + random_number(&seed));
    }
    t.final[1][regions - 1] = -3.25;
    slow_complete(&t);
    return t;
}

/* Regions R0, R1, ... and sectors s0, s1, ..., whose totals are those of the cells. */
static inline void write_table(const slow_table *t, const char *path)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("V1", file);
    for (size_t j = 0; j < t->size; j++)
        fprintf(file, ",R%zu_s%zu", slow_region(t, j), j % t->sectors);
    for (size_t n = 0; n < t->regions; n++)
        fprintf(file, ",R%zu_FD", n);
    fputs(",OUT\n", file);
    for (size_t i = 0; i < t->size; i++) {
        fprintf(file, "R%zu_s%zu", slow_region(t, i), i % t->sectors);
        for (size_t j = 0; j < t->size; j++)
            fprintf(file, ",%.17g", t->inputs[i][j]);
        for (size_t n = 0; n < t->regions; n++)
            fprintf(file, ",%.17g", t->final[i][n]);
        fprintf(file, ",%.17g\n", t->output[i]);
    }
    for (int out = 0; out < 2; out++) {
        fputs(out ? "OUT" : "VA", file);
        for (size_t j = 0; j < t->size; j++)
            fprintf(file, ",%.17g", t->output[j] * (out ? 1 : t->value_share[j]));
        for (size_t n = 0; n <= t->regions; n++)
            fputs(",0", file);
        fputc('\n', file);
    }
    assert_int_equal(fclose(file), 0);
}

/* As a world of its year, in the folder of the test. */
static inline dr_world *import_random(const slow_table *t)
{
    const char *file = "random_2000.csv";
    dr_world *world = NULL;
    write_table(t, file);
    unlink("random.world");
    assert_ok(dr_import_icio(NULL, &file, 1, "random.world", NULL));
    assert_ok(dr_world_open(&world, "random.world"));
    return world;
}

static inline const char *region(size_t n)
{
    static const char *const codes[] = {"R0", "R1", "R2", "R3", "R4"};
    return codes[n];
}

/* To nine digits. */
static inline void near(double got, double expected)
{
    if (!(fabs(got - expected) <= 1e-9 * fmax(1, fabs(expected))))
        fail_msg("%.17g, expected %.17g", got, expected);
}

#endif
