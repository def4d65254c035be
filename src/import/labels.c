/* Names for codes, from the CSV files that come with a table and from the register of countries. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "import/import.h"
#include "world/classification.h"
#include "world/countries.h"

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
        return dr_csv_fail(csv, columns[0], "the %s '%s' appears twice", d->what, code);
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

/* Where all codes are those of one classification, its sectors are those of the table. */
static dr_status classify_sectors(dr_layout *layout)
{
    const dr_classifications *all = NULL;
    DR_TRY(dr_classifications_read(&all));
    const dr_classification *of = dr_classification_of(all, &layout->sectors);
    for (size_t i = 0; of && i < layout->sectors.count; i++) {
        const dr_known_code *code = dr_classification_code(of, layout->sectors.names[i]);
        const dr_known_sector *sector = &all->sectors[code->sector];
        const char *const texts[] = {code->name, sector->slug, sector->kind, sector->isic_rev3};
        const char **to[] = {layout->sector_names, layout->sector_slugs, layout->sector_kinds, layout->sector_isic};
        for (size_t k = 0; k < 4; k++)
            if (!(to[k][i] = dr_arena_text(&layout->arena, texts[k])))
                return dr_fail_memory();
    }
    return DR_OK;
}

static dr_status name_sectors(dr_layout *layout, const char *table, const char *path)
{
    static const char *const columns[] = {"code", "?name", "?slug", "?kind", "?isic_rev3"};
    const char **texts[] = {layout->sector_names, layout->sector_slugs, layout->sector_kinds, layout->sector_isic};
    described d = {path, table, "sector", &layout->sectors, columns, 5, texts, &layout->arena};
    DR_TRY(describe(&d));
    return dr_layout_check(layout, path);
}

/* ---- Regions ---- */

/* How the regions of a table are found in the register. */
typedef struct placing {
    const dr_countries *countries;
    const char *path; /* of what names the regions, for messages */
    bool numbers;     /* every code that is a number is one of M49 */
    bool exiobase;    /* the table has EXIOBASE's rests of continents, one of which has the code of Wallis and Futuna */
    size_t *region;   /* [country], one more than the region that its code or name made it */
} placing;

static bool is_number(const char *text)
{
    return *text && strspn(text, "0123456789") == strlen(text);
}

/* Whether a table may mean the entry: tables have no undisclosed partners. */
static bool may_be(const dr_country *country)
{
    return country && country->kind != DR_COUNTRY_UNDISCLOSED;
}

/* The numbers of a table's regions are codes of countries only if all of them are. */
static bool all_numbers_known(const dr_layout *layout, const dr_countries *countries)
{
    for (size_t i = 0; i < layout->regions.count; i++)
        if (is_number(layout->regions.names[i]) && !may_be(dr_country_find(countries, layout->regions.names[i])))
            return false;
    return true;
}

static const dr_country *find_country(const placing *p, const char *text)
{
    if (!*text || (is_number(text) && !p->numbers))
        return NULL;
    if (p->exiobase && strcmp(text, "WF") == 0)
        text = "ROW-AFRICA";
    const dr_country *country = dr_country_find(p->countries, text);
    return may_be(country) ? country : NULL;
}

/* A region without parts is the country that its code means, else the one that its name means. */
static dr_status place_region(dr_layout *layout, placing *p, size_t i)
{
    const char *code = layout->regions.names[i];
    const dr_country *country = find_country(p, code);
    if (!country)
        country = find_country(p, layout->region_names[i]);
    if (!country)
        return DR_OK;
    size_t *before = &p->region[country - p->countries->list];
    if (*before)
        return dr_fail(DR_BAD_INPUT,
                       "%s: the regions '%s' and '%s' are both %s (%s); give the economies of each in the column "
                       "'parts' of a CSV of regions",
                       p->path, layout->regions.names[*before - 1], code, country->name, country->code);
    *before = i + 1;
    layout->region_parts[i] = dr_arena_text(&layout->arena, country->code);
    if (!*layout->region_names[i])
        layout->region_names[i] = dr_arena_text(&layout->arena, country->name);
    return layout->region_parts[i] && layout->region_names[i] ? DR_OK : dr_fail_memory();
}

static const dr_country *by_code(const dr_countries *countries, const char *code)
{
    const dr_country *country = dr_country_find(countries, code);
    return may_be(country) && strcmp(country->code, code) == 0 ? country : NULL;
}

static dr_status fail_part(const placing *p, const char *region, const char *part)
{
    char hint[DR_HINT_SIZE];
    const dr_country *meant = dr_country_find(p->countries, part);
    const char **known = dr_new(p->countries->count, sizeof *known);
    if (!known)
        return dr_fail_memory();
    for (size_t i = 0; i < p->countries->count; i++)
        known[i] = p->countries->list[i].code;
    if (may_be(meant))
        snprintf(hint, sizeof hint, "; did you mean '%s'?", meant->code);
    else
        dr_hint(hint, part, known, p->countries->count);
    free(known);
    return dr_fail(DR_BAD_INPUT, "%s: the region '%s' has the part '%s', which is not the ISO 3166 code of a country%s",
                   p->path, region, part, hint);
}

