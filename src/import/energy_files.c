/* Physical imports of energy by partner: Eurostat's nrg_ti_* tables, or tables made from them. */
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/rows.h"
#include "import/import_sql.h"
#include "import/product_files.h"
#include "world/row_sums.h"

enum { IMPORTER, PARTNER, FUEL, UNIT, PERIOD, VALUE, ROLES };

static const dr_role roles[ROLES] = {
    [IMPORTER] = {"geo|country|reporter", "VARCHAR", "importer"},
    [PARTNER] = {"partner", "VARCHAR", "partner"},
    [FUEL] = {"siec|product|commodity|fuel", "VARCHAR", "fuel"},
    [UNIT] = {"?unit", "VARCHAR", "unit"},
    [PERIOD] = {"TIME_PERIOD|period|month|year", "VARCHAR", "period"},
    [VALUE] = {"?OBS_VALUE|value", "DOUBLE", "value"},
};

const dr_roles dr_roles_of_energy = {roles, ROLES};

/* Every name in the rows with the ISO code for it; a total of all partners is TOTAL. */
static dr_status name_places(dr_product_job *job)
{
    const dr_duck *duck = &job->import.writer->duck;
    dr_names codes = {0};
    dr_append rows;
    DR_TRY(dr_product_places(job, dr_import_sql.energy.places));
    DR_TRY(dr_sql_run(duck, dr_import_sql.energy.create_places, NULL));
    dr_status status = dr_sql_names(&codes, duck, dr_import_sql.products.place_codes, NULL);
    if (status == DR_OK)
        status = dr_append_open(&rows, duck, "energy_place");
    if (status == DR_OK) {
        for (size_t i = 0; status == DR_OK && i < codes.count; i++) {
            size_t place = 0;
            status = dr_places_find(&job->places, codes.names[i], &place);
            dr_append_text(&rows, 0, codes.names[i]);
            dr_append_text(&rows, 1, status == DR_OK ? dr_places_code(&job->places, place) : "");
            if (status == DR_OK)
                status = dr_append_row(&rows);
        }
        status = dr_append_end(&rows, status);
    }
    dr_names_free(&codes);
    return status;
}

static dr_status note_rows(dr_product_job *job)
{
    const dr_duck *duck = &job->import.writer->duck;
    double rows = 0, last = 0, negative = 0, short_years = 0;
    DR_TRY(dr_sql_number(&rows, duck, dr_import_sql.energy.rows, NULL));
    DR_TRY(dr_sql_number(&last, duck, dr_import_sql.energy.last_year, NULL));
    DR_TRY(dr_sql_number(&negative, duck, dr_import_sql.energy.negative, NULL));
    DR_TRY(dr_sql_number(&short_years, duck, dr_import_sql.energy.short_years, NULL));
    DR_TRY(dr_product_note(job, job->year, "flows", "imported", false,
                           "%.0f flows of energy by year, partner and fuel, up to %.0f", rows, last));
    if (negative > 0)
        DR_TRY(dr_product_note(job, job->year, "values", "kept as they are", true, "flows of less than zero: %.0f",
                               negative));
    if (short_years > 0)
        DR_TRY(dr_product_note(job, job->year, "years", "kept; sums cover the available months only", true,
                               "years and fuels with fewer than twelve months: %.0f", short_years));
    return DR_OK;
}

static dr_status take_file(dr_product_job *job)
{
    const dr_duck *duck = &job->import.writer->duck;
    char *query = NULL;
    double wrong = 0, year = 0;
    DR_TRY(dr_roles_query(&query, job->has, job->path, &job->scratch, roles, ROLES));
    dr_status status = DR_OK;
    if (!job->has[VALUE]) /* whose cells may be empty */
        status = dr_fail(DR_BAD_INPUT, "the column 'OBS_VALUE' or 'value' is missing");
    if (status == DR_OK)
        status = dr_sql_run(duck, dr_import_sql.energy.read, DR_VALUES(dr_sql_part("rows", query)));
    free(query);
    if (status != DR_OK)
        return dr_roles_fault(status, job->path, &job->scratch, roles, ROLES);
    DR_TRY(dr_sql_number(&wrong, duck, dr_import_sql.energy.wrong, NULL));
    if (wrong > 0)
        return dr_roles_fault(dr_fail(DR_BAD_INPUT, "%.0f rows have no year, economy or fuel", wrong), job->path,
                              &job->scratch, roles, ROLES);
    DR_TRY(dr_sql_number(&year, duck, dr_import_sql.energy.first_year, NULL));
    if (!(year > 0))
        return dr_fail(DR_BAD_INPUT, "%s: no flows after the header", job->path);
    job->year = (int)year;
    DR_TRY(name_places(job));
    DR_TRY(dr_sql_run(duck, dr_import_sql.energy.insert, NULL));
    DR_TRY(note_rows(job));
    return dr_import_source_write(job->import.writer, &job->import.source, job->path, job->year);
}

static dr_status import_files(dr_product_job *job, const char *const *files, size_t count)
{
    job->import.writer->prefix = "energy_";
    DR_TRY(dr_tables_create(&job->import.writer->duck, DR_OF_ENERGY));
    DR_TRY(dr_places_read(&job->places, NULL));
    for (size_t i = 0; i < count; i++) {
        job->path = files[i];
        DR_TRY(take_file(job));
    }
    DR_TRY(dr_writer_upgrade(job->import.writer));
    return dr_row_sums_write(&job->import.writer->duck);
}

dr_status dr_import_energy(dr_table **report, const char *const *files, size_t count, const char *to,
                           const dr_import_options *options)
{
    DR_TRY(DR_GIVEN(to));
    dr_import_options whole;
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    options = &whole;
    DR_TRY(DR_TEXTS(__func__, files, count));
    return dr_product_run(report, NULL, import_files, files, count, to, options);
}
