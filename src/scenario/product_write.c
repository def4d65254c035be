/* The changes of products of a scenario as lines of a document: what each product flow has, whatever instruments
 * brought it about. Flows of the same value become one line where they are of the same products. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/print.h"
#include "scenario/product_parts.h"

/* A value of product k from i to n. */
typedef struct record {
    double value;
    size_t n, i, k;
} record;

/* Records first to end are those of one pair, or of all importers and exporters marked. */
typedef struct line {
    size_t first, end;
    bool *by, *on;
} line;

typedef struct writer {
    FILE *file;
    const dr_scenario *scenario;
    record *records;
    size_t count, capacity;
    line *lines;
    size_t line_count, line_capacity;
} writer;

static int compare(const void *a, const void *b)
{
    const record *x = a, *y = b;
    if (x->value != y->value)
        return x->value > y->value ? 1 : -1;
    if (x->n != y->n)
        return x->n > y->n ? 1 : -1;
    if (x->i != y->i)
        return x->i > y->i ? 1 : -1;
    return (x->k > y->k) - (x->k < y->k);
}

/* ---- What each product flow has ---------------------------------------------------------------------------------- */

/* The value of a product flow; NAN where it has none. */
typedef double value_of(const dr_product_changes *p, size_t flow, size_t row);

static double tariff_of(const dr_product_changes *p, size_t flow, size_t row)
{
    return p->since[flow] > 0 && p->change[row] >= p->since[flow] ? p->rate[row] : NAN;
}

static double cost_of(const dr_product_changes *p, size_t flow, size_t row)
{
    return dr_product_has_cost(p, flow, row) && isfinite(p->times[row]) ? p->times[row] : NAN;
}

static double ban_of(const dr_product_changes *p, size_t flow, size_t row)
{
    return dr_product_has_cost(p, flow, row) && isinf(p->times[row]) ? 1 : NAN;
}

static double tax_of(const dr_product_changes *p, size_t flow, size_t row)
{
    return dr_product_has_wedge(p, flow, row) && p->factor[row] > 0 ? p->factor[row] - 1 : NAN;
}

/* ---- Lines ------------------------------------------------------------------------------------------------------- */

static dr_status list_records(writer *w, value_of *value)
{
    const dr_economy *e = w->scenario->economy;
    const dr_product_changes *p = w->scenario->products;
    const dr_product_trade *t = p->trade;
    size_t flow = 0;
    for (size_t k = 0; k < t->flows.products.count; k++)
        for (size_t row = t->flows.start[k]; row < t->flows.start[k + 1]; row++) {
            double of = dr_product_trade_flow(t, k, row, &flow) ? value(p, flow, row) : NAN;
            if (isnan(of))
                continue;
            if (!dr_grow((void **)&w->records, &w->capacity, w->count + 1, sizeof *w->records))
                return dr_fail_memory();
            w->records[w->count++] = (record){of, flow / e->sectors / e->regions, flow / e->sectors % e->regions, k};
        }
    if (w->count > 0)
        qsort(w->records, w->count, sizeof *w->records, compare);
    return DR_OK;
}

/* Whether two lines have the same value and products. */
static bool same_products(const writer *w, const line *a, const line *b)
{
    bool same = a->end - a->first == b->end - b->first && w->records[a->first].value == w->records[b->first].value;
    for (size_t j = 0; same && j < a->end - a->first; j++)
        same = w->records[a->first + j].k == w->records[b->first + j].k;
    return same;
}

/* Adds the line of a pair to one that has its importer and products, or as a new one. */
static dr_status add_pair(writer *w, size_t first, size_t end, size_t since)
{
    const dr_economy *e = w->scenario->economy;
    const record *of = &w->records[first];
    line pair = {first, end, NULL, NULL};
    for (size_t j = since; j < w->line_count; j++)
        if (same_products(w, &w->lines[j], &pair)) {
            w->lines[j].on[of->i] = true;
            return DR_OK;
        }
    if (!dr_grow((void **)&w->lines, &w->line_capacity, w->line_count + 1, sizeof *w->lines))
        return dr_fail_memory();
    pair.by = dr_new(e->regions, sizeof *pair.by);
    pair.on = dr_new(e->regions, sizeof *pair.on);
    w->lines[w->line_count++] = pair;
    if (!pair.by || !pair.on)
        return dr_fail_memory();
    pair.by[of->n] = pair.on[of->i] = true;
    return DR_OK;
}

/* One line for each importer, its exporters and products; those of several importers are joined later. */
static dr_status list_lines(writer *w)
{
    size_t since = 0;
    for (size_t first = 0, end; first < w->count; first = end) {
        const record *of = &w->records[first];
        for (end = first + 1; end < w->count; end++) {
            const record *next = &w->records[end];
            if (next->value != of->value || next->n != of->n || next->i != of->i)
                break;
        }
        if (first > 0 && (of[-1].n != of->n || of[-1].value != of->value))
            since = w->line_count;
        DR_TRY(add_pair(w, first, end, since));
    }
    return DR_OK;
}

