/* dr_import_products: files of product flows into a world. Each format has a file of its own: baci.c, comtrade.c,
 * comext.c. */
#include "import/product_files.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/print.h"
#include "import/import_sql.h"
#include "import/product_open.h"
#include "world/flows.h"
#include "world/harmonized.h"

/* ---- For the formats ---- */

dr_status dr_product_note(dr_product_job *job, int year, const char *subject, const char *done, bool wrong,
                          const char *found, ...)
{
    char text[900];
    va_list arguments;
    va_start(arguments, found);
    dr_vprint_text(text, sizeof text, found, arguments);
    va_end(arguments);
    dr_import_find(job->import.report, year, subject, "", done, "%s", text);
    if (wrong && job->import.options->strict)
        return dr_fail(DR_BAD_INPUT, "%s: %s", job->path, text);
    return DR_OK;
}

dr_status dr_product_fault(const dr_product_job *job, dr_status status)
{
    return dr_roles_fault(status, job->path, &job->scratch, job->format->roles, job->format->count);
}

dr_status dr_product_classify(const dr_product_job *job, dr_product_span *year, const char *classification)
{
    const char *wanted = job->import.options->classification ? job->import.options->classification : classification;
    if (*year->classification && strcmp(year->classification, wanted) != 0)
        return dr_fail(DR_BAD_INPUT,
                       "%s: products of %d are classified by %s, where others of that year are by %s; expected one "
                       "classification for each year",
                       job->path, year->year, wanted, year->classification);
    if (!*wanted || strlen(wanted) >= sizeof year->classification || !dr_utf8(wanted))
        return dr_fail(DR_BAD_INPUT, "%s: the classification of its products is unknown; give it, such as HS17",
                       job->path);
    snprintf(year->classification, sizeof year->classification, "%s", wanted);
    return DR_OK;
}

dr_status dr_product_years(const dr_product_job *job, bool of_file, char **list)
{
    size_t size = 0, printed = 0;
    FILE *stream = open_memstream(list, &size);
    if (!stream)
        return dr_fail_memory();
    for (size_t i = 0; i < job->year_count; i++)
        if (!of_file || job->years[i].grew)
            fprintf(stream, "%s%d", printed++ ? ", " : "", job->years[i].year);
    if (printed == 0)
        fputs("NULL", stream);
    if (fclose(stream) == 0)
        return DR_OK;
    free(*list);
    *list = NULL;
    return dr_fail_memory();
}

/* The view product_flow_new is the flows of the years in this import. */
static dr_status show_new(dr_product_job *job)
{
    char *list = NULL;
    DR_TRY(dr_product_years(job, false, &list));
    dr_status status =
        dr_sql_run(&job->import.writer->duck, dr_import_sql.products.show_new, DR_VALUES(dr_sql_part("years", list)));
    free(list);
    return status;
}

static dr_status drop_year(const dr_product_job *job, int year)
{
    const dr_sql_value *values = DR_VALUES(dr_sql_integer("year", year));
    if (job->import.writer->version >= DR_SUMS_VERSION)
        DR_TRY(dr_sql_run(&job->import.writer->duck, dr_import_sql.products.drop_sum, values));
    return dr_sql_run(&job->import.writer->duck, dr_import_sql.products.drop_year, values);
}

static dr_status add_year(dr_product_job *job, int year)
{
    bool there = false;
    for (size_t i = 0; i < job->year_count; i++)
        if (job->years[i].year == year)
            return DR_OK;
    if (year < 1900 || year > 2099)
        return dr_fail(DR_BAD_INPUT, "%s: flows of the year %d; expected one from 1900 to 2099", job->path, year);
    if (job->others > 0)
        DR_TRY(dr_sql_any(&there, &job->import.writer->duck, dr_import_sql.products.is_stored,
                          DR_VALUES(dr_sql_integer("year", year))));
    if (there)
        DR_TRY(drop_year(job, year));
    if (!dr_grow((void **)&job->years, &job->year_capacity, job->year_count + 1, sizeof *job->years))
        return dr_fail_memory();
    job->years[job->year_count++] = (dr_product_span){.year = year, .replaced = there};
    return DR_OK;
}

static void count_year(dr_product_job *job, int year, double rows)
{
    for (size_t i = 0; i < job->year_count; i++)
        if (job->years[i].year == year) {
            job->years[i].grew = rows > job->years[i].rows;
            job->years[i].rows = rows;
        }
}

