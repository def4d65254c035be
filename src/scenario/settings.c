/* The settings in the document of a scenario or game. */
#include "scenario/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/check.h"
#include "base/csv.h"
#include "base/yaml.h"
#include "scenario/model_options.h"

const char *const dr_closures[] = {"fixed", "income-share", "zero", NULL};
const char *const dr_rents[] = {"exporter", "importer", "lost", NULL};
const char *const dr_horizons[] = {"short", "medium", "long", NULL};
const char *const dr_models[] = {"caliendo-parro", "baqaee-farhi", "krugman", "armington", NULL};
const char *const dr_elasticity_sets[] = {"caliendo-parro-2015", "fontagne-guimbard-orefice-2022",
                                          "lashkaripour-lugovskyy-2023", NULL};

const char *const dr_products_words[] = {"nest", "average", NULL};
const char *const dr_entries[] = {"free", "restricted", NULL};
const char *const dr_revenue_uses[] = {"rebate", "income-tax", "keep", NULL};

enum {
    YEAR,
    HORIZON,
    MODEL,
    ELASTICITY,
    CLOSURE,
    PRODUCTS = 8,
    PRODUCT_ELASTICITY,
    PRODUCT_SUBSTITUTION,
    IMPORT_ELASTICITY,
    SCALE,
    ENTRY,
    REVENUE = 15,
    OVERHEAD
};
static const char *const keys[DR_SETTINGS] = {DR_SETTINGS_KEYS};

struct dr_settings {
    int year;
    dr_model_options model;
    char *texts[DR_SETTINGS];
};

void dr_settings_free(dr_settings *settings)
{
    if (!settings)
        return;
    for (size_t k = 0; k < DR_SETTINGS; k++)
        free(settings->texts[k]);
    free(settings);
}

int dr_settings_year(const dr_settings *settings)
{
    return settings ? settings->year : 0;
}

const dr_model_options *dr_settings_model(const dr_settings *settings)
{
    return settings ? &settings->model : NULL;
}

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

/* Which of the words the node is. */
static dr_status take_word(const dr_yaml *yaml, const yaml_node_t *node, const char *what, const char *const *words,
                           size_t *found)
{
    char hint[DR_HINT_SIZE];
    size_t count = 0;
    *found = SIZE_MAX;
    for (; words[count]; count++)
        if (strcmp(words[count], dr_yaml_text(node)) == 0)
            *found = count;
    if (*found != SIZE_MAX)
        return DR_OK;
    return dr_yaml_fail(yaml, node, "unknown %s '%.60s'; expected one such as '%s'%s", what, dr_yaml_text(node),
                        words[0], dr_hint(hint, dr_yaml_text(node), words, count));
}

static dr_status take_year(const dr_yaml *yaml, const yaml_node_t *node, int *year)
{
    double number = 0;
    if (!dr_parse_number(dr_yaml_text(node), &number) || number < 1 || number > 9999 || number != (int)number)
        return dr_yaml_fail(yaml, node, "'%.40s' is not a year", dr_yaml_text(node));
    *year = (int)number;
    return DR_OK;
}

/* A file of elasticities is named from the document's folder. */
static dr_status find_file(const dr_yaml *yaml, char **elasticity)
{
    const char *slash = yaml->from_memory ? NULL : strrchr(yaml->path, '/');
    char *beside = NULL;
    double number = 0;
    bool named = dr_parse_number(*elasticity, &number);
    for (size_t i = 0; dr_elasticity_sets[i] && !named; i++)
        named = strcmp(*elasticity, dr_elasticity_sets[i]) == 0;
    if (!slash || named || **elasticity == '/')
        return DR_OK;
    if (asprintf(&beside, "%.*s%s", (int)(slash - yaml->path + 1), yaml->path, *elasticity) < 0)
        return dr_fail_memory();
    if (access(beside, R_OK) == 0) {
        free(*elasticity);
        *elasticity = beside;
    } else {
        free(beside);
    }
    return DR_OK;
}

static dr_status take_setting(dr_settings *s, const dr_yaml *yaml, const yaml_node_t *node, size_t key)
{
    size_t word = 0;
    DR_TRY(dr_yaml_need_text(yaml, node, "a word or number"));
    if (s->texts[key])
        return dr_yaml_fail(yaml, node, "the key '%s' is given twice", keys[key]);
    if (!(s->texts[key] = strdup(dr_yaml_text(node))))
        return dr_fail_memory();
    switch (key) {
    case YEAR:
        return take_year(yaml, node, &s->year);
    case HORIZON:
        return take_word(yaml, node, "horizon", dr_horizons, &word);
    case MODEL:
        return take_word(yaml, node, "model", dr_models, &word);
    case PRODUCTS:
        return take_word(yaml, node, "way with products", dr_products_words, &word);
    case ENTRY:
        return take_word(yaml, node, "entry", dr_entries, &word);
    case REVENUE:
        return take_word(yaml, node, "use of tariff revenue", dr_revenue_uses, &word);
    case ELASTICITY:
    case SCALE:
    case OVERHEAD:
    case PRODUCT_ELASTICITY:
    case PRODUCT_SUBSTITUTION:
    case IMPORT_ELASTICITY:
        return find_file(yaml, &s->texts[key]);
    case CLOSURE:
        DR_TRY(take_word(yaml, node, "closure", dr_closures, &word));
        s->model.closure = (dr_closure)word;
        return DR_OK;
    default:
        return DR_OK;
    }
}

/* Other keys are left to the reader of the document. */
static dr_status read_document(dr_settings *s, dr_yaml *yaml)
{
    const yaml_node_t *root = yaml_document_get_root_node(&yaml->document);
    if (!root || root->type != YAML_MAPPING_NODE)
        return DR_OK;
    for (const yaml_node_pair_t *pair = root->data.mapping.pairs.start; pair < root->data.mapping.pairs.top; pair++) {
        const yaml_node_t *key = dr_yaml_node(yaml, pair->key);
        for (size_t k = 0; k < DR_SETTINGS && key->type == YAML_SCALAR_NODE; k++)
            if (strcmp(dr_yaml_text(key), keys[k]) == 0)
                DR_TRY(take_setting(s, yaml, dr_yaml_node(yaml, pair->value), k));
    }
    for (size_t k = 0; k < DR_SETTINGS; k++) {
        const char **text = dr_option_find(&s->model, keys[k]);
        if (text)
            *text = s->texts[k];
    }
    return DR_OK;
}

/* Reads what is loaded, and drops it. */
static dr_status read_settings(dr_settings **out, dr_yaml *yaml)
{
    dr_settings *settings = dr_new(1, sizeof *settings);
    if (settings)
        settings->model.size = sizeof settings->model;
    dr_status status = settings ? read_document(settings, yaml) : dr_fail_memory();
    dr_yaml_free(yaml);
    if (status == DR_OK)
        *out = settings;
    else
        dr_settings_free(settings);
    return status;
}

dr_status dr_settings_load(dr_settings **out, const char *path)
{
    DR_TRY(DR_GIVEN(out, path));
    dr_yaml yaml;
    DR_TRY(dr_yaml_load(&yaml, path, "a scenario or game"));
    return read_settings(out, &yaml);
}

dr_status dr_settings_parse(dr_settings **out, const char *text, size_t size, const char *name)
{
    DR_TRY(DR_GIVEN(out, name));
    dr_yaml yaml;
    DR_TRY(dr_yaml_parse(&yaml, text, size, name, "a scenario or game"));
    return read_settings(out, &yaml);
}
