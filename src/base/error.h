/* Errors: one line of text per thread beside the status that every fallible function returns. */
#ifndef DR_BASE_ERROR_H
#define DR_BASE_ERROR_H

#include "derisk.h"

/* Keeps the line that dr_error_text() will give, and returns `status`, so that a check costs one line. */
dr_status dr_fail(dr_status status, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Puts `prefix: ` in front of the kept line; returns `status`. For callers that know where the trouble was. */
dr_status dr_fail_at(dr_status status, const char *prefix);

/* "out of memory", DR_MACHINE. */
dr_status dr_fail_memory(void);

#define DR_TRY(call)                                                                                                   \
    do {                                                                                                               \
        dr_status dr_try_status = (call);                                                                              \
        if (dr_try_status != DR_OK)                                                                                    \
            return dr_try_status;                                                                                      \
    } while (0)

#endif
