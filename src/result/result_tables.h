/* The tables of a solution by name. */
#ifndef DR_RESULT_RESULT_TABLES_H
#define DR_RESULT_RESULT_TABLES_H

#include "base/error.h"

typedef struct dr_result_table {
    const char *name;
    dr_status (*make)(dr_table **out, const dr_solution *solution);
} dr_result_table;

/* Those of a run that is stored, then those that follow from them. */
enum { DR_STORED_TABLES = 6, DR_RESULT_TABLES };
extern const dr_result_table dr_result_tables[DR_RESULT_TABLES];

#endif
