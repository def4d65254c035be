#include "model/tier.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "measure/product_trade.h"
#include "model/tier_elasticities.h"

/* What is counted and summed before shares are taken. */
typedef struct sums {
    const dr_model *model;
    dr_tier *tier;
    double *all;    /* [n, i, s] all product flows */
    unsigned *last; /* [block] the product whose cell was made last, plus 1 */
    size_t *row;    /* [block] the next row */
    size_t *next;   /* [block] the next cell */
    double known;   /* imports of sectors with products, of pairs with product flows; and of the others */
    double rest;
} sums;

void dr_tier_free(dr_tier *t)
{
    if (!t)
        return;
    free(t->has);
    free(t->sigma);
    free(t->mu);
    free(t->class_of);
    free(t->theta);
    free(t->cell);
    free(t->start);
    free(t->product);
    free(t->theta_class);
    free(t->weight);
    free(t->share);
    free(t->origin);
    free(t->source);
    free(t);
}

/* ---- Counting ---------------------------------------------------------------------------------------------------- */

/* The flow [n, i, s] that a row of product flows is a part of, where the table has it too. */
static bool find_flow(const sums *w, size_t k, size_t row, size_t *flow)
{
    return dr_product_trade_flow(w->tier->trade, k, row, flow) && w->model->base.flow[*flow] > 0;
}

static size_t block_of(const sums *w, size_t flow)
{
    const dr_model *m = w->model;
    return flow % m->sectors * m->regions + flow / m->sectors / m->regions;
}

/* Sums the product flows of each pair, and counts cells and rows, into the elements after their block. */
static void count_products(sums *w)
{
    const dr_flows *f = &w->tier->trade->flows;
    size_t flow = 0;
    for (size_t k = 0; k < f->products.count; k++)
        for (size_t row = f->start[k]; row < f->start[k + 1]; row++) {
            if (!find_flow(w, k, row, &flow))
                continue;
            size_t block = block_of(w, flow);
            w->all[flow] += f->value[row];
            w->tier->has[flow % w->model->sectors] = true;
            w->row[block + 1]++;
            w->next[block + 1] += w->last[block] != k + 1;
            w->last[block] = (unsigned)k + 1;
        }
}

/* Whether a flow is a part of the rest: imports of a sector with products, of which no product flow is known. */
static bool in_rest(const sums *w, size_t n, size_t i, size_t s)
{
    size_t flow = (n * w->model->regions + i) * w->model->sectors + s;
    return w->tier->has[s] && i != n && w->model->base.flow[flow] > 0 && w->all[flow] == 0;
}

static void count_rest(sums *w)
{
    const dr_model *m = w->model;
    for (size_t block = 0; block < w->tier->blocks; block++) {
        size_t n = block % m->regions, s = block / m->regions, before = w->row[block + 1];
        for (size_t i = 0; i < m->regions; i++)
            w->row[block + 1] += in_rest(w, n, i, s);
        w->next[block + 1] += w->row[block + 1] > before;
    }
}

/* From counts to places, and the memory. */
static dr_status take_places(sums *w)
{
    dr_tier *t = w->tier;
    for (size_t block = 0; block < t->blocks; block++) {
        w->row[block + 1] += t->choke > 0 ? w->next[block + 1] : 0;
        t->most_cells = w->next[block + 1] > t->most_cells ? w->next[block + 1] : t->most_cells;
        w->row[block + 1] += w->row[block];
        w->next[block + 1] += w->next[block];
    }
    memcpy(t->cell, w->next, (t->blocks + 1) * sizeof *t->cell);
    t->cells = w->next[t->blocks];
    t->rows = w->row[t->blocks];
    t->start = dr_new(t->cells + 1, sizeof *t->start);
    t->product = dr_new(t->cells + 1, sizeof *t->product);
    t->theta_class = dr_new(t->cells + 1, sizeof *t->theta_class);
    t->weight = dr_new_doubles(t->cells + 1);
    t->share = dr_new_doubles(t->rows + 1);
    t->origin = dr_new(t->rows + 1, sizeof *t->origin);
    t->source = dr_new(t->rows + 1, sizeof *t->source);
    bool there = t->start && t->product && t->theta_class && t->weight && t->share && t->origin && t->source;
    memset(w->last, 0, t->blocks * sizeof *w->last);
    if (!there)
        return dr_fail_memory();
    t->start[t->cells] = t->rows;
    return DR_OK;
}

