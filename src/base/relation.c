#include "base/relation.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/frame.h"
#include "base/rows.h"

enum { MOST_FILE_COLUMNS = 512 };

static dr_status read_header(dr_names *columns, size_t *empty, const char *path)
{
    dr_csv *csv = NULL;
    DR_TRY(dr_csv_open(&csv, path));
    dr_status status = dr_csv_header(csv, NULL, 0, NULL);
    for (size_t i = 0; status == DR_OK && i < dr_csv_fields(csv); i++) {
        size_t before = columns->count;
        if (dr_names_add(columns, dr_csv_field(csv, i)) < 0)
            status = dr_fail_memory();
        else if (columns->count == before)
            status = dr_csv_fail(csv, (int)i, "the column '%.40s' appears twice", dr_csv_field(csv, i));
    }
    *empty = dr_csv_empty_columns(csv);
    dr_csv_close(csv);
    if (status == DR_OK && columns->count > MOST_FILE_COLUMNS)
        status = dr_fail(DR_BAD_INPUT, "%s: a table of %zu columns; at most %d are supported", path, columns->count,
                         MOST_FILE_COLUMNS);
    return status;
}

static dr_status read_schema(dr_names *columns, const char *path)
{
    dr_duck duck = {0};
    char *literal = dr_duck_path(path);
    dr_status status = literal ? dr_duck_open(&duck, NULL, false) : dr_fail_memory();
    if (status == DR_OK)
        status = dr_cursor_names(columns, &duck, "SELECT column_name FROM (DESCRIBE SELECT * FROM read_parquet(%s))",
                                 literal);
    dr_duck_close(&duck);
    free(literal);
    return status;
}

dr_status dr_relation_columns(dr_relation *out, const char *path, const dr_scratch *scratch)
{
    *out = (dr_relation){.path = path, .disk = path, .utf8 = true};
    if (scratch && dr_scratch_is_needed(path))
        out->disk = scratch->path;
    out->parquet = dr_file_has(out->disk, 0, "PAR1", 4);
    if (!out->parquet)
        return read_header(&out->columns, &out->empty, path);
    dr_status status = read_schema(&out->columns, out->disk);
    return status == DR_OK || status == DR_MACHINE ? status : dr_fail_at(status, path);
}

/* Statistics of trade come in UTF-8 or in ISO 8859-1, of which only names differ; and with separators of columns that
 * are not commas. */
static dr_status look_at(dr_relation *relation)
{
    enum { SAMPLE = 250000 }; /* the most rows that one query to UN Comtrade gives */
    dr_csv *csv = NULL;
    bool more = true;
    DR_TRY(dr_csv_open(&csv, relation->path));
    dr_status status = DR_OK;
    for (int row = 0; more && row < SAMPLE && (status = dr_csv_next(csv, &more)) == DR_OK && more; row++)
        for (size_t i = 0; i < dr_csv_fields(csv); i++)
            relation->utf8 = relation->utf8 && dr_utf8(dr_csv_field(csv, i));
    relation->separator = dr_csv_separator(csv);
    relation->skipped = dr_csv_skipped(csv);
    relation->decimal_comma = dr_csv_decimal_comma(csv);
    dr_csv_close(csv);
    return status;
}

dr_status dr_relation_open(dr_relation *out, const char *path, dr_scratch *scratch)
{
    *out = (dr_relation){0};
    if (!scratch && dr_frame_is_foreign(path))
        return dr_fail(DR_BAD_INPUT, "%s: an Arrow file or an R data file; save its table as Parquet or CSV", path);
    if (dr_scratch_is_needed(path) && !scratch)
        return dr_fail(DR_BAD_INPUT, "%s: in an archive, or compressed otherwise than by gzip; unpack it first", path);
    if (dr_scratch_is_needed(path))
        DR_TRY(dr_scratch_fill(scratch, path));
    DR_TRY(dr_relation_columns(out, path, scratch));
    if (out->parquet)
        return DR_OK;
    out->packed = dr_file_has(out->disk, 0, "\x1f\x8b", 2);
    return look_at(out);
}

void dr_relation_free(dr_relation *relation)
{
    dr_names_free(&relation->columns);
    *relation = (dr_relation){0};
}

/* ---- The relation ---- */

static void print_name(FILE *to, const char *name)
{
    fputc('"', to);
    for (; *name; name++)
        fprintf(to, *name == '"' ? "\"\"" : "%c", *name);
    fputc('"', to);
}

static void print_parquet(FILE *to, const dr_relation *relation, const char *literal, const char *const *types)
{
    fputs("(SELECT ", to);
    for (size_t c = 0; c < relation->columns.count; c++) {
        fputs(c ? ", " : "", to);
        print_name(to, relation->columns.names[c]);
        fprintf(to, "%s%s AS c%zu", types[c] ? "::" : "", types[c] ? types[c] : "", c);
    }
    fprintf(to, " FROM read_parquet(%s))", literal);
}

static void print_csv(FILE *to, const dr_relation *relation, const char *literal, const char *const *types,
                      const char *nulls)
{
    fprintf(to,
            "read_csv(%s, auto_detect = false, header = true, skip = %zu, delim = '%c', decimal_separator = '%c', "
            "quote = '\"', escape = '\"', nullstr = [%s], encoding = '%s', compression = '%s', columns = {",
            literal, relation->skipped, relation->separator, relation->decimal_comma ? ',' : '.', nulls,
            relation->utf8 ? "utf-8" : "latin-1", relation->packed ? "gzip" : "none");
    for (size_t c = 0; c < relation->columns.count + relation->empty; c++)
        fprintf(to, "%s'c%zu': '%s'", c ? ", " : "", c, c < relation->columns.count && types[c] ? types[c] : "VARCHAR");
    fputs("})", to);
}

/* Numbers with decimal commas that are kept as texts, such as weights, get points as other numbers do. */
static void print_points(FILE *to, const dr_relation *relation, const char *const *types)
{
    size_t texts = 0;
    for (size_t c = 0; c < relation->columns.count && relation->decimal_comma; c++)
        if (types[c] && strcmp(types[c], "VARCHAR") == 0)
            fprintf(to, "%sregexp_replace(c%zu, '^([-+]?[0-9]*),([0-9]*)$', '\\1.\\2') AS c%zu",
                    texts++ ? ", " : " REPLACE (", c, c);
    fputs(texts ? ")" : "", to);
}

/* Without the rows in which nothing is in any of the columns that are wanted: spreadsheets end a table with such
 * rows. */
static void print_filled(FILE *to, const dr_relation *relation, const char *literal, const char *const *types,
                         const char *nulls)
{
    size_t wanted = 0;
    fputs("(SELECT *", to);
    print_points(to, relation, types);
    fputs(" FROM ", to);
    print_csv(to, relation, literal, types, nulls);
    for (size_t c = 0; c < relation->columns.count; c++)
        if (types[c])
            fprintf(to, "%sc%zu IS NOT NULL", wanted++ ? " OR " : " WHERE ", c);
    fputs(")", to);
}

dr_status dr_relation_print(FILE *to, const dr_relation *relation, const char *const *types, const char *nulls)
{
    char *literal = dr_duck_path(relation->disk);
    if (!literal)
        return dr_fail_memory();
    if (relation->parquet)
        print_parquet(to, relation, literal, types);
    else
        print_filled(to, relation, literal, types, nulls);
    free(literal);
    return DR_OK;
}
