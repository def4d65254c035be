/* Arguments of R as members of the structs that the library takes. */
#ifndef DERISK_R_FIELD_H
#define DERISK_R_FIELD_H

#include "r_job.h"
#include "r_object.h"

typedef enum rd_type {
    RD_OBJECT,        /* an object of the field's kind */
    RD_TEXT,          /* const char * */
    RD_TEXTS,         /* const char *const *, with a size_t behind it for their number */
    RD_WORD,          /* int or enum: the index among the field's words */
    RD_FLAG,          /* bool */
    RD_COUNT,         /* int */
    RD_SIZE,          /* size_t */
    RD_SEED,          /* unsigned long long */
    RD_NUMBER,        /* double */
    RD_RATE,          /* double: a number, or a text such as "25%" */
    RD_NUMBERS,       /* double[3] */
    RD_MODEL_SETTINGS /* dr_model_options: those of an object of kind RD_SETTINGS, which later fields replace */
} rd_type;

typedef struct rd_field {
    const char *name;
    rd_type type;
    size_t at; /* offset in the struct of the call */
    rd_kind kind;
    const char *const *words; /* NULL at the end */
    bool required;
} rd_field;

/* A function of the library. Its call is a struct of `size` bytes, which begins zeroed and is filled by the fields. */
typedef struct rd_function {
    const char *name;
    rd_kind result;
    bool borrowed; /* the result belongs to an argument */
    size_t size;
    const rd_field *fields; /* up to one without a name */
    rd_run *run;
} rd_function;

/* Fills `call` from a named list, which keeps what the call points to; NULL leaves a member zero. False, with the
 * reason in `error`, for a name that the function does not have, a value of another type, and one that is missing. */
bool rd_fill(void *call, const rd_function *function, SEXP arguments, char error[RD_ERROR_SIZE]);

#endif
