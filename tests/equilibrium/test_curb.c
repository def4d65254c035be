/* Export curbs and quotas: what a limit must be, whatever the numbers. */
#include <string.h>

#include "base/table.h"
#include "result/result.h"
#include "result/welfare.h"
#include "support/check.h"
#include "support/synthetic.h"

typedef struct fixture {
    synthetic table;
    dr_economy *economy;
    dr_model *model;
} fixture;

static fixture fixture_new(bool taxed, const char *horizon)
{
    fixture f = {.table = synthetic_new(5, 3, 31, taxed, true)};
    dr_model_options options = {.size = sizeof(dr_model_options), .horizon = horizon, .tolerance = 1e-13};
    f.economy = synthetic_economy(&f.table);
    ok(dr_model_new(&f.model, f.economy, &options));
    return f;
}

static void fixture_free(fixture *f)
{
    dr_model_free(f->model);
    dr_economy_free(f->economy);
    synthetic_free(&f->table);
}

static dr_scenario *scenario_new(const fixture *f)
{
    dr_scenario *scenario = NULL;
    ok(dr_scenario_new(&scenario, f->economy));
    return scenario;
}

static dr_solution *solve(const fixture *f, dr_scenario *scenario)
{
    dr_solution *solution = NULL;
    ok(dr_model_solve(&solution, f->model, scenario));
    assert_true(solution->certificate.worst_residual < 1e-9);
    assert_true(solution->certificate.complementarity < 1e-9);
    return solution;
}

/* The same prices, wages and flows. */
static void same(const fixture *f, const dr_solution *a, const dr_solution *b)
{
    for (size_t n = 0; n < f->table.r; n++)
        near(dr_solution_welfare(a, n), dr_solution_welfare(b, n), 1e-9);
    for (size_t flow = 0; flow < f->table.r * f->table.r * f->table.s; flow++)
        near(a->flow[flow], b->flow[flow], 1e-9 * f->table.flow[flow]);
}

/* With the rent to the importer a limit is the tariff that cuts the flow as much. */
static void a_limit_is_a_tariff_where_the_importer_has_the_rent(void **state)
{
    (void)state;
    fixture f = fixture_new(false, NULL);
    dr_scenario *curb = scenario_new(&f), *tariff = scenario_new(&f);
    ok(dr_scenario_export_curb(curb, "A1", "A0", "s0", 0.4, DR_RENT_IMPORTER, false));
    dr_solution *curbed = solve(&f, curb);
    near(curbed->limits[0].volume, 0.6 * f.table.flow[(0 * 5 + 1) * 3], 1e-9);
    assert_true(curbed->limits[0].wedge > 1.01);
    ok(dr_scenario_tariff(tariff, "A0", "A1", "s0", curbed->limits[0].wedge - 1, DR_RATE_SET));
    dr_solution *taxed = solve(&f, tariff);
    same(&f, curbed, taxed);
    near(curbed->limits[0].rent, taxed->tariff_revenue[0], 1e-9);
    dr_solution_free(curbed);
    dr_solution_free(taxed);
    dr_scenario_free(curb);
    dr_scenario_free(tariff);
    fixture_free(&f);
}

/* Where the rent is lost a limit is a trade cost. */
static void a_limit_is_a_trade_cost_where_the_rent_is_lost(void **state)
{
    (void)state;
    fixture f = fixture_new(true, "short");
    dr_scenario *curb = scenario_new(&f), *cost = scenario_new(&f);
    ok(dr_scenario_export_curb(curb, "A1", "A0", "s0", 0.4, DR_RENT_LOST, false));
    dr_solution *curbed = solve(&f, curb);
    ok(dr_scenario_trade_cost(cost, "A0", "A1", "s0", curbed->limits[0].wedge, false));
    dr_solution *dear = solve(&f, cost);
    same(&f, curbed, dear);
    near(curbed->limits[0].rent, 0, 0);
    dr_solution_free(curbed);
    dr_solution_free(dear);
    dr_scenario_free(curb);
    dr_scenario_free(cost);
    fixture_free(&f);
}

/* The exporter is better off with the rent than without, the importer worse than if it had it itself. */
static void rents_go_where_they_should(void **state)
{
    (void)state;
    double exporter[3], importer[3];
    fixture f = fixture_new(true, NULL);
    for (int rent = 0; rent < 3; rent++) {
        dr_scenario *curb = scenario_new(&f);
        ok(dr_scenario_export_curb(curb, "A1", "A0", "all", 0.5, (dr_rent)rent, false));
        dr_solution *solution = solve(&f, curb);
        exporter[rent] = dr_solution_welfare(solution, 1);
        importer[rent] = dr_solution_welfare(solution, 0);
        dr_solution_free(solution);
        dr_scenario_free(curb);
    }
    assert_true(exporter[DR_RENT_EXPORTER] > exporter[DR_RENT_LOST]);
    assert_true(importer[DR_RENT_IMPORTER] > importer[DR_RENT_EXPORTER]);
    assert_true(importer[DR_RENT_IMPORTER] > importer[DR_RENT_LOST]);
    fixture_free(&f);
}

