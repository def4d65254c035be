/* Eurostat Comext (DS-045409): bulk files, older dumps, and tables made from them. */
#include <string.h>

#include "base/rows.h"
#include "import/product_files.h"

enum { PERIOD, REPORTER, PARTNER, PRODUCT, VALUE, FLOW, KILOS, TONNES, ROLES };

static const dr_role roles[ROLES] = {
    [PERIOD] = {"PERIOD|period|year", "VARCHAR", "period"},
    [REPORTER] = {"REPORTER|DECLARANT_ISO|DECLARANT|reporter", "VARCHAR", "reporter"},
    [PARTNER] = {"PARTNER_ISO|PARTNER|partner", "VARCHAR", "partner"},
    [PRODUCT] = {"PRODUCT_NC|PRODUCT|product", "VARCHAR", "product"},
    [VALUE] = {"VALUE_EUR|VALUE_IN_EUROS|value_in_euros|value_eur", "DOUBLE", "value"},
    [FLOW] = {"?FLOW|flow", "VARCHAR", "flow"},
    [KILOS] = {"?QUANTITY_KG|QUANTITY_IN_KG", "DOUBLE", "kilos"},
    [TONNES] = {"?qty_tonnes", "DOUBLE", "tonnes"},
};

/* Months, statistical procedures and the like add up. Codes of economies have two letters; others are totals of them. */
static const char read_rows[] =
    "CREATE OR REPLACE TABLE comext_report AS SELECT TRY_CAST(left(period, 4) AS INTEGER) AS year, coalesce(flow, '1') "
    "AS flow,"
    " reporter, partner, CASE WHEN length(product) %% 2 = 1 AND regexp_full_match(product, '[0-9]+') THEN '0' || "
    "product "
    "ELSE product END AS product, sum(value) AS value, sum(coalesce(tonnes, kilos / 1000)) AS weight, count(*) AS rows,"
    " length(reporter) = 2 AND length(partner) = 2 AND reporter NOT IN ('EU', 'EA') AND partner NOT IN ('EU', 'EA') AS "
    "kept,"
    " bool_or(length(period) > 4 AND right(period, 2) <> '52') AS monthly,"
    " bool_or(length(period) = 4 OR right(period, 2) = '52') AS yearly,"
    " count(*) FILTER (value IS NULL OR NOT isfinite(value) OR reporter IS NULL OR partner IS NULL OR product IS NULL "
    "OR"
    " period IS NULL OR length(product) > 12) AS wrong FROM (%s)"
    " GROUP BY ALL";

/* What the importer reports stands before what the exporter reports. */
static const char insert_rows[] =
    "CREATE OR REPLACE TEMP TABLE reporting AS SELECT DISTINCT year, p.id FROM comext_report JOIN product_place p ON "
    "p.code = reporter"
    " WHERE kept AND flow = '1';"
    "INSERT INTO product_flow SELECT r.year, CASE flow WHEN '1' THEN q.id ELSE p.id END, CASE flow WHEN '1' THEN p.id "
    "ELSE q.id END,"
    " product, sum(value), sum(weight) FROM comext_report r JOIN product_place p ON p.code = reporter"
    " JOIN product_place q ON q.code = partner LEFT JOIN reporting b ON b.year = r.year AND b.id = q.id"
    " WHERE kept AND (flow = '1' OR (flow = '2' AND b.id IS NULL)) GROUP BY ALL ORDER BY ALL";

static dr_status check_rows(dr_product_job *job)
{
    const dr_duck *duck = &job->writer->duck;
    double wrong = 0;
    DR_TRY(dr_query_number(
        duck, &wrong,
        "SELECT sum(wrong) + count(*) FILTER (year IS NULL OR flow NOT IN ('1', '2')) FROM comext_report"));
    if (wrong > 0) {
        return dr_roles_fault(
            dr_fail(DR_BAD_INPUT,
                    "%.0f rows have no period, economy, product or value, or a flow that is neither 1 nor 2", wrong),
            job->path, roles, ROLES);
    }
    return dr_product_periods(job, "SELECT year, true FROM comext_report WHERE monthly UNION ALL"
                                   " SELECT year, false FROM comext_report WHERE yearly");
}

/* XI and XU are the parts of GB: beside it they say the same again, alone they stand for it. */
static const char find_parts[] =
    "CREATE OR REPLACE TEMP TABLE part_of_gb AS SELECT p.year, p.flow, p.reporter, p.partner, p.product, p.rows"
    " FROM comext_report p SEMI JOIN (SELECT * FROM comext_report WHERE upper(partner) IN ('GB', 'UK')) w"
    " ON w.year = p.year AND w.flow = p.flow AND w.reporter = p.reporter AND w.product = p.product"
    " WHERE upper(p.partner) IN ('XI', 'XU')";

