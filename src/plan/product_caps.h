/* Caps by product: no supplier's share in the imports of a product above a cap, by tariffs on that supplier and
 * product, at the least cost to all regions together. With y = ln(1 + rate) of each tariff, C the cost, s the share of
 * a supplier under a cap, the plan minimises
 *
 *   L = C + sum over caps of mu ln(s / cap)
 *
 * Tariffs are on suppliers whose shares would exceed their caps, and on no others. They follow from the shares alone,
 * by Newton's method with the derivatives at given unit costs, which differ little from the exact ones; then the
 * multipliers follow from dL / dy = 0, whose left side is one adjoint solve for all tariffs and caps together. dL / dy
 * of the suppliers without a tariff says what one on them would add to the cost. */
#ifndef DR_PLAN_PRODUCT_CAPS_H
#define DR_PLAN_PRODUCT_CAPS_H

#include "equilibrium/solution.h"
#include "model/tier.h"
#include "world/sides.h"

/* A supplier of a product: one region outside those that plan. */
typedef struct dr_supplier {
    size_t region;
    size_t first, count; /* its rows in dr_product_caps.row */
    bool capped;         /* it is one of those that the caps are on */
    bool taxed;          /* it has a tariff */
    double base;         /* imports from it, without tariffs */
    double now;          /* the same at the last solution */
    double y;            /* ln(1 + rate) */
    int held;            /* steps for which it has been at its bound, and too low */
    double multiplier;   /* percent of real income for each unit of ln(s / cap) */
    double slope;        /* dL / dy */
} dr_supplier;

typedef struct dr_capped_product {
    unsigned product;
    size_t sector;
    double cap;
    size_t first, count; /* its suppliers */
    bool out_of_reach;   /* no tariff within the bound meets the cap: there is none */
} dr_capped_product;

typedef struct dr_product_caps {
    const dr_model *model;
    dr_capped_product *product;
    dr_supplier *supplier; /* of the products in turn */
    size_t *row, *cell;    /* of the model's tier; of the suppliers in turn */
    size_t products, suppliers, rows;
    size_t asked;        /* products that the list stands for, bought or not */
    double cap;          /* of all products; 0: each has its own */
    double most;         /* largest y */
    double cost;         /* C */
    double stationarity; /* largest dL / dy of a tariff, as a part of the largest revenue per unit of it */
    double elsewhere;    /* lowest dL / dy of a supplier without one, at most 0: percent of real income */
    double violation;    /* largest ln(s / cap) above 0 */
    dr_scenario *scenario;
    dr_solution *solution;
    size_t solves;
} dr_product_caps;

typedef struct dr_product_caps_options {
    const char *products;        /* codes and lists, or a CSV with the column product */
    double cap;                  /* of all products; or, instead, */
    const char *cap_file, *caps; /* the path or the text of a CSV with the columns product, cap */
    double most_tariff;
    void (*progress)(const char *what, size_t done, size_t all, void *user);
    void *user;
} dr_product_caps_options;

/* Finds the plan. Errors: DR_BAD_INPUT (products; a product without a cap; nothing is bought of them), DR_NO_SOLUTION,
 * DR_MACHINE. Free with dr_product_caps_free. */
dr_status dr_product_caps_new(dr_product_caps **out, const dr_model *model, const dr_sides *sides,
                              const dr_product_caps_options *options);
void dr_product_caps_free(dr_product_caps *caps);

/* The imports of a product from all suppliers together, in the base or under the plan; the share of one. */
double dr_capped_imports(const dr_product_caps *caps, const dr_capped_product *product, bool base);
double dr_supplier_share(const dr_product_caps *caps, const dr_capped_product *product, const dr_supplier *supplier,
                         bool base);

/* Revenue of the plan's tariffs a year, at the prices of the plan. */
double dr_product_caps_revenue(const dr_product_caps *caps);

/* ---- product_caps_find.c ---- */

/* The products and their suppliers, with what is bought in the base. Errors: as dr_product_caps_new. */
dr_status dr_product_caps_find(dr_product_caps *caps, const dr_sides *sides, const dr_product_caps_options *options);

/* ---- product_caps_step.c ---- */

/* The derivatives of ln of the shares of the `count` suppliers `of` a product by their y, at given unit costs, into
 * slope [count x count]: that of share a by y of b at b * count + a. */
void dr_product_caps_slopes(const dr_product_caps *caps, const dr_capped_product *product, const size_t *of,
                            size_t count, double *slope);

/* The suppliers of a product that have tariffs, into `of` with room for all; returns how many. */
size_t dr_product_caps_taxed(const dr_product_caps *caps, const dr_capped_product *product, size_t *of);

/* The tariff on a row of a supplier. */
double dr_supplier_rate(const dr_product_caps *caps, const dr_capped_product *product, const dr_supplier *supplier,
                        size_t row);

/* What is above a cap, or below it with a tariff, at the last solution: the largest |ln(s / cap)|. */
double dr_product_caps_gap(const dr_product_caps *caps);

/* Moves the tariffs of all products by one step of Newton's method, begins those that caps need, and ends those that
 * they do not. Errors: DR_MACHINE. */
dr_status dr_product_caps_step(dr_product_caps *caps);

/* ---- product_caps_prices.c ---- */

/* At the last solution: the cost, the multipliers, and how far the conditions of an optimum are from being met; `of`
 * [region] plan. Errors: DR_NO_SOLUTION, DR_MACHINE. */
dr_status dr_product_caps_prices(dr_product_caps *caps, const bool *of);

#endif
