/* DuckDB, with its errors as ours. The world file, CSV and Parquet output and SQL go through here. */
#ifndef DR_BASE_DUCK_H
#define DR_BASE_DUCK_H

#include <duckdb.h>
#include <stdbool.h>

#include "base/error.h"

/* A database and one connection to it. A zeroed struct is a closed one. */
typedef struct dr_duck {
    duckdb_database database;
    duckdb_connection connection;
} dr_duck;

/* Opens the database file at `path`, or one in memory if NULL, with derisk's limits on memory and threads. A file is
 * data that may come from any source: from the first statement on, SQL reaches no other file, loads no extension and
 * changes no setting; and where the file is open for reading, functions are DuckDB's own, whatever macros it holds.
 * Errors: DR_BAD_INPUT (not a database, of a newer version), DR_MACHINE (locked by another program, no permission, no
 * space). */
dr_status dr_duck_open(dr_duck *out, const char *path, bool read_only);

/* The same for writing to `path` rows that SQL reads from `count` other files, which alone it then reaches. */
dr_status dr_duck_open_importing(dr_duck *out, const char *path, const char *const *files, size_t count);

/* From here on, SQL reaches these files only, and changes no setting. For a database in memory. */
dr_status dr_duck_lock(const dr_duck *duck, const char *const *files, size_t count);
void dr_duck_close(dr_duck *duck);

/* Runs SQL and drops its result. `sql` is a printf format; text goes in through dr_duck_quote. */
dr_status dr_duck_run(const dr_duck *duck, const char *sql, ...) __attribute__((format(printf, 2, 3)));

/* Runs SQL; the caller frees *out with duckdb_destroy_result. */
dr_status dr_duck_query(const dr_duck *duck, duckdb_result *out, const char *sql, ...)
    __attribute__((format(printf, 3, 4)));

/* Keeps the first line of DuckDB's message as the error, without its kind; returns the status that fits the kind. */
dr_status dr_duck_fail(duckdb_error_type type, const char *message);

/* `text` as an SQL literal, quotes included and doubled within; NULL without memory; the caller frees. */
char *dr_duck_quote(const char *text);

/* The path of one file as an SQL literal for read_csv and the like, whose paths are patterns: what would be a wildcard
 * goes in brackets. NULL without memory; the caller frees. */
char *dr_duck_path(const char *path);

#endif