dr_status dr_product_count(dr_product_job *job)
{
    dr_cursor cursor;
    bool more = false;
    for (size_t i = 0; i < job->year_count; i++)
        job->years[i].grew = false;
    dr_status status = dr_sql_open(&cursor, &job->import.writer->duck, dr_import_sql.products.flows_of_years, NULL);
    while (status == DR_OK && (status = dr_cursor_next(&cursor, &more)) == DR_OK && more)
        count_year(job, (int)dr_cursor_index(&cursor, 0), (double)dr_cursor_index(&cursor, 1));
    dr_cursor_close(&cursor);
    return status;
}

dr_status dr_product_begin(dr_product_job *job, const char *sql)
{
    int *years = NULL;
    size_t count = 0;
    dr_status status = dr_sql_list(&years, &count, &job->import.writer->duck, dr_import_sql.products.years,
                                   DR_VALUES(dr_sql_part("rows", sql)));
    for (size_t i = 0; status == DR_OK && i < count; i++)
        status = add_year(job, years[i]);
    job->year = count ? years[0] : 0;
    free(years);
    if (status == DR_OK && count == 0)
        return dr_fail(DR_BAD_INPUT, "%s: no flows after the header", job->path);
    return status == DR_OK ? show_new(job) : status;
}

/* ---- Codes of economies ---- */

/* The code of an economy's number: the register's, else that of the file of economies, else its digits. */
static const char *code_of(const dr_product_job *job, unsigned id, char digits[16])
{
    const char *code = dr_places_code_of(&job->places, id, digits);
    int index = code == digits ? dr_names_find(&job->beside.economies, digits) : -1;
    return index >= 0 && *job->beside.codes[index] ? job->beside.codes[index] : code;
}

/* Gives every number in product_flow_new its code. */
static dr_status name_places(dr_product_job *job)
{
    const dr_duck *duck = &job->import.writer->duck;
    dr_cursor cursor;
    dr_append rows;
    bool more = false;
    DR_TRY(dr_sql_run(duck, dr_import_sql.products.find_ids, NULL));
    DR_TRY(dr_append_open(&rows, duck, "product_region"));
    dr_status status = dr_sql_open(&cursor, duck, dr_import_sql.products.ids, NULL);
    while (status == DR_OK && (status = dr_cursor_next(&cursor, &more)) == DR_OK && more) {
        char digits[16];
        dr_append_index(&rows, 0, (size_t)dr_cursor_index(&cursor, 0));
        dr_append_text(&rows, 1, code_of(job, (unsigned)dr_cursor_index(&cursor, 0), digits));
        status = dr_append_row(&rows);
    }
    dr_cursor_close(&cursor);
    return dr_append_end(&rows, status);
}

/* ---- Checks ---- */

typedef struct year_sums {
    int year;
    double rows, value, without_quantity, not_positive, domestic, products, odd, repeated;
} year_sums;

static dr_status note_year(dr_product_job *job, const year_sums *s, const char *replaced)
{
    DR_TRY(dr_product_note(job, s->year, "flows", replaced, false, "%.0f flows of %.0f products, in all %.6g %s",
                           s->rows, s->products, s->value, job->format->unit));
    if (s->without_quantity > 0)
        DR_TRY(dr_product_note(job, s->year, "quantities", "kept without one", false,
                               "flows without a quantity: %.0f of %.0f", s->without_quantity, s->rows));
    if (s->not_positive > 0)
        DR_TRY(dr_product_note(job, s->year, "values", "kept, and left out of every measure", true,
                               "flows of zero or less: %.0f", s->not_positive));
    if (s->domestic > 0)
        DR_TRY(dr_product_note(job, s->year, "flows", "kept, and left out of every measure", true,
                               "flows from an economy to itself: %.0f", s->domestic));
    if (s->repeated > 0)
        DR_TRY(dr_product_note(job, s->year, "flows", "kept; their values add up", true,
                               "repeated flows, with the same year, economies and product: %.0f", s->repeated));
    if (s->odd > 0)
        DR_TRY(dr_product_note(job, s->year, "products", "kept as they are; sums over products count twice", true,
                               "codes of several lengths; flows whose code is not of the most common length: %.0f",
                               s->odd));
    return DR_OK;
}

