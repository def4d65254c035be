/* Files of tariffs, row by row: as their publishers lay them out, and plain CSV (importer, exporter, product or sector,
 * tariff). What the names of a row mean is left to who reads it: an import, or a scenario. */
#ifndef DR_WORLD_TARIFF_CSV_H
#define DR_WORLD_TARIFF_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/csv.h"

/* A rate is above -100% and at most this; fractions, 0.25 is 25%. */
#define DR_HIGHEST_TARIFF 1000.0

enum {
    DR_TARIFF_IMPORTER,
    DR_TARIFF_EXPORTER, /* without it a rate is on all exporters */
    DR_TARIFF_PRODUCT,
    DR_TARIFF_SECTOR_NAME,
    DR_TARIFF_RATE,    /* 25% or 0.25 */
    DR_TARIFF_PERCENT, /* 25 */
    DR_TARIFF_SHARE,   /* 0.25 */
    DR_TARIFF_YEAR,
    DR_TARIFF_FROM,
    DR_TARIFF_TO,
    DR_TARIFF_DUTY,    /* AHS, PRF, MFN or BND */
    DR_TARIFF_EDITION, /* the nomenclature of products */
    DR_TARIFF_GENERAL, /* rates of the Harmonized Tariff Schedule of the United States, as texts */
    DR_TARIFF_SPECIAL,
    DR_TARIFF_COLUMN_TWO,
    DR_TARIFF_ROLES
};

typedef struct dr_tariff_format {
    const char *name;
    const char
        *columns[DR_TARIFF_ROLES]; /* names between bars as in dr_role, '?' in front: may be missing; NULL: none */
    bool isic;                     /* sectors are numbers of ISIC Rev. 3 */
    bool plain;                    /* made by hand: what is not known is an error, and a negative rate a subsidy */
} dr_tariff_format;

/* A file being read. */
typedef struct dr_tariff_csv {
    dr_csv *csv;
    const dr_tariff_format *format;
    int columns[DR_TARIFF_ROLES]; /* -1: not there */
} dr_tariff_csv;

/* Opens the file, reads its header and finds the layout: the first whose columns it has, or plain CSV. Errors:
 * DR_BAD_INPUT (no such file; of plain CSV a column missing or not known, with the nearest name), DR_MACHINE. Close
 * with dr_tariff_csv_close, on failure too. */
dr_status dr_tariff_csv_open(dr_tariff_csv *file, const char *path);
void dr_tariff_csv_close(dr_tariff_csv *file);

/* A text of the row at hand: "" where there is no such column. */
const char *dr_tariff_text(const dr_tariff_csv *file, int role);

/* The column of the rate, whichever it is, and the rate of the row as a fraction; *there is false where the cell is
 * empty or, in the files of publishers, negative. Errors: DR_BAD_INPUT with file:line:column (no rate; -100% or less;
 * more than DR_HIGHEST_TARIFF). */
int dr_tariff_rate_column(const dr_tariff_csv *file);
dr_status dr_tariff_rate(const dr_tariff_csv *file, double *rate, bool *there);

/* The first column that says a year or a day, -1: none. And when the rate of the row at hand holds: from *since to
 * *until, days as 20180706, both included, *until 0: still in force; or, of a year's rate (`year` where the row says
 * none), that year and -1. Errors: DR_BAD_INPUT with file:line:column. */
int dr_tariff_date_column(const dr_tariff_csv *file);
dr_status dr_tariff_days(const dr_tariff_csv *file, int year, int *since, int *until);

#endif
