#include "import/recognise.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/column.h"
#include "base/csv.h"
#include "base/file.h"
#include "base/frame.h"
#include "base/memory.h"
#include "base/stream.h"

/* ---- What a file looks like that is none of these ---- */

typedef struct look {
    const char *end;   /* of its name; NULL: any */
    const char *bytes; /* that it begins with; NULL: any */
    const char *text;
} look;

static const look looks_of[] = {
    {".xlsb", NULL, "a binary Excel workbook; save the sheet of the table as .xlsx"},
    {".xlsx", "PK", "an Excel workbook; save the sheet of the table as CSV"},
    {".xls", "\xd0\xcf\x11\xe0", "an old Excel workbook; save the sheet of the table as .xlsx"},
    {NULL, "\xd0\xcf\x11\xe0", "a file of an old office program"},
    {NULL, "RDX", "a damaged R data file"},
    {NULL, "RDA", "an R data file written as text; save it without ascii = TRUE"},
    {NULL, "MATLAB", "a MATLAB file without a table of EMERGING; write its arrays as CSV"},
    {NULL, "\x89HDF", "an HDF5 file; write its arrays as CSV"},
    {NULL, "FEA1", "a Feather file of the first version; save its table as Parquet or CSV"},
    {".dta", NULL, "a Stata file; write it as CSV (export delimited)"},
    {NULL, "\xff\xfe", "text in UTF-16; save it as UTF-8"},
    {NULL, "\xfe\xff", "text in UTF-16; save it as UTF-8"},
    {NULL, "%PDF", "a PDF document"},
    {NULL, "PK", "a zip file of documents"},
    {NULL, "<", "a web page or XML document: was a login or a licence page saved instead of the file?"},
    {NULL, "{", "a JSON document"},
};

static const char *look_of(const char *path, const char *bytes)
{
    for (size_t i = 0; i < sizeof looks_of / sizeof *looks_of; i++) {
        const look *l = &looks_of[i];
        if ((!l->end || dr_path_ends(path, l->end)) && (!l->bytes || strncmp(bytes, l->bytes, strlen(l->bytes)) == 0))
            return l->text;
    }
    return NULL;
}

/* What a file looks like that is none of these; of WIOD's workbooks, which of its files is read. */
static void say_look(const char *path, const char *known, bool is_empty, char looks[DR_LOOKS_SIZE])
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    int year = 0;
    bool of_wiod = strncasecmp(name, "WIOT", 4) == 0;
    if (of_wiod && dr_path_ends(path, ".xlsb") && dr_import_year(name, &year) == DR_OK)
        snprintf(looks, DR_LOOKS_SIZE,
                 "a binary Excel workbook; of WIOD's release of 2016 take WIOT%d_October16_ROW.RData "
                 "in WIOTS_in_R.zip",
                 year);
    else if (of_wiod && dr_path_ends(path, ".xls"))
        snprintf(looks, DR_LOOKS_SIZE,
                 "an old Excel workbook; of WIOD's release of 2013 take %.60sx in WIOTS_in_EXCEL.zip", name);
    else
        snprintf(looks, DR_LOOKS_SIZE, "%s", known ? known : is_empty ? "an empty file" : "a binary file");
}

static dr_status first_bytes(const char *path, char bytes[DR_SIGHT_BYTES], bool *is_text)
{
    char block[4096];
    dr_stream *stream = NULL;
    size_t got = 0;
    DR_TRY(dr_stream_open(&stream, path));
    dr_status status = dr_stream_read(stream, block, sizeof block, &got);
    dr_stream_close(stream);
    if (status != DR_OK)
        return dr_fail_at(status, path);
    memset(bytes, 0, DR_SIGHT_BYTES);
    memcpy(bytes, block, got < DR_SIGHT_BYTES - 1 ? got : DR_SIGHT_BYTES - 1);
    *is_text = memchr(block, 0, got) == NULL && got > 0;
    return DR_OK;
}

/* Regions above a row of sectors, as people make them by hand and programs for tables with two headings. */
static bool has_twice(const dr_csv *csv)
{
    for (size_t i = 2; i < dr_csv_fields(csv); i++)
        if (*dr_csv_field(csv, i) && strcmp(dr_csv_field(csv, i), dr_csv_field(csv, i - 1)) == 0)
            return true;
    return false;
}

