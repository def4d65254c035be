#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clean.h"
#include "base/print.h"

static _Thread_local char error_text[DR_ERROR_SIZE];

const char *dr_error_text(void)
{
    return error_text;
}

const char *dr_version(void)
{
    return DR_VERSION;
}

const char *dr_error_of_file(int error)
{
    return error == ENOSPC  ? "no space left on the disk"
           : error == EFBIG ? "the file would be larger than files may be here (ulimit -f)"
                            : strerror(error);
}

void dr_error_keep(const char *format, ...)
{
    char line[sizeof error_text];
    va_list arguments;
    va_start(arguments, format);
    dr_vprint_text(line, sizeof line, format, arguments);
    va_end(arguments);
    dr_clean(line); /* one line means one line, whatever a file or database put into it */
    memcpy(error_text, line, sizeof line);
}

void dr_error_restore(const char line[DR_ERROR_SIZE])
{
    memcpy(error_text, line, DR_ERROR_SIZE);
}

void dr_error_prefix(const char *prefix)
{
    char line[sizeof error_text];
    memcpy(line, error_text, sizeof line);
    size_t first = strcspn(line, "\n"); /* what dr_error_point has put below stays there */
    dr_error_keep("%s: %.*s", prefix, (int)first, line);
    size_t size = strlen(error_text);
    snprintf(error_text + size, sizeof error_text - size, "%s", line + first);
}

void dr_error_point(const char *text, size_t at)
{
    char shown[512];
    size_t before = 0;
    snprintf(shown, sizeof shown, "%s", text);
    dr_clean(shown);
    for (size_t i = 0; i < at && shown[i]; i++)
        before += ((unsigned char)shown[i] & 0xc0) != 0x80; /* characters of UTF-8, not bytes */
    size_t size = strlen(error_text);
    snprintf(error_text + size, sizeof error_text - size, "\n  %s\n  %*s^", shown, (int)before, "");
}
