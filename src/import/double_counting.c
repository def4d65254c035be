/* Double counting in files of product flows: months beside years, and totals over products. */
#include "import/import_sql.h"
#include "import/product_files.h"

dr_status dr_product_periods(dr_product_job *job, const char *sql)
{
    const dr_duck *duck = &job->import.writer->duck;
    double year = 0;
    DR_TRY(dr_sql_run(duck, dr_import_sql.products.add_periods, DR_VALUES(dr_sql_part("rows", sql))));
    DR_TRY(dr_sql_number(&year, duck, dr_import_sql.products.mixed_year, NULL));
    if (!(year > 0))
        return DR_OK;
    return dr_fail(DR_BAD_INPUT,
                   "%s: has both months and whole years (month 52, or freqCode A) of %.0f, which would be counted "
                   "twice; expected one of them",
                   job->path, year);
}

dr_status dr_product_subtotals(dr_product_job *job, const char *table, const char *rows, size_t only_longest)
{
    const dr_duck *duck = &job->import.writer->duck;
    double count = 0;
    DR_TRY(dr_sql_run(duck, dr_import_sql.products.find_subtotals,
                      DR_VALUES(dr_sql_name("table", table), dr_sql_integer("longest", (long long)only_longest))));
    DR_TRY(dr_sql_number(&count, duck, dr_import_sql.products.count_subtotals,
                         DR_VALUES(dr_sql_part("rows", rows), dr_sql_name("table", table))));
    if (count == 0)
        return DR_OK;
    DR_TRY(dr_sql_run(duck, dr_import_sql.products.drop_subtotals, DR_VALUES(dr_sql_name("table", table))));
    return dr_product_note(job, job->year, "rows", "left out", false,
                           "totals over products (TOTAL, chapters and headings of longer codes): %.0f", count);
}
