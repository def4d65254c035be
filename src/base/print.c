#include "base/print.h"

#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

static locale_t plain;
static pthread_once_t plain_once = PTHREAD_ONCE_INIT;

static void make_plain(void)
{
    plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

__attribute__((destructor)) static void drop_plain(void)
{
    if (plain)
        freelocale(plain);
}

/* This thread prints and reads plainly until it goes back to the locale returned. (Where there is no memory for the
 * plain one, uselocale changes nothing; the C library's own "C" needs none.) */
static locale_t enter_plain(void)
{
    pthread_once(&plain_once, make_plain);
    return uselocale(plain);
}

int dr_vprint(FILE *to, const char *format, va_list arguments)
{
    locale_t before = enter_plain();
    int size = vfprintf(to, format, arguments);
    uselocale(before);
    return size;
}

int dr_print(FILE *to, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = dr_vprint(to, format, arguments);
    va_end(arguments);
    return size;
}

int dr_vprint_text(char *to, size_t size, const char *format, va_list arguments)
{
    locale_t before = enter_plain();
    int length = vsnprintf(to, size, format, arguments);
    uselocale(before);
    return length;
}

int dr_print_text(char *to, size_t size, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = dr_vprint_text(to, size, format, arguments);
    va_end(arguments);
    return length;
}

int dr_vprint_new(char **out, const char *format, va_list arguments)
{
    locale_t before = enter_plain();
    int length = vasprintf(out, format, arguments);
    uselocale(before);
    if (length < 0)
        *out = NULL;
    return length;
}

int dr_print_new(char **out, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = dr_vprint_new(out, format, arguments);
    va_end(arguments);
    return length;
}

const char *dr_number_exact(char text[DR_NUMBER_SIZE], double number)
{
    static const char *const formats[] = {"%.15g", "%.16g", "%.17g"};
    locale_t before = enter_plain();
    for (size_t i = 0; i < 3; i++) {
        strfromd(text, DR_NUMBER_SIZE, formats[i], number); /* half the time of snprintf */
        if (i == 2 || strtod(text, NULL) == number)         /* 17 digits tell any two doubles apart */
            break;
    }
    uselocale(before);
    return text;
}

double dr_number_read(const char *text, char **end)
{
    locale_t before = enter_plain();
    double number = strtod(text, end);
    uselocale(before);
    return number;
}

/* Digits from `text` on, into a mantissa that they continue; *count is how many the mantissa has. */
static const char *read_digits(const char *text, uint64_t *mantissa, size_t *count)
{
    for (; *text >= '0' && *text <= '9'; text++) {
        if (*mantissa < UINT64_MAX / 10 - 1)
            *mantissa = 10 * *mantissa + (uint64_t)(*text - '0');
        else
            *mantissa = UINT64_MAX / 10; /* too long to be exact, as what follows is then */
        ++*count;
    }
    return text;
}

/* A double holds whole numbers up to 2^53 and powers of ten up to 1e22 exactly, so that one division or multiplication
 * rounds once (Clinger 1990, How to Read Floating Point Numbers Accurately). */
static bool scale_exactly(uint64_t mantissa, long power, double *out)
{
    static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                  1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (mantissa > (uint64_t)1 << 53 || power < -22 || power > 22)
        return false;
    *out = power < 0 ? (double)mantissa / tens[-power] : (double)mantissa * tens[power];
    return true;
}

const char *dr_decimal_read(const char *text, double *out, size_t *decimals)
{
    const char *at = text + (*text == '-' || *text == '+'), *point = NULL;
    uint64_t mantissa = 0;
    size_t digits = 0;
    char *end = NULL;
    long power = 0;
    at = read_digits(at, &mantissa, &digits);
    if (*at == '.') {
        point = at + 1;
        at = read_digits(point, &mantissa, &digits);
        power = (long)(point - at);
    }
    if (digits == 0)
        return NULL;
    if (*at == 'e' || *at == 'E') {
        if (!(at[1] >= '0' && at[1] <= '9') && !((at[1] == '-' || at[1] == '+') && at[2] >= '0' && at[2] <= '9'))
            return NULL;
        long written = strtol(at + 1, &end, 10);
        power = written < -9999 || written > 9999 ? written : power + written;
        at = end;
    }
    *decimals = point ? (size_t)(at - point) : 0;
    if (scale_exactly(mantissa, power, out)) {
        *out = *text == '-' ? -*out : *out;
        return at;
    }
    *out = dr_number_read(text, &end);
    return end == at && isfinite(*out) ? at : NULL;
}
