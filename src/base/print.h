/* Text with numbers in it, printed and read the same in every locale: with a decimal point, never a comma. The C
 * library's own functions follow the locale that the program has set, which breaks CSV, JSON and the scripts of
 * gnuplot. Whatever prints or reads a number with decimals goes through here; tools/check-numbers.py sees to that. */
#ifndef DR_BASE_PRINT_H
#define DR_BASE_PRINT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

/* As fprintf and vfprintf. */
int dr_print(FILE *to, const char *format, ...) __attribute__((format(printf, 2, 3)));
int dr_vprint(FILE *to, const char *format, va_list arguments) __attribute__((format(printf, 2, 0)));

/* As snprintf and vsnprintf. */
int dr_print_text(char *to, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
int dr_vprint_text(char *to, size_t size, const char *format, va_list arguments) __attribute__((format(printf, 3, 0)));

/* As asprintf and vasprintf: *out is to be freed, and NULL where the answer is below zero. */
int dr_print_new(char **out, const char *format, ...) __attribute__((format(printf, 2, 3)));
int dr_vprint_new(char **out, const char *format, va_list arguments) __attribute__((format(printf, 2, 0)));

enum { DR_NUMBER_SIZE = 400 }; /* the longest double with thousands separators fits */

/* The fewest digits that read back as the same double. Returns text. */
const char *dr_number_exact(char text[DR_NUMBER_SIZE], double number);

/* As strtod. */
double dr_number_read(const char *text, char **end);

/* Reads a decimal number at the start of `text`, as tables have them: a sign, digits with or without a point, an
 * exponent. Returns where it ends, and in *decimals how many characters follow its point; NULL where there is none, or
 * it is not finite. The number nearest to what is written, as by dr_number_read, in a tenth of the time. */
const char *dr_decimal_read(const char *text, double *out, size_t *decimals);

#endif
