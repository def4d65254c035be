/* The long format, as read from the files of its folder: one year at a time. */
#ifndef DR_IMPORT_LONG_FILE_H
#define DR_IMPORT_LONG_FILE_H

#include "world/world.h"

enum {
    DR_LONG_FLOWS,
    DR_LONG_INPUTS,
    DR_LONG_FINAL,
    DR_LONG_VALUE_ADDED,
    DR_LONG_DEFICIT,
    DR_LONG_ELASTICITY,
    DR_LONG_FILES
};

typedef struct dr_long_files {
    char *paths[DR_LONG_FILES]; /* NULL: the folder has no such file */
    bool flows_only;            /* trade flows without the inputs and final use of a table */
    int *years;            /* the columns of flows that are named by years, in ascending order; NULL: it has none, */
    size_t year_count;     /* and `value` is of one year */
    dr_layout layout;      /* regions and sectors in the order of the flows; codes only */
    double *flow, *tariff; /* [n, i, s]; tariff NULL: the flows have no such column */
    double *input;         /* [n, k, s] */
    double *final;         /* [n, k] */
    double *value_added;   /* [n, s] */
    dr_names factors;      /* of the column `factor` of value_added; empty where there is no such column */
    double *factor;        /* [factor, n, s], or NULL */
    double *deficit;       /* [n], NULL without the file */
    double *elasticity;    /* [s], NULL without the file */
} dr_long_files;

/* Finds the files, and the years, regions and sectors of the flows. */
dr_status dr_long_files_open(dr_long_files *files, const char *folder);

/* Reads the numbers, in place of those read before: the column of the year where there are such columns. They lie as
 * the regions and sectors of `order` do, which are those of the flows in some order. */
dr_status dr_long_files_read(dr_long_files *files, const dr_layout *order, int year);
void dr_long_files_free(dr_long_files *files);

#endif
