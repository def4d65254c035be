/* Reading the players of a game file: names, instruments and aims. docs/play.md. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "play/player_game.h"
#include "scenario/document.h"

/* ---- Instruments ------------------------------------------------------------------------------------------------- */

/* The keys of instruments, in the order of dr_instrument_kind. */
#define KIND_KEYS "tariff", "quota", "use-tax", "export-tax", "export-curb", "production-tax"
static const char *const kind_keys[DR_INSTRUMENT_KINDS] = {KIND_KEYS};
static const char *const spec_keys[] = {"on", "to", "sectors", "products", "least", "most", "at", "uniform", "inside"};
static const char *const player_keys[] = {"player", "aim", KIND_KEYS};

static dr_status check_bounds(dr_game_reader *r, const yaml_node_t *map, const dr_instrument_spec *spec)
{
    double least = 100 * spec->least, most = 100 * spec->most, start = 100 * spec->start;
    bool cut = dr_instrument_kind_cuts(spec->kind);
    if (!cut && !(spec->least > -1))
        return dr_game_fail(r, map, "a rate of at least %g%%; expected more than -100%%", least);
    if (cut && !(spec->least >= 0 && spec->most < 1))
        return dr_game_fail(r, map, "a cut from %g%% to %g%%; expected one from 0%% to less than 100%%", least, most);
    if (!(spec->least < spec->most))
        return dr_game_fail(r, map, "'least' is %g%% and 'most' is %g%%: the bounds are crossed", least, most);
    if (spec->start < spec->least || spec->start > spec->most)
        return dr_game_fail(r, map, "'at' is %g%%; expected a rate between %g%% and %g%%", start, least, most);
    return DR_OK;
}

enum { ON, TO, SECTORS_OF, PRODUCTS, LEAST, MOST, AT, UNIFORM, INSIDE, SPEC_KEYS };

/* The partners: those that a tariff or quota is on, or that an export tax or curb is to; of the others all regions. */
static dr_status read_partners(dr_game_reader *r, yaml_node_t *map, yaml_node_t *const *v, const dr_player *player,
                               dr_instrument_spec *out)
{
    bool inland = dr_instrument_kind_inland(out->kind);
    size_t with = dr_instrument_kind_exports(out->kind) ? TO : ON, other = with == ON ? TO : ON;
    if (inland && (v[ON] || v[TO]))
        return dr_game_fail(r, v[ON] ? v[ON] : v[TO],
                            "a tax on production or use is the same whoever the partner is; expected no '%s'",
                            v[ON] ? spec_keys[ON] : spec_keys[TO]);
    if (inland && v[INSIDE])
        return dr_game_fail(r, v[INSIDE],
                            "a tax on production or use is on trade inside a group, too; expected no "
                            "'inside'");
    if (inland && v[PRODUCTS])
        return dr_game_fail(r, v[PRODUCTS],
                            "a tax on production or use is of sectors, not of products at the border; expected no "
                            "'products'");
    if (v[other])
        return dr_game_fail(r, v[other],
                            "a tariff or quota is 'on' the goods of a partner, an export tax or curb on exports 'to' a "
                            "partner");
    if (inland) {
        out->name = strdup("all");
        return out->name ? dr_select_region(r->economy, "all", out->with, NULL) : dr_fail_memory();
    }
    DR_TRY(dr_yaml_need_key(&r->yaml, map, v[with], spec_keys[with], kind_keys[out->kind]));
    DR_TRY(dr_yaml_list(&r->yaml, v[with], &out->name));
    DR_TRY(dr_yaml_at(&r->yaml, v[with],
                      dr_select_list(dr_select_region, r->economy, &r->own, out->name, out->with, &out->named)));
    return dr_named_merge(&out->named, &player->named, r->economy->regions);
}

static dr_status read_spec(dr_game_reader *r, yaml_node_t *map, dr_instrument_kind kind, const dr_player *player,
                           dr_instrument_spec *out)
{
    static const double most[] = {[DR_TARIFF] = 2,     [DR_QUOTA] = 0.8,       [DR_USE_TAX] = 1,
                                  [DR_EXPORT_TAX] = 1, [DR_EXPORT_CURB] = 0.8, [DR_PRODUCTION_TAX] = 1};
    yaml_node_t *v[SPEC_KEYS] = {0};
    *out = (dr_instrument_spec){.kind = kind,
                                .most = most[kind],
                                .with = dr_new(r->economy->regions, sizeof(bool)),
                                .sectors = dr_new(r->economy->sectors, sizeof(bool))};
    if (!out->with || !out->sectors)
        return dr_fail_memory();
    DR_TRY(dr_yaml_keys(&r->yaml, map, spec_keys, SPEC_KEYS, v));
    DR_TRY(read_partners(r, map, v, player, out));
    DR_TRY(dr_game_read_sectors(r, v[SECTORS_OF], out->sectors));
    DR_TRY(dr_game_read_products(r, v[PRODUCTS], &out->products));
    DR_TRY(dr_game_read_rate(r, v[LEAST], "a percentage such as 0%", &out->least));
    DR_TRY(dr_game_read_rate(r, v[MOST], "a percentage such as 100%", &out->most));
    out->start = fmin(out->most, fmax(out->least, 0));
    DR_TRY(dr_game_read_rate(r, v[AT], "a percentage such as 25%", &out->start));
    DR_TRY(dr_yaml_truth(&r->yaml, v[UNIFORM], &out->uniform));
    DR_TRY(dr_yaml_truth(&r->yaml, v[INSIDE], &out->inside));
    return check_bounds(r, map, out);
}

