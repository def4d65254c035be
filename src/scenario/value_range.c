#include "scenario/value_range.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/print.h"

/* A number with or without a percent sign. */
static bool read_value(const char *text, double *value, bool *percent)
{
    char bare[DR_RANGE_VALUE_SIZE];
    size_t length = strlen(text);
    *percent = length > 0 && text[length - 1] == '%';
    snprintf(bare, sizeof bare, "%.*s", (int)(length - *percent), text);
    return length < sizeof bare && dr_parse_number(bare, value) && isfinite(*value);
}

static dr_status read_range(dr_range *out, char *values, const char *given)
{
    enum { FROM, TO, STEP, PARTS };
    double number[PARTS] = {0};
    size_t parts = 0;
    bool percent = false, alike = true;
    for (char *rest = values; rest && parts <= PARTS; parts++) {
        const char *part = strsep(&rest, ":");
        alike = parts < PARTS && read_value(part, &number[parts], &percent) && alike &&
                (parts == 0 || percent == out->percent);
        out->percent = percent;
        if (!alike)
            break;
    }
    if (!alike || parts != PARTS || !(number[STEP] > 0) || number[TO] < number[FROM])
        return dr_fail(DR_BAD_INPUT, "'%.100s': expected KEY=FROM:TO:STEP, such as rate=10%%:60%%:10%%", given);
    double steps = floor((number[TO] - number[FROM]) / number[STEP] + 1e-9);
    if (steps >= DR_RANGE_MOST)
        return dr_fail(DR_BAD_INPUT, "'%.100s' has more than %d values", given, DR_RANGE_MOST);
    out->from = number[FROM];
    out->step = number[STEP];
    out->count = (size_t)steps + 1;
    return DR_OK;
}

dr_status dr_range_read(dr_range *out, const char *text)
{
    const char *equals = strchr(text, '=');
    *out = (dr_range){0};
    if (!equals || equals == text || equals - text >= DR_RANGE_KEY_SIZE)
        return dr_fail(DR_BAD_INPUT, "'%.100s': expected KEY=FROM:TO:STEP, such as rate=10%%:60%%:10%%", text);
    memcpy(out->key, text, (size_t)(equals - text));
    char *values = strdup(equals + 1);
    dr_status status = values ? read_range(out, values, text) : dr_fail_memory();
    free(values);
    return status;
}

const char *dr_range_value(char out[DR_RANGE_VALUE_SIZE], const dr_range *range, size_t index)
{
    dr_print_text(out, DR_RANGE_VALUE_SIZE, "%.10g%s", range->from + (double)index * range->step,
                  range->percent ? "%" : "");
    return out;
}

dr_status dr_range_keys(dr_yaml *yaml, const yaml_node_t *map, const char *key, const char *value, bool *found)
{
    for (const yaml_node_pair_t *pair = map->data.mapping.pairs.start; pair < map->data.mapping.pairs.top; pair++) {
        const yaml_node_t *name = dr_yaml_node(yaml, pair->key);
        yaml_node_t *node = dr_yaml_node(yaml, pair->value);
        if (name->type != YAML_SCALAR_NODE || node->type != YAML_SCALAR_NODE || strcmp(dr_yaml_text(name), key) != 0)
            continue;
        char *copy = strdup(value);
        if (!copy)
            return dr_fail_memory();
        free(node->data.scalar.value);
        node->data.scalar.value = (yaml_char_t *)copy;
        node->data.scalar.length = strlen(copy);
        *found = true;
    }
    return DR_OK;
}

/* A change is a mapping of one name to the mapping of its keys. */
static dr_status set_in_changes(dr_yaml *yaml, const yaml_node_t *changes, const char *key, const char *value,
                                bool *found)
{
    for (const yaml_node_item_t *item = changes->data.sequence.items.start; item < changes->data.sequence.items.top;
         item++) {
        const yaml_node_t *change = dr_yaml_node(yaml, *item);
        if (change->type != YAML_MAPPING_NODE || change->data.mapping.pairs.start == change->data.mapping.pairs.top)
            continue;
        const yaml_node_t *keys = dr_yaml_node(yaml, change->data.mapping.pairs.start->value);
        if (keys->type == YAML_MAPPING_NODE)
            DR_TRY(dr_range_keys(yaml, keys, key, value, found));
    }
    return DR_OK;
}

dr_status dr_range_document(dr_yaml *yaml, const char *key, const char *value)
{
    const yaml_node_t *root = yaml_document_get_root_node(&yaml->document);
    bool found = false;
    for (const yaml_node_pair_t *pair = root && root->type == YAML_MAPPING_NODE ? root->data.mapping.pairs.start : NULL;
         pair && pair < root->data.mapping.pairs.top; pair++) {
        const yaml_node_t *name = dr_yaml_node(yaml, pair->key), *changes = dr_yaml_node(yaml, pair->value);
        if (name->type == YAML_SCALAR_NODE && strcmp(dr_yaml_text(name), "changes") == 0 &&
            changes->type == YAML_SEQUENCE_NODE)
            DR_TRY(set_in_changes(yaml, changes, key, value, &found));
    }
    return found ? DR_OK : dr_fail(DR_BAD_INPUT, "%s: no change has the key '%s'", yaml->path, key);
}
