/* Accounts of plain CSV (region, sector, year, account, unit, value), of WIOD's socio-economic accounts, of SDMX-CSV,
 * and of the extensions of pymrio and EXIOBASE. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/csv.h"
#include "base/file.h"
#include "base/stream.h"
#include "import/account_rows.h"
#include "import/xlsx.h"

/* ---- Cells of CSV ---- */

dr_status dr_account_places(dr_account_job *j, const dr_csv *csv, int region_column, int sector_column,
                            dr_account_places_of *out)
{
    const dr_layout *layout = j->set.layout;
    const char *region = dr_csv_field(csv, (size_t)region_column), *sector = dr_csv_field(csv, (size_t)sector_column);
    char hint[DR_HINT_SIZE];
    if (!dr_utf8(region) || !dr_utf8(sector))
        return dr_csv_fail(csv, dr_utf8(region) ? sector_column : region_column, "not UTF-8 text");
    DR_TRY(dr_account_region(&j->set, region, &out->region));
    DR_TRY(dr_account_sector(&j->set, sector, &out->sector));
    if (out->region == DR_PLACE_UNKNOWN)
        return dr_csv_fail(csv, region_column, "'%.60s' is neither a region of the world nor a country%s", region,
                           dr_hint(hint, region, (const char *const *)layout->regions.names, layout->regions.count));
    if (out->sector == DR_PLACE_UNKNOWN)
        return dr_csv_fail(csv, sector_column,
                           "the world has no sector '%.60s'%s; --concordance maps other sectors to the world's", sector,
                           dr_hint(hint, sector, (const char *const *)layout->sectors.names, layout->sectors.count));
    out->names = (unsigned long long)dr_names_find(&j->set.regions, region) << 20 |
                 (unsigned long long)dr_names_find(&j->set.sectors, sector);
    return DR_OK;
}

dr_status dr_account_cell(dr_account_job *j, const dr_csv *csv, size_t part, const dr_account_places_of *at,
                          double value)
{
    if (!dr_grow((void **)&j->cells, &j->capacity, j->count + 1, sizeof *j->cells))
        return dr_fail_memory();
    j->cells[j->count++] = (dr_account_row){(unsigned long long)part << 40 | at->names, dr_csv_line(csv)};
    return dr_account_add(&j->set, part, at->region, at->sector, value);
}

static int compare(const void *a, const void *b)
{
    const dr_account_row *x = a, *y = b;
    return x->key != y->key ? (x->key > y->key) - (x->key < y->key) : (x->line > y->line) - (x->line < y->line);
}

static dr_status check_twice(dr_account_job *j)
{
    const dr_account_row *twice = NULL;
    if (j->count > 1)
        qsort(j->cells, j->count, sizeof *j->cells, compare);
    for (size_t i = 1; i < j->count; i++)
        if (j->cells[i].key == j->cells[i - 1].key && (!twice || j->cells[i].line < twice->line))
            twice = &j->cells[i];
    if (!twice)
        return DR_OK;
    const dr_account_part *part = &j->set.parts[twice->key >> 40];
    return dr_fail(DR_BAD_INPUT, "%s:%zu: the account '%.60s' of %d has two rows of %.60s, %.60s; expected one",
                   j->path, twice->line, part->name, part->year, j->set.regions.names[twice->key >> 20 & 0xfffff],
                   j->set.sectors.names[twice->key & 0xfffff]);
}

/* ---- Plain CSV ---- */

enum { REGION, SECTOR, ACCOUNT, UNIT, VALUE, YEAR, PLAIN_COLUMNS };

static const char *const plain_names[PLAIN_COLUMNS] = {"region", "sector", "account", "unit", "value", "?year"};

static dr_status year_of(const dr_account_job *j, const dr_csv *csv, int column, int *year)
{
    double number = 0;
    if (column < 0)
        return dr_account_year_of(&j->set, j->path, j->import.options, year);
    DR_TRY(dr_csv_number(csv, (size_t)column, &number));
    if (number != (int)number || number < 1 || number > 9999)
        return dr_csv_fail(csv, column, "'%.20s' is not a year", dr_csv_field(csv, (size_t)column));
    *year = (int)number;
    return DR_OK;
}

