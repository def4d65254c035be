/* dr_import_long: a folder of tables in the long format into a world. */
#include <stdlib.h>

#include "base/check.h"
#include "import/import.h"

/* A table in the long format may be in any money, and does not say which. */
static const char unit_of_long[] = "unit of the source, current prices";

static dr_status settle_layout(dr_writer *writer, dr_table *report, dr_long_files *files, const char *folder,
                               const dr_import_options *options, bool *created)
{
    if (writer->layout.regions.count > 0) {
        dr_status status = dr_layout_same(&writer->layout, &files->layout);
        return status == DR_OK ? dr_import_rename(report, writer, options) : dr_fail_at(status, folder);
    }
    DR_TRY(dr_import_names(&files->layout, folder, options));
    *created = true;
    return dr_writer_create(writer, &files->layout);
}

static dr_status store(dr_writer *writer, dr_table *report, size_t first, const dr_long_files *f,
                       const dr_import_source *source, int year)
{
    dr_long table = {year,           f->flow,    f->tariff,     f->input,    f->final,
                     f->value_added, f->deficit, f->elasticity, &f->factors, f->factor};
    bool replaced = false;
    DR_TRY(dr_writer_year(writer, year, source->unit ? source->unit : unit_of_long, &replaced));
    if (replaced)
        dr_table_set_text(report, first, DR_FINDING_DONE, "imported, replacing the world's earlier data of this year");
    DR_TRY(dr_writer_long(writer, &table));
    for (size_t i = 0; i < DR_LONG_FILES; i++)
        if (f->paths[i])
            DR_TRY(dr_import_source_write(writer, source, f->paths[i], year));
    DR_TRY(dr_table_done(report));
    return dr_writer_findings(writer, report);
}

static dr_status import_folder(dr_writer *writer, dr_table *report, const char *folder, const dr_import_source *source,
                               int year, const dr_import_options *options)
{
    dr_long_files files = {0};
    bool created = false;
    dr_status status = dr_long_files_open(&files, folder);
    if (status == DR_OK)
        status = settle_layout(writer, report, &files, folder, options, &created);
    if (status == DR_OK)
        status = dr_long_files_read(&files, &writer->layout);
    size_t first = dr_table_rows(report);
    if (status == DR_OK)
        status = dr_long_check(report, year, folder, &files, &writer->layout, options->strict);
    if (status == DR_OK && created)
        status = dr_import_regions(report, &writer->layout);
    if (status == DR_OK)
        status = store(writer, report, first, &files, source, year);
    dr_long_files_free(&files);
    return status;
}

static dr_status run(dr_table *report, const char *folder, const char *to, const dr_import_source *source,
                     const dr_import_options *options)
{
    dr_writer *writer = NULL;
    int year = options->year;
    if (!year)
        DR_TRY(dr_import_year(folder, &year));
    DR_TRY(dr_writer_open(&writer, to));
    dr_status status = import_folder(writer, report, folder, source, year, options);
    if (status == DR_OK)
        return dr_writer_commit(writer);
    dr_writer_abandon(writer);
    return status;
}

dr_status dr_import_long(dr_table **report, const char *folder, const char *to, const dr_import_options *options)
{
    DR_TRY(DR_GIVEN(folder, to));
    dr_import_options whole;
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    options = &whole;
    DR_TRY(DR_WITHIN(__func__, options->year, 0, 9999));
    dr_import_source source = {0};
    dr_table *findings = NULL;
    DR_TRY(dr_import_report(&findings, to));
    dr_status status = options->source ? dr_import_source_read(&source, options->source) : DR_OK;
    if (status == DR_OK)
        status = run(findings, folder, to, &source, options);
    dr_arena_free(&source.arena);
    if (status == DR_OK && report)
        *report = findings;
    else
        dr_table_free(findings);
    return status;
}
