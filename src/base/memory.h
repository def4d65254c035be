/* Memory: checked allocation, and arenas for many small things that die together. */
#ifndef DR_BASE_MEMORY_H
#define DR_BASE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* Zeroed array of `count` things of `size` bytes; NULL when there is no memory or the product overflows. */
void *dr_new(size_t count, size_t size);

/* As dr_new for doubles, aligned to 64 bytes so that kernels may load whole vectors; freed with free(). */
double *dr_new_doubles(size_t count);

/* Several arrays of doubles in one piece of memory, which is returned, or NULL; freed with free(). All are aligned to
 * 64 bytes if each count is a multiple of 8. */
typedef struct dr_array {
    double **array;
    size_t count;
} dr_array;
double *dr_new_arrays(const dr_array *wanted, size_t count);

/* Grows *array (of things of `size` bytes) so that it holds at least `need`; false when there is no memory. */
bool dr_grow(void **array, size_t *capacity, size_t need, size_t size);

/* An arena: a zeroed struct is an empty one. */
typedef struct dr_arena {
    struct dr_arena_block *blocks;
} dr_arena;

/* Zeroed memory that lives as long as the arena; NULL when there is none. */
void *dr_arena_take(dr_arena *arena, size_t size);
char *dr_arena_text(dr_arena *arena, const char *text);
char *dr_arena_format(dr_arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
void dr_arena_free(dr_arena *arena);

#endif