/* A line with nothing but its first cell is no header. */
static bool is_title(const dr_csv *csv)
{
    for (size_t i = 1; i < dr_csv_fields(csv); i++)
        if (*dr_csv_field(csv, i))
            return false;
    return true;
}

/* Years and the countries of pairs, as panels for gravity have them: CEPII, ITPD-E, the Dynamic Gravity Dataset. */
static bool is_panel(const dr_csv *csv)
{
    bool year = false, pair = false;
    for (size_t i = 0; i < dr_csv_fields(csv); i++) {
        year |= dr_column_is("year", dr_csv_field(csv, i));
        pair |= dr_column_is("iso3_o|exporter_iso3|exporter_dynamic_code|dynamic_code_o", dr_csv_field(csv, i));
    }
    return year && pair;
}

static void describe_header(const dr_csv *csv, char looks[DR_LOOKS_SIZE])
{
    if (is_title(csv)) {
        snprintf(looks, DR_LOOKS_SIZE,
                 "text that begins with '%.60s'; if its table begins further down, remove the lines above the header",
                 dr_csv_field(csv, 0));
        return;
    }
    size_t fields = dr_csv_fields(csv), shown = fields < 6 ? fields : 6, at = 0;
    at += (size_t)snprintf(looks, DR_LOOKS_SIZE, "a table with the columns ");
    for (size_t i = 0; i < shown; i++)
        at += (size_t)snprintf(looks + at, DR_LOOKS_SIZE - at, "%s'%.30s'", i ? ", " : "", dr_csv_field(csv, i));
    snprintf(looks + at, DR_LOOKS_SIZE - at, "%s%s; docs/import.md lists the layouts that are read",
             fields > shown ? ", ..." : "",
             is_panel(csv)    ? ": a panel of pairs of countries, which derisk gravity reads as it is"
             : has_twice(csv) ? ": if there are two rows of headings, join them to labels REGION_SECTOR"
                              : "");
}

/* ---- A file ---- */

static bool has_all(const dr_sight *sight, const char *const *columns)
{
    for (; *columns; columns++)
        if (!dr_sight_has(sight, *columns))
            return false;
    return true;
}

static bool is_of(const dr_sight *sight, const dr_kind *kind)
{
    if (kind->is)
        return kind->is(sight);
    for (size_t i = 0; i < 2; i++)
        if (kind->columns[i][0] && has_all(sight, kind->columns[i]))
            return true;
    return false;
}

static const dr_kind *kind_of(const dr_sight *sight, const char *word)
{
    for (size_t i = 0; i < dr_kind_count; i++)
        if (dr_kind_of(&dr_kinds[i], word) && is_of(sight, &dr_kinds[i]))
            return &dr_kinds[i];
    return NULL;
}

static dr_status see_columns(const dr_kind **out, dr_sight *sight, const dr_csv *csv, const char *word,
                             char looks[DR_LOOKS_SIZE])
{
    size_t count = dr_csv_fields(csv);
    const char **columns = dr_new(count, sizeof *columns);
    if (!columns)
        return dr_fail_memory();
    for (size_t i = 0; i < count; i++)
        columns[i] = dr_csv_field(csv, i);
    sight->columns = columns;
    sight->column_count = count;
    *out = kind_of(sight, word);
    if (!*out)
        describe_header(csv, looks);
    free(columns);
    return DR_OK;
}

static dr_status see_text(const dr_kind **out, dr_sight *sight, const char *word, char looks[DR_LOOKS_SIZE])
{
    dr_csv *csv = NULL;
    bool more = false;
    DR_TRY(dr_csv_open(&csv, sight->path));
    dr_status status = dr_csv_next(csv, &more);
    if (status == DR_OK && more)
        status = see_columns(out, sight, csv, word, looks);
    dr_csv_close(csv);
    return status;
}

