/* BACI (Gaulier & Zignago 2010, CEPII working paper 2010-23): one file a year, t, i, j, k, v, q. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "import/import_sql.h"
#include "import/product_files.h"

static const dr_role roles[] = {
    {"t", "INTEGER", "year"},        {"i", "USMALLINT", "exporter"}, {"j", "USMALLINT", "importer"},
    {"k|hs6", "VARCHAR", "product"}, {"v", "DOUBLE", "value"},       {"?q", "VARCHAR", "quantity"},
};

enum { ROLES = sizeof roles / sizeof *roles };

static dr_status check(dr_product_job *job)
{
    double wrong = 0;
    DR_TRY(dr_sql_number(&wrong, &job->import.writer->duck, dr_import_sql.baci.incomplete, NULL));
    if (wrong > 0)
        return dr_product_fault(job, dr_fail(DR_BAD_INPUT, "%.0f rows are not complete", wrong));
    return DR_OK;
}

/* The year after the Y of BACI_HS17_Y2020_V202301.csv, 0 if there is none. */
static int year_of_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    for (const char *at = slash ? slash + 1 : path; (at = strchr(at, 'Y')); at++)
        if (strspn(at + 1, "0123456789") == 4)
            return (int)strtol(at + 1, NULL, 10);
    return 0;
}

/* Notes the economies in the years of the file. */
static dr_status note_places(dr_product_job *job)
{
    char *years = NULL, *places = NULL;
    DR_TRY(dr_product_years(job, true, &years));
    dr_status status = dr_sql_fill(&places, dr_import_sql.baci.places, DR_VALUES(dr_sql_part("years", years)));
    if (status == DR_OK)
        status = dr_product_places(job, places);
    free(years);
    free(places);
    return status;
}

/* The years of the file's rows have the vintage in its name, and one of them is the year in it. */
static dr_status take_years(dr_product_job *job)
{
    char vintage[8];
    int of_name = year_of_name(job->path), last = 0;
    bool there = of_name == 0;
    dr_vintage_of(vintage, job->path);
    DR_TRY(dr_product_count(job));
    for (size_t i = 0; i < job->year_count; i++) {
        if (!job->years[i].grew)
            continue;
        DR_TRY(dr_product_classify(job, &job->years[i], vintage));
        job->year = last == 0 || job->years[i].year < job->year ? job->years[i].year : job->year;
        last = job->years[i].year > last ? job->years[i].year : last;
        there = there || job->years[i].year == of_name;
    }
    if (there)
        return DR_OK;
    return dr_product_note(job, last, "years", "imported under the years of the rows", true,
                           "no row is of %d, the year in the file name %s", of_name, job->path);
}

static dr_status take(dr_product_job *job, const char *rows)
{
    /* where the world has flows, the file is read twice, the first time for its years */
    dr_status status = job->others > 0 ? dr_product_begin(job, rows) : DR_OK;
    if (status == DR_OK)
        status = dr_sql_run(&job->import.writer->duck, dr_import_sql.baci.insert, DR_VALUES(dr_sql_part("rows", rows)));
    if (status != DR_OK)
        return dr_product_fault(job, status);
    if (job->others == 0)
        DR_TRY(dr_product_begin(job, dr_import_sql.baci.years));
    DR_TRY(check(job));
    DR_TRY(take_years(job));
    return note_places(job);
}

const dr_product_format dr_format_baci = {"BACI", "thousand US dollars, current prices", true, roles, ROLES, take};
