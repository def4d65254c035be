/* A scenario as a document that dr_scenario_load reads back: each flow with the rates, factors and limits that it has,
 * whatever instruments brought them about. Flows with the same value become one line. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/output.h"
#include "base/print.h"
#include "scenario/carbon.h"
#include "scenario/change_parts.h"
#include "scenario/model_options.h"
#include "scenario/product_change.h"
#include "scenario/settings.h"

/* A line: the flows of `sectors` into the importers `by` from the exporters `on` have this value. */
typedef struct line {
    double value;
    bool *by, *on, *sectors;
} line;

typedef struct lines {
    const dr_economy *economy;
    line *line;
    size_t count, capacity;
} lines;

static void free_lines(lines *l)
{
    for (size_t j = 0; j < l->count; j++) {
        free(l->line[j].by);
        free(l->line[j].on);
        free(l->line[j].sectors);
    }
    free(l->line);
}

/* A new line without flows; NULL without memory. */
static line *next_line(lines *l, double value)
{
    const dr_economy *e = l->economy;
    if (!dr_grow((void **)&l->line, &l->capacity, l->count + 1, sizeof *l->line))
        return NULL;
    line *made = &l->line[l->count++];
    *made = (line){value, dr_new(e->regions, sizeof(bool)), dr_new(e->regions, sizeof(bool)),
                   dr_new(e->sectors, sizeof(bool))};
    return made->by && made->on && made->sectors ? made : NULL;
}

/* ---- Lines of values --------------------------------------------------------------------------------------------- */

/* The value of a flow [n, i, s]; NAN where it has none. `which` tells apart what one function gives. */
typedef double value_of(const dr_scenario *scenario, size_t flow, size_t which);

/* Adds the lines of the flows of one importer and sector: one for each value. */
static dr_status add_row(lines *l, const dr_scenario *sc, value_of *value, size_t which, size_t n, size_t s)
{
    const dr_economy *e = l->economy;
    size_t first = l->count;
    for (size_t i = 0; i < e->regions; i++) {
        double of = value(sc, (n * e->regions + i) * e->sectors + s, which);
        size_t j = first;
        if (isnan(of))
            continue;
        while (j < l->count && l->line[j].value != of)
            j++;
        if (j == l->count && !next_line(l, of))
            return dr_fail_memory();
        l->line[j].on[i] = l->line[j].by[n] = l->line[j].sectors[s] = true;
    }
    return DR_OK;
}

static void merge_mask(bool *to, const bool *from, size_t size)
{
    for (size_t j = 0; j < size; j++)
        to[j] |= from[j];
}

/* Joins lines that differ in importers only, or in sectors only, if `by_sector`. */
static void join_lines(lines *l, size_t first, bool by_sector)
{
    const dr_economy *e = l->economy;
    size_t kept = first;
    for (size_t j = first; j < l->count; j++) {
        line *one = &l->line[j];
        size_t k = first;
        for (; k < kept; k++) {
            const line *other = &l->line[k];
            bool same = other->value == one->value && memcmp(other->on, one->on, e->regions) == 0 &&
                        (by_sector ? memcmp(other->by, one->by, e->regions) == 0
                                   : memcmp(other->sectors, one->sectors, e->sectors) == 0);
            if (same)
                break;
        }
        if (k < kept) {
            merge_mask(by_sector ? l->line[k].sectors : l->line[k].by, by_sector ? one->sectors : one->by,
                       by_sector ? e->sectors : e->regions);
        } else {
            line first_dropped = l->line[kept];
            l->line[kept++] = *one;
            l->line[j] = first_dropped;
        }
    }
    for (; l->count > kept; l->count--) {
        free(l->line[l->count - 1].by);
        free(l->line[l->count - 1].on);
        free(l->line[l->count - 1].sectors);
    }
}

static dr_status list_lines(lines *l, const dr_scenario *sc, value_of *value, size_t which)
{
    for (size_t s = 0; s < l->economy->sectors; s++) {
        size_t first = l->count;
        for (size_t n = 0; n < l->economy->regions; n++)
            DR_TRY(add_row(l, sc, value, which, n, s));
        join_lines(l, first, false);
    }
    join_lines(l, 0, true);
    return DR_OK;
}

/* ---- Text -------------------------------------------------------------------------------------------------------- */

