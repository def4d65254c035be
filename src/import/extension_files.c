/* Extensions of EXIOBASE and of folders saved by pymrio: F.txt has a row for each stressor, columns for regions and
 * sectors below two rows of labels, and F_Y.txt beside it the same for regions and final uses; unit.txt has the
 * units. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/stream.h"
#include "import/account_set.h"

enum { HEADER_ROWS = 2, MOST_LABELS = 3, CHUNK = 1 << 16, MOST_BYTES = 1 << 28 };

/* Rows of a file whose fields tabs separate. */
typedef struct tabbed {
    dr_stream *stream;
    const char *path;
    char *bytes; /* [begin, end) is read and not yet taken */
    size_t begin, end, capacity;
    bool finished;
    char **fields; /* of the row taken last */
    size_t count, field_capacity, line;
} tabbed;

static dr_status tabbed_open(tabbed *t, const char *path)
{
    *t = (tabbed){.path = path, .bytes = dr_new(1, CHUNK), .capacity = CHUNK};
    if (!t->bytes)
        return dr_fail_memory();
    return dr_stream_open(&t->stream, path);
}

static void tabbed_close(tabbed *t)
{
    if (t->stream)
        dr_stream_close(t->stream);
    free(t->bytes);
    free(t->fields);
}

/* Reads on, behind what is not yet taken. */
static dr_status fill(tabbed *t)
{
    size_t got = 0;
    if (t->begin > 0) {
        memmove(t->bytes, t->bytes + t->begin, t->end - t->begin);
        t->end -= t->begin;
        t->begin = 0;
    }
    if (t->end > MOST_BYTES)
        return dr_fail(DR_BAD_INPUT, "%s:%zu: a row of more than 256 MB", t->path, t->line + 1);
    if (!dr_grow((void **)&t->bytes, &t->capacity, t->end + CHUNK + 1, 1))
        return dr_fail_memory();
    dr_status status = dr_stream_read(t->stream, t->bytes + t->end, CHUNK, &got);
    if (status != DR_OK)
        return dr_fail_at(status, t->path);
    t->finished = got == 0;
    t->end += got;
    return DR_OK;
}

static dr_status split(tabbed *t, char *line)
{
    t->count = 0;
    for (char *field; (field = strsep(&line, "\t"));) {
        if (!dr_grow((void **)&t->fields, &t->field_capacity, t->count + 1, sizeof *t->fields))
            return dr_fail_memory();
        t->fields[t->count++] = field;
    }
    return DR_OK;
}

/* Takes the next row that is not blank; its fields are there until the next one. */
static dr_status tabbed_next(tabbed *t, bool *more)
{
    while (true) {
        char *newline = memchr(t->bytes + t->begin, '\n', t->end - t->begin);
        if (!newline && !t->finished) {
            DR_TRY(fill(t));
            continue;
        }
        *more = newline || t->begin < t->end;
        if (!*more)
            return DR_OK;
        char *line = t->bytes + t->begin, *last = newline ? newline : t->bytes + t->end;
        t->begin = newline ? (size_t)(newline - t->bytes) + 1 : t->end;
        t->line++;
        *last = '\0';
        if (memchr(line, '\0', (size_t)(last - line)))
            return dr_fail(DR_BAD_INPUT, "%s:%zu: binary data; expected text", t->path, t->line);
        if (last > line && last[-1] == '\r')
            last[-1] = '\0';
        if (*line)
            return split(t, line);
    }
}

/* ---- Labels ---- */

/* Where the columns of a file lead. */
typedef struct columns {
    size_t labels; /* columns of the names of stressors before the numbers */
    size_t count;
    int *region, *sector;
} columns;

