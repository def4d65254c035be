#include "r_field.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define AT(type) ((type *)((char *)call + field->at))

static const rd_field *find(const rd_function *function, const char *name)
{
    for (const rd_field *field = function->fields; field->name; field++)
        if (strcmp(field->name, name) == 0)
            return field;
    return NULL;
}

static bool refuse(char error[RD_ERROR_SIZE], const char *name, const char *expected)
{
    snprintf(error, RD_ERROR_SIZE, "%s: expected %s", name, expected);
    return false;
}

/* The single number in a value. */
static bool one_number(double *out, SEXP value)
{
    if (Rf_length(value) != 1 || Rf_isFactor(value) || !(Rf_isNumeric(value) || Rf_isLogical(value)))
        return false;
    *out = Rf_asReal(value);
    return isfinite(*out);
}

static bool one_text(const char **out, SEXP value)
{
    if (TYPEOF(value) != STRSXP || Rf_length(value) != 1 || STRING_ELT(value, 0) == NA_STRING)
        return false;
    *out = Rf_translateCharUTF8(STRING_ELT(value, 0));
    return true;
}

/* The array of texts is kept with the arguments: some objects go on using it. */
static bool fill_texts(void *call, const rd_field *field, SEXP value, SEXP arguments)
{
    struct texts {
        const char *const *text;
        size_t count;
    };
    size_t count = (size_t)Rf_length(value);
    if (TYPEOF(value) != STRSXP)
        return false;
    SEXP memory = PROTECT(Rf_allocVector(RAWSXP, (R_xlen_t)((count + 1) * sizeof(char *))));
    Rf_setAttrib(arguments, Rf_install(field->name), memory);
    UNPROTECT(1);
    const char **texts = (const char **)(void *)RAW(memory);
    for (size_t i = 0; i < count; i++) {
        if (STRING_ELT(value, (R_xlen_t)i) == NA_STRING)
            return false;
        texts[i] = Rf_translateCharUTF8(STRING_ELT(value, (R_xlen_t)i));
    }
    *AT(struct texts) = (struct texts){texts, count};
    return true;
}

static bool fill_word(void *call, const rd_field *field, SEXP value, char error[RD_ERROR_SIZE])
{
    const char *text = NULL;
    char expected[RD_ERROR_SIZE / 2] = "";
    size_t length = 0;
    bool given = one_text(&text, value);
    for (int k = 0; field->words[k]; k++) {
        if (given && strcmp(field->words[k], text) == 0) {
            *AT(int) = k;
            return true;
        }
        length += (size_t)snprintf(expected + length, sizeof expected - length, "%s\"%s\"",
                                   k == 0                ? ""
                                   : field->words[k + 1] ? ", "
                                                         : " or ",
                                   field->words[k]);
    }
    snprintf(error, RD_ERROR_SIZE, "%s%s%.200s%s: expected %s", field->name, given ? " \"" : "", given ? text : "",
             given ? "\"" : "", expected);
    return false;
}

static bool fill_number(void *call, const rd_field *field, SEXP value, char error[RD_ERROR_SIZE])
{
    double number = 0;
    if (!one_number(&number, value))
        return refuse(error, field->name, field->type == RD_FLAG ? "TRUE or FALSE" : "a number");
    if (field->type == RD_NUMBER) {
        *AT(double) = number;
        return true;
    }
    double most = field->type == RD_COUNT ? INT_MAX : 0x1p53;
    if (field->type == RD_FLAG ? number != 0 && number != 1 : number != floor(number) || number < 0 || number > most)
        return refuse(error, field->name, field->type == RD_FLAG ? "TRUE or FALSE" : "a whole number of at least 0");
    if (field->type == RD_FLAG)
        *AT(bool) = number != 0;
    else if (field->type == RD_COUNT)
        *AT(int) = (int)number;
    else if (field->type == RD_SIZE)
        *AT(size_t) = (size_t)number;
    else
        *AT(unsigned long long) = (unsigned long long)number;
    return true;
}

