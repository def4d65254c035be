/* Scenarios that are written and read back are the same, flow by flow. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/random.h"
#include "scenario/product_change.h"
#include "support/check.h"
#include "support/slow_products.h"
#include "support/synthetic.h"

static const char path[] = "test-scenario-write.yaml";

/* The name of a random region, or of all or two of them. */
static const char *side(dr_random *random, char out[16])
{
    double at = dr_random_uniform(random);
    if (at < 0.2)
        return "all";
    snprintf(out, 16, at < 0.6 ? "A%d" : "A%d,A0", 1 + (int)(4 * dr_random_uniform(random)));
    return out;
}

/* Adds a random change, which may conflict with earlier ones. */
static dr_status add(dr_scenario *s, dr_random *random)
{
    char by[16], on[16], sector[16];
    const char *a = side(random, by), *b = side(random, on);
    double amount = dr_random_uniform(random);
    snprintf(sector, sizeof sector, "s%d", (int)(3 * dr_random_uniform(random)));
    switch ((int)(13 * dr_random_uniform(random))) {
    case 0:
        return dr_scenario_trade_cost(s, a, b, sector, 1 + amount, amount < 0.5);
    case 1:
        return dr_scenario_ban(s, a, b, sector);
    case 2:
        return dr_scenario_export_curb(s, a, b, sector, amount, DR_RENT_IMPORTER, false);
    case 3:
        return dr_scenario_quota(s, a, b, sector, 100 * amount, DR_RENT_LOST);
    case 4:
        return dr_scenario_export_tax(s, a, b, "all", amount - 0.5);
    case 5:
        return dr_scenario_production_tax(s, a, sector, amount - 0.5);
    case 6:
        return dr_scenario_use_tax(s, a, sector, amount - 0.5);
    case 8:
        return dr_scenario_productivity(s, a, sector, amount - 0.5);
    case 9:
        return dr_scenario_factor_supply(s, a, amount < 0.5 ? "labour" : NULL, sector, amount - 0.5);
    case 10:
        return dr_scenario_demand(s, a, sector, amount - 0.5);
    case 11:
        return dr_scenario_transfer(s, "A1", amount < 0.5 ? "A2,A3" : "A4", amount, amount < 0.5);
    case 7:
        return dr_scenario_tariff_rate_quota(s, a, b, sector,
                                             &(dr_rate_quota){.size = sizeof(dr_rate_quota),
                                                              .quota = amount,
                                                              .relative = amount < 0.7,
                                                              .in_quota = amount / 10,
                                                              .over_quota = amount,
                                                              .rent = DR_RENT_IMPORTER,
                                                              .together = amount < 0.5});
    default:
        return dr_scenario_tariff(s, a, b, "all", 3 * amount, DR_RATE_ADD);
    }
}

/* The limit that a flow is under: its level, or its wedge, with the largest that it may be. */
static double level_of(const dr_scenario *s, size_t flow, dr_rent *rent, double *most)
{
    for (size_t c = 0; c < s->limit_count; c++)
        for (size_t j = 0; j < s->limits[c].count; j++)
            if (s->limits[c].flows[j] == flow) {
                *rent = s->limits[c].rent;
                *most = s->limits[c].most;
                return s->limits[c].wedge > 0 ? s->limits[c].wedge : s->limits[c].level;
            }
    return -1;
}

static void same(const dr_scenario *a, const dr_scenario *b, const dr_economy *e)
{
    for (size_t f = 0; f < e->regions * e->regions * e->sectors; f++) {
        dr_rent of_a = DR_RENT_EXPORTER, of_b = DR_RENT_EXPORTER;
        bool banned = a->change[f] & DR_CHANGE_BAN;
        double base = e->tariff ? e->tariff[f] : 0, most_a = 0, most_b = 0;
        assert_int_equal(banned, (b->change[f] & DR_CHANGE_BAN) != 0);
        if (banned)
            continue;
        near(dr_scenario_rate(b, base, f), dr_scenario_rate(a, base, f), 1e-14);
        near(dr_scenario_times(b, f, 5), dr_scenario_times(a, f, 5), 1e-14);
        near(level_of(b, f, &of_b, &most_b), level_of(a, f, &of_a, &most_a), 1e-14);
        near(most_b, most_a, 1e-14);
        assert_int_equal(of_a, of_b);
    }
}

