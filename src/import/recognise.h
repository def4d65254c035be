/* Which of the formats that derisk reads a file is in, by its content. */
#ifndef DR_IMPORT_RECOGNISE_H
#define DR_IMPORT_RECOGNISE_H

#include "base/error.h"

typedef enum dr_file_kind {
    DR_FILE_UNKNOWN,
    DR_FILE_MATRIX, /* an inter-country table whose rows and columns have labels: ICIO, FIGARO */
    DR_FILE_FLAT,   /* the same with a row for each cell: FIGARO */
    DR_FILE_FRAME,  /* the same as WIOD has it in R */
    DR_FILE_SHEET,  /* a workbook with such a table: WIOD, the Asian Development Bank */
    DR_FILE_LONG,   /* a file of the long format's folder */
    DR_FILE_BACI,
    DR_FILE_COMTRADE,
    DR_FILE_COMEXT,
    DR_FILE_ENERGY,
    DR_FILE_MATERIALS
} dr_file_kind;

/* "BACI product flows", with its article. */
const char *dr_file_kind_name(dr_file_kind format);

/* Reads the first row. Text that is no table, and files that are no text, are DR_FILE_UNKNOWN; then `looks`, if it is
 * not NULL, gets what the file looks like and what to do ("an Excel workbook; ..."). Errors: DR_BAD_INPUT (missing,
 * damaged), DR_MACHINE. */
enum { DR_LOOKS_SIZE = 400 };
dr_status dr_recognise(dr_file_kind *out, const char *path, char looks[DR_LOOKS_SIZE]);

#endif
