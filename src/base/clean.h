/* Control characters taken out of text. Names, titles and file names may come from any source. In text for terminals,
 * pictures and comments a blank replaces each character that controls the display: control characters of both sets
 * (U+0000 to U+001F, U+007F to U+009F), line and paragraph separators, marks that change the direction of writing
 * (U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069), and bytes that are not UTF-8. CSV, JSON and Parquet
 * keep the data as they are. */
#ifndef DR_BASE_CLEAN_H
#define DR_BASE_CLEAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* The size in bytes of the first character of `text`, which has `size` of them, at least one; *steers is whether it is
 * such a character. */
size_t dr_character(const char *text, size_t size, bool *steers);

/* Puts blanks in place of such characters. */
void dr_clean(char *text);

/* Writes `size` bytes of text, with a blank for each such character. */
void dr_print_clean(FILE *to, const char *text, size_t size);

#endif
