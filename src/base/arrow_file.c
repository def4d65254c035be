#include "base/arrow_file.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arrow_cells.h"

/* Fields of the tables, by https://github.com/apache/arrow/tree/main/format (Schema.fbs, Message.fbs). */
enum { SCHEMA_ENDIANNESS, SCHEMA_FIELDS };
enum { FIELD_NAME, FIELD_KIND = 2, FIELD_TYPE, FIELD_DICTIONARY };
enum { ENCODING_ID, ENCODING_INDEX };
enum { DICTIONARY_ID, DICTIONARY_ROWS, DICTIONARY_GROWS };
enum { INT_BITS, INT_SIGNED };
enum { FLOAT_PRECISION };

/* What other types of columns hold, by their numbers there. */
static const char *const type_names[] = {
    [4] = "bytes",      [7] = "decimal numbers", [8] = "dates",       [9] = "times of day", [10] = "points in time",
    [11] = "intervals", [12] = "lists",          [13] = "structures", [14] = "unions",      [15] = "bytes",
    [16] = "lists",     [17] = "maps",           [18] = "durations",  [19] = "bytes",       [21] = "lists",
    [22] = "runs",      [23] = "bytes",          [25] = "lists",      [26] = "lists",
};
enum { KNOWN_TYPES = sizeof type_names / sizeof *type_names };

enum { MOST_COLUMNS = 1 << 20 };

typedef struct dictionary {
    long long id;
    dr_arrow_cells cells;
    bool is_there;
    dr_arrow_batch batch; /* has what the cells refer to */
} dictionary;

typedef struct arrow_column {
    const char *name;
    dr_arrow_cells cells; /* numbers of categories where there is a dictionary */
    size_t category;      /* 1 + its dictionary; 0: none */
} arrow_column;

struct dr_arrow {
    dr_arrow_messages messages;
    dr_arrow_batch batch;
    arrow_column *columns;
    size_t count, column_capacity;
    dictionary *dictionaries;
    size_t dictionary_count, dictionary_capacity;
    dr_arena arena;
};

bool dr_arrow_is(const unsigned char *bytes, size_t size)
{
    return size >= 8 && (memcmp(bytes, "ARROW1\0\0", 8) == 0 || memcmp(bytes, "\xff\xff\xff\xff", 4) == 0);
}

/* ---- What the columns are ---- */

static dr_status fail_type(const char *name, const char *what)
{
    return dr_fail(DR_BAD_INPUT,
                   "the column '%.60s' holds %s; expected numbers or texts: save it as such, or without the column",
                   name, what);
}

/* The type that a field, or the numbers of its categories, have. */
static dr_status read_type(dr_flat *flat, dr_arrow_cells *c, const char *name, int type, size_t table)
{
    c->type = type;
    if (type == DR_ARROW_INTEGER) {
        c->width = (size_t)dr_flat_number(flat, table, INT_BITS, 4, 0) / 8;
        c->is_signed = dr_flat_number(flat, table, INT_SIGNED, 1, 0) != 0;
        if (c->width != 1 && c->width != 2 && c->width != 4 && c->width != 8)
            return dr_arrow_damaged("an integer has no width");
    } else if (type == DR_ARROW_FLOAT) {
        long long precision = dr_flat_number(flat, table, FLOAT_PRECISION, 2, 0);
        if (precision < 1 || precision > 2)
            return fail_type(name, "numbers of half precision");
        c->width = precision == 1 ? sizeof(float) : sizeof(double);
    } else if (type == DR_ARROW_TEXT || type == DR_ARROW_LONG_TEXT)
        c->width = type == DR_ARROW_TEXT ? 4 : 8;
    else if (type == DR_ARROW_VIEW)
        c->width = DR_ARROW_VIEW_SIZE;
    else if (type != DR_ARROW_NOTHING && type != DR_ARROW_TRUTH)
        return fail_type(name,
                         type > 0 && type < KNOWN_TYPES && type_names[type] ? type_names[type] : "an unknown type");
    return flat->damaged ? dr_arrow_damaged("a column has no sense") : DR_OK;
}

