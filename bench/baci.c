/* Product flows of the size of a year of BACI: 11 million made-up flows between 220 economies in 5,000 products, with
 * the spread that BACI has (few large economies and products, log-normal values, two per cent without a quantity).
 * Importing them, beside a bare read of the same file by DuckDB into a table of a database file; then the screen of the
 * EU, by the program from its start to its end. */
#include "base/duck.h"
#include "base/embedded.h"
#include "bench.h"

enum { RUNS = 3, ECONOMIES = 220, PRODUCTS = 5000, FLOWS = 11000000 };

static unsigned long long state = 88172645463325252u;

static double uniform(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return ((double)(state >> 11) + 0.5) / 9007199254740992.0;
}

static double normal(void)
{
    return sqrt(-2 * log(uniform())) * cos(6.283185307179586 * uniform());
}

typedef struct sizes {
    int numbers[ECONOMIES];
    double sells[ECONOMIES], buys[ECONOMIES], product[PRODUCTS];
} sizes;

/* The numbers of real economies, from the list that derisk carries. */
static void read_numbers(int numbers[ECONOMIES])
{
    const dr_embedded *list = dr_embedded_find("products/countries.csv");
    const char *at = list ? (const char *)list->bytes : "";
    for (size_t i = 0; i < ECONOMIES; i++) {
        at = strchr(at, '\n');
        numbers[i] = at ? (int)strtol(++at, NULL, 10) : 0;
        if (numbers[i] == 0)
            exit(1);
    }
}

/* How likely a flow is. */
static double chance(const sizes *s, double scale, size_t i, size_t j, size_t k)
{
    return i == j ? 0 : fmin(1, scale * s->sells[i] * s->buys[j] * s->product[k]);
}

/* The scale at which FLOWS are to be expected. */
static double find_scale(const sizes *s)
{
    enum { EVERY = 50 };
    double low = 1e-6, high = 100;
    for (int step = 0; step < 40; step++) {
        double scale = sqrt(low * high), expected = 0;
        for (size_t i = 0; i < ECONOMIES; i++)
            for (size_t j = 0; j < ECONOMIES; j++)
                for (size_t k = 0; k < PRODUCTS; k += EVERY)
                    expected += EVERY * chance(s, scale, i, j, k);
        *(expected > FLOWS ? &high : &low) = scale;
    }
    return low;
}

static void write_row(FILE *file, const sizes *s, size_t i, size_t j, size_t k)
{
    double value = exp(2 + 2.5 * normal()) + 0.001;
    fprintf(file, "2020,%d,%d,%06zu,%.3f,", s->numbers[i], s->numbers[j], 10121 + 190 * k, value);
    if (uniform() < 0.02)
        fputs("NA\n", file);
    else
        fprintf(file, "%.3f\n", value * exp(normal()));
}

static size_t write_flows(const char *path)
{
    static sizes s;
    size_t count = 0;
    read_numbers(s.numbers);
    for (size_t i = 0; i < ECONOMIES; i++) {
        s.sells[i] = exp(2 * normal());
        s.buys[i] = exp(1.3 * normal());
    }
    for (size_t k = 0; k < PRODUCTS; k++)
        s.product[k] = exp(normal());
    double scale = find_scale(&s);
    FILE *file = fopen(path, "w");
    if (!file)
        exit(1);
    fputs("t,i,j,k,v,q\n", file);
    for (size_t i = 0; i < ECONOMIES; i++)
        for (size_t j = 0; j < ECONOMIES; j++)
            for (size_t k = 0; k < PRODUCTS; k++)
                if (uniform() < chance(&s, scale, i, j, k)) {
                    write_row(file, &s, i, j, k);
                    count++;
                }
    if (fclose(file) != 0)
        exit(1);
    return count;
}

static double read_by_duckdb(const char *file, const char *database)
{
    dr_duck duck = {0};
    double start = bench_now();
    bench_need(dr_duck_open(&duck, database, false));
    bench_need(dr_duck_run(
        &duck, "CREATE TABLE t AS SELECT * FROM read_csv('%s', types = {'k': 'VARCHAR', 'q': 'VARCHAR'})", file));
    bench_need(dr_duck_run(&duck, "CHECKPOINT"));
    dr_duck_close(&duck);
    double seconds = bench_now() - start;
    unlink(database);
    return seconds;
}

/* In turns, so that what else the machine does befalls both. */
static void time_import(char *program, char *file, char *world, const char *database, const char *output)
{
    char *const arguments[] = {program, "import", "baci", file, "--to", world, "--quiet", NULL};
    double bare = INFINITY;
    bench_run best = {.seconds = INFINITY};
    for (int run = 0; run < RUNS; run++) {
        unlink(world);
        bench_run ours = bench_child(arguments, output);
        best.seconds = fmin(best.seconds, ours.seconds);
        best.megabytes = fmax(best.megabytes, ours.megabytes);
        bare = fmin(bare, read_by_duckdb(file, database));
    }
    printf("%-52s %10.3f ms\n", "derisk import baci", 1e3 * best.seconds);
    bench_compare("  DuckDB's reader, the file as it is into a database", bare, best.seconds);
    bench_target("  ratio", best.seconds / bare, 1.5, "");
    bench_target("  memory", best.megabytes, 1000, "MB");
}

static void time_screen(char *program, char *world, char *output)
{
    char *const arguments[] = {program, "exposure", world, "EU", "--products", "--all", "--format", "csv", NULL};
    bench_run best = {.seconds = INFINITY};
    for (int run = 0; run < RUNS; run++) {
        bench_run ours = bench_child(arguments, output);
        best.seconds = fmin(best.seconds, ours.seconds);
        best.megabytes = fmax(best.megabytes, ours.megabytes);
    }
    bench_target("derisk exposure --products --all, of the EU", best.seconds, 2, "s");
    bench_target("  memory", best.megabytes, 1000, "MB");
}

int main(int count, char **arguments)
{
    char file[1024], world[1024], database[1024], output[1024];
    if (count != 2)
        return 1;
    const char *folder = bench_folder();
    snprintf(file, sizeof file, "%s/baci_hs17_2020.csv", folder);
    snprintf(world, sizeof world, "%s/baci.world", folder);
    snprintf(database, sizeof database, "%s/bare.db", folder);
    snprintf(output, sizeof output, "%s/output", folder);
    size_t flows = write_flows(file);
    printf("%zu made-up flows, %d economies, %d products: best of %d\n", flows, ECONOMIES, PRODUCTS, RUNS);
    time_import(arguments[1], file, world, database, output);
    time_screen(arguments[1], world, output);
    unlink(file);
    unlink(world);
    unlink(output);
    rmdir(folder);
    return 0;
}
