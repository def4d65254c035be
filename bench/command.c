/* The whole command from its start to its last line, on a world of all WIOD years: as a process of its own each time,
 * with the world in the machine's file cache and without. Beside it, in the same run: the start of the program alone.
 */
#include <jansson.h>

#include "wiod.h"

enum { RUNS = 10 };

static const char scenario[] = "title: 25% on goods from China\n"
                               "changes:\n"
                               "  - tariff: {by: EU, on: CHN, sectors: goods, rate: 25%}\n";

/* The certificate's worst residual in a result, and the hash of its numbers. */
static double read_result(const char *path, unsigned long long *hash)
{
    json_t *result = json_load_file(path, 0, NULL), *row, *cell;
    const char *name;
    size_t index;
    *hash = DR_HASH_SEED;
    json_array_foreach(json_object_get(result, "rows"), index, row)
        json_object_foreach(row, name, cell) if (json_is_real(cell))
    {
        double number = json_real_value(cell);
        *hash = bench_hash(*hash, &number, 1);
    }
    double residual = json_real_value(json_object_get(json_object_get(result, "certificate"), "worst_residual"));
    json_decref(result);
    return residual;
}

static void simulate(char *program, char *world, char *yaml, char *output)
{
    char *start[] = {program, "--version", NULL};
    char *command[] = {program, "simulate", world, yaml, "--elasticity", "5", "--format", "json", NULL};
    unsigned long long hash = 0;
    bench_forget(world);
    bench_run first = bench_child(command, output), best = first;
    double floor = bench_child(start, "/dev/null").seconds;
    for (int i = 1; i < RUNS; i++) {
        bench_run run = bench_child(command, output);
        best.seconds = fmin(best.seconds, run.seconds);
        best.megabytes = fmax(best.megabytes, run.megabytes);
        floor = fmin(floor, bench_child(start, "/dev/null").seconds);
    }
    double residual = read_result(output, &hash);
    bench_print("derisk simulate", best.seconds, residual, hash);
    bench_target("  the world not in the file cache", first.seconds, 0.5, "s");
    bench_target("  best", best.seconds, 0.5, "s");
    printf("%-52s %10.1f MB\n", "  memory", best.megabytes);
    bench_compare("  derisk --version", floor, best.seconds);
}

int main(int count, char **arguments)
{
    char world[1024], yaml[1024], output[1024];
    wiod data = wiod_find();
    if (count != 2 || data.count == 0)
        return count != 2;
    const char *folder = bench_folder();
    snprintf(world, sizeof world, "%s/wiod.world", folder);
    snprintf(yaml, sizeof yaml, "%s/scenario.yaml", folder);
    snprintf(output, sizeof output, "%s/result.json", folder);
    wiod_import(&data, arguments[1], 0, data.count, world);
    FILE *file = fopen(yaml, "w");
    if (!file || fputs(scenario, file) < 0 || fclose(file) != 0)
        return 1;
    printf("a world of %d years, best of %d\n", data.count, RUNS);
    simulate(arguments[1], world, yaml, output);
    unlink(world);
    unlink(yaml);
    unlink(output);
    rmdir(folder);
    return 0;
}
