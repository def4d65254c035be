#include "base/arrow_cells.h"

#include <stdlib.h>
#include <string.h>

enum { INLINE = 12 }; /* bytes of a view that hold a short text itself */

void dr_arrow_cells_free(dr_arrow_cells *c)
{
    free(c->pieces);
    c->pieces = NULL;
}

static bool bit(const unsigned char *bits, size_t i)
{
    return bits[i / 8] >> (i % 8) & 1;
}

bool dr_arrow_cells_has(const dr_arrow_cells *c, size_t row)
{
    return c->type != DR_ARROW_NOTHING && (!c->valid || bit(c->valid, row));
}

/* A whole number; one beyond the range of the signed is never wanted but as a number of many digits. */
long long dr_arrow_integer(const unsigned char *at, size_t width, bool is_signed)
{
    unsigned long long number = 0;
    for (size_t i = 0; i < width; i++)
        number |= (unsigned long long)at[i] << (8 * i);
    const unsigned long long sign = width > 0 ? 1ull << (8 * width - 1) : 0;
    return (long long)(is_signed ? (number ^ sign) - sign : number);
}

double dr_arrow_cells_number(const dr_arrow_cells *c, size_t row)
{
    float small = 0;
    double number = 0;
    const unsigned char *at = c->first + row * c->width;
    if (c->type == DR_ARROW_TRUTH)
        return bit(c->first, row);
    if (c->type == DR_ARROW_INTEGER) {
        const long long whole = dr_arrow_integer(at, c->width, c->is_signed);
        return c->is_signed ? (double)whole : (double)(unsigned long long)whole;
    }
    memcpy(c->width == sizeof small ? (void *)&small : (void *)&number, at, c->width);
    return c->width == sizeof small ? (double)small : number;
}

const char *dr_arrow_cells_text(const dr_arrow_cells *c, size_t row, size_t *size)
{
    const unsigned char *at = c->first + row * c->width;
    if (c->type == DR_ARROW_VIEW) {
        *size = (size_t)dr_arrow_integer(at, 4, false);
        return (const char *)(*size <= INLINE ? at + 4
                                              : c->pieces[dr_arrow_integer(at + 8, 4, false)] +
                                                    dr_arrow_integer(at + 12, 4, false));
    }
    const size_t start = (size_t)dr_arrow_integer(at, c->width, true);
    *size = (size_t)dr_arrow_integer(at + c->width, c->width, true) - start;
    return (const char *)c->texts + start;
}

bool dr_arrow_cells_are_texts(const dr_arrow_cells *c)
{
    return c->type == DR_ARROW_TEXT || c->type == DR_ARROW_LONG_TEXT || c->type == DR_ARROW_VIEW;
}

/* ---- A batch ---- */

/* Offsets of texts begin at zero or above, never fall, and end within the texts. */
static dr_status check_offsets(const dr_arrow_cells *c, size_t size)
{
    long long last = 0;
    for (size_t i = 0; i <= c->rows; i++) {
        const long long offset = dr_arrow_integer(c->first + i * c->width, c->width, true);
        if (offset < last)
            return dr_arrow_damaged("a text has no place");
        last = offset;
    }
    return last <= (long long)size ? DR_OK : dr_arrow_damaged("a text has no place");
}

static dr_status take_texts(dr_arrow_cells *c, dr_arrow_batch *b)
{
    size_t size = 0, offsets = 0;
    DR_TRY(dr_arrow_batch_buffer(b, c->rows ? (c->rows + 1) * c->width : 0, &c->first, &offsets));
    DR_TRY(dr_arrow_batch_buffer(b, 0, &c->texts, &size));
    return c->rows ? check_offsets(c, size) : DR_OK;
}

static dr_status check_views(const dr_arrow_cells *c, const size_t *sizes, size_t count)
{
    for (size_t i = 0; i < c->rows; i++) {
        const unsigned char *at = c->first + i * DR_ARROW_VIEW_SIZE;
        const size_t size = (size_t)dr_arrow_integer(at, 4, false), piece = (size_t)dr_arrow_integer(at + 8, 4, false),
                     start = (size_t)dr_arrow_integer(at + 12, 4, false);
        if (dr_arrow_cells_has(c, i) && size > INLINE &&
            (piece >= count || start > sizes[piece] || size > sizes[piece] - start))
            return dr_arrow_damaged("a text has no place");
    }
    return DR_OK;
}

static dr_status take_views(dr_arrow_cells *c, dr_arrow_batch *b)
{
    size_t size = 0, count = 0;
    DR_TRY(dr_arrow_batch_buffer(b, c->rows * DR_ARROW_VIEW_SIZE, &c->first, &size));
    DR_TRY(dr_arrow_batch_count(b, &count));
    size_t *sizes = dr_new(count + 1, sizeof *sizes);
    c->pieces = dr_new(count + 1, sizeof *c->pieces);
    dr_status status = sizes && c->pieces ? DR_OK : dr_fail_memory();
    for (size_t i = 0; i < count && status == DR_OK; i++)
        status = dr_arrow_batch_buffer(b, 0, &c->pieces[i], &sizes[i]);
    if (status == DR_OK)
        status = check_views(c, sizes, count);
    free(sizes);
    return status;
}

dr_status dr_arrow_cells_take(dr_arrow_cells *c, dr_arrow_batch *b)
{
    const size_t bits = (b->rows + 7) / 8;
    size_t nulls = 0, size = 0;
    dr_arrow_cells_free(c);
    DR_TRY(dr_arrow_batch_node(b, &nulls));
    c->rows = b->rows;
    if (c->type == DR_ARROW_NOTHING)
        return DR_OK;
    DR_TRY(dr_arrow_batch_buffer(b, nulls ? bits : 0, &c->valid, &size));
    if (size < bits || nulls == 0)
        c->valid = NULL;
    if (c->type == DR_ARROW_VIEW)
        return take_views(c, b);
    if (dr_arrow_cells_are_texts(c))
        return take_texts(c, b);
    return dr_arrow_batch_buffer(b, c->type == DR_ARROW_TRUTH ? bits : c->rows * c->width, &c->first, &size);
}
