#include "base/print.h"

#include <locale.h>
#include <pthread.h>
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
