/* A temporary file that holds, plain, what the database cannot read where it lies: a file in an archive, one that is
 * compressed otherwise than by gzip, or as CSV a table of Arrow or R. It has no name, so that nothing of it stays
 * behind however the process ends. */
#ifndef DR_BASE_SCRATCH_H
#define DR_BASE_SCRATCH_H

#include <stdbool.h>

#include "base/error.h"
#include "base/portable.h"

/* A zeroed struct is a closed one. */
typedef struct dr_scratch {
    int file;
    char path[DR_DESCRIPTOR_PATH_SIZE]; /* by which this process opens it; "" while closed */
} dr_scratch;

/* Whether the database has to be given an unpacked copy of this file. One that is not there needs none. */
bool dr_scratch_is_needed(const char *path);

/* Opens an empty file on the disk of `beside`. Errors: DR_BAD_INPUT (no such folder), DR_MACHINE. */
dr_status dr_scratch_open(dr_scratch *out, const char *beside);

/* Makes the content that of the file at `path` (base/stream.h), a block at a time. Errors: DR_BAD_INPUT (damaged),
 * DR_MACHINE (the disk is full). */
dr_status dr_scratch_fill(dr_scratch *scratch, const char *path);
void dr_scratch_close(dr_scratch *scratch);

#endif
