/* Tariffs of a table that are seldom meant: below 0, which is a subsidy, and above 100%, which is often a percentage
 * where a fraction was expected. */
#ifndef DR_WORLD_RATES_H
#define DR_WORLD_RATES_H

#include "base/names.h"

/* A zeroed one has seen none. */
typedef struct dr_odd_rates {
    size_t subsidies, high; /* how many */
    size_t lowest, highest; /* their cells [importer, exporter, sector] */
    double least, most;
} dr_odd_rates;

/* Looks at one more rate, a fraction. */
void dr_odd_rates_add(dr_odd_rates *odd, size_t cell, double rate);

/* "3, the lowest -60% on c9 from CHN to USA", of those below zero or of those above 100%. */
enum { DR_ODD_RATES_SIZE = 256 };
const char *dr_odd_rates_text(char out[DR_ODD_RATES_SIZE], const dr_odd_rates *odd, bool high, const dr_names *regions,
                              const dr_names *sectors);

#endif
