#include "import/sectors.h"

#include <stdlib.h>
#include <string.h>

#include "base/embedded.h"
#include "import/import_sql.h"
#include "import/product_files.h"
#include "world/harmonized.h"

static dr_status read_row(const dr_csv *csv, const int *columns, const dr_layout *layout, dr_sectors_take take,
                          void *user)
{
    char hint[DR_HINT_SIZE];
    bool by_code = columns[1] >= 0;
    const char *product = dr_csv_field(csv, (size_t)columns[0]),
               *sector = dr_csv_field(csv, (size_t)columns[by_code ? 1 : 2]);
    if (!*product || !dr_utf8(product) || !dr_utf8(sector))
        return dr_csv_fail(csv, columns[0], "expected a product's code");
    if (!by_code)
        DR_TRY(
            dr_layout_division(&sector, layout, sector, columns[3] < 0 ? "" : dr_csv_field(csv, (size_t)columns[3])));
    else if (layout->sectors.count > 0 && dr_names_find(&layout->sectors, sector) < 0)
        return dr_csv_fail(csv, columns[1], "the world has no sector '%.60s'%s", sector,
                           dr_hint(hint, sector, (const char *const *)layout->sectors.names, layout->sectors.count));
    return take(user, product, sector);
}

dr_status dr_sectors_read(dr_csv *csv, const dr_layout *layout, dr_sectors_take take, void *user)
{
    static const char *const names[] = {"product", "?sector", "?isic_rev3", "?isic_rev4"};
    int columns[4];
    bool more = false;
    DR_TRY(dr_csv_header(csv, names, 4, columns));
    if (columns[1] < 0 && columns[2] < 0)
        return dr_csv_fail(csv, -1, "a column 'sector' or 'isic_rev3' is missing");
    while (true) {
        DR_TRY(dr_csv_record(csv, &more));
        if (!more)
            return DR_OK;
        DR_TRY(read_row(csv, columns, layout, take, user));
    }
}

dr_status dr_sectors_open(dr_csv **out, const char *path)
{
    const dr_embedded *embedded = dr_embedded_find("products/hs-isic.csv");
    if (path)
        return dr_csv_open(out, path);
    if (!embedded)
        return dr_fail(DR_MACHINE, "this derisk was built without data/products/hs-isic.csv");
    return dr_csv_open_memory(out, embedded->name, embedded->bytes, embedded->size);
}

static dr_status append(void *user, const char *product, const char *sector)
{
    dr_append *rows = user;
    dr_append_text(rows, 0, product);
    dr_append_text(rows, 1, sector);
    return dr_append_row(rows);
}

dr_status dr_product_sectors(dr_product_job *job)
{
    bool harmonized = false;
    dr_csv *csv = NULL;
    dr_append rows;
    for (size_t i = 0; i < job->year_count; i++)
        harmonized = harmonized || dr_hs_edition_of(job->years[i].classification, job->years[i].year) >= 0;
    if (!job->import.options->concordance && !harmonized) /* other classifications have no list in data/ */
        return DR_OK;
    DR_TRY(dr_sql_run(&job->import.writer->duck, dr_import_sql.products.drop_sectors, NULL));
    DR_TRY(dr_sectors_open(&csv, job->import.options->concordance));
    dr_status status = dr_append_open(&rows, &job->import.writer->duck, "product_sector");
    if (status == DR_OK)
        status = dr_append_end(&rows, dr_sectors_read(csv, &job->import.writer->layout, append, &rows));
    dr_csv_close(csv);
    return status;
}
