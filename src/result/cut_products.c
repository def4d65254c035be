/* The loss from cutting one supplier of one product, for each pair of them. At the costs of the base it has a closed
 * form: the price of each sector without the supplier (model/tier.h), on what is spent on it,
 *
 *   loss = sum over n of E[n,s] ln P[n,s]
 *
 * Those with the largest of these losses are solved: the equilibrium under the ban. */
#include <limits.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/money.h"
#include "base/parallel.h"
#include "base/table_rows.h"
#include "equilibrium/solve.h"
#include "measure/product_trade.h"
#include "model/tier.h"
#include "result/result.h"
#include "result/welfare.h"
#include "world/describe.h"
#include "world/sides.h"

/* Pairs that are solved. */
enum { MOST_SOLVED = 200 };

typedef struct pair {
    size_t supplier, sector;
    unsigned product;
    double imports, share;                      /* value, and share in the imports of the product */
    double at_base, loss, loss_value, its_loss; /* in base values at the costs of the base; in percent, value */
    char *why;                                  /* the reason if there is no equilibrium, or NULL */
    bool solved;
    dr_certificate certificate;
} pair;

typedef struct scan {
    const dr_model *model;
    const dr_cut_options *options;
    dr_sides sides;
    bool *sectors;
    pair *pairs;
    size_t count, capacity, solved;
    size_t *next;                  /* [n] the next cell of the sector at hand */
    double *bought, *loss, income; /* [i] of the product at hand; base income of `of` */
    double seconds;
    atomic_size_t done;
} scan;

static void scan_free(scan *c)
{
    for (size_t j = 0; j < c->count; j++)
        free(c->pairs[j].why);
    dr_sides_free(&c->sides);
    free(c->sectors);
    free(c->pairs);
    free(c->next);
    free(c->bought);
    free(c->loss);
}

/* ---- At the costs of the base ------------------------------------------------------------------------------------ */

/* ln of the price of a sector where a product of it keeps the part `left` of its supply. */
static double dearer(const dr_model *m, size_t n, size_t s, size_t cell, double left)
{
    const dr_tier *t = m->tier;
    double weight = t->weight[cell], sigma = t->sigma[s], mu = t->mu[s];
    double home = m->import_share[(s * m->regions + n) * m->stride + n], product, imports;
    if (left > 0)
        left = fmax(left, m->nests.thin);
    product = left > 0 || t->choke == 0 ? -log(left) / dr_tier_theta(t, cell) : log(t->choke);
    if (sigma == 1)
        imports = weight * product;
    else
        imports = log(1 - weight + weight * exp((1 - sigma) * product)) / (1 - sigma);
    return -log(home + (1 - home) * exp(-mu * imports)) / mu;
}

/* Adds what importer n buys of a product by supplier, and what it loses without each. */
static void add_cell(scan *c, size_t n, size_t s, size_t cell)
{
    const dr_model *m = c->model;
    const dr_tier *t = m->tier;
    double home = m->import_share[(s * m->regions + n) * m->stride + n],
           spending = m->base.spending[n * m->sectors + s];
    for (size_t row = t->start[cell]; row < t->start[cell + 1];) {
        size_t i = t->origin[row], flow = (n * m->regions + i) * m->sectors + s;
        double share = 0;
        for (; row < t->start[cell + 1] && t->origin[row] == i; row++)
            share += t->share[row];
        if (c->sides.of[i])
            continue;
        c->bought[i] += spending * (1 - home) * t->weight[cell] * share / (1 + dr_base_tariff(&m->base, flow));
        c->loss[i] += spending * dearer(m, n, s, cell, share < 1 ? 1 - share : 0);
    }
}

