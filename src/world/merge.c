#include "world/merge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/csv.h"
#include "base/table.h"
#include "world/classification.h"

enum { LONGEST_CODE = 120, MOST_TEXTS = 4 };

/* One map being read: old codes to new, and texts for the new. */
typedef struct reading {
    const char *path;
    const char *what;           /* "region" */
    const char *const *columns; /* of the CSV: what, to, then the texts' */
    size_t texts;               /* how many */
    const dr_names *old;
    const char **old_texts[MOST_TEXTS];
    size_t *to;
    dr_names *codes;                /* the new */
    const char **given[MOST_TEXTS]; /* [new code], as far as the map gives any */
    dr_arena *arena;
} reading;

/* ---- The CSV ---- */

static dr_status take_texts(const reading *r, const dr_csv *csv, const int *columns, size_t code)
{
    for (size_t i = 0; i < r->texts; i++) {
        int column = columns[2 + i];
        const char *text = column < 0 ? "" : dr_csv_field(csv, (size_t)column), *there = r->given[i][code];
        if (!*text)
            continue;
        if (!dr_utf8(text))
            return dr_csv_fail(csv, column, "not UTF-8 text");
        if (there && strcmp(there, text) != 0)
            return dr_csv_fail(csv, column, "'%.60s', but an earlier row has '%.60s' for '%s'", text, there,
                               r->codes->names[code]);
        if (!(r->given[i][code] = dr_arena_text(r->arena, text)))
            return dr_fail_memory();
    }
    return DR_OK;
}

static dr_status take_row(const reading *r, const dr_csv *csv, const int *columns)
{
    const char *from = dr_csv_field(csv, (size_t)columns[0]), *to = dr_csv_field(csv, (size_t)columns[1]);
    int old = dr_names_find(r->old, from);
    char hint[DR_HINT_SIZE];
    if (old < 0)
        return dr_csv_fail(csv, columns[0], "the world has no %s '%.60s'%s", r->what, from,
                           dr_hint(hint, from, (const char *const *)r->old->names, r->old->count));
    if (r->to[old] != SIZE_MAX)
        return dr_csv_fail(csv, columns[0], "the %s '%s' appears twice", r->what, from);
    if (!*to || strlen(to) > LONGEST_CODE || !dr_utf8(to))
        return dr_csv_fail(csv, columns[1], "expected a code of 1 to %d bytes of UTF-8", LONGEST_CODE);
    int code = dr_names_add(r->codes, to);
    if (code < 0)
        return dr_fail_memory();
    r->to[old] = (size_t)code;
    return take_texts(r, csv, columns, (size_t)code);
}

static dr_status take_rows(const reading *r, dr_csv *csv)
{
    int columns[2 + MOST_TEXTS];
    bool more = false;
    DR_TRY(dr_csv_header(csv, r->columns, 2 + r->texts, columns));
    DR_TRY(dr_csv_known(csv, r->columns, 2 + r->texts));
    while (true) {
        DR_TRY(dr_csv_record(csv, &more));
        if (!more)
            break;
        DR_TRY(take_row(r, csv, columns));
    }
    for (size_t i = 0; i < r->old->count; i++)
        if (r->to[i] == SIZE_MAX)
            return dr_fail(DR_BAD_INPUT, "%s: has no row for the %s '%s'", r->path, r->what, r->old->names[i]);
    return DR_OK;
}

static dr_status keep_all(const reading *r)
{
    for (size_t i = 0; i < r->old->count; i++) {
        int code = dr_names_add(r->codes, r->old->names[i]);
        if (code < 0)
            return dr_fail_memory();
        r->to[i] = (size_t)code;
    }
    return DR_OK;
}

/* ---- A classification in place of a CSV ---- */

/* The code by which a concordance has the sector of `text`. */
static const char *first_code(const dr_classification *of, const char *text)
{
    const dr_known_code *code = dr_classification_code(of, text);
    for (size_t i = 0; i < of->count; i++)
        if (of->codes[i].sector == code->sector)
            return of->codes[i].code;
    return code->code;
}

/* The texts of a counterpart are the last columns of a concordance. */
static dr_status take_counterpart(const reading *r, const dr_table *pairs, size_t row, size_t old)
{
    const char *is = pairs->columns[2].texts[row], *to = pairs->columns[3].texts[row];
    if (strcmp(is, "same") != 0 && strcmp(is, "part of") != 0)
        return dr_fail(DR_BAD_INPUT, "the sector '%s' is not within one sector of %s; give a map of sectors as a CSV",
                       r->old->names[old], r->path);
    int code = dr_names_add(r->codes, to);
    if (code < 0)
        return dr_fail_memory();
    r->to[old] = (size_t)code;
    for (size_t i = 0; i < r->texts; i++)
        if (!(r->given[i][code] = dr_arena_text(r->arena, pairs->columns[4 + i].texts[row])))
            return dr_fail_memory();
    return DR_OK;
}

static dr_status take_pairs(const reading *r, const dr_classification *of, const dr_table *pairs)
{
    for (size_t old = 0; old < r->old->count; old++) {
        const char *code = first_code(of, r->old->names[old]);
        for (size_t row = 0; row < pairs->rows; row++)
            if (strcmp(pairs->columns[0].texts[row], code) == 0)
                DR_TRY(take_counterpart(r, pairs, row, old));
    }
    return DR_OK;
}

