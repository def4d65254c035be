/* Tariffs of products as tariffs of sectors: means over products and over the countries of regions. */
#ifndef DR_IMPORT_TARIFF_MEANS_H
#define DR_IMPORT_TARIFF_MEANS_H

#include "import/tariff_table.h"

typedef struct dr_tariff_means {
    double *rate;     /* [n, i, s] of the world, NAN where no rate is known; domestic flows have none */
    int flows_year;   /* of the product flows that are the weights; 0: there are none */
    int from, to;     /* editions of the HS: of the flows, and of the tariffs if the flows were carried over; else -1 */
    size_t by_weight; /* rates that are means weighted by flows; the others are simple ones */
    double trade;     /* product flows between regions, of products in sectors, from and to economies of the world */
    double matched;   /* those with a rate */
} dr_tariff_means;

/* Averages. Weights are those of `weights`, DR_WEIGHTS_USUAL being trade where the world has product flows; a rate
 * without any weight is a simple mean. `edition` is that of the products, -1 unknown. Errors: DR_BAD_INPUT (weights of
 * trade in a world without product flows), DR_MACHINE. Free means->rate. */
dr_status dr_tariff_means_new(dr_tariff_means *means, dr_tariff_table *table, const dr_duck *duck,
                              dr_tariff_weights weights, int edition);

#endif
