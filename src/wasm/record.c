/* Records the answers of DuckDB to all queries that the page's requests for a world need (recorded.h).
 *
 * usage: record WORLD OUTPUT
 *
 * The linker puts __wrap_duckdb_prepare in the place of duckdb_prepare (meson.build), so that each query is noted. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/duck.h"
#include "base/memory.h"
#include "base/names.h"
#include "base/rows.h"
#include "wasm/ask.h"
#include "wasm/recorded.h"
#include "world/world.h"

duckdb_state __real_duckdb_prepare(duckdb_connection connection, const char *query, duckdb_prepared_statement *out);
duckdb_state __wrap_duckdb_prepare(duckdb_connection connection, const char *query, duckdb_prepared_statement *out);

static dr_names queries;
static bool failed;

duckdb_state __wrap_duckdb_prepare(duckdb_connection connection, const char *query, duckdb_prepared_statement *out)
{
    char *text = strndup(query, recorded_length(query));
    failed = failed || !text || dr_names_add(&queries, text) < 0;
    free(text);
    return __real_duckdb_prepare(connection, query, out);
}

/* What the page may ask for, but for names of regions and sectors, which no query depends on. */
static const char *const requests[] = {
    "world",
    "check",
    "schema",
    "runs",
    "balance?of=EU&with=CHN",
    "balance?of=EU&with=CHN&by=sector&value-added=true",
    "balance?of=EU&with=CHN&by=year",
    "balance?of=EU&with=CHN&by=year&value-added=true",
    "exposure?of=EU&to=CHN",
    "exposure?of=EU&table=partners",
    "exposure?of=EU&to=CHN&table=hidden",
    "exposure?of=EU&to=CHN&table=routes",
    "ties",
    "ties?measure=value-added",
    "position?of=EU",
};
static const char scenario[] =
    "{\"scenario\": {\"changes\": [{\"tariff\": {\"by\": \"EU\", \"on\": \"CHN\", \"rate\": \"10%\"}}]}}";

static void ask(const serve_worlds *worlds, const char *target, const char *body)
{
    serve_reply reply = {0};
    wasm_answer(&reply, worlds, target, body, NULL, NULL);
    if (reply.status != 200) {
        fprintf(stderr, "record: %s: %.*s\n", target, (int)reply.size, reply.text ? reply.text : "");
        failed = true;
    }
    serve_reply_free(&reply);
}

/* ---- Writing ----------------------------------------------------------------------------------------------------- */

static void write_number(FILE *out, size_t number)
{
    const unsigned bytes = (unsigned)number;
    fwrite(&bytes, sizeof bytes, 1, out);
}

static void write_text(FILE *out, const char *text, size_t size)
{
    write_number(out, size);
    fwrite(text, 1, size, out);
}

/* A column of a whole answer, made of those of its chunks. */
typedef struct column {
    duckdb_type type, of; /* of a list: that of its elements */
    char *there, *cells, *elements;
    size_t there_size, cells_size, elements_size, element_count;
    FILE *to_there, *to_cells, *to_elements;
} column;

static void add_chunk(column *c, dr_cursor *cursor, size_t at)
{
    const dr_vector *vector = &cursor->column[at];
    dr_vector elements = {0};
    const duckdb_list_entry *lists = dr_cursor_lists(cursor, at, &elements);
    size_t size = recorded_size(vector->type), element = recorded_size(elements.type), length;
    c->type = vector->type;
    c->of = elements.type;
    for (cursor->row = 0; cursor->row < cursor->rows; cursor->row++) {
        fputc(!dr_cursor_null(cursor, at), c->to_there);
        if (vector->type == DUCKDB_TYPE_VARCHAR) {
            const char *text = dr_cursor_bytes(cursor, at, &length);
            write_text(c->to_cells, text, length);
        } else if (lists) {
            const duckdb_list_entry *list = &lists[cursor->row];
            write_number(c->to_cells, list->length);
            fwrite((const char *)elements.data + list->offset * element, element, list->length, c->to_elements);
            c->element_count += list->length;
        } else if (size > 0) {
            fwrite((const char *)vector->data + cursor->row * size, size, 1, c->to_cells);
        } else {
            fprintf(stderr, "record: a column of type %d\n", (int)vector->type);
            failed = true;
        }
    }
}

static void write_column(FILE *out, column *c)
{
    fclose(c->to_there);
    fclose(c->to_cells);
    fclose(c->to_elements);
    bool nulls = c->there && memchr(c->there, 0, c->there_size);
    write_number(out, c->type);
    write_number(out, nulls);
    if (nulls)
        fwrite(c->there, 1, c->there_size, out);
    fwrite(c->cells, 1, c->cells_size, out);
    if (c->type == DUCKDB_TYPE_LIST) {
        write_number(out, c->element_count);
        write_number(out, c->of);
        fwrite(c->elements, 1, c->elements_size, out);
    }
    free(c->there);
    free(c->cells);
    free(c->elements);
}

static dr_status write_answer(FILE *out, const dr_duck *duck, const char *query)
{
    column columns[DR_MOST_COLUMNS] = {0};
    dr_cursor cursor;
    size_t rows = 0;
    bool more = true;
    dr_status status = dr_cursor_open(&cursor, duck, "%s", query);
    for (size_t i = 0; i < cursor.columns && status == DR_OK; i++) {
        columns[i].to_there = open_memstream(&columns[i].there, &columns[i].there_size);
        columns[i].to_cells = open_memstream(&columns[i].cells, &columns[i].cells_size);
        columns[i].to_elements = open_memstream(&columns[i].elements, &columns[i].elements_size);
    }
    while (status == DR_OK && (status = dr_cursor_chunk(&cursor, &more)) == DR_OK && more) {
        for (size_t i = 0; i < cursor.columns; i++)
            add_chunk(&columns[i], &cursor, i);
        rows += cursor.rows;
    }
    if (status == DR_OK) {
        write_text(out, query, strlen(query));
        write_number(out, cursor.columns);
        write_number(out, rows);
        for (size_t i = 0; i < cursor.columns; i++)
            write_column(out, &columns[i]);
    }
    dr_cursor_close(&cursor);
    return status;
}

static dr_status record(const char *path, const char *output)
{
    serve_worlds worlds;
    dr_world *world = NULL;
    DR_TRY(serve_worlds_open(&worlds, &path, 1, false, NULL, NULL));
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++)
        ask(&worlds, requests[i], NULL);
    ask(&worlds, "simulate", scenario);
    serve_worlds_free(&worlds);
    DR_TRY(dr_world_open(&world, path));
    FILE *out = fopen(output, "wb");
    dr_status status = out ? DR_OK : dr_fail(DR_MACHINE, "%s: cannot be written", output);
    size_t count = queries.count; /* more are noted below, none of which is new */
    if (out)
        write_number(out, count);
    for (size_t i = 0; i < count && status == DR_OK; i++)
        status = write_answer(out, &world->duck, queries.names[i]);
    dr_world_close(world);
    if (out && fclose(out) != 0)
        status = dr_fail(DR_MACHINE, "%s: cannot be written", output);
    return status;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("usage: record WORLD OUTPUT\n", stderr);
        return 1;
    }
    if (record(argv[1], argv[2]) != DR_OK) {
        fprintf(stderr, "record: %s\n", dr_error_text());
        return 1;
    }
    return failed ? 1 : 0;
}
