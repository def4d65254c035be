#include "world/harmonized.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/embedded.h"
#include "base/memory.h"

enum { EDITIONS = 7, DIGITS = 6 };

static const struct {
    char name[5];
    int year; /* from which it is in force */
} editions[EDITIONS] = {{"HS92", 1988}, {"HS96", 1996}, {"HS02", 2002}, {"HS07", 2007},
                        {"HS12", 2012}, {"HS17", 2017}, {"HS22", 2022}};

int dr_hs_edition(const char *classification)
{
    for (int i = 0; i < EDITIONS; i++)
        if (strcmp(editions[i].name, classification) == 0)
            return i;
    return -1;
}

int dr_hs_edition_of(const char *classification, int year)
{
    int edition = -1;
    if (strcmp(classification, "CN") != 0)
        return dr_hs_edition(classification);
    while (edition + 1 < EDITIONS && editions[edition + 1].year <= year)
        edition++;
    return edition;
}

const char *dr_hs_name(int edition)
{
    return editions[edition].name;
}

/* ---- The changes ---- */

/* Goods of one code are under another one after a step. */
typedef struct move {
    char from[DIGITS + 1], to[DIGITS + 1];
} move;

/* From an edition to a neighbour. */
typedef struct step {
    move *list; /* by `from` */
    size_t count, capacity;
} step;

struct dr_hs_changes {
    int from, to;
    step steps[EDITIONS]; /* in their order */
};

static int by_from(const void *a, const void *b)
{
    const move *x = a, *y = b;
    int order = strcmp(x->from, y->from);
    return order ? order : strcmp(x->to, y->to);
}

static dr_status add_move(step *s, const char *from, const char *to)
{
    if (!dr_grow((void **)&s->list, &s->capacity, s->count + 1, sizeof *s->list))
        return dr_fail_memory();
    move *m = &s->list[s->count++];
    snprintf(m->from, sizeof m->from, "%s", from);
    snprintf(m->to, sizeof m->to, "%s", to);
    return DR_OK;
}

enum { EDITION, CODE, EARLIER, CHANGE, COLUMNS };

static dr_status take_row(dr_hs_changes *c, const dr_csv *csv, const int *columns)
{
    int later = dr_hs_edition(dr_csv_field(csv, (size_t)columns[EDITION]));
    const char *code = dr_csv_field(csv, (size_t)columns[CODE]), *earlier = dr_csv_field(csv, (size_t)columns[EARLIER]),
               *change = dr_csv_field(csv, (size_t)columns[CHANGE]);
    if (c->from < c->to) /* forwards: codes that ended */
        return later > c->from && later <= c->to && strcmp(change, "new") != 0
                   ? add_move(&c->steps[later - c->from - 1], earlier, code)
                   : DR_OK;
    return later <= c->from && later > c->to && strcmp(change, "ended") != 0
               ? add_move(&c->steps[c->from - later], code, earlier)
               : DR_OK;
}

static dr_status read_rows(dr_hs_changes *c, dr_csv *csv)
{
    static const char *const names[COLUMNS] = {"edition", "code", "earlier", "change"};
    int columns[COLUMNS];
    bool more = true;
    dr_status status = dr_csv_header(csv, names, COLUMNS, columns);
    while (status == DR_OK && (status = dr_csv_record(csv, &more)) == DR_OK && more)
        status = take_row(c, csv, columns);
    for (size_t i = 0; i < EDITIONS; i++)
        if (c->steps[i].count > 0)
            qsort(c->steps[i].list, c->steps[i].count, sizeof *c->steps[i].list, by_from);
    return status;
}

dr_status dr_hs_changes_read(dr_hs_changes **out, int from, int to)
{
    const dr_embedded *file = dr_embedded_find("products/hs-changes.csv");
    dr_csv *csv = NULL;
    if (!file)
        return dr_fail(DR_MACHINE, "this derisk was built without data/products/hs-changes.csv");
    dr_hs_changes *c = dr_new(1, sizeof *c);
    if (!c)
        return dr_fail_memory();
    c->from = from;
    c->to = to;
    dr_status status = dr_csv_open_memory(&csv, file->name, file->bytes, file->size);
    if (status == DR_OK)
        status = read_rows(c, csv);
    dr_csv_close(csv);
    if (status == DR_OK)
        *out = c;
    else
        dr_hs_changes_free(c);
    return status;
}

void dr_hs_changes_free(dr_hs_changes *changes)
{
    for (size_t i = 0; changes && i < EDITIONS; i++)
        free(changes->steps[i].list);
    free(changes);
}

/* ---- Codes ---- */

/* The first move from a code, NULL if it is kept. */
static const move *find_moves(const step *s, const char *code)
{
    size_t low = 0, high = s->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (strcmp(s->list[middle].from, code) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < s->count && strcmp(s->list[low].from, code) == 0 ? &s->list[low] : NULL;
}

/* The codes that take the goods of these after a step. */
static dr_status take_step(const step *s, const dr_names *before, dr_names *after)
{
    for (size_t i = 0; i < before->count; i++) {
        const move *m = find_moves(s, before->names[i]);
        if (!m && dr_names_add(after, before->names[i]) < 0)
            return dr_fail_memory();
        for (; m && m < s->list + s->count && strcmp(m->from, before->names[i]) == 0; m++)
            if (dr_names_add(after, m->to) < 0)
                return dr_fail_memory();
    }
    return DR_OK;
}

dr_status dr_hs_successors(const dr_hs_changes *changes, const char *code, dr_names *codes)
{
    char six[DIGITS + 1];
    size_t length = strlen(code);
    snprintf(six, sizeof six, "%.*s", DIGITS, code);
    int steps = abs(changes->to - changes->from);
    dr_status status = dr_names_add(codes, six) >= 0 ? DR_OK : dr_fail_memory();
    for (int i = 0; i < steps && status == DR_OK; i++) {
        dr_names after = {0};
        status = take_step(&changes->steps[i], codes, &after);
        dr_names_free(codes);
        *codes = after;
    }
    bool kept = status == DR_OK && codes->count == 1 && strcmp(codes->names[0], six) == 0;
    if (!kept || length <= DIGITS)
        return status;
    dr_names_free(codes); /* the longer code as it is */
    return dr_names_add(codes, code) >= 0 ? DR_OK : dr_fail_memory();
}
