/* A table of the size of the OECD's ICIO of 2025, 81 economies by 50 industries and 6 final uses, from the CSV to an
 * answer: the import, the world's size, loading it, and a balance. Beside it, in the same run: pymrio's reader of the
 * OECD's tables, where the Python of tools/python.sh has it (pip install pymrio). The numbers of the table are drawn:
 * sizes of regions, sectors and their coefficients log-normal, an economy's own purchases larger, nine decimals. */
#include "wiod.h"
#include "world/economy.h"

enum { REGIONS = 81, SECTORS = 50, USES = 6, WIDTH = SECTORS + USES, RUNS = 3 };

static const char *const uses[USES] = {"HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR"};

typedef struct table {
    double region[REGIONS], distance[REGIONS * REGIONS], supplier[REGIONS * SECTORS], user[REGIONS * WIDTH];
    double technology[SECTORS * WIDTH], value_added[REGIONS * SECTORS], output[REGIONS * SECTORS];
    unsigned long long state;
} table;

/* A number between 0 and 1 (Steele, Lea & Flood 2014: SplitMix64). */
static double draw(table *t)
{
    unsigned long long z = t->state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

/* The sum of twelve of them is nearly normal. */
static double log_normal(table *t, double deviation)
{
    double sum = -6;
    for (int i = 0; i < 12; i++)
        sum += draw(t);
    return exp(deviation * sum);
}

static void fill(double *numbers, size_t count, table *t, double deviation)
{
    for (size_t i = 0; i < count; i++)
        numbers[i] = log_normal(t, deviation);
}

static void draw_table(table *t)
{
    fill(t->region, REGIONS, t, 1.6);
    fill(t->distance, (size_t)REGIONS * REGIONS, t, 0.8);
    fill(t->supplier, (size_t)REGIONS * SECTORS, t, 1);
    fill(t->user, (size_t)REGIONS * WIDTH, t, 1);
    fill(t->technology, (size_t)SECTORS * WIDTH, t, 1.5);
    for (size_t i = 0; i < REGIONS; i++)
        t->distance[i * REGIONS + i] = 150;
}

/* "AAA_S07", or the label of a final use. */
static void write_label(FILE *to, size_t region, size_t column)
{
    fprintf(to, "%c%c%c_", (char)('A' + region / 27), (char)('A' + region % 27 / 3), (char)('A' + region % 3));
    if (column < SECTORS)
        fprintf(to, "S%02zu", column);
    else
        fputs(uses[column - SECTORS], to);
}

/* What region n buys of row for column u. */
static double cell(table *t, size_t row, size_t n, size_t u)
{
    size_t i = row / SECTORS, s = row % SECTORS;
    double scale = 0.02 * t->region[i] * t->supplier[row] * t->region[n] * t->distance[i * REGIONS + n];
    return round(1e9 * scale * t->user[n * WIDTH + u] * t->technology[s * WIDTH + u] * (0.5 + draw(t))) / 1e9;
}

static void write_row(FILE *to, table *t, size_t row)
{
    write_label(to, row / SECTORS, row % SECTORS);
    for (int final = 0; final < 2; final++)
        for (size_t n = 0; n < REGIONS; n++)
            for (size_t u = final ? SECTORS : 0; u < (final ? (size_t)WIDTH : (size_t)SECTORS); u++) {
                double value = cell(t, row, n, u);
                t->output[row] += value;
                if (!final)
                    t->value_added[n * SECTORS + u] -= value;
                fprintf(to, ",%.9f", value);
            }
    fprintf(to, ",%.9f\n", t->output[row]);
}

static void write_total(FILE *to, const char *label, const double *numbers)
{
    fputs(label, to);
    for (size_t i = 0; i < (size_t)REGIONS * WIDTH + 1; i++)
        fprintf(to, ",%.9f", numbers && i < (size_t)REGIONS * SECTORS ? numbers[i] : 0);
    fputc('\n', to);
}

static void write_table(const char *path, table *t)
{
    FILE *to = fopen(path, "w");
    if (!to)
        exit(1);
    fputs("V1", to);
    for (int final = 0; final < 2; final++)
        for (size_t n = 0; n < REGIONS; n++)
            for (size_t u = final ? SECTORS : 0; u < (final ? (size_t)WIDTH : (size_t)SECTORS); u++) {
                fputc(',', to);
                write_label(to, n, u);
            }
    fputs(",OUT\n", to);
    for (size_t row = 0; row < (size_t)REGIONS * SECTORS; row++)
        write_row(to, t, row);
    for (size_t row = 0; row < (size_t)REGIONS * SECTORS; row++)
        t->value_added[row] += t->output[row];
    write_total(to, "TLS", NULL);
    write_total(to, "VA", t->value_added);
    write_total(to, "OUT", t->output);
    if (fclose(to) != 0)
        exit(1);
}

/* The largest gap between what the table's rows add up to and what was written, relative. */
static double gap(const dr_economy *e, const table *t)
{
    double largest = 0;
    for (size_t row = 0; row < (size_t)REGIONS * SECTORS; row++) {
        double sold = 0;
        for (size_t n = 0; n < REGIONS; n++)
            sold += e->flow[(n * REGIONS + row / SECTORS) * SECTORS + row % SECTORS];
        largest = fmax(largest, fabs(sold / t->output[row] - 1));
    }
    return largest;
}

static double megabytes(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 ? (double)about.st_size / 1e6 : NAN;
}

static bench_run import(char *program, char *csv, char *world)
{
    char *arguments[] = {program, "import", csv, "--to", world, "--quiet", NULL};
    bench_run best = {INFINITY, 0};
    for (int i = 0; i < RUNS; i++) {
        unlink(world);
        bench_run run = bench_child(arguments, "/dev/null");
        best.seconds = fmin(best.seconds, run.seconds);
        best.megabytes = fmax(best.megabytes, run.megabytes);
    }
    return best;
}

static void compare_pymrio(char *csv, double ours)
{
    char *there[] = {"sh", "-c", "tools/python.sh -c 'import pymrio' 2>/dev/null && echo yes || echo no", NULL},
         answer[8] = "";
    char code[] = "import pymrio, sys; pymrio.parse_oecd(sys.argv[1])", probe[4096];
    char *arguments[] = {"tools/python.sh", "-c", code, csv, NULL};
    snprintf(probe, sizeof probe, "%s.probe", csv);
    bench_child(there, probe);
    FILE *from = fopen(probe, "r");
    bool has = from && fgets(answer, sizeof answer, from) && answer[0] == 'y';
    if (from)
        fclose(from);
    unlink(probe);
    if (!has) {
        printf("no pymrio beside it: pip install pymrio\n");
        return;
    }
    bench_run peer = bench_children(RUNS, arguments, "/dev/null");
    bench_compare("  pymrio's reader of the same (target: 0.25)", peer.seconds, ours);
    printf("%-52s %10.1f MB\n", "  its memory", peer.megabytes);
}

static void use(char *program, char *world, const table *t)
{
    double best = INFINITY;
    char *balance[] = {program, "balance", world, "AAA", "BBB", NULL};
    dr_economy *e = NULL;
    for (int i = 0; i < RUNS; i++) {
        double start = bench_now();
        dr_economy_free(e);
        e = bench_load(world);
        best = fmin(best, bench_now() - start);
    }
    bench_print("  loading the world", best, gap(e, t),
                bench_hash(DR_HASH_SEED, e->flow, (size_t)REGIONS * REGIONS * SECTORS));
    bench_target("  loading", best, 0.3, "s");
    bench_target("  derisk balance", bench_children(RUNS, balance, "/dev/null").seconds, 0.5, "s");
    dr_economy_free(e);
}

int main(int count, char **arguments)
{
    static table t;
    char csv[1024], world[1024];
    if (count != 2)
        return 1;
    const char *folder = bench_folder();
    snprintf(csv, sizeof csv, "%s/2020_SML.csv", folder);
    snprintf(world, sizeof world, "%s/icio.world", folder);
    draw_table(&t);
    write_table(csv, &t);
    printf("a table of %d x %d cells, %.0f MB: best of %d\n", REGIONS * SECTORS, REGIONS * WIDTH + 1, megabytes(csv),
           RUNS);
    bench_run run = import(arguments[1], csv, world);
    bench_target("  derisk import, memory", run.megabytes, 400, "MB");
    printf("%-52s %10.3f s\n", "  derisk import", run.seconds);
    compare_pymrio(csv, run.seconds);
    bench_target("  the world's size over that of the CSV", megabytes(world) / megabytes(csv), 0.4, "");
    use(arguments[1], world, &t);
    unlink(csv);
    unlink(world);
    rmdir(folder);
    return 0;
}
