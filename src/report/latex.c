#include <string.h>

#include "base/clean.h"
#include "report/number.h"
#include "report/table_write.h"

/* Characters with a meaning in LaTeX. */
static void put_text(FILE *file, const char *text)
{
    static const struct {
        char letter;
        const char *written;
    } special[] = {{'&', "\\&"},
                   {'%', "\\%"},
                   {'$', "\\$"},
                   {'#', "\\#"},
                   {'_', "\\_"},
                   {'{', "\\{"},
                   {'}', "\\}"},
                   {'~', "\\textasciitilde{}"},
                   {'^', "\\textasciicircum{}"},
                   {'\\', "\\textbackslash{}"},
                   {'<', "\\textless{}"},
                   {'>', "\\textgreater{}"}};
    bool steers = false;
    text += strspn(text, " "); /* which align in other formats */
    for (size_t left = strlen(text), bytes; left > 0; text += bytes, left -= bytes) {
        bytes = dr_character(text, left, &steers);
        const char *written = NULL;
        for (size_t i = 0; i < sizeof special / sizeof *special; i++)
            if (special[i].letter == *text)
                written = special[i].written;
        if (written)
            fputs(written, file);
        else
            dr_print_clean(file, text, bytes);
    }
}

static bool is_empty(const dr_table *table, size_t row)
{
    for (size_t c = 0; c < table->column_count; c++)
        if (!table->columns[c].texts || *dr_table_text(table, row, c))
            return false;
    return true;
}

static void put_cell(FILE *file, const dr_table *table, size_t row, size_t column)
{
    char digits[DR_NUMBER_SIZE];
    put_text(file, dr_cell_shown(digits, table, row, column));
}

static void put_head(FILE *file, const dr_table *table)
{
    fputs("\\begin{tabular}{l", file);
    for (size_t c = 1; c < table->column_count; c++)
        fputc(table->columns[c].texts ? 'c' : 'r', file);
    fputs("}\n\\toprule\n", file);
    for (size_t c = 0; c < table->column_count; c++) {
        fputs(c ? " & " : "", file);
        put_text(file, table->columns[c].name);
    }
    fputs(" \\\\\n\\midrule\n", file);
}

/* A line of its own: what is in it cannot leave the comment. */
static void put_comment(FILE *file, const char *text)
{
    fputs("% ", file);
    dr_print_clean(file, text, strlen(text));
    fputc('\n', file);
}

void dr_write_latex(const dr_table *table, FILE *file)
{
    put_comment(file, table->title);
    for (size_t i = 0; i < table->sentence_count; i++)
        put_comment(file, table->sentences[i]);
    put_comment(file, "needs \\usepackage{booktabs}");
    put_head(file, table);
    for (size_t row = 0; row < table->rows; row++) {
        if (is_empty(table, row)) {
            fputs("\\midrule\n", file);
            continue;
        }
        for (size_t c = 0; c < table->column_count; c++) {
            fputs(c ? " & " : "", file);
            put_cell(file, table, row, c);
        }
        fputs(" \\\\\n", file);
    }
    fputs("\\bottomrule\n\\end{tabular}\n", file);
    if (*table->unit)
        put_comment(file, table->unit);
    for (size_t i = 0; i < table->note_count; i++)
        put_comment(file, table->notes[i]);
}
