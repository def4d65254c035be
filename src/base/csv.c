#include "base/csv.h"

#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv_row.h"
#include "base/frame.h"
#include "base/memory.h"
#include "base/names.h"
#include "base/parallel.h"
#include "base/print.h"
#include "base/separator.h"
#include "base/stream.h"

enum { CHUNK = 1 << 21, MOST_FIELDS = 1 << 20, MOST_BYTES = 1 << 24, MOST_AHEAD = 512 };

struct dr_csv {
    char *path;
    dr_stream *stream;
    unsigned char *chunk;
    size_t chunk_at, chunk_size;
    bool on_disk; /* no bytes from memory */
    bool begun, file_ended;
    dr_csv_row row;     /* its delimiter is 0 before the first bytes are there */
    bool decimal_comma; /* a number had one */
    bool skipped;       /* a line in front of the header that says the separator */
    size_t row_bytes;   /* of the file, read into the row so far */
    size_t header_fields, empty_columns;
    size_t line, row_line;
    bool too_large;
    size_t ahead_from; /* the line before which no rows are read ahead, as the last ones were not plain */
    size_t ahead_skip; /* lines that are read one by one after such a row, twice as many after each in a row */
};

/* Takes over the stream. */
static dr_status take_stream(dr_csv **out, const char *name, dr_stream *stream, bool on_disk)
{
    dr_csv *csv = dr_new(1, sizeof *csv);
    if (!csv) {
        dr_stream_close(stream);
        return dr_fail_memory();
    }
    csv->stream = stream;
    csv->on_disk = on_disk;
    csv->ahead_skip = 1;
    csv->path = strdup(name);
    csv->chunk = malloc(CHUNK);
    if (!csv->path || !csv->chunk) {
        dr_csv_close(csv);
        return dr_fail_memory();
    }
    *out = csv;
    return DR_OK;
}

dr_status dr_csv_open(dr_csv **out, const char *path)
{
    dr_stream *stream = NULL;
    DR_TRY(dr_stream_open(&stream, path));
    return take_stream(out, path, stream, true);
}

dr_status dr_csv_open_memory(dr_csv **out, const char *name, const void *bytes, size_t size)
{
    dr_stream *stream = NULL;
    DR_TRY(dr_stream_open_memory(&stream, name, bytes, size));
    return take_stream(out, name, stream, false);
}

void dr_csv_close(dr_csv *csv)
{
    if (!csv)
        return;
    dr_stream_close(csv->stream);
    dr_csv_row_free(&csv->row);
    free(csv->path);
    free(csv->chunk);
    free(csv);
}

static dr_status read_chunk(dr_csv *csv, size_t kept, size_t *size)
{
    char place[DR_ERROR_SIZE];
    dr_status status = dr_stream_read(csv->stream, csv->chunk + kept, CHUNK - kept, size);
    if (status == DR_OK)
        return DR_OK;
    snprintf(place, sizeof place, "%s:%zu", csv->path, csv->line + 1);
    return dr_fail_at(status, place);
}

/* A table that is no text is read on as the text that it would be. */
static dr_status take_frame(dr_csv *csv, size_t *size)
{
    dr_stream *stream = NULL;
    DR_TRY(dr_frame_open(&stream, csv->path));
    dr_stream_close(csv->stream);
    csv->stream = stream;
    csv->row.delimiter = ',';
    return read_chunk(csv, 0, size);
}

/* At the beginning of the file: skips what is in front of the header, and finds the separator. */
static void begin_text(dr_csv *csv)
{
    size_t skip = 0;
    csv->chunk_at = csv->chunk_size >= 3 && memcmp(csv->chunk, "\xef\xbb\xbf", 3) == 0 ? 3 : 0; /* byte-order mark */
    if (csv->row.delimiter)
        return;
    csv->row.delimiter = dr_separator_find(csv->chunk + csv->chunk_at, csv->chunk_size - csv->chunk_at, &skip);
    csv->chunk_at += skip;
    csv->skipped = skip > 0;
    csv->line += csv->skipped;
}

/* Reads on behind the first `kept` bytes of the chunk. */
static dr_status fill(dr_csv *csv, size_t kept)
{
    size_t size = 0;
    bool first = !csv->begun;
    DR_TRY(read_chunk(csv, kept, &size));
    if (first && csv->on_disk && dr_frame_is(csv->chunk, size))
        DR_TRY(take_frame(csv, &size));
    csv->begun = true;
    if (memchr(csv->chunk + kept, 0, size))
        return dr_fail(DR_BAD_INPUT, "%s:%zu: not a table: binary data; expected CSV text", csv->path, csv->line + 1);
    csv->chunk_at = 0;
    csv->chunk_size = kept + size;
    if (first)
        begin_text(csv);
    csv->file_ended = size == 0;
    return DR_OK;
}

