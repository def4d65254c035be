/* Memory: what is asked for beyond all memory is refused, what is given is zeroed and aligned. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/portable.h"

/* The address sanitizer, which asks for its options by this name, would rather stop than return NULL. */
const char *__asan_default_options(void); /* NOLINT(bugprone-reserved-identifier) */
const char *__asan_default_options(void)  /* NOLINT(bugprone-reserved-identifier) */
{
    return "allocator_may_return_null=1";
}

static void arrays(void **state)
{
    (void)state;
    unsigned char *bytes = dr_new(1000, 1);
    assert_non_null(bytes);
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(bytes[i], 0);
    free(bytes);
    void *nothing = dr_new(0, 8);
    assert_non_null(nothing);
    free(nothing);
    assert_null(dr_new(SIZE_MAX / 2, 4));
    assert_null(dr_new(SIZE_MAX / 2, SIZE_MAX / 2));
}

static void doubles(void **state)
{
    (void)state;
    for (size_t count = 0; count < 100; count++) {
        double *x = dr_new_doubles(count);
        assert_non_null(x);
        assert_int_equal((uintptr_t)x % 64, 0);
        for (size_t i = 0; i < (count + 7) / 8 * 8; i++)
            assert_true(x[i] == 0);
        free(x);
    }
    assert_null(dr_new_doubles(SIZE_MAX));
    assert_null(dr_new_doubles(SIZE_MAX / sizeof(double)));
    assert_null(dr_new_doubles(SIZE_MAX / 2 / sizeof(double)));
}

static void growing(void **state)
{
    int *numbers = NULL;
    size_t capacity = 0;
    (void)state;
    for (int i = 0; i < 10000; i++) {
        assert_true(dr_grow((void **)&numbers, &capacity, (size_t)i + 1, sizeof *numbers));
        assert_true(capacity > (size_t)i);
        numbers[i] = i;
    }
    for (int i = 0; i < 10000; i++)
        assert_int_equal(numbers[i], i);
    int *before = numbers;
    size_t old = capacity;
    assert_true(dr_grow((void **)&numbers, &capacity, 5, sizeof *numbers));
    assert_ptr_equal(numbers, before);
    assert_false(dr_grow((void **)&numbers, &capacity, SIZE_MAX, sizeof *numbers));
    assert_false(dr_grow((void **)&numbers, &capacity, SIZE_MAX / 4, sizeof *numbers));
    assert_ptr_equal(numbers, before);
    assert_int_equal(capacity, old);
    free(numbers);
}

static void arenas(void **state)
{
    dr_arena arena = {0};
    (void)state;
    char *text = dr_arena_text(&arena, "first");
    char *formatted = dr_arena_format(&arena, "%s and %d", text, 2);
    assert_string_equal(text, "first");
    assert_string_equal(formatted, "first and 2");
    double *number = dr_arena_take(&arena, sizeof *number);
    assert_true(*number == 0 && (uintptr_t)number % _Alignof(max_align_t) == 0);
    assert_non_null(dr_arena_take(&arena, 0));
    assert_null(dr_arena_take(&arena, SIZE_MAX));
    assert_null(dr_arena_take(&arena, SIZE_MAX - 8));
    assert_string_equal(text, "first");
    dr_arena_free(&arena);
    assert_null(arena.blocks);
    dr_arena_free(&arena);
}

static void available_memory(void **state)
{
    (void)state;
    assert_true(dr_memory_available() > 1e6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(arrays), cmocka_unit_test(doubles), cmocka_unit_test(growing),
                                       cmocka_unit_test(arenas), cmocka_unit_test(available_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
