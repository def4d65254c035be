/* Any bytes as an account in SDMX-CSV: read, or refused. */
#include "fuzz_products.h"

#include "base/csv.h"
#include "import/account_rows.h"

/* Two regions and two sectors of 2011, without a world. */
static void make_set(dr_account_set *set, dr_layout *layout)
{
    static const char *const regions[] = {"DEU", "ROW"}, *const sectors[] = {"C10T12", "F"};
    for (size_t i = 0; i < 2; i++)
        if (dr_names_add(&layout->regions, regions[i]) < 0 || dr_names_add(&layout->sectors, sectors[i]) < 0)
            abort();
    *set = (dr_account_set){.layout = layout, .rest = 1, .year_count = 1};
    if (dr_layout_texts(layout) != DR_OK || dr_countries_read(&set->countries) != DR_OK ||
        !(set->years = dr_new(1, sizeof *set->years)))
        abort();
    set->years[0] = 2011;
}

static dr_status read_file(dr_account_job *job)
{
    enum { MOST = 64 };
    const char *names[MOST];
    dr_csv *csv = NULL;
    int none[1];
    DR_TRY(dr_csv_open(&csv, job->path));
    dr_status status = dr_csv_header(csv, NULL, 0, none);
    size_t count = status == DR_OK && dr_csv_fields(csv) <= MOST ? dr_csv_fields(csv) : 0;
    for (size_t i = 0; i < count; i++)
        names[i] = dr_csv_field(csv, i);
    if (count && dr_sdmx_accounts_are(names, count))
        status = dr_sdmx_accounts_read(job, csv, names, count);
    dr_csv_close(csv);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const dr_import_options options = {.size = sizeof(dr_import_options)};
    dr_layout layout = {0};
    dr_account_job job = {.path = "a.csv", .import.options = &options};
    fuzz_enter();
    fuzz_write("a.csv", bytes, size);
    make_set(&job.set, &layout);
    if (dr_table_new(&job.import.report, dr_finding_columns, DR_FINDING_COLUMNS) != DR_OK)
        abort();
    fuzz_expect(read_file(&job));
    dr_table_free(job.import.report);
    dr_account_set_free(&job.set);
    dr_layout_free(&layout);
    free(job.cells);
    unlink("a.csv");
    return 0;
}
