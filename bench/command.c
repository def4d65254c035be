/* The whole command from its start to its last line, on a world of all WIOD years: as a process of its own each time,
 * with the world in the machine's file cache and without; with a summary, with a picture, with a file of 10,000 tariffs
 * instead of one. Beside it, in the same run: the start of the program alone. */
#include <jansson.h>

#include "wiod.h"
#include "world/economy.h"

enum { RUNS = 10, LINES = 10000 };

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

/* Tariffs of the first lines of all pairs of regions and goods, whose codes the world has. */
static void write_tariffs(const char *path, const char *world)
{
    dr_economy *e = bench_load(world);
    FILE *to = fopen(path, "w");
    size_t lines = 0;
    if (!to)
        exit(1);
    fputs("exporter,importer,sector,tariff\n", to);
    for (size_t flow = 0; lines < LINES; flow++) {
        size_t s = flow % 16, i = flow / 16 % e->regions, n = flow / 16 / e->regions;
        if (i == n)
            continue;
        lines++;
        fprintf(to, "%s,%s,%s,0.%02zu\n", e->region_codes.names[i], e->region_codes.names[n], e->sector_codes.names[s],
                flow % 30);
    }
    if (fclose(to) != 0)
        exit(1);
    dr_economy_free(e);
}

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    if (!file || fputs(text, file) < 0 || fclose(file) != 0)
        exit(1);
}

/* What people ask for besides the table; `single`: the seconds of the same command with one tariff. */
static void simulate_more(char *program, char *world, char *yaml, const char *folder, double single)
{
    char picture[1024], file[1024], many[1024];
    snprintf(picture, sizeof picture, "%s/welfare.svg", folder);
    snprintf(file, sizeof file, "%s/tariffs.csv", folder);
    snprintf(many, sizeof many, "%s/many.yaml", folder);
    char *summary[] = {program, "simulate", world, yaml, "--elasticity", "5", "--table", "summary", NULL};
    char *plot[] = {program, "simulate", world, yaml, "--elasticity", "5", "--plot", picture, NULL};
    char *tariffs[] = {program, "simulate", world, many, "--elasticity", "5", "--format", "json", NULL};
    write_tariffs(file, world);
    write_text(many, "changes:\n  - tariff: {file: tariffs.csv}\n");
    bench_target("  --table summary", bench_children(RUNS, summary, "/dev/null").seconds, 0.5, "s");
    bench_target("  --plot", bench_children(RUNS, plot, "/dev/null").seconds, 0.5, "s");
    double seconds = bench_children(RUNS, tariffs, "/dev/null").seconds;
    bench_target("  10,000 tariffs of a file, beyond one tariff", seconds - single, 0.2, "s");
    unlink(picture);
    unlink(file);
    unlink(many);
}

static double simulate(char *program, char *world, char *yaml, char *output)
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
    return best.seconds;
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
    write_text(yaml, scenario);
    printf("a world of %d years, best of %d\n", data.count, RUNS);
    double single = simulate(arguments[1], world, yaml, output);
    simulate_more(arguments[1], world, yaml, folder, single);
    unlink(world);
    unlink(yaml);
    unlink(output);
    rmdir(folder);
    return 0;
}