static dr_status add_pairs(scan *c, unsigned product, size_t s)
{
    const dr_model *m = c->model;
    double all = 0;
    memset(c->bought, 0, m->regions * sizeof *c->bought);
    memset(c->loss, 0, m->regions * sizeof *c->loss);
    for (size_t n = 0; n < m->regions; n++) {
        size_t end = m->tier->cell[s * m->regions + n + 1];
        if (c->next[n] < end && m->tier->product[c->next[n]] == product) {
            if (c->sides.of[n])
                add_cell(c, n, s, c->next[n]);
            c->next[n]++;
        }
    }
    for (size_t i = 0; i < m->regions; i++)
        all += c->bought[i];
    for (size_t i = 0; i < m->regions; i++) {
        if (!c->sides.to[i] || !(c->bought[i] > 0))
            continue;
        if (!dr_grow((void **)&c->pairs, &c->capacity, c->count + 1, sizeof *c->pairs))
            return dr_fail_memory();
        c->pairs[c->count++] = (pair){.supplier = i,
                                      .sector = s,
                                      .product = product,
                                      .imports = c->bought[i],
                                      .share = c->bought[i] / all,
                                      .at_base = c->loss[i],
                                      .loss = NAN,
                                      .loss_value = NAN,
                                      .its_loss = NAN};
    }
    return DR_OK;
}

static dr_status list_pairs(scan *c)
{
    const dr_model *m = c->model;
    const dr_product_trade *trade = m->tier->trade;
    c->next = dr_new(m->regions, sizeof *c->next);
    c->bought = dr_new(m->regions, sizeof *c->bought);
    c->loss = dr_new(m->regions, sizeof *c->loss);
    if (!c->next || !c->bought || !c->loss)
        return dr_fail_memory();
    for (size_t n = 0; n < m->regions; n++)
        c->income += c->sides.of[n] ? m->base.income[n] : 0;
    for (size_t s = 0; s < m->sectors; s++) {
        for (size_t n = 0; n < m->regions; n++)
            c->next[n] = m->tier->cell[s * m->regions + n];
        for (size_t k = 0; k < trade->flows.products.count && m->tier->has[s] && c->sectors[s]; k++)
            if (trade->sector[k] == (int)s)
                DR_TRY(add_pairs(c, (unsigned)k, s));
    }
    return DR_OK;
}

/* In descending order of the loss at the costs of the base; the same in that of the tier. */
static int by_first_loss(const void *a, const void *b)
{
    const pair *x = a, *y = b;
    if (x->at_base != y->at_base)
        return x->at_base > y->at_base ? -1 : 1;
    return x->product != y->product ? (x->product > y->product) - (x->product < y->product)
                                    : (x->supplier > y->supplier) - (x->supplier < y->supplier);
}

/* ---- The solves -------------------------------------------------------------------------------------------------- */

/* The loss of real income of the regions marked, in base values and in percent. */
static double loss_of(const dr_solution *solution, const bool *regions, double *value)
{
    const dr_model *m = solution->model;
    double change = 0, income = 0;
    for (size_t n = 0; n < m->regions; n++)
        if (regions[n]) {
            change += 100 * dr_solution_equivalent(solution, n);
            income += m->base.income[n];
        }
    *value = -change / 100;
    return -change / income;
}

static dr_status solve_without(pair *p, const scan *c, const dr_change *ban)
{
    dr_scenario *scenario = NULL;
    dr_solution *solution = NULL;
    double value;
    dr_status status = dr_model_product_ban(&scenario, c->model, ban, p->product);
    if (status == DR_OK)
        status = dr_model_certified(&solution, c->model, scenario);
    if (status == DR_OK) {
        p->loss = loss_of(solution, c->sides.of, &p->loss_value);
        p->its_loss = loss_of(solution, ban->on, &value);
        p->certificate = solution->certificate;
        p->solved = true;
    } else if (status == DR_NO_SOLUTION) {
        p->why = strdup(dr_error_text());
        status = p->why ? DR_OK : dr_fail_memory();
    }
    dr_solution_free(solution);
    dr_scenario_free(scenario);
    return status;
}

