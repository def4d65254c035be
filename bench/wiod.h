/* The World Input-Output Database of the benchmarks, 41 regions by 35 sectors, one file a year. */
#ifndef DR_BENCH_WIOD_H
#define DR_BENCH_WIOD_H

#include "bench.h"

enum { WIOD_FIRST = 1995, WIOD_LAST = 2011, WIOD_YEARS = WIOD_LAST - WIOD_FIRST + 1 };

/* The tables that are there, in the order of years, and their sectors. */
typedef struct wiod {
    char sectors[4096], files[WIOD_YEARS][4096];
    int count;
} wiod;

/* The data beside the checkout; none with a message if they are not there. */
static inline wiod wiod_find(void)
{
    wiod found = {.count = 0};
    struct stat about;
    const char *shared = getenv("DERISK_SHARED");
    shared = shared ? shared : "../shared";
    snprintf(found.sectors, sizeof found.sectors, "%s/data/wiod/sectors.csv", shared);
    for (int year = WIOD_FIRST; year <= WIOD_LAST; year++) {
        char *file = found.files[found.count];
        snprintf(file, sizeof *found.files, "%s/data/wiod/wiod_%d.csv.gz", shared, year);
        found.count += stat(file, &about) == 0;
    }
    if (found.count == 0)
        printf("no %s/data/wiod\n", shared);
    return found;
}

/* Runs `derisk import` on `count` of the tables, from `first`, into a new world. */
static inline bench_run wiod_import(const wiod *from, char *program, int first, int count, char *world)
{
    char *arguments[WIOD_YEARS + 10] = {program, "import", "icio",   "--sectors", (char *)from->sectors,
                                        "--to",  world,    "--quiet"};
    for (int i = 0; i < count; i++)
        arguments[8 + i] = (char *)from->files[first + i];
    unlink(world);
    return bench_child(arguments, "/dev/null");
}

static inline dr_economy *bench_load(const char *path)
{
    dr_world *world = NULL;
    dr_economy *economy = NULL;
    bench_need(dr_world_open(&world, path));
    bench_need(dr_economy_load(&economy, world, 0));
    dr_world_close(world);
    return economy;
}

/* WIOD 2011; where it is not there, the sample world, which is a sum of it. */
static inline dr_economy *wiod_economy(void)
{
    char path[1024];
    const char *folder = bench_folder(), *file = "data/sample/sample_2011.csv.gz";
    dr_import_options options = {.size = sizeof(dr_import_options), .sectors = "data/sample/sample_sectors.csv"};
    wiod data = wiod_find();
    if (data.count) {
        file = data.files[data.count - 1];
        options.sectors = data.sectors;
    } else {
        printf("the sample world takes its place: times are not those of the target\n");
    }
    snprintf(path, sizeof path, "%s/wiod.world", folder);
    bench_need(dr_import_icio(NULL, &file, 1, path, &options));
    dr_economy *economy = bench_load(path);
    unlink(path);
    rmdir(folder);
    return economy;
}

#endif
