#include "base/table.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/print.h"

/* A copy that lives as long as the table; without memory an empty text that nothing is written into. */
static char *keep(dr_table *table, const char *text)
{
    static char none[1];
    char *copy = dr_arena_text(&table->arena, text);
    if (!copy)
        table->failed = true;
    return copy ? copy : none;
}

dr_status dr_table_new(dr_table **out, const dr_column_spec *columns, size_t count)
{
    dr_table *table = dr_new(1, sizeof *table);
    if (!table)
        return dr_fail_memory();
    atomic_init(&table->holders, 1);
    table->columns = dr_new(count, sizeof *table->columns);
    table->column_count = table->columns ? count : 0;
    table->failed = !table->columns;
    table->title = table->unit = "";
    table->rank = -1;
    table->text_rows = DR_TEXT_ROWS;
    for (size_t i = 0; i < table->column_count; i++) {
        table->columns[i].name = keep(table, columns[i].name);
        table->columns[i].show = columns[i].show;
    }
    if (table->failed) {
        dr_table_free(table);
        return dr_fail_memory();
    }
    *out = table;
    return DR_OK;
}

void dr_table_hold(dr_table *table)
{
    atomic_fetch_add(&table->holders, 1);
}

dr_status dr_table_own(const char *function, const dr_table *table)
{
    if (atomic_load(&table->holders) == 1)
        return DR_OK;
    return dr_fail(DR_USAGE, "%s: table: Arrow arrays share its rows; release them first", function);
}

void dr_table_free(dr_table *table)
{
    if (!table || atomic_fetch_sub(&table->holders, 1) > 1)
        return;
    for (size_t i = 0; i < table->column_count; i++) {
        free(table->columns[i].numbers);
        free((void *)table->columns[i].texts);
    }
    free(table->columns);
    free(table->kinds);
    free(table->facts);
    free((void *)table->notes);
    free((void *)table->sentences);
    dr_arena_free(&table->arena);
    free(table);
}

static bool grow_column(dr_column *column, size_t old, size_t wanted)
{
    size_t capacity = old;
    if (column->show == DR_SHOW_TEXT)
        return dr_grow((void **)&column->texts, &capacity, wanted, sizeof *column->texts);
    return dr_grow((void **)&column->numbers, &capacity, wanted, sizeof *column->numbers);
}

size_t dr_table_add_row(dr_table *table)
{
    if (table->rows == table->row_capacity) {
        size_t wanted = table->row_capacity ? 2 * table->row_capacity : 16;
        for (size_t i = 0; i < table->column_count; i++)
            if (!grow_column(&table->columns[i], table->row_capacity, wanted))
                table->failed = true;
        size_t kinds = table->row_capacity;
        if (table->kinds && !dr_grow((void **)&table->kinds, &kinds, wanted, 1))
            table->failed = true;
        if (table->failed)
            return 0;
        table->row_capacity = wanted;
    }
    for (size_t i = 0; i < table->column_count; i++) {
        dr_column *column = &table->columns[i];
        if (column->show == DR_SHOW_TEXT)
            column->texts[table->rows] = "";
        else
            column->numbers[table->rows] = NAN;
    }
    if (table->kinds)
        table->kinds[table->rows] = DR_ROW_ONE;
    return table->rows++;
}

void dr_table_set_text(dr_table *table, size_t row, size_t column, const char *text)
{
    const char *copy = keep(table, text);
    if (!table->failed)
        table->columns[column].texts[row] = copy;
}

void dr_table_set_number(dr_table *table, size_t row, size_t column, double number)
{
    if (!table->failed)
        table->columns[column].numbers[row] = number;
}

void dr_table_word(dr_table *table, const char *column, const char *heading, const char *description)
{
    int found = dr_table_find(table, column);
    if (found < 0 || table->failed)
        return;
    table->columns[found].heading = keep(table, heading);
    table->columns[found].description = keep(table, description);
}

/* ---- Kinds of rows ----------------------------------------------------------------------------------------------- */

