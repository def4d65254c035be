/* A table of WIOD's release of 2013 as packages of R carry it: vectors and matrices, countries, industries, inter,
 * final and output, in one list or beside each other (then with the year behind their names: inter00). */
#ifndef DR_IMPORT_WIOT_LIST_H
#define DR_IMPORT_WIOT_LIST_H

#include "import/icio_file.h"

/* Whether an R data file holds such a table. Errors: DR_BAD_INPUT (damaged), DR_MACHINE. */
dr_status dr_wiot_list_is(bool *is, const char *path);

/* There is no value added: it is output less inputs, and a remark says so. */
dr_table_reader dr_wiot_list_read;

#endif
