/* Games from YAML files (docs/play.md). */
#define _GNU_SOURCE /* strdup, strndup */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/names.h"
#include "base/yaml.h"
#include "play/game.h"
#include "solve/settings.h"

typedef struct reader {
    dr_yaml yaml;
    dr_game *game;
    const dr_economy *economy;
} reader;

#define fail(r, node, ...) dr_yaml_fail(&(r)->yaml, node, __VA_ARGS__)

static dr_status take_text(reader *r, const yaml_node_t *node, const char *expected, char **out)
{
    DR_TRY(dr_yaml_need_text(&r->yaml, node, expected));
    *out = strdup(dr_yaml_text(node));
    return *out ? DR_OK : dr_fail_memory();
}

static dr_status take_rate(reader *r, const yaml_node_t *node, const char *expected, double *rate)
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

static dr_status check_bounds(reader *r, const yaml_node_t *map, const dr_tool *tool)
{
    if (!(tool->least > -1))
        return fail(r, map, "a rate of at least %g%%, more than -100%% was expected", 100 * tool->least);
    if (!(tool->least < tool->most))
        return fail(r, map, "'least' is %g%% and 'most' is %g%%: the bounds are crossed", 100 * tool->least,
                    100 * tool->most);
    if (tool->at < tool->least || tool->at > tool->most)
        return fail(r, map, "'at' is %g%%, a rate between %g%% and %g%% was expected", 100 * tool->at,
                    100 * tool->least, 100 * tool->most);
    return DR_OK;
}

static dr_status take_goods(reader *r, yaml_node_t *node, bool *sectors)
{
    return node ? dr_select_yaml(dr_select_sector, r->economy, &r->yaml, node, sectors)
                : dr_select_goods(r->economy, NULL, sectors);
}

static dr_status read_tool(reader *r, yaml_node_t *map, bool export_tax, dr_tool *out)
{
    static const char *const keys[] = {"on", "to", "sectors", "least", "most", "at", "uniform"};
    static const char *const truths[] = {"false", "true"};
    const char *kind = export_tax ? "export-tax" : "tariff";
    yaml_node_t *v[7] = {0};
    *out = (dr_tool){.export_tax = export_tax,
                     .most = export_tax ? 1 : 2,
                     .with = dr_new(r->economy->regions, sizeof(bool)),
                     .sectors = dr_new(r->economy->sectors, sizeof(bool))};
    if (!out->with || !out->sectors)
        return dr_fail_memory();
    DR_TRY(dr_yaml_keys(&r->yaml, map, keys, 7, v));
    const yaml_node_t *with = v[export_tax ? 1 : 0];
    if (v[export_tax ? 0 : 1])
        return fail(r, v[export_tax ? 0 : 1],
                    "a tariff is 'on' somebody's goods, an export tax on what goes 'to' somebody");
    DR_TRY(dr_yaml_need_key(&r->yaml, map, with, export_tax ? "to" : "on", kind));
    DR_TRY(take_text(r, with, "the name of a region or group", &out->name));
    DR_TRY(dr_yaml_at(&r->yaml, with, dr_select_list(dr_select_region, r->economy, out->name, out->with)));
    DR_TRY(take_goods(r, v[2], out->sectors));
    DR_TRY(take_rate(r, v[3], "a percentage such as 0%", &out->least));
    DR_TRY(take_rate(r, v[4], "a percentage such as 100%", &out->most));
    out->at = fmin(out->most, fmax(out->least, 0));
    DR_TRY(take_rate(r, v[5], "a percentage such as 25%", &out->at));
    if (v[6]) {
        DR_TRY(dr_yaml_need_text(&r->yaml, v[6], "true or false"));
        out->uniform = strcmp(dr_yaml_text(v[6]), truths[1]) == 0;
        if (!out->uniform && strcmp(dr_yaml_text(v[6]), truths[0]) != 0)
            return fail(r, v[6], "'%.40s': true or false was expected", dr_yaml_text(v[6]));
    }
    return check_bounds(r, map, out);
}