static dr_status solve_pair(void *work, size_t j, size_t thread)
{
    scan *c = work;
    pair *p = &c->pairs[j];
    dr_change ban;
    DR_TRY(dr_change_new(&ban, c->model->economy, DR_CHANGE_BAN));
    memcpy(ban.by, c->sides.of, c->model->regions * sizeof *ban.by);
    ban.on[p->supplier] = ban.sectors[p->sector] = true;
    dr_status status = solve_without(p, c, &ban);
    dr_change_free(&ban);
    size_t done = atomic_fetch_add(&c->done, 1) + 1;
    if (status == DR_OK && c->options->progress && thread == 0)
        c->options->progress("cutting products", done, c->solved, c->options->user);
    return status;
}

static dr_status run(scan *c, const char *of)
{
    DR_TRY(dr_sides_read(&c->sides, c->model->economy, NULL, of, c->options->to));
    c->sectors = dr_new(c->model->sectors, sizeof *c->sectors);
    if (!c->sectors)
        return dr_fail_memory();
    DR_TRY(dr_select_goods(c->model->economy, c->options->sectors, c->sectors));
    DR_TRY(list_pairs(c));
    if (c->count == 0)
        return dr_fail(DR_BAD_INPUT, "there are no product flows between the two sides in these sectors");
    qsort(c->pairs, c->count, sizeof *c->pairs, by_first_loss);
    c->solved = c->count < MOST_SOLVED ? c->count : MOST_SOLVED;
    double start = dr_seconds();
    dr_status status = dr_parallel(c->solved, c->options->threads, solve_pair, c);
    c->seconds = dr_seconds() - start;
    return status;
}

/* ---- The table --------------------------------------------------------------------------------------------------- */

/* Pairs without an equilibrium first, then those that were solved in descending order of loss, then the others. */
static int by_loss(const void *a, const void *b)
{
    const pair *x = a, *y = b;
    if (!x->why != !y->why)
        return x->why ? -1 : 1;
    if (x->solved != y->solved)
        return x->solved ? -1 : 1;
    if (x->solved && x->loss != y->loss)
        return x->loss > y->loss ? -1 : 1;
    return by_first_loss(a, b);
}

static void add_certificate(dr_table *table, const scan *c)
{
    const dr_certificate *worst = NULL;
    double sweeps = 0;
    for (size_t j = 0; j < c->count; j++) {
        const dr_certificate *one = &c->pairs[j].certificate;
        sweeps += one->sweeps;
        if (c->pairs[j].solved && (!worst || one->worst_residual > worst->worst_residual))
            worst = one;
    }
    if (worst) {
        dr_table_add_fact(table, "certificate.worst_residual", worst->worst_residual);
        dr_table_add_fact_text(table, "certificate.worst_equation", worst->worst_equation);
    }
    dr_table_add_fact(table, "certificate.solves", (double)c->solved);
    dr_table_add_fact(table, "certificate.sweeps", sweeps);
    dr_table_add_fact(table, "certificate.solve_seconds", c->seconds);
}

static void add_notes(dr_table *table, const scan *c)
{
    const dr_economy *e = c->model->economy;
    dr_table_add_note(
        table,
        "losses are of real income at base values. At given costs: what dearer goods cost before anything "
        "else adjusts; the %zu pairs of supplier and product with the largest of these, of %zu, are "
        "solved in general equilibrium (loss). Leverage is the loss over that of the supplier, both in "
        "percent",
        c->solved, c->count);
    for (size_t j = 0; j < c->count && c->pairs[j].why; j++)
        dr_table_add_note(table, "no equilibrium without product %s from %s: %s",
                          c->model->tier->trade->flows.products.names[c->pairs[j].product],
                          e->region_codes.names[c->pairs[j].supplier], c->pairs[j].why);
}

