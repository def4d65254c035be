/* Files that circulate with damage and can be told by their digests alone. */
#ifndef DR_IMPORT_DAMAGED_H
#define DR_IMPORT_DAMAGED_H

#include <stddef.h>

#include "base/error.h"

typedef struct dr_damaged {
    const char *edition; /* and year of the table, so that other files need no digest */
    int year;
    const char *digest; /* "md5:HEX", of the file as it is on disk */
    const char *what;   /* "a copy of ...: take ..." */
} dr_damaged;

extern const dr_damaged dr_damaged_files[];
extern const size_t dr_damaged_count;

/* Fails where the file, a table of that edition and year, is one of the list; a file in an archive is none. Errors:
 * DR_BAD_INPUT, DR_MACHINE. */
dr_status dr_damaged_check(const char *path, const char *edition, int year, const dr_damaged *list, size_t count);

#endif