static dr_status read_classification(const reading *r, const dr_classifications *all)
{
    const dr_classification *of = dr_classification_of(all, r->old);
    dr_table *pairs = NULL;
    if (!of)
        return dr_fail(DR_BAD_INPUT,
                       "the sectors of the world are of no classification that derisk has; give a map of sectors as a "
                       "CSV in place of %s",
                       r->path);
    DR_TRY(dr_concordance(&pairs, of->id, r->path));
    dr_status status = take_pairs(r, of, pairs);
    dr_table_free(pairs);
    return status;
}

/* Whether the map is the id of a classification, and no file. */
static bool is_classification(const reading *r, const dr_classifications *all)
{
    struct stat about;
    const dr_classification *found = NULL;
    return strcmp(r->what, "sector") == 0 && stat(r->path, &about) != 0 &&
           dr_classification_named(&found, all, r->path) == DR_OK;
}

static dr_status read_map(reading *r)
{
    dr_csv *csv = NULL;
    const dr_classifications *all = NULL;
    for (size_t i = 0; i < r->old->count; i++)
        r->to[i] = SIZE_MAX;
    for (size_t i = 0; i < r->texts; i++) /* there are no more new codes than old */
        if (!(r->given[i] = dr_arena_take(r->arena, r->old->count * sizeof *r->given[i])))
            return dr_fail_memory();
    if (!r->path)
        return keep_all(r);
    DR_TRY(dr_classifications_read(&all));
    if (is_classification(r, all))
        return read_classification(r, all);
    DR_TRY(dr_csv_open(&csv, r->path));
    dr_status status = take_rows(r, csv);
    dr_csv_close(csv);
    return status;
}

/* ---- Texts of the new codes ---- */

/* The text that the map gives; else the text that all parts have in common; else "". */
static dr_status fill_text(const reading *r, size_t text, const char **out)
{
    for (size_t code = 0; code < r->codes->count; code++) {
        const char *common = r->given[text][code];
        for (size_t i = 0; i < r->old->count && !r->given[text][code]; i++)
            if (r->to[i] == code)
                /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): texts of a layout are never NULL */
                common = common && strcmp(common, r->old_texts[text][i]) != 0 ? "" : r->old_texts[text][i];
        if (!(out[code] = dr_arena_text(r->arena, common ? common : "")))
            return dr_fail_memory();
    }
    return DR_OK;
}

/* A region's countries are those of all its parts, and none if a part has none. */
static dr_status fill_parts(const reading *r, const char *const *old_parts, const char **out)
{
    for (size_t code = 0; code < r->codes->count; code++) {
        char *text = NULL;
        size_t size = 0, count = 0;
        bool known = true;
        FILE *stream = open_memstream(&text, &size);
        if (!stream)
            return dr_fail_memory();
        for (size_t i = 0; i < r->old->count; i++)
            if (r->to[i] == code) {
                known = known && *old_parts[i];
                fprintf(stream, "%s%s", count++ ? "|" : "", old_parts[i]);
            }
        bool written = fclose(stream) == 0;
        out[code] = written ? dr_arena_text(r->arena, known ? text : "") : NULL;
        free(text);
        if (!out[code])
            return dr_fail_memory();
    }
    return DR_OK;
}

static dr_status copy_uses(dr_layout *layout, const dr_layout *old)
{
    for (size_t i = 0; i < old->uses.count; i++)
        if (dr_names_add(&layout->uses, old->uses.names[i]) < 0)
            return dr_fail_memory();
    return DR_OK;
}

dr_status dr_merge_read(dr_merge *merge, dr_layout *layout, const dr_layout *old, const char *region_map,
                        const char *sector_map)
{
    static const char *const of_regions[] = {"region", "to", "?name"};
    static const char *const of_sectors[] = {"sector", "to", "?name", "?slug", "?kind", "?isic_rev3"};
    layout->is_long = old->is_long;
    merge->regions = dr_new(old->regions.count, sizeof *merge->regions);
    merge->sectors = dr_new(old->sectors.count, sizeof *merge->sectors);
    if (!merge->regions || !merge->sectors)
        return dr_fail_memory();
    reading r = {region_map,          "region",       of_regions,       1,   &old->regions,
                 {old->region_names}, merge->regions, &layout->regions, {0}, &layout->arena};
    reading s = {sector_map,
                 "sector",
                 of_sectors,
                 4,
                 &old->sectors,
                 {old->sector_names, old->sector_slugs, old->sector_kinds, old->sector_isic},
                 merge->sectors,
                 &layout->sectors,
                 {0},
                 &layout->arena};
    DR_TRY(read_map(&r));
    DR_TRY(read_map(&s));
    DR_TRY(copy_uses(layout, old));
    DR_TRY(dr_layout_texts(layout));
    DR_TRY(fill_text(&r, 0, layout->region_names));
    DR_TRY(fill_parts(&r, old->region_parts, layout->region_parts));
    const char **const texts[] = {layout->sector_names, layout->sector_slugs, layout->sector_kinds,
                                  layout->sector_isic};
    for (size_t i = 0; i < s.texts; i++)
        DR_TRY(fill_text(&s, i, texts[i]));
    return dr_layout_check(layout, sector_map ? sector_map : "the sectors");
}

void dr_merge_free(dr_merge *merge)
{
    free(merge->regions);
    free(merge->sectors);
    *merge = (dr_merge){0};
}
