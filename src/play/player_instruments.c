/* From the instruments that a file states to the settings that players choose: one for each sector, or one for all. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/print.h"
#include "model/tier.h"
#include "play/player_game.h"
#include "world/describe.h"

const char *const dr_instrument_kind_names[DR_INSTRUMENT_KINDS] = {"tariff",     "quota",       "use tax",
                                                                   "export tax", "export curb", "production tax"};

/* A setting this close to a bound, in ln(1 + rate), counts as held by it. */
static const double HELD = 1e-6;

bool dr_instrument_kind_cuts(dr_instrument_kind kind)
{
    return kind == DR_QUOTA || kind == DR_EXPORT_CURB;
}

bool dr_instrument_kind_exports(dr_instrument_kind kind)
{
    return kind == DR_EXPORT_TAX || kind == DR_EXPORT_CURB || kind == DR_PRODUCTION_TAX;
}

bool dr_instrument_kind_inland(dr_instrument_kind kind)
{
    return kind == DR_USE_TAX || kind == DR_PRODUCTION_TAX;
}

void dr_instrument_spec_name(char *out, size_t size, const dr_economy *names, const dr_player *player,
                             const dr_instrument_spec *spec)
{
    char own[DR_SPOKEN_SIZE], with[DR_SPOKEN_SIZE];
    const char *kind = dr_instrument_kind_names[spec->kind];
    dr_spoken(own, names, player->name);
    if (dr_instrument_kind_inland(spec->kind))
        snprintf(out, size, "%s of %.80s", kind, own);
    else
        snprintf(out, size, "%s of %.80s %s %.80s", kind, own, dr_instrument_kind_exports(spec->kind) ? "to" : "on",
                 dr_spoken(with, names, spec->name));
}

/* ---- Settings of the outcome ------------------------------------------------------------------------------------ */

static bool is_cut(const dr_player_game *g, size_t setting)
{
    return g->players[0].policy.instruments[setting].volume;
}

const char *dr_setting_bound(const dr_player_game *g, size_t setting)
{
    bool low = g->y[setting] <= g->low[setting] + HELD, high = g->y[setting] >= g->high[setting] - HELD;
    return !low && !high ? "" : low == is_cut(g, setting) ? "most" : "least";
}

double dr_setting_rate(const dr_player_game *g, size_t setting)
{
    double rate = expm1(g->y[setting]);
    return 100 * (is_cut(g, setting) ? -rate : rate);
}

double dr_setting_wedge(const dr_player_game *g, size_t setting)
{
    const dr_policy *policy = &g->players[0].policy;
    bool limited = policy->instruments[setting].limited;
    return 100 *
           (limited ? policy->solution->limits[dr_policy_limit(policy, setting)].wedge - 1 : expm1(g->y[setting]));
}

/* ---- Instruments ------------------------------------------------------------------------------------------------ */

/* Adds the flows of `more` to those of `instrument`, sales at home first, and frees `more`. */
static dr_status join_instrument(dr_instrument *instrument, dr_instrument *more)
{
    size_t all = instrument->count + more->count + 1;
    size_t *flows = realloc(instrument->flows, all * sizeof *flows);
    size_t *rows = more->rows ? realloc(instrument->rows, all * sizeof *rows) : NULL;
    instrument->rows = rows ? rows : instrument->rows;
    if (rows)
        memcpy(rows + instrument->count, more->rows, more->count * sizeof *rows);
    bool there = flows && (rows || !more->rows);
    if (flows) {
        size_t abroad = instrument->count - instrument->home;
        instrument->flows = flows;
        memmove(flows + instrument->home + more->home, flows + instrument->home, abroad * sizeof *flows);
        memcpy(flows + instrument->home, more->flows, more->home * sizeof *flows);
        memcpy(flows + instrument->count + more->home, more->flows + more->home,
               (more->count - more->home) * sizeof *flows);
        instrument->count += more->count;
        instrument->home += more->home;
        instrument->limited |= more->limited;
        instrument->base += more->base;
    }
    dr_instrument_free(more);
    return there ? DR_OK : dr_fail_memory();
}

