/* Stands in for DuckDB: answers the queries of one world file with the answers that were recorded of it (recorded.h).
 * Statements that change something do nothing. A query of which there is no answer fails, with its text. */
#include "wasm/recorded.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/embedded.h"

enum { CHUNK = 2048 }; /* rows; a multiple of 64, so that a chunk begins with a word of `valid` */

/* A column of an answer, and how DuckDB calls one: its logical type, and of a chunk the vector. */
typedef struct column {
    duckdb_type type;
    uint64_t *valid; /* a bit for each row; NULL: all are there */
    char *cells;     /* numbers, duckdb_string_t or duckdb_list_entry */
    struct column *elements;
    size_t first; /* of a vector: the row with which it begins */
} column;

typedef struct answer {
    size_t columns, rows;
    column *column;
} answer;

/* A query that is being answered. */
typedef struct query {
    const answer *whole;
    answer picked; /* the rows of some regions; no columns: all rows */
    size_t row;
    column vectors[64];
    size_t size; /* of the chunk */
    char *error;
} query;

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

typedef struct reader {
    const unsigned char *at;
} reader;

static size_t read_number(reader *r)
{
    unsigned number;
    memcpy(&number, r->at, sizeof number);
    r->at += sizeof number;
    return number;
}

static size_t cell_size(duckdb_type type)
{
    return type == DUCKDB_TYPE_VARCHAR ? sizeof(duckdb_string_t)
           : type == DUCKDB_TYPE_LIST  ? sizeof(duckdb_list_entry)
                                       : recorded_size(type);
}

static void *need(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size);
    if (!memory)
        abort(); /* the module's memory grows up to what the browser has */
    return memory;
}

static void read_text(reader *r, duckdb_string_t *to)
{
    uint32_t length = (uint32_t)read_number(r);
    to->value.inlined.length = length;
    if (length <= sizeof to->value.inlined.inlined) {
        memcpy(to->value.inlined.inlined, r->at, length);
    } else {
        to->value.pointer.ptr = memcpy(need(length + 1, 1), r->at, length);
        memcpy(to->value.pointer.prefix, r->at, sizeof to->value.pointer.prefix);
    }
    r->at += length;
}

static void read_cells(reader *r, column *c, size_t rows)
{
    c->cells = need(rows, cell_size(c->type));
    if (c->type == DUCKDB_TYPE_VARCHAR) {
        for (size_t i = 0; i < rows; i++)
            read_text(r, (duckdb_string_t *)c->cells + i);
    } else if (c->type != DUCKDB_TYPE_LIST) {
        memcpy(c->cells, r->at, rows * cell_size(c->type));
        r->at += rows * cell_size(c->type);
    } else {
        duckdb_list_entry *lists = (duckdb_list_entry *)c->cells;
        for (size_t i = 0; i < rows; i++) {
            lists[i].length = read_number(r);
            lists[i].offset = i ? lists[i - 1].offset + lists[i - 1].length : 0;
        }
        size_t count = read_number(r);
        c->elements = need(1, sizeof *c->elements);
        c->elements->type = (duckdb_type)read_number(r);
        read_cells(r, c->elements, count);
    }
}

static void read_column(reader *r, column *c, size_t rows)
{
    c->type = (duckdb_type)read_number(r);
    if (read_number(r)) {
        c->valid = need(rows / 64 + 1, sizeof *c->valid);
        for (size_t i = 0; i < rows; i++)
            c->valid[i / 64] |= (uint64_t)(*r->at++ != 0) << (i % 64);
    }
    read_cells(r, c, rows);
}

/* All answers, and the queries they are to. */
static struct {
    size_t count;
    char **text;
    answer *answers;
} recorded;

static void read_all(void)
{
    const dr_embedded *file = dr_embedded_find("queries.bin");
    reader r = {file->bytes};
    recorded.count = read_number(&r);
    recorded.text = need(recorded.count, sizeof *recorded.text);
    recorded.answers = need(recorded.count, sizeof *recorded.answers);
    for (size_t i = 0; i < recorded.count; i++) {
        answer *a = &recorded.answers[i];
        size_t length = read_number(&r);
        recorded.text[i] = memcpy(need(length + 1, 1), r.at, length);
        r.at += length;
        a->columns = read_number(&r);
        a->rows = read_number(&r);
        a->column = need(a->columns, sizeof *a->column);
        for (size_t c = 0; c < a->columns; c++)
            read_column(&r, &a->column[c], a->rows);
    }
}

static const answer *find(const char *text)
{
    size_t length = recorded_length(text);
    for (size_t i = 0; i < recorded.count; i++)
        if (strlen(recorded.text[i]) == length && strncmp(recorded.text[i], text, length) == 0)
            return &recorded.answers[i];
    return NULL;
}

/* ---- Rows of some regions ---------------------------------------------------------------------------------------- */

/* The place of a column among those that the query selects, all in double quotes. */
static size_t place_of(const char *text, const char *name, size_t length)
{
    size_t place = 0;
    for (const char *c = strchr(text, '"'); c; c = strchr(strchr(c + 1, '"') + 1, '"'), place++)
        if (strncmp(c + 1, name, length) == 0 && c[1 + length] == '"')
            break;
    return place;
}

