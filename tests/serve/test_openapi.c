/* docs/openapi.yaml has every path, parameter and key that the server knows, and no other, with the type, range, list
 * and default of its row. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/csv.h"
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

static size_t count_rows(const serve_endpoint *endpoint)
{
    size_t count = 0;
    while (option_at(endpoint->options, count))
        count++;
    return count;
}

static const option_row *row_of(const serve_endpoint *endpoint, const char *key)
{
    const option_row *row = option_find(endpoint->options, key);
    if (!row)
        fail_msg("%s: '%s' is described, and the server does not know it", endpoint->path, key);
    return row;
}

/* ---- Schemas ----------------------------------------------------------------------------------------------------- */

/* The name of the schema in components/schemas that this one refers to; "": it refers to none. */
static const char *reference_of(const yaml_node_t *schema)
{
    static const char folder[] = "#/components/schemas/";
    const yaml_node_t *reference = member(schema, "$ref");
    return reference ? dr_yaml_text(reference) + sizeof folder - 1 : "";
}

static const char *text_of(const yaml_node_t *schema, const char *key)
{
    const yaml_node_t *value = member(schema, key);
    return value ? dr_yaml_text(value) : "";
}

static void check_number(const option_row *row, const yaml_node_t *schema, const char *type)
{
    double number = NAN;
    assert_string_equal(text_of(schema, "type"), type);
    assert_true(dr_parse_number(text_of(schema, row->above ? "exclusiveMinimum" : "minimum"), &number));
    assert_true(number == row->least);
    if (row->most != 0) {
        assert_true(dr_parse_number(text_of(schema, "maximum"), &number));
        assert_true(number <= row->most); /* the server may take less than the command */
    }
}

static void check_words(const option_row *row, const yaml_node_t *schema)
{
    const yaml_node_t *list = member(schema, "enum");
    assert_non_null(list);
    size_t count = (size_t)(list->data.sequence.items.top - list->data.sequence.items.start);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(dr_yaml_text(dr_yaml_node(&yaml, list->data.sequence.items.start[i])), row->words[i]);
    assert_null(row->words[count]);
}

/* The type, range, list and default of a parameter or key are those of its row. */
static void check_schema(const option_row *row, const yaml_node_t *schema)
{
    const char *name = reference_of(schema);
    if (row->kind == OPTION_COUNT || row->kind == OPTION_NUMBER)
        check_number(row, schema, row->kind == OPTION_COUNT ? "integer" : "number");
    if (row->kind == OPTION_RATE)
        assert_string_equal(name, "Rate");
    if (row->kind == OPTION_WORD)
        check_words(row, schema);
    if (row->kind == OPTION_FLAG)
        assert_string_equal(text_of(schema, "type"), "boolean");
    if (row->kind == OPTION_TEXT)
        assert_string_equal(text_of(schema, "type"), "string");
    if (row->kind == OPTION_REGION || row->kind == OPTION_SECTOR || row->kind == OPTION_WORDS)
        assert_true(strcmp(name, "Names") == 0 || strcmp(text_of(schema, "type"), "string") == 0);
    double number = 0;
    bool has_default = row->kind == OPTION_WORD || (row->fallback && dr_parse_number(row->fallback, &number));
    if (has_default && row->fallback)
        assert_string_equal(text_of(schema, "default"), row->fallback);
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
        const option_row *row = row_of(endpoint, dr_yaml_text(member(parameter, "name")));
        check_schema(row, member(parameter, "schema"));
        assert_int_equal(strcmp(text_of(parameter, "required"), "true") == 0, row->required);
        count++;
    }
    assert_int_equal(count, count_rows(endpoint));
}

static bool is_listed(const yaml_node_t *list, const char *name)
{
    for (yaml_node_item_t *item = list->data.sequence.items.start; item < list->data.sequence.items.top; item++)
        if (strcmp(dr_yaml_text(dr_yaml_node(&yaml, *item)), name) == 0)
            return true;
    return false;
}

static void check_body(const serve_endpoint *endpoint, yaml_node_t *operation)
{
    yaml_node_t *schema = find(operation, "requestBody>content>application/json>schema");
    const yaml_node_t *properties = find(schema, "properties"), *required = find(schema, "required");
    size_t count = 0;
    for (yaml_node_pair_t *pair = properties->data.mapping.pairs.start; pair < properties->data.mapping.pairs.top;
         pair++, count++) {
        const option_row *row = row_of(endpoint, dr_yaml_text(dr_yaml_node(&yaml, pair->key)));
        check_schema(row, dr_yaml_node(&yaml, pair->value));
        bool needed = row->required || (endpoint->needs_one && strcmp(endpoint->needs_one, row->name) == 0);
        assert_int_equal(is_listed(required, row->name), needed);
    }
    assert_int_equal(count, count_rows(endpoint));
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