void dr_table_set_kind(dr_table *table, size_t row, dr_row_kind kind)
{
    if (!table->kinds && !table->failed && kind != DR_ROW_ONE)
        table->failed = !(table->kinds = dr_new(table->row_capacity, 1));
    if (table->kinds && !table->failed)
        table->kinds[row] = (unsigned char)kind;
}

dr_row_kind dr_table_row_kind(const dr_table *table, size_t row)
{
    return row < dr_table_rows(table) && table->kinds ? (dr_row_kind)table->kinds[row] : DR_ROW_ONE;
}

static const char kind_column[] = "kind";
static const char *const kind_words[] = {[DR_ROW_ONE] = "", [DR_ROW_GROUP] = "group", [DR_ROW_TOTAL] = "total"};

const char *dr_row_kind_word(dr_row_kind kind)
{
    return kind_words[kind];
}

dr_status dr_table_kinds_to_column(dr_table *table)
{
    size_t last = table->column_count, count = last, rows = 0;
    dr_column column = {.name = kind_column, .show = DR_SHOW_TEXT};
    if (!table->kinds)
        return DR_OK;
    if (!dr_grow((void **)&table->columns, &count, last + 1, sizeof *table->columns) ||
        !dr_grow((void **)&column.texts, &rows, table->row_capacity, sizeof *column.texts))
        return dr_fail_memory();
    for (size_t row = 0; row < table->rows; row++)
        column.texts[row] = dr_row_kind_word(dr_table_row_kind(table, row));
    table->columns[last] = column;
    table->column_count++;
    return DR_OK;
}

void dr_table_kinds_from_column(dr_table *table)
{
    dr_column *last = &table->columns[table->column_count - 1];
    if (table->column_count < 2 || !last->texts || strcmp(last->name, kind_column) != 0)
        return;
    for (size_t row = 0; row < table->rows; row++)
        for (dr_row_kind kind = DR_ROW_GROUP; kind <= DR_ROW_TOTAL; kind++)
            if (strcmp(last->texts[row], kind_words[kind]) == 0)
                dr_table_set_kind(table, row, kind);
    free((void *)last->texts);
    table->column_count--;
}

/* ---- Columns ----------------------------------------------------------------------------------------------------- */

dr_status dr_table_insert(dr_table *table, size_t at, dr_column_spec spec)
{
    size_t count = table->column_count, capacity = count;
    dr_column column = {.name = keep(table, spec.name), .show = spec.show};
    if (!dr_grow((void **)&table->columns, &capacity, count + 1, sizeof *table->columns) ||
        !grow_column(&column, 0, table->row_capacity))
        return dr_fail_memory();
    for (size_t row = 0; row < table->rows; row++)
        if (spec.show == DR_SHOW_TEXT)
            column.texts[row] = "";
        else
            column.numbers[row] = NAN;
    memmove(table->columns + at + 1, table->columns + at, (count - at) * sizeof *table->columns);
    table->columns[at] = column;
    table->column_count++;
    table->rank += table->rank >= (int)at;
    return DR_OK;
}

/* ---- Title, unit, facts and notes -------------------------------------------------------------------------------- */

static char *keep_formatted(dr_table *table, const char *format, va_list arguments)
{
    char *text = NULL;
    if (dr_vprint_new(&text, format, arguments) < 0) {
        table->failed = true;
        return keep(table, "");
    }
    char *kept = keep(table, text);
    free(text);
    return kept;
}

void dr_table_set_title(dr_table *table, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    table->title = keep_formatted(table, format, arguments);
    va_end(arguments);
}

void dr_table_set_unit(dr_table *table, const char *unit)
{
    table->unit = keep(table, unit);
}

static void add_fact(dr_table *table, dr_fact fact)
{
    if (dr_grow((void **)&table->facts, &table->fact_capacity, table->fact_count + 1, sizeof *table->facts))
        table->facts[table->fact_count++] = fact;
    else
        table->failed = true;
}

void dr_table_add_fact(dr_table *table, const char *name, double number)
{
    add_fact(table, (dr_fact){keep(table, name), NULL, number});
}

