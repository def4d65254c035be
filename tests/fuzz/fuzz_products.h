/* What the fuzzers of product flows, energy and materials share: any bytes as a file. The parsing of derisk's own (what
 * the columns are, whether the cells are what they should be, which economies they name) is fast, as nothing opens a
 * database for it; every 1024th input is also imported into a new world, which is then measured. Which ones is said by
 * their bytes, so that a finding can be run again. */
#ifndef DR_TESTS_FUZZ_PRODUCTS_H
#define DR_TESTS_FUZZ_PRODUCTS_H

#include "fuzz.h"

#include <string.h>

#include "base/csv.h"
#include "import/product_files.h"

static char fuzz_folder[64];

static inline void fuzz_leave(void)
{
    if (chdir("/") == 0)
        rmdir(fuzz_folder);
}

/* The working folder is an empty one from the first call on; in memory where there is such a place, as worlds are
 * synchronised. */
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

/* ---- Parsing alone ---- */

/* Every cell of a file as an economy: found, or a place of its own, or refused. */
static inline void fuzz_places(const char *path)
{
    dr_places places = {0};
    dr_csv *csv = NULL;
    bool more = true;
    dr_status status = dr_places_read(&places, NULL);
    if (status == DR_OK)
        status = dr_csv_open(&csv, path);
    while (status == DR_OK && more && (status = dr_csv_next(csv, &more)) == DR_OK && more)
        for (size_t i = 0; i < dr_csv_fields(csv); i++) {
            size_t place = 0;
            if (dr_places_find(&places, dr_csv_field(csv, i), &place) == DR_OK && !*dr_places_code(&places, place))
                abort();
        }
    fuzz_expect(status);
    dr_csv_close(csv);
    dr_places_free(&places);
}

/* The bytes as a file with these columns; one of Parquet is for the database to read. */
static inline void fuzz_parse(const uint8_t *bytes, size_t size, dr_roles roles)
{
    const char *path = fuzz_path(bytes, size);
    char *query = NULL;
    bool has[DR_MOST_ROLES];
    if (size >= 4 && memcmp(bytes, "PAR1", 4) == 0)
        return;
    dr_status status = dr_roles_query(&query, has, path, NULL, roles.list, roles.count);
    free(query);
    fuzz_expect(status);
    if (status == DR_OK) {
        fuzz_expect(dr_roles_fault(DR_BAD_INPUT, path, NULL, roles.list, roles.count));
        fuzz_places(path);
    }
}

/* Whether the input is one of those that are imported: every 1024th, or (as tools/fuzz.sh has it for the corpus alone)
 * all. */
static inline bool fuzz_is_imported(const uint8_t *bytes, size_t size)
{
    return getenv("DERISK_FUZZ_IMPORT") || dr_hash(DR_HASH_SEED, bytes, size) % 1024 == 0;
}

/* ---- Imports ---- */

/* What was measured; a share or an index that is there is a number. */
static inline void fuzz_measured(dr_status status, dr_table *table)
{
    fuzz_expect(status);
    if (status == DR_OK)
        dr_table_free(table);
}

/* The status of an import of a file into the world fuzz.world: what is refused leaves no world, what is taken can be
 * read. Returns the world to measure, or NULL. */
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
static inline int fuzz_flows(dr_product_layout layout, const dr_product_format *format, const char *name,
                             const uint8_t *bytes, size_t size)
{
    const dr_import_options options = {.size = sizeof(dr_import_options),
                                       .classification = layout == DR_BACI ? "HS17" : NULL};
    dr_table *table = NULL;
    fuzz_parse(bytes, size, (dr_roles){format->roles, format->count});
    if (!fuzz_is_imported(bytes, size))
        return 0;
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
