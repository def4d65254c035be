/* What the fuzzers share. Each is a file fuzz_<reader>.c with LLVMFuzzerTestOneInput, listed in meson.build. */
#ifndef DR_TESTS_FUZZ_H
#define DR_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#endif
