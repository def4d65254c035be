/* What the benchmarks share: the best of several runs, a hash of the results, and one way to print a line. */
#ifndef DR_BENCH_H
#define DR_BENCH_H

#include <stddef.h>
#include <stdio.h>
#include <time.h>

#include "base/names.h"

/* Seconds on a clock that only goes forward. */
static inline double bench_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Seconds of the fastest of `runs` calls of run(user): the least disturbed by everything else the machine does. */
static inline double bench_best(int runs, void (*run)(void *user), void *user)
{
    double best = 0;
    for (int i = 0; i < runs; i++) {
        double start = bench_now();
        run(user);
        double seconds = bench_now() - start;
        if (i == 0 || seconds < best)
            best = seconds;
    }
    return best;
}

/* Hash of doubles rounded to nine significant digits, so that equal results have equal hashes on any machine. */
static inline unsigned long long bench_hash(const double *numbers, size_t count)
{
    unsigned long long hash = DR_HASH_SEED;
    for (size_t i = 0; i < count; i++) {
        char digits[32];
        int length = snprintf(digits, sizeof digits, "%.9g", numbers[i]);
        hash = dr_hash(hash, digits, (size_t)length);
    }
    return hash;
}

/* One line of results: what, how long, how exact, and which numbers came out. */
static inline void bench_print(const char *what, double seconds, double residual, unsigned long long hash)
{
    printf("%-44s %10.3f ms   residual %8.1e   hash %016llx\n", what, 1e3 * seconds, residual, hash);
}

#endif
