/* Plans by product, and their tables. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/money.h"
#include "base/print.h"
#include "base/table.h"
#include "measure/product_lists.h"
#include "measure/product_trade.h"
#include "plan/plan.h"
#include "world/describe.h"

/* ---- Making one -------------------------------------------------------------------------------------------------- */

static dr_status check_options(const dr_plan_options *o)
{
    bool by_product = o->caps || o->cap_file;
    bool others = o->sectors || o->levers || o->share != DR_SHARE_OF_IMPORTS || o->starts > 0;
    bool limits = o->max_concentration != 0 || o->budget != 0 || o->max_loss != 0 || o->risk != 0 || o->stock != 0;
    if (others || limits)
        return dr_fail(DR_USAGE,
                       "a plan by product has caps and tariffs alone; expected no limits, sectors, shares, levers or "
                       "starts");
    if (by_product && o->cap != 0)
        return dr_fail(DR_USAGE, "a plan has one cap for all products, or a cap for each; expected one of the two");
    if (o->objective != DR_OBJECTIVE_EFFICIENT)
        return dr_fail(DR_USAGE, "a plan by product is at the least cost to all regions together; expected the "
                                 "objective efficient");
    if (!by_product && !(o->cap > 0 && o->cap <= 1))
        return dr_fail(DR_BAD_INPUT, "a cap of %g; expected a share above 0 and up to 1 (65%%)", o->cap);
    if (!(o->most_tariff >= 0 && isfinite(o->most_tariff)))
        return dr_fail(DR_BAD_INPUT, "a largest tariff of %g%%; expected 0%% or more", 100 * o->most_tariff);
    return DR_OK;
}

dr_status dr_plan_by_product(dr_plan *plan, const dr_plan_options *options)
{
    DR_TRY(check_options(options));
    if (!plan->model->tier)
        return dr_fail(DR_BAD_INPUT, "a plan by product needs a model whose imports are made of products; expected the "
                                     "setting products nest");
    DR_TRY(dr_product_caps_new(&plan->products, plan->model, &plan->sides,
                               &(dr_product_caps_options){.products = options->products,
                                                          .cap = options->cap,
                                                          .cap_file = options->cap_file,
                                                          .caps = options->caps,
                                                          .most_tariff = options->most_tariff,
                                                          .progress = options->progress,
                                                          .user = options->user}));
    plan->policy.model = plan->model;
    plan->policy.solution = plan->products->solution;
    plan->policy.scenario = plan->products->scenario;
    plan->policy.solves = plan->products->solves;
    return DR_OK;
}

dr_status dr_plan_need_sectors(const dr_plan *plan, const char *what)
{
    if (!plan->products)
        return DR_OK;
    return dr_fail(DR_BAD_INPUT,
                   "a plan by product has no %s; expected the table products, suppliers, costs, regions or "
                   "flows, or its scenario, of which simulate has more",
                   what);
}

/* ---- In words ---------------------------------------------------------------------------------------------------- */

/* Products with a supplier above the cap in the base, and of these those that no tariff brings within it. */
static size_t count_above(const dr_product_caps *caps, size_t *out_of_reach)
{
    size_t above = 0;
    *out_of_reach = 0;
    for (size_t k = 0; k < caps->products; k++) {
        const dr_capped_product *p = &caps->product[k];
        bool any = false;
        for (size_t a = p->first; a < p->first + p->count; a++)
            any |= caps->supplier[a].capped && dr_supplier_share(caps, p, &caps->supplier[a], true) > p->cap;
        above += any;
        *out_of_reach += any && p->out_of_reach;
    }
    return above;
}

void dr_plan_say_products(dr_table *table, const dr_plan *plan)
{
    const dr_product_caps *caps = plan->products;
    size_t out_of_reach, above = count_above(caps, &out_of_reach);
    char cap[32] = "its cap";
    if (caps->cap > 0)
        dr_print_text(cap, sizeof cap, "%.4g%% of it", 100 * caps->cap);
    if (above == 0) {
        dr_table_say(table, "Of none of the %zu products that %s imports a supplier has more than %s: nothing is done.",
                     caps->products, plan->of_words, cap);
        return;
    }
    dr_table_say(table, "In the base, %zu of the %zu products that %s imports %s a supplier with more than %s.", above,
                 caps->products, plan->of_words, above == 1 ? "has" : "have", cap);
    if (above > out_of_reach)
        dr_table_say(table, "Tariffs on these suppliers bring %zu of them to the cap.", above - out_of_reach);
    if (out_of_reach > 0)
        dr_table_say(table, "For %zu no tariff does, and none is set: there are too few suppliers.", out_of_reach);
}

