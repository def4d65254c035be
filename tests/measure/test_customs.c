/* The table against product flows, beside a plain comparison of the numbers from which both files are written. */
#include <math.h>
#include <unistd.h>

#include "measure/customs.h"
#include "measure/plausible.h"
#include "support/world_files.h"

enum { R = 5, S = 3, PRODUCTS = 2 };

/* Codes of the regions in the table and in BACI; the last is the rest of the world, which is not compared. */
static const char *const regions[R] = {"DEU", "RUS", "CHN", "USA", "ROW"};
static const int numbers[R] = {276, 643, 156, 842, 0};
static const char *const sectors[S] = {"MIN", "ELE", "OSV"};
static const char *const products[PRODUCTS] = {"270900", "854231"};

static double sales[R][S][R];        /* seller, sector, buyer: all final use */
static double flows[R][R][PRODUCTS]; /* importer, exporter, product, in thousands */

static void succeed(dr_status status)
{
    if (status != DR_OK)
        fail_msg("%s", dr_error_text());
}

static double next_random(unsigned *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (double)(*seed >> 8) / (1 << 24);
}

/* Flows agree with the table but for a factor of up to ten, either way, and are missing now and then. */
static void make_numbers(unsigned seed, double cover)
{
    for (int i = 0; i < R; i++)
        for (int s = 0; s < S; s++)
            for (int n = 0; n < R; n++)
                sales[i][s][n] = round(1000 * exp(4 * next_random(&seed)));
    for (int n = 0; n < R; n++)
        for (int i = 0; i < R; i++)
            for (int k = 0; k < PRODUCTS; k++) {
                double times = exp(4.6 * (next_random(&seed) - 0.5));
                flows[n][i][k] = next_random(&seed) < 0.1 ? 0 : round(1000 * cover * times * sales[i][k][n]);
            }
}

static void write_table(void)
{
    FILE *file = fopen("t_2011.csv", "w");
    assert_non_null(file);
    fputs("V1", file);
    for (int i = 0; i < R * S; i++)
        fprintf(file, ",%s_%s", regions[i / S], sectors[i % S]);
    for (int n = 0; n < R; n++)
        fprintf(file, ",%s_HFCE", regions[n]);
    fputs(",OUT\n", file);
    for (int i = 0; i < R * S; i++) {
        double sum = 0;
        fprintf(file, "%s_%s", regions[i / S], sectors[i % S]);
        for (int j = 0; j < R * S; j++)
            fputs(",0", file);
        for (int n = 0; n < R; n++) {
            fprintf(file, ",%d", (int)sales[i / S][i % S][n]);
            sum += sales[i / S][i % S][n];
        }
        fprintf(file, ",%d\n", (int)sum);
    }
    fputs("VA", file);
    for (int i = 0; i < R * S; i++) {
        double sum = 0;
        for (int n = 0; n < R; n++)
            sum += sales[i / S][i % S][n];
        fprintf(file, ",%d", (int)sum);
    }
    for (int n = 0; n <= R; n++)
        fputs(",0", file);
    fputs("\n", file);
    assert_int_equal(fclose(file), 0);
}

static void write_flows(void)
{
    FILE *file = fopen("flows.csv", "w");
    assert_non_null(file);
    fputs("t,i,j,k,v,q\n", file);
    for (int n = 0; n < R - 1; n++)
        for (int i = 0; i < R - 1; i++)
            for (int k = 0; k < PRODUCTS; k++)
                if (i != n && flows[n][i][k] > 0)
                    fprintf(file, "2013,%d,%d,%s,%lld,1\n", numbers[i], numbers[n], products[k],
                            (long long)flows[n][i][k]);
    assert_int_equal(fclose(file), 0);
}

static void make_world(void)
{
    const char *const table[] = {"t_2011.csv"}, *const product_files[] = {"flows.csv"};
    write_table();
    write_flows();
    write_text("of.csv", "code,name,slug,kind,isic_rev3\nMIN,Mining,mining,goods,C\n"
                         "ELE,Electronics,electronics,goods,30t33\nOSV,Services,other,services,K\n");
    unlink("w.world");
    succeed(dr_import_icio(NULL, table, 1, "w.world", &DR_OPTIONS(dr_import_options, .sectors = "of.csv")));
    succeed(dr_import_products(NULL, DR_BACI, product_files, 1, "w.world",
                               &DR_OPTIONS(dr_import_options, .classification = "HS17")));
}

/* The rules of docs/check.md, one after the other. Counts gaps, and their sum of differences. */
static size_t plain(double *differences, size_t *pairs)
{
    bool covered[PRODUCTS];
    size_t count = 0;
    *differences = 0;
    *pairs = 0;
    for (int s = 0; s < PRODUCTS; s++) {
        double table = 0, customs = 0;
        for (int n = 0; n < R - 1; n++)
            for (int i = 0; i < R - 1; i++) {
                table += i == n ? 0 : sales[i][s][n];
                customs += i == n ? 0 : flows[n][i][s] / 1000;
            }
        covered[s] = customs < 3 * table && table < 3 * customs;
    }
    for (int n = 0; n < R - 1; n++) {
        double imports = 0;
        for (int i = 0; i < R - 1; i++)
            for (int s = 0; s < PRODUCTS; s++)
                imports += i == n ? 0 : fmax(sales[i][s][n], flows[n][i][s] / 1000);
        for (int i = 0; i < R - 1; i++)
            for (int s = 0; s < PRODUCTS; s++) {
                double table = sales[i][s][n], customs = flows[n][i][s] / 1000;
                if (i == n || (!covered[s] && customs == 0))
                    continue;
                *pairs += 1;
                if ((customs > 3 * table || (covered[s] && table > 3 * customs)) &&
                    fmax(table, customs) >= 1e-3 * imports) {
                    count++;
                    *differences += fabs(table - customs);
                }
            }
    }
    return count;
}

static void check_against_plain(unsigned seed, double cover)
{
    dr_world *world = NULL;
    dr_year_sums sums = {0};
    dr_customs customs = {0};
    double wanted = 0, found = 0;
    size_t pairs = 0;
    make_numbers(seed, cover);
    make_world();
    succeed(dr_world_open(&world, "w.world"));
    succeed(dr_year_sums_read(&sums, world, 0));
    succeed(dr_customs_compare(&customs, world, sums.names, sums.trade));
    assert_int_equal(customs.year, 2013);
    assert_int_equal(customs.gap_count, plain(&wanted, &pairs));
    assert_int_equal(customs.pairs, pairs);
    for (size_t k = 0; k < customs.gap_count; k++) {
        const dr_gap *gap = &customs.gaps[k];
        found += fabs(gap->table - gap->customs);
        assert_true(gap->table == sales[gap->exporter][gap->sector][gap->importer]);
        assert_true(k == 0 ||
                    fabs(gap->table - gap->customs) <= fabs(customs.gaps[k - 1].table - customs.gaps[k - 1].customs));
    }
    assert_true(fabs(found - wanted) <= 1e-9 * wanted);
    dr_customs_free(&customs);
    dr_year_sums_free(&sums);
    dr_world_close(world);
}

static void flows_of_whole_sectors(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed < 5; seed++)
        check_against_plain(seed, 1);
}

static void flows_of_some_products(void **state)
{
    (void)state;
    for (unsigned seed = 5; seed < 8; seed++)
        check_against_plain(seed, 0.05);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(flows_of_whole_sectors),
                                       cmocka_unit_test(flows_of_some_products)};
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
