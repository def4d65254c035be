/* One inter-country input-output table whose rows and columns have labels: the OECD's ICIO in all its editions, and
 * Eurostat's FIGARO as a matrix. */
#ifndef DR_IMPORT_ICIO_FILE_H
#define DR_IMPORT_ICIO_FILE_H

#include <stdbool.h>

#include "base/csv.h"
#include "world/world.h"

/* Which table it is, by its labels. */
typedef struct dr_icio_edition {
    const char *name; /* "OECD ICIO, edition 2023, small" */
    const char *unit; /* NULL: no edition that is known, so that nothing says it */
} dr_icio_edition;

/* What was done to a table on reading, for the report. */
typedef struct dr_icio_remark {
    const char *subject, *found, *done;
} dr_icio_remark;

typedef struct dr_icio_file {
    const char *path;
    /* Labels REGION_SECTOR and REGION_USE in the order of the header; parts of a country stand under the country's. */
    dr_names columns;
    dr_names labels; /* of the rows REGION_SECTOR, in the file's order, likewise */
    double **rows;   /* their cells, by column */
    size_t row_capacity;
    double *taxes, *value_added, *output; /* sums of the rows of each kind, by column; NULL: there is none */
    size_t output_column;                 /* DR_NO_COLUMN: there is none */
    size_t decimals;                      /* most decimal places of any cell: rounding is half of the last */
    dr_icio_edition edition;
    dr_names file_columns, file_rows; /* labels as they are in the file */
    size_t *place;                    /* column of each of file_columns */
    bool says_unit;                   /* the file states the unit of `edition` itself */
    bool has_parts;                   /* China or Mexico are split */
    dr_names regions; /* that labels begin with, where codes may have underscores; none: a code ends before the first */
    dr_names sources; /* files that the table was read from; none: `path` alone */
    dr_icio_remark *remarks;
    size_t remark_count, remark_capacity;
    dr_arena arena;
} dr_icio_file;

#define DR_NO_COLUMN ((size_t)-1)

/* The table that a reader is to read. */
typedef struct dr_table_wish {
    const char *path;
    int year;                                  /* of several in the file; 0: it must hold one */
    void (*progress)(double done, void *user); /* NULL: silent */
    void *user;
} dr_table_wish;

/* What every reader of such tables is: *found is the year that the file says itself, 0 where it does not. Nothing of
 * the table may be missing or double, and every cell is a finite number. Errors: DR_BAD_INPUT with the place in the
 * file, DR_MACHINE. Free with dr_icio_file_free, after errors too. */
typedef dr_status dr_table_reader(dr_icio_file *file, const dr_table_wish *wish, int *found);

/* The reader of a matrix whose rows and columns have labels; its year is in its name alone. */
dr_table_reader dr_icio_file_read;
void dr_icio_file_free(dr_icio_file *file);

/* What the readers of other forms of such tables share: the unit of most; a row of `columns` zeros, added under a label
 * that the file does not have yet; and an error where a table of so many columns does not fit into memory. */
extern const char dr_million_dollars[];
dr_status dr_icio_file_add_row(dr_icio_file *file, const char *label, size_t columns, double **cells);
dr_status dr_icio_file_check_memory(const char *path, size_t columns);
dr_status dr_icio_file_remark(dr_icio_file *file, const char *subject, const char *done, const char *found, ...)
    __attribute__((format(printf, 4, 5)));

/* Whether a label is that of totals, taxes or value added in some edition. */
bool dr_icio_is_total(const char *label);

/* The regions, sectors and uses of the table, in the order of its columns; codes only. */
dr_status dr_icio_file_layout(const dr_icio_file *file, dr_layout *layout);

#endif
