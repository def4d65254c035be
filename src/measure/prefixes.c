#include "measure/prefixes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/embedded.h"
#include "base/sql.h"

enum { LONGEST = 32 };

static dr_status add(dr_prefixes *p, const char *code, const char *label)
{
    int index = dr_names_add(&p->codes, code);
    if (index < 0 || !label || !dr_grow((void **)&p->labels, &p->capacity, p->codes.count, sizeof *p->labels))
        return dr_fail_memory();
    p->labels[index] = label;
    return DR_OK;
}

static dr_status read_csv(dr_prefixes *p, dr_csv *csv)
{
    static const char *const names[] = {"product", "list", "label"};
    int columns[3];
    bool more = false;
    DR_TRY(dr_csv_header(csv, names, 3, columns));
    while (true) {
        DR_TRY(dr_csv_record(csv, &more));
        if (!more)
            return DR_OK;
        DR_TRY(add(p, dr_csv_field(csv, (size_t)columns[0]),
                   dr_arena_format(&p->arena, "%s %s", dr_csv_field(csv, (size_t)columns[1]),
                                   dr_csv_field(csv, (size_t)columns[2]))));
    }
}

dr_status dr_prefixes_embedded(dr_prefixes *prefixes, const char *file)
{
    const dr_embedded *embedded = dr_embedded_find(file);
    dr_csv *csv = NULL;
    if (!embedded)
        return dr_fail(DR_MACHINE, "this derisk was built without data/%s", file);
    DR_TRY(dr_csv_open_memory(&csv, file, embedded->bytes, embedded->size));
    dr_status status = read_csv(prefixes, csv);
    dr_csv_close(csv);
    return status;
}

dr_status dr_prefixes_query(dr_prefixes *prefixes, const dr_duck *duck, const char *sql)
{
    dr_cursor cursor;
    dr_arena texts = {0};
    bool more = false;
    dr_status status = dr_sql_open(&cursor, duck, sql, NULL);
    while (status == DR_OK && (status = dr_cursor_next(&cursor, &more)) == DR_OK && more) {
        const char *code = dr_cursor_text(&cursor, 0, &texts);
        status = code ? add(prefixes, code, dr_cursor_text(&cursor, 1, &prefixes->arena)) : dr_fail_memory();
    }
    dr_cursor_close(&cursor);
    dr_arena_free(&texts);
    return status;
}

const char *dr_prefixes_find(const dr_prefixes *prefixes, const char *product)
{
    char text[LONGEST];
    snprintf(text, sizeof text, "%s", product);
    for (size_t size = strlen(text); size > 0; text[--size] = '\0') {
        int index = dr_names_find(&prefixes->codes, text);
        if (index >= 0)
            return prefixes->labels[index];
    }
    return "";
}

void dr_prefixes_free(dr_prefixes *prefixes)
{
    dr_names_free(&prefixes->codes);
    free(prefixes->labels);
    dr_arena_free(&prefixes->arena);
    *prefixes = (dr_prefixes){0};
}
