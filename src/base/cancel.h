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

/* What the calling thread does whenever it looks whether it is cancelled (NULL: nothing more). A server lets it wait
 * there while others need its processor. */
typedef void dr_pause(void *user);
void dr_pause_set(dr_pause *pause, void *user);

/* From the first to the second, which may be nested, the thread does not pause: it has something for which others
 * wait. */
void dr_pause_hold(void);
void dr_pause_release(void);

#endif