dr_sides dr_instrument_spec_sides(const dr_player *player, const dr_instrument_spec *spec)
{
    bool exports = dr_instrument_kind_exports(spec->kind);
    return (dr_sides){.of = exports ? spec->with : player->regions,
                      .to = exports ? player->regions : spec->with,
                      .named = spec->named,
                      .inside = spec->inside};
}

/* An instrument to which no trade corresponds is an error. */
static dr_status fail_no_trade(const dr_player_game *g, const dr_player *player, const dr_instrument_spec *spec)
{
    const dr_economy *e = g->game.model->economy;
    bool left = false;
    for (size_t n = 0; n < e->regions; n++)
        for (size_t i = 0; i < e->regions && player->regions[n] && !spec->inside; i++)
            left |= i != n && spec->with[i];
    char name[256];
    dr_instrument_spec_name(name, sizeof name, g->game.model->economy, player, spec);
    return dr_fail(
        DR_BAD_INPUT, "the %s applies to no trade%s", name,
        left ? ": all of it is between members of one group, or of the player, and 'inside: true' includes it" : "");
}

/* The sales or purchases of one sector of the player, at home and abroad; sales at home come first. */
static dr_status inland_instrument(dr_instrument *out, const dr_model *m, const dr_player *player, bool sales, size_t s)
{
    size_t r = m->regions;
    *out = (dr_instrument){.sector = s, .flows = dr_new(r * r, sizeof *out->flows), .use = !sales};
    if (!out->flows)
        return dr_fail_memory();
    for (size_t abroad = 0; abroad < 2; abroad++)
        for (size_t n = 0; n < r; n++)
            for (size_t i = 0; i < r; i++) {
                size_t flow = (n * r + i) * m->sectors + s;
                if (!player->regions[sales ? i : n] || (i != n) != abroad || m->base.flow[flow] == 0)
                    continue;
                out->flows[out->count++] = flow;
                out->home += sales && !abroad;
                out->base += m->base.flow[flow];
            }
    out->limited = out->count > out->home && sales;
    return DR_OK;
}

/* Who levies an instrument at the border, and how. */
static void set_kind(dr_instrument *out, dr_instrument_kind kind)
{
    bool exports = dr_instrument_kind_exports(kind), cuts = dr_instrument_kind_cuts(kind);
    out->limited = exports || cuts;
    out->volume = cuts;
    out->rent = exports ? DR_RENT_EXPORTER : DR_RENT_IMPORTER;
}

/* The flows of a spec in a sector, without those that the standing changes ban. */
static dr_status sector_instrument(dr_instrument *out, const dr_player_game *g, const dr_player *player,
                                   const dr_instrument_spec *spec, size_t s)
{
    const dr_model *m = g->game.model;
    dr_sides sides = dr_instrument_spec_sides(player, spec);
    if (dr_instrument_kind_inland(spec->kind)) {
        DR_TRY(inland_instrument(out, m, player, dr_instrument_kind_exports(spec->kind), s));
    } else {
        DR_TRY(dr_instrument_new(out, m, &sides, s, DR_ORIGIN_FROM));
        set_kind(out, spec->kind);
    }
    dr_instrument_leave_banned(out, m, g->standing);
    return DR_OK;
}

/* Adds an instrument that was made, or joins it to the one before; nothing where it has no flows. */
static dr_status take_instrument(size_t p, const dr_instrument_spec *spec, dr_instrument *instrument,
                                 const char *product, dr_instrument_list *out, bool *begun)
{
    if (instrument->count == 0) {
        dr_instrument_free(instrument);
        return DR_OK;
    }
    if (spec->uniform && *begun)
        return join_instrument(&out->instruments[out->count - 1], instrument);
    const char *label = product && spec->uniform ? "several" : product;
    out->labels[out->count] = (dr_setting_label){p, spec, instrument->sector, label};
    out->instruments[out->count++] = *instrument;
    *begun = true;
    return DR_OK;
}