/* Adds the chunk up to the next line end (\n, \r\n or \r), so that a row never shares a call with the one
 * after it. */
static void feed_line(dr_csv *csv)
{
    unsigned char *start = csv->chunk + csv->chunk_at;
    size_t left = csv->chunk_size - csv->chunk_at;
    unsigned char *end = memchr(start, '\n', left);
    size_t size = end ? (size_t)(end - start) + 1 : left;
    unsigned char *lone = memchr(start, '\r', size);
    if (lone && lone + 1 < start + left && lone[1] != '\n') {
        end = lone;
        size = (size_t)(end - start) + 1;
    }
    dr_csv_row_add(&csv->row, start, size);
    csv->chunk_at += size;
    csv->line += end != NULL;
    csv->row_bytes += size;
    /* a quote that is never closed would take all memory */
    csv->too_large |= csv->row_bytes > MOST_BYTES || csv->row.fields > MOST_FIELDS;
}

/* Spreadsheets end a table with rows of nothing but separators. */
static bool is_blank(const dr_csv *csv)
{
    return csv->row.done && csv->row.fields > 1 && csv->row.size == csv->row.fields; /* the zeros after empty fields */
}

static dr_status read_row(dr_csv *csv)
{
    dr_csv_row_clear(&csv->row);
    csv->row_bytes = 0;
    while (!csv->row.done && !csv->too_large && !csv->row.no_memory) {
        if (csv->chunk_at == csv->chunk_size) {
            if (!csv->file_ended)
                DR_TRY(fill(csv, 0));
            if (csv->file_ended) {
                dr_csv_row_end(&csv->row);
                csv->line += csv->row.done;
                break;
            }
        }
        feed_line(csv);
    }
    if (csv->row.no_memory)
        return dr_fail(DR_MACHINE, "%s:%zu: out of memory", csv->path, csv->line + 1);
    if (csv->too_large)
        return dr_fail(DR_BAD_INPUT, "%s:%zu: not a table: a row of more than %d fields or %d MB", csv->path,
                       csv->line + 1, MOST_FIELDS, MOST_BYTES >> 20);
    return DR_OK;
}

/* Beside semicolons numbers have decimal commas. */
static void mend_commas(dr_csv *csv)
{
    for (size_t i = 0; i < csv->row.fields; i++) {
        char *field = csv->row.text + csv->row.starts[i];
        csv->decimal_comma |= dr_decimal_comma_mend(field, strlen(field));
    }
}

dr_status dr_csv_next(dr_csv *csv, bool *more)
{
    do
        DR_TRY(read_row(csv));
    while (is_blank(csv));
    if (csv->row.delimiter == ';')
        mend_commas(csv);
    csv->row_line = csv->line;
    *more = csv->row.done;
    return DR_OK;
}

size_t dr_csv_fields(const dr_csv *csv)
{
    return csv->row.fields;
}

const char *dr_csv_field(const dr_csv *csv, size_t column)
{
    return csv->row.text + csv->row.starts[column];
}

char dr_csv_separator(const dr_csv *csv)
{
    return csv->row.delimiter;
}

bool dr_csv_decimal_comma(const dr_csv *csv)
{
    return csv->decimal_comma;
}

size_t dr_csv_skipped(const dr_csv *csv)
{
    return csv->skipped;
}

size_t dr_csv_empty_columns(const dr_csv *csv)
{
    return csv->empty_columns;
}

size_t dr_csv_line(const dr_csv *csv)
{
    return csv->row_line;
}

double dr_csv_done(const dr_csv *csv)
{
    return dr_stream_done(csv->stream);
}

void dr_csv_error(const dr_csv *csv, int column, const char *format, ...)
{
    char what[1024];
    va_list arguments;
    va_start(arguments, format);
    dr_vprint_text(what, sizeof what, format, arguments);
    va_end(arguments);
    if (column < 0)
        dr_error_keep("%s:%zu: %s", csv->path, csv->row_line, what);
    else
        dr_error_keep("%s:%zu:%d: %s", csv->path, csv->row_line, column + 1, what);
}

/* Leaves out empty fields at the end of the row beyond its first `least`; returns how many. */
static size_t trim(dr_csv *csv, size_t least)
{
    size_t before = csv->row.fields;
    while (csv->row.fields > least && !*dr_csv_field(csv, csv->row.fields - 1))
        csv->row.fields--;
    return before - csv->row.fields;
}

