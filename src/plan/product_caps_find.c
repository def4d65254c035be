/* The products under caps, and their suppliers. */
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/file.h"
#include "measure/product_trade.h"
#include "plan/product_caps.h"
#include "scenario/product_change.h"

/* A row of the tier that the plan is about. */
typedef struct found {
    unsigned product;
    size_t sector, region, row, cell;
    double base;
} found;

static int compare(const void *a, const void *b)
{
    const found *x = a, *y = b;
    if (x->product != y->product)
        return x->product > y->product ? 1 : -1;
    if (x->region != y->region)
        return x->region > y->region ? 1 : -1;
    return (x->row > y->row) - (x->row < y->row);
}

/* The rows of the products marked, of what `of` buys from outside it; without room for them (NULL), how many. */
static size_t list_rows(const dr_model *m, const dr_sides *sides, const bool *marked, found *rows)
{
    const dr_tier *t = m->tier;
    size_t count = 0;
    for (size_t block = 0; block < t->blocks; block++) {
        size_t n = block % m->regions, s = block / m->regions;
        for (size_t cell = t->cell[block]; cell < t->cell[block + 1] && sides->of[n]; cell++) {
            if (t->product[cell] == DR_TIER_REST || !marked[t->product[cell]])
                continue;
            for (size_t row = t->start[cell]; row < t->start[cell + 1]; row++) {
                if (sides->of[t->origin[row]])
                    continue;
                size_t flow = (n * m->regions + t->origin[row]) * m->sectors + s;
                if (rows)
                    rows[count] =
                        (found){t->product[cell], s, t->origin[row], row, cell, dr_tier_value(m, flow, row, cell)};
                count++;
            }
        }
    }
    return count;
}

/* From rows in order to products and suppliers; `cap` [product]. */
static void fill(dr_product_caps *caps, const dr_sides *sides, const double *cap, const found *rows)
{
    for (size_t j = 0; j < caps->rows; j++) {
        bool another = j == 0 || rows[j].product != rows[j - 1].product;
        if (another)
            caps->product[caps->products++] = (dr_capped_product){.product = rows[j].product,
                                                                  .sector = rows[j].sector,
                                                                  .cap = cap[rows[j].product],
                                                                  .first = caps->suppliers};
        if (another || rows[j].region != rows[j - 1].region) {
            caps->supplier[caps->suppliers++] =
                (dr_supplier){.region = rows[j].region, .first = j, .capped = sides->to[rows[j].region]};
            caps->product[caps->products - 1].count++;
        }
        dr_supplier *supplier = &caps->supplier[caps->suppliers - 1];
        supplier->count++;
        supplier->base += rows[j].base;
        supplier->now = supplier->base;
        caps->row[j] = rows[j].row;
        caps->cell[j] = rows[j].cell;
    }
}

static dr_status take_rows(dr_product_caps *caps, const dr_sides *sides, const double *cap, const bool *marked)
{
    size_t count = caps->rows = list_rows(caps->model, sides, marked, NULL);
    found *rows = dr_new(count + 1, sizeof *rows);
    caps->product = dr_new(count + 1, sizeof *caps->product);
    caps->supplier = dr_new(count + 1, sizeof *caps->supplier);
    caps->row = dr_new(count + 1, sizeof *caps->row);
    caps->cell = dr_new(count + 1, sizeof *caps->cell);
    bool there = rows && caps->product && caps->supplier && caps->row && caps->cell;
    if (there) {
        list_rows(caps->model, sides, marked, rows);
        qsort(rows, count, sizeof *rows, compare);
        fill(caps, sides, cap, rows);
    }
    free(rows);
    return there ? DR_OK : dr_fail_memory();
}

/* Codes and lists, or the file of them. */
static dr_status mark_products(dr_product_set *set, const dr_scenario *scenario, const char *products)
{
    DR_TRY(dr_product_set_new(set, scenario));
    return dr_path_ends(products, ".csv") ? dr_product_set_read(set, scenario, products)
                                          : dr_product_set_list(set, scenario, products);
}

