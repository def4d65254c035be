/* Product flows of a world as trade between the regions of its table, by sector. */
#ifndef DR_MEASURE_PRODUCT_TRADE_H
#define DR_MEASURE_PRODUCT_TRADE_H

#include "measure/prefixes.h"
#include "world/economy.h"
#include "world/flows.h"
#include "world/world.h"

/* The flows of a year. A zeroed struct is an empty one. */
typedef struct dr_product_trade {
    const dr_economy *names;
    dr_product_year year;
    dr_flows flows;
    int *region;          /* [economy of the flows]: the region of the table, or -1 */
    bool *known;          /* [region of the table]: its countries are known */
    int *sector;          /* [product]: the sector of the table, or -1 */
    dr_prefixes names_of; /* of products, where the world has them */
    double *all;          /* [n, i, s] sums over products, of those that an economy has (dr_product_trade_need) */
    double *quantity;     /* [row], NAN where it is not known (dr_product_trade_quantities); NULL: not read */
    double scale;         /* of values, to the power of a thousand of the table's unit; currencies are not converted */
} dr_product_trade;

/* The year of product flows nearest to that of a table, the earlier one of two; 0: there are none. */
dr_status dr_product_trade_year(int *year, const dr_world *world, int near);

/* Loads a year. Errors: DR_BAD_INPUT (a damaged world), DR_MACHINE. Free with dr_product_trade_free, on failure too. */
dr_status dr_product_trade_load(dr_product_trade *out, const dr_world *world, const dr_economy *names, int year);
void dr_product_trade_free(dr_product_trade *trade);

/* Reads the names of the products of a classification into an empty list. Errors: DR_MACHINE. */
dr_status dr_product_names_query(dr_prefixes *names, const dr_world *world, const char *classification);

/* The product flows that lie beside the table of an economy, of the year nearest to its own: read from its world
 * when they are first asked for, and shared by all who use the economy, which owns them. Errors: DR_BAD_INPUT (the
 * economy is of no world, or of one without product flows), DR_MACHINE. */
dr_status dr_product_trade_need(const dr_product_trade **out, const dr_economy *economy);

/* The quantities of those flows, [row], in the unit of their year, NAN where one is not known, read likewise. Errors:
 * as dr_product_trade_need. */
dr_status dr_product_trade_quantities(const double **out, const dr_economy *economy);

/* Gives an economy its product flows, which must be dr_new's and are its own from here on; it has none yet. */
void dr_product_trade_give(const dr_economy *economy, dr_product_trade *trade);

/* The flow [n, i, s] of the table that a row of product k is a part of; false: it is of none. */
bool dr_product_trade_flow(const dr_product_trade *trade, size_t k, size_t row, size_t *flow);

#endif