/* The header's one field of that name: -1 if there is none, -2 if there are several. */
static int find_field(const dr_csv *csv, const char *name)
{
    int found = -1;
    for (size_t i = 0; i < csv->row.fields; i++)
        if (strcmp(dr_csv_field(csv, i), name) == 0)
            found = found == -1 ? (int)i : -2;
    return found;
}

static dr_status missing_column(const dr_csv *csv, const char *name)
{
    char hint[DR_HINT_SIZE];
    const char **there = dr_new(csv->row.fields, sizeof *there);
    if (!there)
        return dr_fail_memory();
    for (size_t i = 0; i < csv->row.fields; i++)
        there[i] = dr_csv_field(csv, i);
    dr_hint(hint, name, there, csv->row.fields);
    free(there);
    return dr_csv_fail(csv, -1, "the column '%s' is missing%s", name, hint);
}

dr_status dr_csv_header(dr_csv *csv, const char *const *names, size_t count, int *columns)
{
    bool more = false;
    DR_TRY(dr_csv_next(csv, &more));
    if (!more)
        return dr_fail(DR_BAD_INPUT, "%s: empty; expected a table with a header", csv->path);
    csv->empty_columns = trim(csv, 1);
    csv->header_fields = csv->row.fields;
    for (size_t i = 0; i < count; i++) {
        bool optional = names[i][0] == '?';
        columns[i] = find_field(csv, names[i] + optional);
        if (columns[i] == -2)
            return dr_csv_fail(csv, -1, "the column '%s' appears twice", names[i] + optional);
        if (columns[i] == -1 && !optional)
            return missing_column(csv, names[i]);
    }
    return DR_OK;
}

enum { MOST_KNOWN = 16 };

dr_status dr_csv_known(const dr_csv *csv, const char *const *names, size_t count)
{
    const char *known[MOST_KNOWN];
    char hint[DR_HINT_SIZE];
    for (size_t i = 0; i < count; i++)
        known[i] = names[i] + (names[i][0] == '?');
    for (size_t field = 0; field < csv->row.fields; field++) {
        size_t i = 0;
        while (i < count && strcmp(dr_csv_field(csv, field), known[i]) != 0)
            i++;
        if (i == count)
            return dr_csv_fail(csv, (int)field, "unknown column '%.40s'%s", dr_csv_field(csv, field),
                               dr_hint(hint, dr_csv_field(csv, field), known, count));
    }
    return DR_OK;
}

dr_status dr_csv_record(dr_csv *csv, bool *more)
{
    DR_TRY(dr_csv_next(csv, more));
    if (*more)
        trim(csv, csv->header_fields);
    if (*more && csv->row.fields != csv->header_fields)
        return dr_csv_fail(csv, -1, "a row of %zu cells, but the header has %zu", csv->row.fields, csv->header_fields);
    return DR_OK;
}

/* ---- Rows of numbers, many at once ---- */

/* A label, in quotes or not, up to the comma behind it, whose place is returned; NULL where it is not that plain. */
static const char *skip_label(const char *text, const char *end)
{
    bool quoted = *text == '"';
    const char *comma = memchr(text, ',', (size_t)(end - text));
    if (!comma || *text == ' ' || comma == text || comma[-1] == ' ')
        return NULL;
    const char *quote = memchr(text + quoted, '"', (size_t)(comma - text) - quoted);
    if (quoted ? !quote || quote + 1 != comma || quote == text + 1 : quote != NULL)
        return NULL;
    return comma;
}

/* Reads the numbers of one line; its row's decimals stay SIZE_MAX if it is not plain. */
static dr_status read_line(void *work, size_t i, size_t thread)
{
    dr_csv_rows *rows = work;
    const char *end = rows->ends[i], *at = skip_label(rows->labels[i], end);
    double *numbers = rows->numbers + i * rows->columns;
    size_t most = 0, decimals = 0, column = 0;
    (void)thread;
    rows->decimals[i] = SIZE_MAX;
    if (end > rows->labels[i] && end[-1] == '\r')
        end--;
    for (; at && at < end && *at == ',' && column < rows->columns; column++) {
        at = dr_decimal_read(at + 1, &numbers[column], &decimals);
        most = decimals > most ? decimals : most;
    }
    if (at == end && column == rows->columns)
        rows->decimals[i] = most;
    return DR_OK;
}

