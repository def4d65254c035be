/* What must not be counted twice in files of product flows: months beside years, and totals over products. */
#include "base/rows.h"
#include "import/product_files.h"

dr_status dr_product_periods(dr_product_job *job, const char *sql)
{
    const dr_duck *duck = &job->writer->duck;
    double year = 0;
    DR_TRY(dr_duck_run(duck,
                       "CREATE TEMP TABLE IF NOT EXISTS product_period (year INTEGER, part BOOLEAN);"
                       "INSERT INTO product_period SELECT DISTINCT * FROM (%s)",
                       sql));
    DR_TRY(dr_query_number(duck, &year,
                           "SELECT min(year) FROM (SELECT year FROM product_period GROUP BY year HAVING bool_or(part)"
                           " AND NOT bool_and(part))"));
    if (!(year > 0))
        return DR_OK;
    return dr_fail(
        DR_BAD_INPUT,
        "%s: holds months as well as whole years of %.0f (month 52, or freqCode A): one of them was expected, as"
        " the year would count twice",
        job->path, year);
}

/* A number of digits is even in the Harmonized System: chapters, headings, subheadings. */
static const char find_subtotals[] =
    "CREATE OR REPLACE TEMP TABLE product_known AS SELECT DISTINCT product FROM %1$s;"
    "CREATE OR REPLACE TEMP TABLE product_longer AS SELECT DISTINCT left(product, n) AS product FROM product_known,"
    " range(1, 12) r(n) WHERE length(product) > n AND regexp_full_match(product, '[0-9].*') AND upper(product) <> "
    "'TOTAL';"
    "CREATE OR REPLACE TEMP TABLE product_subtotal AS SELECT product FROM product_known WHERE upper(product) = 'TOTAL'"
    " OR (regexp_full_match(product, '[0-9]+') AND (product IN (SELECT product FROM product_longer) OR (%2$zu > 0 AND"
    "  length(product) < %2$zu AND (SELECT max(length(product)) FROM product_known WHERE upper(product) <> 'TOTAL') = "
    "%2$zu)))";

dr_status dr_product_subtotals(dr_product_job *job, const char *table, const char *rows, size_t only_longest)
{
    const dr_duck *duck = &job->writer->duck;
    double count = 0;
    DR_TRY(dr_duck_run(duck, find_subtotals, table, only_longest));
    DR_TRY(dr_query_number(
        duck, &count, "SELECT coalesce(sum(%s), 0) FROM %s WHERE product IN (SELECT product FROM product_subtotal)",
        rows, table));
    if (count == 0)
        return DR_OK;
    DR_TRY(dr_duck_run(duck, "DELETE FROM %s WHERE product IN (SELECT product FROM product_subtotal)", table));
    return dr_product_note(job, job->year, "rows", "left out", false,
                           "totals over products (TOTAL, chapters and headings of longer codes): %.0f", count);
}