static dr_status take_plain(dr_account_job *j, const dr_csv *csv, const int *columns)
{
    const char *name = dr_csv_field(csv, (size_t)columns[ACCOUNT]), *unit = dr_csv_field(csv, (size_t)columns[UNIT]);
    dr_account_places_of at;
    int year = 0;
    size_t part = 0;
    double value = 0;
    if (!*name || strlen(name) > DR_LONGEST_ACCOUNT || !dr_utf8(name))
        return dr_csv_fail(csv, columns[ACCOUNT], "expected the name of an account, of 1 to %d bytes of UTF-8",
                           DR_LONGEST_ACCOUNT);
    if (!*unit || !dr_utf8(unit))
        return dr_csv_fail(csv, columns[UNIT], "expected a unit, such as kt or persons");
    DR_TRY(year_of(j, csv, columns[YEAR], &year));
    DR_TRY(dr_account_places(j, csv, columns[REGION], columns[SECTOR], &at));
    if (!*dr_csv_field(csv, (size_t)columns[VALUE])) {
        j->empty++;
        return DR_OK;
    }
    DR_TRY(dr_csv_number(csv, (size_t)columns[VALUE], &value));
    if (j->import.options->year && year != j->import.options->year) {
        j->set.other_years++;
        return DR_OK;
    }
    dr_status status = dr_account_part_find(&j->set, name, unit, year, &part);
    if (status == DR_BAD_INPUT)
        return dr_csv_fail(csv, columns[UNIT], "%s", dr_error_text());
    return status == DR_OK && part != SIZE_MAX ? dr_account_cell(j, csv, part, &at, value) : status;
}

static dr_status read_plain(dr_account_job *j, dr_csv *csv)
{
    int columns[PLAIN_COLUMNS];
    bool more = false;
    DR_TRY(dr_csv_header(csv, plain_names, PLAIN_COLUMNS, columns));
    DR_TRY(dr_csv_known(csv, plain_names, PLAIN_COLUMNS));
    while (true) {
        DR_TRY(dr_csv_record(csv, &more));
        if (!more)
            return DR_OK;
        DR_TRY(take_plain(j, csv, columns));
    }
}

/* ---- Tables ---- */

/* A workbook's accounts are on its sheet DATA. */
static dr_status open_table(dr_csv **csv, const char *path)
{
    return dr_path_ends(path, ".xlsx") ? dr_xlsx_csv(csv, path, DR_SEA_SHEET) : dr_csv_open(csv, path);
}

static dr_status read_sea(dr_account_job *j, bool *is)
{
    dr_csv *csv = NULL;
    int none[1];
    dr_sea s;
    DR_TRY(open_table(&csv, j->path));
    dr_status status = dr_csv_header(csv, NULL, 0, none);
    *is = status == DR_OK && dr_sea_is(csv, &s);
    if (*is)
        status = dr_sea_read(j, csv, &s);
    dr_csv_close(csv);
    return status;
}

static dr_status read_plain_file(dr_account_job *j)
{
    dr_csv *csv = NULL;
    DR_TRY(open_table(&csv, j->path));
    dr_status status = read_plain(j, csv);
    dr_csv_close(csv);
    return status;
}

/* What the header says. A workbook is of WIOD, or as plain as CSV. */
static dr_status read_csv(dr_account_job *j)
{
    bool is = false;
    DR_TRY(read_sea(j, &is));
    if (!is && !dr_path_ends(j->path, ".xlsx"))
        DR_TRY(dr_sdmx_accounts_read(j, &is));
    if (!is)
        DR_TRY(read_plain_file(j));
    return check_twice(j);
}

/* ---- Files ---- */

