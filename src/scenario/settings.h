/* The settings of a model as texts, shared by command-line options, documents of scenarios and games, and the
 * server. */
#ifndef DR_SCENARIO_SETTINGS_H
#define DR_SCENARIO_SETTINGS_H

#include "world/economy.h"

/* The keys of a document that are settings, as its reader lists them among its own. */
#define DR_SETTINGS_KEYS                                                                                               \
    "year", "horizon", "model", "elasticity", "closure", "rigid-wages", "thin-markets", "numeraire", "products",       \
        "product-elasticity", "product-substitution", "import-elasticity", "scale", "entry", "labour-supply",          \
        "revenue", "overhead", "pass-through", "choke-price"
enum { DR_SETTINGS = 19 };

/* The accepted values, ending with NULL. Closures are in the order of dr_closure, rents in that of dr_rent;
 * elasticity sets are the built-in ones. */
extern const char *const dr_closures[],
    *const dr_rents[], *const dr_horizons[], *const dr_models[], *const dr_elasticity_sets[],
                                                                     *const dr_products_words[],
                                                                         *const dr_entries[], *const dr_revenue_uses[];

/* Fails unless the text is a number or a set that is built in or that the world keeps. Errors: DR_BAD_INPUT with the
 * nearest name. */
dr_status dr_elasticity_check(const dr_economy *economy, const char *text);

/* Fails unless the text is a number or a built-in set of scale elasticities. Errors: DR_BAD_INPUT. */
dr_status dr_scale_check(const char *text);

#endif
