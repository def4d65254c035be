/* Extensions of EXIOBASE and of folders saved by pymrio: F.txt has a row for each stressor, columns for regions and
 * sectors below two rows of labels, and F_Y.txt beside it the same for regions and final uses; unit.txt has the units.
 * Or all of them as .csv or .parquet. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/stream.h"
#include "import/account_set.h"
#include "import/matrix_file.h"

enum { MOST_LABELS = 3 };

/* Stressors and their units: units.names[unit_of[i]] is that of names.names[i]. */
typedef struct stressors {
    dr_names names, units;
    int *unit_of;
    size_t capacity, column; /* of the units, in the file that lists them */
} stressors;

/* A file of numbers under way, of sectors or of final uses. */
typedef struct reading {
    dr_account_set *set;
    const stressors *stressors;
    int year;
    bool is_final;
    size_t *money;
    size_t header; /* rows of it that were read */
    size_t labels; /* columns of the names of stressors before the numbers */
    size_t count;  /* all columns, and where each leads */
    int *region, *sector;
} reading;

/* "emission_type1 (air)": the stressor, and what tells it from others of its name. */
static const char *print_name(char name[DR_LONGEST_ACCOUNT + 1], const char *const *fields, size_t labels)
{
    int size = snprintf(name, DR_LONGEST_ACCOUNT + 1, "%s", fields[0]);
    for (size_t i = 1; i < labels && size < DR_LONGEST_ACCOUNT; i++)
        size += snprintf(name + size, (size_t)DR_LONGEST_ACCOUNT + 1 - (size_t)size, "%s%s%s", i == 1 ? " (" : ", ",
                         fields[i], i + 1 == labels ? ")" : "");
    return name;
}

/* ---- Units ---- */

/* The names are in all columns but that of the unit. */
static dr_status take_unit(void *user, const dr_matrix *m, const char *const *texts, size_t count)
{
    stressors *s = user;
    char name[DR_LONGEST_ACCOUNT + 1];
    const char *fields[MOST_LABELS];
    size_t labels = 0;
    if (m->line == 1) { /* the header: the last column, if none is called so */
        s->column = count - 1;
        for (size_t i = 0; i < count; i++)
            s->column = strcasecmp(texts[i], "unit") == 0 ? i : s->column;
        return DR_OK;
    }
    if (count < 2 || count > MOST_LABELS + 1 || s->column >= count)
        return dr_fail(DR_BAD_INPUT, "%s:%zu: expected the name of a stressor and its unit", m->path, m->line);
    for (size_t i = 0; i < count; i++)
        if (i != s->column)
            fields[labels++] = texts[i];
    int at = dr_names_add(&s->names, print_name(name, fields, labels));
    if (at < 0 || !dr_grow((void **)&s->unit_of, &s->capacity, s->names.count, sizeof *s->unit_of))
        return dr_fail_memory();
    s->unit_of[at] = dr_names_add(&s->units, texts[s->column]);
    return s->unit_of[at] >= 0 ? DR_OK : dr_fail_memory();
}

/* ---- Labels ---- */

/* The first row: the columns before the numbers have no name in texts, and in Parquet one that is no tuple. */
static dr_status start_columns(reading *r, const dr_matrix *m, const char *const *texts, size_t count, bool tuples)
{
    if (!tuples && (count == 0 || strcmp(texts[0], "region") != 0))
        return dr_fail(DR_BAD_INPUT, "%s:1:1: expected the label 'region', as in the extensions of pymrio and EXIOBASE",
                       m->path);
    for (r->labels = !tuples; r->labels < count && (tuples ? *texts[r->labels] != '(' : !*texts[r->labels]);)
        r->labels++;
    if (r->labels == 0 || r->labels > MOST_LABELS || r->labels >= count)
        return dr_fail(DR_BAD_INPUT, "%s:1: no regions after the labels", m->path);
    r->count = count;
    r->region = dr_new(count, sizeof *r->region);
    r->sector = dr_new(count, sizeof *r->sector);
    return r->region && r->sector ? DR_OK : dr_fail_memory();
}

static dr_status take_region(reading *r, const dr_matrix *m, size_t column, const char *name)
{
    DR_TRY(dr_account_region(r->set, name, &r->region[column]));
    return r->region[column] >= 0
               ? DR_OK
               : dr_fail(DR_BAD_INPUT, "%s:1:%zu: the world has no region '%.60s'", m->path, column + 1, name);
}

/* A sector, or (of F_Y) a use, whatever it is called. */
static dr_status take_sector(reading *r, const dr_matrix *m, size_t column, const char *name)
{
    r->sector[column] = DR_PLACE_FINAL;
    if (!r->is_final)
        DR_TRY(dr_account_sector(r->set, name, &r->sector[column]));
    return r->sector[column] != DR_PLACE_UNKNOWN
               ? DR_OK
               : dr_fail(DR_BAD_INPUT,
                         "%s:%zu:%zu: the world has no sector '%.60s'; --concordance maps other sectors to the world's",
                         m->path, m->line, column + 1, name);
}

static dr_status take_tuple(reading *r, const dr_matrix *m, size_t column, const char *text)
{
    char name[DR_LONGEST_LABEL + 1];
    const char *at = text;
    for (size_t level = 0; level < 2; level++) {
        if (!dr_tuple_next(&at, name))
            return dr_fail(DR_BAD_INPUT, "%s:1:%zu: '%.60s': expected a tuple of 2 labels", m->path, column + 1, text);
        DR_TRY((level ? take_sector : take_region)(r, m, column, name));
    }
    return DR_OK;
}

