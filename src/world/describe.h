/* The facts that every table of results has about its data. */
#ifndef DR_WORLD_DESCRIBE_H
#define DR_WORLD_DESCRIBE_H

#include "base/table.h"

/* Adds the facts world (its path, "" if none), year (unless 0), unit and source. */
void dr_describe(dr_table *table, const char *world, int year, const char *unit, const char *source);

/* The title, with the year after it unless it is 0. */
void dr_describe_title(dr_table *table, int year, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
