/* Data frames of R as Arrow streams, for the functions of the library that read a file of rows. */
#ifndef DERISK_R_FRAME_H
#define DERISK_R_FRAME_H

#include "r_job.h"
#include "r_object.h"

/* A stream with one batch, all rows of `data`. Numbers are shared with R where they are of the same type in both;
 * memory is R_alloc's, so that the stream is to be read within the same .Call. Missing values and NaN are nulls,
 * factors their labels, dates and times those of Arrow. False, with the reason in `error`, for a column of another
 * type. */
bool rd_stream(struct ArrowArrayStream *out, SEXP data, char error[RD_ERROR_SIZE]);

#endif
