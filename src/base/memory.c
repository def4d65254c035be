#include "base/memory.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/print.h"

void *dr_new(size_t count, size_t size)
{
    return calloc(count ? count : 1, size);
}

double *dr_new_doubles(size_t count)
{
    const size_t alignment = 64;
    if (count > (PTRDIFF_MAX - alignment) / sizeof(double)) /* no object is larger */
        return NULL;
    size_t bytes = (count * sizeof(double) + alignment - 1) / alignment * alignment;
    double *doubles = aligned_alloc(alignment, bytes ? bytes : alignment);
    if (doubles)
        memset(doubles, 0, bytes);
    return doubles;
}

double *dr_new_arrays(const dr_array *wanted, size_t count)
{
    size_t all = 0;
    for (size_t i = 0; i < count; i++)
        all += wanted[i].count;
    double *numbers = dr_new_doubles(all), *next = numbers;
    for (size_t i = 0; i < count && numbers; i++) {
        *wanted[i].array = next;
        next += wanted[i].count;
    }
    return numbers;
}

bool dr_grow(void **array, size_t *capacity, size_t need, size_t size)
{
    if (need <= *capacity)
        return true;
    size_t wanted = *capacity ? *capacity : 16;
    while (wanted < need) {
        if (wanted > SIZE_MAX / 2)
            return false;
        wanted *= 2;
    }
    void *grown = wanted <= SIZE_MAX / size ? realloc(*array, wanted * size) : NULL;
    if (!grown)
        return false;
    *array = grown;
    *capacity = wanted;
    return true;
}

/* Each piece is an allocation of its own, so that a memory checker sees every overrun. */
struct dr_arena_block {
    struct dr_arena_block *next;
    max_align_t bytes[];
};

void *dr_arena_take(dr_arena *arena, size_t size)
{
    if (size > SIZE_MAX - sizeof(struct dr_arena_block))
        return NULL;
    struct dr_arena_block *block = calloc(1, sizeof *block + size);
    if (!block)
        return NULL;
    block->next = arena->blocks;
    arena->blocks = block;
    return block->bytes;
}

char *dr_arena_text(dr_arena *arena, const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = dr_arena_take(arena, size);
    return copy ? memcpy(copy, text, size) : NULL;
}

char *dr_arena_format(dr_arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = dr_vprint_text(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = size < 0 ? NULL : dr_arena_take(arena, (size_t)size + 1);
    if (text) {
        va_start(arguments, format);
        dr_vprint_text(text, (size_t)size + 1, format, arguments);
        va_end(arguments);
    }
    return text;
}

void dr_arena_free(dr_arena *arena)
{
    while (arena->blocks) {
        struct dr_arena_block *block = arena->blocks;
        arena->blocks = block->next;
        free(block);
    }
}
