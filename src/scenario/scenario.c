#include "scenario/scenario.h"

#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/check.h"
#include "base/csv.h"
#include "base/print.h"
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
        free(s->limits[i].flows);
    free(s->limits);
    for (size_t i = 0; i < s->note_count; i++)
        free(s->notes[i]);
    free(s->notes);
    free(s->effects);
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

const char *dr_scenario_heading(char out[DR_HEADLINE_SIZE], const dr_scenario *s)
{
    return s->title && *s->title ? s->title : dr_headline_write(out, &s->changed);
}

/* Adds a change to what the scenario is headed by: as on the command line, "tariff EU:CHN:all:25%". */
static void tell_change(dr_scenario *s, const dr_change *c)
{
    const char *by = c->names[0], *on = c->names[1], *sectors = c->names[2], *inside = c->inside ? ":inside" : "";
    if (!*by)
        return;
    if (c->kind == DR_CHANGE_TARIFF)
        dr_headline_add(&s->changed, "tariff %s:%s:%s:%s%.10g%%%s", by, on, sectors,
                        c->add && c->amount >= 0 ? "+" : "", 100 * c->amount, inside);
    else if (c->kind == DR_CHANGE_COST)
        dr_headline_add(&s->changed, "trade-cost %s:%s:%s:%.10g%s%s", by, on, sectors, c->amount, inside,
                        c->both ? "" : " one way");
    else if (c->kind == DR_CHANGE_BAN)
        dr_headline_add(&s->changed, "ban %s:%s:%s%s%s", by, on, sectors, inside, c->both ? " both ways" : "");
    else if (c->relative)
        dr_headline_add(&s->changed, "export-curb %s:%s:%s:%.10g%%%s", on, by, sectors, 100 * (1 - c->amount), inside);
    else
        dr_headline_add(&s->changed, "quota %s:%s:%s:%.10g%s", by, on, sectors, c->amount, inside);
}

dr_status dr_change_new(dr_change *out, const dr_economy *economy, int kind)
{
    *out = (dr_change){.kind = kind};
    out->by = dr_new(economy->regions, sizeof *out->by);
    out->on = dr_new(economy->regions, sizeof *out->on);
    out->sectors = dr_new(economy->sectors, sizeof *out->sectors);
    if (out->by && out->on && out->sectors)
        return DR_OK;
    dr_change_free(out);
    return dr_fail_memory();
}

void dr_change_free(dr_change *change)
{
    free(change->by);
    free(change->on);
    free(change->sectors);
    change->by = change->on = change->sectors = NULL;
    dr_named_free(&change->named);
}

/* The instrument as documents write it; `relative` tells the two volume limits apart. */
static const char *instrument(int kind, bool relative)
{
    switch (kind) {
    case DR_CHANGE_TARIFF:
        return "tariff";
    case DR_CHANGE_COST:
        return "trade-cost";
    case DR_CHANGE_LIMIT:
        return relative ? "export-curb" : "quota";
    default:
        return "ban";
    }
}

/* Whether the volume limit that a flow is under already is an export curb. */
static bool is_under_curb(const dr_scenario *sc, size_t flow)
{
    for (size_t c = 0; c < sc->limit_count; c++)
        for (size_t j = 0; j < sc->limits[c].count; j++)
            if (sc->limits[c].flows[j] == flow)
                return sc->limits[c].relative;
    return false;
}

/* The flow [n, i, s] in words. */
#define FLOW_FORMAT "the flow of %s from %s to %s"
#define FLOW_NAMES(e, n, i, s) (e)->sector_codes.names[s], (e)->region_codes.names[i], (e)->region_codes.names[n]

static dr_status conflict(const dr_scenario *sc, const dr_change *change, size_t n, size_t i, size_t s, size_t flow)
{
    int there = sc->change[flow], before = there & DR_CHANGE_BAN  ? DR_CHANGE_BAN
                                           : there & change->kind ? change->kind
                                                                  : there;
    return dr_fail(DR_BAD_INPUT, "change %zu (%s) conflicts with change %d (%s): both change " FLOW_FORMAT, sc->changes,
                   instrument(change->kind, change->relative), sc->last[flow],
                   instrument(before, is_under_curb(sc, flow)), FLOW_NAMES(sc->economy, n, i, s));
}

