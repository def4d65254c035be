/* A table in a file, CSV (plain, compressed or in an archive, with any separator) or Parquet, as a relation that DuckDB
 * reads. */
#ifndef DR_BASE_RELATION_H
#define DR_BASE_RELATION_H

#include <stdio.h>

#include "base/csv.h"
#include "base/names.h"
#include "base/scratch.h"

typedef struct dr_relation {
    const char *path; /* for messages; borrowed */
    const char *disk; /* where the database reads it; borrowed */
    bool parquet;
    bool utf8;          /* CSV: else ISO 8859-1 */
    char separator;     /* CSV: of columns */
    size_t skipped;     /* CSV: lines in front of the header */
    bool decimal_comma; /* CSV: numbers have one */
    bool packed;        /* CSV: gzip */
    size_t empty;       /* CSV: columns at its right end that have no name */
    dr_names columns;   /* as in the file */
} dr_relation;

/* Looks at the file. One that the database cannot read where it lies is unpacked into `scratch`, which holds it until
 * the next one is opened; NULL: such a file is refused. Errors: DR_BAD_INPUT (no such file, no header, a column twice).
 * Free with dr_relation_free, on failure too. */
dr_status dr_relation_open(dr_relation *out, const char *path, dr_scratch *scratch);
void dr_relation_free(dr_relation *relation);

/* The same as far as the columns' names; `scratch` (NULL: none) holds the file already. */
dr_status dr_relation_columns(dr_relation *out, const char *path, const dr_scratch *scratch);

/* Prints what may stand after FROM: the file's columns under the names c0, c1, ... so that any header will do; each of
 * the type given (NULL: a text, or what it is in Parquet). `nulls` is an SQL list of what is an empty cell, such as
 * "''"; rows of a CSV in which every column with a type is one are left out. */
dr_status dr_relation_print(FILE *to, const dr_relation *relation, const char *const *types, const char *nulls);

#endif
