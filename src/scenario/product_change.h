/* Changes of products: tariffs, trade costs, bans, limits on volumes and taxes of exporters on some products of a
 * sector, for worlds that have product flows beside their table. A model whose imports are made of products
 * (model/tier.h) takes them product by product. Any other takes tariffs alone, as one on the flow of the sector,
 * weighted by the part of the products in what the importer buys of the sector from the exporter:
 *
 *   t' = t + sum over products p of v[p] / v * (t'[p] - t)
 *
 * with v[p] the product flow, v the sum over all products of the sector, and t the tariff of the sector without the
 * change, which every product is assumed to have. */
#ifndef DR_SCENARIO_PRODUCT_CHANGE_H
#define DR_SCENARIO_PRODUCT_CHANGE_H

#include <stdio.h>

#include "scenario/scenario.h"

/* The product flows of a scenario, and which change set the tariff and the trade cost of each. */
typedef struct dr_product_changes dr_product_changes;
void dr_product_changes_free(dr_product_changes *changes);

/* Gives a scenario without any the changes of products of another of its economy. Errors: DR_MACHINE. */
dr_status dr_product_changes_copy(dr_scenario *to, const dr_scenario *from);

/* Takes the product flows of the scenario's economy, where it has not yet. Errors: as dr_product_trade_need. */
dr_status dr_product_changes_need(dr_scenario *scenario);

/* Products in order of their codes; [first, end) has all that are marked. */
typedef struct dr_product_set {
    bool *mask; /* [count] */
    size_t count, first, end;
} dr_product_set;

dr_status dr_product_set_new(dr_product_set *out, const dr_scenario *scenario);
void dr_product_set_clear(dr_product_set *set);

/* Adds the product of this number. */
void dr_product_set_mark(dr_product_set *set, size_t product);

/* Adds the products that a name stands for: an HS code of two digits or more ("8542", "8542.31"), or a critical list,
 * "chpl", "critical" or "crm", and "strategic". Errors: DR_BAD_INPUT (no such list; no product flow of that code),
 * DR_MACHINE. */
dr_status dr_product_set_add(dr_product_set *set, const dr_scenario *scenario, const char *name);

/* Adds those of a list such as "HS8541,HS8542" or "chpl", commas between. Errors: as dr_product_set_add. */
dr_status dr_product_set_list(dr_product_set *set, const dr_scenario *scenario, const char *list);

/* Whether a list where names of sectors may be is one of products: its first name is a code after "HS", or a list. */
bool dr_product_list(const char *list);

/* Adds those in the column `product` of a CSV. Errors: DR_BAD_INPUT with file:line:column, DR_MACHINE. */
dr_status dr_product_set_read(dr_product_set *set, const dr_scenario *scenario, const char *path);

/* Applies the change begun last, an instrument at the border, to its products; *any and *left as
 * dr_scenario_change_flows. Errors: DR_BAD_INPUT (rates; another change of a product of the same flow), DR_MACHINE. */
dr_status dr_product_change(dr_scenario *scenario, const dr_change *change, bool *any, bool *left);

/* Takes the quantities that a change on products needs for a duty on a tonne or a limit in tonnes, and makes of such a
 * limit a part of the base. Errors: DR_BAD_INPUT (a flow without a quantity; more than there is), DR_MACHINE. */
dr_status dr_product_quantities(dr_scenario *scenario, dr_change *change);

/* After such a change was applied: notes what it came to. Errors: DR_MACHINE. */
dr_status dr_product_quantities_note(dr_scenario *scenario, const dr_change *change);

/* After the last such: notes which part of the flows the products are; `name`: of the change or file. Odd rates are
 * added to those of the scenario. */
dr_status dr_product_change_note(dr_scenario *scenario, const char *name);

/* Sets the tariff of a product flow, a row that is a part of `flow`, as the change begun last of a scenario that has
 * product changes; the other goods of the flow keep theirs. For searches, which set thousands many times. */
void dr_product_tariff_set(dr_scenario *scenario, size_t flow, unsigned row, double rate);

/* Marks a product flow as under a limit, which the caller adds to those of the scenario: likewise for searches. Errors:
 * DR_MACHINE. */
dr_status dr_product_limit_set(dr_scenario *scenario, size_t flow, unsigned row);

/* A change undoes those of a kind, tariff, trade cost or wedge, on the products of a flow. */
void dr_product_change_forget(dr_product_changes *changes, int kind, size_t flow);

/* Whether a scenario (NULL: none) has changes of products that have no average for a sector: all but tariffs. */
bool dr_products_need_nest(const dr_scenario *scenario);

/* Whether products of a flow are under limits, or under taxes of their exporter. */
bool dr_product_wedges_of(const dr_scenario *scenario, size_t flow);

/* The part of a product flow in those of all products of its flow. */
double dr_product_part(const dr_scenario *scenario, size_t flow, unsigned row);

/* Writes the changes of products but bans as lines of a document, bans after limits; and the products of a limit into
 * one from the exporters marked to the importers marked. Errors: DR_BAD_INPUT (the limit is on some of the flows of its
 * products only), DR_MACHINE. */
dr_status dr_product_changes_write(FILE *file, const dr_scenario *scenario);
dr_status dr_product_bans_write(FILE *file, const dr_scenario *scenario);
dr_status dr_product_limit_write(FILE *file, const dr_scenario *scenario, const dr_volume_limit *limit, const bool *by,
                                 const bool *on);

/* The tariff within a tariff-rate quota on products. */
double dr_product_limit_rate(const dr_scenario *scenario, const dr_volume_limit *limit);

/* Whether products of a flow have tariffs of their own; *rate becomes that of its other goods. */
bool dr_product_under(const dr_scenario *scenario, size_t flow, double *rate);

/* Whether they have trade costs of their own; its other goods have none then. */
bool dr_product_costs_of(const dr_scenario *scenario, size_t flow);

/* Makes the limits that stand for the taxes of exporters on products. Errors: DR_MACHINE. */
dr_status dr_product_taxes(dr_scenario *scenario);

/* Whether products of a flow have changes of their own. */
bool dr_products_of_flow(const dr_scenario *scenario, size_t flow);

/* The tariff of a product flow, a row of dr_flows that is a part of flow [n, i, s], alone and with all that importers
 * levy, and the factor on its delivered cost: as dr_scenario_rate and dr_scenario_kappa of the flow, but for changes of
 * the product itself; theta is its own. */
double dr_product_tariff(const dr_scenario *scenario, double base_tariff, size_t flow, unsigned row);
double dr_product_rate(const dr_scenario *scenario, double base_tariff, size_t flow, unsigned row);
double dr_product_kappa(const dr_scenario *scenario, double base_tariff, size_t flow, unsigned row, double theta);

#endif
