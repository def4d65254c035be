/* Lines of a page of text: wrapped, coloured on terminals that ask for it, and what stands around a table. */
#ifndef DR_REPORT_TEXT_PAGE_H
#define DR_REPORT_TEXT_PAGE_H

#include "report/table_write.h"

typedef struct dr_text_page {
    FILE *file;
    dr_text_device device;
} dr_text_page;

extern const char DR_TEXT_BOLD[], DR_TEXT_FAINT[], DR_TEXT_RED[], DR_TEXT_GREEN[];

/* The width at which text is wrapped; a row of numbers may be longer if it does not go to a terminal. */
size_t dr_text_width(const dr_text_page *page);

/* Characters of UTF-8 text; each is taken to be one column wide. */
size_t dr_text_characters(const char *text, size_t bytes);

void dr_text_spaces(const dr_text_page *page, size_t count);

/* Writes bytes of a text in a style (NULL: plain), without what steers terminals. */
void dr_text_styled(const dr_text_page *page, const char *style, const char *text, size_t bytes);

/* Line number `line` of a text that is wrapped to `width`: its start, and its bytes; none after the last. */
const char *dr_text_line(const char *text, size_t width, size_t line, size_t *bytes);

/* Writes text from character `indent` of a line to its end; lines that follow are indented as much. */
void dr_text_wrapped(const dr_text_page *page, const char *style, const char *text, size_t indent);

/* Title, answer and unit of a table; and what stands below it: source, settings, certificate and notes. */
void dr_text_heading(const dr_text_page *page, const dr_table *table);
void dr_text_notes(const dr_text_page *page, const dr_table *table);

#endif
