/* A row of CSV being put together, as files that are no text are read. */
#ifndef DR_BASE_FRAME_TEXT_H
#define DR_BASE_FRAME_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* A zeroed struct is an empty row. */
typedef struct dr_frame_text {
    char *text;
    size_t size, capacity;
    bool no_memory;
} dr_frame_text;

/* Adds a text, in quotes: a row may begin with an empty cell, behind which a comma has to come. */
void dr_frame_text_put(dr_frame_text *row, const char *text);
void dr_frame_text_bytes(dr_frame_text *row, const char *text, size_t size);

/* Adds a number with all its digits, or for NAN an empty cell. */
void dr_frame_text_number(dr_frame_text *row, double number);

/* Ends the row, whose bytes are good until the next one is begun. Errors: DR_MACHINE (no memory). */
dr_status dr_frame_text_end(dr_frame_text *row, const char **bytes, size_t *size);
void dr_frame_text_free(dr_frame_text *row);

#endif
