/* Names for codes, from the CSV files that come with a table and from the list of ISO 3166 codes in data/. */
#define _GNU_SOURCE /* strcasecmp */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/csv.h"
#include "base/embedded.h"
#include "import/import.h"

/* ---- One CSV of names ---- */

/* Texts for the codes of a set, from the columns of a CSV; columns[0] is the code. */
typedef struct described {
    const char *path;  /* of the CSV */
    const char *table; /* that has the codes */
    const char *what;  /* a code stands for: "sector" */
    const dr_names *codes;
    const char *const *columns;
    size_t count;
    const char ***texts; /* [column - 1][code] */
    dr_arena *arena;
} described;

static dr_status take_row(const described *d, const dr_csv *csv, const int *columns, unsigned char *seen)
{
    const char *code = dr_csv_field(csv, (size_t)columns[0]);
    int index = dr_names_find(d->codes, code);
    if (!*code)
        return dr_csv_fail(csv, columns[0], "the %s has no code", d->what);
    if (index < 0) /* a list may be longer than the table */
        return DR_OK;
    if (seen[index]++)
        return dr_csv_fail(csv, columns[0], "the %s '%s' is there twice", d->what, code);
    for (size_t i = 1; i < d->count; i++) {
        if (columns[i] < 0)
            continue;
        const char *text = dr_csv_field(csv, (size_t)columns[i]);
        if (!dr_utf8(text))
            return dr_csv_fail(csv, columns[i], "not UTF-8 text");
        if (!(d->texts[i - 1][index] = dr_arena_text(d->arena, text)))
            return dr_fail_memory();
    }
    return DR_OK;
}

static dr_status take_rows(const described *d, dr_csv *csv, unsigned char *seen)
{
    int columns[8];
    bool more = false;
    DR_TRY(dr_csv_header(csv, d->columns, d->count, columns));
    DR_TRY(dr_csv_known(csv, d->columns, d->count));
    while (true) {
        DR_TRY(dr_csv_record(csv, &more));
        if (!more)
            break;
        DR_TRY(take_row(d, csv, columns, seen));
    }
    for (size_t i = 0; i < d->codes->count; i++)
        if (!seen[i])
            return dr_fail(DR_BAD_INPUT, "%s: has no row for the %s '%s' of %s", d->path, d->what, d->codes->names[i],
                           d->table);
    return DR_OK;
}

static dr_status describe(const described *d)
{
    dr_csv *csv = NULL;
    DR_TRY(dr_csv_open(&csv, d->path));
    unsigned char *seen = dr_new(d->codes->count, 1);
    dr_status status = seen ? take_rows(d, csv, seen) : dr_fail_memory();
    free(seen);
    dr_csv_close(csv);
    return status;
}

/* ---- Sectors ---- */

static dr_status name_sectors(dr_layout *layout, const char *table, const char *path)
{
    static const char *const columns[] = {"code", "?name", "?slug", "?kind", "?isic_rev3"};
    const char **texts[] = {layout->sector_names, layout->sector_slugs, layout->sector_kinds, layout->sector_isic};
    described d = {path, table, "sector", &layout->sectors, columns, 5, texts, &layout->arena};
    DR_TRY(describe(&d));
    return dr_layout_check(layout, path);
}

/* ---- Regions ---- */

/* Whether `word` is one of the words in `list`, '|' between. */
static bool in_list(const char *list, const char *word)
{
    size_t length = strlen(word);
    while (*list) {
        size_t next = strcspn(list, "|");
        if (next == length && strncasecmp(list, word, length) == 0)
            return true;
        list += next + (list[next] == '|');
    }
    return false;
}

enum { ISO_CODE, ISO_NAME, ISO_ALIASES, ISO_COLUMNS };