/* Puts a flow under a limit of its own, or under that of the whole change. */
static dr_status limit_flow(dr_scenario *sc, const dr_change *change, size_t flow)
{
    if (!sc->limit_open || !change->together) {
        if (!dr_grow((void **)&sc->limits, &sc->limit_capacity, sc->limit_count + 1, sizeof *sc->limits))
            return dr_fail_memory();
        sc->limits[sc->limit_count++] =
            (dr_volume_limit){.rent = change->rent, .relative = change->relative, .level = change->amount};
        sc->limit_open = true;
    }
    dr_volume_limit *limit = &sc->limits[sc->limit_count - 1];
    size_t capacity = limit->count;
    if (!dr_grow((void **)&limit->flows, &capacity, limit->count + 1, sizeof *limit->flows))
        return dr_fail_memory();
    limit->flows[limit->count++] = flow;
    return DR_OK;
}

dr_status dr_scenario_change_flow(dr_scenario *sc, const dr_change *change, size_t n, size_t i, size_t s)
{
    const dr_economy *e = sc->economy;
    size_t flow = (n * e->regions + i) * e->sectors + s;
    if (sc->last[flow] == sc->changes) /* both directions of a change between overlapping groups */
        return DR_OK;
    if ((sc->change[flow] & (change->kind | DR_CHANGE_BAN)) || (change->kind == DR_CHANGE_BAN && sc->change[flow]))
        return conflict(sc, change, n, i, s, flow);
    if (change->kind == DR_CHANGE_TARIFF) {
        double rate = change->amount + (change->add && e->tariff ? e->tariff[flow] : 0);
        if (rate <= -1)
            return dr_fail(DR_BAD_INPUT, "a tariff of %.2f%% on " FLOW_FORMAT ", more than -100%% was expected",
                           100 * rate, FLOW_NAMES(e, n, i, s));
        sc->rate[flow] = rate;
        dr_odd_rates_add(&sc->odd, flow, rate);
    }
    if (change->kind == DR_CHANGE_COST)
        sc->times[flow] = change->amount;
    if (change->kind == DR_CHANGE_LIMIT)
        DR_TRY(limit_flow(sc, change, flow));
    sc->change[flow] |= (unsigned char)change->kind;
    sc->last[flow] = (unsigned short)sc->changes;
    return DR_OK;
}

dr_status dr_scenario_next(dr_scenario *sc)
{
    if (sc->changes == USHRT_MAX)
        return dr_fail(DR_BAD_INPUT, "more than %d changes in a scenario", USHRT_MAX);
    sc->changes++;
    sc->limit_open = false;
    sc->odd = (dr_odd_rates){0};
    return DR_OK;
}

static dr_status check_amount(const dr_change *change)
{
    if (change->kind == DR_CHANGE_TARIFF && !(change->amount > -1 && isfinite(change->amount)))
        return dr_fail(DR_BAD_INPUT, "a tariff of %.2f%%, more than -100%% was expected", 100 * change->amount);
    if (change->kind == DR_CHANGE_COST && !(change->amount > 0 && isfinite(change->amount)))
        return dr_fail(DR_BAD_INPUT, "trade cost times %g, a finite factor above 0 was expected", change->amount);
    if (change->kind == DR_CHANGE_LIMIT && change->relative && !(change->amount >= 0 && change->amount <= 1))
        return dr_fail(DR_BAD_INPUT, "a cut of %.2f%%, one between 0%% and 100%% was expected",
                       100 * (1 - change->amount));
    if (change->kind == DR_CHANGE_LIMIT && !(change->amount >= 0 && isfinite(change->amount)))
        return dr_fail(DR_BAD_INPUT, "a quota at %g, a value of at least 0 was expected", change->amount);
    return DR_OK;
}

/* Keeps the groups that a change names, for the notes of results. */
static dr_status keep_groups(dr_scenario *sc, const dr_change *c)
{
    const dr_economy *e = sc->economy;
    DR_TRY(dr_named_merge(&sc->named, &c->named, e->regions));
    DR_TRY(dr_insiders_add(&sc->insiders, e, c->by, c->on, c->sectors, &c->named, c->inside));
    return c->both ? dr_insiders_add(&sc->insiders, e, c->on, c->by, c->sectors, &c->named, c->inside) : DR_OK;
}