/* Finds the lines that the chunk has whole, reading on if it has none. */
static dr_status find_lines(dr_csv *csv, dr_csv_rows *rows)
{
    size_t left = csv->chunk_size - csv->chunk_at;
    if (!csv->file_ended && left < CHUNK && !memchr(csv->chunk + csv->chunk_at, '\n', left)) {
        memmove(csv->chunk, csv->chunk + csv->chunk_at, left);
        DR_TRY(fill(csv, left));
    }
    char *at = (char *)csv->chunk + csv->chunk_at, *all = (char *)csv->chunk + csv->chunk_size, *end = NULL;
    for (; rows->count < MOST_AHEAD && (end = memchr(at, '\n', (size_t)(all - at))); at = end + 1) {
        rows->labels[rows->count] = at;
        rows->ends[rows->count++] = end;
    }
    return DR_OK;
}

static dr_status make_rows(dr_csv_rows *rows, size_t columns)
{
    rows->columns = columns;
    rows->labels = rows->labels ? rows->labels : dr_new(MOST_AHEAD, sizeof *rows->labels);
    rows->ends = rows->ends ? rows->ends : dr_new(MOST_AHEAD, sizeof *rows->ends);
    rows->decimals = rows->decimals ? rows->decimals : dr_new(MOST_AHEAD, sizeof *rows->decimals);
    return rows->labels && rows->ends && rows->decimals ? DR_OK : dr_fail_memory();
}

/* Ends the labels where they end, and keeps the rows up to the first that is not plain. */
static void keep_plain(dr_csv *csv, dr_csv_rows *rows)
{
    size_t found = rows->count, plain = 0;
    for (; plain < found && rows->decimals[plain] != SIZE_MAX; plain++) {
        char *label = rows->labels[plain];
        bool quoted = *label == '"';
        char *end = memchr(label, ',', (size_t)(rows->ends[plain] - label));
        end[-(int)quoted] = '\0';
        rows->labels[plain] += quoted;
    }
    rows->count = plain;
    if (plain > 0)
        csv->chunk_at = (size_t)(rows->ends[plain - 1] + 1 - (const char *)csv->chunk);
    else
        csv->ahead_from = csv->line + csv->ahead_skip;
    csv->ahead_skip = plain > 0 ? 1 : csv->ahead_skip < MOST_AHEAD ? 2 * csv->ahead_skip : MOST_AHEAD;
    rows->line = csv->line + 1;
    csv->line += plain;
}

dr_status dr_csv_ahead(dr_csv *csv, dr_csv_rows *rows)
{
    rows->count = 0;
    if (csv->header_fields < 2 || csv->row.delimiter != ',' || csv->line < csv->ahead_from)
        return DR_OK;
    DR_TRY(make_rows(rows, csv->header_fields - 1));
    DR_TRY(find_lines(csv, rows));
    size_t numbers = rows->count * rows->columns;
    if (numbers > CHUNK) /* more than a chunk can hold: lines that are not rows of this table */
        rows->count = CHUNK / rows->columns;
    if (!dr_grow((void **)&rows->numbers, &rows->capacity, rows->count * rows->columns, sizeof *rows->numbers))
        return dr_fail_memory();
    DR_TRY(dr_parallel(rows->count, 0, read_line, rows));
    keep_plain(csv, rows);
    return DR_OK;
}

void dr_csv_ahead_row(dr_csv *csv, const dr_csv_rows *rows, size_t row)
{
    csv->row_line = rows->line + row;
}

void dr_csv_rows_free(dr_csv_rows *rows)
{
    free(rows->labels);
    free(rows->ends);
    free(rows->decimals);
    free(rows->numbers);
    *rows = (dr_csv_rows){0};
}

bool dr_parse_number(const char *text, double *out)
{
    char *end = NULL;
    size_t decimals = 0;
    const char *read = dr_decimal_read(text, out, &decimals);
    if (read && *read == '\0')
        return true;
    /* strtod also takes hexadecimal and "nan"; a number here begins as decimals do */
    if (!((*text >= '0' && *text <= '9') || *text == '-' || *text == '+' || *text == '.') || strpbrk(text, "xXnN"))
        return false;
    *out = dr_number_read(text, &end);
    return end != text && *end == '\0' && isfinite(*out);
}

const char *dr_number_hint(const char *text)
{
    bool written = strspn(text, "+-0123456789., '\xc2\xa0") == strlen(text) && strpbrk(text, "0123456789");
    return written && strpbrk(text, ", '\xa0") ? "; write decimals with a point, and thousands without a separator"
                                               : "";
}

dr_status dr_csv_number(const dr_csv *csv, size_t column, double *out)
{
    const char *text = dr_csv_field(csv, column);
    if (dr_parse_number(text, out))
        return DR_OK;
    if (!*text)
        return dr_csv_fail(csv, (int)column, "the cell is empty; expected a number");
    return dr_csv_fail(csv, (int)column, "'%.40s' is not a finite number%s", text, dr_number_hint(text));
}