static dr_status read_sums(const dr_product_job *job, int year, year_sums *s)
{
    double *numbers[] = {&s->rows, &s->value, &s->without_quantity, &s->not_positive, &s->domestic};
    dr_cursor cursor;
    bool more = false;
    s->year = year;
    dr_status status = dr_sql_open(&cursor, &job->import.writer->duck, dr_import_sql.products.sums,
                                   DR_VALUES(dr_sql_integer("year", year)));
    if (status == DR_OK)
        status = dr_cursor_next(&cursor, &more);
    for (size_t i = 0; status == DR_OK && i < sizeof numbers / sizeof *numbers; i++)
        *numbers[i] = dr_cursor_number(&cursor, i);
    dr_cursor_close(&cursor);
    return status;
}

/* Flows whose product has a code of another length than most flows have. */
static size_t count_odd(const dr_flows *f)
{
    size_t of_length[DR_LONGEST_PRODUCT + 1] = {0}, most = 0;
    for (size_t k = 0; k < f->products.count; k++)
        of_length[strlen(f->products.names[k])] += f->start[k + 1] - f->start[k];
    for (size_t i = 0; i <= DR_LONGEST_PRODUCT; i++)
        most = of_length[i] > most ? of_length[i] : most;
    return f->rows - most;
}

static dr_status read_flows(const dr_product_job *job, int year, year_sums *s)
{
    dr_flows flows = {0};
    DR_TRY(dr_flows_load(&flows, &job->import.writer->duck, year));
    dr_status status = job->import.writer->version >= DR_SUMS_VERSION
                           ? dr_sums_put(&job->import.writer->duck, year, "product_flow", &flows.total)
                           : DR_OK;
    s->products = (double)flows.products.count;
    s->odd = (double)count_odd(&flows);
    s->repeated = (double)flows.repeated;
    dr_flows_free(&flows);
    return status;
}

static dr_status record_year(dr_product_job *job, const dr_product_span *year)
{
    return dr_sql_run(
        &job->import.writer->duck, dr_import_sql.products.insert_year,
        DR_VALUES(dr_sql_integer("year", year->year), dr_sql_text("classification", year->classification),
                  dr_sql_text("unit", job->import.source.unit ? job->import.source.unit : job->format->unit),
                  dr_sql_part("whole", job->format->whole ? "true" : "false")));
}

/* Editions of the Harmonized System are joined by the correspondences between them; other classifications are not. */
static dr_status check_classification(const dr_product_job *job, const dr_product_span *year)
{
    dr_names others = {0};
    dr_status status = dr_sql_names(&others, &job->import.writer->duck, dr_import_sql.products.other_classifications,
                                    DR_VALUES(dr_sql_text("classification", year->classification)));
    for (size_t i = 0; status == DR_OK && i < others.count; i++)
        if (dr_hs_edition(year->classification) < 0 || dr_hs_edition(others.names[i]) < 0)
            status = dr_fail(DR_BAD_INPUT,
                             "%s: its products are classified by %s, but the world's flows by %s; a world has one "
                             "classification, or editions of the HS",
                             job->path, year->classification, others.names[i]);
    dr_names_free(&others);
    return status;
}

static dr_status write_sources(dr_product_job *job, dr_digests *digests, const char *const *files)
{
    for (size_t i = 0; i < job->year_count; i++)
        for (size_t file = 0; file < digests->count; file++) {
            job->import.source.sha256 = dr_digests_of(digests, file); /* NULL: taken now, or an error */
            DR_TRY(dr_import_source_write(job->import.writer, &job->import.source, files[file], job->years[i].year));
        }
    return DR_OK;
}

/* A year of which totals or parts of other rows are all that the files have. */
static dr_status leave_out_year(dr_product_job *job, const dr_product_span *y)
{
    if (y->replaced)
        return dr_fail(DR_BAD_INPUT,
                       "%s: only totals and parts of other rows for %d, of which the world already has flows",
                       job->path, y->year);
    return dr_product_note(job, y->year, "flows", "left out", true,
                           "only totals and parts of other rows: the year is not imported");
}

