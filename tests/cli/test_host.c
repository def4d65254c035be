/* Commands called in the process of another program: their tables, errors, further tables, and what stays open. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/demo_files.h"
#include "cli/host.h"

static char path[] = "/tmp/derisk-host-XXXXXX", world[64];
static cli_host *host;

static int set_up(void **state)
{
    (void)state;
    cli_demo_files files = {0};
    if (!mkdtemp(path) || cli_host_new(&host) != DR_OK || cli_demo_unpack(&files) != DR_OK)
        return -1;
    snprintf(world, sizeof world, "%s/sample.world", path);
    dr_status status = cli_demo_make_sample(&files, world);
    cli_demo_remove(&files);
    return status == DR_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    cli_host_free(host);
    unlink(world);
    return rmdir(path);
}

typedef struct heard {
    size_t calls, stop_at;
} heard;

static bool tell(const char *what, size_t done, size_t all, void *user)
{
    heard *t = user;
    (void)what;
    return done <= all && ++t->calls != t->stop_at;
}

/* Calls a command on the world with up to two settings. */
static dr_status call(cli_call **out, const char *command, const cli_setting settings[2], heard *told)
{
    const char *arguments[] = {world};
    cli_request request = {.command = command, .arguments = arguments, .argument_count = 1, .settings = settings};
    while (request.setting_count < 2 && settings[request.setting_count].name)
        request.setting_count++;
    request.progress = told ? tell : NULL;
    request.user = told;
    return cli_host_call(out, host, &request);
}

static const cli_setting tariff[2] = {{"tariff", "EU:CHN:transport-equipment:25%"}};

static void results_are_tables(void **state)
{
    (void)state;
    cli_call *first = NULL, *again = NULL;
    dr_table *flows = NULL;
    assert_int_equal(call(&first, "simulate", tariff, NULL), DR_OK);
    assert_int_equal(call(&again, "simulate", tariff, NULL), DR_OK);
    dr_table *a = cli_call_table(first), *b = cli_call_table(again);
    assert_int_equal(dr_table_rows(a), 25);
    size_t welfare = (size_t)dr_table_find(a, "welfare");
    for (size_t i = 0; i < dr_table_rows(a); i++) /* the kept model gives the same digits */
        assert_true(dr_table_number(a, i, welfare) == dr_table_number(b, i, welfare));
    assert_int_equal(cli_call_more(&flows, first, "flows"), DR_OK);
    assert_string_equal(dr_table_fact_text(flows, "command"), "simulate");
    assert_int_equal(dr_table_find(flows, "new"), 4);
    dr_table_free(flows);
    assert_int_equal(cli_call_more(&flows, first, "flaws"), DR_USAGE);
    assert_int_equal(cli_call_draw(first, a, "plott", "/dev/null"), DR_USAGE);
    cli_call_free(first);
    cli_call_free(again);
}

static void errors_are_those_of_the_command(void **state)
{
    static const struct {
        const char *command;
        cli_setting settings[2];
        dr_status status;
        const char *line;
    } wrong[] = {
        {"simulat", {{0}}, DR_USAGE, "unknown command 'simulat'; did you mean 'simulate'?"},
        {"simulate", {{"tarif", "x"}}, DR_USAGE, "simulate: unknown option 'tarif'; did you mean 'tariff'?"},
        {"simulate",
         {{"horizon", "medum"}},
         DR_USAGE,
         "simulate: horizon 'medum': expected short, medium or long; did you mean 'medium'?"},
        {"balance", {{0}}, DR_USAGE, "balance: A is missing: region or group, or several separated by commas"},
        {"export", {{"table", "regionn"}, {"output", "/nowhere/a.csv"}}, DR_BAD_INPUT, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        cli_call *out = NULL;
        assert_int_equal(call(&out, wrong[i].command, wrong[i].settings, NULL), wrong[i].status);
        assert_null(out);
        if (wrong[i].line)
            assert_string_equal(dr_error_text(), wrong[i].line);
    }
}

static void a_call_can_be_stopped(void **state)
{
    static const cli_setting draws[2] = {{"draws", "100000"}, {"tariff", "EU:CHN:all:10%"}};
    heard t = {.stop_at = 2};
    cli_call *out = NULL;
    (void)state;
    assert_int_equal(call(&out, "simulate", draws, &t), DR_BAD_INPUT); /* the elasticity has no error */
    assert_int_equal(t.calls, 0);
    static const cli_setting cuts[2] = {{"elasticity-error", "20%"}, {"draws", "100000"}};
    const char *arguments[] = {world};
    const cli_setting all[] = {cuts[0], cuts[1], draws[1]};
    const cli_request request = {"simulate", arguments, 1, all, 3, tell, &t};
    assert_int_equal(cli_host_call(&out, host, &request), DR_CANCELLED);
    assert_int_equal(t.calls, 2);
}

static void a_world_that_is_written_to_is_let_go(void **state)
{
    static const cli_setting stored[2] = {{"tariff", "EU:CHN:all:10%"}, {"store", "mine"}};
    cli_call *out = NULL;
    (void)state;
    assert_int_equal(call(&out, "info", (cli_setting[2]){{0}}, NULL), DR_OK);
    cli_call_free(out);
    out = NULL;
    assert_int_equal(call(&out, "simulate", stored, NULL), DR_OK);
    cli_call_free(out);
    out = NULL;
    assert_int_equal(call(&out, "results", (cli_setting[2]){{0}}, NULL), DR_OK);
    assert_int_equal(dr_table_rows(cli_call_table(out)), 1);
    cli_call_free(out);
    cli_host_forget(host);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_are_tables),
        cmocka_unit_test(errors_are_those_of_the_command),
        cmocka_unit_test(a_call_can_be_stopped),
        cmocka_unit_test(a_world_that_is_written_to_is_let_go),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
