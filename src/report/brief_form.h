/* The forms of a brief. A part of brief.c. */
#ifndef DR_REPORT_BRIEF_FORM_H
#define DR_REPORT_BRIEF_FORM_H

#include <stdio.h>

#include "base/error.h"
#include "report/brief.h"

/* How each piece is written; texts are as they came. */
typedef struct dr_brief_form {
    void (*begin)(FILE *file, const char *title);
    void (*subtitle)(FILE *file, const char *text);
    void (*heading)(FILE *file, const char *text);
    void (*paragraph)(FILE *file, const char *text);
    void (*list)(FILE *file, bool begins); /* the begin or end of a list */
    void (*item)(FILE *file, const char *term, const char *text);
    void (*lines)(FILE *file, const char *text);
    void (*caption)(FILE *file, const char *text); /* the begin of a table */
    void (*row)(FILE *file, const char *const *cells, const bool *numbers, size_t count, bool heading);
    void (*end_table)(FILE *file);
    /* `svg`: the picture, whose identifiers get `number` in front of them */
    void (*picture)(FILE *file, const char *svg, size_t number, const char *words);
    void (*end)(FILE *file);
    bool pictures; /* are drawn */
} dr_brief_form;

extern const dr_brief_form dr_brief_html, dr_brief_markdown;

/* Prints a page of HTML as PDF, into an open file. Errors: DR_MACHINE. */
dr_status dr_brief_print(const char *html, size_t size, FILE *to);

#endif