static dr_status store_year(dr_product_job *job, const dr_product_span *y, bool *stored)
{
    year_sums s = {0};
    DR_TRY(read_sums(job, y->year, &s));
    *stored = s.rows > 0;
    if (!*stored)
        return leave_out_year(job, y);
    DR_TRY(read_flows(job, y->year, &s));
    DR_TRY(note_year(job, &s, y->replaced ? "imported, replacing the world's earlier data of this year" : "imported"));
    DR_TRY(check_classification(job, y));
    return record_year(job, y);
}

static dr_status store_years(dr_product_job *job)
{
    size_t kept = 0;
    for (size_t i = 0; i < job->year_count; i++) {
        bool stored = false;
        DR_TRY(store_year(job, &job->years[i], &stored));
        if (stored)
            job->years[kept++] = job->years[i];
    }
    job->year_count = kept;
    return kept > 0 ? DR_OK : dr_fail(DR_BAD_INPUT, "%s: only totals and parts of other rows", job->path);
}

/* ---- Names beside the flows ---- */

static dr_status read_beside(dr_product_job *job, const dr_product_paths *paths)
{
    char vintage[8];
    const char *given = job->import.options->classification;
    dr_vintage_of(vintage, paths->flows.names[0]);
    for (size_t i = 0; i < paths->beside.count; i++)
        DR_TRY(dr_product_names_read(&job->beside, paths->beside.names[i], given ? given : vintage));
    return DR_OK;
}

static dr_status append_products(const dr_product_job *job, dr_append *rows)
{
    for (size_t i = 0; i < job->beside.products.count; i++) {
        const char *key = job->beside.products.names[i], *blank = strchr(key, ' ');
        char classification[64];
        snprintf(classification, sizeof classification, "%.*s", (int)(blank - key), key);
        dr_append_text(rows, 0, classification);
        dr_append_text(rows, 1, blank + 1);
        dr_append_text(rows, 2, job->beside.descriptions[i]);
        DR_TRY(dr_append_row(rows));
    }
    return DR_OK;
}

/* Names of products that the world has already stay where the new ones are of another edition. */
static dr_status write_names(const dr_product_job *job)
{
    const dr_duck *duck = &job->import.writer->duck;
    dr_append rows;
    if (job->beside.products.count == 0)
        return DR_OK;
    DR_TRY(dr_tables_create(duck, DR_OF_PRODUCT_NAMES));
    DR_TRY(dr_sql_run(duck, dr_import_sql.products.create_names, NULL));
    DR_TRY(dr_append_open(&rows, duck, "product_name_new"));
    dr_status status = append_products(job, &rows);
    DR_TRY(dr_append_end(&rows, status));
    return dr_sql_run(duck, dr_import_sql.products.insert_names, NULL);
}

/* ---- All of it ---- */

/* The rows of a file, of the one year that is wanted if there is one; *query is replaced. The first role of each format
 * is the year or begins with it. */
static dr_status choose_year(const dr_product_job *job, char **query, bool *any)
{
    char *chosen = NULL;
    int year = job->import.options->year;
    *any = true;
    if (year == 0)
        return DR_OK;
    DR_TRY(dr_sql_fill(&chosen, dr_import_sql.products.rows_of_year,
                       DR_VALUES(dr_sql_part("rows", *query), dr_sql_name("period", job->format->roles[0].as),
                                 dr_sql_integer("year", year))));
    free(*query);
    *query = chosen;
    dr_status status =
        dr_sql_any(any, &job->import.writer->duck, dr_import_sql.products.any, DR_VALUES(dr_sql_part("rows", chosen)));
    return status == DR_OK ? DR_OK : dr_product_fault(job, status);
}

static dr_status take_file(dr_product_job *job)
{
    char *query = NULL;
    bool any = false;
    const dr_product_format *format = job->format;
    DR_TRY(dr_roles_query(&query, job->has, job->path, &job->scratch, format->roles, format->count));
    dr_status status = choose_year(job, &query, &any);
    if (status == DR_OK && any)
        status = format->take(job, query);
    free(query);
    return status;
}

