/* Files that are written whole or not at all. */
#ifndef DR_BASE_OUTPUT_H
#define DR_BASE_OUTPUT_H

#include <stdio.h>

#include "base/error.h"
#include "base/leftover.h"

/* A file being written. Its bytes go to a file without a name in the same folder, which takes its name when all is
 * written, so that nothing is left however the process may end. Where a file system has no such files, the bytes go to
 * one of another name. */
typedef struct dr_output {
    FILE *file;
    char *part; /* another path to the same bytes; NULL: standard output, a device or a pipe, which get them at once */
    char *path; /* NULL: standard output */
    dr_leftover *named; /* the file has another name, `part`, meanwhile */
} dr_output;

/* Begins the file `path`, or standard output if NULL. Errors: DR_BAD_INPUT (a folder; no such folder), DR_MACHINE. */
dr_status dr_output_open(dr_output *out, const char *path);

/* Ends it: the file is put in its place if `status` is DR_OK and every byte was taken; else no trace of it is left.
 * Returns `status`, or DR_MACHINE (disk full, output closed). */
dr_status dr_output_close(dr_output *out, dr_status status);

/* Puts the name of the output in front of the failure of a writer that used `part`; returns `status`. */
dr_status dr_output_at(const dr_output *out, dr_status status);

#endif
