/* derisk exposure --hidden from its start to its end: on the World Input-Output Database, and on a made-up table of the
 * size of the OECD's ICIO, 77 regions by 45 sectors. */
#include "wiod.h"

enum { REGIONS = 77, SECTORS = 45, USES = 6, SIZE = REGIONS * SECTORS, WIOD_RUNS = 10, ICIO_RUNS = 3 };

/* Uniform between 0 and 1, the same on every machine. */
static double random_number(unsigned long long *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 40) / (double)(1u << 24);
}

/* A cell: most are small, and those at home ten times as large. */
static int draw(bool home, double most, unsigned long long *state)
{
    double number = random_number(state);
    return (int)((home ? 10 : 1) * most * number * number * number);
}

static void write_labels(FILE *file)
{
    static const char *const uses[USES] = {"HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR"};
    fputs("V1", file);
    for (int node = 0; node < SIZE; node++)
        fprintf(file, ",R%02d_S%02d", node / SECTORS, node % SECTORS);
    for (int use = 0; use < REGIONS * USES; use++)
        fprintf(file, ",R%02d_%s", use / USES, uses[use % USES]);
    fputs(",OUT\n", file);
}

/* A row of the table; its inputs to each sector are added to `inputs`. Returns its sum. */
static long write_row(FILE *file, int node, long *inputs, unsigned long long *state)
{
    long sum = 0;
    fprintf(file, "R%02d_S%02d", node / SECTORS, node % SECTORS);
    for (int column = 0; column < SIZE + REGIONS * USES; column++) {
        bool final = column >= SIZE;
        int region = final ? (column - SIZE) / USES : column / SECTORS;
        int value = draw(region == node / SECTORS, final ? 1000 : 100, state);
        sum += value;
        if (!final)
            inputs[column] += value;
        fprintf(file, ",%d", value);
    }
    fprintf(file, ",%ld\n", sum);
    return sum;
}

static void write_table(const char *path)
{
    static long inputs[SIZE], outputs[SIZE];
    unsigned long long seed = 11;
    FILE *file = fopen(path, "w");
    if (!file)
        exit(1);
    write_labels(file);
    for (int node = 0; node < SIZE; node++)
        outputs[node] = write_row(file, node, inputs, &seed);
    fputs("VA", file);
    for (int node = 0; node < SIZE; node++)
        fprintf(file, ",%ld", outputs[node] - inputs[node]);
    for (int use = 0; use < REGIONS * USES; use++)
        fputs(",0", file);
    fputs(",\n", file);
    if (fclose(file) != 0)
        exit(1);
}

/* Runs and reports one world. */
static void measure(char *program, char *world, char *of, char *to, int runs, double target, double target_mb)
{
    char *arguments[] = {program, "exposure", world, of, "--to", to, "--hidden", "--quiet", NULL};
    bench_run run = bench_children(runs, arguments, "/dev/null");
    printf("exposure %s --to %s --hidden\n", of, to);
    bench_target("  the whole command", run.seconds, target, "s");
    bench_target("  most memory", run.megabytes, target_mb, "MB");
}

int main(int argc, char **argv)
{
    char table[1024], world[1024];
    if (argc < 2)
        return 0;
    const char *folder = bench_folder();
    wiod from = wiod_find();
    snprintf(world, sizeof world, "%s/wiod.world", folder);
    if (from.count > 0) {
        printf("41 regions by 35 sectors: WIOD\n");
        wiod_import(&from, argv[1], from.count - 1, 1, world);
        measure(argv[1], world, "EU", "CHN", WIOD_RUNS, 0.3, 1000);
        unlink(world);
    }
    snprintf(table, sizeof table, "%s/icio_2020.csv", folder);
    snprintf(world, sizeof world, "%s/icio.world", folder);
    write_table(table);
    char *import[] = {argv[1], "import", "icio", table, "--to", world, "--quiet", NULL};
    bench_child(import, "/dev/null");
    unlink(table);
    printf("%d regions by %d sectors: made up\n", REGIONS, SECTORS);
    measure(argv[1], world, "R00,R01,R02,R03,R04,R05,R06,R07,R08,R09", "R50", ICIO_RUNS, 3, 1000);
    unlink(world);
    rmdir(folder);
    return 0;
}
