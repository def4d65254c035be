/* dr_fetch: cancelling, progress and a build without network; what servers do is in tests/cli/test_fetch.py. */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/download.h"
#include "support/check.h"

static const char mirror[] = "mirror.csv";

/* A server that accepts connections (the system does that for it) and says nothing; *port is its own. */
static int silent_server(int *port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    int server = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(server >= 0);
    assert_int_equal(bind(server, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(server, 4), 0);
    assert_int_equal(getsockname(server, (struct sockaddr *)&at, &size), 0);
    *port = ntohs(at.sin_port);
    return server;
}

static void write_mirror(int port)
{
    FILE *file = fopen(mirror, "w");
    assert_non_null(file);
    fprintf(file, "source,edition,first,last,file,address\nicio,test,2011,2011,t.zip,http://127.0.0.1:%d/t.zip\n",
            port);
    assert_int_equal(fclose(file), 0);
}

static void *cancel_soon(void *cancel)
{
    const struct timespec pause = {.tv_nsec = 200000000};
    nanosleep(&pause, NULL);
    dr_cancel_now(cancel);
    return NULL;
}

static void cancelled(void **state)
{
    (void)state;
    int port = 0, server = silent_server(&port);
    pthread_t thread;
    dr_cancel *cancel = NULL;
    dr_table *report = NULL;
    if (!dr_download_possible())
        skip();
    write_mirror(port);
    setenv("no_proxy", "127.0.0.1", 1);
    assert_int_equal(dr_cancel_new(&cancel), DR_OK);
    dr_cancel_watch(cancel);
    assert_int_equal(pthread_create(&thread, NULL, cancel_soon, cancel), 0);
    assert_int_equal(dr_fetch(&report, "icio", &DR_OPTIONS(dr_fetch_options, .mirror = mirror, .cache = "fetch-cache")),
                     DR_CANCELLED);
    pthread_join(thread, NULL);
    assert_null(report);
    assert_int_equal(access("fetch-cache/icio/test/t.zip.part", F_OK), -1);
    dr_cancel_watch(NULL);
    dr_cancel_free(cancel);
    close(server);
    rmdir("fetch-cache/icio/test");
    rmdir("fetch-cache/icio");
    rmdir("fetch-cache");
    unlink(mirror);
}

static void without_network(void **state)
{
    (void)state;
    dr_table *table = NULL;
    assert_int_equal(dr_fetch_sources(&table, &DR_OPTIONS(dr_fetch_options, .cache = "fetch-cache")), DR_OK);
    assert_true(dr_table_rows(table) > 30);
    assert_string_equal(dr_table_text(table, 0, 0), "icio");
    dr_table_free(table);
    if (dr_download_possible())
        return;
    const dr_download download = {.address = "https://x.example/t.zip", .path = "t.zip", .digest = "", .silence = 1};
    assert_int_equal(dr_download_run(&download), DR_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(cancelled), cmocka_unit_test(without_network)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
