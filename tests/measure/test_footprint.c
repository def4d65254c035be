/* Footprints and positions: against the textbook's inverse on small random tables, and against themselves. */
#include "support/world_files.h"

#include "base/table.h"
#include "random_table.h"
#include "world/accounts.h"

typedef struct account {
    double value[SLOW_MOST], final[SLOW_MOST];
} account;

static account random_account(const slow_table *t, unsigned seed)
{
    account a = {{0}, {0}};
    for (size_t i = 0; i < t->size; i++)
        a.value[i] = 100 * random_number(&seed);
    for (size_t n = 0; n < t->regions; n++)
        a.final[n] = 50 * random_number(&seed);
    return a;
}

/* The random table as a world with the account. */
static dr_world *import_both(const slow_table *t, const account *a)
{
    dr_writer *writer = NULL;
    dr_world *world = import_random(t);
    dr_world_close(world);
    assert_ok(dr_writer_open(&writer, "random.world"));
    assert_ok(dr_account_write(writer, &(dr_account){"CO2", "kt", "random", 2000, a->value, a->final}, NULL));
    assert_ok(dr_writer_commit(writer));
    assert_ok(dr_world_open(&world, "random.world"));
    return world;
}

static dr_table *footprint(dr_world *world, const char *of, dr_footprint_by by)
{
    dr_table *table = NULL;
    dr_footprint_options options = {.size = sizeof(dr_footprint_options), .account = "CO2", .by = by};
    assert_ok(dr_footprint(&table, world, of, &options));
    assert_true(dr_table_fact(table, "certificate.worst_residual") < 1e-12);
    return table;
}

static double cell(const dr_table *table, size_t row, const char *column)
{
    int index = dr_table_find(table, column);
    assert_true(index >= 0);
    return dr_table_number(table, row, (size_t)index);
}

/* Of region i in the final use of n. */
static double slow_embodied(const slow_table *t, const account *a, size_t i, size_t n)
{
    double sum = 0;
    for (size_t row = 0; row < t->size; row++)
        for (size_t j = 0; j < t->size && slow_region(t, row) == i; j++)
            sum += a->value[row] / t->output[row] * t->inverse[row][j] * t->final[j][n];
    return sum;
}

/* At home, in the gross exports of region i: the inverse of its own block. */
static double slow_behind(const slow_table *t, const account *a, size_t i)
{
    double own[SLOW_MOST][SLOW_MOST] = {{0}}, inverse[SLOW_MOST][SLOW_MOST], sum = 0;
    size_t first = i * t->sectors;
    for (size_t k = 0; k < t->sectors; k++)
        for (size_t s = 0; s < t->sectors; s++)
            own[k][s] = t->a[first + k][first + s];
    slow_invert(t->sectors, inverse, own);
    for (size_t k = 0; k < t->sectors; k++)
        for (size_t s = 0; s < t->sectors; s++) {
            double exports = 0;
            for (size_t n = 0; n < t->regions; n++)
                exports += n == i ? 0 : t->final[first + s][n];
            for (size_t j = 0; j < t->size; j++)
                exports += slow_region(t, j) == i ? 0 : t->inputs[first + s][j];
            sum += a->value[first + k] / t->output[first + k] * inverse[k][s] * exports;
        }
    return sum;
}

