/* The cells of a workbook (xlsx, a zip of XML), row by row, through expat. Formulas count by the values stored with
 * them. */
#ifndef DR_IMPORT_XLSX_H
#define DR_IMPORT_XLSX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/csv.h"
#include "base/names.h"

/* The names of a workbook's sheets, in their order. Errors: DR_BAD_INPUT (no workbook), DR_MACHINE. */
dr_status dr_xlsx_sheets(dr_names *names, const char *path);

/* A row, from 1, as cells of text: numbers as they are stored, "" where a cell is empty. *stop ends the reading.
 * Borrowed until it returns. */
typedef dr_status dr_xlsx_row(void *user, size_t row, const char *const *cells, size_t count, bool *stop);

/* Hands over the rows of sheet number `sheet`, from 0; empty rows at the end are left out. Errors: DR_BAD_INPUT (no
 * such sheet, damaged), what `take` gives, DR_MACHINE. */
dr_status dr_xlsx_read(const char *path, size_t sheet, dr_xlsx_row *take, void *user);

/* Opens the sheet of that name as the CSV that it would be; its lines are the sheet's rows. Errors: DR_BAD_INPUT (no
 * workbook, no such sheet, damaged), DR_MACHINE. */
dr_status dr_xlsx_csv(dr_csv **out, const char *path, const char *sheet);

#endif
