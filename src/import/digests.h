/* SHA-256 of the files on disk that tables are in, taken by a thread of its own while the database reads them. A file
 * in an archive has the archive's, which is taken once for all its files. */
#ifndef DR_IMPORT_DIGESTS_H
#define DR_IMPORT_DIGESTS_H

#include <pthread.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/names.h"

/* A zeroed struct is one that was not started. */
typedef struct dr_digests {
    dr_names disks; /* the files on disk */
    size_t count;
    size_t *disk;                 /* [file]: its index in disks */
    char (*hash)[DR_DIGEST_SIZE]; /* [disk]; "" where it could not be taken */
    pthread_t thread;
    bool running;
} dr_digests;

/* Starts taking them. Errors: DR_MACHINE. End with dr_digests_free, on failure too. */
dr_status dr_digests_start(dr_digests *digests, const char *const *files, size_t count);

/* The digest of a file, for which this waits; NULL where it could not be taken. Borrowed. */
const char *dr_digests_of(dr_digests *digests, size_t file);
void dr_digests_free(dr_digests *digests);

#endif
