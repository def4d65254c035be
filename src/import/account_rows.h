/* Files of accounts whose rows are cells, on their way into a dr_account_set. */
#ifndef DR_IMPORT_ACCOUNT_ROWS_H
#define DR_IMPORT_ACCOUNT_ROWS_H

#include "base/csv.h"
#include "import/account_set.h"

/* A cell that was read: a file that has it twice is wrong. */
typedef struct dr_account_row {
    unsigned long long key;
    size_t line;
} dr_account_row;

typedef struct dr_account_job {
    dr_import_job import;
    dr_account_set set;
    const char *path; /* of the file at hand */
    dr_names files;   /* all of them, by number */
    dr_account_row *cells;
    size_t count, capacity;
    size_t empty, money;     /* cells without a number; rows in money */
    size_t ratios, partners; /* rows in percent or per head; of one partner, where the file has all together */
} dr_account_job;

/* The names of a row, which lead to a cell of the world. */
typedef struct dr_account_places_of {
    int region, sector;
    unsigned long long names; /* which names these were */
} dr_account_places_of;

/* Finds the places that two columns of the row name. Errors: DR_BAD_INPUT (unknown names). */
dr_status dr_account_places(dr_account_job *job, const dr_csv *csv, int region_column, int sector_column,
                            dr_account_places_of *out);

/* Adds a cell of the row at hand. */
dr_status dr_account_cell(dr_account_job *job, const dr_csv *csv, size_t part, const dr_account_places_of *at,
                          double value);

/* Reads an account of statistics by area and activity (sdmx_file.h); *is tells whether the file is one. Totals and
 * parts of activities are left out, and of an item in several units the first in a list of units. Errors:
 * DR_BAD_INPUT. */
dr_status dr_sdmx_accounts_read(dr_account_job *job, bool *is);

/* The columns of WIOD's socio-economic accounts: country, variable, code and years; or, as packages of R have them,
 * country, code, year and a column for each variable. */
enum { DR_SEA_MOST_COLUMNS = 256, DR_SEA_FIXED = 4 };
typedef struct dr_sea {
    int fixed[DR_SEA_FIXED];           /* country, code, variable, year; -1: not there */
    int years[DR_SEA_MOST_COLUMNS];    /* [column], 0: it is none of a year */
    int variable[DR_SEA_MOST_COLUMNS]; /* [column], of the variables that are counted, -1: none */
    size_t count;
} dr_sea;

/* The sheet of a workbook that holds them. */
#define DR_SEA_SHEET "DATA"

/* The columns in the header, just read; false where it is none of this kind. */
bool dr_sea_is(const dr_csv *csv, dr_sea *sea);

/* Reads the rows. Variables in money are counted in job->money. */
dr_status dr_sea_read(dr_account_job *job, dr_csv *csv, const dr_sea *sea);

#endif
