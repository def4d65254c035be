#include "scenario/scenario.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/check.h"
#include "base/csv.h"
#include "base/print.h"
#include "scenario/carbon.h"
#include "scenario/product_change.h"
#include "world/rates.h"
#include "world/select.h"

dr_status dr_scenario_new(dr_scenario **out, const dr_economy *economy)
{
    DR_TRY(DR_GIVEN(out, economy));
    size_t flows = economy->regions * economy->regions * economy->sectors;
    dr_scenario *s = dr_new(1, sizeof *s);
    if (!s)
        return dr_fail_memory();
    s->economy = economy;
    s->rate = dr_new(flows, sizeof *s->rate);
    s->times = dr_new(flows, sizeof *s->times);
    s->change = dr_new(flows, sizeof *s->change);
    s->last = dr_new(flows, sizeof *s->last);
    if (!s->rate || !s->times || !s->change || !s->last) {
        dr_scenario_free(s);
        return dr_fail_memory();
    }
    *out = s;
    return DR_OK;
}

void dr_scenario_free(dr_scenario *s)
{
    if (!s)
        return;
    free(s->title);
    free(s->rate);
    free(s->times);
    free(s->change);
    free(s->last);
    for (size_t i = 0; i < s->limit_count; i++)
        dr_volume_limit_free(&s->limits[i]);
    free(s->limits);
    for (size_t t = 0; t < DR_TAX_FACTORS; t++)
        free(s->factor[t]);
    for (size_t i = 0; i < s->note_count; i++)
        free(s->notes[i]);
    free(s->notes);
    for (size_t i = 0; i < s->place_count; i++)
        free(s->places[i].path);
    free(s->places);
    for (size_t k = 0; k < DR_SHIFT_COUNT; k++) {
        free(s->shift[k].times);
        free(s->shift[k].last);
    }
    for (size_t t = 0; t < s->transfer_count; t++) {
        free(s->transfers[t].from);
        free(s->transfers[t].to);
    }
    free(s->transfers);
    dr_carbon_free(s->carbon);
    free(s->effects);
    dr_product_changes_free(s->products);
    dr_named_free(&s->named);
    dr_insiders_free(&s->insiders);
    free(s->effect_of);
    free(s);
}

dr_status dr_scenario_title(dr_scenario *scenario, const char *title)
{
    DR_TRY(DR_GIVEN(scenario, title));
    char *copy = strdup(title);
    if (!copy)
        return dr_fail_memory();
    free(scenario->title);
    scenario->title = copy;
    return DR_OK;
}

dr_status dr_scenario_note(dr_scenario *s, const char *format, ...)
{
    char *note = NULL;
    va_list arguments;
    if (!dr_grow((void **)&s->notes, &s->note_capacity, s->note_count + 1, sizeof *s->notes))
        return dr_fail_memory();
    va_start(arguments, format);
    int size = dr_vprint_new(&note, format, arguments);
    va_end(arguments);
    if (size < 0)
        return dr_fail_memory();
    s->notes[s->note_count++] = note;
    return DR_OK;
}

dr_status dr_scenario_keep_place(dr_scenario *s, size_t line)
{
    if (!dr_grow((void **)&s->places, &s->place_capacity, s->changes, sizeof *s->places))
        return dr_fail_memory();
    while (s->place_count < s->changes) {
        char *path = strdup(s->document);
        if (!path)
            return dr_fail_memory();
        s->places[s->place_count++] = (dr_place){path, line};
    }
    return DR_OK;
}

const char *dr_change_words(char out[DR_CHANGE_WORDS_SIZE], const dr_scenario *s, size_t change, const char *instrument)
{
    const dr_place *place = change <= s->place_count ? &s->places[change - 1] : NULL;
    bool same = place && s->document && strcmp(place->path, s->document) == 0;
    if (!place)
        snprintf(out, DR_CHANGE_WORDS_SIZE, "change %zu (%s)", change, instrument);
    else if (same)
        snprintf(out, DR_CHANGE_WORDS_SIZE, "change %zu (%s, line %zu)", change, instrument, place->line);
    else
        snprintf(out, DR_CHANGE_WORDS_SIZE, "change %zu (%s, %.300s:%zu)", change, instrument, place->path,
                 place->line);
    return out;
}

