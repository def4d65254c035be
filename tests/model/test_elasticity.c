/* Where trade elasticities come from, and what each mistake is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "equilibrium/solution.h"
#include "support/synthetic.h"

static dr_economy *economy_new(const char *first, const char *second)
{
    synthetic y = synthetic_new(3, 2, 1, false, true);
    dr_economy *e = synthetic_economy(&y);
    synthetic_free(&y);
    e->sector_isic[0] = first;
    e->sector_isic[1] = second;
    e->sector_kinds[0] = "goods";
    return e;
}

static void expect(const dr_economy *e, const char *elasticity, double first, double second)
{
    dr_model *model = NULL;
    dr_model_options options = {.size = sizeof(dr_model_options), .elasticity = elasticity};
    if (dr_model_new(&model, e, &options) != DR_OK)
        fail_msg("%s", dr_error_text());
    assert_true(fabs(model->theta[0] - first) < 1e-12 && fabs(model->theta[1] - second) < 1e-12);
    dr_model_free(model);
}

static void expect_error(const dr_economy *e, const char *elasticity, const char *error)
{
    dr_model *model = NULL;
    dr_model_options options = {.size = sizeof(dr_model_options), .elasticity = elasticity};
    assert_int_equal(dr_model_new(&model, e, &options), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(), error);
    assert_null(model);
}

static void numbers(void **state)
{
    (void)state;
    dr_economy *e = economy_new("", "");
    expect(e, NULL, 5, 5);
    expect(e, "0.5", 0.5, 0.5);
    expect_error(e, "0", "a trade elasticity of 0; expected more than 0");
    expect_error(e, "-4", "a trade elasticity of -4; expected more than 0");
    expect_error(e, "1e9", "a trade elasticity of 1e+09; expected one between 0.001 and 1000");
    expect_error(e, "1e-9", "a trade elasticity of 1e-09; expected one between 0.001 and 1000");
    expect_error(e, "caliendo-parro",
                 "'caliendo-parro' is not a number, elasticity set or file; did you mean "
                 "'caliendo-parro-2015'?");
    dr_economy_free(e);
}

/* Food 2.62 in 15t16; office machinery 12.95, electrical 12.91, communication 3.95, medical 8.71 in 30 to 33. */
static void a_set_is_matched_by_division(void **state)
{
    (void)state;
    dr_economy *e = economy_new("15t16", "30t33");
    expect(e, "caliendo-parro-2015", 2.62, (12.95 + 12.91 + 3.95 + 8.71) / 4);
    dr_economy_free(e);
    e = economy_new("AtB", "J");
    expect(e, "caliendo-parro-2015", 9.11, 8.22);
    dr_economy_free(e);
    e = economy_new("15t16", "");
    expect_error(
        e, "caliendo-parro-2015",
        "elasticity set caliendo-parro-2015: the sector s1 has no ISIC Rev. 3 code, so that it cannot be matched; "
        "give the world's sectors an isic_rev3 or give a CSV with the columns sector, trade_elasticity");
    dr_economy_free(e);
}

static void a_file_names_each_sector_once(void **state)
{
    static const struct {
        const char *text, *error; /* after the path; NULL: 3 and 7 */
    } cases[] = {
        {"sector,trade_elasticity\ns0,3\ns1,7\n", NULL},
        {"trade_elasticity,sector\n3,goods\n7,s1\n", NULL},
        {"sector,trade_elasticity\ns0,3\n", ": no trade elasticity for the sector s1"},
        {"sector,trade_elasticity\ns0,3\ngoods,4\n", ":3:1: the sector s0 has a trade elasticity already"},
        {"sector,trade_elasticity\ns0,-3\n", ":2:2: a trade elasticity of -3; expected more than 0"},
        {"sector,trade_elasticity\ns0,2000\n", ":2:2: a trade elasticity of 2000; expected one between 0.001 and 1000"},
        {"sector,trade_elasticity\ns0,x\n", ":2:2: 'x' is not a finite number"},
        {"sector,trade_elasticity\ns2,3\n",
         ":2:1: 's2' is not a sector of this world, by code, slug or kind; did you mean 's0'?"},
        {"sector,standard_error,trade_elasticity\ns0,1,3\ns1,,7\n", NULL},
        {"sector,trade_elasticity,standard_error\ns0,3,-1\n", ":2:3: a standard error of -1; expected 0 or more"},
        {"sector,trade_elasticity,standard_error\ns0,3,x\n", ":2:3: 'x' is not a finite number"},
        {"sector,elasticity\ns0,3\n", ":1: the column 'trade_elasticity' is missing; did you mean 'elasticity'?"},
    };
    (void)state;
    dr_economy *e = economy_new("", "");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char path[] = "/tmp/derisk-XXXXXX", expected[512];
        int file = mkstemp(path);
        assert_true(file >= 0);
        assert_int_equal(write(file, cases[i].text, strlen(cases[i].text)), (ssize_t)strlen(cases[i].text));
        close(file);
        snprintf(expected, sizeof expected, "%s%s", path, cases[i].error ? cases[i].error : "");
        if (cases[i].error)
            expect_error(e, path, expected);
        else
            expect(e, path, 3, 7);
        unlink(path);
    }
    dr_economy_free(e);
}

/* The horizon has an elasticity for every sector; a set that is asked for instead need not. */
static void a_horizon_does_not_fill_the_gaps_of_a_set(void **state)
{
    (void)state;
    dr_economy *e = economy_new("15t16", "");
    dr_model *model = NULL;
    dr_model_options options = {
        .size = sizeof(dr_model_options), .horizon = "short", .elasticity = "caliendo-parro-2015"};
    assert_int_equal(dr_model_new(&model, e, &options), DR_BAD_INPUT);
    assert_string_equal(
        dr_error_text(),
        "elasticity set caliendo-parro-2015: the sector s1 has no ISIC Rev. 3 code, so that it cannot be matched; "
        "give the world's sectors an isic_rev3 or give a CSV with the columns sector, trade_elasticity");
    options.elasticity = NULL;
    assert_int_equal(dr_model_new(&model, e, &options), DR_OK);
    assert_true(model->theta[0] == 0.76 && model->theta[1] == 0.76);
    dr_model_free(model);
    dr_economy_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(numbers), cmocka_unit_test(a_set_is_matched_by_division),
                                       cmocka_unit_test(a_file_names_each_sector_once),
                                       cmocka_unit_test(a_horizon_does_not_fill_the_gaps_of_a_set)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
