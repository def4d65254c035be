/* Tables in Arrow files (Feather 2) and streams: https://arrow.apache.org/docs/format/Columnar.html. Columns are
 * numbers, truth values and texts, also as categories, and may be compressed by LZ4 or Zstandard. */
#ifndef DR_BASE_ARROW_FILE_H
#define DR_BASE_ARROW_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

typedef struct dr_arrow dr_arrow;

/* Whether these first bytes are those of such a file. */
bool dr_arrow_is(const unsigned char *bytes, size_t size);

/* Opens the file, which may be in an archive, and reads what its columns are. Errors: DR_BAD_INPUT (damaged; a column
 * of another type), DR_MACHINE. Free with dr_arrow_close. */
dr_status dr_arrow_open(dr_arrow **out, const char *path);
void dr_arrow_close(dr_arrow *arrow);

size_t dr_arrow_columns(const dr_arrow *arrow);
const char *dr_arrow_name(const dr_arrow *arrow, size_t column);
bool dr_arrow_is_text(const dr_arrow *arrow, size_t column);

/* Reads the next rows, which are held until the next call; *rows is 0 at the end. Errors: as dr_arrow_open, whose
 * message has no path here. */
dr_status dr_arrow_next(dr_arrow *arrow, size_t *rows);

/* A cell of these rows: NAN, or a text of no bytes, where there is no value. Texts are not terminated. */
double dr_arrow_number(const dr_arrow *arrow, size_t column, size_t row);
const char *dr_arrow_text(const dr_arrow *arrow, size_t column, size_t row, size_t *size);

/* The share of the file's bytes read so far. */
double dr_arrow_done(const dr_arrow *arrow);

#endif