static dr_status check_parts(const dr_layout *layout, const placing *p, size_t region)
{
    for (const char *at = layout->region_parts[region]; *at;) {
        char part[64];
        size_t size = strcspn(at, "|");
        snprintf(part, sizeof part, "%.*s", (int)size, at);
        if (!by_code(p->countries, part))
            return fail_part(p, layout->regions.names[region], part);
        at += size + (at[size] == '|');
    }
    return DR_OK;
}

static dr_status place_regions(dr_layout *layout, placing *p)
{
    p->numbers = all_numbers_known(layout, p->countries);
    p->exiobase = dr_names_find(&layout->regions, "WE") >= 0 && dr_names_find(&layout->regions, "WM") >= 0;
    for (size_t i = 0; i < layout->regions.count; i++)
        DR_TRY(*layout->region_parts[i] ? check_parts(layout, p, i) : place_region(layout, p, i));
    return DR_OK;
}

static dr_status name_countries(dr_layout *layout, const char *path)
{
    placing p = {.path = path};
    DR_TRY(dr_countries_read(&p.countries));
    if (!(p.region = dr_new(p.countries->count, sizeof *p.region)))
        return dr_fail_memory();
    dr_status status = place_regions(layout, &p);
    free(p.region);
    return status;
}

static dr_status name_regions(dr_layout *layout, const char *table, const char *path)
{
    static const char *const columns[] = {"code", "?name", "?parts"};
    const char **texts[] = {layout->region_names, layout->region_parts};
    described d = {path, table, "region", &layout->regions, columns, 3, texts, &layout->arena};
    return describe(&d);
}

static dr_status name_all(dr_layout *layout, const char *path, const dr_import_options *options)
{
    if (options->sectors)
        DR_TRY(name_sectors(layout, path, options->sectors));
    if (options->regions)
        DR_TRY(name_regions(layout, path, options->regions));
    return name_countries(layout, options->regions ? options->regions : path);
}

dr_status dr_import_names(dr_layout *layout, const char *path, const dr_import_options *options)
{
    DR_TRY(dr_layout_texts(layout));
    DR_TRY(classify_sectors(layout));
    return name_all(layout, path, options);
}

/* Texts of the CSV files replace those of the world; where they have none, the world's stay. */
dr_status dr_import_rename(dr_table *report, dr_writer *writer, const dr_import_options *options)
{
    if (!options->sectors && !options->regions)
        return DR_OK;
    DR_TRY(name_all(&writer->layout, writer->path, options));
    DR_TRY(dr_writer_describe(writer));
    if (options->sectors)
        dr_import_find(report, 0, "sectors", "", "applied to all years of the world", "named as in %s",
                       options->sectors);
    if (options->regions)
        dr_import_find(report, 0, "regions", "", "applied to all years of the world", "named as in %s",
                       options->regions);
    return DR_OK;
}

/* ---- Findings about regions and sectors ---- */

typedef struct listed {
    char text[400];
    size_t count;
} listed;

static void add_name(listed *list, const char *name)
{
    size_t size = strlen(list->text), left = sizeof list->text - size;
    list->count++;
    if (left > 60)
        snprintf(list->text + size, left, "%s%.40s", list->count > 1 ? ", " : "", name);
    else if (strcmp(list->text + size - 3, "...") != 0)
        snprintf(list->text + size, left, ", ...");
}

static void find_sectors(dr_table *report, const dr_layout *layout)
{
    listed unknown = {0};
    for (size_t i = 0; i < layout->sectors.count; i++)
        if (!*layout->sector_isic[i])
            add_name(&unknown, layout->sectors.names[i]);
    if (unknown.count)
        dr_import_find(report, 0, "sectors", "", "kept by code; a CSV of sectors says what they are",
                       "%zu of %zu have no ISIC code known to derisk: %s", unknown.count, layout->sectors.count,
                       unknown.text);
}

dr_status dr_import_labels(dr_table *report, const dr_layout *layout)
{
    const dr_countries *countries = NULL;
    listed lost = {0}, former = {0};
    DR_TRY(dr_countries_read(&countries));
    for (size_t i = 0; i < layout->regions.count; i++) {
        const dr_country *country = dr_country_find(countries, layout->region_parts[i]);
        if (!*layout->region_parts[i])
            add_name(&lost, layout->regions.names[i]);
        else if (country && country->kind == DR_COUNTRY_FORMER)
            add_name(&former, layout->regions.names[i]);
    }
    if (lost.count)
        dr_import_find(
            report, 0, "regions", "", "kept; they belong to no group unless a CSV of regions gives their countries",
            "%zu of %zu are not countries known to derisk: %s", lost.count, layout->regions.count, lost.text);
    if (former.count)
        dr_import_find(report, 0, "regions", "", "kept; they are not counted as their successors",
                       "%zu former states: %s", former.count, former.text);
    find_sectors(report, layout);
    return DR_OK;
}
