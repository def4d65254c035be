/* Errors: one line of text per thread beside the status that every fallible function returns. */
#ifndef DR_BASE_ERROR_H
#define DR_BASE_ERROR_H

#include "derisk.h"

/* Keeps the line that dr_error_text() will give, and is `status`, so that a check costs one line. A macro, so that
 * readers of the caller, tools too, see that it is not DR_OK. */
#define dr_fail(status, ...) (dr_error_keep(__VA_ARGS__), (status))

/* Puts `prefix: ` in front of the kept line; returns `status`. For callers that know where the trouble was. */
static inline dr_status dr_fail_at(dr_status status, const char *prefix);

/* "out of memory", DR_MACHINE. */
static inline dr_status dr_fail_memory(void);

/* Why a file could not be written, from errno: for a full disk and for a limit in words that say what to do, else in
 * the system's words. */
const char *dr_error_of_file(int error);

/* The parts of the macros and functions above. */
void dr_error_keep(const char *format, ...) __attribute__((format(printf, 1, 2)));
void dr_error_prefix(const char *prefix);

/* Takes a line that dr_error_text() gave in another thread, as it is: base/failure.h carries it here. */
enum { DR_ERROR_SIZE = 2048 };
void dr_error_restore(const char line[DR_ERROR_SIZE]);

/* Adds two lines below the kept one: a text that the user wrote in a line, and a caret under its byte `at`. */
void dr_error_point(const char *text, size_t at);

static inline dr_status dr_fail_at(dr_status status, const char *prefix)
{
    dr_error_prefix(prefix);
    return status;
}

static inline dr_status dr_fail_memory(void)
{
    return dr_fail(DR_MACHINE, "out of memory");
}

#define DR_TRY(call)                                                                                                   \
    do {                                                                                                               \
        dr_status dr_try_status = (call);                                                                              \
        if (dr_try_status != DR_OK)                                                                                    \
            return dr_try_status;                                                                                      \
    } while (0)

#endif
