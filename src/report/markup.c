/* Tables as Markdown and as a page of HTML. */
#include <string.h>

#include "base/clean.h"
#include "report/number.h"
#include "report/table_write.h"

/* Letters with a meaning, and what stands for them. */
typedef struct escape {
    char letter;
    const char *written;
} escape;

static const escape of_markdown[] = {{'|', "\\|"}, {'*', "\\*"}, {'_', "\\_"},   {'`', "\\`"},
                                     {'<', "\\<"}, {'[', "\\["}, {'\\', "\\\\"}, {0}};
static const escape of_html[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {0}};

static void put(FILE *file, const char *text, const escape *escapes)
{
    bool steers = false;
    text += strspn(text, " "); /* which align in other formats */
    for (size_t left = strlen(text), bytes; left > 0; text += bytes, left -= bytes) {
        const escape *e = escapes;
        bytes = dr_character(text, left, &steers);
        while (e->letter && e->letter != *text)
            e++;
        if (e->letter)
            fputs(e->written, file);
        else
            dr_print_clean(file, text, bytes);
    }
}

static void put_cell(FILE *file, const dr_table *table, size_t row, size_t column, const escape *escapes)
{
    char digits[DR_NUMBER_SIZE];
    put(file, dr_cell_shown(digits, table, row, column), escapes);
}

void dr_write_markdown(const dr_table *table, FILE *file)
{
    fputs("**", file);
    put(file, table->title, of_markdown);
    fputs("**\n\n", file);
    for (size_t i = 0; i < table->sentence_count; i++) {
        put(file, table->sentences[i], of_markdown);
        fputs("\n\n", file);
    }
    for (size_t c = 0; c < table->column_count; c++) {
        fputs("| ", file);
        put(file, table->columns[c].name, of_markdown);
        fputc(' ', file);
    }
    fputs("|\n", file);
    for (size_t c = 0; c < table->column_count; c++)
        fputs(dr_column_is_right(table, c) ? "| ---: " : "| --- ", file);
    fputs("|\n", file);
    for (size_t row = 0; row < table->rows; row++) {
        for (size_t c = 0; c < table->column_count; c++) {
            fputs("| ", file);
            put_cell(file, table, row, c, of_markdown);
            fputc(' ', file);
        }
        fputs("|\n", file);
    }
    if (*table->unit) {
        fputc('\n', file);
        put(file, table->unit, of_markdown);
        fputc('\n', file);
    }
    for (size_t i = 0; i < table->note_count; i++) {
        fputs(i ? "- " : "\n- ", file);
        put(file, table->notes[i], of_markdown);
        fputc('\n', file);
    }
}

static void put_tag(FILE *file, const char *tag, const char *text)
{
    fprintf(file, "<%s>", tag);
    put(file, text, of_html);
    fprintf(file, "</%s>\n", tag);
}

static void put_rows(FILE *file, const dr_table *table)
{
    fputs("<table>\n<thead><tr>", file);
    for (size_t c = 0; c < table->column_count; c++) {
        fputs(dr_column_is_right(table, c) ? "<th class=\"n\">" : "<th>", file);
        put(file, table->columns[c].name, of_html);
        fputs("</th>", file);
    }
    fputs("</tr></thead>\n<tbody>\n", file);
    for (size_t row = 0; row < table->rows; row++) {
        fputs("<tr>", file);
        for (size_t c = 0; c < table->column_count; c++) {
            fputs(dr_column_is_right(table, c) ? "<td class=\"n\">" : "<td>", file);
            put_cell(file, table, row, c, of_html);
            fputs("</td>", file);
        }
        fputs("</tr>\n", file);
    }
    fputs("</tbody>\n</table>\n", file);
}

void dr_write_html(const dr_table *table, FILE *file)
{
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n", file);
    put_tag(file, "title", table->title);
    fputs("<style>body{font-family:serif}table{border-collapse:collapse;border-top:2px solid;border-bottom:2px solid}"
          "thead{border-bottom:1px solid}th,td{padding:2px 10px;text-align:left}.n{text-align:right}</style>\n"
          "</head>\n<body>\n",
          file);
    put_tag(file, "h1", table->title);
    for (size_t i = 0; i < table->sentence_count; i++)
        put_tag(file, "p", table->sentences[i]);
    put_rows(file, table);
    if (*table->unit)
        put_tag(file, "p", table->unit);
    if (table->note_count > 0)
        fputs("<ul>\n", file);
    for (size_t i = 0; i < table->note_count; i++)
        put_tag(file, "li", table->notes[i]);
    fputs(table->note_count > 0 ? "</ul>\n</body>\n</html>\n" : "</body>\n</html>\n", file);
}
