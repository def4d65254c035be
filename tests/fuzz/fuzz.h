/* What the fuzzers share. Each is a file fuzz_<reader>.c with LLVMFuzzerTestOneInput, listed in meson.build. */
#ifndef DR_TESTS_FUZZ_H
#define DR_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "derisk.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* The path of a file in memory that holds the bytes, for readers that take a path. One at a time: the next call
 * replaces it. */
static inline const char *fuzz_path(const uint8_t *bytes, size_t size)
{
    static int file = -1;
    static char path[64];
    if (file < 0) {
        file = memfd_create("fuzz", MFD_CLOEXEC);
        snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    }
    if (file < 0 || ftruncate(file, 0) != 0 || pwrite(file, bytes, size, 0) != (ssize_t)size)
        abort();
    return path;
}

/* A reader may refuse its input, with a message, and as nothing but bad input; or as more than fits into memory, of
 * which librdata takes what a damaged file claims. */
static inline void fuzz_expect(dr_status status)
{
    bool too_large = status == DR_MACHINE && strstr(dr_error_text(), "does not fit into memory");
    if (status != DR_OK && !too_large && (status != DR_BAD_INPUT || dr_error_text()[0] == '\0'))
        abort();
}

#endif
