/* Dates of changes (docs/years.md): from when to when one is in force, and amounts that differ from year to year. */
#ifndef DR_SCENARIO_DATES_H
#define DR_SCENARIO_DATES_H

#include <stdbool.h>

#include "base/yaml.h"

/* The year of a path for which a document is read. */
typedef struct dr_dates {
    int table; /* the year of the table, before the first of the path */
    int year;
    int last; /* of the path */
} dr_dates;

/* The keys beside the instrument of a change. */
enum { DR_DATES_FROM, DR_DATES_UNTIL, DR_DATES_KEYS };
extern const char *const dr_dates_keys[DR_DATES_KEYS];

/* Whether a change with these values of the keys (NULL: not given) is in force; `dates` NULL: the document is not read
 * for a year, and may have none. Errors: DR_BAD_INPUT at the place (no year; not on the path; out of order). */
dr_status dr_dates_in_force(const dr_dates *dates, const dr_yaml *yaml, yaml_node_t *const values[DR_DATES_KEYS],
                            bool *in_force);

/* The amount of the year where *value is a mapping from years to amounts: that of the latest year that is not later;
 * NULL before the first. Errors: as above. */
dr_status dr_dates_amount(const dr_dates *dates, dr_yaml *yaml, yaml_node_t **value);

#endif
