#include "import/recognise.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/csv.h"
#include "base/stream.h"
#include "import/wiot_sheet.h"

const char *dr_file_kind_name(dr_file_kind format)
{
    static const char *const names[] = {[DR_FILE_UNKNOWN] = "no table that is known",
                                        [DR_FILE_MATRIX] = "an inter-country input-output table",
                                        [DR_FILE_FLAT] = "an inter-country input-output table",
                                        [DR_FILE_FRAME] = "an inter-country input-output table",
                                        [DR_FILE_SHEET] = "an inter-country input-output table",
                                        [DR_FILE_LONG] = "a table of the long format",
                                        [DR_FILE_BACI] = "product flows of BACI",
                                        [DR_FILE_COMTRADE] = "product flows of UN Comtrade",
                                        [DR_FILE_COMEXT] = "product flows of Eurostat's Comext",
                                        [DR_FILE_ENERGY] = "imports of energy",
                                        [DR_FILE_MATERIALS] = "supply shares of raw materials"};
    return names[format];
}

/* ---- Headers ---- */

/* Columns that a header has, in any of the spellings between bars and in any case. */
typedef struct sign {
    dr_file_kind format;
    const char *columns[5];
} sign;

/* The first that fits is taken: what has more columns stands before what has some of them. */
static const sign signs[] = {
    {DR_FILE_BACI, {"t", "i", "j", "k", "v"}},
    {DR_FILE_FLAT, {"refarea", "rowii", "counterpartarea", "colii", "obsvalue"}},
    {DR_FILE_FLAT, {"c_orig", "ind_ava|prd_ava", "c_dest", "ind_use|prd_use", "obs_value"}},
    {DR_FILE_FRAME, {"industrycode", "country", "rnr", "year"}},
    {DR_FILE_COMEXT,
     {"declarant|declarant_iso|reporter", "partner|partner_iso", "product_nc|product", "flow", "period|time_period"}},
    {DR_FILE_ENERGY, {"siec|fuel", "partner", "geo|country|reporter", "time_period|period|month|year"}},
    {DR_FILE_COMTRADE,
     {"reporteriso|reporter|reportercode", "partneriso|partner|partnercode", "cmdcode|product_code|product",
      "primaryvalue|value"}},
    {DR_FILE_MATERIALS, {"material", "stage", "country", "share"}},
    {DR_FILE_LONG, {"importer", "exporter", "sector", "value"}},
};

static bool is_one_of(const char *names, const char *field)
{
    size_t length = strlen(field);
    for (const char *at = names; at; at = strchr(at, '|') ? strchr(at, '|') + 1 : NULL)
        if (strcspn(at, "|") == length && strncasecmp(at, field, length) == 0)
            return true;
    return false;
}

static bool has_column(const dr_csv *csv, const char *names)
{
    for (size_t i = 0; i < dr_csv_fields(csv); i++)
        if (is_one_of(names, dr_csv_field(csv, i)))
            return true;
    return false;
}

static bool has_all(const dr_csv *csv, const sign *wanted)
{
    for (size_t i = 0; i < sizeof wanted->columns / sizeof *wanted->columns && wanted->columns[i]; i++)
        if (!has_column(csv, wanted->columns[i]))
            return false;
    return true;
}

/* A label of a region and a sector or use: something on both sides of an underscore. */
static bool is_label(const char *field)
{
    const char *underscore = strchr(field, '_');
    return underscore && underscore > field && underscore[1];
}

/* The header of a matrix has little but such labels. */
static bool is_matrix(const dr_csv *csv)
{
    size_t labels = 0, fields = dr_csv_fields(csv);
    for (size_t i = 1; i < fields; i++)
        labels += is_label(dr_csv_field(csv, i));
    return fields >= 3 && 4 * labels >= 3 * (fields - 1);
}

static dr_file_kind by_header(const dr_csv *csv)
{
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (has_all(csv, &signs[i]))
            return signs[i].format;
    return is_matrix(csv) ? DR_FILE_MATRIX : DR_FILE_UNKNOWN;
}

/* ---- What a file looks like that is none of these ---- */

typedef struct look {
    const char *end;   /* of its name; NULL: any */
    const char *bytes; /* that it begins with; NULL: any */
    const char *text;
} look;

