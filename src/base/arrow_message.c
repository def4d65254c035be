#include "base/arrow_message.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/portable.h"

/* Fields of the tables, by https://github.com/apache/arrow/tree/main/format (Message.fbs). */
enum { MESSAGE_KIND = 1, MESSAGE_HEADER, MESSAGE_BODY };
enum { BATCH_ROWS, BATCH_NODES, BATCH_BUFFERS, BATCH_COMPRESSION, BATCH_COUNTS };
enum { COMPRESSION_CODEC };
enum { FOOTER_SCHEMA = 1, FOOTER_DICTIONARIES }; /* and rows behind them (File.fbs) */
enum { NODE_SIZE = 16, BUFFER_SIZE = 16, COUNT_SIZE = 8, BLOCK_SIZE = 24 };
enum { NO_CODEC = -1, LZ4, ZSTD };

dr_status dr_arrow_damaged(const char *why)
{
    return dr_fail(DR_BAD_INPUT, "the Arrow data are damaged (%s)", why);
}

/* ---- The file ---- */

static dr_status read_file(dr_arrow_messages *m, dr_stream *stream)
{
    enum { PART = 1 << 16 };
    size_t got = 1;
    while (got > 0) {
        if (!dr_grow((void **)&m->bytes, &m->capacity, m->size + PART, 1))
            return dr_fail_memory();
        DR_TRY(dr_stream_read(stream, m->bytes + m->size, PART, &got));
        m->size += got;
        if (2.0 * (double)m->size > dr_memory_available() + (double)m->capacity)
            return dr_fail(DR_MACHINE, "the file does not fit into the memory of this machine");
    }
    return DR_OK;
}

static dr_status fail_end(void)
{
    return dr_fail(DR_BAD_INPUT, "the Arrow data end too early: the file is truncated");
}

/* ---- Messages ---- */

/* The four bytes at a place of the file as a number. */
static uint32_t word(const dr_arrow_messages *m, size_t at)
{
    return m->bytes[at] | (uint32_t)m->bytes[at + 1] << 8 | (uint32_t)m->bytes[at + 2] << 16 |
           (uint32_t)m->bytes[at + 3] << 24;
}

/* Takes the message at a place; *more is false where the end is there. In front of its size stands, since version 0.15
 * of Arrow, a word of ones. */
static dr_status take_message(dr_arrow_messages *m, size_t at, bool *more)
{
    for (int i = 0; i < 2 && at + 4 <= m->size && word(m, at) == UINT32_MAX; i++)
        at += 4;
    const size_t left = m->size - at, size = left >= 4 ? word(m, at) : 0;
    *more = size > 0;
    if (!*more)
        return left == 0 || left >= 4 ? DR_OK : fail_end();
    if (size > left - 4)
        return fail_end();
    m->flat = (dr_flat){.bytes = m->bytes + at + 4, .size = size};
    const size_t root = dr_flat_root(&m->flat);
    m->kind = (int)dr_flat_number(&m->flat, root, MESSAGE_KIND, 1, 0);
    m->header = dr_flat_table(&m->flat, root, MESSAGE_HEADER);
    const long long body = dr_flat_number(&m->flat, root, MESSAGE_BODY, 8, 0);
    if (m->flat.damaged || !m->header || body < 0)
        return dr_arrow_damaged("a message has no sense");
    if ((unsigned long long)body > left - 4 - size)
        return fail_end();
    m->body = m->bytes + at + 4 + size;
    m->body_size = (size_t)body;
    m->at = at + 4 + size + m->body_size;
    return DR_OK;
}

