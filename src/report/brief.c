#include "report/brief.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/output.h"
#include "base/print.h"
#include "report/brief_form.h"
#include "report/number.h"

typedef enum brief_kind { HTML, MARKDOWN, PDF } brief_kind;

const char *const dr_brief_endings[] = {[HTML] = "html", [MARKDOWN] = "md", [PDF] = "pdf", NULL};

struct dr_brief {
    char *path;
    brief_kind kind;
    const dr_brief_form *form;
    FILE *file; /* of the text */
    char *text;
    size_t size, pictures;
    bool in_list;
};

/* ---- Begin and end ----------------------------------------------------------------------------------------------- */

static void free_brief(dr_brief *brief)
{
    if (brief->file)
        fclose(brief->file);
    free(brief->text);
    free(brief->path);
    free(brief);
}

dr_status dr_brief_open(dr_brief **out, const char *path, const char *title)
{
    size_t kind = 0;
    char ending[8];
    for (; dr_brief_endings[kind]; kind++) {
        snprintf(ending, sizeof ending, ".%s", dr_brief_endings[kind]);
        if (dr_path_ends(path, ending))
            break;
    }
    if (!dr_brief_endings[kind])
        return dr_fail(DR_USAGE, "%s: a brief's name ends with .html, .md or .pdf", path);
    dr_brief *brief = dr_new(1, sizeof *brief);
    if (!brief)
        return dr_fail_memory();
    brief->kind = (brief_kind)kind;
    brief->form = kind == MARKDOWN ? &dr_brief_markdown : &dr_brief_html;
    brief->path = strdup(path);
    brief->file = open_memstream(&brief->text, &brief->size);
    if (!brief->path || !brief->file) {
        free_brief(brief);
        return dr_fail_memory();
    }
    brief->form->begin(brief->file, title);
    *out = brief;
    return DR_OK;
}

static dr_status write_out(const dr_brief *brief)
{
    dr_output output;
    DR_TRY(dr_output_open(&output, brief->path));
    dr_status status = DR_OK;
    if (brief->kind == PDF)
        status = dr_brief_print(brief->text, brief->size, output.file);
    else
        fwrite(brief->text, 1, brief->size, output.file);
    return dr_output_close(&output, status);
}

static void end_list(dr_brief *brief)
{
    if (brief->in_list)
        brief->form->list(brief->file, false);
    brief->in_list = false;
}

dr_status dr_brief_close(dr_brief *brief, dr_status status)
{
    if (!brief)
        return status;
    end_list(brief);
    brief->form->end(brief->file);
    bool whole = fflush(brief->file) == 0 && !ferror(brief->file);
    if (status == DR_OK)
        status = whole ? write_out(brief) : dr_fail_memory();
    free_brief(brief);
    return status;
}

/* ---- Text -------------------------------------------------------------------------------------------------------- */

void dr_brief_subtitle(dr_brief *brief, const char *text)
{
    brief->form->subtitle(brief->file, text);
}

void dr_brief_heading(dr_brief *brief, const char *text)
{
    end_list(brief);
    brief->form->heading(brief->file, text);
}

void dr_brief_text(dr_brief *brief, const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    int length = dr_vprint_new(&text, format, arguments);
    va_end(arguments);
    end_list(brief);
    if (length >= 0)
        brief->form->paragraph(brief->file, text);
    free(text);
}

void dr_brief_item(dr_brief *brief, const char *term, const char *text)
{
    if (!brief->in_list)
        brief->form->list(brief->file, true);
    brief->in_list = true;
    brief->form->item(brief->file, term, text);
}

void dr_brief_lines(dr_brief *brief, const char *text)
{
    end_list(brief);
    brief->form->lines(brief->file, text);
}

/* ---- Tables ------------------------------------------------------------------------------------------------------ */

/* The decimals of a column, by its largest number among the rows shown. */
static int decimals_of(const dr_brief_view *view, size_t column)
{
    double largest = 0;
    for (size_t i = 0; i < view->row_count; i++)
        largest = fmax(largest, fabs(dr_table_number(view->table, view->rows[i], column)));
    return dr_number_decimals(view->table->columns[column].show, largest);
}

void dr_brief_table(dr_brief *brief, const dr_brief_view *view)
{
    char digits[DR_BRIEF_COLUMNS][DR_NUMBER_SIZE];
    const char *cells[DR_BRIEF_COLUMNS] = {0};
    bool numbers[DR_BRIEF_COLUMNS] = {0};
    int decimals[DR_BRIEF_COLUMNS] = {0};
    end_list(brief);
    brief->form->caption(brief->file, view->caption);
    for (size_t j = 0; j < view->column_count; j++) {
        numbers[j] = view->table->columns[view->columns[j]].show != DR_SHOW_TEXT;
        decimals[j] = decimals_of(view, view->columns[j]);
    }
    brief->form->row(brief->file, view->headings, numbers, view->column_count, true);
    for (size_t i = 0; i < view->row_count; i++) {
        for (size_t j = 0; j < view->column_count; j++) {
            size_t row = view->rows[i], column = view->columns[j];
            cells[j] = numbers[j] ? dr_number_shown(digits[j], view->table->columns[column].show, decimals[j],
                                                    dr_table_number(view->table, row, column))
                                  : dr_table_name(view->table, row, column);
        }
        brief->form->row(brief->file, cells, numbers, view->column_count, false);
    }
    brief->form->end_table(brief->file);
}

/* ---- Pictures ---------------------------------------------------------------------------------------------------- */

static dr_status add_picture(dr_brief *brief, const dr_plot *plot, const dr_map *map, const char *words)
{
    char *svg = NULL;
    size_t size = 0;
    end_list(brief);
    if (!brief->form->pictures) {
        brief->form->picture(brief->file, "", 0, words);
        return DR_OK;
    }
    FILE *memory = open_memstream(&svg, &size);
    if (!memory)
        return dr_fail_memory();
    const dr_sheet_to to = {.svg = memory};
    dr_status status = plot ? dr_plot_draw(plot, to) : dr_map_draw(map, to);
    if (fclose(memory) != 0 && status == DR_OK)
        status = dr_fail_memory();
    if (status == DR_OK)
        brief->form->picture(brief->file, svg, ++brief->pictures, words);
    free(svg);
    return status;
}

dr_status dr_brief_plot(dr_brief *brief, const dr_plot *plot, const char *words)
{
    return add_picture(brief, plot, NULL, words);
}

dr_status dr_brief_map(dr_brief *brief, const dr_map *map, const char *words)
{
    return add_picture(brief, NULL, map, words);
}