static void add_pair(dr_table *table, const scan *c, const pair *p)
{
    const dr_product_trade *trade = c->model->tier->trade;
    const dr_economy *e = c->model->economy;
    const char *code = trade->flows.products.names[p->product];
    int name = dr_names_find(&trade->names_of.codes, code);
    const double numbers[] = {p->imports,
                              p->share,
                              isfinite(p->at_base) ? 100 * p->at_base / c->income : NAN,
                              p->loss,
                              p->loss_value,
                              p->its_loss,
                              p->its_loss > 0 ? p->loss / p->its_loss : NAN};
    size_t row = dr_table_add_row(table);
    dr_table_set_text(table, row, 0, e->region_codes.names[p->supplier]);
    dr_table_set_text(table, row, 1, code);
    dr_table_set_text(table, row, 2, name < 0 ? "" : trade->names_of.labels[name]);
    dr_table_set_text(table, row, 3, dr_economy_sector(e, p->sector));
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
        dr_table_set_number(table, row, k + 4, numbers[k]);
}

/* What the worst cut costs. */
static void answer(dr_table *table, const dr_economy *e, const char *of)
{
    size_t worst = dr_table_largest(table, "loss", 1, DR_NO_ROW);
    char from[DR_SPOKEN_SIZE], buyer[DR_SPOKEN_SIZE], money[DR_MONEY_SIZE];
    dr_describe_names(table, e);
    if (worst == DR_NO_ROW)
        return;
    dr_spoken(from, e, dr_table_text_at(table, worst, "supplier"));
    dr_table_say(table,
                 "The worst of these cut-offs for %s would be that of product %s from %s: it would cost %s a year "
                 "on the trade of %d, %.2f%% of real income.",
                 dr_spoken(buyer, e, of), dr_table_text_at(table, worst, "product"), from,
                 dr_money(money, dr_table_at(table, worst, "loss_value"), e->unit), e->year,
                 dr_table_at(table, worst, "loss"));
}

static dr_status write(dr_table **out, scan *c, const char *of)
{
    static const dr_column_spec columns[] = {{"supplier", DR_SHOW_TEXT},
                                             {"product", DR_SHOW_TEXT},
                                             {"name", DR_SHOW_TEXT},
                                             {"sector", DR_SHOW_TEXT},
                                             {"imports", DR_SHOW_VALUE},
                                             {"share_of_imports", DR_SHOW_SHARE},
                                             {"loss_at_given_costs", DR_SHOW_PERCENT},
                                             {"loss", DR_SHOW_PERCENT},
                                             {"loss_value", DR_SHOW_VALUE},
                                             {"supplier_loss", DR_SHOW_PERCENT},
                                             {"leverage", DR_SHOW_NUMBER}};
    const dr_economy *e = c->model->economy;
    dr_table *table = NULL;
    DR_TRY(dr_table_new(&table, columns, sizeof columns / sizeof *columns));
    qsort(c->pairs, c->count, sizeof *c->pairs, by_loss);
    dr_describe_title(table, e->year, "Loss of %s if one supplier of one product is cut off", of);
    dr_table_set_unit(table, e->unit);
    dr_describe(table, e->world, e->year, e->unit, e->source);
    dr_table_add_fact_text(table, "of", of);
    dr_table_add_fact_text(table, "to", c->options->to ? c->options->to : "all others");
    dr_model_describe(table, c->model);
    add_certificate(table, c);
    add_notes(table, c);
    dr_named_tell(table, e, &c->sides.named);
    for (size_t j = 0; j < c->count; j++)
        add_pair(table, c, &c->pairs[j]);
    answer(table, e, of);
    return dr_table_finish(out, table, DR_OK);
}

dr_status dr_exposure_product_cuts(dr_table **out, const dr_model *model, const char *of, const dr_cut_options *options)
{
    DR_TRY(DR_GIVEN(out, model, of));
    dr_cut_options whole;
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    options = &whole;
    DR_TRY(DR_WITHIN(__func__, options->threads, 0, INT_MAX));
    if (!model->tier)
        return dr_fail(DR_BAD_INPUT, "the imports of this model are not made of products; expected products nest");
    scan c = {.model = model, .options = options};
    dr_status status = run(&c, of);
    if (status == DR_OK)
        status = write(out, &c, of);
    scan_free(&c);
    return status;
}