void dr_plan_note_products(dr_table *table, const dr_plan *plan)
{
    const dr_product_caps *caps = plan->products;
    size_t out_of_reach, above = count_above(caps, &out_of_reach);
    char money[DR_MONEY_SIZE];
    dr_table_add_fact(table, "plan.products", (double)caps->products);
    dr_table_add_fact(table, "plan.above", (double)above);
    dr_table_add_fact(table, "plan.out_of_reach", (double)out_of_reach);
    dr_table_add_fact(table, "plan.elsewhere", caps->elsewhere);
    dr_table_add_fact(table, "certificate.kkt", fmax(caps->stationarity, caps->violation));
    dr_table_add_fact(table, "certificate.worst_residual", caps->solution->certificate.worst_residual);
    dr_table_add_fact_text(table, "certificate.worst_equation", caps->solution->certificate.worst_equation);
    dr_table_add_fact(table, "certificate.solves", (double)caps->solves);
    if (caps->asked > caps->products)
        dr_table_add_note(table, "%zu of the %zu products asked for are not imported by %s",
                          caps->asked - caps->products, caps->asked, plan->of_words);
    if (!dr_plan_does_nothing(plan))
        dr_table_add_note(
            table,
            "tariffs are on suppliers that would be above the cap, and on no others: on any other supplier "
            "of these products, a tariff of one percent would lower the cost by at most %s a year",
            dr_money(money, -1e-2 * caps->elsewhere / 100 * dr_plan_income(plan), plan->model->economy->unit));
    dr_table_add_note(table, "residual of the first-order conditions: %.1e", fmax(caps->stationarity, caps->violation));
}

/* ---- The table of products --------------------------------------------------------------------------------------- */

/* A supplier that has a row. */
typedef struct listed {
    const dr_capped_product *product;
    const dr_supplier *supplier;
    double order; /* what rows are in order of, the largest first */
} listed;

static int compare(const void *a, const void *b)
{
    const listed *x = a, *y = b;
    if (x->order != y->order)
        return x->order > y->order ? -1 : 1;
    double first = x->supplier->base, second = y->supplier->base;
    return first != second ? (first > second ? -1 : 1) : (x->supplier > y->supplier) - (x->supplier < y->supplier);
}

static const char *name_of(const dr_product_caps *caps, unsigned product)
{
    const dr_product_trade *trade = caps->model->tier->trade;
    int name = dr_names_find(&trade->names_of.codes, trade->flows.products.names[product]);
    return name < 0 ? "" : trade->names_of.labels[name];
}

enum { PRODUCT, NAME, MATERIAL, SECTOR, SUPPLIER, IMPORTS, SHARE, CAP, NEW_SHARE, TARIFF, SHADOW, REACHED };

static dr_status add_row(dr_table *table, const dr_plan *plan, const listed *l, const dr_product_lists *lists)
{
    static const char list[] = "strategic ";
    const dr_product_caps *caps = plan->products;
    const dr_economy *e = caps->model->economy;
    const char *code = dr_tier_code(caps->model->tier, l->product->product);
    char label[DR_LISTS_SIZE];
    DR_TRY(dr_product_lists_label(lists, DR_LIST_STRATEGIC, code, label));
    size_t row = dr_table_add_row(table);
    dr_table_set_text(table, row, PRODUCT, code);
    dr_table_set_text(table, row, NAME, name_of(caps, l->product->product));
    dr_table_set_text(table, row, MATERIAL, *label ? label + strlen(list) : "");
    dr_table_set_text(table, row, SECTOR, e->sector_codes.names[l->product->sector]);
    dr_table_set_text(table, row, SUPPLIER, e->region_codes.names[l->supplier->region]);
    dr_table_set_number(table, row, IMPORTS, dr_capped_imports(caps, l->product, true));
    dr_table_set_number(table, row, SHARE, dr_supplier_share(caps, l->product, l->supplier, true));
    dr_table_set_number(table, row, CAP, l->product->cap);
    dr_table_set_number(table, row, NEW_SHARE, dr_supplier_share(caps, l->product, l->supplier, false));
    dr_table_set_number(table, row, TARIFF, 100 * expm1(l->supplier->y));
    dr_table_set_number(table, row, SHADOW, 1e-4 * l->supplier->multiplier / l->product->cap * dr_plan_income(plan));
    dr_table_set_text(table, row, REACHED, l->product->out_of_reach ? "no" : "yes");
    return DR_OK;
}

static dr_status add_rows(dr_table *table, const dr_plan *plan, listed *rows)
{
    const dr_product_caps *caps = plan->products;
    const dr_product_year *year = &caps->model->tier->trade->year;
    dr_product_lists lists = {0};
    size_t count = 0;
    for (size_t k = 0; k < caps->products; k++) {
        const dr_capped_product *p = &caps->product[k];
        for (size_t a = p->first; a < p->first + p->count; a++) {
            const dr_supplier *supplier = &caps->supplier[a];
            if (supplier->taxed || (supplier->capped && dr_supplier_share(caps, p, supplier, true) > p->cap))
                rows[count++] = (listed){p, supplier, supplier->multiplier};
        }
    }
    qsort(rows, count, sizeof *rows, compare);
    dr_status status = dr_product_lists_read(&lists, year->classification, year->year);
    for (size_t j = 0; j < count && status == DR_OK; j++)
        status = add_row(table, plan, &rows[j], &lists);
    dr_product_lists_free(&lists);
    return status;
}

