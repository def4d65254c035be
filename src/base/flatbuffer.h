/* Tables of FlatBuffers (https://flatbuffers.dev/internals): little-endian bytes in which tables, texts and vectors are
 * found by offsets, every one of which is checked here. Arrow files describe themselves by them. */
#ifndef DR_BASE_FLATBUFFER_H
#define DR_BASE_FLATBUFFER_H

#include <stdbool.h>
#include <stddef.h>

typedef struct dr_flat {
    const unsigned char *bytes; /* borrowed */
    size_t size;
    bool damaged; /* an offset that was followed led out of the bytes; what was then returned means nothing */
} dr_flat;

/* The place of the table that the bytes hold. */
size_t dr_flat_root(dr_flat *flat);

/* A whole number of `width` bytes (1, 2, 4 or 8) in a field of a table; `otherwise` where the table lacks it. Fields
 * count from 0. */
long long dr_flat_number(dr_flat *flat, size_t table, unsigned field, size_t width, long long otherwise);

/* The place of the table in a field; 0: there is none. */
size_t dr_flat_table(dr_flat *flat, size_t table, unsigned field);

/* The bytes of a text in a field, not terminated; *size is 0 where there is none. */
const char *dr_flat_text(dr_flat *flat, size_t table, unsigned field, size_t *size);

/* The place of the first element of a vector in a field, whose elements are of `width` bytes; *count is 0 where there
 * is none. Tables in a vector are offsets of 4 bytes: dr_flat_element finds the one at element i. */
size_t dr_flat_vector(dr_flat *flat, size_t table, unsigned field, size_t width, size_t *count);
size_t dr_flat_element(dr_flat *flat, size_t vector, size_t i);

/* The whole number of `width` bytes at a place. */
long long dr_flat_at(dr_flat *flat, size_t place, size_t width);

#endif
