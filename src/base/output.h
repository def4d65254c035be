/* Files that are written whole or not at all. */
#ifndef DR_BASE_OUTPUT_H
#define DR_BASE_OUTPUT_H

#include <stdio.h>

#include "base/error.h"

/* A file being written. Bytes go to `part`, beside the file that is meant, and take its name when all is written. `part` is
 * NULL where that cannot be: for standard output, a device or a pipe, which get the bytes as they come. */
typedef struct dr_output {
    FILE *file;
    char *part;
    char *path; /* NULL: standard output */
} dr_output;

/* Begins the file `path`, or standard output if NULL. Errors: DR_BAD_INPUT (a folder; no such folder), DR_MACHINE. */
dr_status dr_output_open(dr_output *out, const char *path);

/* Ends it: the file is put in its place if `status` is DR_OK and every byte was taken; else no trace of it is left. Returns
 * `status`, or DR_MACHINE (disk full, output closed). */
dr_status dr_output_close(dr_output *out, dr_status status);

#endif
