/* Shares of countries in the supply of raw materials, as the EU's studies of critical raw materials print them. */
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/rows.h"
#include "import/product_files.h"
#include "world/row_sums.h"

enum { MATERIAL, STAGE, COUNTRY, SHARE, TRADE, SHARE_ROLES };

static const dr_role share_roles[SHARE_ROLES] = {
    [MATERIAL] = {"Material|material", "VARCHAR", "material"},
    [STAGE] = {"Stage|stage", "VARCHAR", "stage"},
    [COUNTRY] = {"Country|country", "VARCHAR", "country"},
    [SHARE] = {"Share|share", "VARCHAR", "share"},
    [TRADE] = {"t|trade_t", "DOUBLE", "trade"},
};

enum { SCORE_MATERIAL, SCORE_YEAR, SCORE, SCORE_ROLES };

static const dr_role score_roles[SCORE_ROLES] = {
    [SCORE_MATERIAL] = {"Material|material", "VARCHAR", "material"},
    [SCORE_YEAR] = {"Year|year", "INTEGER", "year"},
    [SCORE] = {"SR|supply_risk", "VARCHAR", "score"},
};

const dr_roles dr_roles_of_shares = {share_roles, SHARE_ROLES}, dr_roles_of_scores = {score_roles, SCORE_ROLES};

/* "4%" is 0.04, "<0.1%" half of 0.001, "0.04" itself; a bare number above 1 has lost its percent sign. */
static const char read_shares[] =
    "CREATE OR REPLACE TEMP TABLE share_report AS SELECT material, stage, country, trade, CASE WHEN below THEN 0.5 "
    "ELSE 1 END * CASE WHEN"
    " percent OR number > 1 THEN number / 100 ELSE number END AS share, number > 1 AND NOT percent AS bare FROM "
    "(SELECT *,"
    " TRY_CAST(trim(replace(replace(share, '<', ''), '%%', '')) AS DOUBLE) AS number, contains(share, '%%') AS percent,"
    " contains(share, '<') AS below FROM (%s))";

static dr_status take_shares(dr_product_job *job, const char *scope)
{
    const dr_duck *duck = &job->writer->duck;
    char *query = NULL;
    double wrong = 0, rows = 0, materials = 0, bare = 0;
    DR_TRY(dr_roles_query(&query, job->has, job->path, share_roles, SHARE_ROLES));
    dr_status status = dr_duck_run(duck, read_shares, query);
    free(query);
    if (status != DR_OK)
        return dr_roles_fault(status, job->path, share_roles, SHARE_ROLES);
    DR_TRY(dr_query_number(
        duck, &wrong,
        "SELECT count(*) FROM share_report WHERE material IS NULL OR stage IS NULL OR country IS NULL OR"
        " NOT coalesce(share BETWEEN 0 AND 1, false) OR NOT coalesce(trade > 0, false)"));
    if (wrong > 0)
        return dr_roles_fault(dr_fail(DR_BAD_INPUT,
                                      "%.0f rows have no material, stage, country, share of 0 to 1 or trade parameter",
                                      wrong),
                              job->path, share_roles, SHARE_ROLES);
    DR_TRY(dr_product_places(job, "SELECT country, count(*) FROM share_report GROUP BY country"));
    DR_TRY(dr_duck_run(
        duck, "INSERT INTO supply_share SELECT '%s', material, stage, country, share, trade FROM share_report", scope));
    DR_TRY(dr_query_number(duck, &rows, "SELECT count(*) FROM share_report"));
    DR_TRY(dr_query_number(duck, &materials, "SELECT count(DISTINCT material) FROM share_report"));
    DR_TRY(dr_query_number(duck, &bare, "SELECT count(*) FROM share_report WHERE bare"));
    if (bare > 0)
        DR_TRY(dr_product_note(job, 0, "shares", "taken for percent", true,
                               "numbers above 1 without a percent sign: %.0f", bare));
    return dr_product_note(job, 0, "shares", "imported", false,
                           "%.0f shares of countries in the %s supply of %.0f materials", rows, scope, materials);
}

static dr_status take_scores(dr_product_job *job)
{
    const dr_duck *duck = &job->writer->duck;
    char *query = NULL;
    double rows = 0;
    DR_TRY(dr_roles_query(&query, job->has, job->path, score_roles, SCORE_ROLES));
    dr_status status =
        dr_duck_run(duck,
                    "INSERT INTO supply_score SELECT * FROM (SELECT material, year, TRY_CAST(score AS DOUBLE) AS score"
                    " FROM (%s)) WHERE score IS NOT NULL",
                    query);
    free(query);
    if (status != DR_OK)
        return dr_roles_fault(status, job->path, score_roles, SCORE_ROLES);
    DR_TRY(dr_query_number(duck, &rows, "SELECT count(*) FROM supply_score"));
    return dr_product_note(job, 0, "scores", "imported", false, "%.0f published scores of supply risk", rows);
}

/* Countries under the code by which derisk knows them. */
static dr_status name_countries(dr_product_job *job)
{
    const dr_duck *duck = &job->writer->duck;
    dr_names names = {0};
    dr_status status = dr_cursor_names(&names, duck, "SELECT DISTINCT country FROM supply_share ORDER BY country");
    for (size_t i = 0; status == DR_OK && i < names.count; i++) {
        size_t place = 0;
        char *from = dr_duck_quote(names.names[i]), *to = NULL;
        status = from ? dr_places_find(&job->places, names.names[i], &place) : dr_fail_memory();
        if (status == DR_OK && !(to = dr_duck_quote(dr_places_code(&job->places, place))))
            status = dr_fail_memory();
        if (status == DR_OK)
            status = dr_duck_run(duck, "UPDATE supply_share SET country = %s WHERE country = %s", to, from);
        free(from);
        free(to);
    }
    dr_names_free(&names);
    return status;
}

static dr_status import_files(dr_product_job *job, const char *const *files, size_t count)
{
    if (count < 2 || count > 3)
        return dr_fail(DR_USAGE,
                       "materials are two files, shares in the world's and in the EU's supply, and a third one of "
                       "published scores;"
                       " %zu were given",
                       count);
    job->writer->prefix = "supply_";
    DR_TRY(dr_tables_create(&job->writer->duck, DR_OF_MATERIALS));
    DR_TRY(dr_duck_run(&job->writer->duck,
                       "DELETE FROM supply_share; DELETE FROM supply_score; DELETE FROM supply_source;"
                       "DELETE FROM supply_finding"));
    DR_TRY(dr_places_read(&job->places, NULL));
    for (size_t i = 0; i < count; i++) {
        job->path = files[i];
        DR_TRY(i == 2 ? take_scores(job) : take_shares(job, i ? "EU" : "world"));
        DR_TRY(dr_import_source_write(job->writer, &job->source, files[i], 0));
    }
    DR_TRY(name_countries(job));
    DR_TRY(dr_writer_upgrade(job->writer));
    return dr_row_sums_write(&job->writer->duck);
}

dr_status dr_import_materials(dr_table **report, const char *const *files, size_t count, const char *to,
                              const dr_import_options *options)
{
    DR_TRY(DR_GIVEN(to));
    dr_import_options whole;
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    options = &whole;
    DR_TRY(DR_TEXTS(__func__, files, count));
    return dr_product_run(report, NULL, import_files, files, count, to, options);
}
