/* Any bytes as shares in the supply of raw materials, and as scores: read and measured, or refused. */
#include "fuzz_products.h"

static void import(const char *const *names, size_t count)
{
    dr_table *table = NULL;
    dr_world *world = fuzz_imported(dr_import_materials(NULL, names, count, "fuzz.world", NULL));
    if (world)
        fuzz_measured(dr_exposure_materials(&table, world), table);
    fuzz_done(world);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char shares[] = "Material,Stage,Country,Share,t\nGallium,P,China,71%,1.1\n";
    const char *const as_shares[] = {"any.csv", "shares.csv"}, *const as_scores[] = {"shares.csv", "shares.csv",
                                                                                     "any.csv"};
    fuzz_parse(bytes, size, dr_roles_of_shares);
    fuzz_parse(bytes, size, dr_roles_of_scores);
    if (!fuzz_is_imported(bytes, size))
        return 0;
    fuzz_enter();
    fuzz_write("shares.csv", shares, strlen(shares));
    fuzz_write("any.csv", bytes, size);
    import(as_shares, 2);
    import(as_scores, 3);
    unlink("any.csv");
    unlink("shares.csv");
    return 0;
}
