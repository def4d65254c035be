/* Whether the numbers of a world can be right: what its years add up to, and the findings about them. Docs:
 * docs/check.md. */
#ifndef DR_MEASURE_PLAUSIBLE_H
#define DR_MEASURE_PLAUSIBLE_H

#include "base/table.h"
#include "world/economy.h"

/* What a check has found: rows that want a look, and rows that are as they should be. */
typedef struct dr_findings {
    dr_table *look, *fine;
} dr_findings;

/* Adds a finding; year 0 is none, and numbers that are NAN stay empty. */
typedef struct dr_finding {
    bool look;
    const char *check, *of;
    int year;
    double value, against; /* what was found, and what it is compared with */
} dr_finding;
void dr_finding_add(const dr_findings *findings, const dr_finding *finding, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Negative cells. */
typedef struct dr_negatives {
    size_t count;
    double sum;
    double worst;                 /* the largest of them */
    size_t seller, sector, buyer; /* where it is */
} dr_negatives;

/* Sums of a year's cells, with negative ones as they are. */
typedef struct dr_year_sums {
    dr_economy *names;   /* without arrays */
    double *sales;       /* [i, s]: sum of a row */
    double *output;      /* [i, s]: as stored; in the long format the sum of a row */
    double *inputs;      /* [n, s]: what the sector buys */
    double *value_added; /* [n, s]; NULL: not stored */
    double *trade;       /* [n, i, s]: sales of i to n */
    dr_negatives inputs_below, final_below;
    double final;    /* all final use */
    bool flows_only; /* trade flows without inputs and final use */
} dr_year_sums;

/* Reads a year. Errors: DR_BAD_INPUT (a damaged world), DR_MACHINE. Free with dr_year_sums_free, on failure too. */
dr_status dr_year_sums_read(dr_year_sums *out, const dr_world *world, int year);
void dr_year_sums_free(dr_year_sums *sums);

/* The findings about one year: unit, rows, columns, negative and empty cells. */
dr_status dr_check_year(const dr_findings *findings, const dr_year_sums *sums);

/* The findings about what changed between two years of the world that follow each other. */
dr_status dr_check_growth(const dr_findings *findings, const dr_year_sums *before, const dr_year_sums *after);

#endif
