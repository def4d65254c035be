/* How a document says that it is to be solved, from files and from memory; and documents in memory. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scenario/scenario.h"
#include "scenario/settings.h"
#include "support/check.h"
#include "support/synthetic.h"

static dr_status parse(dr_settings **out, const char *text)
{
    return dr_settings_parse(out, text, strlen(text), "given");
}

static void refused(const char *text, const char *line)
{
    dr_settings *settings = NULL;
    assert_int_equal(parse(&settings, text), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(), line);
    assert_null(settings);
}

static void settings_are_read_and_the_rest_is_passed_over(void **state)
{
    dr_settings *settings = NULL;
    (void)state;
    ok(parse(&settings, "title: x\nyear: 2011\nhorizon: short\nmodel: armington\nelasticity: 4\nclosure: zero\n"
                        "rigid-wages: EU:97%\nchanges: []\n"));
    const dr_model_options *o = dr_settings_model(settings);
    assert_int_equal(dr_settings_year(settings), 2011);
    assert_string_equal(o->horizon, "short");
    assert_string_equal(o->model, "armington");
    assert_string_equal(o->elasticity, "4");
    assert_int_equal(o->closure, DR_CLOSURE_ZERO);
    assert_string_equal(o->rigid_wages, "EU:97%");
    dr_settings_free(settings);
    ok(parse(&settings, "{\"changes\": [], \"horizon\": \"long\"}"));
    assert_int_equal(dr_settings_year(settings), 0);
    assert_string_equal(dr_settings_model(settings)->horizon, "long");
    assert_null(dr_settings_model(settings)->model);
    dr_settings_free(settings);
    ok(parse(&settings, "just a text"));
    dr_settings_free(settings);
}

static void what_is_wrong_is_told_with_its_place(void **state)
{
    (void)state;
    refused("year: soon", "given:1:7: 'soon' is not a year");
    refused("title: x\nyear: 2011.5", "given:2:7: '2011.5' is not a year");
    refused("horizon: shrot",
            "given:1:10: unknown horizon 'shrot'; expected one such as 'short'; did you mean 'short'?");
    refused("model: [a]", "given:1:8: expected a word or number");
    refused("model: armingtn",
            "given:1:8: unknown model 'armingtn'; expected one such as 'caliendo-parro'; did you mean "
            "'armington'?");
    refused("closure: zeor", "given:1:10: unknown closure 'zeor'; expected one such as 'fixed'; did you mean 'zero'?");
    refused("year: 2011\nyear: 2012", "given:2:7: the key 'year' is given twice");
    refused("a: [", "given:2:1: not YAML: did not find expected node content");
}

/* A CSV of elasticities stands beside the document, wherever the program was started. */
static void a_file_is_named_from_the_document_s_folder(void **state)
{
    char folder[] = "/tmp/derisk-XXXXXX", document[64], beside[64];
    dr_settings *settings = NULL;
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(document, sizeof document, "%s/s.yaml", folder);
    snprintf(beside, sizeof beside, "%s/theta.csv", folder);
    FILE *file = fopen(beside, "w");
    fputs("sector,trade_elasticity\nall,4\n", file);
    fclose(file);
    file = fopen(document, "w");
    fputs("elasticity: theta.csv\nchanges: []\n", file);
    fclose(file);
    ok(dr_settings_load(&settings, document));
    assert_string_equal(dr_settings_model(settings)->elasticity, beside);
    dr_settings_free(settings);
    ok(parse(&settings, "elasticity: theta.csv"));
    assert_string_equal(dr_settings_model(settings)->elasticity, "theta.csv");
    dr_settings_free(settings);
    unlink(document);
    unlink(beside);
    rmdir(folder);
}

static dr_economy *economy_new(void)
{
    synthetic y = synthetic_new(4, 2, 1, true, true);
    dr_economy *e = synthetic_economy(&y);
    synthetic_free(&y);
    return e;
}

static void elasticities_are_known_or_not(void **state)
{
    dr_economy *e = economy_new();
    (void)state;
    ok(dr_elasticity_check(e, "4.5"));
    ok(dr_elasticity_check(e, "caliendo-parro-2015"));
    assert_int_equal(dr_elasticity_check(e, "/etc/passwd"), DR_BAD_INPUT);
    assert_int_equal(dr_elasticity_check(e, "caliendo-parro-2016"), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(),
                        "'caliendo-parro-2016' is not a number or elasticity set; did you mean 'caliendo-parro-2015'?");
    dr_economy_free(e);
}

static void a_scenario_in_memory_is_that_of_the_file(void **state)
{
    char path[] = "/tmp/derisk-XXXXXX", text[256];
    dr_economy *e = economy_new();
    dr_scenario *read = NULL, *parsed = NULL;
    (void)state;
    int size = snprintf(text, sizeof text,
                        "{\"title\": \"t\", \"horizon\": \"short\", \"changes\": [{\"tariff\": {\"by\": \"%s\", "
                        "\"on\": \"%s\", \"rate\": \"25%%\"}}]}",
                        e->region_codes.names[0], e->region_codes.names[1]);
    int file = mkstemp(path);
    assert_int_equal(write(file, text, (size_t)size), size);
    close(file);
    ok(dr_scenario_load(&read, e, path));
    ok(dr_scenario_parse(&parsed, e, text, (size_t)size, "given"));
    assert_string_equal(parsed->title, "t");
    size_t changed = 0;
    for (size_t f = 0; f < e->regions * e->regions * e->sectors; f++) {
        assert_int_equal(parsed->change[f], read->change[f]);
        assert_true(!read->change[f] || parsed->rate[f] == read->rate[f]);
        changed += read->change[f] != 0;
    }
    assert_int_equal(changed, e->sectors);
    dr_scenario_free(read);
    dr_scenario_free(parsed);
    unlink(path);
    dr_economy_free(e);
}

static void a_scenario_in_memory_names_no_files(void **state)
{
    static const char *const documents[] = {"changes:\n  - tariff: {file: /etc/passwd}",
                                            "changes:\n  - leave: {region: x, group: y, trade-cost: {file: z.csv}}"};
    dr_economy *e = economy_new();
    dr_scenario *scenario = NULL;
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(dr_scenario_parse(&scenario, e, documents[i], strlen(documents[i]), "given"), DR_BAD_INPUT);
        assert_non_null(strstr(dr_error_text(), "only a document that is a file itself names other files"));
    }
    dr_economy_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settings_are_read_and_the_rest_is_passed_over),
        cmocka_unit_test(what_is_wrong_is_told_with_its_place),
        cmocka_unit_test(a_file_is_named_from_the_document_s_folder),
        cmocka_unit_test(elasticities_are_known_or_not),
        cmocka_unit_test(a_scenario_in_memory_is_that_of_the_file),
        cmocka_unit_test(a_scenario_in_memory_names_no_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
