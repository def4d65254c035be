/* The instruments that instruments come to: one for each sector, or one for all. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "play/game.h"

/* Adds the flows of `more` to those of `instrument`, and frees it. */
static dr_status join_instrument(dr_instrument *instrument, dr_instrument *more)
{
    size_t *flows = realloc(instrument->flows, (instrument->count + more->count + 1) * sizeof *flows);
    if (flows) {
        instrument->flows = flows;
        memcpy(flows + instrument->count, more->flows, more->count * sizeof *flows);
        instrument->count += more->count;
        instrument->base += more->base;
    }
    dr_instrument_free(more);
    return flows ? DR_OK : dr_fail_memory();
}

dr_sides dr_tool_sides(const dr_player *player, const dr_tool *tool)
{
    bool exports = tool->kind != DR_KIND_TARIFF;
    return (dr_sides){.of = exports ? tool->with : player->regions,
                      .to = exports ? player->regions : tool->with,
                      .named = tool->named,
                      .inside = tool->inside};
}

/* An instrument on nothing is a mistake. */
static dr_status on_no_trade(const dr_game *g, const dr_player *player, const dr_tool *tool)
{
    const dr_economy *e = g->model->economy;
    bool left = false;
    for (size_t n = 0; n < e->regions; n++)
        for (size_t i = 0; i < e->regions && player->regions[n] && !tool->inside; i++)
            left |= i != n && tool->with[i];
    return dr_fail(
        DR_BAD_INPUT, "the %s of %s %s %s is on no trade%s", dr_game_kinds[tool->kind], player->name,
        tool->kind == DR_KIND_TARIFF ? "on" : "to", tool->name,
        left ? ": all of it is between members of one group, or of the player, and 'inside: true' includes it" : "");
}

/* The instruments of one instrument of a player: one for each of its sectors with trade, or one for all. */
static dr_status tool_instruments(const dr_game *g, size_t p, const dr_tool *tool, dr_instrument_list *out)
{
    const dr_model *m = g->model;
    const dr_player *player = &g->players[p];
    bool exports = tool->kind != DR_KIND_TARIFF;
    dr_sides sides = dr_tool_sides(player, tool);
    bool begun = false;
    for (size_t s = 0; s < m->sectors; s++) {
        dr_instrument instrument;
        if (!tool->sectors[s])
            continue;
        DR_TRY(dr_instrument_new(&instrument, m, &sides, s, DR_ORIGIN_FROM));
        instrument.export_tax = exports;
        instrument.volume = tool->kind == DR_KIND_CURB;
        if (instrument.count == 0) {
            dr_instrument_free(&instrument);
        } else if (tool->uniform && begun) {
            DR_TRY(join_instrument(&out->instruments[out->count - 1], &instrument));
        } else {
            out->labels[out->count] = (dr_label){p, tool, s};
            out->instruments[out->count++] = instrument;
            begun = true;
        }
    }
    return begun ? DR_OK : on_no_trade(g, player, tool);
}

static size_t most_instruments(const dr_game *g)
{
    size_t most = 0;
    for (size_t p = 0; p < g->count; p++)
        most += g->players[p].tool_count * g->model->sectors;
    return most;
}

/* All players' instruments, in the order of players and instruments. */
dr_status dr_instruments_make(const dr_game *g, dr_instrument_list *out)
{
    out->instruments = dr_new(most_instruments(g), sizeof *out->instruments);
    out->labels = dr_new(most_instruments(g), sizeof *out->labels);
    if (!out->instruments || !out->labels)
        return dr_fail_memory();
    for (size_t p = 0; p < g->count; p++)
        for (size_t t = 0; t < g->players[p].tool_count; t++)
            DR_TRY(tool_instruments(g, p, &g->players[p].tools[t], out));
    return DR_OK;
}

/* ---- What does not go together ------------------------------------------------------------------------------------------- */

/* Of each flow the numbers of its instruments, from 1. */
typedef struct claims {
    size_t *tariff, *exports;
} claims;