static const look looks_of[] = {
    {".xlsb", NULL, "a binary Excel workbook; save the sheet of the table as .xlsx"},
    {".xlsx", "PK", "an Excel workbook; save the sheet of the table as CSV"},
    {".xls", "\xd0\xcf\x11\xe0", "an old Excel workbook; save the sheet of the table as CSV"},
    {NULL, "\xd0\xcf\x11\xe0", "a file of an old office program"},
    {NULL, "RDX", "an R data file; write its table as CSV (write.csv)"},
    {NULL, "RDA", "an R data file; write its table as CSV (write.csv)"},
    {".rds", NULL, "an R data file; write its table as CSV (write.csv)"},
    {NULL, "MATLAB", "a MATLAB file; write its arrays as CSV"},
    {NULL, "\x89HDF", "an HDF5 file; write its arrays as CSV"},
    {NULL, "PAR1", "a Parquet file; name its layout before the file (baci, comtrade, comext or energy)"},
    {".dta", NULL, "a Stata file; write it as CSV (export delimited)"},
    {NULL, "%PDF", "a PDF document"},
    {NULL, "PK", "a zip file of documents"},
    {NULL, "<", "a web page or XML document: was a login or a licence page saved instead of the file?"},
    {NULL, "{", "a JSON document"},
};

static bool ends_in(const char *path, const char *end)
{
    size_t length = strlen(path), size = strlen(end);
    return length >= size && strcasecmp(path + length - size, end) == 0;
}

static const char *look_of(const char *path, const char *bytes)
{
    for (size_t i = 0; i < sizeof looks_of / sizeof *looks_of; i++) {
        const look *l = &looks_of[i];
        if ((!l->end || ends_in(path, l->end)) && (!l->bytes || strncmp(bytes, l->bytes, strlen(l->bytes)) == 0))
            return l->text;
    }
    return NULL;
}

static dr_status first_bytes(const char *path, char bytes[16], bool *is_text)
{
    char block[4096];
    dr_stream *stream = NULL;
    size_t got = 0;
    DR_TRY(dr_stream_open(&stream, path));
    dr_status status = dr_stream_read(stream, block, sizeof block, &got);
    dr_stream_close(stream);
    if (status != DR_OK)
        return dr_fail_at(status, path);
    memset(bytes, 0, 16);
    memcpy(bytes, block, got < 15 ? got : 15);
    *is_text = memchr(block, 0, got) == NULL && got > 0;
    return DR_OK;
}

static void describe_header(const dr_csv *csv, char looks[DR_LOOKS_SIZE])
{
    size_t fields = dr_csv_fields(csv), shown = fields < 6 ? fields : 6, at = 0;
    at += (size_t)snprintf(looks, DR_LOOKS_SIZE, "a table with the columns ");
    for (size_t i = 0; i < shown; i++)
        at += (size_t)snprintf(looks + at, DR_LOOKS_SIZE - at, "%s'%.30s'", i ? ", " : "", dr_csv_field(csv, i));
    snprintf(looks + at, DR_LOOKS_SIZE - at, "%s; docs/import.md lists the layouts that are read",
             fields > shown ? ", ..." : "");
}

static dr_status read_header(dr_file_kind *out, const char *path, char looks[DR_LOOKS_SIZE])
{
    dr_csv *csv = NULL;
    bool more = false;
    DR_TRY(dr_csv_open(&csv, path));
    dr_status status = dr_csv_next(csv, &more);
    if (status == DR_OK && more) {
        *out = by_header(csv);
        if (*out == DR_FILE_UNKNOWN && looks)
            describe_header(csv, looks);
    }
    dr_csv_close(csv);
    return status;
}

dr_status dr_recognise(dr_file_kind *out, const char *path, char looks[DR_LOOKS_SIZE])
{
    char bytes[16];
    bool is_text = false;
    *out = DR_FILE_UNKNOWN;
    DR_TRY(first_bytes(path, bytes, &is_text));
    const char *known = look_of(path, bytes);
    if (known && ends_in(path, ".xlsx") && dr_wiot_sheet_is(path)) {
        *out = DR_FILE_SHEET;
        return DR_OK;
    }
    if (!known && is_text)
        return read_header(out, path, looks);
    if (looks)
        snprintf(looks, DR_LOOKS_SIZE, "%s", known ? known : bytes[0] ? "a binary file" : "an empty file");
    return DR_OK;
}