/* Those of the products of a sector. */
static dr_status product_instruments(const dr_player_game *g, size_t p, const dr_instrument_spec *spec, size_t sector,
                                     dr_instrument_list *out, bool *begun)
{
    const dr_model *m = g->game.model;
    dr_sides sides = dr_instrument_spec_sides(&g->players[p], spec);
    for (size_t k = spec->products.first; k < spec->products.end; k++) {
        dr_instrument instrument;
        if (!spec->products.mask[k])
            continue;
        dr_status status = dr_instrument_of_product(&instrument, m, &sides, sector, (unsigned)k);
        set_kind(&instrument, spec->kind);
        dr_instrument_leave_banned(&instrument, m, g->standing);
        if (status == DR_OK)
            status = take_instrument(p, spec, &instrument, dr_tier_code(m->tier, (unsigned)k), out, begun);
        else
            dr_instrument_free(&instrument);
        DR_TRY(status);
    }
    return DR_OK;
}

/* The settings of one spec: one for each of its sectors or products with trade, or one for all of them. */
static dr_status spec_instruments(const dr_player_game *g, size_t p, const dr_instrument_spec *spec,
                                  dr_instrument_list *out)
{
    const dr_model *m = g->game.model;
    const dr_player *player = &g->players[p];
    bool begun = false;
    if (spec->products.mask)
        DR_TRY(dr_game_need_products(m));
    for (size_t s = 0; s < m->sectors; s++) {
        dr_instrument instrument;
        if (!spec->sectors[s])
            continue;
        if (spec->products.mask) {
            DR_TRY(product_instruments(g, p, spec, s, out, &begun));
            continue;
        }
        DR_TRY(sector_instrument(&instrument, g, player, spec, s));
        DR_TRY(take_instrument(p, spec, &instrument, NULL, out, &begun));
    }
    return begun ? DR_OK : fail_no_trade(g, player, spec);
}

/* A product is of one sector. */
static size_t most_instruments(const dr_player_game *g)
{
    size_t most = 0;
    for (size_t p = 0; p < g->count; p++)
        for (size_t t = 0; t < g->players[p].spec_count; t++) {
            const dr_product_set *products = &g->players[p].specs[t].products;
            most += products->mask ? products->count + 1 : g->game.model->sectors;
        }
    return most;
}

dr_status dr_player_instruments_make(const dr_player_game *g, dr_instrument_list *out)
{
    out->instruments = dr_new(most_instruments(g), sizeof *out->instruments);
    out->labels = dr_new(most_instruments(g), sizeof *out->labels);
    if (!out->instruments || !out->labels)
        return dr_fail_memory();
    for (size_t p = 0; p < g->count; p++)
        for (size_t t = 0; t < g->players[p].spec_count; t++)
            DR_TRY(spec_instruments(g, p, &g->players[p].specs[t], out));
    return DR_OK;
}

/* ---- Instruments that exclude each other ------------------------------------------------------------------------ */

/* For each flow, and for each product flow, the numbers (from 1) of the settings that tax it on either side, all of it
 * or a product in it; 0: none. */
typedef struct claims {
    size_t *tariff, *exports;           /* [flow] the first */
    size_t *row_tariff, *row_exports;   /* [row of the tier] */
    bool *whole_tariff, *whole_exports; /* [flow] whether it is on the whole */
} claims;

static dr_status two_of_a_kind(const dr_player_game *g, size_t instrument, size_t other, size_t flow, bool limited)
{
    const dr_model *m = g->game.model;
    const char *one = g->players[g->labels[other].player].name, *two = g->players[g->labels[instrument].player].name;
    return dr_fail(DR_BAD_INPUT, "%s%s%s %s %s on %s from %s to %s; expected one", one, one == two ? "" : " and ",
                   one == two ? "" : two, one == two ? "has two" : "both have",
                   limited ? "taxes or limits on sellers" : "tariffs or use taxes",
                   dr_economy_sector(m->economy, flow % m->sectors),
                   m->economy->region_codes.names[flow / m->sectors % m->regions],
                   m->economy->region_codes.names[flow / m->sectors / m->regions]);
}

