/* Years from names, described sources, the report. */
#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/check.h"
#include "base/csv.h"
#include "base/print.h"
#include "base/stream.h"
#include "import/import.h"

/* ---- Years ---- */

/* The four digits at `at` as a year of our time, else 0. */
static int year_at(const char *at)
{
    for (int i = 0; i < 4; i++)
        if (!isdigit((unsigned char)at[i]))
            return 0;
    long year = strtol(at, NULL, 10);
    return !isdigit((unsigned char)at[4]) && year >= 1900 && year <= 2099 ? (int)year : 0;
}

/* Counts the years in a name; with `alone` only those without a letter beside them. *year is the last one. */
static size_t count_years(const char *name, bool alone, int *year)
{
    size_t count = 0;
    for (const char *at = name; *at; at++) {
        if (at > name && isdigit((unsigned char)at[-1]))
            continue;
        char digits[5] = "";
        if (strlen(at) < 4)
            break;
        memcpy(digits, at, 4);
        if (isdigit((unsigned char)at[4]) || !year_at(digits))
            continue;
        if (alone && (isalpha((unsigned char)at[4]) || (at > name && isalpha((unsigned char)at[-1]))))
            continue;
        *year = year_at(digits);
        count++;
    }
    return count;
}

dr_status dr_import_year(const char *path, int *year)
{
    size_t length = strlen(path);
    while (length > 0 && path[length - 1] == '/') /* of a folder */
        length--;
    const char *name = path + length;
    while (name > path && name[-1] != '/')
        name--;
    char copy[256];
    snprintf(copy, sizeof copy, "%.*s", (int)(path + length - name), name);
    size_t count = count_years(copy, true, year);
    if (count == 0)
        count = count_years(copy, false, year);
    if (count == 1)
        return DR_OK;
    return dr_fail(DR_BAD_INPUT, "%s: its name contains %s; give the year", path,
                   count ? "several years" : "no year of four digits");
}

/* ---- Sources ---- */

enum {
    SOURCE_ID,
    SOURCE_TITLE,
    SOURCE_PUBLISHER,
    SOURCE_LICENCE,
    SOURCE_RETRIEVED,
    SOURCE_URL,
    SOURCE_UNIT,
    SOURCE_COLUMNS
};

static dr_status take_source(dr_import_source *source, const dr_csv *csv, const int *columns)
{
    const char **texts[SOURCE_COLUMNS] = {&source->id,        &source->title, &source->publisher, &source->licence,
                                          &source->retrieved, &source->url,   &source->unit};
    for (size_t i = 0; i < SOURCE_COLUMNS; i++) {
        const char *text = columns[i] < 0 ? "" : dr_csv_field(csv, (size_t)columns[i]);
        if (!dr_utf8(text))
            return dr_csv_fail(csv, columns[i], "not UTF-8 text");
        if (!*text && i <= SOURCE_TITLE)
            return dr_csv_fail(csv, columns[i], "the source has no %s", i == SOURCE_ID ? "id" : "title");
        if (!(*texts[i] = dr_arena_text(&source->arena, text)))
            return dr_fail_memory();
    }
    if (!*source->unit)
        source->unit = NULL;
    return DR_OK;
}

static dr_status read_source(dr_import_source *source, dr_csv *csv)
{
    static const char *const names[SOURCE_COLUMNS] = {"id",         "title", "?publisher", "?licence",
                                                      "?retrieved", "?url",  "?unit"};
    int columns[SOURCE_COLUMNS];
    bool more = false;
    DR_TRY(dr_csv_header(csv, names, SOURCE_COLUMNS, columns));
    DR_TRY(dr_csv_known(csv, names, SOURCE_COLUMNS));
    DR_TRY(dr_csv_record(csv, &more));
    if (!more)
        return dr_csv_fail(csv, -1, "no row after the header; expected one that describes the source");
    DR_TRY(take_source(source, csv, columns));
    DR_TRY(dr_csv_record(csv, &more));
    return more ? dr_csv_fail(csv, -1, "a second row; expected one source") : DR_OK;
}