/* The dictionary of that number, from 1 on; the first column that refers to it says what it holds. 0: no memory. */
static size_t find_dictionary(dr_arrow *a, long long id, const dr_arrow_cells *like)
{
    for (size_t i = 0; i < a->dictionary_count; i++)
        if (a->dictionaries[i].id == id)
            return i + 1;
    if (!dr_grow((void **)&a->dictionaries, &a->dictionary_capacity, a->dictionary_count + 1, sizeof *a->dictionaries))
        return 0;
    a->dictionaries[a->dictionary_count] = (dictionary){.id = id, .cells = *like};
    return ++a->dictionary_count;
}

static dr_status read_field(dr_arrow *a, size_t field)
{
    dr_flat *flat = &a->messages.flat;
    size_t size = 0;
    const char *name = dr_flat_text(flat, field, FIELD_NAME, &size);
    arrow_column c = {.name = dr_arena_format(&a->arena, "%.*s", (int)(size < 4096 ? size : 4096), name)};
    if (!c.name)
        return dr_fail_memory();
    const size_t encoding = dr_flat_table(flat, field, FIELD_DICTIONARY);
    DR_TRY(read_type(flat, &c.cells, c.name, (int)dr_flat_number(flat, field, FIELD_KIND, 1, 0),
                     dr_flat_table(flat, field, FIELD_TYPE)));
    if (encoding) {
        const size_t index = dr_flat_table(flat, encoding, ENCODING_INDEX);
        if (!(c.category = find_dictionary(a, dr_flat_number(flat, encoding, ENCODING_ID, 8, 0), &c.cells)))
            return dr_fail_memory();
        c.cells = (dr_arrow_cells){.type = DR_ARROW_INTEGER, .width = 4, .is_signed = true};
        if (index)
            DR_TRY(read_type(flat, &c.cells, c.name, DR_ARROW_INTEGER, index));
    }
    a->columns[a->count++] = c;
    return flat->damaged ? dr_arrow_damaged("a column has no sense") : DR_OK;
}

static dr_status read_schema(dr_arrow *a)
{
    dr_arrow_messages *m = &a->messages;
    size_t count = 0;
    if (dr_flat_number(&m->flat, m->header, SCHEMA_ENDIANNESS, 2, 0) != 0)
        return dr_fail(DR_BAD_INPUT, "an Arrow file of a big-endian machine; save the table as CSV");
    const size_t fields = dr_flat_vector(&m->flat, m->header, SCHEMA_FIELDS, 4, &count);
    if (m->flat.damaged || count == 0 || count > MOST_COLUMNS)
        return dr_arrow_damaged("it has no columns");
    if (!(a->columns = dr_new(count, sizeof *a->columns)))
        return dr_fail_memory();
    for (size_t i = 0; i < count; i++) {
        const size_t field = dr_flat_element(&m->flat, fields, i);
        DR_TRY(m->flat.damaged ? dr_arrow_damaged("a column has no sense") : read_field(a, field));
    }
    return DR_OK;
}

dr_status dr_arrow_open(dr_arrow **out, const char *path)
{
    dr_stream *stream = NULL;
    dr_arrow *a = dr_new(1, sizeof *a);
    if (!a)
        return dr_fail_memory();
    dr_status status = dr_stream_open(&stream, path);
    if (status == DR_OK) {
        status = dr_arrow_messages_read(&a->messages, stream);
        if (status == DR_OK)
            status = read_schema(a);
        status = status == DR_OK ? DR_OK : dr_fail_at(status, path);
    }
    dr_stream_close(stream);
    if (status == DR_OK)
        *out = a;
    else
        dr_arrow_close(a);
    return status;
}

static void drop_dictionary(dictionary *d)
{
    dr_arrow_cells_free(&d->cells);
    dr_arrow_batch_free(&d->batch);
    d->is_there = false;
}

void dr_arrow_close(dr_arrow *a)
{
    for (size_t i = 0; i < a->count; i++)
        dr_arrow_cells_free(&a->columns[i].cells);
    for (size_t i = 0; i < a->dictionary_count; i++)
        drop_dictionary(&a->dictionaries[i]);
    dr_arrow_batch_free(&a->batch);
    dr_arrow_messages_free(&a->messages);
    free(a->columns);
    free(a->dictionaries);
    dr_arena_free(&a->arena);
    free(a);
}

/* ---- A batch ---- */