/* Marks the importers of later lines that are the same but for these; such lines have no importer then. */
static void join_lines(const writer *w)
{
    size_t regions = w->scenario->economy->regions;
    for (size_t j = 0; j < w->line_count; j++)
        for (size_t later = j + 1; later < w->line_count && memchr(w->lines[j].by, 1, regions); later++) {
            line *one = &w->lines[j], *other = &w->lines[later];
            if (memcmp(one->on, other->on, regions) != 0 || !same_products(w, one, other))
                continue;
            for (size_t n = 0; n < regions; n++) {
                one->by[n] |= other->by[n];
                other->by[n] = false;
            }
        }
}

static void write_products(const writer *w, const line *l)
{
    for (size_t j = l->first; j < l->end; j++)
        fprintf(w->file, "%sHS%s", j > l->first ? ", " : "products: [",
                w->scenario->products->trade->flows.products.names[w->records[j].k]);
    fputs("], ", w->file);
}

/* An instrument: its name, the keys of importers and exporters, and that of the value (NULL: it has none). */
typedef struct form {
    const char *name, *importers, *exporters, *value;
    bool percent;
} form;

static void write_lines(const writer *w, form as)
{
    const dr_names *regions = &w->scenario->economy->region_codes;
    for (size_t j = 0; j < w->line_count; j++) {
        const line *l = &w->lines[j];
        double value = w->records[l->first].value;
        if (!memchr(l->by, 1, regions->count))
            continue;
        fprintf(w->file, "  - %s: {", as.name);
        dr_write_mask(w->file, as.importers, l->by, regions);
        dr_write_mask(w->file, as.exporters, l->on, regions);
        write_products(w, l);
        fputs("inside: true, replace: true", w->file);
        if (as.value)
            dr_print(w->file, ", %s: %.17g%s", as.value, as.percent ? 100 * value : value, as.percent ? "%" : "");
        fputs("}\n", w->file);
    }
}

static dr_status write_changes(FILE *file, const dr_scenario *scenario, form as, value_of *value)
{
    writer w = {.file = file, .scenario = scenario};
    dr_status status = list_records(&w, value);
    if (status == DR_OK)
        status = list_lines(&w);
    if (status == DR_OK) {
        join_lines(&w);
        write_lines(&w, as);
    }
    for (size_t j = 0; j < w.line_count; j++) {
        free(w.lines[j].by);
        free(w.lines[j].on);
    }
    free(w.lines);
    free(w.records);
    return status;
}

dr_status dr_product_changes_write(FILE *file, const dr_scenario *scenario)
{
    if (!scenario->products)
        return DR_OK;
    DR_TRY(write_changes(file, scenario, (form){"trade-cost", "by", "on", "times", false}, cost_of));
    DR_TRY(write_changes(file, scenario, (form){"tariff", "by", "on", "rate", true}, tariff_of));
    return write_changes(file, scenario, (form){"export-tax", "to", "by", "rate", true}, tax_of);
}

dr_status dr_product_bans_write(FILE *file, const dr_scenario *scenario)
{
    return scenario->products ? write_changes(file, scenario, (form){"ban", "by", "on", NULL, false}, ban_of) : DR_OK;
}

/* ---- Limits ------------------------------------------------------------------------------------------------------ */

dr_status dr_product_limit_write(FILE *file, const dr_scenario *sc, const dr_volume_limit *limit, const bool *by,
                                 const bool *on)
{
    const dr_product_trade *t = sc->products->trade;
    const dr_economy *e = sc->economy;
    size_t all = 0, flow = 0;
    const char *before = "products: [";
    for (size_t k = 0; k < t->flows.products.count; k++) {
        bool is_there = false;
        for (size_t j = 0; j < limit->count; j++)
            is_there |= limit->rows[j] >= t->flows.start[k] && limit->rows[j] < t->flows.start[k + 1];
        for (size_t row = t->flows.start[k]; row < t->flows.start[k + 1] && is_there; row++)
            all += dr_product_trade_flow(t, k, row, &flow) && by[flow / e->sectors / e->regions] &&
                   on[flow / e->sectors % e->regions];
        if (!is_there)
            continue;
        fprintf(file, "%sHS%s", before, t->flows.products.names[k]);
        before = ", ";
    }
    if (all > limit->count)
        return dr_fail(DR_BAD_INPUT, "a limit on some of the product flows between two sides cannot be written as one "
                                     "line");
    fputs("], inside: true, ", file);
    return DR_OK;
}

double dr_product_limit_rate(const dr_scenario *sc, const dr_volume_limit *limit)
{
    return sc->products->rate[limit->rows[0]];
}

bool dr_product_under(const dr_scenario *sc, size_t flow, double *rate)
{
    const dr_product_changes *p = sc->products;
    if (!p || p->since[flow] == 0)
        return false;
    *rate = p->under[flow];
    return true;
}

bool dr_product_costs_of(const dr_scenario *sc, size_t flow)
{
    return sc->products && sc->products->cost_since[flow] > 0;
}