/* Whether the index of a region is in the list ('AUT'::region_code, ...) that begins at `list`. */
static bool in_list(const char *list, size_t region)
{
    const answer *regions = find("SELECT unnest(enum_range(NULL::\"region_code\"))::VARCHAR");
    duckdb_string_t *code = (duckdb_string_t *)regions->column[0].cells + region;
    uint32_t length = duckdb_string_t_length(*code);
    const char *end = strchr(list, ')');
    for (const char *c = strchr(list, '\''); c && c < end; c = strchr(strchr(c + 1, '\'') + 1, '\''))
        if (strncmp(c + 1, duckdb_string_t_data(code), length) == 0 && c[1 + length] == '\'')
            return true;
    return false;
}

/* Takes rows out of `keep` that a condition, AND "origin" IN (...), does not name. */
static void apply(bool *keep, const answer *whole, const char *text, const char *condition)
{
    const char *name = strchr(condition, '"') + 1, *list = strchr(condition, '(') + 1;
    const column *c = &whole->column[place_of(text, name, strcspn(name, "\""))];
    bool named[256];
    for (size_t i = 0; i < find("SELECT unnest(enum_range(NULL::\"region_code\"))::VARCHAR")->rows; i++)
        named[i] = in_list(list, i);
    for (size_t row = 0; row < whole->rows; row++)
        keep[row] = keep[row] && named[((const unsigned char *)c->cells)[row]]; /* fewer than 256 regions */
}

/* The kept rows of a column; returns how many. */
static size_t pick_column(column *to, const column *from, const bool *keep, size_t rows)
{
    const size_t size = cell_size(from->type);
    size_t count = 0;
    *to = *from;
    to->cells = need(rows, size);
    to->valid = from->valid ? need(rows / 64 + 1, sizeof *to->valid) : NULL;
    for (size_t row = 0; row < rows; row++) {
        if (!keep[row])
            continue;
        memcpy(to->cells + size * count, from->cells + size * row, size);
        if (to->valid)
            to->valid[count / 64] |= (from->valid[row / 64] >> (row % 64) & 1) << (count % 64);
        count++;
    }
    return count;
}

static void pick(query *q, const char *text)
{
    const answer *whole = q->whole;
    bool *keep = need(whole->rows, sizeof *keep);
    memset(keep, true, whole->rows * sizeof *keep);
    for (const char *at = strstr(text, "AND "); at; at = strstr(at + 1, "AND "))
        apply(keep, whole, text, at);
    q->picked.columns = whole->columns;
    q->picked.column = need(whole->columns, sizeof *q->picked.column);
    for (size_t i = 0; i < whole->columns; i++)
        q->picked.rows = pick_column(&q->picked.column[i], &whole->column[i], keep, whole->rows);
    free(keep);
}

static query *query_new(const char *text)
{
    query *q = need(1, sizeof *q);
    q->whole = find(text);
    if (!q->whole) {
        enum { SIZE = 256 };
        q->error = need(SIZE, 1);
        snprintf(q->error, SIZE, "the page without a server has no answer to: %.200s", text);
    } else if (strstr(text, "::region_code") && strstr(text, "AND ")) {
        pick(q, text);
    }
    return q;
}

static const answer *rows_of(const query *q)
{
    return q->picked.columns ? &q->picked : q->whole;
}

/* ---- DuckDB's functions, as far as reading needs them ------------------------------------------------------------ */

/* DuckDB's header declares these without a prototype. */
idx_t duckdb_vector_size(void);
duckdb_instance_cache duckdb_create_instance_cache(void);

idx_t duckdb_vector_size(void)
{
    return CHUNK;
}

duckdb_instance_cache duckdb_create_instance_cache(void)
{
    read_all();
    return NULL;
}

void duckdb_destroy_instance_cache(duckdb_instance_cache *cache)
{
    (void)cache;
}

duckdb_state duckdb_create_config(duckdb_config *out)
{
    *out = NULL;
    return DuckDBSuccess;
}

duckdb_state duckdb_set_config(duckdb_config config, const char *name, const char *option)
{
    (void)config, (void)name, (void)option;
    return DuckDBSuccess;
}

void duckdb_destroy_config(duckdb_config *config)
{
    (void)config;
}

duckdb_state duckdb_get_or_create_from_cache(duckdb_instance_cache cache, const char *path, duckdb_database *out,
                                             duckdb_config config, char **error)
{
    (void)cache, (void)path, (void)config, (void)error;
    *out = NULL;
    return DuckDBSuccess;
}

/* A database in memory, for which there is no use here. */
duckdb_state duckdb_open_ext(const char *path, duckdb_database *out, duckdb_config config, char **error)
{
    (void)path, (void)out, (void)config;
    *error = strdup("the page without a server has no database");
    return DuckDBError;
}

void duckdb_close(duckdb_database *database)
{
    (void)database;
}

duckdb_state duckdb_connect(duckdb_database database, duckdb_connection *out)
{
    (void)database;
    *out = NULL;
    return DuckDBSuccess;
}