static void regions_are_the_textbook_s(void **state)
{
    (void)state;
    slow_table t = random_table(4, 3, 31);
    account a = random_account(&t, 32);
    dr_world *world = import_both(&t, &a);
    dr_table *table = footprint(world, NULL, DR_FOOTPRINT_BY_REGION);
    assert_int_equal(dr_table_rows(table), 5);
    double all = 0;
    for (size_t i = 0; i < 4; i++) {
        double exports = 0, imports = 0, home = slow_embodied(&t, &a, i, i), used = 0;
        for (size_t n = 0; n < 4; n++) {
            exports += n == i ? 0 : slow_embodied(&t, &a, i, n);
            imports += n == i ? 0 : slow_embodied(&t, &a, n, i);
        }
        for (size_t row = 0; row < t.size; row++)
            used += t.final[row][i];
        near(cell(table, i, "production"), a.value[3 * i] + a.value[3 * i + 1] + a.value[3 * i + 2] + a.final[i]);
        near(cell(table, i, "direct"), a.final[i]);
        near(cell(table, i, "exports"), exports);
        near(cell(table, i, "imports"), imports);
        near(cell(table, i, "consumption"), home + imports + a.final[i]);
        near(cell(table, i, "balance"), exports - imports);
        near(cell(table, i, "behind_gross_exports"), slow_behind(&t, &a, i));
        near(cell(table, i, "per_final_use"), (home + imports) / used);
        all += cell(table, i, "production");
    }
    near(cell(table, 4, "production"), all);
    near(cell(table, 4, "consumption"), all);
    near(cell(table, 4, "balance"), 0);
    dr_table_free(table);
    dr_world_close(world);
}

/* The sums over pairs are both totals, to rounding. */
static void pairs_add_up(void **state)
{
    (void)state;
    slow_table t = random_table(5, 3, 33);
    account a = random_account(&t, 34);
    dr_world *world = import_both(&t, &a);
    dr_table *table = footprint(world, NULL, DR_FOOTPRINT_BY_REGION),
             *pairs = footprint(world, NULL, DR_FOOTPRINT_BY_PAIR);
    assert_int_equal(dr_table_rows(pairs), 25);
    for (size_t i = 0; i < 5; i++) {
        double produced = 0, consumed = 0, shares = 0;
        for (size_t row = 0; row < 25; row++) {
            bool produces = strcmp(dr_table_text(pairs, row, 0), region(i)) == 0;
            produced += produces ? cell(pairs, row, "value") : 0;
            shares += produces ? cell(pairs, row, "share_of_production") : 0;
            consumed += strcmp(dr_table_text(pairs, row, 1), region(i)) == 0 ? cell(pairs, row, "value") : 0;
        }
        assert_true(fabs(produced / cell(table, i, "production") - 1) < 1e-12);
        assert_true(fabs(consumed / cell(table, i, "consumption") - 1) < 1e-12);
        assert_true(fabs(shares - 1) < 1e-12);
    }
    for (size_t row = 1; row < 25; row++)
        assert_true(cell(pairs, row, "value") <= cell(pairs, row - 1, "value"));
    dr_table_free(table);
    dr_table_free(pairs);
    dr_world_close(world);
}

/* Several regions as one economy: what remains of the trade is that with others; and sectors add up to it. */
static void a_list_is_one_economy(void **state)
{
    (void)state;
    slow_table t = random_table(4, 3, 35);
    account a = random_account(&t, 36);
    dr_world *world = import_both(&t, &a);
    dr_table *table = footprint(world, "R0,R2", DR_FOOTPRINT_BY_REGION);
    dr_table *sectors = footprint(world, "R0,R2", DR_FOOTPRINT_BY_SECTOR);
    double exports = 0, imports = 0, multiplier = 0, output = 0;
    for (size_t i = 0; i < 4; i += 2)
        for (size_t n = 1; n < 4; n += 2) {
            exports += slow_embodied(&t, &a, i, n);
            imports += slow_embodied(&t, &a, n, i);
        }
    assert_int_equal(dr_table_rows(table), 3);
    assert_string_equal(dr_table_text(table, 2, 0), "R0,R2");
    near(cell(table, 2, "exports"), exports);
    near(cell(table, 2, "imports"), imports);
    static const char *const both[] = {"production", "exports", "consumption", "imports"};
    assert_int_equal(dr_table_rows(sectors), 5);
    assert_string_equal(dr_table_text(sectors, 3, 0), "final use itself");
    for (size_t c = 0; c < 4; c++) {
        double sum = 0;
        for (size_t row = 0; row < 4; row++)
            sum += cell(sectors, row, both[c]);
        near(sum, cell(table, 2, both[c]));
        near(cell(sectors, 4, both[c]), cell(table, 2, both[c]));
    }
    for (size_t i = 1; i < t.size; i += 2 * t.sectors) { /* the second sector of both */
        for (size_t row = 0; row < t.size; row++)
            multiplier += a.value[row] / t.output[row] * t.inverse[row][i] * t.output[i];
        output += t.output[i];
    }
    near(cell(sectors, 1, "multiplier"), multiplier / output);
    near(cell(sectors, 1, "intensity"), (a.value[1] + a.value[7]) / output);
    dr_table_free(table);
    dr_table_free(sectors);
    dr_world_close(world);
}