static dr_status take_files(dr_product_job *job, const char *const *files, size_t count)
{
    dr_writer *writer = job->import.writer;
    DR_TRY(dr_products_create(writer));
    DR_TRY(dr_places_read(&job->places, &writer->duck));
    DR_TRY(dr_sql_number(&job->others, &writer->duck, dr_import_sql.products.years_stored, NULL));
    for (size_t i = 0; i < count; i++) {
        job->path = files[i];
        if (job->import.options->progress)
            job->import.options->progress(files[i], i, count, job->import.options->user);
        DR_TRY(take_file(job));
    }
    if (job->year_count == 0)
        return dr_fail(DR_BAD_INPUT, "%s: no flows of the year %d", job->path, job->import.options->year);
    DR_TRY(name_places(job));
    DR_TRY(store_years(job));
    DR_TRY(write_names(job));
    return dr_product_sectors(job);
}

static dr_status import_files(dr_product_job *job, const char *const *files, size_t count)
{
    dr_digests digests = {0};
    dr_status status = dr_digests_start(&digests, files, count);
    if (status == DR_OK)
        status = take_files(job, files, count);
    if (status == DR_OK)
        status = write_sources(job, &digests, files);
    dr_digests_free(&digests);
    return status;
}

/* The database may read the files, and where some have to be unpacked the one that they are unpacked to. */
static dr_status open_writer(dr_product_job *job, const char *const *files, size_t count)
{
    dr_names readable = {0};
    dr_status status = DR_OK;
    for (size_t i = 0; i < count && status == DR_OK; i++) {
        bool unpack = dr_scratch_is_needed(files[i]);
        if (unpack && !*job->scratch.path)
            status = dr_scratch_open(&job->scratch, job->import.to);
        if (status == DR_OK && dr_names_add(&readable, unpack ? job->scratch.path : files[i]) < 0)
            status = dr_fail_memory();
    }
    if (status == DR_OK)
        status = dr_writer_open_importing(&job->import.writer, job->import.to, (const char *const *)readable.names,
                                          readable.count);
    dr_names_free(&readable);
    return status;
}

static dr_status run(dr_product_job *job, const char *const *files, size_t count, dr_product_import *take)
{
    dr_import_job *import = &job->import;
    DR_TRY(open_writer(job, files, count));
    if (import->writer->is_new)
        DR_TRY(dr_writer_base(import->writer));
    DR_TRY(take(job, files, count));
    DR_TRY(dr_table_done(import->report));
    return dr_writer_findings(import->writer, import->report);
}

/* Files that are given are read as they are; product flows are looked for in folders and archives too. */
static dr_status open_and_run(dr_product_job *job, const char *const *files, size_t count, dr_product_import *take)
{
    dr_product_paths paths = {0};
    if (!job->format)
        return run(job, files, count, take);
    dr_status status = dr_product_paths_find(&paths, job->format, files, count, job->import.options->year);
    if (status == DR_OK)
        status = read_beside(job, &paths);
    if (status == DR_OK)
        status = run(job, (const char *const *)paths.flows.names, paths.flows.count, take);
    if (status == DR_OK && paths.left_out > 0)
        dr_table_add_note(job->import.report, "files beside the flows that were left out: %zu; the first is %s",
                          paths.left_out, paths.example);
    dr_product_paths_free(&paths);
    return status;
}

dr_status dr_product_run(dr_table **report, const dr_product_format *format, dr_product_import *take,
                         const char *const *files, size_t count, const char *to, const dr_import_options *options)
{
    dr_product_job job = {.format = format};
    if (count == 0)
        return dr_fail(DR_USAGE, "no file to import was given");
    dr_status status = dr_import_begin(&job.import, to, options);
    if (status == DR_OK)
        status = open_and_run(&job, files, count, take);
    dr_places_free(&job.places);
    dr_product_names_free(&job.beside);
    dr_scratch_close(&job.scratch);
    free(job.years);
    return dr_import_end(&job.import, status, report);
}

dr_status dr_import_products(dr_table **report, dr_product_layout layout, const char *const *files, size_t count,
                             const char *to, const dr_import_options *options)
{
    DR_TRY(DR_GIVEN(to));
    dr_import_options whole;
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    options = &whole;
    DR_TRY(DR_ONE_OF(__func__, layout, DR_COMEXT));
    DR_TRY(DR_TEXTS(__func__, files, count));
    static const dr_product_format *const formats[] = {
        [DR_BACI] = &dr_format_baci, [DR_COMTRADE] = &dr_format_comtrade, [DR_COMEXT] = &dr_format_comext};
    return dr_product_run(report, formats[layout], import_files, files, count, to, options);
}
