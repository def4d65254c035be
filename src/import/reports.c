/* Flows that importers and exporters both report, as in Comtrade and Comext. */
#include <stdio.h>

#include "import/import_sql.h"
#include "import/product_files.h"

dr_status dr_reports_insert(dr_product_job *job, const dr_reports *r)
{
    const dr_duck *duck = &job->import.writer->duck;
    DR_TRY(dr_sql_run(
        duck, dr_import_sql.reports.find_importers,
        DR_VALUES(dr_sql_name("report", r->table), dr_sql_part("rows", r->rows), dr_sql_text("import", r->import))));
    return dr_sql_run(duck, dr_import_sql.reports.insert,
                      DR_VALUES(dr_sql_name("report", r->table), dr_sql_part("rows", r->rows),
                                dr_sql_text("import", r->import), dr_sql_text("export", r->export),
                                dr_sql_part("tonnes", r->tonnes)));
}

dr_status dr_reports_note_mirrored(dr_product_job *job, const dr_reports *r)
{
    double mirrored = 0;
    DR_TRY(dr_sql_number(
        &mirrored, &job->import.writer->duck, dr_import_sql.reports.mirrored,
        DR_VALUES(dr_sql_name("report", r->table), dr_sql_part("rows", r->rows), dr_sql_text("export", r->export))));
    return mirrored > 0 ? dr_product_note(job, job->year, "rows", "left out", false,
                                          "exports that their importers report as well: %.0f", mirrored)
                        : DR_OK;
}

dr_status dr_reports_check_totals(dr_product_job *job, const dr_reports_totals *t)
{
    const double allowed = 1e-3;
    const dr_duck *duck = &job->import.writer->duck;
    const dr_sql_value *query = DR_VALUES(dr_sql_part("totals", t->query));
    double count = 0, gap = 0;
    char done[64];
    DR_TRY(dr_sql_number(&count, duck, dr_import_sql.reports.count_totals, query));
    if (count == 0)
        return DR_OK;
    DR_TRY(dr_sql_number(&gap, duck, t->gap, query));
    snprintf(done, sizeof done, "the %s' values were taken", t->parts);
    return dr_product_note(job, job->year, "totals", gap > allowed ? done : "nothing", gap > allowed,
                           "%s against %s of %.0f %s: largest gap %.2f%%%s", t->parts, t->whole, count, t->each,
                           100 * gap, t->of);
}