void dr_table_add_fact_text(dr_table *table, const char *name, const char *text)
{
    add_fact(table, (dr_fact){keep(table, name), keep(table, text), NAN});
}

void dr_table_drop_facts(dr_table *table, const char *prefix)
{
    size_t kept = 0;
    for (size_t i = 0; i < table->fact_count; i++)
        if (strncmp(table->facts[i].name, prefix, strlen(prefix)) != 0)
            table->facts[kept++] = table->facts[i];
    table->fact_count = kept;
}

/* Adds a text to a list of them. */
static void add_line(dr_table *table, const char ***lines, size_t *count, size_t *capacity, const char *line)
{
    if (dr_grow((void **)lines, capacity, *count + 1, sizeof **lines))
        (*lines)[(*count)++] = line;
    else
        table->failed = true;
}

void dr_table_add_note(dr_table *table, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_line(table, &table->notes, &table->note_count, &table->note_capacity, keep_formatted(table, format, arguments));
    va_end(arguments);
}

void dr_table_say(dr_table *table, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *sentence = keep_formatted(table, format, arguments);
    va_end(arguments);
    if (*sentence >= 'a' && *sentence <= 'z')
        *sentence = (char)(*sentence - 'a' + 'A');
    add_line(table, &table->sentences, &table->sentence_count, &table->sentence_capacity, sentence);
}

void dr_table_caption(dr_table *table, const dr_table *of)
{
    dr_table_set_title(table, "%s", of->title);
    for (size_t i = 0; i < of->fact_count; i++)
        if (of->facts[i].text)
            dr_table_add_fact_text(table, of->facts[i].name, of->facts[i].text);
}

void dr_table_describe_as(dr_table *table, const dr_table *of)
{
    dr_table_set_title(table, "%s", of->title);
    dr_table_set_unit(table, of->unit);
    for (size_t i = 0; i < of->fact_count; i++)
        if (of->facts[i].text)
            dr_table_add_fact_text(table, of->facts[i].name, of->facts[i].text);
        else
            dr_table_add_fact(table, of->facts[i].name, of->facts[i].number);
    for (size_t i = 0; i < of->note_count; i++)
        dr_table_add_note(table, "%s", of->notes[i]);
}

dr_status dr_table_name_command(dr_table *table, const char *command)
{
    dr_table_add_fact_text(table, "command", command);
    DR_TRY(dr_table_done(table));
    dr_fact last = table->facts[table->fact_count - 1];
    memmove(table->facts + 1, table->facts, (table->fact_count - 1) * sizeof *table->facts);
    table->facts[0] = last;
    return DR_OK;
}

/* ---- How people read it ------------------------------------------------------------------------------------------ */

void dr_table_rank(dr_table *table, size_t column)
{
    table->rank = (int)column;
}

void dr_table_keep_rows(dr_table *table)
{
    table->text_rows = SIZE_MAX;
}

void dr_table_show_all(dr_table *table)
{
    if (!table)
        return;
    table->text_rows = SIZE_MAX;
    table->all_columns = true;
}

const dr_spelling *dr_table_spelling(dr_table *table, const dr_code *codes, size_t count)
{
    dr_spelling *made = dr_arena_take(&table->arena, sizeof *made);
    dr_code *kept = dr_arena_take(&table->arena, (count + 1) * sizeof *kept);
    if (!made || !kept) {
        table->failed = true;
        return NULL;
    }
    for (size_t i = 0; i < count; i++)
        kept[i] = (dr_code){keep(table, codes[i].code), keep(table, codes[i].name),
                            codes[i].members ? keep(table, codes[i].members) : NULL};
    *made = (dr_spelling){kept, count};
    return made;
}

dr_status dr_table_done(const dr_table *table)
{
    return table->failed ? dr_fail_memory() : DR_OK;
}

dr_status dr_table_finish(dr_table **out, dr_table *table, dr_status status)
{
    if (status == DR_OK)
        status = dr_table_done(table);
    if (status == DR_OK)
        *out = table;
    else
        dr_table_free(table);
    return status;
}
