/* The place where a new world is made: a hidden folder beside it, which only its user can enter. DuckDB writes by name
 * only, and puts a log beside its file. The process that holds the folder's lock makes the world; others wait for some
 * seconds. Files that a killed process left in it are removed by the next; nothing else is ever touched. */
#ifndef DR_WORLD_STAGING_H
#define DR_WORLD_STAGING_H

#include "base/error.h"
#include "base/leftover.h"

enum { DR_STAGING_FILES = 4 };

typedef struct dr_staging {
    char *folder;                  /* ".new.world.derisk" */
    char *files[DR_STAGING_FILES]; /* the world, and the logs that DuckDB may put beside it */
    dr_leftover *leftovers[1 + DR_STAGING_FILES];
    int lock; /* of the folder; -1: not taken */
} dr_staging;

/* Errors: DR_BAD_INPUT (no such folder), DR_MACHINE (no permission; another program makes this world). End with
 * dr_staging_end. */
dr_status dr_staging_begin(dr_staging *out, const char *path);

/* Removes what is left, also of one that could not begin. */
void dr_staging_end(dr_staging *staging);

#endif
