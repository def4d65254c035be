/* Columns of files by name, as programs and publishers write one name: refYear, ref_year, "Ref Year" and REFYEAR. */
#ifndef DR_BASE_COLUMN_H
#define DR_BASE_COLUMN_H

#include <stdbool.h>

#include "base/csv.h"
#include "base/names.h"

/* Whether a column has one of the names between bars, whatever the case and the marks between letters. */
bool dr_column_is(const char *names, const char *column);

/* The column that has the first of the names between bars that any has; -1: none has one. '?' in front of the names
 * means nothing here. In a list of columns, and in a header just read. */
int dr_column_find(const dr_names *columns, const char *names);
int dr_csv_column(const dr_csv *csv, const char *names);

#endif
