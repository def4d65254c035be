/* Importing: one WIOD year, and all there are in one command. Beside it, in the same run: `gzip -dc` of the same files,
 * without which nobody can read them, and for one year DuckDB's own CSV reader, which makes a table of the file as it
 * is. */
#include "base/duck.h"
#include "wiod.h"
#include "world/economy.h"

enum { RUNS = 3 };

/* The largest gap, relative to the sum, between what a region buys of a good from all and what it uses of it. */
static double gap(const dr_economy *e)
{
    double largest = 0;
    for (size_t n = 0; n < e->regions; n++)
        for (size_t k = 0; k < e->sectors; k++) {
            double bought = 0, used = e->final[n * e->sectors + k];
            for (size_t i = 0; i < e->regions; i++)
                bought += e->flow[(n * e->regions + i) * e->sectors + k];
            for (size_t s = 0; s < e->sectors; s++)
                used += e->input[(n * e->sectors + k) * e->sectors + s];
            if (used > 0)
                largest = fmax(largest, fabs(bought - used) / used);
        }
    return largest;
}

static void print_world(const char *what, double seconds, const char *world)
{
    dr_economy *economy = bench_load(world);
    size_t flows = economy->regions * economy->regions * economy->sectors;
    bench_print(what, seconds, gap(economy), bench_hash(DR_HASH_SEED, economy->flow, flows));
    dr_economy_free(economy);
}

static double unpack(const wiod *data, int first, int count)
{
    char *arguments[WIOD_YEARS + 10] = {"gzip", "-dc"};
    for (int i = 0; i < count; i++)
        arguments[2 + i] = (char *)data->files[first + i];
    return bench_child(arguments, "/dev/null").seconds;
}

static double read_by_duckdb(const char *file)
{
    dr_duck duck = {0};
    double start = bench_now();
    bench_need(dr_duck_open(&duck, NULL, false));
    bench_need(dr_duck_run(&duck, "CREATE TABLE t AS SELECT * FROM read_csv('%s')", file));
    dr_duck_close(&duck);
    return bench_now() - start;
}

static void import(const wiod *data, char *program, char *world, int first, int count, double target)
{
    char what[64];
    bench_run best = wiod_import(data, program, first, count, world);
    for (int i = 1; i < RUNS; i++) {
        bench_run run = wiod_import(data, program, first, count, world);
        best.seconds = fmin(best.seconds, run.seconds);
        best.megabytes = fmax(best.megabytes, run.megabytes);
    }
    snprintf(what, sizeof what, "%d of WIOD's years", count);
    print_world(what, best.seconds, world);
    bench_target("  time", best.seconds, target, "s");
    bench_target("  memory", best.megabytes, 500, "MB");
    bench_compare("  gzip -dc of the same", unpack(data, first, count), best.seconds);
    if (count == 1)
        bench_compare("  DuckDB's CSV reader on the same", read_by_duckdb(data->files[first]), best.seconds);
}

int main(int count, char **arguments)
{
    char world[1024];
    wiod data = wiod_find();
    if (count != 2 || data.count == 0)
        return count != 2;
    const char *folder = bench_folder();
    snprintf(world, sizeof world, "%s/wiod.world", folder);
    printf("derisk import icio: best of %d\n", RUNS);
    import(&data, arguments[1], world, data.count - 1, 1, 1.5);
    import(&data, arguments[1], world, 0, data.count, 15);
    unlink(world);
    rmdir(folder);
    return 0;
}