dr_status dr_import_source_read(dr_import_source *source, const char *path)
{
    dr_csv *csv = NULL;
    DR_TRY(dr_csv_open(&csv, path));
    dr_status status = read_source(source, csv);
    dr_csv_close(csv);
    return status;
}

dr_status dr_import_source_write(dr_writer *writer, const dr_import_source *source, const char *path, int year)
{
    dr_arena arena = {0};
    const char *inside = NULL;
    char *disk = dr_stream_disk(path, &inside); /* a table in an archive has the archive's SHA-256 */
    const char *slash = strrchr(disk ? disk : path, '/'),
               *name = slash ? path + (slash - (disk ? disk : path)) + 1 : path;
    bool described = source->id != NULL;
    const char *id = described ? dr_arena_format(&arena, "%s/%s", source->id, name) : name;
    dr_source row = {.id = id, .title = name, .publisher = "", .licence = "", .retrieved = "", .url = ""};
    if (described) {
        row.title = source->title;
        row.publisher = source->publisher;
        row.licence = source->licence;
        row.retrieved = source->retrieved;
        row.url = source->url;
    }
    row.name = name;
    row.path = source->sha256 ? NULL : disk ? disk : path;
    row.sha256 = source->sha256;
    row.year = year;
    dr_status status = id ? dr_writer_source(writer, &row) : dr_fail_memory();
    dr_arena_free(&arena);
    free(disk);
    return status;
}

/* ---- The report ---- */

dr_status dr_import_begin(dr_import_job *import, const char *to, const dr_import_options *options)
{
    *import = (dr_import_job){.options = options, .to = to};
    DR_TRY(dr_table_new(&import->report, dr_finding_columns, DR_FINDING_COLUMNS));
    dr_table_keep_rows(import->report);
    dr_table_set_title(import->report, "Import into %s", to);
    return options->source ? dr_import_source_read(&import->source, options->source) : DR_OK;
}

dr_status dr_import_begin_beside(dr_import_job *import, const char *function, const char *what,
                                 const char *const *files, size_t count, const char *to,
                                 const dr_import_options *options)
{
    struct stat about;
    DR_TRY(DR_WITHIN(function, options->year, 0, 9999));
    DR_TRY(DR_ONE_OF(function, options->weights, DR_WEIGHTS_REFERENCE));
    DR_TRY(DR_TEXTS(function, files, count));
    if (count == 0)
        return dr_fail(DR_USAGE, "no file to import was given");
    if (stat(to, &about) != 0)
        return dr_fail(DR_BAD_INPUT, "%s: no such world; import the table first to which the %s belong", to, what);
    return dr_import_begin(import, to, options);
}

dr_status dr_import_end(dr_import_job *import, dr_status status, dr_table **report)
{
    if (import->writer && status == DR_OK)
        status = dr_writer_commit(import->writer);
    else if (import->writer)
        dr_writer_abandon(import->writer);
    dr_arena_free(&import->source.arena);
    if (status == DR_OK && report)
        *report = import->report;
    else
        dr_table_free(import->report);
    *import = (dr_import_job){0};
    return status;
}

void dr_import_find(dr_table *report, int year, const char *subject, const char *place, const char *done,
                    const char *found, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, found);
    dr_vprint_text(text, sizeof text, found, arguments);
    va_end(arguments);
    size_t row = dr_table_add_row(report);
    dr_table_set_number(report, row, DR_FINDING_YEAR, year ? (double)year : (double)NAN);
    dr_table_set_text(report, row, DR_FINDING_SUBJECT, subject);
    dr_table_set_text(report, row, DR_FINDING_PLACE, place);
    dr_table_set_text(report, row, DR_FINDING_FOUND, text);
    dr_table_set_text(report, row, DR_FINDING_DONE, done);
}