static void slack_limits_cost_nothing(void **state)
{
    (void)state;
    fixture f = fixture_new(true, NULL);
    dr_scenario *slack = scenario_new(&f), *tariff = scenario_new(&f);
    ok(dr_scenario_quota(slack, "A0", "A1", "s1", 1e6, DR_RENT_EXPORTER));
    ok(dr_scenario_export_curb(slack, "A3", "A2", "all", 0, DR_RENT_EXPORTER, true));
    ok(dr_scenario_tariff(slack, "A2", "A3", "all", 0.5, DR_RATE_SET));
    ok(dr_scenario_tariff(tariff, "A2", "A3", "all", 0.5, DR_RATE_SET));
    dr_solution *with = solve(&f, slack), *without = solve(&f, tariff);
    same(&f, with, without);
    assert_true(with->limits[0].wedge == 1 && with->limits[1].wedge == 1);
    assert_true(with->limits[0].rent == 0 && with->limits[1].rent == 0);
    dr_table *table = NULL; /* and is said, not an error */
    ok(dr_solution_curbs(&table, with));
    const char *note = NULL;
    for (size_t i = 0; i < table->note_count; i++)
        if (strstr(table->notes[i], "at or above the base flow"))
            note = table->notes[i];
    assert_non_null(note);
    assert_non_null(strstr(
        note, "export curbs and quotas at or above the base flow: 2 of 2 (s1 of A1 to A0: limit 1000000, base flow "));
    assert_non_null(strstr(note, "); this limit does not bind and has no effect"));
    dr_table_free(table);
    dr_solution_free(with);
    dr_solution_free(without);
    dr_scenario_free(slack);
    dr_scenario_free(tariff);
    fixture_free(&f);
}

/* Together, the flows share one wedge, and their volumes add up to the limit. */
static void flows_may_share_a_limit(void **state)
{
    (void)state;
    fixture f = fixture_new(true, "medium");
    dr_scenario *curb = scenario_new(&f);
    ok(dr_scenario_export_curb(curb, "A1", "A0,A2", "s0,s2", 0.3, DR_RENT_EXPORTER, true));
    dr_solution *solution = solve(&f, curb);
    double base = 0, volume = 0;
    for (size_t n = 0; n < 3; n += 2)
        for (size_t s = 0; s < 3; s += 2) {
            size_t flow = (n * 5 + 1) * 3 + s;
            base += f.table.flow[flow];
            volume += solution->flow[flow] / solution->limits[0].wedge / solution->cost[1 * 3 + s];
        }
    assert_int_equal(solution->limit_count, 1);
    assert_int_equal(solution->limits[0].flows, 4);
    near(volume, 0.7 * base, 1e-9);
    assert_true(solution->limits[0].one_exporter && !solution->limits[0].one_importer &&
                !solution->limits[0].one_sector);
    dr_solution_free(solution);
    dr_scenario_free(curb);
    fixture_free(&f);
}

static void a_limit_of_nothing_is_a_ban(void **state)
{
    (void)state;
    fixture f = fixture_new(true, NULL);
    dr_scenario *curb = scenario_new(&f), *ban = scenario_new(&f);
    ok(dr_scenario_export_curb(curb, "A1", "A0", "all", 1, DR_RENT_EXPORTER, false));
    ok(dr_scenario_ban(ban, "A0", "A1", "all"));
    dr_solution *none = solve(&f, curb), *banned = solve(&f, ban);
    same(&f, none, banned);
    assert_int_equal(none->limit_count, 0);
    assert_int_equal(none->note_count, 1);
    assert_string_equal(none->notes[0],
                        "change 1 limits the volume to zero and is applied as a ban: there is no wedge and no rent");
    dr_solution_free(none);
    dr_solution_free(banned);
    dr_scenario_free(curb);
    dr_scenario_free(ban);
    fixture_free(&f);
}

/* The last of a good can be cut to a thousandth. */
static void deep_cuts_are_solved(void **state)
{
    static const char *const horizons[] = {"short", "long"};
    (void)state;
    for (size_t h = 0; h < 2; h++) {
        fixture f = fixture_new(false, horizons[h]);
        dr_scenario *curb = scenario_new(&f);
        ok(dr_scenario_export_curb(curb, "A1", "all", "s0", 0.999, DR_RENT_EXPORTER, false));
        dr_solution *solution = solve(&f, curb);
        for (size_t c = 0; c < solution->limit_count; c++)
            near(solution->limits[c].volume / solution->limits[c].level, 1, 1e-9);
        dr_solution_free(solution);
        dr_scenario_free(curb);
        fixture_free(&f);
    }
}

static void mistakes_are_told(void **state)
{
    (void)state;
    fixture f = fixture_new(false, NULL);
    dr_scenario *s = scenario_new(&f);
    assert_int_equal(dr_scenario_export_curb(s, "A1", "A0", "all", 1.2, DR_RENT_LOST, false), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(), "a cut of 120.00%; expected one between 0% and 100%");
    assert_int_equal(dr_scenario_quota(s, "A1", "A0", "all", -1, DR_RENT_LOST), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(), "a quota at -1; expected a value of at least 0");
    ok(dr_scenario_quota(s, "A1", "A0", "s0", 1, DR_RENT_LOST));
    assert_int_equal(dr_scenario_export_curb(s, "A0", "A1", "all", 0.5, DR_RENT_LOST, false), DR_BAD_INPUT);
    assert_string_equal(
        dr_error_text(),
        "change 2 (export-curb) conflicts with change 1 (quota): both change the flow of s0 from A0 to A1");
    assert_int_equal(dr_scenario_leave(s, "A9", "EU", 1.1), DR_BAD_INPUT);
    assert_int_equal(dr_scenario_leave(s, "A0", "EU", 1.1), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(),
                        "'EU' is not a group with a member in this world; in a document, 'members' says "
                        "who they are");
    dr_scenario_free(s);
    fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_limit_is_a_tariff_where_the_importer_has_the_rent),
        cmocka_unit_test(a_limit_is_a_trade_cost_where_the_rent_is_lost),
        cmocka_unit_test(rents_go_where_they_should),
        cmocka_unit_test(slack_limits_cost_nothing),
        cmocka_unit_test(flows_may_share_a_limit),
        cmocka_unit_test(a_limit_of_nothing_is_a_ban),
        cmocka_unit_test(deep_cuts_are_solved),
        cmocka_unit_test(mistakes_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
