/* Digests against those that the standards give for "abc": RFC 1321, FIPS 180-2. */
#include <stdio.h>
#include <unistd.h>

#include "base/digest.h"
#include "support/check.h"

static const char path[] = "digest.txt";

static const char *const of_abc[] = {
    "md5:900150983cd24fb0d6963f7d28e17f72",
    "sha1:a9993e364706816aba3e25717850c26c9cd0d89d",
    "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
};

static void write_abc(void)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("abc", file);
    assert_int_equal(fclose(file), 0);
}

static void the_standards(void **state)
{
    (void)state;
    char found[DR_DIGEST_SIZE], words[DR_DIGEST_WORDS_SIZE];
    bool same = false;
    write_abc();
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(dr_digest_take(found, of_abc[i], path), DR_OK);
        assert_string_equal(found, of_abc[i]);
        assert_int_equal(dr_digest_compare(&same, found, of_abc[i], path), DR_OK);
        assert_true(same);
    }
    assert_int_equal(dr_digest_compare(&same, found, "md5:900150983CD24FB0D6963F7D28E17F72", path), DR_OK);
    assert_true(same);
    assert_int_equal(dr_digest_compare(&same, found, "md5:900150983cd24fb0d6963f7d28e17f73", path), DR_OK);
    assert_false(same);
    assert_string_equal(found, of_abc[0]);
    assert_string_equal(dr_digest_words(words, of_abc[2]),
                        "SHA-256 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    unlink(path);
}

static void what_is_wrong(void **state)
{
    (void)state;
    char found[DR_DIGEST_SIZE];
    assert_int_equal(dr_digest_take(found, "crc32:1", path), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(),
                        "'crc32:1' is no digest; expected md5:, sha1: or sha256: and hexadecimal digits");
    assert_int_equal(dr_digest_take(found, "md5", "missing.txt"), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(), "missing.txt: cannot be read: No such file or directory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_standards), cmocka_unit_test(what_is_wrong)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
