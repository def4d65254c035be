#include "base/frame_text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/print.h"

static void put(dr_frame_text *row, const char *bytes, size_t size)
{
    if (!dr_grow((void **)&row->text, &row->capacity, row->size + size + 1, 1)) {
        row->no_memory = true;
        return;
    }
    memcpy(row->text + row->size, bytes, size);
    row->size += size;
}

static void put_comma(dr_frame_text *row)
{
    if (row->size > 0)
        put(row, ",", 1);
}

void dr_frame_text_bytes(dr_frame_text *row, const char *text, size_t size)
{
    put_comma(row);
    put(row, "\"", 1);
    for (size_t i = 0; i < size; i++)
        put(row, text[i] == '"' ? "\"\"" : text + i, text[i] == '"' ? 2 : 1);
    put(row, "\"", 1);
}

void dr_frame_text_put(dr_frame_text *row, const char *text)
{
    dr_frame_text_bytes(row, text, strlen(text));
}

void dr_frame_text_number(dr_frame_text *row, double number)
{
    char text[DR_NUMBER_SIZE] = "";
    put_comma(row);
    if (isnan(number))
        put(row, "\"\"", 2);
    else
        put(row, text, strlen(dr_number_exact(text, number)));
}

dr_status dr_frame_text_end(dr_frame_text *row, const char **bytes, size_t *size)
{
    put(row, "\n", 1);
    *bytes = row->text;
    *size = row->size;
    row->size = 0;
    return row->no_memory ? dr_fail_memory() : DR_OK;
}

void dr_frame_text_free(dr_frame_text *row)
{
    free(row->text);
    *row = (dr_frame_text){0};
}
