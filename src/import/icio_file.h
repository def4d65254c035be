/* One inter-country input-output table in the OECD ICIO layout, as read from its file. */
#ifndef DR_IMPORT_ICIO_FILE_H
#define DR_IMPORT_ICIO_FILE_H

#include "base/csv.h"
#include "world/world.h"

typedef struct dr_icio_file {
    const char *path;
    dr_names columns; /* labels of the header after the first, in its order; OUT is one of them */
    dr_names labels;  /* of the rows REGION_SECTOR, in the file's order */
    double **rows;    /* their cells, by column */
    size_t row_capacity;
    dr_names totals; /* labels of the rows of totals */
    double *taxes, *value_added,
        *output; /* the rows TLS, VA and OUT (or their older names), by column; NULL if not there */
    size_t output_column;
    size_t decimals; /* most decimal places of any cell: rounding is half of the last */
} dr_icio_file;

/* Reads the file; nothing of it may be missing or double, and every cell is a finite number. `progress` may be NULL. */
dr_status dr_icio_file_read(dr_icio_file *file, const char *path, void (*progress)(double done, void *user),
                            void *user);
void dr_icio_file_free(dr_icio_file *file);

/* The regions, sectors and uses of the table, in the order of its columns; codes only. */
dr_status dr_icio_file_layout(const dr_icio_file *file, dr_layout *layout);

#endif