/* A balance of an account is what the pairs say, by the sector that produces. */
static void balances_are_those_of_pairs(void **state)
{
    (void)state;
    slow_table t = random_table(3, 3, 40);
    account a = random_account(&t, 41);
    dr_world *world = import_both(&t, &a);
    dr_balance_options options = {.size = sizeof(dr_balance_options), .account = "CO2", .by = DR_BALANCE_BY_SECTOR};
    dr_table *sectors = NULL, *years = NULL;
    assert_ok(dr_balance(&sectors, world, "R0", "R1,R2", &options));
    options.by = DR_BALANCE_BY_YEAR;
    assert_ok(dr_balance(&years, world, "R0", NULL, &options));
    double exports = slow_embodied(&t, &a, 0, 1) + slow_embodied(&t, &a, 0, 2);
    double imports = slow_embodied(&t, &a, 1, 0) + slow_embodied(&t, &a, 2, 0), sum = 0;
    for (size_t s = 0; s < 3; s++)
        sum += cell(sectors, s, "exports");
    near(sum, exports);
    near(cell(sectors, 3, "exports"), exports);
    near(cell(sectors, 3, "imports"), imports);
    near(cell(sectors, 3, "balance"), exports - imports);
    near(cell(years, 0, "exports"), exports);
    near(cell(years, 0, "imports"), imports);
    assert_true(dr_table_fact(years, "certificate.worst_residual") < 1e-12);
    dr_table_free(sectors);
    dr_table_free(years);
    options.account = "CH4";
    assert_failed(dr_balance(&years, world, "R0", NULL, &options), DR_BAD_INPUT,
                  "random.world: has no account 'CH4'; it has CO2");
    options.value_added = true;
    assert_failed(dr_balance(&years, world, "R0", NULL, &options), DR_USAGE,
                  "a balance is of an account or in value added, not both");
    dr_world_close(world);
}

/* Embodied flows of R0 with one other region, or with all others, by the sector that produces. */
static double slow_by_sector(const slow_table *t, const account *a, size_t i, size_t s, size_t n)
{
    double sum = 0;
    size_t row = i * t->sectors + s;
    for (size_t j = 0; j < t->size; j++)
        sum += a->value[row] / t->output[row] * t->inverse[row][j] * t->final[j][n];
    return sum;
}

static size_t row_of(const dr_table *table, const char *name)
{
    for (size_t row = 0; row < dr_table_rows(table); row++)
        if (strcmp(dr_table_text(table, row, 0), name) == 0)
            return row;
    fail_msg("no row %s", name);
    return 0;
}

