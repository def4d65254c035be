/* The JSON schema of documents: scenarios, supply stops and games, which have one form for each kind of game. */
#include <string.h>

#include "dynamics/shock.h"
#include "play/game_kinds.h"
#include "play/player_game.h"
#include "play/prior_plan.h"
#include "scenario/baseline.h"

/* What keys hold that only games have, or that hold something else in scenarios. */
static json_t *value_of(const char *key)
{
    static const char *const flows[] = {"imports", "exports", NULL};
    if (strcmp(key, "players") == 0)
        return dr_players_schema();
    if (strcmp(key, "changes") == 0)
        return dr_schema_changes();
    if (strcmp(key, "after") == 0)
        return dr_prior_plan_schema();
    if (strcmp(key, "partners") == 0)
        return dr_schema_list(dr_schema_shape(DR_SHAPE_NAMES));
    if (strcmp(key, "caps") == 0)
        return dr_schema_list(dr_schema_shape(DR_SHAPE_RATE));
    if (strcmp(key, "ban") == 0)
        return dr_schema_words(flows);
    if (strcmp(key, "tariff") == 0 || strcmp(key, "export-curb") == 0)
        return dr_schema_shape(DR_SHAPE_RATE);
    return dr_schema_key(key);
}

static json_t *schema_of(const dr_game_kind *kind)
{
    static const char *const common[] = {"play", "title"};
    json_t *map = dr_schema_map(common, 2);
    dr_schema_document(map, true);
    dr_schema_set(map, "play", json_pack("{s:s}", "const", kind->name));
    dr_schema_set(map, DR_BASELINE_KEY, dr_schema_baseline());
    dr_schema_need(map, "play");
    for (const dr_game_key *key = kind->keys; key->name; key++) {
        dr_schema_set(map, key->name, value_of(key->name));
        if (key->required)
            dr_schema_need(map, key->name);
    }
    return map;
}

dr_status dr_schema(const char *path)
{
    json_t *kinds = json_array();
    for (const dr_game_kind *const *kind = dr_game_kinds; *kind; kind++)
        json_array_append_new(kinds, schema_of(*kind));
    return dr_schema_write(json_pack("{s:o}", "oneOf", kinds), dr_shock_schema(), path);
}
