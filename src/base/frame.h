/* Tables in files that are no text, read as the CSV that they would be: Parquet, Arrow (Feather), and R data files that
 * hold one data frame or one matrix whose rows and columns have names. */
#ifndef DR_BASE_FRAME_H
#define DR_BASE_FRAME_H

#include <stdbool.h>

#include "base/stream.h"

/* Whether these first bytes, uncompressed, are those of such a file. */
bool dr_frame_is(const unsigned char *bytes, size_t size);

/* Whether the file is one that the database cannot read itself: any but Parquet. */
bool dr_frame_is_foreign(const char *path);

/* Opens the file, which may be in an archive. Columns of texts come first, so that labels of rows do; an empty cell is
 * one without a value. Errors: DR_BAD_INPUT (damaged; a column of another type; in R's files several tables, or none,
 * with their names), DR_MACHINE. Free with dr_stream_close. */
dr_status dr_frame_open(dr_stream **out, const char *path);

#endif
