/* Eurostat Comext (DS-045409): bulk files, older dumps, the SDMX-CSV of its API, and tables made from them. */
#include "import/import_sql.h"
#include "import/product_files.h"

enum { PERIOD, REPORTER, PARTNER, PRODUCT, VALUE, FLOW, INDICATOR, KILOS, TONNES, ROLES };

/* In SDMX-CSV a flow has a row for each indicator, of which OBS_VALUE is the value or the quantity. */
static const dr_role roles[ROLES] = {
    [PERIOD] = {"PERIOD|TIME_PERIOD|year", "VARCHAR", "period"},
    [REPORTER] = {"REPORTER|DECLARANT_ISO|DECLARANT", "VARCHAR", "reporter"},
    [PARTNER] = {"PARTNER_ISO|PARTNER", "VARCHAR", "partner"},
    [PRODUCT] = {"PRODUCT_NC|PRODUCT", "VARCHAR", "product"},
    [VALUE] = {"VALUE_EUR|VALUE_IN_EUROS|OBS_VALUE", "DOUBLE", "value"},
    [FLOW] = {"?FLOW", "VARCHAR", "flow"},
    [INDICATOR] = {"?indicators|indicator", "VARCHAR", "indicator"},
    [KILOS] = {"?QUANTITY_KG|QUANTITY_IN_KG", "DOUBLE", "kilos"},
    [TONNES] = {"?qty_tonnes", "DOUBLE", "tonnes"},
};

static const dr_reports reports = {
    .table = "comext_report", .rows = "kept", .import = "1", .export = "2", .tonnes = "sum(weight)"};

static dr_status check_rows(dr_product_job *job)
{
    double wrong = 0;
    DR_TRY(dr_sql_number(&wrong, &job->import.writer->duck, dr_import_sql.comext.wrong, NULL));
    if (wrong > 0) {
        return dr_product_fault(
            job,
            dr_fail(DR_BAD_INPUT,
                    "%.0f rows have no period, economy, product or value, or a flow that is not 1, 2 or 3", wrong));
    }
    return dr_product_periods(job, dr_import_sql.comext.periods);
}

/* The parts of the United Kingdom beside it. */
static dr_status leave_out_parts(dr_product_job *job)
{
    const dr_duck *duck = &job->import.writer->duck;
    double count = 0;
    DR_TRY(dr_sql_run(duck, dr_import_sql.comext.find_parts, NULL));
    DR_TRY(dr_sql_number(&count, duck, dr_import_sql.comext.count_parts, NULL));
    if (count == 0)
        return DR_OK;
    DR_TRY(dr_sql_run(duck, dr_import_sql.comext.drop_parts, NULL));
    return dr_product_note(job, job->year, "rows", "left out", false,
                           "rows of XI and XU, parts of GB, which has rows of its own: %.0f", count);
}

/* The numbers of the 27 members, for check_totals. */
static dr_status make_members(dr_product_job *job)
{
    const dr_duck *duck = &job->import.writer->duck;
    dr_names members = {0};
    DR_TRY(dr_sql_run(duck, dr_import_sql.comext.create_members, NULL));
    dr_status status = dr_sql_names(&members, duck, dr_import_sql.comext.members, NULL);
    for (size_t i = 0; status == DR_OK && i < members.count; i++) {
        size_t place = 0;
        unsigned short id = 0;
        status = dr_places_find(&job->places, members.names[i], &place);
        if (status == DR_OK)
            status = dr_places_id(&job->places, place, &id);
        if (status == DR_OK)
            status = dr_sql_run(duck, dr_import_sql.comext.insert_member,
                                DR_VALUES(dr_sql_integer("id", id), dr_sql_text("iso3", members.names[i])));
    }
    dr_names_free(&members);
    return status;
}

static dr_status note_left_out(dr_product_job *job)
{
    double totals = 0, passed_on = 0;
    DR_TRY(dr_sql_number(&passed_on, &job->import.writer->duck, dr_import_sql.comext.re_exports, NULL));
    if (passed_on > 0)
        DR_TRY(dr_product_note(job, job->year, "rows", "left out", false, "re-exports, which exports include: %.0f",
                               passed_on));
    DR_TRY(dr_sql_number(&totals, &job->import.writer->duck, dr_import_sql.comext.left_out, NULL));
    if (totals > 0)
        DR_TRY(dr_product_note(job, job->year, "rows", "left out", false, "rows of groups of economies: %.0f", totals));
    return dr_reports_note_mirrored(job, &reports);
}

/* The members' sum beside the file's own rows for the European Union. */
static dr_status check_totals(dr_product_job *job)
{
    const dr_reports_totals totals = {.query = dr_import_sql.comext.totals,
                                      .gap = dr_import_sql.reports.gap_of_largest,
                                      .parts = "members",
                                      .whole = "the EU27_2020",
                                      .each = "partners and products",
                                      .of = " of the largest total"};
    DR_TRY(make_members(job));
    return dr_reports_check_totals(job, &totals);
}

static dr_status classify(dr_product_job *job)
{
    DR_TRY(dr_product_count(job));
    for (size_t i = 0; i < job->year_count; i++)
        if (job->years[i].grew)
            DR_TRY(dr_product_classify(job, &job->years[i], "CN"));
    return DR_OK;
}

static dr_status take(dr_product_job *job, const char *rows)
{
    const dr_duck *duck = &job->import.writer->duck;
    dr_status status = dr_sql_run(duck, dr_import_sql.comext.read, DR_VALUES(dr_sql_part("rows", rows)));
    if (status != DR_OK)
        return dr_product_fault(job, status);
    DR_TRY(check_rows(job));
    DR_TRY(dr_product_begin(job, dr_import_sql.comext.years));
    DR_TRY(dr_product_subtotals(job, "comext_report", "rows", 8)); /* digits of the Combined Nomenclature */
    DR_TRY(leave_out_parts(job));
    DR_TRY(dr_product_places(job, dr_import_sql.comext.places));
    DR_TRY(dr_reports_insert(job, &reports));
    DR_TRY(classify(job));
    DR_TRY(note_left_out(job));
    DR_TRY(check_totals(job));
    return dr_sql_run(duck, dr_import_sql.comext.drop, NULL);
}

const dr_product_format dr_format_comext = {"Comext", "euros, current prices", false, roles, ROLES, take};
