/* Games from YAML files (docs/play.md). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/names.h"
#include "base/yaml.h"
#include "play/read.h"
#include "scenario/settings.h"

dr_status dr_game_take_text(reader *r, const yaml_node_t *node, const char *expected, char **out)
{
    DR_TRY(dr_yaml_need_text(&r->yaml, node, expected));
    *out = strdup(dr_yaml_text(node));
    return *out ? DR_OK : dr_fail_memory();
}

dr_status dr_game_take_names(reader *r, const yaml_node_t *node, char **out)
{
    static const char expected[] = "the name of a region or group, or a list of them,";
    size_t size = 0;
    if (node->type != YAML_SEQUENCE_NODE || node->data.sequence.items.start == node->data.sequence.items.top)
        return dr_game_take_text(r, node, expected, out);
    FILE *stream = open_memstream(out, &size);
    dr_status status = stream ? DR_OK : dr_fail_memory();
    for (const yaml_node_item_t *item = node->data.sequence.items.start;
         status == DR_OK && item < node->data.sequence.items.top; item++) {
        const yaml_node_t *name = dr_yaml_node(&r->yaml, *item);
        status = dr_yaml_need_text(&r->yaml, name, expected);
        if (status == DR_OK)
            fprintf(stream, "%s%s", item > node->data.sequence.items.start ? "," : "", dr_yaml_text(name));
    }
    bool closed = !stream || fclose(stream) == 0;
    return status == DR_OK && !closed ? dr_fail_memory() : status;
}

dr_status dr_game_take_rate(reader *r, const yaml_node_t *node, const char *expected, double *rate)
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
        return fail(r, node, "'%.40s' is not a rate, %s was expected", text, expected);
    *rate /= 100;
    return DR_OK;
}

/* ---- What a player may do --------------------------------------------------------------------------------------------- */

/* The keys of instruments, in the order of kinds. */
static const char *const kinds[DR_KINDS] = {"tariff", "export-tax", "export-curb"};

static dr_status check_bounds(reader *r, const yaml_node_t *map, const dr_tool *tool)
{
    bool cut = tool->kind == DR_KIND_CURB;
    if (!cut && !(tool->least > -1))
        return fail(r, map, "a rate of at least %g%%, more than -100%% was expected", 100 * tool->least);
    if (cut && !(tool->least >= 0 && tool->most < 1))
        return fail(r, map, "a cut from %g%% to %g%%, one from 0%% to less than 100%% was expected", 100 * tool->least,
                    100 * tool->most);
    if (!(tool->least < tool->most))
        return fail(r, map, "'least' is %g%% and 'most' is %g%%: the bounds are crossed", 100 * tool->least,
                    100 * tool->most);
    if (tool->at < tool->least || tool->at > tool->most)
        return fail(r, map, "'at' is %g%%, a rate between %g%% and %g%% was expected", 100 * tool->at,
                    100 * tool->least, 100 * tool->most);
    return DR_OK;
}

dr_status dr_game_take_goods(reader *r, yaml_node_t *node, bool *sectors)
{
    return node ? dr_select_yaml(dr_select_sector, r->economy, &r->yaml, node, sectors, NULL)
                : dr_select_goods(r->economy, NULL, sectors);
}

static dr_status read_tool(reader *r, yaml_node_t *map, dr_kind kind, const dr_player *player, dr_tool *out)
{
    static const char *const keys[] = {"on", "to", "sectors", "least", "most", "at", "uniform", "inside"};
    static const double most[] = {[DR_KIND_TARIFF] = 2, [DR_KIND_TAX] = 1, [DR_KIND_CURB] = 0.8};
    size_t with = kind == DR_KIND_TARIFF ? 0 : 1;
    yaml_node_t *v[8] = {0};
    *out = (dr_tool){.kind = kind,
                     .most = most[kind],
                     .with = dr_new(r->economy->regions, sizeof(bool)),
                     .sectors = dr_new(r->economy->sectors, sizeof(bool))};
    if (!out->with || !out->sectors)
        return dr_fail_memory();
    DR_TRY(dr_yaml_keys(&r->yaml, map, keys, 8, v));
    if (v[1 - with])
        return fail(r, v[1 - with],
                    "a tariff is 'on' somebody's goods, an export tax or curb on what goes 'to' somebody");
    DR_TRY(dr_yaml_need_key(&r->yaml, map, v[with], keys[with], kinds[kind]));
    DR_TRY(dr_game_take_names(r, v[with], &out->name));
    DR_TRY(
        dr_yaml_at(&r->yaml, v[with], dr_select_list(dr_select_region, r->economy, out->name, out->with, &out->named)));
    DR_TRY(dr_named_merge(&out->named, &player->named, r->economy->regions));
    DR_TRY(dr_game_take_goods(r, v[2], out->sectors));
    DR_TRY(dr_game_take_rate(r, v[3], "a percentage such as 0%", &out->least));
    DR_TRY(dr_game_take_rate(r, v[4], "a percentage such as 100%", &out->most));
    out->at = fmin(out->most, fmax(out->least, 0));
    DR_TRY(dr_game_take_rate(r, v[5], "a percentage such as 25%", &out->at));
    DR_TRY(dr_yaml_truth(&r->yaml, v[6], &out->uniform));
    DR_TRY(dr_yaml_truth(&r->yaml, v[7], &out->inside));
    return check_bounds(r, map, out);
}

