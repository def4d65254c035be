#include <jansson.h>
#include <math.h>
#include <string.h>

#include "report/column_words.h"
#include "report/number.h"
#include "report/table_write.h"

/* Most names and texts are plain, and stand between quotes as they are. */
static bool is_plain(const char *text)
{
    while (*text >= ' ' && *text < 0x7f && *text != '"' && *text != '\\')
        text++;
    return *text == '\0';
}

/* Numbers are written here and not by Jansson, which knows no shortest digits; what needs care is text. */
static bool write_string(FILE *file, const char *text)
{
    if (is_plain(text)) {
        fputc('"', file);
        fputs(text, file);
        fputc('"', file);
        return true;
    }
    json_t *string = json_string(text);
    bool good = string && json_dumpf(string, file, JSON_ENCODE_ANY) == 0;
    json_decref(string);
    return good || ferror(file); /* a full disk is seen by whoever closes the file */
}

/* Begins a member: on a line of its own if `indent` is one, else after a space. */
static bool write_name(FILE *file, bool *first, const char *indent, const char *name)
{
    fputs(*first ? "" : *indent ? "," : ", ", file); /* of each cell: fprintf would take longer than its number */
    fputs(indent, file);
    *first = false;
    bool good = write_string(file, name);
    fputs(": ", file);
    return good;
}

static void write_number(FILE *file, double number)
{
    char digits[DR_NUMBER_SIZE];
    fputs(isfinite(number) ? dr_number_exact(digits, number) : "null", file);
}

/* The title or unit, unless it is empty or a fact has that name. */
static bool write_label(const dr_table *table, FILE *file, bool *first, const char *name, const char *text)
{
    for (size_t i = 0; i < table->fact_count; i++)
        if (strcmp(table->facts[i].name, name) == 0)
            return true;
    return !*text || (write_name(file, first, "\n  ", name) && write_string(file, text));
}

/* Is a fact before this one in the object that begins with its first `length` letters ("certificate.")? */
static bool seen(const dr_table *table, size_t fact, size_t length)
{
    for (size_t i = 0; i < fact; i++)
        if (strncmp(table->facts[i].name, table->facts[fact].name, length) == 0)
            return true;
    return false;
}

static bool write_facts(const dr_table *table, FILE *file, bool *first, const char *indent, const char *prefix,
                        size_t prefix_length);

/* Fact `i` as a member of the object `prefix`, or, where it is the first of an object within, that object. */
static bool write_fact(const dr_table *table, size_t i, FILE *file, bool *first, const char *indent,
                       size_t prefix_length)
{
    const dr_fact *fact = &table->facts[i];
    const char *rest = fact->name + prefix_length, *dot = strchr(rest, '.');
    if (!dot) {
        bool good = write_name(file, first, indent, rest);
        if (!fact->text)
            write_number(file, fact->number);
        return good && (!fact->text || write_string(file, fact->text));
    }
    size_t length = (size_t)(dot - fact->name) + 1;
    if (seen(table, i, length))
        return true;
    char name[128];
    snprintf(name, sizeof name, "%.*s", (int)(dot - rest), rest);
    bool first_within = true, good = write_name(file, first, indent, name);
    fputc('{', file);
    good = good && write_facts(table, file, &first_within, "", fact->name, length);
    fputc('}', file);
    return good;
}

static bool write_facts(const dr_table *table, FILE *file, bool *first, const char *indent, const char *prefix,
                        size_t prefix_length)
{
    bool good = true;
    for (size_t i = 0; i < table->fact_count && good; i++)
        if (strncmp(table->facts[i].name, prefix, prefix_length) == 0)
            good = write_fact(table, i, file, first, indent, prefix_length);
    return good;
}

static bool write_lines(FILE *file, bool *first, const char *name, const char *const *lines, size_t count)
{
    bool good = write_name(file, first, "\n  ", name);
    fputc('[', file);
    for (size_t i = 0; i < count && good; i++) {
        fputs(i ? ",\n    " : "\n    ", file);
        good = write_string(file, lines[i]);
    }
    fputs(count ? "\n  ]" : "]", file);
    return good;
}