static void exposures_are_the_textbook_s(void **state)
{
    (void)state;
    slow_table t = random_table(4, 3, 42);
    account a = random_account(&t, 43);
    dr_world *world = import_both(&t, &a);
    dr_table *table = NULL, *alone = NULL;
    assert_ok(dr_exposure_account(&table, world, 0, "R0", "R1,R2", "CO2"));
    assert_ok(dr_exposure_account(&alone, world, 2000, "R0", NULL, NULL));
    assert_int_equal(dr_table_rows(table), 4);
    assert_true(dr_table_fact(table, "certificate.worst_residual") < 1e-12);
    assert_string_equal(table->title,
                        "Exposure of R0 to R1 and R2 in CO2 embodied in final use, by sector that produces, 2000");
    for (size_t s = 0; s < 3; s++) {
        const char *const names[] = {"s0", "s1", "s2"};
        double from[4], imports = 0, exports = 0, squares = 0, largest = 0;
        size_t row = row_of(table, names[s]), other = row_of(alone, names[s]);
        for (size_t i = 0; i < 4; i++)
            from[i] = slow_by_sector(&t, &a, i, s, 0);
        for (size_t i = 1; i < 4; i++) {
            imports += from[i];
            exports += slow_by_sector(&t, &a, 0, s, i);
            largest = fmax(largest, from[i]);
        }
        for (size_t i = 1; i < 4; i++)
            squares += from[i] / imports * from[i] / imports;
        near(cell(table, row, "imports"), imports);
        near(cell(table, row, "imports_from"), from[1] + from[2]);
        near(cell(table, row, "share_of_imports"), (from[1] + from[2]) / imports);
        near(cell(table, row, "share_of_use"), (from[1] + from[2]) / (imports + from[0]));
        near(cell(table, row, "concentration"), squares);
        near(cell(table, row, "exports"), exports);
        near(cell(table, row, "exports_to"), slow_by_sector(&t, &a, 0, s, 1) + slow_by_sector(&t, &a, 0, s, 2));
        near(cell(table, row, "share_of_output"), cell(table, row, "exports_to") / a.value[s]);
        near(cell(alone, other, "imports"), imports);
        near(cell(alone, other, "first_source_share"), largest / imports);
    }
    near(cell(table, 3, "imports_from"), slow_embodied(&t, &a, 1, 0) + slow_embodied(&t, &a, 2, 0));
    near(cell(table, 3, "exports_to"), slow_embodied(&t, &a, 0, 1) + slow_embodied(&t, &a, 0, 2));
    dr_table_free(table);
    dr_table_free(alone);
    assert_failed(dr_exposure_account(&table, world, 0, "R0", NULL, "CO"), DR_BAD_INPUT,
                  "random.world: has no account 'CO'; did you mean 'CO2'?");
    dr_world_close(world);
}

/* The row of each year is the one of its region; a year without the account is left out. */
static void years_are_those_of_regions(void **state)
{
    (void)state;
    slow_table t = random_table(3, 3, 44), later = random_table(3, 3, 45);
    account a = random_account(&t, 46);
    dr_world *world = import_both(&t, &a);
    dr_table *years = NULL;
    for (int year = 2001; year < 2003; year++) {
        char file[32];
        const char *files[] = {file};
        snprintf(file, sizeof file, "random_%d.csv", year);
        write_table(&later, file);
        dr_world_close(world);
        assert_ok(dr_import_icio(NULL, files, 1, "random.world", NULL));
        assert_ok(dr_world_open(&world, "random.world"));
    }
    dr_world_close(world);
    dr_writer *writer = NULL;
    assert_ok(dr_writer_open(&writer, "random.world"));
    assert_ok(dr_account_write(writer, &(dr_account){"CO2", "kt", "later", 2002, a.value, a.final}, NULL));
    assert_ok(dr_writer_commit(writer));
    assert_ok(dr_world_open(&world, "random.world"));
    dr_footprint_options options = {.size = sizeof(dr_footprint_options), .by = DR_FOOTPRINT_BY_YEAR};
    assert_ok(dr_footprint(&years, world, "R0,R1", &options));
    assert_int_equal(dr_table_rows(years), 2);
    for (size_t row = 0; row < 2; row++) {
        static const char *const figures[] = {
            "production",           "direct",       "exports", "imports", "consumption", "balance",
            "behind_gross_exports", "per_final_use"};
        dr_table *regions = NULL;
        const dr_footprint_options one = {.size = sizeof one, .year = row ? 2002 : 2000};
        assert_ok(dr_footprint(&regions, world, "R0,R1", &one));
        near(cell(years, row, "year"), one.year);
        for (size_t c = 0; c < 8; c++)
            near(cell(years, row, figures[c]), cell(regions, 2, figures[c]));
        dr_table_free(regions);
    }
    bool said = false;
    for (size_t i = 0; i < years->note_count; i++)
        said = said || strstr(years->notes[i], "no account of them, or a group no members: 2001");
    assert_true(said);
    dr_table_free(years);
    options.year = 2002;
    assert_failed(dr_footprint(&years, world, NULL, &options), DR_USAGE,
                  "a footprint by year covers all years: leave out the year 2002");
    dr_world_close(world);
}

