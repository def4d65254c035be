/* A row of a table of text, put together byte by byte: fields between delimiters, in quotes or not, as RFC 4180 has
 * them. Blanks around a field are no part of it; within quotes they are. A quote in quotes is doubled; one that is not,
 * and one within a field without quotes, is taken as it stands. */
#ifndef DR_BASE_CSV_ROW_H
#define DR_BASE_CSV_ROW_H

#include <stdbool.h>
#include <stddef.h>

typedef enum dr_csv_place {
    DR_CSV_BEFORE_ROW,
    DR_CSV_BEFORE_FIELD,
    DR_CSV_PLAIN,       /* in a field without quotes */
    DR_CSV_QUOTED,      /* in quotes */
    DR_CSV_AFTER_QUOTE, /* behind a quote in quotes, which ends them or is doubled, and blanks */
} dr_csv_place;

/* A zeroed struct with a delimiter is an empty row. */
typedef struct dr_csv_row {
    char delimiter;
    char *text; /* the fields, one after the other, each with its zero */
    size_t size, capacity;
    size_t *starts; /* of the fields in the text */
    size_t fields, starts_capacity;
    dr_csv_place place;
    size_t begun;  /* where the field begins that is not ended yet */
    size_t blanks; /* at its end so far */
    bool done;     /* the row has ended, with at least one field */
    bool no_memory;
} dr_csv_row;

/* Empties it for the next row. */
void dr_csv_row_clear(dr_csv_row *row);

/* Adds bytes, which hold at most one end of a row: \n, \r\n or \r outside quotes. Lines without a field are none. */
void dr_csv_row_add(dr_csv_row *row, const unsigned char *bytes, size_t size);

/* Ends the row at the end of the file. */
void dr_csv_row_end(dr_csv_row *row);
void dr_csv_row_free(dr_csv_row *row);

#endif
