/* What an R data file holds (.RData, .rda, .rds, compressed or not, also in an archive): vectors, matrices, and the
 * columns of data frames and lists, read through librdata. Functions and other objects of R are left out. */
#ifndef DR_BASE_RDATA_H
#define DR_BASE_RDATA_H

#include <stdbool.h>

#include "base/error.h"
#include "base/memory.h"

/* A vector is an object of its own, or a column of the data frame or list `table`. */
typedef struct dr_r_vector {
    const char *table;    /* name of the object; "" in .rds */
    const char *name;     /* of the column; "" for an object of its own. "row.names" are a data frame's texts of rows */
    size_t count;         /* cells */
    double *numbers;      /* NULL: texts. NA is NAN */
    const char **texts;   /* NULL: numbers. Factors are their labels; NA is "" */
    size_t rows, columns; /* of a matrix, whose columns follow each other; 0: it is none */
    const char *
        *dim_names; /* of a matrix: texts of its rows, then of its columns, "" where there is none; NULL: none */
} dr_r_vector;

typedef struct dr_r_data {
    dr_r_vector *vectors;
    size_t count, capacity;
    dr_arena arena;
} dr_r_data;

/* Whether these first bytes are those of an R data file, once it is uncompressed. */
bool dr_r_data_is(const unsigned char *bytes, size_t size);

/* Reads the file whole. Errors: DR_BAD_INPUT (damaged, truncated, written as text), DR_MACHINE. Free with
 * dr_r_data_free, on failure too. */
dr_status dr_r_data_read(dr_r_data *out, const char *path);
void dr_r_data_free(dr_r_data *data);

/* The vector of that table and name; NULL: there is none. */
const dr_r_vector *dr_r_data_find(const dr_r_data *data, const char *table, const char *name);

#endif