/* A code in quotes unless it is plain. */
static void write_name(FILE *file, const char *name)
{
    bool plain = *name != '\0';
    for (const char *at = name; *at; at++)
        plain = plain && (strchr("_-.", *at)
                              ? at > name
                              : strchr("0123456789", *at) || (*at >= 'A' && *at <= 'Z') || (*at >= 'a' && *at <= 'z'));
    if (plain) {
        fputs(name, file);
        return;
    }
    putc('"', file);
    for (const char *at = name; *at; at++)
        if ((unsigned char)*at < ' ')
            fprintf(file, "\\x%02x", (unsigned)*at);
        else
            fprintf(file, *at == '"' || *at == '\\' ? "\\%c" : "%c", *at);
    putc('"', file);
}

void dr_write_mask(FILE *file, const char *key, const bool *mask, const dr_names *names)
{
    bool any = false;
    fprintf(file, "%s: [", key);
    for (size_t j = 0; j < names->count; j++)
        if (mask[j]) {
            fputs(any ? ", " : "", file);
            write_name(file, names->names[j]);
            any = true;
        }
    fputs("], ", file);
}

static void write_sectors(FILE *file, const dr_economy *e, const bool *sectors)
{
    size_t count = 0;
    for (size_t s = 0; s < e->sectors; s++)
        count += sectors[s];
    if (count < e->sectors)
        dr_write_mask(file, "sectors", sectors, &e->sector_codes);
}

/* Whether one of the importers is among the exporters. */
static bool is_domestic(const line *l, size_t regions)
{
    for (size_t n = 0; n < regions; n++)
        if (l->by[n] && l->on[n])
            return true;
    return false;
}

/* How an instrument is written: its name, the keys of importers and exporters (NULL: the instrument is about all of
 * them), and its value's. */
typedef struct form {
    const char *name, *importers, *exporters, *value;
    bool percent;
    const char *factor; /* whose supply it is; NULL: none */
    size_t which;       /* for the value */
} form;

static dr_status write_lines(FILE *file, const dr_scenario *sc, form as, value_of *value)
{
    const dr_economy *e = sc->economy;
    lines l = {.economy = e};
    dr_status status = list_lines(&l, sc, value, as.which);
    for (size_t j = 0; j < l.count && status == DR_OK; j++) {
        const line *one = &l.line[j];
        fprintf(file, "  - %s: {", as.name);
        if (as.importers)
            dr_write_mask(file, as.importers, one->by, &e->region_codes);
        if (as.exporters)
            dr_write_mask(file, as.exporters, one->on, &e->region_codes);
        write_sectors(file, e, one->sectors);
        if (as.factor) {
            fputs("factor: ", file);
            write_name(file, as.factor);
            fputs(", ", file);
        }
        if (as.importers && as.exporters && is_domestic(one, e->regions))
            fputs("domestic: true, ", file);
        if (as.value)
            dr_print(file, "%s: %.17g%s}\n", as.value, as.percent ? 100 * one->value : one->value,
                     as.percent ? "%" : "");
        else
            fputs("replace: true}\n", file);
    }
    free_lines(&l);
    return status;
}

/* ---- What each flow has ------------------------------------------------------------------------------------------ */

static double tariff_of(const dr_scenario *sc, size_t flow, size_t which)
{
    const dr_economy *e = sc->economy;
    double rate = 0;
    (void)which;
    if (dr_product_under(sc, flow, &rate)) /* its products come later */
        return rate == (e->tariff ? e->tariff[flow] : 0) ? NAN : rate;
    return sc->change[flow] & DR_CHANGE_TARIFF ? sc->rate[flow] : NAN;
}

static double cost_of(const dr_scenario *sc, size_t flow, size_t which)
{
    (void)which;
    return sc->change[flow] & DR_CHANGE_COST && !dr_product_costs_of(sc, flow) ? sc->times[flow] : NAN;
}

static double ban_of(const dr_scenario *sc, size_t flow, size_t which)
{
    (void)which;
    return sc->change[flow] & DR_CHANGE_BAN ? 1 : NAN;
}

static double export_tax_of(const dr_scenario *sc, size_t flow, size_t which)
{
    (void)which;
    return sc->change[flow] & DR_CHANGE_EXPORT_TAX ? sc->factor[DR_EXPORT_TAX_FACTOR][flow] - 1 : NAN;
}