static dr_status take_file(dr_account_job *j, const char *path)
{
    int file = dr_names_add(&j->files, path);
    if (file < 0)
        return dr_fail_memory();
    j->path = j->files.names[file];
    j->set.file = (size_t)file;
    j->count = 0;
    return dr_extension_is(path) ? dr_extension_read(&j->set, path, j->import.options, &j->money) : read_csv(j);
}

/* A file; or of a folder or an archive the extensions in it. */
static dr_status take_path(dr_account_job *j, const char *path)
{
    dr_names files = {0};
    size_t taken = 0;
    dr_status status = dr_files_list(&files, path);
    bool named = status == DR_OK && files.count == 1 && strcmp(files.names[0], path) == 0;
    for (size_t i = 0; i < files.count && status == DR_OK; i++)
        if (named || dr_extension_is(files.names[i])) {
            status = take_file(j, files.names[i]);
            taken++;
        }
    if (status == DR_OK && taken == 0)
        status = dr_fail(
            DR_BAD_INPUT,
            "%s: none of its %zu files is F.txt or F.parquet, an extension of pymrio or EXIOBASE; name the file "
            "of accounts itself",
            path, files.count);
    dr_names_free(&files);
    return status;
}

/* ---- Into the world ---- */

static dr_status check_places(const dr_account_job *j)
{
    const dr_account_set *s = &j->set;
    if (s->count == 0 && s->other_years > 0)
        return dr_fail(DR_BAD_INPUT, "%s: all of its %zu cells are of years that the world does not have", j->path,
                       s->other_years);
    if (s->count == 0 && j->money > 0)
        return dr_fail(DR_BAD_INPUT,
                       "%s: no account in it: %zu of its rows are in money; expected quantities, such as emissions or "
                       "jobs",
                       j->path, j->money);
    if (s->count == 0)
        return dr_fail(DR_BAD_INPUT, "%s: no account in it", j->path);
    if (s->rest_named && s->folded > 0)
        return dr_fail(DR_BAD_INPUT,
                       "%s: has rows of '%s' and of countries that belong there (%zu; the first is %s): both would "
                       "count twice; leave one out",
                       j->path, s->layout->regions.names[s->rest], s->folded, s->first_folded);
    return DR_OK;
}

static void note_places(dr_account_job *j)
{
    const dr_account_set *s = &j->set;
    dr_table *report = j->import.report;
    if (s->folded > 0)
        dr_import_find(report, 0, "regions", "", "added to the rest of the world",
                       "countries that are in no other region, added to %s: %zu; the first is %s",
                       s->layout->regions.names[s->rest], s->folded, s->first_folded);
    if (s->outside > 0)
        dr_import_find(report, 0, "regions", "", "left out",
                       "countries that are in no region of the world: %zu; the "
                       "first is %s",
                       s->outside, s->first_outside);
    if (s->other_years > 0)
        dr_import_find(report, 0, "years", "", "left out", "cells of other years than those of the world: %zu",
                       s->other_years);
    if (j->empty > 0)
        dr_import_find(report, 0, "cells", "", "counted as zero", "cells without a number: %zu", j->empty);
    if (j->money > 0)
        dr_import_find(report, 0, "money", "", "left out: value added is in the table",
                       "rows of value added or others in money: %zu", j->money);
    if (j->ratios > 0)
        dr_import_find(report, 0, "shares", "", "left out", "rows in percent, as indices or per head: %zu", j->ratios);
    if (j->partners > 0)
        dr_import_find(report, 0, "partners", "", "left out: accounts are of all partners together",
                       "rows of one partner: %zu", j->partners);
}

static dr_status write_part(dr_account_job *j, const dr_account_part *part, const char *source)
{
    bool replaced = false;
    double value = 0, final = 0;
    const dr_layout *layout = j->set.layout;
    for (size_t i = 0; i < layout->regions.count * layout->sectors.count; i++)
        value += part->value[i];
    for (size_t i = 0; part->final && i < layout->regions.count; i++)
        final += part->final[i];
    const dr_account account = {part->name, part->unit, source, part->year, part->value, part->final};
    DR_TRY(dr_account_write(j->import.writer, &account, &replaced));
    dr_import_find(j->import.report, part->year, "account", part->name,
                   replaced ? "imported, replacing the world's earlier data" : "imported",
                   "%.6g %s of sectors and %.6g of final use, from %zu cells", value, part->unit, final, part->cells);
    return DR_OK;
}

