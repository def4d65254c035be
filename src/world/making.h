/* The place where a new world is made: a hidden folder beside it, which only its user can enter. DuckDB writes by name
 * only, and puts a log beside its file. Who has the folder's lock makes the world; whoever else would waits for some
 * seconds. What a killed process left in it is removed by the next; nothing else is ever touched. */
#ifndef DR_WORLD_MAKING_H
#define DR_WORLD_MAKING_H

#include "base/error.h"
#include "base/leftover.h"

enum { DR_MAKING_FILES = 4 };

typedef struct dr_making {
    char *folder;                 /* ".new.world.derisk" */
    char *files[DR_MAKING_FILES]; /* the world, and the logs that DuckDB may put beside it */
    dr_leftover *leftovers[1 + DR_MAKING_FILES];
    int lock; /* of the folder; -1: not taken */
} dr_making;

/* Errors: DR_BAD_INPUT (no such folder), DR_MACHINE (no permission; another program makes this world). End with
 * dr_making_end. */
dr_status dr_making_begin(dr_making *out, const char *path);

/* Removes what is left, also of one that could not begin. */
void dr_making_end(dr_making *making);

#endif
