/* Any bytes as an account in SDMX-CSV, and in the TSV of Eurostat: read, or refused. */
#include "fuzz_products.h"

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

static void read_as(const char *path, const uint8_t *bytes, size_t size)
{
    const dr_import_options options = {.size = sizeof(dr_import_options)};
    bool is = false;
    dr_layout layout = {0};
    dr_account_job job = {.path = path, .import.options = &options};
    fuzz_write(path, bytes, size);
    make_set(&job.set, &layout);
    if (dr_table_new(&job.import.report, dr_finding_columns, DR_FINDING_COLUMNS) != DR_OK)
        abort();
    fuzz_expect(dr_sdmx_accounts_read(&job, &is));
    dr_table_free(job.import.report);
    dr_account_set_free(&job.set);
    dr_layout_free(&layout);
    free(job.cells);
    unlink(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    fuzz_enter();
    read_as("a.csv", bytes, size);
    read_as("a.tsv", bytes, size);
    return 0;
}