/* The taxes on production and use are those of a region and sector: the flows of which other changes have taken them
 * away get them first, and the other changes after them. */
static double inland_of(const dr_scenario *sc, size_t flow, int kind, size_t tax, bool of_exporter)
{
    const dr_economy *e = sc->economy;
    size_t s = flow % e->sectors, i = flow / e->sectors % e->regions, n = flow / e->sectors / e->regions;
    for (size_t m = 0; m < e->regions; m++) {
        size_t there = ((of_exporter ? m : n) * e->regions + (of_exporter ? i : m)) * e->sectors + s;
        if (sc->change[there] & kind)
            return sc->factor[tax][there] - 1;
    }
    return NAN;
}

static double production_tax_of(const dr_scenario *sc, size_t flow, size_t which)
{
    (void)which;
    return inland_of(sc, flow, DR_CHANGE_PRODUCTION_TAX, DR_PRODUCTION_TAX_FACTOR, true);
}

static double use_tax_of(const dr_scenario *sc, size_t flow, size_t which)
{
    (void)which;
    return inland_of(sc, flow, DR_CHANGE_USE_TAX, DR_USE_TAX_FACTOR, false);
}

/* ---- What each region can produce, has, wants and gives ---------------------------------------------------------- */

/* The shift of the importer of a flow, whoever exports; of supply, that of factor `which`. */
static double shift_of(const dr_scenario *sc, size_t shift, size_t flow, size_t which)
{
    const dr_economy *e = sc->economy;
    size_t s = flow % e->sectors, n = flow / e->sectors / e->regions;
    size_t cell = (which * e->regions + n) * e->sectors + s;
    return sc->shift[shift].times && sc->shift[shift].last[cell] ? sc->shift[shift].times[cell] - 1 : NAN;
}

static double productivity_of(const dr_scenario *sc, size_t flow, size_t which)
{
    return shift_of(sc, DR_SHIFT_PRODUCTIVITY, flow, which);
}

static double supply_of(const dr_scenario *sc, size_t flow, size_t which)
{
    return shift_of(sc, DR_SHIFT_SUPPLY, flow, which);
}

static double demand_of(const dr_scenario *sc, size_t flow, size_t which)
{
    return shift_of(sc, DR_SHIFT_DEMAND, flow, which);
}

static void write_transfer(FILE *file, const dr_economy *e, const dr_transfer *t)
{
    fputs("  - transfer: {", file);
    dr_write_mask(file, "from", t->from, &e->region_codes);
    dr_write_mask(file, "to", t->to, &e->region_codes);
    dr_print(file, "amount: %.17g%s}\n", (t->relative ? 100 : 1) * t->amount, t->relative ? "%" : "");
}

static dr_status write_shifts(FILE *file, const dr_scenario *sc)
{
    const dr_economy *e = sc->economy;
    DR_TRY(write_lines(file, sc, (form){"productivity", "in", NULL, "change", true, NULL, 0}, productivity_of));
    for (size_t f = 0; f < dr_scenario_factors(e); f++) {
        const char *name = e->factors.count > 1 ? e->factors.names[f] : NULL;
        DR_TRY(write_lines(file, sc, (form){"factor-supply", "in", NULL, "change", true, name, f}, supply_of));
    }
    DR_TRY(write_lines(file, sc, (form){"demand", "in", NULL, "change", true, NULL, 0}, demand_of));
    for (size_t t = 0; t < sc->transfer_count; t++)
        write_transfer(file, e, &sc->transfers[t]);
    return DR_OK;
}

/* ---- Prices of carbon -------------------------------------------------------------------------------------------- */

/* The price on emissions of the importer's sector, whoever exports, of the cells with one elasticity: that of cell
 * `which`. */
static double carbon_price_of(const dr_scenario *sc, size_t flow, size_t which)
{
    const dr_economy *e = sc->economy;
    size_t cell = flow / e->sectors / e->regions * e->sectors + flow % e->sectors;
    bool same = sc->carbon->last[cell] && sc->carbon->abatement[cell] == sc->carbon->abatement[which];
    return same ? sc->carbon->price[cell] : NAN;
}

/* The price at the border on the basis `which`. */
static double carbon_border_of(const dr_scenario *sc, size_t flow, size_t which)
{
    bool there = (sc->change[flow] & DR_CHANGE_CARBON_BORDER) && sc->carbon->basis[flow] == which;
    return there ? sc->carbon->border_price[flow] : NAN;
}