static bool fill_rate(void *call, const rd_field *field, SEXP value, char error[RD_ERROR_SIZE])
{
    const char *text = NULL;
    if (!one_text(&text, value))
        return one_number(AT(double), value) || refuse(error, field->name, "a rate, such as 0.25 or \"25%\"");
    if (dr_parse_rate(text, AT(double)) == DR_OK)
        return true;
    snprintf(error, RD_ERROR_SIZE, "%s: %s", field->name, dr_error_text());
    return false;
}

static bool fill_numbers(void *call, const rd_field *field, SEXP value, char error[RD_ERROR_SIZE])
{
    if (TYPEOF(value) != REALSXP || Rf_length(value) != 3)
        return refuse(error, field->name, "three numbers");
    memcpy(AT(double), REAL(value), 3 * sizeof(double));
    return true;
}

static bool fill_object(void *call, const rd_field *field, SEXP value, char error[RD_ERROR_SIZE])
{
    void *object = rd_object_get(value, field->kind);
    if (!object)
        return refuse(error, field->name,
                      "an object of this session of R; those of a saved session are to be made again");
    if (field->type == RD_OBJECT)
        *AT(void *) = object;
    else
        *AT(dr_model_options) = *dr_settings_model(object);
    return true;
}

static bool fill(void *call, const rd_field *field, SEXP value, SEXP arguments, char error[RD_ERROR_SIZE])
{
    switch (field->type) {
    case RD_OBJECT:
    case RD_MODEL_SETTINGS:
        return fill_object(call, field, value, error);
    case RD_TEXT:
        return one_text(AT(const char *), value) || refuse(error, field->name, "a text");
    case RD_TEXTS:
        return fill_texts(call, field, value, arguments) || refuse(error, field->name, "texts");
    case RD_WORD:
        return fill_word(call, field, value, error);
    case RD_RATE:
        return fill_rate(call, field, value, error);
    case RD_NUMBERS:
        return fill_numbers(call, field, value, error);
    default:
        return fill_number(call, field, value, error);
    }
}

static SEXP element(SEXP arguments, const char *name)
{
    SEXP names = Rf_getAttrib(arguments, R_NamesSymbol);
    for (R_xlen_t i = 0; i < Rf_xlength(arguments); i++)
        if (names != R_NilValue && strcmp(CHAR(STRING_ELT(names, i)), name) == 0)
            return VECTOR_ELT(arguments, i);
    return R_NilValue;
}

/* Names that no field has: a slip of the user's in `...`. */
static bool check_names(const rd_function *function, SEXP arguments, char error[RD_ERROR_SIZE])
{
    SEXP names = Rf_getAttrib(arguments, R_NamesSymbol);
    for (R_xlen_t i = 0; i < Rf_xlength(arguments); i++) {
        const char *name = names == R_NilValue ? "" : CHAR(STRING_ELT(names, i));
        if (find(function, name))
            continue;
        size_t length = (size_t)snprintf(error, RD_ERROR_SIZE, "unknown argument '%.100s'; there are", name);
        for (const rd_field *field = function->fields; field->name && length < RD_ERROR_SIZE; field++)
            if (field->type != RD_OBJECT && field->type != RD_MODEL_SETTINGS)
                length += (size_t)snprintf(error + length, RD_ERROR_SIZE - length, " %s", field->name);
        return false;
    }
    return true;
}

bool rd_fill(void *call, const rd_function *function, SEXP arguments, char error[RD_ERROR_SIZE])
{
    if (!check_names(function, arguments, error))
        return false;
    for (const rd_field *field = function->fields; field->name; field++) {
        SEXP value = element(arguments, field->name);
        if (value == R_NilValue && field->required) {
            snprintf(error, RD_ERROR_SIZE, "%s is missing", field->name);
            return false;
        }
        if (value != R_NilValue && !fill(call, field, value, arguments, error))
            return false;
    }
    return true;
}