/* ---- Filling ----------------------------------------------------------------------------------------------------- */

/* Adds a row of `value` to the last cell of its block, which is begun where it is of another product. */
static void add_row(sums *w, size_t flow, unsigned product, unsigned source, double value)
{
    dr_tier *t = w->tier;
    size_t block = block_of(w, flow);
    if (w->last[block] != product + 1 || w->next[block] == t->cell[block]) {
        t->start[w->next[block]] = w->row[block];
        t->product[w->next[block]++] = product;
        w->last[block] = product + 1;
        if (t->choke > 0) {
            t->origin[w->row[block]] = (unsigned short)(block % w->model->regions);
            t->source[w->row[block]++] = DR_NO_PRODUCT;
        }
    }
    size_t row = w->row[block]++;
    t->share[row] = value;
    t->weight[w->next[block] - 1] += value;
    t->origin[row] = (unsigned short)(flow / w->model->sectors % w->model->regions);
    t->source[row] = source;
}

/* A flow of the table at purchaser prices. */
static double purchases(const sums *w, size_t flow)
{
    const dr_base *b = &w->model->base;
    return b->flow[flow] * (1 + dr_base_tariff(b, flow));
}

static void fill_rows(sums *w)
{
    const dr_model *m = w->model;
    const dr_flows *f = &w->tier->trade->flows;
    size_t flow = 0;
    for (size_t k = 0; k < f->products.count; k++)
        for (size_t row = f->start[k]; row < f->start[k + 1]; row++)
            if (find_flow(w, k, row, &flow))
                add_row(w, flow, (unsigned)k, (unsigned)row, f->value[row] / w->all[flow] * purchases(w, flow));
    for (size_t s = 0; s < m->sectors; s++)
        for (size_t n = 0; n < m->regions; n++)
            for (size_t i = 0; i < m->regions; i++) {
                flow = (n * m->regions + i) * m->sectors + s;
                if (in_rest(w, n, i, s))
                    add_row(w, flow, DR_TIER_REST, DR_NO_PRODUCT, purchases(w, flow));
                if (i != n && w->tier->has[s])
                    *(in_rest(w, n, i, s) ? &w->rest : &w->known) += m->base.flow[flow];
            }
}

/* From values to shares, of origins in products and of products in imports. */
static void take_shares(dr_tier *t)
{
    for (size_t block = 0; block < t->blocks; block++) {
        double imports = 0;
        for (size_t cell = t->cell[block]; cell < t->cell[block + 1]; cell++) {
            imports += t->weight[cell];
            for (size_t row = t->start[cell]; row < t->start[cell + 1]; row++)
                t->share[row] /= t->weight[cell];
        }
        for (size_t cell = t->cell[block]; cell < t->cell[block + 1]; cell++)
            t->weight[cell] /= imports;
    }
}

/* ---- Notes ------------------------------------------------------------------------------------------------------- */

static dr_status note_coverage(dr_model *m, const sums *w)
{
    const dr_tier *t = w->tier;
    const dr_product_year *year = &t->trade->year;
    char known[DR_MONEY_SIZE], rest[DR_MONEY_SIZE];
    size_t sectors = 0;
    for (size_t s = 0; s < m->sectors; s++)
        sectors += t->has[s];
    return dr_model_note(m,
                         "imports of %zu of %zu sectors are made of products, in the shares of the product flows of %d "
                         "(%s), scaled to the table: %s, %.2f%% of the imports of these sectors; the rest, %s of pairs "
                         "without product flows, is one further product of each importer and sector",
                         sectors, m->sectors, year->year, year->classification,
                         dr_money(known, w->known, m->economy->unit), 100 * w->known / (w->known + w->rest),
                         dr_money(rest, w->rest, m->economy->unit));
}

