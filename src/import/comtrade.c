/* UN Comtrade: the CSV that its API gives, or a plain table of reporter, partner, year, product_code and value. */
#include <string.h>

#include "import/import_sql.h"
#include "import/product_files.h"

enum {
    YEAR,
    REPORTER,
    PARTNER,
    PRODUCT,
    VALUE,
    FLOW,
    WEIGHT,
    MODE,
    CUSTOMS,
    PARTNER2,
    CLASSIFICATION,
    FREQUENCY,
    PERIOD,
    ROLES
};

static const dr_role roles[ROLES] = {
    [YEAR] = {"refYear|year|period", "VARCHAR", "year"},
    [REPORTER] = {"reporterISO|reporter|reporterCode", "VARCHAR", "reporter"},
    [PARTNER] = {"partnerISO|partner|partnerCode", "VARCHAR", "partner"},
    [PRODUCT] = {"cmdCode|product_code|product", "VARCHAR", "product"},
    [VALUE] = {"primaryValue|value", "DOUBLE", "value"},
    [FLOW] = {"?flowCode|flow", "VARCHAR", "flow"},
    [WEIGHT] = {"?netWgt", "DOUBLE", "weight"},
    [MODE] = {"?motCode", "VARCHAR", "mode"},
    [CUSTOMS] = {"?customsCode", "VARCHAR", "customs"},
    [PARTNER2] = {"?partner2Code", "VARCHAR", "partner2"},
    [CLASSIFICATION] = {"?classificationCode", "VARCHAR", "classification"},
    [FREQUENCY] = {"?freqCode", "VARCHAR", "frequency"},
    [PERIOD] = {"?period|refPeriodId", "VARCHAR", "period"},
};

static const dr_reports reports = {.table = "comtrade_report",
                                   .rows = "kept AND NOT world",
                                   .import = "M",
                                   .export = "X",
                                   .tonnes = "sum(weight) / 1000"};

static dr_status check_rows(dr_product_job *job)
{
    double wrong = 0;
    DR_TRY(dr_sql_number(&wrong, &job->import.writer->duck, dr_import_sql.comtrade.incomplete, NULL));
    if (wrong == 0)
        return DR_OK;
    return dr_roles_fault(dr_fail(DR_BAD_INPUT, "%.0f rows have no year, economy, product or value", wrong), job->path,
                          roles, ROLES);
}

/* H0 to H6 are the vintages of the Harmonized System. */
static dr_status classify(dr_product_job *job)
{
    static const char *const vintages[] = {"HS92", "HS96", "HS02", "HS07", "HS12", "HS17", "HS22"};
    dr_names codes = {0};
    dr_status status = dr_sql_names(&codes, &job->import.writer->duck, dr_import_sql.comtrade.classifications, NULL);
    const char *name = codes.count ? codes.names[0] : "";
    if (name[0] == 'H' && name[1] >= '0' && name[1] <= '6' && !name[2])
        name = vintages[name[1] - '0'];
    if (status == DR_OK && codes.count > 1)
        status = dr_fail(DR_BAD_INPUT, "%s: its products are classified by both %s and %s; expected one classification",
                         job->path, codes.names[0], codes.names[1]);
    if (status == DR_OK)
        status = dr_product_classify(job, name);
    dr_names_free(&codes);
    return status;
}

static dr_status note_left_out(dr_product_job *job)
{
    double split = 0;
    DR_TRY(dr_sql_number(&split, &job->import.writer->duck, dr_import_sql.comtrade.left_out, NULL));
    if (split > 0)
        DR_TRY(dr_product_note(
            job, job->year, "rows", "left out", false,
            "parts of other rows (mode of transport, customs procedure, second partner), totals, and what is"
            " neither import nor export: %.0f",
            split));
    return dr_reports_note_mirrored(job, &reports);
}

/* The partners' sum beside the file's own row for the world. */
static dr_status check_totals(dr_product_job *job)
{
    const dr_reports_totals totals = {.query = dr_import_sql.comtrade.totals,
                                      .gap = dr_import_sql.reports.gap_of_own,
                                      .parts = "partners",
                                      .whole = "the world",
                                      .each = "reporters and products",
                                      .of = ""};
    return dr_reports_check_totals(job, &totals);
}

static dr_status take(dr_product_job *job, const char *rows)
{
    dr_status status =
        dr_sql_run(&job->import.writer->duck, dr_import_sql.comtrade.read, DR_VALUES(dr_sql_part("rows", rows)));
    if (status != DR_OK)
        return dr_roles_fault(status, job->path, roles, ROLES);
    DR_TRY(check_rows(job));
    DR_TRY(dr_product_begin(job, dr_import_sql.comtrade.years));
    DR_TRY(classify(job));
    DR_TRY(dr_product_periods(job, dr_import_sql.comtrade.periods));
    DR_TRY(dr_product_subtotals(job, "comtrade_report", "1", 0));
    DR_TRY(dr_product_places(job, dr_import_sql.comtrade.places));
    DR_TRY(dr_reports_insert(job, &reports));
    DR_TRY(note_left_out(job));
    return check_totals(job);
}

const dr_product_format dr_format_comtrade = {"US dollars, current prices", false, roles, ROLES, take};