static const char drop_parts[] = "DELETE FROM comext_report r USING part_of_gb p WHERE r.year = p.year AND r.flow = "
                                 "p.flow AND r.reporter = p.reporter"
                                 " AND r.partner = p.partner AND r.product = p.product";

static dr_status leave_out_parts(dr_product_job *job)
{
    const dr_duck *duck = &job->writer->duck;
    double count = 0;
    DR_TRY(dr_duck_run(duck, "%s", find_parts));
    DR_TRY(dr_query_number(duck, &count, "SELECT coalesce(sum(rows), 0) FROM part_of_gb"));
    if (count == 0)
        return DR_OK;
    DR_TRY(dr_duck_run(duck, "%s", drop_parts));
    return dr_product_note(job, job->year, "rows", "left out", false,
                           "rows of XI and XU, the parts of GB, beside those of GB: %.0f", count);
}

/* The members' sum against the file's own rows for the European Union. */
static dr_status check_totals(dr_product_job *job)
{
    double count = 0, gap = 0;
    static const char totals[] = "SELECT %s FROM (SELECT sum(r.value) FILTER (reporter = 'EU27_2020') AS total, "
                                 "sum(r.value) FILTER (g.iso3 IS NOT NULL) AS parts"
                                 " FROM comext_report r LEFT JOIN product_place p ON p.code = r.reporter AND r.kept "
                                 "LEFT JOIN eu_place g ON g.id = p.id"
                                 " WHERE length(partner) = 2 GROUP BY year, flow, partner, product HAVING count(*) "
                                 "FILTER (reporter = 'EU27_2020') > 0) WHERE total > 0";
    DR_TRY(dr_query_number(&job->writer->duck, &count, totals, "count(*)"));
    if (count == 0)
        return DR_OK;
    DR_TRY(dr_query_number(&job->writer->duck, &gap, totals, "max(abs(total - coalesce(parts, 0))) / max(total)"));
    return dr_product_note(
        job, job->year, "totals", gap > 1e-3 ? "the members' values were taken" : "nothing", gap > 1e-3,
        "members against the EU27_2020 of %.0f partners and products: largest gap %.2f%% of the largest total", count,
        100 * gap);
}

/* The numbers of the 27 members, for check_totals. */
static dr_status make_members(dr_product_job *job)
{
    const dr_duck *duck = &job->writer->duck;
    dr_names members = {0};
    DR_TRY(dr_duck_run(duck, "CREATE OR REPLACE TEMP TABLE eu_place (id USMALLINT, iso3 VARCHAR)"));
    dr_status status =
        dr_cursor_names(&members, duck, "SELECT iso3 FROM group_member WHERE group_code = 'EU' AND until IS NULL");
    for (size_t i = 0; status == DR_OK && i < members.count; i++) {
        size_t place = 0;
        unsigned short id = 0;
        status = dr_places_find(&job->places, members.names[i], &place);
        if (status == DR_OK)
            status = dr_places_id(&job->places, place, &id);
        if (status == DR_OK)
            status = dr_duck_run(duck, "INSERT INTO eu_place VALUES (%u, '%s')", id, members.names[i]);
    }
    dr_names_free(&members);
    return status;
}

static dr_status note_left_out(dr_product_job *job)
{
    const dr_duck *duck = &job->writer->duck;
    double totals = 0, mirrored = 0;
    DR_TRY(dr_query_number(duck, &totals, "SELECT coalesce(sum(rows), 0) FROM comext_report WHERE NOT kept"));
    DR_TRY(
        dr_query_number(duck, &mirrored,
                        "SELECT count(*) FROM comext_report r JOIN product_place q ON q.code = partner JOIN reporting b"
                        " ON b.year = r.year AND b.id = q.id WHERE kept AND flow = '2'"));
    if (totals > 0)
        DR_TRY(dr_product_note(job, job->year, "rows", "left out", false, "rows of groups of economies: %.0f", totals));
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
    DR_TRY(dr_product_begin(job, "SELECT year FROM comext_report"));
    DR_TRY(dr_product_classify(job, "CN"));
    DR_TRY(dr_product_subtotals(job, "comext_report", "rows", 8)); /* digits of the Combined Nomenclature */
    DR_TRY(leave_out_parts(job));
    DR_TRY(dr_product_places(
        job,
        "SELECT code, sum(rows)::BIGINT FROM (SELECT reporter AS code, rows FROM comext_report WHERE kept UNION ALL"
        " SELECT partner, rows FROM comext_report WHERE kept) GROUP BY code"));
    DR_TRY(dr_duck_run(duck, "%s", insert_rows));
    DR_TRY(note_left_out(job));
    DR_TRY(make_members(job));
    DR_TRY(check_totals(job));
    return dr_duck_run(duck, "DROP TABLE comext_report");
}

const dr_product_format dr_format_comext = {"euros, current prices", false, roles, ROLES, take};
