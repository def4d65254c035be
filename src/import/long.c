/* dr_import_long: a folder of tables in the long format into a world. */
#include <stdlib.h>

#include "base/check.h"
#include "import/import.h"

/* A table in the long format may be in any money, and does not say which. */
static const char unit_of_long[] = "unit of the source, current prices";

static dr_status settle_layout(const dr_import_job *import, dr_long_files *files, const char *folder, bool *created)
{
    dr_writer *writer = import->writer;
    if (writer->layout.regions.count > 0) {
        dr_status status = dr_layout_same(&writer->layout, &files->layout);
        return status == DR_OK ? dr_import_rename(import->report, writer, import->options) : dr_fail_at(status, folder);
    }
    DR_TRY(dr_import_names(&files->layout, folder, import->options));
    *created = true;
    return dr_writer_create(writer, &files->layout);
}

static dr_status store(const dr_import_job *import, size_t first, const dr_long_files *f, int year)
{
    dr_long table = {year,           f->flow,    f->tariff,     f->input,    f->final,
                     f->value_added, f->deficit, f->elasticity, &f->factors, f->factor};
    const char *unit = import->source.unit ? import->source.unit : unit_of_long;
    bool replaced = false;
    DR_TRY(dr_writer_year(import->writer, year, unit, &replaced));
    if (replaced)
        dr_table_set_text(import->report, first, DR_FINDING_DONE,
                          "imported, replacing the world's earlier data of this year");
    DR_TRY(dr_writer_long(import->writer, &table));
    for (size_t i = 0; i < DR_LONG_FILES; i++)
        if (f->paths[i])
            DR_TRY(dr_import_source_write(import->writer, &import->source, f->paths[i], year));
    return DR_OK;
}

static dr_status import_year(const dr_import_job *import, const char *folder, dr_long_files *files, int year)
{
    const dr_layout *layout = &import->writer->layout;
    DR_TRY(dr_long_files_read(files, layout, year));
    size_t first = dr_table_rows(import->report);
    DR_TRY(dr_long_check(import->report, year, folder, files, layout, import->options->strict));
    return store(import, first, files, year);
}

static dr_status import_years(const dr_import_job *import, const char *folder, dr_long_files *files, const int *years,
                              size_t count)
{
    bool created = false;
    DR_TRY(settle_layout(import, files, folder, &created));
    for (size_t i = 0; i < count; i++)
        DR_TRY(import_year(import, folder, files, years[i]));
    if (created)
        DR_TRY(dr_import_labels(import->report, &import->writer->layout));
    DR_TRY(dr_table_done(import->report));
    return dr_writer_findings(import->writer, import->report);
}

/* The year of a folder: that which is asked for, else that in its name. With a column for each year in the files, the
 * one that is asked for, or all. */
static dr_status choose_years(const dr_long_files *files, const char *folder, int asked, int *one, bool *all)
{
    *one = asked;
    *all = files->year_count > 0 && asked == 0;
    if (files->year_count == 0)
        return asked ? DR_OK : dr_import_year(folder, one);
    for (size_t i = 0; i < files->year_count; i++)
        if (asked == 0 || files->years[i] == asked)
            return DR_OK;
    return dr_fail(DR_BAD_INPUT, "%s: has no column %d; its years are from %d to %d", files->paths[DR_LONG_FLOWS],
                   asked, files->years[0], files->years[files->year_count - 1]);
}

static dr_status import_files(dr_import_job *import, const char *folder, dr_long_files *files)
{
    int one = 0;
    bool all = false;
    DR_TRY(choose_years(files, folder, import->options->year, &one, &all));
    DR_TRY(dr_writer_open(&import->writer, import->to));
    return all ? import_years(import, folder, files, files->years, files->year_count)
               : import_years(import, folder, files, &one, 1);
}

static dr_status run(dr_import_job *import, const char *folder)
{
    dr_long_files files = {0};
    dr_status status = dr_long_files_open(&files, folder);
    if (status == DR_OK)
        status = import_files(import, folder, &files);
    dr_long_files_free(&files);
    return status;
}

dr_status dr_import_long(dr_table **report, const char *folder, const char *to, const dr_import_options *options)
{
    DR_TRY(DR_GIVEN(folder, to));
    dr_import_options whole;
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    options = &whole;
    DR_TRY(DR_WITHIN(__func__, options->year, 0, 9999));
    dr_import_job import;
    dr_status status = dr_import_begin(&import, to, options);
    if (status == DR_OK)
        status = run(&import, folder);
    return dr_import_end(&import, status, report);
}
