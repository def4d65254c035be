/* An inter-country input-output table in a sheet of a workbook: the releases of 2013 and 2016 of the World Input-Output
 * Database, and the tables of the Asian Development Bank, which follow it. */
#ifndef DR_IMPORT_WIOT_SHEET_H
#define DR_IMPORT_WIOT_SHEET_H

#include <stdbool.h>

#include "import/icio_file.h"

/* Whether a workbook has such a sheet. */
bool dr_wiot_sheet_is(const char *path);

/* Reads the first such sheet, whose name may hold the year. Codes of sectors and uses are those of the release of 2016
 * (A01, CONS_h), else the numbers of columns (c1, c37, F1). Errors name sheet, row and column. */
dr_table_reader dr_wiot_sheet_read;

#endif
