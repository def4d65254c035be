/* The largest paths against all paths, written out one by one. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "measure/paths.h"
#include "support/synthetic.h"

enum { SIZE = 7, SOURCES = 2, THIRD = 5, DEEPEST = 9, MOST = 60 };

/* A network whose nodes 0 and 1 are sources, and 5 and 6 those to be passed; each node's inputs are `inputs` of its
 * output. */
typedef struct example {
    double coefficients[SIZE * SIZE], content[SIZE], content_via[SIZE], use[SIZE];
    bool source[SIZE], via[SIZE];
} example;

/* Of the sources in a unit of output, to DEEPEST and far beyond; without the nodes to be passed if `short_of` them. */
static void contents(const example *e, bool short_of, double *content)
{
    double last[SIZE] = {0};
    for (int stage = 0; stage < 400; stage++) {
        for (size_t v = 0; v < SIZE; v++) {
            content[v] = 0;
            for (size_t u = 0; u < SIZE; u++)
                if (!short_of || !e->via[u])
                    content[v] += e->coefficients[v * SIZE + u] * (e->source[u] + last[u]);
        }
        memcpy(last, content, sizeof last);
    }
}

static example make(unsigned long long seed, double inputs)
{
    example e = {0};
    double without[SIZE];
    for (size_t v = 0; v < SIZE; v++) {
        double sum = 0;
        for (size_t u = 0; u < SIZE; u++)
            sum += e.coefficients[v * SIZE + u] = pow(synthetic_random(&seed), 3);
        for (size_t u = 0; u < SIZE; u++)
            e.coefficients[v * SIZE + u] *= inputs / sum;
        e.source[v] = v < SOURCES;
        e.via[v] = v >= THIRD;
        e.use[v] = v >= SOURCES && v < THIRD ? 1 + 9 * synthetic_random(&seed) : 0;
    }
    contents(&e, false, e.content);
    contents(&e, true, without);
    for (size_t v = 0; v < SIZE; v++)
        e.content_via[v] = e.content[v] - without[v];
    return e;
}

typedef struct list {
    double *values;
    size_t count, capacity;
} list;

/* Follows every path from `node` backwards, to DEEPEST links. */
static void enumerate(const example *e, bool only_via, size_t node, bool passed, double value, int links, list *all)
{
    for (size_t u = 0; u < SIZE && links < DEEPEST; u++) {
        double supplied = value * e->coefficients[node * SIZE + u];
        bool now = passed || e->via[u];
        if (e->source[u] && (now || !only_via)) {
            if (all->count == all->capacity) {
                all->capacity = 2 * all->capacity + 1024;
                all->values = realloc(all->values, all->capacity * sizeof *all->values);
                assert_non_null(all->values);
            }
            all->values[all->count++] = supplied;
        }
        if (supplied > 1e-4)
            enumerate(e, only_via, u, now, supplied, links + 1, all);
    }
}

static int larger_first(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

static dr_network network_of(const example *e, bool only_via)
{
    return (dr_network){.size = SIZE,
                        .coefficients = e->coefficients,
                        .source = e->source,
                        .content = e->content,
                        .via = only_via ? e->via : NULL,
                        .content_via = only_via ? e->content_via : NULL};
}

static void check_path(const example *e, bool only_via, const dr_path *path)
{
    double value = e->use[path->nodes[path->links]];
    bool passed = false;
    for (size_t i = path->links; i > 0; i--) {
        value *= e->coefficients[path->nodes[i] * SIZE + path->nodes[i - 1]];
        passed |= e->via[path->nodes[i]];
    }
    assert_true(path->links > 0 && e->source[path->nodes[0]] && (passed || !only_via));
    assert_true(fabs(path->value / value - 1) < 1e-14);
}

static void the_largest_of_all(void **state)
{
    (void)state;
    for (unsigned long long seed = 1; seed <= 12; seed++) {
        const example e = make(seed, 0.5);
        bool only_via = seed % 2;
        list all = {0};
        dr_paths found;
        dr_network network = network_of(&e, only_via);
        for (size_t v = 0; v < SIZE; v++)
            if (e.use[v] > 0)
                enumerate(&e, only_via, v, false, e.use[v], 0, &all);
        qsort(all.values, all.count, sizeof *all.values, larger_first);
        assert_true(all.count > MOST && all.values[MOST] > 1e-3);
        assert_int_equal(dr_paths_largest(&found, &network, e.use, MOST), DR_OK);
        assert_int_equal(found.count, MOST);
        for (size_t i = 0; i < MOST; i++) {
            assert_true(fabs(found.paths[i].value / all.values[i] - 1) < 1e-12);
            check_path(&e, only_via, &found.paths[i]);
        }
        dr_paths_free(&found);
        free(all.values);
    }
}

/* All paths add up to the content; with loops there is no end of them, so that enough of them almost do. */
static void paths_add_up_to_the_content(void **state)
{
    (void)state;
    const example e = make(3, 0.2);
    double whole[2] = {0}, sum[2] = {0};
    for (int only_via = 0; only_via < 2; only_via++) {
        dr_paths found;
        dr_network network = network_of(&e, only_via);
        assert_int_equal(dr_paths_largest(&found, &network, e.use, 3000), DR_OK);
        for (size_t v = 0; v < SIZE; v++)
            whole[only_via] += e.use[v] * (only_via ? e.content_via : e.content)[v];
        for (size_t i = 0; i < found.count; i++)
            sum[only_via] += found.paths[i].value;
        assert_true(sum[only_via] <= whole[only_via] * (1 + 1e-12) && sum[only_via] > 0.99 * whole[only_via]);
        dr_paths_free(&found);
    }
    assert_true(whole[1] < whole[0]);
}

/* Source 0 supplies 5, which supplies user 2, which nobody else supplies: one path. */
static void few_paths(void **state)
{
    (void)state;
    example e = {.source = {true}, .via = {[5] = true}, .use = {[2] = 10}};
    e.coefficients[2 * SIZE + 5] = 0.5;
    e.coefficients[5 * SIZE] = 0.25;
    e.content[5] = 0.25;
    e.content[2] = e.content_via[2] = 0.125;
    for (int only_via = 0; only_via < 2; only_via++)
        for (size_t count = 0; count < 4; count++) {
            dr_paths found;
            dr_network network = network_of(&e, only_via);
            assert_int_equal(dr_paths_largest(&found, &network, e.use, count), DR_OK);
            assert_int_equal(found.count, count > 0);
            if (count > 0) {
                assert_int_equal(found.paths[0].links, 2);
                assert_memory_equal(found.paths[0].nodes, ((size_t[]){0, 5, 2}), 3 * sizeof(size_t));
                assert_true(found.paths[0].value == 1.25);
            }
            dr_paths_free(&found);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_largest_of_all),
        cmocka_unit_test(paths_add_up_to_the_content),
        cmocka_unit_test(few_paths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