/* The limit of the standing changes, or that which stands for their tax, that a product flow is under; NULL: none. */
static const dr_volume_limit *standing_limit(const dr_scenario *standing, size_t flow, unsigned source)
{
    for (size_t l = 0; l < standing->limit_count; l++) {
        const dr_volume_limit *limit = &standing->limits[l];
        for (size_t j = 0; j < limit->count && limit->rows; j++)
            if (limit->flows[j] == flow && limit->rows[j] == source)
                return limit;
    }
    return NULL;
}

/* What standing changes have set in the same place as an instrument on a product flow, or, `source` NULL, on a whole
 * flow; NULL: nothing that excludes it. */
static const char *standing_conflict(const dr_player_game *g, size_t flow, const unsigned *source, bool limited)
{
    static const char exporters[] = "a limit or a tax on exporters", quota[] = "a tariff-rate quota";
    int change = g->standing->change[flow];
    double other;
    if (source) {
        const dr_volume_limit *limit = standing_limit(g->standing, flow, *source);
        if (limited)
            return limit || change & (DR_CHANGE_WEDGES & ~DR_CHANGE_PRODUCT_WEDGE) ? exporters : NULL;
        if (limit && limit->most > 0)
            return quota;
        if (change & DR_CHANGE_CARBON_BORDER)
            return "a duty on carbon";
    }
    if (limited)
        return change & DR_CHANGE_WEDGES ? exporters : NULL;
    if (change & DR_CHANGE_RATE_QUOTA)
        return quota;
    return !source && g->game.model->tier && dr_product_under(g->standing, flow, &other) ? "tariffs on products" : NULL;
}

static dr_status check_standing(const dr_player_game *g, const dr_instrument *instrument, size_t l, size_t j,
                                bool limited)
{
    const dr_model *m = g->game.model;
    size_t flow = instrument->flows[j];
    const unsigned *source = instrument->rows ? &m->tier->source[instrument->rows[j]] : NULL;
    const char *other = g->standing ? standing_conflict(g, flow, source, limited) : NULL;
    if (!other)
        return DR_OK;
    char name[256];
    dr_instrument_spec_name(name, sizeof name, m->economy, &g->players[g->labels[l].player], g->labels[l].spec);
    return dr_fail(DR_BAD_INPUT, "the %s is on %s from %s to %s, of which 'changes' sets %s already", name,
                   dr_economy_sector(m->economy, flow % m->sectors),
                   m->economy->region_codes.names[flow / m->sectors % m->regions],
                   m->economy->region_codes.names[flow / m->sectors / m->regions], other);
}

static dr_status claim(const dr_player_game *g, const dr_instrument_list *list, claims *c)
{
    for (size_t l = 0; l < list->count; l++)
        for (size_t j = 0; j < list->instruments[l].count; j++) {
            const dr_instrument *instrument = &list->instruments[l];
            size_t flow = instrument->flows[j], row = instrument->rows ? instrument->rows[j] : 0;
            bool limited = instrument->limited && j >= instrument->home,
                 *whole = (limited ? c->whole_exports : c->whole_tariff) + flow;
            size_t *taken = (limited ? c->exports : c->tariff) + flow,
                   *of_row = (limited ? c->row_exports : c->row_tariff) + row;
            size_t other = !instrument->rows || *whole ? *taken : *of_row;
            if (other)
                return two_of_a_kind(g, l, other - 1, flow, limited);
            DR_TRY(check_standing(g, instrument, l, j, limited));
            *taken = *taken ? *taken : l + 1;
            *whole |= !instrument->rows;
            *of_row = instrument->rows ? l + 1 : *of_row;
        }
    return DR_OK;
}

