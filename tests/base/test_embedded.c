/* The files built into the library are those of data/, byte for byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/embedded.h"

static void each_is_found_by_name(void **state)
{
    (void)state;
    assert_true(dr_embedded_count > 0);
    for (size_t i = 0; i < dr_embedded_count; i++) {
        assert_ptr_equal(dr_embedded_find(dr_embedded_files[i].name), &dr_embedded_files[i]);
        assert_true(i == 0 || strcmp(dr_embedded_files[i - 1].name, dr_embedded_files[i].name) < 0);
    }
}

static void no_other_name_is_found(void **state)
{
    (void)state;
    assert_null(dr_embedded_find("sample"));
    assert_null(dr_embedded_find(""));
}

/* By the name of the file, in whichever folder it is, so that no two may have the same. */
static void examples_are_found_by_their_name(void **state)
{
    (void)state;
    size_t found = 0;
    for (size_t i = 0; i < dr_embedded_count; i++) {
        const dr_embedded *file = &dr_embedded_files[i];
        const char *name = strrchr(file->name, '/');
        if (!name || !strstr(name, ".yaml"))
            continue;
        char bare[256];
        snprintf(bare, sizeof bare, "%.*s", (int)(strlen(name + 1) - strlen(".yaml")), name + 1);
        assert_ptr_equal(dr_embedded_example(name + 1), file);
        assert_ptr_equal(dr_embedded_example(bare), file);
        found++;
    }
    assert_true(found > 10);
    assert_null(dr_embedded_example("games/eu-china.yaml"));
    assert_null(dr_embedded_example("sample_2011.csv"));
    assert_null(dr_embedded_example(".yaml"));
    assert_null(dr_embedded_example(""));
}

static void bytes_are_those_of_the_file(void **state)
{
    (void)state;
    static unsigned char bytes[1 << 20];
    for (size_t i = 0; i < dr_embedded_count; i++) {
        const dr_embedded *embedded = &dr_embedded_files[i];
        char path[512];
        snprintf(path, sizeof path, "data/%s", embedded->name);
        FILE *file = fopen(path, "rb");
        assert_non_null(file);
        size_t size = fread(bytes, 1, sizeof bytes, file);
        fclose(file);
        assert_int_equal(size, embedded->size);
        assert_memory_equal(bytes, embedded->bytes, size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_found_by_name),
        cmocka_unit_test(no_other_name_is_found),
        cmocka_unit_test(examples_are_found_by_their_name),
        cmocka_unit_test(bytes_are_those_of_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
