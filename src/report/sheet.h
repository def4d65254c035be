/* A sheet that gnuplot, the plotting program, draws on: what all pictures have in common. */
#ifndef DR_REPORT_SHEET_H
#define DR_REPORT_SHEET_H

#include <stdio.h>

#include "base/table.h"

enum { DR_SHEET_WIDTH = 960 };

/* Where a picture goes: a file of its own, or as SVG into an open one. */
typedef struct dr_sheet_to {
    const char *path; /* NULL: into `svg` */
    FILE *svg;
} dr_sheet_to;

typedef enum dr_sheet_kind { DR_SHEET_SVG, DR_SHEET_PNG, DR_SHEET_PDF } dr_sheet_kind;

/* A picture that is being drawn. Pixels are those of an SVG; a PNG has two for each, and a PDF has points. */
typedef struct dr_sheet {
    dr_sheet_to to;
    FILE *script; /* what gnuplot is told */
    dr_sheet_kind kind;
    double height;
} dr_sheet;

/* The endings that the name of a picture may have, for the options of commands; NULL at the end. */
extern const char *const dr_sheet_endings[];

/* Fails (DR_USAGE) unless `path` ends with one of them. */
dr_status dr_sheet_check(const char *path);

/* Starts a picture. Errors: as above; DR_MACHINE. Close it whatever happens after. */
dr_status dr_sheet_open(dr_sheet *out, dr_sheet_to to);

/* The paper and its letters, the title and source of the table, and a line below the title. */
void dr_sheet_frame(dr_sheet *sheet, const dr_table *table, const char *what, double height);

/* `length` bytes of a text in single quotes, in which gnuplot takes nothing but these for more than a letter: names
 * in a world must not be able to run anything. In a format, percent signs are written twice. */
void dr_sheet_quoted(const dr_sheet *sheet, const char *text, size_t length, bool format);
void dr_sheet_text(const dr_sheet *sheet, const char *text);

/* A text at a place in pixels from the left and from the top; `look` is gnuplot's, such as "left font ',9'". */
void dr_sheet_label(const dr_sheet *sheet, const char *text, double x, double y, const char *look);

/* Draws into its file, whole or not at all. The same picture has the same bytes on any day. Errors: DR_BAD_INPUT (no
 * such folder), DR_MACHINE (no gnuplot there, cannot write). */
dr_status dr_sheet_draw(const dr_sheet *sheet);
void dr_sheet_close(dr_sheet *sheet);

#endif
