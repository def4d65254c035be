/* What the benchmarks share: the best of several runs, a hash of the results, programs run as children, and one way to
 * print. */
#ifndef DR_BENCH_H
#define DR_BENCH_H

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/names.h"
#include "derisk.h"

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

/* Ends the benchmark if a call of the library failed. */
static inline void bench_need(dr_status status)
{
    if (status == DR_OK)
        return;
    fprintf(stderr, "%s\n", dr_error_text());
    exit(1);
}

/* Hash of doubles rounded to nine significant digits: equal for equal results. Another processor may round the last
 * otherwise. */
static inline unsigned long long bench_hash(unsigned long long hash, const double *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char digits[32];
        int length = snprintf(digits, sizeof digits, "%.9g", numbers[i]);
        hash = dr_hash(hash, digits, (size_t)length);
    }
    return hash;
}

/* The same of all numbers in a table. */
static inline unsigned long long bench_hash_table(const dr_table *table)
{
    unsigned long long hash = DR_HASH_SEED;
    for (size_t row = 0; row < dr_table_rows(table); row++)
        for (size_t column = 0; column < dr_table_columns(table); column++) {
            double number = dr_table_number(table, row, column);
            if (!isnan(number))
                hash = bench_hash(hash, &number, 1);
        }
    return hash;
}

/* One line of results: what, how long, how exact, and which numbers came out. */
static inline void bench_print(const char *what, double seconds, double residual, unsigned long long hash)
{
    printf("%-52s %10.3f ms   residual %8.1e   hash %016llx\n", what, 1e3 * seconds, residual, hash);
}

/* A line that sets a time beside another of the same run. */
static inline void bench_compare(const char *what, double seconds, double ours)
{
    printf("%-52s %10.3f ms   ratio %.2f\n", what, 1e3 * seconds, ours / seconds);
}

/* A line that holds a figure against its target. */
static inline void bench_target(const char *what, double figure, double most, const char *unit)
{
    printf("%-52s %10.3f %s   target %.3f: %s\n", what, figure, unit, most, figure <= most ? "met" : "MISSED");
}

/* An empty folder for this run. */
static inline const char *bench_folder(void)
{
    static char folder[512];
    const char *temporary = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/derisk-bench-XXXXXX", temporary && *temporary ? temporary : "/tmp");
    if (mkdtemp(folder))
        return folder;
    fprintf(stderr, "%s: %s\n", folder, strerror(errno));
    exit(1);
}

/* ---- Solving ---- */

typedef struct bench_solved {
    double solve, whole; /* seconds of the fastest run: the search alone, and with its certificate */
    dr_certificate certificate;
    unsigned long long hash; /* of the table of regions */
} bench_solved;

static inline bench_solved bench_solve(const dr_model *model, const dr_scenario *scenario, int runs)
{
    bench_solved result = {.solve = INFINITY, .whole = INFINITY};
    dr_table *table = NULL;
    for (int i = 0; i < runs; i++) {
        dr_solution *solution = NULL;
        double start = bench_now();
        bench_need(dr_model_solve(&solution, model, scenario));
        result.whole = fmin(result.whole, bench_now() - start);
        dr_solution_certificate(solution, &result.certificate);
        result.solve = fmin(result.solve, result.certificate.solve_seconds);
        if (i == 0)
            bench_need(dr_solution_regions(&table, solution));
        dr_solution_free(solution);
    }
    result.hash = bench_hash_table(table);
    dr_table_free(table);
    return result;
}

/* ---- Other programs ---- */

typedef struct bench_run {
    double seconds;   /* wall clock, from start to end */
    double megabytes; /* the most memory it had at once */
} bench_run;

/* Runs a program with its standard output in a file; ends the benchmark if it fails. */
static inline bench_run bench_child(char *const *arguments, const char *output)
{
    struct rusage usage;
    int status = 0;
    double start = bench_now();
    pid_t child = fork();
    if (child == 0) {
        int file = open(output, O_WRONLY | O_CREAT | O_TRUNC, 0666);
        if (file >= 0 && dup2(file, STDOUT_FILENO) >= 0)
            execvp(arguments[0], arguments);
        fprintf(stderr, "%s: %s\n", arguments[0], strerror(errno));
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &usage) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fprintf(stderr, "%s failed\n", arguments[0]);
        exit(1);
    }
    return (bench_run){bench_now() - start, (double)usage.ru_maxrss / 1024};
}

/* The fastest of several runs, and the most memory of any. */
static inline bench_run bench_children(int runs, char *const *arguments, const char *output)
{
    bench_run best = bench_child(arguments, output);
    for (int i = 1; i < runs; i++) {
        bench_run run = bench_child(arguments, output);
        best.seconds = fmin(best.seconds, run.seconds);
        best.megabytes = fmax(best.megabytes, run.megabytes);
    }
    return best;
}

/* Asks the machine to forget the file's bytes; they come from the disk again. */
static inline void bench_forget(const char *path)
{
    int file = open(path, O_RDONLY);
    if (file >= 0) {
        fdatasync(file);
        posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
        close(file);
    }
}

#endif