/* A file ends with a table of its columns and messages, the size of the table, and the word with which it begins. */
static dr_status take_footer(dr_arrow_messages *m)
{
    enum { WORD = 6 };
    if (m->size < 8 + 4 + WORD || memcmp(m->bytes + m->size - WORD, "ARROW1", WORD) != 0)
        return fail_end();
    const size_t end = m->size - WORD - 4, size = word(m, end);
    if (size > end)
        return dr_arrow_damaged("its end has no sense");
    m->footer = (dr_flat){.bytes = m->bytes + end - size, .size = size};
    const size_t root = dr_flat_root(&m->footer);
    for (unsigned i = 0; i < 2; i++)
        m->lists[i] = dr_flat_vector(&m->footer, root, FOOTER_DICTIONARIES + i, BLOCK_SIZE, &m->counts[i]);
    m->flat = m->footer;
    m->kind = DR_ARROW_SCHEMA;
    m->header = dr_flat_table(&m->flat, root, FOOTER_SCHEMA);
    return m->header && !m->flat.damaged && !m->footer.damaged ? DR_OK : dr_arrow_damaged("its end has no sense");
}

dr_status dr_arrow_messages_read(dr_arrow_messages *m, dr_stream *stream)
{
    bool more = false;
    DR_TRY(read_file(m, stream));
    if (m->size >= 8 && memcmp(m->bytes, "ARROW1", 6) == 0)
        return take_footer(m);
    DR_TRY(take_message(m, 0, &more));
    return more && m->kind == DR_ARROW_SCHEMA ? DR_OK : dr_arrow_damaged("it does not say what its columns are");
}

dr_status dr_arrow_message_next(dr_arrow_messages *m, bool *more)
{
    *more = false;
    if (!m->footer.bytes)
        return take_message(m, m->at, more);
    while (m->list < 2 && m->block == m->counts[m->list]) {
        m->list++;
        m->block = 0;
    }
    if (m->list == 2)
        return DR_OK;
    const long long at = dr_flat_at(&m->footer, m->lists[m->list] + BLOCK_SIZE * m->block++, 8);
    if (at < 0 || (size_t)at >= m->size)
        return dr_arrow_damaged("its end lists what is not there");
    DR_TRY(take_message(m, (size_t)at, more));
    return *more ? DR_OK : dr_arrow_damaged("its end lists what is not there");
}

double dr_arrow_messages_done(const dr_arrow_messages *m)
{
    if (!m->footer.bytes)
        return (double)m->at / (double)m->size;
    return (double)(m->block + (m->list ? m->counts[0] : 0)) / (double)(m->counts[0] + m->counts[1] + 1);
}

void dr_arrow_messages_free(dr_arrow_messages *m)
{
    free(m->bytes);
    *m = (dr_arrow_messages){0};
}

/* ---- Batches ---- */

dr_status dr_arrow_batch_begin(dr_arrow_batch *batch, dr_arrow_messages *m, size_t table)
{
    dr_arrow_batch b = {.messages = m, .codec = NO_CODEC};
    dr_arrow_batch_free(batch);
    const long long rows = dr_flat_number(&m->flat, table, BATCH_ROWS, 8, 0);
    b.nodes = dr_flat_vector(&m->flat, table, BATCH_NODES, NODE_SIZE, &b.node_count);
    b.buffers = dr_flat_vector(&m->flat, table, BATCH_BUFFERS, BUFFER_SIZE, &b.buffer_count);
    b.counts = dr_flat_vector(&m->flat, table, BATCH_COUNTS, COUNT_SIZE, &b.count_count);
    const size_t compression = dr_flat_table(&m->flat, table, BATCH_COMPRESSION);
    if (compression)
        b.codec = (int)dr_flat_number(&m->flat, compression, COMPRESSION_CODEC, 1, LZ4);
    if (m->flat.damaged || rows < 0 || rows > 1ll << 40 || b.codec < NO_CODEC || b.codec > ZSTD)
        return dr_arrow_damaged("a batch of rows has no sense");
    b.rows = (size_t)rows;
    *batch = b;
    return DR_OK;
}

dr_status dr_arrow_batch_node(dr_arrow_batch *b, size_t *nulls)
{
    dr_flat *flat = &b->messages->flat;
    if (b->node == b->node_count)
        return dr_arrow_damaged("a batch of rows lacks columns");
    const size_t place = b->nodes + NODE_SIZE * b->node++;
    const long long rows = dr_flat_at(flat, place, 8), missing = dr_flat_at(flat, place + 8, 8);
    if (rows < 0 || (size_t)rows != b->rows || missing < 0 || missing > rows)
        return dr_arrow_damaged("columns differ in length");
    *nulls = (size_t)missing;
    return DR_OK;
}

