/* Looks at files, never waiting for a pipe, and at their names. */
#ifndef DR_BASE_FILE_H
#define DR_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* Is `path` a file, no pipe and no device, with these bytes at that place? */
bool dr_file_has(const char *path, size_t at, const char *bytes, size_t size);

/* Whether a name ends in `ending` (".csv"), in any case, and has something before it. */
bool dr_path_ends(const char *path, const char *ending);

#endif
