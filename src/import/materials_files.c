/* Shares of countries in the supply of raw materials, as the EU's studies of critical raw materials print them. */
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "import/import_sql.h"
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

static dr_status take_shares(dr_product_job *job, const char *scope)
{
    const dr_duck *duck = &job->import.writer->duck;
    char *query = NULL;
    double wrong = 0, rows = 0, materials = 0, bare = 0;
    DR_TRY(dr_roles_query(&query, job->has, job->path, &job->scratch, share_roles, SHARE_ROLES));
    dr_status status = dr_sql_run(duck, dr_import_sql.materials.read_shares, DR_VALUES(dr_sql_part("rows", query)));
    free(query);
    if (status != DR_OK)
        return dr_roles_fault(status, job->path, &job->scratch, share_roles, SHARE_ROLES);
    DR_TRY(dr_sql_number(&wrong, duck, dr_import_sql.materials.incomplete, NULL));
    if (wrong > 0)
        return dr_roles_fault(dr_fail(DR_BAD_INPUT,
                                      "%.0f rows have no material, stage, country, share of 0 to 1 or trade parameter",
                                      wrong),
                              job->path, &job->scratch, share_roles, SHARE_ROLES);
    DR_TRY(dr_product_places(job, dr_import_sql.materials.places));
    DR_TRY(dr_sql_run(duck, dr_import_sql.materials.insert_shares, DR_VALUES(dr_sql_text("scope", scope))));
    DR_TRY(dr_sql_number(&rows, duck, dr_import_sql.materials.shares, NULL));
    DR_TRY(dr_sql_number(&materials, duck, dr_import_sql.materials.materials, NULL));
    DR_TRY(dr_sql_number(&bare, duck, dr_import_sql.materials.bare, NULL));
    if (bare > 0)
        DR_TRY(dr_product_note(job, 0, "shares", "read as percentages", true,
                               "numbers above 1 without a percent sign: %.0f", bare));
    return dr_product_note(job, 0, "shares", "imported", false,
                           "%.0f shares of countries in the %s supply of %.0f materials", rows, scope, materials);
}

static dr_status take_scores(dr_product_job *job)
{
    const dr_duck *duck = &job->import.writer->duck;
    char *query = NULL;
    double rows = 0;
    DR_TRY(dr_roles_query(&query, job->has, job->path, &job->scratch, score_roles, SCORE_ROLES));
    dr_status status = dr_sql_run(duck, dr_import_sql.materials.insert_scores, DR_VALUES(dr_sql_part("rows", query)));
    free(query);
    if (status != DR_OK)
        return dr_roles_fault(status, job->path, &job->scratch, score_roles, SCORE_ROLES);
    DR_TRY(dr_sql_number(&rows, duck, dr_import_sql.materials.scores, NULL));
    return dr_product_note(job, 0, "scores", "imported", false, "%.0f published scores of supply risk", rows);
}

/* Countries under the code by which derisk knows them. */
static dr_status name_countries(dr_product_job *job)
{
    const dr_duck *duck = &job->import.writer->duck;
    dr_names names = {0};
    dr_status status = dr_sql_names(&names, duck, dr_import_sql.materials.countries, NULL);
    for (size_t i = 0; status == DR_OK && i < names.count; i++) {
        size_t place = 0;
        status = dr_places_find(&job->places, names.names[i], &place);
        if (status == DR_OK)
            status = dr_sql_run(duck, dr_import_sql.materials.rename_country,
                                DR_VALUES(dr_sql_text("code", dr_places_code(&job->places, place)),
                                          dr_sql_text("name", names.names[i])));
    }
    dr_names_free(&names);
    return status;
}

static dr_status import_files(dr_product_job *job, const char *const *files, size_t count)
{
    if (count < 2 || count > 3)
        return dr_fail(DR_USAGE,
                       "give two files, shares in the world's and in the EU's supply, and optionally a third of "
                       "published scores (%zu given)",
                       count);
    job->import.writer->prefix = "supply_";
    DR_TRY(dr_tables_create(&job->import.writer->duck, DR_OF_MATERIALS));
    DR_TRY(dr_sql_run(&job->import.writer->duck, dr_import_sql.materials.empty, NULL));
    DR_TRY(dr_places_read(&job->places, NULL));
    for (size_t i = 0; i < count; i++) {
        job->path = files[i];
        DR_TRY(i == 2 ? take_scores(job) : take_shares(job, i ? "EU" : "world"));
        DR_TRY(dr_import_source_write(job->import.writer, &job->import.source, files[i], 0));
    }
    DR_TRY(name_countries(job));
    DR_TRY(dr_writer_upgrade(job->import.writer));
    return dr_row_sums_write(&job->import.writer->duck);
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