/* The cap of a line, on the products that it names, each of which `one` marks while it is read. */
static dr_status read_cap(dr_csv *csv, const int columns[2], double *cap, dr_product_set *one,
                          const dr_scenario *scenario)
{
    const char *text = dr_csv_field(csv, (size_t)columns[1]);
    double share = 0;
    dr_product_set_clear(one);
    dr_status status = dr_product_set_add(one, scenario, dr_csv_field(csv, (size_t)columns[0]));
    if (status == DR_BAD_INPUT)
        return dr_csv_fail(csv, columns[0], "%s", dr_error_text());
    DR_TRY(status);
    if (dr_parse_rate(text, &share) != DR_OK || !(share > 0 && share <= 1))
        return dr_csv_fail(csv, columns[1], "'%.40s' is no cap; expected a share above 0 and up to 100%%", text);
    for (size_t k = one->first; k < one->end; k++)
        cap[k] = one->mask[k] ? share : cap[k];
    return DR_OK;
}

/* The caps [product] of a CSV; of several lines on a product the last counts. */
static dr_status read_caps(double *cap, const dr_scenario *scenario, const dr_product_caps_options *options)
{
    static const char *const names[] = {"product", "cap"};
    const char *text = options->caps;
    int columns[2];
    bool more = true;
    dr_csv *csv = NULL;
    dr_product_set one = {0};
    dr_status status =
        options->cap_file ? dr_csv_open(&csv, options->cap_file) : dr_csv_open_memory(&csv, "caps", text, strlen(text));
    if (status == DR_OK)
        status = dr_csv_header(csv, names, 2, columns);
    if (status == DR_OK)
        status = dr_product_set_new(&one, scenario);
    while (status == DR_OK && (status = dr_csv_record(csv, &more)) == DR_OK && more)
        status = read_cap(csv, columns, cap, &one, scenario);
    dr_csv_close(csv);
    free(one.mask);
    return status;
}

/* Each product that is bought has a cap. */
static dr_status check_caps(const dr_product_caps *caps, const char *path)
{
    for (size_t k = 0; k < caps->products; k++)
        if (!(caps->product[k].cap > 0))
            return dr_fail(DR_BAD_INPUT,
                           "%s: the product %s has no cap; expected a line with its code, or with the "
                           "digits that it begins with",
                           path ? path : "caps", dr_tier_code(caps->model->tier, caps->product[k].product));
    return DR_OK;
}

/* The products with their caps. */
static dr_status find(dr_product_caps *caps, const dr_sides *sides, const dr_scenario *scenario,
                      const dr_product_caps_options *options, const dr_product_set *set)
{
    double *cap = dr_new_doubles(set->count + 1);
    dr_status status = cap ? DR_OK : dr_fail_memory();
    caps->cap = options->cap;
    for (size_t k = 0; status == DR_OK && k < set->count; k++)
        cap[k] = options->cap;
    if (status == DR_OK && (options->cap_file || options->caps))
        status = read_caps(cap, scenario, options);
    if (status == DR_OK)
        status = take_rows(caps, sides, cap, set->mask);
    free(cap);
    DR_TRY(status);
    return check_caps(caps, options->cap_file);
}

dr_status dr_product_caps_find(dr_product_caps *caps, const dr_sides *sides, const dr_product_caps_options *options)
{
    dr_product_set set = {0};
    dr_scenario *scenario = NULL;
    dr_status status = dr_scenario_new(&scenario, caps->model->economy);
    if (status == DR_OK)
        status = dr_product_changes_need(scenario);
    if (status == DR_OK)
        status = mark_products(&set, scenario, options->products);
    for (size_t k = 0; status == DR_OK && k < set.count; k++)
        caps->asked += set.mask[k];
    if (status == DR_OK)
        status = find(caps, sides, scenario, options, &set);
    free(set.mask);
    dr_scenario_free(scenario);
    bool any = false;
    for (size_t j = 0; j < caps->suppliers; j++)
        any |= caps->supplier[j].capped;
    if (status == DR_OK && !any)
        return dr_fail(DR_BAD_INPUT,
                       "none of the products '%.60s' is bought from these suppliers: there is no "
                       "dependence to reduce",
                       options->products);
    return status;
}