static void same_shifts(const dr_scenario *a, const dr_scenario *b, const dr_economy *e)
{
    for (size_t shift = 0; shift < DR_SHIFT_COUNT; shift++)
        for (size_t cell = 0; cell < dr_shift_cells(e, shift); cell++)
            near(dr_scenario_shifted(b, shift, cell), dr_scenario_shifted(a, shift, cell), 1e-14);
    assert_int_equal(a->transfer_count, b->transfer_count);
    for (size_t t = 0; t < a->transfer_count; t++) {
        const dr_transfer *of_a = &a->transfers[t], *of_b = &b->transfers[t];
        near(of_b->amount, of_a->amount, 1e-14);
        assert_int_equal(of_a->relative, of_b->relative);
        assert_memory_equal(of_a->from, of_b->from, e->regions);
        assert_memory_equal(of_a->to, of_b->to, e->regions);
    }
}

static void random_scenarios_are_read_back(void **state)
{
    (void)state;
    size_t read = 0;
    for (unsigned long long seed = 1; seed <= 200; seed++) {
        synthetic y = synthetic_new(5, 3, seed, seed % 2, true);
        dr_economy *e = synthetic_economy(&y);
        dr_random random = dr_random_stream(seed, 0);
        dr_scenario *s = NULL, *again = NULL;
        dr_status status = dr_scenario_new(&s, e);
        for (size_t j = 0; j < 1 + seed % 5 && status == DR_OK; j++)
            status = add(s, &random);
        if (status == DR_OK) {
            ok(dr_scenario_write(s, NULL, NULL, path));
            ok(dr_scenario_load(&again, e, path));
            same(s, again, e);
            same_shifts(s, again, e);
            unlink(path);
            read++;
        }
        dr_scenario_free(s);
        dr_scenario_free(again);
        dr_economy_free(e);
        synthetic_free(&y);
    }
    assert_true(read > 50);
}

/* ---- Products ---------------------------------------------------------------------------------------------------- */

static const char *some_products(dr_random *random)
{
    static const char *const lists[] = {"HS00", "HS01,HS03", "HS02,HS04,HS05"};
    return lists[(int)(3 * dr_random_uniform(random))];
}

static dr_status add_of_products(dr_scenario *s, dr_random *random)
{
    char by[16], on[16];
    const char *a = side(random, by), *b = side(random, on), *products = some_products(random);
    double amount = dr_random_uniform(random);
    switch ((int)(7 * dr_random_uniform(random))) {
    case 0:
        return dr_scenario_trade_cost(s, a, b, products, 1 + amount, amount < 0.5);
    case 1:
        return dr_scenario_ban(s, a, b, products);
    case 2:
        return dr_scenario_export_curb(s, a, b, products, amount, DR_RENT_IMPORTER, amount < 0.3);
    case 3:
        return dr_scenario_export_tax(s, a, b, products, amount - 0.5);
    case 4:
        return dr_scenario_quota(s, a, b, products, 100 * amount, DR_RENT_LOST);
    case 5:
        return dr_scenario_tariff_rate_quota(s, a, b, products,
                                             &(dr_rate_quota){.size = sizeof(dr_rate_quota),
                                                              .quota = amount,
                                                              .relative = true,
                                                              .in_quota = amount / 10,
                                                              .over_quota = amount,
                                                              .together = amount < 0.5});
    default:
        return dr_scenario_tariff(s, a, b, products, 3 * amount, DR_RATE_ADD);
    }
}

/* The limit that a product flow is under. */
static const dr_volume_limit *limit_on(const dr_scenario *s, size_t flow, size_t row)
{
    for (size_t c = 0; c < s->limit_count; c++)
        for (size_t j = 0; j < s->limits[c].count; j++)
            if (s->limits[c].flows[j] == flow && (!s->limits[c].rows || s->limits[c].rows[j] == row))
                return &s->limits[c];
    return NULL;
}