static void wrong_questions_are_refused(void **state)
{
    (void)state;
    slow_table t = random_table(2, 2, 37);
    account a = random_account(&t, 38);
    dr_table *table = NULL;
    dr_world *world = import_both(&t, &a);
    dr_footprint_options options = {.size = sizeof(dr_footprint_options), .account = "CO"};
    assert_failed(dr_footprint(&table, world, NULL, &options), DR_BAD_INPUT,
                  "random.world: has no account 'CO'; did you mean 'CO2'?");
    options = (dr_footprint_options){.size = sizeof(dr_footprint_options), .year = 1999};
    assert_failed(dr_footprint(&table, world, NULL, &options), DR_BAD_INPUT,
                  "random.world: has no account 'CO2' of 1999; it has that of 2000");
    options = (dr_footprint_options){.size = sizeof(dr_footprint_options)};
    assert_int_equal(dr_footprint(&table, world, "R7", &options), DR_BAD_INPUT);
    options.by = (dr_footprint_by)9;
    assert_int_equal(dr_footprint(&table, world, NULL, &options), DR_USAGE);
    dr_world_close(world);
}

/* Row sums of the Ghosh inverse, made from its own coefficients, and column sums of the Leontief inverse. */
static void positions_are_the_textbook_s(void **state)
{
    (void)state;
    slow_table t = random_table(3, 4, 39);
    double b[SLOW_MOST][SLOW_MOST], ghosh[SLOW_MOST][SLOW_MOST];
    dr_world *world = import_random(&t);
    dr_table *table = NULL, *regions = NULL;
    for (size_t i = 0; i < t.size; i++)
        for (size_t j = 0; j < t.size; j++)
            b[i][j] = t.inputs[i][j] / t.output[i];
    slow_invert(t.size, ghosh, b);
    assert_ok(dr_position(&table, world, "R1", 0, false));
    assert_ok(dr_position(&regions, world, NULL, 0, true));
    assert_int_equal(dr_table_rows(table), 5);
    assert_int_equal(dr_table_rows(regions), 4);
    assert_true(dr_table_fact(table, "certificate.worst_residual") < 1e-12);
    double up = 0, output = 0;
    for (size_t s = 0; s < 4; s++) {
        double forward = 0, backward = 0, final = 0;
        size_t row = 4 + s;
        for (size_t j = 0; j < t.size; j++) {
            forward += ghosh[row][j];
            backward += t.inverse[j][row];
        }
        for (size_t n = 0; n < 3; n++)
            final += t.final[row][n];
        near(cell(table, s, "upstreamness"), forward);
        near(cell(table, s, "downstreamness"), backward);
        near(cell(table, s, "share_to_final_use"), final / t.output[row]);
        near(cell(table, s, "value_added_share"), t.value_share[row]);
        up += forward * t.output[row];
        output += t.output[row];
    }
    near(cell(table, 4, "upstreamness"), up / output);
    near(cell(regions, 1, "upstreamness"), up / output);
    dr_table_free(table);
    dr_table_free(regions);
    dr_world_close(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(regions_are_the_textbook_s, empty_folder),
        cmocka_unit_test_setup(pairs_add_up, empty_folder),
        cmocka_unit_test_setup(a_list_is_one_economy, empty_folder),
        cmocka_unit_test_setup(balances_are_those_of_pairs, empty_folder),
        cmocka_unit_test_setup(exposures_are_the_textbook_s, empty_folder),
        cmocka_unit_test_setup(years_are_those_of_regions, empty_folder),
        cmocka_unit_test_setup(wrong_questions_are_refused, empty_folder),
        cmocka_unit_test_setup(positions_are_the_textbook_s, empty_folder),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