static dr_status need_products(const dr_plan *plan)
{
    if (plan->products)
        return DR_OK;
    return dr_fail(DR_BAD_INPUT, "this plan has caps by sector; expected the table sectors, or caps by product");
}

dr_status dr_plan_products(dr_table **out, const dr_plan *plan)
{
    static const dr_column_spec columns[] = {
        {"product", DR_SHOW_TEXT},   {"name", DR_SHOW_TEXT},          {"material", DR_SHOW_TEXT},
        {"sector", DR_SHOW_TEXT},    {"supplier", DR_SHOW_TEXT},      {"imports", DR_SHOW_VALUE},
        {"share", DR_SHOW_SHARE},    {"cap", DR_SHOW_SHARE},          {"new_share", DR_SHOW_SHARE},
        {"tariff", DR_SHOW_PERCENT}, {"shadow_price", DR_SHOW_VALUE}, {"reached", DR_SHOW_TEXT}};
    dr_table *table = NULL;
    DR_TRY(DR_GIVEN(out, plan));
    DR_TRY(need_products(plan));
    DR_TRY(dr_table_new(&table, columns, sizeof columns / sizeof *columns));
    dr_plan_describe(table, plan);
    listed *rows = dr_new(plan->products->suppliers, sizeof *rows);
    dr_status status = rows ? add_rows(table, plan, rows) : dr_fail_memory();
    free(rows);
    return dr_table_finish(out, table, status);
}

/* ---- The table of suppliers -------------------------------------------------------------------------------------- */

enum { OF_SUPPLIER = 2, BEFORE, AFTER, CHANGE, SHARE_BEFORE, SHARE_AFTER };

static void add_supplier(dr_table *table, const dr_product_caps *caps, const listed *l)
{
    size_t row = dr_table_add_row(table);
    dr_table_set_text(table, row, PRODUCT, dr_tier_code(caps->model->tier, l->product->product));
    dr_table_set_text(table, row, NAME, name_of(caps, l->product->product));
    dr_table_set_text(table, row, OF_SUPPLIER, caps->model->economy->region_codes.names[l->supplier->region]);
    dr_table_set_number(table, row, BEFORE, l->supplier->base);
    dr_table_set_number(table, row, AFTER, l->supplier->now);
    dr_table_set_number(table, row, CHANGE, l->supplier->now - l->supplier->base);
    dr_table_set_number(table, row, SHARE_BEFORE, dr_supplier_share(caps, l->product, l->supplier, true));
    dr_table_set_number(table, row, SHARE_AFTER, dr_supplier_share(caps, l->product, l->supplier, false));
}

/* All suppliers of the products with a tariff: first the one that loses most. */
static void add_suppliers(dr_table *table, const dr_product_caps *caps, listed *rows)
{
    for (size_t k = 0; k < caps->products; k++) {
        const dr_capped_product *p = &caps->product[k];
        bool taxed = false;
        size_t count = 0;
        for (size_t a = p->first; a < p->first + p->count; a++) {
            const dr_supplier *supplier = &caps->supplier[a];
            taxed |= supplier->taxed;
            rows[count++] = (listed){p, supplier, supplier->base - supplier->now};
        }
        qsort(rows, count, sizeof *rows, compare);
        for (size_t j = 0; j < count && taxed; j++)
            add_supplier(table, caps, &rows[j]);
    }
}

dr_status dr_plan_suppliers(dr_table **out, const dr_plan *plan)
{
    static const dr_column_spec columns[] = {{"product", DR_SHOW_TEXT},      {"name", DR_SHOW_TEXT},
                                             {"supplier", DR_SHOW_TEXT},     {"imports", DR_SHOW_VALUE},
                                             {"new_imports", DR_SHOW_VALUE}, {"change", DR_SHOW_VALUE},
                                             {"share", DR_SHOW_SHARE},       {"new_share", DR_SHOW_SHARE}};
    dr_table *table = NULL;
    DR_TRY(DR_GIVEN(out, plan));
    DR_TRY(need_products(plan));
    DR_TRY(dr_table_new(&table, columns, sizeof columns / sizeof *columns));
    dr_plan_describe(table, plan);
    dr_table_rank(table, CHANGE);
    listed *rows = dr_new(plan->products->suppliers, sizeof *rows);
    if (rows)
        add_suppliers(table, plan->products, rows);
    dr_status status = rows ? DR_OK : dr_fail_memory();
    free(rows);
    return dr_table_finish(out, table, status);
}