static dr_status read_header(columns *c, tabbed *t, dr_account_set *set)
{
    bool more = false;
    DR_TRY(tabbed_next(t, &more));
    if (!more || strcmp(t->fields[0], "region") != 0)
        return dr_fail(DR_BAD_INPUT, "%s:1:1: expected the label 'region', as in the extensions of pymrio and EXIOBASE",
                       t->path);
    for (c->labels = 1; c->labels < t->count && !*t->fields[c->labels];)
        c->labels++;
    if (c->labels > MOST_LABELS || c->labels >= t->count)
        return dr_fail(DR_BAD_INPUT, "%s:1: no regions after the labels", t->path);
    c->count = t->count;
    c->region = dr_new(c->count, sizeof *c->region);
    c->sector = dr_new(c->count, sizeof *c->sector);
    if (!c->region || !c->sector)
        return dr_fail_memory();
    for (size_t i = c->labels; i < c->count; i++) {
        DR_TRY(dr_account_region(set, t->fields[i], &c->region[i]));
        if (c->region[i] < 0)
            return dr_fail(DR_BAD_INPUT, "%s:1:%zu: the world has no region '%.60s'", t->path, i + 1, t->fields[i]);
    }
    return DR_OK;
}

/* Sectors, or (of F_Y) uses, whatever they are called. */
static dr_status read_sectors(const columns *c, tabbed *t, dr_account_set *set, bool is_final)
{
    bool more = false;
    DR_TRY(tabbed_next(t, &more));
    if (!more || t->count != c->count)
        return dr_fail(DR_BAD_INPUT, "%s:2: %zu fields; expected as many as in the first row, %zu", t->path,
                       more ? t->count : 0, c->count);
    for (size_t i = c->labels; i < c->count; i++) {
        c->sector[i] = DR_PLACE_FINAL;
        if (!is_final)
            DR_TRY(dr_account_sector(set, t->fields[i], &c->sector[i]));
        if (c->sector[i] == DR_PLACE_UNKNOWN)
            return dr_fail(DR_BAD_INPUT,
                           "%s:2:%zu: the world has no sector '%.60s'; --concordance maps other sectors to "
                           "the world's",
                           t->path, i + 1, t->fields[i]);
    }
    return DR_OK;
}

/* "emission_type1 (air)": the stressor, and what tells it from others of its name. */
static const char *print_name(char name[DR_LONGEST_ACCOUNT + 1], char *const *fields, size_t labels)
{
    int size = snprintf(name, DR_LONGEST_ACCOUNT + 1, "%s", fields[0]);
    for (size_t i = 1; i < labels && size < DR_LONGEST_ACCOUNT; i++)
        size += snprintf(name + size, (size_t)DR_LONGEST_ACCOUNT + 1 - (size_t)size, "%s%s%s", i == 1 ? " (" : ", ",
                         fields[i], i + 1 == labels ? ")" : "");
    return name;
}

/* ---- Units ---- */

typedef struct stressors {
    dr_names names, units; /* units.names[unit_of[i]] is that of names.names[i] */
    int *unit_of;
    size_t capacity;
} stressors;

static dr_status take_unit(stressors *s, const tabbed *t)
{
    char name[DR_LONGEST_ACCOUNT + 1];
    if (t->count < 2 || t->count > MOST_LABELS + 1)
        return dr_fail(DR_BAD_INPUT, "%s:%zu: expected the name of a stressor and its unit", t->path, t->line);
    int at = dr_names_add(&s->names, print_name(name, t->fields, t->count - 1));
    if (at < 0 || !dr_grow((void **)&s->unit_of, &s->capacity, s->names.count, sizeof *s->unit_of))
        return dr_fail_memory();
    s->unit_of[at] = dr_names_add(&s->units, t->fields[t->count - 1]);
    return s->unit_of[at] >= 0 ? DR_OK : dr_fail_memory();
}

static dr_status read_units(stressors *s, const char *path)
{
    tabbed t;
    bool more = false;
    dr_status status = tabbed_open(&t, path);
    if (status == DR_OK)
        status = tabbed_next(&t, &more); /* the header */
    while (status == DR_OK && (status = tabbed_next(&t, &more)) == DR_OK && more)
        status = take_unit(s, &t);
    tabbed_close(&t);
    return status;
}

/* ---- Numbers ---- */

typedef struct reading {
    dr_account_set *set;
    const stressors *stressors;
    int year;
    bool is_final;
    size_t *money;
} reading;