static dr_status two_of_a_kind(const dr_game *g, size_t instrument, size_t flow)
{
    const dr_model *m = g->model;
    return dr_fail(DR_BAD_INPUT, "%s has two %s on %s from %s to %s", g->players[g->labels[instrument].player].name,
                   g->labels[instrument].tool->kind == DR_KIND_TARIFF ? "tariffs" : "export taxes or curbs",
                   dr_economy_sector(m->economy, flow % m->sectors),
                   m->economy->region_codes.names[flow / m->sectors % m->regions],
                   m->economy->region_codes.names[flow / m->sectors / m->regions]);
}

static dr_status claim(const dr_game *g, const dr_instrument_list *list, claims *c)
{
    for (size_t l = 0; l < list->count; l++)
        for (size_t j = 0; j < list->instruments[l].count; j++) {
            size_t flow = list->instruments[l].flows[j];
            size_t *taken = (list->instruments[l].export_tax ? c->exports : c->tariff) + flow;
            if (*taken)
                return two_of_a_kind(g, l, flow);
            *taken = l + 1;
        }
    return DR_OK;
}

/* The best tariff on a volume that is given takes the whole rent of the curb, whose best answer is a tighter one, and so on: trade vanishes
 * (Rodriguez 1974, Tower 1975), and where the rent is gone derivatives jump. */
static dr_status check_curbs(const dr_game *g, const dr_instrument_list *list, const claims *c)
{
    size_t flows = g->model->regions * g->model->regions * g->model->sectors;
    for (size_t flow = 0; flow < flows; flow++) {
        if (!c->tariff[flow] || !c->exports[flow] || !list->instruments[c->exports[flow] - 1].volume)
            continue;
        size_t taxes = g->labels[c->tariff[flow] - 1].player, curbs = g->labels[c->exports[flow] - 1].player;
        if (g->play != DR_PLAY_BEST_RESPONSE || taxes == g->chosen)
            return dr_fail(DR_BAD_INPUT,
                           "%s chooses a tariff on goods that %s curbs by volume: the best one takes the whole rent of "
                           "the curb, and "
                           "answers to answers end all trade; 'export-tax' was expected",
                           g->players[taxes].name, g->players[curbs].name);
    }
    return DR_OK;
}

static dr_status check_instruments(const dr_game *g, const dr_instrument_list *list)
{
    size_t flows = g->model->regions * g->model->regions * g->model->sectors;
    claims c = {dr_new(flows, sizeof *c.tariff), dr_new(flows, sizeof *c.exports)};
    dr_status status = c.tariff && c.exports ? claim(g, list, &c) : dr_fail_memory();
    if (status == DR_OK)
        status = check_curbs(g, list, &c);
    free(c.tariff);
    free(c.exports);
    return status;
}

/* Takes over what each instrument is, and says what it may be. */
dr_status dr_instruments_take(dr_game *g, dr_instrument_list *list)
{
    g->instruments = list->count;
    g->labels = list->labels;
    list->labels = NULL;
    g->low = dr_new_doubles(list->count);
    g->high = dr_new_doubles(list->count);
    g->base = dr_new_doubles(list->count);
    g->y = dr_new_doubles(list->count);
    if (!g->low || !g->high || !g->base || !g->y)
        return dr_fail_memory();
    for (size_t l = 0; l < g->instruments; l++) {
        dr_player *player = &g->players[g->labels[l].player];
        const dr_tool *tool = g->labels[l].tool;
        bool cut = tool->kind == DR_KIND_CURB;
        g->low[l] = log1p(cut ? -tool->most : tool->least);
        g->high[l] = log1p(cut ? -tool->least : tool->most);
        g->base[l] = log1p(cut ? -tool->at : tool->at);
        if (tool->kind == DR_KIND_TARIFF) {
            g->low[l] = fmax(g->low[l], dr_instrument_lowest(&list->instruments[l], g->model));
            g->base[l] = fmax(g->low[l], g->base[l]);
        }
        player->first = player->count++ == 0 ? l : player->first;
    }
    return check_instruments(g, list);
}

void dr_instruments_free(dr_instrument_list *list)
{
    for (size_t l = 0; l < list->count; l++)
        dr_instrument_free(&list->instruments[l]);
    free(list->instruments);
    free(list->labels);
    *list = (dr_instrument_list){0};
}
