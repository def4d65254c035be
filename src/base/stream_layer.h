/* Layers of which streams are made: the file on disk, an archive in it, and at the end one that undoes a compression.
 * Only the files that open paths and list archives use them; everything else reads streams (stream.h). */
#ifndef DR_BASE_STREAM_LAYER_H
#define DR_BASE_STREAM_LAYER_H

#include <archive.h>
#include <zlib.h>

#include "base/stream.h"

enum { DR_STREAM_BLOCK = 1 << 16, DR_DEEPEST_ARCHIVE = 8 };

struct dr_stream {
    gzFile file; /* plain or gzip; NULL: an archive or another compression */
    struct archive *archive;
    dr_stream *below;      /* gives the archive its bytes; NULL: the file on disk does */
    dr_stream_maker maker; /* its next is NULL: bytes of a file */
    const char *piece;     /* what is left of the maker's last piece */
    size_t piece_size;
    bool ended;
    double file_size; /* on disk */
    double given;     /* bytes read from here */
    unsigned char block[DR_STREAM_BLOCK];
};

typedef enum dr_stream_layer { DR_COMPRESSED, DR_ARCHIVE } dr_stream_layer;

/* The layer of a file of `size` bytes on disk, read by libarchive. Errors: DR_BAD_INPUT, DR_MACHINE; on failure what
 * was opened is in *out, for the caller to close. */
dr_status dr_stream_disk_layer(dr_stream **out, dr_stream_layer kind, const char *file, double size);

/* The layer of a file that is plain or gzip, which it takes over, on failure too. Errors: DR_MACHINE. */
dr_status dr_stream_gz(dr_stream **out, gzFile file, double size);

/* A layer over another, which it owns from then on, also if this fails. Errors: DR_BAD_INPUT, DR_MACHINE. */
dr_status dr_stream_stack(dr_stream **out, dr_stream_layer kind, dr_stream *below);

/* Begins the one member that a compressed file is. Errors: DR_BAD_INPUT, DR_MACHINE. */
dr_status dr_stream_begin(dr_stream *stream);

/* Fails with what libarchive says of its last failure, in our words where they are plainer. */
dr_status dr_archive_fail(struct archive *a);

/* ---- Of paths (stream.c), for lists of files (files_list.c) ---- */

/* Opens a path as it is to be read, also where it is an archive. Errors: as dr_stream_open. */
dr_status dr_stream_open_path(dr_stream **out, const char *path);

/* Whether a stream holds an archive, by its first bytes, which are read. */
bool dr_stream_holds_archive(dr_stream *stream);

/* Whether a file on disk is an archive, or the compression of one. */
bool dr_file_is_archive(const char *file);

/* Whether people see a folder in the archive of that name: spreadsheets are archives too, but one file to people. */
bool dr_may_hold_files(const char *name);

/* The name of a member. NULL: it has none. */
const char *dr_archive_name(struct archive_entry *entry);

#endif