/* Whether a cell is the first with its elasticity. */
static bool is_first(const struct dr_carbon *c, size_t cell)
{
    for (size_t before = 0; before < cell; before++)
        if (c->last[before] && c->abatement[before] == c->abatement[cell])
            return false;
    return c->last[cell];
}

static dr_status write_carbon(FILE *file, const dr_scenario *sc)
{
    const struct dr_carbon *c = sc->carbon;
    char form_of[80];
    for (size_t cell = 0; c && cell < sc->economy->regions * sc->economy->sectors; cell++) {
        dr_print_text(form_of, sizeof form_of, "abatement: %.17g, price", c->abatement[cell]);
        if (is_first(c, cell))
            DR_TRY(
                write_lines(file, sc, (form){"carbon-price", "in", NULL, form_of, false, NULL, cell}, carbon_price_of));
    }
    for (size_t basis = 0; dr_carbon_bases[basis] && c && c->duty; basis++) {
        dr_print_text(form_of, sizeof form_of, "basis: %s, price", dr_carbon_bases[basis]);
        DR_TRY(
            write_lines(file, sc, (form){"carbon-border", "by", "on", form_of, false, NULL, basis}, carbon_border_of));
    }
    return DR_OK;
}

/* ---- Limits ------------------------------------------------------------------------------------------------------ */

/* Whether the flows of a limit are all that its importers, exporters and sectors have. */
static bool is_whole(const dr_economy *e, const line *l, size_t count)
{
    size_t all = 0;
    for (size_t n = 0; n < e->regions; n++)
        for (size_t i = 0; i < e->regions && l->by[n]; i++)
            for (size_t s = 0; s < e->sectors && l->on[i] && i != n; s++)
                all += l->sectors[s] && e->flow[(n * e->regions + i) * e->sectors + s] != 0;
    return all <= count;
}

static void write_rate_quota(FILE *file, const dr_scenario *sc, const dr_volume_limit *limit)
{
    double in_quota = limit->rows ? dr_product_limit_rate(sc, limit) : sc->rate[limit->flows[0]];
    dr_print(file, "quota: %.17g%s, in-quota: %.17g%%, over-quota: %.17g%%, rent: %s, together: true, replace: true}\n",
             limit->relative ? 100 * limit->level : limit->level, limit->relative ? "%" : "", 100 * in_quota,
             100 * (limit->most * (1 + in_quota) - 1), dr_rents[limit->rent]);
}

static dr_status write_limit(FILE *file, const dr_scenario *sc, const dr_volume_limit *limit)
{
    const dr_economy *e = sc->economy;
    lines l = {.economy = e};
    line *one = next_line(&l, limit->level);
    dr_status status = one ? DR_OK : dr_fail_memory();
    for (size_t j = 0; j < limit->count && status == DR_OK; j++) {
        size_t flow = limit->flows[j];
        one->by[flow / e->sectors / e->regions] = true;
        one->on[flow / e->sectors % e->regions] = true;
        one->sectors[flow % e->sectors] = true;
    }
    if (status == DR_OK && !limit->rows && !is_whole(e, one, limit->count))
        status = dr_fail(DR_BAD_INPUT, "a limit on some of the flows between two sides cannot be written as one line");
    if (status == DR_OK) {
        bool quota = limit->most > 0;
        fprintf(file, "  - %s: {", limit->wedge > 0 ? "export-tax" : quota ? "tariff-rate-quota" : "export-curb");
        dr_write_mask(file, "by", quota ? one->by : one->on, &e->region_codes);
        dr_write_mask(file, quota ? "on" : "to", quota ? one->on : one->by, &e->region_codes);
        if (limit->rows)
            status = dr_product_limit_write(file, sc, limit, one->by, one->on);
        else
            write_sectors(file, e, one->sectors);
        if (limit->wedge > 0)
            dr_print(file, "rate: %.17g%%}\n", 100 * (limit->wedge - 1));
        else if (quota)
            write_rate_quota(file, sc, limit);
        else
            dr_print(file, "at: %.17g%s, rent: %s, together: true, replace: true}\n",
                     limit->relative ? 100 * limit->level : limit->level, limit->relative ? "%" : "",
                     dr_rents[limit->rent]);
    }
    free_lines(&l);
    return status;
}

