/* SQL statements with named parameters. Statements are written in the files sql/NAME.sql of each folder, from which
 * tools/embed.py makes a struct of texts: dr_world_sql.info.regions is the statement `regions` of
 * src/world/sql/info.sql. A parameter is a name in braces (small letters, digits, underscores), and its value says how
 * it is written into the text:
 *
 * SELECT sum(value) FROM {table} WHERE year = {year} AND origin = {region}
 *
 * dr_sql_number(&sum, duck, statement, DR_VALUES(dr_sql_name("table", "final"), dr_sql_integer("year", 2011),
 * dr_sql_text("region", "DEU")));
 *
 * Other braces, as in format('{:,}', x) and {'key': value}, stand for themselves. */
#ifndef DR_BASE_SQL_H
#define DR_BASE_SQL_H

#include <stddef.h>

#include "base/duck.h"
#include "base/rows.h"

/* The form in which a value is written. */
typedef enum dr_sql_form {
    DR_SQL_INTEGER,
    DR_SQL_TEXT,  /* a literal in single quotes, those within it doubled */
    DR_SQL_TEXTS, /* such literals with commas between */
    DR_SQL_PATH,  /* the path of one file for read_csv and the like, as a literal without wildcards */
    DR_SQL_NAME,  /* an identifier in double quotes, those within it doubled */
    DR_SQL_NAMES, /* such identifiers with commas between */
    DR_SQL_PART   /* a part of the statement, as it stands: a query, an expression, a type */
} dr_sql_form;

typedef struct dr_sql_value {
    const char *parameter; /* the name that stands in braces */
    dr_sql_form form;
    long long integer;
    const char *text;
    const char *const *texts; /* count of them */
    size_t count;
} dr_sql_value;

/* The values of a statement; NULL stands for none. */
#define DR_VALUES(...) ((const dr_sql_value[]){__VA_ARGS__, {0}})

static inline dr_sql_value dr_sql_integer(const char *parameter, long long integer)
{
    return (dr_sql_value){.parameter = parameter, .form = DR_SQL_INTEGER, .integer = integer};
}

static inline dr_sql_value dr_sql_text(const char *parameter, const char *text)
{
    return (dr_sql_value){.parameter = parameter, .form = DR_SQL_TEXT, .text = text};
}

static inline dr_sql_value dr_sql_texts(const char *parameter, const char *const *texts, size_t count)
{
    return (dr_sql_value){.parameter = parameter, .form = DR_SQL_TEXTS, .texts = texts, .count = count};
}

static inline dr_sql_value dr_sql_path(const char *parameter, const char *path)
{
    return (dr_sql_value){.parameter = parameter, .form = DR_SQL_PATH, .text = path};
}

static inline dr_sql_value dr_sql_name(const char *parameter, const char *name)
{
    return (dr_sql_value){.parameter = parameter, .form = DR_SQL_NAME, .text = name};
}

static inline dr_sql_value dr_sql_columns(const char *parameter, const char *const *names, size_t count)
{
    return (dr_sql_value){.parameter = parameter, .form = DR_SQL_NAMES, .texts = names, .count = count};
}

static inline dr_sql_value dr_sql_part(const char *parameter, const char *part)
{
    return (dr_sql_value){.parameter = parameter, .form = DR_SQL_PART, .text = part};
}

/* Writes the statement with its values into a new text *out, which the caller frees. Values are not searched for
 * parameters. Errors: DR_MACHINE (no memory; a parameter without a value or a value without its parameter, which is a
 * mistake of the program). */
dr_status dr_sql_fill(char **out, const char *statement, const dr_sql_value *values);

/* Runs the statement, or several with semicolons between, and drops the result. */
dr_status dr_sql_run(const dr_duck *duck, const char *statement, const dr_sql_value *values);

/* Starts a query that streams its rows. Close the cursor whatever happens after. */
dr_status dr_sql_open(dr_cursor *out, const dr_duck *duck, const char *statement, const dr_sql_value *values);

/* The number that the query gives, which has one column and at most one row; NAN for NULL and for no row. */
dr_status dr_sql_number(double *out, const dr_duck *duck, const char *statement, const dr_sql_value *values);

/* Whether the query gives a row. */
dr_status dr_sql_any(bool *out, const dr_duck *duck, const char *statement, const dr_sql_value *values);

/* Adds the texts of the query's first column to the set. */
dr_status dr_sql_names(dr_names *names, const dr_duck *duck, const char *statement, const dr_sql_value *values);

/* Adds the integers of the query's first column, such as years, to a list that free() drops, also after a failure.
 * They are read at once: a cursor ends when its connection does anything else. */
dr_status dr_sql_list(int **list, size_t *count, const dr_duck *duck, const char *statement,
                      const dr_sql_value *values);

/* Appends the query's rows to a table of as many columns, text to text and numbers to numbers. */
dr_status dr_sql_table(dr_table *table, const dr_duck *duck, const char *statement, const dr_sql_value *values);

#endif
