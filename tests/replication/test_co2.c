/* CO2 embodied in trade as the OECD publishes it (edition of 2015: Wiebe & Yamano 2016, Estimating CO2 emissions
 * embodied in final demand and trade using the OECD ICIO 2015), from its intensities by economy and industry and the
 * tables of the WIOD, release of 2013. The two have other industries, and other tables: totals agree closely, and pairs
 * as far as processing exports allow, which the OECD has in rows of their own for China and Mexico. */
#include "support/world_files.h"

#include <math.h>

#include "base/csv.h"
#include "world/economy.h"

enum { YEAR = 2005, MOST = 64, SECTORS = 35 };

static dr_world *world;
static dr_economy *economy;

/* ---- The account: intensity times output ---- */

/* The OECD's sectors that WIOD's are part of, [sector]. */
static void read_map(char map[SECTORS][32])
{
    dr_csv *csv = NULL;
    int columns[2];
    bool more = false;
    static const char *const names[] = {"oecd_sector", "wiod_sector"};
    assert_ok(dr_csv_open(&csv, shared("data/oecd_co2/oecd_to_wiod_sectors.csv")));
    assert_ok(dr_csv_header(csv, names, 2, columns));
    while (dr_csv_record(csv, &more) == DR_OK && more) {
        int at = dr_names_find(&economy->sector_codes, dr_csv_field(csv, (size_t)columns[1]));
        assert_true(at >= 0);
        snprintf(map[at], 32, "%s", dr_csv_field(csv, (size_t)columns[0]));
    }
    dr_csv_close(csv);
}

static double output_of(size_t region, size_t sector)
{
    double sum = 0;
    for (size_t n = 0; n < economy->regions; n++)
        sum += economy->flow[(n * economy->regions + region) * economy->sectors + sector];
    return sum;
}

/* Writes the account as a file; sums[region] is intensity times output. Units: kt per million dollars. */
static void write_account(double sums[MOST])
{
    static const char *const names[] = {"year", "region", "sector", "kt_co2_per_million_usd"};
    char map[SECTORS][32] = {""};
    dr_csv *csv = NULL;
    int columns[4];
    bool more = false;
    read_map(map);
    assert_ok(dr_csv_open(&csv, shared("data/oecd_co2/co2_intensity.csv.gz")));
    assert_ok(dr_csv_header(csv, names, 4, columns));
    FILE *file = fopen("co2.csv", "w");
    assert_non_null(file);
    fputs("region,sector,year,account,unit,value\n", file);
    while (dr_csv_record(csv, &more) == DR_OK && more) {
        int region = dr_names_find(&economy->region_codes, dr_csv_field(csv, (size_t)columns[1]));
        double intensity = 0;
        if (region < 0 || strtol(dr_csv_field(csv, (size_t)columns[0]), NULL, 10) != YEAR)
            continue;
        assert_ok(dr_csv_number(csv, (size_t)columns[3], &intensity));
        for (size_t s = 0; s < economy->sectors; s++) {
            if (strcmp(map[s], dr_csv_field(csv, (size_t)columns[2])) != 0)
                continue;
            double value = intensity * output_of((size_t)region, s);
            sums[region] += value;
            fprintf(file, "%s,%s,%d,CO2,kt,%.17g\n", economy->region_codes.names[region],
                    economy->sector_codes.names[s], YEAR, value);
        }
    }
    fclose(file);
    dr_csv_close(csv);
}

/* ---- What the OECD has ---- */

/* A figure in Mt, NAN where there is none. */
static void read_published(double *out, const char *variable, const char *country, const char *partner)
{
    static const char *const names[] = {"variable", "country", "partner", "year", "mt_co2"};
    dr_csv *csv = NULL;
    int columns[5];
    bool more = false;
    *out = NAN;
    assert_ok(dr_csv_open(&csv, shared("data/oecd_co2/embodied_co2_published.csv.gz")));
    assert_ok(dr_csv_header(csv, names, 5, columns));
    while (isnan(*out) && dr_csv_record(csv, &more) == DR_OK && more)
        if (strcmp(dr_csv_field(csv, (size_t)columns[0]), variable) == 0 &&
            strcmp(dr_csv_field(csv, (size_t)columns[1]), country) == 0 &&
            strcmp(dr_csv_field(csv, (size_t)columns[2]), partner) == 0 &&
            strtol(dr_csv_field(csv, (size_t)columns[3]), NULL, 10) == YEAR)
            assert_ok(dr_csv_number(csv, (size_t)columns[4], out));
    dr_csv_close(csv);
}

static double cell(const dr_table *table, size_t row, const char *column)
{
    int index = dr_table_find(table, column);
    assert_true(index >= 0);
    return dr_table_number(table, row, (size_t)index);
}

