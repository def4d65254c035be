#include "play/game_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "world/select.h"

dr_status dr_game_read_text(dr_game_reader *r, const yaml_node_t *node, const char *expected, char **out)
{
    DR_TRY(dr_yaml_need_text(&r->yaml, node, expected));
    *out = strdup(dr_yaml_text(node));
    return *out ? DR_OK : dr_fail_memory();
}

size_t dr_game_list_size(const yaml_node_t *node)
{
    if (node->type != YAML_SEQUENCE_NODE)
        return 0;
    return (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);
}

yaml_node_t *dr_game_list_item(dr_game_reader *r, const yaml_node_t *node, size_t item)
{
    return dr_yaml_node(&r->yaml, node->data.sequence.items.start[item]);
}

dr_status dr_game_read_rate(dr_game_reader *r, const yaml_node_t *node, const char *expected, double *rate)
{
    char number[64];
    if (!node)
        return DR_OK;
    DR_TRY(dr_yaml_need_text(&r->yaml, node, expected));
    const char *text = dr_yaml_text(node);
    size_t size = strlen(text);
    bool percent = size > 1 && size < sizeof number && text[size - 1] == '%';
    memcpy(number, text, percent ? size - 1 : 0);
    number[percent ? size - 1 : 0] = '\0';
    if (!percent || !dr_parse_number(number, rate))
        return dr_game_fail(r, node, "'%.40s' is not a rate; expected %s", text, expected);
    *rate /= 100;
    return DR_OK;
}

dr_status dr_game_read_share(dr_game_reader *r, const yaml_node_t *node, const char *expected, double *share)
{
    DR_TRY(dr_game_read_rate(r, node, expected, share));
    if (*share > 0 && *share < 1)
        return DR_OK;
    return dr_game_fail(r, node, "a share of %g%%; expected one between 0%% and 100%%", 100 * *share);
}

dr_status dr_game_read_word(dr_game_reader *r, const yaml_node_t *node, const char *const *words, size_t count,
                            const char *expected, size_t *out)
{
    DR_TRY(dr_yaml_need_text(&r->yaml, node, expected));
    for (*out = 0; *out < count; ++*out)
        if (strcmp(dr_yaml_text(node), words[*out]) == 0)
            return DR_OK;
    return dr_game_fail(r, node, "'%.40s'; expected %s", dr_yaml_text(node), expected);
}

dr_status dr_game_read_sectors(dr_game_reader *r, yaml_node_t *node, bool *sectors)
{
    return node ? dr_select_yaml(dr_select_sector, r->economy, &r->own, &r->yaml, node, sectors, NULL)
                : dr_select_goods(r->economy, NULL, sectors);
}

dr_status dr_game_read_products(dr_game_reader *r, yaml_node_t *node, dr_product_set *set)
{
    dr_scenario *scenario = NULL;
    char *list = NULL;
    if (!node)
        return DR_OK;
    DR_TRY(dr_yaml_list(&r->yaml, node, &list));
    dr_status status = dr_scenario_new(&scenario, r->economy);
    if (status == DR_OK)
        status = dr_product_changes_need(scenario);
    if (status == DR_OK)
        status = dr_product_set_new(set, scenario);
    if (status == DR_OK)
        status = dr_product_set_list(set, scenario, list);
    dr_scenario_free(scenario);
    free(list);
    return dr_yaml_at(&r->yaml, node, status);
}

dr_status dr_game_need_products(const dr_model *m)
{
    if (m->tier)
        return DR_OK;
    return dr_fail(DR_BAD_INPUT, "products in a game need a model whose imports are made of products; expected the "
                                 "setting products nest");
}
