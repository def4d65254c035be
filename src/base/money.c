#include "base/money.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/print.h"

static const char *const words[] = {"thousand ", "million ", "billion ", "trillion "};

enum { WORDS = sizeof words / sizeof *words };

double dr_money_power(const char *unit, const char **rest)
{
    double power = 1;
    size_t length = 0;
    for (size_t i = 0; i < WORDS && length == 0; i++) {
        power *= 1e3;
        length = strncmp(unit, words[i], strlen(words[i])) == 0 ? strlen(words[i]) : 0;
    }
    if (rest)
        *rest = unit + length;
    return length > 0 ? power : 1;
}

double dr_money_shorten(char unit[DR_MONEY_SIZE], double largest, double most)
{
    double factor = 1;
    char rest[DR_MONEY_SIZE];
    for (size_t i = 0; i + 1 < WORDS; i++) {
        size_t length = strlen(words[i]);
        if (factor * largest < most || strncmp(unit, words[i], length) != 0)
            continue;
        factor *= 1e-3;
        snprintf(rest, sizeof rest, "%s", unit + length);
        snprintf(unit, DR_MONEY_SIZE, "%s%.200s", words[i + 1], rest);
    }
    return factor;
}

/* The other way, for numbers below one: "million euros" into "euros", "billion euros" into "million euros". */
static double lengthen(char unit[DR_MONEY_SIZE], double value)
{
    double factor = 1;
    char rest[DR_MONEY_SIZE];
    for (size_t i = WORDS; i-- > 0;) {
        size_t length = strlen(words[i]);
        if (value == 0 || factor * value >= 1 || strncmp(unit, words[i], length) != 0)
            continue;
        bool few = i <= 1; /* "1,575 euros" rather than "1.575 thousand euros" */
        factor *= i == 1 ? 1e6 : 1e3;
        snprintf(rest, sizeof rest, "%s", unit + length);
        snprintf(unit, DR_MONEY_SIZE, "%s%.200s", few ? "" : words[i - 1], rest);
    }
    return factor;
}

/* A comma before each three digits of a whole number: "9,600,000". */
static void separate(char number[DR_NUMBER_SIZE])
{
    char digits[DR_NUMBER_SIZE];
    size_t length = strlen(number), to = 0;
    snprintf(digits, sizeof digits, "%s", number);
    for (size_t i = 0; i < length && to + 2 < DR_NUMBER_SIZE; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            number[to++] = ',';
        number[to++] = digits[i];
    }
    number[to] = '\0';
}

const char *dr_money(char out[DR_MONEY_SIZE], double value, const char *unit)
{
    char word[DR_MONEY_SIZE], number[DR_NUMBER_SIZE];
    snprintf(word, sizeof word, "%.*s", (int)strcspn(unit, ","), unit);
    double size = fabs(value) * dr_money_shorten(word, fabs(value), 1e3);
    size *= lengthen(word, size);
    dr_print_text(number, sizeof number, size >= 1e3 || size == 0 ? "%.0f" : "%#.4g", size);
    size_t length = strlen(number);
    if (number[length - 1] == '.') /* 999.96 reads "1000." */
        number[length - 1] = '\0';
    if (size >= 1e4)
        separate(number);
    snprintf(out, DR_MONEY_SIZE, "%s %.200s", number, word);
    return out;
}

const char *dr_money_short(char out[DR_MONEY_SIZE], double value, const char *unit)
{
    dr_money(out, value, unit);
    size_t number = strcspn(out, " ");
    for (size_t i = 0; i < WORDS && out[number]; i++)
        if (strncmp(out + number + 1, words[i], strlen(words[i])) == 0) {
            out[number + strlen(words[i])] = '\0';
            return out;
        }
    out[number] = '\0';
    return out;
}
