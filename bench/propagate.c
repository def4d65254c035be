/* A supply stop from day to day, 365 days on the World Input-Output Database's last year, without and with the search
 * for the point of rest. Beside it, in the same run: the reading of its memory alone, twice a step. */
#include "base/memory.h"
#include "base/parallel.h"
#include "wiod.h"

enum { RUNS = 3, STEPS = 365 };

static const double target_seconds = 5;

static const char shock[] = "title: Energy from Russia to the EU stops\n"
                            "stops:\n"
                            "  - {by: RUS, to: EU, sectors: [mining, refined-petroleum]}\n";

/* Of the changes of value added, in millionths of a percent: what is nothing but rounding is no part of it. */
static unsigned long long hash_of(const dr_table *table, const char *column)
{
    unsigned long long hash = DR_HASH_SEED;
    for (size_t i = 0; i < dr_table_rows(table); i++) {
        double change = rint(1e6 * dr_table_number(table, i, (size_t)dr_table_find(table, column)));
        change += 0.0; /* no negative zero */
        hash = bench_hash(hash, &change, 1);
    }
    return hash;
}

static double propagate(dr_world *world, const char *yaml, dr_propagate_table which, const char *what)
{
    dr_propagate_options options = {.size = sizeof(dr_propagate_options), .steps = STEPS, .table = which};
    dr_table *table = NULL;
    double best = INFINITY;
    for (int i = 0; i < RUNS; i++) {
        dr_table_free(table);
        double start = bench_now();
        bench_need(dr_propagate(&table, world, yaml, &options));
        best = fmin(best, bench_now() - start);
    }
    bench_print(what, best, dr_table_fact(table, "certificate.worst_residual"),
                hash_of(table, which == DR_PROPAGATE_PATH ? "value_added" : "loss_share"));
    dr_table_free(table);
    return best;
}

static void read_stretch(void *table, size_t from, size_t to)
{
    const double *cells = table;
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (size_t i = from; i < to; i++)
        sum += cells[i];
    bench_need(sum == 0 ? DR_OK : DR_MACHINE);
}

/* Seconds to read the inter-country table from memory, as often as the steps do. */
static double bare_seconds(size_t cells)
{
    double *table = dr_new_doubles(cells), start = bench_now();
    if (!table)
        exit(1);
    for (int pass = 0; pass < 2 * STEPS; pass++)
        dr_parallel_stretches(cells, 0, read_stretch, table);
    double seconds = bench_now() - start;
    free(table);
    return seconds;
}

int main(int count, char **arguments)
{
    char path[1024], yaml[1024];
    wiod data = wiod_find();
    dr_world *world = NULL;
    if (count != 2 || data.count == 0)
        return count != 2;
    const char *folder = bench_folder();
    snprintf(path, sizeof path, "%s/wiod.world", folder);
    snprintf(yaml, sizeof yaml, "%s/shock.yaml", folder);
    wiod_import(&data, arguments[1], data.count - 1, 1, path);
    FILE *file = fopen(yaml, "w");
    if (!file || fputs(shock, file) < 0 || fclose(file) != 0)
        return 1;
    bench_need(dr_world_open(&world, path));
    size_t size = dr_world_regions(world) * dr_world_sectors(world);
    double seconds = propagate(world, yaml, DR_PROPAGATE_PATH, "365 daily steps, WIOD's last year");
    bench_target("  loading included", seconds, target_seconds, "s");
    bench_compare("  the table read from memory, twice a step", bare_seconds(size * size), seconds);
    propagate(world, yaml, DR_PROPAGATE_REGIONS, "365 daily steps, and on to rest");
    dr_world_close(world);
    unlink(path);
    unlink(yaml);
    rmdir(folder);
    return 0;
}