/* One instrument of a kind, or a list of them. */
static dr_status read_specs(dr_game_reader *r, yaml_node_t *node, dr_instrument_kind kind, dr_player *player)
{
    bool list = node && node->type == YAML_SEQUENCE_NODE;
    size_t count = !node ? 0 : list ? dr_game_list_size(node) : 1, capacity = player->spec_count;
    if (count > 0 && !dr_grow((void **)&player->specs, &capacity, player->spec_count + count, sizeof *player->specs))
        return dr_fail_memory();
    for (size_t j = 0; j < count; j++) {
        yaml_node_t *item = list ? dr_game_list_item(r, node, j) : node;
        DR_TRY(read_spec(r, item, kind, player, &player->specs[player->spec_count++]));
    }
    return DR_OK;
}

/* ---- Aims -------------------------------------------------------------------------------------------------------- */

enum { LESS, WEIGHT, HINDER, AT_LEAST, SECTORS, AIM_KEYS };
static const char *const aim_keys[] = {"less", "weight", "hinder", "at-least", "sectors"};

static dr_status read_less(dr_game_reader *r, yaml_node_t *map, yaml_node_t *const *v, dr_player *player)
{
    player->aim = DR_AIM_LESS;
    DR_TRY(dr_game_read_text(r, v[LESS], "the name of a player", &player->rival));
    DR_TRY(dr_yaml_need_key(&r->yaml, map, v[WEIGHT], aim_keys[WEIGHT], aim_keys[LESS]));
    DR_TRY(dr_yaml_need_text(&r->yaml, v[WEIGHT], "a number such as 0.5"));
    if (!dr_parse_number(dr_yaml_text(v[WEIGHT]), &player->weight) || !(player->weight > 0))
        return dr_game_fail(r, v[WEIGHT], "'%.40s'; expected a weight above 0", dr_yaml_text(v[WEIGHT]));
    return DR_OK;
}

static dr_status read_hinder(dr_game_reader *r, yaml_node_t *map, yaml_node_t *const *v, dr_player *player)
{
    dr_result *share = &player->share;
    player->aim = DR_AIM_HINDER;
    DR_TRY(dr_yaml_list(&r->yaml, v[HINDER], &player->rival));
    DR_TRY(dr_yaml_need_key(&r->yaml, map, v[AT_LEAST], aim_keys[AT_LEAST], aim_keys[HINDER]));
    DR_TRY(dr_game_read_share(r, v[AT_LEAST], "a share such as 40%", &player->level));
    *share = (dr_result){.kind = DR_RESULT_SHARE,
                         .of = dr_new(r->economy->regions, sizeof(bool)),
                         .from = dr_new(r->economy->regions, sizeof(bool)),
                         .sectors = dr_new(r->economy->sectors, sizeof(bool))};
    if (!share->of || !share->from || !share->sectors)
        return dr_fail_memory();
    DR_TRY(dr_yaml_at(&r->yaml, v[HINDER],
                      dr_select_list(dr_select_region, r->economy, &r->own, player->rival, share->of, NULL)));
    DR_TRY(dr_game_read_sectors(r, v[SECTORS], share->sectors));
    for (size_t n = 0; n < r->economy->regions; n++) {
        if (player->regions[n] && share->of[n])
            return dr_game_fail(r, v[HINDER], "%s cannot hinder itself", player->name);
        share->from[n] = player->regions[n];
    }
    return DR_OK;
}

static dr_status read_aim(dr_game_reader *r, yaml_node_t *node, dr_player *player)
{
    yaml_node_t *v[AIM_KEYS] = {0};
    if (!node)
        return DR_OK;
    if (node->type == YAML_SCALAR_NODE && strcmp(dr_yaml_text(node), "welfare") == 0)
        return DR_OK;
    if (node->type == YAML_MAPPING_NODE)
        DR_TRY(dr_yaml_keys(&r->yaml, node, aim_keys, AIM_KEYS, v));
    if (!v[LESS] == !v[HINDER])
        return dr_game_fail(r, node,
                            "an aim is 'welfare', {less: PLAYER, weight: NUMBER} or {hinder: WHOM, at-least: SHARE}");
    return v[LESS] ? read_less(r, node, v, player) : read_hinder(r, node, v, player);
}

