/* UN Comtrade: the CSV that its API gives, or a plain table of reporter, partner, year, product_code and value. */
#include <string.h>

#include "base/rows.h"
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

/* The European Union and ASEAN, which report beside their members. */
#define GROUPS "'97', '097', 'EUR', 'EU2', 'European Union', '975', 'ASEAN'"

/* The rows that are totals over modes of transport, customs procedures and second partners; imports and exports only, which
 * include re-imports and re-exports. The number 492, Monaco's, is of what is not specified in the European Union. */
static const char read_rows[] =
    "CREATE OR REPLACE TEMP TABLE report AS SELECT TRY_CAST(left(year, 4) AS INTEGER) AS year, coalesce(flow, 'M') AS "
    "flow,"
    " reporter, CASE partner WHEN '492' THEN 'EU-NES' ELSE partner END AS partner, product, value, weight, "
    "classification,"
    " CASE WHEN frequency IS NULL THEN length(coalesce(period, year)) > 4 ELSE upper(frequency) <> 'A' END AS part,"
    " coalesce(mode, '0') = '0' AND coalesce(customs, 'C00') = 'C00' AND coalesce(partner2, '0') IN ('0', '000')"
    " AND coalesce(flow, 'M') IN ('M', 'X') AND reporter NOT IN (" GROUPS ") AND partner NOT IN (" GROUPS ") AS kept,"
    " partner IN ('W00', 'World', 'WLD', '0', '000', 'all') AS world FROM (%s)";

/* What the importer reports stands before what the exporter reports. */
static const char insert_rows[] =
    "CREATE OR REPLACE TEMP TABLE reporting AS SELECT DISTINCT year, p.id FROM report JOIN product_place p ON p.code = "
    "reporter"
    " WHERE kept AND NOT world AND flow = 'M';"
    "INSERT INTO product_flow SELECT r.year, CASE flow WHEN 'M' THEN q.id ELSE p.id END, CASE flow WHEN 'M' THEN p.id "
    "ELSE q.id END,"
    " product, sum(value), sum(weight) / 1000 FROM report r JOIN product_place p ON p.code = reporter"
    " JOIN product_place q ON q.code = partner LEFT JOIN reporting b ON b.year = r.year AND b.id = q.id"
    " WHERE kept AND NOT world AND (flow = 'M' OR b.id IS NULL) GROUP BY ALL ORDER BY ALL";

static dr_status check_rows(dr_product_job *job)
{
    double wrong = 0;
    DR_TRY(dr_query_number(
        &job->writer->duck, &wrong,
        "SELECT count(*) FROM report WHERE NOT coalesce(isfinite(value), false) OR year IS NULL OR reporter IS NULL OR"
        " partner IS NULL OR product IS NULL OR length(product) > 12"));
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
    dr_status status =
        dr_cursor_names(&codes, &job->writer->duck,
                        "SELECT DISTINCT classification FROM report WHERE classification IS NOT NULL ORDER BY 1");
    const char *name = codes.count ? codes.names[0] : "";
    if (name[0] == 'H' && name[1] >= '0' && name[1] <= '6' && !name[2])
        name = vintages[name[1] - '0'];
    if (status == DR_OK && codes.count > 1)
        status = dr_fail(DR_BAD_INPUT, "%s: products in %s and in %s: flows in one classification were expected",
                         job->path, codes.names[0], codes.names[1]);
    if (status == DR_OK)
        status = dr_product_classify(job, name);
    dr_names_free(&codes);
    return status;
}

/* The partners' sum against the file's own row for the world. */
static dr_status check_totals(dr_product_job *job)
{
    double count = 0, gap = 0;
    static const char totals[] = "SELECT %s FROM (SELECT sum(value) FILTER (world) AS total, sum(value) FILTER (NOT "
                                 "world) AS parts FROM report WHERE kept"
                                 " GROUP BY year, flow, reporter, product HAVING count(*) FILTER (world) > 0)";
    DR_TRY(dr_query_number(&job->writer->duck, &count, totals, "count(*)"));
    if (count == 0)
        return DR_OK;
    DR_TRY(
        dr_query_number(&job->writer->duck, &gap, totals, "coalesce(max(abs(total - coalesce(parts, 0)) / total), 0)"));
    return dr_product_note(job, job->year, "totals", gap > 1e-3 ? "the partners' values were taken" : "nothing",
                           gap > 1e-3, "partners against the world of %.0f reporters and products: largest gap %.2f%%",
                           count, 100 * gap);
}

static dr_status note_left_out(dr_product_job *job)
{
    const dr_duck *duck = &job->writer->duck;
    double split = 0, mirrored = 0;
    DR_TRY(dr_query_number(duck, &split, "SELECT count(*) FROM report WHERE NOT kept"));
    DR_TRY(dr_query_number(
        duck, &mirrored,
        "SELECT count(*) FROM report r JOIN product_place q ON q.code = partner JOIN reporting b ON b.year = r.year"
        " AND b.id = q.id WHERE kept AND NOT world AND flow = 'X'"));
    if (split > 0)
        DR_TRY(dr_product_note(
            job, job->year, "rows", "left out", false,
            "parts of other rows (mode of transport, customs procedure, second partner), totals, and what is"
            " neither import nor export: %.0f",
            split));
    if (mirrored > 0)
        DR_TRY(dr_product_note(job, job->year, "rows", "left out", false,
                               "exports that their importers report, too: %.0f", mirrored));
    return DR_OK;
}

static dr_status take(dr_product_job *job, const char *rows)
{
    const dr_duck *duck = &job->writer->duck;
    dr_status status = dr_duck_run(duck, read_rows, rows);
    if (status != DR_OK)
        return dr_roles_fault(status, job->path, roles, ROLES);
    DR_TRY(check_rows(job));
    DR_TRY(dr_product_begin(job, "SELECT year FROM report"));
    DR_TRY(classify(job));
    DR_TRY(dr_product_periods(job, "SELECT year, part FROM report WHERE kept"));
    DR_TRY(dr_product_subtotals(job, "report", "1", 0));
    DR_TRY(dr_product_places(job, "SELECT code, count(*) FROM (SELECT reporter AS code FROM report WHERE kept UNION ALL"
                                  " SELECT partner FROM report WHERE kept AND NOT world) GROUP BY code"));
    DR_TRY(dr_duck_run(duck, "%s", insert_rows));
    DR_TRY(note_left_out(job));
    return check_totals(job);
}

const dr_product_format dr_format_comtrade = {"US dollars, current prices", false, roles, ROLES, take};
