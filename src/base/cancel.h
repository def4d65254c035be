/* Cancellation, which long computations check once in a while (dr_cancel in derisk.h). */
#ifndef DR_BASE_CANCEL_H
#define DR_BASE_CANCEL_H

#include "base/error.h"

/* The object that the calling thread watches, or NULL. Threads that work for it watch the same object while they do. */
const dr_cancel *dr_cancel_watched(void);

/* Whether the object that the calling thread watches is cancelled. Costs as much as reading two variables. */
bool dr_cancelled(void);

/* DR_OK, or DR_CANCELLED with its line. */
dr_status dr_cancel_check(void);

#endif
