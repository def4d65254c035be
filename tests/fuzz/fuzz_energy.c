/* Any bytes as a file of physical flows of energy: read and measured, or refused. */
#include "fuzz_products.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *name = "energy.csv";
    dr_table *table = NULL;
    fuzz_parse(bytes, size, dr_roles_of_energy);
    if (!fuzz_is_imported(bytes, size))
        return 0;
    fuzz_enter();
    fuzz_write(name, bytes, size);
    dr_world *world = fuzz_imported(dr_import_energy(NULL, &name, 1, "fuzz.world", NULL));
    if (world)
        fuzz_measured(dr_exposure_energy(&table, world, "EU", "RUS", 0), table);
    fuzz_done(world);
    unlink(name);
    return 0;
}
