/* A sheet of a workbook as the CSV that it would be. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "import/xlsx.h"

typedef struct printed {
    FILE *to;
    size_t columns, next; /* of the first row; the row that is expected */
} printed;

static void put_cell(FILE *to, const char *text)
{
    bool quoted = strpbrk(text, ",;\t|\"\r\n") != NULL;
    if (quoted)
        fputc('"', to);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', to);
        fputc(*text, to);
    }
    if (quoted)
        fputc('"', to);
}

/* Rows are as long as the first one, and keep their numbers as lines. */
static dr_status put_row(void *user, size_t row, const char *const *cells, size_t count, bool *stop)
{
    printed *p = user;
    (void)stop;
    if (p->columns == 0)
        p->columns = count;
    for (; p->next < row; p->next++)
        fputc('\n', p->to);
    for (size_t i = 0; i < (count > p->columns ? count : p->columns); i++) {
        if (i > 0)
            fputc(',', p->to);
        put_cell(p->to, i < count ? cells[i] : "");
    }
    fputc('\n', p->to);
    p->next = row + 1;
    return ferror(p->to) ? dr_fail_memory() : DR_OK;
}

dr_status dr_xlsx_csv(dr_csv **out, const char *path, const char *sheet)
{
    dr_names names = {0};
    char *bytes = NULL;
    size_t size = 0;
    printed p = {.next = 1};
    dr_status status = dr_xlsx_sheets(&names, path);
    int index = status == DR_OK ? dr_names_find(&names, sheet) : -1;
    if (status == DR_OK && index < 0)
        status = dr_fail(DR_BAD_INPUT, "%s: the workbook has no sheet '%s'", path, sheet);
    dr_names_free(&names);
    if (status == DR_OK && !(p.to = open_memstream(&bytes, &size)))
        status = dr_fail_memory();
    if (status == DR_OK)
        status = dr_xlsx_read(path, (size_t)index, put_row, &p);
    if (p.to && fclose(p.to) != 0 && status == DR_OK)
        status = dr_fail_memory();
    if (status == DR_OK)
        status = dr_csv_open_memory(out, path, bytes, size);
    free(bytes);
    return status;
}
