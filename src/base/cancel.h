/* What long work asks, once in a while, whether anyone still wants it (dr_cancel in derisk.h). */
#ifndef DR_BASE_CANCEL_H
#define DR_BASE_CANCEL_H

#include "base/error.h"

/* What the calling thread watches; NULL: nothing. Threads that work for it watch the same while they do. */
const dr_cancel *dr_cancel_watched(void);

/* Whether what the calling thread looks at is cancelled. Costs as much as reading two variables. */
bool dr_cancelled(void);

/* DR_OK, or DR_CANCELLED with its line. */
dr_status dr_cancel_check(void);

#endif
