/* The Leontief inverse of a table of 77 regions by 45 sectors, the size of the OECD's ICIO, beside the same
 * factorisation and inversion by LAPACK alone in the same run; and derisk balance on the World Input-Output Database,
 * from its start to its end. */
#include "measure/leontief.h"
#include "wiod.h"

enum { REGIONS = 77, SECTORS = 45, RUNS = 3, COMMAND_RUNS = 10 };

void dgetrf_(const int *m, const int *n, double *a, const int *lda, int *pivots, int *info);
void dgetri_(const int *n, double *a, const int *lda, const int *pivots, double *work, const int *lwork, int *info);

/* Uniform between 0 and 1, the same on every machine. */
static double random_number(unsigned long long *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 40) / (double)(1u << 24);
}

/* Half of what a sector makes is for final use; it buys inputs of all others, ten times as much at home. */
static dr_matrix *synthetic(void)
{
    const size_t size = (size_t)REGIONS * SECTORS;
    unsigned long long seed = 7;
    double *inputs = dr_new_doubles(size * size), *final = dr_new_doubles(size * REGIONS);
    dr_matrix *matrix = NULL;
    if (!inputs || !final)
        exit(1);
    for (size_t row = 0; row < size; row++) {
        for (size_t column = 0; column < size; column++) {
            double home = row / SECTORS == column / SECTORS ? 10 : 1, draw = random_number(&seed);
            inputs[row * size + column] = home * draw * draw * draw;
        }
        for (size_t n = 0; n < REGIONS; n++)
            final[row * REGIONS + n] = (row / SECTORS == n ? 800 : 8) * random_number(&seed);
    }
    bench_need(dr_matrix_new(&matrix, REGIONS, SECTORS, inputs, final));
    free(inputs);
    free(final);
    return matrix;
}

/* I - A as LAPACK takes it. */
static void fill_bare(double *cells, const dr_matrix *m)
{
    for (size_t i = 0; i < m->size; i++)
        for (size_t j = 0; j < m->size; j++)
            cells[i * m->size + j] = (i == j) - m->inputs[i * m->size + j] / m->output[j];
}

static double bare_seconds(const dr_matrix *m, double *cells)
{
    int n = (int)m->size, work_size = 64 * n, info = 0;
    double *work = dr_new_doubles((size_t)work_size);
    int *pivots = dr_new(m->size, sizeof *pivots);
    if (!work || !pivots)
        exit(1);
    fill_bare(cells, m);
    double start = bench_now();
    dgetrf_(&n, &n, cells, &n, pivots, &info);
    dgetri_(&n, cells, &n, pivots, work, &work_size, &info);
    double seconds = bench_now() - start;
    free(work);
    free(pivots);
    return info == 0 ? seconds : INFINITY;
}

/* All value comes from somewhere: the largest deviation of a column of v B from 1. */
static double residual_of(const dr_matrix *m, const double *inverse)
{
    double worst = 0, *content = dr_new_doubles(m->size);
    if (!content)
        exit(1);
    for (size_t i = 0; i < m->size; i++)
        for (size_t j = 0; j < m->size; j++)
            content[j] += m->value_added[i] / m->output[i] * inverse[i * m->size + j];
    for (size_t j = 0; j < m->size; j++)
        worst = fmax(worst, fabs(content[j] - 1));
    free(content);
    return worst;
}

static void invert(void)
{
    dr_matrix *m = synthetic();
    double ours = INFINITY, bare = INFINITY, residual = 0, *cells = dr_new_doubles(m->size * m->size);
    unsigned long long hash = 0;
    if (!cells)
        exit(1);
    for (int run = 0; run < RUNS; run++) {
        double *inverse = NULL, start = bench_now();
        bench_need(dr_leontief_inverse(&inverse, m));
        ours = fmin(ours, bench_now() - start);
        bare = fmin(bare, bare_seconds(m, cells));
        residual = residual_of(m, inverse);
        hash = bench_hash(DR_HASH_SEED, inverse, m->size);
        free(inverse);
    }
    bench_print("Leontief inverse, 77 regions x 45 sectors", ours, residual, hash);
    bench_compare("  LAPACK alone: getrf, getri", bare, ours);
    bench_target("  ratio", ours / bare, 1.2, "");
    free(cells);
    dr_matrix_free(m);
}

/* One command on a world: as a process of its own, the first time with the world out of the machine's file cache. */
static void command(const char *what, char *const *arguments, const char *world)
{
    bench_forget(world);
    bench_run first = bench_child(arguments, "/dev/null"), best = bench_children(COMMAND_RUNS, arguments, "/dev/null");
    printf("%-52s %10.3f ms   memory %.0f MB\n", what, 1e3 * best.seconds, fmax(first.megabytes, best.megabytes));
    bench_target("  the world not in the file cache", first.seconds, 0.3, "s");
}

static void balances(char *program)
{
    char world[1024];
    wiod data = wiod_find();
    if (data.count == 0)
        return;
    const char *folder = bench_folder();
    snprintf(world, sizeof world, "%s/wiod.world", folder);
    wiod_import(&data, program, 0, data.count, world);
    command("derisk balance, gross", (char *[]){program, "balance", world, "EU", "CHN", NULL}, world);
    command("derisk balance --value-added",
            (char *[]){program, "balance", world, "EU", "CHN", "--value-added", "--by", "sector", NULL}, world);
    command("derisk balance --terms kww", (char *[]){program, "balance", world, "EU", "CHN", "--terms", "kww", NULL},
            world);
    command("derisk balance --terms borin-mancini",
            (char *[]){program, "balance", world, "EU", "CHN", "--terms", "borin-mancini", NULL}, world);
    command("derisk balance --by year, gross", (char *[]){program, "balance", world, "EU", "CHN", "--by", "year", NULL},
            world);
    unlink(world);
    rmdir(folder);
}

int main(int count, char **arguments)
{
    if (count != 2)
        return 1;
    invert();
    balances(arguments[1]);
    return 0;
}
