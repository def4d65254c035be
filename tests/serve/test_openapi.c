/* docs/openapi.yaml has every path, parameter and key that the server knows, and no other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/yaml.h"
#include "serve/endpoints.h"

static dr_yaml yaml;

static int load(void **state)
{
    (void)state;
    return dr_yaml_load(&yaml, "docs/openapi.yaml", "a description") != DR_OK;
}

static int unload(void **state)
{
    (void)state;
    dr_yaml_free(&yaml);
    return 0;
}

/* The value of a key, or NULL. */
static yaml_node_t *member(const yaml_node_t *map, const char *key)
{
    for (yaml_node_pair_t *pair = map->data.mapping.pairs.start; pair < map->data.mapping.pairs.top; pair++)
        if (strcmp(dr_yaml_text(dr_yaml_node(&yaml, pair->key)), key) == 0)
            return dr_yaml_node(&yaml, pair->value);
    return NULL;
}

/* The value at a path of keys, '>' between. */
static yaml_node_t *find(yaml_node_t *node, const char *path)
{
    char copy[256], *rest = copy, *key;
    snprintf(copy, sizeof copy, "%s", path);
    while (node && (key = strsep(&rest, ">")))
        node = member(node, key);
    if (!node)
        fail_msg("%s is not described", path);
    return node;
}

static size_t count_keys(const serve_endpoint *endpoint)
{
    size_t count = 0;
    while (endpoint->keys[count])
        count++;
    return count;
}

static void check_key(const serve_endpoint *endpoint, const char *key)
{
    for (size_t k = 0; endpoint->keys[k]; k++)
        if (strcmp(endpoint->keys[k], key) == 0)
            return;
    fail_msg("%s: '%s' is described, and the server does not know it", endpoint->path, key);
}

static void check_parameters(const serve_endpoint *endpoint, const yaml_node_t *operation)
{
    const yaml_node_t *list = member(operation, "parameters");
    size_t count = 0;
    yaml_node_item_t *first = list ? list->data.sequence.items.start : NULL;
    for (yaml_node_item_t *item = first; list && item < list->data.sequence.items.top; item++) {
        const yaml_node_t *parameter = dr_yaml_node(&yaml, *item);
        if (strcmp(dr_yaml_text(member(parameter, "in")), "query") != 0)
            continue;
        check_key(endpoint, dr_yaml_text(member(parameter, "name")));
        count++;
    }
    assert_int_equal(count, count_keys(endpoint));
}

static void check_body(const serve_endpoint *endpoint, yaml_node_t *operation)
{
    const yaml_node_t *properties = find(operation, "requestBody>content>application/json>schema>properties");
    size_t count = 0;
    for (yaml_node_pair_t *pair = properties->data.mapping.pairs.start; pair < properties->data.mapping.pairs.top;
         pair++, count++)
        check_key(endpoint, dr_yaml_text(dr_yaml_node(&yaml, pair->key)));
    assert_int_equal(count, count_keys(endpoint));
}

static void describes_every_endpoint(void **state)
{
    (void)state;
    yaml_node_t *paths = find(yaml_document_get_root_node(&yaml.document), "paths");
    size_t count = 0;
    for (const serve_endpoint *endpoint = serve_endpoints; endpoint->path; endpoint++, count++) {
        char path[128];
        bool named = endpoint->path[strlen(endpoint->path) - 1] == '/', get = strcmp(endpoint->method, "GET") == 0;
        snprintf(path, sizeof path, "%s%s>%s", endpoint->path, named ? "{name}" : "", get ? "get" : "post");
        yaml_node_t *operation = find(paths, path);
        if (get)
            check_parameters(endpoint, operation);
        else
            check_body(endpoint, operation);
    }
    assert_int_equal(paths->data.mapping.pairs.top - paths->data.mapping.pairs.start, count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(describes_every_endpoint)};
    return cmocka_run_group_tests(tests, load, unload);
}
