/* The messages of which Arrow files and streams consist, and the buffers of their batches of rows. Used by arrow_file.c
 * alone. */
#ifndef DR_BASE_ARROW_MESSAGE_H
#define DR_BASE_ARROW_MESSAGE_H

#include "base/error.h"
#include "base/flatbuffer.h"
#include "base/memory.h"
#include "base/stream.h"

typedef enum dr_arrow_kind { DR_ARROW_SCHEMA = 1, DR_ARROW_DICTIONARY = 2, DR_ARROW_ROWS = 3 } dr_arrow_kind;

/* A walk over the messages of a file that is held as a whole: of a stream one after the other, of a file those that its
 * end lists, dictionaries first. */
typedef struct dr_arrow_messages {
    unsigned char *bytes;
    size_t size, capacity;
    dr_flat footer; /* of a file */
    size_t lists[2], counts[2];
    size_t list, block; /* the next of them */
    size_t at;          /* of a stream: where the next message begins */
    /* The message at hand: */
    dr_flat flat;
    int kind; /* dr_arrow_kind, or a kind that is not read */
    size_t header;
    const unsigned char *body;
    size_t body_size;
} dr_arrow_messages;

/* Reads the file into a zeroed struct. What its columns are is the message at hand. Errors: DR_BAD_INPUT (damaged,
 * truncated), DR_MACHINE. Free with dr_arrow_messages_free, on failure too. */
dr_status dr_arrow_messages_read(dr_arrow_messages *messages, dr_stream *stream);

/* Goes to the next message; *more is false at the end. Errors: as above. */
dr_status dr_arrow_message_next(dr_arrow_messages *messages, bool *more);
void dr_arrow_messages_free(dr_arrow_messages *messages);

/* The share of the messages that were gone to. */
double dr_arrow_messages_done(const dr_arrow_messages *messages);

/* "the Arrow data are damaged (WHY)". */
dr_status dr_arrow_damaged(const char *why);

/* A walk over the columns' parts in a batch of rows, in their order. A zeroed struct is an empty one. */
typedef struct dr_arrow_batch {
    dr_arrow_messages *messages;
    size_t rows;
    size_t nodes, node, node_count; /* places in the message, the one to come, and how many there are */
    size_t buffers, buffer, buffer_count;
    size_t counts, count, count_count;
    int codec;      /* of the buffers; -1: none */
    dr_arena arena; /* has what was compressed */
} dr_arrow_batch;

/* Begins the batch in the message at hand, described by the table at that place of it. The batch before is dropped. */
dr_status dr_arrow_batch_begin(dr_arrow_batch *batch, dr_arrow_messages *messages, size_t table);

/* The next column's number of cells without a value. */
dr_status dr_arrow_batch_node(dr_arrow_batch *batch, size_t *nulls);

/* The next buffer, of at least `least` bytes; good as long as the file and the batch. */
dr_status dr_arrow_batch_buffer(dr_arrow_batch *batch, size_t least, const unsigned char **bytes, size_t *size);

/* How many buffers of texts the next column has beyond those that all have. */
dr_status dr_arrow_batch_count(dr_arrow_batch *batch, size_t *count);
void dr_arrow_batch_free(dr_arrow_batch *batch);

#endif