/* The aims that count the welfare of another player name one of this game. */
static dr_status check_rivals(const dr_player_game *g, const dr_game_reader *r)
{
    for (size_t p = 0; p < g->count; p++) {
        const dr_player *player = &g->players[p];
        bool found = player->aim != DR_AIM_LESS;
        for (size_t q = 0; q < g->count && !found; q++)
            found = q != p && strcmp(g->players[q].name, player->rival) == 0;
        if (!found)
            return dr_fail(DR_BAD_INPUT, "%s: the aim of %s counts the welfare of '%s', which is no other player",
                           r->yaml.path, player->name, player->rival);
    }
    return DR_OK;
}

/* ---- Players ----------------------------------------------------------------------------------------------------- */

/* No region belongs to two players. */
static dr_status check_regions(const dr_player_game *g, dr_game_reader *r, const yaml_node_t *node,
                               const dr_player *player)
{
    for (const dr_player *other = g->players; other < player; other++)
        for (size_t n = 0; n < r->economy->regions; n++)
            if (player->regions[n] && other->regions[n])
                return dr_game_fail(r, node, "%s belongs to two players, %s and %s", r->economy->region_codes.names[n],
                                    other->name, player->name);
    return DR_OK;
}

static dr_status read_player(dr_player_game *g, dr_game_reader *r, yaml_node_t *map, dr_player *player)
{
    enum { NAME, AIM, FIRST_KIND, KEYS = FIRST_KIND + DR_INSTRUMENT_KINDS };
    const char *const *keys = player_keys;
    yaml_node_t *v[KEYS] = {0};
    DR_TRY(dr_yaml_keys(&r->yaml, map, keys, KEYS, v));
    DR_TRY(dr_yaml_need_key(&r->yaml, map, v[NAME], keys[NAME], "players"));
    DR_TRY(dr_yaml_list(&r->yaml, v[NAME], &player->name));
    player->regions = dr_new(r->economy->regions, sizeof *player->regions);
    if (!player->regions)
        return dr_fail_memory();
    DR_TRY(dr_yaml_at(
        &r->yaml, v[NAME],
        dr_select_list(dr_select_region, r->economy, &r->own, player->name, player->regions, &player->named)));
    DR_TRY(check_regions(g, r, v[NAME], player));
    for (size_t kind = 0; kind < DR_INSTRUMENT_KINDS; kind++)
        DR_TRY(read_specs(r, v[FIRST_KIND + kind], (dr_instrument_kind)kind, player));
    if (player->spec_count == 0)
        return dr_game_fail(r, map,
                            "%s has no instrument; expected 'tariff', 'quota', 'use-tax', 'export-tax', 'export-curb' "
                            "or 'production-tax'",
                            player->name);
    return read_aim(r, v[AIM], player);
}

/* ---- Changes that hold whatever players do ----------------------------------------------------------------------- */

static dr_status read_standing(dr_player_game *g, dr_game_reader *r, yaml_node_t *changes)
{
    DR_TRY(dr_scenario_read_changes(&g->standing, r->economy, &r->yaml, &r->own, changes));
    return dr_yaml_at(&r->yaml, changes, dr_scenario_check(__func__, g->game.model, g->standing));
}

dr_status dr_players_read(dr_player_game *g, dr_game_reader *r, const yaml_node_t *node, yaml_node_t *changes)
{
    if (changes)
        DR_TRY(read_standing(g, r, changes));
    size_t count = dr_game_list_size(node);
    if (count == 0)
        return dr_game_fail(r, node, "expected a list of players, each beginning with '- player: '");
    g->players = dr_new(count, sizeof *g->players);
    if (!g->players)
        return dr_fail_memory();
    for (size_t j = 0; j < count; j++)
        DR_TRY(read_player(g, r, dr_game_list_item(r, node, j), &g->players[g->count++]));
    return check_rivals(g, r);
}

dr_status dr_players_find(const dr_player_game *g, dr_game_reader *r, const yaml_node_t *node, size_t *out)
{
    DR_TRY(dr_yaml_need_text(&r->yaml, node, "the name of a player"));
    for (*out = 0; *out < g->count; ++*out)
        if (strcmp(g->players[*out].name, dr_yaml_text(node)) == 0)
            return DR_OK;
    return dr_game_fail(r, node, "'%.60s' is no player of this game", dr_yaml_text(node));
}

/* ---- Schema ------------------------------------------------------------------------------------------------------ */

json_t *dr_players_schema(void)
{
    json_t *player = dr_schema_map(player_keys, sizeof player_keys / sizeof *player_keys);
    const char *const *kinds = kind_keys;
    dr_schema_set(player, "aim",
                  dr_schema_either(json_pack("{s:s}", "const", "welfare"), dr_schema_map(aim_keys, AIM_KEYS)));
    for (size_t k = 0; k < DR_INSTRUMENT_KINDS; k++) {
        json_t *spec = dr_schema_map(spec_keys, sizeof spec_keys / sizeof *spec_keys);
        json_t *again = json_deep_copy(spec);
        dr_schema_set(player, kinds[k], dr_schema_either(spec, dr_schema_list(again)));
    }
    dr_schema_need(player, player_keys[0]);
    return dr_schema_list(player);
}
