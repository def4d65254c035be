/* A change in one line: the values of the usual keys of its instrument with colons between them, CHN:EU:goods:50%, or
 * all its keys, {by: CHN, to: EU, at: 60%, rent: importer}. Either becomes a mapping, which the reader of documents
 * takes. */
#include "scenario/change_line.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/names.h"
#include "scenario/change_entry.h"
#include "scenario/change_yaml.h"
#include "scenario/product_change.h"
#include "scenario/value_range.h"

enum { MOST_INSTRUMENTS = 64, SHAPE_SIZE = 128 };

static bool has_key(const dr_instrument *of, dr_key key)
{
    size_t k = 0;
    while (of->keys[k] != DR_KEYS && of->keys[k] != key)
        k++;
    return of->keys[k] == key;
}

/* Whether the last key of a line may be left out. */
static bool may_end(const dr_instrument *of, const dr_key *key)
{
    return of->optional && *key == of->optional;
}

/* "BY:TO:SECTORS:CUT[:inside]". */
static const char *shape(char out[SHAPE_SIZE], const dr_instrument *of)
{
    size_t length = 0;
    for (const dr_key *key = of->line; *key != DR_KEYS; key++) {
        const char *name = dr_entry_keys[*key];
        if (may_end(of, key))
            out[length++] = '[';
        if (key > of->line)
            out[length++] = ':';
        for (; *name && length + 16 < SHAPE_SIZE; name++)
            out[length++] = (char)toupper((unsigned char)*name);
        if (may_end(of, key))
            out[length++] = ']';
    }
    snprintf(out + length, SHAPE_SIZE - length, "%s", has_key(of, DR_KEY_INSIDE) ? "[:inside]" : "");
    return out;
}

static dr_status unknown(const char *function, const char *instrument)
{
    char hint[DR_HINT_SIZE];
    const char *names[MOST_INSTRUMENTS], *keys[DR_CHANGE_MOST_KEYS];
    size_t count = 0, key_count;
    while (count < MOST_INSTRUMENTS && (names[count] = dr_change_instrument(count, keys, &key_count)))
        count++;
    return dr_fail(DR_USAGE, "%s: instrument: '%.60s' is no instrument of policy%s", function, instrument,
                   dr_hint(hint, instrument, names, count));
}

/* ---- Values between colons --------------------------------------------------------------------------------------- */

static dr_status add_pair(yaml_document_t *document, int map, const char *key, const char *value)
{
    yaml_char_t *name = (yaml_char_t *)key, *text = (yaml_char_t *)value;
    int first = yaml_document_add_scalar(document, NULL, name, -1, YAML_PLAIN_SCALAR_STYLE);
    int second = yaml_document_add_scalar(document, NULL, text, -1, YAML_PLAIN_SCALAR_STYLE);
    return first && second && yaml_document_append_mapping_pair(document, map, first, second) ? DR_OK
                                                                                              : dr_fail_memory();
}

/* Removes ":inside" from the end of a text; whether it was there. */
static bool take_inside(char *text)
{
    static const char word[] = ":inside";
    size_t size = strlen(text), length = sizeof word - 1;
    bool there = size > length && strcmp(text + size - length, word) == 0;
    if (there)
        text[size - length] = '\0';
    return there;
}

/* Fills the mapping with the parts of `text`, which are cut apart. Errors: DR_USAGE (another number of parts). */
static dr_status fill(yaml_document_t *document, int map, const dr_instrument *of, char *text)
{
    bool inside = has_key(of, DR_KEY_INSIDE) && take_inside(text);
    const dr_key *key = of->line;
    char *rest = text, words[SHAPE_SIZE];
    bool whole = true;
    for (; *key != DR_KEYS && rest; key++) {
        const char *part = strsep(&rest, ":"), *name = dr_entry_keys[*key];
        whole = whole && *part;
        if (*key == DR_KEY_SECTORS && has_key(of, DR_KEY_PRODUCTS) && dr_product_list(part))
            name = dr_entry_keys[DR_KEY_PRODUCTS];
        DR_TRY(add_pair(document, map, name, part));
    }
    if (!whole || rest || (*key != DR_KEYS && !may_end(of, key)))
        return dr_fail(DR_USAGE, "expected %s", shape(words, of));
    return inside ? add_pair(document, map, dr_entry_keys[DR_KEY_INSIDE], "true") : DR_OK;
}

static dr_status make_document(dr_yaml *yaml, const dr_instrument *of, const char *text)
{
    char *copy = strdup(text);
    if (!copy || !yaml_document_initialize(&yaml->document, NULL, NULL, NULL, 1, 1)) {
        free(copy);
        return dr_fail_memory();
    }
    int map = yaml_document_add_mapping(&yaml->document, NULL, YAML_FLOW_MAPPING_STYLE);
    dr_status status = map ? fill(&yaml->document, map, of, copy) : dr_fail_memory();
    free(copy);
    return status;
}

/* ---- The change -------------------------------------------------------------------------------------------------- */

static dr_status read_line(dr_yaml *yaml, const dr_instrument *of, const char *text)
{
    *yaml = (dr_yaml){.from_memory = true};
    if (text[strspn(text, " ")] != '{')
        return make_document(yaml, of, text);
    DR_TRY(dr_yaml_parse(yaml, text, strlen(text), of->name, "the keys of a change"));
    yaml->path = NULL; /* places would be columns of the line */
    return DR_OK;
}

dr_status dr_change_line(dr_scenario *scenario, const char *instrument, const char *text, const char *key,
                         const char *value, bool *taken)
{
    dr_yaml yaml;
    dr_own_groups none = {0};
    const dr_change_reader reader = {.yaml = &yaml, .scenario = scenario, .own = &none};
    const dr_instrument *of = dr_instrument_named(instrument);
    dr_status status = read_line(&yaml, of, text);
    yaml_node_t *map = status == DR_OK ? yaml_document_get_root_node(&yaml.document) : NULL;
    if (status == DR_OK && (!map || map->type != YAML_MAPPING_NODE))
        status = dr_fail(DR_BAD_INPUT, "expected keys and values, such as {by: EU, on: CHN}");
    if (status == DR_OK && key)
        status = dr_range_keys(&yaml, map, key, value, taken);
    if (status == DR_OK)
        status = dr_change_read_keys(&reader, of, map, true);
    dr_yaml_free(&yaml);
    return status;
}

dr_status dr_scenario_change(dr_scenario *scenario, const char *instrument, const char *text)
{
    DR_TRY(DR_GIVEN(scenario, instrument, text));
    if (!dr_instrument_named(instrument))
        return unknown(__func__, instrument);
    dr_status status = dr_change_line(scenario, instrument, text, NULL, NULL, NULL);
    return status == DR_USAGE ? dr_fail_at(status, "dr_scenario_change: text") : status;
}