const char *dr_scenario_heading(char out[DR_HEADLINE_SIZE], const dr_scenario *s)
{
    return s->title && *s->title ? s->title : dr_headline_write(out, &s->changed);
}

dr_status dr_scenario_insiders(char **note, const dr_scenario *sc, bool included)
{
    return dr_insiders_note(note, &sc->insiders, sc->economy, sc->economy->flow, included);
}

void dr_scenario_inside(dr_scenario *scenario, bool inside)
{
    if (scenario)
        scenario->inside = inside;
}

dr_status dr_scenario_code(const dr_csv *csv, int column, dr_select *select, const dr_names *codes, const dr_economy *e,
                           size_t *index)
{
    const char *code = dr_csv_field(csv, (size_t)column);
    int found = dr_names_find(codes, code);
    size_t count = 0;
    *index = 0;
    if (found >= 0) {
        *index = (size_t)found;
        return DR_OK;
    }
    bool *mask = dr_new(codes->count, sizeof *mask);
    if (!mask)
        return dr_fail_memory();
    dr_named named = {0};
    dr_status status = select(e, code, mask, &named);
    for (size_t i = 0; i < codes->count && status == DR_OK; i++)
        if (mask[i]) {
            *index = i;
            count++;
        }
    bool kind = status == DR_OK && select == dr_select_sector && strcasecmp(code, e->sector_kinds[*index]) == 0;
    bool single = count == 1 && named.count == 0 && !kind && strcasecmp(code, "all") != 0; /* a set of one is a set */
    dr_named_free(&named);
    free(mask);
    if (status == DR_OK && !single)
        return dr_csv_fail(csv, column, "'%s' is not a single %s; expected a code", code,
                           select == dr_select_region ? "region" : "sector");
    return status == DR_OK ? DR_OK : dr_csv_fail(csv, column, "%s", dr_error_text());
}

/* Marks the regions of a list; NULL stands for all of them, in changes that are not about the trade between two
 * sides. */
static dr_status take_side(dr_scenario *sc, dr_change *change, const char *list, bool *mask, char *names)
{
    if (!list)
        return dr_select_region(sc->economy, "all", mask, NULL);
    dr_headline_names(names, list);
    return dr_select_list(dr_select_region, sc->economy, NULL, list, mask,
                          change->domestic ? &sc->named : &change->named);
}

/* The sectors of a list; or all of them, and the products of it, which the caller frees. */
static dr_status take_goods(dr_scenario *sc, dr_change *change, const char *list, dr_product_set *products)
{
    const int kinds = DR_CHANGE_TARIFF | DR_CHANGE_COST | DR_CHANGE_BAN | DR_CHANGE_LIMITS | DR_CHANGE_EXPORT_TAX;
    if (!dr_product_list(list))
        return dr_select_list(dr_select_sector, sc->economy, NULL, list, change->sectors, NULL);
    if (!(change->kind & kinds))
        return dr_fail(DR_BAD_INPUT,
                       "'%s': %s is of what a sector makes or a region uses, not of products at the border; expected "
                       "sectors",
                       list, dr_change_name(change->kind, change->relative));
    DR_TRY(dr_product_changes_need(sc));
    DR_TRY(dr_product_set_new(products, sc));
    change->products = products;
    DR_TRY(dr_select_sector(sc->economy, "all", change->sectors, NULL));
    return dr_product_set_list(products, sc, list);
}

/* A change named by lists, as the public functions take it. */
static dr_status apply_lists(dr_scenario *sc, dr_change change, const char *by, const char *on, const char *sectors)
{
    dr_change full;
    dr_product_set products = {0};
    DR_TRY(dr_change_new(&full, sc->economy, change.kind));
    change.by = full.by;
    change.on = full.on;
    change.sectors = full.sectors;
    change.inside = sc->inside;
    full = change;
    dr_headline_names(full.names[2], sectors);
    dr_status status = take_side(sc, &full, by, full.by, full.names[0]);
    if (status == DR_OK)
        status = take_side(sc, &full, on, full.on, full.names[1]);
    if (status == DR_OK)
        status = take_goods(sc, &full, sectors, &products);
    if (status == DR_OK)
        status = dr_scenario_apply(sc, &full);
    free(products.mask);
    dr_change_free(&full);
    return status;
}