/* ---- The document ------------------------------------------------------------------------------------------------ */

static dr_status write_changes(FILE *file, const dr_scenario *sc)
{
    if (sc->effect_count > 0)
        return dr_fail(DR_BAD_INPUT,
                       "a scenario with estimated effects cannot be written: its trade costs depend on the "
                       "trade elasticities of a model");
    fputs("changes:\n", file);
    DR_TRY(write_shifts(file, sc));
    DR_TRY(write_carbon(file, sc));
    DR_TRY(write_lines(file, sc, (form){"trade-cost", "by", "on", "times", false, NULL, 0}, cost_of));
    DR_TRY(write_lines(file, sc, (form){"tariff", "by", "on", "rate", true, NULL, 0}, tariff_of));
    DR_TRY(write_lines(file, sc, (form){"production-tax", NULL, "in", "rate", true, NULL, 0}, production_tax_of));
    DR_TRY(write_lines(file, sc, (form){"use-tax", "in", NULL, "rate", true, NULL, 0}, use_tax_of));
    DR_TRY(write_lines(file, sc, (form){"export-tax", "to", "by", "rate", true, NULL, 0}, export_tax_of));
    DR_TRY(dr_product_changes_write(file, sc));
    for (size_t c = 0; c < sc->limit_count - sc->tax_limits; c++)
        DR_TRY(write_limit(file, sc, &sc->limits[c]));
    DR_TRY(dr_product_bans_write(file, sc));
    return write_lines(file, sc, (form){"ban", "by", "on", NULL, false, NULL, 0}, ban_of);
}

/* The baseline's file, by its name alone where it is in the folder of the scenario. */
static dr_status write_baseline(FILE *file, const dr_economy *e, const char *path)
{
    if (!e->baseline)
        return DR_OK;
    if (!e->baseline_file)
        return dr_fail(DR_BAD_INPUT, "the baseline is a list of changes in another document, so that a scenario cannot "
                                     "name it; expected one in a file of its own");
    const char *slash = path ? strrchr(path, '/') : NULL;
    char *folder = NULL, *here = NULL, *there = realpath(e->baseline_file, NULL);
    if (asprintf(&folder, "%.*s/.", slash ? (int)(slash - path) : 1, slash ? path : ".") < 0)
        folder = NULL;
    else
        here = realpath(folder, NULL);
    size_t size = here ? strlen(here) : 0;
    bool beside = there && here && strncmp(there, here, size) == 0 && strrchr(there, '/') == there + size;
    fputs("baseline: ", file);
    write_name(file, beside ? there + size + 1 : there ? there : e->baseline_file);
    putc('\n', file);
    free(folder);
    free(here);
    free(there);
    return DR_OK;
}

/* The settings that are not defaults, so that the file alone determines the result. */
static void write_settings(FILE *file, int year, const dr_model_options *options)
{
    dr_model_options copy = *options;
    if (year)
        fprintf(file, "year: %d\n", year);
    if (options->closure != DR_CLOSURE_FIXED)
        fprintf(file, "closure: %s\n", dr_closures[options->closure]);
    for (size_t k = 0; k < DR_MODEL_OPTIONS; k++) {
        const dr_option_field *field = &dr_model_options_fields[k];
        const char *text = field->kind == DR_OPTION_TEXT ? *dr_option_text(&copy, field) : NULL;
        if (!text)
            continue;
        fprintf(file, "%s: ", field->name);
        write_name(file, text);
        putc('\n', file);
    }
}

dr_status dr_scenario_write(const dr_scenario *scenario, const char *title, const dr_model_options *options,
                            const char *path)
{
    DR_TRY(DR_GIVEN(scenario));
    dr_model_options whole;
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    dr_output out;
    char heading[DR_HEADLINE_SIZE];
    DR_TRY(dr_output_open(&out, path));
    title = title ? title : dr_scenario_heading(heading, scenario);
    if (*title) {
        fputs("title: ", out.file);
        write_name(out.file, title);
        putc('\n', out.file);
    }
    write_settings(out.file, scenario->economy->year, &whole);
    dr_status status = write_baseline(out.file, scenario->economy, path);
    return dr_output_close(&out, status == DR_OK ? write_changes(out.file, scenario) : status);
}
