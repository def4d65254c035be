/* Files of statistics with a column for each dimension, as Eurostat and the OECD give them: SDMX-CSV, with a row for
 * each cell, and Eurostat's TSV, whose first column has all dimensions of a row (freq,unit,geo\TIME_PERIOD) and the
 * others a year each. Codes may have a label behind them ("A01: Crop production"). */
#ifndef DR_IMPORT_SDMX_FILE_H
#define DR_IMPORT_SDMX_FILE_H

#include "base/csv.h"
#include "base/names.h"

/* What is known of the dimensions. */
enum {
    DR_SDMX_REGION,
    DR_SDMX_ACTIVITY,
    DR_SDMX_TIME,
    DR_SDMX_VALUE,
    DR_SDMX_UNIT,
    DR_SDMX_REQUIRED,
    DR_SDMX_SCALE = DR_SDMX_REQUIRED,
    DR_SDMX_PARTNER,
    DR_SDMX_FREQUENCY,
    DR_SDMX_ITEM, /* what is measured, in one or several dimensions */
    DR_SDMX_ROLES = DR_SDMX_ITEM + 6
};

enum { DR_SDMX_LONGEST = 120, DR_SDMX_MOST_KEYS = 32 };

typedef struct dr_sdmx {
    dr_csv *csv;
    bool is_tsv;
    int roles[DR_SDMX_ROLES]; /* the column of each, in TSV its place in the first column; -1: there is none */
    dr_names years;           /* TSV: of the columns, the first is none */
    char *line;               /* TSV: the row at hand, cut into its cells, of which the first is cut into parts */
    const char **cells;
    size_t line_capacity, cell_capacity, cell_count;
    size_t at; /* the cell at hand */
    const char *parts[DR_SDMX_MOST_KEYS];
    size_t part_count; /* of the header */
} dr_sdmx;

/* Whether a first row of these columns, which commas or tabs separate, is that of such a file with all that is
 * required. */
bool dr_sdmx_is(const char *const *names, size_t count);

/* Opens the file and reads its header; *is tells whether it was one of these. Errors: as dr_csv_header. Close with
 * dr_sdmx_close, on failure too. */
dr_status dr_sdmx_open(dr_sdmx *out, const char *path, bool *is);
void dr_sdmx_close(dr_sdmx *file);

/* Goes to the next cell. Errors: as dr_csv_record, and DR_BAD_INPUT for a row of TSV with another number of
 * dimensions. */
dr_status dr_sdmx_next(dr_sdmx *file, bool *more);

/* The code of a dimension of the cell, of the value its number without flags; "" where there is none. Into `out`, which
 * is returned. */
const char *dr_sdmx_code(const dr_sdmx *file, size_t role, char out[DR_SDMX_LONGEST + 1]);

/* The column of a dimension, for dr_csv_fail. */
int dr_sdmx_column(const dr_sdmx *file, size_t role);

#endif
