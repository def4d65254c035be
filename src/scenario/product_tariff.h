/* Tariffs on products, for worlds that have product flows beside their table. A tariff on some products of a sector is
 * one on the flow of the sector, weighted by their part in what the importer buys of the sector from the exporter:
 *
 *   t' = t + sum over products p of v[p] / v * (t'[p] - t)
 *
 * with v[p] the product flow, v the sum over all products of the sector, and t the tariff of the sector without the
 * change, which every product is assumed to have. */
#ifndef DR_SCENARIO_PRODUCT_TARIFF_H
#define DR_SCENARIO_PRODUCT_TARIFF_H

#include "measure/product_trade.h"
#include "scenario/scenario.h"

/* The product flows of a scenario, and which change set the tariff of each. */
typedef struct dr_product_tariffs dr_product_tariffs;
void dr_product_tariffs_free(dr_product_tariffs *tariffs);

/* Reads the product flows nearest to the year of the scenario's table, where they have not been read yet. Errors:
 * DR_BAD_INPUT (there are none), DR_MACHINE. */
dr_status dr_product_tariffs_need(dr_scenario *scenario);

/* Products in order of their codes; [first, end) has all that are marked. */
typedef struct dr_product_set {
    bool *mask; /* [count] */
    size_t count, first, end;
} dr_product_set;

dr_status dr_product_set_new(dr_product_set *out, const dr_scenario *scenario);
void dr_product_set_clear(dr_product_set *set);

/* Adds the products that a name stands for: an HS code of two digits or more ("8542", "8542.31"), or a critical list,
 * "chpl" or "crm". Errors: DR_BAD_INPUT (no such list; no product flow of that code), DR_MACHINE. */
dr_status dr_product_set_add(dr_product_set *set, const dr_scenario *scenario, const char *name);

/* Adds those in the column `product` of a CSV. Errors: DR_BAD_INPUT with file:line:column, DR_MACHINE. */
dr_status dr_product_set_read(dr_product_set *set, const dr_scenario *scenario, const char *path);

/* Applies the change begun last, a tariff, to the products of a set; *any and *left as dr_scenario_change_flows.
 * Errors: DR_BAD_INPUT (rates; another change of a product of the same flow), DR_MACHINE. */
dr_status dr_product_tariff(dr_scenario *scenario, const dr_change *change, const dr_product_set *set, bool *any,
                            bool *left);

/* After the last such: notes the formula, the year, and which part of the flows the products are; `name`: of the change
 * or file. Odd rates are added to those of the scenario. */
dr_status dr_product_tariff_note(dr_scenario *scenario, const char *name);

/* The change begun last sets the tariff of the whole flow. */
void dr_product_tariff_forget(dr_product_tariffs *tariffs, size_t flow);

#endif
