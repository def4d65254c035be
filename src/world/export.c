/* A stored table as CSV, JSON or Parquet, written by DuckDB as it reads. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/check.h"
#include "base/output.h"
#include "base/portable.h"
#include "base/sql.h"
#include "world/walk.h"
#include "world/world_sql.h"

/* Checks that the world has the table (or view). */
static dr_status check_table(const dr_world *world, const char *name)
{
    dr_names names = {0};
    DR_TRY(dr_sql_names(&names, &world->duck, dr_world_sql.contents.tables_and_views, NULL));
    dr_status status = DR_OK;
    char hint[DR_HINT_SIZE], list[DR_NAMES_SIZE];
    if (dr_names_find(&names, name) < 0) {
        dr_hint(hint, name, (const char *const *)names.names, names.count);
        status = dr_fail(DR_BAD_INPUT, "%s: there is no table '%s'%s", world->path, name,
                         *hint ? hint : dr_names_list(list, "; there are ", &names));
    }
    dr_names_free(&names);
    return status;
}

/* The world's SQL reaches no file, so its rows go chunk by chunk to a database in memory, which writes them. */
typedef struct source {
    dr_cursor cursor;
    dr_status status; /* of reading, and why it failed: this is known to the reading thread only */
    char text[512];
} source;

static void bind_source(duckdb_bind_info info)
{
    source *s = duckdb_bind_get_extra_info(info);
    for (size_t i = 0; i < s->cursor.columns; i++) {
        duckdb_logical_type type = duckdb_column_logical_type(&s->cursor.result, i);
        duckdb_bind_add_result_column(info, duckdb_column_name(&s->cursor.result, i), type);
        duckdb_destroy_logical_type(&type);
    }
}

static void init_source(duckdb_init_info info)
{
    duckdb_init_set_max_threads(info, 1);
}

static void read_source(duckdb_function_info info, duckdb_data_chunk out)
{
    source *s = duckdb_function_get_extra_info(info);
    bool more = false;
    s->status = dr_cursor_chunk(&s->cursor, &more);
    if (s->status != DR_OK) {
        snprintf(s->text, sizeof s->text, "%s", dr_error_text());
        duckdb_function_set_error(info, s->text);
        return;
    }
    for (size_t i = 0; more && i < s->cursor.columns; i++)
        duckdb_vector_reference_vector(duckdb_data_chunk_get_vector(out, i),
                                       duckdb_data_chunk_get_vector(s->cursor.chunk, i));
    duckdb_data_chunk_set_size(out, s->cursor.rows);
}

static dr_status register_source(const dr_duck *duck, source *s)
{
    duckdb_table_function function = duckdb_create_table_function();
    duckdb_table_function_set_name(function, "world_rows");
    duckdb_table_function_set_extra_info(function, s, NULL);
    duckdb_table_function_set_bind(function, bind_source);
    duckdb_table_function_set_init(function, init_source);
    duckdb_table_function_set_function(function, read_source);
    duckdb_state state = duckdb_register_table_function(duck->connection, function);
    duckdb_destroy_table_function(&function);
    return state == DuckDBSuccess ? DR_OK : dr_fail_memory();
}

static dr_status write_source(source *s, dr_format format, const char *path)
{
    static const char *const options[] = {[DR_FORMAT_CSV] = "FORMAT csv, HEADER",
                                          [DR_FORMAT_JSON] = "FORMAT json, ARRAY true",
                                          [DR_FORMAT_PARQUET] = "FORMAT parquet, COMPRESSION zstd"};
    dr_duck duck = {0};
    dr_status status = dr_duck_open(&duck, NULL, false);
    if (status == DR_OK)
        status = register_source(&duck, s);
    if (status == DR_OK)
        status = dr_sql_run(&duck, dr_world_sql.export.write,
                            DR_VALUES(dr_sql_text("path", path), dr_sql_part("format", options[format])));
    dr_duck_close(&duck);
    return s->status == DR_OK ? status : dr_fail(s->status, "%s", s->text);
}

static dr_status copy_to(const dr_world *world, const char *name, dr_format format, const char *path)
{
    source s = {0};
    dr_status status =
        dr_sql_open(&s.cursor, &world->duck, dr_world_sql.export.rows, DR_VALUES(dr_sql_name("table", name)));
    if (status == DR_OK)
        status = write_source(&s, format, path);
    dr_cursor_close(&s.cursor);
    return status;
}

/* A pipe from DuckDB, which writes to files by name only, to a stream. */
typedef struct pump {
    int from, error; /* the first one of a write, which is known to the writing thread only */
    FILE *to;
} pump;

/* Reads on when the stream takes no more, as DuckDB would wait for ever; dr_output_close sees the stream's error. */
static void *run_pump(void *user)
{
    pump *p = user;
    char bytes[1 << 16];
    for (ssize_t size; (size = read(p->from, bytes, sizeof bytes)) > 0 || (size < 0 && errno == EINTR);)
        if (size > 0 && fwrite(bytes, 1, (size_t)size, p->to) < (size_t)size && !p->error)
            p->error = errno;
    return NULL;
}

static dr_status copy_through(const dr_world *world, const char *name, dr_format format, FILE *to)
{
    int ends[2];
    char path[DR_DESCRIPTOR_PATH_SIZE];
    pthread_t thread;
    if (dr_pipe(ends) != 0)
        return dr_fail(DR_MACHINE, "cannot create a pipe: %s", strerror(errno));
    pump p = {ends[0], 0, to};
    dr_status status = DR_OK;
    if (pthread_create(&thread, NULL, run_pump, &p) != 0) {
        close(ends[1]);
        status = dr_fail(DR_MACHINE, "cannot start a thread: %s", strerror(errno));
    } else {
        status = copy_to(world, name, format, dr_descriptor_path(path, ends[1]));
        close(ends[1]);
        pthread_join(thread, NULL);
    }
    close(ends[0]);
    errno = p.error;
    return status;
}

dr_status dr_world_export(dr_world *world, const char *name, dr_format format, const char *path)
{
    DR_TRY(DR_GIVEN(world, name));
    dr_output output;
    static const char *const words[] = {"text", "", "", "", "latex", "markdown", "html", "a document of Word"};
    DR_TRY(DR_ONE_OF(__func__, format, DR_FORMAT_WORD));
    if (*words[format])
        return dr_fail(DR_USAGE, "a stored table can be written as csv, json or parquet, not as %s", words[format]);
    if (!path && format == DR_FORMAT_PARQUET && isatty(STDOUT_FILENO))
        return dr_fail(DR_USAGE, "Parquet cannot be shown on a terminal; name an output file");
    DR_TRY(check_table(world, name));
    if (dr_cells_find(name))
        DR_TRY(dr_walk_check(world, 0));
    DR_TRY(dr_output_open(&output, path));
    dr_status status =
        output.part ? copy_to(world, name, format, output.part) : copy_through(world, name, format, output.file);
    if (status == DR_MACHINE) /* else it is the world that is wrong */
        dr_output_at(&output, status);
    return dr_output_close(&output, status);
}