/* A change that affects no flow is an error. */
static dr_status no_flow(const dr_scenario *sc, const dr_change *change, bool left)
{
    char names[DR_GROUP_NAMES_SIZE];
    if (left)
        return dr_fail(DR_BAD_INPUT,
                       "change %zu (%s) changes no flow: all flows are between members of %s; 'inside: true' (or "
                       "':inside') includes them",
                       sc->changes, instrument(change->kind, change->relative), dr_named_list(names, &change->named));
    return dr_fail(DR_BAD_INPUT, "change %zu (%s) changes no flow: domestic flows are never changed", sc->changes,
                   instrument(change->kind, change->relative));
}

static dr_status apply_pair(dr_scenario *sc, const dr_change *change, size_t n, size_t i, bool *any)
{
    for (size_t s = 0; s < sc->economy->sectors; s++)
        if (change->sectors[s]) {
            *any = true;
            DR_TRY(dr_scenario_change_flow(sc, change, n, i, s));
        }
    return DR_OK;
}

/* Unusual rates of the last change are applied, with a note. A rate above 100% may be a percentage in place of a
 * fraction only in a file: elsewhere the percent sign is required. */
static dr_status note_rates(dr_scenario *sc, const char *name, bool is_file)
{
    const dr_economy *e = sc->economy;
    char text[DR_ODD_RATES_SIZE];
    if (sc->odd.subsidies)
        DR_TRY(dr_scenario_note(sc, "%s: negative tariffs, which are import subsidies: %s", name,
                                dr_odd_rates_text(text, &sc->odd, false, &e->region_codes, &e->sector_codes)));
    if (sc->odd.high && is_file)
        DR_TRY(dr_scenario_note(sc, "%s: tariffs above 100%%: %s", name,
                                dr_odd_rates_text(text, &sc->odd, true, &e->region_codes, &e->sector_codes)));
    return DR_OK;
}

dr_status dr_scenario_apply(dr_scenario *sc, const dr_change *given)
{
    const dr_economy *e = sc->economy;
    bool any = false, left = false;
    dr_change copy = *given, *change = &copy;
    DR_TRY(check_amount(change));
    DR_TRY(dr_scenario_next(sc));
    tell_change(sc, change);
    if (change->kind == DR_CHANGE_LIMIT && change->amount == 0) {
        change->kind = DR_CHANGE_BAN; /* a ban is exact; a volume of zero would need an infinite price */
        DR_TRY(dr_scenario_note(
            sc, "change %zu limits the volume to zero and is applied as a ban: there is no wedge and no rent",
            sc->changes));
    }
    for (size_t n = 0; n < e->regions; n++)
        for (size_t i = 0; i < e->regions; i++) {
            bool meant = (change->by[n] && change->on[i]) || (change->both && change->by[i] && change->on[n]);
            if (!meant || n == i)
                continue;
            if (!change->inside && dr_named_together(&change->named, n, i))
                left = true;
            else
                DR_TRY(apply_pair(sc, change, n, i, &any));
        }
    if (!any)
        return no_flow(sc, change, left);
    if (change->kind == DR_CHANGE_TARIFF) {
        char name[32];
        snprintf(name, sizeof name, "change %zu", sc->changes);
        DR_TRY(note_rates(sc, name, false));
    }
    return keep_groups(sc, change);
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
        return dr_csv_fail(csv, column, "'%s' is not a single %s, a code was expected", code,
                           select == dr_select_region ? "region" : "sector");
    return status == DR_OK ? DR_OK : dr_csv_fail(csv, column, "%s", dr_error_text());
}

