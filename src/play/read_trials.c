/* Games without players, from YAML files (docs/play.md). */
#include <string.h>

#include "play/read.h"

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
        DR_TRY(dr_game_take_names(r, item, &t->partners[t->count]));
        DR_TRY(dr_yaml_at(&r->yaml, item,
                          dr_select_list(dr_select_region, r->economy, t->partners[t->count], mask, &t->named)));
        DR_TRY(check_partner(r, item, t->count));
    }
    return DR_OK;
}

static dr_status read_sides(reader *r, yaml_node_t *of, yaml_node_t *against, yaml_node_t *sectors)
{
    dr_trials *t = &r->game->trials;
    t->sectors = dr_new(r->economy->sectors, sizeof *t->sectors);
    if (!t->sectors)
        return dr_fail_memory();
    bool inside = t->sides.inside;
    DR_TRY(dr_game_take_names(r, of, &t->of));
    DR_TRY(dr_game_take_names(r, against, &t->against));
    DR_TRY(dr_yaml_at(&r->yaml, of, dr_sides_read(&t->sides, r->economy, t->of, t->against)));
    t->sides.inside = inside;
    if (!inside)
        DR_TRY(dr_yaml_at(&r->yaml, of, dr_sides_apart(&t->sides, r->economy, t->of, t->against)));
    return dr_game_take_goods(r, sectors, t->sectors);
}

static dr_status take_word(reader *r, const yaml_node_t *node, const char *const *words, size_t count,
                           const char *expected, size_t *out)
{
    DR_TRY(dr_yaml_need_text(&r->yaml, node, expected));
    for (*out = 0; *out < count; ++*out)
        if (strcmp(dr_yaml_text(node), words[*out]) == 0)
            return DR_OK;
    return fail(r, node, "'%.40s': %s was expected", dr_yaml_text(node), expected);
}

/* What a coalition does: a tariff, a cut of what it sells, or an end of what it buys or sells. */
static dr_status read_means(reader *r, const yaml_node_t *at, yaml_node_t *const means[3])
{
    static const char *const flows[] = {"imports", "exports"};
    dr_trials *t = &r->game->trials;
    size_t flow = 0;
    if (!means[0] + !means[1] + !means[2] != 2)
        return fail(r, at, "'play: coalition' needs one of 'tariff', 'export-curb' and 'ban'");
    DR_TRY(dr_game_take_rate(r, means[0], "a percentage such as 25%", &t->rate));
    if (means[0] && !(t->rate > -1))
        return fail(r, means[0], "a tariff of %g%%, more than -100%% was expected", 100 * t->rate);
    DR_TRY(dr_game_take_rate(r, means[1], "a percentage such as 50%", &t->rate));
    if (means[1] && !(t->rate > 0 && t->rate <= 1))
        return fail(r, means[1], "a cut of %g%%, one above 0%% and up to 100%% was expected", 100 * t->rate);
    if (means[2])
        DR_TRY(take_word(r, means[2], flows, 2, "imports or exports", &flow));
    t->means = means[0]    ? DR_MEANS_TARIFF
               : means[1]  ? DR_MEANS_CURB
               : flow == 0 ? DR_MEANS_BAN_IMPORTS
                           : DR_MEANS_BAN_EXPORTS;
    return DR_OK;
}

dr_status dr_game_read_coalition(reader *r, yaml_node_t *of, yaml_node_t *against, yaml_node_t *sectors,
                                 yaml_node_t *partners, yaml_node_t *const means[3])
{
    DR_TRY(read_sides(r, of, against, sectors));
    DR_TRY(read_means(r, of, means));
    return read_partners(r, partners);
}

static dr_status check_share(reader *r, const yaml_node_t *node, double share)
{
    if (share > 0 && share < 1)
        return DR_OK;
    return fail(r, node, "a share of %g%%, one between 0%% and 100%% was expected", 100 * share);
}

/* The plan that comes first: {cap: 30%, sectors: ..., horizon: long}. */
static dr_status read_after(reader *r, yaml_node_t *map)
{
    static const char *const keys[] = {"cap", "sectors", "horizon"}, *const horizons[] = {"short", "medium", "long"};
    dr_before *b = &r->game->trials.before;
    yaml_node_t *v[3] = {0};
    size_t horizon = 2;
    b->sectors = dr_new(r->economy->sectors, sizeof *b->sectors);
    if (!b->sectors)
        return dr_fail_memory();
    DR_TRY(dr_yaml_keys(&r->yaml, map, keys, 3, v));
    DR_TRY(dr_yaml_need_key(&r->yaml, map, v[0], keys[0], "after"));
    DR_TRY(dr_game_take_rate(r, v[0], "a share such as 30%", &b->cap));
    DR_TRY(check_share(r, v[0], b->cap));
    if (v[1])
        DR_TRY(dr_game_take_goods(r, v[1], b->sectors));
    else
        memcpy(b->sectors, r->game->trials.sectors, r->economy->sectors * sizeof *b->sectors);
    if (v[2])
        DR_TRY(take_word(r, v[2], horizons, 3, "short, medium or long", &horizon));
    b->horizon = horizons[horizon];
    return DR_OK;
}

dr_status dr_game_read_coercion(reader *r, yaml_node_t *of, yaml_node_t *by, yaml_node_t *sectors, yaml_node_t *after)
{
    DR_TRY(read_sides(r, of, by, sectors));
    return after ? read_after(r, after) : DR_OK;
}

/* Delay: of, by, sectors, a cap for each year, the share that is kept up, the largest cut of prices. */
dr_status dr_game_read_delay(reader *r, yaml_node_t *const who[3], const yaml_node_t *caps, const yaml_node_t *level,
                             const yaml_node_t *most)
{
    dr_trials *t = &r->game->trials;
    size_t count = 0;
    DR_TRY(read_sides(r, who[0], who[1], who[2]));
    if (caps->type == YAML_SEQUENCE_NODE)
        count = (size_t)(caps->data.sequence.items.top - caps->data.sequence.items.start);
    if (count == 0 || count > 100)
        return fail(r, caps, "a list of 1 to 100 caps was expected, one a year, such as [30%%, 20%%]");
    t->years = dr_new(count, sizeof *t->years);
    if (!t->years)
        return dr_fail_memory();
    for (; t->year_count < count; t->year_count++) {
        const yaml_node_t *item = dr_yaml_node(&r->yaml, caps->data.sequence.items.start[t->year_count]);
        DR_TRY(dr_game_take_rate(r, item, "a share such as 30%", &t->years[t->year_count].cap));
        DR_TRY(check_share(r, item, t->years[t->year_count].cap));
    }
    DR_TRY(dr_game_take_rate(r, level, "a share such as 25%", &t->level));
    DR_TRY(check_share(r, level, t->level));
    t->most = 0.5;
    DR_TRY(dr_game_take_rate(r, most, "a percentage such as 50%", &t->most));
    return most ? check_share(r, most, t->most) : DR_OK;
}
