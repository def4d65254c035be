/* Any bytes as a file of tariffs in any of its layouts, and its means for a year: read, or refused. */
#include "fuzz_products.h"

#include <math.h>

#include "import/tariff_means.h"
#include "world/tariffs.h"

/* Three regions and two sectors of 2011, without a world. */
static void make_set(dr_tariff_set *set, dr_layout *layout)
{
    static const char *const regions[] = {"USA", "CHN", "ROW"}, *const sectors[] = {"x", "y"};
    for (size_t i = 0; i < 3; i++)
        if (dr_names_add(&layout->regions, regions[i]) < 0 || (i < 2 && dr_names_add(&layout->sectors, sectors[i]) < 0))
            abort();
    if (dr_layout_texts(layout) != DR_OK)
        abort();
    for (size_t i = 0; i < 3; i++)
        layout->region_parts[i] = layout->regions.names[i];
    *set = (dr_tariff_set){.union_group = -1, .edition = -1};
    set->places = (dr_account_set){.layout = layout, .rest = 2, .year_count = 1};
    set->actors = dr_new(1, sizeof *set->actors);
    set->product_sector = dr_new(1, sizeof *set->product_sector);
    set->places.years = dr_new(1, sizeof *set->places.years);
    if (dr_countries_read(&set->places.countries) != DR_OK || !set->actors || !set->product_sector ||
        !set->places.years || dr_names_add(&set->products, "87") < 0)
        abort();
    set->actor_count = set->actor_capacity = 1;
    set->places.years[0] = 2011;
}

static void check_means(dr_tariff_set *set)
{
    dr_tariff_table table;
    dr_tariff_means means = {0};
    dr_status status = dr_tariff_table_new(&table, set, 2011);
    if (status == DR_OK)
        status = dr_tariff_means_new(&means, &table, NULL, DR_WEIGHTS_SIMPLE, -1);
    for (size_t i = 0; status == DR_OK && i < (size_t)3 * 3 * 2; i++)
        if (!isnan(means.rate[i]) && !(means.rate[i] > -1 && means.rate[i] <= DR_HIGHEST_TARIFF))
            abort();
    fuzz_expect(status);
    free(means.rate);
    dr_tariff_table_free(&table);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const dr_import_options options = {.size = sizeof(dr_import_options), .year = 2011};
    dr_tariff_set set;
    dr_layout layout = {0};
    make_set(&set, &layout);
    if (dr_names_add(&set.files, fuzz_path(bytes, size)) < 0)
        abort();
    dr_status status = dr_tariff_file_read(&set, 0, &options);
    if (status == DR_OK)
        status = dr_tariff_sort(&set);
    fuzz_expect(status);
    if (status == DR_OK && set.count > 0)
        check_means(&set);
    dr_tariff_set_free(&set);
    dr_layout_free(&layout);
    return 0;
}
