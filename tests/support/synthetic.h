/* Economies made up for tests: random, but balanced as a real table is. */
#ifndef TESTS_SOLVE_SYNTHETIC_H
#define TESTS_SOLVE_SYNTHETIC_H

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "world/economy.h"

struct slow_products;

typedef struct synthetic {
    size_t r, s;
    char (*region_codes)[24], (*sector_codes)[24];
    const char **region_names, **sector_names;
    double *flow, *tariff, *input, *final;
    size_t factors;
    const char *const *factor_names;
    double *factor;                 /* [factor, n, s] of value added; NULL: one factor */
    struct slow_products *products; /* within imports (slow_products.h); NULL: none */
    /* [n, s] of a unit of output at base prices: what is paid for its emissions; the part of inputs that abatement
     * takes. Both NULL: there is no price of carbon. */
    const double *carbon_tax, *abates;
} synthetic;

static inline double synthetic_random(unsigned long long *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 11) / 9007199254740992.0;
}

static inline double *synthetic_numbers(size_t count)
{
    double *numbers = calloc(count ? count : 1, sizeof *numbers);
    if (!numbers)
        abort();
    return numbers;
}

/* Regions A0.. and sectors s0..: each buys most at home. Flows follow from what users buy, so that the table balances;
 * inputs and final use are at purchaser prices. `taxed` puts tariffs of up to 20% on imports; `inputs` off leaves out
 * intermediate use. */
static inline synthetic synthetic_new(size_t r, size_t s, unsigned long long seed, bool taxed, bool inputs)
{
    synthetic y = {.r = r, .s = s};
    unsigned long long state = seed;
    y.region_codes = calloc(r, sizeof *y.region_codes);
    y.sector_codes = calloc(s, sizeof *y.sector_codes);
    y.region_names = calloc(r, sizeof *y.region_names);
    y.sector_names = calloc(s, sizeof *y.sector_names);
    for (size_t n = 0; n < r; n++)
        snprintf(y.region_codes[n], sizeof *y.region_codes, "A%zu", n), y.region_names[n] = y.region_codes[n];
    for (size_t k = 0; k < s; k++)
        snprintf(y.sector_codes[k], sizeof *y.sector_codes, "s%zu", k), y.sector_names[k] = y.sector_codes[k];
    y.flow = synthetic_numbers(r * r * s);
    y.tariff = synthetic_numbers(r * r * s);
    y.input = synthetic_numbers(r * s * s);
    y.final = synthetic_numbers(r * s);
    for (size_t n = 0; n < r; n++)
        for (size_t i = 0; i < r; i++)
            for (size_t k = 0; k < s; k++) {
                size_t flow = (n * r + i) * s + k;
                double size = (1 + (double)n) * (n == i ? 10 : 1 + synthetic_random(&state));
                y.tariff[flow] = taxed && n != i ? 0.2 * synthetic_random(&state) : 0;
                for (size_t user = 0; inputs && user < s; user++) {
                    double value = size * synthetic_random(&state) / (double)s;
                    y.flow[flow] += value;
                    y.input[(n * s + k) * s + user] += value * (1 + y.tariff[flow]);
                }
                double value = size * (0.7 + synthetic_random(&state));
                y.flow[flow] += value;
                y.final[n * s + k] += value * (1 + y.tariff[flow]);
            }
    return y;
}

/* Splits value added at random into factors of these names. */
static inline void synthetic_split(synthetic *y, const char *const *names, size_t count, unsigned long long seed)
{
    unsigned long long state = seed;
    y->factors = count;
    y->factor_names = names;
    y->factor = synthetic_numbers(count * y->r * y->s);
    for (size_t n = 0; n < y->r; n++)
        for (size_t k = 0; k < y->s; k++) {
            double value_added = 0, left = 1;
            for (size_t j = 0; j < y->r; j++)
                value_added += y->flow[(j * y->r + n) * y->s + k];
            for (size_t j = 0; j < y->s; j++)
                value_added -= y->input[(n * y->s + j) * y->s + k];
            for (size_t f = 0; f < count; f++) {
                double share = f + 1 < count ? left * (0.2 + 0.6 * synthetic_random(&state)) : left;
                y->factor[(f * y->r + n) * y->s + k] = share * value_added;
                left -= share;
            }
        }
}

static inline dr_economy *synthetic_economy(const synthetic *y)
{
    dr_economy *economy = NULL;
    dr_economy_data data = {.regions = y->r,
                            .sectors = y->s,
                            .region_codes = y->region_names,
                            .sector_codes = y->sector_names,
                            .flow = y->flow,
                            .tariff = y->tariff,
                            .input = y->input,
                            .final = y->final,
                            .factors = y->factors,
                            .factor_names = y->factor_names,
                            .factor = y->factor};
    if (dr_economy_new(&economy, &data) != DR_OK) {
        fprintf(stderr, "%s\n", dr_error_text());
        abort();
    }
    return economy;
}

/* Gives an economy emissions of `each` tonnes and up to as much more for a unit of output, and half of them for its
 * final use. */
static inline void synthetic_emit(dr_economy *economy, double each, unsigned long long seed)
{
    unsigned long long state = seed;
    size_t r = economy->regions, s = economy->sectors;
    economy->emissions = synthetic_numbers(r * s);
    economy->emitted_by_final = synthetic_numbers(r);
    economy->emissions_account = "CO2";
    economy->emissions_source = "";
    for (size_t n = 0; n < r; n++)
        for (size_t k = 0; k < s; k++) {
            double output = 0, factor = each * (1 + synthetic_random(&state));
            for (size_t j = 0; j < r; j++)
                output += economy->flow[(j * r + n) * s + k];
            economy->emissions[n * s + k] = factor * output;
            economy->emitted_by_final[n] += factor * output / 2;
        }
}

static inline void synthetic_free(synthetic *y)
{
    free(y->region_codes);
    free(y->sector_codes);
    free(y->region_names);
    free(y->sector_names);
    free(y->flow);
    free(y->tariff);
    free(y->input);
    free(y->final);
    free(y->factor);
}

#endif
