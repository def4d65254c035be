#include "report/number.h"

#include <math.h>
#include <string.h>

int dr_number_decimals(dr_show show, double largest)
{
    switch (show) {
    case DR_SHOW_PERCENT:
    case DR_SHOW_SHARE:
        return 2;
    case DR_SHOW_VALUE:
        return largest >= 10000 ? 0 : largest >= 10 ? 1 : largest >= 0.1 ? 3 : -1;
    case DR_SHOW_NUMBER:
        return -1;
    default:
        return 0;
    }
}

/* Puts a comma before every third digit of the whole part. */
static void separate_thousands(char text[DR_NUMBER_SIZE])
{
    char *first = text + (*text == '-');
    size_t whole = strspn(first, "0123456789");
    for (char *at = first + whole; at - first > 3;) {
        at -= 3;
        memmove(at + 1, at, strlen(at) + 1);
        *at = ',';
    }
}

static void drop_sign_of_zero(char text[DR_NUMBER_SIZE])
{
    if (*text == '-' && !strpbrk(text, "123456789"))
        memmove(text, text + 1, strlen(text));
}

const char *dr_number_shown(char text[DR_NUMBER_SIZE], dr_show show, int decimals, double number)
{
    *text = '\0';
    if (isnan(number))
        return text;
    if (show == DR_SHOW_SHARE)
        number *= 100;
    double size = fabs(number);
    if (decimals < 0 && !(size >= 1000 && size < 1e15))
        dr_print_text(text, DR_NUMBER_SIZE, "%.4g", number);
    else
        dr_print_text(text, DR_NUMBER_SIZE, "%.*f", decimals < 0 ? 0 : decimals, number);
    if (show != DR_SHOW_COUNT || size >= 10000) /* a year reads 2011 */
        separate_thousands(text);
    drop_sign_of_zero(text);
    if (show == DR_SHOW_PERCENT || show == DR_SHOW_SHARE)
        memcpy(text + strlen(text), "%", sizeof "%");
    return text;
}

const char *dr_cell_shown(char text[DR_NUMBER_SIZE], const dr_table *table, size_t row, size_t column)
{
    const dr_column *c = &table->columns[column];
    return c->texts ? dr_table_text(table, row, column)
                    : dr_number_shown(text, c->show, dr_number_decimals(c->show, 0), c->numbers[row]);
}

bool dr_column_is_right(const dr_table *table, size_t column)
{
    return column > 0 && (!table->columns[column].texts || *table->columns[column].name == ' ');
}