static double correlation(const double *x, const double *y, size_t count)
{
    double mx = 0, my = 0, xx = 0, yy = 0, xy = 0;
    for (size_t i = 0; i < count; i++) {
        mx += x[i] / (double)count;
        my += y[i] / (double)count;
    }
    for (size_t i = 0; i < count; i++) {
        xx += (x[i] - mx) * (x[i] - mx);
        yy += (y[i] - my) * (y[i] - my);
        xy += (x[i] - mx) * (y[i] - my);
    }
    return xy / sqrt(xx * yy);
}

/* ---- Tests ---- */

static double sums[MOST];

static int make_world(void **state)
{
    if (enter_folder(state) != 0)
        return -1;
    const char *folder = getenv("DERISK_SHARED");
    char table[4096];
    snprintf(table, sizeof table, "%s/data/wiod/wiod_2005.csv.gz", folder ? folder : "../shared");
    if (!folder || !is_there(table))
        return 0;
    const char *file = table, *account = "co2.csv";
    dr_world *bare = NULL;
    assert_ok(dr_import_icio(NULL, &file, 1, "wiod.world", NULL));
    assert_ok(dr_world_open(&bare, "wiod.world"));
    assert_ok(dr_economy_load(&economy, bare, YEAR));
    dr_world_close(bare);
    write_account(sums);
    assert_ok(dr_import_accounts(NULL, &account, 1, "wiod.world", NULL));
    assert_ok(dr_world_open(&world, "wiod.world"));
    return 0;
}

static int leave_world(void **state)
{
    dr_economy_free(economy);
    dr_world_close(world);
    return leave_folder(state);
}

static dr_table *footprint(dr_footprint_by by)
{
    dr_table *table = NULL;
    dr_footprint_options options = {.size = sizeof(dr_footprint_options), .account = "CO2", .by = by};
    if (!world) {
        shared("data/wiod/wiod_2005.csv.gz"); /* which skips */
        skip();
    }
    assert_ok(dr_footprint(&table, world, NULL, &options));
    return table;
}

static void totals_are_the_published_ones(void **state)
{
    (void)state;
    double made[MOST], used[MOST], published_made[MOST], published_used[MOST], all = 0;
    size_t count = 0;
    dr_table *table = footprint(DR_FOOTPRINT_BY_REGION);
    for (size_t row = 0; row < dr_table_rows(table); row++) {
        const char *code = dr_table_text(table, row, 0);
        double produced = cell(table, row, "production");
        if (dr_table_row_kind(table, row) != DR_ROW_ONE || strcmp(code, "ROW") == 0)
            continue;
        /* the table's negative cells are part of output here, and of no flow of an economy */
        assert_true(fabs(produced / sums[row] - 1) < 1e-3);
        read_published(&published_made[count], "PROD_CO2", code, "WOR");
        read_published(&published_used[count], "FD_CO2", code, "WOR");
        assert_true(published_made[count] > 0 && published_used[count] > 0);
        made[count] = produced / 1000;
        used[count] = cell(table, row, "consumption") / 1000;
        all += made[count++];
    }
    assert_int_equal(count, 40);
    assert_true(fabs(all / 18909 - 1) < 0.01);
    assert_true(correlation(made, published_made, count) > 0.999);
    assert_true(correlation(used, published_used, count) > 0.995);
    dr_table_free(table);
}

/* What the USA uses of Chinese CO2: 356 Mt in the OECD's table, which splits China's processing exports with their
 * smaller domestic content; more on a table that does not. */
static void pairs_differ_as_far_as_processing_exports_do(void **state)
{
    (void)state;
    double published = 0, found = 0, produced = 0, sum = 0;
    dr_table *table = footprint(DR_FOOTPRINT_BY_PAIR), *totals = footprint(DR_FOOTPRINT_BY_REGION);
    read_published(&published, "FD_CO2", "USA", "CHN");
    for (size_t row = 0; row < dr_table_rows(table); row++) {
        bool of_china = strcmp(dr_table_text(table, row, 0), "CHN") == 0;
        sum += of_china ? cell(table, row, "value") : 0;
        if (of_china && strcmp(dr_table_text(table, row, 1), "USA") == 0)
            found = cell(table, row, "value") / 1000;
    }
    for (size_t row = 0; row < dr_table_rows(totals); row++)
        if (strcmp(dr_table_text(totals, row, 0), "CHN") == 0)
            produced = cell(totals, row, "production");
    assert_true(fabs(sum / produced - 1) < 1e-12);
    assert_true(fabs(published - 356) < 1);
    assert_true(fabs(found - 459) < 3);
    dr_table_free(table);
    dr_table_free(totals);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(totals_are_the_published_ones),
        cmocka_unit_test(pairs_differ_as_far_as_processing_exports_do),
    };
    return cmocka_run_group_tests(tests, make_world, leave_world);
}
