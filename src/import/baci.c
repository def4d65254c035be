/* BACI (Gaulier & Zignago 2010, CEPII working paper 2010-23): one file a year, t, i, j, k, v, q. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "import/import_sql.h"
#include "import/product_files.h"

static const dr_role roles[] = {
    {"t", "INTEGER", "year"},    {"i", "USMALLINT", "exporter"}, {"j", "USMALLINT", "importer"},
    {"k", "VARCHAR", "product"}, {"v", "DOUBLE", "value"},       {"?q", "VARCHAR", "quantity"},
};

enum { ROLES = sizeof roles / sizeof *roles };

/* "HS17" in BACI_HS17_Y2020_V202301.csv, "" if there is none. */
static void vintage(char out[8], const char *path)
{
    const char *slash = strrchr(path, '/');
    out[0] = '\0';
    for (const char *at = slash ? slash + 1 : path; *at; at++)
        if (toupper((unsigned char)at[0]) == 'H' && toupper((unsigned char)at[1]) == 'S' &&
            isdigit((unsigned char)at[2]) && isdigit((unsigned char)at[3]) && !isdigit((unsigned char)at[4]))
            snprintf(out, 8, "HS%.2s", at + 2);
}

static dr_status check(dr_product_job *job)
{
    double wrong = 0;
    DR_TRY(dr_sql_number(&wrong, &job->import.writer->duck, dr_import_sql.baci.incomplete, NULL));
    if (wrong > 0)
        return dr_roles_fault(dr_fail(DR_BAD_INPUT, "%.0f rows are not complete", wrong), job->path, roles, ROLES);
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

/* Flows of the year that the file's name says, of this file and those before. */
static dr_status count_named(const dr_product_job *job, double *count)
{
    return dr_sql_number(count, &job->import.writer->duck, dr_import_sql.baci.flows_of_year,
                         DR_VALUES(dr_sql_integer("year", year_of_name(job->path))));
}

static dr_status check_year(dr_product_job *job, double before)
{
    double after = 0, year = 0;
    DR_TRY(count_named(job, &after));
    DR_TRY(dr_sql_number(&year, &job->import.writer->duck, dr_import_sql.baci.last_year, NULL));
    if (year_of_name(job->path) == 0 || after > before)
        return DR_OK;
    return dr_product_note(job, (int)year, "years", "imported under the years of the rows", true,
                           "no row is of %d, the year in the file name %s", year_of_name(job->path), job->path);
}

static dr_status take(dr_product_job *job, const char *rows)
{
    char name[8];
    double before = 0;
    vintage(name, job->path);
    DR_TRY(dr_product_classify(job, name));
    /* where the world has flows, the file is read twice, the first time for its years */
    dr_status status = job->others > 0 ? dr_product_begin(job, rows) : DR_OK;
    if (status == DR_OK)
        status = count_named(job, &before);
    if (status == DR_OK)
        status = dr_sql_run(&job->import.writer->duck, dr_import_sql.baci.insert, DR_VALUES(dr_sql_part("rows", rows)));
    if (status != DR_OK)
        return dr_roles_fault(status, job->path, roles, ROLES);
    if (job->others == 0)
        DR_TRY(dr_product_begin(job, dr_import_sql.baci.years));
    DR_TRY(check(job));
    DR_TRY(check_year(job, before));
    return dr_product_places(job, dr_import_sql.baci.places);
}

const dr_product_format dr_format_baci = {"thousand US dollars, current prices", true, roles, ROLES, take};
