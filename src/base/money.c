#include "base/money.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/print.h"

double dr_money_shorten(char unit[DR_MONEY_SIZE], double largest, double most)
{
    static const char *const words[] = {"thousand ", "million ", "billion ", "trillion "};
    double factor = 1;
    char rest[DR_MONEY_SIZE];
    for (size_t i = 0; i + 1 < sizeof words / sizeof *words; i++) {
        size_t length = strlen(words[i]);
        if (factor * largest < most || strncmp(unit, words[i], length) != 0)
            continue;
        factor *= 1e-3;
        snprintf(rest, sizeof rest, "%s", unit + length);
        snprintf(unit, DR_MONEY_SIZE, "%s%.200s", words[i + 1], rest);
    }
    return factor;
}

const char *dr_money(char out[DR_MONEY_SIZE], double value, const char *unit)
{
    char word[DR_MONEY_SIZE];
    snprintf(word, sizeof word, "%.*s", (int)strcspn(unit, ","), unit);
    double number = fabs(value) * dr_money_shorten(word, fabs(value), 1e3);
    dr_print_text(out, DR_MONEY_SIZE, number < 1e4 ? "%.4g %.200s" : "%.0f %.200s", number, word);
    return out;
}
