/* Sums of money in words. */
#ifndef DR_BASE_MONEY_H
#define DR_BASE_MONEY_H

#include <stddef.h>

enum { DR_MONEY_SIZE = 256 };

/* Turns a unit that begins with a power of a thousand into the next ones while numbers up to `largest` are `most` or
 * more of it: "thousand euros" into "million euros". Returns the factor on the numbers. */
double dr_money_shorten(char unit[DR_MONEY_SIZE], double largest, double most);

/* The power of a thousand with which a unit begins: 1e6 for "million US dollars", 1 for "euros". *rest (NULL: not
 * wanted) is what follows it. */
double dr_money_power(const char *unit, const char **rest);

/* A sum as people read it, with four digits, in the largest power of a thousand of which it is at least one,
 * "million" the least, and without a sign: "445.0 billion US dollars" of 445011 "million US dollars, current prices",
 * "1575 US dollars" of 0.001575. Every sentence that names
 * a sum uses it. */
const char *dr_money(char out[DR_MONEY_SIZE], double value, const char *unit);

/* The same without the currency, for a sentence that has named it: "445.0 billion". */
const char *dr_money_short(char out[DR_MONEY_SIZE], double value, const char *unit);

#endif
