#include "base/sentences.h"

#include <stdarg.h>
#include <stdlib.h>

#include "base/print.h"

enum { ABOUT, SAYS };

dr_status dr_sentences_new(dr_table **out)
{
    static const dr_column_spec columns[] = {[ABOUT] = {"about", DR_SHOW_TEXT}, [SAYS] = {"says", DR_SHOW_TEXT}};
    dr_table *page = NULL;
    DR_TRY(dr_table_new(&page, columns, sizeof columns / sizeof *columns));
    dr_table_keep_rows(page);
    *out = page;
    return DR_OK;
}

void dr_sentences_move(dr_table *page, const char *about, dr_table *from)
{
    for (size_t j = 0; j < from->sentence_count; j++) {
        size_t row = dr_table_add_row(page);
        dr_table_set_text(page, row, ABOUT, about);
        dr_table_set_text(page, row, SAYS, from->sentences[j]);
    }
    from->sentence_count = 0;
}

void dr_sentences_add(dr_table *page, const char *about, const char *format, ...)
{
    va_list arguments;
    char *text = NULL;
    va_start(arguments, format);
    if (dr_vprint_new(&text, format, arguments) < 0)
        page->failed = true;
    va_end(arguments);
    if (text)
        dr_table_say(page, "%s", text);
    free(text);
    dr_sentences_move(page, about, page);
}