dr_status dr_scenario_tariff(dr_scenario *scenario, const char *by, const char *on, const char *sectors, double rate,
                             dr_rate_kind kind)
{
    DR_TRY(DR_GIVEN(scenario, by, on, sectors));
    DR_TRY(DR_ONE_OF(__func__, kind, DR_RATE_AT_LEAST));
    return apply_lists(scenario, (dr_change){.kind = DR_CHANGE_TARIFF, .amount = rate, .rate = kind}, by, on, sectors);
}

dr_status dr_scenario_export_tax(dr_scenario *scenario, const char *by, const char *to, const char *sectors,
                                 double rate)
{
    DR_TRY(DR_GIVEN(scenario, by, to, sectors));
    return apply_lists(scenario, (dr_change){.kind = DR_CHANGE_EXPORT_TAX, .amount = rate}, to, by, sectors);
}

dr_status dr_scenario_production_tax(dr_scenario *scenario, const char *in, const char *sectors, double rate)
{
    DR_TRY(DR_GIVEN(scenario, in, sectors));
    dr_change change = {.kind = DR_CHANGE_PRODUCTION_TAX, .amount = rate, .domestic = true};
    return apply_lists(scenario, change, NULL, in, sectors);
}

dr_status dr_scenario_use_tax(dr_scenario *scenario, const char *in, const char *sectors, double rate)
{
    DR_TRY(DR_GIVEN(scenario, in, sectors));
    dr_change change = {.kind = DR_CHANGE_USE_TAX, .amount = rate, .domestic = true};
    return apply_lists(scenario, change, in, NULL, sectors);
}

dr_status dr_scenario_trade_cost(dr_scenario *scenario, const char *by, const char *on, const char *sectors,
                                 double times, bool both)
{
    DR_TRY(DR_GIVEN(scenario, by, on, sectors));
    return apply_lists(scenario, (dr_change){.kind = DR_CHANGE_COST, .amount = times, .both = both}, by, on, sectors);
}

dr_status dr_scenario_ban(dr_scenario *scenario, const char *by, const char *on, const char *sectors)
{
    DR_TRY(DR_GIVEN(scenario, by, on, sectors));
    return apply_lists(scenario, (dr_change){.kind = DR_CHANGE_BAN}, by, on, sectors);
}

dr_status dr_scenario_export_curb(dr_scenario *scenario, const char *by, const char *to, const char *sectors,
                                  double cut, dr_rent rent, bool together)
{
    DR_TRY(DR_GIVEN(scenario, by, to, sectors));
    DR_TRY(DR_ONE_OF(__func__, rent, DR_RENT_LOST));
    dr_change change = {
        .kind = DR_CHANGE_LIMIT, .amount = 1 - cut, .relative = true, .rent = rent, .together = together};
    return apply_lists(scenario, change, to, by, sectors);
}

dr_status dr_scenario_quota(dr_scenario *scenario, const char *by, const char *on, const char *sectors, double at,
                            dr_rent rent)
{
    DR_TRY(DR_GIVEN(scenario, by, on, sectors));
    DR_TRY(DR_ONE_OF(__func__, rent, DR_RENT_LOST));
    dr_change change = {.kind = DR_CHANGE_LIMIT, .amount = at, .rent = rent, .together = true, .bought = true};
    return apply_lists(scenario, change, by, on, sectors);
}

dr_status dr_scenario_tariff_rate_quota(dr_scenario *scenario, const char *by, const char *on, const char *sectors,
                                        const dr_rate_quota *quota)
{
    DR_TRY(DR_GIVEN(scenario, by, on, sectors, quota));
    dr_rate_quota whole;
    DR_TRY(DR_TAKE_OPTIONS(&whole, quota));
    dr_rent rent = whole.rent;
    DR_TRY(DR_ONE_OF(__func__, rent, DR_RENT_LOST));
    dr_change change = {.kind = DR_CHANGE_RATE_QUOTA,
                        .amount = whole.quota,
                        .relative = whole.relative,
                        .in_quota = whole.in_quota,
                        .over_quota = whole.over_quota,
                        .rent = rent,
                        .together = whole.together};
    return apply_lists(scenario, change, by, on, sectors);
}

dr_status dr_scenario_productivity(dr_scenario *scenario, const char *in, const char *sectors, double change)
{
    DR_TRY(DR_GIVEN(scenario, in, sectors));
    dr_change made = {.kind = DR_CHANGE_PRODUCTIVITY, .amount = change, .domestic = true};
    return apply_lists(scenario, made, in, NULL, sectors);
}

