#include "report/outlines.h"

#include <math.h>
#include <stdlib.h>

#include "base/csv.h"
#include "base/embedded.h"

bool dr_walk_next(dr_walk *w)
{
    char *end = NULL;
    long x = strtol(w->rest, &end, 10);
    if (end == w->rest)
        return false;
    w->x += x;
    w->y += strtol(end, &w->rest, 10);
    return true;
}

dr_walk dr_walk_start(const char *path)
{
    return (dr_walk){.rest = (char *)path}; /* strtol only moves it */
}

static dr_status take_outline(dr_outlines *s, const dr_csv *csv, const int *columns)
{
    if (!dr_grow((void **)&s->all, &s->capacity, s->count + 1, sizeof *s->all))
        return dr_fail_memory();
    dr_outline *o = &s->all[s->count++];
    size_t points = 0;
    const char **fields[] = {&o->code, &o->kind, &o->path};
    for (size_t i = 0; i < 3; i++)
        if (!(*fields[i] = dr_arena_text(&s->arena, dr_csv_field(csv, (size_t)columns[i]))))
            return dr_fail_memory();
    for (dr_walk w = dr_walk_start(o->path); dr_walk_next(&w); points++) {
        s->lowest = fmin(s->lowest, (double)w.y);
        s->highest = fmax(s->highest, (double)w.y);
    }
    s->longest = points > s->longest ? points : s->longest;
    return DR_OK;
}

dr_status dr_outlines_read(dr_outlines *s)
{
    static const char file[] = "map/countries.csv", *const names[] = {"iso3", "kind", "path"};
    const dr_embedded *embedded = dr_embedded_find(file);
    dr_csv *csv = NULL;
    int columns[3];
    bool more = false;
    if (!embedded)
        return dr_fail(DR_MACHINE, "this derisk was built without data/%s", file);
    DR_TRY(dr_csv_open_memory(&csv, file, embedded->bytes, embedded->size));
    dr_status status = dr_csv_header(csv, names, 3, columns);
    while (status == DR_OK && (status = dr_csv_record(csv, &more)) == DR_OK && more)
        status = take_outline(s, csv, columns);
    dr_csv_close(csv);
    return status;
}

void dr_outlines_free(dr_outlines *outlines)
{
    free(outlines->all);
    dr_arena_free(&outlines->arena);
}