static void same_products(const dr_scenario *a, const dr_scenario *b, const dr_economy *e)
{
    const dr_product_trade *t = NULL;
    size_t flow = 0;
    ok(dr_product_trade_need(&t, e));
    for (size_t k = 0; k < t->flows.products.count; k++)
        for (size_t row = t->flows.start[k]; row < t->flows.start[k + 1]; row++) {
            if (!dr_product_trade_flow(t, k, row, &flow))
                continue;
            double base = e->tariff ? e->tariff[flow] : 0, of_a = dr_product_kappa(a, base, flow, (unsigned)row, 4),
                   of_b = dr_product_kappa(b, base, flow, (unsigned)row, 4);
            near(dr_product_rate(b, base, flow, (unsigned)row), dr_product_rate(a, base, flow, (unsigned)row), 1e-14);
            assert_true(isinf(of_a) ? isinf(of_b) : fabs(of_a - of_b) < 1e-13);
            const dr_volume_limit *x = limit_on(a, flow, row), *z = limit_on(b, flow, row);
            assert_int_equal(x != NULL, z != NULL);
            if (!x)
                continue;
            near(z->level, x->level, 1e-13);
            near(z->wedge, x->wedge, 1e-14);
            near(z->most, x->most, 1e-13);
            assert_int_equal(z->rent, x->rent);
            assert_int_equal(z->count, x->count);
        }
}

static void products_are_read_back(void **state)
{
    (void)state;
    size_t read = 0;
    for (unsigned long long seed = 1; seed <= 300; seed++) {
        synthetic y = synthetic_new(5, 3, seed, seed % 2, true);
        slow_products products = slow_products_new(&y, 6, 2, seed);
        y.products = &products;
        dr_economy *e = synthetic_economy(&y);
        slow_products_give(e, &y);
        dr_random random = dr_random_stream(seed, 0);
        dr_scenario *s = NULL, *again = NULL;
        dr_status status = dr_scenario_new(&s, e);
        for (size_t j = 0; j < 1 + seed % 4 && status == DR_OK; j++)
            status = add_of_products(s, &random);
        if (status == DR_OK && seed % 3 == 0)
            status = dr_scenario_tariff(s, "A1", "A2", "s2", 0.3, DR_RATE_SET);
        if (status == DR_OK) {
            ok(dr_scenario_write(s, NULL, NULL, path));
            ok(dr_scenario_load(&again, e, path));
            same_products(s, again, e);
            same_products(again, s, e);
            unlink(path);
            read++;
        }
        dr_scenario_free(s);
        dr_scenario_free(again);
        dr_economy_free(e);
        synthetic_free(&y);
    }
    assert_true(read > 100);
}

/* A quota of which a later line has taken some flows. */
static void a_limit_in_pieces_is_refused(void **state)
{
    static const char text[] =
        "changes:\n- quota: {by: A0, on: all, at: 60%}\n- ban: {by: A0, on: A1, sectors: s0, replace: "
        "true}\n";
    (void)state;
    synthetic y = synthetic_new(3, 2, 5, false, true);
    dr_economy *e = synthetic_economy(&y);
    dr_scenario *s = NULL;
    for (size_t f = 0; f < 3 * 3 * 2; f++)
        e->flow[f] = 1;
    ok(dr_scenario_parse(&s, e, text, strlen(text), "given"));
    assert_int_equal(dr_scenario_write(s, NULL, NULL, path), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(),
                        "a limit on some of the flows between two sides cannot be written as one line");
    assert_int_not_equal(access(path, F_OK), 0);
    dr_scenario_free(s);
    dr_economy_free(e);
    synthetic_free(&y);
}

static void the_file_has_title_and_settings(void **state)
{
    (void)state;
    char text[512];
    synthetic y = synthetic_new(3, 2, 5, false, true);
    dr_economy *e = synthetic_economy(&y);
    dr_scenario *s = NULL;
    e->year = 2011;
    ok(dr_scenario_new(&s, e));
    ok(dr_scenario_tariff(s, "A0,A1", "A2", "all", 0.25, DR_RATE_SET));
    ok(dr_scenario_write(
        s, "A \"title\"",
        &DR_OPTIONS(dr_model_options, .horizon = "short", .rigid_wages = "A0:97%", .closure = DR_CLOSURE_ZERO), path));
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    assert_string_equal(text, "title: \"A \\\"title\\\"\"\nyear: 2011\nclosure: zero\nhorizon: short\n"
                              "rigid-wages: \"A0:97%\"\nchanges:\n"
                              "  - tariff: {by: [A0, A1], on: [A2], rate: 25%}\n");
    unlink(path);
    dr_scenario_free(s);
    dr_economy_free(e);
    synthetic_free(&y);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_scenarios_are_read_back), cmocka_unit_test(products_are_read_back),
        cmocka_unit_test(a_limit_in_pieces_is_refused), cmocka_unit_test(the_file_has_title_and_settings)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