void duckdb_disconnect(duckdb_connection *connection)
{
    (void)connection;
}

void duckdb_free(void *memory)
{
    free(memory);
}

/* Statements that change something, and the one that asks for the name of the database. */
duckdb_state duckdb_query(duckdb_connection connection, const char *text, duckdb_result *out)
{
    (void)connection, (void)text;
    *out = (duckdb_result){0};
    return DuckDBSuccess;
}

char *duckdb_value_varchar(duckdb_result *result, idx_t column_index, idx_t row)
{
    (void)result, (void)column_index, (void)row;
    return strdup("sample");
}

duckdb_state duckdb_prepare(duckdb_connection connection, const char *text, duckdb_prepared_statement *out)
{
    (void)connection;
    query *q = query_new(text);
    *out = (duckdb_prepared_statement)q;
    return q->whole ? DuckDBSuccess : DuckDBError;
}

const char *duckdb_prepare_error(duckdb_prepared_statement statement)
{
    return ((query *)statement)->error;
}

duckdb_state duckdb_pending_prepared_streaming(duckdb_prepared_statement statement, duckdb_pending_result *out)
{
    *out = (duckdb_pending_result)statement;
    return DuckDBSuccess;
}

const char *duckdb_pending_error(duckdb_pending_result pending)
{
    (void)pending;
    return NULL;
}

duckdb_state duckdb_execute_pending(duckdb_pending_result pending, duckdb_result *out)
{
    *out = (duckdb_result){.internal_data = pending};
    return DuckDBSuccess;
}

/* The result has taken over the query, unless there is none. */
void duckdb_destroy_prepare(duckdb_prepared_statement *statement)
{
    query *q = (query *)*statement;
    if (q && !q->whole) {
        free(q->error);
        free(q);
    }
}

void duckdb_destroy_pending(duckdb_pending_result *pending)
{
    (void)pending;
}

const char *duckdb_result_error(duckdb_result *result)
{
    (void)result;
    return NULL;
}

duckdb_error_type duckdb_result_error_type(duckdb_result *result)
{
    (void)result;
    return DUCKDB_ERROR_INVALID;
}

void duckdb_destroy_result(duckdb_result *result)
{
    query *q = result->internal_data;
    for (size_t i = 0; q && i < q->picked.columns; i++) {
        free(q->picked.column[i].cells);
        free(q->picked.column[i].valid);
    }
    if (q)
        free(q->picked.column);
    free(q);
    result->internal_data = NULL;
}

idx_t duckdb_column_count(duckdb_result *result)
{
    const query *q = result->internal_data;
    return q ? q->whole->columns : 0;
}

duckdb_data_chunk duckdb_fetch_chunk(duckdb_result result)
{
    query *q = result.internal_data;
    const answer *rows = rows_of(q);
    if (q->row == rows->rows)
        return NULL;
    q->size = rows->rows - q->row < CHUNK ? rows->rows - q->row : CHUNK;
    for (size_t i = 0; i < rows->columns; i++) {
        q->vectors[i] = rows->column[i];
        q->vectors[i].first = q->row;
    }
    q->row += q->size;
    return (duckdb_data_chunk)q;
}

void duckdb_destroy_data_chunk(duckdb_data_chunk *chunk)
{
    (void)chunk;
}

idx_t duckdb_data_chunk_get_size(duckdb_data_chunk chunk)
{
    return ((query *)chunk)->size;
}

duckdb_vector duckdb_data_chunk_get_vector(duckdb_data_chunk chunk, idx_t at)
{
    return (duckdb_vector) & ((query *)chunk)->vectors[at];
}

duckdb_vector duckdb_list_vector_get_child(duckdb_vector vector)
{
    return (duckdb_vector)((column *)vector)->elements;
}

void *duckdb_vector_get_data(duckdb_vector vector)
{
    const column *c = (column *)vector;
    return c->cells + c->first * cell_size(c->type);
}

uint64_t *duckdb_vector_get_validity(duckdb_vector vector)
{
    const column *c = (column *)vector;
    return c->valid ? c->valid + c->first / 64 : NULL;
}

bool duckdb_validity_row_is_valid(uint64_t *valid, idx_t row)
{
    return valid[row / 64] >> (row % 64) & 1;
}

duckdb_logical_type duckdb_vector_get_column_type(duckdb_vector vector)
{
    return (duckdb_logical_type)vector;
}

duckdb_type duckdb_get_type_id(duckdb_logical_type type)
{
    return ((column *)type)->type;
}

duckdb_type duckdb_enum_internal_type(duckdb_logical_type type)
{
    return ((column *)type)->type;
}

void duckdb_destroy_logical_type(duckdb_logical_type *type)
{
    (void)type;
}

uint32_t duckdb_string_t_length(duckdb_string_t text)
{
    return text.value.inlined.length;
}

const char *duckdb_string_t_data(duckdb_string_t *text)
{
    return text->value.inlined.length <= sizeof text->value.inlined.inlined ? text->value.inlined.inlined
                                                                            : text->value.pointer.ptr;
}