static dr_status tariff_row(dr_scenario *sc, const dr_csv *csv, const int columns[4])
{
    const dr_economy *e = sc->economy;
    dr_change change = {.kind = DR_CHANGE_TARIFF};
    size_t n, i, s;
    DR_TRY(dr_scenario_code(csv, columns[0], dr_select_region, &e->region_codes, e, &i));
    DR_TRY(dr_scenario_code(csv, columns[1], dr_select_region, &e->region_codes, e, &n));
    DR_TRY(dr_scenario_code(csv, columns[2], dr_select_sector, &e->sector_codes, e, &s));
    if (dr_parse_rate(dr_csv_field(csv, (size_t)columns[3]), &change.amount) != DR_OK)
        return dr_csv_fail(csv, columns[3], "%s", dr_error_text());
    if (n == i)
        return dr_csv_fail(csv, -1, "a tariff on domestic purchases of %s: domestic flows are never changed",
                           e->region_codes.names[n]);
    if (sc->last[(n * e->regions + i) * e->sectors + s] == sc->changes)
        return dr_csv_fail(csv, -1, FLOW_FORMAT " is given twice", FLOW_NAMES(e, n, i, s));
    dr_status status = check_amount(&change);
    if (status == DR_OK)
        status = dr_scenario_change_flow(sc, &change, n, i, s);
    return status == DR_OK ? DR_OK : dr_csv_fail(csv, columns[3], "%s", dr_error_text());
}

dr_status dr_scenario_tariff_file(dr_scenario *sc, const char *path)
{
    static const char *const names[] = {"exporter", "importer", "sector", "tariff"};
    int columns[4];
    bool more = true;
    dr_csv *csv = NULL;
    const char *slash = strrchr(path, '/');
    DR_TRY(dr_scenario_next(sc));
    dr_headline_add(&sc->changed, "tariffs of %.100s", slash ? slash + 1 : path);
    DR_TRY(dr_csv_open(&csv, path));
    dr_status status = dr_csv_header(csv, names, 4, columns);
    while (status == DR_OK && (status = dr_csv_record(csv, &more)) == DR_OK && more)
        status = tariff_row(sc, csv, columns);
    dr_csv_close(csv);
    return status == DR_OK ? note_rates(sc, slash ? slash + 1 : path, true) : status;
}

/* A change named by lists, as the public functions take it. */
static dr_status apply_lists(dr_scenario *sc, dr_change change, const char *by, const char *on, const char *sectors)
{
    dr_change full;
    DR_TRY(dr_change_new(&full, sc->economy, change.kind));
    change.by = full.by;
    change.on = full.on;
    change.sectors = full.sectors;
    change.inside = sc->inside;
    full = change;
    dr_headline_names(full.names[0], by);
    dr_headline_names(full.names[1], on);
    dr_headline_names(full.names[2], sectors);
    dr_status status = dr_select_list(dr_select_region, sc->economy, by, full.by, &full.named);
    if (status == DR_OK)
        status = dr_select_list(dr_select_region, sc->economy, on, full.on, &full.named);
    if (status == DR_OK)
        status = dr_select_list(dr_select_sector, sc->economy, sectors, full.sectors, NULL);
    if (status == DR_OK)
        status = dr_scenario_apply(sc, &full);
    dr_change_free(&full);
    return status;
}

dr_status dr_scenario_tariff(dr_scenario *scenario, const char *by, const char *on, const char *sectors, double rate,
                             bool add)
{
    DR_TRY(DR_GIVEN(scenario, by, on, sectors));
    return apply_lists(scenario, (dr_change){.kind = DR_CHANGE_TARIFF, .amount = rate, .add = add}, by, on, sectors);
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
    dr_change change = {.kind = DR_CHANGE_LIMIT, .amount = at, .rent = rent, .together = true};
    return apply_lists(scenario, change, by, on, sectors);
}

double dr_scenario_rate(const dr_scenario *sc, double base_tariff, size_t flow)
{
    return sc && (sc->change[flow] & DR_CHANGE_TARIFF) ? sc->rate[flow] : base_tariff;
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

dr_status dr_parse_rate(const char *text, double *out)
{
    DR_TRY(DR_GIVEN(text, out));
    char number[64];
    size_t size = strlen(text);
    bool percent = size > 0 && text[size - 1] == '%';
    size -= percent;
    while (percent && size > 0 && text[size - 1] == ' ')
        size--;
    double rate = 0;
    if (size < sizeof number) {
        memcpy(number, text, size);
        number[size] = '\0';
    }
    if (size >= sizeof number || !dr_parse_number(number, &rate))
        return dr_fail(DR_BAD_INPUT, "'%.40s' is not a rate, a number such as 25%% or 0.25 was expected", text);
    if (!percent && fabs(rate) > 1)
        return dr_fail(DR_BAD_INPUT, "the rate %s would be %g%%; did you mean %s%%?", number, 100 * rate, number);
    *out = percent ? rate / 100 : rate;
    return DR_OK;
}