/* ---- The tier ---------------------------------------------------------------------------------------------------- */

static dr_status fill(dr_model *m, sums *w)
{
    dr_tier *t = w->tier;
    size_t r = m->regions, s = m->sectors;
    t->blocks = r * s;
    t->has = dr_new(s, sizeof *t->has);
    t->cell = dr_new(t->blocks + 1, sizeof *t->cell);
    w->all = dr_new_doubles(r * r * s);
    w->last = dr_new(t->blocks, sizeof *w->last);
    w->row = dr_new(t->blocks + 1, sizeof *w->row);
    w->next = dr_new(t->blocks + 1, sizeof *w->next);
    if (!t->has || !t->cell || !w->all || !w->last || !w->row || !w->next)
        return dr_fail_memory();
    DR_TRY(dr_product_trade_need(&t->trade, m->economy));
    DR_TRY(dr_tier_choke(t, m->options.choke_price));
    if (t->trade->flows.rows >= DR_NO_PRODUCT || r > USHRT_MAX)
        return dr_fail(DR_BAD_INPUT, "%zu product flows between %zu regions; expected at most %u between %d",
                       t->trade->flows.rows, r, DR_NO_PRODUCT - 1, USHRT_MAX);
    count_products(w);
    count_rest(w);
    DR_TRY(take_places(w));
    if (t->cells == 0)
        return dr_fail(DR_BAD_INPUT,
                       "none of the product flows of %d (%s) is between two regions of the table in one of its "
                       "sectors, so that no imports can be made of products",
                       t->trade->year.year, t->trade->year.classification);
    fill_rows(w);
    take_shares(t);
    DR_TRY(dr_tier_elasticities(t, m));
    return note_coverage(m, w);
}

dr_status dr_tier_fill(dr_model *m)
{
    sums w = {.model = m, .tier = dr_new(1, sizeof *w.tier)};
    if (m->economy != m->whole) {
        dr_tier_free(w.tier);
        return dr_fail(DR_BAD_INPUT, "products are within the sectors of the table, and the armington model sums them; "
                                     "expected another model, or products average");
    }
    dr_status status = w.tier ? fill(m, &w) : dr_fail_memory();
    free(w.all);
    free(w.last);
    free(w.row);
    free(w.next);
    if (status == DR_OK)
        m->tier = w.tier;
    else
        dr_tier_free(w.tier);
    return status;
}

size_t dr_tier_cell_of(const dr_tier *t, size_t block, unsigned source)
{
    const size_t *start = t->trade->flows.start;
    size_t low = 0, high = t->trade->flows.products.count;
    while (low + 1 < high) {
        size_t middle = low + (high - low) / 2;
        *(start[middle] <= source ? &low : &high) = middle;
    }
    return dr_tier_cell(t, block, (unsigned)low);
}

size_t dr_tier_cell(const dr_tier *t, size_t block, unsigned product)
{
    size_t low = t->cell[block], end = t->cell[block + 1], high = end;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (t->product[middle] < product)
            low = middle + 1;
        else
            high = middle;
    }
    return low < end && t->product[low] == product ? low : end;
}

double dr_tier_value(const dr_model *m, size_t flow, size_t row, size_t cell)
{
    size_t n = flow / m->sectors / m->regions, s = flow % m->sectors;
    double home = m->import_share[(s * m->regions + n) * m->stride + n], spent = m->base.spending[n * m->sectors + s];
    return spent * (1 - home) * m->tier->weight[cell] * m->tier->share[row] / (1 + dr_base_tariff(&m->base, flow));
}

const char *dr_tier_code(const dr_tier *tier, unsigned product)
{
    return product == DR_TIER_REST ? "" : tier->trade->flows.products.names[product];
}