/* One instrument of a kind, or a list of them. */
static dr_status read_tools(reader *r, yaml_node_t *node, dr_kind kind, dr_player *player)
{
    bool list = node && node->type == YAML_SEQUENCE_NODE;
    size_t count = !node ? 0 : list ? (size_t)(node->data.sequence.items.top - node->data.sequence.items.start) : 1;
    size_t capacity = player->tool_count;
    if (count > 0 && !dr_grow((void **)&player->tools, &capacity, player->tool_count + count, sizeof *player->tools))
        return dr_fail_memory();
    for (size_t j = 0; j < count; j++) {
        yaml_node_t *item = list ? dr_yaml_node(&r->yaml, node->data.sequence.items.start[j]) : node;
        DR_TRY(read_tool(r, item, kind, player, &player->tools[player->tool_count++]));
    }
    return DR_OK;
}

/* ---- What it wants ---------------------------------------------------------------------------------------------------- */

static dr_status read_less(reader *r, yaml_node_t *map, yaml_node_t *const v[5], dr_player *player)
{
    player->want = DR_WANT_LESS;
    DR_TRY(dr_game_take_text(r, v[0], "the name of a player", &player->rival));
    DR_TRY(dr_yaml_need_key(&r->yaml, map, v[1], "weight", "less"));
    DR_TRY(dr_yaml_need_text(&r->yaml, v[1], "a number such as 0.5"));
    if (!dr_parse_number(dr_yaml_text(v[1]), &player->weight) || !(player->weight > 0))
        return fail(r, v[1], "'%.40s': a weight above 0 was expected", dr_yaml_text(v[1]));
    return DR_OK;
}

static dr_status read_hinder(reader *r, yaml_node_t *map, yaml_node_t *const v[5], dr_player *player)
{
    dr_result *share = &player->share;
    player->want = DR_WANT_HINDER;
    DR_TRY(dr_game_take_names(r, v[2], &player->rival));
    DR_TRY(dr_yaml_need_key(&r->yaml, map, v[3], "at-least", "hinder"));
    DR_TRY(dr_game_take_rate(r, v[3], "a share such as 40%", &player->level));
    if (!(player->level > 0 && player->level < 1))
        return fail(r, v[3], "a share of %g%%, one between 0%% and 100%% was expected", 100 * player->level);
    *share = (dr_result){.kind = DR_RESULT_SHARE,
                         .of = dr_new(r->economy->regions, sizeof(bool)),
                         .from = dr_new(r->economy->regions, sizeof(bool)),
                         .sectors = dr_new(r->economy->sectors, sizeof(bool))};
    if (!share->of || !share->from || !share->sectors)
        return dr_fail_memory();
    DR_TRY(dr_yaml_at(&r->yaml, v[2], dr_select_list(dr_select_region, r->economy, player->rival, share->of, NULL)));
    DR_TRY(dr_game_take_goods(r, v[4], share->sectors));
    for (size_t n = 0; n < r->economy->regions; n++) {
        if (player->regions[n] && share->of[n])
            return fail(r, v[2], "%s cannot hinder itself", player->name);
        share->from[n] = player->regions[n];
    }
    return DR_OK;
}

static dr_status read_aim(reader *r, yaml_node_t *node, dr_player *player)
{
    static const char *const keys[] = {"less", "weight", "hinder", "at-least", "sectors"};
    yaml_node_t *v[5] = {0};
    if (!node)
        return DR_OK;
    if (node->type == YAML_SCALAR_NODE && strcmp(dr_yaml_text(node), "welfare") == 0)
        return DR_OK;
    if (node->type == YAML_MAPPING_NODE)
        DR_TRY(dr_yaml_keys(&r->yaml, node, keys, 5, v));
    if (!v[0] == !v[2])
        return fail(r, node, "an aim is 'welfare', {less: PLAYER, weight: NUMBER} or {hinder: WHOM, at-least: SHARE}");
    return v[0] ? read_less(r, node, v, player) : read_hinder(r, node, v, player);
}

/* ---- Players ---------------------------------------------------------------------------------------------------------- */

