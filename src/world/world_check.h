/* Whether a file is a world: its tables, their columns, types and contents. A world is data and may come from any
 * source. */
#ifndef DR_WORLD_WORLD_CHECK_H
#define DR_WORLD_WORLD_CHECK_H

#include "base/names.h"
#include "world/tables.h"

/* The contents of a file, on which its tables and the table `schema` agree. */
typedef struct dr_contents {
    int version;
    bool is_long;                    /* long format, else inter-country input-output tables */
    bool has[DR_FAMILIES];           /* tables of the family; DR_OF_REGIONS: not product flows only */
    dr_names regions, sectors, uses; /* codes of the ENUM types, in order */
    dr_names tables;                 /* base tables */
} dr_contents;

/* Checks that the file is a world: tables and not views, the columns and types that it should have, no two codes alike;
 * then the rows of the small tables. Nothing in the file is run: no view, no default, and no macro (for writing there
 * must be none). Errors: DR_BAD_INPUT (the first thing that is wrong, and what was expected). Free with
 * dr_contents_free, on failure too. */
dr_status dr_contents_read(dr_contents *out, const dr_duck *duck, bool writing);
void dr_contents_free(dr_contents *contents);

/* Checks the rows of a table: no NULL where none is allowed, numbers finite, texts of UTF-8, years in range, keys
 * unique. *rows is their number (NULL: not wanted). */
dr_status dr_rows_check(const dr_duck *duck, const char *table, size_t *rows);

#endif
