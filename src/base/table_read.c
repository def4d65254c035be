/* Reading a table: what is not there is nothing, "", NULL, -1 or NAN. */
#include <math.h>
#include <string.h>

#include "base/table.h"

/* ---- Title, columns and rows ------------------------------------------------------------------------------------- */

const char *dr_table_title(const dr_table *table)
{
    return table ? table->title : "";
}

const char *dr_table_unit(const dr_table *table)
{
    return table ? table->unit : "";
}

size_t dr_table_rows(const dr_table *table)
{
    return table ? table->rows : 0;
}

size_t dr_table_columns(const dr_table *table)
{
    return table ? table->column_count : 0;
}

static const dr_column *column_at(const dr_table *table, size_t column)
{
    return column < dr_table_columns(table) ? &table->columns[column] : NULL;
}

const char *dr_table_column(const dr_table *table, size_t column)
{
    const dr_column *found = column_at(table, column);
    return found ? found->name : "";
}

dr_column_type dr_table_column_type(const dr_table *table, size_t column)
{
    const dr_column *found = column_at(table, column);
    return found ? (dr_column_type)found->show : DR_COLUMN_TEXT;
}

const char *dr_table_column_unit(const dr_table *table, size_t column)
{
    const dr_column *found = column_at(table, column);
    if (!found)
        return "";
    return found->show == DR_SHOW_PERCENT ? "percent"
           : found->show == DR_SHOW_SHARE ? "fraction"
           : found->show == DR_SHOW_VALUE ? table->unit
                                          : "";
}

int dr_table_find(const dr_table *table, const char *column)
{
    for (size_t i = 0; i < dr_table_columns(table) && column; i++)
        if (strcmp(table->columns[i].name, column) == 0)
            return (int)i;
    return -1;
}

/* ---- Cells ------------------------------------------------------------------------------------------------------- */

const char *const *dr_table_texts(const dr_table *table, size_t column)
{
    const dr_column *found = column_at(table, column);
    return found ? (const char *const *)found->texts : NULL;
}

const double *dr_table_numbers(const dr_table *table, size_t column)
{
    const dr_column *found = column_at(table, column);
    return found ? found->numbers : NULL;
}

const char *dr_table_text(const dr_table *table, size_t row, size_t column)
{
    const char *const *texts = dr_table_texts(table, column);
    return texts && row < table->rows ? texts[row] : "";
}

double dr_table_number(const dr_table *table, size_t row, size_t column)
{
    const double *numbers = dr_table_numbers(table, column);
    return numbers && row < table->rows ? numbers[row] : NAN;
}

const char *dr_table_name(const dr_table *table, size_t row, size_t column)
{
    const char *text = dr_table_text(table, row, column);
    const dr_column *found = column_at(table, column);
    const dr_spelling *spelling = found ? found->spelling : NULL;
    for (size_t i = 0; spelling && i < spelling->count; i++)
        if (strcmp(spelling->codes[i].code, text) == 0)
            return *spelling->codes[i].name ? spelling->codes[i].name : text;
    return text;
}

/* ---- Facts, sentences and notes ---------------------------------------------------------------------------------- */

size_t dr_table_facts(const dr_table *table)
{
    return table ? table->fact_count : 0;
}

const char *dr_table_fact_name(const dr_table *table, size_t fact)
{
    return fact < dr_table_facts(table) ? table->facts[fact].name : "";
}

bool dr_table_fact_is_text(const dr_table *table, size_t fact)
{
    return fact < dr_table_facts(table) && table->facts[fact].text;
}

double dr_table_fact(const dr_table *table, const char *name)
{
    for (size_t i = 0; name && i < dr_table_facts(table); i++)
        if (strcmp(table->facts[i].name, name) == 0)
            return table->facts[i].number;
    return NAN;
}

const char *dr_table_fact_text(const dr_table *table, const char *name)
{
    for (size_t i = 0; name && i < dr_table_facts(table); i++)
        if (table->facts[i].text && strcmp(table->facts[i].name, name) == 0)
            return table->facts[i].text;
    return "";
}

size_t dr_table_sentences(const dr_table *table)
{
    return table ? table->sentence_count : 0;
}

const char *dr_table_sentence(const dr_table *table, size_t sentence)
{
    return sentence < dr_table_sentences(table) ? table->sentences[sentence] : "";
}

size_t dr_table_notes(const dr_table *table)
{
    return table ? table->note_count : 0;
}

const char *dr_table_note(const dr_table *table, size_t note)
{
    return note < dr_table_notes(table) ? table->notes[note] : "";
}