/* The categories of columns; those that a later message gives anew take the place of the earlier ones. */
static dr_status take_dictionary(dr_arrow *a)
{
    dr_arrow_messages *m = &a->messages;
    const long long id = dr_flat_number(&m->flat, m->header, DICTIONARY_ID, 8, 0);
    const size_t rows = dr_flat_table(&m->flat, m->header, DICTIONARY_ROWS);
    if (!rows || dr_flat_number(&m->flat, m->header, DICTIONARY_GROWS, 1, 0) != 0)
        return dr_fail(DR_BAD_INPUT, "the categories of a column come in parts; save it as texts");
    for (size_t i = 0; i < a->dictionary_count; i++) {
        dictionary *d = &a->dictionaries[i];
        if (d->id != id)
            continue;
        drop_dictionary(d);
        DR_TRY(dr_arrow_batch_begin(&d->batch, m, rows));
        DR_TRY(dr_arrow_cells_take(&d->cells, &d->batch));
        d->is_there = true;
        return DR_OK;
    }
    return DR_OK;
}

static dr_status check_categories(const dr_arrow *a, const arrow_column *c)
{
    const dictionary *d = &a->dictionaries[c->category - 1];
    const size_t count = d->is_there ? d->cells.rows : 0;
    for (size_t row = 0; row < c->cells.rows; row++) {
        const long long category =
            dr_arrow_integer(c->cells.first + row * c->cells.width, c->cells.width, c->cells.is_signed);
        if (dr_arrow_cells_has(&c->cells, row) && (category < 0 || (size_t)category >= count))
            return dr_arrow_damaged("a column has a category that is not there");
    }
    return DR_OK;
}

static dr_status take_rows(dr_arrow *a)
{
    bool held = false;
    DR_TRY(dr_arrow_batch_begin(&a->batch, &a->messages, a->messages.header));
    for (size_t i = 0; i < a->count; i++) {
        arrow_column *c = &a->columns[i];
        DR_TRY(dr_arrow_cells_take(&c->cells, &a->batch));
        held |= c->cells.type != DR_ARROW_NOTHING;
        if (c->category)
            DR_TRY(check_categories(a, c));
    }
    return held || a->batch.rows == 0 ? DR_OK : dr_fail(DR_BAD_INPUT, "no column has a value");
}

dr_status dr_arrow_next(dr_arrow *a, size_t *rows)
{
    bool more = true;
    *rows = 0;
    while (*rows == 0) {
        DR_TRY(dr_arrow_message_next(&a->messages, &more));
        if (!more)
            return DR_OK;
        if (a->messages.kind == DR_ARROW_DICTIONARY)
            DR_TRY(take_dictionary(a));
        if (a->messages.kind != DR_ARROW_ROWS)
            continue;
        DR_TRY(take_rows(a));
        *rows = a->batch.rows;
    }
    return DR_OK;
}

/* ---- The table ---- */

size_t dr_arrow_columns(const dr_arrow *a)
{
    return a->count;
}

const char *dr_arrow_name(const dr_arrow *a, size_t column)
{
    return a->columns[column].name;
}

/* The cells that hold a column's values, and the place of a row's among them; false: it has none. */
static bool find_cell(const dr_arrow *a, const dr_arrow_cells **c, size_t *row, size_t column)
{
    *c = &a->columns[column].cells;
    if (!dr_arrow_cells_has(*c, *row))
        return false;
    if (a->columns[column].category == 0)
        return true;
    *row = (size_t)dr_arrow_integer((*c)->first + *row * (*c)->width, (*c)->width, (*c)->is_signed);
    *c = &a->dictionaries[a->columns[column].category - 1].cells;
    return dr_arrow_cells_has(*c, *row);
}

bool dr_arrow_is_text(const dr_arrow *a, size_t column)
{
    const size_t category = a->columns[column].category;
    return dr_arrow_cells_are_texts(category ? &a->dictionaries[category - 1].cells : &a->columns[column].cells);
}

double dr_arrow_number(const dr_arrow *a, size_t column, size_t row)
{
    const dr_arrow_cells *c = NULL;
    return find_cell(a, &c, &row, column) ? dr_arrow_cells_number(c, row) : (double)NAN;
}

const char *dr_arrow_text(const dr_arrow *a, size_t column, size_t row, size_t *size)
{
    const dr_arrow_cells *c = NULL;
    if (find_cell(a, &c, &row, column))
        return dr_arrow_cells_text(c, row, size);
    *size = 0;
    return "";
}

double dr_arrow_done(const dr_arrow *a)
{
    return dr_arrow_messages_done(&a->messages);
}