dr_status dr_scenario_factor_supply(dr_scenario *scenario, const char *in, const char *factor, const char *sectors,
                                    double change)
{
    DR_TRY(DR_GIVEN(scenario, in, sectors));
    dr_change made = {.kind = DR_CHANGE_SUPPLY, .amount = change, .factor = factor, .domestic = true};
    return apply_lists(scenario, made, in, NULL, sectors);
}

dr_status dr_scenario_demand(dr_scenario *scenario, const char *in, const char *sectors, double change)
{
    DR_TRY(DR_GIVEN(scenario, in, sectors));
    dr_change made = {.kind = DR_CHANGE_DEMAND, .amount = change, .domestic = true};
    return apply_lists(scenario, made, in, NULL, sectors);
}

dr_status dr_scenario_transfer(dr_scenario *scenario, const char *from, const char *to, double amount, bool relative)
{
    DR_TRY(DR_GIVEN(scenario, from, to));
    dr_change made = {.kind = DR_CHANGE_TRANSFER, .amount = amount, .relative = relative, .domestic = true};
    return apply_lists(scenario, made, to, from, "all");
}

dr_status dr_scenario_carbon_price(dr_scenario *scenario, const char *in, const char *sectors, double price,
                                   double abatement)
{
    DR_TRY(DR_GIVEN(scenario, in, sectors));
    dr_change made = {.kind = DR_CHANGE_CARBON_PRICE, .amount = price, .abatement = abatement, .domestic = true};
    return apply_lists(scenario, made, in, NULL, sectors);
}

dr_status dr_scenario_carbon_border(dr_scenario *scenario, const char *by, const char *on, const char *sectors,
                                    double price, dr_carbon_basis basis, bool rebate)
{
    DR_TRY(DR_GIVEN(scenario, by, on, sectors));
    DR_TRY(DR_ONE_OF(__func__, basis, DR_CARBON_BENCHMARK));
    dr_change made = {.kind = DR_CHANGE_CARBON_BORDER, .amount = price, .basis = basis, .rebate = rebate};
    return apply_lists(scenario, made, by, on, sectors);
}

/* The factor of the taxes of an importer on what it pays, duties included: that on use, and on domestic flows that on
 * production, which the same region earns. */
static double importer_factor(const dr_scenario *sc, size_t flow)
{
    const dr_economy *e = sc->economy;
    bool domestic = flow / e->sectors % e->regions == flow / e->sectors / e->regions;
    double factor = sc->change[flow] & DR_CHANGE_USE_TAX ? sc->factor[DR_USE_TAX_FACTOR][flow] : 1;
    if (domestic && sc->change[flow] & DR_CHANGE_PRODUCTION_TAX)
        factor *= sc->factor[DR_PRODUCTION_TAX_FACTOR][flow];
    return factor;
}

double dr_scenario_rate(const dr_scenario *sc, double base_tariff, size_t flow)
{
    if (!sc || !(sc->change[flow] & DR_CHANGE_RATES))
        return base_tariff;
    double tariff = sc->change[flow] & DR_CHANGE_DUTIES ? sc->rate[flow] : base_tariff;
    tariff += dr_carbon_duty(sc, flow);
    if (!(sc->change[flow] & (DR_CHANGE_PRODUCTION_TAX | DR_CHANGE_USE_TAX)))
        return tariff;
    double factor = importer_factor(sc, flow);
    return factor == 1 ? tariff : (1 + tariff) * factor - 1;
}

double dr_scenario_times(const dr_scenario *sc, size_t flow, double theta)
{
    double times = sc && sc->change[flow] & DR_CHANGE_COST ? sc->times[flow] : 1;
    if (!sc || !sc->effect_of || !sc->effect_of[flow])
        return times;
    const dr_effect *effect = &sc->effects[sc->effect_of[flow] - 1];
    return times * exp(-effect->sign * effect->coefficient / theta);
}

double dr_scenario_kappa(const dr_scenario *sc, double base_tariff, size_t flow, double theta)
{
    if (!sc || !sc->change[flow])
        return 1;
    if (sc->change[flow] & DR_CHANGE_BAN)
        return INFINITY;
    return (1 + dr_scenario_rate(sc, base_tariff, flow)) / (1 + base_tariff) * dr_scenario_times(sc, flow, theta);
}
