/* The supply risks of the EU's study of critical raw materials of 2023 (Grohol & Veeh 2023, Study on the Critical Raw
 * Materials for the EU, final report), as far as the shares that it prints give them. Its score is
 *   SR = (HHI_world IR/2 + HHI_EU (1 - IR/2)) (1 - EoL_RIR) SI,
 * and import reliance IR, recycling EoL_RIR and substitution SI are not among the printed tables: what is computed is
 * the score at IR = 1 before both. Where a material is hardly recycled and has no substitute, the two agree; else the
 * published score is lower. */
#include "support/world_files.h"

#include <math.h>

enum { MATERIAL = 0, RISK = 4, PUBLISHED = 5 };

static dr_table *measure(void)
{
    static const char *const names[] = {"global_supply_shares", "eu_sourcing_shares", "crm_scores_over_time"};
    char paths[3][8192];
    const char *files[3];
    dr_world *world = NULL;
    dr_table *table = NULL;
    for (size_t i = 0; i < 3; i++) {
        char name[128];
        snprintf(name, sizeof name, "data/ec_crm_2023/%s.csv", names[i]);
        snprintf(paths[i], sizeof paths[i], "%s", shared(name));
        files[i] = paths[i];
    }
    assert_ok(dr_import_materials(NULL, files, 3, "m.world", NULL));
    assert_ok(dr_world_open(&world, "m.world"));
    assert_ok(dr_exposure_materials(&table, world));
    dr_world_close(world);
    return table;
}

static size_t row_of(const dr_table *table, const char *material)
{
    for (size_t row = 0; row < dr_table_rows(table); row++)
        if (strcmp(dr_table_text(table, row, MATERIAL), material) == 0)
            return row;
    fail_msg("no row of %s", material);
    return 0;
}

/* Scores are printed with one decimal; governance is of 2022, where the study took its own years'. */
static void what_the_shares_give(void **state)
{
    (void)state;
    static const struct {
        const char *material;
        double published;
    } known[] = {{"Gallium", 3.9},        {"Phosphorous", 3.3}, {"Beryllium", 1.8}, {"Natural Graphite", 1.8},
                 {"Titanium metal", 1.6}, {"Barytes", 1.3},     {"Helium", 1.2},    {"Natural Rubber", 0.9},
                 {"Kaolin", 0.8},         {"Xenon", 0.8},       {"Potash", 0.7},    {"Gold", 0.4},
                 {"Sulphur", 0.3},        {"Limestone", 0.3},   {"Aggregates", 0.2}};
    dr_table *table = measure();
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t row = row_of(table, known[i].material);
        assert_true(dr_table_number(table, row, PUBLISHED) == known[i].published);
        if (fabs(dr_table_number(table, row, RISK) - known[i].published) > 0.1)
            fail_msg("%s: %g, published %g", known[i].material, dr_table_number(table, row, RISK), known[i].published);
    }
    dr_table_free(table);
}

/* Missed, for what the shares do not say. Below half of it: metals that are recycled or have substitutes (lead, copper,
 * germanium, tungsten), and what the EU makes itself (hydrogen, magnesite, roundwood). Above it: nothing in the formula
 * explains these; their shares in the EU's supply are incomplete or of another stage than the score. */
static void what_they_do_not_give(void **state)
{
    (void)state;
    static const char *const below[] = {"Lead",      "Copper",    "Hydrogen",  "Rhenium", "Zinc",      "Cadmium",
                                        "Tellurium", "Magnesite", "Roundwood", "Talc",    "Germanium", "Tungsten"};
    static const char *const above[] = {"Arsenic",   "Strontium", "Hafnium",   "Feldspar",
                                        "Palladium", "Yttrium",   "Ytterbium", "Heavy Rare earths Elements"};
    dr_table *table = measure();
    for (size_t i = 0; i < sizeof below / sizeof *below; i++) {
        size_t row = row_of(table, below[i]);
        assert_true(dr_table_number(table, row, PUBLISHED) < 0.5 * dr_table_number(table, row, RISK));
    }
    for (size_t i = 0; i < sizeof above / sizeof *above; i++) {
        size_t row = row_of(table, above[i]);
        assert_true(dr_table_number(table, row, PUBLISHED) > dr_table_number(table, row, RISK) + 0.1);
    }
    /* of all others the published score is the lower one, to rounding and governance */
    size_t scored = 0, lower = 0;
    for (size_t row = 0; row < dr_table_rows(table); row++) {
        scored += isnan(dr_table_number(table, row, PUBLISHED)) ? 0 : 1;
        lower += dr_table_number(table, row, PUBLISHED) <= dr_table_number(table, row, RISK) + 0.12;
    }
    assert_int_equal(scored, 87);
    assert_int_equal(lower, scored - sizeof above / sizeof *above);
    dr_table_free(table);
}

/* A group's score is that of its materials together; the mean of what is computed for them lies above it. */
static void groups(void **state)
{
    (void)state;
    static const struct {
        const char *materials[11];
        double published, mean; /* to two decimals */
    } known[] = {{{"Dysprosium", "Erbium", "Europium", "Gadolinium", "Holmium", "Lutetium", "Terbium", "Thulium",
                   "Ytterbium", "Yttrium"},
                  5.1,
                  5.38},
                 {{"Cerium", "Lanthanum", "Neodymium", "Praseodymium", "Samarium"}, 3.7, 4.14},
                 {{"Iridium", "Palladium", "Platinum", "Rhodium", "Ruthenium"}, 2.7, 3.47}};
    dr_table *table = measure();
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        double sum = 0;
        size_t count = 0;
        for (; known[i].materials[count]; count++) {
            size_t row = row_of(table, known[i].materials[count]);
            assert_true(dr_table_number(table, row, PUBLISHED) == known[i].published);
            sum += dr_table_number(table, row, RISK);
        }
        if (fabs(sum / (double)count - known[i].mean) > 0.005)
            fail_msg("%s ...: the mean is %g", known[i].materials[0], sum / (double)count);
    }
    dr_table_free(table);
}

/* The place of a number among those of a column, ties in the middle; rows without a published score are left out. */
static double rank(const dr_table *table, size_t row, size_t column)
{
    double below = 0, same = 0, number = dr_table_number(table, row, column);
    for (size_t other = 0; other < dr_table_rows(table); other++) {
        if (isnan(dr_table_number(table, other, PUBLISHED)))
            continue;
        below += dr_table_number(table, other, column) < number;
        same += dr_table_number(table, other, column) == number;
    }
    return below + (same - 1) / 2;
}

/* Spearman's rank correlation of what is computed with what is published, over all materials with a score. */
static void the_order_of_materials(void **state)
{
    (void)state;
    dr_table *table = measure();
    double n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
    for (size_t row = 0; row < dr_table_rows(table); row++) {
        if (isnan(dr_table_number(table, row, PUBLISHED)))
            continue;
        double a = rank(table, row, RISK), b = rank(table, row, PUBLISHED);
        n++;
        x += a;
        y += b;
        xx += a * a;
        yy += b * b;
        xy += a * b;
    }
    double correlation = (n * xy - x * y) / sqrt((n * xx - x * x) * (n * yy - y * y));
    if (fabs(correlation - 0.915) > 0.0005)
        fail_msg("the rank correlation is %g", correlation);
    dr_table_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_the_shares_give, empty_folder),
        cmocka_unit_test_setup(what_they_do_not_give, empty_folder),
        cmocka_unit_test_setup(groups, empty_folder),
        cmocka_unit_test_setup(the_order_of_materials, empty_folder),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
