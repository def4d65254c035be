/* Tables of results: what the library fills in and the report folder writes. */
#ifndef DR_BASE_TABLE_H
#define DR_BASE_TABLE_H

#include <stdatomic.h>

#include "base/error.h"
#include "base/memory.h"

/* How people read a column of numbers, which is its public type; machine formats write all digits of any. */
typedef enum dr_show {
    DR_SHOW_TEXT = DR_COLUMN_TEXT,
    DR_SHOW_COUNT = DR_COLUMN_COUNT,
    DR_SHOW_PERCENT = DR_COLUMN_PERCENT,
    DR_SHOW_SHARE = DR_COLUMN_SHARE, /* 0.0125 reads 1.25% */
    DR_SHOW_VALUE = DR_COLUMN_VALUE,
    DR_SHOW_NUMBER = DR_COLUMN_NUMBER /* four significant digits */
} dr_show;

/* A code in columns of text, and how people read it. */
typedef struct dr_code {
    const char *code;
    const char *name;    /* "": as the code */
    const char *members; /* of a group: its codes, a comma before and after each; NULL: it is none */
} dr_code;

/* The codes of some columns. */
typedef struct dr_spelling {
    const dr_code *codes;
    size_t count;
} dr_spelling;

typedef struct dr_column {
    const char *name;
    dr_show show;
    double *numbers;             /* numbers of the column, or NULL */
    const char **texts;          /* texts of the column, or NULL */
    const char *heading;         /* of this table (dr_table_word), or once it was asked for; else NULL */
    const char *description;     /* the same */
    const dr_spelling *spelling; /* what its codes mean; NULL: people read the texts as they are */
} dr_column;

/* A setting or property of the whole table; its name may be dotted ("certificate.sweeps"). */
typedef struct dr_fact {
    const char *name;
    const char *text; /* NULL: a number */
    double number;
} dr_fact;

struct dr_table {
    atomic_size_t holders; /* its owner, and Arrow arrays, which share its numbers */
    const char *title;
    const char *unit;
    dr_column *columns;
    size_t column_count;
    size_t rows, row_capacity;
    unsigned char *kinds; /* of the rows, dr_row_kind; NULL: all are of one thing */
    dr_fact *facts;
    size_t fact_count, fact_capacity;
    const char **notes;
    size_t note_count, note_capacity;
    const char **sentences; /* the answer in words, which text begins with */
    size_t sentence_count, sentence_capacity;
    int rank;         /* the column by whose absolute size text sorts the rows; -1: in their order */
    size_t text_rows; /* the most that text shows */
    bool all_columns; /* text shows columns without a number other than zero, too */
    dr_arena arena;
    bool failed; /* memory ran out: dr_table_done says so */
};

typedef struct dr_column_spec {
    const char *name;
    dr_show show;
} dr_column_spec;

/* Keeps a table alive until one more dr_table_free. */
void dr_table_hold(dr_table *table);

/* Fails with DR_USAGE while Arrow arrays share the rows of the table, which `function` is to change. */
dr_status dr_table_own(const char *function, const dr_table *table);

/* A table without rows. Texts given to any of these functions are copied. */
dr_status dr_table_new(dr_table **out, const dr_column_spec *columns, size_t count);

/* Appends an empty row and returns its index. */
size_t dr_table_add_row(dr_table *table);
void dr_table_set_text(dr_table *table, size_t row, size_t column, const char *text);
void dr_table_set_number(dr_table *table, size_t row, size_t column, double number);

/* Inserts an empty column before that of index `at`. Errors: DR_MACHINE. */
dr_status dr_table_insert(dr_table *table, size_t at, dr_column_spec spec);

void dr_table_set_kind(dr_table *table, size_t row, dr_row_kind kind);

/* The word for a kind in machine formats; "" for an ordinary row. */
const char *dr_row_kind_word(dr_row_kind kind);

/* The kinds of rows as a last column of text, and back: how they are kept in a world. Errors: DR_MACHINE. */
dr_status dr_table_kinds_to_column(dr_table *table);
void dr_table_kinds_from_column(dr_table *table);

void dr_table_set_title(dr_table *table, const char *format, ...) __attribute__((format(printf, 2, 3)));
void dr_table_set_unit(dr_table *table, const char *unit);
void dr_table_add_fact(dr_table *table, const char *name, double number);
void dr_table_add_fact_text(dr_table *table, const char *name, const char *text);
void dr_table_add_note(dr_table *table, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Removes the facts whose names begin with `prefix`. */
void dr_table_drop_facts(dr_table *table, const char *prefix);

/* Adds a sentence to the answer: what a journalist could print, with names, units and the year. It begins with a
 * capital, which a small letter becomes, and ends with a full stop. */
void dr_table_say(dr_table *table, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Text sorts the rows by the absolute size of a column, and shows the largest; machine formats keep their order. */
void dr_table_rank(dr_table *table, size_t column);

enum { DR_TEXT_ROWS = 15 };

/* Text shows all rows: each says something of its own, or they are a series. */
void dr_table_keep_rows(dr_table *table);

/* Keeps a copy of codes for columns of the table: dr_column.spelling. */
const dr_spelling *dr_table_spelling(dr_table *table, const dr_code *codes, size_t count);

/* What a column is headed and what it is, where this table says more than its name, such as who loses. */
void dr_table_word(dr_table *table, const char *column, const char *heading, const char *description);

/* The command that made the table, as its first fact. */
dr_status dr_table_name_command(dr_table *table, const char *command);

/* Gives `table` the title and the texts among the facts of another: what a picture of some of its numbers says of
 * itself. */
void dr_table_caption(dr_table *table, const dr_table *of);

/* Gives `table` the title, unit, facts and notes of another. */
void dr_table_describe_as(dr_table *table, const dr_table *of);

/* DR_OK, or DR_MACHINE if memory ran out in any call above; so that each needs no check of its own. */
dr_status dr_table_done(const dr_table *table);

/* Hands the table over if `status` is DR_OK and all is in it, else frees it and returns what went wrong. */
dr_status dr_table_finish(dr_table **out, dr_table *table, dr_status status);

#endif