dr_status dr_recognise(const dr_kind **out, const char *path, const char *word, char looks[DR_LOOKS_SIZE])
{
    char bytes[DR_SIGHT_BYTES];
    bool is_text = false;
    *out = NULL;
    *looks = '\0';
    DR_TRY(first_bytes(path, bytes, &is_text));
    dr_sight sight = {.path = path, .bytes = bytes};
    const char *known = look_of(path, bytes);
    bool is_frame = dr_frame_is((const unsigned char *)bytes, sizeof bytes), reads = is_frame || (!known && is_text);
    if (is_frame || !reads) /* R's files may hold a table in another form than a data frame */
        *out = kind_of(&sight, word);
    if (!*out && reads)
        return see_text(out, &sight, word, looks);
    if (!*out)
        say_look(path, known, !bytes[0], looks);
    return DR_OK;
}

/* ---- Tables that are several files ---- */

/* Whether the end of a path is one of the patterns, which bars separate and which may name folders. */
static bool fits(const char *path, const char *patterns)
{
    char pattern[128];
    for (const char *at = patterns; at; at = strchr(at, '|') ? strchr(at, '|') + 1 : NULL) {
        snprintf(pattern, sizeof pattern, "%.*s", (int)strcspn(at, "|"), at);
        const char *end = path + strlen(path);
        for (const char *slash = pattern; slash; slash = strchr(slash + 1, '/')) /* as many names as the pattern has */
            while (end > path && *--end != '/')
                ;
        if (fnmatch(pattern, *end == '/' ? end + 1 : end, FNM_CASEFOLD | FNM_PATHNAME) == 0)
            return true;
    }
    return false;
}

/* The length of the folder of a path, with its slash. */
static size_t folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) + 1 : 0;
}

static bool has_beside(const dr_names *files, const char *key, const char *patterns)
{
    size_t folder = folder_length(key);
    for (size_t i = 0; i < files->count; i++)
        if (strncmp(files->names[i], key, folder) == 0 && folder_length(files->names[i]) == folder &&
            fits(files->names[i], patterns))
            return true;
    return false;
}

static dr_status add_bundle(dr_finds *tables, const char *key, const dr_kind *kind)
{
    size_t folder = folder_length(key);
    char *path = folder > 1 ? strndup(key, folder - 1) : strdup(folder ? "/" : ".");
    dr_status status = path ? dr_finds_add(tables, kind->is_folder ? path : key, kind) : dr_fail_memory();
    free(path);
    return status;
}

/* What belongs to a table: everything in its folder, and files of certain names elsewhere. */
static void take_files(const dr_names *files, bool *taken, const char *key, const dr_kind *kind)
{
    size_t folder = folder_length(key);
    for (size_t i = 0; i < files->count; i++)
        taken[i] |= strncmp(files->names[i], key, folder) == 0 || (kind->also && fits(files->names[i], kind->also));
}

/* The tables of one kind, whose files no earlier kind has taken. */
static dr_status find_of_kind(dr_finds *tables, const dr_names *files, bool *taken, const dr_kind *kind)
{
    bool *earlier = dr_new(files->count, sizeof *earlier);
    dr_status status = earlier ? DR_OK : dr_fail_memory();
    if (status == DR_OK)
        memcpy(earlier, taken, files->count * sizeof *earlier);
    for (size_t i = 0; i < files->count && status == DR_OK; i++) {
        const char *key = files->names[i];
        if (earlier[i] || !fits(key, kind->key) || (kind->beside && !has_beside(files, key, kind->beside)))
            continue;
        take_files(files, taken, key, kind);
        status = add_bundle(tables, key, kind);
    }
    free(earlier);
    return status;
}

dr_status dr_recognise_bundles(dr_finds *tables, const dr_names *files, bool *taken, const char *word)
{
    for (size_t k = 0; k < dr_kind_count; k++)
        if (dr_kinds[k].key && dr_kind_of(&dr_kinds[k], word))
            DR_TRY(find_of_kind(tables, files, taken, &dr_kinds[k]));
    return DR_OK;
}

bool dr_recognise_member(const char *path, const char *word)
{
    for (size_t k = 0; k < dr_kind_count; k++) {
        const dr_kind *kind = &dr_kinds[k];
        if (kind->key && dr_kind_of(kind, word) &&
            (fits(path, kind->key) || (kind->is_folder && kind->beside && fits(path, kind->beside))))
            return true;
    }
    return false;
}