/* What a file is called: an extension by its folder too, as all are F.txt. */
static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash && dr_extension_is(path))
        for (const char *at = slash; at > path; slash = --at)
            if (at[-1] == '/')
                break;
    return !slash ? path : *slash == '/' ? slash + 1 : slash;
}

/* A file stands for itself where its source is not described. */
static const char *title_of(const dr_account_job *j, size_t file)
{
    return j->import.source.id ? j->import.source.title : name_of(j->files.names[file]);
}

static dr_status write_source(dr_account_job *j, size_t file, int year)
{
    const dr_import_source *s = &j->import.source;
    const char *inside = NULL, *path = j->files.names[file], *name = name_of(path);
    char id[512], *disk = dr_stream_disk(path, &inside); /* a file in an archive has the archive's SHA-256 */
    snprintf(id, sizeof id, "%.200s%s%.200s", s->id ? s->id : "", s->id ? "/" : "", name);
    const dr_source row = {.id = id,
                           .title = title_of(j, file),
                           .publisher = s->id ? s->publisher : "",
                           .licence = s->id ? s->licence : "",
                           .retrieved = s->id ? s->retrieved : "",
                           .url = s->id ? s->url : "",
                           .name = name,
                           .path = disk ? disk : path,
                           .year = year};
    dr_status status = dr_account_source(j->import.writer, &row);
    free(disk);
    return status;
}

/* A file is a source of the years of which it has accounts. */
static dr_status write_sources(dr_account_job *j)
{
    const dr_account_set *s = &j->set;
    for (size_t i = 0; i < s->count; i++) {
        bool done = false;
        for (size_t k = 0; k < i && !done; k++)
            done = s->parts[k].file == s->parts[i].file && s->parts[k].year == s->parts[i].year;
        if (!done)
            DR_TRY(write_source(j, s->parts[i].file, s->parts[i].year));
    }
    return DR_OK;
}

static dr_status import_files(dr_account_job *j, const char *const *files, size_t count)
{
    dr_import_job *import = &j->import;
    DR_TRY(dr_writer_open(&import->writer, import->to));
    if (import->writer->layout.regions.count == 0)
        return dr_fail(DR_BAD_INPUT,
                       "%s: has no tables, to whose regions and sectors accounts could belong; import a table first",
                       import->to);
    DR_TRY(dr_account_set_new(&j->set, import->writer, import->options->concordance));
    for (size_t i = 0; i < count; i++) {
        if (import->options->progress)
            import->options->progress(files[i], i, count, import->options->user);
        DR_TRY(take_path(j, files[i]));
    }
    DR_TRY(check_places(j));
    for (size_t i = 0; i < j->set.count; i++)
        DR_TRY(write_part(j, &j->set.parts[i], title_of(j, j->set.parts[i].file)));
    DR_TRY(write_sources(j));
    note_places(j);
    DR_TRY(dr_table_done(import->report));
    import->writer->prefix = DR_ACCOUNT_PREFIX;
    return dr_writer_findings(import->writer, import->report);
}

dr_status dr_import_accounts(dr_table **report, const char *const *files, size_t count, const char *to,
                             const dr_import_options *options)
{
    dr_import_options whole;
    dr_account_job j = {0};
    DR_TRY(DR_GIVEN(to));
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    dr_status status = dr_import_begin_beside(&j.import, __func__, "accounts", files, count, to, &whole);
    if (status == DR_OK)
        status = import_files(&j, files, count);
    dr_account_set_free(&j.set);
    dr_names_free(&j.files);
    free(j.cells);
    return dr_import_end(&j.import, status, report);
}
