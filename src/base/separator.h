/* How a text file separates its columns, and how it writes decimals. */
#ifndef DR_BASE_SEPARATOR_H
#define DR_BASE_SEPARATOR_H

#include <stdbool.h>
#include <stddef.h>

/* The most frequent of comma, semicolon, tab and bar in the first line that is not empty, outside quotes; a comma where
 * there are as many. A line "sep=;" in front of the header says it to spreadsheets: *skip is then its length, else
 * 0. */
char dr_separator_find(const unsigned char *bytes, size_t size, size_t *skip);

/* Where the whole of a field is a number with a decimal comma, as spreadsheets write it beside semicolons ("-1,5"),
 * makes the comma a point. */
bool dr_decimal_comma_mend(char *field, size_t size);

#endif
