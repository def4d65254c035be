#include "r_frame.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* One batch: the structs of all columns, prepared beforehand. */
typedef struct frame {
    struct ArrowSchema *schema, **schema_list;
    struct ArrowArray *array, **array_list;
    int64_t rows, columns;
    bool sent;
} frame;

/* ---- Releasing: nothing is owned --------------------------------------------------------------------------------- */

static void release_schema(struct ArrowSchema *schema)
{
    for (int64_t c = 0; c < schema->n_children; c++)
        if (schema->children[c]->release)
            schema->children[c]->release(schema->children[c]);
    schema->release = NULL;
}

static void release_array(struct ArrowArray *array)
{
    for (int64_t c = 0; c < array->n_children; c++)
        if (array->children[c]->release)
            array->children[c]->release(array->children[c]);
    array->release = NULL;
}

static void release_stream(struct ArrowArrayStream *stream)
{
    stream->release = NULL;
}

/* ---- Columns ----------------------------------------------------------------------------------------------------- */

static void *take(size_t count, size_t size)
{
    void *memory = R_alloc(count + 1, (int)size);
    memset(memory, 0, (count + 1) * size);
    return memory;
}

static void set_bit(unsigned char *bits, size_t i)
{
    bits[i / 8] = (unsigned char)(bits[i / 8] | 1U << (i % 8));
}

/* Whether a cell is missing, by the type of the vector. */
static bool is_missing(SEXP x, size_t i)
{
    switch (TYPEOF(x)) {
    case REALSXP:
        if (Rf_inherits(x, "integer64")) {
            int64_t whole;
            memcpy(&whole, &REAL(x)[i], sizeof whole);
            return whole == INT64_MIN;
        }
        return ISNAN(REAL(x)[i]);
    case STRSXP:
        return STRING_ELT(x, (R_xlen_t)i) == NA_STRING;
    default:
        return INTEGER(x)[i] == NA_INTEGER;
    }
}

/* The bitmap of cells that are there; NULL where all are. */
static const void *validity(SEXP x, size_t rows, int64_t *missing)
{
    unsigned char *bits = take(rows / 8, 1);
    for (size_t i = 0; i < rows; i++)
        if (is_missing(x, i))
            ++*missing;
        else
            set_bit(bits, i);
    return *missing ? bits : NULL;
}

static const void *packed(const int *flags, size_t rows)
{
    unsigned char *bits = take(rows / 8, 1);
    for (size_t i = 0; i < rows; i++)
        if (flags[i] != NA_LOGICAL && flags[i])
            set_bit(bits, i);
    return bits;
}

/* Days or seconds since 1970 as whole numbers: days, or microseconds. */
static const void *whole_days(SEXP x, size_t rows)
{
    int32_t *days = take(rows, sizeof *days);
    for (size_t i = 0; i < rows; i++)
        if (!is_missing(x, i))
            days[i] = TYPEOF(x) == INTSXP ? INTEGER(x)[i] : (int32_t)floor(REAL(x)[i]);
    return days;
}

static const void *microseconds(SEXP x, size_t rows)
{
    int64_t *times = take(rows, sizeof *times);
    for (size_t i = 0; i < rows; i++)
        if (!is_missing(x, i))
            times[i] = (int64_t)llround(1e6 * (TYPEOF(x) == INTSXP ? INTEGER(x)[i] : REAL(x)[i]));
    return times;
}

/* The text of a cell: itself, or the label of a level. */
static const char *text_in(SEXP x, SEXP levels, size_t i)
{
    SEXP text = levels == R_NilValue ? STRING_ELT(x, (R_xlen_t)i) : STRING_ELT(levels, INTEGER(x)[i] - 1);
    return Rf_translateCharUTF8(text);
}

static void fill_text(struct ArrowArray *array, SEXP x, size_t rows)
{
    SEXP levels = Rf_isFactor(x) ? Rf_getAttrib(x, R_LevelsSymbol) : R_NilValue;
    int64_t *offsets = take(rows, sizeof *offsets);
    for (size_t i = 0; i < rows; i++)
        offsets[i + 1] = offsets[i] + (is_missing(x, i) ? 0 : (int64_t)strlen(text_in(x, levels, i)));
    char *bytes = take((size_t)offsets[rows], 1);
    for (size_t i = 0; i < rows; i++)
        if (!is_missing(x, i))
            memcpy(bytes + offsets[i], text_in(x, levels, i), (size_t)(offsets[i + 1] - offsets[i]));
    array->buffers[1] = offsets;
    array->buffers[2] = bytes;
    array->n_buffers = 3;
}