static dr_status add_numbers(const reading *r, const columns *c, const tabbed *t, size_t part)
{
    for (size_t i = c->labels; i < c->count; i++) {
        double value = 0;
        if (!dr_parse_number(t->fields[i], &value))
            return dr_fail(DR_BAD_INPUT, "%s:%zu:%zu: '%.40s' is not a finite number", t->path, t->line, i + 1,
                           t->fields[i]);
        if (value != 0)
            DR_TRY(dr_account_add(r->set, part, c->region[i], c->sector[i], value));
    }
    return DR_OK;
}

static dr_status take_row(const reading *r, const columns *c, const tabbed *t)
{
    char name[DR_LONGEST_ACCOUNT + 1];
    size_t part = 0;
    if (t->count != c->count)
        return dr_fail(DR_BAD_INPUT, "%s:%zu: %zu fields; expected as many as in the first row, %zu", t->path, t->line,
                       t->count, c->count);
    if (t->line == HEADER_ROWS + 1 && !*t->fields[c->labels]) /* what the columns of labels are called */
        return DR_OK;
    int at = dr_names_find(&r->stressors->names, print_name(name, t->fields, c->labels));
    if (at < 0)
        return dr_fail(DR_BAD_INPUT, "%s:%zu: unit.txt has no unit of '%.80s'", t->path, t->line, name);
    const char *unit = r->stressors->units.names[r->stressors->unit_of[at]];
    if (dr_account_is_money(unit)) {
        *r->money += !r->is_final;
        return DR_OK;
    }
    dr_status status = dr_account_part_find(r->set, name, unit, r->year, &part);
    if (status == DR_OK && part == SIZE_MAX)
        return DR_OK;
    return status == DR_OK ? add_numbers(r, c, t, part) : dr_fail_at(status, t->path);
}

static dr_status read_numbers(const reading *r, const char *path)
{
    tabbed t;
    columns c = {0};
    bool more = false;
    dr_status status = tabbed_open(&t, path);
    if (status == DR_OK)
        status = read_header(&c, &t, r->set);
    if (status == DR_OK)
        status = read_sectors(&c, &t, r->set, r->is_final);
    while (status == DR_OK && (status = tabbed_next(&t, &more)) == DR_OK && more)
        status = take_row(r, &c, &t);
    free(c.region);
    free(c.sector);
    tabbed_close(&t);
    return status;
}

/* A file in the folder of `path`, on disk or in an archive; *there tells whether there is one. */
static dr_status beside(char out[4096], const char *path, const char *name, bool *there)
{
    const char *slash = strrchr(path, '/');
    dr_stream *stream = NULL;
    int length = slash ? (int)(slash - path) + 1 : 0;
    if (snprintf(out, 4096, "%.*s%s", length, path, name) >= 4096)
        return dr_fail(DR_BAD_INPUT, "%.200s...: the path is too long", path);
    dr_status status = dr_stream_open(&stream, out);
    *there = status == DR_OK;
    if (*there)
        dr_stream_close(stream);
    return status == DR_BAD_INPUT ? DR_OK : status;
}

static dr_status read_final(reading *r, const char *path)
{
    static const char *const names[] = {"F_Y.txt", "F_hh.txt"}; /* the latter in old versions */
    char file[4096];
    bool there = false;
    r->is_final = true;
    for (size_t i = 0; i < 2 && !there; i++) {
        DR_TRY(beside(file, path, names[i], &there));
        if (there)
            DR_TRY(read_numbers(r, file));
    }
    return DR_OK;
}

dr_status dr_extension_read(dr_account_set *set, const char *path, const dr_import_options *options, size_t *money)
{
    char units[4096];
    bool there = false;
    stressors s = {0};
    reading r = {.set = set, .stressors = &s, .money = money};
    DR_TRY(dr_account_year_of(set, path, options, &r.year));
    DR_TRY(beside(units, path, "unit.txt", &there));
    if (!there)
        return dr_fail(DR_BAD_INPUT, "%s: there is no unit.txt beside it, which has the units", path);
    dr_status status = read_units(&s, units);
    if (status == DR_OK)
        status = read_numbers(&r, path);
    if (status == DR_OK)
        status = read_final(&r, path);
    dr_names_free(&s.names);
    dr_names_free(&s.units);
    free(s.unit_of);
    return status;
}
