#include "report/pdf.h"

#include <string.h>

/* Blanks each entry of that name and its value, a text in brackets, in a dictionary. */
static void blank(char *bytes, size_t size, const char *name)
{
    char *end = bytes + size;
    for (char *at = bytes; (at = memmem(at, (size_t)(end - at), name, strlen(name)));) {
        char *close = memchr(at, ')', (size_t)(end - at));
        if (!close)
            return;
        memset(at, ' ', (size_t)(close + 1 - at));
        at = close + 1;
    }
}

void dr_pdf_undate(char *bytes, size_t size)
{
    blank(bytes, size, "/CreationDate (D:");
    blank(bytes, size, "/ModDate (D:");
}