/* The format of a column in Arrow; NULL: none is known. */
static const char *format_of(SEXP x)
{
    bool real = TYPEOF(x) == REALSXP, whole = TYPEOF(x) == INTSXP;
    if (TYPEOF(x) == STRSXP || Rf_isFactor(x))
        return "U";
    if ((real || whole) && Rf_inherits(x, "Date"))
        return "tdD";
    if ((real || whole) && Rf_inherits(x, "POSIXct"))
        return "tsu:UTC";
    if (real)
        return Rf_inherits(x, "integer64") ? "l" : "g";
    return whole ? "i" : TYPEOF(x) == LGLSXP ? "b" : NULL;
}

static void fill_column(struct ArrowArray *array, const char *format, SEXP x, size_t rows)
{
    *array = (struct ArrowArray){.length = (int64_t)rows, .n_buffers = 2, .release = release_array};
    array->buffers = take(3, sizeof *array->buffers);
    array->buffers[0] = validity(x, rows, &array->null_count);
    if (*format == 'U')
        fill_text(array, x, rows);
    else if (*format == 'b')
        array->buffers[1] = packed(LOGICAL(x), rows);
    else if (strcmp(format, "tdD") == 0)
        array->buffers[1] = whole_days(x, rows);
    else if (*format == 't')
        array->buffers[1] = microseconds(x, rows);
    else
        array->buffers[1] = TYPEOF(x) == REALSXP ? (const void *)REAL(x) : INTEGER(x);
}

/* ---- The stream -------------------------------------------------------------------------------------------------- */

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    frame *f = stream->private_data;
    for (int64_t c = 0; c < f->columns; c++)
        f->schema[c].release = release_schema;
    *out = (struct ArrowSchema){
        .format = "+s", .name = "", .n_children = f->columns, .children = f->schema_list, .release = release_schema};
    return 0;
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    static const void *no_bitmap[] = {NULL};
    frame *f = stream->private_data;
    if (f->sent) {
        *out = (struct ArrowArray){0};
        return 0;
    }
    f->sent = true;
    *out = (struct ArrowArray){.length = f->rows,
                               .n_buffers = 1,
                               .buffers = no_bitmap,
                               .n_children = f->columns,
                               .children = f->array_list,
                               .release = release_array};
    return 0;
}

static const char *get_last_error(struct ArrowArrayStream *stream)
{
    (void)stream;
    return NULL;
}

bool rd_stream(struct ArrowArrayStream *out, SEXP data, char error[RD_ERROR_SIZE])
{
    frame *f = take(1, sizeof *f);
    SEXP names = Rf_getAttrib(data, R_NamesSymbol);
    size_t columns = (size_t)Rf_length(data), rows = columns ? (size_t)Rf_xlength(VECTOR_ELT(data, 0)) : 0;
    *f = (frame){.rows = (int64_t)rows, .columns = (int64_t)columns};
    f->schema = take(columns, sizeof *f->schema);
    f->array = take(columns, sizeof *f->array);
    f->schema_list = take(columns, sizeof *f->schema_list);
    f->array_list = take(columns, sizeof *f->array_list);
    for (size_t c = 0; c < columns; c++) {
        SEXP column = VECTOR_ELT(data, (R_xlen_t)c);
        const char *name = Rf_translateCharUTF8(STRING_ELT(names, (R_xlen_t)c)), *format = format_of(column);
        if (!format || (size_t)Rf_xlength(column) != rows) {
            snprintf(error, RD_ERROR_SIZE,
                     "data: column '%.200s' is %s; expected numbers, texts, a factor, logical values, dates or times",
                     name, format ? "no vector" : Rf_type2char((SEXPTYPE)TYPEOF(column)));
            return false;
        }
        f->schema[c] = (struct ArrowSchema){
            .format = format, .name = name, .flags = ARROW_FLAG_NULLABLE, .release = release_schema};
        fill_column(&f->array[c], format, column, rows);
        f->schema_list[c] = &f->schema[c];
        f->array_list[c] = &f->array[c];
    }
    *out = (struct ArrowArrayStream){get_schema, get_next, get_last_error, release_stream, f};
    return true;
}
