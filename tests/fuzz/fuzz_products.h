/* What the fuzzers of product flows, energy and materials share: any bytes as a file, imported into a new world, which is then measured. */
#ifndef DR_TESTS_FUZZ_PRODUCTS_H
#define DR_TESTS_FUZZ_PRODUCTS_H

#include "fuzz.h"

#include <string.h>

static char fuzz_folder[64];

static inline void fuzz_leave(void)
{
    if (chdir("/") == 0)
        rmdir(fuzz_folder);
}

/* The working folder is an empty one from the first call on; in memory where there is such a place, as worlds are synchronised. */
static inline void fuzz_enter(void)
{
    static bool made;
    if (made)
        return;
    snprintf(fuzz_folder, sizeof fuzz_folder, "%s/derisk-fuzz-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (!mkdtemp(fuzz_folder) || chdir(fuzz_folder) != 0 || atexit(fuzz_leave) != 0)
        abort();
    made = true;
}

static inline void fuzz_write(const char *name, const void *bytes, size_t size)
{
    FILE *file = fopen(name, "wb");
    if (!file || fwrite(bytes, 1, size, file) != size || fclose(file) != 0)
        abort();
}

/* What was measured; a share or an index that is there is a number. */
static inline void fuzz_measured(dr_status status, dr_table *table)
{
    fuzz_expect(status);
    if (status == DR_OK)
        dr_table_free(table);
}

/* The status of an import of a file into the world fuzz.world: what is refused leaves no world, what is taken can be read. Returns the
 * world to measure, or NULL. */
static inline dr_world *fuzz_imported(dr_status status)
{
    dr_world *world = NULL;
    fuzz_expect(status);
    bool there = access("fuzz.world", F_OK) == 0;
    if (there != (status == DR_OK) || access("fuzz.world.part", F_OK) == 0)
        abort();
    if (there && dr_world_open(&world, "fuzz.world") != DR_OK)
        abort();
    return world;
}

static inline void fuzz_done(dr_world *world)
{
    dr_world_close(world);
    unlink("fuzz.world");
}

/* All of it for a layout of product flows. */
static inline int fuzz_flows(dr_product_layout layout, const char *name, const uint8_t *bytes, size_t size)
{
    const dr_import_options options = {.size = sizeof(dr_import_options),
                                       .classification = layout == DR_BACI ? "HS17" : NULL};
    dr_table *table = NULL;
    fuzz_enter();
    fuzz_write(name, bytes, size);
    dr_world *world = fuzz_imported(dr_import_products(NULL, layout, &name, 1, "fuzz.world", &options));
    if (world)
        fuzz_measured(dr_exposure_products(&table, world, "EU", NULL), table);
    fuzz_done(world);
    unlink(name);
    return 0;
}

#endif