/* A row of the header: in texts regions, then sectors. */
static dr_status take_header(reading *r, const dr_matrix *m, const char *const *texts, size_t count, bool tuples)
{
    if (r->header == 0)
        DR_TRY(start_columns(r, m, texts, count, tuples));
    if (count != r->count)
        return dr_fail(DR_BAD_INPUT, "%s:2: %zu fields; expected as many as in the first row, %zu", m->path, count,
                       r->count);
    for (size_t i = r->labels; i < count; i++)
        DR_TRY((tuples ? take_tuple : r->header == 0 ? take_region : take_sector)(r, m, i, texts[i]));
    r->header++;
    return DR_OK;
}

/* ---- Numbers ---- */

static dr_status add_numbers(const reading *r, const dr_matrix *m, const char *const *texts, size_t part)
{
    for (size_t i = r->labels; i < r->count; i++) {
        double value = 0;
        if (!dr_parse_number(texts[i], &value))
            return dr_fail(DR_BAD_INPUT, "%s:%zu:%zu: '%.40s' is not a finite number", m->path, m->line, i + 1,
                           texts[i]);
        if (value != 0)
            DR_TRY(dr_account_add(r->set, part, r->region[i], r->sector[i], value));
    }
    return DR_OK;
}

static dr_status take_stressor(reading *r, const dr_matrix *m, const char *const *texts)
{
    char name[DR_LONGEST_ACCOUNT + 1];
    size_t part = 0;
    int at = dr_names_find(&r->stressors->names, print_name(name, texts, r->labels));
    if (at < 0)
        return dr_fail(DR_BAD_INPUT, "%s:%zu: the list of units has none of '%.80s'", m->path, m->line, name);
    const char *unit = r->stressors->units.names[r->stressors->unit_of[at]];
    if (dr_account_is_money(unit)) {
        *r->money += !r->is_final;
        return DR_OK;
    }
    dr_status status = dr_account_part_find(r->set, name, unit, r->year, &part);
    if (status == DR_OK && part == SIZE_MAX)
        return DR_OK;
    return status == DR_OK ? add_numbers(r, m, texts, part) : dr_fail_at(status, m->path);
}

static dr_status take_row(void *user, const dr_matrix *m, const char *const *texts, size_t count)
{
    reading *r = user;
    bool tuples = dr_path_ends(m->path, ".parquet");
    if (r->header < (tuples ? 1 : 2))
        return take_header(r, m, texts, count, tuples);
    if (count != r->count)
        return dr_fail(DR_BAD_INPUT, "%s:%zu: %zu fields; expected as many as in the first row, %zu", m->path, m->line,
                       count, r->count);
    if (!tuples && m->line == 3 && !*texts[r->labels]) /* what the columns of labels are called */
        return DR_OK;
    return take_stressor(r, m, texts);
}

static dr_status read_numbers(reading *r, const char *path)
{
    r->header = 0;
    dr_status status = dr_texts_read(path, take_row, r);
    free(r->region);
    free(r->sector);
    r->region = r->sector = NULL;
    return status;
}

/* ---- Files ---- */

/* A file in the folder of `path`, on disk or in an archive, with the same ending; *there tells whether there is one. */
static dr_status beside(char out[4096], const char *path, const char *name, bool *there)
{
    const char *slash = strrchr(path, '/'), *ending = strrchr(path, '.');
    dr_stream *stream = NULL;
    int length = slash ? (int)(slash - path) + 1 : 0;
    if (snprintf(out, 4096, "%.*s%s%s", length, path, name, ending) >= 4096)
        return dr_fail(DR_BAD_INPUT, "%.200s...: the path is too long", path);
    dr_status status = dr_stream_open(&stream, out);
    *there = status == DR_OK;
    if (*there)
        dr_stream_close(stream);
    return status == DR_BAD_INPUT ? DR_OK : status;
}

static dr_status read_final(reading *r, const char *path)
{
    static const char *const names[] = {"F_Y", "F_hh"}; /* the latter in old versions */
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

bool dr_extension_is(const char *path)
{
    static const char *const names[] = {"F.txt", "F.csv", "F.parquet"};
    const char *slash = strrchr(path, '/');
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(slash ? slash + 1 : path, names[i]) == 0)
            return true;
    return false;
}

dr_status dr_extension_read(dr_account_set *set, const char *path, const dr_import_options *options, size_t *money)
{
    char units[4096];
    bool there = false;
    stressors s = {0};
    reading r = {.set = set, .stressors = &s, .money = money};
    DR_TRY(dr_account_year_of(set, path, options, &r.year));
    DR_TRY(beside(units, path, "unit", &there));
    if (!there)
        return dr_fail(DR_BAD_INPUT, "%s: there is no unit%s beside it, which has the units", path, strrchr(path, '.'));
    dr_status status = dr_texts_read(units, take_unit, &s);
    if (status == DR_OK)
        status = read_numbers(&r, path);
    if (status == DR_OK)
        status = read_final(&r, path);
    dr_names_free(&s.names);
    dr_names_free(&s.units);
    free(s.unit_of);
    return status;
}