/* A region without parts is the country whose code it has, or whose name or other name its own code or name is. */
static dr_status match_country(dr_layout *layout, const char *const country[ISO_COLUMNS])
{
    for (size_t i = 0; i < layout->regions.count; i++) {
        const char *code = layout->regions.names[i], *name = layout->region_names[i];
        if (*layout->region_parts[i])
            continue;
        if (strcmp(code, country[ISO_CODE]) != 0 && strcasecmp(code, country[ISO_NAME]) != 0 &&
            !in_list(country[ISO_ALIASES], code) && strcasecmp(name, country[ISO_NAME]) != 0 &&
            !(*name && in_list(country[ISO_ALIASES], name)))
            continue;
        layout->region_parts[i] = dr_arena_text(&layout->arena, country[ISO_CODE]);
        if (!*name)
            layout->region_names[i] = dr_arena_text(&layout->arena, country[ISO_NAME]);
        if (!layout->region_parts[i] || !layout->region_names[i])
            return dr_fail_memory();
    }
    return DR_OK;
}

static dr_status match_countries(dr_layout *layout, dr_csv *csv, dr_names *known)
{
    static const char *const names[ISO_COLUMNS] = {"iso3", "name", "aliases"};
    int columns[ISO_COLUMNS];
    const char *country[ISO_COLUMNS];
    bool more = false;
    DR_TRY(dr_csv_header(csv, names, ISO_COLUMNS, columns));
    while (true) {
        DR_TRY(dr_csv_record(csv, &more));
        if (!more)
            return DR_OK;
        for (size_t i = 0; i < ISO_COLUMNS; i++)
            country[i] = dr_csv_field(csv, (size_t)columns[i]);
        if (dr_names_add(known, country[ISO_CODE]) < 0)
            return dr_fail_memory();
        DR_TRY(match_country(layout, country));
    }
}

static dr_status check_part(const char *path, const char *region, const char *part, const dr_names *known)
{
    char hint[DR_HINT_SIZE];
    if (dr_names_find(known, part) >= 0)
        return DR_OK;
    return dr_fail(DR_BAD_INPUT, "%s: the region '%s' has the part '%s', which is no ISO 3166 code of a country%s",
                   path, region, part, dr_hint(hint, part, (const char *const *)known->names, known->count));
}

static dr_status check_parts(const dr_layout *layout, const char *path, const dr_names *known)
{
    for (size_t i = 0; i < layout->regions.count; i++)
        for (const char *at = layout->region_parts[i]; *at;) {
            char part[64];
            size_t size = strcspn(at, "|");
            size_t kept = size < sizeof part - 1 ? size : sizeof part - 1;
            memcpy(part, at, kept);
            part[kept] = '\0';
            DR_TRY(check_part(path, layout->regions.names[i], part, known));
            at += size + (at[size] == '|');
        }
    return DR_OK;
}

static dr_status name_countries(dr_layout *layout, const char *path)
{
    const dr_embedded *embedded = dr_embedded_find("regions.csv");
    dr_csv *csv = NULL;
    dr_names known = {0};
    if (!embedded)
        return dr_fail(DR_MACHINE, "this derisk was built without data/regions.csv");
    DR_TRY(dr_csv_open_memory(&csv, embedded->name, embedded->bytes, embedded->size));
    dr_status status = match_countries(layout, csv, &known);
    if (status == DR_OK)
        status = check_parts(layout, path, &known);
    dr_names_free(&known);
    dr_csv_close(csv);
    return status;
}

static dr_status name_regions(dr_layout *layout, const char *table, const char *path)
{
    static const char *const columns[] = {"code", "?name", "?parts"};
    const char **texts[] = {layout->region_names, layout->region_parts};
    described d = {path, table, "region", &layout->regions, columns, 3, texts, &layout->arena};
    return describe(&d);
}

dr_status dr_import_names(dr_layout *layout, const char *path, const dr_import_options *options)
{
    DR_TRY(dr_layout_texts(layout));
    if (options->sectors)
        DR_TRY(name_sectors(layout, path, options->sectors));
    if (options->regions)
        DR_TRY(name_regions(layout, path, options->regions));
    return name_countries(layout, options->regions ? options->regions : path);
}
