/* A brief: a document of one to three pages with text, tables and pictures in one file, as HTML, Markdown or PDF. Texts
 * may come from any source: what means something to a browser or to Markdown is written as a letter, and nothing in a
 * brief refers to another file or address. */
#ifndef DR_REPORT_BRIEF_H
#define DR_REPORT_BRIEF_H

#include "report/map.h"
#include "report/plot.h"

typedef struct dr_brief dr_brief;

/* The endings that the name of a brief may have, for the options of commands; NULL at the end. */
extern const char *const dr_brief_endings[];

/* Begins a brief with that heading. Nothing is written before it is closed. Errors: DR_USAGE (another ending),
 * DR_MACHINE. Close with dr_brief_close whatever happens after. */
dr_status dr_brief_open(dr_brief **out, const char *path, const char *title);

/* A line below the heading; headings of parts; a paragraph; an item of a list, with a term before it (NULL: none);
 * lines as they are. A list ends where something else follows. */
void dr_brief_subtitle(dr_brief *brief, const char *text);
void dr_brief_heading(dr_brief *brief, const char *text);
void dr_brief_text(dr_brief *brief, const char *format, ...) __attribute__((format(printf, 2, 3)));
void dr_brief_item(dr_brief *brief, const char *term, const char *text);
void dr_brief_lines(dr_brief *brief, const char *text);

enum { DR_BRIEF_COLUMNS = 20 };

/* Some rows and columns of a table, in this order. */
typedef struct dr_brief_view {
    const dr_table *table;
    const char *caption;
    const size_t *rows;
    size_t row_count, column_count;
    size_t columns[DR_BRIEF_COLUMNS];
    const char *headings[DR_BRIEF_COLUMNS];
} dr_brief_view;

/* The view as text has it: names for codes, numbers with the decimals that people read. */
void dr_brief_table(dr_brief *brief, const dr_brief_view *view);

/* A picture, and what it says in words. Markdown has the words alone. Errors: as dr_plot_write, dr_map_write. */
dr_status dr_brief_plot(dr_brief *brief, const dr_plot *plot, const char *words);
dr_status dr_brief_map(dr_brief *brief, const dr_map *map, const char *words);

/* Writes the brief, whole or not at all, if `status` is DR_OK, and frees it. PDF is printed by a browser (Chromium or
 * Chrome). The same brief has the same bytes on any day. Returns `status`, or DR_BAD_INPUT (no such folder), DR_MACHINE
 * (no browser, no memory, cannot write). */
dr_status dr_brief_close(dr_brief *brief, dr_status status);

#endif