/* The rows that sum up others: {"group": [22, 23], "total": [24]}. Rows themselves have the columns alone,
 * as in CSV. */
static bool write_sums(const dr_table *table, FILE *file, bool *first)
{
    bool good = table->kinds ? write_name(file, first, "\n  ", "sums") : true, first_kind = true;
    for (dr_row_kind kind = DR_ROW_GROUP; table->kinds && kind <= DR_ROW_TOTAL; kind++) {
        size_t count = 0;
        for (size_t row = 0; row < table->rows && good; row++) {
            if (dr_table_row_kind(table, row) != kind)
                continue;
            if (count++ == 0) {
                fputs(first_kind ? "{" : "", file);
                good = write_name(file, &first_kind, "", dr_row_kind_word(kind));
            }
            fprintf(file, "%s%zu", count == 1 ? "[" : ", ", row);
        }
        fputs(count ? "]" : "", file);
    }
    fputs(table->kinds ? "}" : "", file);
    return good;
}

/* {"welfare": {"heading": "welfare", "type": "percent", "unit": "percent", "description": "real income ..."}} */
static bool write_columns(const dr_table *table, FILE *file, bool *first)
{
    static const char *const types[] = {
        [DR_SHOW_TEXT] = "text",   [DR_SHOW_COUNT] = "count", [DR_SHOW_PERCENT] = "percent",
        [DR_SHOW_SHARE] = "share", [DR_SHOW_VALUE] = "value", [DR_SHOW_NUMBER] = "number"};
    char words[DR_WORDS_SIZE];
    bool good = write_name(file, first, "\n  ", "columns"), first_column = true;
    fputc('{', file);
    for (size_t j = 0; j < table->column_count && good; j++) {
        const dr_column *column = &table->columns[j];
        bool first_member = true;
        good = write_name(file, &first_column, "\n    ", column->name);
        fputc('{', file);
        good = good && write_name(file, &first_member, "", "heading") &&
               write_string(file, dr_column_heading(words, column)) && write_name(file, &first_member, "", "type") &&
               write_string(file, types[column->show]) && write_name(file, &first_member, "", "unit") &&
               write_string(file, dr_table_column_unit(table, j)) &&
               write_name(file, &first_member, "", "description") &&
               write_string(file, dr_column_description(words, column));
        fputc('}', file);
    }
    fputs(table->column_count ? "\n  }" : "}", file);
    return good;
}

static bool write_row(const dr_table *table, size_t row, FILE *file)
{
    bool first = true, good = true;
    fputs(row ? ",\n    {" : "\n    {", file);
    for (size_t j = 0; j < table->column_count && good; j++) {
        const dr_column *column = &table->columns[j];
        good = write_name(file, &first, "", column->name);
        if (column->show == DR_SHOW_TEXT)
            good = good && write_string(file, column->texts[row]);
        else
            write_number(file, column->numbers[row]);
    }
    fputc('}', file);
    return good;
}

dr_status dr_write_json(const dr_table *table, FILE *file)
{
    bool first = true;
    fputc('{', file);
    bool good =
        write_facts(table, file, &first, "\n  ", "", 0) && write_label(table, file, &first, "title", table->title) &&
        write_label(table, file, &first, "unit", table->unit) &&
        write_lines(file, &first, "answer", table->sentences, table->sentence_count) &&
        write_lines(file, &first, "notes", table->notes, table->note_count) && write_sums(table, file, &first) &&
        write_columns(table, file, &first) && write_name(file, &first, "\n  ", "rows");
    fputc('[', file);
    for (size_t i = 0; i < table->rows && good; i++)
        good = write_row(table, i, file);
    fputs(table->rows ? "\n  ]\n}\n" : "]\n}\n", file);
    return good ? DR_OK : dr_fail(DR_BAD_INPUT, "a name or text is not UTF-8, which JSON needs; try --format csv");
}
