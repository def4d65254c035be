/* UN Comtrade: the CSV that its API gives, as it is or as R's package comtradr names its columns; that of the site
 * until 2023; bulk files, which have numbers and no names; or a plain table of reporter, partner, year, product_code
 * and value. */
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

/* Economies by number before code: the code of a state that is no more is often that of another one. */
static const dr_role roles[ROLES] = {
    [YEAR] = {"refYear|year|period", "VARCHAR", "year"},
    [REPORTER] = {"reporterCode|reporterISO|reporter", "VARCHAR", "reporter"},
    [PARTNER] = {"partnerCode|partnerISO|partner", "VARCHAR", "partner"},
    [PRODUCT] = {"cmdCode|commodityCode|product_code|product", "VARCHAR", "product"},
    [VALUE] = {"primaryValue|tradeValueUS|tradeValue|value", "DOUBLE", "value"},
    [FLOW] = {"?flowCode|tradeFlowCode|flow|tradeFlow", "VARCHAR", "flow"},
    [WEIGHT] = {"?netWgt|netweightkg", "VARCHAR", "weight"},
    [MODE] = {"?motCode|modeOfTransportCode", "VARCHAR", "mode"},
    [CUSTOMS] = {"?customsCode|customsProcCode", "VARCHAR", "customs"},
    [PARTNER2] = {"?partner2Code|2ndPartnerCode", "VARCHAR", "partner2"},
    [CLASSIFICATION] = {"?classificationCode|classification", "VARCHAR", "classification"},
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
    return dr_product_fault(job, dr_fail(DR_BAD_INPUT,
                                         "%.0f rows have no year, economy, product or value, or a weight that is not "
                                         "a number",
                                         wrong));
}

/* H0 to H6 are the vintages of the Harmonized System. */
static dr_status classify_year(const dr_product_job *job, int year, const char *code)
{
    static const char *const vintages[] = {"HS92", "HS96", "HS02", "HS07", "HS12", "HS17", "HS22"};
    if (code[0] == 'H' && code[1] >= '0' && code[1] <= '6' && !code[2])
        code = vintages[code[1] - '0'];
    for (size_t i = 0; i < job->year_count; i++)
        if (job->years[i].year == year)
            return dr_product_classify(job, &job->years[i], code);
    return DR_OK;
}

static dr_status classify(dr_product_job *job)
{
    dr_cursor cursor;
    dr_arena texts = {0};
    bool more = false;
    dr_status status = dr_sql_open(&cursor, &job->import.writer->duck, dr_import_sql.comtrade.classifications, NULL);
    while (status == DR_OK && (status = dr_cursor_next(&cursor, &more)) == DR_OK && more) {
        const char *code = dr_cursor_text(&cursor, 1, &texts);
        status = code ? classify_year(job, (int)dr_cursor_index(&cursor, 0), code) : dr_fail_memory();
    }
    dr_cursor_close(&cursor);
    dr_arena_free(&texts);
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
        return dr_product_fault(job, status);
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

const dr_product_format dr_format_comtrade = {"UN Comtrade", "US dollars, current prices", false, roles, ROLES, take};
