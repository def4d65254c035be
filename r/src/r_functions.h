/* The functions of the library that R calls, each by its name. Arrays end with one without a name. */
#ifndef DERISK_R_FUNCTIONS_H
#define DERISK_R_FUNCTIONS_H

#include "r_field.h"

extern const rd_function rd_measures[];  /* worlds, and measures of one year's table */
extern const rd_function rd_models[];    /* scenarios, models, solutions, plans, games */
extern const rd_function rd_estimates[]; /* gravity */

/* Initializers of fields: the argument NAME of R is the member `member` of the call. */
#define RD_FIELD(call, member, NAME, TYPE, ...)                                                                        \
    {                                                                                                                  \
        .name = NAME, .type = RD_##TYPE, .at = offsetof(call, member), ##__VA_ARGS__                                   \
    }
#define RD_GIVE(call, member, NAME, KIND) RD_FIELD(call, member, NAME, OBJECT, .kind = RD_##KIND, .required = true)
#define RD_FUNCTION(NAME, RESULT, call, FIELDS, RUN, ...)                                                              \
    {                                                                                                                  \
        .name = NAME, .result = RD_##RESULT, .size = sizeof(call), .fields = FIELDS, .run = RUN, ##__VA_ARGS__         \
    }
#define RD_WORDS(...)                                                                                                  \
    .words = (const char *const[])                                                                                     \
    {                                                                                                                  \
        __VA_ARGS__, NULL                                                                                              \
    }

/* A function's run: `c` is its call. */
#define RD_RUN(name, call)                                                                                             \
    static dr_status run_##name(rd_job *job, void **out, call *c);                                                     \
    static dr_status name(rd_job *job, void **out, void *c)                                                            \
    {                                                                                                                  \
        return run_##name(job, out, c);                                                                                \
    }                                                                                                                  \
    static dr_status run_##name(rd_job *job, void **out, call *c)

#endif