static dr_status check_roles(reader *r, const yaml_node_t *node, const dr_player *player)
{
    for (const dr_player *other = r->game->players; other < player; other++)
        for (size_t n = 0; n < r->economy->regions; n++)
            if (player->regions[n] && other->regions[n])
                return fail(r, node, "%s plays twice: as %s and as %s", r->economy->region_codes.names[n], other->name,
                            player->name);
    return DR_OK;
}

static dr_status read_player(reader *r, yaml_node_t *map, dr_player *player)
{
    static const char *const keys[] = {"player", "aim", "tariff", "export-tax", "export-curb"};
    yaml_node_t *v[5] = {0};
    DR_TRY(dr_yaml_keys(&r->yaml, map, keys, 5, v));
    DR_TRY(dr_yaml_need_key(&r->yaml, map, v[0], keys[0], "players"));
    DR_TRY(dr_game_take_names(r, v[0], &player->name));
    player->regions = dr_new(r->economy->regions, sizeof *player->regions);
    if (!player->regions)
        return dr_fail_memory();
    DR_TRY(dr_yaml_at(&r->yaml, v[0],
                      dr_select_list(dr_select_region, r->economy, player->name, player->regions, &player->named)));
    DR_TRY(check_roles(r, v[0], player));
    if (!v[2] && !v[3] && !v[4])
        return fail(r, map, "%s has nothing to play with: 'tariff', 'export-tax' or 'export-curb' was expected",
                    player->name);
    for (size_t kind = 0; kind < DR_KINDS; kind++)
        DR_TRY(read_tools(r, v[2 + kind], (dr_kind)kind, player));
    return read_aim(r, v[1], player);
}

static dr_status read_players(reader *r, const yaml_node_t *node)
{
    if (node->type != YAML_SEQUENCE_NODE || node->data.sequence.items.start == node->data.sequence.items.top)
        return fail(r, node, "a list of players was expected, each beginning with '- player: '");
    size_t count = (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);
    r->game->players = dr_new(count, sizeof *r->game->players);
    if (!r->game->players)
        return dr_fail_memory();
    for (size_t j = 0; j < count; j++)
        DR_TRY(read_player(r, dr_yaml_node(&r->yaml, node->data.sequence.items.start[j]),
                           &r->game->players[r->game->count++]));
    return DR_OK;
}

/* The player of that name. */
static dr_status find_player(reader *r, const yaml_node_t *node, size_t *out)
{
    const dr_game *g = r->game;
    DR_TRY(dr_yaml_need_text(&r->yaml, node, "the name of a player"));
    for (*out = 0; *out < g->count; ++*out)
        if (strcmp(g->players[*out].name, dr_yaml_text(node)) == 0)
            return DR_OK;
    return fail(r, node, "'%.60s' is no player of this game", dr_yaml_text(node));
}

/* ---- The file --------------------------------------------------------------------------------------------------------- */

static dr_status read_play(reader *r, const yaml_node_t *node)
{
    static const char *const plays[] = {"best-response", "nash", "stackelberg", "coercion", "coalition", "delay"};
    enum { PLAYS = sizeof plays / sizeof *plays };
    char hint[DR_HINT_SIZE];
    DR_TRY(dr_yaml_need_text(&r->yaml, node, "a play such as nash"));
    for (size_t k = 0; k < PLAYS; k++)
        if (strcmp(dr_yaml_text(node), plays[k]) == 0) {
            r->game->play = (dr_play)k;
            return DR_OK;
        }
    return fail(r, node,
                "unknown play '%.60s': best-response, nash, stackelberg, coercion, coalition or delay was expected%s",
                dr_yaml_text(node), dr_hint(hint, dr_yaml_text(node), plays, PLAYS));
}

/* Who leads, who responds; and whether there are as many players as that takes. */
static dr_status read_chosen(reader *r, const yaml_node_t *players, const yaml_node_t *leader, const yaml_node_t *who)
{
    dr_game *g = r->game;
    if (g->play != DR_PLAY_BEST_RESPONSE && g->count < 2)
        return fail(r, players, "a game of one player: two were expected, or 'play: best-response'");
    if (g->play == DR_PLAY_STACKELBERG && g->count > 2)
        return fail(r, players, "%zu players: a leader and one who follows were expected", g->count);
    if (g->play == DR_PLAY_STACKELBERG && !leader)
        return fail(r, players, "'play: stackelberg' needs a 'leader'");
    if (g->play == DR_PLAY_BEST_RESPONSE && !who && g->count > 1)
        return fail(r, players, "'play: best-response' of several players needs 'responds': who does");
    if (leader || who)
        DR_TRY(find_player(r, leader ? leader : who, &g->chosen));
    const dr_player *follower = &g->players[g->play == DR_PLAY_STACKELBERG ? 1 - g->chosen : 0];
    if (g->play == DR_PLAY_STACKELBERG && follower->want == DR_WANT_HINDER)
        return fail(r, players, "%s follows, and cannot aim to hinder: that is for who leads", follower->name);
    return DR_OK;
}

