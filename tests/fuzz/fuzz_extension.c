/* Any bytes as an extension of pymrio or EXIOBASE, F.txt and F_Y.txt at once: read, or refused. */
#include "fuzz_products.h"

#include "import/account_set.h"

/* Two regions and two sectors of 2011, without a world. */
static void make_set(dr_account_set *set, dr_layout *layout)
{
    static const char *const regions[] = {"AAA", "BBB"}, *const sectors[] = {"x", "y"};
    for (size_t i = 0; i < 2; i++)
        if (dr_names_add(&layout->regions, regions[i]) < 0 || dr_names_add(&layout->sectors, sectors[i]) < 0)
            abort();
    *set = (dr_account_set){.layout = layout, .rest = DR_PLACE_UNKNOWN, .year_count = 1};
    if (dr_layout_texts(layout) != DR_OK || dr_countries_read(&set->countries) != DR_OK ||
        !(set->years = dr_new(1, sizeof *set->years)))
        abort();
    set->years[0] = 2011;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char units[] = "stressor\tunit\nCO2\tkg\njobs\t1000 p\nTaxes\tM.EUR\n";
    const dr_import_options options = {.size = sizeof(dr_import_options), .year = 2011};
    dr_account_set set;
    dr_layout layout = {0};
    size_t money = 0;
    fuzz_enter();
    fuzz_write("F.txt", bytes, size);
    fuzz_write("F_Y.txt", bytes, size);
    fuzz_write("unit.txt", units, sizeof units - 1);
    make_set(&set, &layout);
    fuzz_expect(dr_extension_read(&set, "F.txt", &options, &money));
    dr_account_set_free(&set);
    dr_layout_free(&layout);
    unlink("F.txt");
    unlink("F_Y.txt");
    unlink("unit.txt");
    return 0;
}