/* The best tariff on a given volume takes the whole rent of the export curb, the best response to which is a tighter
 * curb, and so on until trade vanishes (Rodriguez 1974, Tower 1975); where the rent is zero derivatives jump. */
static dr_status check_curbs(const dr_player_game *g, const dr_instrument_list *list, const claims *c)
{
    for (size_t l = 0; l < list->count; l++)
        for (size_t j = list->instruments[l].home; j < list->instruments[l].count && list->instruments[l].volume; j++) {
            const dr_instrument *curb = &list->instruments[l];
            size_t flow = curb->flows[j];
            bool whole = !curb->rows || c->whole_tariff[flow];
            size_t tariff = whole ? c->tariff[flow] : c->row_tariff[curb->rows[j]];
            const dr_player *taxes = tariff ? &g->players[g->labels[tariff - 1].player] : NULL;
            if (taxes && taxes->chooses)
                return dr_fail(
                    DR_BAD_INPUT,
                    "%s chooses a %s on goods whose volume %s limits: the best one takes the whole rent of the limit, "
                    "and best responses in turn end all trade; expected '%s'",
                    taxes->name, dr_instrument_kind_names[g->labels[tariff - 1].spec->kind],
                    g->players[g->labels[l].player].name,
                    g->labels[l].spec->kind == DR_QUOTA ? "tariff" : "export-tax");
        }
    return DR_OK;
}

static dr_status check_instruments(const dr_player_game *g, const dr_instrument_list *list)
{
    const dr_model *m = g->game.model;
    size_t flows = m->regions * m->regions * m->sectors, rows = m->tier ? m->tier->rows + 1 : 1;
    claims c = {dr_new(flows, sizeof *c.tariff),       dr_new(flows, sizeof *c.exports),
                dr_new(rows, sizeof *c.row_tariff),    dr_new(rows, sizeof *c.row_exports),
                dr_new(flows, sizeof *c.whole_tariff), dr_new(flows, sizeof *c.whole_exports)};
    bool there = c.tariff && c.exports && c.row_tariff && c.row_exports && c.whole_tariff && c.whole_exports;
    dr_status status = there ? claim(g, list, &c) : dr_fail_memory();
    if (status == DR_OK)
        status = check_curbs(g, list, &c);
    free(c.tariff);
    free(c.exports);
    free(c.row_tariff);
    free(c.row_exports);
    free(c.whole_tariff);
    free(c.whole_exports);
    return status;
}

dr_status dr_player_instruments_take(dr_player_game *g, dr_instrument_list *list)
{
    g->settings = list->count;
    g->labels = list->labels;
    list->labels = NULL;
    g->low = dr_new_doubles(list->count);
    g->high = dr_new_doubles(list->count);
    g->base = dr_new_doubles(list->count);
    g->y = dr_new_doubles(list->count);
    if (!g->low || !g->high || !g->base || !g->y)
        return dr_fail_memory();
    for (size_t l = 0; l < g->settings; l++) {
        dr_player *player = &g->players[g->labels[l].player];
        const dr_instrument_spec *spec = g->labels[l].spec;
        bool cut = dr_instrument_kind_cuts(spec->kind);
        g->low[l] = log1p(cut ? -spec->most : spec->least);
        g->high[l] = log1p(cut ? -spec->least : spec->most);
        g->base[l] = log1p(cut ? -spec->start : spec->start);
        if (!list->instruments[l].limited) {
            g->low[l] = fmax(g->low[l], dr_instrument_lowest(&list->instruments[l], g->game.model));
            g->base[l] = fmax(g->low[l], g->base[l]);
        }
        player->first = player->count++ == 0 ? l : player->first;
    }
    return check_instruments(g, list);
}

void dr_player_instruments_free(dr_instrument_list *list)
{
    for (size_t l = 0; l < list->count; l++)
        dr_instrument_free(&list->instruments[l]);
    free(list->instruments);
    free(list->labels);
    *list = (dr_instrument_list){0};
}
