#include "base/csv_row.h"

#include <stdlib.h>

#include "base/memory.h"

void dr_csv_row_clear(dr_csv_row *row)
{
    row->fields = row->size = row->begun = row->blanks = 0;
    row->done = false;
}

void dr_csv_row_free(dr_csv_row *row)
{
    free(row->text);
    free(row->starts);
    *row = (dr_csv_row){0};
}

static void keep(dr_csv_row *row, unsigned char byte)
{
    row->text[row->size++] = (char)byte; /* dr_csv_row_add has made room */
}

/* Ends the field, whose last `surplus` bytes are no part of it. */
static void end_field(dr_csv_row *row, size_t surplus)
{
    if (!dr_grow((void **)&row->starts, &row->starts_capacity, row->fields + 1, sizeof *row->starts)) {
        row->no_memory = true;
        return;
    }
    row->size -= surplus;
    row->text[row->size++] = '\0';
    row->starts[row->fields++] = row->begun;
    row->begun = row->size;
    row->blanks = 0;
    row->place = DR_CSV_BEFORE_FIELD;
}

static void end_row(dr_csv_row *row)
{
    row->done = true;
    row->place = DR_CSV_BEFORE_ROW;
}

/* A byte that begins a field, or is before one. */
static void put_before(dr_csv_row *row, unsigned char byte, bool blank, bool line_end)
{
    if (blank)
        return;
    if (line_end && row->place == DR_CSV_BEFORE_ROW)
        return;
    if (line_end || byte == (unsigned char)row->delimiter) {
        end_field(row, 0);
    } else if (byte == '"') {
        row->place = DR_CSV_QUOTED;
    } else {
        row->place = DR_CSV_PLAIN;
        keep(row, byte);
    }
    if (line_end)
        end_row(row);
}

/* A byte behind a quote in quotes; the quote itself is kept, and goes if it ends the field. */
static void put_after_quote(dr_csv_row *row, unsigned char byte, bool blank)
{
    if (byte == '"' && row->blanks == 0) {
        row->place = DR_CSV_QUOTED;
        return;
    }
    keep(row, byte);
    row->blanks = blank ? row->blanks + 1 : 0;
    if (!blank && byte != '"')
        row->place = DR_CSV_QUOTED;
}

static void put(dr_csv_row *row, unsigned char byte)
{
    bool ends = byte == (unsigned char)row->delimiter, line_end = byte == '\n' || byte == '\r';
    bool blank = (byte == ' ' || byte == '\t') && !ends;
    if (row->place == DR_CSV_BEFORE_ROW || row->place == DR_CSV_BEFORE_FIELD) {
        put_before(row, byte, blank, line_end);
    } else if (row->place == DR_CSV_QUOTED) {
        keep(row, byte);
        if (byte == '"')
            row->place = DR_CSV_AFTER_QUOTE;
    } else if (ends || line_end) {
        end_field(row, row->blanks + (row->place == DR_CSV_AFTER_QUOTE));
        if (line_end)
            end_row(row);
    } else if (row->place == DR_CSV_AFTER_QUOTE) {
        put_after_quote(row, byte, blank);
    } else {
        keep(row, byte);
        row->blanks = blank ? row->blanks + 1 : 0;
    }
}

void dr_csv_row_add(dr_csv_row *row, const unsigned char *bytes, size_t size)
{
    /* each byte is kept, or ends a field with a zero; at the end of the file one more zero may follow */
    if (!dr_grow((void **)&row->text, &row->capacity, row->size + size + 2, 1))
        row->no_memory = true;
    for (size_t i = 0; i < size && !row->no_memory; i++)
        put(row, bytes[i]);
}

void dr_csv_row_end(dr_csv_row *row)
{
    if (row->place == DR_CSV_BEFORE_ROW || row->no_memory)
        return;
    end_field(row, row->place == DR_CSV_PLAIN ? row->blanks : row->place == DR_CSV_AFTER_QUOTE ? row->blanks + 1 : 0);
    end_row(row);
}