/* One instrument of a kind, or a list of them. */
static dr_status read_tools(reader *r, yaml_node_t *node, bool export_tax, dr_player *player)
{
    bool list = node && node->type == YAML_SEQUENCE_NODE;
    size_t count = !node ? 0 : list ? (size_t)(node->data.sequence.items.top - node->data.sequence.items.start) : 1;
    size_t capacity = player->tool_count;
    if (count > 0 && !dr_grow((void **)&player->tools, &capacity, player->tool_count + count, sizeof *player->tools))
        return dr_fail_memory();
    for (size_t j = 0; j < count; j++) {
        yaml_node_t *item = list ? dr_yaml_node(&r->yaml, node->data.sequence.items.start[j]) : node;
        DR_TRY(read_tool(r, item, export_tax, &player->tools[player->tool_count++]));
    }
    return DR_OK;
}

/* ---- What it wants ---------------------------------------------------------------------------------------------------- */

static dr_status read_less(reader *r, yaml_node_t *map, yaml_node_t *const v[5], dr_player *player)
{
    player->want = DR_WANT_LESS;
    DR_TRY(take_text(r, v[0], "the name of a player", &player->rival));
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
    DR_TRY(take_text(r, v[2], "the name of a region or group", &player->rival));
    DR_TRY(dr_yaml_need_key(&r->yaml, map, v[3], "at-least", "hinder"));
    DR_TRY(take_rate(r, v[3], "a share such as 40%", &player->level));
    if (!(player->level > 0 && player->level < 1))
        return fail(r, v[3], "a share of %g%%, one between 0%% and 100%% was expected", 100 * player->level);
    *share = (dr_result){.kind = DR_RESULT_SHARE,
                         .of = dr_new(r->economy->regions, sizeof(bool)),
                         .from = dr_new(r->economy->regions, sizeof(bool)),
                         .sectors = dr_new(r->economy->sectors, sizeof(bool))};
    if (!share->of || !share->from || !share->sectors)
        return dr_fail_memory();
    DR_TRY(dr_yaml_at(&r->yaml, v[2], dr_select_list(dr_select_region, r->economy, player->rival, share->of)));
    DR_TRY(take_goods(r, v[4], share->sectors));
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
    static const char *const keys[] = {"player", "tariff", "export-tax", "aim"};
    yaml_node_t *v[4] = {0};
    DR_TRY(dr_yaml_keys(&r->yaml, map, keys, 4, v));
    DR_TRY(dr_yaml_need_key(&r->yaml, map, v[0], keys[0], "players"));
    DR_TRY(take_text(r, v[0], "the name of a region or group", &player->name));
    player->regions = dr_new(r->economy->regions, sizeof *player->regions);
    if (!player->regions)
        return dr_fail_memory();
    DR_TRY(dr_yaml_at(&r->yaml, v[0], dr_select_list(dr_select_region, r->economy, player->name, player->regions)));
    DR_TRY(check_roles(r, v[0], player));
    if (!v[1] && !v[2])
        return fail(r, map, "%s has nothing to play with: 'tariff' or 'export-tax' was expected", player->name);
    DR_TRY(read_tools(r, v[1], false, player));
    DR_TRY(read_tools(r, v[2], true, player));
    return read_aim(r, v[3], player);
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

/* ---- Games without players --------------------------------------------------------------------------------------------- */

/* A partner is on neither side, and no part of another one. */
static dr_status check_partner(reader *r, const yaml_node_t *node, size_t partner)
{
    const dr_trials *t = &r->game->trials;
    for (size_t n = 0; n < r->economy->regions; n++) {
        bool taken = t->sides.of[n] || t->sides.to[n];
        for (size_t j = 0; j < partner; j++)
            taken |= t->partner[j][n];
        if (taken && t->partner[partner][n])
            return fail(r, node, "%s plays twice", r->economy->region_codes.names[n]);
    }
    return DR_OK;
}

static dr_status read_partners(reader *r, const yaml_node_t *node)
{
    dr_trials *t = &r->game->trials;
    bool list = node->type == YAML_SEQUENCE_NODE;
    size_t count = list ? (size_t)(node->data.sequence.items.top - node->data.sequence.items.start) : 0;
    if (count == 0 || count > 64)
        return fail(r, node, "a list of 1 to 64 partners was expected, such as [USA, JPN]");
    t->partners = dr_new(count, sizeof *t->partners);
    t->partner = dr_new(count, sizeof *t->partner);
    if (!t->partners || !t->partner)
        return dr_fail_memory();
    for (; t->count < count; t->count++) {
        const yaml_node_t *item = dr_yaml_node(&r->yaml, node->data.sequence.items.start[t->count]);
        bool *mask = t->partner[t->count] = dr_new(r->economy->regions, sizeof *mask);
        if (!mask)
            return dr_fail_memory();
        DR_TRY(take_text(r, item, "the name of a region or group", &t->partners[t->count]));
        DR_TRY(dr_yaml_at(&r->yaml, item, dr_select_list(dr_select_region, r->economy, t->partners[t->count], mask)));
        DR_TRY(check_partner(r, item, t->count));
    }
    return DR_OK;
}

/* Coercion: of, by, sectors. Coalition: of, against, sectors, partners, tariff. */
static dr_status read_trials(reader *r, yaml_node_t *of, yaml_node_t *against, yaml_node_t *sectors,
                             yaml_node_t *partners, yaml_node_t *tariff)
{
    dr_trials *t = &r->game->trials;
    t->sectors = dr_new(r->economy->sectors, sizeof *t->sectors);
    if (!t->sectors)
        return dr_fail_memory();
    DR_TRY(take_text(r, of, "the name of a region or group", &t->of));
    DR_TRY(take_text(r, against, "the name of a region or group", &t->against));
    DR_TRY(dr_yaml_at(&r->yaml, of, dr_sides_read(&t->sides, r->economy, t->of, t->against)));
    DR_TRY(take_goods(r, sectors, t->sectors));
    DR_TRY(take_rate(r, tariff, "a percentage such as 25%", &t->rate));
    return partners ? read_partners(r, partners) : DR_OK;
}

static dr_status check_share(reader *r, const yaml_node_t *node, double share)
{
    if (share > 0 && share < 1)
        return DR_OK;
    return fail(r, node, "a share of %g%%, one between 0%% and 100%% was expected", 100 * share);
}

/* Delay: of, by, sectors, a cap for each year, the share that is kept up, the largest cut of prices. */
static dr_status read_delay(reader *r, const yaml_node_t *caps, const yaml_node_t *level, const yaml_node_t *most)
{
    dr_trials *t = &r->game->trials;
    size_t count = 0;
    if (caps->type == YAML_SEQUENCE_NODE)
        count = (size_t)(caps->data.sequence.items.top - caps->data.sequence.items.start);
    if (count == 0 || count > 100)
        return fail(r, caps, "a list of 1 to 100 caps was expected, one a year, such as [30%%, 20%%]");
    t->years = dr_new(count, sizeof *t->years);
    if (!t->years)
        return dr_fail_memory();
    for (; t->year_count < count; t->year_count++) {
        const yaml_node_t *item = dr_yaml_node(&r->yaml, caps->data.sequence.items.start[t->year_count]);
        DR_TRY(take_rate(r, item, "a share such as 30%", &t->years[t->year_count].cap));
        DR_TRY(check_share(r, item, t->years[t->year_count].cap));
    }
    DR_TRY(take_rate(r, level, "a share such as 25%", &t->level));
    DR_TRY(check_share(r, level, t->level));
    t->most = 0.5;
    DR_TRY(take_rate(r, most, "a percentage such as 50%", &t->most));
    return most ? check_share(r, most, t->most) : DR_OK;
}

/* ---- The file, one way for each play ------------------------------------------------------------------------------------ */

enum { PLAY, TITLE, PLAYERS, LEADER, RESPONDS, OF, BY, AGAINST, SECTORS, PARTNERS, TARIFF, CAPS, LEVEL, MOST, KEYS };
static const char *const keys[] = {"play",   "title", "players",  "leader",  "responds",
                                   "of",     "by",    "against",  "sectors", "partners",
                                   "tariff", "caps",  "at-least", "most",    DR_SETTINGS_KEYS};

/* The keys that a play has, beside the first two: those it needs in capitals. */
static dr_status check_keys(reader *r, yaml_node_t *const v[KEYS])
{
    static const char *const takes[] = {"P.r", "P.", "P.l", "OB.s", "OAMT.s", "OBCL.sm"}, letters[] = "..PlrOBAsMTCLm";
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
        DR_TRY(take_text(r, v[TITLE], "a title", &r->game->title));
    if (r->game->play >= DR_PLAY_COERCION)
        DR_TRY(read_trials(r, v[OF], v[r->game->play == DR_PLAY_COALITION ? AGAINST : BY], v[SECTORS], v[PARTNERS],
                           v[TARIFF]));
    if (r->game->play == DR_PLAY_DELAY)
        return read_delay(r, v[CAPS], v[LEVEL], v[MOST]);
    if (r->game->play >= DR_PLAY_COERCION)
        return DR_OK;
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
