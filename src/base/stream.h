/* Bytes of a file one after the other: plain, compressed (gzip, bzip2, xz, zstd), or in an archive (zip, 7z, tar), of
 * which a path goes on inside: "tables.zip/2011.csv", also of an archive in an archive,
 * "all.zip/2011-2015.zip/2011.csv". */
#ifndef DR_BASE_STREAM_H
#define DR_BASE_STREAM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/names.h"
#include "base/portable.h"

typedef struct dr_stream dr_stream;

/* Opens a path for reading. Errors: DR_BAD_INPUT (missing, a folder, a member that the archive does not have, a
 * password, an archive where a file was expected), DR_MACHINE. Free with dr_stream_close. */
dr_status dr_stream_open(dr_stream **out, const char *path);

/* The same for bytes in memory, which are copied; they may be compressed. `name` stands for the path in messages. */
dr_status dr_stream_open_memory(dr_stream **out, const char *name, const void *bytes, size_t size);
void dr_stream_close(dr_stream *stream);

/* The same for bytes that functions make: `next` gives the next piece, good until it is called again (*size 0 at the
 * end), `done` the share made so far, `close` frees `user`, also where this fails. */
typedef struct dr_stream_maker {
    dr_status (*next)(void *user, const char **bytes, size_t *size);
    double (*done)(const void *user);
    void (*close)(void *user);
    void *user;
} dr_stream_maker;
dr_status dr_stream_make(dr_stream **out, const dr_stream_maker *maker);

/* Copies what a path holds, uncompressed, into memory under a name that any program part can open as a file; the name
 * is good until close(*file). Errors: as dr_stream_open and dr_stream_read. */
dr_status dr_stream_to_memory(int *file, char name[DR_DESCRIPTOR_PATH_SIZE], const char *path);

/* Reads up to `size` bytes; *got is 0 at the end. The message of an error has no path, so that callers can add the line
 * to it. Errors: DR_BAD_INPUT (damaged or truncated data, data that expand more than a thousandfold), DR_MACHINE. */
dr_status dr_stream_read(dr_stream *stream, void *bytes, size_t size, size_t *got);

/* The share of the file's own bytes read so far, for progress. */
double dr_stream_done(const dr_stream *stream);

/* The file on disk that a path is or lies in, and in *inside the rest of the path, NULL where there is none. Free the
 * result. NULL: there is none, or no memory. */
char *dr_stream_disk(const char *path, const char **inside);

/* Whether a path on disk is an archive that has members (not a file that is only compressed). */
bool dr_is_archive(const char *path);

/* Whether a file on disk is compressed otherwise than by gzip. */
bool dr_is_compressed(const char *file);

/* Adds the paths of the files below a path: itself where it is a file; those of a folder, of an archive, of a folder in
 * an archive, and of archives in them, in the order of their names. Files that systems leave (".DS_Store", "__MACOSX")
 * are left out. Errors: DR_BAD_INPUT, DR_MACHINE. */
dr_status dr_files_list(dr_names *paths, const char *path);

#endif