dr_status dr_arrow_batch_count(dr_arrow_batch *b, size_t *count)
{
    if (b->count == b->count_count)
        return dr_arrow_damaged("a column lacks its number of buffers");
    const long long number = dr_flat_at(&b->messages->flat, b->counts + COUNT_SIZE * b->count++, 8);
    if (number < 0 || (size_t)number > b->buffer_count)
        return dr_arrow_damaged("a column lacks buffers");
    *count = (size_t)number;
    return DR_OK;
}

static struct archive *new_unpacker(int codec)
{
    struct archive *a = archive_read_new();
    if (!a)
        return NULL;
    if (codec == LZ4)
        archive_read_support_filter_lz4(a);
    else
        archive_read_support_filter_zstd(a);
    archive_read_support_format_raw(a);
    return a;
}

/* Unpacks a buffer to exactly that many bytes. */
static bool unpack(int codec, const unsigned char *packed, size_t size, unsigned char *to, size_t length)
{
    struct archive *a = new_unpacker(codec);
    struct archive_entry *entry = NULL;
    size_t done = 0;
    bool fine = a && archive_read_open_memory(a, packed, size) == ARCHIVE_OK &&
                archive_read_next_header(a, &entry) == ARCHIVE_OK && archive_filter_code(a, 0) != ARCHIVE_FILTER_NONE;
    while (fine && done < length) {
        la_ssize_t got = archive_read_data(a, to + done, length - done);
        fine = got > 0;
        done += fine ? (size_t)got : 0;
    }
    archive_read_free(a);
    return fine;
}

/* A buffer that may be compressed begins with its length, -1 where it is as it is. */
static dr_status take_packed(dr_arrow_batch *b, const unsigned char **bytes, size_t *size)
{
    dr_flat packed = {.bytes = *bytes, .size = *size};
    const long long length = dr_flat_at(&packed, 0, 8);
    if (packed.damaged || length < -1)
        return dr_arrow_damaged("a buffer has no sense");
    const unsigned char *inside = *bytes + 8;
    *size -= 8;
    *bytes = inside;
    if (length == -1)
        return DR_OK;
    if ((double)length > 1e3 * (double)*size + 1e6 || (double)length > dr_memory_available())
        return dr_arrow_damaged("a buffer expands beyond reason");
    unsigned char *plain = dr_arena_take(&b->arena, (size_t)length + 1);
    if (!plain)
        return dr_fail_memory();
    if (length > 0 && !unpack(b->codec, inside, *size, plain, (size_t)length))
        return dr_arrow_damaged("a buffer cannot be unpacked");
    *bytes = plain;
    *size = (size_t)length;
    return DR_OK;
}

dr_status dr_arrow_batch_buffer(dr_arrow_batch *b, size_t least, const unsigned char **bytes, size_t *size)
{
    dr_arrow_messages *m = b->messages;
    if (b->buffer == b->buffer_count)
        return dr_arrow_damaged("a batch of rows lacks buffers");
    const size_t place = b->buffers + BUFFER_SIZE * b->buffer++;
    const long long at = dr_flat_at(&m->flat, place, 8), length = dr_flat_at(&m->flat, place + 8, 8);
    if (at < 0 || length < 0 || (size_t)at > m->body_size || (size_t)length > m->body_size - (size_t)at)
        return dr_arrow_damaged("a buffer lies outside of the rows");
    *bytes = m->body + at;
    *size = (size_t)length;
    if (b->codec != NO_CODEC && length > 0)
        DR_TRY(take_packed(b, bytes, size));
    return *size >= least ? DR_OK : dr_arrow_damaged("a buffer is shorter than its column");
}

void dr_arrow_batch_free(dr_arrow_batch *batch)
{
    dr_arena_free(&batch->arena);
    *batch = (dr_arrow_batch){0};
}