/* The aims that name another player name one of this game. */
static dr_status check_rivals(const reader *r)
{
    for (size_t p = 0; p < r->game->count; p++) {
        const dr_player *player = &r->game->players[p];
        bool found = player->want != DR_WANT_LESS;
        for (size_t q = 0; q < r->game->count && !found; q++)
            found = q != p && strcmp(r->game->players[q].name, player->rival) == 0;
        if (!found)
            return dr_fail(DR_BAD_INPUT, "%s: the aim of %s counts the welfare of '%s', who is no other player",
                           r->yaml.path, player->name, player->rival);
    }
    return DR_OK;
}

/* ---- The file, one way for each play ------------------------------------------------------------------------------------ */

enum {
    PLAY,
    TITLE,
    PLAYERS,
    LEADER,
    RESPONDS,
    OF,
    BY,
    AGAINST,
    SECTORS,
    PARTNERS,
    TARIFF,
    CURB,
    BAN,
    AFTER,
    CAPS,
    LEVEL,
    MOST,
    INSIDE,
    KEYS
};
static const char *const keys[] = {"play",    "title",    "players",  "leader", "responds",      "of",  "by",
                                   "against", "sectors",  "partners", "tariff", "export-curb",   "ban", "after",
                                   "caps",    "at-least", "most",     "inside", DR_SETTINGS_KEYS};

/* The keys that a play has, beside the first two: those it needs in capitals. */
static dr_status check_keys(reader *r, yaml_node_t *const v[KEYS])
{
    static const char *const takes[] = {"P.r", "P.", "P.l", "OB.sFi", "OAM.sTEXi", "OBCL.smi"},
                             letters[] = "..PlrOBAsMTEXFCLmi";
    const char *has = takes[r->game->play];
    for (size_t k = PLAYERS; k < KEYS; k++) {
        char letter = letters[k];
        const char *found = strchr(has, letter);
        if (v[k] && !found)
            return fail(r, v[k], "'%s' does not go with 'play: %s'", keys[k], dr_yaml_text(v[PLAY]));
        if (!v[k] && found && found < strchr(has, '.'))
            return fail(r, v[PLAY], "'play: %s' needs '%s'", dr_yaml_text(v[PLAY]), keys[k]);
    }
    return DR_OK;
}

static dr_status read_document(reader *r)
{
    yaml_node_t *v[KEYS + DR_SETTINGS] = {0};
    DR_TRY(dr_yaml_root(&r->yaml, "a game", keys, KEYS + DR_SETTINGS, v));
    DR_TRY(read_play(r, v[PLAY]));
    DR_TRY(check_keys(r, v));
    if (v[TITLE])
        DR_TRY(dr_game_take_text(r, v[TITLE], "a title", &r->game->title));
    DR_TRY(dr_yaml_truth(&r->yaml, v[INSIDE], &r->game->trials.sides.inside));
    if (r->game->play == DR_PLAY_COERCION)
        return dr_game_read_coercion(r, v[OF], v[BY], v[SECTORS], v[AFTER]);
    if (r->game->play == DR_PLAY_COALITION)
        return dr_game_read_coalition(r, v[OF], v[AGAINST], v[SECTORS], v[PARTNERS],
                                      (yaml_node_t *[]){v[TARIFF], v[CURB], v[BAN]});
    if (r->game->play == DR_PLAY_DELAY)
        return dr_game_read_delay(r, (yaml_node_t *[]){v[OF], v[BY], v[SECTORS]}, v[CAPS], v[LEVEL], v[MOST]);
    DR_TRY(read_players(r, v[PLAYERS]));
    DR_TRY(read_chosen(r, v[PLAYERS], v[LEADER], v[RESPONDS]));
    return check_rivals(r);
}

/* Reads what is loaded, and drops it. */
static dr_status read_game(reader *r)
{
    dr_status status = read_document(r);
    dr_yaml_free(&r->yaml);
    return status;
}

dr_status dr_game_read(dr_game *game, const char *path)
{
    reader r = {.game = game, .economy = game->model->economy};
    DR_TRY(dr_yaml_load(&r.yaml, path, "a game"));
    return read_game(&r);
}

dr_status dr_game_read_text(dr_game *game, const char *text, size_t size, const char *name)
{
    reader r = {.game = game, .economy = game->model->economy};
    DR_TRY(dr_yaml_parse(&r.yaml, text, size, name, "a game"));
    return read_game(&r);
}
